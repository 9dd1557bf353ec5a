// Package gitidentity asks whether somebody's commits carry the address or key of
// another person.
package gitidentity

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W33.
var Detector = &detect.Detector{
	ID:       "git-identity",
	Doc:      doc,
	Signals:  []signal.ID{"W33"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Contributions}},
	Run:      run,
}

const (
	instance = 4 // people under one key: the key of a code host or build machine
	regular  = 3 // days of own commits that make somebody a colleague in a repository
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeGitEmail, identity.EdgeGitKey) {
			others := slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool {
				y := pass.View.Persona(h.Persona)
				return machine(x) || machine(y) || e.Kind == identity.EdgeGitEmail && (colleagues(x, y) || variant(x, y))
			})
			if len(others) == 0 || e.Kind == identity.EdgeGitKey && e.N >= instance {
				continue
			}
			pass.Report(connected(pass, e, x, others))
		}
	}
	return nil
}

// connected describes what the commits share. Of an address one end is the owner.
func connected(pass *detect.Pass, e *identity.Edge, x *identity.Persona, others []identity.Holder) finding.Finding {
	f := finding.Finding{
		Signal: "W33", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("Commits connect this person with %s by one key.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "has commits signed or pushed with "+e.Label),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(e.Holders),
	}
	if e.Kind == identity.EdgeGitKey {
		return f
	}
	if workplace(e.Key, x) && !slices.ContainsFunc(others, func(h identity.Holder) bool { return !workplace(e.Key, pass.View.Persona(h.Persona)) }) {
		f.Strength = signal.Medium
	}
	f.Summary = fmt.Sprintf("Commits were pushed under the address of somebody else; they connect this person with %s.", detect.Count(len(others)))
	f.Evidence = nil
	for _, h := range append([]identity.Holder{e.End(x.ID)}, others...) {
		y, says := pass.View.Persona(h.Persona), " pushed commits under "
		if slices.Contains(y.Emails, e.Key) {
			says = " goes by the address "
		}
		if len(h.Refs) > 0 {
			f.Evidence = append(f.Evidence, finding.Evidence{Text: y.Name() + says + e.Label, Refs: h.Refs})
		}
	}
	return f
}

// workplace reports whether a persona has an address where the address belongs: of
// two who work there, a shared machine or a copied configuration says as much as one
// hand. A private address on the company's laptop got there by nobody's copy.
func workplace(address string, x *identity.Persona) bool {
	domain := match.EmailDomain(address)
	return !match.PublicMail(domain) && slices.ContainsFunc(x.Emails, func(own string) bool { return match.EmailDomain(own) == domain })
}

// colleagues reports whether two people both work in one repository under their
// own names: there commits of one are pushed, rebased and merged by the other.
func colleagues(x, y *identity.Persona) bool {
	own := ownDays(x)
	for repo, days := range ownDays(y) {
		if days >= regular && own[repo] >= regular {
			return true
		}
	}
	return false
}

// ownDays counts, per repository, the days on which a persona is author under an
// own address.
func ownDays(x *identity.Persona) map[string]int {
	days := map[string]map[time.Time]bool{}
	for _, c := range x.Records.Contributions {
		address, ok := match.Email(c.AuthorEmail)
		if !ok || !slices.Contains(x.Emails, address) {
			continue
		}
		if days[c.Repo] == nil {
			days[c.Repo] = map[time.Time]bool{}
		}
		days[c.Repo][detect.Day(c.At.Time())] = true
	}
	out := map[string]int{}
	for repo, set := range days {
		out[repo] = len(set)
	}
	return out
}

// variant reports whether the two go by one local part under different domains: a
// client set up with another of the own addresses.
func variant(x, y *identity.Persona) bool {
	for _, a := range x.Emails {
		for _, b := range y.Emails {
			if local := match.EmailLocal(a); len(local) > 3 && local == match.EmailLocal(b) {
				return true
			}
		}
	}
	return false
}

// machine reports accounts of bots and build machines.
func machine(x *identity.Persona) bool {
	return slices.ContainsFunc(x.Emails, func(a string) bool {
		local := match.EmailLocal(a)
		return strings.Contains(a, "[bot]") || strings.HasSuffix(local, "-bot") || strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "no-reply") ||
			local == "ci" || local == "jenkins" || local == "renovate" || local == "dependabot"
	})
}
