// Package kvmspoof asks whether a keyboard or receiver is an IP-KVM in disguise.
package kvmspoof

import (
	"context"
	_ "embed"
	"fmt"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W13.
var Detector = &detect.Detector{
	ID:       "kvm-spoof",
	Doc:      doc,
	Signals:  []signal.ID{"W13"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}},
	Run:      run,
}

// reasons put the rules of intel/data/kvm.json into words.
var reasons = map[string]string{
	"KR4": "carries strings that the genuine device does not have",
	"KR5": "is keyboard or receiver and disk in one, which the genuine device never is",
	"KR6": "has the serial number that IP-KVMs come with",
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		f := finding.Finding{Signal: "W13", Subject: x.ID, Strength: signal.Strong}
		for _, m := range pass.Peripherals(x, pass.Intel.KVMSpoof) {
			if f.Summary == "" {
				f.Summary = fmt.Sprintf("A USB device on a company laptop (%s) %s.", m.Match.Device, reasons[m.Match.Rule])
			}
			m.Evidence.Text += "; " + reasons[m.Match.Rule]
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
