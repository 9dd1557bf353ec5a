// Package unmanagedonly asks whether an account works only from addresses at which
// no managed device was ever seen.
package unmanagedonly

import (
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

// Detector reports W41.
var Detector = &detect.Detector{
	ID:       "unmanaged-only",
	Doc:      doc,
	Signals:  []signal.ID{"W41"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Sessions}},
	Run:      run,
}

const (
	lookBack = 3 * 24 * time.Hour  // between sign-in and check-in (P-P2)
	minDays  = 10                  // days of such sign-ins (catalogue, W41)
	minSpan  = 13 * 24 * time.Hour // first to last day: two weeks
	alive    = 5                   // days on which the own laptop checks in meanwhile
)

func run(_ context.Context, pass *detect.Pass) error {
	fleet := newFleet(pass.Baseline)
	atlas := pass.Atlas()
	for x := range pass.Each() {
		if pass.Remote(x) || ownComputer(x) || len(fleet.spans) == 0 {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		devices := pass.Sightings(x)
		if len(devices) == 0 && !slices.Contains(x.Kinds, "employee") {
			pass.NotAssessed(x.ID, "records") // nothing says that a laptop was issued
			continue
		}
		look(pass, atlas, fleet, x, devices)
	}
	return nil
}

// ownComputer reports people who work on a private computer as agreed.
func ownComputer(x *identity.Persona) bool {
	return slices.ContainsFunc(x.Records.Engagements, func(e *record.Engagement) bool { return e.BYOD != nil && *e.BYOD }) || detect.DeviceKeys(x).AnyPrivate()
}

// look reports an account whose sign-ins all come from elsewhere.
func look(pass *detect.Pass, atlas *detect.Atlas, fleet *fleet, x *identity.Persona, devices []detect.Sighting) {
	if slices.ContainsFunc(devices, func(s detect.Sighting) bool { return s.SignIn }) {
		return
	}
	all, elsewhere := map[time.Time]bool{}, map[time.Time]bool{}
	var first, last detect.SignIn
	var refs []record.Ref
	for s := range pass.SignIns(x) {
		day := detect.Day(s.At)
		all[day] = true
		if s.Net.Shared != "" || s.Phone || !s.IP.IsValid() || !fleet.covers(s, devices) {
			continue
		}
		if fleet.has(s.IP, s.At) || besideLaptop(atlas, s, devices) {
			return // works, at least sometimes, where a managed device is
		}
		if first.At.IsZero() || s.At.Before(first.At) {
			first = s
		}
		if s.At.After(last.At) {
			last = s
		}
		if !elsewhere[day] && len(refs) < 4 {
			refs = append(refs, pass.View.Sessions.RefOf(s.Row))
		}
		elsewhere[day] = true
	}
	if len(elsewhere) < minDays || last.At.Sub(first.At) < minSpan || 2*len(elsewhere) < len(all) {
		return
	}
	f := finding.Finding{
		Signal: "W41", Subject: x.ID, Strength: signal.Medium, ObservedAt: last.At, Absent: pass.Missing("vdi"),
		Summary: fmt.Sprintf("On %d days the account signed in only from addresses at which no managed device was seen.", len(elsewhere)),
		Evidence: []finding.Evidence{{
			Text: fmt.Sprintf("First on %s from %s, last on %s from %s", first.At.Format(time.DateOnly), first.IP, last.At.Format(time.DateOnly), last.IP),
			Refs: append(refs, pass.View.Sessions.RefOf(last.Row)),
		}},
	}
	if e, ok := meanwhile(devices, first.At, last.At); ok {
		f.Strength, f.Evidence = signal.Strong, append(f.Evidence, e)
	}
	pass.Report(f)
}

// meanwhile says that the issued laptop was on in the same weeks.
func meanwhile(devices []detect.Sighting, first, last time.Time) (e finding.Evidence, ok bool) {
	days := map[time.Time]bool{}
	var d detect.Sighting
	for _, s := range devices {
		if !s.At.Before(first.Add(-lookBack)) && !s.At.After(last.Add(lookBack)) {
			days[s.Day()] = true
			d = s
		}
	}
	return finding.Evidence{
		Text: fmt.Sprintf("Meanwhile the issued laptop checked in on %d days, last on %s from %s", len(days), d.At.Format(time.DateOnly), d.IP), Refs: []record.Ref{d.Ref},
	}, len(days) >= alive
}

// besideLaptop reports whether a sign-in comes from the network or place of the
// issued laptop: providers change addresses from day to day.
func besideLaptop(atlas *detect.Atlas, s detect.SignIn, devices []detect.Sighting) bool {
	return slices.ContainsFunc(detect.Around(devices, s.At, lookBack), func(d detect.Sighting) bool {
		gap, _ := atlas.Between(s.Place, d.Place)
		return gap == detect.GapNear || s.Net.Name != "" && s.Net.Name == d.Net.Name && gap != detect.GapCountry && gap != detect.GapRegion
	})
}
