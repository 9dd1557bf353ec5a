package source

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/source/extract"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
)

// rowTrace is what a mapper notes about the one row that is explained.
type rowTrace struct {
	trace mapping.Trace
	judge []mapping.Judgement
	num   int // of the mapping that got the row, -1 if none did
	keys  []UnreadKey
	cols  map[string]string // of a table: path → the column it was found in
}

// traced returns an evaluator that notes what it does, and judges the other
// mappings while the row is at hand.
func (w *mapper) traced(num int, view mapping.Row, row *frame.Row) *mapping.Eval {
	t := w.trace
	t.num = num
	if cells, ok := view.(*tableRow); ok {
		header := w.header()
		t.keys = unreadColumns(cells, header)
		t.cols = map[string]string{}
		for i, p := range cells.b.m.Paths() {
			if col := cells.b.cols[i]; col >= 0 && col < len(header) {
				t.cols[p.Text] = header[col]
			}
		}
		t.judge = w.judgeTable(header, cells.cells, w.file.stream.Shape != frame.ShapeTable)
	} else {
		t.judge = w.judgeObject()
		t.keys = unreadKeys(w.e.maps[num], w.event(row.Data))
		w.row.of(num) // it is the view, and looking for the event has moved it on
	}
	w.evals[num] = nil // one that has seen rows remembers results instead of working them out
	ev := w.eval(num)
	ev.Trace = &t.trace
	return ev
}

// header returns the columns of the table, or of the flat object at hand.
func (w *mapper) header() []string {
	if w.file.stream.Shape == frame.ShapeTable {
		return w.file.table.header
	}
	return strings.Split(strings.TrimSuffix(string(w.keys), "\x00"), "\x00")
}

// event returns the event inside the wrappings of an object, and leaves its
// values in the slots.
func (w *mapper) event(object []byte) []byte {
	for inner, depth := object, 0; depth <= maxWrappings && inner != nil; depth++ {
		if w.slots.Run(inner) != nil {
			break
		}
		if best, _ := w.identifyJSON(w.file.allowed); best >= 0 {
			return inner
		}
		inner = unwrap(inner)
	}
	_ = w.slots.Run(object)
	return object
}

func (w *mapper) judgeObject() []mapping.Judgement {
	var out []mapping.Judgement
	view := w.row
	for i, m := range w.e.maps {
		if m.JSON {
			view.of(i)
			out = append(out, m.Judge(&view, false))
		}
	}
	return out
}

func (w *mapper) judgeTable(header, cells []string, flat bool) []mapping.Judgement {
	var out []mapping.Judgement
	cols := newColumns(header)
	for i, m := range w.e.maps {
		if !m.Table || flat && !m.Flat {
			continue
		}
		view := &tableRow{b: cols.bind(m, i), cells: cells, texts: w.texts, slots: map[*extract.Program]*extract.Slots{}, ran: map[int]bool{}}
		out = append(out, m.Judge(view, true))
	}
	return out
}

// mapper0 returns the mapper of the goroutine that reads the file, with the
// counts it has.
func (f *file) mapper0() *mapper {
	if f.own == nil {
		return f.mapper()
	}
	return f.own
}

// explain maps the row with everything noted.
func (x *explainer) explain(f *file, one frame.Batch) error {
	row := &one.Rows[0]
	out := &Explanation{File: f.stream.Path, Line: row.Line, Shape: string(f.stream.Shape), Format: f.stream.Format}
	x.found = append(x.found, out)
	w := f.mapper0()
	t := &rowTrace{num: -1}
	w.trace = t
	defer func() { w.trace = nil }()
	j := &job{file: f, batch: one}
	w.batch(j)
	f.tally.quarantine = nil
	if err := f.collect(j); err != nil {
		return err
	}
	if t.num < 0 {
		w.unrecognised(f, row, t)
	}
	out.Unread, out.Records = t.keys, t.records(x.e.maskOf(t.num))
	switch j.out.rows[0] {
	case rowMapped:
		out.Outcome = "mapped"
	case rowBad:
		out.Outcome = "quarantined"
	case rowWithheld:
		out.Outcome, out.Reason, out.Source = "withheld", ReasonWithheld, x.e.maps[t.num].ID
	case rowUnknown:
		out.Outcome, out.Reason = "unidentified", ReasonUnidentified
	case rowLeft:
		out.Outcome = "unmapped"
		if s := w.stats[t.num]; s != nil && w.ignores(t.num) {
			out.Outcome = "ignored"
		}
	}
	if len(f.tally.quarantine) > 0 { // of this row: there is no other
		q := f.tally.quarantine[0]
		out.Outcome, out.Reason, out.Field, out.Excerpt = "quarantined", q.Reason, q.Field, q.Excerpt
		if f.keepsSilent() {
			out.Excerpt = ""
		}
	}
	if out.Outcome == "quarantined" {
		for i := range out.Records {
			if out.Records[i].Outcome == "emitted" {
				out.Records[i].Outcome = "withdrawn"
			}
		}
	}
	w.place(out, t)
	return nil
}

