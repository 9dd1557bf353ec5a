package link

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// line returns the key of an internet line: an IPv4 address, or the /64 of an
// IPv6 address, which one line gets (RFC 6177). Addresses that are not public or
// belong to carrier-grade translation (100.64/10, RFC 6598) give "".
func line(ip netip.Addr) string {
	if !ip.IsValid() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || cgnat.Contains(ip) {
		return ""
	}
	if ip.Is6() {
		p, err := ip.Prefix(64)
		if err != nil {
			return ""
		}
		return p.String()
	}
	return ip.String()
}

var cgnat = netip.MustParsePrefix("100.64.0.0/10")

// publicness says why the address of a sign-in is shared by strangers.
func (b *builder) publicness(row int) string {
	asn, org, isp, anonymiser := b.set.Sessions.NetOf(row)
	switch why := b.base.Common(asn, org, isp); {
	case why != "":
		return why
	case anonymiser == "relay":
		return "private relay"
	case anonymiser != "" && anonymiser != "none" && anonymiser != "unknown":
		return "exit of an anonymiser (" + anonymiser + ")"
	case b.base.Hosting[asn]:
		return "hosting provider"
	}
	return ""
}

// nets notes for the addresses of sign-ins why they are shared by strangers.
func (b *builder) nets() map[netip.Addr]string {
	out := map[netip.Addr]string{}
	for ip, rows := range b.set.Sessions.ByIP() {
		for _, r := range rows[:min(len(rows), 8)] {
			if why := b.publicness(int(r)); why != "" {
				out[ip] = why
				break
			}
		}
	}
	return out
}

// gatherNetwork collects lines, local networks and peripherals of devices, and
// the lines from which people applied, referred or changed bank details.
func (b *builder) gatherNetwork() {
	nets := b.nets()
	why := func(ip netip.Addr) string { return cmp.Or(b.base.Exit(ip), nets[ip]) }
	b.checkIns(why)
	site := b.siteDays()
	b.localNetworks(site)
	b.peripherals(site)
	b.applications(why)
	b.visits(why)
	b.meetings(why)
	b.sharedDevices()
}

// checkIns collects from where issued devices checked in.
func (b *builder) checkIns(why func(netip.Addr) string) {
	add := func(p int32, ip netip.Addr, at record.Time, ref *record.Ref) {
		if key := line(ip); key != "" {
			b.use(identity.EdgeDeviceIP, key, p, at, ref, ip.String()).why = why(ip)
		}
	}
	for _, d := range b.set.Devices {
		keys := keysOf(d)
		if len(keys) == 0 {
			continue
		}
		x := b.devices.at(keys[0])
		at := d.LastSeen
		if at.IsZero() {
			at = d.ObservedAt
		}
		add(x.holder(at.Time()), d.PublicIP, at, &d.Ref)
		add(x.holder(d.EnrolledAt.Time()), d.EnrollIP, d.EnrolledAt, &d.Ref)
	}
	for _, o := range b.set.NetworkObs {
		if o.DeviceKey != "" {
			add(b.obsHolder(o), o.PublicIP, o.At, &o.Ref)
		}
	}
	t := &b.set.Sessions
	for _, account := range t.Accounts() {
		lo, hi := t.Rows(account)
		var last netip.Addr
		var day int64
		var device string
		for i := lo; i < hi; i++ {
			k := t.SourceKindOf(i)
			if k != "mdm" && k != "edr" {
				continue
			}
			ip, d, key := t.IPOf(i), t.TimeOf(i).Unix()/86400, t.DeviceOf(i)
			if ip == last && d == day && key == device {
				continue
			}
			last, day, device = ip, d, key
			p := b.devices.get(key).holder(t.TimeOf(i))
			if p < 0 {
				p = b.account(account)
			}
			ref := t.RefOf(i)
			add(p, ip, record.At(t.TimeOf(i)), &ref)
		}
	}
}

// localNetworks collects gateways and access points. They do not travel.
func (b *builder) localNetworks(site siteDays) {
	add := func(p int32, a record.LANAnchor, public netip.Addr, at record.Time, days int, ref *record.Ref) {
		office := public.IsValid() && b.base.Exit(public) != ""
		for _, x := range [][2]string{{"gateway", a.GatewayMAC}, {"access point", a.BSSID}} {
			if mac := strings.ToLower(x[1]); privateMAC(mac) {
				u := b.use(identity.EdgeLAN, mac, p, at, ref, x[0]+" "+head(mac, 8)+"…")
				u.office, u.days = office, days
				site.mark(u, p, at)
			}
		}
	}
	for _, d := range b.set.Devices {
		if keys := keysOf(d); len(keys) > 0 {
			at := d.LastSeen
			if at.IsZero() {
				at = d.ObservedAt
			}
			add(b.devices.at(keys[0]).holder(at.Time()), d.Gateway, d.PublicIP, at, 0, &d.Ref)
		}
	}
	for _, o := range b.set.NetworkObs {
		add(b.obsHolder(o), o.Anchor, o.PublicIP, o.At, o.DaysSeen, &o.Ref)
	}
	for i, p := range b.persons {
		for _, x := range p.Records.DeviceItems {
			if x.BSSID != "" {
				at := x.LastSeen
				if at.IsZero() {
					at = x.ObservedAt
				}
				add(int32(i), record.LANAnchor{BSSID: x.BSSID}, netip.Addr{}, at, 0, &x.Ref)
			}
		}
	}
}

