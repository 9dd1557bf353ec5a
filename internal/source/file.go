package source

import (
	"context"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/frame"
	"muster/internal/source/transform"
)

// file is a stream being read.
type file struct {
	e       *engine
	stream  *frame.Stream
	emit    func(record.Record) error
	ctx     transform.Ctx
	fixed   transform.Order
	format  string // named by the user
	allowed []bool // mappings that the named format stands for; nil: all
	forced  int    // the one mapping of the named format, -1 if there is none
	table   *table
	pathOrd map[mapped]transform.Order // of dates in JSON, per path of a mapping
	keyOrd  map[string]transform.Order // of dates in flat objects, per key
	tally   tally
	picked  []frame.Row // some rows, for what no path reads

	own     *mapper   // of the goroutine that reads the file
	mappers []*mapper // of the workers that have helped with it, by their number
}

func (e *engine) newFile(s *frame.Stream, emit func(record.Record) error) *file {
	set := e.settingsOf(s.Path)
	f := &file{e: e, stream: s, emit: emit, ctx: e.context(s, set), fixed: transform.ParseOrder(set.DateOrder), format: set.Format, forced: -1, mappers: make([]*mapper, e.opt.Workers)}
	f.allowed = e.allowed(set.Format)
	n := 0
	for i, ok := range f.allowed {
		if ok {
			f.forced = i
			n++
		}
	}
	if n != 1 {
		f.forced = -1
	}
	f.tally.init(f)
	return f
}

// mapper returns the mapper of the goroutine that reads the file.
func (f *file) mapper() *mapper {
	if f.own == nil {
		f.own = f.e.mapper()
	}
	f.own.begin(f)
	return f.own
}

// mapperOf returns the mapper with which a worker maps the rows of the file.
// Only that worker calls it, until no job of the file is left.
func (f *file) mapperOf(worker int) *mapper {
	if f.mappers[worker] == nil {
		f.mappers[worker] = f.e.mapper()
		f.mappers[worker].begin(f)
	}
	return f.mappers[worker]
}

// release gives back the mappers.
func (f *file) release() {
	for _, w := range append(f.mappers, f.own) {
		if w != nil {
			f.e.release(w)
		}
	}
	f.own, f.mappers = nil, nil
}

// The rows that are looked at before the order of dates and the mapping of a
// table are settled, and the bytes they may take.
const (
	lookRows  = 5000
	lookBytes = 16 << 20
)

