package linkage

import (
	"math/bits"
	"slices"

	"muster/internal/linkage/cluster"
)

// Bounds of calibration.
const (
	strong         = 6       // bits: a link that is nearly sure
	certain        = 10      // bits: pairs from here on are taken as matches
	highest        = 4.0     // bits that the prior may be off
	fewSeen        = 200     // certain pairs that a class needs
	fewExpected    = 20      // confirmed pairs that a step must expect
	binOfBits      = 0.5     // width of a step
	confirmedShare = 1.0 / 3 // of what is expected of matches; half of the pairs are matches there, as rows of weak pairs have weaker links to others, too
)

// offset estimates, without labels, how far the weights are from what they should be:
// of pairs whose weight is nought, half should be matches. Whether a pair is a match is
// seen from third rows that are linked strongly to both: the share of pairs that have
// one, beside that of certain pairs, is the share of matches among them. Fields that
// are wrong together, as on a badly copied row, make matches weigh less than they
// should; the offset is what is missing, never below nought.
func offset(n int, edges []cluster.Edge) float64 {
	near := make([][]int32, n)
	for _, e := range edges {
		if e.Weight >= strong {
			near[e.A], near[e.B] = append(near[e.A], e.B), append(near[e.B], e.A)
		}
	}
	for i := range near {
		slices.Sort(near[i])
	}
	// Rows with few strong links have fewer that could be shared.
	var certainSeen, certainMet [buckets]float64
	for _, e := range edges {
		if e.Weight >= certain {
			if d := min(len(near[e.A]), len(near[e.B])) - 1; d > 0 {
				certainSeen[bucket(d)]++
				if meet(near[e.A], near[e.B]) {
					certainMet[bucket(d)]++
				}
			}
		}
	}
	steps := int(-Keep / binOfBits)
	met, expected := make([]float64, steps), make([]float64, steps)
	for _, e := range edges {
		d := min(len(near[e.A]), len(near[e.B]))
		if e.Weight >= 0 || d == 0 || certainSeen[bucket(d)] < fewSeen {
			continue
		}
		i := min(int(-float64(e.Weight)/binOfBits), steps-1)
		expected[i] += certainMet[bucket(d)] / certainSeen[bucket(d)]
		if meet(near[e.A], near[e.B]) {
			met[i]++
		}
	}
	// Steps are joined until enough is expected of them; the offset ends at the last
	// that holds.
	by, from := 0.0, 0
	for i := range steps {
		var e, k float64
		for j := from; j <= i; j++ {
			e += expected[j]
			k += met[j]
		}
		if e < fewExpected {
			continue
		}
		if k < confirmedShare*e {
			break
		}
		by, from = float64(i+1)*binOfBits, i+1
	}
	return min(by, highest)
}

// buckets is how many classes of numbers of strong links there are: 1, 2, 3-4, 5-8, ...
const buckets = 8

func bucket(d int) int { return min(bits.Len(uint(d-1)), buckets-1) }

// meet reports whether two sorted lists share a value.
func meet(a, b []int32) bool {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			return true
		}
	}
	return false
}
