package link

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// person is a persona in the making.
type person struct {
	identity.Persona
	units  []*unit
	since  time.Time
	parsed []match.Name
	places []match.Place // homes it claims, each once
	anchor []string      // declared shared addresses among them
	work   map[string]bool
}

// people makes the persons of the joined units and gives every handle to one of
// them.
func (b *builder) people(a *assembly, j *joiner) {
	first := len(b.persons)
	b.unitPerson = make([]int32, len(a.units))
	for i := range a.units {
		if j.find(i) != i {
			continue
		}
		slices.Sort(j.members[i])
		if b.ghost(a, j.members[i]) {
			for _, m := range j.members[i] {
				b.unitPerson[m] = -1
			}
			continue
		}
		p := &person{work: map[string]bool{}}
		for _, m := range j.members[i] {
			b.unitPerson[m] = int32(len(b.persons))
			p.take(a.units[m])
			p.Joins = append(p.Joins, j.joins[m]...)
		}
		b.persons = append(b.persons, p)
	}
	for i := range a.units {
		b.unitPerson[i] = b.unitPerson[j.find(i)]
	}
	for _, p := range b.persons[first:] {
		p.settle()
	}
	b.claimHandles()
}

func (p *person) take(u *unit) {
	p.units = append(p.units, u)
	p.Emails = append(p.Emails, u.emails...)
	p.Phones = append(p.Phones, u.phones...)
	p.Handles = append(p.Handles, u.handles...)
	p.parsed = append(p.parsed, u.parsed...)
	for _, e := range u.work {
		p.work[e] = true
	}
	if !u.since.IsZero() && (p.since.IsZero() || u.since.Before(p.since)) {
		p.since = u.since
	}
	switch {
	case u.staff || u.listed:
		p.Queue = identity.Staff
	case u.candidate && p.Queue != identity.Staff:
		p.Queue = identity.Candidate
	}
	// A row with several ids of systems joins them by itself.
	var first record.Handle
	for _, h := range u.handles {
		switch {
		case !strong(h):
		case first == "":
			first = h
		default:
			p.Joins = append(p.Joins, identity.Join{A: first, B: h, By: "same row", Text: "one row holds both ids"})
		}
	}
}

// settle sorts what was taken.
func (p *person) settle() {
	if p.Queue == "" {
		p.Queue = identity.Referee
		for _, u := range p.units {
			if !u.referee {
				p.Queue = identity.Candidate
			}
		}
	}
	for _, e := range p.Emails {
		p.Handles = append(p.Handles, record.NewHandle(record.NSEmail, e))
	}
	for _, u := range p.units {
		for _, n := range u.employees {
			p.Handles = append(p.Handles, record.NewHandle(record.NSEmployee, n))
		}
	}
	p.Emails, p.Phones, p.Handles = unique(p.Emails), unique(p.Phones), unique(p.Handles)
	p.Names = p.names()
	slices.SortFunc(p.Joins, compareJoins)
	p.Joins = slices.Compact(p.Joins)
}

func compareJoins(x, y identity.Join) int {
	return cmp.Or(strings.Compare(string(x.A), string(y.A)), strings.Compare(string(x.B), string(y.B)), strings.Compare(x.By, y.By), strings.Compare(x.Text, y.Text))
}

func unique[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// ghost reports whether units are no person to rank: a service account, or an
// account that nothing but a directory knows and nobody signs in to.
func (b *builder) ghost(a *assembly, members []int) bool {
	listed := true
	for _, m := range members {
		u := a.units[m]
		for _, h := range u.handles {
			if b.service[strings.ToLower(h.Value())] || b.service[strings.ToLower(string(h))] {
				return true
			}
		}
		listed = listed && u.listed && !u.staff && !u.candidate && !u.referee
	}
	if !listed {
		return false
	}
	for _, m := range members {
		u := a.units[m]
		if len(u.parsed) == 0 || u.parsed[0].Parts() < 2 {
			continue
		}
		accounts := slices.Clone(u.emails)
		for _, h := range u.handles {
			accounts = append(accounts, h.Value())
		}
		for _, name := range accounts {
			if lo, hi := b.set.Sessions.Rows(name); hi > lo {
				return false
			}
		}
	}
	return true
}

// names returns the names as presented: those of staff rows first, the fuller
// before the shorter, one per folded form.
func (p *person) names() []string {
	type named struct {
		name  string
		order int
	}
	var all []named
	for _, u := range p.units {
		order := 2
		switch {
		case u.staff || u.listed:
			order = 0
		case u.candidate:
			order = 1
		}
		for _, n := range u.names {
			all = append(all, named{strings.TrimSpace(n), order})
		}
	}
	slices.SortFunc(all, func(x, y named) int {
		return cmp.Or(cmp.Compare(x.order, y.order), cmp.Compare(len(match.Words(y.name)), len(match.Words(x.name))), strings.Compare(x.name, y.name))
	})
	seen := map[string]bool{}
	var out []string
	for _, n := range all {
		if k := strings.ToLower(n.name); k != "" && !seen[k] {
			seen[k] = true
			out = append(out, n.name)
		}
	}
	return out
}

// claimHandles gives every handle to one person: where two present the same
// e-mail address, it is a handle of the one with the better right to it, and the
// other is known by its own ids. What both present stays in Emails of both.
func (b *builder) claimHandles() {
	order := make([]int32, len(b.persons))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { return b.precedence(b.persons[x], b.persons[y]) })
	b.handle = make(map[record.Handle]int32, 3*len(b.persons))
	b.emails, b.phones = map[string][]int32{}, map[string][]int32{}
	for _, i := range order {
		p := b.persons[i]
		p.Handles = slices.DeleteFunc(p.Handles, func(h record.Handle) bool {
			_, taken := b.handle[h]
			if !taken {
				b.handle[h] = i
			}
			return taken
		})
		for _, e := range p.Emails {
			b.emails[e] = append(b.emails[e], i)
		}
		for _, ph := range p.Phones {
			b.phones[ph] = append(b.phones[ph], i)
		}
	}
	for _, i := range order {
		if p := b.persons[i]; len(p.Handles) == 0 {
			p.Handles = []record.Handle{b.spareHandle(p, i)}
		}
	}
}

