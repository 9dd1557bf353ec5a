package frame

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sniffRows is how many rows are looked at to find the delimiter and the header;
// a header may stand behind at most titleRows rows of titles.
const (
	sniffRows = 64
	titleRows = 12
)

// tableLook is what the beginning of a table told.
type tableLook struct {
	delim  byte
	format string
	header []string // nil if there is none
	line   int      // of the header
	skip   int64    // bytes before the first row of data
	row    int      // number of rows before the first row of data
	trims  bool     // many rows lack cells at the end
}

// sniffTable looks for a table in the head of a file. whole means that the head
// is all there is.
func sniffTable(head []byte, whole bool, nl byte, opt *Options) (tableLook, bool) {
	var best tableLook
	bestScore := 0.0
	for _, delim := range []byte{',', '\t', ';', '|'} {
		if bytes.IndexByte(head, delim) < 0 {
			continue
		}
		rows := sniffCells(head, whole, nl, delim, opt.Limits)
		if score := tableScore(rows, delim, opt); score > bestScore {
			bestScore = score
			best = tableLook{delim: delim, format: "csv"}
			best.find(rows, opt.IsHeader)
		}
	}
	if best.delim == '\t' {
		best.format = "tsv"
	}
	if bestScore > 0 {
		return best, true
	}
	return oneColumn(head, whole, nl, opt)
}

// sniffedRow is a row of the head.
type sniffedRow struct {
	cells []string
	line  int
	end   int64 // offset behind the row
}

func sniffCells(head []byte, whole bool, nl, delim byte, limits Limits) []sniffedRow {
	w := newWindow(bytes.NewReader(head), 0, nl, max(limits.Record, len(head)))
	c := &csvReader{w: w, delim: delim, limits: limits}
	var rows []sniffedRow
	for len(rows) < sniffRows {
		r, ok := c.next()
		if !ok || r.open && !whole && len(rows) > 0 {
			break
		}
		line := w.line
		if r.reason != "" {
			c.reject(r)
			continue
		}
		cells, reason := c.cellsOf(r, nil)
		c.accept(r)
		if reason != "" || len(cells) > limits.Columns {
			cells = nil
		}
		rows = append(rows, sniffedRow{cells, line, w.offset()})
	}
	return rows
}

// width returns the most frequent number of cells of the rows, the larger one
// where two are equally frequent, and how many rows have it.
func width(rows []sniffedRow) (cells, count int) {
	n := map[int]int{}
	for _, r := range rows {
		if !blank(r.cells) {
			n[len(r.cells)]++
		}
	}
	for k, v := range n { // the order does not matter: the largest pair wins
		if v > count || v == count && k > cells {
			cells, count = k, v
		}
	}
	return cells, count
}

// tableScore says how much the rows look like a table; 0 means not at all.
func tableScore(rows []sniffedRow, delim byte, opt *Options) float64 {
	cells, count := width(rows)
	if cells < 2 {
		return 0
	}
	known, filled, spaced, behind := 0, 0, 0, 0
	for _, r := range rows {
		if opt.IsHeader != nil && known < 2 && len(r.cells) > 1 {
			known = max(known, opt.IsHeader(r.cells))
		}
		if blank(r.cells) {
			continue
		}
		filled++
		for _, c := range r.cells[min(1, len(r.cells)):] {
			behind++
			if delim == ',' && strings.HasPrefix(c, " ") {
				spaced++
			}
		}
	}
	share := float64(count) / float64(max(1, filled-titles(rows, cells)))
	switch {
	case spaced*2 > behind && (share < 0.6 || cells == 2): // prose with commas, even where a line of it names two columns
		return 0
	case known >= 2:
	case filled == 1 && cells >= wideRow && spaced == 0 && dataLike(rows[0].cells): // one row of an export without header
	case filled == 1 && (cells < 3 || !headerLike(rows[0].cells)): // one line of prose with a comma
		return 0
	case count < 2 && filled > 1, share < 0.6:
		return 0
	case spaced*2 > behind && behind > 0 && known == 0 && (!aligned(rows) || sentences(rows)): // commas of prose are followed by blanks
		return 0
	case known == 0 && share < 0.9 && !headerLike(rows[min(titles(rows, cells), len(rows)-1)].cells) && (cells < 5 || !dataLike(rows[0].cells)): // neither a header nor even rows
		return 0
	case cells == 2 && filled > 1 && !headerLike(rows[0].cells) && known == 0 && !dataLike(rows[0].cells):
		return 0
	}
	return min(share, 1) + float64(known) + float64(min(cells, 50))/200
}

