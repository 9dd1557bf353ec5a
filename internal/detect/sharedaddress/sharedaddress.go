// Package sharedaddress asks whether many unrelated people claim one home.
package sharedaddress

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

// Detector reports A18.
var Detector = &detect.Detector{
	ID:       "shared-address",
	Doc:      doc,
	Signals:  []signal.ID{"A18"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Personas}, {record.Engagements}},
	Run:      run,
}

// many is the number of households at one unit from which on it is reported
// (catalogue, A18). Two people at one address are nothing.
const many = 3

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeAddress) {
			others := pass.Others(e, x)
			if 1+pass.Households(others) >= many {
				pass.Report(finding.Finding{
					Signal: "A18", Subject: x.ID, Strength: signal.Strong,
					Summary:    fmt.Sprintf("The home address is also that of %s.", detect.Count(len(others))),
					Evidence:   pass.Ends(e, x, others, "gives the address "+e.Label),
					With:       detect.IDs(others),
					Place:      e.Key,
					OpenHome:   e.OpenHome,
					ObservedAt: detect.Latest(e.Holders),
				})
			}
		}
	}
	return nil
}
