// Package text compares values of many words: by the words they share, the rarer the
// more, and finds for each row the rows that share most.
package text

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"
)

// Name of the similarity in conditions: the cosine of the words of two values,
// weighted by how rare they are in both columns.
const Name = "muster_word_similarity"

// Words splits a value into words of letters or digits, in lower case. What signs
// divide and no blank does is also one word: PS-LX350H is written PSLX350H elsewhere.
func Words(s string) []string {
	var out []string
	for chunk := range strings.FieldsSeq(s) {
		from := len(out)
		out = append(out, strings.FieldsFunc(strings.ToLower(chunk), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
		})...)
		if parts := out[from:]; len(parts) > 1 {
			out = append(out, strings.Join(parts, ""))
		}
	}
	return out
}

// word is a word of a value with its weight; a value's weights have length one.
type word struct {
	id     int32
	weight float32
}

// Index holds the words of the values of some columns.
type Index struct {
	vectors map[uint32][]word
	df      []int32 // per word, in how many rows it is
	rows    int
}

// NewIndex reads the words of columns, whose rows are counted together.
func NewIndex(t *table.Table, columns ...[]uint32) *Index {
	x := &Index{vectors: map[uint32][]word{}}
	ids := map[string]int32{}
	for _, codes := range columns {
		for _, c := range codes {
			if c == table.Null {
				continue
			}
			v, ok := x.vectors[c]
			if !ok {
				for _, w := range Words(t.Dict.Value(c)) {
					id, known := ids[w]
					if !known {
						id = int32(len(ids))
						ids[w] = id
						x.df = append(x.df, 0)
					}
					v = append(v, word{id: id, weight: 1})
				}
				slices.SortFunc(v, func(a, b word) int { return cmp.Compare(a.id, b.id) })
				v = fold(v)
				x.vectors[c] = v
			}
			x.rows++
			for _, w := range v {
				x.df[w.id]++
			}
		}
	}
	for _, v := range x.vectors {
		var length float64
		for i := range v {
			v[i].weight = float32((1 + math.Log(float64(v[i].weight))) * x.idf(v[i].id))
			length += float64(v[i].weight) * float64(v[i].weight)
		}
		if length = math.Sqrt(length); length > 0 {
			for i := range v {
				v[i].weight /= float32(length)
			}
		}
	}
	return x
}

func (x *Index) idf(id int32) float64 {
	return math.Log(1 + float64(x.rows)/float64(x.df[id]))
}

// fold counts repeated words.
func fold(v []word) []word {
	out := v[:0]
	for _, w := range v {
		if n := len(out); n > 0 && out[n-1].id == w.id {
			out[n-1].weight++
			continue
		}
		out = append(out, w)
	}
	return out
}

// Cosine returns the similarity of two values, 0 to 1.
func (x *Index) Cosine(a, b uint32) float64 {
	if a == b {
		return 1
	}
	v, w := x.vectors[a], x.vectors[b]
	var s float64
	for len(v) > 0 && len(w) > 0 {
		switch {
		case v[0].id < w[0].id:
			v = v[1:]
		case v[0].id > w[0].id:
			w = w[1:]
		default:
			s += float64(v[0].weight) * float64(w[0].weight)
			v, w = v[1:], w[1:]
		}
	}
	return s
}

// Similarities are the similarities of this package for conditions over a table.
func Similarities(t *table.Table) map[string]func(codes ...[]uint32) pair.Similarity {
	return map[string]func(codes ...[]uint32) pair.Similarity{
		Name: func(codes ...[]uint32) pair.Similarity { return NewIndex(t, dedupe(codes)...).Cosine },
	}
}

// dedupe drops a column that is given twice: both sides of one file.
func dedupe(columns [][]uint32) [][]uint32 {
	var out [][]uint32
	for _, c := range columns {
		if !slices.ContainsFunc(out, func(o []uint32) bool { return len(o) == len(c) && (len(c) == 0 || &o[0] == &c[0]) }) {
			out = append(out, c)
		}
	}
	return out
}

// Most similar rows that Neighbours returns per row, and in how many rows a word may
// be to count: a word of half the rows finds nobody.
const mostRows = 1000

// Neighbours returns, per row, up to k rows of which its words remind most, each pair
// at the smaller row and in order.
func Neighbours(t *table.Table, codes []uint32, k int) [][]int32 {
	x := NewIndex(t, codes)
	limit := int32(max(mostRows, t.Len()/200))
	postings := make([][]int32, len(x.df))
	for row, c := range codes {
		for _, w := range x.vectors[c] {
			if x.df[w.id] <= limit {
				postings[w.id] = append(postings[w.id], int32(row))
			}
		}
	}
	out := make([][]int32, t.Len())
	scores := make([]float32, t.Len())
	var touched []int32
	for row, c := range codes {
		touched = touched[:0]
		for _, w := range x.vectors[c] {
			for _, other := range postings[w.id] {
				if int(other) == row || !t.Linked(int32(row), other) {
					continue
				}
				if scores[other] == 0 {
					touched = append(touched, other)
				}
				scores[other] += w.weight * x.weight(codes[other], w.id)
			}
		}
		best := top(touched, scores, k)
		for _, other := range best {
			a, b := min(int32(row), other), max(int32(row), other)
			out[a] = append(out[a], b)
		}
		for _, other := range touched {
			scores[other] = 0
		}
	}
	for i := range out {
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out
}

func (x *Index) weight(code uint32, id int32) float32 {
	v := x.vectors[code]
	i, ok := slices.BinarySearchFunc(v, id, func(w word, id int32) int { return cmp.Compare(w.id, id) })
	if !ok {
		return 0
	}
	return v[i].weight
}

// top returns the k rows of the highest scores, of equal ones those that come first.
func top(rows []int32, scores []float32, k int) []int32 {
	slices.SortFunc(rows, func(a, b int32) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	return rows[:min(k, len(rows))]
}

// MutualBest returns the pairs of rows that remind of each other more than of any
// other row, by the sum of the similarities of the columns, among the pairs of lists.
func MutualBest(t *table.Table, columns [][]uint32, lists ...[][]int32) [][]int32 {
	var all []*Index
	for _, c := range columns {
		all = append(all, NewIndex(t, c))
	}
	type best struct {
		row   int32
		score float64
	}
	of := make([]best, t.Len())
	for i := range of {
		of[i].row = -1
	}
	better := func(a, b int32, s float64) {
		if s > of[a].score || s == of[a].score && b < of[a].row {
			of[a] = best{b, s}
		}
	}
	for _, l := range lists {
		for a, list := range l {
			for _, b := range list {
				var s float64
				for i, c := range columns {
					if c[a] != table.Null && c[b] != table.Null {
						s += all[i].Cosine(c[a], c[b])
					}
				}
				better(int32(a), b, s)
				better(b, int32(a), s)
			}
		}
	}
	out := make([][]int32, t.Len())
	for a := range of {
		if b := of[a].row; b > int32(a) && of[b].row == int32(a) {
			out[a] = []int32{b}
		}
	}
	return out
}
