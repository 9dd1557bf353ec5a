// Package copiedhistory asks whether two people claim the same job with the same words.
package copiedhistory

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

// Detector reports A13.
var Detector = &detect.Detector{
	ID:       "copied-history",
	Doc:      doc,
	Signals:  []signal.ID{"A13"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.HistoryItems}},
	Run:      run,
}

// alike is the similarity of the bullets from which on they are copies rather than
// two colleagues' accounts of one job (catalogue, A13).
const alike = 0.8

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeHistory) {
			others := pass.Others(e, x)
			if len(others) == 0 || e.Similarity > 0 && e.Similarity < alike {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A13", Subject: x.ID, Strength: signal.Medium,
				Summary:    fmt.Sprintf("The same employer, dates, title and description stand in the history of %s.", detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "claims "+e.Label),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}