// wideRow is how many cells a single row must have to be a table without header.
const wideRow = 8

// titles counts the leading rows that have fewer cells than the table.
func titles(rows []sniffedRow, cells int) int {
	n := 0
	for n < len(rows) && n < titleRows && len(rows[n].cells) < cells {
		n++
	}
	return n
}

// aligned reports that every row has the same number of cells, three or more.
func aligned(rows []sniffedRow) bool {
	for _, r := range rows {
		if len(r.cells) != len(rows[0].cells) {
			return false
		}
	}
	return len(rows) > 2 && len(rows[0].cells) > 2
}

// sentences reports that a third of the rows end as sentences do: a text whose lines
// happen to have as many commas each.
func sentences(rows []sniffedRow) bool {
	n, all := 0, 0
	for _, r := range rows {
		if blank(r.cells) {
			continue
		}
		all++
		last := strings.TrimSpace(r.cells[len(r.cells)-1])
		if strings.HasSuffix(last, ".") && strings.ContainsRune(last, ' ') {
			n++
		}
	}
	return all > 0 && n*3 >= all
}

// find sets the header: the first row that is as full as the table and looks like
// one, or one below it that mappings know better.
func (l *tableLook) find(rows []sniffedRow, isHeader func([]string) int) {
	cells, _ := width(rows)
	at, score := -1, 0
	for i, r := range rows[:min(len(rows), titleRows+1)] {
		if filled(r.cells)*2 < cells || filled(r.cells) < 2 && cells > 1 {
			continue
		}
		known := 0
		if isHeader != nil {
			known = isHeader(r.cells)
		}
		if at < 0 && (known > 0 && !dataLike(r.cells) || headerLike(r.cells)) || known >= 2 && known > score && !dataLike(r.cells) {
			at, score = i, known
		} else if at < 0 && dataLike(r.cells) && len(r.cells) == cells {
			break // data before any header: there is none
		}
	}
	if at < 0 {
		return
	}
	h := rows[at]
	l.header, l.line, l.skip, l.row = headerCells(h.cells), h.line, h.end, at+1
	short := 0
	for _, r := range rows[at+1:] {
		if len(r.cells) > 1 && len(r.cells) < len(h.cells) {
			short++
		}
	}
	l.trims = short*10 > 3*(len(rows)-at-1)
}

// headerCells returns the header as written, blank and repeated cells included.
func headerCells(cells []string) []string {
	if len(cells) > 0 {
		cells[0] = strings.TrimPrefix(cells[0], "\ufeff")
	}
	return cells
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// headerLike reports that the cells look like names of columns: short, mostly
// filled, none of them a value.
func headerLike(cells []string) bool {
	n := 0
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if long := utf8.RuneCountInString(c) > 80 && strings.ContainsRune(c, ' '); long || valueLike(c) {
			return false
		}
		if c != "" && strings.IndexFunc(c, unicode.IsLetter) >= 0 {
			n++
		}
	}
	return n*2 > len(cells)
}

// dataLike reports that at least one cell is surely a value.
func dataLike(cells []string) bool {
	for _, c := range cells {
		if valueLike(strings.TrimSpace(c)) {
			return true
		}
	}
	return false
}

// valueLike reports that a cell is a number, a time, an address or the like
// rather than a name.
func valueLike(c string) bool {
	digits, letters := 0, 0
	for _, r := range c {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	at := strings.IndexByte(c, '@')
	return digits >= 4 && digits >= letters || digits > 0 && letters == 0 || strings.Contains(c, "://") || at > 0 && strings.IndexByte(c[at:], '.') > 0
}

// oneColumn recognises a table of one column: a known name and values without blanks.
func oneColumn(head []byte, whole bool, nl byte, opt *Options) (tableLook, bool) {
	if opt.IsHeader == nil {
		return tableLook{}, false
	}
	rows := sniffCells(head, whole, nl, ',', opt.Limits)
	if len(rows) < 2 || len(rows[0].cells) != 1 || opt.IsHeader(rows[0].cells) == 0 {
		return tableLook{}, false
	}
	for _, r := range rows[1:] {
		if len(r.cells) != 1 || strings.ContainsAny(strings.TrimSpace(r.cells[0]), " \t") {
			return tableLook{}, false
		}
	}
	return tableLook{delim: ',', format: "csv", header: headerCells(rows[0].cells), line: rows[0].line, skip: rows[0].end, row: 1}, true
}
