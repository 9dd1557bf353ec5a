package pdf

import (
	"bytes"
)

// matrix is [a b c d e f] of section 8.3.3.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times returns m applied before n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// glyph is one character, or a few that the file does not part, in a page whose
// text has been turned to run from left to right.
type glyph struct {
	text      string
	x0, x1, y float32
	size      float32
	turn      uint8 // quarters the text is turned by
	cluster   bool  // belongs to the glyph before it: its text is told there
}

// graphics is the part of the graphics state that text needs.
type graphics struct {
	ctm                                 matrix
	font                                *font
	size, char, word, scale, lead, rise float64
}

// extractor reads the content of pages.
type extractor struct {
	f      *file
	fonts  map[int]*font // by object number
	names  map[string]bool
	images []*Image

	headlines []string

	seen  map[*stream]bool
	forms map[*stream][]byte
	busy  map[*stream]bool
	left  int // glyphs that may still be shown

	glyphs []glyph // of the page
	actual []*replacement
}

// replacement is a marked part of content whose text the file states.
type replacement struct {
	text string
	on   bool
	used bool
}

func newExtractor(f *file) *extractor {
	return &extractor{f: f, fonts: map[int]*font{}, names: map[string]bool{}, seen: map[*stream]bool{}, forms: map[*stream][]byte{}, busy: map[*stream]bool{}, left: f.limits.Glyphs}
}

// page returns the lines of a page.
func (x *extractor) page(p page) []string {
	x.glyphs, x.actual = x.glyphs[:0], x.actual[:0]
	var content []byte
	switch c := x.f.resolve(p.dict["Contents"]).(type) {
	case *stream:
		content = x.data(c)
	case array:
		for _, v := range c {
			s := x.f.stream(v)
			if s == nil || x.f.spent() {
				continue
			}
			if content = append(append(content, x.data(s)...), '\n'); len(content) > x.f.limits.Stream {
				x.f.cut = ErrLimit
				break
			}
		}
	}
	x.run(content, p.resources, graphics{ctm: identity, scale: 1}, 0)
	return arrange(x.glyphs)
}

func (x *extractor) data(s *stream) []byte {
	data, err := x.f.decode(s)
	if err != nil {
		x.f.damage(err)
	}
	return data
}

// run is one content stream being read.
type run struct {
	*extractor
	resources dict
	local     map[name]*font // fonts that are no objects of their own
	g         graphics
	saved     []graphics
	tm, line  matrix
	args      []any
	lex       *lexer
	depth     int
	marks     int // marked parts open
}

const (
	maxSaved  = 512
	maxArgs   = 64
	maxActual = 1024
)

func (x *extractor) run(content []byte, resources dict, g graphics, depth int) {
	l := x.f.lexer(content, 0)
	l.content = true
	r := &run{extractor: x, resources: resources, local: map[name]*font{}, g: g, tm: identity, line: identity, lex: l, depth: depth}
	for x.left > 0 {
		v := l.next(0)
		switch op := v.(type) {
		case end:
			if op == endData {
				for ; r.marks > 0; r.marks-- {
					x.actual = x.actual[:len(x.actual)-1]
				}
				return
			}
		case operator:
			r.do(op)
			r.args = r.args[:0]
		default:
			if len(r.args) < maxArgs {
				r.args = append(r.args, v)
			}
		}
	}
	x.f.cut = ErrLimit
}

func (r *run) num(i int) float64 {
	if i < len(r.args) {
		return float(r.args[i])
	}
	return 0
}

func (r *run) arg(i int) any {
	if i < len(r.args) {
		return r.args[i]
	}
	return nil
}

func (r *run) matrix() (m matrix) {
	for i := range m {
		m[i] = r.num(i)
	}
	return m
}

// do runs an operator; those that only paint are left out.
func (r *run) do(op operator) {
	switch op {
	case "q":
		if len(r.saved) < maxSaved {
			r.saved = append(r.saved, r.g)
		}
	case "Q":
		if n := len(r.saved); n > 0 {
			r.g, r.saved = r.saved[n-1], r.saved[:n-1]
		}
	case "cm":
		r.g.ctm = r.matrix().times(r.g.ctm)
	case "gs":
		r.state()
	case "Do":
		r.object()
	case "BI":
		r.inline()
	case "BMC":
		r.mark(nil)
	case "BDC":
		r.mark(r.properties())
	case "EMC":
		if r.marks > 0 {
			r.marks--
			r.actual = r.actual[:len(r.actual)-1]
		}
	default:
		r.text(op)
	}
}

