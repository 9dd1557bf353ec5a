package link

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
)

// maxGroup is how many units of one value are compared each with each. A value
// that more units have is no contact of one person; there only equal names join.
const maxGroup = 40

// proposal is a reason to take two units for one presented identity.
type proposal struct {
	order int
	a, b  int // a < b
	by    string
	text  string
}

// joiner decides which units are one presented identity.
type joiner struct {
	units   []*unit
	st      *settings.Settings
	props   []proposal
	parent  []int
	members [][]int
	joins   map[int][]identity.Join // by unit
	refused []identity.Join
}

// join returns for every unit the smallest unit of its persona, and the reasons.
func join(units []*unit, st *settings.Settings) *joiner {
	j := &joiner{units: units, st: st, joins: map[int][]identity.Join{}}
	j.decided()
	j.values(func(u *unit) []string { return u.emails }, j.byEmail)
	j.values(func(u *unit) []string { return u.phones }, j.byPhone)
	j.declared()
	j.hires()
	slices.SortFunc(j.props, func(x, y proposal) int {
		return cmp.Or(cmp.Compare(x.order, y.order), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), strings.Compare(x.by, y.by))
	})
	j.parent, j.members = make([]int, len(units)), make([][]int, len(units))
	for i := range units {
		j.parent[i], j.members[i] = i, []int{i}
	}
	for _, p := range j.props {
		j.accept(p)
	}
	return j
}

func (j *joiner) find(i int) int {
	for j.parent[i] != i {
		j.parent[i] = j.parent[j.parent[i]]
		i = j.parent[i]
	}
	return i
}

// accept joins unless a member of one side contradicts a member of the other.
func (j *joiner) accept(p proposal) {
	a, b := j.find(p.a), j.find(p.b)
	if a == b {
		return
	}
	for _, x := range j.members[a] {
		for _, y := range j.members[b] {
			if why := contradict(j.units[x], j.units[y]); why != "" {
				j.refused = append(j.refused, identity.Join{A: j.units[p.a].main(), B: j.units[p.b].main(), By: p.by, Text: why})
				return
			}
		}
	}
	if b < a {
		a, b = b, a
	}
	j.parent[b] = a
	j.members[a] = append(j.members[a], j.members[b]...)
	j.members[b] = nil
	x, y := j.units[p.a], j.units[p.b]
	j.joins[p.a] = append(j.joins[p.a], identity.Join{A: x.main(), B: y.main(), By: p.by, Text: p.text})
}

// main is the handle that stands for a unit in explanations.
func (u *unit) main() record.Handle {
	if len(u.handles) == 0 {
		return record.NewHandle(record.NSName, strings.Join(u.names, " "))
	}
	for _, h := range u.handles {
		if strong(h) {
			return h
		}
	}
	return u.handles[0]
}

// values groups units by a value and hands over the groups of two and more.
func (j *joiner) values(of func(*unit) []string, group func(value string, units []int)) {
	type entry struct {
		value string
		unit  int
	}
	var all []entry
	for i, u := range j.units {
		for _, v := range of(u) {
			all = append(all, entry{v, i})
		}
	}
	slices.SortFunc(all, func(x, y entry) int { return cmp.Or(strings.Compare(x.value, y.value), cmp.Compare(x.unit, y.unit)) })
	var units []int
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi].value == all[lo].value {
			hi++
		}
		if hi-lo > 1 {
			units = units[:0]
			for _, e := range all[lo:hi] {
				units = append(units, e.unit)
			}
			group(all[lo].value, units)
		}
		lo = hi
	}
}

func (j *joiner) propose(order, a, b int, by, text string) {
	if a > b {
		a, b = b, a
	}
	j.props = append(j.props, proposal{order, a, b, by, text})
}

