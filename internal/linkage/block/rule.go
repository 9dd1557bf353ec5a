package block

import (
	"fmt"
	"strings"

	"github.com/zeebo/xxh3"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"
)

// Rule makes pairs of rows whose keys are equal.
type Rule struct {
	SQL    string
	left   [][]uint32 // per part the codes of all rows as left rows
	right  [][]uint32
	mirror bool // left and right keys are the same
	rest   *pair.Conditions
	memo   func() *pair.Memo
	groups map[int32]uint32 // of rows in blocks above the cap: the part they ended in, 0 if in none
	uses   []string
}

// Uses returns the columns that a rule reads.
func (r *Rule) Uses() []string { return r.uses }

// Parse compiles a rule: a conjunction of equations between the rows, and of further
// conditions that a pair must hold.
func Parse(cols *pair.Columns, sql string) (*Rule, error) {
	n, err := expr.Parse(sql)
	if err != nil {
		return nil, err
	}
	r := &Rule{SQL: sql, mirror: true, uses: n.Columns()}
	var rest []*expr.Node
	for _, c := range n.Conjuncts() {
		if c.Op != "=" || !across(c.Args[0], c.Args[1]) {
			rest = append(rest, c)
			continue
		}
		a, b := c.Args[0], c.Args[1]
		if a.Sides() == expr.Right {
			a, b = b, a
		}
		left, err := cols.Codes(a)
		if err != nil {
			return nil, fmt.Errorf("blocking rule %q: %w", sql, err)
		}
		right, err := cols.Codes(b)
		if err != nil {
			return nil, fmt.Errorf("blocking rule %q: %w", sql, err)
		}
		r.mirror = r.mirror && a.Key() == b.Key()
		r.left, r.right = append(r.left, left), append(r.right, right)
	}
	if len(r.left) == 0 {
		return nil, fmt.Errorf("blocking rule %q has no equation between the two rows, so every pair would be made", sql)
	}
	if len(rest) > 0 {
		one := rest[0]
		if len(rest) > 1 {
			one = &expr.Node{Op: "and", Args: rest}
		}
		if r.rest, err = pair.Compile(cols, []*expr.Node{one}, nil); err != nil {
			return nil, fmt.Errorf("blocking rule %q: %w", sql, err)
		}
	}
	return r, nil
}

func across(a, b *expr.Node) bool {
	x, y := a.Sides(), b.Sides()
	return x == expr.Left && y == expr.Right || x == expr.Right && y == expr.Left
}

// Equal returns the rule that the named columns, or expressions written with the side
// l, are equal.
func Equal(parts ...string) string {
	var out []string
	for _, p := range parts {
		out = append(out, p+" = "+strings.ReplaceAll(p, "l.\"", "r.\""))
	}
	return strings.Join(out, " and ")
}

// same reports whether the rule holds of a pair of rows, caps aside.
func (r *Rule) same(a, b int32) bool {
	for i, left := range r.left {
		if x := left[a]; x == table.Null || x != r.right[i][b] {
			return false
		}
	}
	return true
}

// makes reports whether the rule makes a pair, in whichever order.
func (r *Rule) makes(a, b int32, m *pair.Memo) bool {
	switch {
	case r.holds(a, b, m):
	case !r.mirror && r.holds(b, a, m):
	default:
		return false
	}
	x, capped := r.groups[a]
	return !capped || x != 0 && x == r.groups[b]
}

func (r *Rule) holds(a, b int32, m *pair.Memo) bool {
	return r.same(a, b) && (r.rest == nil || r.rest.Level(a, b, m) == 0)
}

// hashes gives every code a hash of its text, so that keys do not depend on the order
// in which values were met.
func hashes(d *table.Dict) []uint64 {
	out := make([]uint64, d.Len())
	for i := range out {
		out[i] = xxh3.HashString(d.Value(uint32(i)))
	}
	return out
}

// keys returns the rows that have a key, with it. Rows as right ones are marked.
func (r *Rule) keys(t *table.Table, hash []uint64) (keys []uint64, rows []uint32) {
	add := func(row int, parts [][]uint32, mark uint32) {
		var k uint64
		for _, codes := range parts {
			c := codes[row]
			if c == table.Null {
				return
			}
			k = (k ^ hash[c]) * 0x9e3779b97f4a7c15
			k ^= k >> 29
		}
		keys, rows = append(keys, k), append(rows, uint32(row)|mark)
	}
	n := t.Len()
	if r.mirror {
		keys, rows = make([]uint64, 0, n), make([]uint32, 0, n)
	}
	for i := range n {
		right := t.Right(int32(i))
		switch {
		case r.mirror && !right:
			add(i, r.left, 0)
		case r.mirror:
			add(i, r.right, asRight)
		case t.Split == 0:
			add(i, r.left, 0)
			add(i, r.right, asRight)
		case right:
			add(i, r.right, asRight)
		default:
			add(i, r.left, 0)
		}
	}
	return keys, rows
}

// asRight marks rows that stand on the right of a rule.
const asRight = 1 << 31

// HasKey calls f for every row that has a key of the rule.
func (r *Rule) HasKey(t *table.Table, f func(row int32)) {
	for i := range t.Len() {
		parts := r.left
		if t.Right(int32(i)) {
			parts = r.right
		}
		null := false
		for _, codes := range parts {
			null = null || codes[i] == table.Null
		}
		if !null {
			f(int32(i))
		}
	}
}
