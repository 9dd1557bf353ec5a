package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// CSV says how a file of rows is read.
type CSV struct {
	Comma byte     // 0 = ,
	ID    string   // column of the rows' names; without, rows have none
	Use   []string // columns to read; nil = all
	Drop  []string // columns to leave out
}

// ReadCSV reads a file with a header into a new table. Cells may be quoted as RFC 4180
// says; a quote inside a cell that is not quoted is a character like others. Short rows
// miss their last values; values beyond the header are left out and the rows counted
// (Ragged); a quote that is not closed is refused.
func ReadCSV(r io.Reader, opt CSV) (*Table, error) {
	t := &Table{Dict: NewDict()}
	return t, t.AddCSV(r, opt)
}

// AddCSV appends the rows of a file to a table. The columns of a table that has some
// are found by their names in the file's header.
func (t *Table) AddCSV(r io.Reader, opt CSV) error {
	if opt.Comma == 0 {
		opt.Comma = ','
	}
	// Cells are told apart in one goroutine and looked up in another.
	batches, free := make(chan *batch, 2), make(chan *batch, 4)
	for range cap(free) {
		free <- &batch{}
	}
	done := make(chan struct{})
	var failed error
	go func() {
		defer close(batches)
		failed = split(r, opt.Comma, free, batches, done)
	}()
	l := loader{t: t, opt: opt}
	var err error
	for b := range batches {
		if err == nil {
			if err = l.add(b); err != nil {
				close(done)
			}
		}
		free <- b
	}
	if err = errors.Join(err, failed); err == nil && l.columns == nil {
		err = errors.New("the file has no header")
	}
	return err
}

// span is a cell in a batch. A doubled quote in it stands for one.
type span struct {
	from, to int32
	doubled  bool
}

// batch is some rows of a file.
type batch struct {
	text  []byte
	cells []span
	ends  []int32 // per row, the number of cells up to its end
	line  int     // of the first row
}

// batchBytes is how much is read at a time.
const batchBytes = 1 << 18

// split tells the cells of a file apart.
func split(r io.Reader, comma byte, free, batches chan *batch, done chan struct{}) error {
	var rest []byte
	line := 1
	for first, eof := true, false; !eof; first = false {
		var b *batch
		select {
		case <-done:
			return nil
		case b = <-free:
		}
		b.text = append(b.text[:0], rest...)
		from := len(b.text)
		b.text = slices.Grow(b.text, batchBytes)[:from+batchBytes]
		n, err := io.ReadFull(r, b.text[from:])
		b.text = b.text[:from+n]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			eof, err = true, nil
		}
		if err != nil {
			return err
		}
		if first {
			b.text = bytes.TrimPrefix(b.text, []byte("\ufeff"))
		}
		b.line = line
		used, lines, err := b.rows(comma, eof)
		if err != nil {
			return fmt.Errorf("line %d: %w", line+lines, err)
		}
		line += lines
		rest = append(rest[:0], b.text[used:]...)
		batches <- b
	}
	return nil
}

var errQuote = errors.New("a quoted value is not closed before the end of the file")

// rows finds the cells of the whole rows in the batch and returns how many bytes and
// lines they take.
func (b *batch) rows(comma byte, eof bool) (used, lines int, err error) {
	b.cells, b.ends = b.cells[:0], b.ends[:0]
	s := b.text
	at := 0
	for at < len(s) {
		cells, newlines := len(b.cells), 0
		ended := false
		for !ended {
			from := at
			if at < len(s) && s[at] == '"' {
				c := span{from: int32(at + 1)}
				closed := false
				for at++; at < len(s); at++ {
					if s[at] == '\n' {
						newlines++
					}
					if s[at] != '"' {
						continue
					}
					if at+1 < len(s) && s[at+1] == '"' {
						c.doubled = true
						at++
						continue
					}
					closed = true
					break
				}
				if !closed {
					if eof {
						return used, lines, errQuote
					}
					b.cells = b.cells[:cells]
					return used, lines, nil
				}
				c.to = int32(at)
				for at < len(s) && s[at] != comma && s[at] != '\n' {
					at++ // nothing should stand between the quote and the comma
				}
				b.cells = append(b.cells, c)
			} else {
				for at < len(s) && s[at] != comma && s[at] != '\n' {
					at++
				}
				to := at
				if to > from && s[to-1] == '\r' && (to == len(s) || s[to] == '\n') {
					to--
				}
				b.cells = append(b.cells, span{from: int32(from), to: int32(to)})
			}
			switch {
			case at < len(s) && s[at] == comma:
				at++
			case at < len(s):
				at++
				newlines++
				ended = true
			case !eof:
				b.cells = b.cells[:cells]
				return used, lines, nil
			default:
				ended = true
			}
		}
		if n := len(b.cells) - cells; n == 1 && b.cells[cells].from == b.cells[cells].to {
			b.cells = b.cells[:cells] // an empty line
		} else {
			b.ends = append(b.ends, int32(len(b.cells)))
		}
		used, lines = at, lines+newlines
	}
	return used, lines, nil
}

// loader turns cells into codes.
type loader struct {
	t       *Table
	opt     CSV
	columns []int // per cell the column it goes to, -1 for none
	id      int
	cells   []uint32
	scratch []byte
}

func (l *loader) add(b *batch) error {
	from := int32(0)
	for _, to := range b.ends {
		if l.columns == nil {
			if err := l.header(b, b.cells[from:to]); err != nil {
				return err
			}
			from = to
			continue
		}
		if int(to-from) > len(l.columns) {
			l.t.Ragged++
		}
		clear(l.cells)
		id := ""
		for k, c := range b.cells[from:min(to, from+int32(len(l.columns)))] {
			switch column := l.columns[k]; {
			case k == l.id:
				id = string(l.text(b, c))
			case column >= 0:
				l.cells[column] = l.t.Dict.CodeOf(l.text(b, c))
			}
		}
		l.t.IDs = append(l.t.IDs, id)
		for column, code := range l.cells {
			l.t.Columns[column] = append(l.t.Columns[column], code)
		}
		from = to
	}
	return nil
}

// text returns a cell without surrounding space.
func (l *loader) text(b *batch, c span) []byte {
	s := b.text[c.from:c.to]
	if c.doubled {
		l.scratch = append(l.scratch[:0], bytes.ReplaceAll(s, []byte(`""`), []byte(`"`))...)
		s = l.scratch
	}
	if n := len(s); n > 0 && (s[0] <= ' ' || s[n-1] <= ' ' || s[0] >= 0x80 || s[n-1] >= 0x80) {
		s = bytes.TrimSpace(s)
	}
	return s
}

func (l *loader) header(b *batch, cells []span) error {
	l.id = -1
	fresh := len(l.t.Columns) == 0
	for i, c := range cells {
		name := string(l.text(b, c))
		column := -1
		switch {
		case l.opt.ID != "" && strings.EqualFold(name, l.opt.ID):
			l.id = i
		case slices.Contains(l.opt.Drop, name) || l.opt.Use != nil && !slices.Contains(l.opt.Use, name):
		case fresh:
			column = len(l.t.Names)
			l.t.Names = append(l.t.Names, name)
			l.t.Columns = append(l.t.Columns, nil)
		default:
			column = l.t.Column(name)
		}
		l.columns = append(l.columns, column)
	}
	if l.opt.ID != "" && l.id < 0 {
		return fmt.Errorf("the header has no column %q", l.opt.ID)
	}
	if len(l.t.Names) == 0 {
		return errors.New("the header names no column that is read")
	}
	l.cells = make([]uint32, len(l.t.Columns))
	return nil
}
