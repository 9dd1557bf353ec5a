package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// prose makes a text of n words from a seed.
func prose(seed uint64, n int) []string {
	rng := rand.New(rand.NewPCG(seed, 7))
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("w%d", rng.IntN(5000))
	}
	return words
}

func TestShinglesFold(t *testing.T) {
	a := Shingles("Built the payment API, in Go; for three years.", 5)
	b := Shingles("built THE payment api in go for three years", 5)
	if len(a) == 0 || Jaccard(a, b) != 1 {
		t.Errorf("case and punctuation must not matter: %v %v", a, b)
	}
	if got := Shingles("only four words here", 5); got != nil {
		t.Errorf("a short text has shingles: %v", got)
	}
	if len(Shingles("他在公司开发支付系统三年", 5)) == 0 {
		t.Error("a text without spaces has no shingles")
	}
}

func TestSketchEstimates(t *testing.T) {
	base := prose(1, 400)
	other := append(append([]string{}, base[:300]...), prose(2, 100)...)
	a, b := Shingles(strings.Join(base, " "), 5), Shingles(strings.Join(other, " "), 5)
	x, y := NewSketch(a), NewSketch(b)
	if want, got := Jaccard(a, b), x.Estimate(&y); math.Abs(want-got) > 0.15 {
		t.Errorf("estimate %.2f of %.2f", got, want)
	}
}

func TestCorpusPairs(t *testing.T) {
	header := strings.Join(prose(99, 80), " ") // every text begins with one template
	var docs [][]uint64
	add := func(words []string) { docs = append(docs, Shingles(header+" "+strings.Join(words, " "), ShingleWords)) }
	master := prose(1, 300)
	add(master)
	edited := append([]string{}, master...)
	for i := 0; i < len(edited); i += 40 { // one word in forty replaced
		edited[i] = "other"
	}
	add(edited)
	for i := range 200 {
		add(prose(uint64(1000+i), 120))
	}
	pairs := NewCorpus(docs).Pairs(Want{Jaccard: 0.55}, nil)
	if len(pairs) != 1 || pairs[0].I != 0 || pairs[0].J != 1 {
		t.Fatalf("pairs %+v, want the copy only", pairs)
	}
	if s := pairs[0].Similarity; s < 0.6 || s > 0.9 {
		t.Errorf("similarity %.2f", s)
	}
}

func TestCorpusFindsManyCopies(t *testing.T) {
	var docs [][]uint64
	master := prose(1, 300)
	for i := range 22 { // 22 personas with one résumé among 60: no boilerplate
		docs = append(docs, Shingles(strings.Join(append(prose(uint64(50+i), 20), master...), " "), ShingleWords))
	}
	for i := range 38 {
		docs = append(docs, Shingles(strings.Join(prose(uint64(500+i), 300), " "), ShingleWords))
	}
	if got, want := len(NewCorpus(docs).Pairs(Want{Jaccard: 0.55}, nil)), 22*21/2; got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

func TestCorpusFindsHalfReplaced(t *testing.T) {
	var docs [][]uint64
	for i := range 100 {
		docs = append(docs, Shingles(strings.Join(prose(uint64(i), 400), " "), ShingleWords))
	}
	half, other := prose(0, 400), prose(900, 400)
	for i := 0; i < len(half); i += 16 { // every second run of eight words
		copy(half[i:i+8], other[i:i+8])
	}
	docs = append(docs, Shingles(strings.Join(half, " "), ShingleWords))
	c := NewCorpus(docs)
	if got := c.Pairs(Want{Jaccard: 0.3}, nil); len(got) != 0 {
		t.Errorf("by Jaccard alone: %+v", got)
	}
	for _, few := range []bool{false, true} {
		got := c.Pairs(Want{Jaccard: 0.3, Containment: 0.15, Shared: 32, Few: few}, nil)
		if len(got) != 1 || got[0].I != 0 || got[0].J != 100 || got[0].Shared != 25*4 || math.Abs(got[0].Containment-100.0/396) > 0.01 {
			t.Errorf("few %v: %+v, want the half that is left", few, got)
		}
	}
}

func TestContainment(t *testing.T) {
	for _, x := range []struct {
		a, b []uint64
		want float64
	}{{nil, []uint64{1}, 0}, {[]uint64{1, 2}, []uint64{1, 2, 3, 4}, 1}, {[]uint64{1, 5, 7, 9}, []uint64{1, 2, 3, 4, 5, 6}, 0.5}} {
		if got := Containment(x.a, x.b); got != x.want {
			t.Errorf("%v in %v: %v, want %v", x.a, x.b, got, x.want)
		}
	}
}

func TestPassages(t *testing.T) {
	a := "Summary. I led the migration of the billing platform to Kubernetes within nine months. Hobbies: chess."
	b := "Intro! Later I LED the migration of the billing platform to Kubernetes, within nine months; then left."
	got := Passages(a, b, 3)
	if len(got) != 1 {
		t.Fatalf("%d passages, want 1: %+v", len(got), got)
	}
	p := got[0]
	if p.A != "I led the migration of the billing platform to Kubernetes within nine months" || p.A != a[p.AtA:p.EndA] || p.B != b[p.AtB:p.EndB] || p.Words != 13 {
		t.Errorf("passage %+v", p)
	}
	if got := Passages("nothing shared here at all today", "completely other words stand in this text", 3); len(got) != 0 {
		t.Errorf("passages in unlike texts: %+v", got)
	}
}

func FuzzPassages(f *testing.F) {
	f.Add("one two three four five six", "zero one two three four five")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, p := range Passages(a, b, 5) {
			if p.A != a[p.AtA:p.EndA] || p.B != b[p.AtB:p.EndB] || p.Words < ShingleWords {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func BenchmarkCorpus(b *testing.B) {
	docs := make([][]uint64, 2000)
	for i := range docs {
		docs[i] = Shingles(strings.Join(prose(uint64(i), 400), " "), ShingleWords)
	}
	b.ResetTimer()
	for b.Loop() {
		NewCorpus(docs).Pairs(Want{Jaccard: 0.55}, nil)
	}
}
