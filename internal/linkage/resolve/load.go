package resolve

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"muster/internal/linkage/cluster"
)

// batchOf is how many rows a worker takes at a time.
const batchOf = 4096

// Load adds many records. Into an empty index they go all at once, which takes a
// fraction of the time and gives the same clusters; the ids are those of records that
// all came in one moment. It stops at the first record that Add would refuse; what came
// before it stays in.
func (x *Index) Load(ctx context.Context, records iter.Seq[Record], workers int) ([]Event, error) {
	x.mu.Lock()
	fresh := len(x.keys) == 0
	x.mu.Unlock()
	if fresh {
		return nil, x.fill(ctx, records, workers)
	}
	var events []Event
	for r := range records {
		a, err := x.Add(r)
		if err != nil {
			return events, err
		}
		events = append(events, a.Events...)
		if ctx.Err() != nil {
			return events, ctx.Err()
		}
	}
	return append(events, x.Settle()...), nil
}

// fill takes all records in, then compares, then clusters.
func (x *Index) fill(ctx context.Context, records iter.Seq[Record], workers int) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	refused := x.take(records)
	if err := x.compareAll(ctx, max(workers, 1)); err != nil {
		return err
	}
	x.history.commitAll(x, x.clusterAll())
	return refused
}

// take takes records in without comparing them.
func (x *Index) take(records iter.Seq[Record]) error {
	for r := range records {
		row, err := x.insert(r)
		if err != nil {
			return err
		}
		x.post(row)
	}
	return nil
}

// Retrain returns an index of the same records under another snapshot. Judgements and
// ids are carried over; what becomes another persona by it is an event.
func (x *Index) Retrain(ctx context.Context, s *Snapshot, workers int) (*Index, []Event, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.settle()
	y, err := New(s, x.t.Names)
	if err != nil {
		return nil, nil, err
	}
	for _, j := range x.human.list() {
		y.judge(j)
	}
	if err := y.take(x.all()); err != nil {
		return nil, nil, err
	}
	if err := y.compareAll(ctx, max(workers, 1)); err != nil {
		return nil, nil, err
	}
	h := x.history // rows have the same numbers in both
	y.history = history{of: slices.Clone(h.of), anchor: slices.Clone(h.anchor), used: slices.Clone(h.used), birth: slices.Clone(h.birth), seq: h.seq, redirects: maps.Clone(h.redirects)}
	return y, y.history.commit(y, y.clusterAll(), Cause{Kind: ByModel}), nil
}

// all yields the records in the order in which they came. The cells are used again.
func (x *Index) all() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		cells := make([]string, x.cells.width)
		for row, key := range x.keys {
			for i, code := range x.cells.at(int32(row)) {
				cells[i] = x.t.Dict.Value(code)
			}
			if !yield(Record{key, cells}) {
				return
			}
		}
	}
}

// piece is the edges of some rows with rows before them.
type piece struct {
	rows  []int32
	links []link
}

// compareAll finds the edges of all rows.
func (x *Index) compareAll(ctx context.Context, workers int) error {
	n := len(x.keys)
	pieces := make([]piece, (n+batchOf-1)/batchOf)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		w := x.newWorker()
		x.refresh(w)
		wg.Go(func() {
			for at := int(next.Add(1)) - 1; at < len(pieces) && ctx.Err() == nil; at = int(next.Add(1)) - 1 {
				for row := at * batchOf; row < min((at+1)*batchOf, n); row++ {
					pieces[at].add(x, int32(row), w)
				}
			}
		})
	}
	wg.Wait()
	degree := make([]int32, n)
	for _, p := range pieces {
		for i, row := range p.rows {
			degree[row]++
			degree[p.links[i].to]++
		}
	}
	for row, d := range degree {
		x.edges[row] = make([]link, 0, d)
	}
	for _, p := range pieces {
		for i, row := range p.rows {
			e := p.links[i]
			x.edges[row] = append(x.edges[row], e)
			x.edges[e.to] = append(x.edges[e.to], link{row, e.weight})
		}
	}
	return ctx.Err()
}

// add compares a row with those before it.
func (p *piece) add(x *Index, row int32, w *worker) {
	record := x.record(row)
	rows, _ := x.candidates(record, row, w)
	rows = slices.DeleteFunc(rows, func(other int32) bool { return other > row })
	for _, e := range x.weigh(x.keys[row], record, rows, w) {
		p.rows, p.links = append(p.rows, row), append(p.links, e)
	}
}

// clusterAll clusters all rows at once.
func (x *Index) clusterAll() *local {
	n := len(x.keys)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(x.keys[a], x.keys[b]) })
	at := make([]int32, n)
	for i, row := range order {
		at[row] = int32(i)
	}
	o := x.snap.clustering()
	o.Keys = make([]uint64, n)
	var edges []cluster.Edge
	for i, row := range order {
		o.Keys[i] = x.mask(x.record(row))
		from := len(edges)
		for _, e := range x.edges[row] {
			if j := at[e.to]; j > int32(i) {
				edges = append(edges, cluster.Edge{A: int32(i), B: j, Weight: e.weight})
			}
		}
		slices.SortFunc(edges[from:], func(a, b cluster.Edge) int { return int(a.B) - int(b.B) })
		for _, to := range x.human.must[row] {
			if j := at[to]; j > int32(i) {
				o.Must = append(o.Must, cluster.Link{A: int32(i), B: j})
			}
		}
		for _, to := range x.human.cannot[row] {
			if j := at[to]; j > int32(i) {
				o.Cannot = append(o.Cannot, cluster.Link{A: int32(i), B: j})
			}
		}
	}
	return &local{rows: order, of: cluster.Run(n, edges, o).Of}
}

// commitAll gives every cluster of an index that had none its id.
func (h *history) commitAll(x *Index, l *local) {
	for i, row := range l.rows {
		h.of[row] = l.rows[l.of[i]]
		if int(l.of[i]) == i {
			h.born(x, row)
		}
	}
}
