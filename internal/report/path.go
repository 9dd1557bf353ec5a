package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"muster/internal/identity"
)

// ways are links by persona, for the strongest path between two.
type ways map[identity.PersonaID][]Link

// linksIn returns the links of an operator.
func linksIn(o *Operator) ways {
	w := ways{}
	for _, l := range o.Links {
		w[l.A] = append(w[l.A], l)
		w[l.B] = append(w[l.B], l)
	}
	return w
}

// linksOf sums up, family by family, what joins the personas within reach of two.
// What everybody at an openly shared home has in common joins nobody.
func linksOf(d *Document, a, b identity.PersonaID) ways {
	by := map[identity.PersonaID][]*Edge{}
	for i := range d.Edges {
		if e := &d.Edges[i]; e.Suppressed == "" && !e.OpenHome && e.Weight > 0 {
			for _, h := range e.Holders {
				by[h.Persona] = append(by[h.Persona], e)
			}
		}
	}
	w := ways{}
	seen := map[identity.PersonaID]bool{a: true, b: true}
	reach := []identity.PersonaID{a, b}
	for range maxHops / 2 { // half from either side: they meet in the middle
		var next []identity.PersonaID
		for _, p := range reach {
			w[p] = linksFrom(p, by[p])
			for _, l := range w[p] {
				if o := l.other(p); !seen[o] {
					seen[o] = true
					next = append(next, o)
				}
			}
		}
		reach = next
	}
	for _, p := range reach {
		w[p] = nil
	}
	return w.both()
}

// linksFrom returns the links of one persona, a family counted once.
func linksFrom(p identity.PersonaID, edges []*Edge) []Link {
	best := map[identity.PersonaID]map[string]*Edge{}
	for _, e := range edges {
		for _, h := range e.Holders {
			if h.Persona == p {
				continue
			}
			if best[h.Persona] == nil {
				best[h.Persona] = map[string]*Edge{}
			}
			if old := best[h.Persona][e.Family]; old == nil || old.Weight < e.Weight {
				best[h.Persona][e.Family] = e
			}
		}
	}
	out := make([]Link, 0, len(best))
	for _, o := range slices.Sorted(maps.Keys(best)) {
		l := Link{A: min(p, o), B: max(p, o)}
		for _, f := range slices.Sorted(maps.Keys(best[o])) {
			e := best[o][f]
			l.Weight += e.Weight
			l.Reasons = append(l.Reasons, LinkReason{e.Kind, e.Family, e.Label, e.Weight})
		}
		l.Weight = round(l.Weight)
		slices.SortStableFunc(l.Reasons, func(x, y LinkReason) int { return cmp.Compare(y.Weight, x.Weight) })
		out = append(out, l)
	}
	return out
}

func (l *Link) other(p identity.PersonaID) identity.PersonaID {
	if l.A == p {
		return l.B
	}
	return l.A
}

// both enters each link at both of its ends.
func (w ways) both() ways {
	out := ways{}
	done := map[[2]identity.PersonaID]bool{}
	for _, p := range slices.Sorted(maps.Keys(w)) {
		for _, l := range w[p] {
			if k := [2]identity.PersonaID{l.A, l.B}; !done[k] {
				done[k] = true
				out[l.A], out[l.B] = append(out[l.A], l), append(out[l.B], l)
			}
		}
	}
	return out
}

// without returns the links but one.
func (w ways) without(gone Link) ways {
	out := ways{}
	for p, list := range w {
		for _, l := range list {
			if l.A != gone.A || l.B != gone.B {
				out[p] = append(out[p], l)
			}
		}
	}
	return out
}

// widest returns the path from a to b whose weakest link is strongest, of several
// the shortest, with at most so many links; nil if there is none.
func (w ways) widest(a, b identity.PersonaID, hops int) []Link {
	type reach struct {
		width float64
		path  []Link
	}
	best := map[identity.PersonaID]reach{a: {width: 1e9}}
	front := []identity.PersonaID{a}
	for range hops {
		next := map[identity.PersonaID]reach{}
		for _, p := range front {
			from := best[p]
			for _, l := range w[p] {
				o, width := l.other(p), min(from.width, l.Weight)
				if old, ok := best[o]; ok && old.width >= width {
					continue
				}
				if old, ok := next[o]; !ok || old.width < width {
					next[o] = reach{width, append(slices.Clone(from.path), l)}
				}
			}
		}
		front = slices.SortedFunc(maps.Keys(next), func(x, y identity.PersonaID) int { return strings.Compare(string(x), string(y)) })
		maps.Copy(best, next)
	}
	return best[b].path
}
