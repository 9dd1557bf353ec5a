// Package stix reads indicators from STIX 2.0 and 2.1 bundles and TAXII envelopes.
package stix

import (
	"context"
	_ "embed"
	"errors"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
	"muster/internal/source/transform"
	"muster/internal/stix"
)

//go:embed doc.md
var doc string

// ID is the source of the records.
const ID = "stix.indicator"

// Source reads STIX objects.
var Source = source.Code{
	ID: ID, Title: "STIX 2 indicators (bundles, TAXII)", System: "indicators", Doc: doc,
	Claims: claims, Read: read,
}

// claims takes streams whose first row is a STIX object: its id begins with its
// type, as no other format's does.
func claims(s *frame.Stream, first frame.Row) int {
	if s.Shape == frame.ShapeJSON && stix.IsObject(first.Data) {
		return 100
	}
	return 0
}

// place is where a row was read.
type place struct {
	line   int
	offset int64
}

func read(ctx context.Context, in source.CodeInput, emit func(record.Record), reject func(source.Reject)) error {
	r := stix.NewReader()
	var places []place
	for b := range in.Batches {
		for i := range b.Rows {
			row := &b.Rows[i]
			kept, err := r.Add(row.Data, len(places))
			if err != nil {
				reject(refusal(row, err))
				continue
			}
			if kept {
				places = append(places, place{row.Line, row.Offset})
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for _, x := range r.Indicators() {
		out, ok := x.Record(in.Hash)
		if !ok {
			continue
		}
		at := places[x.Row]
		out.Ref = record.Ref{Source: ID, Line: at.line, Offset: at.offset, Key: x.Key()}
		emit(out)
	}
	return nil
}

// refusal says why an object is not read.
func refusal(row *frame.Row, err error) source.Reject {
	x := source.Reject{Line: row.Line, Offset: row.Offset, Reason: frame.ReasonBadJSON, Excerpt: err.Error()}
	var field *stix.FieldError
	if errors.As(err, &field) {
		x.Field, x.Reason, x.Excerpt = field.Field, string(transform.BadTime), field.Value
	}
	return x
}
