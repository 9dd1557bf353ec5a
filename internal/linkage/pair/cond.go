// Package pair compiles conditions on pairs of rows: what reads one row is computed
// once per value, what is left is comparing codes, numbers and similarities.
package pair

import (
	"fmt"
	"math"
	"slices"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/similar"
	"muster/internal/linkage/table"
)

// truth is SQL's: what reads a missing value is neither true nor false.
type truth int8

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// cond is a compiled condition.
type cond struct {
	op      string // and or not eq isnull sim num const
	kids    []cond
	a, b    []uint32 // of eq and isnull: codes of the left and the right row
	feature int
	rel     string
	limit   float64
	always  truth
}

// feature is a value of a pair that several levels compare with limits; it is computed
// once per pair.
type feature struct {
	key  string
	kind string // a similarity, or "number"
	a, b []uint32
	num  *number
	// Below floor, or above most, the exact value does not matter.
	floor float64
	most  int
	text  Similarity
}

// Similarity compares two values by their codes; the engine brings some that need to
// know all values, such as how rare words are.
type Similarity func(a, b uint32) float64

// Conditions are the conditions of one list of levels with the features they share.
type Conditions struct {
	cols     *Columns
	own      map[string]func(codes ...[]uint32) Similarity
	levels   []cond
	features []feature
}

// Memo holds the features of the pair at hand; each worker has one.
type Memo struct {
	values []float64
	known  []bool
}

// Compile compiles conditions, of which the first that is true counts. own are
// further similarities by name, each made for the columns that it compares.
func Compile(cols *Columns, conditions []*expr.Node, own map[string]func(codes ...[]uint32) Similarity) (*Conditions, error) {
	c := &Conditions{cols: cols, own: own}
	for _, n := range conditions {
		if n == nil { // ELSE
			c.levels = append(c.levels, cond{op: "const", always: yes})
			continue
		}
		x, err := c.compile(n)
		if err != nil {
			return nil, err
		}
		c.levels = append(c.levels, x)
	}
	cols.prepare()
	return c, nil
}

// NewMemo returns a memo for the conditions.
func (c *Conditions) NewMemo() *Memo {
	return &Memo{values: make([]float64, len(c.features)), known: make([]bool, len(c.features))}
}

// Level returns the index of the first condition that is true, -1 if none is.
func (c *Conditions) Level(l, r int32, m *Memo) int {
	clear(m.known)
	for i := range c.levels {
		if c.eval(&c.levels[i], l, r, m) == yes {
			return i
		}
	}
	return -1
}

func (c *Conditions) eval(x *cond, l, r int32, m *Memo) truth {
	switch x.op {
	case "eq":
		a, b := x.a[l], x.b[r]
		if a == table.Null || b == table.Null {
			return unknown
		}
		return truthOf(a == b)
	case "sim":
		v, ok := c.value(x.feature, l, r, m)
		if !ok {
			return unknown
		}
		return truthOf(holds(v, x.rel, x.limit))
	case "and", "or":
		stop := no
		if x.op == "or" {
			stop = yes
		}
		out := -stop
		for i := range x.kids {
			switch t := c.eval(&x.kids[i], l, r, m); t {
			case stop:
				return stop
			case unknown:
				out = unknown
			}
		}
		return out
	case "not":
		return -c.eval(&x.kids[0], l, r, m)
	case "isnull":
		if x.a != nil {
			return truthOf(x.a[l] == table.Null)
		}
		return truthOf(x.b[r] == table.Null)
	}
	return x.always
}

func holds(v float64, rel string, limit float64) bool {
	switch rel {
	case ">=":
		return v >= limit
	case ">":
		return v > limit
	case "<=":
		return v <= limit
	case "<":
		return v < limit
	case "=":
		return v == limit
	}
	return v != limit
}

// value returns a feature of the pair; ok is false if it reads a missing value.
func (c *Conditions) value(i int, l, r int32, m *Memo) (v float64, ok bool) {
	if m.known[i] {
		return m.values[i], !math.IsNaN(m.values[i])
	}
	v = c.features[i].of(c.cols, l, r)
	m.known[i], m.values[i] = true, v
	return v, !math.IsNaN(v)
}

func (f *feature) of(cols *Columns, l, r int32) float64 {
	if f.kind == "number" {
		return f.num.of(cols, l, r)
	}
	a, b := f.a[l], f.b[r]
	if a == table.Null || b == table.Null {
		return math.NaN()
	}
	if f.text != nil {
		return f.text(a, b)
	}
	d := cols.t.Dict
	switch f.kind {
	case "jaro_winkler_similarity":
		if a == b {
			return 1
		}
		x, y := d.Value(a), d.Value(b)
		if similar.Bound(x, y, cols.masks[a], cols.masks[b]) < f.floor {
			return 0
		}
		return similar.JaroWinkler(x, y)
	case "jaro_similarity":
		return similar.Jaro(d.Value(a), d.Value(b))
	case "levenshtein":
		return float64(similar.Levenshtein(d.Value(a), d.Value(b), f.most))
	case "damerau_levenshtein":
		return float64(similar.OSA(d.Value(a), d.Value(b), f.most))
	}
	return similar.Letters(d.Value(a), d.Value(b))
}