// ignores reports whether the row at hand was left out on purpose.
func (w *mapper) ignores(num int) bool { return w.evals[num] != nil && w.evals[num].Ignored() }

// unrecognised judges the mappings for a row that none got.
func (w *mapper) unrecognised(f *file, row *frame.Row, t *rowTrace) {
	data := row.Data
	switch f.stream.Shape {
	case frame.ShapeTable:
		if f.table != nil {
			t.judge = w.judgeTable(f.table.header, row.Cells, false)
		}
		return
	case frame.ShapeLines:
		data, _ = frame.LogLine(nil, row.Data)
	}
	if w.slots.Run(data) != nil {
		return
	}
	w.event(data)
	t.judge = w.judgeObject()
	if table := w.flatTable(f, data); table != nil {
		t.judge = append(t.judge, w.judgeTable(table.header, w.flat, true)...)
	}
}

// maxContenders is how many mappings beside the one that got the row are named.
const maxContenders = 5

// place says who got the row and who came close: whoever fits, and whoever has at
// least half of what it asks for.
func (w *mapper) place(out *Explanation, t *rowTrace) {
	share := func(j *mapping.Judgement) int { return 1000 * len(j.Held) / max(len(j.Held)+len(j.Lacking), 1) }
	slices.SortStableFunc(t.judge, func(a, b mapping.Judgement) int {
		if a.OK != b.OK {
			if a.OK {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(share(&b), share(&a)), cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	for i := range t.judge {
		j := &t.judge[i]
		if t.num >= 0 && j.ID == w.e.maps[t.num].ID {
			if out.Source == "" {
				out.Source, out.Score, out.Tests = j.ID, j.Score, j.Held
			}
			continue
		}
		twice := slices.ContainsFunc(out.Others, func(c Contender) bool { return c.Source == j.ID }) // as object and as table
		if !twice && (j.OK || share(j) >= 500) && len(out.Others) < maxContenders {
			out.Others = append(out.Others, Contender{j.ID, j.Score, j.OK, j.Held, j.Lacking, j.Excluding})
		}
	}
}

// records turns the notes of a mapping into what is shown, masked.
func (t *rowTrace) records(mask func(string) string) []ExplainedRecord {
	var out []ExplainedRecord
	for i := range t.trace.Records {
		r := &t.trace.Records[i]
		e := ExplainedRecord{Kind: r.Kind, Each: r.Each, When: t.steps(r.When, mask), Outcome: "emitted"}
		switch {
		case r.Skipped:
			e.Outcome = "condition"
		case r.Faulty:
			e.Outcome = "quarantined"
		case r.Empty:
			e.Outcome = "empty"
		}
		for _, f := range r.Fields {
			e.Fields = append(e.Fields, ExplainedField{f.Name, mask(f.Result), string(f.Reason), t.steps(f.Events, mask)})
		}
		out = append(out, e)
	}
	return out
}

func (t *rowTrace) steps(list []mapping.TraceEvent, mask func(string) string) []ExplainedStep {
	var out []ExplainedStep
	for _, e := range list {
		out = append(out, ExplainedStep{e.Path, t.cols[e.Path], e.Step, e.Found, mask(e.Value), string(e.Reason)})
	}
	return out
}

// unreadColumns returns the columns with a value that no path of the mapping reads.
func unreadColumns(r *tableRow, header []string) []UnreadKey {
	var out []UnreadKey
	for col, name := range header {
		if col < len(r.cells) && strings.TrimSpace(r.cells[col]) != "" && !slices.Contains(r.b.cols, col) {
			out = append(out, UnreadKey{name, maskKey(name, r.cells[col])})
		}
	}
	return out
}

// unreadKeys returns the keys with a value that no path of the mapping reads, in
// the order of the object; of a list the first element that has the key counts.
func unreadKeys(m *mapping.Mapping, object []byte) []UnreadKey {
	var out []UnreadKey
	walkUnread(m.Reads(), object, func(name string, _ []string, value string) {
		out = append(out, UnreadKey{name, maskKey(name, value)})
	})
	return out
}

// covers reports whether a path reads the value at keys, or one around it.
func covers(steps []extract.Step, keys []string) bool {
	for _, s := range steps {
		switch {
		case s.Kind == extract.Key && len(keys) > 0 && keys[0] == s.Name:
			keys = keys[1:]
		case s.Kind == extract.Key:
			return false
		case len(keys) > 0 && keys[0] == "[]":
			keys = keys[1:]
		}
	}
	return true
}
