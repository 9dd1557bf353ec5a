// Package sharedprofile asks whether one profile, site or messenger name stands for
// two identities.
package sharedprofile

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

// Detector reports A41.
var Detector = &detect.Detector{
	ID:       "shared-profile",
	Doc:      doc,
	Signals:  []signal.ID{"A41"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Personas}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeURL) {
			others := pass.Others(e, x)
			if len(others) == 0 {
				continue
			}
			f := finding.Finding{
				Signal: "A41", Subject: x.ID, Strength: signal.Medium,
				Summary:    fmt.Sprintf("The profile %s is also given by %s under another name.", e.Label, detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "gives the profile "+e.Label),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			}
			// The site of a couple is the same fact as living together (ruling 3).
			if home := pass.CommonHome(x, others); home != nil {
				f.Place, f.OpenHome = home.Key, true
			}
			pass.Report(f)
		}
	}
	return nil
}
