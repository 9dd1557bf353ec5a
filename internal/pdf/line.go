package pdf

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Distances in parts of the font size.
const (
	sameLine  = 0.35 // baselines nearer than this are one line: superscripts
	wordGap   = 0.17 // a gap as wide as this parts words; the narrowest blanks of justified text have 0.2
	pieceGap  = 0.9  // a gap as wide as this parts pieces of a line
	tabGap    = 1.4  // and this is told as a tab
	overprint = 0.12 // the same character again nearer than this is bold print by doubling
)

// piece is a part of a line without a wide gap.
type piece struct {
	x0, x1, y, size float32
	glyphs          []glyph // by position
	order           int     // of its first glyph in the file
	text            string
	joined          bool // glyphs is a copy
}

// pieces cuts the glyphs of a page, in the order of the file, where the text jumps,
// and joins what lies side by side.
func pieces(glyphs []glyph) []*piece {
	var cuts []*piece
	for i := 0; i < len(glyphs); {
		j := i + 1
		for j < len(glyphs) && follows(&glyphs[j-1], &glyphs[j]) {
			j++
		}
		cuts = append(cuts, newPiece(glyphs[i:j], i))
		i = j
	}
	var out []*piece
	for _, row := range rowsOf(cuts) {
		var last *piece
		for _, p := range row.pieces {
			if last != nil && p.x0-last.x1 < pieceGap*max(p.size, last.size) {
				last.join(p)
				continue
			}
			last = p
			out = append(out, p)
		}
	}
	kept := out[:0]
	for _, p := range out {
		if p.text = p.write(); p.text != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// follows reports whether b goes on where a ends.
func follows(a, b *glyph) bool {
	size := max(a.size, b.size)
	gap := b.x0 - a.x1
	return abs(a.y-b.y) < sameLine*size && gap < pieceGap*size && gap > -0.6*size
}

func abs(v float32) float32 { return float32(math.Abs(float64(v))) }

func newPiece(glyphs []glyph, order int) *piece {
	p := &piece{x0: glyphs[0].x0, x1: glyphs[0].x1, glyphs: glyphs, order: order}
	for i := range glyphs {
		g := &glyphs[i]
		p.x0, p.x1 = min(p.x0, g.x0), max(p.x1, g.x1)
		if g.size > p.size {
			p.size, p.y = g.size, g.y
		}
	}
	return p
}

func (p *piece) join(o *piece) {
	if !p.joined {
		p.glyphs, p.joined = slices.Clone(p.glyphs), true
	}
	p.glyphs = append(p.glyphs, o.glyphs...)
	p.x0, p.x1, p.order = min(p.x0, o.x0), max(p.x1, o.x1), min(p.order, o.order)
	if o.size > p.size {
		p.size, p.y = o.size, o.y
	}
}

// row is the pieces on one baseline, from left to right.
type row struct {
	y, size float32
	pieces  []*piece
}

// rowsOf gathers pieces into rows from top to bottom.
func rowsOf(list []*piece) []row {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *piece) int { return cmp.Compare(b.y, a.y) })
	var rows []row
	for _, p := range list {
		if n := len(rows); n > 0 && rows[n-1].y-p.y < sameLine*max(rows[n-1].size, p.size) {
			r := &rows[n-1]
			if p.size > r.size {
				r.size, r.y = p.size, p.y
			}
			r.pieces = append(r.pieces, p)
			continue
		}
		rows = append(rows, row{p.y, p.size, []*piece{p}})
	}
	for i := range rows {
		slices.SortStableFunc(rows[i].pieces, func(a, b *piece) int { return cmp.Compare(a.x0, b.x0) })
	}
	return rows
}

