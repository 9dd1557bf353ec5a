package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/record"
	"muster/internal/settings"
)

// Trace is one sign of a program on one of a persona's devices.
type Trace struct {
	Tool     string    // canonical name
	Device   string    // as [Keys.Of] names it
	First    time.Time // zero if the export has no times
	Last     time.Time
	Precise  bool // First is the instant of an event, not the day of an inventory
	Evidence finding.Evidence
}

// RemoteTools returns the traces of remote-control tools on company devices that
// neither the settings nor prevalence explain (ruling 5), ascending by tool,
// device and time; nothing for people with an agreed tool.
func (p *Pass) RemoteTools(x *identity.Persona) []Trace {
	if p.Accommodated(x, "remote_tool") {
		return nil
	}
	return p.traces(x, p.Settings.Approved.RemoteTools, p.Intel.RemoteTool, func(o *record.NetworkObservation) (string, bool) {
		if o.ObsKind == "remote_tool" {
			return p.Intel.Tool(o.Remote)
		}
		return p.Intel.RemoteToolHost(cmp.Or(o.RemoteHost, o.Remote))
	})
}

// Accommodated reports whether an agreed exception covers something (camera,
// hours, remote_tool) for a persona.
func (p *Pass) Accommodated(x *identity.Persona, what string) bool {
	return slices.ContainsFunc(p.Settings.Declared.Accommodations, func(a settings.Accommodation) bool {
		return slices.Contains(a.Covers, what) && Among(x, []string{a.Person})
	})
}

// AnonymiserClients returns the traces of clients of anonymising services on
// company devices, likewise.
func (p *Pass) AnonymiserClients(x *identity.Persona) []Trace {
	return p.traces(x, p.Settings.Approved.VPN, p.Intel.AnonymiserClient, func(o *record.NetworkObservation) (string, bool) {
		return p.Intel.AnonymiserHost(cmp.Or(o.RemoteHost, o.Remote))
	})
}

func (p *Pass) traces(x *identity.Persona, approved []string, byItem func(*record.DeviceItem) (string, bool), byTraffic func(*record.NetworkObservation) (string, bool)) []Trace {
	keys := DeviceKeys(x)
	var out []Trace
	keep := func(tool, device string) bool {
		return !keys.Private(device) && !p.Common(tool) && !p.ApprovedTool(tool, approved)
	}
	for _, item := range x.Records.DeviceItems {
		if tool, ok := byItem(item); ok && keep(tool, item.DeviceKey) {
			out = append(out, itemTrace(tool, keys.Of(item.DeviceKey), item))
		}
	}
	type talk struct{ tool, device string }
	talks := map[talk][]*record.NetworkObservation{}
	for _, o := range x.Records.NetworkObs {
		if tool, ok := byTraffic(o); ok && keep(tool, o.DeviceKey) {
			t := talk{tool, keys.Of(o.DeviceKey)}
			talks[t] = append(talks[t], o)
		}
	}
	for t, list := range talks {
		if trace, ok := talkTrace(t.tool, t.device, list); ok {
			out = append(out, trace)
		}
	}
	slices.SortFunc(out, func(a, b Trace) int {
		return cmp.Or(strings.Compare(a.Tool, b.Tool), strings.Compare(a.Device, b.Device), a.First.Compare(b.First), strings.Compare(a.Evidence.Text, b.Evidence.Text), a.Evidence.Refs[0].Compare(b.Evidence.Refs[0]))
	})
	return out
}

// Common reports whether a tool or peripheral is common on the fleet (ruling 5).
func (p *Pass) Common(tool string) bool { return p.Baseline.Tools[tool].Common() }

// ApprovedTool reports whether a canonical tool is among names that people wrote.
func (p *Pass) ApprovedTool(tool string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		canonical, ok := p.Intel.Tool(n)
		return ok && canonical == tool || strings.EqualFold(strings.TrimSpace(n), tool)
	})
}

