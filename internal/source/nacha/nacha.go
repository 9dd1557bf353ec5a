// Package nacha reads ACH payment files (NACHA Operating Rules, Appendix Three):
// payments to people, the accounts they go to, returns and notifications of
// change. A file whose control totals do not agree with its records is refused as
// a whole: it is damaged or it was edited.
package nacha

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
)

//go:embed doc.md
var doc string

// ID is the source of the records.
const ID = "nacha.ach"

// Source reads ACH files.
var Source = source.Code{
	ID: ID, Title: "NACHA ACH payment file", System: "pay", Doc: doc,
	Claims: claims, Read: read,
}

func claims(s *frame.Stream, _ frame.Row) int {
	if s.Shape == frame.ShapeFixed94 {
		return 100
	}
	return 0
}

// ReasonTotals is the reason of a control record that contradicts the file.
const ReasonTotals = "control_totals"

// reader goes through a file. Records are kept until the file's control agrees.
type reader struct {
	key     []byte
	file    *line // file header
	batch   *header
	last    *entry
	inBatch totals
	inFile  totals
	class   string // of the last batch: decides the layout of the file control
	entries []*entry
	ready   []record.Record
	keys    map[string]int
	emit    func(record.Record)
}

func read(ctx context.Context, in source.CodeInput, emit func(record.Record), reject func(source.Reject)) error {
	r := &reader{key: in.Key, keys: map[string]int{}, emit: emit}
	var err error
	for b := range in.Batches {
		for i := range b.Rows {
			if err == nil {
				err = r.line(newLine(&b.Rows[i]))
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err == nil {
		err = r.end()
	}
	var bad *wrong
	if errors.As(err, &bad) {
		reject(source.Reject{Line: bad.line.row.Line, Offset: bad.line.row.Offset, Field: bad.field, Reason: ReasonTotals, Excerpt: string(bad.line.text)})
	}
	return err
}

func (r *reader) line(l line) error {
	switch l.kind() {
	case fileHeader:
		return r.start(l)
	case batchHeader:
		return r.open(l)
	case entryDetail:
		return r.entry(l)
	case addenda:
		return r.addendum(l)
	case batchControl:
		return r.close(l)
	case fileControl:
		if l.padding() {
			return nil
		}
		return r.finish(l)
	}
	return r.wrongf(l, "record_type", "record type %q is none of 1, 5, 6, 7, 8, 9", l.kind())
}

func (r *reader) wrongf(l line, field, format string, args ...any) error {
	return &wrong{l, field, fmt.Sprintf("ACH line %d: ", l.row.Line) + fmt.Sprintf(format, args...) + "; the file is refused"}
}

// start begins a file. Several files may stand one after another.
func (r *reader) start(l line) error {
	if r.file != nil {
		return r.wrongf(l, "file_control", "a new file begins before the last one has its control record")
	}
	r.file = &l
	return nil
}

func (r *reader) open(l line) error {
	if r.file == nil || r.batch != nil {
		return r.wrongf(l, "batch_header", "a batch begins where none can")
	}
	r.batch, r.inBatch, r.last = newHeader(l), totals{batches: 1}, nil
	r.class = r.batch.class
	return nil
}

func (r *reader) entry(l line) error {
	if r.batch == nil {
		return r.wrongf(l, "entry", "an entry stands outside of a batch")
	}
	e := &entry{line: l, batch: r.batch}
	t, bad := e.count()
	if bad != nil {
		return bad
	}
	r.inBatch.add(t)
	r.last = e
	r.entries = append(r.entries, e)
	return nil
}

func (r *reader) addendum(l line) error {
	if r.last == nil {
		return r.wrongf(l, "addenda", "an addendum follows no entry")
	}
	r.last.addenda = append(r.last.addenda, l)
	r.inBatch.entries++
	return nil
}

func (r *reader) close(l line) error {
	if r.batch == nil {
		return r.wrongf(l, "batch_control", "a batch control follows no batch")
	}
	if bad := r.inBatch.compare(l, "batch "+r.batch.number, batchFields(r.batch.class)); bad != nil {
		return bad
	}
	r.inFile.add(r.inBatch)
	r.batch, r.last = nil, nil
	return nil
}

// finish checks the file and hands out its records.
func (r *reader) finish(l line) error {
	if r.file == nil || r.batch != nil {
		return r.wrongf(l, "file_control", "a file control stands inside of a batch or without a file header")
	}
	if bad := r.inFile.compare(l, "file control", fileFields(r.class)); bad != nil {
		return bad
	}
	for _, e := range r.entries {
		r.records(e)
	}
	for _, x := range r.ready {
		r.emit(x)
	}
	*r = reader{key: r.key, keys: r.keys, emit: r.emit}
	return nil
}

func (r *reader) end() error {
	if r.file != nil {
		return r.wrongf(*r.file, "file_control", "the file control record is missing: the file is cut off")
	}
	return nil
}
