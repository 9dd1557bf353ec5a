package measure

import (
	"math"
	"slices"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestClusters(t *testing.T) {
	truth := []int32{0, 0, 0, 3, 3, 5}
	for _, c := range []struct {
		name                string
		said                []int32
		p, r, f1            float64
		bp, br              float64
		largest, pairsFound int
	}{
		{"right", truth, 1, 1, 1, 1, 1, 3, 4},
		{"all alone", []int32{0, 1, 2, 3, 4, 5}, 1, 0, 0, 1, (1 + 1 + 1) / 6.0, 1, 0},
		{"all one", []int32{0, 0, 0, 0, 0, 0}, 4 / 15.0, 1, 8 / 19.0, (9 + 4 + 1) / 36.0, 1, 6, 15},
		{"one torn off", []int32{0, 0, 2, 3, 3, 5}, 1, 0.5, 2 / 3.0, 1, (2*2/3.0 + 1/3.0 + 2 + 1) / 6, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if s := Clusters(c.said, truth); !near(s.Precision, c.p) || !near(s.Recall, c.r) || !near(s.F1, c.f1) {
				t.Errorf("pairwise %+v, want %v %v %v", s, c.p, c.r, c.f1)
			}
			if s := BCubed(c.said, truth); !near(s.Precision, c.bp) || !near(s.Recall, c.br) {
				t.Errorf("B-cubed %+v, want %v %v", s, c.bp, c.br)
			}
			closed := Closed(c.said)
			if Largest(c.said) != c.largest || len(closed) != c.pairsFound {
				t.Errorf("largest %d, %d pairs, want %d and %d", Largest(c.said), len(closed), c.largest, c.pairsFound)
			}
			if s := Pairs(closed, Closed(truth)); !near(s.F1, c.f1) {
				t.Errorf("the closed pairs give %v, the clusters %v", s.F1, c.f1)
			}
		})
	}
}

// TestBootstrap draws around the measured value: exactly it where every cluster is
// alike, and wider where few clusters are wrong.
func TestBootstrap(t *testing.T) {
	truth := make([]int32, 400)
	for i := range truth {
		truth[i] = int32(i / 2 * 2)
	}
	all := Closed(truth)
	if ci := Bootstrap(all, truth, 200, 1); ci.Low != 1 || ci.High != 1 {
		t.Errorf("all right: %+v", ci)
	}
	half := all[:len(all)*3/4]
	ci, f1 := Bootstrap(half, truth, 200, 1), Pairs(half, all).F1
	if !(ci.Low < f1 && f1 < ci.High && ci.High-ci.Low < 0.15) {
		t.Errorf("interval %+v around %v", ci, f1)
	}
	wrong := append(slices.Clone(all), Pair{0, 2}, Pair{4, 6}, Pair{8, 10})
	if ci := Bootstrap(wrong, truth, 200, 1); ci.High > 1 || ci.Low >= ci.High {
		t.Errorf("with wrong pairs: %+v", ci)
	}
}
