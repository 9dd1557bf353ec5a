package pdf

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Widths of the characters from space to tilde of the standard fonts, which files
// need not state (Adobe font metrics of the core 14 fonts).
const (
	helvetica     = "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
	helveticaBold = "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
	times         = "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541"
	timesBold     = "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 220 394 520"
)

var metrics = sync.OnceValue(func() (m [4][95]float64) {
	for i, text := range []string{helvetica, helveticaBold, times, timesBold} {
		for k, w := range strings.Fields(text) {
			m[i][k], _ = strconv.ParseFloat(w, 64)
		}
	}
	return m
})

// wide are characters beyond ASCII that are wider than letters.
var wide = map[string]float64{"—": 1000, "…": 1000, "Œ": 1000, "Æ": 950, "™": 1000, "‰": 1000, "•": 350, "·": 278, "’": 222, "‘": 222, "“": 333, "”": 333}

// standardWidths returns the widths of the standard font that a name is like.
func standardWidths(fontName string) func(text string) float64 {
	low := strings.ToLower(fontName)
	bold := strings.Contains(low, "bold") || strings.Contains(low, "black")
	at := 0
	switch {
	case strings.Contains(low, "courier") || strings.Contains(low, "mono"):
		return func(string) float64 { return 600 }
	case strings.Contains(low, "times") || strings.Contains(low, "serif") && !strings.Contains(low, "sans"):
		at = 2
	}
	if bold {
		at++
	}
	m := metrics()[at]
	return func(text string) float64 {
		if w, ok := wide[text]; ok {
			return w
		}
		r, n := utf8.DecodeRuneInString(text)
		if n < len(text) || r > '~' { // letters with accents are as wide as without
			r, _ = utf8.DecodeRuneInString(norm.NFD.String(text))
		}
		if r >= ' ' && r <= '~' {
			return m[r-' ']
		}
		return 556
	}
}
