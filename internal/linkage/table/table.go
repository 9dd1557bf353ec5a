// Package table holds rows as dictionary-encoded columns: a value is compared by its
// code, and what is derived from a value is derived once per distinct value.
package table

import "strings"

// Table is the rows of one file, or of two whose rows are linked across.
type Table struct {
	Dict    *Dict
	Names   []string   // of the columns
	Columns [][]uint32 // per column the codes of all rows
	IDs     []string   // per row, as given
	Ragged  int        // rows read that had more values than the header
	Split   int        // rows from here on are the right file's; 0 if there is one file
}

// New returns an empty table with the named columns.
func New(names []string) *Table {
	return &Table{Dict: NewDict(), Names: names, Columns: make([][]uint32, len(names))}
}

// Add appends a row; missing cells are null. Surrounding space says nothing.
func (t *Table) Add(id string, cells []string) {
	t.IDs = append(t.IDs, strings.Clone(id))
	for i := range t.Columns {
		v := ""
		if i < len(cells) {
			v = strings.TrimSpace(cells[i])
		}
		t.Columns[i] = append(t.Columns[i], t.Dict.Code(v))
	}
}

// Len returns the number of rows.
func (t *Table) Len() int {
	if len(t.Columns) > 0 {
		return len(t.Columns[0])
	}
	return len(t.IDs)
}

// Column returns the index of a column, -1 if there is none.
func (t *Table) Column(name string) int {
	for i, n := range t.Names {
		if strings.EqualFold(n, name) {
			return i
		}
	}
	return -1
}

// Right reports whether a row is of the right file.
func (t *Table) Right(row int32) bool { return t.Split > 0 && int(row) >= t.Split }

// Linked reports whether two rows may be a pair: of two files, one from each.
func (t *Table) Linked(a, b int32) bool { return t.Split == 0 || t.Right(a) != t.Right(b) }

// Pairs returns how many pairs of rows there are.
func (t *Table) Pairs() float64 {
	n := float64(t.Len())
	if t.Split == 0 {
		return n * (n - 1) / 2
	}
	return float64(t.Split) * (n - float64(t.Split))
}

// Derive returns a column whose values are computed from another's, once per
// distinct value.
func (t *Table) Derive(codes []uint32, f func(string) string) []uint32 {
	const unseen = 1<<32 - 1
	of := make([]uint32, t.Dict.Len())
	for i := range of {
		of[i] = unseen
	}
	of[Null] = Null
	out := make([]uint32, len(codes))
	for i, c := range codes {
		x := of[c]
		if x == unseen {
			x = t.Dict.Code(f(t.Dict.Value(c)))
			of[c] = x
		}
		out[i] = x
	}
	return out
}

// Counts returns how often each code is in a column, and how many rows have one.
func (t *Table) Counts(codes []uint32) (counts []int32, filled int) {
	counts = make([]int32, t.Dict.Len())
	for _, c := range codes {
		if c != Null {
			counts[c]++
			filled++
		}
	}
	return counts, filled
}
