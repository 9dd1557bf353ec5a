package detect

import (
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// farKM is the distance from which on a delivery is elsewhere than at home
// (catalogue, O01).
const farKM = 50

// Home is an address at which a persona says to live.
type Home struct {
	Address record.Address
	Ref     record.Ref
}

// Homes returns every address that the persona's own records name as home, at any
// time, in the order of the records.
func Homes(x *identity.Persona) []Home {
	var out []Home
	for _, e := range x.Records.Engagements {
		if !e.HomeAddress.IsZero() {
			out = append(out, Home{e.HomeAddress, e.Ref})
		}
	}
	for _, c := range x.Records.Claims {
		if !c.ClaimedAddress.IsZero() {
			out = append(out, Home{c.ClaimedAddress, c.Ref})
		}
	}
	return out
}

// SameUnit reports whether two addresses are one flat, or one building of which
// one of them names no flat.
func SameUnit(a, b record.Address) bool {
	p, q := match.Address(a), match.Address(b)
	return !p.IsZero() && p.Building == q.Building && (p.Unit == q.Unit || p.Unit == "" || q.Unit == "")
}

// Far says whether two addresses lie in different parts of a country or farther
// apart than 50 km, and whether that can be told: by the coordinates of their
// cities, else by country and region, else by postcode area and city together. A
// city's name never decides alone (ruling 15).
func (a *Atlas) Far(country string, x, y record.Address) (far, known bool) {
	p, q := placed(x, country), placed(y, country)
	gap, km := a.Between(p, q)
	switch {
	case km >= 0:
		return km > farKM, true
	case gap != GapUnknown:
		return gap > GapNear, true
	case p.City == "" || q.City == "":
		return false, false
	case match.Fold(p.City) == match.Fold(q.City):
		return false, true
	}
	s, t := area(x), area(y)
	return s != "" && t != "" && s != t, s != "" && t != "" && s != t
}

// placed returns the place of an address, its city read from the text if it has
// no parts.
func placed(a record.Address, country string) record.Place {
	p := PlaceOf(a)
	if p.Country == "" {
		p.Country = country
	}
	if p.City == "" {
		p.City, _, _ = strings.Cut(match.Address(a).Label, ",")
	}
	return p
}

// area returns the first two characters of the postcode, which in most countries
// stand for a part of the country.
func area(a record.Address) string {
	where, _, _ := strings.Cut(match.Address(a).Building, "|")
	if match.Digits(where) == "" || len(where) < 4 {
		return ""
	}
	return where[:2]
}

// DeclaredAddress reports whether an address was declared as one that many may
// use: shared housing, a hub, an agency. The unit does not matter.
func (p *Pass) DeclaredAddress(a record.Address, at time.Time) bool {
	building := match.Address(a).Building
	is := func(text string) bool {
		return building != "" && match.Address(record.Address{Raw: text}).Building == building
	}
	for _, s := range p.Settings.Declared.SharedAddresses {
		if (s.Until.IsZero() || !at.After(s.Until.Last().AddDate(0, 0, 1))) && is(s.Address) {
			return true
		}
	}
	for _, g := range p.Settings.Declared.Agencies {
		if slices.ContainsFunc(g.Addresses, is) {
			return true
		}
	}
	return false
}
