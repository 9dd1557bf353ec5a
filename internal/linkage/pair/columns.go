package pair

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"sync"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/similar"
	"muster/internal/linkage/table"
)

// Columns computes expressions over single rows, each once.
type Columns struct {
	t       *table.Table
	codes   map[string][]uint32
	regexps map[string]*regexp.Regexp

	// What pairs are compared by lies row by row, so that a row is one or two lines of
	// the processor's cache.
	mu    sync.Mutex
	slots []slot
	width int // slots in use: a number takes two
	rows  []uint32
	of    int // width of rows
	infos []similar.Info
}

// slot is a column that is compared.
type slot struct {
	at    int32
	key   *uint32 // first of the codes it holds
	codes []uint32
	nums  bool // it holds the codes' numbers
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
	case joined(n):
		codes = c.join(n, names)
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

// joined reports whether an expression only puts values and texts together.
func joined(n *expr.Node) bool {
	if n.Op == "||" {
		return joined(n.Args[0]) && joined(n.Args[1])
	}
	return n.Op == "col" || n.Op == "str" && n.Text != ""
}

// join puts values together, row by row; nothing is made of a missing one.
func (c *Columns) join(n *expr.Node, names map[string][]uint32) []uint32 {
	var parts []func(row int) string
	var flat func(n *expr.Node)
	flat = func(n *expr.Node) {
		switch n.Op {
		case "||":
			flat(n.Args[0])
			flat(n.Args[1])
		case "col":
			column := names[n.Text]
			parts = append(parts, func(row int) string { return c.t.Dict.Value(column[row]) })
		default:
			parts = append(parts, func(int) string { return n.Text })
		}
	}
	flat(n)
	codes := make([]uint32, c.t.Len())
	var text []byte
next:
	for row := range codes {
		text = text[:0]
		for _, p := range parts {
			s := p(row)
			if s == "" {
				continue next
			}
			text = append(text, s...)
		}
		codes[row] = c.t.Dict.CodeOf(text)
	}
	return codes
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

// slot returns where the codes of a column are in a row.
func (c *Columns) slot(codes []uint32) int32 { return c.place(codes, false) }

// numbers computes an expression over one row and returns where its numbers are.
func (c *Columns) numbers(n *expr.Node) (int32, error) {
	codes, err := c.Codes(n)
	if err != nil {
		return 0, err
	}
	return c.place(codes, true), nil
}

func (c *Columns) place(codes []uint32, nums bool) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var key *uint32
	if len(codes) > 0 {
		key = &codes[0]
	}
	for _, s := range c.slots {
		if s.key == key && s.nums == nums {
			return s.at
		}
	}
	s := slot{at: int32(c.width), key: key, codes: codes, nums: nums}
	c.slots = append(c.slots, s)
	c.width++
	if nums {
		c.width++
	}
	return s.at
}

// pack returns the slots of all rows, and if texts are compared what bounds their
// similarity, by code.
func (c *Columns) pack(texts bool) (rows []uint32, width int, infos []similar.Info) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.t.Dict
	if texts && len(c.infos) < d.Len() {
		c.infos = slices.Grow(c.infos, d.Len()-len(c.infos))
		for code := len(c.infos); code < d.Len(); code++ {
			c.infos = append(c.infos, similar.InfoOf(d.Value(uint32(code))))
		}
	}
	if c.of != c.width {
		n := c.t.Len()
		c.rows, c.of = nil, c.width // the old ones may go
		c.rows = make([]uint32, n*c.width)
		for _, s := range c.slots {
			c.fill(s)
		}
	}
	return c.rows, c.width, c.infos
}

func (c *Columns) fill(s slot) {
	if !s.nums {
		for i, code := range s.codes {
			c.rows[i*c.width+int(s.at)] = code
		}
		return
	}
	const unseen = 0 // the number 0 is computed each time
	known := make([]uint64, c.t.Dict.Len())
	for i, code := range s.codes {
		x := known[code]
		if x == unseen {
			v, ok := Number(c.t.Dict.Value(code))
			if !ok {
				v = math.NaN()
			}
			x = math.Float64bits(v)
			known[code] = x
		}
		at := i*c.width + int(s.at)
		c.rows[at], c.rows[at+1] = uint32(x), uint32(x>>32)
	}
}
