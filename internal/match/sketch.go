package match

import (
	"math/bits"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

// ShingleWords is the length of a shingle of a résumé in words (A09).
const ShingleWords = 5

// word is a word of a text: the hash of its folded form and its byte offsets.
type word struct {
	hash       uint64
	start, end int
}

// splitWords divides a text into words. Letters of scripts that are written
// without spaces are words of their own.
func splitWords(text string) []word {
	words := make([]word, 0, len(text)/6)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			words = append(words, word{xxh3.HashString(Fold(text[start:end])), start, end})
			start = -1
		}
	}
	for i, r := range text {
		letter := r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') ||
			r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
		switch {
		case !letter:
			flush(i)
		case r >= 0x3040 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			flush(i)
			start = i
			flush(i + utf8.RuneLen(r))
		case start < 0:
			start = i
		}
	}
	flush(len(text))
	return words
}

// mix spreads the bits of x (finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// shingleAt hashes the n words from i on.
func shingleAt(words []word, i, n int) uint64 {
	h := uint64(n)
	for _, w := range words[i : i+n] {
		h = mix(h ^ w.hash)
	}
	return h
}

// Shingles returns the hashes of all runs of n words of a text, ascending and
// without repetition. A text of fewer than n words has none.
func Shingles(text string, n int) []uint64 {
	grams := gramsOf(text, n)
	if len(grams) == 0 {
		return nil
	}
	out := make([]uint64, len(grams))
	for i, g := range grams {
		out[i] = g.hash
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Jaccard returns |a∩b| / |a∪b| of two ascending lists without repetition.
func Jaccard(a, b []uint64) float64 {
	both := overlap(a, b)
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

func overlap(a, b []uint64) int {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return both
}

// Sketch is a MinHash sketch of 128 values by one permutation (Li, Owen and Zhang, NIPS
// 2012): each hash falls into one bin, and the smallest of each bin is kept. Empty bins
// borrow from the next one (Shrivastava and Li, ICML 2014).
type Sketch [128]uint32

// NewSketch sketches a set of shingles.
func NewSketch(shingles []uint64) (s Sketch) {
	const empty = ^uint32(0)
	for i := range s {
		s[i] = empty
	}
	for _, x := range shingles {
		x = mix(x)
		bin := x >> 57
		s[bin] = min(s[bin], uint32(x>>25)&^1) // never empty
	}
	if len(shingles) == 0 {
		return s
	}
	filled := s
	for i := range s {
		for step := 1; s[i] == empty; step++ {
			if v := filled[(i+step)%len(s)]; v != empty {
				s[i] = v + uint32(step)*0x9e3779b1 // told apart by the distance
			}
		}
	}
	return s
}

// Estimate returns the estimated Jaccard similarity of the sketched sets.
func (s *Sketch) Estimate(o *Sketch) float64 {
	same := 0
	for i := range s {
		if s[i] == o[i] {
			same++
		}
	}
	return float64(same) / float64(len(s))
}

// Bands of rows for finding candidates: 64 bands of 2 find a pair of similarity .3
// with probability .998 and one of .05 with .15; what they find is verified.
const (
	bands = 64
	rows  = 2
)

func (s *Sketch) band(b int) uint64 {
	h := uint64(b) + 1
	for _, v := range s[b*rows : b*rows+rows] {
		h = mix(h ^ uint64(v)<<8 ^ bits.RotateLeft64(h, 32))
	}
	return h
}

// Containment returns |a∩b| divided by the size of the smaller of two ascending lists
// without repetition: 1 if the one stands whole in the other.
func Containment(a, b []uint64) float64 {
	both := overlap(a, b)
	if both == 0 {
		return 0
	}
	return float64(both) / float64(min(len(a), len(b)))
}
