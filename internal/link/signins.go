package link

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
)

// coUse is how close in time two people must use an address to share a line:
// later it may belong to somebody else (linkage.md 6.4).
const coUse = time.Hour

// signIn is a sign-in at one line.
type signIn struct {
	at     time.Time
	person int32
	row    uint32
}

// signIns forms the stars of addresses that people used within one hour.
func (b *builder) signIns() {
	t := &b.set.Sessions
	var rows []signIn
	var ip netip.Addr
	key := ""
	flush := func() {
		if len(rows) > 1 {
			b.coUsers(key, ip, rows)
		}
		rows = rows[:0]
	}
	limit := b.asOf.Add(24 * time.Hour)
	for addr, list := range t.ByIP() {
		k := line(addr)
		if k == "" {
			continue
		}
		if k != key {
			flush()
			key, ip = k, addr
		}
		for _, r := range list {
			switch t.SourceKindOf(int(r)) {
			case "mdm", "edr", "ats":
				continue
			}
			if o := t.OutcomeOf(int(r)); o == "failure" || o == "challenge" {
				continue
			}
			p := b.account(t.AccountOf(int(r)))
			if at := t.TimeOf(int(r)); p >= 0 && !at.After(limit) {
				b.held.mark(identity.EdgeSignInIP, p)
				rows = append(rows, signIn{at, p, r})
			}
		}
	}
	flush()
}

// coUsers forms the star of one line. Rows of neighbouring time by different
// people mark both: if any two people are within the hour, then so are two
// neighbours.
func (b *builder) coUsers(key string, ip netip.Addr, rows []signIn) {
	first := rows[0].person
	if !slices.ContainsFunc(rows, func(r signIn) bool { return r.person != first }) {
		return
	}
	if !ip.Is4() { // several addresses of one /64
		slices.SortStableFunc(rows, func(x, y signIn) int { return x.at.Compare(y.at) })
	}
	marked := make([]bool, len(rows))
	found := false
	for i := 1; i < len(rows); i++ {
		if rows[i].person != rows[i-1].person && rows[i].at.Sub(rows[i-1].at) <= coUse {
			marked[i], marked[i-1], found = true, true, true
		}
	}
	if !found {
		return
	}
	t := &b.set.Sessions
	why := b.base.Exit(ip)
	days, last := map[int32]int{}, map[int32]int64{}
	var us []use
	for i, r := range rows {
		if !marked[i] {
			continue
		}
		if why == "" {
			why = b.publicness(int(r.row))
		}
		d := r.at.Unix()/86400 + 1
		if last[r.person] == d || why != "" && last[r.person] != 0 {
			continue // one row a day is enough to show, and one in all of a public address
		}
		last[r.person] = d
		days[r.person]++
		u := use{kind: identity.EdgeSignInIP, key: key, person: r.person, at: r.at, label: ip.String(), why: why}
		if days[r.person] <= maxRefs {
			ref := t.RefOf(int(r.row))
			u.ref = &ref
		}
		us = append(us, u)
	}
	slices.SortStableFunc(us, compareUses)
	e := b.star(us)
	if e == nil {
		return
	}
	limit := traits[identity.EdgeSignInIP].cap
	if b.st.Marketplace() {
		limit = max(limit, marketCap[identity.EdgeSignInIP])
	}
	if n := crowd(rows); n > limit {
		e.suppress(fmt.Sprintf("%d people within one hour", n))
	}
	if !slices.ContainsFunc(e.Holders, func(h identity.Holder) bool { return h.Days > 1 }) {
		e.discount(0.5, "seen together on one day only")
	}
}

// crowd returns the largest number of people within one hour.
func crowd(rows []signIn) int {
	in, most, lo := map[int32]int{}, 0, 0
	for _, r := range rows {
		in[r.person]++
		for r.at.Sub(rows[lo].at) > coUse {
			if in[rows[lo].person]--; in[rows[lo].person] == 0 {
				delete(in, rows[lo].person)
			}
			lo++
		}
		most = max(most, len(in))
	}
	return most
}

// manyDevices is how many devices a person may sign in on that somebody else has
// before they are taken for support staff.
const manyDevices = 4

// sharedDevices forms the stars of devices that more than one person used at the
// same time. A device handed on is not shared.
func (b *builder) sharedDevices() {
	type shared struct {
		us     []use
		handed bool
	}
	var all []shared
	visits := map[int32]int{}
	for _, d := range b.devices.list {
		us, handed := b.usersOf(d)
		if len(us) == 0 {
			continue
		}
		all = append(all, shared{us, handed})
		owner := d.holder(time.Time{})
		for i, u := range us {
			if u.person != owner && (i == 0 || us[i-1].person != u.person) {
				visits[u.person]++
			}
		}
	}
	for _, x := range all {
		e := b.star(x.us)
		if e == nil {
			continue
		}
		if b.st.Marketplace() { // a browser is not handed on, and there is no support staff
			continue
		}
		if x.handed {
			e.suppress("handed on: used one after the other")
		}
		for _, p := range e.persons {
			if n := visits[p]; n > manyDevices {
				e.suppress(fmt.Sprintf("%s signs in on %d devices of others, as support staff does", b.persons[p].Name(), n))
			}
		}
	}
}

// handOver is how long inventories may lag behind a device's change of hands.
const handOver = 7 * 24 * time.Hour

// usersOf returns the uses of a device by two or more people, grouped by person,
// and whether none of their times overlap.
func (b *builder) usersOf(d *device) (us []use, handed bool) {
	if len(d.owned)+len(d.used) < 2 || len(d.keys) == 0 {
		return nil, false
	}
	times := map[int32][2]time.Time{}
	add := func(p int32, from, to time.Time, ref *record.Ref) {
		us = append(us, use{kind: identity.EdgeDevice, key: deviceKey(d.keys[0]), person: p, at: to, ref: ref, label: "device " + d.keys[0]})
		span, ok := times[p]
		if !ok || from.Before(span[0]) {
			span[0] = from
		}
		if to.After(span[1]) {
			span[1] = to
		}
		times[p] = span
	}
	for i, s := range d.owned { // until a row names somebody else
		until := b.asOf
		for _, next := range d.owned[i+1:] {
			if next.person != s.person {
				until = next.at
				break
			}
		}
		add(s.person, s.at, until, s.ref)
	}
	for _, s := range d.used {
		ref := b.set.Sessions.RefOf(s.row)
		add(s.person, s.first, s.last, &ref)
	}
	if len(times) < 2 {
		return nil, false
	}
	spans := make([][2]time.Time, 0, len(times))
	for _, s := range times {
		spans = append(spans, s)
	}
	slices.SortFunc(spans, func(x, y [2]time.Time) int { return cmp.Or(x[0].Compare(y[0]), x[1].Compare(y[1])) })
	handed = true
	for i := 1; i < len(spans); i++ {
		if spans[i][0].Add(handOver).Before(spans[i-1][1]) {
			handed = false
		}
	}
	slices.SortFunc(us, compareUses)
	return us, handed
}
