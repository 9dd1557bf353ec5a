package match

import (
	"cmp"
	"slices"
)

// Passage is a stretch of words that two texts share. The offsets are bytes;
// spelling of case and punctuation may differ.
type Passage struct {
	A, B       string // as the texts have it
	AtA, AtB   int
	EndA, EndB int
	Words      int
}

// Passages returns the longest passages of at least five words that a and b
// share, the longest first, without overlaps and at most limit.
func Passages(a, b string, limit int) []Passage {
	x, y := gramsOf(a, ShingleWords), gramsOf(b, ShingleWords)
	at := make(map[uint64][]int32, len(x))
	for i, g := range x {
		if len(at[g.hash]) < 8 { // repeated phrases
			at[g.hash] = append(at[g.hash], int32(i))
		}
	}
	type run struct{ i, j, n int } // n grams, which are n+4 words
	var runs []run
	for j := 0; j < len(y); {
		best := run{}
		for _, i := range at[y[j].hash] {
			n := 1
			for int(i)+n < len(x) && j+n < len(y) && x[int(i)+n].hash == y[j+n].hash && x[int(i)+n].at == x[i].at+n && y[j+n].at == y[j].at+n {
				n++
			}
			if n > best.n {
				best = run{int(i), j, n}
			}
		}
		if best.n == 0 {
			j++
			continue
		}
		runs = append(runs, best)
		for end := y[j].at + best.n + ShingleWords - 1; j < len(y) && y[j].at < end; {
			j++
		}
	}
	slices.SortFunc(runs, func(p, q run) int { return cmp.Or(cmp.Compare(q.n, p.n), cmp.Compare(p.i, q.i), cmp.Compare(p.j, q.j)) })
	var out []Passage
	for _, r := range runs {
		p := Passage{AtA: x[r.i].start, EndA: x[r.i+r.n-1].end, AtB: y[r.j].start, EndB: y[r.j+r.n-1].end, Words: r.n + ShingleWords - 1}
		overlaps := slices.ContainsFunc(out, func(o Passage) bool { return p.AtA < o.EndA && o.AtA < p.EndA })
		if overlaps || len(out) == limit {
			continue
		}
		p.A, p.B = a[p.AtA:p.EndA], b[p.AtB:p.EndB]
		out = append(out, p)
	}
	return out
}
