package baseline

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"muster/internal/record"
)

// An address is learnt as the organisation's own exit by how many of its
// accounts come from it. Design values of linkage.md 6.2 (its open question 1):
//   - more than egressDay accounts on one day, or egressFew accounts that are
//     egressShare of all, most of whom also sign in from elsewhere: an office or a
//     VPN is one address of several, while a house that holds other people's
//     laptops is their only one, or
//   - half of all accounts and at least egressFew, whatever else they use.
const (
	egressDay   = 30
	egressFew   = 5
	egressShare = 0.2
	egressHalf  = 0.5
)

// networks looks up each network of the sign-ins once.
func (s *Set) networks(t *record.SessionTable, look Catalogue) {
	type network struct {
		asn      int64
		org, isp string
	}
	seen := map[network]bool{}
	for i := range t.Len() {
		asn, org, isp, _ := t.NetOf(i)
		n := network{asn, org, isp}
		if seen[n] || n == (network{}) {
			continue
		}
		seen[n] = true
		if why, ok := look.Carrier(asn, strings.TrimSpace(org+" "+isp)); ok {
			if old, ok := s.Carriers[asn]; asn != 0 && (!ok || why < old) {
				s.Carriers[asn] = why
			}
			if org != "" || isp != "" {
				s.Relays[org+" "+isp] = why
			}
		}
		if asn != 0 && look.Hosting(asn, strings.TrimSpace(org+" "+isp)) {
			s.Hosting[asn] = true
		}
	}
}

// learnEgress finds the addresses that many accounts of the organisation share, if
// they are to be taken for its own: the accounts of a marketplace have no common
// exit, and what many of them share is what is looked for.
func (s *Set) learnEgress(t *record.SessionTable, asOf time.Time, own bool) {
	total := s.Accounts
	home := map[string]netip.Addr{} // accounts that have one address only
	for _, a := range t.Accounts() {
		lo, hi := t.Rows(a)
		only, many := netip.Addr{}, false
		for i := lo; i < hi && !many; i++ {
			if ip := t.IPOf(i); ip.IsValid() {
				many = only.IsValid() && ip != only
				only = ip
			}
		}
		if !many {
			home[a] = only
		}
		if hi > lo && t.TimeOf(hi-1).After(s.Newest.Session) && !t.TimeOf(hi-1).After(asOf.Add(24*time.Hour)) {
			s.Newest.Session = t.TimeOf(hi - 1)
		}
	}
	if !own {
		return
	}
	for ip, rows := range t.ByIP() {
		if !ip.IsValid() || len(rows) < egressFew {
			continue
		}
		users, busiest := accountsOf(t, rows)
		settled := 0
		for _, a := range users {
			if home[a] == ip {
				settled++
			}
		}
		n := len(users)
		share := float64(n) / float64(max(total, 1))
		roaming := 2*settled < n
		switch {
		case busiest > egressDay && roaming:
			s.Egress[ip] = Shared{fmt.Sprintf("learnt egress: %d accounts on one day", busiest), n}
		case n >= egressFew && share >= egressHalf, n >= egressFew && share >= egressShare && roaming:
			s.Egress[ip] = Shared{fmt.Sprintf("learnt egress: %d of %d accounts", n, total), n}
		}
	}
}

// accountsOf returns the distinct accounts of rows that ascend in time, and the
// largest number on one day.
func accountsOf(t *record.SessionTable, rows []uint32) (users []string, busiest int) {
	all, today := map[string]bool{}, map[string]bool{}
	day := int64(-1)
	for _, r := range rows {
		if t.OutcomeOf(int(r)) == "failure" {
			continue
		}
		a := t.AccountOf(int(r))
		if d := t.TimeOf(int(r)).Unix() / 86400; d != day {
			day = d
			clear(today)
		}
		all[a], today[a] = true, true
		busiest = max(busiest, len(today))
	}
	for a := range all {
		users = append(users, a)
	}
	slices.Sort(users)
	return users, busiest
}

// fleet notes from which addresses managed devices checked in.
func (s *Set) fleet(set *record.Set, asOf time.Time) {
	type sight struct {
		ip     netip.Addr
		device string
	}
	span := map[sight]FleetSight{}
	see := func(device string, ip netip.Addr, at time.Time) {
		if device == "" || !ip.IsValid() || at.After(asOf.Add(24*time.Hour)) {
			return
		}
		x, ok := span[sight{ip, device}]
		if !ok {
			x = FleetSight{DeviceKey: device, First: at, Last: at}
		}
		if at.Before(x.First) {
			x.First = at
		}
		if at.After(x.Last) {
			x.Last = at
		}
		span[sight{ip, device}] = x
		if at.After(s.Newest.CheckIn) {
			s.Newest.CheckIn = at
		}
	}
	for _, d := range set.Devices {
		at := d.LastSeen
		if at.IsZero() {
			at = d.ObservedAt
		}
		see(d.DeviceKey, d.PublicIP, at.Time().UTC())
		see(d.DeviceKey, d.EnrollIP, d.EnrolledAt.Time().UTC())
	}
	for _, o := range set.NetworkObs {
		see(o.DeviceKey, o.PublicIP, o.At.Time().UTC())
	}
	t := &set.Sessions
	for i := range t.Len() {
		if k := t.SourceKindOf(i); k == "mdm" || k == "edr" {
			see(t.DeviceOf(i), t.IPOf(i), t.TimeOf(i))
		}
	}
	for k, x := range span {
		s.Fleet[k.ip] = append(s.Fleet[k.ip], x)
	}
	for _, list := range s.Fleet {
		slices.SortFunc(list, func(a, b FleetSight) int { return strings.Compare(a.DeviceKey, b.DeviceKey) })
	}
}

// centroids averages the positions that vendors give for a city. Distinct
// positions count once and in a fixed order, so that the mean does not depend on
// the order of rows.
func (s *Set) centroids(t *record.SessionTable) {
	points := map[string]map[Point]bool{}
	for i := range t.Len() {
		p := t.PlaceOf(i)
		if p.City == "" || p.Country == "" || p.Lat == nil {
			continue
		}
		k := p.Country + "/" + p.Region + "/" + p.City
		if points[k] == nil {
			points[k] = map[Point]bool{}
		}
		points[k][Point{*p.Lat, *p.Lon}] = true
	}
	for k, set := range points {
		list := make([]Point, 0, len(set))
		for p := range set {
			list = append(list, p)
		}
		slices.SortFunc(list, func(a, b Point) int {
			if a.Lat != b.Lat {
				if a.Lat < b.Lat {
					return -1
				}
				return 1
			}
			switch {
			case a.Lon < b.Lon:
				return -1
			case a.Lon > b.Lon:
				return 1
			}
			return 0
		})
		var sum Point
		for _, p := range list {
			sum.Lat += p.Lat
			sum.Lon += p.Lon
		}
		n := float64(len(list))
		s.Centroids[k] = Point{sum.Lat / n, sum.Lon / n}
	}
}
