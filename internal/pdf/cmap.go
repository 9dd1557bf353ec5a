package pdf

import (
	"cmp"
	"slices"
	"strings"
)

// cmap maps codes of a font to text, or to glyphs (CIDs). Codes are one to four
// bytes; which bytes make a code is said by the code space.
type cmap struct {
	spaces []codeSpace
	chars  map[uint32]string
	ranges []codeRange // sorted by low
	cids   []cidRange  // sorted by low
}

type codeSpace struct {
	size      int
	low, high uint32
}

// codeRange maps low to text, low+1 to text with its last character one higher,
// and so on.
type codeRange struct {
	low, high uint32
	text      string
	list      array // or one text for each code
}

type cidRange struct {
	low, high uint32
	cid       int
}

func codeOf(s string) uint32 {
	n := uint32(0)
	for i := range min(len(s), 4) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

// readCMap reads a CMap program (ISO 32000-2, sections 9.7.5 and 9.10.3) without
// running it: the operands before the end of each block are its entries.
func (f *file) readCMap(data []byte) *cmap {
	m := &cmap{chars: map[uint32]string{}}
	l := f.lexer(data, 0)
	l.content = true
	var operands []any
	for {
		v := l.next(0)
		if v == endData {
			break
		}
		op, ok := v.(operator)
		if !ok {
			operands = append(operands, v)
			continue
		}
		switch op {
		case "endcodespacerange":
			m.codeSpaces(operands)
		case "endbfchar":
			for i := 0; i+1 < len(operands); i += 2 {
				code, ok := operands[i].(string)
				text, ok2 := operands[i+1].(string)
				if ok && ok2 {
					m.chars[codeOf(code)] = utf16(text, true)
				}
			}
		case "endbfrange":
			m.textRanges(operands)
		case "endcidchar", "endcidrange":
			m.cidRanges(operands, op == "endcidchar")
		}
		operands = operands[:0]
	}
	slices.SortStableFunc(m.ranges, func(a, b codeRange) int { return cmp.Compare(a.low, b.low) })
	slices.SortStableFunc(m.cids, func(a, b cidRange) int { return cmp.Compare(a.low, b.low) })
	return m
}

func (m *cmap) codeSpaces(operands []any) {
	for i := 0; i+1 < len(operands) && len(m.spaces) < 64; i += 2 {
		low, ok := operands[i].(string)
		high, ok2 := operands[i+1].(string)
		if ok && ok2 && len(low) == len(high) && len(low) >= 1 && len(low) <= 4 {
			m.spaces = append(m.spaces, codeSpace{len(low), codeOf(low), codeOf(high)})
		}
	}
}

func (m *cmap) textRanges(operands []any) {
	for i := 0; i+2 < len(operands); i += 3 {
		low, ok := operands[i].(string)
		high, ok2 := operands[i+1].(string)
		if !ok || !ok2 {
			continue
		}
		r := codeRange{low: codeOf(low), high: codeOf(high)}
		switch x := operands[i+2].(type) {
		case string:
			r.text = utf16(x, true)
		case array:
			r.list = x
		}
		m.ranges = append(m.ranges, r)
	}
}

func (m *cmap) cidRanges(operands []any, single bool) {
	step := 3
	if single {
		step = 2
	}
	for i := 0; i+step-1 < len(operands); i += step {
		low, ok := operands[i].(string)
		high, ok2 := operands[i+step-2].(string)
		if ok && ok2 {
			m.cids = append(m.cids, cidRange{codeOf(low), codeOf(high), integer(operands[i+step-1])})
		}
	}
}

// text returns what a code means, "" if the map does not say.
func (m *cmap) text(code uint32) string {
	if m == nil {
		return ""
	}
	if s, ok := m.chars[code]; ok {
		return s
	}
	i, found := slices.BinarySearchFunc(m.ranges, code, func(r codeRange, c uint32) int { return cmp.Compare(r.low, c) })
	if !found {
		i--
	}
	if i < 0 || code > m.ranges[i].high {
		return ""
	}
	r := m.ranges[i]
	n := int(code - r.low)
	if r.list != nil {
		if n < len(r.list) {
			s, _ := r.list[n].(string)
			return utf16(s, true)
		}
		return ""
	}
	text := []rune(r.text)
	if len(text) == 0 {
		return ""
	}
	text[len(text)-1] += rune(n)
	return string(text)
}

// cid returns the glyph of a code.
func (m *cmap) cid(code uint32) int {
	i, found := slices.BinarySearchFunc(m.cids, code, func(r cidRange, c uint32) int { return cmp.Compare(r.low, c) })
	if !found {
		i--
	}
	if i < 0 || code > m.cids[i].high {
		return 0
	}
	return m.cids[i].cid + int(code-m.cids[i].low)
}

// next cuts the first code off a string.
func (m *cmap) next(s string) (code uint32, size int) {
	for n := 1; n <= min(4, len(s)); n++ {
		code := codeOf(s[:n])
		for _, c := range m.spaces {
			if c.size == n && within(code, c) {
				return code, n
			}
		}
	}
	size = 1
	if len(m.spaces) > 0 {
		size = min(m.spaces[0].size, len(s))
	}
	return codeOf(s[:size]), size
}

// within compares byte by byte: a code space is a box.
func within(code uint32, c codeSpace) bool {
	for shift := 0; shift < 8*c.size; shift += 8 {
		b := code >> shift & 0xff
		if b < c.low>>shift&0xff || b > c.high>>shift&0xff {
			return false
		}
	}
	return true
}

// predefined returns a CMap of two bytes a code under its name; unicode says that
// its codes are UTF-16.
func predefined(n name) (m *cmap, unicode bool) {
	two := &cmap{spaces: []codeSpace{{2, 0, 0xffff}}, cids: []cidRange{{0, 0xffff, 0}}}
	return two, strings.Contains(string(n), "UCS2") || strings.Contains(string(n), "UTF16")
}
