// Package vpnsignin asks whether somebody signs in through a commercial VPN, a
// rented server or a residential proxy.
package vpnsignin

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
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W02 and W03.
var Detector = &detect.Detector{
	ID:       "vpn-sign-in",
	Doc:      doc,
	Signals:  []signal.ID{"W02", "W03"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Sessions}},
	Run:      run,
}

const (
	least = 2 // days; one is a hotel, a slip or a mistake of the vendor's
	many  = 3 // days that the vendor's own flag must show for more than weak
)

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		if pass.Remote(x) {
			continue // a declared virtual desktop stands on rented servers
		}
		r := read(pass, x)
		if !r.told && pass.View.Screened == 0 {
			pass.NotAssessed(x.ID, "records") // neither networks nor opinions nor lists
			continue
		}
		for _, id := range []signal.ID{"W02", "W03"} {
			r.report(atlas, id)
		}
	}
	return nil
}

// report reports what came through one kind of service.
func (r *reader) report(atlas *detect.Atlas, id signal.ID) {
	var list []*tunnel
	days := map[time.Time]bool{}
	for _, w := range r.tunnels {
		if w.signal == id {
			list = append(list, w)
			for d := range w.days {
				days[d] = true
			}
		}
	}
	if len(days) < least {
		return
	}
	slices.SortFunc(list, func(a, b *tunnel) int {
		return cmp.Or(cmp.Compare(len(b.days), len(a.days)), strings.Compare(a.name, b.name), strings.Compare(a.why, b.why), cmp.Compare(a.rows[0], b.rows[0]))
	})
	through := "a commercial VPN or a rented server"
	if id == "W03" {
		through = "a proxy in a network of households"
	}
	f := finding.Finding{Signal: id, Subject: r.x.ID, Strength: signal.Weak, Absent: r.pass.Missing("travel", "vdi")}
	f.Summary = fmt.Sprintf("Signed in through %s on %d days.", through, len(days))
	for _, w := range list[:min(len(list), 5)] {
		f.Evidence = append(f.Evidence, r.evidence(w))
	}
	for _, w := range list {
		if last := r.last(w); last.After(f.ObservedAt) {
			f.ObservedAt = last
		}
	}
	if e, away := r.neverHome(atlas, list); away {
		f.Strength = signal.Medium
		f.Summary = fmt.Sprintf("Signed in through %s on %d days, with exits elsewhere than the claimed home, and never from near it.", through, len(days))
		f.Evidence = append(f.Evidence, e)
	}
	r.pass.Report(f)
}

func (r *reader) evidence(w *tunnel) finding.Evidence {
	e := finding.Evidence{Text: fmt.Sprintf("Sign-ins through %s, %s, on %d days until %s", w.name, w.why, len(w.days), r.last(w).Format(time.DateOnly))}
	for _, i := range w.rows[:min(len(w.rows), 5)] {
		e.Refs = append(e.Refs, r.pass.View.Sessions.RefOf(i))
	}
	return e
}

func (r *reader) last(w *tunnel) time.Time {
	var last time.Time
	for _, i := range w.rows {
		if at := r.pass.View.Sessions.TimeOf(i); at.After(last) {
			last = at
		}
	}
	return last
}

// neverHome reports whether the vendor's own flags show exits in other regions
// than the claimed homes on several days, and nothing was ever seen near them: no
// sign-in from an ordinary line and no device. What cannot be placed may be near.
func (r *reader) neverHome(atlas *detect.Atlas, list []*tunnel) (e finding.Evidence, ok bool) {
	claims, t := r.pass.Claims(r.x), r.pass.View.Sessions
	near := func(at time.Time, pl record.Place) bool {
		gap, _, _ := atlas.FromClaims(claims, at, pl)
		return gap == detect.GapNear || gap == detect.GapUnknown
	}
	days, exits := map[time.Time]bool{}, map[netip.Addr]bool{}
	for _, w := range list {
		for _, i := range w.rows {
			at, pl := t.TimeOf(i), t.PlaceOf(i)
			exits[t.IPOf(i)] = true
			switch {
			case !w.vendor:
			case near(at, pl), r.pass.Away(r.x, at, pl):
				return e, false
			default:
				days[detect.Day(at)] = true
			}
		}
	}
	if len(days) < many || slices.ContainsFunc(r.plain, func(i int) bool { return near(t.TimeOf(i), t.PlaceOf(i)) }) {
		return e, false
	}
	if slices.ContainsFunc(r.pass.Sightings(r.x), func(s detect.Sighting) bool {
		return !exits[s.IP] && s.Net.Shared == "" && !s.Place.IsZero() && near(s.At, s.Place)
	}) {
		return e, false
	}
	return finding.Evidence{
		Text: fmt.Sprintf("The claimed home is %s; no sign-in from an ordinary line and no device was ever seen near it", detect.Where(claims[0].Place)),
		Refs: claims[0].Refs,
	}, true
}
