package record

import (
	"cmp"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// SessionTable holds sign-ins in columns: repeated values are dictionary ids, so
// that a row costs about 50 bytes however long its user agent is. Rows are
// appended in any order; Seal sorts them by account and time, drops repeated
// rows and builds the index by address. A sealed table is safe for concurrent
// readers and must not be appended to.
type SessionTable struct {
	rows   []sessionRow // sorted by account, then time, once sealed
	byIP   []uint32     // row numbers sorted by address, then time
	acc    []span       // rows of each account, by rank of the account's name
	names  []string     // account names in order; acc[i] belongs to names[i]
	sealed bool

	accounts dict[string]
	ips      dict[netip.Addr]
	origins  dict[origin]
	clients  dict[client]
	files    dict[string]
	sources  dict[string]
}

type span struct{ lo, hi uint32 }

// sessionRow is 48 bytes.
type sessionRow struct {
	at      int64 // unix milliseconds
	offset  int64
	account uint32
	ip      uint32
	origin  uint32
	client  uint32
	line    uint32
	file    uint32
	source  uint16
	kind    uint8 // index into sessionKinds
	outcome uint8
	flags   uint8
}

const (
	flagManagedKnown = 1 << iota
	flagManaged
	flagOffsetUnknown
)

// origin is what an address's owner and place look like in the export.
type origin struct {
	asn                   int64
	asOrg, isp, anon      string
	country, region, city string
	lat, lon              float64
	point                 bool
	src                   string
}

// client is what the person's side of a session looks like.
type client struct {
	device, fp, agent, os, browser, app, machine, event, mfa string
	mfaIP                                                    netip.Addr
}

type dict[T comparable] struct {
	ids  map[T]uint32
	vals []T
}

func (d *dict[T]) id(v T) uint32 {
	if i, ok := d.ids[v]; ok {
		return i
	}
	if d.ids == nil {
		d.ids = make(map[T]uint32)
	}
	i := uint32(len(d.vals))
	d.ids[v] = i
	d.vals = append(d.vals, v)
	return i
}

var (
	sessionKinds    = []string{"", "idp", "vpn", "app", "mdm", "edr", "ats", "payroll"}
	sessionOutcomes = []string{"", "success", "failure", "challenge", "unknown"}
)

func indexOf(list []string, v string) uint8 { return uint8(max(slices.Index(list, v), 0)) }

// Append adds a session.
func (t *SessionTable) Append(s *Session) {
	o := origin{
		asn: s.ASN, asOrg: s.ASOrg, isp: s.ISP, anon: s.Anonymiser,
		country: s.Geo.Country, region: s.Geo.Region, city: s.Geo.City, src: s.Geo.Src,
	}
	if s.Geo.Lat != nil && s.Geo.Lon != nil {
		o.lat, o.lon, o.point = *s.Geo.Lat, *s.Geo.Lon, true
	}
	c := client{
		device: s.DeviceKey, fp: s.DeviceFP, agent: s.UserAgent, os: s.OS, browser: s.Browser,
		app: s.App, machine: s.ClientMachine, event: s.EventType, mfa: s.MFAFactor, mfaIP: s.MFADeviceIP,
	}
	r := sessionRow{
		at: s.At.Time().UnixMilli(), offset: s.Ref.Offset, line: uint32(s.Ref.Line),
		account: t.accounts.id(s.Account), ip: t.ips.id(s.IP), origin: t.origins.id(o), client: t.clients.id(c),
		file: t.files.id(s.Ref.File), source: uint16(t.sources.id(s.Ref.Source)),
		kind: indexOf(sessionKinds, s.SourceKind), outcome: indexOf(sessionOutcomes, s.Outcome),
	}
	if s.ManagedDevice != nil {
		r.flags |= flagManagedKnown
		if *s.ManagedDevice {
			r.flags |= flagManaged
		}
	}
	if !s.At.OffsetKnown() {
		r.flags |= flagOffsetUnknown
	}
	t.rows = append(t.rows, r)
}

// Seal sorts the table, drops rows that are the same event read twice (equal in
// everything but file, line and offset) and builds its indexes.
func (t *SessionTable) Seal() {
	ipRank := ranks(t.ips.vals, netip.Addr.Compare)
	t.sortRows(ipRank)
	t.rows = slices.CompactFunc(t.rows, func(a, b sessionRow) bool {
		a.file, a.line, a.offset, a.source = b.file, b.line, b.offset, b.source
		return a == b
	})
	t.rows = slices.Clip(t.rows)
	t.names, t.acc = t.names[:0], t.acc[:0]
	for i := 0; i < len(t.rows); {
		j := i + 1
		for j < len(t.rows) && t.rows[j].account == t.rows[i].account {
			j++
		}
		t.names = append(t.names, t.accounts.vals[t.rows[i].account])
		t.acc = append(t.acc, span{uint32(i), uint32(j)})
		i = j
	}
	t.indexAddresses(ipRank)
	t.sealed = true
}

// sortRows brings the rows into order: together by account first, which leaves
// short stretches to sort.
func (t *SessionTable) sortRows(ipRank []uint32) {
	rank := ranks(t.accounts.vals, strings.Compare)
	orRank := ranks(t.origins.vals, compareOrigin)
	clRank := ranks(t.clients.vals, compareClient)
	fileRank := ranks(t.files.vals, strings.Compare)
	for i := range t.rows { // from now on the numbers of accounts sort like their names
		t.rows[i].account = rank[t.rows[i].account]
	}
	t.accounts.reorder(rank)
	account := func(r *sessionRow) uint32 { return r.account }
	t.rows = gathered(t.rows, len(rank), account)
	inEach(t.rows, account, func(a, b sessionRow) int {
		if a.at != b.at {
			return cmp.Compare(a.at, b.at)
		}
		if a.ip != b.ip {
			return cmp.Compare(ipRank[a.ip], ipRank[b.ip])
		}
		return cmp.Or(
			cmp.Compare(a.kind, b.kind), cmp.Compare(a.outcome, b.outcome), cmp.Compare(a.flags, b.flags), cmp.Compare(orRank[a.origin], orRank[b.origin]),
			cmp.Compare(clRank[a.client], clRank[b.client]), cmp.Compare(fileRank[a.file], fileRank[b.file]), cmp.Compare(a.line, b.line), cmp.Compare(a.offset, b.offset),
		)
	})
}

// indexAddresses builds the index by address.
func (t *SessionTable) indexAddresses(ipRank []uint32) {
	all := make([]uint32, len(t.rows))
	for i := range all {
		all[i] = uint32(i)
	}
	ip := func(i *uint32) uint32 { return ipRank[t.rows[*i].ip] }
	t.byIP = gathered(all, len(ipRank), ip)
	inEach(t.byIP, ip, func(a, b uint32) int {
		if x, y := t.rows[a].at, t.rows[b].at; x != y {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(a, b)
	})
}

// gathered brings rows with the same number together, by ascending number.
// Numbers are smaller than n.
func gathered[T any](rows []T, n int, number func(*T) uint32) []T {
	next := make([]uint32, n+1) // where the next row of each number goes
	for i := range rows {
		next[number(&rows[i])+1]++
	}
	for i := range n {
		next[i+1] += next[i]
	}
	out := make([]T, len(rows))
	for i := range rows {
		at := &next[number(&rows[i])]
		out[*at] = rows[i]
		*at++
	}
	return out
}

// inEach sorts every stretch of rows with the same number.
func inEach[T any](rows []T, number func(*T) uint32, compare func(a, b T) int) {
	for i := 0; i < len(rows); {
		j, n := i+1, number(&rows[i])
		for j < len(rows) && number(&rows[j]) == n {
			j++
		}
		slices.SortFunc(rows[i:j], compare)
		i = j
	}
}

// reorder gives every value its rank as its number.
func (d *dict[T]) reorder(rank []uint32) {
	vals := make([]T, len(d.vals))
	for i, v := range d.vals {
		vals[rank[i]] = v
		d.ids[v] = rank[i]
	}
	d.vals = vals
}

func ranks[T any](vals []T, compare func(a, b T) int) []uint32 {
	order := make([]uint32, len(vals))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return compare(vals[a], vals[b]) })
	rank := make([]uint32, len(vals))
	for r, i := range order {
		rank[i] = uint32(r)
	}
	return rank
}

