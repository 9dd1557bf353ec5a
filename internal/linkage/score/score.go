// Package score weighs pairs of rows by the model of Fellegi and Sunter (1969), in
// bits: the prior, per comparison the logarithm of how much more often its level is
// found among matches than among others, and for equal values how rare they are.
package score

import (
	"fmt"
	"math"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"
)

// Bounds that keep a single count from deciding.
const (
	floorU     = 1e-7 // of a level's share among others
	floorM     = 1e-6
	mostWeight = 12.0 // bits of one field
)

// Model is a compiled model over one table.
type Model struct {
	Settings *model.Settings
	cols     *pair.Columns
	comps    []*comparison
	Lambda   float64 // bits: the prior that two random rows are a match
}

// comparison is a compiled comparison. Its levels stand as in the settings.
type comparison struct {
	name     string
	conds    *pair.Conditions
	null     []bool
	m, u     []float64
	weights  []float64
	byChance []float64 // u of random pairs, if u is that of compared ones
	tf       []*frequency
	uses     map[string]bool
	stride   uint32 // of its level in a pattern
}

// frequency is what the rarity of an equal value adds.
type frequency struct {
	most   int32 // how often the most frequent value is found
	filled float64
	weight float64
	floor  float64
	bits   []float64 // by count: values that are equally frequent weigh the same
	rows   []int32   // per row the count of its value
}

// Compile compiles the comparisons of a model over a table. own are similarities
// beside those of SQL.
func Compile(cols *pair.Columns, s *model.Settings, own map[string]func(codes ...[]uint32) pair.Similarity) (*Model, error) {
	m := &Model{Settings: s, cols: cols}
	stride := uint32(1)
	for _, c := range s.Comparisons {
		k := &comparison{name: c.Name, uses: map[string]bool{}, stride: stride}
		var conds []*expr.Node
		for _, l := range c.Levels {
			var n *expr.Node
			if l.SQL != model.Else && l.SQL != "else" {
				var err error
				if n, err = expr.Parse(l.SQL); err != nil {
					return nil, fmt.Errorf("comparison %q: %w", c.Name, err)
				}
				for _, column := range n.Columns() {
					k.uses[column] = true
				}
			}
			conds = append(conds, n)
			k.null = append(k.null, l.Null)
			k.m, k.u = append(k.m, value(l.M)), append(k.u, value(l.U))
			if l.Chance != nil {
				if k.byChance == nil {
					k.byChance = make([]float64, len(c.Levels))
				}
				k.byChance[len(k.m)-1] = *l.Chance
			}
			f, err := frequencyOf(cols, l)
			if err != nil {
				return nil, fmt.Errorf("comparison %q: %w", c.Name, err)
			}
			k.tf = append(k.tf, f)
		}
		var err error
		if k.conds, err = pair.Compile(cols, conds, own); err != nil {
			return nil, fmt.Errorf("comparison %q: %w", c.Name, err)
		}
		if float64(stride)*float64(len(c.Levels)) > math.MaxUint32 {
			return nil, fmt.Errorf("the model has more combinations of levels than fit 32 bits")
		}
		stride *= uint32(len(c.Levels))
		m.comps = append(m.comps, k)
	}
	m.Weigh()
	return m, nil
}

// Columns returns the columns that the model reads.
func (m *Model) Columns() *pair.Columns { return m.cols }

