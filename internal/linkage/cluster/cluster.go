// Package cluster groups rows by correlation clustering: two groups are joined if what
// speaks for it between all their rows is more than what speaks against it, so that
// one wrong link does not glue two people together as connected components do
// (Bansal, Blum and Chawla 2004; greedy as measured in docs/benchmarks.md).
package cluster

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"
)

// Edge is a scored pair, with its weight in bits.
type Edge struct {
	A, B   int32
	Weight float32
}

// most bounds what one pair may say, in bits.
const most = 12

// Link is a human judgement on a pair.
type Link struct{ A, B int32 }

// Options of clustering.
type Options struct {
	Start     float32  // bits: edges below never begin a merge
	Least     float64  // bits: the most that one pair speaks against; 0 = 12
	Penalty   float64  // bits against a merge for each pair that could have been found and was not
	Keys      []uint64 // per row the rules for which it has a key; nil if all have all
	Rules     int      // number of rules
	Must      []Link   // are one, whatever the weights say
	Cannot    []Link   // are never one
	OneToOne  bool     // of two files each row has one partner at most
	Moves     int      // rounds in which rows may change to a better group; 0 = 4
	Component int      // largest component that is clustered at Start; above, the start rises until it falls apart; 0 = 5000
}

// Result is the groups.
type Result struct {
	Of     []int32 // per row the smallest row of its group
	Raised int     // components that were too large at the start weight
}

// Run clusters n rows.
func Run(n int, edges []Edge, opt Options) Result {
	if opt.Moves == 0 {
		opt.Moves = 4
	}
	if opt.Least == 0 {
		opt.Least = most
	}
	if opt.Component == 0 {
		opt.Component = 5000
	}
	res := Result{Of: make([]int32, n)}
	base := newSets(n)
	for _, l := range opt.Must {
		base.union(l.A, l.B)
	}
	cannot := map[[2]int32]bool{}
	for _, l := range opt.Cannot {
		a, b := base.find(l.A), base.find(l.B)
		cannot[[2]int32{min(a, b), max(a, b)}] = true
	}
	k := &clusterer{opt: opt, base: base, cannot: cannot, out: newSets(n), slot: make([]int32, n)}
	for _, l := range opt.Must {
		k.out.union(l.A, l.B)
	}
	res.Raised = k.components(edges, opt.Start)
	for i := range res.Of {
		res.Of[i] = k.out.find(int32(i))
	}
	return res
}

type clusterer struct {
	opt    Options
	base   *sets // rows that must be one
	cannot map[[2]int32]bool
	out    *sets
	slot   []int32 // of a row, its place in the component at hand
	g      group   // of the component at hand
}

// components clusters each connected component of the edges above a weight by itself.
func (k *clusterer) components(edges []Edge, start float32) (raised int) {
	uf := newSets(len(k.slot))
	for i := range k.slot {
		uf.union(int32(i), k.base.find(int32(i)))
	}
	for _, e := range edges {
		if e.Weight > start {
			uf.union(e.A, e.B)
		}
	}
	// Edges of one component stand together, also those below the start weight:
	// they speak against.
	of := make([]Edge, 0, len(edges))
	for _, e := range edges {
		if uf.find(e.A) == uf.find(e.B) {
			of = append(of, e)
		}
	}
	if len(of) == 0 {
		return 0
	}
	counts := make([]int32, len(k.slot)+1)
	for _, e := range of {
		counts[uf.find(e.A)+1]++
	}
	for i := range len(k.slot) {
		counts[i+1] += counts[i]
	}
	sorted := make([]Edge, len(of))
	next := slices.Clone(counts)
	for _, e := range of {
		c := uf.find(e.A)
		sorted[next[c]] = e
		next[c]++
	}
	for c := range len(k.slot) {
		if list := sorted[counts[c]:counts[c+1]]; len(list) > 0 {
			raised += k.component(list, start)
		}
	}
	return raised
}

func (k *clusterer) component(list []Edge, start float32) (raised int) {
	rows := k.rows(list)
	if len(rows) > k.opt.Component && start < most {
		return 1 + k.components(list, start+1)
	}
	k.g.load(k, rows, list)
	k.g.greedy(list, start)
	k.g.refine()
	k.g.connect(list)
	for i, row := range rows {
		first := k.g.first(int32(i))
		k.out.union(row, rows[first])
	}
	return 0
}

// rows returns the rows of a component by their representatives, in order, and notes
// their places.
func (k *clusterer) rows(list []Edge) []int32 {
	rows := make([]int32, 0, 2*len(list))
	for _, e := range list {
		rows = append(rows, k.base.find(e.A), k.base.find(e.B))
	}
	slices.Sort(rows)
	rows = slices.Compact(rows)
	for i, row := range rows {
		k.slot[row] = int32(i)
	}
	return rows
}

// tie is what is known between two groups.
type tie struct {
	weight float64 // sum of the pairs' weights
	seen   float64 // coverage of the pairs that were scored
}

