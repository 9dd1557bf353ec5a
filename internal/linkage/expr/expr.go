// Package expr reads the part of SQL in which linkage models state their conditions:
// what Splink writes into comparison levels and blocking rules.
package expr

import (
	"fmt"
	"strconv"
	"strings"
)

// Side is the row of a pair that a column belongs to.
type Side byte

// The sides. A condition that names a column without a side is refused.
const (
	None  Side = 0
	Left  Side = 'l'
	Right Side = 'r'
	Both  Side = 'b' // of an expression: it reads both rows
)

// Node is a node of an expression. Op is "col", "str", "num", "null", the name of a
// function in lower case, or one of and or not = <> < <= > >= + - * / || isnull.
type Node struct {
	Op   string
	Text string // of a column its name, of a string its value
	Num  float64
	Side Side // of a column
	Args []*Node
}

// SyntaxError says what could not be read, and where.
type SyntaxError struct {
	SQL    string
	Offset int // bytes
	What   string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("condition %q, character %d: %s", e.SQL, e.Offset+1, e.What)
}

// Parse reads a condition. Columns carry their side as Splink writes them: "name_l"
// and "name_r", or l.name and r.name.
func Parse(sql string) (*Node, error) {
	p := &parser{sql: sql}
	if err := p.lex(); err != nil {
		return nil, err
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.tokens) {
		return nil, p.fail("the condition goes on after its end")
	}
	return n, nil
}

// Sides returns which rows of a pair the expression reads.
func (n *Node) Sides() Side {
	if n.Op == "col" {
		return n.Side
	}
	s := None
	for _, a := range n.Args {
		switch x := a.Sides(); {
		case x == None || x == s:
		case s == None:
			s = x
		default:
			return Both
		}
	}
	return s
}

// Columns returns the names of the columns that the expression reads, in order and
// with repetitions.
func (n *Node) Columns() []string {
	if n.Op == "col" {
		return []string{n.Text}
	}
	var out []string
	for _, a := range n.Args {
		out = append(out, a.Columns()...)
	}
	return out
}

// Key is the expression without its sides: two expressions of one key compute the
// same from their rows.
func (n *Node) Key() string {
	switch n.Op {
	case "col":
		return strconv.Quote(n.Text)
	case "str":
		return "'" + strings.ReplaceAll(n.Text, "'", "''") + "'"
	case "num":
		return strconv.FormatFloat(n.Num, 'g', -1, 64)
	}
	parts := make([]string, len(n.Args))
	for i, a := range n.Args {
		parts[i] = a.Key()
	}
	return n.Op + "(" + strings.Join(parts, ",") + ")"
}

// Conjuncts returns the parts of a conjunction.
func (n *Node) Conjuncts() []*Node {
	if n.Op != "and" {
		return []*Node{n}
	}
	var out []*Node
	for _, a := range n.Args {
		out = append(out, a.Conjuncts()...)
	}
	return out
}
