package link

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// ringTail is the probability by chance from which a circle says nothing: people
// who really work together vouch for each other about that often.
const ringTail = 0.01

// vouching is who vouches for whom after linkage: a referee whose telephone or
// e-mail address is somebody else's counts as that person. That is how personas of
// one hand vouch for each other (GTIG, 2025-04-01).
type vouching struct {
	*builder
	at      map[identity.PersonaID]int32
	stands  *sets
	arrows  map[pairKey][]*identity.Edge // by whom they stand for
	arcs    map[[2]int32]bool            // from, to; without those that were verified
	out, in map[int32]int                // arcs of each
	people  map[int32][]int32            // who stands for one
	rings   map[int32]bool               // those in a circle that says something
	firms   map[[2]int32][]string        // employers for which a referee spoke, by referee and candidate
}

func newVouching(b *builder) *vouching {
	v := &vouching{
		builder: b, at: make(map[identity.PersonaID]int32, len(b.persons)), stands: newSets(len(b.persons)),
		arrows: map[pairKey][]*identity.Edge{}, arcs: map[[2]int32]bool{}, out: map[int32]int{}, in: map[int32]int{}, people: map[int32][]int32{}, rings: map[int32]bool{}, firms: map[[2]int32][]string{},
	}
	for i, p := range b.persons {
		v.at[p.ID] = int32(i)
	}
	for _, e := range b.edges {
		if e.Suppressed == "" && (e.Kind == identity.EdgeRefereeEmail || e.Kind == identity.EdgeRefereePhone) {
			v.stands.star(e, v.at)
		}
	}
	verified := v.read()
	for _, e := range b.edges {
		if e.Kind != identity.EdgeVouch {
			continue
		}
		p, q := v.at[e.Holders[0].Persona], v.at[e.Holders[1].Persona]
		x, y := v.stands.find(p), v.stands.find(q)
		v.people[x], v.people[y] = append(v.people[x], p), append(v.people[y], q)
		v.arrows[keyOf(x, y)] = append(v.arrows[keyOf(x, y)], e)
		if k := [2]int32{x, y}; !v.arcs[k] && !verified[[2]int32{p, q}] {
			v.arcs[k] = true
			v.out[x]++
			v.in[y]++
		}
	}
	for x, list := range v.people {
		v.people[x] = unique(list)
	}
	return v
}

// read notes for which employers referees speak, and returns who vouched for whom
// through a contact that was found independently and confirmed the reference: such
// a referee is real.
func (v *vouching) read() (verified map[[2]int32]bool) {
	verified = map[[2]int32]bool{}
	for i, x := range v.set.References {
		k := [2]int32{v.referees[i], v.resolve(&x.Subject)}
		if x.ContactSource == "independently_found" && x.Verified == "confirmed" {
			verified[k] = true
		}
		if firm := match.Org(x.Referee.Company); firm != "" {
			v.firms[k] = append(v.firms[k], firm)
		}
	}
	return verified
}

// find adds the circles, the largest first found, then the dense blocks outside them.
func (v *vouching) find() {
	next := map[int32][]int32{}
	for k := range v.arcs {
		if k[0] != k[1] {
			next[k[0]] = append(next[k[0]], k[1])
		}
	}
	for _, c := range components(next) {
		switch {
		case len(c) < 2:
		case len(c) > traits[identity.EdgeVouchRing].cap:
			v.pairsIn(c) // where everybody reaches everybody, only who answers directly says something
		default:
			v.ring(c)
		}
	}
	var self []int32
	for k := range v.arrows {
		if k.a == k.b { // vouching for oneself under another name
			self = append(self, k.a)
		}
	}
	slices.Sort(self)
	for _, x := range self {
		v.ring([]int32{x})
	}
	v.blocks()
}

// ring adds the star of one circle: everybody who vouches or is vouched for in it.
func (v *vouching) ring(nodes []int32) {
	in := map[int32]bool{}
	for _, n := range nodes {
		in[n] = true
	}
	var list []*identity.Edge
	for k, arrows := range v.arrows {
		if in[k.a] && in[k.b] && (k.a != k.b || len(nodes) == 1) {
			list = append(list, arrows...)
		}
	}
	e := v.star(identity.EdgeVouchRing, list)
	e.Label = fmt.Sprintf("a circle of %d who vouch for each other", e.N)
	if p := v.chance(nodes, nodes); len(nodes) > 1 && p > ringTail {
		e.suppress("colleagues, as their employer confirms, vouch for each other as often as that")
	} else if len(nodes) == 2 {
		e.discount(0.5, "two who vouch for each other may be colleagues")
	}
	if e.Suppressed == "" {
		for _, n := range nodes {
			v.rings[n] = true
		}
	}
}

