// Package sharedpayout asks whether several people are paid into one account.
package sharedpayout

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
			if others := pass.Others(e, x); len(others) > 0 {
				pass.Report(shared(pass, x, e, others))
			}
		}
	}
	return nil
}

func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge, others []identity.Holder) finding.Finding {
	f := finding.Finding{
		Signal: "P01", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("Pay goes to an account that is also the payout account of %s.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "is paid to "+e.Label),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(e.Holders),
	}
	// A joint account of two people of one home is the same fact as living
	// together (ruling 3). Three and more are no couple.
	if len(others) == 1 {
		if home := pass.CommonHome(x, others); home != nil {
			f.Place, f.OpenHome = home.Key, true
		}
	}
	return f
}
