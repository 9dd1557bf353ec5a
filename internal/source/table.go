package source

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/source/transform"
)

// table is a header with the mappings that may read its rows.
type table struct {
	header   []string
	bindings []*binding // whose columns are there, by number of mapping
	byRow    bool       // values decide between them
	best     *binding   // otherwise: the mapping of all rows
	tie      *binding
	orders   []transform.Order // per column
}

// exactUnit weighs a matched column against columns found by synonym: the
// latter only decide between equals.
const exactUnit = 100_000

// newTable finds the mappings of a header, or of the keys of a flat object.
func (e *engine) newTable(header []string, f *file, flat bool) *table {
	t := &table{header: header}
	cols := newColumns(header)
	for i, m := range e.maps {
		if !m.Table || flat && !m.Flat && f.forced != i || f.allowed != nil && !f.allowed[i] {
			continue
		}
		b := cols.bind(m, i)
		score, byRow, ok := m.ColumnScore(b.has)
		if !ok && f.forced != i {
			continue
		}
		b.score, b.byRow = score, byRow || len(b.progs) > 0
		t.bindings = append(t.bindings, b)
	}
	t.decide()
	if f.forced >= 0 && len(t.bindings) == 1 {
		t.byRow, t.best, t.tie = false, t.bindings[0], nil
	}
	return t
}

// decide settles the mapping by columns alone, unless a mapping that looks at
// values could still win.
func (t *table) decide() {
	for _, b := range t.bindings {
		rank := b.score*exactUnit + b.exact
		switch {
		case t.best == nil || rank > t.best.score*exactUnit+t.best.exact:
			t.best, t.tie = b, nil
		case rank == t.best.score*exactUnit+t.best.exact:
			t.tie = b
		}
	}
	t.byRow = slices.ContainsFunc(t.bindings, func(b *binding) bool { return b.byRow })
}

// dateColumns returns the columns that some mapping reads dates from.
func (e *engine) dateColumns(t *table) []int {
	var out []int
	for _, b := range t.bindings {
		for i, isDate := range e.dates[b.num] {
			if isDate && b.cols[i] >= 0 && b.sub[i] < 0 && !slices.Contains(out, b.cols[i]) {
				out = append(out, b.cols[i])
			}
		}
	}
	return out
}

// nearest says which mapping comes closest to a header and what it misses.
func (e *engine) nearest(header []string) string {
	cols := newColumns(header)
	best, text := 0, ""
	for i, m := range e.maps {
		if !m.Table {
			continue
		}
		b := cols.bind(m, i)
		missing, present := m.Missing(b.has)
		if len(missing) == 0 || present*1000/(present+len(missing)) <= best {
			continue
		}
		best = present * 1000 / (present + len(missing))
		text = fmt.Sprintf("nearest is %s (%s), which also needs %s", m.ID, m.Title, plural("column", missing))
	}
	if best < 250 {
		return "no mapping knows these columns"
	}
	return text
}

func plural(what string, names []string) string {
	const shown = 5
	if len(names) > 1 {
		what += "s"
	}
	more := ""
	if len(names) > shown {
		more = fmt.Sprintf(" and %d more", len(names)-shown)
		names = names[:shown]
	}
	return what + " " + strings.Join(names, ", ") + more
}

// orders collects what the values of a column say about the order of its dates.
type orders struct {
	dmy, mdy bool
}

func (o *orders) see(s string) {
	switch order, _ := transform.OrderOf(s); order {
	case transform.OrderDMY:
		o.dmy = true
	case transform.OrderMDY:
		o.mdy = true
	}
}

// decided returns the order; a column that holds both orders has none.
func (o orders) decided(fixed transform.Order) transform.Order {
	switch {
	case fixed != transform.OrderUnknown:
		return fixed
	case o.dmy && !o.mdy:
		return transform.OrderDMY
	case o.mdy && !o.dmy:
		return transform.OrderMDY
	}
	return transform.OrderUnknown
}
