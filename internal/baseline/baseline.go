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
	Tools     map[string]Prevalence       // remote tools, VPN clients and peripherals on the fleet, by canonical name
	Fleet     map[netip.Addr][]FleetSight // addresses managed devices checked in from
	Domains   []string                    // the organisation's own domains, ascending
	Centroids map[string]Point            // city key "CC/region/city" to coordinates, learnt from sign-ins (ruling 15)
	Sources   map[string]bool             // exculpating sources present: travel, vdi, presence, homes
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

// FleetSight is one managed device seen at an address.
type FleetSight struct {
	DeviceKey string
	First     time.Time
	Last      time.Time
}

// Point is a position in degrees.
type Point struct{ Lat, Lon float64 }
