// Package screen compares what personas use with reported indicators: addresses,
// numbers, accounts and networks that a feed or an own case has named. It says
// what matched, exactly or by containment, when and how long; it does not grade
// and never compares names.
package screen

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/record"
)

// Fields of a hit that are addresses. The first three come from monitoring and
// are held back until staff were told of it.
const (
	FieldSignInIP      = "sign_in_ip"     // sign-ins; failed ones are left out, anybody can cause them
	FieldMeetingIP     = "meeting_ip"     // meetings
	FieldDeviceIP      = "device_ip"      // check-ins and enrolments of devices
	FieldApplicationIP = "application_ip" // applications and visits to the applicant portal
	FieldChangeIP      = "change_ip"      // changes of bank details
	FieldReferenceIP   = "reference_ip"   // references given by the persona
)

// maxRefs is how many rows a hit names.
const maxRefs = 5

// Run returns the hits of all personas with the set's indicators, ordered by
// persona, field, value and indicator. Revoked indicators, indicators that had
// ended before the use, and addresses that belong to the organisation or to
// everybody give no hit; on the networks of mobile carriers and relays only
// providers' own lists do. It sets g.Screened. It needs no index of the graph.
func Run(g *identity.Graph, set *record.Set, base *baseline.Set, asOf time.Time) []identity.Hit {
	list := newList(set.Indicators, asOf)
	g.Screened = list.n
	if list.n == 0 {
		return nil
	}
	s := &screener{list: list, base: base, asOf: asOf, end: asOf.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)}
	uses := usesOf(g.Personas, base)
	for i := range uses {
		s.match(&uses[i])
	}
	s.sessions(g.Personas, &set.Sessions)
	slices.SortFunc(s.hits, compareHits)
	return s.hits
}

func compareHits(a, b identity.Hit) int {
	return cmp.Or(
		strings.Compare(string(a.Persona), string(b.Persona)), strings.Compare(a.Field, b.Field), strings.Compare(a.Value, b.Value),
		strings.Compare(a.Indicator.Feed, b.Indicator.Feed), strings.Compare(a.Indicator.Type, b.Indicator.Type),
		strings.Compare(a.Indicator.Value, b.Indicator.Value), a.First.Compare(b.First), a.Indicator.Ref.Compare(b.Indicator.Ref),
	)
}

// screener collects hits.
type screener struct {
	list *list
	base *baseline.Set // nil if nothing was learnt
	asOf time.Time
	end  time.Time // what is later than the day of asOf is unknown
	hits []identity.Hit
}

// match looks a use up and keeps the hits.
func (s *screener) match(u *use) {
	if u.ip.IsValid() {
		if s.public(u.ip) {
			return
		}
		for ind, exact := range s.list.covering(u.ip) {
			if h := (identity.Hit{Indicator: ind}); !u.crowd || h.Anonymiser() {
				s.keep(u, ind, exact)
			}
		}
		return
	}
	for ind, exact := range s.list.equal(u) {
		s.keep(u, ind, exact)
	}
}

// public reports whether an address says nothing about a person.
func (s *screener) public(ip netip.Addr) bool {
	if s.base != nil && s.base.Exit(ip) != "" {
		return true
	}
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || carrierNAT.Contains(ip)
}

// carrierNAT is the shared address space of RFC 6598.
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// keep adds a hit with the sightings of u during the indicator's validity. A use
// without a date counts as current.
func (s *screener) keep(u *use, ind *record.Indicator, exact bool) {
	until := s.end
	if v := validUntil(ind); !v.IsZero() && v.Before(until) {
		until = v
	}
	h := identity.Hit{Persona: u.persona, Field: u.field, Value: u.shown, Indicator: ind, Exact: exact}
	day, undated := int64(0), false
	for _, x := range u.seen {
		at := x.at
		if at.IsZero() {
			undated = true
			at = s.asOf
		}
		if !at.Before(until) {
			continue
		}
		if len(h.Refs) < maxRefs && !slices.Contains(h.Refs, x.ref) {
			h.Refs = append(h.Refs, x.ref)
		}
		if x.at.IsZero() {
			continue
		}
		if d := at.Unix() / 86400; h.First.IsZero() || d != day {
			day = d
			h.Days++
		}
		if h.First.IsZero() {
			h.First = at
		}
		h.Last = at
	}
	if len(h.Refs) == 0 {
		return
	}
	h.Age = age(ind, h.First, h.Last, undated, s.asOf)
	s.hits = append(s.hits, h)
}

// age is the time between the period in which the indicator was seen and the
// period in which the persona used the value; 0 if they overlap or one is unknown.
func age(ind *record.Indicator, first, last time.Time, undated bool, asOf time.Time) time.Duration {
	if undated || first.IsZero() {
		last = asOf
		if first.IsZero() {
			first = asOf
		}
	}
	from, to := Seen(ind)
	switch {
	case to.IsZero():
		return 0
	case first.After(to):
		return first.Sub(to)
	case last.Before(from):
		return from.Sub(last)
	}
	return 0
}

// Seen returns the period in which an indicator was seen, as its feed says; zero
// if the feed gives no date.
func Seen(ind *record.Indicator) (first, last time.Time) {
	first, last = ind.FirstSeen.Time(), ind.LastSeen.Time()
	switch {
	case ind.LastSeen.IsZero() && ind.FirstSeen.IsZero():
		return ind.ObservedAt.Time(), ind.ObservedAt.Time()
	case ind.LastSeen.IsZero():
		return first, first
	case ind.FirstSeen.IsZero():
		return last, last
	}
	return first, last
}
