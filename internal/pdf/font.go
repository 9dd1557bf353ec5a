package pdf

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// font turns the strings of content into text and widths.
type font struct {
	name      string
	codes     *cmap // composite fonts: how codes are cut, and their glyphs; nil for simple fonts
	unicode   bool  // composite: codes are UTF-16
	toUnicode *cmap
	meaning   *table          // simple: by code
	glyphs    map[int]string  // composite: by glyph of the embedded font
	widths    map[int]float64 // thousandths of the font size, by code or glyph
	spans     []span          // of glyphs with one width, sorted
	missing   float64         // width of what has none
}

type span struct {
	low, high int
	width     float64
}

// loadFont reads a font dictionary. Whatever is missing or damaged, the font works.
func (f *file) loadFont(d dict) *font {
	f.work -= 512
	t := &font{name: fontName(string(f.name(d["BaseFont"]))), widths: map[int]float64{}}
	if s := f.stream(d["ToUnicode"]); s != nil {
		data, err := f.decode(s)
		if err != nil {
			f.damage(err)
		}
		t.toUnicode = f.readCMap(data)
	}
	if f.name(d["Subtype"]) == "Type0" {
		f.composite(t, d)
	} else {
		f.simple(t, d)
	}
	return t
}

// fontName cuts the prefix of a subset: ABCDEF+Calibri.
func fontName(s string) string {
	if len(s) > 7 && s[6] == '+' && strings.Trim(s[:6], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		s = s[7:]
	}
	return strings.TrimSuffix(strings.TrimSuffix(strings.ToValidUTF8(s, "\uFFFD"), "-Identity-H"), "-Identity-V")
}

func (f *file) composite(t *font, d dict) {
	switch e := f.resolve(d["Encoding"]).(type) {
	case name:
		t.codes, t.unicode = predefined(e)
	case *stream:
		data, err := f.decode(e)
		if err != nil {
			f.damage(err)
		}
		t.codes = f.readCMap(data)
		if len(t.codes.spaces) == 0 {
			t.codes.spaces = []codeSpace{{2, 0, 0xffff}}
		}
	default:
		t.codes, _ = predefined("")
	}
	var below dict
	if a := f.array(d["DescendantFonts"]); len(a) > 0 {
		below = f.dict(a[0])
	}
	if t.missing = 1000; below["DW"] != nil {
		t.missing = f.float(below["DW"])
	}
	f.cidWidths(t, f.array(below["W"]))
	descriptor := f.dict(below["FontDescriptor"])
	if t.name == "" {
		t.name = fontName(string(f.name(below["BaseFont"])))
	}
	if s := f.stream(descriptor["FontFile2"]); s != nil && t.toUnicode == nil {
		if f.stream(below["CIDToGIDMap"]) == nil {
			data, _ := f.decode(s)
			t.glyphs = f.glyphTexts(data)
		}
	}
}

// cidWidths reads "c [w1 w2 ...]" and "c1 c2 w" (section 9.7.4.3).
func (f *file) cidWidths(t *font, w array) {
	for i := 0; i+1 < len(w) && f.work > 0; {
		first := f.integer(w[i])
		if list, ok := f.resolve(w[i+1]).(array); ok {
			for k, v := range list {
				t.widths[first+k] = f.float(v)
			}
			f.work -= len(list)
			i += 2
			continue
		}
		if i+2 < len(w) {
			t.spans = append(t.spans, span{first, f.integer(w[i+1]), f.float(w[i+2])})
		}
		f.work--
		i += 3
	}
	slices.SortStableFunc(t.spans, func(a, b span) int { return cmp.Compare(a.low, b.low) })
}

func (f *file) simple(t *font, d dict) {
	descriptor := f.dict(d["FontDescriptor"])
	t.meaning = f.encoding(d, descriptor)
	scale := 1.0
	if f.name(d["Subtype"]) == "Type3" {
		if m := f.array(d["FontMatrix"]); len(m) == 6 {
			scale = 1000 * f.float(m[0])
		}
	}
	t.missing = f.float(descriptor["MissingWidth"]) * scale
	list := f.array(d["Widths"])
	first := f.integer(d["FirstChar"])
	for i, v := range list[:min(len(list), 256)] {
		t.widths[first+i] = f.float(v) * scale
	}
	if len(list) > 0 {
		return
	}
	builtin := standardWidths(t.name)
	for c, s := range t.meaning {
		t.widths[c] = builtin(s)
	}
}

