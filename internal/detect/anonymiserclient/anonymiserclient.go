// Package anonymiserclient asks whether the client of an anonymising service is
// installed on a company device.
package anonymiserclient

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

// Detector reports W23.
var Detector = &detect.Detector{
	ID:       "anonymiser-client",
	Doc:      doc,
	Signals:  []signal.ID{"W23"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}, {record.NetworkObs}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		traces := pass.AnonymiserClients(x)
		if len(traces) == 0 {
			continue
		}
		tools := detect.TracedTools(traces)
		var summary strings.Builder
		summary.WriteString(fmt.Sprintf("%s on a company device, which is not approved.", strings.Join(tools, " and ")))
		for _, tool := range tools {
			if by := pass.Intel.Reported(tool); by != "" {
				summary.WriteString(fmt.Sprintf(" %s is named in reports (%s).", tool, by))
			}
		}
		pass.Report(finding.Finding{
			Signal: "W23", Subject: x.ID, Strength: signal.Medium, Summary: summary.String(),
			Evidence: detect.TraceEvidence(traces, 8), ObservedAt: detect.LastSeen(traces),
		})
	}
	return nil
}
