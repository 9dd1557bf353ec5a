// Package block chooses the pairs of rows that are compared: those that some rule
// makes, each once. Blocks above a cap are split by further columns, so that the number
// of pairs grows with the number of rows and not with its square.
package block

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"

	"github.com/zeebo/xxh3"
)

// Cap is the largest block, in rows, that is compared as it is.
const Cap = 2000

// unit is about how many pairs a worker takes at a time.
const unit = 200_000

// Stats says what the rules made.
type Stats struct {
	Rule      string `json:"rule"`
	Pairs     int64  `json:"pairs"`      // that no earlier rule made
	Largest   int    `json:"largest"`    // block, in rows
	Split     int    `json:"split"`      // blocks above the cap
	Lost      int    `json:"lost"`       // blocks that no further column splits below the cap: they make no pairs
	LostPairs int64  `json:"lost_pairs"` // pairs of blocks above the cap that are not compared, those that other rules make among them
}

// Options of making pairs.
type Options struct {
	Workers int
	Cap     int      // rows; 0 = Cap, below 0 = none
	Extra   []List   // pairs made otherwise, before all rules
	Refine  []string // columns by which large blocks are split, the most telling first
	Shard   [2]int   // of the pairs, only part i of n, counted from 0; n = 0 for all
}

// List is pairs that were found otherwise: per row the rows it goes with, in order.
type List struct {
	Name  string
	Pairs [][]int32
}

// has reports whether the list has a pair, which it holds at the smaller row.
func (l *List) has(a, b int32) bool {
	_, ok := slices.BinarySearch(l.Pairs[min(a, b)], max(a, b))
	return ok
}

// Each calls visit for every pair that a rule makes, each pair once, from several
// goroutines: visit is called once per worker and returns what is called with its
// pairs, the left row first.
func Each(ctx context.Context, cols *pair.Columns, rules []*Rule, opt Options, visit func(worker int) func(l, r int32)) ([]Stats, error) {
	return EachBlock(ctx, cols, rules, opt, func(w int) Visitor { return Visitor{Pair: visit(w)} })
}

// Visitor is called with pairs, the left row first.
type Visitor struct {
	Pair func(l, r int32)
	// Block takes the rows of a block, and Of the pairs of one of them with others, all
	// by their places in it. Either may be nil: pairs come one by one.
	Block func(rows []uint32)
	Of    func(left int32, rights []int32)
	// Soon, which may be nil, takes rows that blocks will have soon.
	Soon func(rows []uint32)
}

// EachBlock is Each for visitors that take the pairs of a block together. Some pairs
// come alone all the same.
func EachBlock(ctx context.Context, cols *pair.Columns, rules []*Rule, opt Options, visit func(worker int) Visitor) ([]Stats, error) {
	x := &maker{t: cols.Table(), opt: opt}
	if x.opt.Cap == 0 {
		x.opt.Cap = Cap
	}
	x.opt.Workers = max(x.opt.Workers, 1)
	for _, name := range opt.Refine {
		if i := x.t.Column(name); i >= 0 {
			x.refine = append(x.refine, x.t.Columns[i])
		}
	}
	x.place(rules)
	for w := range x.opt.Workers {
		k := &worker{maker: x, visitor: visit(w)}
		for _, r := range rules {
			var m *pair.Memo
			if r.rest != nil {
				m = r.rest.NewMemo()
			}
			k.memos = append(k.memos, m)
		}
		x.workers = append(x.workers, k)
	}
	var stats []Stats
	for i := range opt.Extra {
		stats = append(stats, x.list(ctx, i))
	}
	for i := range rules {
		stats = append(stats, x.rule(ctx, i))
		if ctx.Err() != nil {
			return stats, ctx.Err()
		}
	}
	return stats, ctx.Err()
}

// Count returns how many pairs the rules make, each counted once.
func Count(ctx context.Context, cols *pair.Columns, rules []*Rule, opt Options) (int64, error) {
	stats, err := Each(ctx, cols, rules, opt, func(int) func(l, r int32) { return func(int32, int32) {} })
	var n int64
	for _, s := range stats {
		n += s.Pairs
	}
	return n, err
}

