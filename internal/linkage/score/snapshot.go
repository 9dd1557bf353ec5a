package score

import (
	"cmp"
	"fmt"
	"slices"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"
)

// Counts is how often the values of a column were found when a model was frozen: what
// rarity is counted from. Values that were found once are left out; a value that is not
// listed weighs as one that was found once.
type Counts struct {
	Column string // or an expression over one row
	Filled int    // rows that had a value
	Values []Count
}

// Count is a value and in how many rows it was found.
type Count struct {
	Value string
	Rows  int32
}

// countedBy returns the expression by whose values rarity is counted.
func countedBy(t *table.Table, column string) (*expr.Node, error) {
	if t.Column(column) >= 0 {
		return &expr.Node{Op: "col", Text: t.Names[t.Column(column)], Side: expr.Left}, nil
	}
	n, err := expr.Parse(column)
	if err != nil {
		return nil, fmt.Errorf("there is no column %q for the adjustment by frequency", column)
	}
	return n, nil
}

// counted lists the columns by which rarity is counted, in the order of their first
// use.
func (m *Model) counted() []string {
	var out []string
	for _, c := range m.Settings.Comparisons {
		for _, l := range c.Levels {
			if l.TFColumn != "" && !slices.Contains(out, l.TFColumn) {
				out = append(out, l.TFColumn)
			}
		}
	}
	return out
}

// Counts returns the counts of the model's table, the values in order.
func (m *Model) Counts() ([]Counts, error) {
	t := m.cols.Table()
	var out []Counts
	for _, column := range m.counted() {
		n, err := countedBy(t, column)
		if err != nil {
			return nil, err
		}
		codes, err := m.cols.Codes(n)
		if err != nil {
			return nil, err
		}
		rows, filled := t.Counts(codes)
		c := Counts{Column: column, Filled: filled}
		for code, k := range rows {
			if k > 1 && code != table.Null {
				c.Values = append(c.Values, Count{Value: t.Dict.Value(uint32(code)), Rows: k})
			}
		}
		slices.SortFunc(c.Values, func(a, b Count) int { return cmp.Compare(a.Value, b.Value) })
		out = append(out, c)
	}
	return out, nil
}

// pinned is the counts of a column by the codes of a dictionary.
type pinned struct {
	node   *expr.Node
	rows   map[uint32]int32
	most   int32
	filled float64
}

func (p *pinned) of(code uint32) int32 {
	if code == table.Null {
		return 0
	}
	return max(p.rows[code], 1)
}

// pin reads counts, in the order of the columns that the model asks for.
func (m *Model) pin(list []Counts) ([]pinned, error) {
	t := m.cols.Table()
	var out []pinned
	for _, column := range m.counted() {
		i := slices.IndexFunc(list, func(c Counts) bool { return c.Column == column })
		if i < 0 {
			return nil, fmt.Errorf("the counts of %q are missing, by which the model weighs rarity", column)
		}
		n, err := countedBy(t, column)
		if err != nil {
			return nil, err
		}
		p := pinned{node: n, rows: make(map[uint32]int32, len(list[i].Values)), most: 1, filled: float64(max(list[i].Filled, 1))}
		for _, v := range list[i].Values {
			p.rows[t.Dict.Code(v.Value)] = v.Rows
			p.most = max(p.most, v.Rows)
		}
		out = append(out, p)
	}
	return out, nil
}

// frequencies calls f for every level that is adjusted by rarity, with the place of its
// column.
func (m *Model) frequencies(f func(comparison, level, column int)) {
	columns := m.counted()
	for i, c := range m.comps {
		for level := range c.tf {
			if c.tf[level] != nil {
				f(i, level, slices.Index(columns, m.Settings.Comparisons[i].Levels[level].TFColumn))
			}
		}
	}
}

