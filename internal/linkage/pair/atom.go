package pair

import (
	"math"
	"slices"

	"muster/internal/linkage/similar"
	"muster/internal/linkage/table"
)

// opcode says how an atom is decided.
type opcode uint8

const (
	nullLeft  opcode = iota
	nullRight        //
	equal            // both are there and equal
	differ           // both are there and differ
	within           // numbers of the rows, apart by a limit
	formula          // a number computed from both rows, with a limit
	alike            // a similarity or a distance, with a limit
)

// relation of a value to a limit.
type relation uint8

const (
	atLeast relation = iota
	above
	atMost
	below
	same
	other
)

var relations = map[string]relation{">=": atLeast, ">": above, "<=": atMost, "<": below, "=": same, "<>": other}

// opposite is what holds of a value if the relation does not.
var opposite = [...]relation{atLeast: below, above: atMost, atMost: above, below: atLeast, same: other, other: same}

// mirrored is the relation with its sides changed.
var mirrored = [...]relation{atLeast: atMost, above: below, atMost: atLeast, below: above, same: same, other: other}

// holds is false of what is missing (NaN), whatever the relation.
func (r relation) holds(v, limit float64) bool {
	switch r {
	case atLeast:
		return v >= limit
	case above:
		return v > limit
	case atMost:
		return v <= limit
	case below:
		return v < limit
	case same:
		return v == limit
	}
	return v < limit || v > limit
}

// atom is a condition that is not made of others. It is true or not: what SQL leaves
// open is not.
type atom struct {
	op      opcode
	rel     relation
	a, b    int32 // slots of the left and the right row
	feature int32
	limit   float64
}

// opposite returns the atom that is true where this is false and nothing missing.
func (a atom) opposite() atom {
	switch a.op {
	case equal:
		a.op = differ
	case differ:
		a.op = equal
	default:
		a.rel = opposite[a.rel]
	}
	return a
}

// cost orders atoms: what is cheap is decided first.
func (a *atom) cost() int {
	switch a.op {
	case alike:
		return 3
	case formula:
		return 2
	case within:
		return 1
	}
	return 0
}

// implies returns what is known of another atom once this is known to be true or not:
// 1 true, -1 false, 0 nothing. identical says of a feature what equal values give.
func (a *atom) implies(truth bool, b *atom, identical func(b *atom) int) int {
	reads := func(null *atom, of *atom) bool {
		return null.op == nullLeft && of.op != nullLeft && of.op != nullRight && of.op != formula && null.a == of.a ||
			null.op == nullRight && of.op != nullLeft && of.op != nullRight && of.op != formula && null.b == of.b
	}
	switch {
	case *a == *b:
		return sign(truth)
	case truth && reads(a, b):
		return -1
	case truth && reads(b, a):
		return -1
	case a.op == equal && truth && (b.op == differ || b.op == alike) && a.a == b.a && a.b == b.b:
		return identical(b)
	case a.op == differ && truth && b.op == equal && a.a == b.a && a.b == b.b:
		return -1
	case a.op == b.op && (a.op == within || a.op == alike || a.op == formula) && a.feature == b.feature && a.a == b.a && a.b == b.b && a.rel == b.rel:
		up := a.rel == atLeast || a.rel == above
		down := a.rel == atMost || a.rel == below
		switch {
		case truth && (up && b.limit <= a.limit || down && b.limit >= a.limit):
			return 1
		case !truth && (up && b.limit >= a.limit || down && b.limit <= a.limit):
			return -1
		}
	}
	return 0
}

func sign(truth bool) int {
	if truth {
		return 1
	}
	return -1
}

// feature is a value of a pair that several atoms compare with limits; it is computed
// once per pair.
type feature struct {
	key  string
	kind kind
	a, b int32 // slots
	num  *number
	// Below floor, or above most, the exact value does not matter.
	floor float64
	most  int
	own   Similarity
}

// kind of a feature.
type kind uint8

const (
	ownKind kind = iota
	jaroWinkler
	jaro
	levenshtein
	osa
	letters
	arithmetical
)

// kinds are the similarities of two texts by their names in SQL.
var kinds = map[string]kind{"jaro_winkler_similarity": jaroWinkler, "jaro_similarity": jaro, "levenshtein": levenshtein, "damerau_levenshtein": osa, "jaccard": letters}

func (k kind) distance() bool { return k == levenshtein || k == osa }

// identical returns whether an atom holds of equal values.
func (c *Conditions) identical(b *atom) int {
	if b.op == differ {
		return -1
	}
	switch k := c.features[b.feature].kind; {
	case k.distance():
		return sign(b.rel.holds(0, b.limit))
	case k == jaroWinkler || k == jaro || k == letters:
		return sign(b.rel.holds(1, b.limit))
	}
	return 0
}

// value returns a feature of a pair, NaN if it reads a missing value.
func (c *Conditions) value(i int32, left, right []uint32, m *Memo) float64 {
	if m.known[i] == m.pair {
		return m.values[i]
	}
	v := c.compute(i, left, right, m)
	m.known[i], m.values[i] = m.pair, v
	return v
}

func (c *Conditions) compute(i int32, left, right []uint32, m *Memo) float64 {
	f := &c.features[i]
	if f.kind == arithmetical {
		return f.num.of(left, right)
	}
	a, b := left[f.a], right[f.b]
	if a == table.Null || b == table.Null {
		return math.NaN()
	}
	if f.kind == ownKind {
		return f.own(a, b)
	}
	d := c.cols.t.Dict
	switch f.kind {
	case jaroWinkler:
		if a == b {
			return 1
		}
		x, y := &m.infos[a], &m.infos[b]
		if !m.floors[i].Reached(x, y) {
			return 0
		}
		p := m.patterns[i]
		if m.of[i] != a {
			p.Set(d.Value(a), *x)
			m.of[i] = a
		}
		return p.JaroWinkler(d.Value(b), y, f.floor)
	case jaro:
		return similar.Jaro(d.Value(a), d.Value(b))
	case levenshtein:
		return float64(similar.Levenshtein(d.Value(a), d.Value(b), f.most))
	case osa:
		return float64(similar.OSA(d.Value(a), d.Value(b), f.most))
	}
	return similar.Letters(d.Value(a), d.Value(b))
}

// decide decides an atom for a pair of rows.
func (c *Conditions) decide(a *atom, left, right []uint32, m *Memo) bool {
	switch a.op {
	case nullLeft:
		return left[a.a] == table.Null
	case nullRight:
		return right[a.b] == table.Null
	case equal:
		x := left[a.a]
		return x == right[a.b] && x != table.Null
	case differ:
		x, y := left[a.a], right[a.b]
		return x != y && x != table.Null && y != table.Null
	case within:
		return a.rel.holds(math.Abs(numberAt(left, a.a)-numberAt(right, a.b)), a.limit)
	}
	return a.rel.holds(c.value(a.feature, left, right, m), a.limit)
}

// numberAt reads a number, which takes two slots.
func numberAt(row []uint32, slot int32) float64 {
	return math.Float64frombits(uint64(row[slot]) | uint64(row[slot+1])<<32)
}

// atomOf returns the index of an atom, which conditions share.
func (c *Conditions) atomOf(a atom) int {
	if i := slices.Index(c.atoms, a); i >= 0 {
		return i
	}
	c.atoms = append(c.atoms, a)
	return len(c.atoms) - 1
}
