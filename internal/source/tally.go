package source

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"muster/internal/record"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"

	"github.com/zeebo/xxh3"
)

// tally keeps the books of one file. It is used by the collecting goroutine only.
type tally struct {
	f          *file
	report     FileReport
	formats    map[string]*FormatReport
	books      map[string]*books // on the paths of a format's mapping
	quarantine []Quarantined
	unknown    []Quarantined // rows nobody recognised, in case others were
	unknowns   int
	known      int
	run        int // rows quarantined in a row
	longest    int
	versions   map[uint64]uint64 // record and version → content
	buf        []byte
	records    int
	done       int64
}

// maxVersions bounds the memory of the check for conflicting rows, about 64 MB.
const maxVersions = 2 << 20

func newFormat(id string) *FormatReport {
	return &FormatReport{Format: id, Reasons: map[string]int{}, UnmappedKinds: map[string]int{}, Filled: map[string]int{}, Unread: map[string]int{}, Emitted: map[record.Kind]int{}}
}

func (r *FormatReport) quarantine(reason string) {
	r.Quarantined++
	r.Reasons[reason]++
}

// maxKinds is the number of kinds of unmapped records that are told apart.
const maxKinds = 100

func (r *FormatReport) unmapped(kind string) {
	if _, ok := r.UnmappedKinds[kind]; !ok && len(r.UnmappedKinds) >= maxKinds {
		kind = "(other)"
	}
	r.UnmappedKinds[kind]++
}

func (t *tally) init(f *file) {
	t.f, t.formats, t.versions = f, map[string]*FormatReport{}, map[uint64]uint64{}
	s := f.stream
	t.report = FileReport{Path: s.Path, Shape: string(s.Shape), Format: s.Format, Why: s.Why}
}

func (t *tally) format(id string) *FormatReport {
	if t.formats[id] == nil {
		t.formats[id] = newFormat(id)
	}
	return t.formats[id]
}

// merge takes over what a mapper counted for the file.
func (t *tally) merge(w *mapper) {
	for num, s := range w.stats {
		to := t.format(s.Format)
		to.Records += s.Records
		to.Mapped += s.Mapped
		to.Ignored += s.Ignored
		to.Unmapped += s.Unmapped
		to.Withheld += s.Withheld
		to.Quarantined += s.Quarantined
		addAll(to.Reasons, s.Reasons)
		addAll(to.UnmappedKinds, s.UnmappedKinds)
		if ev := w.evals[num]; ev != nil {
			for i, name := range w.e.maps[num].Fields() {
				addCount(to.Filled, string(name.Kind)+"."+name.Field, ev.Filled[i])
				addCount(to.Unread, string(name.Kind)+"."+name.Field, ev.Unread[i])
			}
			if t.books == nil {
				t.books = map[string]*books{}
			}
			if t.books[s.Format] == nil {
				t.books[s.Format] = &books{}
			}
			t.books[s.Format].add(&books{num: num, records: s.Records, made: ev.Made, states: ev.States})
		}
	}
}

func addAll(to, from map[string]int) {
	for k, n := range from {
		to[k] += n
	}
}

func addCount(to map[string]int, key string, n int) {
	if n > 0 {
		to[key] += n
	}
}

// collect takes the result of a batch: emits its records in order and keeps the
// books.
func (f *file) collect(j *job) error {
	t := &f.tally
	t.faults(j.batch.Faults)
	rec, rej := 0, 0
	for i, state := range j.out.rows {
		row := &j.batch.Rows[i]
		t.report.Rows++
		bad := state == rowBad
		switch state {
		case rowUnknown:
			t.unknowns++
			if len(t.unknown) < MaxQuarantine {
				t.unknown = append(t.unknown, Quarantined{File: f.stream.Path, Line: row.Line, Offset: row.Offset, Reason: ReasonUnidentified, Excerpt: excerptOf(row)})
			}
			bad = true
		case rowBad:
			for ; rej < len(j.out.rejects) && j.out.rejects[rej].row == i; rej++ {
				t.reject(j.out.rejects[rej].Quarantined)
			}
		}
		if state != rowUnknown {
			t.known++
		}
		for ; rec < len(j.out.records) && j.out.records[rec].row == i; rec++ {
			o := &j.out.records[rec]
			ok, err := f.deliver(o, row)
			if err != nil {
				return err
			}
			if !ok && !bad {
				bad = true
				x := t.format(f.e.maps[o.num].ID)
				x.Mapped--
				x.quarantine(ReasonConflict)
			}
		}
		t.count(bad)
		t.done = row.Offset
	}
	f.progress()
	return nil
}

func (f *file) progress() {
	if f.e.opt.Progress != nil {
		f.e.progress.Lock()
		defer f.e.progress.Unlock()
		f.e.opt.Progress(f.stream.Path, f.tally.done, 0)
	}
}

// count notes whether a row was quarantined.
func (t *tally) count(bad bool) {
	if !bad {
		t.run = 0
		return
	}
	t.run++
	t.longest = max(t.longest, t.run)
	t.report.QuarantinedRows++
}

func (t *tally) reject(q Quarantined) {
	if len(t.quarantine) < MaxQuarantine {
		t.quarantine = append(t.quarantine, q)
	}
}

