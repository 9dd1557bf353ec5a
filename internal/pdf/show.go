package pdf

import (
	"math"
	"strings"
)

// show shows a string.
func (r *run) show(v any) {
	s, _ := v.(string)
	if r.g.font == nil || s == "" {
		return
	}
	if r.g.font.name != "" {
		r.names[r.g.font.name] = true
	}
	for s != "" && r.left > 0 {
		var c shown
		c, s = r.g.font.next(s)
		r.left--
		r.glyph(c)
	}
}

// glyph notes one character and moves on.
func (r *run) glyph(c shown) {
	g := &r.g
	wide := c.width / 1000 * g.size * g.scale
	step := wide + g.char*g.scale
	if c.space {
		step += g.word * g.scale
	}
	at := matrix{g.size * g.scale, 0, 0, g.size, 0, g.rise}.times(r.tm).times(g.ctm)
	next := matrix{1, 0, 0, 1, step, 0}.times(r.tm)
	last := matrix{1, 0, 0, 1, wide, 0}.times(r.tm).times(g.ctm)
	r.tm = next
	text, cluster := c.text, false
	for _, a := range r.actual {
		if a.on {
			if text, cluster = a.text, a.used; cluster {
				text = ""
			}
			a.used = true
			break
		}
	}
	out := glyph{text: clean(text), size: float32(math.Hypot(at[2], at[3])), cluster: cluster}
	x0, y0, x1, y1 := at[4], at[5], last[4], last[5]
	switch turn := math.Atan2(at[1], at[0]); {
	case math.Abs(turn) <= math.Pi/4:
	case turn > math.Pi/4 && turn < 3*math.Pi/4:
		out.turn = 1
		x0, y0, x1, y1 = y0, -x0, y1, -x1
	case turn < -math.Pi/4 && turn > -3*math.Pi/4:
		out.turn = 3
		x0, y0, x1, y1 = -y0, x0, -y1, x1
	default:
		out.turn = 2
		x0, y0, x1, y1 = -x0, -y0, -x1, -y1
	}
	_ = y1
	out.x0, out.x1, out.y = float32(x0), float32(max(x0, x1)), float32(y0)
	if !(out.size > 0.01 && out.size < 1e4 && math.Abs(x0) < 1e6 && math.Abs(x1) < 1e6 && math.Abs(y0) < 1e6) { // also NaN
		return
	}
	r.glyphs = append(r.glyphs, out)
}

// clean turns what fonts show into text: ligatures apart, bullets of symbol fonts
// as bullets, other private characters (icons) away.
func clean(s string) string {
	plain := true
	for _, r := range s {
		if r < ' ' || r == 0xa0 || r >= 0x2000 && r <= 0x2011 || r == 0x202f || r >= 0xe000 && r <= 0xf8ff || r >= 0xfb00 && r <= 0xfb06 || r == 0xfeff || r == 0xfffd {
			plain = false
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == 0xa0, r >= 0x2000 && r <= 0x200a, r == 0x202f, r == '\t', r == '\n', r == '\r':
			b.WriteByte(' ')
		case r == 0x2010, r == 0x2011:
			b.WriteByte('-')
		case r == 0xf0b7, r == 0xf0a7, r == 0xf0d8, r == 0xf076, r == 0xf0fc, r == 0xf06c, r == 0xf06e, r == 0xf071:
			b.WriteRune('•')
		case r >= 0xfb00 && r <= 0xfb06:
			b.WriteString([]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xfb00])
		case r < ' ', r >= 0xe000 && r <= 0xf8ff, r >= 0x200b && r <= 0x200f, r == 0xfeff, r == 0xfffd:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// font returns a font of the resources.
func (r *run) font(n name) *font {
	v := r.f.dict(r.resources["Font"])[n]
	return r.fontOf(v, n)
}

func (r *run) fontOf(v any, n name) *font {
	key, isRef := v.(ref)
	if t, ok := r.fonts[key.num]; ok && isRef {
		return t
	}
	if t, ok := r.local[n]; ok && !isRef {
		return t
	}
	d := r.f.dict(v)
	if d == nil {
		d = dict{}
	}
	t := r.f.loadFont(d)
	if isRef {
		r.fonts[key.num] = t
	} else {
		r.local[n] = t
	}
	return t
}

// state takes the font of an extended graphics state.
func (r *run) state() {
	n, _ := r.arg(0).(name)
	d := r.f.dict(r.f.dict(r.resources["ExtGState"])[n])
	if a := r.f.array(d["Font"]); len(a) == 2 {
		r.g.font, r.g.size = r.fontOf(a[0], "gs "+n), r.f.float(a[1])
	}
}

// properties returns the property list of marked content.
func (r *run) properties() dict {
	switch v := r.arg(1).(type) {
	case dict:
		return v
	case name:
		return r.f.dict(r.f.dict(r.resources["Properties"])[v])
	}
	return nil
}

func (r *run) mark(d dict) {
	if r.marks >= maxSaved || len(r.actual) >= 4*maxSaved {
		return
	}
	a := &replacement{}
	if s, ok := r.f.resolve(d["ActualText"]).(string); ok {
		if len(s) <= maxActual {
			a.text, a.on = pdfDoc(s), true
			r.left -= len(s) / 4
		}
	}
	r.marks++
	r.actual = append(r.actual, a)
}
