// Package accountname asks whether a bank said that the holder of a payout account
// has another name.
package accountname

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"time"

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

// Detector reports P03. Only the bank's own answer counts, never the name that
// payroll typed (ruling 8).
var Detector = &detect.Detector{
	ID:       "account-name",
	Doc:      doc,
	Signals:  []signal.ID{"P03"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.PaymentAccounts}},
	Run:      run,
}

// The bank's answers, as records hold them; "unknown" is none.
const (
	matches = "exact"
	nearly  = "near"
	differs = "none"
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		last := answers(x)
		if len(last) == 0 {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		if paysAgency(pass, x) || renamed(pass, x) {
			continue
		}
		for _, a := range last {
			if a.HolderMatch == differs {
				pass.Report(report(x, a))
			}
		}
	}
	return nil
}

func report(x *identity.Persona, a *record.PaymentAccount) finding.Finding {
	text := "the bank answered that the holder of the account of " + x.Name() + " has another name"
	if a.AccountLast4 != "" {
		text = "the bank answered that the holder of the account ending " + a.AccountLast4 + ", given for " + x.Name() + ", has another name"
	}
	return finding.Finding{
		Signal: "P03", Subject: x.ID, Strength: signal.Strong,
		Summary:    "The bank says that the payout account is held under another name.",
		Evidence:   []finding.Evidence{{Text: text, Refs: []record.Ref{a.Ref}}},
		ObservedAt: at(a),
	}
}

// answers returns the latest answer for each payout account, in order of time.
func answers(x *identity.Persona) []*record.PaymentAccount {
	var last []*record.PaymentAccount
	rows := slices.Clone(x.Records.PaymentAccounts)
	slices.SortFunc(rows, func(a, b *record.PaymentAccount) int {
		return cmp.Or(at(a).Compare(at(b)), cmp.Compare(rank(a), rank(b)), a.Ref.Compare(b.Ref))
	})
	for _, r := range rows {
		if rank(r) < 0 {
			continue
		}
		last = slices.DeleteFunc(last, func(old *record.PaymentAccount) bool { return sameAccount(old, r) })
		last = append(last, r)
	}
	return last
}

// rank orders answers of one moment: the one that speaks for the person comes last.
func rank(a *record.PaymentAccount) int {
	return slices.Index([]string{differs, nearly, matches}, a.HolderMatch)
}

func sameAccount(a, b *record.PaymentAccount) bool {
	if a.AccountHash != "" || b.AccountHash != "" {
		return a.AccountHash == b.AccountHash
	}
	return a.AccountLast4 == b.AccountLast4 && a.BankID == b.BankID
}

func at(a *record.PaymentAccount) time.Time {
	if !a.ValidFrom.IsZero() {
		return a.ValidFrom.Time()
	}
	return a.ObservedAt.Time()
}

// paysAgency reports whether a declared agency or the employer of record is paid for
// the persona's work: then the account is theirs.
func paysAgency(pass *detect.Pass, x *identity.Persona) bool {
	return slices.ContainsFunc(x.Records.Engagements, func(e *record.Engagement) bool {
		return slices.ContainsFunc(pass.Settings.Declared.Agencies, func(a settings.Agency) bool {
			org := match.Org(a.Name)
			return org != "" && (match.Org(e.Agency) == org || match.Org(e.EORVendor) == org)
		})
	})
}

// renamed reports whether a change of the persona's name is declared.
func renamed(pass *detect.Pass, x *identity.Persona) bool {
	return slices.ContainsFunc(pass.Settings.Declared.NameChanges, func(n settings.NameChange) bool { return detect.Among(x, []string{n.Person}) })
}
