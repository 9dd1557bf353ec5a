package source

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"muster/internal/record"
	"muster/internal/source/frame"
)

// claim finds the source in code that takes the stream. refused means that it
// and a mapping, or two of them, claim it equally: a tie is never guessed.
func (f *file) claim(head []frame.Batch) (code *Code, refused bool) {
	var first frame.Row
	for _, b := range head {
		if len(b.Rows) > 0 {
			first = b.Rows[0]
			break
		}
	}
	best, other := 0, ""
	codes := f.e.opt.Codes
	for i := range codes {
		c := &codes[i]
		if f.format != "" {
			if c.ID == f.format || strings.HasPrefix(c.ID, f.format+".") {
				return c, false
			}
			continue
		}
		n := c.Claims(f.stream, first)
		switch {
		case n > best:
			code, best, other = c, n, ""
		case n == best && n > 0:
			other = c.ID
		}
	}
	if code == nil {
		return nil, false
	}
	switch id, n := f.mappingScore(first); {
	case n > best:
		return nil, false
	case n == best:
		other = id
	}
	if other == "" {
		return code, false
	}
	f.tally.report.Why = fmt.Sprintf("tie between %s and %s; name one under files: in muster.yaml", code.ID, other)
	return code, true
}

// mappingScore returns the mapping that recognises the first row best.
func (f *file) mappingScore(first frame.Row) (id string, score int) {
	w := f.mapper()
	switch f.stream.Shape {
	case frame.ShapeJSON:
		if w.slots.Run(first.Data) != nil {
			return "", 0
		}
		if best, _ := w.identify(f.allowed, first.Data); best >= 0 {
			w.row.of(best)
			n, _ := f.e.maps[best].Score(&w.row, false, &w.value)
			return f.e.maps[best].ID, max(n, 1)
		}
	case frame.ShapeTable:
		if t := f.e.newTable(f.stream.Header, f, false); t.best != nil {
			return t.best.m.ID, max(t.best.score, 1)
		}
	}
	return "", 0
}

// refuse counts the rows of a stream that is not read.
func (f *file) refuse(head []frame.Batch, in <-chan frame.Batch) error {
	f.tally.report.Refused = true
	take := func(b frame.Batch) {
		for i := range b.Rows {
			f.tally.report.Rows++
			f.tally.reject(Quarantined{File: f.stream.Path, Line: b.Rows[i].Line, Offset: b.Rows[i].Offset, Reason: ReasonTie, Mapping: f.tally.report.Why})
			f.tally.count(true)
		}
	}
	for _, b := range head {
		take(b)
	}
	for b := range in {
		take(b)
	}
	return nil
}

// codeRun keeps the books while a source in code reads.
type codeRun struct {
	f      *file
	format *FormatReport
	mapped map[int64]bool // rows of the current batches that led to records, by offset
	err    error
}

func (f *file) readCode(ctx context.Context, code *Code, head []frame.Batch, in <-chan frame.Batch) error {
	r := &codeRun{f: f, format: f.tally.format(code.ID), mapped: map[int64]bool{}}
	input := CodeInput{Stream: f.stream, Key: f.e.opt.Key, AsOf: f.e.opt.AsOf, Zone: f.ctx.Zone, Order: f.fixed}
	input.Batches = func(yield func(frame.Batch) bool) {
		for _, b := range head {
			r.begin(b)
			if !yield(b) {
				return
			}
		}
		for b := range in {
			r.begin(b)
			if ctx.Err() != nil || !yield(b) {
				return
			}
		}
	}
	err := code.Read(ctx, input, func(rec record.Record) { r.emit(code.ID, rec) }, func(x Reject) { r.reject(code.ID, x) })
	r.settle()
	if r.err != nil {
		return r.err
	}
	if cerr := ctx.Err(); cerr != nil {
		return cerr
	}
	if err != nil {
		f.tally.report.Refused, f.tally.report.Why = true, err.Error()
	}
	return nil
}

// begin counts the rows of a batch that the source takes.
func (r *codeRun) begin(b frame.Batch) {
	t := &r.f.tally
	t.faults(b.Faults)
	t.report.Rows += len(b.Rows)
	t.known += len(b.Rows)
	r.format.Records += len(b.Rows)
	r.settle()
	if n := len(b.Rows); n > 0 {
		t.done = b.Rows[n-1].Offset
	}
	r.f.progress()
}

// settle adds the rows that led to records so far; what led to nothing is ignored.
func (r *codeRun) settle() {
	r.format.Mapped += len(r.mapped)
	clear(r.mapped)
	r.format.Ignored = max(0, r.format.Records-r.format.Mapped-r.format.Withheld-r.format.Quarantined)
}

func (r *codeRun) emit(id string, rec record.Record) {
	if r.err != nil {
		return
	}
	meta := rec.Meta()
	meta.Ref.File = r.f.stream.Path
	if meta.Ref.Source == "" {
		meta.Ref.Source = id
	}
	if r.f.e.future(meta.ObservedAt) {
		r.reject(id, Reject{Line: meta.Ref.Line, Offset: meta.Ref.Offset, Field: "observed_at", Reason: ReasonFuture, Excerpt: meta.ObservedAt.String()})
		return
	}
	if r.f.e.opt.withholds(rec.Kind()) {
		r.format.Withheld++
		return
	}
	r.mapped[meta.Ref.Offset] = true
	r.format.Emitted[rec.Kind()]++
	r.filled(rec)
	r.f.tally.records++
	r.f.tally.run = 0
	r.f.tally.span(meta.ObservedAt)
	r.err = r.f.emit(rec)
}

// filled counts the fields that detectors read.
func (r *codeRun) filled(rec record.Record) {
	kind := rec.Kind()
	v := reflect.ValueOf(rec).Elem()
	for _, name := range Needed(kind) {
		if f, ok := record.LookupField(kind, name); ok && f.Key == "" && !v.FieldByIndex(f.Index).IsZero() {
			r.format.Filled[string(kind)+"."+name]++
		}
	}
}

func (r *codeRun) reject(id string, x Reject) {
	t := &r.f.tally
	r.format.quarantine(x.Reason)
	t.reject(Quarantined{File: r.f.stream.Path, Line: x.Line, Offset: x.Offset, Mapping: id, Field: x.Field, Reason: x.Reason, Excerpt: Mask(x.Excerpt)})
	t.count(true)
}

// future reports whether a time lies too far after the day of the run.
func (e *engine) future(t record.Time) bool {
	return !e.opt.AsOf.IsZero() && !t.IsZero() && t.Time().After(e.opt.AsOf.Add(futureTolerance))
}
