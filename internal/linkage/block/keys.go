package block

import (
	"fmt"

	"muster/internal/linkage/expr"
)

// Keys is a rule taken apart: rows are a pair if the left parts of one are equal to the
// right parts of the other and the rest holds.
type Keys struct {
	Left, Right []*expr.Node
	Mirror      bool       // both sides are the same
	Rest        *expr.Node // nil if there is none
}

// KeysOf takes a rule apart, as Parse does.
func KeysOf(sql string) (Keys, error) {
	n, err := expr.Parse(sql)
	if err != nil {
		return Keys{}, err
	}
	k := Keys{Mirror: true}
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
		k.Mirror = k.Mirror && a.Key() == b.Key()
		k.Left, k.Right = append(k.Left, a), append(k.Right, b)
	}
	if len(k.Left) == 0 {
		return k, fmt.Errorf("blocking rule %q has no equation between the two rows, so every pair would be made", sql)
	}
	switch len(rest) {
	case 0:
	case 1:
		k.Rest = rest[0]
	default:
		k.Rest = &expr.Node{Op: "and", Args: rest}
	}
	return k, nil
}
