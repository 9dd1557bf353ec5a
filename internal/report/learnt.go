package report

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// exculpating are the sources that can only speak for people (ruling 17).
var exculpating = []string{"homes", "presence", "travel", "vdi"}

func (b *builder) learnt() Learnt {
	s := b.base
	l := Learnt{
		Staff: s.Staff, Personas: s.Personas, Accounts: s.Accounts, Devices: s.Devices,
		Egress: []Egress{}, Carriers: []Carrier{}, Tools: []Tool{}, Domains: nonNil(slices.Clone(s.Domains)), Sources: []string{}, Absent: []string{},
	}
	addrs := make([]netip.Addr, 0, len(s.Egress))
	for ip := range s.Egress {
		addrs = append(addrs, ip)
	}
	slices.SortFunc(addrs, func(x, y netip.Addr) int {
		return cmp.Or(cmp.Compare(s.Egress[y].Accounts, s.Egress[x].Accounts), x.Compare(y))
	})
	for _, ip := range addrs {
		l.Egress = append(l.Egress, Egress{ip.String(), s.Egress[ip].Why, s.Egress[ip].Accounts})
	}
	for asn, name := range s.Carriers {
		l.Carriers = append(l.Carriers, Carrier{asn, name})
	}
	slices.SortFunc(l.Carriers, func(x, y Carrier) int { return cmp.Compare(x.ASN, y.ASN) })
	for name, p := range s.Tools {
		ok := b.approved(name)
		l.Tools = append(l.Tools, Tool{name, p.Devices, p.Of, round(p.Share()), ok, !ok && p.Common()})
	}
	slices.SortFunc(l.Tools, func(x, y Tool) int {
		return cmp.Or(cmp.Compare(y.Devices, x.Devices), strings.Compare(x.Name, y.Name))
	})
	for _, name := range exculpating {
		if s.Sources[name] {
			l.Sources = append(l.Sources, name)
		} else {
			l.Absent = append(l.Absent, name)
		}
	}
	return l
}

func (b *builder) approved(tool string) bool {
	same := func(s string) bool { return strings.EqualFold(s, tool) }
	return slices.ContainsFunc(b.settings.Approved.RemoteTools, same) || slices.ContainsFunc(b.settings.Approved.VPN, same)
}
