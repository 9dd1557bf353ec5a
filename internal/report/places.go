package report

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/record"
)

// maxPlaces is how many sign-in places are named one by one.
const maxPlaces = 8

// Kinds of places, in the order in which they are told.
var placeKinds = []string{"claimed_home", "work_location", "ship_to", "delivered", "returned_from", "device", "sign_in"}

const famLocation = "location"

// places lists where a persona's records say it is. Sign-ins and devices are
// telemetry and only used from the monitoring notice on.
func (b *builder) places(p *identity.Persona) []Place {
	var out []Place
	add := func(kind, family string, at record.Place, label string, m *record.Common) {
		if label == "" && at.IsZero() {
			return
		}
		pl := Place{
			Kind: kind, Label: cmp.Or(label, placeText(at)), Country: at.Country, Region: at.Region, City: at.City,
			Lat: at.Lat, Lon: at.Lon, First: m.ObservedAt.Date().String(), From: m.Ref.Source, Family: family,
		}
		b.locate(&pl)
		out = append(out, pl)
	}
	r := &p.Records
	for _, c := range r.Claims {
		add("claimed_home", famHiring, placeOf(c.ClaimedAddress), addressText(c.ClaimedAddress), &c.Common)
	}
	for _, e := range r.Engagements {
		add("claimed_home", famHiring, placeOf(e.HomeAddress), addressText(e.HomeAddress), &e.Common)
		add("work_location", famHiring, e.WorkLocation, "", &e.Common)
	}
	for _, s := range r.Shipments {
		add("ship_to", famShipping, placeOf(s.ShipTo), addressText(s.ShipTo), &s.Common)
		add("delivered", famShipping, s.DeliveredPlace, "", &s.Common)
		add("returned_from", famShipping, s.ReturnedFrom, "", &s.Common)
	}
	if since, ok := b.settings.NoticeDate(p.Country); ok {
		for _, d := range r.Devices {
			if !d.LastSeen.Time().Before(since) {
				add("device", famLocation, d.Place, "", &d.Common)
			}
		}
		out = append(out, b.signInPlaces(p)...)
	}
	slices.SortStableFunc(out, comparePlaces)
	return slices.CompactFunc(out, func(x, y Place) bool { return x.Kind == y.Kind && x.Label == y.Label && x.Kind != "sign_in" })
}

func comparePlaces(x, y Place) int {
	return cmp.Or(
		cmp.Compare(slices.Index(placeKinds, x.Kind), slices.Index(placeKinds, y.Kind)),
		cmp.Compare(y.Share, x.Share), strings.Compare(x.Label, y.Label), strings.Compare(x.First, y.First), strings.Compare(x.From, y.From),
	)
}

func placeOf(a record.Address) record.Place {
	return record.Place{Country: a.Country, Region: a.Region, City: a.City}
}

// locate fills in the coordinates learnt for a city. They draw a picture and decide nothing.
func (b *builder) locate(p *Place) {
	if p.Lat != nil || p.City == "" {
		return
	}
	at, ok := b.cities[strings.ToLower(p.Country+"/"+p.Region+"/"+p.City)]
	if !ok {
		at, ok = b.cities[strings.ToLower(p.Country+"/"+p.City)]
	}
	if ok {
		lat, lon := at.Lat, at.Lon
		p.Lat, p.Lon = &lat, &lon
	}
}

// cityIndex indexes the learnt cities by country, region and city, and by country
// and city where that names one only.
func cityIndex(centroids map[string]baseline.Point) map[string]baseline.Point {
	out, count := make(map[string]baseline.Point, 2*len(centroids)), map[string]int{}
	short := func(key string) string {
		cc, rest, _ := strings.Cut(key, "/")
		return cc + "/" + rest[strings.LastIndexByte(rest, '/')+1:]
	}
	for key := range centroids {
		count[short(strings.ToLower(key))]++
	}
	for _, key := range slices.Sorted(maps.Keys(centroids)) {
		at := centroids[key]
		key = strings.ToLower(key)
		out[key] = at
		if s := short(key); count[s] == 1 {
			out[s] = at
		}
	}
	return out
}

// signInPlaces sums the days of sign-in by place.
func (b *builder) signInPlaces(p *identity.Persona) []Place {
	type sum struct {
		at   record.Place
		days map[int64]bool
	}
	since, _ := b.settings.NoticeDate(p.Country)
	t, all, sums := &b.set.Sessions, map[int64]bool{}, map[string]*sum{}
	b.eachSignIn(p, since, func(i int) {
		at, label := t.PlaceOf(i), "company exit (office, VPN or virtual desktop)"
		if !b.isEgress(t.IPOf(i)) {
			label = placeText(at)
		} else {
			at = record.Place{}
		}
		s := sums[label]
		if s == nil {
			s = &sum{at, map[int64]bool{}}
			sums[label] = s
		}
		d := t.TimeOf(i).Unix() / 86400
		s.days[d], all[d] = true, true
		if s.at.Lat == nil {
			s.at.Lat, s.at.Lon = at.Lat, at.Lon
		}
	})
	var out []Place
	for label, s := range sums {
		lo, hi := int64(1<<62), int64(0)
		for d := range s.days {
			lo, hi = min(lo, d), max(hi, d)
		}
		pl := Place{
			Kind: "sign_in", Label: cmp.Or(label, "unknown place"), Country: s.at.Country, Region: s.at.Region, City: s.at.City, Lat: s.at.Lat, Lon: s.at.Lon,
			Share: round(float64(len(s.days)) / float64(len(all))), Days: len(s.days), First: unixDay(lo), Last: unixDay(hi), Family: famLocation,
		}
		b.locate(&pl)
		out = append(out, pl)
	}
	slices.SortFunc(out, comparePlaces)
	if n := len(out) - maxPlaces; n > 0 {
		out = append(out[:maxPlaces], Place{Kind: "sign_in", Label: fmt.Sprintf("%d further places, fewer days each", n), Family: famLocation})
	}
	return out
}

func unixDay(d int64) string { return day(time.Unix(d*86400, 0)) }

func (b *builder) isEgress(ip netip.Addr) bool {
	if _, ok := b.base.Egress[ip]; ok {
		return true
	}
	return slices.ContainsFunc(b.settings.Egress, func(p netip.Prefix) bool { return p.Contains(ip) })
}
