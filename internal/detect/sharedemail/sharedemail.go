// Package sharedemail asks whether one mailbox stands for two identities.
package sharedemail

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

// Detector reports A04.
var Detector = &detect.Detector{
	ID:       "shared-email",
	Doc:      doc,
	Signals:  []signal.ID{"A04"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Personas}, {record.Applications}, {record.Engagements}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeEmail) {
			others := pass.Others(e, x)
			if len(others) == 0 {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A04", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("The mailbox %s is also used by %s under another legal name.", e.Label, detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "uses the mailbox "+e.Label),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}
