package link

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/match"
	"muster/internal/record"
)

// unit is what certainly belongs together before anything is compared: rows that
// share an id of a system, or rows with one e-mail address and one name.
type unit struct {
	key       string // content only
	handles   []record.Handle
	names     []string
	parsed    []match.Name
	emails    []string
	work      []string // those of emails that are work addresses
	phones    []string
	homes     []string // keys of claimed homes
	urls      []string
	ids       []string // hashes of identity numbers and documents
	birth     record.Date
	employees []string
	jobs      []period // engagements here
	orgs      []string // employers and schools of the résumé, with their start
	texts     []string // résumés
	since     time.Time
	staff     bool
	candidate bool
	referee   bool
	hired     []hire
	listed    bool   // in a directory of accounts
	outcome   string // what humans decided: confirmed or victim, "" if nothing
}

// period is an engagement; a zero end is open.
type period struct{ start, end time.Time }

// hire is an application that led to an offer or a hire.
type hire struct{ applied time.Time }

// strong reports whether a handle is an id of a system, which one person has.
func strong(h record.Handle) bool {
	switch h.Namespace() {
	case record.NSEmail, record.NSLogin, record.NSPhone, record.NSName, "serial", "":
		return false
	}
	return true
}

// canonical returns a handle in the form in which it is compared.
func canonical(h record.Handle) record.Handle {
	switch h.Namespace() {
	case record.NSEmail:
		if e, ok := match.Email(h.Value()); ok {
			return record.NewHandle(record.NSEmail, e)
		}
	case record.NSLogin:
		if e, ok := match.Email(h.Value()); ok {
			return record.NewHandle(record.NSEmail, e)
		}
		return record.NewHandle(record.NSLogin, strings.ToLower(h.Value()))
	case record.NSEmployee:
		return record.NewHandle(record.NSEmployee, strings.ToUpper(h.Value()))
	}
	return h
}

// assembly collects units.
type assembly struct {
	units   []*unit
	byKey   map[string]int // handle, or handle and name, to unit
	parent  []int          // of units that turned out to share an id
	referee []int          // unit of each reference's referee, -1 if it names nobody
}

func (a *assembly) find(i int) int {
	for a.parent[i] != i {
		a.parent[i] = a.parent[a.parent[i]]
		i = a.parent[i]
	}
	return i
}

// at returns the unit of a key, made if needed.
func (a *assembly) at(key string) int {
	if i, ok := a.byKey[key]; ok {
		return a.find(i)
	}
	i := len(a.units)
	a.units = append(a.units, &unit{key: key})
	a.parent = append(a.parent, i)
	a.byKey[key] = i
	return i
}

// of returns the unit of a row: that of its system ids, else of its e-mail
// address, login or telephone number together with the name on the row. It
// returns nil for rows that name nobody.
func (a *assembly) of(s *record.Subject, name string, extra ...record.Handle) *unit {
	var ids, weak []record.Handle
	for _, h := range append(s.All(), extra...) {
		if h = canonical(h); h == "" {
			continue
		}
		if strong(h) {
			ids = append(ids, h)
		} else {
			weak = append(weak, h)
		}
	}
	at := -1
	for _, h := range ids {
		i := a.at(string(h))
		if at >= 0 && i != at {
			a.merge(at, i)
		}
		at = a.find(i)
	}
	if at < 0 {
		if len(weak) == 0 {
			return nil
		}
		slices.SortFunc(weak, func(x, y record.Handle) int {
			return cmp.Or(cmp.Compare(weakRank(x), weakRank(y)), strings.Compare(string(x), string(y)))
		})
		at = a.at(string(weak[0]) + "\x00" + match.NameKey(name))
	}
	u := a.units[at]
	u.handles = append(append(u.handles, ids...), weak...)
	for _, h := range weak {
		switch h.Namespace() {
		case record.NSEmail:
			u.emails = append(u.emails, h.Value())
		case record.NSPhone:
			u.phones = append(u.phones, match.Phone(record.Phone{E164: h.Value()}))
		}
	}
	if name != "" {
		u.names = append(u.names, name)
	}
	return u
}

func weakRank(h record.Handle) int {
	return slices.Index([]string{record.NSEmail, record.NSLogin, record.NSPhone, record.NSName, "serial"}, h.Namespace())
}

