// Package earlyremotetool asks whether a remote-control tool came within an hour
// of the first logon to a laptop.
package earlyremotetool

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports O07.
var Detector = &detect.Detector{
	ID:       "early-remote-tool",
	Doc:      doc,
	Signals:  []signal.ID{"O07"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems, record.Sessions}, {record.DeviceItems, record.Devices}},
	Run:      run,
}

const (
	within = time.Hour           // catalogue, O07
	fresh  = 14 * 24 * time.Hour // a first logon is expected this soon after enrolment or the first day
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		traces := pass.RemoteTools(x)
		if len(traces) == 0 {
			continue
		}
		logons := firstLogons(pass, x)
		for _, t := range traces {
			logon, ok := logons[t.Device]
			if !ok || !t.Precise || t.First.Before(logon.at) || t.First.Sub(logon.at) > within {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "O07", Subject: x.ID, Strength: signal.Strong,
				Summary: fmt.Sprintf("%s ran %d minutes after the first logon to a new laptop.", t.Tool, int(t.First.Sub(logon.at).Minutes())),
				Evidence: []finding.Evidence{
					{Text: logon.text + " " + logon.at.Format("2006-01-02 15:04") + " UTC", Refs: []record.Ref{logon.ref}},
					t.Evidence,
				},
				ObservedAt: t.First,
			})
			break // the first tool of the hour says it
		}
	}
	return nil
}

type logon struct {
	at   time.Time
	text string
	ref  record.Ref
}

// firstLogons returns per device the first logon, or the enrolment where sign-ins
// do not name devices. The first session of an export is no first logon unless it
// follows the enrolment or the first working day.
func firstLogons(pass *detect.Pass, x *identity.Persona) map[string]logon {
	out, keys := map[string]logon{}, detect.DeviceKeys(x)
	for _, d := range x.Records.Devices {
		if d.EnrolledAt.Precision() >= record.PrecisionMinute {
			key := keys.Of(d.DeviceKey)
			if old, ok := out[key]; !ok || d.EnrolledAt.Time().Before(old.at) {
				out[key] = logon{d.EnrolledAt.Time().UTC(), "The laptop was enrolled at", d.Ref}
			}
		}
	}
	t := pass.View.Sessions
	sessions := map[string]logon{}
	for i := range pass.View.SessionsOf(x) {
		key := keys.Of(t.DeviceOf(i))
		if o := t.OutcomeOf(i); key == "" || o == "failure" || o == "challenge" {
			continue
		}
		if old, ok := sessions[key]; !ok || t.TimeOf(i).Before(old.at) {
			sessions[key] = logon{t.TimeOf(i), "The first logon was at", t.RefOf(i)}
		}
	}
	for key, s := range sessions {
		var begin time.Time
		if !x.Start.IsZero() {
			begin = x.Start.First()
		}
		if enrolled, ok := out[key]; ok {
			begin = enrolled.at
		}
		if late := s.at.Sub(begin); !begin.IsZero() && late > -fresh && late < fresh {
			out[key] = s
		}
	}
	return out
}
