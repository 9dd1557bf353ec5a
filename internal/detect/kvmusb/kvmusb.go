// Package kvmusb asks whether an IP-KVM is plugged into a company laptop.
package kvmusb

import (
	"context"
	_ "embed"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W12.
var Detector = &detect.Detector{
	ID:       "kvm-usb",
	Doc:      doc,
	Signals:  []signal.ID{"W12"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		f := finding.Finding{Signal: "W12", Subject: x.ID, Strength: signal.Strong}
		for _, m := range pass.Peripherals(x, pass.Intel.KVMUSB) {
			strength, summary := signal.Strong, "A USB device on a company laptop identifies itself as a small computer in gadget mode, as IP-KVMs do."
			if m.Match.Exact {
				strength, summary = signal.Conclusive, "A USB device on a company laptop identifies itself as "+m.Match.Device+", which puts its keyboard, mouse and screen on the network."
			}
			if f.Summary == "" || strength > f.Strength {
				f.Strength, f.Summary = strength, summary
			}
			f.Evidence = append(f.Evidence, m.Evidence)
			if m.At.After(f.ObservedAt) {
				f.ObservedAt = m.At
			}
		}
		if len(f.Evidence) > 0 {
			pass.Report(f)
		}
	}
	return nil
}
