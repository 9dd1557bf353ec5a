package match

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"muster/internal/record"
)

// veil begins a text of which [Veil] has replaced the words.
const veil = "\x1f"

// gram is a run of n words of one part of a text.
type gram struct {
	hash       uint64
	at         int // number of its first word; parts are far from each other
	start, end int // bytes
}

// gramsOf returns the runs of n words of a text, in order. No run leaves its part (see
// [record.TextBreak]). Of a veiled text the runs are what its words stand for.
func gramsOf(text string, n int) []gram {
	var out []gram
	base, at := 0, 0
	for part := range strings.SplitSeq(text, record.TextBreak) {
		body, from, veiled := unveil(part, n)
		words := splitWords(body)
		out = slices.Grow(out, max(0, len(words)-n+1))
		for i := range max(0, len(words)-n+1) {
			g := gram{hash: words[i].hash, at: at + i, start: base + from + words[i].start, end: base + from + words[i+n-1].end}
			if !veiled {
				g.hash = shingleAt(words, i, n)
			}
			out = append(out, g)
		}
		at += len(words) + 1
		base += len(part) + len(record.TextBreak)
	}
	return out
}

// unveil returns the part of a veiled text that is about runs of n words, and where
// it begins; of other texts the text.
func unveil(text string, n int) (body string, from int, veiled bool) {
	trimmed := strings.TrimLeftFunc(text, unicode.IsSpace)
	if !strings.HasPrefix(trimmed, veil) {
		return text, 0, false
	}
	head := veil + strconv.Itoa(n) + " "
	i := strings.Index(text, head)
	if i < 0 {
		return "", 0, true
	}
	body, _, _ = strings.Cut(text[i+len(head):], veil)
	return body, i + len(head), true
}

// Veil replaces every word of a text by a token of the run of n words that begins
// with it: [Shingles] of n words and, for five, [Passages] of veiled texts agree where
// those of the texts do, and no token stands for a word that could be counted. Signs
// between words become dots. token must give letters and digits only.
func Veil(text string, n int, token func(shingle uint64) string) string {
	var b strings.Builder
	b.WriteString(veil + strconv.Itoa(n) + " ")
	words := splitWords(text)
	at := 0
	for i, w := range words {
		between(&b, text[at:w.start], i > 0)
		at = w.end
		if i+n <= len(words) {
			b.WriteString(token(shingleAt(words, i, n)))
		} else {
			b.WriteByte('z')
		}
	}
	return b.String()
}

// between writes what stands between two words: spaces as one, signs as one dot.
func between(b *strings.Builder, s string, must bool) {
	if s == "" && must {
		b.WriteByte('.') // scripts without spaces
	}
	last := byte(0)
	for _, r := range s {
		c := byte('.')
		if unicode.IsSpace(r) {
			c = ' '
		}
		if c != last {
			b.WriteByte(c)
		}
		last = c
	}
}
