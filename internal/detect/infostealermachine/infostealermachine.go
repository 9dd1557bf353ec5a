// Package infostealermachine asks whether the logins of several identities were
// stored on one machine that malware copied.
package infostealermachine

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
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

// Detector reports A39 and A40, once counsel has approved indexes of infostealer logs.
var Detector = &detect.Detector{
	ID:       "infostealer-machine",
	Doc:      doc,
	Signals:  []signal.ID{"A39", "A40"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.StolenLogins}},
	Run:      run,
}

// several is the number of other people's addresses at hiring sites from which on
// they are no forgotten addresses of the same person. A design value.
const several = 3

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeMachine) {
			if others := pass.Others(e, x); len(others) > 0 {
				pass.Report(shared(pass, x, e, others))
			}
		}
		if f, ok := hiring(pass, x); ok {
			pass.Report(f)
		}
	}
	return nil
}

// shared reports A39: strong where every end has an account of the organisation or
// logins at several sites there, medium where somebody may have signed in once on
// another's computer.
func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge, others []identity.Holder) finding.Finding {
	f := finding.Finding{
		Signal: "A39", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("Logins of this identity and of %s were stored on one machine that malware copied. Who sat there is not known.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "has logins on "+e.Label),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(e.Holders),
	}
	if len(e.Discounts) > 0 {
		f.Strength = signal.Medium
	}
	// The computer of a household is the same fact as living together (ruling 3).
	if home := pass.CommonHome(x, others); home != nil {
		f.Place, f.OpenHome, f.Strength = home.Key, true, signal.Medium
	}
	return f
}

// stranger is what one address that is not the persona's has at hiring sites.
type stranger struct {
	sites map[string]bool
	refs  []record.Ref
	last  time.Time
}

// hiring reports A40: on the persona's machine were logins at hiring sites under
// several addresses that are nobody's of the records. The text names none: they may
// be those of people whose identity was taken.
func hiring(pass *detect.Pass, x *identity.Persona) (finding.Finding, bool) {
	known := addresses(pass, x)
	found := map[string]*stranger{}
	for _, row := range x.Records.MachineLogins {
		address, ok := match.Email(row.Login)
		if !ok || known[address] || !hiringSite(row.Site) || ownName(x, address) {
			continue
		}
		s := found[address]
		if s == nil {
			s = &stranger{sites: map[string]bool{}}
			found[address] = s
		}
		s.sites[match.Registrable(row.Site)] = true
		s.refs = append(s.refs, row.Ref)
		if t := row.SeenAt.Time(); t.After(s.last) {
			s.last = t
		}
	}
	if len(found) < several {
		return finding.Finding{}, false
	}
	sites, refs, last := map[string]bool{}, []record.Ref(nil), time.Time{}
	for _, address := range slices.Sorted(maps.Keys(found)) {
		s := found[address]
		maps.Copy(sites, s.sites)
		refs = append(refs, s.refs[0])
		if s.last.After(last) {
			last = s.last
		}
	}
	slices.SortFunc(refs, record.Ref.Compare)
	own := x.Records.StolenLogins[0].Ref
	return finding.Finding{
		Signal: "A40", Subject: x.ID, Strength: signal.Medium,
		Summary: fmt.Sprintf("A machine with this identity's logins also held logins at hiring sites under %d addresses of nobody in the records. Who sat there is not known.", len(found)),
		Evidence: []finding.Evidence{
			{Text: x.Name() + " has logins on the machine", Refs: []record.Ref{own}},
			{Text: fmt.Sprintf("%d other addresses have accounts at %s", len(found), strings.Join(slices.Sorted(maps.Keys(sites)), ", ")), Refs: refs[:min(len(refs), 5)]},
		},
		ObservedAt: last,
	}, true
}

// addresses returns the e-mail addresses of the persona and of everybody of the
// records who has a login on the same machines, also where that is explained.
func addresses(pass *detect.Pass, x *identity.Persona) map[string]bool {
	known := map[string]bool{}
	add := func(p *identity.Persona) {
		for _, e := range p.Emails {
			known[e] = true
		}
	}
	add(x)
	for _, e := range pass.View.EdgesOf(x.ID) {
		if e.Kind == identity.EdgeMachine {
			for _, h := range e.Others(x.ID) {
				if p := pass.View.Persona(h.Persona); p != nil {
					add(p)
				}
			}
		}
	}
	return known
}

// ownName reports whether an address carries the persona's own name: most likely
// another address of the same person.
func ownName(x *identity.Persona, address string) bool {
	return slices.ContainsFunc(x.Names, func(n string) bool { return match.InMailbox(match.ParseName(n), address) })
}
