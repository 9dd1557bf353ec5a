package score

import (
	"cmp"
	"slices"

	"muster/internal/linkage/pair"
)

// Batch scores the pairs of a block together: what is compared of its rows is copied to
// one place, a glance tells which may be alike, comparisons are made one after the other
// over all pairs of a row, the most telling first, and a pair that no further comparison can
// lift to the weight wanted is left. What is kept weighs the same as by Weight, to the last bit.
type Batch struct {
	model *Model
	memo  *Memo
	keep  float64
	emit  func(l, r int32, weight float64)
	steps []step

	rows   []uint32
	packed []uint32 // what is compared, row by row
	levels []uint8  // per comparison, by place of the right row
	list   []int32
	sums   []float64
	out    []uint8
	look   glances
}

// step is a comparison in the order in which they are made.
type step struct {
	comparison int
	most       []float64 // bits by level, of the rarest value
	rest       []float64 // bits that all later steps can add, by what a glance tells
}

// slack is more than sums of the same weights differ by when added in another order.
const slack = 1e-6

// NewBatch returns a batch that hands on the pairs that weigh at least keep bits. The
// model's weights must not change any more.
func (m *Model) NewBatch(keep float64, emit func(l, r int32, weight float64)) *Batch {
	b := &Batch{model: m, memo: m.NewMemo(), keep: keep, emit: emit}
	for i, c := range m.comps {
		s := step{comparison: i, most: slices.Clone(c.weights)}
		for level, f := range c.tf {
			if f != nil && len(f.bits) > 0 {
				s.most[level] += slices.Max(f.bits)
			}
		}
		b.steps = append(b.steps, s)
	}
	b.look.glance = newGlance(m, b.steps)
	b.order()
	b.look.bound(m, b.steps, keep)
	return b
}

// order puts first what tells most of pairs that a glance finds different, then what
// costs least.
func (b *Batch) order() {
	different := map[int32]pair.State{}
	for _, column := range b.look.columns {
		different[column] = pair.Different
	}
	tells := make([]float64, len(b.steps))
	for i := range b.steps {
		tells[i] = b.steps[i].spread(b.model, different)
	}
	slices.SortStableFunc(b.steps, func(x, y step) int {
		i, j := x.comparison, y.comparison
		return cmp.Or(cmp.Compare(tells[j], tells[i]), cmp.Compare(b.model.comps[i].conds.Cost(), b.model.comps[j].conds.Cost()))
	})
}

// Pair scores one pair.
func (b *Batch) Pair(l, r int32) {
	if w := b.model.Weight(l, r, b.memo); w >= b.keep {
		b.emit(l, r, w)
	}
}

// Block takes the rows of a block.
func (b *Batch) Block(rows []uint32) {
	b.rows = rows
	b.packed = b.packed[:0]
	for _, row := range rows {
		if len(b.steps) == 0 {
			break
		}
		b.packed = append(b.packed, b.memo.conds[0].Row(int32(row))...)
	}
	b.look.take(b.packed, len(b.packed)/max(len(rows), 1), len(rows))
	if n := len(rows); len(b.out) < n {
		n = max(n, 2*len(b.out))
		b.list, b.sums, b.out = make([]int32, n), make([]float64, n), make([]uint8, n)
		b.levels = make([]uint8, n*len(b.steps))
	}
}

// Soon touches rows that blocks will have soon, all at once.
func (b *Batch) Soon(rows []uint32) {
	if len(b.steps) > 0 {
		b.memo.conds[0].Touch(rows)
	}
}

// Of scores the pairs of a row of the block with others, all by their places in it.
func (b *Batch) Of(left int32, rights []int32) {
	list := b.look.filter(left, b.list[:copy(b.list, rights)])
	sums := b.sums[:len(list)]
	for i := range sums {
		sums[i] = b.model.Lambda
	}
	for i := range b.steps {
		if len(list) == 0 {
			return
		}
		s := &b.steps[i]
		c := b.model.comps[s.comparison]
		out := b.out[:len(list)]
		c.conds.Levels(b.packed, left, list, b.memo.conds[s.comparison], out, uint8(len(c.m)-1))
		least := b.keep - slack
		levels := b.levels[s.comparison*len(b.out):][:len(b.out)]
		n := 0
		for at, level := range out {
			place, sum := list[at], sums[at]+s.most[level]
			levels[place] = level
			list[n], sums[n] = place, sum
			if sum+s.rest[b.look.masks[place]] >= least {
				n++
			}
		}
		list, sums = list[:n], sums[:n]
	}
	for _, place := range list {
		l, r := int32(b.rows[left]), int32(b.rows[place])
		if w := b.weight(l, r, int(place)); w >= b.keep {
			b.emit(l, r, w)
		}
	}
}

// weight is Weight of a pair whose levels are known. It adds in the same order.
func (b *Batch) weight(l, r int32, place int) float64 {
	w := b.model.Lambda
	for i, c := range b.model.comps {
		level := b.levels[i*len(b.out)+place]
		w += c.weights[level]
		if f := c.tf[level]; f != nil && f.bits != nil {
			w += f.of(l, r)
		}
	}
	return w
}
