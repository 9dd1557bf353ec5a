// Package remotetool asks whether remote-control tools run that nobody approved.
package remotetool

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W09.
var Detector = &detect.Detector{
	ID:       "remote-tool",
	Doc:      doc,
	Signals:  []signal.ID{"W09"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}, {record.NetworkObs}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		traces := pass.RemoteTools(x)
		if len(traces) == 0 {
			continue
		}
		tools := detect.TracedTools(traces)
		pass.Report(finding.Finding{
			Signal: "W09", Subject: x.ID, Strength: signal.Medium,
			Summary:    fmt.Sprintf("%s on a company device, which IT neither approved nor uses on others.", strings.Join(tools, " and ")),
			Evidence:   detect.TraceEvidence(traces, 8),
			ObservedAt: detect.LastSeen(traces),
		})
	}
	return nil
}
