// Package baseline learns from the records what is normal in this organisation:
// its own exits to the internet, mobile carriers and relays, how common a tool
// is, how many people there are. It is computed once per scan and frozen, so that
// a finding on one person never depends on who else is being looked at.
package baseline

import (
	"net/netip"
	"time"
)

// Set is what was learnt.
type Set struct {
	AsOf     time.Time
	Staff    int // distinct people with an engagement
	Personas int // distinct people in all
	Accounts int // distinct accounts with sessions
	Devices  int // distinct managed devices
	Newest   struct {
		Session time.Time // newest sign-in
		CheckIn time.Time // newest device check-in
	}
	Egress    map[netip.Addr]Shared       // addresses that belong to the organisation or to everybody
	Carriers  map[int64]string            // autonomous systems that hand one address to many: mobile carriers, relays, satellite and in-flight
	Relays    map[string]string           // the same by the owner's name as the export has it, for rows without a number
	Hosting   map[int64]bool              // autonomous systems that rent servers
	Tools     map[string]Prevalence       // remote tools, VPN clients and peripherals on the fleet, by canonical name
	Hosts     map[string]Prevalence       // organisations whose sign-in or device management the fleet talks to, by canonical name
	Networks  map[NetworkKey]Usage        // see [Set.Network]
	Services  map[string]Usage            // see [Set.Service]
	Fleet     map[netip.Addr][]FleetSight // addresses managed devices checked in from
	Domains   []string                    // the organisation's own domains, ascending
	Employers map[string]map[string]int   // former employers by [match.Org], the domains under which referees write for them, and for how many people
	Centroids map[string]Point            // "CC/region/city" as the exports spell them, to coordinates learnt from sign-ins (ruling 15)
	Sources   map[string]bool             // exculpating sources present: travel, vdi, presence, homes

	declared []netip.Prefix
}

// Exit says why an address is nobody's own: an exit of the organisation, learnt
// or declared; "" if it is not known to be one.
func (s *Set) Exit(ip netip.Addr) string {
	if x, ok := s.Egress[ip]; ok {
		return x.Why
	}
	for _, p := range s.declared {
		if p.Contains(ip) {
			return "declared egress"
		}
	}
	return ""
}

// Common says why addresses of a network are shared by many people who have
// nothing to do with each other; "" if they are not known to be.
func (s *Set) Common(asn int64, org, isp string) string {
	if why, ok := s.Carriers[asn]; ok && asn != 0 {
		return why
	}
	return s.Relays[org+" "+isp]
}

// Shared says why an address is nobody's own.
type Shared struct {
	Why      string // "declared egress", "learnt egress: 212 of 400 accounts", ...
	Accounts int
}

// Prevalence is how common a tool is.
type Prevalence struct {
	Devices int
	Of      int
	First   time.Time
	Last    time.Time
}

// Share returns the share of devices, 0..1.
func (p Prevalence) Share() float64 {
	if p.Of == 0 {
		return 0
	}
	return float64(p.Devices) / float64(p.Of)
}

// Common reports whether a tool or peripheral is so common on the fleet that it
// counts as the organisation's own until somebody says otherwise (ruling 5): more
// than 5 % of the devices, and at least five, since in a fleet of 20 one is 5 %.
func (p Prevalence) Common() bool { return p.Share() > 0.05 && p.Devices >= 5 }

// FleetSight is one managed device seen at an address.
type FleetSight struct {
	DeviceKey string
	First     time.Time
	Last      time.Time
}

// Point is a position in degrees.
type Point struct{ Lat, Lon float64 }
