package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
)

const (
	// machineWindow is the pause after which logs of one machine are taken for
	// those of another owner: used computers are sold.
	machineWindow = 365 * 24 * time.Hour
	// publicLogins is the number of different e-mail addresses on one machine above
	// which it is a public or shared computer, or no machine at all but somebody's
	// collection of logs. A design value: a person keeps a few addresses, a hand
	// with a dozen personas a few for each.
	publicLogins = 50
	// shortMachine is the length below which an id is a number of the index and no
	// id of a machine: it means something within one index only.
	shortMachine = 8
)

// noMachine are ids that malware writes where it could not read one.
var noMachine = map[string]bool{"unknown": true, "none": true, "n/a": true, "null": true, "default string": true, "to be filled by o.e.m.": true, "system serial number": true}

// machineKey returns what stands for the machine of a row; "" if nothing does.
func machineKey(x *record.StolenLogin) string {
	id := strings.ToLower(strings.Trim(strings.TrimSpace(x.Machine), "{}"))
	switch {
	case id == "" || noMachine[id] || strings.Trim(id, "0f-") == "":
		return ""
	case len(id) < shortMachine:
		return x.Ref.Source + "\x00" + id
	}
	return id
}

// copied is a machine of which malware took the stored logins.
type copied struct {
	rows   []*record.StolenLogin
	owners []int32 // of each row, -1 if it is nobody's of the records
	emails int     // different addresses among the logins
}

// attachLogins gives each row of an index of infostealer logs to the person whose
// login it is, and to the others on the machine as a login of somebody else. The
// rows introduce nobody.
func (b *builder) attachLogins() {
	if !b.st.HasApproval(settings.ApprovalInfostealer) {
		return
	}
	all, order := map[string]*copied{}, []string(nil)
	profiles := b.profiles()
	for _, x := range b.set.StolenLogins {
		key := machineKey(x)
		owner := b.loginOwner(x, profiles)
		if key == "" {
			if r := b.records(owner); r != nil {
				r.StolenLogins = append(r.StolenLogins, x)
			}
			continue
		}
		m := all[key]
		if m == nil {
			m = &copied{}
			all[key] = m
			order = append(order, key)
		}
		m.rows, m.owners = append(m.rows, x), append(m.owners, owner)
	}
	b.crowded = map[string]int{}
	for _, key := range order {
		m := all[key]
		if m.emails = differentEmails(m.rows); m.emails > publicLogins {
			b.crowded[key] = m.emails
		}
		b.attachMachine(m)
	}
}

// attachMachine attaches the rows of one machine.
func (b *builder) attachMachine(m *copied) {
	for _, p := range unique(slices.Clone(m.owners)) {
		r := b.records(p)
		if r == nil {
			continue
		}
		for i, x := range m.rows {
			switch {
			case m.owners[i] == p:
				r.StolenLogins = append(r.StolenLogins, x)
			case m.emails <= publicLogins:
				r.MachineLogins = append(r.MachineLogins, x)
			}
		}
	}
}

func differentEmails(rows []*record.StolenLogin) int {
	seen := map[string]bool{}
	for _, x := range rows {
		if e, ok := match.Email(x.Login); ok {
			seen[e] = true
		}
	}
	return len(seen)
}

// profileHosts are the sites at which a user name is what a profile's link shows.
var profileHosts = map[string]string{"github.com": "github", "gitlab.com": "gitlab", "linkedin.com": "linkedin", "upwork.com": "upwork", "freelancer.com": "freelancer"}

// profiles returns who claims a profile, by network and user name; -1 where several do.
func (b *builder) profiles() map[string]int32 {
	out := map[string]int32{}
	for i, p := range b.persons {
		for _, c := range p.Records.Claims {
			for _, u := range c.URLs {
				if u.Network == "" || u.Username == "" {
					continue
				}
				k := u.Network + "/" + strings.ToLower(u.Username)
				if old, taken := out[k]; taken && old != int32(i) {
					out[k] = -1
					continue
				}
				out[k] = int32(i)
			}
		}
	}
	return out
}