// merge makes two units that share a row one.
func (a *assembly) merge(i, j int) {
	i, j = a.find(i), a.find(j)
	if i == j {
		return
	}
	x, y := a.units[i], a.units[j]
	x.handles = append(x.handles, y.handles...)
	x.names = append(x.names, y.names...)
	x.emails, x.work, x.phones = append(x.emails, y.emails...), append(x.work, y.work...), append(x.phones, y.phones...)
	x.homes, x.urls, x.ids = append(x.homes, y.homes...), append(x.urls, y.urls...), append(x.ids, y.ids...)
	x.employees, x.jobs = append(x.employees, y.employees...), append(x.jobs, y.jobs...)
	x.orgs, x.texts, x.hired = append(x.orgs, y.orgs...), append(x.texts, y.texts...), append(x.hired, y.hired...)
	x.staff, x.candidate = x.staff || y.staff, x.candidate || y.candidate
	x.referee, x.listed = x.referee || y.referee, x.listed || y.listed
	if x.birth.IsZero() || !y.birth.IsZero() && y.birth.First().Before(x.birth.First()) {
		x.birth = y.birth
	}
	x.see(y.since)
	a.parent[j] = i
	a.units[j] = nil
}

// see notes the earliest time at which the unit is known.
func (u *unit) see(t time.Time) {
	if !t.IsZero() && (u.since.IsZero() || t.Before(u.since)) {
		u.since = t
	}
}

// collect makes the units of a set.
func collect(set *record.Set) *assembly {
	a := &assembly{byKey: make(map[string]int, len(set.Personas)+len(set.Engagements))}
	for _, p := range set.Personas {
		a.claim(p)
	}
	for _, x := range set.Engagements {
		a.engagement(x)
	}
	for _, x := range set.Applications {
		if u := a.of(&x.Subject, x.Name); u != nil {
			u.candidate = true
			u.see(x.AppliedAt.Time())
			if x.Status == "hired" || !x.OfferedAt.IsZero() {
				u.hired = append(u.hired, hire{x.AppliedAt.Time()})
			}
		}
	}
	for _, x := range set.HistoryItems {
		if u := a.of(&x.Subject, x.Name); u != nil && x.ItemKind != "certificate" {
			if org := cmp.Or(x.OrgNorm, match.Org(x.Org)); org != "" {
				u.orgs = append(u.orgs, org+" "+x.Start.String())
			}
		}
	}
	for _, x := range set.Documents {
		if u := a.of(&x.Subject, x.Name); u != nil {
			if x.NumberHash != "" {
				u.ids = append(u.ids, x.NumberHash)
			}
			if x.DocumentKind == "cv" && len(x.Sections) > 0 {
				u.texts = append(u.texts, x.Text())
			}
		}
	}
	a.referee = make([]int, len(set.References))
	for i, x := range set.References {
		a.of(&x.Subject, x.Name)
		a.referee[i] = a.refereeOf(x)
	}
	a.finish()
	return a
}

func (a *assembly) claim(p *record.Persona) {
	name := cmp.Or(p.FullName, strings.TrimSpace(p.Given+" "+p.Family), p.Name)
	var extra []record.Handle
	if len(p.All()) == 0 {
		for _, m := range p.Emails {
			extra = append(extra, record.NewHandle(record.NSEmail, m.Value))
		}
	}
	u := a.of(&p.Subject, name, extra...)
	if u == nil {
		return
	}
	u.names = append(u.names, p.Aliases...)
	for _, m := range p.Emails {
		if e, ok := match.Email(m.Value); ok {
			u.emails = append(u.emails, e)
			if m.Kind == "work" || m.Kind == "login" {
				u.work = append(u.work, e)
			}
		}
	}
	for _, ph := range p.Phones {
		u.phones = append(u.phones, match.Phone(ph))
	}
	for _, x := range p.URLs {
		u.urls = append(u.urls, match.URL(x))
	}
	if pl := match.Address(p.ClaimedAddress); !pl.IsZero() {
		u.homes = append(u.homes, pl.Building)
	}
	if p.NationalIDHash != "" {
		u.ids = append(u.ids, p.NationalIDHash)
	}
	if u.birth.IsZero() || !p.BirthDate.IsZero() && p.BirthDate.First().Before(u.birth.First()) {
		u.birth = p.BirthDate
	}
	u.see(p.CreatedAt.Time())
	switch p.PersonaKind {
	case "referee":
		u.referee = true
	case "account_profile":
		u.listed = true
	case "employee", "contractor", "vendor_staff":
		u.staff = true
	default:
		u.candidate = true
	}
}

