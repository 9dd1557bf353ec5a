package link

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/record"
)

// fleet knows devices by all their keys, and who had them when.
type fleet struct {
	byKey map[string]int
	list  []*device
}

// device is one computer or phone.
type device struct {
	keys  []string // as the systems call it
	known bool     // an inventory or a parcel names it
	owned []sight  // who was said to have it, ascending in time
	used  []span   // who signed in on it
}

// sight says that a person had a device at a time.
type sight struct {
	person int32
	at     time.Time
	ref    *record.Ref
}

// span says from when to when a person signed in on a device.
type span struct {
	person      int32
	first, last time.Time
	row         int // the last row of the session table
}

// blank are serial numbers that mean that none was set.
var blank = map[string]bool{
	"": true, "0": true, "NONE": true, "UNKNOWN": true, "N/A": true, "NA": true, "DEFAULT STRING": true, "SYSTEM SERIAL NUMBER": true,
	"TO BE FILLED BY O.E.M.": true, "NOT SPECIFIED": true, "NOT APPLICABLE": true, "INVALID": true, "123456789": true, "00000000": true, "1234567890": true,
}

func (f *fleet) at(key string) *device {
	if i, ok := f.byKey[key]; ok {
		return f.list[i]
	}
	f.byKey[key] = len(f.list)
	d := &device{}
	f.list = append(f.list, d)
	return d
}

// unite makes all keys of one row one device.
func (f *fleet) unite(keys []string) {
	to := -1
	for _, k := range keys {
		i, ok := f.byKey[k]
		switch {
		case !ok && to < 0:
			f.at(k)
			to = f.byKey[k]
		case !ok:
			f.byKey[k] = to
		case to < 0:
			to = i
		case i != to:
			for other, j := range f.byKey {
				if j == i {
					f.byKey[other] = to
				}
			}
		}
	}
}

// keysOf returns the comparable keys of an inventory row.
func keysOf(d *record.Device) []string {
	var keys []string
	add := func(prefix, v string) {
		if v = strings.ToUpper(strings.TrimSpace(v)); !blank[v] {
			keys = append(keys, prefix+v)
		}
	}
	add("", d.DeviceKey)
	add("", d.Serial)
	add("", d.EDRID)
	add("uuid ", d.UUID)
	add("asset ", d.AssetTag)
	return keys
}

func deviceKey(k string) string { return strings.ToUpper(strings.TrimSpace(k)) }

// get returns the device of a key, nil if no row names it.
func (f *fleet) get(key string) *device {
	if key = deviceKey(key); blank[key] {
		return nil
	}
	if i, ok := f.byKey[key]; ok {
		return f.list[i]
	}
	return nil
}

// observed is the time of an inventory row.
func observed(d *record.Device) time.Time {
	for _, t := range []record.Time{d.LastSeen, d.ObservedAt, d.EnrolledAt} {
		if !t.IsZero() {
			return t.Time().UTC()
		}
	}
	return time.Time{}
}

// inventory reads who has which device from inventories, parcels and sign-ins.
func (b *builder) inventory() {
	f := &fleet{byKey: map[string]int{}}
	b.devices = f
	for _, d := range b.set.Devices {
		f.unite(keysOf(d))
	}
	for _, d := range b.set.Devices {
		keys := keysOf(d)
		if len(keys) == 0 {
			continue
		}
		x := f.at(keys[0])
		x.known = true
		x.keys = append(x.keys, d.DeviceKey)
		if p := b.resolve(&d.Subject); p >= 0 {
			x.owned = append(x.owned, sight{p, observed(d), &d.Ref})
		}
	}
	for _, s := range b.set.Shipments {
		var x *device
		switch k := deviceKey(s.DeviceKey); {
		case !blank[k]:
			x = f.at(k)
			x.keys = append(x.keys, s.DeviceKey)
		case !blank[deviceKey(s.AssetTag)]:
			x = f.at("asset " + deviceKey(s.AssetTag))
		default:
			continue
		}
		x.known = true
		if p := b.resolve(&s.Subject); p >= 0 {
			x.owned = append(x.owned, sight{p, s.ShippedAt.Time().UTC(), &s.Ref})
		}
	}
	for _, it := range b.set.DeviceItems {
		if k := deviceKey(it.DeviceKey); !blank[k] {
			x := f.at(k)
			x.known = true
			x.keys = append(x.keys, it.DeviceKey)
		}
	}
	b.signedIn(f)
	for _, x := range f.list {
		x.keys = unique(x.keys)
		if len(x.keys) > 0 && x.keys[0] == "" {
			x.keys = x.keys[1:]
		}
		slices.SortFunc(x.owned, func(p, q sight) int {
			return cmp.Or(p.at.Compare(q.at), p.ref.Compare(*q.ref))
		})
	}
}

// signedIn notes who signed in on which device.
func (b *builder) signedIn(f *fleet) {
	t := &b.set.Sessions
	for _, account := range t.Accounts() {
		p := b.account(account)
		if p < 0 {
			continue
		}
		lo, hi := t.Rows(account)
		var last string
		var x *device
		for i := lo; i < hi; i++ {
			key := t.DeviceOf(i)
			if key == "" || t.OutcomeOf(i) == "failure" {
				continue
			}
			if key != last {
				last = key
				if k := deviceKey(key); blank[k] {
					x = nil
				} else {
					x = f.at(k)
					x.keys = append(x.keys, key)
				}
			}
			if x == nil {
				continue
			}
			at := slices.IndexFunc(x.used, func(s span) bool { return s.person == p })
			if at < 0 {
				x.used = append(x.used, span{p, t.TimeOf(i), t.TimeOf(i), i})
				continue
			}
			s := &x.used[at]
			if t.TimeOf(i).Before(s.first) {
				s.first = t.TimeOf(i)
			}
			if !t.TimeOf(i).Before(s.last) {
				s.last, s.row = t.TimeOf(i), i
			}
		}
	}
}

// holder returns who had a device at a time, -1 if nobody is known to.
func (d *device) holder(at time.Time) int32 {
	if d == nil {
		return -1
	}
	if len(d.owned) > 0 {
		p := d.owned[0].person
		for _, s := range d.owned {
			if at.IsZero() || !s.at.After(at) {
				p = s.person
			}
		}
		return p
	}
	p, last := int32(-1), time.Time{}
	for _, s := range d.used {
		if s.last.After(last) {
			p, last = s.person, s.last
		}
	}
	return p
}

// holders returns everybody who was said to have the device, or where nobody was
// and an inventory knows it, its last user.
func (d *device) holders() []int32 {
	var out []int32
	for _, s := range d.owned {
		out = append(out, s.person)
	}
	if len(out) == 0 && d.known {
		if p := d.holder(time.Time{}); p >= 0 {
			out = append(out, p)
		}
	}
	return unique(out)
}

func (f *fleet) renumber(now func(int32) int32) {
	for _, d := range f.list {
		for i := range d.owned {
			d.owned[i].person = now(d.owned[i].person)
		}
		for i := range d.used {
			d.used[i].person = now(d.used[i].person)
		}
		slices.SortFunc(d.used, func(p, q span) int { return cmp.Compare(p.person, q.person) })
	}
}
