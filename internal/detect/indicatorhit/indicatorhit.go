// Package indicatorhit asks whether somebody uses a value that was reported.
package indicatorhit

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

// Detector reports A32.
var Detector = &detect.Detector{
	ID:       "indicator-hit",
	Doc:      doc,
	Signals:  []signal.ID{"A32"},
	Subjects: detect.Staff | detect.Candidates | detect.Referees,
	Needs:    detect.AnyOf{{record.Indicators}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		all := pass.View.HitsOf(x.ID)
		victim := func(v string) bool {
			return slices.ContainsFunc(all, func(h identity.Hit) bool { return h.Value == v && yes(h.Indicator.Victim) })
		}
		for hits := all; len(hits) > 0; {
			n := 1
			for n < len(hits) && hits[n].Field == hits[0].Field && hits[n].Value == hits[0].Value {
				n++
			}
			group := hits[:n]
			hits = hits[n:]
			if !victim(group[0].Value) {
				report(pass, x, group)
			}
		}
	}
	return nil
}

// report reports the hits of one value by the strongest.
func report(pass *detect.Pass, x *identity.Persona, group []identity.Hit) {
	var best *identity.Hit
	strongest := signal.Context
	for i := range group {
		h := &group[i]
		if h.Anonymiser() || telemetry[h.Field] && !told(pass, x, h.Last) {
			continue
		}
		if s := grade(h); s > strongest {
			best, strongest = h, s
		}
	}
	if best == nil {
		return
	}
	f := finding.Finding{
		Signal: "A32", Subject: x.ID, Strength: strongest, ObservedAt: best.Last,
		Summary:  fmt.Sprintf("The %s %s was reported as an indicator.", fields[best.Field], best.Value),
		Evidence: []finding.Evidence{{Text: x.Name() + " uses it" + period(best), Refs: best.Refs}},
	}
	for i := range group {
		if h := &group[i]; !h.Anonymiser() {
			f.Evidence = append(f.Evidence, finding.Evidence{Text: origin(h), Refs: []record.Ref{h.Indicator.Ref}})
		}
	}
	pass.Report(f)
}

// telemetry are the fields that come from monitoring of staff.
var telemetry = map[string]bool{"sign_in_ip": true, "meeting_ip": true, "device_ip": true}

// told reports whether staff of x's country knew of the monitoring at that time.
func told(pass *detect.Pass, x *identity.Persona, at time.Time) bool {
	from, ok := pass.Settings.NoticeDate(x.Country)
	return ok && !at.Before(from)
}

var fields = map[string]string{
	"email": "e-mail address", "domain": "domain", "phone": "phone number", "url": "page", "username": "user name", "document": "file",
	"wallet": "wallet", "bank_account": "account", "device_serial": "device", "sign_in_ip": "sign-in address", "meeting_ip": "meeting address",
	"device_ip": "device's address", "application_ip": "address of an application", "change_ip": "address of a change of payout details",
	"reference_ip": "address of a reference",
}

func yes(b *bool) bool { return b != nil && *b }

// origin says who reported the value.
func origin(h *identity.Hit) string {
	text := "reported by " + cmp.Or(h.Indicator.Feed, "a list without a name")
	if h.Indicator.Grade != "" {
		text += ", grade " + h.Indicator.Grade
	}
	if c := h.Indicator.Confidence; c != nil {
		text += fmt.Sprintf(", confidence %.0f of 100", *c)
	}
	if last := h.Indicator.LastSeen; !last.IsZero() {
		text += ", last seen " + last.Date().String()
	}
	if h.Age >= day {
		text += fmt.Sprintf(", %d days apart from the use here", int(h.Age/day))
	}
	return text
}

// period says when the persona used the value.
func period(h *identity.Hit) string {
	switch {
	case h.First.IsZero():
		return ""
	case h.Days > 1:
		return fmt.Sprintf(" on %d days from %s to %s", h.Days, h.First.Format(time.DateOnly), h.Last.Format(time.DateOnly))
	}
	return " on " + h.First.Format(time.DateOnly)
}
