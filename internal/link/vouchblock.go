package link

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"muster/internal/identity"
)

// Bounds of a dense block: three referees of two or more employers who vouch for the
// same three people, at least two of three possible vouches given, and a coincidence
// of less than one in a million. Design values.
const (
	blockSide  = 3
	blockFull  = 2.0 / 3
	blockFirms = 2
	blockTail  = 1e-6
)

// side is one end of a vouch: a person gives (0) or receives (1).
type side struct {
	who      int32
	receives int32
}

// blocks finds groups of referees who all vouch for the same people, without a
// circle among them: one hand that writes the references of its personas as the
// same few invented referees. Each is found by greedy peeling with arcs that weigh
// less the more their referee gives (Hooi and others 2016, Fraudar).
func (v *vouching) blocks() {
	near := map[side][]side{}
	for k := range v.arcs {
		if k[0] != k[1] && !(v.rings[k[0]] && v.rings[k[1]]) {
			x, y := side{k[0], 0}, side{k[1], 1}
			near[x], near[y] = append(near[x], y), append(near[y], x)
		}
	}
	for _, list := range near { // sums of floats must not depend on the order of a map
		slices.SortFunc(list, compareSides)
	}
	for core(near); len(near) > 0; core(near) {
		block := v.densest(near)
		from, to := sidesOf(block)
		if !v.block(from, to) {
			break
		}
		for _, n := range block {
			drop(near, n)
		}
	}
}

// peelMost is how many people are peeled at most: it takes time with their square.
const peelMost = 4000

// core drops who has fewer than two vouches left, again and again: most references.
// Where too many are left it asks for more vouches each.
func core(near map[side][]side) {
	for least := 2; least == 2 || len(near) > peelMost; least++ {
		for changed := true; changed; {
			changed = false
			for n := range near {
				if len(near[n]) < least {
					drop(near, n)
					changed = true
				}
			}
		}
	}
}

func compareSides(x, y side) int {
	return cmp.Or(cmp.Compare(x.who, y.who), cmp.Compare(x.receives, y.receives))
}

func drop(near map[side][]side, n side) {
	for _, m := range near[n] {
		near[m] = slices.DeleteFunc(near[m], func(o side) bool { return o == n })
	}
	delete(near, n)
}

// densest returns the group with the greatest mean weight of vouches per person that
// is met when the person with the least is taken away again and again.
func (v *vouching) densest(near map[side][]side) []side {
	weight := func(x, y side) float64 {
		if x.receives == 1 {
			x = y
		}
		return 1 / math.Log(math.E+float64(v.out[x.who]))
	}
	nodes := make([]side, 0, len(near))
	for n := range near {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, compareSides)
	left := map[side]float64{}
	total := 0.0
	for _, n := range nodes {
		for _, m := range near[n] {
			left[n] += weight(n, m)
		}
		total += left[n] / 2
	}
	var gone []side
	best, keep := 0.0, 0
	for len(left) > 0 {
		if d := total / float64(len(left)); d > best+1e-9 {
			best, keep = d, len(gone)
		}
		least := side{-1, 0}
		for _, n := range nodes {
			if w, ok := left[n]; ok && (least.who < 0 || w < left[least]-1e-9) {
				least = n
			}
		}
		total -= left[least]
		delete(left, least)
		gone = append(gone, least)
		for _, m := range near[least] {
			if _, ok := left[m]; ok {
				left[m] -= weight(least, m)
			}
		}
	}
	return gone[keep:]
}

// sidesOf returns who gives and who receives, ascending.
func sidesOf(block []side) (from, to []int32) {
	for _, n := range block {
		if n.receives == 1 {
			to = append(to, n.who)
		} else {
			from = append(from, n.who)
		}
	}
	slices.Sort(from)
	slices.Sort(to)
	return from, to
}

// block adds the star of a dense block and reports whether it was dense.
func (v *vouching) block(from, to []int32) bool {
	var list []*identity.Edge
	firms := map[string]bool{}
	n := 0
	for _, x := range from {
		for _, y := range to {
			if !v.arcs[[2]int32{x, y}] {
				continue
			}
			n++
			for _, e := range v.arrows[keyOf(x, y)] {
				p, q := v.at[e.Holders[0].Persona], v.at[e.Holders[1].Persona]
				if v.stands.find(p) != x {
					continue
				}
				list = append(list, e)
				for _, f := range v.firms[[2]int32{p, q}] {
					firms[f] = true
				}
			}
		}
	}
	dense := len(from) >= blockSide && len(to) >= blockSide && float64(n) >= blockFull*float64(len(from)*len(to))
	if !dense || v.chance(from, to) > blockTail {
		return dense
	}
	e := v.star(identity.EdgeVouchBlock, list)
	e.Label = fmt.Sprintf("%d referees who vouch for the same %d people", len(from), len(to))
	if len(firms) < blockFirms {
		e.suppress("all of them speak for one employer: a team, a small firm or an agency")
	}
	return true
}
