package source

import (
	"strings"

	"muster/internal/source/extract"
	"muster/internal/source/mapping"
	"muster/internal/source/transform"
)

// binding ties the paths of a mapping to the columns of one header.
type binding struct {
	m     *mapping.Mapping
	num   int   // number of the mapping
	cols  []int // per path: column, -1 if there is none
	sub   []int // per path: slot in the column's JSON, -1 if the cell itself is meant
	progs map[int]*extract.Program
	score int  // by columns alone
	byRow bool // values decide too: score row by row
	exact int  // columns found under their own name and not by a synonym
}

// columns looks up columns of a header.
type columns struct {
	header []string
	names  map[string]int // normalised → first column
}

func newColumns(header []string) *columns {
	c := &columns{header, make(map[string]int, len(header))}
	for i, h := range header {
		n := Normalise(h)
		if _, taken := c.names[n]; !taken && n != "" {
			c.names[n] = i
		}
	}
	return c
}

// how says by which name a column was found.
type how uint8

const (
	byName how = iota
	bySynonym
	byGeneralWord
)

// find returns the column of a path. Synonyms are tried for mappings that are
// about tables only: where the names of a JSON export come flattened they are
// the vendor's own, and a synonym would only invite another vendor's table.
func (c *columns) find(p extract.Path, synonyms bool) (col int, found how) {
	if len(p.Steps) == 1 && p.Steps[0].Quoted {
		for i, h := range c.header {
			if strings.EqualFold(strings.TrimSpace(h), p.Steps[0].Name) {
				return i, byName
			}
		}
		return -1, byName
	}
	if i, ok := c.names[Normalise(p.Text)]; ok {
		return i, byName
	}
	if synonyms {
		t := headers()
		for n, s := range t.synonyms[p.Text] {
			if i, ok := c.names[s]; ok && n >= t.general[p.Text] {
				return i, byGeneralWord
			} else if ok {
				return i, bySynonym
			}
		}
	}
	return -1, byName
}

// bind ties a mapping to a header.
func (c *columns) bind(m *mapping.Mapping, num int) *binding {
	paths := m.Paths()
	b := &binding{m: m, num: num, cols: make([]int, len(paths)), sub: make([]int, len(paths))}
	inner := map[int][]extract.Path{}
	required, absent := m.Roles()
	for i, p := range paths {
		col, found := c.find(p, !m.JSON)
		if absent[i] && found == byGeneralWord {
			col = -1 // a column "Date" does not make a table one of payments
		}
		b.cols[i], b.sub[i] = col, -1
		if col >= 0 && found == byName && required[i] {
			b.exact++
		}
		if col >= 0 || len(p.Steps) < 2 || p.Steps[0].Kind != extract.Key {
			continue
		}
		head := extract.Path{Text: p.Steps[0].Name, Steps: p.Steps[:1]}
		if col, _ = c.find(head, false); col >= 0 { // the column may hold JSON
			b.cols[i], b.sub[i] = col, len(inner[col])
			inner[col] = append(inner[col], extract.Path{Text: p.Text, Steps: p.Steps[1:]})
		}
	}
	if len(inner) > 0 {
		b.progs = make(map[int]*extract.Program, len(inner))
		for col, list := range inner {
			b.progs[col] = extract.Compile(list)
		}
	}
	return b
}

func (b *binding) has(path int) bool { return b.cols[path] >= 0 }

// tableRow is a row of a table, or a flat object, seen by one mapping.
type tableRow struct {
	b      *binding
	cells  []string
	orders []transform.Order // per column
	texts  *texts
	slots  map[*extract.Program]*extract.Slots
	ran    map[int]bool // columns whose JSON of this row has been read; false: damaged
}

func (r *tableRow) reset(cells []string) {
	r.cells = cells
	clear(r.ran)
}

// Fill implements [mapping.Row].
func (r *tableRow) Fill(i int, v *transform.Value) {
	col := r.b.cols[i]
	if col < 0 || col >= len(r.cells) {
		return
	}
	if r.b.sub[i] < 0 {
		v.FillText(r.texts.cell(r.cells[col]))
	} else if s := r.inner(col); s != nil {
		mapping.FillSlot(v, s, r.b.sub[i], r.b.m.Paths()[i].Multi(), r.texts.raw)
	}
}

// Has implements [mapping.Row]: the column exists.
func (r *tableRow) Has(i int) bool {
	col := r.b.cols[i]
	if col < 0 || r.b.sub[i] < 0 {
		return col >= 0
	}
	s := r.inner(col)
	return s != nil && s.Has(r.b.sub[i])
}

// Order implements [mapping.Row].
func (r *tableRow) Order(i int) transform.Order {
	col := r.b.cols[i]
	if col < 0 || col >= len(r.orders) {
		return transform.OrderUnknown
	}
	return r.orders[col]
}

// inner reads the JSON in a cell, once a row.
func (r *tableRow) inner(col int) *extract.Slots {
	prog := r.b.progs[col]
	s := r.slots[prog]
	good, done := r.ran[col]
	if !done {
		if s == nil {
			s = prog.Slots()
			r.slots[prog] = s
		}
		good = col < len(r.cells) && strings.IndexAny(strings.TrimSpace(r.cells[col]), "{[") == 0 && s.Run([]byte(r.cells[col])) == nil
		r.ran[col] = good
	}
	if !good {
		return nil
	}
	return s
}