// group is the clustering of one component.
type group struct {
	k      *clusterer
	n      int
	rows   []int32
	of     []int32         // per row its group
	ties   []map[int32]tie // per group
	size   []float64
	keys   [][]float64 // per group, how many of its rows have a key of each rule
	member [][]int32
	deny   []map[int32]bool
	local  []map[int32]tie // per row, for moves
}

func (g *group) load(k *clusterer, rows []int32, list []Edge) {
	n := len(rows)
	*g = group{k: k, n: n, rows: rows, of: make([]int32, n), ties: make([]map[int32]tie, n), size: make([]float64, n), keys: make([][]float64, n), member: make([][]int32, n), deny: make([]map[int32]bool, n)}
	for i, row := range rows {
		g.of[i] = int32(i)
		g.size[i] = 1
		g.member[i] = []int32{int32(i)}
		g.ties[i] = map[int32]tie{}
		if k.opt.Keys != nil {
			g.keys[i] = spread(k.opt.Keys[row], k.opt.Rules)
		}
	}
	for _, e := range list {
		a, b := k.slot[k.base.find(e.A)], k.slot[k.base.find(e.B)]
		if a == b {
			continue
		}
		t := g.ties[a][b]
		t.weight += max(-g.k.opt.Least, min(float64(e.Weight), most))
		t.seen += g.coverage(rows[a], rows[b])
		g.ties[a][b], g.ties[b][a] = t, t
	}
	if len(k.cannot) > 0 {
		for pair := range k.cannot {
			a, b := k.place(pair[0], rows), k.place(pair[1], rows)
			if a >= 0 && b >= 0 {
				g.forbid(a, b)
			}
		}
	}
	if k.opt.Moves > 0 {
		g.local = make([]map[int32]tie, n)
		for i := range g.ties {
			m := make(map[int32]tie, len(g.ties[i]))
			maps.Copy(m, g.ties[i])
			g.local[i] = m
		}
	}
}

func (k *clusterer) place(row int32, rows []int32) int32 {
	i, ok := slices.BinarySearch(rows, row)
	if !ok {
		return -1
	}
	return int32(i)
}

func (g *group) forbid(a, b int32) {
	for _, p := range [][2]int32{{a, b}, {b, a}} {
		if g.deny[p[0]] == nil {
			g.deny[p[0]] = map[int32]bool{}
		}
		g.deny[p[0]][p[1]] = true
	}
}

func spread(mask uint64, rules int) []float64 {
	out := make([]float64, rules)
	for r := range rules {
		if mask>>r&1 == 1 {
			out[r] = 1
		}
	}
	return out
}

// coverage is the share of the rules for which both rows have a key: a pair that no
// rule could make says nothing by its absence.
func (g *group) coverage(a, b int32) float64 {
	o := &g.k.opt
	if o.Keys == nil || o.Rules == 0 {
		return 1
	}
	return float64(bits.OnesCount64(o.Keys[a]&o.Keys[b])) / float64(o.Rules)
}

// expected is the coverage of all pairs between two groups.
func (g *group) expected(a, b int32) float64 {
	if g.keys[a] == nil {
		return g.size[a] * g.size[b]
	}
	var s float64
	for r := range g.keys[a] {
		s += g.keys[a][r] * g.keys[b][r]
	}
	return s / float64(g.k.opt.Rules)
}

// gain is what speaks for joining two groups, in bits.
func (g *group) gain(a, b int32) float64 {
	t := g.ties[a][b]
	return t.weight - g.k.opt.Penalty*max(g.expected(a, b)-t.seen, 0)
}

// greedy visits the edges, the strongest first, and joins the groups of their ends
// where that gains.
func (g *group) greedy(list []Edge, start float32) {
	order := slices.Clone(list)
	slices.SortFunc(order, func(x, y Edge) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(min(x.A, x.B), min(y.A, y.B)), cmp.Compare(max(x.A, x.B), max(y.A, y.B)))
	})
	for _, e := range order {
		if e.Weight <= start {
			return
		}
		a, b := g.of[g.k.slot[g.k.base.find(e.A)]], g.of[g.k.slot[g.k.base.find(e.B)]]
		if a != b && !g.deny[a][b] && g.gain(a, b) > 0 {
			g.join(a, b)
		}
	}
}

// join moves the group with fewer ties into the other.
func (g *group) join(a, b int32) {
	if len(g.ties[a]) < len(g.ties[b]) || len(g.ties[a]) == len(g.ties[b]) && b < a {
		a, b = b, a
	}
	for c, t := range g.ties[b] {
		delete(g.ties[c], b)
		if c == a {
			continue
		}
		u := g.ties[a][c]
		u.weight += t.weight
		u.seen += t.seen
		g.ties[a][c], g.ties[c][a] = u, u
	}
	for c := range g.deny[b] {
		delete(g.deny[c], b)
		g.forbid(a, c)
	}
	g.ties[b] = nil
	g.size[a] += g.size[b]
	for r := range g.keys[b] {
		g.keys[a][r] += g.keys[b][r]
	}
	for _, i := range g.member[b] {
		g.of[i] = a
	}
	g.member[a] = append(g.member[a], g.member[b]...)
	g.member[b] = nil
}

