package detect

import (
	"math"
	"slices"
	"strings"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/record"
)

// Gap is how far two places lie apart, as far as the sources allow to say.
type Gap uint8

// The gaps. Region stands for another region of the same country.
const (
	GapUnknown Gap = iota
	GapNear
	GapRegion
	GapCountry
)

// nearKM is a distance that commuters and address databases bridge.
const nearKM = 100

// Atlas compares places. Cities are placed by the centroids that the baseline
// learnt (ruling 15); a city never decides alone: two places of one region are
// near, whatever the distance. It is not safe for concurrent use.
type Atlas struct {
	look   *intel.Set
	cities map[string]baseline.Point // "CC/city" in lower case; absent if ambiguous
	known  map[[2]spot]distance      // what was compared already: the same few places come again and again
}

// Atlas returns the means to compare places with what the pass knows.
func (p *Pass) Atlas() *Atlas {
	a := &Atlas{look: p.Intel, cities: map[string]baseline.Point{}, known: map[[2]spot]distance{}}
	keys := make([]string, 0, len(p.Baseline.Centroids))
	for k := range p.Baseline.Centroids {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	ambiguous := map[string]bool{}
	for _, k := range keys {
		parts := strings.Split(strings.ToLower(k), "/")
		name, at := parts[0]+"/"+parts[len(parts)-1], p.Baseline.Centroids[k]
		if old, ok := a.cities[name]; ok && kilometres(old, at) > nearKM {
			ambiguous[name] = true
		} else if !ok {
			a.cities[name] = at
		}
	}
	for name := range ambiguous {
		delete(a.cities, name)
	}
	return a
}

func (a *Atlas) point(p record.Place) (baseline.Point, bool) {
	if p.Lat != nil && p.Lon != nil {
		return baseline.Point{Lat: *p.Lat, Lon: *p.Lon}, true
	}
	if p.City == "" {
		return baseline.Point{}, false
	}
	at, ok := a.cities[strings.ToLower(p.Country+"/"+p.City)]
	return at, ok
}

// spot is a place as a key.
type spot struct {
	country, region, city string
	lat, lon              float64
	point                 bool
}

func spotOf(p record.Place) spot {
	s := spot{country: p.Country, region: p.Region, city: p.City}
	if p.Lat != nil && p.Lon != nil {
		s.lat, s.lon, s.point = *p.Lat, *p.Lon, true
	}
	return s
}

type distance struct {
	gap Gap
	km  float64
}

// Between says how two places differ, and the distance in kilometres where both
// can be placed, else -1.
func (a *Atlas) Between(x, y record.Place) (Gap, float64) {
	k := [2]spot{spotOf(x), spotOf(y)}
	if d, ok := a.known[k]; ok {
		return d.gap, d.km
	}
	gap, km := a.compare(x, y)
	a.known[k] = distance{gap, km}
	return gap, km
}

func (a *Atlas) compare(x, y record.Place) (Gap, float64) {
	km := -1.0
	from, ok1 := a.point(x)
	if to, ok2 := a.point(y); ok1 && ok2 {
		km = kilometres(from, to)
	}
	if x.Country == "" || y.Country == "" {
		return GapUnknown, km
	}
	if x.Country != y.Country {
		if km >= 0 && km <= nearKM { // people who live near a border
			return GapNear, km
		}
		return GapCountry, km
	}
	if x.City != "" && strings.EqualFold(x.City, y.City) {
		return GapNear, km
	}
	if x.Region == "" || y.Region == "" {
		return GapUnknown, km
	}
	same, comparable := a.look.SameRegion(x.Region, y.Region)
	switch {
	case same, km >= 0 && km <= nearKM:
		return GapNear, km
	case comparable, km > nearKM:
		return GapRegion, km
	}
	return GapUnknown, km
}

// kilometres is the great-circle distance.
func kilometres(a, b baseline.Point) float64 {
	const radius, degree = 6371, math.Pi / 180
	lat, lon := (b.Lat-a.Lat)*degree/2, (b.Lon-a.Lon)*degree/2
	h := math.Sin(lat)*math.Sin(lat) + math.Cos(a.Lat*degree)*math.Cos(b.Lat*degree)*math.Sin(lon)*math.Sin(lon)
	return 2 * radius * math.Asin(math.Sqrt(min(h, 1)))
}

// Claim is a place where a persona says to live or to work from.
type Claim struct {
	Place record.Place
	Refs  []record.Ref
	from  time.Time // zero = always
	until time.Time
}

// Claims returns every place that the persona's own records name as home or
// agreed place of work. The HR system's rows count before those of applications.
func (p *Pass) Claims(x *identity.Persona) []Claim {
	var out []Claim
	add := func(pl record.Place, m *record.Common) {
		if pl.IsZero() {
			return
		}
		if pl.Country == "" {
			pl.Country = x.Country
		}
		out = append(out, Claim{pl, []record.Ref{m.Ref}, m.ValidFrom.Time(), m.ValidTo.Time()})
	}
	for _, e := range x.Records.Engagements {
		add(Placed(x, e.HomeAddress), &e.Common)
		add(e.WorkLocation, &e.Common)
	}
	for _, c := range x.Records.Claims {
		if pl := Placed(x, c.ClaimedAddress); !pl.IsZero() {
			add(pl, &c.Common)
		} else if len(out) == 0 {
			add(record.Place{Country: c.ClaimCountry}, &c.Common)
		}
	}
	return out
}

// DistinctHomes counts the homes behind holders: people who give one address, or
// who were declared to live together, count once. Somebody without an address
// counts alone.
func (p *Pass) DistinctHomes(holders []identity.Holder) int {
	var seen []*identity.Persona
	for _, h := range holders {
		x := p.View.Persona(h.Persona)
		if x != nil && !slices.ContainsFunc(seen, func(y *identity.Persona) bool { return x == y || p.SameHousehold(x, y) || sameHome(x, y) }) {
			seen = append(seen, x)
		}
	}
	return len(seen)
}

// DistantHomes returns how many of the holders claim homes far (50 km) from each
// other. Homes of which the distance is not known count as near.
func (p *Pass) DistantHomes(atlas *Atlas, holders []identity.Holder) int {
	var seen []*identity.Persona
	for _, h := range holders {
		x := p.View.Persona(h.Persona)
		if x == nil || len(Homes(x)) == 0 {
			continue
		}
		if !slices.ContainsFunc(seen, func(y *identity.Persona) bool { return x == y || !apart(atlas, x, y) }) {
			seen = append(seen, x)
		}
	}
	return len(seen)
}

// OneTown reports whether all homes that the holders claim are known to be near (50
// km) each other: neighbours, a couple with an old address, a co-working space.
func (p *Pass) OneTown(atlas *Atlas, holders []identity.Holder) bool {
	for i, h := range holders {
		x := p.View.Persona(h.Persona)
		for _, o := range holders[:i] {
			y := p.View.Persona(o.Persona)
			if x == nil || y == nil || !near(atlas, x, y) {
				return false
			}
		}
	}
	return true
}

// near reports whether some home of x is known to be near one of y.
func near(atlas *Atlas, x, y *identity.Persona) bool {
	for _, a := range Homes(x) {
		for _, b := range Homes(y) {
			if far, known := atlas.Far(x.Country, a.Address, b.Address); known && !far {
				return true
			}
		}
	}
	return false
}

// apart reports whether every home of x is far from every home of y.
func apart(atlas *Atlas, x, y *identity.Persona) bool {
	for _, a := range Homes(x) {
		for _, b := range Homes(y) {
			if far, known := atlas.Far(x.Country, a.Address, b.Address); !far || !known {
				return false
			}
		}
	}
	return true
}

func sameHome(x, y *identity.Persona) bool {
	for _, a := range Homes(x) {
		for _, b := range Homes(y) {
			if SameUnit(a.Address, b.Address) {
				return true
			}
		}
	}
	return false
}

// Placed returns where an address of a persona lies; an address without a country
// is taken to be in the country of work.
func Placed(x *identity.Persona, a record.Address) record.Place {
	if a.IsZero() {
		return record.Place{}
	}
	return placed(a, x.Country)
}

// PlaceOf returns the parts of an address that name a place.
func PlaceOf(a record.Address) record.Place {
	return record.Place{Country: a.Country, Region: a.Region, City: a.City}
}

// FromClaims says how far a place is from the nearest place claimed at the time.
// A move that HR knows of counts from a month before its row, since people move
// before they report it.
func (a *Atlas) FromClaims(claims []Claim, at time.Time, pl record.Place) (gap Gap, km float64, nearest Claim) {
	const slack = 31 * 24 * time.Hour
	km = -1
	for _, c := range claims {
		if !c.from.IsZero() && at.Before(c.from.Add(-slack)) || !c.until.IsZero() && at.After(c.until.Add(slack)) {
			continue
		}
		g, d := a.Between(c.Place, pl)
		if g == GapUnknown {
			continue
		}
		if gap == GapUnknown || g < gap {
			gap, km, nearest = g, d, c
		}
	}
	return gap, km, nearest
}

// Away reports whether a declared stay or move explains that the persona was at
// a place at a time, give or take two days.
func (p *Pass) Away(x *identity.Persona, at time.Time, pl record.Place) bool {
	const slack = 48 * time.Hour
	for _, m := range slices.Concat(p.Settings.Declared.Travel, p.Settings.Declared.Relocations) {
		if !Among(x, []string{m.Person}) || m.Country != "" && pl.Country != "" && m.Country != pl.Country {
			continue
		}
		if !m.From.IsZero() && at.Before(m.From.First().Add(-slack)) || !m.Until.IsZero() && at.After(m.Until.Last().Add(24*time.Hour+slack)) {
			continue
		}
		return true
	}
	return false
}

// Remote reports whether the persona works from a declared virtual desktop, so
// that its sign-ins come from elsewhere than its hands.
func (p *Pass) Remote(x *identity.Persona) bool {
	return Among(x, p.Settings.Declared.VirtualDesktops)
}

// Missing returns which of the named exculpating sources are not in the input (ruling 17).
func (p *Pass) Missing(sources ...string) []string {
	var out []string
	for _, s := range sources {
		if !p.Baseline.Sources[s] {
			out = append(out, s)
		}
	}
	return out
}

// Where writes a place as "City, Region, CC".
func Where(p record.Place) string {
	var parts []string
	for _, s := range []string{p.City, p.Region, p.Country} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return "an unnamed place"
	}
	return strings.Join(parts, ", ")
}
