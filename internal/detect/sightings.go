package detect

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
)

// Sighting is one time at which a system saw one of a persona's devices.
type Sighting struct {
	At     time.Time
	Device string
	IP     netip.Addr
	Place  record.Place // of the device management, of the row, or of the address as the persona's own sign-ins place it
	Net    Network
	SignIn bool // the person signed in on the device, rather than the device checking in
	Ref    record.Ref
}

// Network is the owner of an address, as far as a person's own sign-ins tell.
type Network struct {
	Name    string // "" if unknown
	Shared  string // why the address says little about where somebody is; "" if it does
	Hosting bool   // rents servers
}

// Day returns the day of the sighting, at midnight UTC.
func (s *Sighting) Day() time.Time { return Day(s.At) }

// Day returns midnight UTC of an instant's day.
func Day(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// SignIn is a sign-in of a persona that was not made on a device known to be its
// own or managed.
type SignIn struct {
	Row   int // of the session table
	At    time.Time
	IP    netip.Addr
	Place record.Place
	Net   Network
	Phone bool // made on a phone or tablet
}

// sessions yields the persona's successful sessions up to the day of the scan,
// and whether each is a sighting of an own or managed device.
func (p *Pass) sessions(x *identity.Persona) iter.Seq2[int, bool] {
	keys, t := DeviceKeys(x), p.View.Sessions
	limit := p.AsOf.Add(24 * time.Hour)
	return func(yield func(int, bool) bool) {
		for i := range p.View.SessionsOf(x) {
			switch t.OutcomeOf(i) {
			case "failure", "challenge":
				continue
			}
			seen := false
			switch t.SourceKindOf(i) {
			case "ats", "payroll":
				continue
			case "mdm", "edr":
				seen = true
			default:
				managed, _ := t.ManagedOf(i)
				seen = managed || keys.Own(t.DeviceOf(i))
			}
			if !t.TimeOf(i).After(limit) && !yield(i, seen) {
				return
			}
		}
	}
}

// SignIns yields the persona's successful sign-ins on other devices than its own,
// account by account, ascending in time.
func (p *Pass) SignIns(x *identity.Persona) iter.Seq[SignIn] {
	t := p.View.Sessions
	return func(yield func(SignIn) bool) {
		var last netip.Addr
		var net Network
		var agent, system string
		var mobile bool
		for i, seen := range p.sessions(x) {
			if seen {
				continue
			}
			if ip := t.IPOf(i); ip != last || !ip.IsValid() {
				last, net = ip, p.network(i, ip)
			}
			if a, os := t.AgentOf(i); a != agent || os != system {
				agent, system, mobile = a, os, phone(a, os)
			}
			if !yield(SignIn{Row: i, At: t.TimeOf(i), IP: last, Place: t.PlaceOf(i), Net: net, Phone: mobile}) {
				return
			}
		}
	}
}

// Sightings returns when and where a persona's devices were seen, ascending in
// time. Rows without a place get that of their address in the persona's own
// sign-ins.
func (p *Pass) Sightings(x *identity.Persona) []Sighting {
	t := p.View.Sessions
	var out []Sighting
	for i, seen := range p.sessions(x) {
		if seen {
			k, ip := t.SourceKindOf(i), t.IPOf(i)
			out = append(out, Sighting{At: t.TimeOf(i), Device: t.DeviceOf(i), IP: ip, Place: t.PlaceOf(i), Net: p.network(i, ip), SignIn: k != "mdm" && k != "edr", Ref: t.RefOf(i)})
		}
	}
	out = append(out, deviceRows(x, p.AsOf)...)
	p.place(x, out)
	slices.SortStableFunc(out, func(a, b Sighting) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Device, b.Device), a.IP.Compare(b.IP), a.Ref.Compare(b.Ref))
	})
	return out
}

// place fills in places and networks that the rows of devices lack.
func (p *Pass) place(x *identity.Persona, devices []Sighting) {
	type known struct {
		place record.Place
		net   Network
	}
	lack := map[netip.Addr]known{}
	for _, d := range devices {
		if d.IP.IsValid() && (d.Place.IsZero() || d.Net == (Network{})) {
			lack[d.IP] = known{net: Network{Shared: p.Baseline.Exit(d.IP)}}
		}
	}
	if len(lack) == 0 {
		return
	}
	t := p.View.Sessions
	for i := range p.sessions(x) {
		ip := t.IPOf(i)
		k, ok := lack[ip]
		if !ok {
			continue
		}
		if pl := t.PlaceOf(i); k.place.IsZero() || k.place.City == "" && pl.City != "" {
			k.place = pl
		}
		if k.net.Name == "" {
			k.net = p.network(i, ip)
		}
		lack[ip] = k
	}
	for i := range devices {
		d := &devices[i]
		k, ok := lack[d.IP]
		if ok && d.Place.IsZero() {
			d.Place = k.place
		}
		if ok && d.Net == (Network{}) {
			d.Net = k.net
		}
	}
}

// phone reports the user agents and systems of phones and tablets.
func phone(agent, os string) bool {
	s := strings.ToLower(agent + " " + os)
	for _, w := range []string{"iphone", "ipad", "android", "ios/", "mobile/"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return strings.EqualFold(os, "ios")
}

// deviceRows returns what the rows of device management and the network say.
func deviceRows(x *identity.Persona, asOf time.Time) []Sighting {
	var out []Sighting
	add := func(at record.Time, device string, ip netip.Addr, pl record.Place, ref record.Ref) {
		if !at.IsZero() && !at.Time().After(asOf.Add(24*time.Hour)) {
			out = append(out, Sighting{At: at.Time().UTC(), Device: device, IP: ip, Place: pl, Ref: ref})
		}
	}
	for _, d := range x.Records.Devices {
		add(later(d.LastSeen, d.ObservedAt), d.DeviceKey, d.PublicIP, d.Place, d.Ref)
		if d.EnrollIP.IsValid() {
			add(d.EnrolledAt, d.DeviceKey, d.EnrollIP, record.Place{}, d.Ref)
		}
	}
	for _, o := range x.Records.NetworkObs {
		if o.DeviceKey != "" && o.PublicIP.IsValid() {
			add(o.At, o.DeviceKey, o.PublicIP, record.Place{}, o.Ref)
		}
	}
	return out
}

// network describes the owner of a session's address.
func (p *Pass) network(row int, ip netip.Addr) Network {
	asn, org, isp, _ := p.View.Sessions.NetOf(row)
	return Network{
		Name:    cmp.Or(org, isp),
		Shared:  cmp.Or(p.Baseline.Exit(ip), p.Baseline.Common(asn, org, isp)),
		Hosting: p.Baseline.Hosting[asn],
	}
}

// Around returns the sightings within a time of an instant. The sightings must
// ascend in time.
func Around(devices []Sighting, at time.Time, within time.Duration) []Sighting {
	before := func(s Sighting, t time.Time) int { return s.At.Compare(t) }
	lo, _ := slices.BinarySearchFunc(devices, at.Add(-within), before)
	hi, _ := slices.BinarySearchFunc(devices, at.Add(within+1), before)
	return devices[lo:hi]
}
