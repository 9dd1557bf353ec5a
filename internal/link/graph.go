package link

import (
	"cmp"
	"slices"

	"muster/internal/identity"
)

// sets is a union-find over persons.
type sets struct{ parent []int32 }

func newSets(n int) *sets {
	s := &sets{make([]int32, n)}
	for i := range s.parent {
		s.parent[i] = int32(i)
	}
	return s
}

func (s *sets) find(i int32) int32 {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

// union joins two sets under the smaller root.
func (s *sets) union(i, j int32) {
	i, j = s.find(i), s.find(j)
	if j < i {
		i, j = j, i
	}
	s.parent[j] = i
}

// star joins all ends of an edge.
func (s *sets) star(e *identity.Edge, at map[identity.PersonaID]int32) {
	for _, h := range e.Holders[1:] {
		s.union(at[e.Holders[0].Persona], at[h.Persona])
	}
}

// components returns the strongly connected components of a directed graph
// (Tarjan 1972), each ascending, in ascending order.
func components(next map[int32][]int32) [][]int32 {
	t := &tarjan{next: next, index: map[int32]int{}, low: map[int32]int{}, on: map[int32]bool{}}
	nodes := make([]int32, 0, len(next))
	for n, to := range next {
		nodes = append(nodes, n)
		slices.Sort(to)
	}
	slices.Sort(nodes)
	for _, n := range nodes {
		if _, seen := t.index[n]; !seen {
			t.visit(n)
		}
	}
	slices.SortFunc(t.out, func(x, y []int32) int { return cmp.Compare(x[0], y[0]) })
	return t.out
}

type tarjan struct {
	next       map[int32][]int32
	index, low map[int32]int
	on         map[int32]bool
	stack      []int32
	out        [][]int32
}

func (t *tarjan) visit(n int32) {
	t.index[n] = len(t.index)
	t.low[n] = t.index[n]
	t.stack, t.on[n] = append(t.stack, n), true
	for _, m := range t.next[n] {
		if _, seen := t.index[m]; !seen {
			t.visit(m)
			t.low[n] = min(t.low[n], t.low[m])
		} else if t.on[m] {
			t.low[n] = min(t.low[n], t.index[m])
		}
	}
	if t.low[n] != t.index[n] {
		return
	}
	at := slices.Index(t.stack, n)
	c := slices.Clone(t.stack[at:])
	for _, m := range c {
		t.on[m] = false
	}
	t.stack = t.stack[:at]
	slices.Sort(c)
	t.out = append(t.out, c)
}
