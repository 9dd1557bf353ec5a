package linkage

import (
	"cmp"
	"context"
	"slices"

	"muster/internal/linkage/block"
	"muster/internal/linkage/cluster"
	"muster/internal/linkage/score"
)

// Keep is the lowest weight of pairs that are kept, in bits.
const Keep = -6

// Pairs makes the pairs of the rules, scores them and returns those that are worth
// keeping, in order of rows.
func Pairs(ctx context.Context, m *score.Model, rules []*block.Rule, opt block.Options) ([]cluster.Edge, []block.Stats, error) {
	parts := make([]pieces, max(opt.Workers, 1))
	stats, err := block.EachBlock(ctx, m.Columns(), rules, opt, func(w int) block.Visitor {
		out := &parts[w]
		b := m.NewBatch(Keep, func(l, r int32, weight float64) {
			out.add(cluster.Edge{A: l, B: r, Weight: float32(weight)})
		})
		return block.Visitor{Pair: b.Pair, Block: b.Block, Of: b.Of, Soon: b.Soon}
	})
	n := 0
	for i := range parts {
		n += parts[i].n
	}
	edges := make([]cluster.Edge, 0, n)
	for i := range parts {
		edges = parts[i].appendTo(edges)
	}
	sortEdges(edges, m.Columns().Table().Len())
	return edges, stats, err
}

// pieces is a list that grows without being copied, since the copy would be the peak
// of the memory.
type pieces struct {
	full [][]cluster.Edge
	last []cluster.Edge
	n    int
}

func (p *pieces) add(e cluster.Edge) {
	if len(p.last) == cap(p.last) {
		if p.last != nil {
			p.full = append(p.full, p.last)
		}
		p.last = make([]cluster.Edge, 0, min(max(256, p.n), 1<<16))
	}
	p.last = append(p.last, e)
	p.n++
}

// appendTo moves the list to another.
func (p *pieces) appendTo(to []cluster.Edge) []cluster.Edge {
	for i, f := range p.full {
		to = append(to, f...)
		p.full[i] = nil
	}
	to = append(to, p.last...)
	*p = pieces{}
	return to
}

// sortEdges sorts by rows, in place: by counting the first row, and then the few edges
// of one first row by the second.
func sortEdges(edges []cluster.Edge, rows int) {
	ends := make([]int32, rows+1)
	for i := range edges {
		ends[edges[i].A+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	next := make([]int32, rows)
	copy(next, ends)
	for row := range next {
		for at := next[row]; at < ends[row+1]; at = next[row] {
			e := edges[at]
			for int(e.A) != row { // follow the cycle until something belongs here
				to := next[e.A]
				next[e.A]++
				e, edges[to] = edges[to], e
			}
			edges[at] = e
			next[row]++
		}
	}
	for row := range next {
		list := edges[ends[row]:ends[row+1]]
		if len(list) > 24 {
			sortByB(list)
			continue
		}
		for i := 1; i < len(list); i++ {
			for j := i; j > 0 && list[j].B < list[j-1].B; j-- {
				list[j], list[j-1] = list[j-1], list[j]
			}
		}
	}
}

func sortByB(list []cluster.Edge) {
	slices.SortFunc(list, func(x, y cluster.Edge) int { return cmp.Compare(x.B, y.B) })
}
