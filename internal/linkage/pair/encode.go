package pair

import (
	"fmt"
	"math"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/similar"
	"muster/internal/linkage/table"
)

// Encoder computes what is compared of records that come one by one and stand in no
// table. It is made from columns over a table of the same names, once all conditions
// are compiled, and gives what the columns would give if the record were a row. It is
// not safe for several goroutines.
type Encoder struct {
	cols  *Columns
	at    map[string]int // index of a column by its name
	parts []part
	row   row
	cells []uint32
}

// part is how a slot is filled.
type part struct {
	at     int32
	nums   bool
	node   *expr.Node // nil for a constant
	code   uint32     // of a constant
	column int        // the only column that is read, -1 if there are more
	known  []derived
}

// derived is a value that was computed before.
type derived struct {
	from uint32
	to   uint64
}

// knownValues is how many values a slot remembers: names repeat.
const knownValues = 1 << 12

// Encoder returns an encoder. nodes are all conditions and rules that were compiled
// with the columns: the slots are found in them. The table must have a row at least,
// since columns are told apart by where their first code lies.
func (c *Columns) Encoder(nodes []*expr.Node) (*Encoder, error) {
	if c.t.Len() == 0 {
		return nil, fmt.Errorf("an encoder needs a table of one row at least")
	}
	e := &Encoder{cols: c, at: map[string]int{}, row: row{regexps: c.regexps}}
	for i, name := range c.t.Names {
		e.at[name] = i
	}
	known := map[*uint32]*expr.Node{}
	var walk func(n *expr.Node)
	walk = func(n *expr.Node) {
		if n == nil {
			return
		}
		if codes, ok := c.codes[n.Key()]; ok && n.Sides() != expr.Both {
			known[&codes[0]] = n
		}
		for _, a := range n.Args {
			walk(a)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.slots {
		p := part{at: s.at, nums: s.nums, node: known[s.key], code: s.codes[0], column: -1}
		if p.node != nil {
			p.column = e.only(p.node)
			p.known = make([]derived, knownValues)
		}
		e.parts = append(e.parts, p)
	}
	return e, nil
}

// only returns the index of the column that an expression reads, -1 if it reads none
// or several.
func (e *Encoder) only(n *expr.Node) int {
	column := -1
	for _, name := range n.Columns() {
		i := e.cols.t.Column(name)
		if column >= 0 && i != column {
			return -1
		}
		column = i
	}
	return column
}

// Slot returns where the values of an expression over one row stand in what is
// compared. It must be called before the encoder is made.
func (c *Columns) Slot(n *expr.Node) (int32, error) {
	codes, err := c.Codes(n)
	if err != nil {
		return 0, err
	}
	return c.slot(codes), nil
}

// Width returns how many slots there are.
func (e *Encoder) Width() int { return e.cols.width }

// Fill computes the slots of a record from the codes of its cells, in the order of the
// table's columns. Values that are new go into the table's dictionary.
func (e *Encoder) Fill(slots, cells []uint32) {
	e.cells = cells
	for i := range e.parts {
		p := &e.parts[i]
		x := e.value(p)
		slots[p.at] = uint32(x)
		if p.nums {
			slots[p.at+1] = uint32(x >> 32)
		}
	}
}

// value returns the code of a slot, or the bits of its number.
func (e *Encoder) value(p *part) uint64 {
	if p.column < 0 || e.cells[p.column] == table.Null {
		return e.compute(p)
	}
	code := e.cells[p.column]
	d := &p.known[code%knownValues]
	if d.from != code {
		d.from, d.to = code, e.compute(p)
	}
	return d.to
}

func (e *Encoder) compute(p *part) uint64 {
	dict := e.cols.t.Dict
	code := p.code
	switch {
	case p.node == nil:
	case p.node.Op == "col":
		code = e.cells[p.column]
	default:
		code = dict.Code(e.Text(p.node, e.cells))
	}
	if !p.nums {
		return uint64(code)
	}
	x, ok := Number(dict.Value(code))
	if !ok {
		x = math.NaN()
	}
	return math.Float64bits(x)
}

// Text computes an expression over one row of a record.
func (e *Encoder) Text(n *expr.Node, cells []uint32) string {
	e.row.get = func(column string) string {
		i, ok := e.at[column]
		if !ok {
			i = e.cols.t.Column(column)
			e.at[column] = i
		}
		return e.cols.t.Dict.Value(cells[i])
	}
	return e.row.eval(n).text
}

// Refresh lets a memo know the values that came into the dictionary since it was made.
func (c *Conditions) Refresh(m *Memo) {
	if m.infos != nil && len(m.infos) < c.cols.t.Dict.Len() {
		_, _, m.infos = c.cols.pack(true)
	}
}

// Forget makes the encoder forget what it derived from cells, where a value of a code
// from n on is in it: those codes are given again.
func (e *Encoder) Forget(cells []uint32, n int) {
	for i := range e.parts {
		p := &e.parts[i]
		if p.column < 0 {
			continue
		}
		d := &p.known[cells[p.column]%knownValues]
		if int64(d.from) >= int64(n) || !p.nums && d.to >= uint64(n) {
			*d = derived{}
		}
	}
	e.cols.mu.Lock()
	defer e.cols.mu.Unlock()
	e.cols.infos = e.cols.infos[:min(len(e.cols.infos), n)]
}

// Forget makes a memo forget the values of the codes from n on.
func (m *Memo) Forget(n int) {
	for i, code := range m.of {
		if int64(code) >= int64(n) {
			m.patterns[i].Set("", similar.Info{}) // it must not hold on to the text
			m.of[i] = table.Null
		}
	}
	m.infos = m.infos[:min(len(m.infos), n)]
}
