package source

import (
	"math/bits"
	"slices"
	"strings"

	"muster/internal/source/extract"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
	"muster/internal/source/transform"

	"github.com/zeebo/xxh3"
)

// mapper turns rows into records: the part of the work that is spread over
// workers. One mapper serves one goroutine; it counts for one file at a time.
type mapper struct {
	e     *engine
	texts *texts
	slots *extract.Slots
	file  *file
	evals []*mapping.Eval // per mapping, made when first needed
	cells tableRow
	flats map[uint64]*table // headers of flat objects
	keys  []byte
	flat  []string
	row   jsonRow
	value transform.Value // room for identifying
	maybe []int           // mappings that may recognise the object at hand
	stats map[int]*FormatReport
	trace *rowTrace // of the row that is explained; nil: none is
}

func (e *engine) newMapper() *mapper {
	w := &mapper{e: e, texts: newTexts(), slots: e.prog.Slots(), evals: make([]*mapping.Eval, len(e.maps))}
	w.cells = tableRow{texts: w.texts, slots: map[*extract.Program]*extract.Slots{}, ran: map[int]bool{}}
	w.row = jsonRow{w: w, text: w.texts.raw}
	w.begin(nil)
	return w
}

// begin makes the mapper count for a file.
func (w *mapper) begin(f *file) {
	w.file = f
	w.flats = map[uint64]*table{}
	w.stats = map[int]*FormatReport{}
	clear(w.evals)
}

func (w *mapper) eval(num int) *mapping.Eval {
	if w.evals[num] == nil {
		w.evals[num] = w.e.maps[num].NewEval(w.file.ctx)
		w.evals[num].Text = w.texts.raw
		w.evals[num].Watch(w.e.feeds[num]())
	}
	return w.evals[num]
}

func (w *mapper) format(num int) *FormatReport {
	r := w.stats[num]
	if r == nil {
		r = newFormat(w.e.maps[num].ID)
		w.stats[num] = r
	}
	return r
}

// jsonRow is an object seen by one mapping.
type jsonRow struct {
	w     *mapper
	text  func(extract.Raw) string
	num   int    // of the mapping
	slots []int  // of the mapping's paths
	multi []bool // of the mapping's paths
}

// of makes the row that of another mapping.
func (r *jsonRow) of(num int) { r.num, r.slots, r.multi = num, r.w.e.slotOf[num], r.w.e.multi[num] }

// Fill implements [mapping.Row].
func (r *jsonRow) Fill(i int, v *transform.Value) {
	mapping.FillSlot(v, r.w.slots, r.slots[i], r.multi[i], r.text)
}

// Has implements [mapping.Row].
func (r *jsonRow) Has(i int) bool { return r.w.slots.Has(r.slots[i]) }

// Order implements [mapping.Row].
func (r *jsonRow) Order(i int) transform.Order {
	return r.w.file.pathOrder(mapped{r.num, i})
}

// identifyJSON returns the mapping that recognises the object in the slots, -1 if
// none does, and a second one if two do equally well.
func (w *mapper) identifyJSON(allowed []bool) (best, tie int) {
	best, tie = -1, -1
	top := 0
	for _, i := range w.candidates() {
		if allowed != nil && !allowed[i] {
			continue
		}
		w.row.of(i)
		s, ok := w.e.maps[i].Score(&w.row, false, &w.value)
		switch {
		case !ok:
		case best < 0 || s > top:
			best, top, tie = i, s, -1
		case s == top:
			tie = i
		}
	}
	return best, tie
}

// candidates returns the mappings of which a telling path is there, in ascending
// order: few of many.
func (w *mapper) candidates() []int {
	w.maybe = w.maybe[:0]
	for i, word := range w.slots.Marks() {
		for ; word != 0; word &= word - 1 {
			w.maybe = append(w.maybe, w.e.gates[i*64+bits.TrailingZeros64(word)]...)
		}
	}
	slices.Sort(w.maybe)
	w.maybe = slices.Compact(w.maybe)
	return w.maybe
}

// job is a batch on its way through a worker.
type job struct {
	file  *file
	batch frame.Batch
	done  chan struct{}
	out   batchResult
}