// peripherals collects serial numbers of monitors and USB devices.
func (b *builder) peripherals(site siteDays) {
	approved := map[string]bool{}
	for _, s := range b.st.Approved.MonitorSerials {
		approved[deviceKey(s)] = true
	}
	for i, p := range b.persons {
		for _, x := range p.Records.DeviceItems {
			serial := deviceKey(cmp.Or(x.Serial, x.SerialNumeric))
			if !telling(serial) || approved[serial] {
				continue
			}
			at := x.LastSeen
			if at.IsZero() {
				at = x.ObservedAt
			}
			model := strings.ToLower(x.VendorID + ":" + x.ProductID)
			switch x.ItemKind {
			case "display":
				// Makers give a whole series one serial number; the week it was made tells them apart (VESA E-EDID 1.4, section 3.4).
				key := fmt.Sprintf("%s:%s:%d:%d", model, serial, x.DisplayYear, x.DisplayWeek)
				u := b.use(identity.EdgeMonitor, key, int32(i), at, &x.Ref, "monitor "+cmp.Or(x.Name, model)+" with serial ending "+serial[max(len(serial)-4, 0):])
				site.mark(u, int32(i), at)
			case "usb":
				b.use(identity.EdgeUSB, model+":"+serial, int32(i), at, &x.Ref, "USB device "+cmp.Or(x.Name, model)+" with serial ending "+serial[max(len(serial)-4, 0):])
			}
		}
	}
}

// telling reports whether a serial number can stand for one thing: not blank, not
// one repeated or counted-up digit, and not made up by the operating system,
// which marks its own with "&".
func telling(serial string) bool {
	if n, err := strconv.ParseUint(serial, 10, 32); err == nil && n&0xFF*0x01010101 == n {
		return false // one byte four times, as a number: 16843009 is 0x01010101
	}
	digits := strings.TrimLeft(strings.TrimPrefix(serial, "0X"), "0")
	if blank[serial] || len(digits) < 4 || strings.Contains(serial, "&") || strings.Contains("0123456789ABCDEF", digits) {
		return false
	}
	return strings.Trim(digits, digits[:1]) != ""
}

// applications collects from where people applied.
func (b *builder) applications(why func(netip.Addr) string) {
	for i, p := range b.persons {
		for _, a := range p.Records.Applications {
			if key := line(a.IP); key != "" {
				b.use(identity.EdgeApplicationIP, key, int32(i), a.AppliedAt, &a.Ref, a.IP.String()).why = why(a.IP)
			}
		}
	}
	t := &b.set.Sessions
	for _, account := range t.Accounts() {
		lo, hi := t.Rows(account)
		for r := lo; r < hi; r++ {
			if t.SourceKindOf(r) != "ats" {
				continue
			}
			ip := t.IPOf(r)
			if key := line(ip); key != "" {
				ref := t.RefOf(r)
				b.use(identity.EdgeApplicationIP, key, b.account(account), record.At(t.TimeOf(r)), &ref, ip.String()).why = why(ip)
			}
		}
	}
}

// atLine begins the keys of hardware that is told apart by its line.
const atLine = "line "

// meetings collects the hardware with which people came to meetings: disks and
// network cards, and a camera model at one line (I04).
func (b *builder) meetings(why func(netip.Addr) string) {
	for i, p := range b.persons {
		for _, m := range p.Records.Meetings {
			if id := strings.ToLower(strings.TrimSpace(m.DiskID)); id != "" && !blank[strings.ToUpper(id)] {
				b.use(identity.EdgeMeeting, "disk "+id, int32(i), m.At, &m.Ref, "disk "+head(id, 6)+"…")
			}
			if privateMAC(m.MAC) {
				b.use(identity.EdgeMeeting, "mac "+strings.ToLower(m.MAC), int32(i), m.At, &m.Ref, "network card "+head(m.MAC, 8)+"…")
			}
			if camera := strings.Join(match.Words(m.VideoDevice), " "); camera != "" && line(m.IP) != "" {
				b.use(identity.EdgeMeeting, atLine+line(m.IP)+" "+camera, int32(i), m.At, &m.Ref, "camera "+m.VideoDevice+" at "+m.IP.String()).why = why(m.IP)
			}
		}
	}
}

