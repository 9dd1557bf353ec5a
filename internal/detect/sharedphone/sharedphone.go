// Package sharedphone asks whether one phone number stands for two identities.
package sharedphone

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

// Detector reports A01.
var Detector = &detect.Detector{
	ID:       "shared-phone",
	Doc:      doc,
	Signals:  []signal.ID{"A01"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Personas}, {record.Applications}, {record.Engagements}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgePhone) {
			if others := pass.Others(e, x); len(others) > 0 {
				pass.Report(shared(pass, x, e, others))
			}
		}
	}
	return nil
}

func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge, others []identity.Holder) finding.Finding {
	f := finding.Finding{
		Signal: "A01", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("The %s is also given by %s under another name.", e.Label, detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "gives the "+e.Label),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(e.Holders),
	}
	// People of one home may have one line: then it is the same fact as living there.
	if home := pass.CommonHome(x, others); home != nil {
		f.Place, f.OpenHome = home.Key, true
	}
	return f
}