// star adds the edge of everybody who gives or receives one of the vouches.
func (v *vouching) star(kind identity.EdgeKind, list []*identity.Edge) *identityEdge {
	ends := map[identity.PersonaID]*identity.Holder{}
	e := &identity.Edge{Kind: kind, Family: traits[kind].family}
	for _, arrow := range list {
		for _, h := range arrow.Holders {
			end := ends[h.Persona]
			if end == nil {
				end = &identity.Holder{Persona: h.Persona}
				ends[h.Persona] = end
			}
			end.Refs, end.At = append(end.Refs, h.Refs...), later(end.At, h.At)
		}
		e.Last = later(e.Last, arrow.Last)
		if !arrow.First.IsZero() && (e.First.IsZero() || arrow.First.Before(e.First)) {
			e.First = arrow.First
		}
	}
	for _, end := range ends {
		slices.SortFunc(end.Refs, record.Ref.Compare)
		end.Refs = slices.Compact(end.Refs)
		end.Refs = end.Refs[:min(len(end.Refs), maxRefs)]
		e.Holders = append(e.Holders, *end)
	}
	slices.SortFunc(e.Holders, func(x, y identity.Holder) int { return strings.Compare(string(x.Persona), string(y.Persona)) })
	e.N = len(e.Holders)
	e.Key = string(e.Holders[0].Persona)
	x := &identityEdge{Edge: e}
	e.Weight = traits[e.Kind].weight(e.N, len(v.builder.persons))
	if e.N > traits[e.Kind].cap {
		x.suppress(fmt.Sprintf("more than %d holders", traits[e.Kind].cap))
	}
	v.builder.edges = append(v.builder.edges, e)
	return x
}

// pairsIn adds the reciprocal pairs of a component that is too large for a circle.
func (v *vouching) pairsIn(nodes []int32) {
	for i, x := range nodes {
		for _, y := range nodes[i+1:] {
			if v.arcs[[2]int32{x, y}] && v.arcs[[2]int32{y, x}] {
				v.ring([]int32{x, y})
			}
		}
	}
}

// chance returns the probability that as many vouches or more run from some people
// to others if everybody keeps as many given and received as they have and the ends are drawn
// at random (Chung and Lu 2002): the degree-preserving null model of linkage.md 10.
// Ends are drawn from all vouches, or from a thousand where there are fewer; between
// people who worked at one employer at one time, as the employer confirmed, from the
// vouches among its people, so that colleagues and the manager of a team are expected.
func (v *vouching) chance(from, to []int32) float64 {
	seen, expected := 0, 0.0
	for _, x := range from {
		for _, y := range to {
			if x == y {
				continue
			}
			if v.arcs[[2]int32{x, y}] {
				seen++
			}
			total := max(len(v.arcs), population)
			if firm := v.employerOf(x, y); firm != "" {
				total = v.within(firm)
			}
			expected += min(1, float64(v.out[x]*v.in[y])/float64(max(total, 1)))
		}
	}
	return poissonTail(seen, expected)
}

// employerOf returns the employer that confirmed that people of x and y worked there
// at one time; "" if there is none.
func (v *vouching) employerOf(x, y int32) string {
	for _, p := range v.people[x] {
		for _, q := range v.people[y] {
			for _, a := range v.builder.persons[p].Records.History {
				for _, c := range v.builder.persons[q].Records.History {
					if firm := confirmedAt(a); firm != "" && firm == confirmedAt(c) && concurrent(a, c) {
						return firm
					}
				}
			}
		}
	}
	return ""
}

// within counts the vouches among people whom an employer confirmed.
func (v *vouching) within(firm string) int {
	n := 0
	worked := func(x int32) bool {
		return slices.ContainsFunc(v.people[x], func(p int32) bool {
			return slices.ContainsFunc(v.builder.persons[p].Records.History, func(h *record.HistoryItem) bool { return confirmedAt(h) == firm })
		})
	}
	for k := range v.arcs {
		if worked(k[0]) && worked(k[1]) {
			n++
		}
	}
	return n
}

// confirmedAt returns the employer of a job that the employer confirmed.
func confirmedAt(h *record.HistoryItem) string {
	if h.Verified != "confirmed" {
		return ""
	}
	if h.OrgNorm != "" {
		return h.OrgNorm
	}
	return match.Org(h.Org)
}

// concurrent reports whether two jobs may have overlapped; open ends reach to today.
func concurrent(a, b *record.HistoryItem) bool {
	before := func(p, q *record.HistoryItem) bool {
		return !p.End.IsZero() && !q.Start.IsZero() && p.End.Last().Before(q.Start.First())
	}
	return !before(a, b) && !before(b, a)
}

// poissonTail returns P(X >= k) of a Poisson variable with the given mean.
func poissonTail(k int, mean float64) float64 {
	term, below := math.Exp(-mean), 0.0
	for i := range k {
		below += term
		term *= mean / float64(i+1)
	}
	if tail := 1 - below; tail > 1e-9 {
		return tail
	}
	return term / (1 - min(mean/float64(k+1), 0.5)) // the first terms of the tail
}
