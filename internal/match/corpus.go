package match

import (
	"cmp"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// minShingles is how many telling shingles a text needs to be compared.
const minShingles = 12

// maxBucket is how many texts of one bucket are compared each with each; in
// larger ones each text is compared with its next maxNeighbours.
const (
	maxBucket     = 200
	maxNeighbours = 40
)

// Pair is two similar texts of a corpus by their positions, I < J.
type Pair struct {
	I, J        int
	Similarity  float64 // Jaccard of the shingles that tell texts apart, 0..1
	Containment float64 // share of the smaller text's shingles that the other has too, 0..1
	Shared      int     // shingles that tell texts apart and stand in both
}

// Want says which pairs of texts are similar: those of a Jaccard similarity, and those
// of which the smaller text is contained in the other to a part of so many shingles. Of
// a text of which half the runs of eight words were replaced, containment is left with
// about .38 and Jaccard with .23 (docs/benchmarks.md).
type Want struct {
	Jaccard     float64
	Containment float64 // 0 = by Jaccard alone
	Shared      int
	Few         bool // look only among texts that share passages few have: for short texts, of which common phrases make up much
}

func (w Want) met(p Pair) bool {
	return p.Similarity >= w.Jaccard || w.Containment > 0 && p.Containment >= w.Containment && p.Shared >= w.Shared
}

// Corpus is a set of texts as shingles. What many texts have in common is
// boilerplate and weighs nothing.
type Corpus struct {
	docs  [][]uint64
	count counter
	soft  uint16 // shingles in more texts are boilerplate, unless they make up most of the text
	hard  uint16 // shingles in more texts always are
	copy  []bool // texts of which most shingles are above soft: copies, not users of a template
}

// NewCorpus counts in how many texts each shingle occurs. docs[i] holds the
// shingles of text i, ascending and without repetition (see [Shingles]).
//
// A shingle is boilerplate in more than max(30, 2 %) of the texts, and in more
// than max(8, 10 %) where it belongs to a minor part of the text: a template
// gives the frame and not the substance.
func NewCorpus(docs [][]uint64) *Corpus {
	n := len(docs)
	c := &Corpus{docs: docs, soft: uint16(min(max(8, n/10), 30)), hard: uint16(min(max(30, n/50), 60000)), copy: make([]bool, n)}
	total := 0
	for _, d := range docs {
		total += len(d)
	}
	c.count = newCounter(total)
	for _, d := range docs {
		for _, x := range d {
			c.count.add(x)
		}
	}
	for i, d := range docs {
		common, gone := 0, 0
		for _, x := range d {
			if k := c.count.of(x); k > c.hard {
				gone++
			} else if k > c.soft {
				common++
			}
		}
		c.copy[i] = 10*common > 6*(len(d)-gone)
	}
	return c
}

// weighing appends the shingles of text i that are no boilerplate.
func (c *Corpus) weighing(buf []uint64, i int, limit uint16) []uint64 {
	for _, x := range c.docs[i] {
		if c.count.of(x) <= limit {
			buf = append(buf, x)
		}
	}
	return buf
}

func (c *Corpus) limit(copies bool) uint16 {
	if copies {
		return c.hard
	}
	return c.soft
}

// compare returns how similar two texts are without boilerplate.
func (c *Corpus) compare(i, j int) Pair {
	limit := c.limit(c.copy[i] && c.copy[j])
	a, b := c.weighing(nil, i, limit), c.weighing(nil, j, limit)
	p := Pair{I: i, J: j}
	if min(len(a), len(b)) < minShingles {
		return p
	}
	p.Shared = overlap(a, b)
	p.Similarity = float64(p.Shared) / float64(len(a)+len(b)-p.Shared)
	p.Containment = float64(p.Shared) / float64(min(len(a), len(b)))
	return p
}

// entry says that a text has a band value.
type entry struct {
	key uint64
	doc int32
}

// entries returns the bands of all texts, sorted. Sketching is most of the work
// and is divided among the processors.
func (c *Corpus) entries() []entry {
	workers := min(runtime.GOMAXPROCS(0), 1+len(c.docs)/256)
	parts := make([][]entry, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			var buf []uint64
			for i := w; i < len(c.docs); i += workers {
				buf = c.weighing(buf[:0], i, c.limit(c.copy[i]))
				if len(buf) < minShingles {
					continue
				}
				s := NewSketch(buf)
				for b := range bands {
					parts[w] = append(parts[w], entry{s.band(b), int32(i)})
				}
			}
		})
	}
	wg.Wait()
	all := slices.Concat(parts...)
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.doc, b.doc)) })
	return all
}

