// Package identityvictim says whose identity was used by a case, so that nothing of
// the case counts against the real person.
package identityvictim

import (
	"context"
	_ "embed"
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

// Detector reports H03, which never adds weight.
var Detector = &detect.Detector{
	ID:       "identity-victim",
	Doc:      doc,
	Signals:  []signal.ID{"H03"},
	Subjects: detect.Staff | detect.Candidates | detect.Referees,
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		if _, confirmed := pass.Confirmed(x); confirmed {
			continue
		}
		if pass.Victim(x) {
			if refs := own(x); len(refs) > 0 {
				pass.Report(finding.Finding{
					Signal: "H03", Subject: x.ID, Strength: signal.Context,
					Summary:  "Recorded as the real person whose identity somebody else used: nothing of that case counts against this person. Offer the in-person path.",
					Evidence: []finding.Evidence{{Text: x.Name() + " is listed as a victim in the settings or decisions", Refs: refs}},
				})
			}
			continue
		}
		if f, ok := maybe(pass, x); ok {
			pass.Report(f)
		}
	}
	return nil
}

// maybe reports who may be the real person behind a case: the same name, and nothing
// shared but what an identity is copied with.
func maybe(pass *detect.Pass, x *identity.Persona) (finding.Finding, bool) {
	links := pass.CaseLinks(x)
	f := finding.Finding{
		Signal: "H03", Subject: x.ID, Strength: signal.Context,
		Summary: "May be the real person whose identity a confirmed case used: the same name, and nothing shared but what an identity is copied with. Offer the in-person path.",
	}
	for _, l := range links {
		if !detect.Copied(l.Edge.Kind) || !sameName(x, l.Case) {
			return f, false
		}
		f.With = append(f.With, l.Case.ID)
		f.Evidence = append(f.Evidence, pass.Ends(l.Edge, x, []identity.Holder{l.Edge.End(l.Case.ID)}, "has "+l.Edge.Label)...)
	}
	slices.Sort(f.With)
	f.With = slices.Compact(f.With)
	return f, len(f.Evidence) > 0
}

func sameName(x, y *identity.Persona) bool {
	return slices.ContainsFunc(x.Names, func(a string) bool {
		return slices.ContainsFunc(y.Names, func(b string) bool { return match.ParseName(a).Relate(match.ParseName(b)).Agree() })
	})
}

// own returns a row of x.
func own(x *identity.Persona) []record.Ref {
	r := &x.Records
	switch {
	case len(r.Claims) > 0:
		return []record.Ref{r.Claims[0].Ref}
	case len(r.Applications) > 0:
		return []record.Ref{r.Applications[0].Ref}
	case len(r.Engagements) > 0:
		return []record.Ref{r.Engagements[0].Ref}
	case len(r.Vouches) > 0:
		return []record.Ref{r.Vouches[0].Ref}
	}
	return nil
}
