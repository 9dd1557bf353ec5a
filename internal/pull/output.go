package pull

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zeebo/xxh3"
)

// maxRow is the longest row that is written: what a scan reads as one record.
const maxRow = 16 << 20

// output is where the rows of a stream go.
type output struct {
	dir    string // of the account
	stream *Stream
	seen   map[xxh3.Uint128]struct{}
	files  map[string]*os.File // of the current page, by name
	snap   *os.File            // the new snapshot
}

func newOutput(dir string, s *Stream) (*output, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &output{dir: dir, stream: s, seen: map[xxh3.Uint128]struct{}{}, files: map[string]*os.File{}}, nil
}

// recall reads back the keys of the rows from a day on, so that the overlap is not
// written twice. A line that a crash cut off is taken away: its page is asked for again.
func (o *output) recall(from time.Time) error {
	names, err := filepath.Glob(filepath.Join(o.dir, o.stream.Name+"-*.ndjson"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		day := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(name), o.stream.Name+"-"), ".ndjson")
		at, err := time.Parse(time.DateOnly, day)
		if err != nil && day != "undated" || err == nil && at.Before(from.Truncate(24*time.Hour)) {
			continue // another stream's, or older than the overlap
		}
		if err := o.recallFile(name); err != nil {
			return err
		}
	}
	return nil
}

func (o *output) recallFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	r, good := bufio.NewReaderSize(f, 1<<20), int64(0)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			if len(line) > 0 {
				return errors.Join(f.Truncate(good), f.Close())
			}
			if !errors.Is(err, io.EOF) {
				return errors.Join(err, f.Close())
			}
			return f.Close()
		}
		good += int64(len(line))
		o.seen[o.key(bytes.TrimSuffix(line, []byte("\n")))] = struct{}{}
	}
}

// key names a row.
func (o *output) key(row []byte) xxh3.Uint128 {
	var b []byte
	for _, p := range o.stream.Key {
		v := field(row, p)
		if len(v) == 0 {
			return xxh3.Hash128(row) // a row without its key is named by all of it
		}
		b = append(append(b, v...), 0)
	}
	if len(o.stream.Key) == 0 {
		return xxh3.Hash128(row)
	}
	return xxh3.Hash128(b)
}

// add writes a row of an event stream to the file of its day, unless it is there.
func (o *output) add(row json.RawMessage) (written bool, err error) {
	line, err := o.line(row)
	if err != nil {
		return false, err
	}
	k := o.key(line)
	if _, ok := o.seen[k]; ok {
		return false, nil
	}
	day := "undated"
	if t := timeOf(line, o.stream.Time); !t.IsZero() {
		day = t.Format(time.DateOnly)
	}
	name := filepath.Join(o.dir, o.stream.Name+"-"+day+".ndjson")
	f := o.files[name]
	if f == nil {
		if f, err = os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600); err != nil {
			return false, err
		}
		o.files[name] = f
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return false, err
	}
	o.seen[k] = struct{}{}
	return true, nil
}

func (o *output) line(row json.RawMessage) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, row); err != nil {
		return nil, err
	}
	if b.Len() > maxRow {
		return nil, fmt.Errorf("a row has %d bytes, more than a scan reads", b.Len())
	}
	return b.Bytes(), nil
}

// flush makes the page's rows last. It comes before the page's cursor is kept.
func (o *output) flush() error {
	var errs []error
	for name, f := range o.files {
		errs = append(errs, f.Sync(), f.Close())
		delete(o.files, name)
	}
	return errors.Join(errs...)
}

// collect writes a row of the new snapshot.
func (o *output) collect(row json.RawMessage) (written bool, err error) {
	line, err := o.line(row)
	if err != nil {
		return false, err
	}
	k := o.key(line)
	if _, ok := o.seen[k]; ok {
		return false, nil // a list that moved under our feet shows a row on two pages
	}
	o.seen[k] = struct{}{}
	if o.snap == nil {
		if o.snap, err = os.CreateTemp(o.dir, "."+o.stream.Name+"-*.part"); err != nil {
			return false, err
		}
	}
	_, err = o.snap.Write(append(line, '\n'))
	return true, err
}

// finish puts the new snapshot in the place of the old one. An empty list does not
// replace one with rows: a scope that was narrowed looks the same. Kept says so.
func (o *output) finish() (kept bool, err error) {
	name := filepath.Join(o.dir, o.stream.Name+".ndjson")
	if o.snap == nil {
		_, err := os.Stat(name)
		return err == nil, nil
	}
	part := o.snap.Name()
	err = errors.Join(o.snap.Sync(), o.snap.Close())
	o.snap = nil
	if err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return false, errors.Join(err, os.Remove(part))
	}
	return false, nil
}

// drop forgets a snapshot that was not finished.
func (o *output) drop() {
	if o.snap != nil {
		o.snap.Close()
		os.Remove(o.snap.Name())
		o.snap = nil
	}
	clear(o.seen)
}

// close closes what an error left open.
func (o *output) close() {
	_ = o.flush()
	o.drop()
}