// loginOwner returns whose login a row holds: an e-mail address that one person
// alone presents, an account of the organisation at its own sites, or a user name
// that one person alone claims as a profile. Other user names say nothing: many
// people have the same.
func (b *builder) loginOwner(x *record.StolenLogin, profiles map[string]int32) int32 {
	if e, ok := match.Email(x.Login); ok {
		list := unique(slices.Clone(b.emails[e]))
		switch {
		case len(list) == 1:
			return list[0]
		case len(list) == 0 && slices.Contains(b.base.Domains, match.EmailDomain(e)):
			return b.account(e)
		}
		return -1
	}
	site := strings.ToLower(x.Site)
	if b.ownSite(site) {
		return b.account(strings.ToLower(x.Login))
	}
	for host, network := range profileHosts {
		if site == host || strings.HasSuffix(site, "."+host) {
			if p, ok := profiles[network+"/"+strings.ToLower(x.Login)]; ok {
				return p
			}
		}
	}
	return -1
}

// ownSite reports whether a site is the organisation's.
func (b *builder) ownSite(site string) bool {
	return slices.ContainsFunc(b.base.Domains, func(d string) bool { return site == d || strings.HasSuffix(site, "."+d) })
}

// machines notes on which machines people's logins were.
func (b *builder) machines() {
	for i, p := range b.persons {
		for _, x := range p.Records.StolenLogins {
			key := machineKey(x)
			if key == "" {
				continue
			}
			u := b.use(identity.EdgeMachine, key, int32(i), cmp.Or(x.SeenAt, x.ObservedAt), &x.Ref, "machine "+head(strings.TrimPrefix(key, x.Ref.Source+"\x00"), 8)+"…")
			if n := b.crowded[key]; n > 0 {
				u.why = fmt.Sprintf("%d different e-mail addresses on one machine: a public computer, or a collection of logs", n)
			}
		}
	}
}

// machine judges an edge about a machine that malware copied. A single login may
// have been typed in once on somebody else's computer; an account of the
// organisation, or logins at several sites, are those of the one who sits there.
func (b *builder) machine(e *identityEdge, us []use, why string) {
	e.OpenHome = b.oneHome(e.persons)
	once := ""
	for k, i := range e.persons {
		e.Holders[k].Note = b.persons[i].home()
		if once == "" && !b.settled(i, e.Key) {
			once = b.persons[i].Name() + " has a login at one site only there"
		}
	}
	agency := agencyOf(b.st, func(a *settings.Agency) bool {
		return slices.ContainsFunc(e.persons, func(i int32) bool { return b.loginUnder(i, e.Key, a.Domains) })
	})
	switch {
	case why != "":
		e.suppress(why)
	case agency != "":
		e.suppress("a computer of the declared agency " + agency)
	case b.oneHousehold(e.persons):
		e.suppress("declared household")
	case e.OpenHome:
		e.openly()
	case once != "":
		e.discount(0.5, once)
	}
}

// settled reports whether a person's logins on a machine are at two sites or more,
// or one is an account of the organisation.
func (b *builder) settled(i int32, key string) bool {
	sites := map[string]bool{}
	for _, x := range b.persons[i].Records.StolenLogins {
		if machineKey(x) != key {
			continue
		}
		if b.ownSite(strings.ToLower(x.Site)) || slices.Contains(b.base.Domains, match.EmailDomain(strings.ToLower(x.Login))) {
			return true
		}
		sites[strings.ToLower(x.Site)] = true
	}
	return len(sites) > 1
}

// loginUnder reports whether a person has a login under one of the domains on a machine.
func (b *builder) loginUnder(i int32, key string, domains []string) bool {
	return slices.ContainsFunc(b.persons[i].Records.StolenLogins, func(x *record.StolenLogin) bool {
		return machineKey(x) == key && slices.ContainsFunc(domains, func(d string) bool { return strings.EqualFold(d, match.EmailDomain(strings.ToLower(x.Login))) })
	})
}
