// Package similar compares short texts: Jaro-Winkler and edit distances, with early
// exits by bounds. Texts are compared by runes; those of ASCII letters take a faster
// way with the same result.
package similar

import (
	"math/bits"
	"unicode/utf8"
)

// Jaro-Winkler's parameters as in Winkler (1990): a common prefix of up to four
// letters lifts values above .7 by a tenth of what is missing, per letter.
const (
	prefixWeight = 0.1
	prefixMost   = 4
	boostFrom    = 0.7
)

// wide is the mask's bit of texts that are not ASCII, whose lengths are no bound.
const wide = 1 << 63

// Mask says which characters a text has, one bit per class: what one text has and
// another lacks bounds their similarity.
func Mask(s string) uint64 {
	var m uint64
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			m |= wide
		case c >= 'a':
			m |= 1 << (c - 'a')
		default:
			m |= 1 << (26 + c%37)
		}
	}
	return m
}

// Bound returns a value that JaroWinkler of the two cannot exceed, given their
// masks.
func Bound(a, b string, maskA, maskB uint64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if (maskA|maskB)&wide != 0 {
		return 1
	}
	la, lb := len(a), len(b)
	m := min(la-bits.OnesCount64(maskA&^maskB), lb-bits.OnesCount64(maskB&^maskA))
	if m <= 0 {
		return 0
	}
	j := (float64(m)/float64(la) + float64(m)/float64(lb) + 1) / 3
	if j > 1 {
		j = 1
	}
	p := 0
	for p < prefixMost && p < la && p < lb && a[p] == b[p] {
		p++
	}
	return j + prefixWeight*float64(p)*(1-j)
}

// JaroWinkler returns the similarity of two texts, 0 to 1.
func JaroWinkler(a, b string) float64 {
	j := Jaro(a, b)
	if j <= boostFrom {
		return j
	}
	p := 0
	if ascii(a) && ascii(b) {
		for p < prefixMost && p < len(a) && p < len(b) && a[p] == b[p] {
			p++
		}
	} else {
		x, y := []rune(a), []rune(b)
		for p < prefixMost && p < len(x) && p < len(y) && x[p] == y[p] {
			p++
		}
	}
	return j + prefixWeight*float64(p)*(1-j)
}

// Jaro returns the Jaro similarity of two texts, 0 to 1.
func Jaro(a, b string) float64 {
	switch {
	case a == b && a != "":
		return 1
	case a == "" || b == "":
		return 0
	case len(a) <= 64 && len(b) <= 64 && ascii(a) && ascii(b):
		return jaroBytes(a, b)
	}
	return jaroRunes([]rune(a), []rune(b))
}

// jaroBytes keeps which letters are matched in two words of 64 bits. Each letter of b
// takes the first free one of a, as in DuckDB: the other way round some values differ.
func jaroBytes(a, b string) float64 {
	la, lb := len(a), len(b)
	window := max(max(la, lb)/2-1, 0)
	var inA, inB uint64
	m := 0
	for j := range lb {
		lo, hi := max(j-window, 0), min(j+window+1, la)
		c := b[j]
		for i := lo; i < hi; i++ {
			if a[i] == c && inA&(1<<i) == 0 {
				inA |= 1 << i
				inB |= 1 << j
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	t := 0
	for x, y := inA, inB; x != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)] != b[bits.TrailingZeros64(y)] {
			t++
		}
	}
	return jaro(m, t, la, lb)
}

func jaroRunes(a, b []rune) float64 {
	window := max(max(len(a), len(b))/2-1, 0)
	inA, inB := make([]bool, len(a)), make([]bool, len(b))
	m := 0
	for j := range b {
		for i := max(j-window, 0); i < min(j+window+1, len(a)); i++ {
			if !inA[i] && a[i] == b[j] {
				inA[i], inB[j] = true, true
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	t, j := 0, 0
	for i := range a {
		if !inA[i] {
			continue
		}
		for !inB[j] {
			j++
		}
		if a[i] != b[j] {
			t++
		}
		j++
	}
	return jaro(m, t, len(a), len(b))
}

func jaro(m, transposed, la, lb int) float64 {
	x := float64(m)
	return (x/float64(la) + x/float64(lb) + (x-float64(transposed/2))/x) / 3
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Levenshtein returns the number of insertions, deletions and substitutions between
// two texts, most+1 if there are more than most.
func Levenshtein(a, b string, most int) int { return distance(a, b, most, false) }

// OSA returns the optimal string alignment distance, in which swapped neighbours
// count one (restricted Damerau-Levenshtein), most+1 if it is more than most.
func OSA(a, b string, most int) int { return distance(a, b, most, true) }

func distance(a, b string, most int, swaps bool) int {
	if a == b {
		return 0
	}
	if !ascii(a) || !ascii(b) {
		return rows([]rune(a), []rune(b), most, swaps)
	}
	// What both begin and end with takes no edits.
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if most <= 1 {
		switch {
		case most == 1 && len(a) <= 1 && len(b) <= 1:
			return 1
		case most == 1 && swaps && len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]:
			return 1
		}
		return most + 1
	}
	if len(a) < 64 && len(b) < 64 {
		return rows([]byte(a), []byte(b), most, swaps)
	}
	return rows([]rune(a), []rune(b), most, swaps)
}

// rows keeps three rows of the table of distances.
func rows[T byte | rune](a, b []T, most int, swaps bool) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	var space [3][64]int
	var prev2, prev, cur []int
	if n := len(b) + 1; n > 64 {
		prev2, prev, cur = make([]int, n), make([]int, n), make([]int, n)
	} else {
		prev2, prev, cur = space[0][:n], space[1][:n], space[2][:n]
	}
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if swaps && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
			best = min(best, d)
		}
		if best > most {
			return most + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return min(prev[len(b)], most+1)
}

// Letters returns the Jaccard index of the sets of characters of two texts, as
// DuckDB's jaccard does.
func Letters(a, b string) float64 {
	x, y := map[rune]bool{}, map[rune]bool{}
	for _, r := range a {
		x[r] = true
	}
	both := 0
	for _, r := range b {
		if !y[r] && x[r] {
			both++
		}
		y[r] = true
	}
	if len(x)+len(y) == both {
		return 0
	}
	return float64(both) / float64(len(x)+len(y)-both)
}