// refine lets rows change to the group that gains most, or stand alone, for some
// rounds. Rows with a human judgement stay.
func (g *group) refine() {
	for range g.k.opt.Moves {
		moved := false
		for i := range int32(g.n) {
			if g.deny[g.of[i]] == nil && g.move(i) {
				moved = true
			}
		}
		if !moved {
			return
		}
	}
}

func (g *group) move(i int32) bool {
	own := g.of[i]
	sums := map[int32]tie{}
	for j, t := range g.local[i] {
		c := g.of[j]
		s := sums[c]
		s.weight += t.weight
		s.seen += t.seen
		sums[c] = s
	}
	value := func(c int32) float64 {
		var expected float64
		if g.keys[c] == nil {
			expected = g.size[c]
			if c == own {
				expected--
			}
		} else {
			mask := g.k.opt.Keys[g.rows[i]]
			for r, n := range g.keys[c] {
				if mask>>r&1 == 1 {
					if c == own {
						n--
					}
					expected += n
				}
			}
			expected /= float64(g.k.opt.Rules)
		}
		s := sums[c]
		return s.weight - g.k.opt.Penalty*max(expected-s.seen, 0)
	}
	stay := 0.0
	if len(g.member[own]) > 1 {
		stay = value(own)
	}
	best, to := max(stay, 0)+1e-9, int32(-1)
	if stay < -1e-9 {
		best = 0 // alone is better
	}
	for _, c := range slices.Sorted(keysOf(sums)) {
		if c == own || g.deny[c] != nil {
			continue
		}
		if v := value(c); v > best+1e-9 {
			best, to = v, c
		}
	}
	switch {
	case to >= 0:
		g.shift(i, own, to)
	case stay < -1e-9:
		g.alone(i, own)
	default:
		return false
	}
	return true
}

func keysOf[V any](m map[int32]V) func(yield func(int32) bool) {
	return func(yield func(int32) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// shift moves a row between groups. Only sizes and members are kept up from here on.
func (g *group) shift(i, from, to int32) {
	g.leave(i, from)
	g.enter(i, to)
}

func (g *group) leave(i, from int32) {
	g.size[from]--
	g.member[from] = slices.DeleteFunc(g.member[from], func(j int32) bool { return j == i })
	g.count(i, from, -1)
}

func (g *group) enter(i, to int32) {
	g.size[to]++
	g.member[to] = append(g.member[to], i)
	g.of[i] = to
	g.count(i, to, 1)
}

func (g *group) count(i, c int32, n float64) {
	if g.keys[c] == nil {
		return
	}
	mask := g.k.opt.Keys[g.rows[i]]
	for r := range g.keys[c] {
		if mask>>r&1 == 1 {
			g.keys[c][r] += n
		}
	}
}

// alone gives a row an empty group of its own.
func (g *group) alone(i, from int32) {
	for c := range int32(g.n) {
		if len(g.member[c]) == 0 {
			g.size[c] = 0
			if g.keys[c] != nil {
				clear(g.keys[c])
			}
			g.shift(i, from, c)
			return
		}
	}
}

// connect splits groups that the edges for them do not hold together.
func (g *group) connect(list []Edge) {
	uf := newSets(g.n)
	for _, e := range list {
		a, b := g.k.slot[g.k.base.find(e.A)], g.k.slot[g.k.base.find(e.B)]
		if e.Weight > 0 && g.of[a] == g.of[b] {
			uf.union(a, b)
		}
	}
	for i := range g.of {
		g.of[i] = uf.find(int32(i))
	}
}

// first returns the smallest row of a row's group.
func (g *group) first(i int32) int32 { return g.of[i] }

// sets is a disjoint-set forest whose representatives are the smallest members.
type sets struct{ parent []int32 }

func newSets(n int) *sets {
	s := &sets{parent: make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

func (s *sets) find(x int32) int32 {
	for s.parent[x] != x {
		s.parent[x] = s.parent[s.parent[x]]
		x = s.parent[x]
	}
	return x
}

func (s *sets) union(a, b int32) {
	a, b = s.find(a), s.find(b)
	if a != b {
		s.parent[max(a, b)] = min(a, b)
	}
}

// Components groups n rows by the edges of a weight or more, as other tools do: for
// comparison.
func Components(n int, edges []Edge, from float32) []int32 {
	s := newSets(n)
	for _, e := range edges {
		if e.Weight >= from {
			s.union(e.A, e.B)
		}
	}
	out := make([]int32, n)
	for i := range out {
		out[i] = s.find(int32(i))
	}
	return out
}

// OneToOne keeps, of edges of a weight or more, those that give each row at most one
// partner: the strongest first.
func OneToOne(n int, edges []Edge, from float32) []Edge {
	order := slices.Clone(edges)
	slices.SortFunc(order, func(x, y Edge) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	taken := make([]bool, n)
	var out []Edge
	for _, e := range order {
		if e.Weight < from || math.IsNaN(float64(e.Weight)) {
			break
		}
		if !taken[e.A] && !taken[e.B] {
			taken[e.A], taken[e.B] = true, true
			out = append(out, e)
		}
	}
	return out
}
