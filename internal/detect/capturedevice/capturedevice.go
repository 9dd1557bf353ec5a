// Package capturedevice asks whether something takes the screen off a company
// laptop, or pretends one to it.
package capturedevice

import (
	"context"
	_ "embed"
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

// Detector reports W15.
var Detector = &detect.Detector{
	ID:       "capture-device",
	Doc:      doc,
	Signals:  []signal.ID{"W15"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}},
	Run:      run,
}

// The first days: a laptop may be unpacked before the first one at work.
const (
	before = 3 * 24 * time.Hour
	after  = 7 * 24 * time.Hour
)

// kinds say what a thing is, in order of reporting.
var kinds = []struct{ kind, text string }{
	{"capture", "A device that records a screen is attached to a company laptop"},
	{"plug", "A plug that pretends a screen is attached to a company laptop"},
	{"driver", "A driver that pretends a screen is installed on a company laptop"},
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		found := pass.Peripherals(x, pass.Intel.Capture)
		streams := slices.ContainsFunc(x.Records.DeviceItems, pass.Intel.Streaming)
		f := finding.Finding{Signal: "W15", Subject: x.ID, Strength: signal.Weak}
		for _, k := range kinds {
			for _, m := range found {
				if m.Match.Rule != k.kind {
					continue
				}
				if f.Summary == "" {
					f.Summary = k.text + ": " + m.Match.Device + "."
				}
				if early(x, m.First) && (k.kind != "capture" || !streams) {
					f.Strength = signal.Medium
					m.Evidence.Text += ", from the first days on: " + m.First.Format(time.DateOnly)
				}
				f.Evidence = append(f.Evidence, m.Evidence)
				if m.At.After(f.ObservedAt) {
					f.ObservedAt = m.At
				}
			}
		}
		if len(f.Evidence) > 0 {
			pass.Report(f)
		}
	}
	return nil
}

// early reports whether something was there in the first days of the engagement.
func early(x *identity.Persona, first time.Time) bool {
	if first.IsZero() || x.Start.IsZero() || x.Start.Day == 0 {
		return false
	}
	d := first.Sub(x.Start.First())
	return d > -before && d < after
}
