package score

import (
	"math"

	"muster/internal/linkage/pair"
)

// mostGlances is how many columns are looked at before anything is compared.
const mostGlances = 5

// glance tells by which of some columns are equal, and which missing, whether a pair may
// reach a weight at all. Most pairs of wide blocks cannot.
type glance struct {
	columns []int32 // places in a row
	alive   []bool  // by a bit per column that is equal, and above one per column that is missing
}

// newGlance looks for the columns that bound weights.
func newGlance(m *Model, steps []step) *glance {
	g := &glance{}
	for i := range steps {
		s := &steps[i]
		for _, column := range m.comps[s.comparison].conds.Equalities() {
			if len(g.columns) < mostGlances && s.best(m, map[int32]pair.State{column: pair.Different}) < s.best(m, nil) {
				g.columns = append(g.columns, column)
			}
		}
	}
	return g
}

// bound computes what pairs may weigh, once the order of the steps is known.
func (g *glance) bound(m *Model, steps []step, keep float64) {
	n := len(g.columns)
	g.alive = make([]bool, 1<<(2*n))
	for i := range steps {
		steps[i].rest = make([]float64, len(g.alive))
	}
	for mask := range g.alive {
		known := map[int32]pair.State{}
		for i, column := range g.columns {
			switch {
			case mask>>(n+i)&1 != 0:
				known[column] = pair.Missing
			case mask>>i&1 != 0:
				known[column] = pair.Same
			default:
				known[column] = pair.Different
			}
		}
		sum := 0.0
		for i := len(steps) - 1; i >= 0; i-- {
			steps[i].rest[mask] = sum
			sum += steps[i].best(m, known)
		}
		g.alive[mask] = m.Lambda+sum >= keep-slack
	}
}

// best returns the most bits that a comparison may add.
func (s *step) best(m *Model, known map[int32]pair.State) float64 {
	_, most := s.bounds(m, known)
	return most
}

// spread is by how much the levels that may hold differ.
func (s *step) spread(m *Model, known map[int32]pair.State) float64 {
	least, most := s.bounds(m, known)
	return most - least
}

func (s *step) bounds(m *Model, known map[int32]pair.State) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for level, reached := range m.comps[s.comparison].conds.Reachable(known, len(s.most)) {
		if reached {
			least, most = min(least, s.most[level]), max(most, s.most[level])
		}
	}
	return least, most
}

// glances is what is looked at of the rows of a block.
type glances struct {
	*glance
	codes   [mostGlances][]uint32
	missing []uint32
	masks   []uint32 // by place, of the pairs with the row at hand
}

// take copies what is looked at of rows.
func (x *glances) take(packed []uint32, width, n int) {
	if len(x.missing) < n {
		size := max(n, 2*len(x.missing))
		x.missing, x.masks = make([]uint32, size), make([]uint32, size)
		for i := range x.columns {
			x.codes[i] = make([]uint32, size)
		}
	}
	missing := x.missing[:n]
	clear(missing)
	for i, column := range x.columns {
		codes := x.codes[i][:n]
		bit := uint32(1) << (len(x.columns) + i)
		at := int(column)
		for row := range codes {
			code := packed[at]
			codes[row] = code
			if code == 0 {
				missing[row] |= bit
			}
			at += width
		}
	}
}

// filter keeps the places in list whose pairs with left may reach the weight.
func (x *glances) filter(left int32, list []int32) []int32 {
	missing := x.missing
	masks := x.masks[:len(missing)]
	own := missing[left]
	for _, place := range list {
		masks[place] = own | missing[place]
	}
	for k := range x.columns {
		codes, bit := x.codes[k], uint32(1)<<k
		code := codes[left]
		for _, place := range list {
			if codes[place] == code {
				masks[place] |= bit
			}
		}
	}
	n := 0
	for _, place := range list {
		list[n] = place
		if x.alive[masks[place]] {
			n++
		}
	}
	return list[:n]
}
