package pair

import (
	"fmt"
	"math"
	"regexp"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/similar"
	"muster/internal/linkage/table"
)

// Columns computes expressions over single rows, each once.
type Columns struct {
	t       *table.Table
	codes   map[string][]uint32
	regexps map[string]*regexp.Regexp
	numbers []float64 // by code, NaN if it is none
	masks   []uint64  // by code
}

// NewColumns returns the columns of a table.
func NewColumns(t *table.Table) *Columns {
	return &Columns{t: t, codes: map[string][]uint32{}, regexps: map[string]*regexp.Regexp{}}
}

// Table returns the table behind the columns.
func (c *Columns) Table() *table.Table { return c.t }

// Codes returns the values of an expression over one row, for all rows.
func (c *Columns) Codes(n *expr.Node) ([]uint32, error) {
	if n.Sides() == expr.Both {
		return nil, fmt.Errorf("an expression over one row reads both")
	}
	if err := checkRow(n); err != nil {
		return nil, err
	}
	key := n.Key()
	if codes, ok := c.codes[key]; ok {
		return codes, nil
	}
	names := map[string][]uint32{}
	for _, name := range n.Columns() {
		i := c.t.Column(name)
		if i < 0 {
			return nil, fmt.Errorf("there is no column %q", name)
		}
		names[name] = c.t.Columns[i]
	}
	var codes []uint32
	switch r := (&row{regexps: c.regexps}); {
	case n.Op == "col":
		codes = names[n.Text]
	case len(names) == 1:
		codes = c.one(n, names, r)
	default:
		codes = make([]uint32, c.t.Len())
		i := 0
		r.get = func(column string) string { return c.t.Dict.Value(names[column][i]) }
		for i = range codes {
			codes[i] = c.t.Dict.Code(r.eval(n).text)
		}
	}
	c.codes[key] = codes
	return codes, nil
}

// one computes an expression over one column, once per value.
func (c *Columns) one(n *expr.Node, names map[string][]uint32, r *row) []uint32 {
	for _, column := range names {
		null := ""
		r.get = func(string) string { return null }
		ofNull := c.t.Dict.Code(r.eval(n).text)
		codes := c.t.Derive(column, func(s string) string {
			r.get = func(string) string { return s }
			return r.eval(n).text
		})
		if ofNull != table.Null { // coalesce
			for i, code := range column {
				if code == table.Null {
					codes[i] = ofNull
				}
			}
		}
		return codes
	}
	return nil
}

// prepare computes what comparisons need to know of values, for all codes there are.
func (c *Columns) prepare() {
	d := c.t.Dict
	for code := len(c.masks); code < d.Len(); code++ {
		c.masks = append(c.masks, similar.Mask(d.Value(uint32(code))))
	}
}

// number returns the number that a code stands for.
func (c *Columns) number(code uint32) float64 {
	for len(c.numbers) <= int(code) {
		x, ok := Number(c.t.Dict.Value(uint32(len(c.numbers))))
		if !ok {
			x = math.NaN()
		}
		c.numbers = append(c.numbers, x)
	}
	return c.numbers[code]
}