// write returns the text of a piece, with blanks where the gaps are.
func (p *piece) write() string {
	g := p.glyphs
	if !slices.IsSortedFunc(g, byPlace) {
		g = slices.Clone(g)
		slices.SortStableFunc(g, byPlace)
		p.glyphs = g
	}
	blank := spread(g) + wordGap
	var b strings.Builder
	var last *glyph
	for i := range g {
		c := &g[i]
		if last != nil && c.text != "" && c.text == last.text && abs(c.x0-last.x0) < overprint*c.size && c.text != " " {
			continue
		}
		if last != nil && c.text != " " && c.x0-last.x1 > blank*max(c.size, last.size) && !strings.HasSuffix(b.String()[max(0, b.Len()-1):], " ") {
			b.WriteByte(' ')
		}
		if c.text == " " && (b.Len() == 0 || strings.HasSuffix(b.String()[b.Len()-1:], " ")) {
			last = c
			continue
		}
		b.WriteString(c.text)
		last = c
	}
	return readable(strings.TrimSpace(compose(g, b.String())))
}

func byPlace(a, b glyph) int { return cmp.Compare(a.x0, b.x0) }

// spread returns how far apart letters are set, in parts of the size: the middle of
// the gaps of a piece. Headings are often set with gaps as wide as blanks.
func spread(g []glyph) float32 {
	if len(g) < 5 {
		return 0
	}
	gaps := make([]float32, 0, len(g))
	for i := 1; i < len(g); i++ {
		if g[i].text != " " && g[i-1].text != " " && !g[i].cluster {
			gaps = append(gaps, (g[i].x0-g[i-1].x1)/g[i].size)
		}
	}
	if len(gaps) < 4 {
		return 0
	}
	slices.Sort(gaps)
	return max(0, gaps[len(gaps)/2])
}

// floating are accents that old fonts print over or under a letter.
var floating = map[string]string{
	"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308", "˚": "\u030a", "ˇ": "\u030c", "˘": "\u0306", "¯": "\u0304", "˙": "\u0307", "˝": "\u030b", "¸": "\u0327", "˛": "\u0328",
}

// maxComposed is the number of glyphs of the longest line in which accents are
// looked after.
const maxComposed = 2000

// compose puts accents that are glyphs of their own onto the letters they lie on:
// TeX does so with its first fonts.
func compose(g []glyph, text string) string {
	if len(g) > maxComposed || !strings.ContainsAny(text, "´`ˆ˜¨˚ˇ˘¯˙˝¸˛") {
		return text
	}
	for i := range g {
		mark := floating[g[i].text]
		if mark == "" {
			continue
		}
		middle := (g[i].x0 + g[i].x1) / 2
		for _, k := range []int{i + 1, i - 1} {
			if k < 0 || k >= len(g) || g[k].x0 > middle || g[k].x1 < middle {
				continue
			}
			r, _ := utf8.DecodeRuneInString(g[k].text)
			if !unicode.IsLetter(r) || utf8.RuneCountInString(g[k].text) != 1 {
				continue
			}
			base := strings.NewReplacer("ı", "i", "ȷ", "j").Replace(g[k].text)
			whole := norm.NFC.String(base + mark)
			text = strings.Replace(strings.Replace(text, g[i].text+g[k].text, whole, 1), g[k].text+g[i].text, whole, 1)
			break
		}
	}
	return text
}

// readable puts runs of letters that are written from right to left into their
// order: pages show them mirrored.
func readable(s string) string {
	if !strings.ContainsFunc(s, rightToLeft) {
		return s
	}
	runes := []rune(s)
	for i := 0; i < len(runes); {
		if !rightToLeft(runes[i]) {
			i++
			continue
		}
		stop := i + 1
		for k := i + 1; k < len(runes) && (rightToLeft(runes[k]) || unicode.IsSpace(runes[k]) || unicode.IsMark(runes[k])); k++ {
			if !unicode.IsSpace(runes[k]) {
				stop = k + 1
			}
		}
		slices.Reverse(runes[i:stop])
		i = stop
	}
	return string(runes)
}

func rightToLeft(r rune) bool {
	return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff
}
