package text

import (
	"slices"
	"testing"

	"muster/internal/linkage/table"
)

func titles(list ...string) *table.Table {
	t := table.New([]string{"title"})
	for _, s := range list {
		t.Add("", []string{s})
	}
	return t
}

func TestWords(t *testing.T) {
	got := Words("Query-Result  Distribution, (PSLX350H) für Ö2!")
	if want := []string{"query", "result", "queryresult", "distribution", "pslx350h", "für", "ö2"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestCosine(t *testing.T) {
	tab := titles("the turntable PSLX350H", "turntable pslx350h, the", "the turntable PSLX360H", "the speaker", "the amplifier", "the cable", "")
	c := tab.Columns[0]
	x := NewIndex(tab, c)
	same, near, far := x.Cosine(c[0], c[1]), x.Cosine(c[0], c[2]), x.Cosine(c[0], c[3])
	if same < 0.999 || near >= 0.8 || near <= far || far <= 0 || far > 0.3 {
		t.Errorf("same words %.3f, another number %.3f, one common word %.3f", same, near, far)
	}
	if x.Cosine(c[0], c[2]) != x.Cosine(c[2], c[0]) {
		t.Error("the order of two values matters")
	}
}

func TestNeighbours(t *testing.T) {
	tab := titles("alpha beta gamma", "alpha beta delta", "rho sigma", "rho sigma tau", "", "omega")
	got := Neighbours(tab, tab.Columns[0], 1)
	want := [][]int32{{1}, {}, {3}, {}, {}, {}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
	// Of two files only rows across are near.
	tab.Split = 3
	got = Neighbours(tab, tab.Columns[0], 3)
	want = [][]int32{{}, {}, {3}, {}, {}, {}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("of two files: got %v, want %v", got, want)
	}
}

// TestMutualBest leaves out a row whose best partner has a better one.
func TestMutualBest(t *testing.T) {
	tab := titles("alpha beta gamma delta", "alpha beta gamma delta", "alpha beta", "rho sigma", "rho sigma tau")
	near := Neighbours(tab, tab.Columns[0], 3)
	got := MutualBest(tab, tab.Columns, near)
	want := [][]int32{{1}, {}, {}, {4}, {}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}
