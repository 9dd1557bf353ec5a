// Package colocateddevices asks whether the laptops of people who claim different
// homes stand in one place.
package colocateddevices

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W07.
var Detector = &detect.Detector{
	ID:       "co-located-devices",
	Doc:      doc,
	Signals:  []signal.ID{"W07"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Devices}, {record.NetworkObs}, {record.Sessions}},
	Run:      run,
}

const (
	minDays  = 5 // days together (catalogue, W07)
	snapshot = 2 // days of check-ins in all: a host list, or a host list and the enrolment
	upper    = 3 // homes behind one place that no visit explains
)

func run(_ context.Context, pass *detect.Pass) error {
	seen := map[identity.PersonaID]int{} // days of check-ins in all
	for x := range pass.Each() {
		edges := shared(pass, x)
		if len(edges) == 0 {
			continue
		}
		others := together(pass, x, edges, seen)
		if len(others) == 0 {
			continue
		}
		if f, ok := report(pass, x, edges, others); ok {
			pass.Report(f)
		}
	}
	return nil
}

// shared returns the edges about a place that is not openly everybody's home.
func shared(pass *detect.Pass, x *identity.Persona) []*identity.Edge {
	var out []*identity.Edge
	for e := range pass.Edges(x.ID, identity.EdgeDeviceIP, identity.EdgeLAN) {
		if !e.OpenHome {
			out = append(out, e)
		}
	}
	return out
}

// together returns the people whose laptops were with that of x on five days or
// more, over all the addresses that the place had, or in a host list of one time.
func together(pass *detect.Pass, x *identity.Persona, edges []*identity.Edge, seen map[identity.PersonaID]int) map[identity.PersonaID]bool {
	lines, lans := map[identity.PersonaID]int{}, map[identity.PersonaID]int{}
	for _, e := range edges {
		own := e.End(x.ID).Days
		for _, h := range pass.Others(e, x) {
			if pass.View.Persona(h.Persona).Queue != identity.Staff {
				continue
			}
			if n := min(own, h.Days); e.Kind == identity.EdgeDeviceIP {
				lines[h.Persona] += n
			} else {
				lans[h.Persona] = max(lans[h.Persona], n)
			}
		}
	}
	out := map[identity.PersonaID]bool{}
	for _, counts := range []map[identity.PersonaID]int{lines, lans} {
		for id, n := range counts {
			if n >= minDays || checkInDays(pass, x, seen) <= snapshot && checkInDays(pass, pass.View.Persona(id), seen) <= snapshot {
				out[id] = true
			}
		}
	}
	return out
}

func checkInDays(pass *detect.Pass, x *identity.Persona, seen map[identity.PersonaID]int) int {
	if n, ok := seen[x.ID]; ok {
		return n
	}
	days := map[time.Time]bool{}
	for _, s := range pass.Sightings(x) {
		days[s.Day()] = true
	}
	for _, o := range x.Records.NetworkObs {
		if !o.At.IsZero() && o.Anchor != (record.LANAnchor{}) {
			days[detect.Day(o.At.Time())] = true
		}
	}
	seen[x.ID] = len(days)
	return len(days)
}

// report describes the place that most of the others share with x.
func report(pass *detect.Pass, x *identity.Persona, edges []*identity.Edge, with map[identity.PersonaID]bool) (f finding.Finding, ok bool) {
	pick := func(e *identity.Edge) []identity.Holder {
		return slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool { return !with[h.Persona] })
	}
	slices.SortStableFunc(edges, func(a, b *identity.Edge) int {
		return cmp.Or(cmp.Compare(len(pick(b)), len(pick(a))), cmp.Compare(a.Key, b.Key))
	})
	var all []identity.Holder
	for _, e := range edges {
		all = append(all, pick(e)...)
	}
	main := edges[0]
	homes := pass.DistinctHomes(append(slices.Clone(all), main.End(x.ID)))
	if homes < 2 || pass.OneTown(pass.Atlas(), append(slices.Clone(all), main.End(x.ID))) {
		return f, false // a couple or a flat of which others are ends too, or people of one town
	}
	f = finding.Finding{
		Signal: "W07", Subject: x.ID, Strength: signal.Strong, Upper: homes >= upper,
		Summary:  fmt.Sprintf("The laptop stands in one place with those of %s who claim other homes.", detect.Count(len(detect.IDs(all)))),
		Evidence: pass.Ends(main, x, pick(main), "has a laptop at "+main.Label),
		With:     detect.IDs(all), Place: main.Key, OpenHome: main.OpenHome,
		Absent: pass.Missing("homes", "presence"), ObservedAt: detect.Latest(append(slices.Clone(all), main.End(x.ID))),
	}
	for _, e := range edges[1:min(len(edges), 4)] {
		if list := pick(e); len(list) > 0 {
			f.Evidence = append(f.Evidence, finding.Evidence{
				Text: fmt.Sprintf("Also at %s with %s", e.Label, detect.Count(len(list))), Refs: e.End(x.ID).Refs,
			})
		}
	}
	return f, true
}
