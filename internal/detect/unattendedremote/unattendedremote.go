// Package unattendedremote asks whether Chrome Remote Desktop was set up for
// access without anybody at the laptop.
package unattendedremote

import (
	"context"
	_ "embed"
	"strings"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W11.
var Detector = &detect.Detector{
	ID:       "unattended-remote",
	Doc:      doc,
	Signals:  []signal.ID{"W11"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}},
	Run:      run,
}

const tool = "Chrome Remote Desktop"

func run(_ context.Context, pass *detect.Pass) error {
	if pass.Common(tool) || pass.ApprovedTool(tool, pass.Settings.Approved.RemoteTools) {
		return nil
	}
	for x := range pass.Each() {
		if pass.Accommodated(x, "remote_tool") {
			continue
		}
		keys := detect.DeviceKeys(x)
		var evidence []finding.Evidence
		var at time.Time
		for _, item := range x.Records.DeviceItems {
			if text := setUp(item); text != "" && !keys.Private(item.DeviceKey) {
				evidence = append(evidence, finding.Evidence{Text: text, Refs: []record.Ref{item.Ref}})
				for _, t := range []record.Time{item.FirstSeen, item.LastSeen, item.ObservedAt} {
					if t.Time().After(at) {
						at = t.Time().UTC()
					}
				}
			}
		}
		if len(evidence) > 0 {
			pass.Report(finding.Finding{
				Signal: "W11", Subject: x.ID, Strength: signal.Strong,
				Summary:  "Chrome Remote Desktop is set up for access without anybody at the laptop.",
				Evidence: evidence[:min(len(evidence), 5)], ObservedAt: at,
			})
		}
	}
	return nil
}

// setUp says what of an item is the unattended set-up. The PIN in the command
// line is not repeated.
func setUp(item *record.DeviceItem) string {
	command := strings.ToLower(item.CommandLine)
	device := ""
	if item.DeviceKey != "" {
		device = " on device " + item.DeviceKey
	}
	switch {
	case strings.Contains(command, "remoting_start_host") && (strings.Contains(command, "--pin=") || strings.Contains(command, "-pin=")):
		return "remoting_start_host was run with a PIN" + device
	case strings.Contains(command, "remoting_start_host") && (strings.Contains(command, "--code=") || strings.Contains(command, "-code=")):
		return "remoting_start_host was run with an authorisation code" + device
	case item.ItemKind == "service" && (strings.EqualFold(item.Name, "chromoting") || strings.EqualFold(item.Name, "org.chromium.chromoting")):
		return "the service chromoting is installed" + device
	}
	return ""
}
