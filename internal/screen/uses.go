package screen

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// use is one value that a persona uses, with the rows that say so.
type use struct {
	persona identity.PersonaID
	field   string
	value   value      // of an exact comparison
	ip      netip.Addr // or an address
	crowd   bool       // which many unrelated people have at one time
	network string     // of a user name: github, telegram, ...
	shown   string
	seen    []sighting // ascending in time, undated ones first
}

type sighting struct {
	at  time.Time // zero if the row has no date
	ref record.Ref
}

// commonDomain is the number of personas from which on a domain is a mail service
// or a site of everybody rather than somebody's own.
const commonDomain = 25

// usesOf returns what personas use except for their sessions, in the order of the
// personas. The organisation's own domains and those of many are left out.
func usesOf(personas []*identity.Persona, base *baseline.Set) []use {
	var all []use
	for _, p := range personas {
		c := collector{persona: p.ID, by: map[useKey]int{}}
		c.identity(p)
		c.addresses(p)
		for i := range c.uses {
			slices.SortStableFunc(c.uses[i].seen, func(a, b sighting) int { return cmp.Or(a.at.Compare(b.at), a.ref.Compare(b.ref)) })
		}
		all = append(all, c.uses...)
	}
	holders := map[string]int{}
	for i := range all {
		if all[i].value.kind == "domain" {
			holders[all[i].value.text]++
		}
	}
	return slices.DeleteFunc(all, func(u use) bool {
		return u.value.kind == "domain" && (holders[u.value.text] >= commonDomain || base != nil && slices.Contains(base.Domains, u.value.text))
	})
}

// collector gathers the uses of one persona.
type collector struct {
	persona identity.PersonaID
	by      map[useKey]int
	uses    []use
}

type useKey struct {
	field, network string
	value          value
	ip             netip.Addr
}

func (c *collector) add(u use, at record.Time, ref record.Ref) {
	k := useKey{u.field, u.network, u.value, u.ip}
	i, ok := c.by[k]
	if !ok {
		i = len(c.uses)
		c.by[k] = i
		u.persona = c.persona
		c.uses = append(c.uses, u)
	}
	c.uses[i].seen = append(c.uses[i].seen, sighting{at.Time(), ref})
}

// text adds a value that is compared exactly.
func (c *collector) text(field, kind, raw, shown string, m *record.Common) {
	if v := canonical(kind, raw); v != "" {
		c.add(use{field: field, value: value{kind, v}, shown: cmp.Or(shown, v)}, m.ObservedAt, m.Ref)
	}
}

func (c *collector) email(raw string, m *record.Common) {
	c.text("email", "email", raw, "", m)
	if domain := match.EmailDomain(raw); !match.PublicMail(domain) {
		c.text("domain", "domain", domain, "", m)
	}
}

func (c *collector) phone(n record.Phone, m *record.Common) {
	if key := phone(n); key != "" {
		c.text("phone", "phone", key, masked(key, 4), m)
	}
}

func (c *collector) url(u record.URL, m *record.Common) {
	c.text("url", "url", u.URL, "", m)
	if h := host(u.URL); h != "" {
		c.text("domain", "domain", h, "", m)
	}
	if v := canonical("username", u.Username); v != "" {
		c.add(use{field: "username", value: value{"username", v}, network: u.Network, shown: v}, m.ObservedAt, m.Ref)
	}
}

func (c *collector) address(field string, ip netip.Addr, at record.Time, m *record.Common) {
	if ip.IsValid() {
		if at.IsZero() {
			at = m.ObservedAt
		}
		c.add(use{field: field, ip: ip, shown: ip.String()}, at, m.Ref)
	}
}

// identity adds the persona's own addresses, numbers, profiles, accounts, files and devices.
func (c *collector) identity(p *identity.Persona) {
	r := &p.Records
	for _, x := range r.Claims {
		for _, e := range x.Emails {
			c.email(e.Value, &x.Common)
		}
		for _, n := range x.Phones {
			c.phone(n, &x.Common)
		}
		for _, u := range x.URLs {
			c.url(u, &x.Common)
		}
	}
	for _, x := range r.Engagements {
		c.email(x.WorkEmail, &x.Common)
	}
	for _, x := range r.Vouches {
		c.email(x.Referee.Email, &x.Common)
		c.phone(x.Referee.Phone, &x.Common)
		c.url(record.URL{URL: x.Referee.URL}, &x.Common)
	}
	for _, x := range r.Documents {
		for _, u := range x.Links {
			c.url(u, &x.Common)
		}
		c.text("document", "hash", x.SHA256, masked(x.SHA256, 8), &x.Common)
	}
	for _, x := range r.PaymentAccounts {
		c.text("wallet", "wallet", x.CryptoAddress, masked(x.CryptoAddress, 6), &x.Common)
		c.text("bank_account", "account", x.AccountHash, masked(x.AccountLast4, 4), &x.Common)
	}
	for _, x := range r.Contributions {
		c.text("email", "email", x.AuthorEmail, "", &x.Common)
	}
	for _, x := range r.Devices {
		c.text("device_serial", "device_serial", x.Serial, "", &x.Common)
	}
}

// addresses adds the addresses of everything but sessions.
func (c *collector) addresses(p *identity.Persona) {
	r := &p.Records
	for _, x := range r.Applications {
		c.address(FieldApplicationIP, x.IP, x.AppliedAt, &x.Common)
	}
	for _, x := range r.Meetings {
		c.address(FieldMeetingIP, x.IP, x.At, &x.Common)
	}
	for _, x := range r.Devices {
		c.address(FieldDeviceIP, x.EnrollIP, x.EnrolledAt, &x.Common)
		c.address(FieldDeviceIP, x.PublicIP, x.LastSeen, &x.Common)
	}
	for _, x := range r.NetworkObs {
		c.address(FieldDeviceIP, x.PublicIP, x.At, &x.Common)
	}
	for _, x := range r.PaymentAccounts {
		at := x.ValidFrom
		if at.IsZero() {
			at = x.ObservedAt
		}
		c.address(FieldChangeIP, x.ChangeIP, at, &x.Common)
	}
	for _, x := range r.Vouches {
		c.address(FieldReferenceIP, x.SubmitIP, x.SubmittedAt, &x.Common)
	}
}
