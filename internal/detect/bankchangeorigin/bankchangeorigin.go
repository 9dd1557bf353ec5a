// Package bankchangeorigin asks from where payout details were changed.
package bankchangeorigin

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports P08.
var Detector = &detect.Detector{
	ID:       "bank-change-origin",
	Doc:      doc,
	Signals:  []signal.ID{"P08"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.PaymentAccounts}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		own := slices.DeleteFunc(slices.Clone(x.Records.PaymentAccounts), func(a *record.PaymentAccount) bool { return !byThemselves(x, a) })
		if len(own) == 0 {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		for _, h := range pass.View.HitsOf(x.ID) {
			if h.Field == "change_ip" && h.Anonymiser() && !ordinary(pass, x, &h) {
				anonymised(pass, x, own, &h)
			}
		}
		for e := range pass.Edges(x.ID, identity.EdgeChangeIP) {
			shared(pass, x, own, e)
		}
	}
	return nil
}

// byThemselves reports whether the row is a change that the person made. What HR
// types for somebody comes from HR's own line.
func byThemselves(x *identity.Persona, a *record.PaymentAccount) bool {
	if !a.ChangeIP.IsValid() || a.ChangeChannel != "" && a.ChangeChannel != "self_service" {
		return false
	}
	return a.ChangedBy == "" || a.ChangeChannel == "self_service" || detect.Among(x, []string{a.ChangedBy}) || slices.Contains(x.Names, a.ChangedBy)
}

// stale is twice the half-life of an exit in a feed (catalogue, A32).
const stale = 2 * 180 * 24 * time.Hour

// ordinary reports whether the exit says nothing: it is an approved one, the list is
// old, or x signs in through the same provider all the time and no report on such
// workers names it. Private VPNs are common.
func ordinary(pass *detect.Pass, x *identity.Persona, h *identity.Hit) bool {
	provider := h.Indicator.Provider
	if h.Age > stale || pass.ApprovedTool(provider, pass.Settings.Approved.VPN) {
		return true
	}
	return pass.Intel.Reported(provider) == "" && slices.ContainsFunc(pass.View.HitsOf(x.ID), func(s identity.Hit) bool {
		return s.Field == "sign_in_ip" && s.Anonymiser() && s.Indicator.Provider == provider && s.Days >= habit
	})
}

// habit is the number of days from which on a way of signing in is a habit.
const habit = 5

func anonymised(pass *detect.Pass, x *identity.Persona, own []*record.PaymentAccount, h *identity.Hit) {
	rows := from(own, h.Value)
	if len(rows) == 0 {
		return
	}
	list := h.Indicator.Feed
	if h.Indicator.Provider != "" {
		list = h.Indicator.Provider + " (" + list + ")"
	}
	f := finding.Finding{
		Signal: "P08", Subject: x.ID, Strength: signal.Strong, ObservedAt: h.Last,
		Summary:  "The payout account was changed from an address of an anonymising service.",
		Evidence: []finding.Evidence{{Text: fmt.Sprintf("the change came from %s", h.Value), Refs: rows}},
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Text: fmt.Sprintf("%s is an address of %s", h.Value, strings.TrimSuffix(list, " ()")), Refs: []record.Ref{h.Indicator.Ref}})
	pass.Report(f)
}

// shared reports a change from an address that somebody unrelated uses.
func shared(pass *detect.Pass, x *identity.Persona, own []*record.PaymentAccount, e *identity.Edge) {
	end, others := e.End(x.ID), slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool { return !readable(pass, &h) })
	changed := slices.ContainsFunc(own, func(a *record.PaymentAccount) bool { return slices.Contains(end.Refs, a.Ref) })
	if !changed || len(others) == 0 || e.OpenHome || pass.CommonHome(x, others) != nil {
		return // people of one home share its line
	}
	pass.Report(finding.Finding{
		Signal: "P08", Subject: x.ID, Strength: signal.Strong, ObservedAt: end.At,
		Summary:  fmt.Sprintf("The payout account was changed from an address that %s uses.", detect.Count(len(others))),
		Evidence: pass.Ends(e, x, others, "used the address "+e.Label),
		With:     detect.IDs(others),
		Place:    e.Key,
	})
}

// readable reports whether the other end may be looked at: sign-ins only from the
// day on which staff of that country were told, changes of bank details always.
func readable(pass *detect.Pass, h *identity.Holder) bool {
	y := pass.View.Persona(h.Persona)
	if slices.ContainsFunc(y.Records.PaymentAccounts, func(a *record.PaymentAccount) bool { return slices.Contains(h.Refs, a.Ref) }) {
		return true
	}
	told, ok := pass.Settings.NoticeDate(y.Country)
	return ok && !h.At.Before(told)
}

// from returns the rows whose change came from an address.
func from(own []*record.PaymentAccount, ip string) []record.Ref {
	var refs []record.Ref
	for _, a := range own {
		if a.ChangeIP.String() == ip {
			refs = append(refs, a.Ref)
		}
	}
	return refs
}
