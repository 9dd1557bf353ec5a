// Package canonical reads Muster's own NDJSON: one record a line, as muster
// convert writes it and docs/schema/record.v1.json describes it.
package canonical

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"strings"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/extract"
	"muster/internal/source/frame"
)

//go:embed doc.md
var doc string

// ID is the source of records that name none.
const ID = "muster.canonical"

// Source reads canonical records.
var Source = source.Code{
	ID: ID, Title: "Muster records (canonical NDJSON)", System: "people", Doc: doc,
	Claims: claims, Read: read,
}

// claimed is above what any mapping scores: an object that names a kind of
// record of ours under "record" is one.
const claimed = 1000

// packHead is what the first line of a pack has in the place of a kind of record; it
// holds no record (docs/pack.md).
const packHead = "pack"

func claims(s *frame.Stream, first frame.Row) int {
	if s.Shape != frame.ShapeJSON || !extract.Valid(first.Data) {
		return 0
	}
	kind := extract.Field(bytes.TrimSpace(first.Data), "record")
	if kind.Type != extract.String || kind.Text() != packHead && record.New(record.Kind(kind.Text())) == nil {
		return 0
	}
	return claimed
}

func read(_ context.Context, in source.CodeInput, emit func(record.Record), reject func(source.Reject)) error {
	for b := range in.Batches {
		for i := range b.Rows {
			row := &b.Rows[i]
			if bytes.HasPrefix(row.Data, []byte(`{"record":"`+packHead+`"`)) {
				continue
			}
			r, err := record.Unmarshal(row.Data)
			if err != nil {
				reject(source.Reject{Line: row.Line, Offset: row.Offset, Field: fieldOf(err), Reason: reasonOf(err), Excerpt: string(row.Data[:min(len(row.Data), 80)])})
				continue
			}
			ref := &r.Meta().Ref
			ref.File, ref.Line, ref.Offset = "", row.Line, row.Offset
			if ref.Source == "" {
				ref.Source = ID
			}
			emit(r)
		}
	}
	return nil
}

// fieldOf returns the field that an error of [record.Unmarshal] is about.
func fieldOf(err error) string {
	var bad *json.UnmarshalTypeError
	if errors.As(err, &bad) {
		return bad.Field
	}
	const unknown = `unknown field "`
	if _, rest, ok := strings.Cut(err.Error(), unknown); ok {
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	if strings.Contains(err.Error(), "unknown record") {
		return "record"
	}
	return ""
}

// reasonOf returns the reason of quarantine of an error of [record.Unmarshal].
func reasonOf(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "unknown record") || strings.Contains(text, `no member "record"`):
		return source.ReasonUnidentified
	case strings.Contains(text, "ISO 8601") || strings.Contains(text, "YYYY"):
		return "bad_time"
	case strings.Contains(text, "ParseAddr"):
		return "bad_ip"
	case strings.Contains(text, "unknown field"):
		return frame.ReasonWrongColumns
	}
	return frame.ReasonBadJSON
}