// pairs yields the pairs of a group; of a large one those with equal names.
func (j *joiner) pairs(units []int, yield func(a, b int)) {
	if len(units) <= maxGroup {
		for i, a := range units {
			for _, b := range units[i+1:] {
				yield(a, b)
			}
		}
		return
	}
	byName := map[string]int{}
	for _, u := range units {
		for _, n := range j.units[u].parsed {
			if first, ok := byName[n.Key()]; ok {
				yield(first, u)
			} else {
				byName[n.Key()] = u
			}
		}
	}
}

// byEmail joins units with one e-mail address whose names agree, whose other
// claims agree throughout (ruling 4), or of which one names nobody.
func (j *joiner) byEmail(email string, units []int) {
	var named, bare []int
	for _, u := range units {
		if x := j.units[u]; len(x.parsed) > 0 && !x.directory() {
			named = append(named, u)
		} else {
			bare = append(bare, u)
		}
	}
	by := "personal e-mail"
	for _, u := range units {
		if slices.Contains(j.units[u].work, email) {
			by = "work e-mail"
		}
	}
	j.pairs(named, func(a, b int) {
		x, y := j.units[a], j.units[b]
		rel := relation(x, y)
		switch {
		case rel.Agree():
			j.propose(1, a, b, by, "the same "+by+" and the same name")
		case rel == match.NamePartial && x.staff && y.staff && slices.Contains(x.work, email) && slices.Contains(y.work, email):
			j.propose(2, a, b, by, "the same work e-mail, which the organisation gave out, and a name in common")
		case rel == match.NamePartial && (x.referee && !x.staff && !x.candidate || y.referee && !y.staff && !y.candidate):
			j.propose(2, a, b, by, "a referee with the same "+by+" and a name in common")
		default:
			j.again(a, b, rel)
		}
	})
	owners := named
	if len(owners) == 0 {
		owners = bare[:1]
	}
	for _, b := range bare {
		owner := slices.MinFunc(owners, func(x, y int) int {
			return cmp.Or(cmp.Compare(relation(j.units[y], j.units[b]), relation(j.units[x], j.units[b])), j.precedence(x, y, email))
		})
		if b != owner {
			j.propose(4, owner, b, by, "the same "+by)
		}
	}
}

// directory reports whether only a directory of accounts knows the unit. The
// names there are what people like to be called, and no legal names.
func (u *unit) directory() bool { return u.listed && !u.staff && !u.candidate && !u.referee }

// precedence orders the units of one address by their right to rows that name
// nobody: whose work address it is, staff, candidates, then who had it first.
func (j *joiner) precedence(a, b int, email string) int {
	rank := func(u *unit) int {
		switch {
		case slices.Contains(u.work, email):
			return 0
		case u.staff:
			return 1
		case u.candidate:
			return 2
		}
		return 3
	}
	x, y := j.units[a], j.units[b]
	return cmp.Or(cmp.Compare(rank(x), rank(y)), x.since.Compare(y.since), cmp.Compare(a, b))
}

// byPhone joins units with one number whose names agree. A number of an agency
// or of many is nobody's own.
func (j *joiner) byPhone(phone string, units []int) {
	if j.agencyPhone(phone) || len(units) > maxGroup {
		return
	}
	j.pairs(units, func(a, b int) {
		x, y := j.units[a], j.units[b]
		switch rel := relation(x, y); {
		case len(x.parsed) == 0 || len(y.parsed) == 0:
		case rel.Agree(): // other histories are a question about one identity, and no second one
			j.propose(3, a, b, "phone", "the same telephone number and the same name")
		case !rel.Agree():
			j.again(a, b, rel)
		}
	})
	for _, b := range units {
		if len(j.units[b].parsed) == 0 && b != units[0] {
			j.propose(5, units[0], b, "phone", "the same telephone number")
		}
	}
}

func (j *joiner) agencyPhone(phone string) bool {
	return agencyOf(j.st, func(a *settings.Agency) bool {
		return slices.ContainsFunc(a.Phones, func(p string) bool { return samePhone(p, phone) })
	}) != ""
}

