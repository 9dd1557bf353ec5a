package pull

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// within leaves out what is older than asked for, where the vendor cannot. A page
// with nothing else says that the list is past it; one old row alone does not,
// because lists by one time are not in the order of another.
func (r *reading) within(rows []json.RawMessage, from time.Time) (kept []json.RawMessage, older bool) {
	if !r.s.Newest || from.IsZero() {
		return rows, false
	}
	for _, row := range rows {
		if t := timeOf(row, r.s.Time); !t.IsZero() && t.Before(from) {
			continue
		}
		kept = append(kept, row)
	}
	return kept, len(rows) > 0 && len(kept) == 0
}

// each asks for the rows that belong to the rows of a page.
func (r *reading) each(ctx context.Context, rows []json.RawMessage, in span) ([]json.RawMessage, error) {
	if r.s.Each == nil {
		return rows, nil
	}
	var out []json.RawMessage
	for _, row := range rows {
		path, ok := r.s.Each.Path(row)
		if !ok {
			continue
		}
		of, err := r.below(ctx, path, in)
		if e := (*APIError)(nil); errors.As(err, &e) && slices.Contains(r.s.Each.Gone, e.Status) && e.outcome == failed {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, of...)
	}
	return out, nil
}

// below reads the list of one row to its end.
func (r *reading) below(ctx context.Context, path string, in span) ([]json.RawMessage, error) {
	var out []json.RawMessage
	again := false
	for at, pages := "", 0; ; pages++ {
		req, err := newRequest(r.s.method(), r.s.base(r.entry), path, r.s.Each.Query, in)
		if err != nil {
			return nil, err
		}
		if at != "" {
			if err := r.s.Each.Paging.set(req, at); err != nil {
				return nil, err
			}
		}
		p, err := r.client.do(ctx, req)
		if at != "" && !again && stale(err) {
			at, again, out = "", true, nil // the cursor is too old: this list once more
			continue
		}
		if err != nil {
			return nil, err
		}
		p.at = at
		if p.rows, err = rowsOf(p.body, r.s.Each.Rows); err != nil {
			return nil, fmt.Errorf("%s: %w", req.url.Path, err)
		}
		r.sum.Pages++
		r.sum.Rows += len(p.rows)
		out = append(out, p.rows...)
		next := r.s.Each.Paging.next(p)
		if next == "" {
			return out, nil
		}
		if next == at || pages > 10000 {
			return nil, fmt.Errorf("%s does not end", req.url.Path)
		}
		at = next
	}
}

// write puts rows on the disk and waits until they are there.
func (r *reading) write(rows []json.RawMessage) error {
	soon := r.cur.Pass.To.Add(24 * time.Hour) // clocks differ; a row from later must not hold back the watermark
	put := r.out.add
	if r.s.Snapshot {
		put = r.out.collect
	}
	for _, row := range rows {
		written, err := put(row)
		if err != nil {
			return err
		}
		t := timeOf(row, r.s.Time)
		if !t.IsZero() && t.Before(soon) && t.After(r.cur.Pass.High) {
			r.cur.Pass.High = t
		}
		if !written {
			continue
		}
		r.sum.New++
		if t.IsZero() {
			continue
		}
		if r.sum.From.IsZero() || t.Before(r.sum.From) {
			r.sum.From = t
		}
		if t.After(r.sum.To) {
			r.sum.To = t
		}
	}
	return r.out.flush()
}