func value(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

// frequencyOf counts the values of the column by whose rarity a level is adjusted.
func frequencyOf(cols *pair.Columns, l model.Level) (*frequency, error) {
	if l.TFColumn == "" {
		return nil, nil
	}
	n := &expr.Node{Op: "col", Text: l.TFColumn, Side: expr.Left}
	if cols.Table().Column(l.TFColumn) < 0 {
		var err error
		if n, err = expr.Parse(l.TFColumn); err != nil {
			return nil, fmt.Errorf("there is no column %q for the adjustment by frequency", l.TFColumn)
		}
	}
	codes, err := cols.Codes(n)
	if err != nil {
		return nil, err
	}
	counts, filled := cols.Table().Counts(codes)
	f := &frequency{rows: make([]int32, len(codes)), filled: float64(max(filled, 1)), weight: 1, floor: l.TFFloor}
	for i, code := range codes {
		if code != table.Null {
			f.rows[i] = counts[code]
			f.most = max(f.most, counts[code])
		}
	}
	if l.TFWeight != nil {
		f.weight = *l.TFWeight
	}
	return f, nil
}

// Weigh computes the weights from the shares. A level without shares weighs nothing.
func (m *Model) Weigh() {
	p := m.Settings.Prior
	if p <= 0 || p >= 1 {
		p = 1e-4
	}
	m.Lambda = math.Log2(p / (1 - p))
	for _, c := range m.comps {
		c.weights = make([]float64, len(c.m))
		for i := range c.m {
			if c.null[i] || math.IsNaN(c.m[i]) || math.IsNaN(c.u[i]) {
				continue
			}
			c.weights[i] = clamp(math.Log2(max(c.m[i], floorM)/max(c.u[i], floorU)), c.most())
			if f := c.tf[i]; f != nil {
				u := c.u[i]
				if c.byChance != nil {
					u = c.byChance[i]
				}
				f.weigh(max(u, floorU), c.weights[i], c.most())
			}
		}
	}
}

// Raise moves the prior by bits.
func (m *Model) Raise(bits float64) {
	m.Settings.Prior = Probability(m.Lambda + bits)
	m.Weigh()
}

func clamp(w, most float64) float64 { return max(-most, min(w, most)) }

// most bounds what a comparison may say: a field's bound for each column it reads.
func (c *comparison) most() float64 { return mostWeight * float64(max(len(c.uses), 1)) }

// weigh computes what values add to the weight of their level, by how often they are
// found, so that the sum stays within the bounds of a field.
func (f *frequency) weigh(u, level, most float64) {
	f.bits = make([]float64, f.most+1)
	for n := 1; n < len(f.bits); n++ {
		tf := max(float64(n)/f.filled, f.floor)
		f.bits[n] = clamp(level+f.weight*math.Log2(u/tf), most) - level
	}
}

// Memo is what a worker needs to score pairs.
type Memo struct {
	conds  []*pair.Memo
	levels []uint8
}

// NewMemo returns a memo.
func (m *Model) NewMemo() *Memo {
	k := &Memo{levels: make([]uint8, len(m.comps))}
	for _, c := range m.comps {
		k.conds = append(k.conds, c.conds.NewMemo())
	}
	return k
}

// compare finds the levels of a pair.
func (m *Model) compare(l, r int32, k *Memo) {
	if len(m.comps) == 0 {
		return
	}
	left, right := k.conds[0].Row(l), k.conds[0].Row(r)
	for i, c := range m.comps {
		level := c.conds.LevelOf(left, right, k.conds[i])
		if level < 0 {
			level = len(c.m) - 1
		}
		k.levels[i] = uint8(level)
	}
}

// Weight returns the weight of a pair in bits.
func (m *Model) Weight(l, r int32, k *Memo) float64 {
	m.compare(l, r, k)
	w := m.Lambda
	for i, c := range m.comps {
		level := k.levels[i]
		w += c.weights[level]
		if f := c.tf[level]; f != nil && f.bits != nil {
			w += f.of(l, r)
		}
	}
	return w
}

// of returns the bits of the more frequent of the two values, those of the other if one
// is missing.
func (f *frequency) of(l, r int32) float64 {
	return f.bits[max(f.rows[l], f.rows[r])]
}

// Probability returns the probability of a weight in bits.
func Probability(bits float64) float64 { return 1 / (1 + math.Exp2(-bits)) }

// Bits returns the weight of a probability.
func Bits(p float64) float64 { return math.Log2(p / (1 - p)) }

// Part is what one comparison says of a pair.
type Part struct {
	Name   string
	Level  string  // its label
	Left   string  // values of the first column
	Right  string  //
	Weight float64 // bits, without rarity
	Rarity float64 // bits
	Null   bool    // a value is missing: nothing was compared
}

// Explain returns the parts of a pair's weight, in the order of the comparisons.
func (m *Model) Explain(l, r int32) []Part {
	k := m.NewMemo()
	m.compare(l, r, k)
	var out []Part
	t := m.cols.Table()
	for i, c := range m.comps {
		level := int(k.levels[i])
		spec := m.Settings.Comparisons[i].Levels[level]
		p := Part{Name: c.name, Level: spec.Label, Weight: c.weights[level], Null: c.null[level]}
		if p.Level == "" {
			p.Level = spec.SQL
		}
		if at := t.Column(c.name); at >= 0 {
			p.Left, p.Right = t.Dict.Value(t.Columns[at][l]), t.Dict.Value(t.Columns[at][r])
		}
		if f := c.tf[level]; f != nil && f.bits != nil {
			p.Rarity = f.of(l, r)
		}
		out = append(out, p)
	}
	return out
}

// Levels lists the model's levels with their shares and weights.
func (m *Model) Levels() []string {
	var out []string
	for i, c := range m.comps {
		for level := range c.m {
			l := m.Settings.Comparisons[i].Levels[level]
			if !c.null[level] {
				out = append(out, fmt.Sprintf("%-24s %-44s m %.5f u %.7f %+.2f", c.name, l.Label, c.m[level], c.u[level], c.weights[level]))
			}
		}
	}
	return out
}