// samePhone compares a number as a user wrote it with a key.
func samePhone(written, key string) bool {
	d, k := strings.TrimLeft(match.Digits(written), "0"), match.Digits(key)
	return len(d) >= 7 && strings.HasSuffix(k, d)
}

// agencyOf returns the name of the first declared agency that fits.
func agencyOf(st *settings.Settings, fits func(*settings.Agency) bool) string {
	for i := range st.Declared.Agencies {
		if fits(&st.Declared.Agencies[i]) {
			return st.Declared.Agencies[i].Name
		}
	}
	return ""
}

// again joins two units that share a contact under different names when
// everything else that both state agrees: a name changed, not a person. One or
// two things shared and the rest disjoint is no such case (ruling 4).
func (j *joiner) again(a, b int, rel match.NameRelation) {
	x, y := j.units[a], j.units[b]
	if x.referee != y.referee || disjoint(x.orgs, y.orgs) {
		return
	}
	var agree []string
	differ := 0
	weigh := func(what string, p, q []string) {
		switch {
		case len(p) == 0 || len(q) == 0:
		case common(p, q):
			agree = append(agree, what)
		default:
			differ++
		}
	}
	weigh("e-mail", x.emails, y.emails)
	weigh("phone", x.phones, y.phones)
	if common(x.homes, y.homes) { // other homes and profiles contradict nothing: people move
		agree = append(agree, "home address")
	}
	if common(x.urls, y.urls) {
		agree = append(agree, "profile")
	}
	if hiredAs(x, y) || hiredAs(y, x) {
		agree = append(agree, "date of the hire")
	}
	if common(x.ids, y.ids) {
		agree = append(agree, "identity document")
	}
	if x.birth.Day != 0 && y.birth.Day != 0 && x.birth == y.birth {
		agree = append(agree, "date of birth")
	}
	if alike(x, y) {
		agree = append(agree, "résumé")
	}
	need := 3
	if rel == match.NamePartial || rel == match.NameUnknown {
		need = 2
	}
	if common(x.ids, y.ids) && common(x.emails, y.emails) || len(agree) >= need && differ == 0 || len(agree) > need && differ == 1 {
		j.propose(2, a, b, "re-application", "only the name differs; the same "+list(agree))
	}
}