// maker makes the pairs of all rules.
type maker struct {
	t       *table.Table
	opt     Options
	rules   []placed
	blocks  []uint32 // row by row, per rule the block that the row is in
	width   int      // of a row
	refine  [][]uint32
	workers []*worker
	kept    []uint32 // rows of the blocks of the rule at hand
	groups  [1][]uint32
	space   [2][]uint64 // of keys, kept from rule to rule
}

// placed is a rule with the places of its blocks in a row: whether a rule makes a pair
// is whether the numbers of their blocks are equal.
type placed struct {
	*Rule
	left, right int
	last        uint32 // number of a block
}

// alone marks rows that are in no block: the number is like no other row's.
const alone = 1 << 31

func (x *maker) place(rules []*Rule) {
	for _, r := range rules {
		p := placed{Rule: r, left: x.width, right: x.width}
		x.width++
		if !r.mirror {
			p.right = x.width
			x.width++
		}
		x.rules = append(x.rules, p)
	}
	x.blocks = make([]uint32, x.t.Len()*x.width)
	for row := range x.t.Len() {
		list := x.blocks[row*x.width:][:x.width]
		for i := range list {
			list[i] = alone | uint32(row)
		}
	}
}

// put gives the block of rows a number.
func (x *maker) put(p *placed, rows []uint32) {
	p.last++
	for _, row := range rows {
		at := p.left
		if row&asRight != 0 {
			at = p.right
		}
		x.blocks[int(row&^asRight)*x.width+at] = p.last
	}
}

type worker struct {
	*maker
	visitor Visitor
	memos   []*pair.Memo
	pairs   int64
	own     []uint32 // row by row of the block at hand, the blocks by earlier rules
	rights  []int32
	touched uint32
}

// made reports whether a rule made a pair, given the blocks of its rows.
func (w *worker) made(q int, a, b int32, ofA, ofB []uint32) bool {
	p := &w.rules[q]
	if ofA[p.left] == ofB[p.right] && (a != b) && (p.rest == nil || p.rest.Level(a, b, w.memos[q]) == 0) {
		return true
	}
	return !p.mirror && ofB[p.left] == ofA[p.right] && (p.rest == nil || p.rest.Level(b, a, w.memos[q]) == 0)
}

// give hands on a pair of a block of rule i unless it was made before.
func (w *worker) give(a, b int32, i int) {
	if a == b || !w.t.Linked(a, b) {
		return
	}
	p := &w.rules[i]
	ofA, ofB := w.blocks[int(a)*w.width:][:w.width], w.blocks[int(b)*w.width:][:w.width]
	if !p.mirror && w.t.Split == 0 && a > b && ofB[p.left] == ofA[p.right] && (p.rest == nil || p.rest.Level(b, a, w.memos[i]) == 0) {
		return // the rule makes it the other way round as well
	}
	if p.rest != nil && p.rest.Level(a, b, w.memos[i]) != 0 && (!w.turns(i) || p.rest.Level(b, a, w.memos[i]) != 0) {
		return
	}
	for q := range w.opt.Extra {
		if w.opt.Extra[q].has(a, b) {
			return
		}
	}
	for q := range i {
		if w.made(q, a, b, ofA, ofB) || w.turns(q) && w.made(q, b, a, ofB, ofA) {
			return
		}
	}
	w.pairs++
	w.visitor.Pair(min(a, b), max(a, b))
}

// turns reports whether either row of a pair may stand on the left although the rule's
// keys do not say so.
func (x *maker) turns(i int) bool {
	return x.rules[i].mirror && x.rules[i].rest != nil && x.t.Split == 0
}

// plain reports whether the pairs of rules up to i are told by their blocks alone, all
// rows of a block being linked.
func (x *maker) plain(i int) bool {
	for q := range i + 1 {
		if !x.rules[q].mirror || x.rules[q].rest != nil {
			return false
		}
	}
	return x.t.Split == 0 && len(x.opt.Extra) == 0
}

// blockOf is rows of one key. If the rule's sides differ, or two files are linked, the
// left ones come first.
type blockOf struct {
	from, to int // of the rows of all blocks
	left     int // how many stand on the left; all pairs are made if it is 0
	pairs    int
}

