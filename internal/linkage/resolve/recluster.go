package resolve

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/linkage/cluster"
	"muster/internal/linkage/table"
)

// guest is a record that asks and is not in the index.
type guest struct {
	key    string
	record []uint32
	edges  []link
}

// component returns the rows that are connected with others by edges that speak for
// them or by judgements, the guest not among them. It stops above a number of rows.
func (x *Index) component(seeds []int32, most int) (rows []int32, whole bool) {
	seen := make(map[int32]bool, 2*len(seeds))
	push := func(row int32) {
		if !seen[row] {
			seen[row] = true
			rows = append(rows, row)
		}
	}
	for _, row := range seeds {
		push(row)
	}
	for i := 0; i < len(rows); i++ {
		if most > 0 && len(rows) > most {
			return rows, false
		}
		for _, e := range x.edges[rows[i]] {
			if e.weight > 0 {
				push(e.to)
			}
		}
		for _, to := range x.human.must[rows[i]] {
			push(to)
		}
	}
	return rows, true
}

// local is a part of the graph with its rows in the order of their keys, in which
// batch linkage sees them.
type local struct {
	rows  []int32 // -1 is the guest
	edges []cluster.Edge
	of    []int32 // per row the first of its cluster
}

// group clusters rows and the guest, if there is one, exactly as a batch clusters them
// among all others: components do not know of each other.
func (x *Index) group(rows []int32, g *guest) *local {
	l := &local{rows: slices.Clone(rows)}
	if g != nil {
		l.rows = append(l.rows, -1)
	}
	name := func(row int32) string {
		if row < 0 {
			return g.key
		}
		return x.keys[row]
	}
	slices.SortFunc(l.rows, func(a, b int32) int { return strings.Compare(name(a), name(b)) })
	at := make(map[int32]int32, len(l.rows))
	for i, row := range l.rows {
		at[row] = int32(i)
	}
	o := x.snap.clustering()
	o.Keys = make([]uint64, len(l.rows))
	for i, row := range l.rows {
		record, list := []uint32(nil), []link(nil)
		if row < 0 {
			record, list = g.record, g.edges
		} else {
			record, list = x.record(row), x.edges[row]
		}
		o.Keys[i] = x.mask(record)
		for _, e := range list {
			if j, ok := at[e.to]; ok && (row < 0 || j > int32(i)) {
				l.edges = append(l.edges, cluster.Edge{A: min(int32(i), j), B: max(int32(i), j), Weight: e.weight})
			}
		}
		o.Must = appendLinks(o.Must, x.human.must[row], int32(i), at)
		o.Cannot = appendLinks(o.Cannot, x.human.cannot[row], int32(i), at)
	}
	slices.SortFunc(l.edges, func(a, b cluster.Edge) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	l.of = cluster.Run(len(l.rows), l.edges, o).Of
	return l
}

func appendLinks(to []cluster.Link, rows []int32, i int32, at map[int32]int32) []cluster.Link {
	for _, row := range rows {
		if j, ok := at[row]; ok && j > i {
			to = append(to, cluster.Link{A: i, B: j})
		}
	}
	return to
}

// mask says for which rules a record has a key.
func (x *Index) mask(record []uint32) uint64 {
	var out uint64
	for i, r := range x.rules {
		if !slices.ContainsFunc(r.sides[0], func(at int32) bool { return record[at] == table.Null }) {
			out |= 1 << i
		}
	}
	return out
}

// recluster clusters the components of rows and writes what changes into the history.
// A component of more than most rows, if that is above nought, is left to Settle. Only a
// component that grew may be left: of one that fell apart some rows would be clustered
// without the others of their persona, whose id would be lost.
func (x *Index) recluster(seeds []int32, c Cause, most int) (events []Event, deferred bool) {
	rows, whole := x.component(seeds, most)
	if !whole {
		x.stale = append(x.stale, seeds...)
		for _, row := range seeds {
			if x.history.of[row] < 0 { // until then it stands alone
				events = append(events, x.history.alone(x, row, c))
			}
		}
		return events, true
	}
	return x.history.commit(x, x.group(rows, nil), c), false
}

// Settle clusters the components that were too large to be clustered when records came.
// All that reads clusters as a whole settles first.
func (x *Index) Settle() []Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.settle()
}

func (x *Index) settle() []Event {
	if len(x.stale) == 0 {
		return nil
	}
	seeds := x.stale
	x.stale = nil
	events, _ := x.recluster(seeds, Cause{Kind: ByRecord, Key: x.keys[seeds[len(seeds)-1]]}, 0)
	return events
}

// place says where a guest belongs.
func (x *Index) place(a *Answer, g *guest) {
	var seeds []int32
	best := link{to: -1}
	for _, e := range g.edges {
		if e.weight > 0 {
			seeds = append(seeds, e.to)
			if best.to < 0 || e.weight > best.weight || e.weight == best.weight && x.keys[e.to] < x.keys[best.to] {
				best = e
			}
		}
	}
	rows, whole := x.component(seeds, Whole)
	if !whole {
		a.Deferred, a.Persona = true, x.history.id(x, x.history.of[best.to])
		return
	}
	l := x.group(rows, g)
	own, _ := slices.BinarySearchFunc(l.rows, g.key, func(row int32, key string) int {
		if row < 0 {
			return 0
		}
		return strings.Compare(x.keys[row], key)
	})
	var with []int32
	for i, of := range l.of {
		if of == l.of[own] && i != own {
			with = append(with, l.rows[i])
			a.Members = append(a.Members, x.keys[l.rows[i]])
		}
	}
	claims := x.history.claims(x, with)
	if len(claims) == 0 {
		a.New, a.Persona = len(with) == 0, name(g.key, 0)
		return
	}
	a.Persona = x.history.idOf(x, claims[0])
	if len(claims) > 1 {
		for _, anchor := range claims {
			a.Joins = append(a.Joins, x.history.idOf(x, anchor))
		}
		slices.Sort(a.Joins)
	}
}

// members returns the keys of a row's cluster, in order.
func (x *Index) members(row int32) []string {
	rep := x.history.of[row]
	seen := map[int32]bool{row: true}
	list := []int32{row}
	visit := func(to int32) {
		if !seen[to] && x.history.of[to] == rep {
			seen[to] = true
			list = append(list, to)
		}
	}
	for i := 0; i < len(list); i++ {
		for _, e := range x.edges[list[i]] {
			if e.weight > 0 {
				visit(e.to)
			}
		}
		for _, to := range x.human.must[list[i]] {
			visit(to)
		}
	}
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = x.keys[r]
	}
	slices.Sort(out)
	return out
}
