// Package pair compiles conditions on pairs of rows: what reads one row is computed
// once per value, what is left is comparing codes, numbers and similarities. All levels
// of a comparison become one graph of questions, in which none is asked twice.
package pair

import (
	"fmt"
	"math"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/similar"
)

// Similarity compares two values by their codes; the engine brings some that need to
// know all values, such as how rare words are.
type Similarity func(a, b uint32) float64

// Conditions are the conditions of one list of levels with the features they share.
type Conditions struct {
	cols     *Columns
	own      map[string]func(codes ...[]uint32) Similarity
	atoms    []atom
	features []feature
	nodes    []node
	start    int32
}

// Memo holds what a worker knows of the pair at hand, and the rows.
type Memo struct {
	rows     []uint32 // slots of all rows
	width    int      // slots of a row
	infos    []similar.Info
	pair     uint32 // counts the pairs, so that features need no clearing
	known    []uint32
	values   []float64
	patterns []*similar.Pattern // per feature, of the left value
	of       []uint32           // its code
	floors   []*similar.Floor
	touched  uint32
}

// Compile compiles conditions, of which the first that is true counts. A condition that
// is nil holds always. own are further similarities by name, each made for the columns
// that it compares.
func Compile(cols *Columns, conditions []*expr.Node, own map[string]func(codes ...[]uint32) Similarity) (*Conditions, error) {
	c := &Conditions{cols: cols, own: own}
	var levels []term
	for _, n := range conditions {
		if n == nil { // ELSE
			levels = append(levels, term{op: always})
			continue
		}
		t, err := c.compile(n, false)
		if err != nil {
			return nil, err
		}
		levels = append(levels, t)
	}
	return c, c.plan(levels)
}

// NewMemo returns a memo for the conditions.
func (c *Conditions) NewMemo() *Memo {
	m := &Memo{known: make([]uint32, len(c.features)), values: make([]float64, len(c.features)), patterns: make([]*similar.Pattern, len(c.features)), of: make([]uint32, len(c.features)), floors: make([]*similar.Floor, len(c.features))}
	texts := false
	for i, f := range c.features {
		if f.kind == jaroWinkler {
			m.patterns[i], m.floors[i] = &similar.Pattern{}, similar.NewFloor(f.floor)
			texts = true
		}
	}
	m.rows, m.width, m.infos = c.cols.pack(texts)
	return m
}

// Level returns the index of the first condition that is true, -1 if none is.
func (c *Conditions) Level(l, r int32, m *Memo) int {
	return c.LevelOf(m.Row(l), m.Row(r), m)
}

// Row returns what is compared of a row. All memos that are made before the first pair
// is compared have the same rows.
func (m *Memo) Row(row int32) []uint32 { return m.rows[int(row)*m.width:][:m.width:m.width] }

// Touch reads from all rows, so that they are near when they are needed: the processor
// waits for many at a time.
func (m *Memo) Touch(rows []uint32) {
	if m.width == 0 {
		return
	}
	x, last := uint32(0), m.width-1
	for _, row := range rows {
		at := int(row) * m.width
		x |= m.rows[at] | m.rows[at+last]
	}
	m.touched = x
}

// LevelOf is Level of two rows.
func (c *Conditions) LevelOf(left, right []uint32, m *Memo) int {
	if m.pair++; m.pair == 0 { // once in four billion pairs
		clear(m.known)
		m.pair = 1
	}
	at, nodes := c.start, c.nodes
	for uint32(at) < uint32(len(nodes)) {
		n := &nodes[at]
		var yes bool
		switch n.op { // the most frequent are decided here: a call costs as much
		case nullLeft:
			yes = left[n.a] == 0
		case nullRight:
			yes = right[n.b] == 0
		case equal:
			x := left[n.a]
			yes = x == right[n.b] && x != 0
		default:
			yes = c.decide(&n.atom, left, right, m)
		}
		at = n.no
		if yes {
			at = n.yes
		}
	}
	if at == ^int32(none) {
		return -1
	}
	return int(^at)
}