// text runs the operators of text.
func (r *run) text(op operator) {
	switch op {
	case "BT":
		r.tm, r.line = identity, identity
	case "Tc":
		r.g.char = r.num(0)
	case "Tw":
		r.g.word = r.num(0)
	case "Tz":
		r.g.scale = r.num(0) / 100
	case "TL":
		r.g.lead = r.num(0)
	case "Ts":
		r.g.rise = r.num(0)
	case "Tf":
		n, _ := r.arg(0).(name)
		r.g.font, r.g.size = r.font(n), r.num(1)
	case "Td":
		r.move(r.num(0), r.num(1))
	case "TD":
		r.g.lead = -r.num(1)
		r.move(r.num(0), r.num(1))
	case "Tm":
		r.tm = r.matrix()
		r.line = r.tm
	case "T*":
		r.move(0, -r.g.lead)
	case "Tj":
		r.show(r.arg(0))
	case "'":
		r.move(0, -r.g.lead)
		r.show(r.arg(0))
	case `"`:
		r.g.word, r.g.char = r.num(0), r.num(1)
		r.move(0, -r.g.lead)
		r.show(r.arg(2))
	case "TJ":
		list, _ := r.arg(0).(array)
		for _, v := range list {
			switch v := v.(type) {
			case string:
				r.show(v)
			case int, float64:
				r.tm = matrix{1, 0, 0, 1, -float(v) / 1000 * r.g.size * r.g.scale, 0}.times(r.tm)
			}
		}
	}
}

func (r *run) move(x, y float64) {
	r.line = matrix{1, 0, 0, 1, x, y}.times(r.line)
	r.tm = r.line
}

// object draws a form or a picture.
func (r *run) object() {
	n, _ := r.arg(0).(name)
	s := r.f.stream(r.f.dict(r.resources["XObject"])[n])
	if s == nil {
		return
	}
	switch r.f.name(s.dict["Subtype"]) {
	case "Image":
		r.image(s)
	case "Form":
		if r.depth > min(r.f.limits.Depth, 24) || r.busy[s] || r.f.spent() {
			return
		}
		content, ok := r.forms[s]
		if !ok {
			content = r.data(s)
			r.forms[s] = content
		}
		g := r.g
		if m := r.f.array(s.dict["Matrix"]); len(m) == 6 {
			var at matrix
			for i := range at {
				at[i] = r.f.float(m[i])
			}
			g.ctm = at.times(g.ctm)
		}
		resources := r.f.dict(s.dict["Resources"])
		if resources == nil {
			resources = r.resources
		}
		r.busy[s] = true
		r.extractor.run(content, resources, g, r.depth+1)
		delete(r.busy, s)
		r.f.work -= 16
	}
}

func (x *extractor) image(s *stream) {
	if x.seen[s] {
		return
	}
	x.seen[s] = true
	if mask, _ := x.f.resolve(s.dict["ImageMask"]).(bool); mask {
		return
	}
	if len(x.images) == x.f.limits.Images {
		x.f.cut = ErrLimit
		return
	}
	x.images = append(x.images, &Image{Width: x.f.integer(s.dict["Width"]), Height: x.f.integer(s.dict["Height"]), f: x.f, s: s})
}

// inline skips a picture within the content: they are small, icons mostly. Its
// data ends at EI between white space.
func (r *run) inline() {
	l := r.lex
	for {
		v := l.next(0)
		if v == endData {
			return
		}
		if v == operator("ID") {
			break
		}
	}
	for at := l.at; ; {
		i := bytes.Index(l.b[at:], []byte("EI"))
		if i < 0 {
			l.at = len(l.b)
			return
		}
		k := at + i
		at = k + 2
		if k > 0 && class(l.b[k-1]) == classSpace && (at == len(l.b) || class(l.b[at]) == classSpace && looksLikeContent(l.b[at:])) {
			l.at = at
			return
		}
	}
}

// looksLikeContent tells operators from the bytes of a picture.
func looksLikeContent(b []byte) bool {
	for _, c := range b[:min(len(b), 12)] {
		if c >= 0x7f || c < ' ' && class(c) != classSpace {
			return false
		}
	}
	return true
}
