package mapping

import (
	"encoding/binary"
	"encoding/hex"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/transform"

	"github.com/zeebo/xxh3"
)

// MissingRequired is the reason of a row without a value that its mapping requires.
const MissingRequired transform.Reason = "missing_required"

// Fault says why a row is quarantined.
type Fault struct {
	Field  string
	Reason transform.Reason
	Text   string // the value; mask it before showing
}

// Emitted is one record of a row.
type Emitted struct {
	Record  record.Record
	Content uint64 // hash of all it holds, equal for equal content of one run
	Keyed   bool   // the key is the vendor's
}

// Outcome is what became of a row.
type Outcome struct {
	Records  []Emitted
	Fault    *Fault // then there are no records
	Ignored  bool
	Unmapped bool
	Kind     string // of an unmapped row: what the vendor calls it
}

// Eval evaluates one mapping. It is reused from row to row and is not safe for
// concurrent use.
type Eval struct {
	Ctx    transform.Ctx
	Text   func(extract.Raw) string // text of scalars; may share repeated ones
	Filled []int                    // per field of the mapping: records that have it
	Unread []int                    // per field: values that were not understood and left out
	Trace  *Trace                   // what happens to the rows is noted here; nil: nowhere
	States []PathState              // per watched feed
	Made   []int                    // per emit block: records of rows that were mapped

	feeds []Feed  // watched
	open  [][]int // per scope: watched feeds without a value so far
	made  []int   // emit blocks of the records of this row

	m      *Mapping
	slots  [][]*parsed // per scope: elements that have been read
	lists  []rowList   // of this row: the lists that emit blocks go through
	row    uint64      // number of the row
	at     level       // of the element at hand
	memos  map[*expr]*memo
	buf    []byte
	value  transform.Value // of the field at hand
	tested transform.Value // of the condition at hand
	dated  transform.Value // whose order of day and month is asked
	marks  []int           // fields of the records of this row
	unread bool
	kinds  map[record.Kind]int
	out    Outcome
	root   level
}

// level is a scope being evaluated.
type level struct {
	row    Row
	parent *level
	inner  elementRow
}

// NewEval returns an evaluator of the mapping.
func (m *Mapping) NewEval(ctx transform.Ctx) *Eval {
	n := len(m.Fields())
	return &Eval{Ctx: ctx, Text: extract.Raw.Text, Filled: make([]int, n), Unread: make([]int, n), m: m, kinds: map[record.Kind]int{}, memos: map[*expr]*memo{}}
}

// Row evaluates a row. The outcome is valid until the next call, its records stay.
func (ev *Eval) Row(row Row) *Outcome {
	m := ev.m
	ev.out = Outcome{Records: ev.out.Records[:0]}
	ev.marks, ev.made = ev.marks[:0], ev.made[:0]
	ev.root = level{row: row}
	ev.look(0, row)
	ev.row++
	ev.lists = ev.lists[:0]
	if m.skip {
		ev.out.Ignored = true
		return &ev.out
	}
	if len(m.emits) > 1 {
		clear(ev.kinds)
	}
	for n, e := range m.emits {
		before := len(ev.out.Records)
		if f := ev.emit(e); f != nil {
			ev.out = Outcome{Fault: f, Records: ev.out.Records[:0]}
			return &ev.out
		}
		for range len(ev.out.Records) - before {
			ev.made = append(ev.made, n)
		}
	}
	if len(ev.out.Records) == 0 {
		if m.ignore != nil && ev.holds(m.ignore, &ev.root) {
			ev.out.Ignored = true
			return &ev.out
		}
		ev.out.Unmapped = true
		if m.kinds != nil {
			var v transform.Value
			ev.expr(m.kinds, &ev.root, &v)
			ev.out.Kind = v.String()
		}
		return &ev.out
	}
	return &ev.out
}

// Commit counts the fields of the records of the last row as filled. It is
// called when they are really emitted.
func (ev *Eval) Commit() {
	for _, id := range ev.marks {
		ev.Filled[id]++
	}
	if ev.Made != nil {
		for _, n := range ev.made {
			ev.Made[n]++
		}
	}
}

func (ev *Eval) emit(e *emit) *Fault {
	if e.each == nil {
		holds := ev.holds(e.when, &ev.root)
		ev.Trace.begin(e, holds)
		if !holds {
			return nil
		}
		return ev.record(e, &ev.root)
	}
	for i, item := range ev.list1(e.each.ref) {
		ev.at = level{parent: &ev.root}
		holds := ev.enter(&ev.at, e.inner, item, i) && ev.holds(e.when, &ev.at)
		ev.Trace.begin(e, holds)
		if !holds {
			continue
		}
		if f := ev.record(e, &ev.at); f != nil {
			return f
		}
	}
	return nil
}

// FillSlot puts the value of path i into v, which must be zero.
func FillSlot(v *transform.Value, s *extract.Slots, i int, multi bool, text func(extract.Raw) string) {
	if !multi {
		v.Fill(s.Get(i), text)
		return
	}
	var list []transform.Value
	for r := range s.List(i) {
		if e := transform.Of(r, text); !e.Absent() {
			list = append(list, e)
		}
	}
	*v = transform.ListOf(list)
}