// faults takes what framing could not cut into rows.
func (t *tally) faults(list []frame.Fault) {
	for _, x := range list {
		t.reject(Quarantined{File: t.f.stream.Path, Line: x.Line, Offset: x.Offset, Reason: x.Reason, Excerpt: x.Excerpt})
		if x.File {
			t.report.Refused = true
			t.report.Why = x.Text
		}
		t.report.Rows++
		t.known++
		t.count(true)
	}
}

// deliver emits a record. It is false for one that contradicts an earlier record
// of the same row, which is quarantined.
func (f *file) deliver(o *outRecord, row *frame.Row) (bool, error) {
	t := &f.tally
	format := t.format(f.e.maps[o.num].ID)
	meta := o.Record.Meta()
	if t.conflicts(&o.Emitted) {
		t.reject(Quarantined{File: f.stream.Path, Line: row.Line, Offset: row.Offset, Mapping: meta.Ref.Source, Field: string(o.Record.Kind()), Reason: ReasonConflict, Excerpt: excerptOf(row)})
		t.unfill(format, o)
		return false, nil
	}
	format.Emitted[o.Record.Kind()]++
	t.records++
	t.span(meta.ObservedAt)
	return true, f.emit(o.Record)
}

// unfill takes back what a record that is not emitted counted as filled.
func (t *tally) unfill(format *FormatReport, o *outRecord) {
	v := reflect.ValueOf(o.Record).Elem()
	for _, name := range t.f.e.maps[o.num].Fields() {
		if name.Kind != o.Record.Kind() {
			continue
		}
		if f, ok := record.LookupField(name.Kind, name.Field); ok && !v.FieldByIndex(f.Index).IsZero() {
			format.Filled[string(name.Kind)+"."+name.Field]--
		}
	}
}

// conflicts reports whether the file already held another content for the same
// row and version. Sessions are events and are left out.
func (t *tally) conflicts(o *mapping.Emitted) bool {
	if !o.Keyed || o.Record.Kind() == record.Sessions || len(t.versions) >= maxVersions {
		return false
	}
	meta := o.Record.Meta()
	version := meta.ValidFrom
	if version.IsZero() {
		version = meta.ObservedAt
	}
	b := t.buf[:0]
	for _, s := range []string{meta.Ref.Source, string(o.Record.Kind()), meta.Ref.Key} {
		b = append(append(b, s...), 0)
	}
	t.buf = version.Append(b)
	h := xxh3.Hash(t.buf)
	have, ok := t.versions[h]
	if !ok {
		t.versions[h] = o.Content
	}
	return ok && have != o.Content
}

func (t *tally) span(at record.Time) {
	if at.IsZero() {
		return
	}
	r := &t.report
	if r.First.IsZero() || at.Before(r.First) {
		r.First = at
	}
	if r.Last.IsZero() || r.Last.Before(at) {
		r.Last = at
	}
}

// finish closes the books of the file and puts them into the report.
func (f *file) finish(all *Report) {
	t := &f.tally
	r := &t.report
	f.like()
	f.silence()
	for _, x := range t.formats {
		r.Formats = append(r.Formats, *x)
	}
	slices.SortFunc(r.Formats, func(a, b FormatReport) int { return cmp.Compare(a.Format, b.Format) })
	switch {
	case f.stream.Shape == frame.ShapeEmpty || r.Rows == 0 && f.stream.Shape != frame.ShapeUnknown && !r.Refused && len(r.Formats) == 0:
		r.Empty = true
	case f.stream.Shape == frame.ShapeUnknown || len(r.Formats) == 0 && !r.Refused:
		r.Unidentified = true
		r.QuarantinedRows = 0
		r.Why = f.why()
	default:
		t.quarantine = append(t.quarantine, t.unknown...)
		r.Incomplete = r.Refused || tooMany(r.QuarantinedRows, r.Rows) || t.longest > maxRun
	}
	if len(t.quarantine) > 0 || r.Refused {
		r.SHA256 = f.stream.SHA256() // reads the file again, so only where rows must be found again later
	}
	slices.SortStableFunc(t.quarantine, func(a, b Quarantined) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset))
	})
	all.Quarantine = append(all.Quarantine, t.quarantine[:min(len(t.quarantine), MaxQuarantine)]...)
	all.Files = append(all.Files, *r)
	all.Rows += r.Rows
	all.Records += t.records
}

// why says why nobody knows the file, and what to do about it.
func (f *file) why() string {
	s := f.stream
	hint := "; a mapping can be written for it, see docs/mappings.md"
	switch {
	case s.Why != "":
		return s.Why
	case f.format != "" && !slices.Contains(f.allowed, true):
		return fmt.Sprintf("there is no format %q", f.format)
	case s.Shape == frame.ShapeTable && s.Header == nil:
		return "a table without a header" + hint
	case s.Shape == frame.ShapeTable:
		return f.e.nearest(s.Header) + hint
	case s.Shape == frame.ShapeJSON:
		return "no mapping recognises these objects" + hint
	}
	return "no source reads this kind of file (" + s.Format + ")"
}