func itemTrace(tool, device string, item *record.DeviceItem) Trace {
	first, last := item.FirstSeen, item.LastSeen
	if first.IsZero() {
		first = item.ObservedAt
	}
	if last.IsZero() {
		last = first
	}
	if last.Before(item.ObservedAt) {
		last = item.ObservedAt
	}
	what := cmp.Or(item.Name, item.Path, tool)
	text := fmt.Sprintf("%s: %s %q", tool, strings.ReplaceAll(cmp.Or(item.ItemKind, "program"), "_", " "), what)
	if item.DeviceKey != "" {
		text += " on device " + item.DeviceKey
	}
	if !first.IsZero() {
		text += ", first seen " + first.String()
	}
	return Trace{
		Tool: tool, Device: device, First: first.Time().UTC(), Last: last.Time().UTC(),
		Precise:  first.Precision() >= record.PrecisionMinute && !item.FirstSeen.IsZero(),
		Evidence: finding.Evidence{Text: text, Refs: []record.Ref{item.Ref}},
	}
}

// talkTrace sums the connections of a tool's service. One day alone may be an
// advertisement or a page that somebody read.
func talkTrace(tool, device string, list []*record.NetworkObservation) (Trace, bool) {
	slices.SortFunc(list, func(a, b *record.NetworkObservation) int {
		return cmp.Or(a.At.Time().Compare(b.At.Time()), a.Ref.Compare(b.Ref))
	})
	days, seen := map[time.Time]bool{}, 0
	t := Trace{Tool: tool, Device: device}
	for _, o := range list {
		days[Day(o.At.Time())] = true
		seen = max(seen, o.DaysSeen)
		if len(t.Evidence.Refs) < 5 {
			t.Evidence.Refs = append(t.Evidence.Refs, o.Ref)
		}
	}
	if max(len(days), seen) < 2 {
		return t, false
	}
	t.First, t.Last = list[0].At.Time().UTC(), list[len(list)-1].At.Time().UTC()
	t.Evidence.Text = fmt.Sprintf("%s: connections to %s on %d days", tool, cmp.Or(list[0].RemoteHost, list[0].Remote), max(len(days), seen))
	if device != "" {
		t.Evidence.Text += " from device " + device
	}
	return t, true
}

// TracedTools returns the distinct tools of traces, ascending.
func TracedTools(traces []Trace) []string {
	var out []string
	for _, t := range traces {
		out = append(out, t.Tool)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TraceEvidence returns the evidence of at most max traces.
func TraceEvidence(traces []Trace, most int) []finding.Evidence {
	var out []finding.Evidence
	for _, t := range traces[:min(len(traces), most)] {
		out = append(out, t.Evidence)
	}
	return out
}

// LastSeen returns the newest time of traces.
func LastSeen(traces []Trace) time.Time {
	var at time.Time
	for _, t := range traces {
		if t.Last.After(at) {
			at = t.Last
		}
	}
	return at
}

// Peripheral is a USB device or display on one of a persona's company devices
// that matches a fingerprint.
type Peripheral struct {
	Match    intel.KVMMatch
	First    time.Time // first seen; zero if the export has no times
	At       time.Time // last seen
	Evidence finding.Evidence
}

// Peripherals returns the rows of company devices that a fingerprint knows, in
// order of their text, without what is common on the fleet (ruling 5).
func (p *Pass) Peripherals(x *identity.Persona, known func(*record.DeviceItem) (intel.KVMMatch, bool)) []Peripheral {
	keys := DeviceKeys(x)
	var out []Peripheral
	for _, item := range x.Records.DeviceItems {
		m, ok := known(item)
		if !ok || keys.Private(item.DeviceKey) || p.Common(m.Device) {
			continue
		}
		text := "Seen: " + m.Text
		if item.DeviceKey != "" {
			text += " on device " + item.DeviceKey
		}
		at := later(item.LastSeen, later(item.FirstSeen, item.ObservedAt))
		first := cmp.Or(item.FirstSeen, item.ObservedAt, item.LastSeen)
		out = append(out, Peripheral{m, first.Time().UTC(), at.Time().UTC(), finding.Evidence{Text: text, Refs: []record.Ref{item.Ref}}})
	}
	slices.SortStableFunc(out, func(a, b Peripheral) int {
		return cmp.Or(strings.Compare(a.Evidence.Text, b.Evidence.Text), a.Evidence.Refs[0].Compare(b.Evidence.Refs[0]))
	})
	kept := out[:0]
	for _, q := range out {
		n := len(kept)
		if n == 0 || kept[n-1].Evidence.Text != q.Evidence.Text {
			kept = append(kept, q)
			continue
		}
		if k := &kept[n-1]; k.First.IsZero() || !q.First.IsZero() && q.First.Before(k.First) {
			k.First = q.First
		}
		if k := &kept[n-1]; q.At.After(k.At) {
			k.At = q.At
		}
	}
	return kept
}