// rule makes the pairs of a rule.
func (x *maker) rule(ctx context.Context, i int) Stats {
	r := &x.rules[i]
	st := Stats{Rule: r.SQL}
	keys, left := sortKeys(r.keys(x.t, x.space[0]), x.space[1])
	x.space = [2][]uint64{keys, left}
	rows := make([]uint32, 0, 64)
	var blocks []blockOf
	x.kept = slices.Grow(x.kept[:0], len(keys))
	for from := 0; from < len(keys); {
		to := from + 1
		for to < len(keys) && (keys[to]^keys[from])>>rowBits == 0 {
			to++
		}
		if to-from > 1 {
			rows = rows[:0]
			for _, k := range keys[from:to] {
				rows = append(rows, rowOf(k))
			}
			for _, group := range x.exact(r, rows) {
				if len(group) > 1 {
					before := len(blocks)
					blocks = x.admit(r, group, blocks, &st)
					if !x.mine(r, group[0]) {
						blocks = blocks[:before]
					}
				}
			}
		}
		from = to
	}
	st.Pairs = x.run(ctx, blocks, i)
	return st
}

// exact splits rows whose keys collide.
func (x *maker) exact(r *placed, rows []uint32) [][]uint32 {
	same := func(a, b uint32) bool {
		for p := range r.Rule.left {
			if r.code(p, a) != r.code(p, b) {
				return false
			}
		}
		return true
	}
	if r.oneKey(rows) {
		return append(x.groups[:0], rows)
	}
	var out [][]uint32
next:
	for _, b := range rows {
		for i := range out {
			if same(out[i][0], b) {
				out[i] = append(out[i], b)
				continue next
			}
		}
		out = append(out, []uint32{b})
	}
	return out
}

// oneKey reports whether all rows have the same key.
func (r *Rule) oneKey(rows []uint32) bool {
	for p, left := range r.left {
		first := r.code(p, rows[0])
		right := r.right[p]
		for _, row := range rows[1:] {
			codes := left
			if row&asRight != 0 {
				codes = right
			}
			if codes[row&^asRight] != first {
				return false
			}
		}
	}
	return true
}

// mine reports whether the block of a row belongs to the shard. It depends on the
// values, not on the rows, so that shards may read their rows in any order.
func (x *maker) mine(r *placed, row uint32) bool {
	n := x.opt.Shard[1]
	if n <= 1 {
		return true
	}
	h := uint64(0)
	for p := range r.Rule.left {
		h = xxh3.HashStringSeed(x.t.Dict.Value(r.code(p, row)), h)
	}
	return int(h%uint64(n)) == x.opt.Shard[0]
}

func (r *Rule) code(part int, row uint32) uint32 {
	if row&asRight != 0 {
		return r.right[part][row&^asRight]
	}
	return r.left[part][row]
}

// admit makes a block of rows, or several if there are too many.
func (x *maker) admit(r *placed, rows []uint32, blocks []blockOf, st *Stats) []blockOf {
	st.Largest = max(st.Largest, len(rows))
	if x.opt.Cap < 0 || len(rows) <= x.opt.Cap {
		return x.block(r, rows, blocks)
	}
	st.Split++
	before := len(blocks)
	blocks = x.split(r, rows, blocks, 0)
	if len(blocks) == before {
		st.Lost++
	}
	st.LostPairs += x.pairs(r, rows)
	for _, b := range blocks[before:] {
		st.LostPairs -= int64(b.pairs)
	}
	return blocks
}

// pairs returns how many pairs a block makes.
func (x *maker) pairs(r *placed, rows []uint32) int64 {
	right := 0
	for _, row := range rows {
		if row&asRight != 0 {
			right++
		}
	}
	if x.t.Split > 0 || !r.mirror {
		return int64(right) * int64(len(rows)-right)
	}
	return int64(len(rows)) * int64(len(rows)-1) / 2
}

