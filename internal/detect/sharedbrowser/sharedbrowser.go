// Package sharedbrowser asks whether one browser or device stands behind several
// accounts of a platform or several applicants.
package sharedbrowser

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports A20.
var Detector = &detect.Detector{
	ID:       "shared-browser",
	Doc:      doc,
	Signals:  []signal.ID{"A20"},
	Subjects: detect.Staff | detect.Candidates,
	Run:      run,
}

// family is the number of others up to which one computer reads as that of a home.
const family = 2

// beside are the kinds of edges that a shared room does not explain.
var beside = []identity.EdgeKind{
	identity.EdgePhone, identity.EdgeEmail, identity.EdgeURL, identity.EdgeWallet, identity.EdgeResumeText, identity.EdgeHistory,
	identity.EdgeDocumentID, identity.EdgePhoto,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeDevice) {
			others := pass.Others(e, x)
			if !pass.Settings.Marketplace() { // colleagues hand laptops on; what applicants use is their own
				others = slices.DeleteFunc(others, func(h identity.Holder) bool {
					return x.Queue != identity.Candidate || pass.View.Persona(h.Persona).Queue != identity.Candidate
				})
			}
			if len(others) == 0 || len(others) <= family && !joined(pass, x, e, others) {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A20", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("The browser or device with which this account signs in is also that of %s.", detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "signed in with "+e.Label),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}

// joined reports whether something beside the room joins x to one of the others: a
// contact, a text, or a payout account that reaches beyond those at the computer. A
// family shares a computer and a bank account, but both among itself.
func joined(pass *detect.Pass, x *identity.Persona, room *identity.Edge, others []identity.Holder) bool {
	among := func(e *identity.Edge) bool {
		return !e.OpenHome && slices.ContainsFunc(others, func(h identity.Holder) bool { return e.Has(h.Persona) })
	}
	for e := range pass.Edges(x.ID, beside...) {
		if among(e) {
			return true
		}
	}
	for e := range pass.Edges(x.ID, identity.EdgeBankAccount) {
		if among(e) && slices.ContainsFunc(e.Holders, func(h identity.Holder) bool { return !room.Has(h.Persona) }) {
			return true
		}
	}
	return false
}
