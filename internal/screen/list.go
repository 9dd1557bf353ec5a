package screen

import (
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/gaissmai/bart"

	"muster/internal/record"
)

// list is the indicators that can be compared exactly, by canonical value.
type list struct {
	n      int // indicators that can be compared
	values map[value][]*record.Indicator
	nets   bart.Table[[]*record.Indicator]
}

// value is a canonical value of one type of indicator.
type value struct{ kind, text string }

// Networks wider than these say nothing about one persona.
const (
	widest4 = 8
	widest6 = 16
)

// newList reads the indicators. Types that are no exact value of a person (name,
// pattern, tool, asn, usb_id and postal address) are left to other readers, and so
// are rows that were withdrawn or first seen after asOf.
func newList(rows []*record.Indicator, asOf time.Time) *list {
	l := &list{values: map[value][]*record.Indicator{}}
	for _, ind := range rows {
		if ind.Revoked != nil && *ind.Revoked || ind.FirstSeen.Time().After(asOf.AddDate(0, 0, 1)) {
			continue
		}
		switch ind.Type {
		case "ip", "cidr", "anonymiser":
			p, ok := prefix(ind.Value)
			if !ok {
				continue
			}
			l.nets.Modify(p, func(old []*record.Indicator, _ bool) ([]*record.Indicator, bool) { return append(old, ind), false })
		case "email", "domain", "phone", "url", "username", "wallet", "account", "device_serial", "hash":
			v := value{ind.Type, canonical(ind.Type, ind.Value)}
			if v.text == "" {
				continue
			}
			l.values[v] = append(l.values[v], ind)
		default:
			continue
		}
		l.n++
	}
	return l
}

// covering yields the indicators whose address or network holds ip, the narrowest
// last, and whether it is the very address.
func (l *list) covering(ip netip.Addr) iter.Seq2[*record.Indicator, bool] {
	return func(yield func(*record.Indicator, bool) bool) {
		for p, inds := range l.nets.Supernets(netip.PrefixFrom(ip, ip.BitLen())) {
			for _, ind := range inds {
				if !yield(ind, p.IsSingleIP()) {
					return
				}
			}
		}
	}
}

// covers reports whether any indicator holds ip.
func (l *list) covers(ip netip.Addr) bool { return l.nets.Contains(ip) }

// equal yields the indicators with the use's value, and for a domain those of its
// parent domains.
func (l *list) equal(u *use) iter.Seq2[*record.Indicator, bool] {
	return func(yield func(*record.Indicator, bool) bool) {
		v := u.value
		for exact := true; v.text != ""; exact = false {
			for _, ind := range l.values[v] {
				if !yield(ind, exact && sameNetwork(ind, u)) {
					return
				}
			}
			_, parent, ok := strings.Cut(v.text, ".")
			if v.kind != "domain" || !ok || !strings.Contains(parent, ".") {
				return
			}
			v.text = parent
		}
	}
}

// sameNetwork reports whether a user name was reported on the network on which the
// persona uses it: the same name elsewhere may be anybody's.
func sameNetwork(ind *record.Indicator, u *use) bool {
	if u.value.kind != "username" {
		return true
	}
	return u.network != "" && (strings.EqualFold(ind.Provider, u.network) || slices.ContainsFunc(ind.Labels, func(l string) bool { return strings.EqualFold(l, u.network) }))
}

// prefix reads an address or network; false if it is none or too wide.
func prefix(s string) (netip.Prefix, bool) {
	s = refang(s)
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, false
		}
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	if p.Addr().Is4() && p.Bits() < widest4 || p.Addr().Is6() && p.Bits() < widest6 {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// validUntil returns the moment from which the indicator no longer holds.
func validUntil(ind *record.Indicator) time.Time {
	switch {
	case ind.ValidUntil.IsZero():
		return time.Time{}
	case ind.ValidUntil.Precision() <= record.PrecisionDay: // the day named is included
		return ind.ValidUntil.Date().Last().AddDate(0, 0, 1)
	}
	return ind.ValidUntil.Time()
}
