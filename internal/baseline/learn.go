package baseline

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
)

// Catalogue is the look-up data that learning needs; package intel provides it.
type Catalogue interface {
	// Carrier tells whether a network hands one address to many people, and why.
	Carrier(asn int64, org string) (reason string, ok bool)
	// Hosting tells whether a network rents servers.
	Hosting(asn int64, org string) bool
	// Item returns the canonical name of the tool or peripheral that a row of a device is.
	Item(x *record.DeviceItem) (canonical string, ok bool)
	// Host returns a canonical name of a host that belongs to one organisation's sign-in or device management.
	Host(host string) (canonical string, ok bool)
}

// Learn computes what is normal in a sealed set. Rows later than asOf's day are
// left out.
func Learn(set *record.Set, st *settings.Settings, look Catalogue, asOf time.Time) *Set {
	s := &Set{
		AsOf: asOf, Egress: map[netip.Addr]Shared{}, Carriers: map[int64]string{}, Relays: map[string]string{}, Hosting: map[int64]bool{},
		Tools: map[string]Prevalence{}, Hosts: map[string]Prevalence{}, Networks: map[NetworkKey]Usage{}, Services: map[string]Usage{}, Fleet: map[netip.Addr][]FleetSight{}, Centroids: map[string]Point{}, Sources: map[string]bool{},
		declared: st.Egress,
	}
	s.people(set)
	s.domains(set, st)
	s.sources(set, st)
	s.employers(set)
	s.networks(&set.Sessions, look)
	s.usage(set)
	s.learnEgress(&set.Sessions, asOf, !st.Marketplace())
	for _, p := range st.Egress {
		if p.IsSingleIP() {
			s.Egress[p.Addr()] = Shared{Why: "declared egress", Accounts: s.Egress[p.Addr()].Accounts}
		}
	}
	s.fleet(set, asOf)
	s.tools(set, look)
	s.hosts(set, look)
	s.centroids(&set.Sessions)
	return s
}

// people counts distinct people by the handles of their rows. A person who
// stands in two systems without a common handle counts twice, which is near
// enough for what the counts are used for.
func (s *Set) people(set *record.Set) {
	staff, all := map[record.Handle]bool{}, map[record.Handle]bool{}
	for _, e := range set.Engagements {
		staff[key(&e.Subject, e.EmployeeNo)] = true
	}
	for _, p := range set.Personas {
		switch p.PersonaKind {
		case "employee", "contractor", "vendor_staff":
			staff[key(&p.Subject, "")] = true
		case "account_profile":
		default:
			all[key(&p.Subject, "")] = true
		}
	}
	for _, a := range set.Applications {
		all[key(&a.Subject, "")] = true
	}
	for h := range staff {
		all[h] = true
	}
	s.Staff, s.Personas = len(staff), len(all)
	s.Accounts = len(set.Sessions.Accounts())
}

// key is the handle by which a person's rows are counted: an employee number
// where there is one, else the smallest.
func key(subject *record.Subject, employeeNo string) record.Handle {
	if employeeNo != "" {
		return record.NewHandle(record.NSEmployee, employeeNo)
	}
	handles := subject.All()
	for _, h := range handles {
		if h.Namespace() == record.NSEmployee {
			return h
		}
	}
	if len(handles) == 0 {
		return record.NewHandle(record.NSName, subject.Name)
	}
	return slices.Min(handles)
}

// domains takes the declared domains, or learns them from work addresses and,
// without any, from what most accounts sign in under.
func (s *Set) domains(set *record.Set, st *settings.Settings) {
	if len(st.Domains) > 0 {
		for _, d := range st.Domains {
			s.Domains = append(s.Domains, strings.ToLower(d))
		}
		slices.Sort(s.Domains)
		s.Domains = slices.Compact(s.Domains)
		return
	}
	count, total := map[string]int{}, 0
	see := func(address string) {
		if d := match.EmailDomain(strings.ToLower(address)); d != "" && !match.PublicMail(d) {
			count[d]++
			total++
		}
	}
	for _, e := range set.Engagements {
		see(e.WorkEmail)
	}
	for _, p := range set.Personas {
		for _, m := range p.Emails {
			if m.Kind == "work" && (p.PersonaKind == "employee" || p.PersonaKind == "contractor") {
				see(m.Value)
			}
		}
	}
	if total == 0 {
		for _, a := range set.Sessions.Accounts() {
			see(a)
		}
	}
	for d, n := range count {
		if n*20 >= total {
			s.Domains = append(s.Domains, d)
		}
	}
	slices.Sort(s.Domains)
}

// sources says which exculpating sources the input has (ruling 17).
func (s *Set) sources(set *record.Set, st *settings.Settings) {
	s.Sources["travel"] = len(st.Declared.Travel)+len(st.Declared.Relocations) > 0
	s.Sources["vdi"] = len(st.Declared.VirtualDesktops) > 0
	s.Sources["presence"] = len(set.Presences) > 0
	named := func(a record.Address) bool { return a.Raw != "" || a.Line1 != "" || a.City != "" }
	s.Sources["homes"] = slices.ContainsFunc(set.Engagements, func(e *record.Engagement) bool { return named(e.HomeAddress) }) ||
		slices.ContainsFunc(set.Personas, func(p *record.Persona) bool { return named(p.ClaimedAddress) })
}

// tools counts on how many devices each tool or peripheral stands, of those that
// report any item at all.
func (s *Set) tools(set *record.Set, look Catalogue) {
	devices, fleet := map[string]bool{}, map[string]bool{}
	for _, d := range set.Devices {
		if d.DeviceKey != "" {
			devices[d.DeviceKey] = true
		}
	}
	on := map[string]map[string]bool{}
	for _, x := range set.DeviceItems {
		if x.DeviceKey == "" {
			continue
		}
		devices[x.DeviceKey], fleet[x.DeviceKey] = true, true
		name, ok := look.Item(x)
		if !ok {
			continue
		}
		if on[name] == nil {
			on[name] = map[string]bool{}
		}
		on[name][x.DeviceKey] = true
		p := s.Tools[name]
		for _, at := range []record.Time{x.FirstSeen, x.LastSeen, x.ObservedAt} {
			if at.IsZero() {
				continue
			}
			if p.First.IsZero() || at.Time().Before(p.First) {
				p.First = at.Time()
			}
			if at.Time().After(p.Last) {
				p.Last = at.Time()
			}
		}
		s.Tools[name] = p
	}
	for name, p := range s.Tools {
		p.Devices, p.Of = len(on[name]), len(fleet)
		s.Tools[name] = p
	}
	s.Devices = len(devices)
}

// hosts counts, beside the tools, how many devices talk to each organisation's
// sign-in or device management, of those of which connections are known: what
// many use belongs to the organisation or a partner.
func (s *Set) hosts(set *record.Set, look Catalogue) {
	fleet, on := map[string]bool{}, map[string]map[string]bool{}
	for _, o := range set.NetworkObs {
		host := o.RemoteHost
		if host == "" {
			host = o.Remote
		}
		if o.DeviceKey == "" || host == "" {
			continue
		}
		fleet[o.DeviceKey] = true
		if name, ok := look.Host(host); ok {
			if on[name] == nil {
				on[name] = map[string]bool{}
			}
			on[name][o.DeviceKey] = true
		}
	}
	for name, devices := range on {
		s.Hosts[name] = Prevalence{Devices: len(devices), Of: len(fleet)}
	}
}
