package link

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/identity"
)

// members says how each persona belongs to an operator: by the path of strongest
// links from the best connected persona, which is as strong as its weakest link.
func members(o *identity.Operator) []identity.Member {
	if len(o.Links) == 0 {
		return nil
	}
	at := make(map[identity.PersonaID]int, len(o.Personas))
	for i, p := range o.Personas {
		at[p] = i
	}
	sum := make([]float64, len(o.Personas))
	var best identity.Link
	for _, l := range o.Links {
		sum[at[l.A]] += l.Weight
		sum[at[l.B]] += l.Weight
		if l.Weight > best.Weight {
			best = l
		}
	}
	centre := 0
	for i, s := range sum {
		if s > sum[centre] {
			centre = i
		}
	}
	out := make([]identity.Member, len(o.Personas))
	out[centre] = identity.Member{Persona: o.Personas[centre], Probability: identity.Probability(best.Weight), Path: []identity.PersonaID{o.Personas[centre]}}
	for grow(o, at, out) {
	}
	return out
}

// grow adds the persona that the strongest link joins to those that have a path
// (Prim 1957), and reports whether there was one.
func grow(o *identity.Operator, at map[identity.PersonaID]int, out []identity.Member) bool {
	var next *identity.Link
	for i := range o.Links {
		l := &o.Links[i]
		if (out[at[l.A]].Path == nil) != (out[at[l.B]].Path == nil) && (next == nil || l.Weight > next.Weight) {
			next = l
		}
	}
	if next == nil {
		return false
	}
	from, to := next.A, next.B
	if out[at[from]].Path == nil {
		from, to = to, from
	}
	f := out[at[from]]
	m := identity.Member{Persona: to, Path: append(slices.Clone(f.Path), to), Weakest: *next}
	if f.Weakest.A != "" && f.Weakest.Weight < next.Weight {
		m.Weakest = f.Weakest
	}
	m.Probability = identity.Probability(m.Weakest.Weight)
	out[at[to]] = m
	return true
}

// onePlace says why two families of a pair count as fewer.
func onePlace(resident, household bool) string {
	switch {
	case household:
		return "both openly claim one home: what a household shares (place, line, telephone, account, device) is one fact"
	case resident:
		return "one of them openly lives where both get parcels: place and line are no link"
	}
	return "line, device and room of a platform's accounts are one fact: a family at one computer looks like that"
}

func apartList(g *identity.Graph, why map[pairKey]string) []identity.Apart {
	var out []identity.Apart
	for k, text := range why {
		out = append(out, identity.Apart{A: g.Personas[k.a].ID, B: g.Personas[k.b].ID, Why: text})
	}
	slices.SortFunc(out, func(x, y identity.Apart) int {
		return cmp.Or(strings.Compare(string(x.A), string(y.A)), strings.Compare(string(x.B), string(y.B)))
	})
	return out
}
