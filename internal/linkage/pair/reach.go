package pair

// State is what is known of a column of two rows.
type State uint8

// What may be known. Of a column that is missing at least one value is.
const (
	Unknown State = iota
	Same
	Different
	Missing
)

// Equalities returns the columns, as places in a row, that some level asks to be equal.
func (c *Conditions) Equalities() []int32 {
	var out []int32
	for i := range c.atoms {
		if a := &c.atoms[i]; a.op == equal && a.a == a.b {
			out = append(out, a.a)
		}
	}
	return out
}

// Reachable returns which levels may hold of pairs of which something is known, by
// column; the last of n stands for none.
func (c *Conditions) Reachable(known map[int32]State, n int) []bool {
	out := make([]bool, n)
	seen := make([]bool, len(c.nodes))
	var walk func(at int32)
	walk = func(at int32) {
		switch {
		case at == ^int32(none):
			out[n-1] = true
			return
		case at < 0:
			out[^at] = true
			return
		case seen[at]:
			return
		}
		seen[at] = true
		x := &c.nodes[at]
		truth := x.given(known)
		if truth >= 0 {
			walk(x.yes)
		}
		if truth <= 0 {
			walk(x.no)
		}
	}
	walk(c.start)
	return out
}

// given returns whether an atom is true of what is known: 1 true, -1 false, 0 either.
func (a *atom) given(known map[int32]State) int {
	there := func(column int32) bool { return known[column] == Same || known[column] == Different }
	switch {
	case a.op == nullLeft && there(a.a), a.op == nullRight && there(a.b):
		return -1
	case (a.op == equal || a.op == differ) && a.a == a.b && known[a.a] != Unknown:
		return sign(known[a.a] == Same && a.op == equal || known[a.a] == Different && a.op == differ)
	}
	return 0
}
