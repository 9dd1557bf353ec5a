package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"muster/internal/record"
	"muster/internal/source/frame"
)

// Explanation says what became of one row of a file, and why. Every value in it
// is masked: letters are x, digits 9.
type Explanation struct {
	File    string            `json:"file"`
	Line    int               `json:"line"` // in which the row begins
	Shape   string            `json:"shape"`
	Format  string            `json:"format"`
	Outcome string            `json:"outcome"`           // mapped, ignored, unmapped, quarantined, withheld, unidentified, code
	Source  string            `json:"source,omitempty"`  // the mapping, or the source in code, that recognised it
	Score   int               `json:"score,omitempty"`   // of the mapping
	Tests   []string          `json:"tests,omitempty"`   // of its match, all of which hold
	Others  []Contender       `json:"others,omitempty"`  // mappings that came close, best first
	Reason  string            `json:"reason,omitempty"`  // of quarantine
	Field   string            `json:"field,omitempty"`   // that led there
	Excerpt string            `json:"excerpt,omitempty"` // of what led there
	Records []ExplainedRecord `json:"records,omitempty"`
	Unread  []UnreadKey       `json:"unread,omitempty"` // columns and keys with a value that the mapping has no path for
}

// Contender is a mapping that did not get the row.
type Contender struct {
	Source    string   `json:"source"`
	Score     int      `json:"score"`               // of the tests that hold
	Fits      bool     `json:"fits"`                // it would read the row if it stood alone
	Held      []string `json:"held,omitempty"`      // tests that hold
	Lacking   []string `json:"lacking,omitempty"`   // tests that do not
	Excluding []string `json:"excluding,omitempty"` // what must be absent and is there
}

// ExplainedRecord is one block of the mapping at work.
type ExplainedRecord struct {
	Kind    record.Kind      `json:"kind"`
	Each    string           `json:"each,omitempty"` // the list it goes through
	Outcome string           `json:"outcome"`        // emitted, condition, empty, quarantined, withdrawn
	When    []ExplainedStep  `json:"when,omitempty"`
	Fields  []ExplainedField `json:"fields,omitempty"`
}

// ExplainedField is what became of one field of a record.
type ExplainedField struct {
	Name   string          `json:"name"`
	Result string          `json:"result,omitempty"` // "" is absent
	Reason string          `json:"reason,omitempty"` // of quarantine
	Steps  []ExplainedStep `json:"steps,omitempty"`
}

// ExplainedStep is a path that was tried, or a transform that ran.
type ExplainedStep struct {
	Path   string `json:"path,omitempty"`
	Column string `json:"column,omitempty"` // of a table, where the path was found
	Do     string `json:"do,omitempty"`
	Found  bool   `json:"found,omitempty"` // of a path: the column or key is there
	Value  string `json:"value,omitempty"` // read, or after the transform; "" is absent
	Reason string `json:"reason,omitempty"`
}

// UnreadKey is a column or key that the mapping of the row has no path for.
type UnreadKey struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Explain reads a file up to the row that begins at, or goes on over, a line and
// says what becomes of that row. member names the archive member or worksheet,
// as it follows the file in reports ("!b.csv"); "" takes any. The error says what
// is wrong with the place.
func Explain(ctx context.Context, path, member string, line int, opt Options) (*Explanation, error) {
	opt.Workers = 1
	e := newEngine(opt)
	x := &explainer{e: e, member: member, line: line}
	defer func() {
		for _, c := range opt.Codes {
			if c.Close != nil {
				c.Close()
			}
		}
	}()
	err := frame.Walk(ctx, []string{path}, e.frameOptions(), func(s *frame.Stream) error { return x.visit(ctx, s) })
	switch {
	case err != nil:
		return nil, err
	case len(x.found) > 1:
		var names []string
		for _, f := range x.found {
			names = append(names, fmt.Sprintf("%s:%d", f.File, line))
		}
		return nil, fmt.Errorf("line %d is in several parts of the file: %s", line, strings.Join(names, ", "))
	case len(x.found) == 1:
		return x.found[0], nil
	case x.why != "":
		return nil, errors.New(x.why)
	case member != "":
		return nil, fmt.Errorf("there is nothing called %q in the file", strings.TrimPrefix(member, "!"))
	}
	return nil, fmt.Errorf("line %d is behind the last row", line)
}

