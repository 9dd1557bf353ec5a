package neverconverges

import (
	"net/netip"
	"slices"
	"time"

	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/record"
)

// day is what one day shows: the laptop against the claimed homes, and the
// sign-ins against the laptop and the homes.
type day struct {
	at                               time.Time
	deviceFar, deviceNear            bool
	signInApart, signInWith          bool // from the laptop
	signInFar, signInNear            bool // from home
	signInElsewhere                  bool // some came from a further place, also if others came from where the laptop was
	device, signIn                   record.Place
	deviceRef, signInRef, claimedRef record.Ref
	claim                            record.Place
}

// deviceDays returns the days on which the laptop has a place that can be
// compared with a claimed one, ascending. Declared stays and moves are left out.
func deviceDays(pass *detect.Pass, atlas *detect.Atlas, x *identity.Persona, claims []detect.Claim, exits map[netip.Addr]bool) []day {
	var out []day
	for _, s := range pass.Sightings(x) {
		if exits[s.IP] || s.Net.Hosting { // rented servers are where a service has its exits
			continue
		}
		gap, _, claim := atlas.FromClaims(claims, s.At, s.Place)
		if gap == detect.GapUnknown || s.Net.Shared != "" || pass.Away(x, s.At, s.Place) {
			continue
		}
		if n := len(out); n == 0 || !out[n-1].at.Equal(s.Day()) {
			out = append(out, day{at: s.Day(), device: s.Place, deviceRef: s.Ref, claim: claim.Place, claimedRef: claim.Refs[0]})
		}
		d := &out[len(out)-1]
		d.deviceNear = d.deviceNear || gap == detect.GapNear
		d.deviceFar = !d.deviceNear
	}
	return out
}

// exits returns the addresses of x that are exits of anonymising services, by an
// imported list or by the sign-in log itself: they say where a server is and
// nothing about where the person or the laptop is. That such a service is used is W01's to say.
func exits(pass *detect.Pass, x *identity.Persona) map[netip.Addr]bool {
	out := map[netip.Addr]bool{}
	for _, h := range pass.View.HitsOf(x.ID) {
		if h.Indicator.Type != "anonymiser" && h.Indicator.Provider == "" {
			continue
		}
		if ip, err := netip.ParseAddr(h.Value); err == nil {
			out[ip] = true
		}
	}
	t := pass.View.Sessions
	for i := range pass.View.SessionsOf(x) {
		if t.AnonymiserOf(i) != "" {
			out[t.IPOf(i)] = true
		}
	}
	return out
}

// systematic reports whether the laptop is away from home on nearly all of enough
// days, and still is.
func systematic(days []day) (far int, ok bool) {
	for i := range days {
		if days[i].deviceFar {
			far++
		}
	}
	return far, share(far, len(days)) >= minShare && days[len(days)-1].deviceFar
}

// lookBack is how far a sign-in may be from a day with a place of the laptop, where
// such days are few, as in weekly host lists (parity row P-P2 looks back as far).
const lookBack = 3 * 24 * time.Hour

// nearest returns the day with a place of the laptop that a day of sign-ins is
// compared with.
func nearest(days []day, t time.Time) (i int, ok bool) {
	i, ok = slices.BinarySearchFunc(days, t, func(d day, t time.Time) int { return d.at.Compare(t) })
	if ok || len(days) >= minDays {
		return i, ok
	}
	best, least := -1, lookBack
	for j := max(i-1, 0); j < min(i+1, len(days)); j++ {
		if gap := t.Sub(days[j].at).Abs(); gap <= least {
			best, least = j, gap
		}
	}
	return best, best >= 0
}

// signIns adds the sign-ins of the days.
func signIns(pass *detect.Pass, atlas *detect.Atlas, x *identity.Persona, claims []detect.Claim, exits map[netip.Addr]bool, days []day) {
	add := func(at time.Time, pl record.Place, ref record.Ref) {
		i, ok := nearest(days, detect.Day(at))
		if !ok || pl.IsZero() || pass.Away(x, at, pl) {
			return
		}
		d := &days[i]
		gap, _ := atlas.Between(d.device, pl)
		home, _, _ := atlas.FromClaims(claims, at, pl)
		d.signInWith = d.signInWith || gap == detect.GapNear
		d.signInNear = d.signInNear || home == detect.GapNear
		d.signInFar = d.signInFar || home > detect.GapNear
		d.signInElsewhere = d.signInElsewhere || gap > detect.GapNear
		if gap > detect.GapNear && !d.signInWith {
			d.signInApart, d.signIn, d.signInRef = true, pl, ref
		}
	}
	for s := range pass.SignIns(x) {
		if s.Net.Shared == "" && !s.Net.Hosting && !exits[s.IP] {
			add(s.At, s.Place, pass.View.Sessions.RefOf(s.Row))
		}
	}
	for _, s := range pass.Sightings(x) { // sign-ins on the laptop itself
		if s.SignIn && s.Net.Shared == "" && !s.Net.Hosting && !exits[s.IP] {
			add(s.At, s.Place, s.Ref)
		}
	}
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}
