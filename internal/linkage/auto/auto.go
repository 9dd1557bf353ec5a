package auto

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/internal/linkage/block"
	"muster/internal/linkage/expr"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/score"
	"muster/internal/linkage/table"
	"muster/internal/linkage/text"
)

// Plan is what was chosen.
type Plan struct {
	Settings *model.Settings
	Lists    []block.List    // pairs by rare words in common
	Sessions []score.Session // for training, beside those of the settings
	Refine   []string        // columns that split large blocks
	AllPairs bool            // every pair is compared: the file is small
	Notes    []string        // what each column was taken for, and what was left out
}

// Bounds of what is looked at, per row: a rule, and all rules together.
const (
	pairsPerRule = 12
	pairsInAll   = 90
	smallFile    = 1_200_000 // pairs: all are compared
	neighbours   = 10        // rows that remind most, per text column
)

// Choose plans the linkage of a table.
func Choose(t *table.Table) (*Plan, error) {
	p := &planner{t: t, cols: pair.NewColumns(t), rows: sample(t), plan: &Plan{Settings: &model.Settings{LinkType: "dedupe_only"}}}
	if t.Split > 0 {
		p.plan.Settings.LinkType = "link_only"
	}
	for i := range t.Names {
		p.columns = append(p.columns, profile(t, i, p.rows))
	}
	p.composites()
	for i := range p.columns {
		c := &p.columns[i]
		note := fmt.Sprintf("%s: %s", c.name, c.kind)
		if c.why != "" {
			note += ", since " + c.why
		}
		p.plan.Notes = append(p.plan.Notes, note)
	}
	p.compare()
	if len(p.plan.Settings.Comparisons) == 0 {
		return nil, fmt.Errorf("no column can be compared")
	}
	if err := p.block(); err != nil {
		return nil, err
	}
	return p.plan, nil
}

type planner struct {
	t       *table.Table
	cols    *pair.Columns
	rows    []int32
	columns []column
	plan    *Plan
}

// composites leaves out columns that another says already: a full name beside its
// parts would count twice.
func (p *planner) composites() {
	for i := range p.columns {
		c := &p.columns[i]
		if c.kind == Skip {
			continue
		}
		var parts []string
		for j := range p.columns {
			d := &p.columns[j]
			if i == j || d.kind == Skip || d.kind == Category || d.letters >= c.letters && !(d.letters == c.letters && j < i) {
				continue
			}
			if p.contains(c, d) > 0.85 && d.filled > 0.5 {
				parts = append(parts, d.name)
			}
		}
		if len(parts) >= 2 || len(parts) == 1 && p.same(c, parts[0]) {
			c.kind, c.why = Skip, "it is made of "+strings.Join(parts, " and ")
		}
	}
}

// contains returns the share of rows in which a value of c has the words of d's.
func (p *planner) contains(c, d *column) float64 {
	n, has := 0, 0
	for _, row := range p.rows[:min(len(p.rows), 2000)] {
		a, b := p.t.Columns[c.index][row], p.t.Columns[d.index][row]
		if a == table.Null || b == table.Null {
			continue
		}
		n++
		words := text.Words(p.t.Dict.Value(a))
		if !slices.ContainsFunc(text.Words(p.t.Dict.Value(b)), func(w string) bool { return !slices.Contains(words, w) }) {
			has++
		}
	}
	if n < 20 {
		return 0
	}
	return float64(has) / float64(n)
}

// same reports whether a column mostly repeats another.
func (p *planner) same(c *column, name string) bool {
	for i := range p.columns {
		if d := &p.columns[i]; d.name == name {
			return d.letters > 0.8*c.letters
		}
	}
	return false
}

// compare chooses the comparisons.
func (p *planner) compare() {
	var given, family *column
	for i := range p.columns {
		c := &p.columns[i]
		if c.kind != Name && c.kind != Category {
			continue
		}
		switch {
		case given == nil && givenName.MatchString(c.name):
			given = c
		case family == nil && familyName.MatchString(c.name):
			family = c
		}
	}
	if given == nil || family == nil {
		given, family = p.swapped()
	}
	if given != nil {
		given.kind, family.kind = Name, Name
		p.plan.Settings.Comparisons = append(p.plan.Settings.Comparisons, fullName(given, family))
	}
	for i := range p.columns {
		if c := &p.columns[i]; c.kind != Skip && c != given && c != family {
			p.plan.Settings.Comparisons = append(p.plan.Settings.Comparisons, c.comparison())
		}
	}
}

