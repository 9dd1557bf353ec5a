// Package virtualcamera asks whether somebody joins meetings through a program that
// makes up the picture or the voice.
package virtualcamera

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

// Detector reports I02.
var Detector = &detect.Detector{
	ID:       "virtual-camera",
	Doc:      doc,
	Signals:  []signal.ID{"I02"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Meetings}},
	Run:      run,
}

// meant says what a program is mostly used for.
type meant uint8

const (
	effects meant = iota // backgrounds, noise, streaming: many honest people
	feeds                // splits or replaces the picture, or changes the voice
)

// programs are the devices that such programs present to a meeting (catalogue, I02;
// SplitCam: Secureworks 2024-10; voice changers: Microsoft 2025-06-30).
var programs = []struct {
	name string // folded, part of the device's name
	use  meant
}{
	{"obs virtual", effects},
	{"obs-camera", effects},
	{"snap camera", effects},
	{"nvidia broadcast", effects},
	{"droidcam", effects},
	{"iriun", effects},
	{"xsplit", effects},
	{"camo", effects},
	{"epoccam", effects},
	{"vb-audio", effects},
	{"cable output", effects},
	{"voicemeeter", effects},
	{"krisp", effects},
	{"splitcam", feeds},
	{"manycam", feeds},
	{"deepfacelive", feeds},
	{"swapface", feeds},
	{"avatarify", feeds},
	{"xpression", feeds},
	{"facerig", feeds},
	{"morphvox", feeds},
	{"voicemod", feeds},
	{"clownfish", feeds},
	{"webcamoid", feeds},
	{"unitycapture", feeds},
	{"softcam", feeds},
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		if pass.Accommodated(x, "camera") {
			continue
		}
		told := false
		for _, m := range x.Records.Meetings {
			told = told || m.VideoDevice != "" || m.AudioDevice != ""
		}
		if !told {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		if f, ok := judge(x); ok {
			pass.Report(f)
		}
	}
	return nil
}

// judge reports the meetings in which such a device took part.
func judge(x *identity.Persona) (f finding.Finding, ok bool) {
	f = finding.Finding{Signal: "I02", Subject: x.ID, Strength: signal.Weak}
	var names []string
	for _, m := range x.Records.Meetings {
		for _, device := range []string{m.VideoDevice, m.AudioDevice} {
			use, known := program(device)
			if !known {
				continue
			}
			if use == feeds {
				f.Strength = signal.Medium
			}
			names = append(names, device)
			if len(f.Evidence) < 5 {
				f.Evidence = append(f.Evidence, finding.Evidence{Text: fmt.Sprintf("in a meeting on %s the device was %q", m.At.Time().UTC().Format(time.DateOnly), device), Refs: []record.Ref{m.Ref}})
			}
			if m.At.Time().After(f.ObservedAt) {
				f.ObservedAt = m.At.Time()
			}
		}
	}
	slices.Sort(names)
	f.Summary = "Joined meetings through a program that makes up picture or sound: " + strings.Join(slices.Compact(names), ", ") + "."
	return f, len(f.Evidence) > 0
}

// Known reports whether a device of a meeting is one that a listed program presents.
func Known(device string) bool {
	_, known := program(device)
	return known
}

func program(device string) (use meant, known bool) {
	low := strings.ToLower(device)
	for _, p := range programs {
		if strings.Contains(low, p.name) {
			return p.use, true
		}
	}
	return 0, false
}
