// Package twoplaces asks whether somebody is in a meeting in one country while the
// laptop is in another.
package twoplaces

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"net/netip"
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

// Detector reports W28.
var Detector = &detect.Detector{
	ID:       "two-places",
	Doc:      doc,
	Signals:  []signal.ID{"W28"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Meetings, record.Sessions}, {record.Meetings, record.Devices}, {record.Meetings, record.NetworkObs}},
	Run:      run,
}

const (
	apart   = time.Hour // between meeting and sighting of the laptop
	minDays = 2         // one day may be a trip without the laptop
)

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		if pass.Remote(x) || len(x.Records.Meetings) == 0 {
			continue
		}
		devices := pass.Sightings(x)
		places := map[netip.Addr]record.Place{}
		for s := range pass.SignIns(x) {
			if s.Net.Shared == "" {
				places[s.IP] = s.Place
			}
		}
		meetings := slices.Clone(x.Records.Meetings)
		slices.SortStableFunc(meetings, func(a, b *record.Meeting) int {
			return cmp.Or(a.At.Time().Compare(b.At.Time()), a.Ref.Compare(b.Ref))
		})
		days := map[time.Time]bool{}
		f := finding.Finding{Signal: "W28", Subject: x.ID, Strength: signal.Medium, Absent: pass.Missing("travel")}
		for _, m := range meetings {
			if s := elsewhere(pass, atlas, x, m, devices, places); s != nil {
				at := m.At.Time().UTC()
				days[detect.Day(at)] = true
				f.ObservedAt = at
				f.Evidence = append(f.Evidence, finding.Evidence{
					Text: fmt.Sprintf("On %s the meeting was joined from %s while the laptop was in %s", at.Format("2006-01-02 15:04"), detect.Where(placeOf(m, places)), detect.Where(s.Place)),
					Refs: []record.Ref{m.Ref, s.Ref},
				})
			}
		}
		if len(days) >= minDays {
			f.Summary = fmt.Sprintf("In meetings from one country while the laptop was in another, on %d days.", len(days))
			f.Evidence = f.Evidence[:min(len(f.Evidence), 5)]
			pass.Report(f)
		}
	}
	return nil
}

// elsewhere returns the sighting of a laptop in another country at the time of a
// meeting, unless it was also seen in the country of the meeting.
func elsewhere(pass *detect.Pass, atlas *detect.Atlas, x *identity.Persona, m *record.Meeting, devices []detect.Sighting, places map[netip.Addr]record.Place) *detect.Sighting {
	pl, at := placeOf(m, places), m.At.Time()
	if pl.Country == "" || at.IsZero() || mobile(m) || pass.Baseline.Exit(m.IP) != "" || pass.Away(x, at, pl) {
		return nil
	}
	until := at
	if m.Leave.Time().After(at) {
		until = m.Leave.Time()
	}
	var other *detect.Sighting
	near := detect.Around(devices, at.Add(until.Sub(at)/2), until.Sub(at)/2+apart)
	for i := range near {
		s := &near[i]
		if s.IP == m.IP && s.IP.IsValid() {
			return nil
		}
		if s.Net.Shared != "" || s.Net.Hosting || pass.Away(x, at, s.Place) {
			continue
		}
		switch gap, _ := atlas.Between(pl, s.Place); gap {
		case detect.GapNear, detect.GapRegion:
			return nil
		case detect.GapCountry:
			if other == nil {
				other = s
			}
		}
	}
	return other
}

func placeOf(m *record.Meeting, places map[netip.Addr]record.Place) record.Place {
	if m.Geo.Country != "" {
		return m.Geo
	}
	return places[m.IP]
}

// mobile reports whether a meeting was joined by phone: phones roam and carry
// VPNs of their own.
func mobile(m *record.Meeting) bool {
	client := strings.ToLower(m.ClientDevice)
	return m.NetworkType == "cellular" || strings.Contains(client, "phone") || strings.Contains(client, "ios") || strings.Contains(client, "ipad") || strings.Contains(client, "android")
}
