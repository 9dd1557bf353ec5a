package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// Text that was rewritten by a language model shares no passages with its master. What
// stays is the skeleton: employers with their dates, the order of skills, school and
// years (linkage.md 7). Colleagues and classmates share one or two of these honestly, so
// that the skeleton counts from three rare entries on, two of them jobs, and weighs less
// than text in the same words. All limits are design values, measured in
// docs/benchmarks.md.
const (
	leastEntries = 3
	leastJobs    = 2
	monthsOff    = 1  // by which a date may differ
	monthsMoved  = 12 // by which a whole job may be moved, its length unchanged
	rareJob      = 30 // people with the entry, dates to the month: operators keep dozens of identities
	rareYears    = 8  // dates to the year, and schools
	hubEmployer  = 5000
	skillRun     = 5 // skills in one order that make two lists worth comparing
	leastSkills  = 7 // neighbours that agree
	skillsAlike  = 0.6
)

// post is an entry of a career. Months count from year 0.
type post struct {
	person   int32
	org      string
	from, to int  // to 0 = still there
	exact    bool // dates to the month
	item     *record.HistoryItem
	holders  int // other people with the same entry
}

// skeleton is what the careers of two people have in common.
type skeleton struct {
	jobs    [][2]*post // of different employers, the smaller person first
	school  *[2]*post
	skills  float64 // share of neighbours in the shorter list
	skillsN int
	ref     [2]*record.Ref // of the skills
}

// skeletons compares careers as to structure.
func (b *builder) skeletons() {
	jobs, schools, count := b.posts()
	all := map[pairKey]*skeleton{}
	of := func(x, y int32) *skeleton {
		k := keyOf(x, y)
		if all[k] == nil {
			all[k] = &skeleton{}
		}
		return all[k]
	}
	sameJobs(jobs, func(p, q *post) {
		s := of(p.person, q.person)
		if !slices.ContainsFunc(s.jobs, func(o [2]*post) bool { return o[0].org == p.org }) {
			s.jobs = append(s.jobs, inOrder(p, q))
		}
	})
	b.skillOrders(of)
	for k, s := range all { // a school alone says nothing: only beside other things
		if x, y := findSchool(schools[k.a], schools[k.b]); x != nil {
			s.school = &[2]*post{x, y}
		}
	}
	for _, k := range sortedPairs(all) {
		b.skeleton(k, all[k], min(count[k.a], count[k.b]))
	}
}

func sortedPairs[V any](m map[pairKey]V) []pairKey {
	keys := make([]pairKey, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y pairKey) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return keys
}

func inOrder(p, q *post) [2]*post {
	if q.person < p.person {
		p, q = q, p
	}
	return [2]*post{p, q}
}

// posts returns the dated jobs of everybody, by employer and time, their schools, and
// how many employers each names.
func (b *builder) posts() (jobs []*post, schools map[int32][]*post, count map[int32]int) {
	schools, count = map[int32][]*post{}, map[int32]int{}
	var classes []*post
	for i, p := range b.persons {
		orgs := map[string]bool{}
		for _, h := range p.Records.History {
			org := cmp.Or(h.OrgNorm, match.Org(h.Org))
			x := &post{person: int32(i), org: org, from: months(h.Start), to: months(h.End), exact: h.Start.Month > 0 && (h.End.IsZero() || h.End.Month > 0), item: h}
			switch {
			case org == "" || x.from == 0 && x.to == 0:
			case h.ItemKind == "education":
				classes = append(classes, x)
			case x.from != 0 && (h.ItemKind == "" || h.ItemKind == "work"):
				jobs = append(jobs, x)
				orgs[org] = true
				b.held.mark(identity.EdgeSkeleton, int32(i))
			}
		}
		count[int32(i)] = len(orgs)
	}
	slices.SortFunc(jobs, comparePosts)
	jobs = slices.CompactFunc(jobs, samePost)
	slices.SortFunc(classes, comparePosts)
	classes = slices.CompactFunc(classes, samePost)
	for lo := 0; lo < len(classes); {
		hi := lo + 1
		for hi < len(classes) && classes[hi].org == classes[lo].org {
			hi++
		}
		for _, x := range classes[lo:hi] {
			for _, y := range classes[lo:hi] {
				if x.from/12 == y.from/12 && x.to/12 == y.to/12 {
					x.holders++
				}
			}
			if x.holders--; x.holders < rareYears {
				schools[x.person] = append(schools[x.person], x)
			}
		}
		lo = hi
	}
	return jobs, schools, count
}