// record makes a record of an emit block.
func (ev *Eval) record(e *emit, at *level) *Fault {
	r := record.New(e.kind)
	rv := reflect.ValueOf(r).Elem()
	meta := r.Meta()
	out := Emitted{Record: r}
	var key string
	if keys := e.key; keys == nil {
		key, out.Keyed = ev.key(ev.m.key, &ev.root)
	} else {
		key, out.Keyed = ev.key(keys, at)
	}
	ev.Trace.field("ref.key", &transform.Value{Type: transform.Text, Text: key}, nil)
	// Sign-ins are the bulk of all input and events that do not change: with the
	// vendor's key their content need not be hashed.
	h := hasher{plain: ev.buf[:0], off: out.Keyed && e.kind == record.Sessions}
	marks := len(ev.marks)
	if f := ev.fill(e, at, rv, &h); f != nil {
		return f
	}
	if len(ev.marks) == marks {
		ev.Trace.empty()
		return nil
	}
	if f := ev.times(e, at, meta); f != nil {
		return f
	}
	if !meta.ObservedAt.IsZero() {
		ev.marks = append(ev.marks, e.observed)
	}
	if !meta.ValidFrom.IsZero() {
		ev.marks = append(ev.marks, e.valid)
	}
	meta.Ref.Source, meta.Ref.Key = ev.m.ID, key
	if !h.off {
		h.plain = meta.ObservedAt.Append(h.plain)
		public := xxh3.Hash(h.plain)
		out.Content = public ^ xxh3.Hash(h.secret)
		if !out.Keyed {
			meta.Ref.Key = contentKey(public)
		}
	}
	ev.buf = h.plain
	if out.Keyed && e.key == nil && (e.each != nil || len(ev.m.emits) > 1) {
		ev.kinds[e.kind]++
		if n := ev.kinds[e.kind]; n > 1 {
			meta.Ref.Key += "#" + strconv.Itoa(n)
		}
	}
	ev.out.Records = append(ev.out.Records, out)
	return nil
}

// hasher gathers the content of a record. What was made with the run's key is
// kept apart: the key of a row must not depend on it.
type hasher struct {
	plain, secret []byte
	off           bool
}

func (h *hasher) add(name string, v *transform.Value) {
	if h.off {
		return
	}
	h.plain = append(append(h.plain, name...), 0)
	h.plain = v.AppendContent(h.plain, false)
	if v.Secret {
		h.secret = v.AppendContent(h.secret, true)
	}
}

// fill sets the fields of a record.
func (ev *Eval) fill(e *emit, at *level, rv reflect.Value, h *hasher) *Fault {
	marks := len(ev.marks)
	v := &ev.value
	for _, f := range e.fields {
		ev.unread = false
		if !v.Absent() { // most fields of most rows are absent
			*v = transform.Value{}
		}
		fault := ev.expr(f.expr, at, v)
		if ev.unread {
			ev.Unread[f.id]++
		}
		ev.Trace.field(f.name, v, fault)
		if fault != nil {
			fault.Field = f.name
			return fault
		}
		if v.Absent() {
			continue
		}
		f.set.set(rv, v)
		h.add(f.name, v)
		ev.marks = append(ev.marks, f.id)
		if f.parent >= 0 && !slices.Contains(ev.marks[marks:], f.parent) {
			ev.marks = append(ev.marks, f.parent)
		}
	}
	return nil
}

// times sets when the fact held and when this version of the row began.
func (ev *Eval) times(e *emit, at *level, meta *record.Common) *Fault {
	for _, t := range [...]struct {
		own, all *expr
		name     string
		to       *record.Time
	}{{e.time, ev.m.time, "time", &meta.ObservedAt}, {e.vtime, ev.m.vtime, "version_time", &meta.ValidFrom}} {
		x, level := t.own, at
		if x == nil {
			x, level = t.all, &ev.root
		}
		if x == nil {
			continue
		}
		v := &ev.value
		*v = transform.Value{}
		fault := ev.expr(x, level, v)
		ev.Trace.field(t.name, v, fault)
		if fault != nil {
			fault.Field = t.name
			return fault
		}
		if v.Type == transform.Time {
			*t.to = v.Time
		}
	}
	return nil
}

// key joins the values of the key's paths; ok is false if all are absent.
func (ev *Eval) key(parts []*expr, at *level) (string, bool) {
	if len(parts) == 1 {
		s := ev.keyPart(parts[0], at)
		return s, s != ""
	}
	var b strings.Builder
	ok := false
	for i, p := range parts {
		if i > 0 {
			b.WriteByte('/')
		}
		s := ev.keyPart(p, at)
		ok = ok || s != ""
		b.WriteString(s)
	}
	return b.String(), ok
}

// keyPart returns a part of a key; a damaged value is none.
func (ev *Eval) keyPart(x *expr, at *level) string {
	v := &ev.value
	*v = transform.Value{}
	if ev.expr(x, at, v) != nil {
		return ""
	}
	return v.String()
}

// contentKey is the key of a row to which the vendor gives none.
func contentKey(hash uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], hash)
	return "h:" + hex.EncodeToString(b[:])
}