// Pin weighs rarity by given counts instead of those of the model's table, so that a
// row weighs the same whatever rows stand beside it.
func (m *Model) Pin(list []Counts) error {
	pins, err := m.pin(list)
	if err != nil {
		return err
	}
	all := make([][]int32, len(pins))
	for i := range pins {
		codes, err := m.cols.Codes(pins[i].node)
		if err != nil {
			return err
		}
		all[i] = make([]int32, len(codes))
		for row, code := range codes {
			all[i][row] = pins[i].of(code)
		}
	}
	m.repin(pins, func(f *frequency, column int) { f.rows = all[column] })
	return nil
}

func (m *Model) repin(pins []pinned, rows func(f *frequency, column int)) {
	m.frequencies(func(i, level, column int) {
		f := m.comps[i].tf[level]
		f.most, f.filled = pins[column].most, pins[column].filled
		rows(f, column)
	})
	m.Weigh()
}

// Scorer weighs records that stand in no table, by pinned counts. It gives exactly the
// weights that Weight gives for rows of a table with the same counts.
type Scorer struct {
	m    *Model
	e    *pair.Encoder
	pins []pinned
	at   [][]int32 // per comparison and level the place of its count in a record
}

// Scorer returns a scorer. nodes are the conditions of blocking rules whose slots the
// records shall have beside those of the model.
func (m *Model) Scorer(list []Counts, nodes []*expr.Node) (*Scorer, error) {
	for _, c := range m.Settings.Comparisons {
		for _, l := range c.Levels {
			if n, err := expr.Parse(l.SQL); err == nil {
				nodes = append(nodes, n)
			}
		}
	}
	e, err := m.cols.Encoder(nodes)
	if err != nil {
		return nil, err
	}
	pins, err := m.pin(list)
	if err != nil {
		return nil, err
	}
	s := &Scorer{m: m, e: e, pins: pins}
	for _, c := range m.comps {
		s.at = append(s.at, make([]int32, len(c.m)))
	}
	m.repin(pins, func(*frequency, int) {})
	m.frequencies(func(i, level, column int) { s.at[i][level] = int32(e.Width() + column) })
	return s, nil
}

// Width returns how many numbers a record is.
func (s *Scorer) Width() int { return s.e.Width() + len(s.pins) }

// Fill computes what is compared of a record from the codes of its cells.
func (s *Scorer) Fill(record, cells []uint32) {
	s.e.Fill(record, cells)
	for i := range s.pins {
		p := &s.pins[i]
		var code uint32
		if p.node.Op == "col" {
			code = cells[s.m.cols.Table().Column(p.node.Text)]
		} else if text := s.e.Text(p.node, cells); text != "" {
			known, ok := s.m.cols.Table().Dict.Lookup(text)
			if code = known; !ok {
				record[s.e.Width()+i] = 1
				continue
			}
		}
		record[s.e.Width()+i] = uint32(p.of(code))
	}
}

// Weight returns the weight of two records in bits.
func (s *Scorer) Weight(left, right []uint32, k *Memo) float64 {
	w := s.m.Lambda
	for i, c := range s.m.comps {
		level := c.conds.LevelOf(left, right, k.conds[i])
		if level < 0 {
			level = len(c.m) - 1
		}
		w += c.weights[level]
		if f := c.tf[level]; f != nil && f.bits != nil {
			at := s.at[i][level]
			w += f.bits[max(left[at], right[at])]
		}
	}
	return w
}

// Refresh lets a memo know the values that came into the dictionary since it was made.
func (s *Scorer) Refresh(k *Memo) {
	for i, c := range s.m.comps {
		c.conds.Refresh(k.conds[i])
	}
}

// Forget takes back the values that a record with the given cells brought into the
// dictionary, from code n on. No other record may have brought any since, and all memos
// in use must be given.
func (s *Scorer) Forget(cells []uint32, n int, memos ...*Memo) {
	s.m.cols.Table().Dict.Forget(n)
	s.e.Forget(cells, n)
	for _, k := range memos {
		for _, m := range k.conds {
			m.Forget(n)
		}
	}
}