// encoding says what the codes of a simple font mean.
func (f *file) encoding(d, descriptor dict) *table {
	e := f.resolve(d["Encoding"])
	base := f.baseEncoding(e, d, descriptor)
	if base == nil {
		base = standard()
		if strings.Contains(string(f.name(d["BaseFont"])), "Dingbats") {
			base = dingbats()
		}
	}
	out := *base
	x, ok := e.(dict)
	if !ok {
		return &out
	}
	code := 0
	for _, v := range f.array(x["Differences"]) {
		switch v := f.resolve(v).(type) {
		case int:
			code = v
		case name:
			if code >= 0 && code < 256 {
				if s := glyphText(string(v)); s != "" || v == ".notdef" {
					out[code] = s
				}
			}
			code++
		}
	}
	return &out
}

// baseEncoding is what an encoding begins with; nil if nothing says it.
func (f *file) baseEncoding(e any, d, descriptor dict) *table {
	n, _ := e.(name)
	if x, ok := e.(dict); ok {
		n = f.name(x["BaseEncoding"])
	}
	switch n {
	case "WinAnsiEncoding":
		return winAnsi()
	case "MacRomanEncoding":
		return macRoman()
	case "StandardEncoding":
		return standard()
	}
	if s := f.stream(descriptor["FontFile"]); s != nil {
		data, _ := f.decode(s)
		if t := f.builtin(data); t != nil {
			return t
		}
	}
	if f.name(d["Subtype"]) == "TrueType" { // symbolic subsets: most keep the codes of Windows
		return winAnsi()
	}
	return nil
}

// dingbats shows bullets where a symbol font of the standard fourteen is used.
func dingbats() *table {
	var t table
	for c := 33; c < 256; c++ {
		t[c] = "•"
	}
	return &t
}

// builtin reads the encoding in the clear text of a Type 1 font: "dup 11 /ff put".
func (f *file) builtin(data []byte) *table {
	_, after, ok := bytes.Cut(data, []byte("/Encoding"))
	if !ok {
		return nil
	}
	l := f.lexer(after, 0)
	l.content = true
	if first := l.next(0); first == operator("StandardEncoding") {
		return standard()
	}
	var t table
	var last [2]any
	for range 4096 {
		v := l.next(0)
		switch v {
		case operator("def"), operator("readonly"), endData:
			return &t
		case operator("put"):
			code, ok := last[0].(int)
			glyph, ok2 := last[1].(name)
			if ok && ok2 && code >= 0 && code < 256 {
				t[code] = glyphText(string(glyph))
			}
		}
		last[0], last[1] = last[1], v
	}
	return &t
}

// shown is one code of a string.
type shown struct {
	text  string
	width float64 // thousandths of the font size
	space bool    // the code 32 of one byte, which word spacing widens
	known bool    // the file says what it means
}

// next cuts the first code off a string.
func (t *font) next(s string) (shown, string) {
	if t.codes == nil {
		c := int(s[0])
		text := usable(t.toUnicode.text(uint32(c)))
		if text == "" {
			text = t.meaning[c]
		}
		return shown{text, t.width(c), c == 32, text != ""}, s[1:]
	}
	code, n := t.codes.next(s)
	cid := t.codes.cid(code)
	text := usable(t.toUnicode.text(code))
	switch {
	case text != "":
	case t.unicode:
		text = string(rune(code))
	case t.glyphs != nil:
		text = t.glyphs[cid]
	}
	return shown{text, t.width(cid), n == 1 && code == 32, text != ""}, s[n:]
}

// maxCluster is the number of bytes of text that one code may stand for.
const maxCluster = 48

// usable drops what maps use for "unknown".
func usable(s string) string {
	if s == "\x00" || s == "\uFFFD" || len(s) > maxCluster || !utf8.ValidString(s) {
		return ""
	}
	return s
}

func (t *font) width(code int) float64 {
	if w, ok := t.widths[code]; ok {
		return w
	}
	i, found := slices.BinarySearchFunc(t.spans, code, func(s span, c int) int { return cmp.Compare(s.low, c) })
	if !found {
		i--
	}
	if i >= 0 && code <= t.spans[i].high {
		return t.spans[i].width
	}
	return t.missing
}
