package frame

import (
	"slices"
	"strconv"
)

// tableRow is one row of a table on its way out.
type tableRow struct {
	line  int
	off   int64
	cells []string
	open  bool   // the file ended inside or right behind the row
	raw   []byte // for the excerpt of a fault
}

// table checks rows against the header. Rows may lack cells at the end, as
// spreadsheets leave them out, but a run of short rows that add up to one whole
// row is a row with a line break in an unquoted cell and is refused.
type table struct {
	s       *sink
	header  []string // nil: rows are passed on as they are
	trims   bool     // the file leaves out blank cells at the end of rows
	slab    []string
	pending []tableRow // short rows that were not decided yet
}

// maxPending is how many pieces one row may have been broken into.
const maxPending = 16

// slabCells is how many cells are allocated at a time.
const slabCells = 4096

// room returns an empty slice with room for n cells.
func (t *table) room(n int) []string {
	if len(t.slab) < n {
		t.slab = make([]string, max(slabCells, n))
	}
	return t.slab[:0:n]
}

// keep takes the n cells just filled out of the slab.
func (t *table) keep(n int) { t.slab = t.slab[n:] }

// add checks a row and passes it on. r.cells must come from room, and nothing may
// ask for room in between.
func (t *table) add(r tableRow) bool {
	width := len(t.header)
	if t.header == nil {
		return t.settle() && t.pass(r)
	}
	for len(r.cells) > width && r.cells[len(r.cells)-1] == "" {
		r.cells = r.cells[:len(r.cells)-1]
	}
	switch {
	case len(r.cells) == width:
		return t.settle() && t.pass(r)
	case len(r.cells) > width:
		return t.settle() && t.wrong(r, ReasonWrongColumns, "")
	case blank(r.cells):
		return t.settle()
	case r.open:
		return t.settle() && t.wrong(r, ReasonTruncated, "the last row is cut off")
	case len(r.cells) == 1 && width > 2:
		t.pending = append(t.pending, t.own(r))
	default:
		t.pending = append(t.pending, t.own(r))
	}
	if !t.trims && t.pieces() {
		return t.refusePending()
	}
	return len(t.pending) < maxPending || t.settle()
}

func (t *table) own(r tableRow) tableRow {
	r.raw = slices.Clone(r.raw[:min(len(r.raw), maskLen)])
	r.cells = slices.Clone(r.cells)
	return r
}

// pieces reports whether the last of the pending rows make up one whole row.
func (t *table) pieces() bool {
	sum := 1
	for i := len(t.pending) - 1; i >= 0; i-- {
		if sum += len(t.pending[i].cells) - 1; sum > len(t.header) {
			return false
		}
		if sum == len(t.header) && i < len(t.pending)-1 {
			return true
		}
	}
	return false
}

func (t *table) refusePending() bool {
	for _, r := range t.pending {
		if !t.wrong(r, ReasonWrongColumns, "the row seems to be broken by a line end in a cell without quotes") {
			return false
		}
	}
	t.pending = t.pending[:0]
	return true
}

// settle decides the pending short rows: padded, or refused where a single cell
// stands for a whole row.
func (t *table) settle() bool {
	for _, r := range t.pending {
		if len(r.cells) == 1 && len(t.header) > 2 {
			if !t.wrong(r, ReasonWrongColumns, "") {
				return false
			}
			continue
		}
		r.cells = append(r.cells, make([]string, len(t.header)-len(r.cells))...)
		if !t.emit(r) {
			return false
		}
	}
	t.pending = t.pending[:0]
	return true
}

// pass emits a row unless it is blank or the header again, as in joined exports.
func (t *table) pass(r tableRow) bool {
	t.keep(len(r.cells))
	return t.emit(r)
}

func (t *table) emit(r tableRow) bool {
	if blank(r.cells) || t.header != nil && slices.Equal(r.cells, t.header) {
		return !t.s.stopped
	}
	size := 0
	for _, c := range r.cells {
		size += len(c)
	}
	t.s.bytes += size
	return t.s.row(Row{Line: r.line, Offset: r.off, Cells: r.cells})
}

func (t *table) wrong(r tableRow, reason, text string) bool {
	if text == "" {
		text = strconv.Itoa(len(r.cells)) + " cells where the header has " + strconv.Itoa(len(t.header))
	}
	return t.s.fault(Fault{Line: r.line, Offset: r.off, Reason: reason, Text: text}, r.raw)
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" {
			return false
		}
	}
	return true
}

// frameCSV frames what follows the header.
func frameCSV(s *sink, w *window, l tableLook, limits Limits) {
	c := &csvReader{w: w, delim: l.delim, limits: limits}
	t := &table{s: s, header: l.header, trims: l.trims}
	for {
		r, ok := c.next()
		if !ok {
			break
		}
		if !c.frame(t, r) {
			return
		}
	}
	if t.settle() {
		w.finish(s)
	}
}

// frame passes one row on to the table, or reports why not, and consumes it.
func (c *csvReader) frame(t *table, r csvRow) bool {
	line, off := c.w.line, c.w.offset()
	if r.reason == "" && r.cells > c.limits.Columns {
		r.reason = ReasonLimit
	}
	if t.header != nil && r.reason == "" && r.lines > 0 && (r.cells != len(t.header) || r.stray) {
		r.reason = ReasonWrongColumns
	}
	if r.reason != "" {
		text := map[string]string{
			ReasonTooLong: "row is longer than " + sizeText(int64(c.limits.Record)), ReasonLimit: "too many columns",
			ReasonWrongColumns: "a quote is not closed where the row ends",
		}[r.reason]
		ok := t.settle() && t.s.fault(Fault{Line: line, Offset: off, Reason: r.reason, Text: text}, r.raw)
		c.reject(r)
		return ok
	}
	cells, reason := c.cellsOf(r, t.room(r.cells))
	var ok bool
	switch reason {
	case "":
		ok = t.add(tableRow{line: line, off: off, cells: cells, open: r.open, raw: r.raw})
	case ReasonTooLong:
		ok = t.settle() && t.s.fault(Fault{Line: line, Offset: off, Reason: reason, Text: "cell is longer than " + sizeText(int64(c.limits.Field))}, r.raw)
	default:
		ok = t.settle() && t.s.fault(Fault{Line: line, Offset: off, Reason: reason, Text: textCharset}, r.raw)
	}
	c.accept(r)
	return ok
}
