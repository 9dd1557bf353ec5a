// Package sharedpayout asks whether several people are paid into one account.
package sharedpayout

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
	"muster/internal/settings"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports P01.
var Detector = &detect.Detector{
	ID:       "shared-payout",
	Doc:      doc,
	Signals:  []signal.ID{"P01"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.PaymentAccounts}, {record.Payments}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeBankAccount, identity.EdgeWallet) {
			if others := pass.Others(e, x); len(others) > 0 && !oneAgency(pass, x, others) {
				pass.Report(shared(pass, x, e, others))
			}
		}
	}
	return nil
}

// oneAgency reports whether one declared agency employs all of them: then the
// agency is paid.
func oneAgency(pass *detect.Pass, x *identity.Persona, others []identity.Holder) bool {
	return slices.ContainsFunc(pass.Settings.Declared.Agencies, func(a settings.Agency) bool {
		through := func(p *identity.Persona) bool {
			return slices.ContainsFunc(p.Records.Engagements, func(e *record.Engagement) bool {
				return match.Org(a.Name) != "" && (match.Org(e.Agency) == match.Org(a.Name) || match.Org(e.EORVendor) == match.Org(a.Name))
			})
		}
		return through(x) && !slices.ContainsFunc(others, func(h identity.Holder) bool { return !through(pass.View.Persona(h.Persona)) })
	})
}

func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge, others []identity.Holder) finding.Finding {
	f := finding.Finding{
		Signal: "P01", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("Pay goes to an account that is also the payout account of %s.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "is paid to "+e.Label),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(e.Holders),
	}
	// The account of a household is the same fact as living together (ruling 3).
	if home := pass.CommonHome(x, others); home != nil {
		f.Place, f.OpenHome = home.Key, true
	}
	return f
}