// distances are the functions that count edits.
var distances = []string{"levenshtein", "damerau_levenshtein"}

// known are the similarities of two texts.
var known = append([]string{"jaro_winkler_similarity", "jaro_similarity", "jaccard"}, distances...)

func (c *Conditions) compile(n *expr.Node) (cond, error) {
	switch n.Op {
	case "and", "or", "not":
		x := cond{op: n.Op}
		for _, a := range n.Args {
			k, err := c.compile(a)
			if err != nil {
				return cond{}, err
			}
			x.kids = append(x.kids, k)
		}
		return x, nil
	case "isnull":
		return c.isNull(n.Args[0])
	case "=", "<>", "<", "<=", ">", ">=":
		return c.relation(n)
	}
	return cond{}, fmt.Errorf("%s is no condition", n.Op)
}

func (c *Conditions) isNull(n *expr.Node) (cond, error) {
	codes, err := c.cols.Codes(n)
	if err != nil {
		return cond{}, err
	}
	if n.Sides() == expr.Right {
		return cond{op: "isnull", b: codes}, nil
	}
	return cond{op: "isnull", a: codes}, nil
}

var mirror = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}

func (c *Conditions) relation(n *expr.Node) (cond, error) {
	a, b, rel := n.Args[0], n.Args[1], n.Op
	if a.Sides() == expr.None {
		a, b, rel = b, a, mirror[rel]
	}
	switch sa, sb := a.Sides(), b.Sides(); {
	case sa != expr.Both && sb != expr.Both && sa != sb && sb != expr.None && (rel == "=" || rel == "<>"):
		if sa == expr.Right {
			a, b = b, a
		}
		return c.equal(a, b, rel)
	case sb == expr.None && b.Op == "num" && sa == expr.Both && len(a.Args) == 2 && (slices.Contains(known, a.Op) || c.own[a.Op] != nil):
		return c.similarity(a, rel, b.Num)
	case sb == expr.None && sa != expr.Both && sa != expr.None && b.Op == "str" && (rel == "=" || rel == "<>"):
		return c.constant(a, rel, b.Text)
	}
	diff := &expr.Node{Op: "-", Args: []*expr.Node{a, b}}
	limit := 0.0
	if b.Op == "num" {
		diff, limit = a, b.Num
	}
	num, err := c.number(diff)
	if err != nil {
		return cond{}, err
	}
	return cond{op: "sim", feature: c.feature(feature{key: "number " + sided(diff), kind: "number", num: num}), rel: rel, limit: limit}, nil
}

func (c *Conditions) equal(a, b *expr.Node, rel string) (cond, error) {
	x := cond{op: "eq"}
	var err error
	if x.a, err = c.cols.Codes(a); err == nil {
		x.b, err = c.cols.Codes(b)
	}
	if rel == "<>" {
		x = cond{op: "not", kids: []cond{x}}
	}
	return x, err
}

// constant compares a value of one row with a text.
func (c *Conditions) constant(a *expr.Node, rel, text string) (cond, error) {
	codes, err := c.cols.Codes(a)
	if err != nil {
		return cond{}, err
	}
	code := c.cols.t.Dict.Code(text)
	same := make([]uint32, len(codes))
	for i := range same {
		same[i] = code
	}
	x := cond{op: "eq", a: codes, b: same}
	if a.Sides() == expr.Right {
		x.a, x.b = same, codes
	}
	if rel == "<>" {
		x = cond{op: "not", kids: []cond{x}}
	}
	return x, nil
}

func (c *Conditions) similarity(n *expr.Node, rel string, limit float64) (cond, error) {
	a, b := n.Args[0], n.Args[1]
	if a.Sides() == expr.Right {
		a, b = b, a
	}
	if a.Sides() != expr.Left || b.Sides() != expr.Right {
		return cond{}, fmt.Errorf("%s must compare the left row with the right", n.Op)
	}
	f := feature{key: n.Op + " " + a.Key() + " " + b.Key(), kind: n.Op, floor: math.Inf(1)}
	var err error
	if f.a, err = c.cols.Codes(a); err != nil {
		return cond{}, err
	}
	if f.b, err = c.cols.Codes(b); err != nil {
		return cond{}, err
	}
	if f.text == nil && c.own[n.Op] != nil && !slices.ContainsFunc(c.features, func(g feature) bool { return g.key == f.key }) {
		f.text = c.own[n.Op](f.a, f.b)
	}
	i := c.feature(f)
	g := &c.features[i]
	switch {
	case rel == ">=" || rel == ">":
		g.floor = min(g.floor, limit)
	case slices.Contains(distances, n.Op) && rel != "<>":
		g.floor = 0
	default:
		g.floor = 0
	}
	g.most = max(g.most, int(min(math.Ceil(limit), 1e6))+1)
	return cond{op: "sim", feature: i, rel: rel, limit: limit}, nil
}

// feature returns the index of a feature, which levels share.
func (c *Conditions) feature(f feature) int {
	for i := range c.features {
		if c.features[i].key == f.key {
			return i
		}
	}
	c.features = append(c.features, f)
	return len(c.features) - 1
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
