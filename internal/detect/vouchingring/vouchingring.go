// Package vouchingring asks whether people vouch for each other in a circle.
package vouchingring

import (
	"context"
	_ "embed"
	"fmt"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports R02.
var Detector = &detect.Detector{
	ID:       "vouching-ring",
	Version:  2,
	Doc:      doc,
	Signals:  []signal.ID{"R02"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.References}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeVouchRing) {
			others := pass.Others(e, x) // without those who are referees only: one is not a circle
			if len(others) == 0 || len(others) == 1 && colleagues(x, pass.View.Persona(others[0].Persona)) {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "R02", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("The person stands in a circle of references with %s.", detect.Count(len(others))),
				Evidence:   evidence(pass, x, e, others),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
		for e := range pass.Edges(x.ID, identity.EdgeVouchBlock) {
			if f, ok := block(pass, x, e); ok {
				pass.Report(f)
			}
		}
	}
	return nil
}

// block reports who is vouched for by the same several referees as others are.
func block(pass *detect.Pass, x *identity.Persona, e *identity.Edge) (finding.Finding, bool) {
	f := finding.Finding{
		Signal: "R02", Subject: x.ID, Strength: signal.Strong,
		Summary: "The same referees, of several employers, vouch for this person and others: " + e.Label + ".", ObservedAt: detect.Latest(e.Holders),
	}
	for v := range pass.Edges(x.ID, identity.EdgeVouch) {
		if from := pass.View.Persona(v.Holders[0].Persona); v.Holders[1].Persona == x.ID && from != nil && e.Has(from.ID) {
			f.Evidence = append(f.Evidence, finding.Evidence{Text: from.Name() + " vouches for " + x.Name(), Refs: v.Holders[1].Refs})
		}
	}
	if len(f.Evidence) == 0 {
		return f, false // x gives the references
	}
	others := e.Others(x.ID)
	f.With = detect.IDs(others)
	for _, h := range others[:min(len(others), 8)] {
		f.Evidence = append(f.Evidence, finding.Evidence{Text: pass.View.Persona(h.Persona).Name() + " gives or receives references of the same block", Refs: h.Refs})
	}
	return f, true
}

// evidence spells out x's own references in the circle and names the rows of the others.
func evidence(pass *detect.Pass, x *identity.Persona, ring *identity.Edge, others []identity.Holder) []finding.Evidence {
	var out []finding.Evidence
	for v := range pass.Edges(x.ID, identity.EdgeVouch) {
		from, to := pass.View.Persona(v.Holders[0].Persona), pass.View.Persona(v.Holders[1].Persona)
		if ring.Has(from.ID) && ring.Has(to.ID) {
			out = append(out, finding.Evidence{Text: from.Name() + " vouches for " + to.Name(), Refs: v.Holders[1].Refs})
		}
	}
	for _, h := range others {
		name := pass.View.Persona(h.Persona).Name()
		out = append(out, finding.Evidence{Text: name + " vouches for, or is vouched for by, people of the same circle", Refs: h.Refs})
	}
	return out
}

// colleagues reports whether both worked for one employer at one time and the
// employer confirmed it: they may well vouch for each other.
func colleagues(x, y *identity.Persona) bool {
	for _, a := range x.Records.History {
		for _, b := range y.Records.History {
			if a.Verified == "confirmed" && b.Verified == "confirmed" && a.OrgNorm != "" && a.OrgNorm == b.OrgNorm && overlap(a, b) {
				return true
			}
		}
	}
	return false
}

// overlap reports whether the two jobs may have overlapped; open ends reach to today.
func overlap(a, b *record.HistoryItem) bool {
	before := func(p, q *record.HistoryItem) bool {
		return !p.End.IsZero() && !q.Start.IsZero() && p.End.Last().Before(q.Start.First())
	}
	return !before(a, b) && !before(b, a)
}
