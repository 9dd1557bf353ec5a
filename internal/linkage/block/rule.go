package block

import (
	"fmt"
	"slices"
	"strings"

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

// keys returns, of all rows that have a key, a hash of it above the row's number, in space if it is enough. Of
// asymmetric rules, and of two files, rows stand on the right as well, or only there.
func (r *Rule) keys(t *table.Table, space []uint64) []uint64 {
	n := t.Len()
	out := slices.Grow(space[:0], n)
	add := func(row int, parts [][]uint32, mark uint64) {
		var k uint64
		for _, codes := range parts {
			c := codes[row]
			if c == table.Null {
				return
			}
			k = (k ^ uint64(c)) * 0x9e3779b97f4a7c15
			k ^= k >> 29
		}
		out = append(out, k<<rowBits|mark|uint64(row))
	}
	for i := range n {
		right := t.Right(int32(i))
		switch {
		case t.Split == 0 && r.mirror:
			add(i, r.left, 0)
		case t.Split == 0:
			add(i, r.left, 0)
			add(i, r.right, rightBit)
		case right:
			add(i, r.right, rightBit)
		default:
			add(i, r.left, 0)
		}
	}
	return out
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