// explainer looks for the row in the streams of a file.
type explainer struct {
	e      *engine
	member string
	line   int
	found  []*Explanation
	why    string // why a stream does not have the row
}

func (x *explainer) visit(ctx context.Context, s *frame.Stream) error {
	if x.member != "" && !strings.HasSuffix(s.Path, x.member) {
		return nil
	}
	if s.Shape == frame.ShapeUnknown || s.Shape == frame.ShapeEmpty {
		x.why = s.Path + " is not read: " + s.Why
		return nil
	}
	f := x.e.newFile(s, func(record.Record) error { return nil })
	defer f.release()
	next, stop := iter.Pull(s.Batches(ctx))
	defer stop()
	var head []frame.Batch
	for rows := 0; rows < lookRows; {
		b, ok := next()
		if !ok {
			break
		}
		head, rows = append(head, b), rows+len(b.Rows)
	}
	code, refused := f.claim(head)
	if refused {
		x.why = f.tally.report.Why
		return nil
	}
	if code != nil {
		x.found = append(x.found, &Explanation{File: s.Path, Line: x.line, Shape: string(s.Shape), Format: s.Format, Outcome: "code", Source: code.ID})
		return nil
	}
	f.settle(head)
	return x.search(f, head, next)
}

// search reads rows as a scan does until it comes to the one wanted.
func (x *explainer) search(f *file, head []frame.Batch, next func() (frame.Batch, bool)) error {
	var last frame.Batch // the last row so far, alone
	done := false
	read := func(b frame.Batch) error {
		w := f.mapper0()
		w.trace = nil
		j := &job{file: f, batch: b}
		w.batch(j)
		return f.collect(j)
	}
	take := func(b frame.Batch) error {
		if fault := x.fault(f, b.Faults); fault {
			done = true
			return nil
		}
		for i := range b.Rows {
			if b.Rows[i].Line > x.line && x.line > 0 {
				done = true
				return nil
			}
			if len(last.Rows) > 0 {
				if err := read(last); err != nil {
					return err
				}
			}
			last = frame.Batch{Rows: b.Rows[i : i+1]}
		}
		return nil
	}
	for _, b := range head {
		if err := take(b); err != nil || done {
			return x.finish(f, last, err)
		}
	}
	for {
		b, ok := next()
		if !ok {
			return x.finish(f, last, nil)
		}
		if err := take(b); err != nil || done {
			return x.finish(f, last, err)
		}
	}
}

// fault notes that framing itself refused the line.
func (x *explainer) fault(f *file, list []frame.Fault) bool {
	for _, q := range list {
		if q.Line == x.line && !q.File {
			x.found = append(x.found, &Explanation{
				File: f.stream.Path, Line: q.Line, Shape: string(f.stream.Shape), Format: f.stream.Format,
				Outcome: "quarantined", Reason: q.Reason, Excerpt: q.Excerpt,
			})
			if f.keepsSilent() {
				x.found[len(x.found)-1].Excerpt = ""
			}
			return true
		}
	}
	return false
}

// finish explains the row, if it is the one: it may end before the line.
func (x *explainer) finish(f *file, last frame.Batch, err error) error {
	if err != nil || len(x.found) > 0 && x.found[len(x.found)-1].File == f.stream.Path {
		return err
	}
	if len(last.Rows) == 0 {
		x.why = fmt.Sprintf("line %d of %s holds no row", x.line, f.stream.Path)
		if f.stream.HeaderLine == x.line {
			x.why = fmt.Sprintf("line %d of %s is the header", x.line, f.stream.Path)
		}
		return nil
	}
	row := &last.Rows[0]
	if row.Line+lineBreaks(row) < x.line {
		x.why = fmt.Sprintf("line %d of %s holds no row; the nearest before it begins at line %d", x.line, f.stream.Path, row.Line)
		return nil
	}
	return x.explain(f, last)
}

// lineBreaks is the number of lines a row goes on over.
func lineBreaks(row *frame.Row) int {
	n := strings.Count(string(row.Data), "\n")
	for _, c := range row.Cells {
		n += strings.Count(c, "\n")
	}
	return n
}
