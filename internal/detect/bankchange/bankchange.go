// Package bankchange asks whether payout details change early or often.
package bankchange

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports P02.
var Detector = &detect.Detector{
	ID:       "bank-change",
	Doc:      doc,
	Signals:  []signal.ID{"P02"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.PaymentAccounts}},
	Run:      run,
}

const (
	day   = 24 * time.Hour
	often = 60 * day // within which two changes are reported (catalogue, P02)
	early = 14 * day // around the first pay
	fix   = 14 * day // after a payment that the bank sent back or corrected
)

// change is one replacement of the payout account.
type change struct {
	at  time.Time
	row *record.PaymentAccount
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		all := changes(x)
		for i, c := range all {
			if i > 0 && c.at.Sub(all[i-1].at) <= often {
				pass.Report(report(x, all[i-1:i+1], fmt.Sprintf("The payout account changed twice within %d days.", int(often/day))))
				break
			}
		}
		first, ok := firstPay(x)
		if !ok {
			continue
		}
		if i := slices.IndexFunc(all, func(c change) bool { return c.at.Sub(first.At.Time()).Abs() <= early }); i >= 0 {
			f := report(x, all[i:i+1], fmt.Sprintf("The payout account changed within %d days of the first pay.", int(early/day)))
			f.Evidence = append(f.Evidence, finding.Evidence{Text: "the first pay left on " + first.At.Date().String(), Refs: []record.Ref{first.Ref}})
			pass.Report(f)
		}
	}
	return nil
}

func report(x *identity.Persona, changed []change, summary string) finding.Finding {
	f := finding.Finding{Signal: "P02", Subject: x.ID, Strength: signal.Medium, Summary: summary, ObservedAt: changed[len(changed)-1].at}
	for _, c := range changed {
		text := "the payout account became …" + c.row.AccountLast4 + " on " + c.at.Format(time.DateOnly)
		if c.row.ChangeChannel != "" {
			text += ", by " + c.row.ChangeChannel
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Text: text, Refs: []record.Ref{c.row.Ref}})
	}
	return f
}

// changes returns the replacements of the payout account in order of time. A first
// entry is no change, nor a second account beside the first, nor a correction after
// a payment that the bank sent back or asked to correct.
func changes(x *identity.Persona) []change {
	rows := slices.DeleteFunc(slices.Clone(x.Records.PaymentAccounts), func(a *record.PaymentAccount) bool {
		return account(a) == "" || since(a).IsZero()
	})
	slices.SortFunc(rows, func(a, b *record.PaymentAccount) int {
		return cmp.Or(since(a).Compare(since(b)), a.Ref.Compare(b.Ref))
	})
	var out []change
	for i, r := range rows {
		replaced := replaces(rows[:i], r)
		if !replaced || corrected(x, since(r)) {
			continue
		}
		if n := len(out); n > 0 && account(out[n-1].row) == account(r) {
			continue // two systems report one change
		}
		out = append(out, change{since(r), r})
	}
	return out
}

// replaces reports whether r took the place of an earlier account.
func replaces(before []*record.PaymentAccount, r *record.PaymentAccount) bool {
	reported := r.Changed != nil && *r.Changed
	if reported && r.PriorHash != "" {
		return r.PriorHash != r.AccountHash
	}
	for _, b := range slices.Backward(before) {
		ended := !b.ValidTo.IsZero() && !since(r).Before(b.ValidTo.Time())
		if (ended || reported) && since(b).Before(since(r)) {
			return account(b) != account(r)
		}
	}
	return false
}

// corrected reports whether the bank had sent back or corrected a payment shortly before.
func corrected(x *identity.Persona, at time.Time) bool {
	return slices.ContainsFunc(x.Records.Payments, func(p *record.Payment) bool {
		d := at.Sub(p.At.Time())
		return (p.Status == "returned" || p.Status == "changed") && d >= 0 && d <= fix
	})
}

func account(a *record.PaymentAccount) string {
	return cmp.Or(a.AccountHash, a.CryptoAddress, a.PlatformPayeeID)
}

func since(a *record.PaymentAccount) time.Time {
	if a.ValidFrom.IsZero() {
		return a.ObservedAt.Time()
	}
	return a.ValidFrom.Time()
}

// firstPay returns the earliest payment that arrived.
func firstPay(x *identity.Persona) (*record.Payment, bool) {
	var first *record.Payment
	for _, p := range x.Records.Payments {
		if p.At.IsZero() || p.Status == "returned" || p.Status == "held" {
			continue
		}
		if first == nil || p.At.Before(first.At) {
			first = p
		}
	}
	return first, first != nil
}
