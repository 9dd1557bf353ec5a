package pdf

import (
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// standardUpper is the part of Adobe's StandardEncoding that differs from ASCII
// (ISO 32000-2, annex D.2): codes in octal, as there.
const standardUpper = "047’ 140‘ 241¡ 242¢ 243£ 244⁄ 245¥ 246ƒ 247§ 250¤ 251' 252“ 253« 254‹ 255› 256ﬁ 257ﬂ 261– 262† 263‡ 264· 266¶ 267• 270‚ 271„ 272” 273» 274… 275‰ " +
	"277¿ 301` 302´ 303ˆ 304˜ 305¯ 306˘ 307˙ 310¨ 312˚ 313¸ 315˝ 316˛ 317ˇ 320— 341Æ 343ª 350Ł 351Ø 352Œ 353º 361æ 365ı 370ł 371ø 372œ 373ß"

// table is what each code of a simple font means.
type table [256]string

var standard = sync.OnceValue(func() *table {
	var t table
	for c := 32; c < 127; c++ {
		t[c] = string(rune(c))
	}
	for s := range strings.FieldsSeq(standardUpper) {
		c, _ := strconv.ParseUint(s[:3], 8, 8)
		t[c] = s[3:]
	}
	return &t
})

func fromCharmap(m *charmap.Charmap) *table {
	var t table
	for c := 32; c < 256; c++ {
		if r := m.DecodeByte(byte(c)); r != '\uFFFD' && (r < 0x7f || r > 0x9f) {
			t[c] = string(r)
		}
	}
	return &t
}

var winAnsi = sync.OnceValue(func() *table {
	t := fromCharmap(charmap.Windows1252)
	for c := 127; c < 160; c++ {
		if t[c] == "" { // unused codes are bullets (annex D.2, note 3)
			t[c] = "•"
		}
	}
	t[0xad] = "-"
	return t
})

var macRoman = sync.OnceValue(func() *table {
	t := fromCharmap(charmap.Macintosh)
	t[0xdb], t[0xca] = "¤", " "
	return t
})

// pdfDoc decodes a text string of metadata (section 7.9.2.2).
func pdfDoc(s string) string {
	switch {
	case strings.HasPrefix(s, "\xfe\xff"):
		return utf16(s[2:], true)
	case strings.HasPrefix(s, "\xff\xfe"):
		return utf16(s[2:], false)
	case strings.HasPrefix(s, "\xef\xbb\xbf"):
		return strings.ToValidUTF8(s[3:], "\uFFFD")
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0x18 && c < 0x20:
			b.WriteRune([]rune("˘ˇˆ˙˝˛˚˜")[c-0x18])
		case c >= 0x80 && c <= 0xa0:
			b.WriteRune([]rune("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\uFFFD€")[c-0x80])
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

func utf16(s string, big bool) string {
	var b strings.Builder
	unit := func(i int) rune {
		if big {
			return rune(s[i])<<8 | rune(s[i+1])
		}
		return rune(s[i+1])<<8 | rune(s[i])
	}
	for i := 0; i+1 < len(s); i += 2 {
		r := unit(i)
		if r >= 0xd800 && r < 0xdc00 && i+3 < len(s) {
			if low := unit(i + 2); low >= 0xdc00 && low < 0xe000 {
				r = (r-0xd800)<<10 + (low - 0xdc00) + 0x10000
				i += 2
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// glyphWords are names of glyphs that no rule makes (Adobe Glyph List).
const glyphWords = `space  |exclam !|quotedbl "|numbersign #|dollar $|percent %|ampersand &|quotesingle '|parenleft (|parenright )|asterisk *|plus +|comma ,|hyphen -|period .|slash /|` +
	`zero 0|one 1|two 2|three 3|four 4|five 5|six 6|seven 7|eight 8|nine 9|colon :|semicolon ;|less <|equal =|greater >|question ?|at @|bracketleft [|backslash \|bracketright ]|` +
	"asciicircum ^|underscore _|grave `|braceleft {|bar ¦|braceright }|asciitilde ~|quoteleft ‘|quoteright ’|quotedblleft “|quotedblright ”|quotesinglbase ‚|quotedblbase „|" +
	`guillemotleft «|guillemotright »|guilsinglleft ‹|guilsinglright ›|endash –|emdash —|bullet •|ellipsis …|dagger †|daggerdbl ‡|perthousand ‰|fraction ⁄|fi fi|fl fl|ff ff|ffi ffi|ffl ffl|f_f ff|f_i fi|f_l fl|` +
	`f_f_i ffi|f_f_l ffl|t_t tt|t_i ti|f_t ft|T_h Th|exclamdown ¡|questiondown ¿|cent ¢|sterling £|yen ¥|currency ¤|Euro €|euro €|florin ƒ|section §|paragraph ¶|copyright ©|registered ®|trademark ™|degree °|plusminus ±|` +
	`multiply ×|divide ÷|minus −|periodcentered ·|middot ·|ordfeminine ª|ordmasculine º|onesuperior ¹|twosuperior ²|threesuperior ³|onehalf ½|onequarter ¼|threequarters ¾|mu µ|brokenbar ¦|` +
	`logicalnot ¬|acute ´|dieresis ¨|circumflex ˆ|tilde ˜|macron ¯|breve ˘|dotaccent ˙|ring ˚|cedilla ¸|hungarumlaut ˝|ogonek ˛|caron ˇ|AE Æ|ae æ|OE Œ|oe œ|Oslash Ø|oslash ø|germandbls ß|Germandbls ẞ|` +
	`Eth Ð|eth ð|Thorn Þ|thorn þ|Lslash Ł|lslash ł|dotlessi ı|dotlessj ȷ|Dcroat Đ|dcroat đ|dmacron đ|Hbar Ħ|hbar ħ|Tbar Ŧ|tbar ŧ|Eng Ŋ|eng ŋ|IJ Ĳ|ij ĳ|Idotaccent İ|nbspace  |nonbreakingspace  |softhyphen ` + "\u00ad" + `|sfthyphen ` + "\u00ad" + `|` +
	`arrowright →|arrowleft ←|arrowup ↑|arrowdown ↓|lozenge ◊|infinity ∞|notequal ≠|lessequal ≤|greaterequal ≥|approxequal ≈|summation ∑|radical √|partialdiff ∂|integral ∫|bardbl ‖|` +
	`Alpha Α|Beta Β|Gamma Γ|Delta Δ|Epsilon Ε|Zeta Ζ|Eta Η|Theta Θ|Iota Ι|Kappa Κ|Lambda Λ|Mu Μ|Nu Ν|Xi Ξ|Omicron Ο|Pi Π|Rho Ρ|Sigma Σ|Tau Τ|Upsilon Υ|Phi Φ|Chi Χ|Psi Ψ|Omega Ω|` +
	`alpha α|beta β|gamma γ|delta δ|epsilon ε|zeta ζ|eta η|theta θ|iota ι|kappa κ|lambda λ|nu ν|xi ξ|omicron ο|pi π|rho ρ|sigma σ|sigma1 ς|tau τ|upsilon υ|phi φ|chi χ|psi ψ|omega ω|` +
	`afii10023 Ё|afii10071 ё|afii61352 №|openbullet ◦|square ■|circlemultiply ⊗|asteriskmath *|diamondmath ⋄|bigcircle ○|visiblespace  |nobreakspace  `

// accents end the names of letters that carry them.
var accents = []struct{ name, mark string }{
	{"hungarumlaut", "\u030b"},
	{"commaaccent", "\u0327"},
	{"circumflex", "\u0302"},
	{"dotaccent", "\u0307"},
	{"dieresis", "\u0308"},
	{"cedilla", "\u0327"},
	{"ogonek", "\u0328"},
	{"macron", "\u0304"},
	{"caron", "\u030c"},
	{"breve", "\u0306"},
	{"acute", "\u0301"},
	{"grave", "\u0300"},
	{"tilde", "\u0303"},
	{"ring", "\u030a"},
	{"dot", "\u0307"},
}

var glyphs = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for w := range strings.SplitSeq(glyphWords, "|") {
		name, text, _ := strings.Cut(w, " ")
		m[name] = text
	}
	m["bar"] = "|" // the separator above
	for i := range 32 {
		m["afii"+strconv.Itoa(10017+i+min(1, i/6))] = string(rune('А' + i))
		m["afii"+strconv.Itoa(10065+i+min(1, i/6))] = string(rune('а' + i))
	}
	return m
})

// glyphText returns what a glyph's name means, "" if it says nothing.
func glyphText(n string) string {
	if len(n) == 1 {
		return n
	}
	if s, ok := glyphs()[n]; ok {
		return s
	}
	if base, _, ok := strings.Cut(n, "."); ok && base != "" { // variants: a.sc, one.oldstyle
		return glyphText(base)
	}
	if hex, ok := strings.CutPrefix(n, "uni"); ok && len(hex) >= 4 && len(hex)%4 == 0 && len(hex) <= 32 {
		var b strings.Builder
		for i := 0; i < len(hex); i += 4 {
			v, err := strconv.ParseUint(hex[i:i+4], 16, 16)
			if err != nil {
				return ""
			}
			b.WriteRune(rune(v))
		}
		return b.String()
	}
	if hex, ok := strings.CutPrefix(n, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if v, err := strconv.ParseUint(hex, 16, 21); err == nil {
			return string(rune(v))
		}
	}
	if s := accented(n); s != "" {
		return s
	}
	if base, ok := strings.CutSuffix(n, "small"); ok && len(base) == 1 { // small capitals: Asmall
		return base
	}
	if parts := strings.Split(n, "_"); len(parts) > 1 && len(parts) < 8 { // ligatures: s_t
		var b strings.Builder
		for _, p := range parts {
			if strings.Contains(p, "_") || p == "" {
				return ""
			}
			b.WriteString(glyphText(p))
		}
		return b.String()
	}
	return ""
}

// accented reads names of a letter and an accent: eacute.
func accented(n string) string {
	for _, a := range accents {
		base, ok := strings.CutSuffix(n, a.name)
		if !ok || base != "dotlessi" && base != "dotlessj" && len(base) != 1 {
			continue
		}
		mark := a.mark
		if a.name == "commaaccent" && strings.Contains("SsTt", base) {
			mark = "\u0326"
		}
		return norm.NFC.String(base[len(base)-1:] + mark)
	}
	return ""
}
