package source

import (
	"context"
	"errors"
	"fmt"

	"muster/internal/record"
	"muster/internal/source/frame"
)

// Sample is the beginning of a file, cut into rows as a scan cuts it.
type Sample struct {
	Path    string // as in reports
	Shape   frame.Shape
	Header  []string    // of tables
	Rows    []frame.Row // the first ones
	KnownAs string      // the mapping or source that reads its first record already; "" if none does
}

// errEnough ends a reading that has seen what it wanted.
var errEnough = errors.New("enough rows")

// TakeSample returns up to n rows of the first table or JSON stream of a file. It
// is an error if there is none.
func TakeSample(ctx context.Context, path string, n int, opt Options) (*Sample, error) {
	e := newEngine(opt)
	var out *Sample
	why := "no table or JSON file"
	err := frame.Walk(ctx, []string{path}, e.frameOptions(), func(s *frame.Stream) error {
		if s.Shape != frame.ShapeJSON && (s.Shape != frame.ShapeTable || s.Header == nil) {
			if s.Why != "" {
				why = s.Why
			}
			return nil
		}
		out = &Sample{Path: s.Path, Shape: s.Shape, Header: s.Header}
		for b := range s.Batches(ctx) {
			out.Rows = append(out.Rows, b.Rows[:min(len(b.Rows), n-len(out.Rows))]...)
			if len(out.Rows) >= n {
				break
			}
		}
		return errEnough
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return nil, err
	case out == nil:
		return nil, fmt.Errorf("%s: %s", path, why)
	}
	records, err := First(ctx, path, 1, opt)
	if err != nil {
		return nil, err
	}
	if len(records) > 0 {
		out.KnownAs = records[0].Meta().Ref.Source
	}
	return out, nil
}

// First returns the first n records of a file.
func First(ctx context.Context, path string, n int, opt Options) ([]record.Record, error) {
	var out []record.Record
	opt.Workers = 1
	_, err := Read(ctx, []string{path}, opt, func(r record.Record) error {
		out = append(out, r)
		if len(out) >= n {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	return out, nil
}
