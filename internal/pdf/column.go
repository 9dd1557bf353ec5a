package pdf

import (
	"cmp"
	"math"
	"slices"
)

const (
	leastColumn = 3   // rows that both sides of a gutter must have
	gutter      = 0.8 // width of a gutter in parts of the font size
	maxColumns  = 6   // gutters within one another
	maxPieces   = 64  // of a row in columns, and gaps
	maxBand     = 500 // rows of a band
	maxTries    = 300 // bands looked at that are no columns
	dateLength  = 28  // letters and digits of the longest period of time
)

// arrange returns the lines of a page in reading order. Text that runs in another
// direction than most comes last.
func arrange(glyphs []glyph) []string {
	var counts [4]int
	for i := range glyphs {
		counts[glyphs[i].turn]++
	}
	turns := []int{0, 1, 2, 3}
	slices.SortStableFunc(turns, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	var out []string
	for _, t := range turns {
		if counts[t] == 0 {
			continue
		}
		those := glyphs
		if counts[t] < len(glyphs) {
			those = nil
			for _, g := range glyphs {
				if int(g.turn) == t {
					those = append(those, g)
				}
			}
		}
		if lines := write(order(pieces(those), 0)); len(lines) > 0 {
			if len(out) > 0 {
				out = append(out, "")
			}
			out = append(out, lines...)
		}
	}
	return out
}

// order returns rows in reading order: bands of rows that a gutter parts are read
// column by column.
func order(list []*piece, depth int) []row {
	rows := rowsOf(list)
	if depth == maxColumns {
		return rows
	}
	var out []row
	for tries := 0; len(rows) > 0; {
		first, n, at := band(rows)
		if at == 0 { // a band that begins lower may be one of columns
			if tries++; tries < maxTries {
				n = 1
			}
			out = append(out, rows[:n]...)
			rows = rows[n:]
			continue
		}
		out = append(out, rows[:first]...)
		rows, n = rows[first:], n-first
		var left, right []*piece
		for _, r := range rows[:n] {
			for _, p := range r.pieces {
				if p.x0 < at {
					left = append(left, p)
				} else {
					right = append(right, p)
				}
			}
		}
		out = append(out, order(left, depth+1)...)
		out = append(out, order(right, depth+1)...)
		rows = rows[n:]
	}
	return out
}

// headlines returns the texts set largest. Names stand there, whatever the layout.
func headlines(glyphs []glyph) []string {
	var those []glyph
	for _, g := range glyphs {
		if g.turn == 0 {
			those = append(those, g)
		}
	}
	list := pieces(those)
	slices.SortStableFunc(list, func(a, b *piece) int { return cmp.Compare(b.size, a.size) })
	var out []string
	for _, p := range list[:min(len(list), 3)] {
		out = append(out, p.text)
	}
	return out
}

// free is a range of x that no piece of a band covers.
type free struct{ from, to float32 }

// band returns how many of the first rows some gutter passes through, where the
// gutter is if it parts columns, else 0, and the row from which on it does.
func band(rows []row) (first, n int, at float32) {
	lo, hi, size := rows[0].pieces[0].x0, float32(0), float32(0)
	for _, r := range rows {
		lo = min(lo, r.pieces[0].x0)
		size += r.size
		for _, p := range r.pieces {
			hi = max(hi, p.x1)
		}
	}
	least := gutter * size / float32(len(rows))
	gaps := []free{{lo - 1, hi + 1}}
	for n < min(len(rows), maxBand) && len(rows[n].pieces) <= maxPieces {
		left := gaps
		for _, p := range rows[n].pieces {
			left = without(left, p, least)
		}
		if len(left) == 0 || len(left) > maxPieces {
			break
		}
		gaps = left
		n++
	}
	if n < leastColumn {
		return 0, max(n, 1), 0
	}
	slices.SortStableFunc(gaps, func(a, b free) int { return cmp.Compare(b.to-b.from, a.to-a.from) })
	for _, g := range gaps {
		at := (g.from + g.to) / 2
		if m, ok := columns(rows[:n], at); ok {
			return 0, m, at
		}
		if i := turnsClean(rows[:n], at); i > 0 {
			if m, ok := columns(rows[i:n], at); ok {
				return i, i + m, at
			}
		}
	}
	return 0, n, 0
}

// turnsClean returns the first row from which on the file holds all of one side
// before all of the other; 0 if there is none but the first.
func turnsClean(rows []row, at float32) int {
	low, high := [2]int{math.MaxInt, math.MaxInt}, [2]int{-1, -1}
	for i := len(rows) - 1; i >= 0; i-- {
		for _, p := range rows[i].pieces {
			k := 0
			if p.x0 >= at {
				k = 1
			}
			low[k], high[k] = min(low[k], p.order), max(high[k], p.order)
		}
		if high[0] > low[1] && high[1] > low[0] {
			return min(i+1, len(rows)-1)
		}
	}
	return 0
}

// without takes a piece out of the gaps and drops those that become too narrow.
func without(gaps []free, p *piece, least float32) []free {
	var out []free
	for _, g := range gaps {
		if p.x1 <= g.from || p.x0 >= g.to {
			out = append(out, g)
			continue
		}
		if p.x0-g.from >= least {
			out = append(out, free{g.from, p.x0})
		}
		if g.to-p.x1 >= least {
			out = append(out, free{p.x1, g.to})
		}
	}
	return out
}

// sides is what lies left and right of a gutter.
type sides struct {
	rows     [2]int
	both     int
	dates    [2]int // rows that are a period of time
	switches int    // from side to side, in the order of the file
	ragged   bool   // the right side is set flush right
}

// columns reports whether a gutter parts columns to be read one after the other, and
// for how many of the rows; the other answer is rows whose halves belong together,
// such as a title and its dates. Programs write columns one after the other into the
// file, and rows as rows; some sort everything by place, and then it tells that
// the baselines of columns differ.
func columns(rows []row, at float32) (int, bool) {
	n := len(rows)
	s := compare(rows, at)
	if s.rows[0] > 0 && s.rows[1] > 0 {
		n = trim(rows, at)
		if n < len(rows) {
			s = compare(rows[:n], at)
		}
	}
	sparse := min(s.rows[0], s.rows[1])
	if sparse < leastColumn {
		return n, false
	}
	dates := 0 // of the sparser side
	for k, n := range s.rows {
		if n == sparse {
			dates = max(dates, s.dates[k])
		}
	}
	aligned := s.both*5 >= sparse*4
	switch {
	case aligned && dates*5 >= 2*sparse, aligned && s.ragged && s.switches > 2:
		return n, false
	case s.switches <= 2+sparse/4:
		return n, true
	case s.both*5 < sparse*3:
		return n, true
	}
	return n, false
}

func compare(rows []row, at float32) sides {
	var s sides
	var all [][2]int // order, side
	var lefts, rights []float32
	for _, r := range rows {
		var has, dated [2]bool
		for _, p := range r.pieces {
			k := 0
			if p.x0 >= at {
				k = 1
				lefts, rights = append(lefts, p.x0), append(rights, p.x1)
			}
			has[k] = true
			dated[k] = dated[k] || len(p.text) <= dateLength && hasYear(p.text)
			all = append(all, [2]int{p.order, k})
		}
		for k := range has {
			if has[k] {
				s.rows[k]++
			}
			if dated[k] {
				s.dates[k]++
			}
		}
		if has[0] && has[1] {
			s.both++
		}
	}
	slices.SortFunc(all, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	for i := 1; i < len(all); i++ {
		if all[i][1] != all[i-1][1] {
			s.switches++
		}
	}
	s.ragged = len(lefts) > 2 && flush(rights) > 0.7 && flush(lefts) < 0.5
	return s
}

// flush returns the share of values that are like the middle one.
func flush(v []float32) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	n, middle := 0, v[len(v)/2]
	for _, x := range v {
		if abs(x-middle) < 2 {
			n++
		}
	}
	return float64(n) / float64(len(v))
}

// trim cuts rows off the end of a band whose columns the file writes from left to
// right, and these rows after both: they stand below them, not in the left one.
func trim(rows []row, at float32) int {
	last, latest, earliest := 0, -1, math.MaxInt
	for i, r := range rows {
		for _, p := range r.pieces {
			if p.x0 >= at {
				last, latest, earliest = i, max(latest, p.order), min(earliest, p.order)
			}
		}
	}
	cut := len(rows) // the first row from which on all are written after the right side
	for cut > last+1 && !slices.ContainsFunc(rows[cut-1].pieces, func(p *piece) bool { return p.order < latest }) {
		cut--
	}
	for _, r := range rows[:cut] {
		if slices.ContainsFunc(r.pieces, func(p *piece) bool { return p.x0 < at && p.order > earliest }) {
			return len(rows)
		}
	}
	return cut
}

// hasYear reports whether a text holds a year from 1950 to 2059.
func hasYear(s string) bool {
	for i := 0; i+4 <= len(s); i++ {
		if c := s[i : i+4]; (c[:2] == "19" && c[2] >= '5' || c[:2] == "20" && c[2] <= '5') && c[2] >= '0' && c[2] <= '9' && c[3] >= '0' && c[3] <= '9' {
			return true
		}
	}
	return false
}