func months(d record.Date) int {
	if d.IsZero() {
		return 0
	}
	return d.Year*12 + max(d.Month, 1) - 1
}

func comparePosts(x, y *post) int {
	return cmp.Or(strings.Compare(x.org, y.org), cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to), cmp.Compare(x.person, y.person), x.item.Ref.Compare(y.item.Ref))
}

// samePost reports whether two rows, of the form and of the file, say one thing.
func samePost(x, y *post) bool {
	return x.person == y.person && x.org == y.org && x.from == y.from && x.to == y.to
}

// agrees reports whether two people claim one employer for one time: to a month, or
// the same number of months a little earlier or later, or the same years.
func (x *post) agrees(y *post) bool {
	if !x.exact || !y.exact {
		return x.from/12 == y.from/12 && x.to/12 == y.to/12
	}
	df, dt := y.from-x.from, y.to-x.to
	if (x.to == 0) != (y.to == 0) {
		return false
	}
	return abs(df) <= monthsOff && abs(dt) <= monthsOff || x.to != 0 && df == dt && abs(df) <= monthsMoved
}

func abs(n int) int { return max(n, -n) }

// rare reports whether few people claim the entry.
func (x *post) rare() bool {
	if x.exact {
		return x.holders < rareJob
	}
	return x.holders < rareYears
}

// sameJobs calls do with the rare entries that two people share.
func sameJobs(jobs []*post, do func(p, q *post)) {
	var found [][2]*post
	for lo := 0; lo < len(jobs); {
		hi := lo + 1
		for hi < len(jobs) && jobs[hi].org == jobs[lo].org {
			hi++
		}
		reach := monthsMoved
		if hi-lo > hubEmployer {
			reach = monthsOff
		}
		for i, x := range jobs[lo:hi] {
			for _, y := range jobs[lo+i+1 : hi] {
				if y.from-x.from > reach {
					break
				}
				if x.person != y.person && x.agrees(y) {
					x.holders++
					y.holders++
					if x.rare() && y.rare() {
						found = append(found, [2]*post{x, y})
					}
				}
			}
		}
		lo = hi
	}
	for _, f := range found { // more holders may have come up since
		if f[0].rare() && f[1].rare() {
			do(f[0], f[1])
		}
	}
}

func findSchool(a, b []*post) (x, y *post) {
	for _, x := range a {
		for _, y := range b {
			if x.org == y.org && x.from/12 == y.from/12 && x.to/12 == y.to/12 {
				return x, y
			}
		}
	}
	return nil, nil
}

// skillList is the skills section of a résumé.
type skillList struct {
	text
	pairs []uint64
}

// skillOrders finds lists that name many skills one after the other alike.
func (b *builder) skillOrders(of func(x, y int32) *skeleton) {
	var all []skillList
	var index []run
	for i, p := range b.persons {
		for _, d := range p.Records.Documents {
			if d.DocumentKind != "cv" && d.DocumentKind != "" {
				continue
			}
			var parts []string
			for _, s := range d.Sections {
				if strings.Contains(strings.ToLower(s.Title), "skill") {
					parts = append(parts, s.Text)
				}
			}
			body := strings.Join(parts, record.TextBreak)
			pairs := match.Shingles(body, 2)
			if len(pairs) < leastSkills {
				continue
			}
			b.held.mark(identity.EdgeSkills, int32(i))
			for _, h := range match.Shingles(body, skillRun) {
				index = append(index, run{h, int32(len(all))})
			}
			all = append(all, skillList{text{person: int32(i), body: body, ref: &d.Ref}, pairs})
		}
	}
	slices.SortFunc(index, func(x, y run) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.list, y.list)) })
	for lo := 0; lo < len(index); {
		hi := lo + 1
		for hi < len(index) && index[hi].hash == index[lo].hash {
			hi++
		}
		if hi-lo <= rareJob {
			for i := lo; i < hi; i++ {
				for j := i + 1; j < hi; j++ {
					compareSkills(&all[index[i].list], &all[index[j].list], of)
				}
			}
		}
		lo = hi
	}
}

