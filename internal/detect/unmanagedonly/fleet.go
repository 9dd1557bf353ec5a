package unmanagedonly

import (
	"net/netip"
	"slices"
	"time"

	"muster/internal/baseline"
	"muster/internal/detect"
)

// fleet is where and when managed devices were seen. IPv6 addresses are compared
// by their /64: devices change the rest of it daily (RFC 8981).
type fleet struct {
	spans map[netip.Prefix][]baseline.FleetSight
	all   []baseline.FleetSight // merged, ascending: when the export of the fleet covers
}

func network(ip netip.Addr) netip.Prefix {
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	p, _ := ip.Prefix(bits) // cannot fail: bits is in range
	return p
}

func newFleet(base *baseline.Set) *fleet {
	f := &fleet{spans: map[netip.Prefix][]baseline.FleetSight{}}
	for ip, list := range base.Fleet {
		f.spans[network(ip)] = append(f.spans[network(ip)], list...)
		f.all = append(f.all, list...)
	}
	slices.SortFunc(f.all, func(a, b baseline.FleetSight) int { return a.First.Compare(b.First) })
	merged := f.all[:0]
	for _, s := range f.all {
		if n := len(merged); n > 0 && !s.First.After(merged[n-1].Last.Add(2*lookBack)) {
			if s.Last.After(merged[n-1].Last) {
				merged[n-1].Last = s.Last
			}
			continue
		}
		merged = append(merged, s)
	}
	f.all = merged
	return f
}

// has reports whether a managed device was at an address within three days.
func (f *fleet) has(ip netip.Addr, at time.Time) bool {
	return slices.ContainsFunc(f.spans[network(ip)], func(s baseline.FleetSight) bool {
		return !at.Before(s.First.Add(-lookBack)) && !at.After(s.Last.Add(lookBack))
	})
}

// covers reports whether a sign-in can be compared: within three days of a
// check-in of the own laptop in the same address family, or, where no own laptop
// is known, of the fleet.
func (f *fleet) covers(s detect.SignIn, devices []detect.Sighting) bool {
	if len(devices) > 0 {
		return slices.ContainsFunc(detect.Around(devices, s.At, lookBack), func(d detect.Sighting) bool { return d.IP.IsValid() && d.IP.Is4() == s.IP.Is4() })
	}
	return s.IP.Is4() && slices.ContainsFunc(f.all, func(x baseline.FleetSight) bool {
		return !s.At.Before(x.First.Add(-lookBack)) && !s.At.After(x.Last.Add(lookBack))
	})
}
