// Package sharedfactor asks whether one phone, authenticator or security key
// protects the accounts of several people.
package sharedfactor

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W30.
var Detector = &detect.Detector{
	ID:       "shared-factor",
	Doc:      doc,
	Signals:  []signal.ID{"W30"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.AccountEvents}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeMFA) {
			others := slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool {
				return detect.Among(pass.View.Persona(h.Persona), pass.Settings.Declared.ServiceAccounts)
			})
			if len(others) == 0 || detect.Among(x, pass.Settings.Declared.ServiceAccounts) {
				continue
			}
			f := finding.Finding{
				Signal: "W30", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("The second factor of this account also protects the account of %s.", detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "enrolled "+e.Label),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			}
			// A couple with one phone is the same fact as living together (ruling 3).
			if home := pass.CommonHome(x, others); home != nil && len(others) == 1 {
				f.Place, f.OpenHome = home.Key, true
			}
			pass.Report(f)
		}
	}
	return nil
}