// Levels is LevelOf of a row and several others, all by their places in rows that were
// copied one after the other; otherwise stands for no level.
func (c *Conditions) Levels(rows []uint32, place int32, others []int32, m *Memo, out []uint8, otherwise uint8) {
	w := m.width
	left := rows[int(place)*w:][:w:w]
	start, nodes := c.start, c.nodes
	for uint32(start) < uint32(len(nodes)) && nodes[start].op == nullLeft { // one answer for all
		if n := &nodes[start]; left[n.a] == 0 {
			start = n.yes
		} else {
			start = n.no
		}
	}
	if m.pair > math.MaxUint32-uint32(len(others)) {
		clear(m.known)
		m.pair = 0
	}
	for i, o := range others {
		right := rows[int(o)*w:][:w:w]
		m.pair++
		at := start
		for uint32(at) < uint32(len(nodes)) {
			n := &nodes[at]
			var yes bool
			switch n.op {
			case equal:
				x := left[n.a]
				yes = x == right[n.b] && x != 0
			case nullRight:
				yes = right[n.b] == 0
			case nullLeft:
				yes = left[n.a] == 0
			default:
				yes = c.decide(&n.atom, left, right, m)
			}
			at = n.no
			if yes {
				at = n.yes
			}
		}
		out[i] = otherwise
		if at != ^int32(none) {
			out[i] = uint8(^at)
		}
	}
}

// Cost says about how long the conditions take, by what they compute of a pair.
func (c *Conditions) Cost() int {
	sum := 0
	for i := range c.atoms {
		sum += c.atoms[i].cost()
	}
	return sum
}

// compile turns a condition, or its negation, into a term.
func (c *Conditions) compile(n *expr.Node, negated bool) (term, error) {
	switch n.Op {
	case "not":
		return c.compile(n.Args[0], !negated)
	case "and", "or":
		t := term{op: all}
		if (n.Op == "or") != negated { // De Morgan, which holds in SQL's logic as well
			t.op = some
		}
		for _, a := range n.Args {
			k, err := c.compile(a, negated)
			if err != nil {
				return term{}, err
			}
			t.kids = append(t.kids, k)
		}
		return t, nil
	case "isnull":
		return c.isNull(n.Args[0], negated)
	case "=", "<>", "<", "<=", ">", ">=":
		a, err := c.relation(n)
		if err != nil {
			return term{}, err
		}
		if negated {
			a = a.opposite()
		}
		return term{op: leaf, atom: c.atomOf(a)}, nil
	}
	return term{}, fmt.Errorf("%s is no condition", n.Op)
}

func (c *Conditions) isNull(n *expr.Node, negated bool) (term, error) {
	slot, err := c.slot(n)
	if err != nil {
		return term{}, err
	}
	a := atom{op: nullLeft, a: slot}
	if n.Sides() == expr.Right {
		a = atom{op: nullRight, b: slot}
	}
	t := term{op: leaf, atom: c.atomOf(a)}
	if !negated {
		return t, nil
	}
	// Something is missing or it is not: there is a third way for values only.
	t.op = lacks
	return t, nil
}

// slot computes an expression over one row and returns where its codes are.
func (c *Conditions) slot(n *expr.Node) (int32, error) {
	codes, err := c.cols.Codes(n)
	if err != nil {
		return 0, err
	}
	return c.cols.slot(codes), nil
}

func (c *Conditions) relation(n *expr.Node) (atom, error) {
	a, b, rel := n.Args[0], n.Args[1], relations[n.Op]
	if a.Sides() == expr.None {
		a, b, rel = b, a, mirrored[rel]
	}
	equality := rel == same || rel == other
	switch sa, sb := a.Sides(), b.Sides(); {
	case sa != expr.Both && sb != expr.Both && sa != sb && sb != expr.None && equality:
		if sa == expr.Right {
			a, b = b, a
		}
		return c.equality(a, b, rel)
	case sb == expr.None && b.Op == "num" && sa == expr.Both && len(a.Args) == 2 && (kinds[a.Op] != ownKind || c.own[a.Op] != nil):
		return c.similarity(a, rel, b.Num)
	case sb == expr.None && sa != expr.Both && sa != expr.None && b.Op == "str" && equality:
		return c.constant(a, rel, b.Text)
	}
	diff := &expr.Node{Op: "-", Args: []*expr.Node{a, b}}
	limit := 0.0
	if b.Op == "num" {
		diff, limit = a, b.Num
	}
	return c.arithmetic(diff, rel, limit)
}

