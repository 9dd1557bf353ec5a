package frame

import "bytes"

// csvReader cuts delimited text into rows. It accepts what spreadsheets and
// databases write beyond RFC 4180: any line end, quotes inside cells, blanks
// before a quote. next looks at the next row without consuming it, so that the
// table can give up on a row that swallowed its neighbours.
type csvReader struct {
	w       *window
	delim   byte
	limits  Limits
	plain   bool  // quotes no longer span lines: too much was read twice
	rescans int64 // bytes given back by reject

	spans   []cellSpan // cells of the row with quotes that was parsed last
	scratch []byte     // those that had to be unescaped, one after another
	stray   bool       // parse met a quote in a quoted cell that is not doubled
}

// cellSpan is where a cell stands: in the row, or in scratch.
type cellSpan struct {
	start, end int
	unescaped  bool
}

// csvRow is a row that was looked at.
type csvRow struct {
	raw    []byte // the row without its line end
	whole  int    // with its line end
	cells  int
	quoted bool // cells are in spans; otherwise raw is cut at delimiters
	lines  int  // line ends inside the row
	open   bool // the file ended without a line end
	stray  bool // a quoted cell holds a quote that is not doubled
	reason string
}

// next looks at the next row. It reports false at the end of the file.
func (c *csvReader) next() (csvRow, bool) {
	n, whole, full := c.w.lineEnd()
	if whole == 0 || whole == n && c.w.err != nil {
		return csvRow{}, false
	}
	if full {
		return csvRow{raw: c.w.rest()[:min(n, maskLen)], reason: ReasonTooLong}, true
	}
	line := c.w.rest()[:n]
	if c.w.nl == '\n' {
		if i := bytes.IndexByte(line, '\r'); i >= 0 && i < n { // a lone carriage return ends a row too
			line, whole = line[:i], i+1
			if whole < len(c.w.rest()) && c.w.rest()[whole] == '\n' {
				whole++
			}
		}
	}
	if bytes.IndexByte(line, '"') < 0 {
		row := csvRow{raw: line, whole: whole, cells: 1 + bytes.Count(line, []byte{c.delim}), open: whole == len(line)}
		if len(line) > c.limits.Record {
			row.reason = ReasonTooLong
		}
		return row, true
	}
	row := c.quoted(len(line), whole)
	return row, !row.open || c.w.err == nil
}

// quoted looks at a row with quotes; first and whole are its first line without
// and with the line end.
func (c *csvReader) quoted(first, whole int) csvRow {
	for {
		end := c.parse(c.w.rest(), c.w.eof)
		if end >= 0 && end <= c.limits.Record {
			rest := c.w.rest()
			row := csvRow{raw: rest[:end], whole: end, cells: len(c.spans), quoted: true, open: end == len(rest), stray: c.stray}
			row.lines = bytes.Count(row.raw, []byte{c.w.nl})
			if end < len(rest) {
				row.whole++
				if rest[end] == '\r' && end+1 < len(rest) && rest[end+1] == '\n' {
					row.whole++
				}
			}
			return row
		}
		if end == needMore && c.w.more() {
			continue
		}
		return csvRow{raw: c.w.rest()[:first], whole: whole, reason: ReasonWrongColumns}
	}
}

// What parse returns instead of a length: the row goes on behind what was given,
// or a quote in it is never closed.
const (
	needMore  = -1
	neverEnds = -2
)

// parse finds the cells of the row that b begins with and returns its length
// without the line end, needMore or neverEnds.
func (c *csvReader) parse(b []byte, eof bool) int {
	c.scratch, c.spans, c.stray = c.scratch[:0], c.spans[:0], false
	i, delim := 0, c.delim
	for {
		start := i
		for i < len(b) && (b[i] == ' ' || b[i] == '\t' && delim != '\t') {
			i++
		}
		if i < len(b) && b[i] == '"' {
			n := c.parseQuoted(b, i+1, eof)
			if n < 0 {
				return n
			}
			i = n
		} else {
			for i < len(b) && b[i] != delim && b[i] != '\n' && b[i] != '\r' {
				i++
			}
			c.spans = append(c.spans, cellSpan{start, i, false})
		}
		if i == len(b) && !eof {
			return needMore
		}
		if i == len(b) || b[i] != delim {
			return i
		}
		i++
	}
}