func compareOrigin(a, b origin) int {
	if a.asn != b.asn {
		return cmp.Compare(a.asn, b.asn)
	}
	for _, x := range [...][2]string{{a.asOrg, b.asOrg}, {a.isp, b.isp}, {a.anon, b.anon}, {a.country, b.country}, {a.region, b.region}, {a.city, b.city}, {a.src, b.src}} {
		if c := strings.Compare(x[0], x[1]); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(a.lat, b.lat), cmp.Compare(a.lon, b.lon), compareBool(a.point, b.point))
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func compareClient(a, b client) int {
	for _, x := range [...][2]string{
		{a.device, b.device}, {a.fp, b.fp}, {a.agent, b.agent}, {a.os, b.os}, {a.browser, b.browser}, {a.app, b.app}, {a.machine, b.machine}, {a.event, b.event}, {a.mfa, b.mfa},
	} {
		if c := strings.Compare(x[0], x[1]); c != 0 {
			return c
		}
	}
	return a.mfaIP.Compare(b.mfaIP)
}

// Len returns the number of rows.
func (t *SessionTable) Len() int { return len(t.rows) }

// Accounts returns the account names in ascending order. Do not modify.
func (t *SessionTable) Accounts() []string { return t.names }

// Rows returns the half-open range of row numbers of an account, ascending in time.
func (t *SessionTable) Rows(account string) (lo, hi int) {
	i, ok := slices.BinarySearch(t.names, account)
	if !ok {
		return 0, 0
	}
	return int(t.acc[i].lo), int(t.acc[i].hi)
}

// AnonymiserOf returns the vendor's opinion of the address of row i, see [Session.Anonymiser].
func (t *SessionTable) AnonymiserOf(i int) string {
	if a := t.origins.vals[t.rows[i].origin].anon; a != "none" && a != "unknown" {
		return a
	}
	return ""
}

// At rebuilds row i. Its Ref has no key.
func (t *SessionTable) At(i int) Session {
	r := &t.rows[i]
	o, c := &t.origins.vals[r.origin], &t.clients.vals[r.client]
	s := Session{
		Common:  Common{Ref: t.RefOf(i)},
		Account: t.accounts.vals[r.account], At: Time{time.UnixMilli(r.at).UTC(), PrecisionSecond, r.flags&flagOffsetUnknown == 0},
		SourceKind: sessionKinds[r.kind], Outcome: sessionOutcomes[r.outcome], IP: t.ips.vals[r.ip],
		ASN: o.asn, ASOrg: o.asOrg, ISP: o.isp, Anonymiser: o.anon, Geo: t.PlaceOf(i),
		DeviceKey: c.device, DeviceFP: c.fp, UserAgent: c.agent, OS: c.os, Browser: c.browser, App: c.app,
		ClientMachine: c.machine, EventType: c.event, MFAFactor: c.mfa, MFADeviceIP: c.mfaIP,
	}
	if r.flags&flagManagedKnown != 0 {
		m := r.flags&flagManaged != 0
		s.ManagedDevice = &m
	}
	s.ObservedAt = s.At
	return s
}

// The accessors below read one column of row i without rebuilding the row.

// TimeOf returns the instant of row i in UTC.
func (t *SessionTable) TimeOf(i int) time.Time { return time.UnixMilli(t.rows[i].at).UTC() }

// IPOf returns the address of row i.
func (t *SessionTable) IPOf(i int) netip.Addr { return t.ips.vals[t.rows[i].ip] }

// AccountOf returns the account of row i.
func (t *SessionTable) AccountOf(i int) string { return t.accounts.vals[t.rows[i].account] }

// OutcomeOf returns the outcome of row i.
func (t *SessionTable) OutcomeOf(i int) string { return sessionOutcomes[t.rows[i].outcome] }

// SourceKindOf returns the kind of system that reported row i.
func (t *SessionTable) SourceKindOf(i int) string { return sessionKinds[t.rows[i].kind] }

// DeviceOf returns the device key of row i, "" if the export named none.
func (t *SessionTable) DeviceOf(i int) string { return t.clients.vals[t.rows[i].client].device }

// ManagedOf reports whether row i was made on a managed device, and whether the
// export says so at all.
func (t *SessionTable) ManagedOf(i int) (managed, known bool) {
	f := t.rows[i].flags
	return f&flagManaged != 0, f&flagManagedKnown != 0
}

// AgentOf returns the user agent and operating system of row i.
func (t *SessionTable) AgentOf(i int) (agent, os string) {
	c := &t.clients.vals[t.rows[i].client]
	return c.agent, c.os
}

// NetOf returns the autonomous system number and names of row i's address.
func (t *SessionTable) NetOf(i int) (asn int64, org, isp, anonymiser string) {
	o := &t.origins.vals[t.rows[i].origin]
	return o.asn, o.asOrg, o.isp, o.anon
}

// PlaceOf returns the place of row i as the export stated it.
func (t *SessionTable) PlaceOf(i int) Place {
	o := &t.origins.vals[t.rows[i].origin]
	p := Place{Country: o.country, Region: o.region, City: o.city, Src: o.src}
	if o.point {
		lat, lon := o.lat, o.lon
		p.Lat, p.Lon = &lat, &lon
	}
	return p
}

// RefOf returns where row i was read.
func (t *SessionTable) RefOf(i int) Ref {
	r := &t.rows[i]
	return Ref{Source: t.sources.vals[r.source], File: t.files.vals[r.file], Line: int(r.line), Offset: r.offset}
}

// ByIP yields each address in ascending order with its row numbers in order of time.
func (t *SessionTable) ByIP() iter.Seq2[netip.Addr, []uint32] {
	return func(yield func(netip.Addr, []uint32) bool) {
		for i := 0; i < len(t.byIP); {
			j := i + 1
			ip := t.rows[t.byIP[i]].ip
			for j < len(t.byIP) && t.rows[t.byIP[j]].ip == ip {
				j++
			}
			if !yield(t.ips.vals[ip], t.byIP[i:j]) {
				return
			}
			i = j
		}
	}
}