// run is a run of skills in a list.
type run struct {
	hash uint64
	list int32
}

func compareSkills(x, y *skillList, of func(x, y int32) *skeleton) {
	if x.person == y.person {
		return
	}
	if y.person < x.person {
		x, y = y, x
	}
	c := match.Containment(x.pairs, y.pairs)
	n := int(c*float64(min(len(x.pairs), len(y.pairs))) + 0.5)
	if c < skillsAlike || n < leastSkills {
		return
	}
	if s := of(x.person, y.person); n > s.skillsN {
		s.skills, s.skillsN, s.ref = c, n, [2]*record.Ref{x.ref, y.ref}
	}
}

// skeleton adds the edges of what two careers share. fewest is the number of employers
// of the one who names fewer.
func (b *builder) skeleton(k pairKey, s *skeleton, fewest int) {
	slices.SortFunc(s.jobs, func(x, y [2]*post) int {
		return cmp.Or(cmp.Compare(y[0].from, x[0].from), comparePosts(x[0], y[0]), comparePosts(x[1], y[1]))
	})
	entries := len(s.jobs)
	if s.school != nil {
		entries++
	}
	if s.skillsN > 0 {
		entries++
	}
	whole := len(s.jobs) >= leastJobs && entries >= leastEntries && 2*len(s.jobs) >= fewest
	if whole {
		e := b.structureEdge(identity.EdgeSkeleton, fmt.Sprintf("%d employers and their dates", len(s.jobs)), k, &s.jobs[0][0].item.Ref, &s.jobs[0][1].item.Ref, s.jobs...)
		e.Similarity = float64(len(s.jobs)) / float64(fewest)
	}
	if s.skillsN > 0 {
		b.structureEdge(identity.EdgeSkills, fmt.Sprintf("%d skills in one order", s.skillsN+1), k, s.ref[0], s.ref[1]).Similarity = s.skills
	}
	if s.school != nil && (whole || s.skillsN > 0) {
		x := s.school
		b.structureEdge(identity.EdgeEducation, "a school and its years", k, &x[0].item.Ref, &x[1].item.Ref, *x)
	}
}

// structureEdge adds one edge with the entries side by side.
func (b *builder) structureEdge(kind identity.EdgeKind, label string, k pairKey, x, y *record.Ref, entries ...[2]*post) *identityEdge {
	e := b.pairEdge(kind, label, text{person: k.a, ref: x}, text{person: k.b, ref: y})
	for _, p := range entries {
		e.N = max(e.N, p[0].holders+1, p[1].holders+1)
		e.Passages = append(e.Passages, identity.Passage{
			A: b.persons[k.a].ID, B: b.persons[k.b].ID, TextA: p[0].say(), TextB: p[1].say(), RefA: p[0].item.Ref, RefB: p[1].item.Ref,
		})
	}
	e.Weight = traits[kind].weight(e.N, len(b.persons))
	return e
}

// say writes an entry as the evidence quotes it.
func (x *post) say() string {
	h := x.item
	s := h.Org
	if h.Title != "" {
		s = h.Title + ", " + s
	}
	switch {
	case h.Start.IsZero():
		return fmt.Sprintf("%s, until %s", s, h.End)
	case h.ItemKind == "education" && h.End.IsZero():
		return fmt.Sprintf("%s, from %s", s, h.Start)
	}
	return fmt.Sprintf("%s, %s to %s", s, h.Start, cmp.Or(h.End.String(), "today"))
}
