// Package stackedremotetools asks whether several remote-control tools run at
// once, or one in the first month.
package stackedremotetools

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

// Detector reports W10.
var Detector = &detect.Detector{
	ID:       "stacked-remote-tools",
	Doc:      doc,
	Signals:  []signal.ID{"W10"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}, {record.NetworkObs}},
	Run:      run,
}

const (
	together = 7 * 24 * time.Hour  // two tools are concurrent within this (catalogue, W10)
	early    = 30 * 24 * time.Hour // tenure in which one rare tool is enough
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		traces := pass.RemoteTools(x)
		if stacked := concurrent(traces); len(stacked) > 0 {
			tools := detect.TracedTools(stacked)
			report(pass, x, stacked, fmt.Sprintf("%d remote-control tools at once on company devices: %s.", len(tools), strings.Join(tools, ", ")))
			continue
		}
		if soon := inFirstDays(traces, x.Start); len(soon) > 0 {
			days := int(soon[0].First.Sub(x.Start.First()).Hours() / 24)
			report(pass, x, soon, fmt.Sprintf("%s on a company device on day %d of the engagement; IT does not use it on others.", soon[0].Tool, max(days, 0)))
		}
	}
	return nil
}

func report(pass *detect.Pass, x *identity.Persona, traces []detect.Trace, summary string) {
	pass.Report(finding.Finding{
		Signal: "W10", Subject: x.ID, Strength: signal.Strong, Summary: summary,
		Evidence: detect.TraceEvidence(traces, 8), ObservedAt: detect.LastSeen(traces),
	})
}

// concurrent returns the traces of tools that were active within seven days of
// another tool. Traces without times are left out.
func concurrent(traces []detect.Trace) []detect.Trace {
	var out []detect.Trace
	for i, t := range traces {
		if !t.First.IsZero() && slices.ContainsFunc(traces, func(o detect.Trace) bool {
			return o.Tool != t.Tool && !o.First.IsZero() && !o.First.After(t.Last.Add(together)) && !t.First.After(o.Last.Add(together))
		}) {
			out = append(out, traces[i])
		}
	}
	return out
}

// inFirstDays returns the traces first seen in the first 30 days, earliest first.
func inFirstDays(traces []detect.Trace, start record.Date) []detect.Trace {
	if start.IsZero() || start.Day == 0 {
		return nil
	}
	var out []detect.Trace
	for _, t := range traces {
		if since := t.First.Sub(start.First()); !t.First.IsZero() && since > -24*time.Hour && since <= early {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b detect.Trace) int { return a.First.Compare(b.First) })
	return out
}