func (a *assembly) engagement(x *record.Engagement) {
	var extra []record.Handle
	if x.EmployeeNo != "" {
		extra = append(extra, record.NewHandle(record.NSEmployee, x.EmployeeNo))
	}
	if len(x.All()) == 0 && x.WorkEmail != "" {
		extra = append(extra, record.NewHandle(record.NSEmail, x.WorkEmail))
	}
	u := a.of(&x.Subject, x.Name, extra...)
	if u == nil {
		return
	}
	u.staff = true
	if e, ok := match.Email(x.WorkEmail); ok {
		u.emails, u.work = append(u.emails, e), append(u.work, e)
	}
	if x.EmployeeNo != "" {
		u.employees = append(u.employees, strings.ToUpper(strings.TrimSpace(x.EmployeeNo)))
	}
	if pl := match.Address(x.HomeAddress); !pl.IsZero() {
		u.homes = append(u.homes, pl.Building)
	}
	p := period{}
	if !x.Start.IsZero() {
		p.start = x.Start.First()
		u.see(p.start)
	}
	if !x.End.IsZero() {
		p.end = x.End.Last()
	}
	u.jobs = append(u.jobs, p)
}

// refereeOf returns the unit of the person who vouches. Referees without a
// contact are told apart by name and company.
func (a *assembly) refereeOf(x *record.Reference) int {
	r := &x.Referee
	var s record.Subject
	email, _ := match.Email(r.Email)
	phone := match.Phone(r.Phone)
	switch {
	case email != "":
		s.Handle = record.NewHandle(record.NSEmail, email)
	case phone != "":
		s.Handle = record.NewHandle(record.NSPhone, phone)
	case r.Name != "":
		s.Handle = record.NewHandle(record.NSName, match.NameKey(r.Name)+" "+match.Org(r.Company))
	default:
		return -1
	}
	key := "referee\x00" + string(s.Handle) + "\x00" + match.NameKey(r.Name)
	i := a.at(key)
	u := a.units[i]
	u.referee = true
	if r.Name != "" {
		u.names = append(u.names, r.Name)
	}
	if email != "" {
		u.emails = append(u.emails, email)
	}
	if phone != "" {
		u.phones = append(u.phones, phone)
	}
	if s.Handle.Namespace() != record.NSPhone {
		u.handles = append(u.handles, s.Handle)
	}
	return i
}

// finish sorts every list and drops the units that were merged away.
func (a *assembly) finish() {
	set := func(list []string) []string {
		slices.Sort(list)
		list = slices.Compact(list)
		if len(list) > 0 && list[0] == "" {
			list = list[1:]
		}
		return list
	}
	keep := make([]*unit, 0, len(a.units))
	for _, u := range a.units {
		if u == nil {
			continue
		}
		u.names, u.emails, u.work, u.phones = set(u.names), set(u.emails), set(u.work), set(u.phones)
		u.homes, u.urls, u.ids, u.employees, u.orgs, u.texts = set(u.homes), set(u.urls), set(u.ids), set(u.employees), set(u.orgs), set(u.texts)
		slices.Sort(u.handles)
		u.handles = slices.Compact(u.handles)
		if len(u.handles) > 0 && strong(u.handles[0]) {
			u.key = string(u.handles[0])
		}
		for _, h := range u.handles {
			if strong(h) {
				u.key = string(h)
				break
			}
		}
		for _, n := range u.names {
			if p := match.ParseName(n); !p.IsZero() {
				u.parsed = append(u.parsed, p)
			}
		}
		keep = append(keep, u)
	}
	slices.SortFunc(keep, func(x, y *unit) int { return strings.Compare(x.key, y.key) })
	a.renumber(keep)
}

// renumber replaces the units by the sorted ones.
func (a *assembly) renumber(keep []*unit) {
	now := make(map[*unit]int, len(keep))
	for i, u := range keep {
		now[u] = i
	}
	for i, r := range a.referee {
		if r >= 0 {
			a.referee[i] = now[a.units[a.find(r)]]
		}
	}
	for k, i := range a.byKey {
		a.byKey[k] = now[a.units[a.find(i)]]
	}
	a.units = keep
	a.parent = nil
}
