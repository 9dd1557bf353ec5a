// Package lookalikedomain asks whether a referee writes under a domain that only
// looks like the employer's.
package lookalikedomain

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports R04, the look-alike. The age of a domain is not in any export.
var Detector = &detect.Detector{
	ID:       "look-alike-domain",
	Doc:      doc,
	Signals:  []signal.ID{"R04"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.References}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		asked := false
		for _, r := range x.Records.References {
			org, domain := match.Org(r.Referee.Company), match.Registrable(match.EmailDomain(r.Referee.Email))
			if org == "" || domain == "" || match.PublicMail(domain) {
				continue
			}
			asked = true
			if r.ContactSource == "independently_found" || r.Verified == "confirmed" {
				continue // somebody found the address, or the employer answered for it
			}
			if f, ok := judge(pass, x, r, org, domain); ok {
				pass.Report(f)
			}
		}
		if !asked {
			pass.NotAssessed(x.ID, "records")
		}
	}
	return nil
}

// judge compares the domain with the employer's, as referees of other people use
// it, or with the employer's name where nobody else's referee comes from there.
func judge(pass *detect.Pass, x *identity.Persona, r *record.Reference, org, domain string) (f finding.Finding, ok bool) {
	label := match.DomainLabel(domain)
	known := pass.Baseline.DomainOf(org)
	f = finding.Finding{Signal: "R04", Subject: x.ID, ObservedAt: r.SubmittedAt.Time()}
	if f.ObservedAt.IsZero() {
		f.ObservedAt = r.RequestedAt.Time()
	}
	said := fmt.Sprintf("a referee for %s writes under %s", r.Referee.Company, domain)
	switch {
	case label == match.Label(org) || known == domain:
		return f, false
	case known != "" && takenFor(r, label, match.DomainLabel(known)):
		f.Strength = signal.Strong
		f.Summary = "A referee writes under a domain that looks like the employer's and is not: " + domain + "."
		f.Evidence = []finding.Evidence{{Text: said + "; referees of other people write for it under " + known, Refs: []record.Ref{r.Ref}}}
		return f, true
	case known == "" && takenFor(r, label, match.Label(org)):
		f.Strength = signal.Weak
		f.Summary = "A referee writes under a domain that nearly spells the employer's name: " + domain + "."
		f.Evidence = []finding.Evidence{{Text: said + "; no other referee comes from there to compare with", Refs: []record.Ref{r.Ref}}}
		return f, true
	}
	return f, false
}

// takenFor reports whether the label of a referee's domain looks like another; of
// packed records the record says so, since their labels are tokens.
func takenFor(r *record.Reference, label, other string) bool {
	return match.LookAlike(label, other) || slices.Contains(r.Referee.LookAlike, other)
}