// swapped finds two columns of names that share values: names that were filled in
// the wrong way round.
func (p *planner) swapped() (a, b *column) {
	best := 0.1
	for i := range p.columns {
		for j := i + 1; j < len(p.columns); j++ {
			c, d := &p.columns[i], &p.columns[j]
			if c.kind != Name || d.kind != Name || c.words > 1.5 || d.words > 1.5 {
				continue
			}
			if o := p.overlap(c, d); o > best {
				best, a, b = o, c, d
			}
		}
	}
	return a, b
}

// overlap returns the share of one column's distinct values that the other has.
func (p *planner) overlap(c, d *column) float64 {
	in := map[uint32]bool{}
	for _, row := range p.rows {
		in[p.t.Columns[c.index][row]] = true
	}
	seen, both := map[uint32]bool{}, 0
	for _, row := range p.rows {
		if code := p.t.Columns[d.index][row]; code != table.Null && !seen[code] {
			seen[code] = true
			if in[code] {
				both++
			}
		}
	}
	return float64(both) / float64(max(min(len(seen), len(in)), 1))
}

// key is one part of a blocking rule.
type key struct {
	column int
	sql    string // with the side l
	codes  []uint32
	chance float64 // that two random rows share it
}

func (k *key) rule() string { return k.sql + " = " + strings.ReplaceAll(k.sql, `_l"`, `_r"`) }

// keys returns the parts that rules are made of.
func (p *planner) keys() ([]key, error) {
	var out []key
	for i := range p.columns {
		c := &p.columns[i]
		var forms []string
		switch c.kind {
		case Name:
			forms = []string{"%l", "substr(%l, 1, 4)", "substr(%l, 1, 2)"}
		case Date:
			forms = []string{"%l", "substr(%l, 1, 7)", "substr(%l, 1, 4)", "substr(%l, 6, 5)"}
		case Email:
			forms = []string{"%l", "split_part(%l, '@', 1)", "substr(%l, 1, 5)"}
		case Code:
			forms = []string{"%l"}
			if c.letters >= 4 {
				half := max(2, int(c.letters/2))
				forms = append(forms, fmt.Sprintf("substr(%%l, 1, %d)", half), fmt.Sprintf("right(%%l, %d)", half))
			}
		case Amount, Category:
			forms = []string{"%l"}
		case Text:
			forms = []string{"substr(%l, 1, 8)"}
		}
		for _, f := range forms {
			k := key{column: i, sql: c.both(f)}
			n, err := expr.Parse(k.rule())
			if err != nil {
				return nil, err
			}
			if k.codes, err = p.cols.Codes(n.Args[0]); err != nil {
				return nil, err
			}
			k.chance = p.pairs(k.codes) / p.t.Pairs()
			out = append(out, k)
		}
	}
	return out, nil
}

