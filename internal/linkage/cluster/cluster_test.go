package cluster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// groups lists the clusters with more than one row.
func groups(of []int32) [][]int32 {
	var out [][]int32
	for i := range of {
		var g []int32
		for j, c := range of {
			if c == int32(i) {
				g = append(g, int32(j))
			}
		}
		if len(g) > 1 {
			out = append(out, g)
		}
	}
	return out
}

func TestRun(t *testing.T) {
	clique := func(w float32, rows ...int32) []Edge {
		var out []Edge
		for i, a := range rows {
			for _, b := range rows[i+1:] {
				out = append(out, Edge{a, b, w})
			}
		}
		return out
	}
	for _, c := range []struct {
		name  string
		edges []Edge
		opt   Options
		want  [][]int32
	}{
		{"a pair", clique(3, 0, 1), Options{Penalty: 1}, [][]int32{{0, 1}}},
		{"below nought", clique(-1, 0, 1), Options{Penalty: 1}, nil},
		{"two groups and one wrong link", slices.Concat(clique(8, 0, 1, 2), clique(8, 3, 4, 5), []Edge{{2, 3, 5}}), Options{Penalty: 1}, [][]int32{{0, 1, 2}, {3, 4, 5}}},
		{"a strong link holds two groups", slices.Concat(clique(8, 0, 1), clique(8, 2, 3), []Edge{{1, 2, 12}}), Options{Penalty: 1}, [][]int32{{0, 1, 2, 3}}},
		{"a pair that no rule could make says nothing", slices.Concat(clique(8, 0, 1, 2), clique(8, 3, 4, 5), []Edge{{2, 3, 5}}), Options{Penalty: 1, Rules: 1, Keys: []uint64{0, 0, 1, 1, 0, 0}}, [][]int32{{0, 1, 2, 3, 4, 5}}},
		{"what speaks against weighs", slices.Concat(clique(4, 0, 1), []Edge{{1, 2, 4}, {0, 2, -9}}), Options{}, [][]int32{{0, 1}}},
		{"but no more than it may", slices.Concat(clique(4, 0, 1), []Edge{{1, 2, 4}, {0, 2, -9}}), Options{Least: 1}, [][]int32{{0, 1, 2}}},
		{"people said they are one", clique(-5, 0, 1), Options{Must: []Link{{0, 1}}}, [][]int32{{0, 1}}},
		{"people said so without any link", nil, Options{Must: []Link{{0, 4}}}, [][]int32{{0, 4}}},
		{"people said they are not", clique(9, 0, 1), Options{Cannot: []Link{{0, 1}}}, nil},
		{"nor by way of a third", slices.Concat(clique(9, 0, 1), clique(9, 1, 2), clique(9, 0, 2)), Options{Cannot: []Link{{0, 2}}}, [][]int32{{0, 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := groups(Run(6, c.edges, c.opt).Of)
			if !slices.EqualFunc(got, c.want, slices.Equal) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestLarge raises the start of a component that is too large until it falls apart.
func TestLarge(t *testing.T) {
	var edges []Edge
	for i := range int32(40) {
		edges = append(edges, Edge{2 * i, 2*i + 1, 9})
		if i > 0 {
			edges = append(edges, Edge{2*i - 1, 2 * i, 0.5})
		}
	}
	res := Run(80, edges, Options{Component: 10})
	if res.Raised != 1 || len(groups(res.Of)) != 40 {
		t.Errorf("raised %d, %d groups, want 1 and 40", res.Raised, len(groups(res.Of)))
	}
}

// TestOrder gives the same clusters for edges in any order and with rows swapped, and
// keeps to what people said.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := int32(12)
		var edges []Edge
		for a := range n {
			for b := a + 1; b < n; b++ {
				if w := rapid.IntRange(-6, 12).Draw(t, "weight"); w > -4 {
					edges = append(edges, Edge{a, b, float32(w)})
				}
			}
		}
		opt := Options{Penalty: 1, Cannot: []Link{{0, 1}}, Must: []Link{{2, 3}}}
		want := Run(int(n), edges, opt).Of
		shuffled := rapid.Permutation(edges).Draw(t, "order")
		for i := range shuffled {
			if i%2 == 0 {
				shuffled[i].A, shuffled[i].B = shuffled[i].B, shuffled[i].A
			}
		}
		if got := Run(int(n), shuffled, opt).Of; !slices.Equal(got, want) {
			t.Fatalf("got %v, in another order %v", want, got)
		}
		if want[0] == want[1] || want[2] != want[3] {
			t.Fatalf("%v goes against what people said", want)
		}
	})
}

func TestOneToOne(t *testing.T) {
	got := OneToOne(6, []Edge{{0, 3, 5}, {0, 4, 9}, {1, 4, 8}, {1, 3, 2}, {2, 5, -8}}, -6)
	want := []Edge{{0, 4, 9}, {1, 3, 2}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestComponents(t *testing.T) {
	got := Components(5, []Edge{{0, 1, 3}, {1, 2, 1}, {3, 4, 3}}, 2)
	if want := []int32{0, 0, 2, 3, 3}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