// visit is one act of a person from an address.
type visit struct {
	person int32
	at     time.Time
	ref    *record.Ref
}

// Times within which another's presence at the address of a reference or of a
// change of bank details is one line and not one address handed on.
const (
	referenceWindow = 30 * 24 * time.Hour
	changeWindow    = 7 * 24 * time.Hour
)

// visits finds who else used the address from which a reference was submitted or
// bank details were changed.
func (b *builder) visits(why func(netip.Addr) string) {
	others := map[netip.Addr][]visit{}
	for _, x := range b.set.References {
		if line(x.SubmitIP) != "" {
			others[x.SubmitIP] = nil
		}
	}
	for _, x := range b.set.PaymentAccounts {
		if line(x.ChangeIP) != "" {
			others[x.ChangeIP] = nil
		}
	}
	if len(others) == 0 {
		return
	}
	b.seenAt(others)
	for i, x := range b.set.References {
		key := line(x.SubmitIP)
		if key == "" || b.referees[i] < 0 {
			continue
		}
		at := x.SubmittedAt
		k := fmt.Sprintf("%s %s %s", key, at.String(), b.persons[b.referees[i]].ID)
		b.use(identity.EdgeReferenceIP, k, b.referees[i], at, &x.Ref, x.SubmitIP.String()).why = why(x.SubmitIP)
		b.near(others[x.SubmitIP], identity.EdgeReferenceIP, k, b.referees[i], at, referenceWindow, x.SubmitIP.String())
	}
	for _, x := range b.set.PaymentAccounts {
		key, p := line(x.ChangeIP), b.resolve(&x.Subject)
		if key == "" || p < 0 {
			continue
		}
		at := x.ValidFrom
		if at.IsZero() {
			at = x.ObservedAt
		}
		b.use(identity.EdgeChangeIP, key, p, at, &x.Ref, x.ChangeIP.String()).why = why(x.ChangeIP)
		b.near(others[x.ChangeIP], identity.EdgeChangeIP, key, p, at, changeWindow, x.ChangeIP.String())
	}
}

// near adds the visits of others around a time, the nearest of each person.
func (b *builder) near(all []visit, kind identity.EdgeKind, key string, self int32, at record.Time, window time.Duration, label string) {
	nearest := map[int32]visit{}
	for _, v := range all {
		d := v.at.Sub(at.Time()).Abs()
		if v.person == self || at.IsZero() || d > window {
			continue
		}
		if old, ok := nearest[v.person]; !ok || d < old.at.Sub(at.Time()).Abs() {
			nearest[v.person] = v
		}
	}
	for _, v := range nearest {
		b.use(kind, key, v.person, record.At(v.at), v.ref, label)
	}
}

// seenAt fills in who did anything from the given addresses.
func (b *builder) seenAt(others map[netip.Addr][]visit) {
	add := func(ip netip.Addr, p int32, at record.Time, ref *record.Ref) {
		if list, ok := others[ip]; ok && p >= 0 && !at.IsZero() {
			others[ip] = append(list, visit{p, at.Time().UTC(), ref})
		}
	}
	for i, p := range b.persons {
		for _, a := range p.Records.Applications {
			add(a.IP, int32(i), a.AppliedAt, &a.Ref)
		}
		for _, m := range p.Records.Meetings {
			add(m.IP, int32(i), m.At, &m.Ref)
		}
		for _, a := range p.Records.PaymentAccounts {
			at := a.ValidFrom
			if at.IsZero() {
				at = a.ObservedAt
			}
			add(a.ChangeIP, int32(i), at, &a.Ref)
		}
		for _, d := range p.Records.Devices {
			add(d.PublicIP, int32(i), d.LastSeen, &d.Ref)
		}
	}
	for i, x := range b.set.References {
		add(x.SubmitIP, b.referees[i], x.SubmittedAt, &x.Ref)
	}
	t := &b.set.Sessions
	for ip, rows := range t.ByIP() {
		if _, ok := others[ip]; !ok {
			continue
		}
		for _, r := range rows {
			if p := b.account(t.AccountOf(int(r))); p >= 0 && t.OutcomeOf(int(r)) != "failure" {
				ref := t.RefOf(int(r))
				add(ip, p, record.At(t.TimeOf(int(r))), &ref)
			}
		}
	}
	for ip, list := range others {
		slices.SortFunc(list, func(x, y visit) int {
			return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.person, y.person), compareRef(x.ref, y.ref))
		})
		others[ip] = list
	}
}