// Pairs returns the similar pairs, ascending by I and J. Candidates come from banded MinHash sketches, which find texts that are mostly
// the same, and from rare passages, which find texts that have a part in common;
// both are verified exactly. skip tells pairs that need no comparison.
func (c *Corpus) Pairs(want Want, skip func(i, j int) bool) []Pair {
	var all []entry
	if !want.Few {
		all = c.entries()
	}
	seen := map[[2]int32]bool{}
	var out []Pair
	check := func(p [2]int32) {
		if p[0] == p[1] || seen[p] {
			return
		}
		seen[p] = true
		if skip != nil && skip(int(p[0]), int(p[1])) {
			return
		}
		if q := c.compare(int(p[0]), int(p[1])); want.met(q) {
			out = append(out, q)
		}
	}
	few := uint16(rareIn)
	if want.Few {
		few = c.soft
	}
	for p := range c.sharing(few) {
		check(p)
	}
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi].key == all[lo].key {
			hi++
		}
		reach := hi - lo
		if reach > maxBucket {
			reach = maxNeighbours
		}
		for x := lo; x < hi; x++ {
			for y := x + 1; y < min(hi, x+reach); y++ {
				check([2]int32{all[x].doc, all[y].doc})
			}
		}
		lo = hi
	}
	slices.SortFunc(out, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.I, b.I), cmp.Compare(a.J, b.J)) })
	return out
}

// Rare shingles stand in few texts; two texts that share many of them have whole
// passages in common.
const (
	rareIn     = 12 // texts
	rareShared = 24 // shingles: about three passages of twelve words
)

// sharing returns the pairs of texts that share many shingles of at most few texts.
func (c *Corpus) sharing(few uint16) map[[2]int32]int {
	var all []entry
	for i, d := range c.docs {
		for _, x := range d {
			if n := c.count.of(x); n >= 2 && n <= few {
				all = append(all, entry{x, int32(i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.doc, b.doc)) })
	pairs := map[[2]int32]int{}
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi].key == all[lo].key {
			hi++
		}
		for x := lo; x < hi; x++ {
			for y := x + 1; y < hi; y++ {
				pairs[[2]int32{all[x].doc, all[y].doc}]++
			}
		}
		lo = hi
	}
	for p, n := range pairs {
		if n < rareShared {
			delete(pairs, p)
		}
	}
	return pairs
}

// counter counts occurrences of hashes in two rows of cells; the smaller cell is
// exact unless both collide. It depends on what was added, not on the order.
type counter struct {
	a, b []uint16
	mask uint64
}

func newCounter(total int) counter {
	size := 1 << bits.Len(uint(min(max(total, 1<<10), 1<<27)))
	return counter{a: make([]uint16, size), b: make([]uint16, size), mask: uint64(size - 1)}
}

func (c *counter) add(x uint64) {
	for _, cell := range [2]*uint16{&c.a[x&c.mask], &c.b[mix(x)&c.mask]} {
		if *cell < ^uint16(0) {
			*cell++
		}
	}
}

func (c *counter) of(x uint64) uint16 { return min(c.a[x&c.mask], c.b[mix(x)&c.mask]) }
