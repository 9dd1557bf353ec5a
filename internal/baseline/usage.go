package baseline

import (
	"net/netip"
	"strings"

	"github.com/gaissmai/bart"

	"muster/internal/record"
)

// Usage is from how many accounts of the organisation sign-ins came through a
// network or a service.
type Usage struct {
	Plain   int // accounts with sign-ins that the vendor took for ordinary
	Flagged int // accounts with sign-ins that the vendor called a VPN, proxy, hosting or the like
	Of      int // accounts with sign-ins
}

// Common reports whether so many use it that it counts as ordinary here (ruling
// 5): more than 5 % of the accounts, and at least five.
func (u Usage) Common() bool {
	n := max(u.Plain, u.Flagged)
	return Prevalence{Devices: n, Of: u.Of}.Common()
}

// Access reports whether people sign in from the network as from a line of their
// own: most of its accounts were never called anything.
func (u Usage) Access() bool { return u.Plain >= 3 && u.Plain > 2*u.Flagged }

// Network returns from how many accounts sign-ins came through a network.
func (s *Set) Network(asn int64, org, isp string) Usage {
	u := s.Networks[networkKey(asn, org, isp)]
	u.Of = s.Accounts
	return u
}

// Service returns from how many accounts sign-ins came from addresses that
// imported lists give to a provider.
func (s *Set) Service(provider string) Usage {
	u := s.Services[strings.ToLower(provider)]
	u.Of = s.Accounts
	return u
}

// NetworkKey is a network by its number, or by its owner's name where the export
// has no number.
type NetworkKey struct {
	ASN int64
	Org string
}

func networkKey(asn int64, org, isp string) NetworkKey {
	if asn != 0 {
		return NetworkKey{ASN: asn}
	}
	return NetworkKey{Org: strings.ToLower(org + " " + isp)}
}

// Tunnelled reports whether a vendor's opinion on an address is that it is no
// line of one person's own.
func Tunnelled(opinion string) bool {
	return opinion != "" && opinion != "none" && opinion != "unknown"
}

// usage counts the accounts of each network and of each provider that imported
// lists name.
func (s *Set) usage(set *record.Set) {
	lists := providers(set.Indicators)
	t := &set.Sessions
	type origin struct {
		asn               int64
		org, isp, opinion string
	}
	type seen struct {
		network NetworkKey
		flagged bool
	}
	for _, account := range t.Accounts() {
		networks, services := map[seen]bool{}, map[string]bool{}
		lo, hi := t.Rows(account)
		last := netip.Addr{}
		from := origin{asn: -1}
		for i := lo; i < hi; i++ {
			if t.OutcomeOf(i) == "failure" {
				continue
			}
			asn, org, isp, opinion := t.NetOf(i)
			if o := (origin{asn, org, isp, opinion}); o != from { // most rows repeat the one before
				from = o
				networks[seen{networkKey(asn, org, isp), Tunnelled(opinion)}] = true
			}
			ip := t.IPOf(i)
			if ip == last || !ip.IsValid() {
				continue
			}
			last = ip
			for _, names := range lists.Supernets(netip.PrefixFrom(ip, ip.BitLen())) {
				for _, n := range names {
					services[n] = true
				}
			}
		}
		for n := range networks {
			u := s.Networks[n.network]
			if n.flagged {
				u.Flagged++
			} else {
				u.Plain++
			}
			s.Networks[n.network] = u
		}
		for n := range services {
			u := s.Services[n]
			u.Flagged++
			s.Services[n] = u
		}
	}
}

// providers returns the networks of imported lists with the providers that they name.
func providers(list []*record.Indicator) *bart.Table[[]string] {
	t := new(bart.Table[[]string])
	for _, ind := range list {
		if ind.Provider == "" || ind.Type != "ip" && ind.Type != "cidr" && ind.Type != "anonymiser" {
			continue
		}
		text := strings.NewReplacer("[.]", ".", "[:]", ":").Replace(strings.TrimSpace(ind.Value))
		p, err := netip.ParsePrefix(text)
		if err != nil {
			a, err := netip.ParseAddr(text)
			if err != nil {
				continue // the screening names rows that it cannot compare
			}
			a = a.Unmap().WithZone("")
			p = netip.PrefixFrom(a, a.BitLen())
		}
		name := strings.ToLower(ind.Provider)
		t.Modify(p.Masked(), func(old []string, _ bool) ([]string, bool) { return append(old, name), false })
	}
	return t
}
