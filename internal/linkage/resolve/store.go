package resolve

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

const indexFormat = "muster-linkage-index"

// head is the first line of an index that is written.
type head struct {
	Format     string      `json:"format"`
	Version    int         `json:"version"`
	Columns    []string    `json:"columns"`
	Records    int         `json:"records"`
	Seq        int         `json:"seq"`
	Judgements []Judgement `json:"judgements"`
	Redirects  [][2]string `json:"redirects"`
}

// line is a record that is written, with what history knows of it.
type line struct {
	Key   string   `json:"key"`
	Cells []string `json:"cells"`
	Live  bool     `json:"live,omitempty"` // its persona is called after it
	Used  uint16   `json:"used,omitempty"`
	Birth uint32   `json:"birth,omitempty"`
}

// Write writes the index: a line of JSON that says what is in it, the snapshot, and a
// line per record. Only what cannot be computed again is written: records, judgements
// and the history of ids. Edges and clusters follow from them.
func (x *Index) Write(w io.Writer) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.settle()
	h := &x.history
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	first := head{Format: indexFormat, Version: Version, Columns: x.t.Names, Records: len(x.keys), Seq: h.seq, Judgements: x.human.list()}
	for _, id := range slices.Sorted(maps.Keys(h.redirects)) {
		first.Redirects = append(first.Redirects, [2]string{id, h.redirects[id]})
	}
	if err := enc.Encode(first); err != nil {
		return err
	}
	if err := x.snap.Write(out); err != nil {
		return err
	}
	row := 0
	for r := range x.all() {
		l := line{Key: r.Key, Cells: r.Cells, Live: h.anchor[h.of[row]] == int32(row), Used: h.used[row], Birth: h.birth[row]}
		if err := enc.Encode(l); err != nil {
			return err
		}
		row++
	}
	return out.Flush()
}

// Read reads an index that Write wrote and computes the rest.
func Read(ctx context.Context, r io.Reader, workers int) (*Index, error) {
	in := bufio.NewReader(r)
	var first head
	if err := readLine(in, &first); err != nil {
		return nil, fmt.Errorf("no index: %w", err)
	}
	if first.Format != indexFormat || first.Version != Version {
		return nil, fmt.Errorf("no index that this program reads: format %q, version %d", first.Format, first.Version)
	}
	var raw json.RawMessage
	if err := readLine(in, &raw); err != nil {
		return nil, fmt.Errorf("the index has no snapshot: %w", err)
	}
	s, err := decodeSnapshot(raw)
	if err != nil {
		return nil, err
	}
	x, err := New(s, first.Columns)
	if err != nil {
		return nil, err
	}
	for _, j := range first.Judgements {
		if err := j.check(); err != nil {
			return nil, err
		}
		x.judge(j)
	}
	return x, x.restore(ctx, in, &first, workers)
}

// restore reads the records and puts the history back.
func (x *Index) restore(ctx context.Context, in *bufio.Reader, first *head, workers int) error {
	var live []int32
	h := &x.history
	for n := range first.Records {
		var l line
		if err := readLine(in, &l); err != nil {
			return fmt.Errorf("record %d of %d of the index: %w", n+1, first.Records, err)
		}
		row, err := x.insert(Record{l.Key, l.Cells})
		if err != nil {
			return fmt.Errorf("record %d of %d of the index: %w", n+1, first.Records, err)
		}
		x.post(row)
		h.used[row], h.birth[row] = l.Used, l.Birth
		if l.Live {
			live = append(live, row)
		}
	}
	if err := x.compareAll(ctx, max(workers, 1)); err != nil {
		return err
	}
	clusters := 0
	l := x.clusterAll()
	for i, row := range l.rows {
		h.of[row] = l.rows[l.of[i]]
		if int(l.of[i]) == i {
			clusters++
		}
	}
	for _, row := range live {
		if at := &h.anchor[h.of[row]]; *at >= 0 || h.used[row] == 0 {
			return fmt.Errorf("the index contradicts itself: the persona of %q has two ids or none", x.keys[row])
		}
		h.anchor[h.of[row]] = row
	}
	if clusters != len(live) {
		return fmt.Errorf("the index contradicts itself: %d personas have %d ids", clusters, len(live))
	}
	h.seq = first.Seq
	for _, r := range first.Redirects {
		h.redirects[r[0]] = r[1]
	}
	return nil
}

// readLine decodes one line.
func readLine(in *bufio.Reader, to any) error {
	text, err := in.ReadBytes('\n')
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF // every line ends
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}