// split splits rows by the columns from depth on, until the cap holds.
func (x *maker) split(r *placed, rows []uint32, blocks []blockOf, depth int) []blockOf {
	if len(rows) <= x.opt.Cap {
		if len(rows) > 1 {
			blocks = x.block(r, rows, blocks)
		}
		return blocks
	}
	if depth == len(x.refine) {
		return blocks
	}
	codes := x.refine[depth]
	at := func(row uint32) uint32 { return codes[row&^asRight] }
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b uint32) int { return int(at(a)) - int(at(b)) })
	for from := 0; from < len(sorted); {
		to := from + 1
		for to < len(sorted) && at(sorted[to]) == at(sorted[from]) {
			to++
		}
		if at(sorted[from]) != table.Null {
			blocks = x.split(r, sorted[from:to], blocks, depth+1)
		}
		from = to
	}
	return blocks
}

func (x *maker) block(r *placed, rows []uint32, blocks []blockOf) []blockOf {
	from := len(x.kept)
	x.kept = append(x.kept, rows...)
	b := blockOf{from: from, to: len(x.kept), pairs: len(rows) * (len(rows) - 1) / 2}
	if x.t.Split > 0 || !r.mirror {
		mine := x.kept[from:]
		slices.SortStableFunc(mine, func(a, c uint32) int { return int(a>>31) - int(c>>31) })
		b.left = slices.IndexFunc(mine, func(row uint32) bool { return row&asRight != 0 })
		if b.left <= 0 {
			return blocks // one side is empty
		}
		b.pairs = b.left * (len(rows) - b.left)
	}
	x.put(r, rows)
	return append(blocks, b)
}

// run lets the workers take the blocks in units.
func (x *maker) run(ctx context.Context, blocks []blockOf, rule int) int64 {
	var next int
	var mu sync.Mutex
	take := func() []blockOf {
		mu.Lock()
		defer mu.Unlock()
		from, n := next, 0
		for next < len(blocks) && n < unit {
			n += blocks[next].pairs
			next++
		}
		return blocks[from:next]
	}
	plain := x.plain(rule)
	return x.together(func(w *worker) {
		for ctx.Err() == nil {
			list := take()
			if len(list) == 0 {
				return
			}
			seen := list[0].from
			for i := range list {
				switch {
				case plain:
					if list[i].from >= seen {
						seen = min(list[i].from+ahead, list[len(list)-1].to)
						w.soon(w.kept[list[i].from:seen])
					}
					w.square(w.kept[list[i].from:list[i].to], rule)
				case list[i].left > 0:
					w.across(&list[i], rule)
				default:
					w.all(w.kept[list[i].from:list[i].to], rule)
				}
			}
		}
	})
}

// across hands on the pairs of the left rows of a block with the right.
func (w *worker) across(b *blockOf, rule int) {
	rows := w.kept[b.from:b.to]
	for _, l := range rows[:b.left] {
		for _, r := range rows[b.left:] {
			w.give(int32(l), int32(r&^asRight), rule)
		}
	}
}

// all hands on the pairs of a block.
func (w *worker) all(rows []uint32, rule int) {
	for i, l := range rows {
		for _, r := range rows[i+1:] {
			w.give(int32(l&^asRight), int32(r&^asRight), rule)
		}
	}
}

// together runs all workers and returns how many pairs they handed on.
func (x *maker) together(f func(w *worker)) int64 {
	var wg sync.WaitGroup
	var before, after int64
	for _, w := range x.workers {
		before += w.pairs
		wg.Go(func() { f(w) })
	}
	wg.Wait()
	for _, w := range x.workers {
		after += w.pairs
	}
	return after - before
}

// list makes the pairs that were found otherwise.
func (x *maker) list(ctx context.Context, i int) Stats {
	l := &x.opt.Extra[i]
	earlier := x.opt.Extra[:i]
	var next atomic.Int64
	n := x.together(func(w *worker) {
		for ctx.Err() == nil {
			from := next.Add(256) - 256
			if from >= int64(len(l.Pairs)) {
				return
			}
			for a := from; a < min(from+256, int64(len(l.Pairs))); a++ {
				for _, b := range l.Pairs[a] {
					if slices.ContainsFunc(earlier, func(e List) bool { return e.has(int32(a), b) }) || !x.t.Linked(int32(a), b) {
						continue
					}
					if n := x.opt.Shard[1]; n > 1 && int(a)%n != x.opt.Shard[0] {
						continue
					}
					w.pairs++
					w.visitor.Pair(int32(a), b)
				}
			}
		}
	})
	return Stats{Rule: l.Name, Pairs: n}
}
