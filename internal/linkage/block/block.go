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
)

// Cap is the largest block, in rows, that is compared as it is.
const Cap = 2000

// unit is about how many pairs a worker takes at a time.
const unit = 200_000

// Stats says what the rules made.
type Stats struct {
	Rule    string
	Pairs   int64 // that no earlier rule made
	Largest int   // block, in rows
	Split   int   // blocks above the cap
	Lost    int   // blocks that no further column splits below the cap: they make no pairs
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
	x := &maker{t: cols.Table(), rules: rules, opt: opt, hash: hashes(cols.Table().Dict)}
	if x.opt.Cap == 0 {
		x.opt.Cap = Cap
	}
	x.opt.Workers = max(x.opt.Workers, 1)
	for _, name := range opt.Refine {
		if i := x.t.Column(name); i >= 0 {
			x.refine = append(x.refine, x.t.Columns[i])
		}
	}
	for w := range x.opt.Workers {
		k := &worker{maker: x, emit: visit(w)}
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

// maker makes the pairs of all rules.
type maker struct {
	t       *table.Table
	rules   []*Rule
	opt     Options
	hash    []uint64
	refine  [][]uint32
	workers []*worker
}

type worker struct {
	*maker
	emit  func(l, r int32)
	memos []*pair.Memo
	pairs int64
}

// give hands on a pair of rule i unless it was made before.
func (w *worker) give(a, b int32, i int, key uint64) {
	if a == b || !w.t.Linked(a, b) {
		return
	}
	if n := w.opt.Shard[1]; n > 1 && int(key>>20)%n != w.opt.Shard[0] {
		return
	}
	r := w.rules[i]
	if r.rest != nil && !r.holds(a, b, w.memos[i]) && (r.mirror || !r.holds(b, a, w.memos[i])) {
		return
	}
	if !r.mirror && w.t.Split == 0 && a > b && r.holds(b, a, w.memos[i]) {
		return // the rule makes it the other way round as well
	}
	for q := range w.opt.Extra {
		if w.opt.Extra[q].has(a, b) {
			return
		}
	}
	for q := range i {
		if w.rules[q].makes(a, b, w.memos[q]) {
			return
		}
	}
	if a > b {
		a, b = b, a
	}
	w.pairs++
	w.emit(a, b)
}

// blockOf is rows of one key. If the rule's sides differ, or two files are linked, the
// left ones come first.
type blockOf struct {
	rows  []uint32
	left  int // how many stand on the left; all pairs are made if it is 0
	key   uint64
	pairs int
}

// rule makes the pairs of a rule.
func (x *maker) rule(ctx context.Context, i int) Stats {
	r := x.rules[i]
	r.groups = map[int32]uint32{}
	st := Stats{Rule: r.SQL}
	keys, rows := sortByKey(r.keys(x.t, x.hash))
	var blocks []blockOf
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && keys[to]&(1<<keyBits-1) == keys[from]&(1<<keyBits-1) {
			to++
		}
		if to-from > 1 {
			for _, group := range x.exact(r, rows[from:to]) {
				blocks = x.admit(r, group, keys[from], blocks, &st)
			}
		}
		from = to
	}
	st.Pairs = x.run(ctx, blocks, i)
	return st
}

// exact splits rows whose keys collide.
func (x *maker) exact(r *Rule, rows []uint32) [][]uint32 {
	same := func(a, b uint32) bool {
		for p := range r.left {
			if r.code(p, a) != r.code(p, b) {
				return false
			}
		}
		return true
	}
	if !slices.ContainsFunc(rows[1:], func(b uint32) bool { return !same(rows[0], b) }) {
		return [][]uint32{rows}
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

func (r *Rule) code(part int, row uint32) uint32 {
	if row&asRight != 0 {
		return r.right[part][row&^asRight]
	}
	return r.left[part][row]
}

// admit makes a block of rows, or several if there are too many.
func (x *maker) admit(r *Rule, rows []uint32, key uint64, blocks []blockOf, st *Stats) []blockOf {
	st.Largest = max(st.Largest, len(rows))
	if x.opt.Cap < 0 || len(rows) <= x.opt.Cap {
		return append(blocks, x.block(r, rows, key))
	}
	st.Split++
	for _, row := range rows {
		r.groups[int32(row&^asRight)] = 0
	}
	before := len(blocks)
	blocks = x.split(r, rows, key, blocks, 0)
	if len(blocks) == before {
		st.Lost++
	}
	return blocks
}

// split splits rows by the columns from depth on, until the cap holds.
func (x *maker) split(r *Rule, rows []uint32, key uint64, blocks []blockOf, depth int) []blockOf {
	if len(rows) <= x.opt.Cap {
		if len(rows) > 1 {
			id := uint32(len(r.groups)) + uint32(len(blocks)) + 1
			for _, row := range rows {
				r.groups[int32(row&^asRight)] = id
			}
			blocks = append(blocks, x.block(r, rows, key))
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
			blocks = x.split(r, sorted[from:to], key, blocks, depth+1)
		}
		from = to
	}
	return blocks
}

func (x *maker) block(r *Rule, rows []uint32, key uint64) blockOf {
	b := blockOf{rows: rows, key: key, pairs: len(rows) * (len(rows) - 1) / 2}
	if x.t.Split > 0 || !r.mirror {
		b.rows = slices.Clone(rows)
		slices.SortStableFunc(b.rows, func(a, c uint32) int { return int(a>>31) - int(c>>31) })
		b.left = slices.IndexFunc(b.rows, func(row uint32) bool { return row&asRight != 0 })
		if b.left < 0 {
			b.left = len(rows)
		}
		b.pairs = b.left * (len(rows) - b.left)
		if b.left == 0 {
			b.rows = nil
		}
	}
	return b
}

// run lets the workers take the blocks in units.
func (x *maker) run(ctx context.Context, blocks []blockOf, rule int) int64 {
	var next atomic.Int64
	var mu sync.Mutex
	take := func() []blockOf {
		mu.Lock()
		defer mu.Unlock()
		from := int(next.Load())
		to, n := from, 0
		for to < len(blocks) && n < unit {
			n += blocks[to].pairs
			to++
		}
		next.Store(int64(to))
		return blocks[from:to]
	}
	return x.together(func(w *worker) {
		for ctx.Err() == nil {
			list := take()
			if len(list) == 0 {
				return
			}
			for i := range list {
				w.all(&list[i], rule)
			}
		}
	})
}

// all hands on the pairs of a block.
func (w *worker) all(b *blockOf, rule int) {
	if b.left > 0 {
		for _, l := range b.rows[:b.left] {
			for _, r := range b.rows[b.left:] {
				w.give(int32(l), int32(r&^asRight), rule, b.key)
			}
		}
		return
	}
	for i, l := range b.rows {
		for _, r := range b.rows[i+1:] {
			w.give(int32(l&^asRight), int32(r&^asRight), rule, b.key)
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
					w.emit(int32(a), b)
				}
			}
		}
	})
	return Stats{Rule: l.Name, Pairs: n}
}