// batchResult is what became of a batch.
type batchResult struct {
	records []outRecord
	rejects []reject
	rows    []rowState // one per row
}

type outRecord struct {
	mapping.Emitted
	row, num int
}

type reject struct {
	Quarantined
	row int
}

// rowState says what became of a row.
type rowState uint8

const (
	rowMapped   rowState = iota
	rowLeft              // ignored or not mapped
	rowBad               // quarantined
	rowWithheld          // not read: an approval is missing
	rowUnknown           // recognised by nobody
)

// batch maps the rows of a job.
func (w *mapper) batch(j *job) {
	j.out.rows = make([]rowState, len(j.batch.Rows))
	j.out.records = make([]outRecord, 0, len(j.batch.Rows))
	for i := range j.batch.Rows {
		row := &j.batch.Rows[i]
		switch j.file.stream.Shape {
		case frame.ShapeTable:
			j.out.rows[i] = w.tableRow(j, i, row, j.file.table, row.Cells)
		case frame.ShapeJSON:
			j.out.rows[i] = w.object(j, i, row)
		case frame.ShapeLines:
			j.out.rows[i] = w.line(j, i, row)
		default:
			j.out.rows[i] = rowUnknown
		}
	}
}

func (w *mapper) object(j *job, i int, row *frame.Row) rowState {
	if err := w.slots.Run(row.Data); err != nil {
		j.reject(i, row, Quarantined{Reason: frame.ReasonBadJSON, Excerpt: Mask(err.Error())})
		return rowBad
	}
	best, tie := w.identify(j.file.allowed, row.Data)
	if best < 0 && j.file.forced >= 0 && w.e.maps[j.file.forced].JSON {
		best = j.file.forced
	}
	if best < 0 {
		return w.flatObject(j, i, row)
	}
	if tie >= 0 {
		return j.tie(i, row, w.e.maps[best].ID, w.e.maps[tie].ID)
	}
	w.row.of(best)
	return w.evaluate(j, i, row, best, &w.row)
}

// identify is identifyJSON that also looks into the wrappings in which log
// stores hand out a vendor's event. The slots then hold the event.
func (w *mapper) identify(allowed []bool, object []byte) (best, tie int) {
	best, tie = w.identifyJSON(allowed)
	for depth := 0; best < 0 && depth < maxWrappings; depth++ {
		if object = unwrap(object); object == nil || w.slots.Run(object) != nil {
			break
		}
		best, tie = w.identifyJSON(allowed)
	}
	return best, tie
}

const maxWrappings = 3

// unwrap returns the event inside an object of a log store: under "result" and
// "_raw" (Splunk), "_source" (Elasticsearch), "event" and "original" (Beats),
// "log", "message" or "payload" (others), as an object or as text that holds one.
func unwrap(object []byte) []byte {
	best, inner := len(wrappings), []byte(nil)
	for k, v := range extract.Fields(object) {
		rank := slices.Index(wrappings, string(k))
		if rank < 0 || rank >= best {
			continue
		}
		switch {
		case v.Type == extract.Object:
			best, inner = rank, v.Bytes
		case v.Type == extract.String && len(v.Bytes) > 2:
			if text := eventIn(v); text != nil {
				best, inner = rank, text
			}
		}
	}
	return inner
}

var wrappings = []string{"_raw", "_source", "result", "original", "log", "event", "message", "payload", "AuditData", "auditData", "fieldsMap", "SyslogMessage", "RawData", "raw"}

// flatObject reads an object of plain values as a row of a table whose header is
// its keys.
func (w *mapper) flatObject(j *job, i int, row *frame.Row) rowState {
	t := w.flatTable(j.file, row.Data)
	if t == nil {
		return rowUnknown
	}
	return w.tableRow(j, i, row, t, w.flat)
}

