// Package silentlaptop asks whether an account goes on working while its only
// laptop has fallen silent.
package silentlaptop

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"muster/internal/baseline"
	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W42.
var Detector = &detect.Detector{
	ID:       "silent-laptop",
	Doc:      doc,
	Signals:  []signal.ID{"W42"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Devices, record.Sessions}},
	Run:      run,
}

const (
	silence = 14 * 24 * time.Hour // before the newest check-in of the fleet (catalogue, W42)
	minDays = 8                   // days of sign-ins since
)

func run(_ context.Context, pass *detect.Pass) error {
	newest := pass.Baseline.Newest.CheckIn
	if newest.IsZero() || broken(pass.Baseline, newest) {
		for x := range pass.Each() {
			pass.NotAssessed(x.ID, "records") // the check-ins of the fleet as a whole are missing
		}
		return nil
	}
	for x := range pass.Each() {
		if x.Former || pass.Remote(x) || returned(x) || detect.DeviceKeys(x).AnyPrivate() {
			continue
		}
		devices := pass.Sightings(x)
		if len(devices) == 0 {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		if last := devices[len(devices)-1]; newest.Sub(last.At) >= silence {
			look(pass, x, last, newest)
		}
	}
	return nil
}

// look reports sign-ins after the last sighting of a laptop.
func look(pass *detect.Pass, x *identity.Persona, last detect.Sighting, newest time.Time) {
	days := map[time.Time]bool{}
	f := finding.Finding{Signal: "W42", Subject: x.ID, Strength: signal.Medium, Absent: pass.Missing("vdi")}
	var refs []record.Ref
	for s := range pass.SignIns(x) {
		day := detect.Day(s.At)
		if !day.After(detect.Day(last.At)) || s.Phone || s.Net.Shared != "" {
			continue
		}
		if !days[day] && len(refs) < 5 {
			refs = append(refs, pass.View.Sessions.RefOf(s.Row))
		}
		days[day] = true
		if s.At.After(f.ObservedAt) {
			f.ObservedAt = s.At
		}
	}
	if len(days) < minDays {
		return
	}
	f.Summary = fmt.Sprintf("The issued laptop has been silent for %d days while the account signed in on %d days.", int(newest.Sub(last.At).Hours()/24), len(days))
	f.Evidence = []finding.Evidence{
		{Text: fmt.Sprintf("The laptop was last seen on %s; other laptops report until %s", last.At.Format(time.DateOnly), newest.Format(time.DateOnly)), Refs: []record.Ref{last.Ref}},
		{Text: fmt.Sprintf("Sign-ins on %d days after that, last on %s", len(days), f.ObservedAt.Format(time.DateOnly)), Refs: refs},
	}
	pass.Report(f)
}

// broken reports whether most of the fleet is silent: then the agent or its
// export is at fault.
func broken(base *baseline.Set, newest time.Time) bool {
	last := map[string]time.Time{}
	for _, list := range base.Fleet {
		for _, s := range list {
			if s.Last.After(last[s.DeviceKey]) {
				last[s.DeviceKey] = s.Last
			}
		}
	}
	silent := 0
	for _, at := range last {
		if newest.Sub(at) >= silence {
			silent++
		}
	}
	return 2*silent > len(last)
}

// returned reports whether the laptop was sent back.
func returned(x *identity.Persona) bool {
	return slices.ContainsFunc(x.Records.Shipments, func(s *record.Shipment) bool { return !s.ReturnedAt.IsZero() || s.Status == "returned" })
}
