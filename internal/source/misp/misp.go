// Package misp reads indicators from MISP events, feeds and searches.
package misp

import (
	"context"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
	"muster/internal/stix"
)

//go:embed doc.md
var doc string

// ID is the source of the records.
const ID = "misp.attribute"

// Source reads MISP events and attributes.
var Source = source.Code{
	ID: ID, Title: "MISP events and attributes", System: "indicators", Doc: doc,
	Claims: claims, Read: read,
}

// columns are those that every CSV of MISP has.
var columns = []string{"uuid", "event_id", "category", "type", "value", "to_ids"}

// claims takes streams whose first row is a MISP document, and tables with MISP's
// columns.
func claims(s *frame.Stream, first frame.Row) int {
	switch s.Shape {
	case frame.ShapeJSON:
		if stix.MISPKind(first.Data) != stix.NoMISP {
			return 100
		}
	case frame.ShapeTable:
		if !slices.ContainsFunc(columns, func(c string) bool { return index(s.Header, c) < 0 }) {
			return 100
		}
	}
	return 0
}

func index(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

func read(ctx context.Context, in source.CodeInput, emit func(record.Record), reject func(source.Reject)) error {
	for b := range in.Batches {
		for i := range b.Rows {
			row := &b.Rows[i]
			data := row.Data
			if in.Stream.Shape == frame.ShapeTable {
				data = object(in.Stream.Header, row.Cells)
			}
			list, err := stix.ReadMISP(data, i)
			if err != nil {
				reject(source.Reject{Line: row.Line, Offset: row.Offset, Reason: frame.ReasonBadJSON, Excerpt: err.Error()})
				continue
			}
			for _, x := range list {
				out, ok := x.Record(in.Hash)
				if !ok {
					continue
				}
				out.Ref = record.Ref{Source: ID, Line: row.Line, Offset: row.Offset, Key: x.Key()}
				emit(out)
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// object makes an attribute of a row of MISP's CSV.
func object(header, cells []string) []byte {
	m := map[string]string{}
	for i, h := range header {
		if i >= len(cells) {
			break
		}
		name := strings.ToLower(strings.TrimSpace(h))
		if name == "date" {
			name = "timestamp"
		}
		m[name] = cells[i]
	}
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	out["Event"] = map[string]string{"info": m["event_info"]}
	if v := m["attribute_tag"]; v != "" {
		var tags []map[string]string
		for t := range strings.SplitSeq(v, ",") {
			tags = append(tags, map[string]string{"name": strings.TrimSpace(t)})
		}
		out["Tag"] = tags
	}
	data, err := json.Marshal(out)
	if err != nil {
		return nil
	}
	return data
}
