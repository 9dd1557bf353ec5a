// Package kvmmonitor asks whether a monitor is an IP-KVM, or hangs on the laptops
// of several people.
package kvmmonitor

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

// Detector reports W14.
var Detector = &detect.Detector{
	ID:       "kvm-monitor",
	Doc:      doc,
	Signals:  []signal.ID{"W14"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.DeviceItems}},
	Run:      run,
}

// notUnique is the number of devices from which on a serial number is the
// maker's default and no serial number.
const notUnique = 5

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		captured(pass, x)
		for e := range pass.Edges(x.ID, identity.EdgeMonitor) {
			shared(pass, x, e)
		}
	}
	return nil
}

// captured reports displays that only an IP-KVM shows.
func captured(pass *detect.Pass, x *identity.Persona) {
	f := finding.Finding{Signal: "W14", Subject: x.ID, Strength: signal.Strong}
	for _, m := range pass.Peripherals(x, pass.Intel.KVMDisplay) {
		if m.Match.Exact {
			f.Strength = signal.Conclusive
		}
		if f.Summary == "" || m.Match.Exact {
			f.Summary = "A display on a company laptop is the one that an IP-KVM shows: " + m.Match.Device + "."
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

// shared reports one monitor on the laptops of several people.
func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge) {
	serial := serialOf(x, e)
	others := slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool { return passedOn(pass, x, pass.View.Persona(h.Persona), serial) })
	if len(others) == 0 || e.OpenHome || e.N > notUnique || junk(serial) || pass.CommonHome(x, others) != nil ||
		slices.ContainsFunc(pass.Settings.Approved.MonitorSerials, func(s string) bool { return strings.EqualFold(s, serial) }) {
		return
	}
	if office(pass, x) || slices.ContainsFunc(others, func(h identity.Holder) bool { return office(pass, pass.View.Persona(h.Persona)) }) {
		return
	}
	pass.Report(finding.Finding{
		Signal: "W14", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("One monitor, by its serial number, is connected to this laptop and to that of %s.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "has the monitor "+e.Label+" on a company laptop"),
		With:       detect.IDs(others),
		Place:      e.Key,
		Absent:     pass.Missing("presence"),
		ObservedAt: detect.Latest(e.Holders),
	})
}

// serialOf returns the serial number of the monitor that the edge is about, as the
// persona's own row states it.
func serialOf(x *identity.Persona, e *identity.Edge) string {
	for _, item := range x.Records.DeviceItems {
		if item.ItemKind == "display" && slices.Contains(e.End(x.ID).Refs, item.Ref) {
			return item.Serial
		}
	}
	return e.Label
}

// passedOn reports whether one had the monitor for good before the other: it was
// issued again. A row without an end means that it is still there.
func passedOn(pass *detect.Pass, x, y *identity.Persona, serial string) bool {
	first, last := had(pass, x, serial)
	from, to := had(pass, y, serial)
	return last.Before(from) || to.Before(first)
}

func had(pass *detect.Pass, x *identity.Persona, serial string) (first, last time.Time) {
	first = pass.AsOf
	for _, item := range x.Records.DeviceItems {
		if item.ItemKind != "display" || !strings.EqualFold(item.Serial, serial) {
			continue
		}
		from, to := item.FirstSeen, item.LastSeen
		if from.IsZero() {
			from = item.ObservedAt
		}
		if !from.IsZero() && from.Time().Before(first) {
			first = from.Time()
		}
		if to.IsZero() {
			last = pass.AsOf
		} else if to.Time().After(last) {
			last = to.Time()
		}
	}
	return first, last
}

// junk reports serial numbers that makers leave at their default.
func junk(serial string) bool {
	s := strings.ToUpper(strings.TrimPrefix(strings.TrimSpace(serial), "0x"))
	return len(s) < 4 || strings.Trim(s, "0") == "" || strings.Trim(s, "01") == "" || strings.Trim(s, s[:1]) == "" || s == "123456789" || s == "0123456789ABCDEF"
}

// office reports whether a persona's laptops were seen at an exit of the
// organisation: there people share desks.
func office(pass *detect.Pass, x *identity.Persona) bool {
	devices := pass.Sightings(x)
	return slices.ContainsFunc(devices, func(s detect.Sighting) bool { return pass.Baseline.Exit(s.IP) != "" }) ||
		slices.ContainsFunc(x.Records.Presences, func(p *record.Presence) bool { return p.PresenceKind == "badge" || p.PresenceKind == "office_wifi" })
}