// pairs estimates, from the sample, how many pairs rows make that agree in all codes.
func (p *planner) pairs(codes ...[]uint32) float64 {
	type count struct{ left, right float64 }
	counts := map[string]*count{}
	var buf []byte
next:
	for _, row := range p.rows {
		buf = buf[:0]
		for _, c := range codes {
			x := c[row]
			if x == table.Null {
				continue next
			}
			buf = append(buf, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
		}
		c := counts[string(buf)]
		if c == nil {
			c = &count{}
			counts[string(buf)] = c
		}
		if p.t.Right(row) {
			c.right++
		} else {
			c.left++
		}
	}
	var n float64
	for _, c := range counts {
		if p.t.Split > 0 {
			n += c.left * c.right
		} else {
			n += c.left * (c.left - 1) / 2
		}
	}
	grow := float64(p.t.Len()) / float64(len(p.rows))
	return n * grow * grow
}

// candidate is a rule that may be chosen.
type candidate struct {
	parts []int // keys
	pairs float64
}

func (p *planner) block() error {
	for i := range p.columns {
		c := &p.columns[i]
		if c.kind == Text {
			l := block.List{Name: "words of " + c.name, Pairs: text.Neighbours(p.t, p.t.Columns[c.index], neighbours)}
			p.plan.Lists = append(p.plan.Lists, l)
			p.plan.Sessions = append(p.plan.Sessions, score.Session{List: &l, Uses: []string{c.name}})
		}
	}
	keys, err := p.keys()
	if err != nil {
		return err
	}
	rules := p.rules(keys)
	for _, r := range rules {
		p.plan.Settings.Blocking = append(p.plan.Settings.Blocking, model.Rule{SQL: ruleSQL(keys, r), Dialect: "duckdb"})
	}
	if p.t.Pairs() <= smallFile {
		p.plan.AllPairs = true
		p.plan.Lists = []block.List{p.all()}
	}
	p.training(keys)
	p.refine()
	return nil
}

// all lists every pair of a small file.
func (p *planner) all() block.List {
	n := int32(p.t.Len())
	l := block.List{Name: "all pairs", Pairs: make([][]int32, n)}
	for a := range n {
		for b := max(a+1, int32(p.t.Split)); b < n; b++ {
			if p.t.Linked(a, b) {
				l.Pairs[a] = append(l.Pairs[a], b)
			}
		}
	}
	return l
}

func ruleSQL(keys []key, c candidate) string {
	var parts []string
	for _, i := range c.parts {
		parts = append(parts, keys[i].rule())
	}
	return strings.Join(parts, " and ")
}

// rules chooses the loosest conjunctions that make few enough pairs: a rule is not
// chosen if a part of it is one.
func (p *planner) rules(keys []key) []candidate {
	n := float64(p.t.Len())
	limit := pairsPerRule * n
	var chosen []candidate
	var frontier []candidate
	for i := range keys {
		frontier = append(frontier, candidate{parts: []int{i}, pairs: keys[i].chance * p.t.Pairs()})
	}
	covered := func(c candidate) bool {
		return slices.ContainsFunc(chosen, func(x candidate) bool { return p.implied(keys, x, c) })
	}
	for depth := 1; depth <= 3 && len(frontier) > 0; depth++ {
		var wide []candidate
		for _, c := range frontier {
			switch {
			case c.pairs <= limit:
				if c.pairs > 0 && !covered(c) {
					chosen = append(chosen, c)
				}
			default:
				wide = append(wide, c)
			}
		}
		frontier = nil
		if depth == 3 {
			break
		}
		for _, c := range wide {
			last := c.parts[len(c.parts)-1]
			for j := last + 1; j < len(keys); j++ {
				if slices.ContainsFunc(c.parts, func(i int) bool { return keys[i].column == keys[j].column }) {
					continue
				}
				next := candidate{parts: append(slices.Clone(c.parts), j)}
				if covered(next) {
					continue
				}
				var codes [][]uint32
				for _, i := range next.parts {
					codes = append(codes, keys[i].codes)
				}
				next.pairs = p.pairs(codes...)
				frontier = append(frontier, next)
			}
		}
		if len(frontier) > 400 {
			slices.SortStableFunc(frontier, func(a, b candidate) int { return cmp.Compare(a.pairs, b.pairs) })
			frontier = frontier[:400]
		}
	}
	slices.SortStableFunc(chosen, func(a, b candidate) int { return cmp.Compare(len(a.parts), len(b.parts)) })
	var out []candidate
	total := 0.0
	for _, c := range chosen {
		if total+c.pairs > pairsInAll*n || slices.ContainsFunc(out, func(x candidate) bool { return p.implied(keys, x, c) }) {
			continue
		}
		total += c.pairs
		out = append(out, c)
	}
	return out
}

// implied reports whether the pairs of c are among those of x: each part of x is a
// part of c, or a beginning of it.
func (p *planner) implied(keys []key, x, c candidate) bool {
	for _, i := range x.parts {
		if !slices.ContainsFunc(c.parts, func(j int) bool {
			return i == j || keys[i].column == keys[j].column && strings.Contains(keys[i].sql, keys[j].sql)
		}) {
			return false
		}
	}
	return true
}

// training chooses the rules for expectation maximisation and for the prior.
func (p *planner) training(keys []key) {
	n := float64(p.t.Len())
	type scored struct {
		i     int
		pairs float64
	}
	var list []scored
	seen := map[int]bool{}
	for i, k := range keys {
		pairs := k.chance * p.t.Pairs()
		if pairs > 0.02*n && pairs <= 4*pairsPerRule*n && !seen[k.column] {
			seen[k.column] = true
			list = append(list, scored{i, pairs})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(a.pairs, b.pairs) })
	list = list[:min(len(list), 6)]
	s := p.plan.Settings
	for _, x := range list {
		s.Training = append(s.Training, model.Rule{SQL: keys[x.i].rule()})
	}
	for a := range list {
		for b := a + 1; b < len(list); b++ {
			s.Certain = append(s.Certain, model.Rule{SQL: keys[list[a].i].rule() + " and " + keys[list[b].i].rule()})
		}
	}
}

// refine orders the columns by how well they split large blocks.
func (p *planner) refine() {
	list := slices.Clone(p.columns)
	list = slices.DeleteFunc(list, func(c column) bool { return c.kind == Skip })
	slices.SortStableFunc(list, func(a, b column) int { return cmp.Compare(b.distinct*b.filled, a.distinct*a.filled) })
	for _, c := range list {
		p.plan.Refine = append(p.plan.Refine, c.name)
	}
}