// list writes "a, b and c".
func list(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// alike reports whether the résumés of two units tell one history.
func alike(x, y *unit) bool {
	if n := shared(x.orgs, y.orgs); n >= 2 && 2*n >= max(len(x.orgs), len(y.orgs)) {
		return true
	}
	for _, p := range x.texts {
		for _, q := range y.texts {
			if match.Jaccard(match.Shingles(p, match.ShingleWords), match.Shingles(q, match.ShingleWords)) >= 0.6 {
				return true
			}
		}
	}
	return false
}

// relation is the closest relation between any of the names of two units.
func relation(x, y *unit) match.NameRelation {
	best := match.NameUnknown
	for _, p := range x.parsed {
		for _, q := range y.parsed {
			best = max(best, p.Relate(q))
		}
	}
	return best
}

// contradict says why two units cannot be one person: other dates of birth, or two
// jobs here under two numbers at one time; "" if nothing does. Other identity
// documents are no contradiction: people have several.
func contradict(x, y *unit) string {
	if x.outcome != "" && y.outcome != "" && x.outcome != y.outcome {
		return "humans decided that one is a confirmed case and the other the victim whose identity was used"
	}
	if !x.birth.Compatible(y.birth) {
		return "other dates of birth"
	}
	if len(x.employees) == 0 || len(y.employees) == 0 || common(x.employees, y.employees) {
		return ""
	}
	for _, p := range x.jobs {
		for _, q := range y.jobs {
			if (p.end.IsZero() || !p.end.Before(q.start)) && (q.end.IsZero() || !q.end.Before(p.start)) {
				return "two jobs here under two employee numbers at one time"
			}
		}
	}
	return ""
}

// decided notes which units humans took for a case and which for its victim: whatever
// they agree on was copied, and they are never one person (H03).
func (j *joiner) decided() {
	outcome := map[string]string{}
	note := func(list []string, what string) {
		for _, n := range list {
			outcome[strings.ToLower(strings.TrimSpace(n))] = what
			if e, ok := match.Email(n); ok {
				outcome[e] = what
			}
		}
	}
	note(j.st.Known.Confirmed, "confirmed")
	note(j.st.Known.Victims, "victim")
	for _, d := range j.st.Decided {
		if d.Outcome == "confirmed" || d.Outcome == "victim" {
			note([]string{d.Persona}, d.Outcome)
		}
	}
	if len(outcome) == 0 {
		return
	}
	for _, u := range j.units {
		for _, h := range u.handles {
			u.outcome = cmp.Or(outcome[strings.ToLower(string(h))], outcome[strings.ToLower(h.Value())], u.outcome)
		}
		for _, list := range [][]string{u.emails, u.work, u.employees} {
			for _, e := range list {
				u.outcome = cmp.Or(outcome[strings.ToLower(e)], u.outcome)
			}
		}
	}
}

// common reports whether two ascending lists share an element.
func common(a, b []string) bool { return shared(a, b) > 0 }

func shared(a, b []string) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := strings.Compare(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// disjoint reports whether two histories of two or more stations have none in common.
func disjoint(a, b []string) bool { return len(a) >= 2 && len(b) >= 2 && !common(a, b) }

// declared joins what the user declared as a change of name.
func (j *joiner) declared() {
	for _, c := range j.st.Declared.NameChanges {
		var hit []int
		email, _ := match.Email(c.Person)
		for i, u := range j.units {
			known := slices.ContainsFunc(u.handles, func(h record.Handle) bool {
				return strings.EqualFold(string(h), c.Person) || strings.EqualFold(h.Value(), c.Person)
			}) || email != "" && slices.Contains(u.emails, email)
			named := slices.ContainsFunc(u.parsed, func(n match.Name) bool {
				return slices.ContainsFunc(c.Names, func(s string) bool { return match.ParseName(s).Key() == n.Key() })
			})
			if known && named || known && len(u.parsed) == 0 {
				hit = append(hit, i)
			}
		}
		for _, i := range hit[min(len(hit), 1):] {
			j.propose(0, hit[0], i, "declared name change", "declared in the settings")
		}
	}
}

// hireSlack is how long after applying a person may start.
const hireSlack = 270 * 24 * time.Hour

// hires joins an applicant who was hired with the employee of the same name who
// started then, where the name stands for one applicant and one employee only. A
// name alone never joins; here the hire and its date agree too.
func (j *joiner) hires() {
	type side struct{ hired, started []int }
	byName := map[string]*side{}
	for i, u := range j.units {
		if len(u.parsed) == 0 || u.parsed[0].Parts() < 2 {
			continue
		}
		k := u.parsed[0].Key()
		if byName[k] == nil {
			byName[k] = &side{}
		}
		switch {
		case u.candidate && !u.staff:
			byName[k].hired = append(byName[k].hired, i)
		case u.staff && !u.candidate:
			byName[k].started = append(byName[k].started, i)
		}
	}
	for _, s := range byName {
		if len(s.hired) != 1 || len(s.started) != 1 {
			continue
		}
		if hiredAs(j.units[s.hired[0]], j.units[s.started[0]]) {
			j.propose(6, s.hired[0], s.started[0], "hire", "hired under this name, and started under it within nine months of applying")
		}
	}
}

// hiredAs reports whether the applicant c was hired when e started here.
func hiredAs(c, e *unit) bool {
	for _, h := range c.hired {
		for _, p := range e.jobs {
			if d := p.start.Sub(h.applied); !h.applied.IsZero() && !p.start.IsZero() && d >= 0 && d <= hireSlack {
				return true
			}
		}
	}
	return false
}
