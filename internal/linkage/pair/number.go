package pair

import (
	"fmt"
	"math"

	"muster/internal/linkage/expr"
)

// number is an arithmetic expression over both rows.
type number struct {
	op    string
	kids  []*number
	slot  int32 // of a value of one row
	right bool
	x     float64
}

func (c *Conditions) number(n *expr.Node) (*number, error) {
	if n.Op == "num" {
		return &number{op: "num", x: n.Num}, nil
	}
	if s := n.Sides(); s == expr.Left || s == expr.Right {
		slot, err := c.cols.numbers(n)
		if err != nil {
			return nil, err
		}
		return &number{op: "value", slot: slot, right: s == expr.Right}, nil
	}
	out := &number{op: n.Op}
	args := n.Args
	switch n.Op {
	case "+", "-", "*", "/", "greatest", "least":
		if len(args) != 2 {
			return nil, fmt.Errorf("%s has %d arguments", n.Op, len(args))
		}
	case "abs", "epoch", "to_number":
		if len(args) != 1 {
			return nil, fmt.Errorf("%s has %d arguments", n.Op, len(args))
		}
	case "date_diff", "datediff":
		if len(args) != 3 || args[0].Op != "str" {
			return nil, fmt.Errorf("%s asks for a unit and two dates", n.Op)
		}
		unit, ok := units[args[0].Text]
		if !ok {
			return nil, fmt.Errorf("%s does not know the unit %q", n.Op, args[0].Text)
		}
		out.op, out.x, args = "date_diff", unit, args[1:]
	default:
		return nil, fmt.Errorf("the function %s of both rows is not known", n.Op)
	}
	for _, a := range args {
		k, err := c.number(a)
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, k)
	}
	return out, nil
}

// units of differences of dates, in seconds; months and years are mean ones.
var units = map[string]float64{"second": 1, "day": 86400, "week": 7 * 86400, "month": 2629800, "year": 31557600}

// of computes the number of a pair, NaN if a value is missing or none.
func (n *number) of(left, right []uint32) float64 {
	switch n.op {
	case "num":
		return n.x
	case "value":
		if n.right {
			return numberAt(right, n.slot)
		}
		return numberAt(left, n.slot)
	}
	a := n.kids[0].of(left, right)
	if len(n.kids) == 1 {
		if n.op == "abs" {
			return math.Abs(a)
		}
		return a
	}
	b := n.kids[1].of(left, right)
	switch n.op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		if b == 0 {
			return math.NaN()
		}
		return a / b
	case "greatest":
		return math.Max(a, b)
	case "least":
		return math.Min(a, b)
	}
	return math.Trunc((b - a) / n.x) // date_diff
}
