// Package anonymiser asks whether somebody came through an anonymising service
// that a feed lists: at sign-in, when applying, or in a meeting.
package anonymiser

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

// Detector reports W01, A21 and I03.
var Detector = &detect.Detector{
	ID:       "anonymiser",
	Doc:      doc,
	Signals:  []signal.ID{"W01", "A21", "I03"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Indicators}, {record.Meetings}},
	Run:      run,
}

const (
	days  = 3                    // sign-in days that make W01 strong (catalogue, W01)
	stale = 180 * 24 * time.Hour // half-life of an exit in a feed (catalogue, A32)
)

// uses are the ways in, in order of reporting.
var uses = []struct {
	field string
	id    signal.ID
	text  string
}{
	{"sign_in_ip", "W01", "Signed in"}, {"application_ip", "A21", "Applied or used the applicant portal"}, {"meeting_ip", "I03", "Joined a meeting"},
}

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		hits := pass.View.HitsOf(x.ID)
		if pass.View.Screened == 0 {
			pass.NotAssessed(x.ID, "records") // no feed of exits was given
		}
		for _, u := range uses {
			list := slices.DeleteFunc(slices.Clone(hits), func(h identity.Hit) bool {
				return h.Field != u.field || !anonymises(h.Indicator) || h.Age > 2*stale || pass.ApprovedTool(h.Indicator.Provider, pass.Settings.Approved.VPN)
			})
			switch f, ok := judge(pass, x, u.id, u.text, list); {
			case ok:
				pass.Report(f)
			case u.id == "I03":
				elsewhere(pass, atlas, x)
			}
		}
	}
	return nil
}

// anonymises reports whether an indicator is an exit of an anonymising service.
func anonymises(i *record.Indicator) bool { return i.Type == "anonymiser" || i.Provider != "" }

// judge grades the hits of one way in. Exits that reports on such workers name
// count more than generic lists, which honest people are on too.
func judge(pass *detect.Pass, x *identity.Persona, id signal.ID, text string, hits []identity.Hit) (f finding.Finding, ok bool) {
	reported := slices.DeleteFunc(slices.Clone(hits), func(h identity.Hit) bool { return pass.Intel.Reported(h.Indicator.Provider) == "" })
	if len(reported) == 0 && (id != "A21" || len(hits) == 0) {
		return f, false
	}
	strength := signal.Medium
	fresh := slices.ContainsFunc(reported, func(h identity.Hit) bool { return h.Age <= stale })
	switch seen := dayCount(pass, x, reported); {
	case id == "A21" && !fresh:
		strength = signal.Weak
	case id == "W01" && fresh && seen >= days:
		strength = signal.Strong
	}
	if len(reported) > 0 {
		hits = reported
	}
	f = finding.Finding{Signal: id, Subject: x.ID, Strength: strength, Summary: text + " through an exit of " + named(hits[0]) + "."}
	for _, h := range hits[:min(len(hits), 5)] {
		line := fmt.Sprintf("%s is listed by %s as an exit of %s", h.Value, cmp.Or(h.Indicator.Feed, "an imported list"), named(h))
		if h.Days > 0 {
			line += fmt.Sprintf("; used on %d days until %s", h.Days, h.Last.Format(time.DateOnly))
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Text: line, Refs: h.Refs})
	}
	for _, h := range hits {
		if h.Last.After(f.ObservedAt) {
			f.ObservedAt = h.Last
		}
	}
	return f, true
}

func named(h identity.Hit) string { return cmp.Or(h.Indicator.Provider, "an anonymising service") }

// dayCount counts the days of sign-ins from any of the addresses: exits change daily.
func dayCount(pass *detect.Pass, x *identity.Persona, hits []identity.Hit) int {
	listed, seen, most := map[string]bool{}, map[time.Time]bool{}, 0
	for _, h := range hits {
		listed[h.Value] = true
		most = max(most, h.Days)
	}
	if len(listed) < 2 {
		return most
	}
	for i := range pass.View.SessionsOf(x) {
		if listed[pass.View.Sessions.IPOf(i).String()] && pass.View.Sessions.OutcomeOf(i) != "failure" {
			seen[detect.Day(pass.View.Sessions.TimeOf(i))] = true
		}
	}
	return max(most, len(seen))
}

// elsewhere reports interviews that were joined from another country than every
// claimed one, on two days or more and never from a claimed one.
func elsewhere(pass *detect.Pass, atlas *detect.Atlas, x *identity.Persona) {
	claims := pass.Claims(x)
	seen := map[time.Time]bool{}
	f := finding.Finding{
		Signal: "I03", Subject: x.ID, Strength: signal.Medium, Absent: pass.Missing("travel"),
		Summary: "Interviews were joined from another country than the claimed one.",
	}
	for _, m := range x.Records.Meetings {
		at := m.At.Time()
		if m.Geo.IsZero() || m.MeetingKind != "interview" && m.MeetingKind != "onboarding" || pass.Baseline.Exit(m.IP) != "" || pass.Away(x, at, m.Geo) {
			continue
		}
		switch gap, _, claim := atlas.FromClaims(claims, at, m.Geo); gap {
		case detect.GapNear, detect.GapRegion:
			return
		case detect.GapCountry:
			seen[detect.Day(at)] = true
			f.Evidence = append(f.Evidence, finding.Evidence{
				Text: fmt.Sprintf("Joined on %s from %s; claimed is %s", at.Format(time.DateOnly), detect.Where(m.Geo), detect.Where(claim.Place)),
				Refs: append([]record.Ref{m.Ref}, claim.Refs...),
			})
			if at.After(f.ObservedAt) {
				f.ObservedAt = at.UTC()
			}
		}
	}
	if len(seen) >= 2 {
		pass.Report(f)
	}
}