// parseQuoted finds the end of the quoted cell whose content begins at b[from:] and
// returns where its delimiter or line end stands. A quote that neither is doubled
// nor ends the cell is taken as it stands.
func (c *csvReader) parseQuoted(b []byte, from int, eof bool) int {
	start, unescaped := from, false // start is in scratch once unescaped
	for i := from; ; {
		j := bytes.IndexByte(b[i:], '"')
		switch {
		case j < 0 && eof, c.plain && bytes.IndexByte(b[i:i+max(j, 0)], c.w.nl) >= 0, i-from > c.limits.Record:
			return neverEnds
		case j < 0:
			return needMore
		}
		quote := i + j
		end := quote + 1
		for end < len(b) && b[end] == ' ' {
			end++
		}
		closes := end == len(b) || b[end] == c.delim || b[end] == '\n' || b[end] == '\r'
		if closes && end == len(b) && !eof {
			return needMore
		}
		if closes && !unescaped {
			c.spans = append(c.spans, cellSpan{from, quote, false})
			return end
		}
		if !unescaped {
			start, unescaped, i = len(c.scratch), true, from
		}
		c.scratch = append(c.scratch, b[i:quote]...)
		if closes {
			c.spans = append(c.spans, cellSpan{start, len(c.scratch), true})
			return end
		}
		c.scratch = append(c.scratch, '"')
		if i = quote + 1; i < len(b) && b[i] == '"' {
			i++
		} else {
			c.stray = true
		}
	}
}

// accept consumes the row.
func (c *csvReader) accept(r csvRow) { c.w.skip(r.whole) }

// rescanFactor bounds how much is read twice because of quotes that are opened
// and never closed, as a multiple of what was read.
const rescanFactor = 4

// reject consumes the first line of the row only.
func (c *csvReader) reject(r csvRow) {
	if r.reason == ReasonTooLong && r.whole == 0 {
		c.w.skipLine()
		return
	}
	n, whole, _ := c.w.lineEnd()
	if i := bytes.IndexByte(c.w.rest()[:n], '\r'); i >= 0 && c.w.nl == '\n' {
		whole = i + 1
	}
	c.w.skip(whole)
	c.rescans += int64(max(len(r.raw)-n, len(c.scratch)))
	c.plain = c.plain || c.rescans > 16<<20+rescanFactor*c.w.offset()
}

// cellsOf returns the cells of a row as text in dst, which has room for them.
// It reports the reason why not: bad_utf8 or too_long.
func (c *csvReader) cellsOf(r csvRow, dst []string) ([]string, string) {
	text, ok := decodeText(r.raw, c.w.nl)
	if !ok {
		return nil, ReasonBadUTF8
	}
	if !r.quoted {
		return c.split(string(text), dst)
	}
	if len(text) != len(r.raw) {
		return c.decodeCells(r.raw, dst)
	}
	row, unescaped := string(r.raw), string(c.scratch)
	for _, s := range c.spans {
		if s.end-s.start > c.limits.Field {
			return nil, ReasonTooLong
		}
		if s.unescaped {
			dst = append(dst, unescaped[s.start:s.end])
		} else {
			dst = append(dst, row[s.start:s.end])
		}
	}
	return dst, ""
}

func (c *csvReader) split(s string, dst []string) ([]string, string) {
	from := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != c.delim {
			continue
		}
		if i-from > c.limits.Field {
			return nil, ReasonTooLong
		}
		dst = append(dst, s[from:i])
		from = i + 1
	}
	return dst, ""
}

func (c *csvReader) decodeCells(raw []byte, dst []string) ([]string, string) {
	for _, s := range c.spans {
		from := raw
		if s.unescaped {
			from = c.scratch
		}
		text, ok := decodeText(from[s.start:s.end], c.w.nl)
		if !ok {
			return nil, ReasonBadUTF8
		}
		if len(text) > c.limits.Field {
			return nil, ReasonTooLong
		}
		dst = append(dst, string(text))
	}
	return dst, ""
}