// flatTable puts the values of a flat object into w.flat and returns the table
// its keys belong to; nil if it is not flat.
func (w *mapper) flatTable(f *file, object []byte) *table {
	w.keys, w.flat = w.keys[:0], w.flat[:0]
	for k, v := range extract.Fields(object) {
		if v.Type == extract.Object {
			return nil
		}
		w.keys = append(append(w.keys, k...), 0)
		text := ""
		switch v.Type {
		case extract.String, extract.Number, extract.Bool:
			text = w.texts.raw(v)
		case extract.Array:
			text = string(v.Bytes)
		}
		w.flat = append(w.flat, text)
	}
	h := xxh3.Hash(w.keys)
	t, ok := w.flats[h]
	if !ok {
		t = w.e.newTable(strings.Split(strings.TrimSuffix(string(w.keys), "\x00"), "\x00"), f, true)
		t.orders = f.keyOrders(t.header)
		w.flats[h] = t
	}
	return t
}

func (w *mapper) tableRow(j *job, i int, row *frame.Row, t *table, cells []string) rowState {
	best, tie := w.identifyTable(t, cells)
	if best == nil {
		return w.cellEvent(j, i, row, t, cells)
	}
	if tie != nil {
		return j.tie(i, row, best.m.ID, tie.m.ID)
	}
	w.cells.b, w.cells.orders = best, t.orders
	w.cells.reset(cells)
	return w.evaluate(j, i, row, best.num, &w.cells)
}

// identifyTable returns the mapping of a row, and a second one if two fit
// equally well.
func (w *mapper) identifyTable(t *table, cells []string) (best, tie *binding) {
	if t == nil {
		return nil, nil
	}
	if !t.byRow {
		return t.best, t.tie
	}
	top := 0
	w.cells.orders = t.orders
	for _, b := range t.bindings {
		w.cells.b = b
		w.cells.reset(cells)
		s, ok := b.m.Score(&w.cells, true, &w.value)
		s = s*exactUnit + b.exact
		switch {
		case !ok:
		case best == nil || s > top:
			best, top, tie = b, s, nil
		case s == top:
			tie = b
		}
	}
	return best, tie
}

// evaluate maps a recognised row.
func (w *mapper) evaluate(j *job, i int, row *frame.Row, num int, view mapping.Row) rowState {
	stats := w.format(num)
	stats.Records++
	if w.e.withheld[num] {
		stats.Withheld++
		if w.trace != nil {
			w.trace.num = num
		}
		return rowWithheld
	}
	ev := w.eval(num)
	if w.trace != nil {
		ev = w.traced(num, view, row)
	}
	out := ev.Row(view)
	switch {
	case out.Fault != nil:
		f := out.Fault
		stats.quarantine(string(f.Reason))
		j.reject(i, row, Quarantined{Mapping: w.e.maps[num].ID, Field: f.Field, Reason: string(f.Reason), Excerpt: Mask(f.Text)})
		return rowBad
	case out.Ignored:
		stats.Ignored++
		return rowLeft
	case out.Unmapped:
		stats.Unmapped++
		stats.unmapped(out.Kind)
		return rowLeft
	}
	for k := range out.Records {
		meta := out.Records[k].Record.Meta()
		if w.e.future(meta.ObservedAt) {
			stats.quarantine(ReasonFuture)
			j.reject(i, row, Quarantined{Mapping: w.e.maps[num].ID, Field: "observed_at", Reason: ReasonFuture, Excerpt: Mask(meta.ObservedAt.String())})
			return rowBad
		}
		meta.Ref.File, meta.Ref.Line, meta.Ref.Offset = j.file.stream.Path, row.Line, row.Offset
	}
	stats.Mapped++
	ev.Commit()
	for k := range out.Records {
		j.out.records = append(j.out.records, outRecord{out.Records[k], i, num})
	}
	return rowMapped
}

func (j *job) reject(i int, row *frame.Row, q Quarantined) {
	q.File, q.Line, q.Offset = j.file.stream.Path, row.Line, row.Offset
	j.out.rejects = append(j.out.rejects, reject{q, i})
}

func (j *job) tie(i int, row *frame.Row, a, b string) rowState {
	if a > b {
		a, b = b, a
	}
	j.reject(i, row, Quarantined{Mapping: a + "|" + b, Reason: ReasonTie})
	return rowBad
}