// spareHandle makes a handle for a person all of whose handles are somebody else's.
func (b *builder) spareHandle(p *person, i int32) record.Handle {
	parts := slices.Concat(p.Names[:min(len(p.Names), 1)], p.Emails, p.Phones)
	if len(parts) == 0 {
		parts = []string{strings.ReplaceAll(p.units[0].key, "\x00", " ")}
	}
	base := record.NewHandle(record.NSName, strings.Join(parts, " "))
	h := base
	for n := 2; ; n++ {
		if _, taken := b.handle[h]; !taken {
			b.handle[h] = i
			return h
		}
		h = base + record.Handle("#"+strconv.Itoa(n))
	}
}

// precedence orders persons by their right to a shared handle: staff, candidates,
// referees; then who was there first; then by content.
func (b *builder) precedence(x, y *person) int {
	rank := map[identity.Queue]int{identity.Staff: 0, identity.Candidate: 1, identity.Referee: 2}
	when := func(p *person) time.Time {
		if p.since.IsZero() {
			return time.Unix(1<<40, 0)
		}
		return p.since
	}
	return cmp.Or(cmp.Compare(rank[x.Queue], rank[y.Queue]), when(x).Compare(when(y)), strings.Compare(x.units[0].key, y.units[0].key))
}

// resolve returns the person that a row is about, -1 if nobody is known by its
// handles.
func (b *builder) resolve(s *record.Subject) int32 {
	best, rank := int32(-1), 99
	for _, h := range s.All() {
		h = canonical(h)
		i, r := b.byHandle(h, s.Name), weakRank(h)
		if i >= 0 && (r < rank || r == rank && i < best) {
			best, rank = i, r
		}
	}
	return best
}

// byHandle resolves one handle; the name on the row decides where several
// personas present one e-mail address.
func (b *builder) byHandle(h record.Handle, name string) int32 {
	switch h.Namespace() {
	case "", record.NSName:
		return -1
	case record.NSEmail:
		if i := b.byEmail(h.Value(), name); i >= 0 {
			return i
		}
	case record.NSPhone:
		if list := b.phones[match.Phone(record.Phone{E164: h.Value()})]; len(list) == 1 {
			return list[0]
		}
		return -1
	case record.NSLogin:
		if i, ok := b.handle[h]; ok {
			return i
		}
		return b.byLogin(h.Value())
	}
	if i, ok := b.handle[h]; ok {
		return i
	}
	return -1
}

// byEmail returns the person that presents an address, the one whose name fits if
// several do, else the first in precedence.
func (b *builder) byEmail(email, name string) int32 {
	list := b.emails[email]
	if len(list) == 0 {
		return -1
	}
	best, rel := list[0], match.NameUnknown
	if len(list) > 1 && name != "" {
		n := match.ParseName(name)
		for _, i := range list {
			for _, q := range b.persons[i].parsed {
				if r := n.Relate(q); r > rel && r >= match.NamePartial {
					best, rel = i, r
				}
			}
		}
	}
	return best
}

// byLogin resolves an account name that is no e-mail address: the local part of
// an address under the organisation's domains, if exactly one person has it.
func (b *builder) byLogin(login string) int32 {
	found := int32(-1)
	for _, d := range b.base.Domains {
		if list := b.emails[login+"@"+d]; len(list) > 0 {
			if found >= 0 && found != list[0] {
				return -1
			}
			found = list[0]
		}
	}
	return found
}

// account resolves an account name of a sign-in or audit log.
func (b *builder) account(name string) int32 {
	if name == "" || b.service[strings.ToLower(name)] {
		return -1
	}
	if i, ok := b.accounts[name]; ok {
		return i
	}
	i := int32(-1)
	if e, ok := match.Email(name); ok {
		if i = b.byEmail(e, ""); i < 0 && slices.Contains(b.base.Domains, match.EmailDomain(e)) {
			i = b.byLogin(match.EmailLocal(e))
		}
	} else if i = b.byHandle(record.NewHandle(record.NSLogin, strings.ToLower(name)), ""); i < 0 {
		i = b.byHandle(record.Handle(name), "")
	}
	b.accounts[name] = i
	return i
}