// read reads the stream to its end.
func (f *file) read(ctx context.Context) error {
	if f.stream.Shape == frame.ShapeUnknown || f.stream.Shape == frame.ShapeEmpty {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	in := make(chan frame.Batch, 1)
	go func() {
		defer close(in)
		for b := range f.stream.Batches(ctx) {
			select {
			case in <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() { // the stream may only be used while it is visited
		cancel()
		for range in {
		}
	}()
	head, ended := f.look(in)
	if err := ctx.Err(); err != nil {
		return err
	}
	if code, refused := f.claim(head); refused {
		return f.refuse(head, in)
	} else if code != nil {
		return f.readCode(ctx, code, head, in)
	}
	f.settle(head)
	f.picked = pick(head)
	if ended {
		return f.inline(head)
	}
	return f.spread(ctx, head, in)
}

// look takes the first batches; ended says that they are all.
func (f *file) look(in <-chan frame.Batch) (head []frame.Batch, ended bool) {
	rows, size := 0, 0
	for b := range in {
		head = append(head, b)
		rows += len(b.Rows)
		for i := range b.Rows {
			size += len(b.Rows[i].Data)
			for _, c := range b.Rows[i].Cells {
				size += len(c)
			}
		}
		if rows >= lookRows || size >= lookBytes {
			return head, false
		}
	}
	return head, true
}

// settle decides the mapping of a table and the order of dates.
func (f *file) settle(head []frame.Batch) {
	switch f.stream.Shape {
	case frame.ShapeTable:
		if f.stream.Header == nil {
			f.stream.Header = headless(head)
		}
		if f.stream.Header != nil {
			f.table = f.e.newTable(f.stream.Header, f, false)
			f.settleTable(head)
		}
	case frame.ShapeJSON:
		f.settleJSON(head)
	}
}

func (f *file) settleTable(head []frame.Batch) {
	t := f.table
	t.orders = make([]transform.Order, len(t.header))
	for _, col := range f.e.dateColumns(t) {
		var o orders
		for i := range head {
			for k := range head[i].Rows {
				if cells := head[i].Rows[k].Cells; col < len(cells) {
					o.see(cells[col])
				}
			}
		}
		t.orders[col] = o.decided(f.fixed)
	}
}

func (f *file) settleJSON(head []frame.Batch) {
	w := f.mapper()
	paths, keys := map[mapped]*orders{}, map[string]*orders{}
	for i := range head {
		for k := range head[i].Rows {
			data := head[i].Rows[k].Data
			if w.slots.Run(data) != nil {
				continue
			}
			best, _ := w.identify(f.allowed, data)
			if best < 0 {
				flatOrders(data, keys)
				continue
			}
			for p, isDate := range f.e.dates[best] {
				if slot := f.e.slotOf[best][p]; isDate && w.slots.Get(slot).Type == extract.String {
					seeOrder(paths, mapped{best, p}, w.slots.Get(slot).Text())
				}
			}
		}
	}
	f.pathOrd, f.keyOrd = map[mapped]transform.Order{}, map[string]transform.Order{}
	for p, o := range paths {
		f.pathOrd[p] = o.decided(f.fixed)
	}
	for k, o := range keys {
		f.keyOrd[k] = o.decided(f.fixed)
	}
}

func seeOrder[K comparable](m map[K]*orders, key K, s string) {
	if m[key] == nil {
		m[key] = &orders{}
	}
	m[key].see(s)
}

func flatOrders(object []byte, keys map[string]*orders) {
	for k, v := range extract.Fields(object) {
		if v.Type == extract.String && len(v.Bytes) <= 40 && len(v.Bytes) >= 6 && v.Bytes[0] >= '0' && v.Bytes[0] <= '9' {
			seeOrder(keys, string(k), v.Text())
		}
	}
}

// mapped is a path of a mapping, both by number.
type mapped struct{ mapping, path int }

func (f *file) pathOrder(p mapped) transform.Order {
	if o, ok := f.pathOrd[p]; ok {
		return o
	}
	return f.fixed
}

func (f *file) keyOrders(header []string) []transform.Order {
	out := make([]transform.Order, len(header))
	for i, k := range header {
		out[i] = f.fixed
		if o, ok := f.keyOrd[k]; ok {
			out[i] = o
		}
	}
	return out
}

// inline maps a small file without the workers.
func (f *file) inline(head []frame.Batch) error {
	w := f.mapper()
	for i := range head {
		j := &job{file: f, batch: head[i]}
		w.batch(j)
		if err := f.collect(j); err != nil {
			return err
		}
	}
	f.tally.merge(w)
	return nil
}

// spread maps a file with the workers and collects in order.
func (f *file) spread(ctx context.Context, head []frame.Batch, in <-chan frame.Batch) error {
	q := queue{f: f}
	defer q.drain()
	for _, b := range head {
		if err := q.push(ctx, b); err != nil {
			return err
		}
	}
	clear(head) // the rows must not stay in memory until the file ends
	for b := range in {
		if err := q.push(ctx, b); err != nil {
			return err
		}
	}
	for len(q.jobs) > 0 {
		if err := q.pop(ctx); err != nil {
			return err
		}
	}
	for _, w := range f.mappers {
		if w != nil {
			f.tally.merge(w)
		}
	}
	return ctx.Err()
}

// queue holds the batches that workers are busy with, in the order of the file.
type queue struct {
	f    *file
	jobs []*job
}

func (q *queue) push(ctx context.Context, b frame.Batch) error {
	j := &job{file: q.f, batch: b, done: make(chan struct{})}
	q.f.e.jobs <- j
	q.jobs = append(q.jobs, j)
	if len(q.jobs) >= 2*q.f.e.opt.Workers {
		return q.pop(ctx)
	}
	return nil
}

// pop waits for the oldest batch and collects it.
func (q *queue) pop(ctx context.Context) error {
	j := q.jobs[0]
	q.jobs = q.jobs[1:]
	<-j.done
	if err := ctx.Err(); err != nil {
		return err
	}
	return q.f.collect(j)
}

// drain waits until no worker uses the file any more.
func (q *queue) drain() {
	for _, j := range q.jobs {
		<-j.done
	}
}