func (c *Conditions) equality(a, b *expr.Node, rel relation) (atom, error) {
	x := atom{op: equal}
	if rel == other {
		x.op = differ
	}
	var err error
	if x.a, err = c.slot(a); err == nil {
		x.b, err = c.slot(b)
	}
	return x, err
}

// constant compares a value of one row with a text.
func (c *Conditions) constant(a *expr.Node, rel relation, text string) (atom, error) {
	own, err := c.slot(a)
	if err != nil {
		return atom{}, err
	}
	code := c.cols.t.Dict.Code(text)
	all := make([]uint32, c.cols.t.Len())
	for i := range all {
		all[i] = code
	}
	x := atom{op: equal, a: own, b: c.cols.slot(all)}
	if a.Sides() == expr.Right {
		x.a, x.b = x.b, x.a
	}
	if rel == other {
		x.op = differ
	}
	return x, nil
}

func (c *Conditions) similarity(n *expr.Node, rel relation, limit float64) (atom, error) {
	a, b := n.Args[0], n.Args[1]
	if a.Sides() == expr.Right {
		a, b = b, a
	}
	if a.Sides() != expr.Left || b.Sides() != expr.Right {
		return atom{}, fmt.Errorf("%s must compare the left row with the right", n.Op)
	}
	f := feature{key: n.Op + " " + a.Key() + " " + b.Key(), kind: kinds[n.Op], floor: math.Inf(1)}
	var err error
	if f.a, err = c.slot(a); err != nil {
		return atom{}, err
	}
	if f.b, err = c.slot(b); err != nil {
		return atom{}, err
	}
	if i := c.find(f.key); i < 0 && f.kind == ownKind {
		left, err := c.cols.Codes(a)
		if err != nil {
			return atom{}, err
		}
		right, err := c.cols.Codes(b)
		if err != nil {
			return atom{}, err
		}
		f.own = c.own[n.Op](left, right)
	}
	i := c.feature(f)
	g := &c.features[i]
	g.floor = min(g.floor, limit)
	g.most = max(g.most, int(max(0, min(math.Ceil(limit), 1e6))))
	return atom{op: alike, rel: rel, a: f.a, b: f.b, feature: i, limit: limit}, nil
}

func (c *Conditions) arithmetic(n *expr.Node, rel relation, limit float64) (atom, error) {
	if a, b, ok := apart(n); ok {
		x := atom{op: within, rel: rel, limit: limit}
		var err error
		if x.a, err = c.cols.numbers(a); err == nil {
			x.b, err = c.cols.numbers(b)
		}
		return x, err
	}
	num, err := c.number(n)
	if err != nil {
		return atom{}, err
	}
	return atom{op: formula, rel: rel, feature: c.feature(feature{key: "number " + sided(n), kind: arithmetical, num: num}), limit: limit}, nil
}

// apart recognises the distance of a number of the left row and one of the right.
func apart(n *expr.Node) (left, right *expr.Node, ok bool) {
	if n.Op != "abs" || len(n.Args) != 1 || n.Args[0].Op != "-" || len(n.Args[0].Args) != 2 {
		return nil, nil, false
	}
	a, b := n.Args[0].Args[0], n.Args[0].Args[1]
	if a.Sides() == expr.Right {
		a, b = b, a
	}
	return a, b, a.Sides() == expr.Left && b.Sides() == expr.Right
}

func (c *Conditions) find(key string) int {
	for i := range c.features {
		if c.features[i].key == key {
			return i
		}
	}
	return -1
}

// feature returns the index of a feature, which levels share.
func (c *Conditions) feature(f feature) int32 {
	if i := c.find(f.key); i >= 0 {
		return int32(i)
	}
	c.features = append(c.features, f)
	return int32(len(c.features) - 1)
}

// sided is the expression with its sides.
func sided(n *expr.Node) string {
	if n.Op == "col" {
		return n.Key() + string(n.Side)
	}
	out := n.Op
	if len(n.Args) == 0 {
		out = n.Key()
	}
	for _, a := range n.Args {
		out += " (" + sided(a) + ")"
	}
	return out
}
