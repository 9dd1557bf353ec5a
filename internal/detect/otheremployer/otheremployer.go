// Package otheremployer asks whether a company laptop signs in to other
// organisations.
package otheremployer

import (
	"cmp"
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

// Detector reports W38.
var Detector = &detect.Detector{
	ID:       "other-employer",
	Doc:      doc,
	Signals:  []signal.ID{"W38"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.NetworkObs}},
	Run:      run,
}

const (
	often = 3 // days or rows from which on it is no slip
	known = 3 // laptops from which on an organisation is ours or a partner's
)

// tenant is what a persona's laptops have to do with one other organisation.
type tenant struct {
	host, vendor string
	days         map[time.Time]bool
	seen         int
	last         time.Time
	refs         []record.Ref
}

func run(_ context.Context, pass *detect.Pass) error {
	ours := labels(pass)
	for x := range pass.Each() {
		keys := detect.DeviceKeys(x)
		tenants := map[string]*tenant{}
		for _, o := range x.Records.NetworkObs {
			host := cmp.Or(o.RemoteHost, o.Remote)
			label, vendor, ok := pass.Intel.SSODomain(host)
			if !ok || keys.Private(o.DeviceKey) || own(pass, ours, label, host) {
				continue
			}
			t := tenants[label+" "+vendor]
			if t == nil {
				t = &tenant{host: host, vendor: vendor, days: map[time.Time]bool{}}
				tenants[label+" "+vendor] = t
			}
			t.host = min(t.host, host)
			t.days[detect.Day(o.At.Time())] = true
			t.seen += max(o.DaysSeen, 1)
			if o.At.Time().After(t.last) {
				t.last = o.At.Time().UTC()
			}
			t.refs = append(t.refs, o.Ref)
		}
		report(pass, x, tenants)
	}
	return nil
}

func report(pass *detect.Pass, x *identity.Persona, tenants map[string]*tenant) {
	f := finding.Finding{Signal: "W38", Subject: x.ID, Strength: signal.Medium}
	var hosts []string
	for _, t := range tenants {
		if len(t.days) < often && t.seen < often {
			continue
		}
		slices.SortFunc(t.refs, record.Ref.Compare)
		text := fmt.Sprintf("The laptop talked to %s (%s) %d times", t.host, t.vendor, t.seen)
		if !t.last.IsZero() {
			text += fmt.Sprintf(" on %d days, last on %s", len(t.days), t.last.Format(time.DateOnly))
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Text: text, Refs: t.refs[:min(len(t.refs), 5)]})
		hosts = append(hosts, t.host)
		if t.last.After(f.ObservedAt) {
			f.ObservedAt = t.last
		}
	}
	if len(hosts) == 0 {
		return
	}
	slices.Sort(hosts)
	slices.SortFunc(f.Evidence, func(a, b finding.Evidence) int { return strings.Compare(a.Text, b.Text) })
	f.Summary = "A company laptop uses the sign-in or device management of other organisations: " + strings.Join(hosts, ", ") + "."
	pass.Report(f)
}

// labels returns the words by which the organisation goes in the names of tenants.
func labels(pass *detect.Pass) []string {
	var out []string
	for _, d := range slices.Concat(pass.Baseline.Domains, pass.Settings.Domains) {
		label, _, _ := strings.Cut(strings.ToLower(d), ".")
		out = append(out, plain(label))
	}
	if first, _, _ := strings.Cut(pass.Settings.Organisation, " "); first != "" {
		out = append(out, plain(first))
	}
	return slices.DeleteFunc(out, func(s string) bool { return len(s) < 3 })
}

// own reports whether a tenant is the organisation's, an approved one, or one that
// several of its laptops use.
func own(pass *detect.Pass, ours []string, label, host string) bool {
	if slices.ContainsFunc(ours, func(o string) bool { return strings.Contains(plain(label), o) }) {
		return true
	}
	for _, d := range slices.Concat(pass.Settings.Approved.Domains, pass.Settings.Domains) {
		if d = strings.ToLower(d); strings.EqualFold(host, d) || strings.HasSuffix(strings.ToLower(host), "."+d) {
			return true
		}
	}
	name, ok := pass.Intel.Host(host)
	return ok && pass.Baseline.Hosts[name].Devices >= known
}

// plain keeps letters and digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}
