// Package measure compares linkage with a truth: precision, recall and F1 of pairs
// and of clusters, as docs/benchmarks.md defines them.
package measure

import (
	"math/rand/v2"
	"slices"
)

// Score is precision, recall and their harmonic mean.
type Score struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

func scoreOf(right, said, true_ float64) Score {
	s := Score{Precision: 1, Recall: 1}
	if said > 0 {
		s.Precision = right / said
	}
	if true_ > 0 {
		s.Recall = right / true_
	}
	if s.Precision+s.Recall > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}

// Pair is two rows, the smaller first.
type Pair struct{ A, B int32 }

// Pairs compares sets of pairs.
func Pairs(said, truth []Pair) Score {
	in := make(map[Pair]bool, len(truth))
	for _, p := range truth {
		in[p] = true
	}
	right := 0
	for _, p := range said {
		if in[p] {
			right++
		}
	}
	return scoreOf(float64(right), float64(len(said)), float64(len(in)))
}

// Clusters compares clusterings by the pairs inside their clusters (closed pairwise).
func Clusters(said, truth []int32) Score {
	right, all, want := counts(said, truth, nil)
	return scoreOf(right, all, want)
}

// counts returns how many pairs are in both clusterings, in the first, in the second.
// weight says how often a truth cluster counts.
func counts(said, truth []int32, weight map[int32]int) (right, all, want float64) {
	type cell struct{ k, c int32 }
	cells := map[cell]float64{}
	k, c := map[int32]float64{}, map[int32]float64{}
	for i := range said {
		n := 1.0
		if weight != nil {
			n = float64(weight[truth[i]])
		}
		if n == 0 {
			continue
		}
		cells[cell{said[i], truth[i]}] += n
		k[said[i]] += n
		c[truth[i]] += n
	}
	two := func(n float64) float64 { return n * (n - 1) / 2 }
	for _, n := range cells {
		right += two(n)
	}
	for _, n := range k {
		all += two(n)
	}
	for _, n := range c {
		want += two(n)
	}
	return right, all, want
}

// BCubed compares clusterings by the mean over rows.
func BCubed(said, truth []int32) Score {
	type cell struct{ k, c int32 }
	cells := map[cell]float64{}
	k, c := map[int32]float64{}, map[int32]float64{}
	for i := range said {
		cells[cell{said[i], truth[i]}]++
		k[said[i]]++
		c[truth[i]]++
	}
	var p, r float64
	for x, n := range cells {
		p += n * n / k[x.k]
		r += n * n / c[x.c]
	}
	n := float64(max(len(said), 1))
	s := Score{Precision: p / n, Recall: r / n}
	if s.Precision+s.Recall > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}

// Largest returns the size of the largest cluster.
func Largest(said []int32) int {
	sizes := map[int32]int{}
	most := 0
	for _, c := range said {
		sizes[c]++
		most = max(most, sizes[c])
	}
	return most
}

// Interval is the middle 95 % of F1 over bootstrap samples of truth clusters.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Bootstrap draws truth clusters with repetition and measures pairs within them: of
// each drawn cluster the pairs said of its rows, half of a wrong pair being counted at
// each of its ends.
func Bootstrap(said []Pair, truth []int32, samples int, seed uint64) Interval {
	type tally struct{ right, wrong, want float64 }
	of := map[int32]*tally{}
	sizes := map[int32]float64{}
	for _, c := range truth {
		sizes[c]++
		if of[c] == nil {
			of[c] = &tally{}
		}
	}
	for c, n := range sizes {
		of[c].want = n * (n - 1) / 2
	}
	for _, p := range said {
		a, b := truth[p.A], truth[p.B]
		if a == b {
			of[a].right++
			continue
		}
		of[a].wrong += 0.5
		of[b].wrong += 0.5
	}
	names := make([]int32, 0, len(of))
	for c := range of {
		names = append(names, c)
	}
	slices.Sort(names)
	rng := rand.New(rand.NewPCG(seed, 7))
	var list []float64
	for range samples {
		var s tally
		for range names {
			t := of[names[rng.IntN(len(names))]]
			s.right += t.right
			s.wrong += t.wrong
			s.want += t.want
		}
		list = append(list, scoreOf(s.right, s.right+s.wrong, s.want).F1)
	}
	slices.Sort(list)
	if len(list) == 0 {
		return Interval{}
	}
	return Interval{list[len(list)*25/1000], list[min(len(list)*975/1000, len(list)-1)]}
}

// Closed returns the pairs inside clusters.
func Closed(said []int32) []Pair {
	rows := map[int32][]int32{}
	for i, c := range said {
		rows[c] = append(rows[c], int32(i))
	}
	var out []Pair
	for _, list := range rows {
		for i, a := range list {
			for _, b := range list[i+1:] {
				out = append(out, Pair{a, b})
			}
		}
	}
	slices.SortFunc(out, func(x, y Pair) int {
		if x.A != y.A {
			return int(x.A - y.A)
		}
		return int(x.B - y.B)
	})
	return out
}
