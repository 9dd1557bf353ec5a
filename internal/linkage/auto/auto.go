package auto

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"muster/internal/linkage/block"
	"muster/internal/linkage/expr"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"
	"muster/internal/linkage/text"
)

// Plan is what was chosen.
type Plan struct {
	Settings *model.Settings
	Lists    []block.List // pairs by rare words in common
	Refine   []string     // columns that split large blocks
	Seeds    *block.List  // pairs that remind most of each other, if columns have many words
	AllPairs bool         // every pair is compared: the file is small
	Notes    []string     // what each column was taken for, and what was left out
}

// Bounds of what is looked at, per row: a rule, and all rules together.
const (
	pairsPerRule = 100
	pairsInAll   = 400
	manyRows     = 50_000    // from here on the bounds shrink with the root of the size
	mostPatterns = 1 << 31   // combinations of levels
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
	p.compare()
	for i := range p.columns {
		c := &p.columns[i]
		note := fmt.Sprintf("%s: %s", c.name, c.kind)
		if c.why != "" {
			note += ", since " + c.why
		}
		p.plan.Notes = append(p.plan.Notes, note)
	}
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
		if c.kind == Skip || c.kind == Email { // an address that has the name in it is one's own all the same
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
	patterns := 1
	for _, c := range p.plan.Settings.Comparisons {
		patterns *= len(c.Levels)
	}
	// The most telling first, as many as there is room for.
	order := make([]*column, 0, len(p.columns))
	for i := range p.columns {
		if c := &p.columns[i]; c.kind != Skip && c != given && c != family {
			order = append(order, c)
		}
	}
	slices.SortStableFunc(order, func(a, b *column) int { return cmp.Compare(b.tells(), a.tells()) })
	for _, c := range order {
		k := c.comparison()
		if c.filled < leastFilled || patterns*len(k.Levels) > mostPatterns {
			c.kind, c.why = Skip, "others say more"
			continue
		}
		patterns *= len(k.Levels)
		p.plan.Settings.Comparisons = append(p.plan.Settings.Comparisons, k)
	}
}

// leastFilled is the share of rows that must have a value.
const leastFilled = 0.02

// tells is how much an equal value says, in bits, if there is one.
func (c *column) tells() float64 { return -c.filled * math.Log2(max(c.chance, 1e-6)) }

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
	head   int     // of a beginning its length, -1 of another part of the value
	chance float64 // that two random rows share it
}

func (k *key) rule() string { return k.sql + " = " + strings.ReplaceAll(k.sql, `_l"`, `_r"`) }

// form is a key that a kind of column gives.
type form struct {
	sql  string
	head int // of a beginning its length, -1 of another part, 0 of the whole
}

func head(n int) form { return form{fmt.Sprintf("substr(%%l, 1, %d)", n), n} }

func (c *column) forms() []form {
	whole := form{"%l", 0}
	switch c.kind {
	case Name:
		return []form{whole, head(4), head(2)}
	case Date:
		return []form{whole, head(7), head(4), {"substr(%l, 6, 5)", -1}}
	case Email:
		return []form{whole, {"split_part(%l, '@', 1)", -1}, head(5)}
	case Code:
		if c.letters >= 4 {
			half := max(2, int(c.letters/2))
			return []form{whole, head(half), {fmt.Sprintf("right(%%l, %d)", half), -1}}
		}
		return []form{whole}
	case Amount, Category:
		return []form{whole}
	case Text:
		return []form{head(8)}
	}
	return nil
}

// keys returns the parts that rules are made of.
func (p *planner) keys() ([]key, error) {
	var out []key
	for i := range p.columns {
		c := &p.columns[i]
		for _, f := range c.forms() {
			k := key{column: i, sql: c.both(f.sql), head: f.head}
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
	var words [][]uint32
	var near [][][]int32
	for i := range p.columns {
		c := &p.columns[i]
		if c.kind != Text {
			continue
		}
		l := wordList(p.t, c.index)
		p.plan.Settings.Words = append(p.plan.Settings.Words, c.name)
		p.plan.Lists = append(p.plan.Lists, l)
		words, near = append(words, p.t.Columns[c.index]), append(near, l.Pairs)
	}
	if len(near) > 0 {
		p.plan.Seeds = &block.List{Name: "rows that remind most of each other", Pairs: text.MutualBest(p.t, words, near...)}
	}
	keys, err := p.keys()
	if err != nil {
		return err
	}
	rules := p.rules(keys)
	for _, r := range rules {
		p.plan.Settings.Blocking = append(p.plan.Settings.Blocking, model.Rule{SQL: ruleSQL(keys, r), Dialect: "duckdb"})
	}
	if p.t.Pairs() <= smallFile && len(near) == 0 {
		p.plan.AllPairs, p.plan.Settings.AllPairs = true, true
		p.plan.Lists = []block.List{allPairs(p.t)}
	}
	p.plan.Settings.OneToOne = p.t.Split > 0 && p.single()
	p.training(keys)
	p.refine()
	return nil
}

// single reports whether the files do not repeat themselves: rows that agree in the
// two most telling columns stand in different files. Then each row has one partner at
// most.
func (p *planner) single() bool {
	var telling []*column
	for i := range p.columns {
		if c := &p.columns[i]; c.kind != Skip {
			telling = append(telling, c)
		}
	}
	slices.SortStableFunc(telling, func(a, b *column) int { return cmp.Compare(b.tells(), a.tells()) })
	telling = telling[:min(len(telling), 2)]
	var codes [][]uint32
	for _, c := range telling {
		codes = append(codes, p.t.Derive(p.t.Columns[c.index], func(s string) string { return strings.Join(text.Words(s), " ") }))
	}
	type seen struct{ left, right int }
	values := map[[2]uint32]*seen{}
	n := 0
	for row := range int32(p.t.Len()) {
		var v [2]uint32
		for i, c := range codes {
			v[i] = c[row]
		}
		if slices.Contains(v[:len(telling)], table.Null) {
			continue
		}
		n++
		if values[v] == nil {
			values[v] = &seen{}
		}
		if p.t.Right(row) {
			values[v].right++
		} else {
			values[v].left++
		}
	}
	within, across := 0, 0
	for _, v := range values {
		if v.left > 1 || v.right > 1 {
			within += v.left + v.right
		}
		if v.left > 0 && v.right > 0 {
			across += v.left + v.right
		}
	}
	return float64(within) <= max(0.02*float64(n), 0.25*float64(across))
}

// bounds returns the pairs that a rule and all rules may make.
func (p *planner) bounds() (rule, all float64) {
	n := float64(p.t.Len())
	shrink := min(1, math.Sqrt(manyRows/max(n, 1)))
	return pairsPerRule * n * shrink, pairsInAll * n * shrink
}

// Restore makes the plan of a model that was chosen before.
func Restore(t *table.Table, s *model.Settings) (*Plan, error) {
	plan := &Plan{Settings: s, AllPairs: s.AllPairs, Refine: s.Refine}
	if s.AllPairs {
		plan.Lists = []block.List{allPairs(t)}
		return plan, nil
	}
	for _, name := range s.Words {
		i := t.Column(name)
		if i < 0 {
			return nil, fmt.Errorf("there is no column %q, whose words the model compares", name)
		}
		plan.Lists = append(plan.Lists, wordList(t, i))
	}
	return plan, nil
}

func wordList(t *table.Table, column int) block.List {
	return block.List{Name: "words of " + t.Names[column], Pairs: text.Neighbours(t, t.Columns[column], neighbours)}
}

// allPairs lists every pair of a small file.
func allPairs(t *table.Table) block.List {
	n := int32(t.Len())
	l := block.List{Name: "all pairs", Pairs: make([][]int32, n)}
	for a := range n {
		for b := max(a+1, int32(t.Split)); b < n; b++ {
			if t.Linked(a, b) {
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

// rules chooses the loosest conjunctions that make few enough pairs, those that make
// fewest first: a rule whose pairs another makes as well is left out.
func (p *planner) rules(keys []key) []candidate {
	limit, all := p.bounds()
	var chosen []candidate
	var frontier []candidate
	for i := range keys {
		frontier = append(frontier, candidate{parts: []int{i}, pairs: keys[i].chance * p.t.Pairs()})
	}
	for depth := 1; len(frontier) > 0; depth++ {
		var wide []candidate
		for _, c := range frontier {
			if c.pairs > limit {
				wide = append(wide, c)
			} else if c.pairs > 0 {
				chosen = append(chosen, c)
			}
		}
		if depth == 3 {
			break
		}
		frontier = p.longer(keys, wide, chosen)
	}
	slices.SortStableFunc(chosen, func(a, b candidate) int { return cmp.Compare(a.pairs, b.pairs) })
	var out []candidate
	total := 0.0
	for _, c := range chosen {
		// A looser rule takes the place of those whose pairs it makes as well.
		saved := 0.0
		for _, x := range out {
			if implied(keys, c, x) {
				saved += x.pairs
			}
		}
		if total-saved+c.pairs > all || slices.ContainsFunc(out, func(x candidate) bool { return implied(keys, x, c) }) {
			continue
		}
		out = append(slices.DeleteFunc(out, func(x candidate) bool { return implied(keys, c, x) }), c)
		total += c.pairs - saved
	}
	return out
}

// mostLonger bounds how many conjunctions are counted.
const mostLonger = 400

// longer adds a part of another column to each conjunction.
func (p *planner) longer(keys []key, wide, chosen []candidate) []candidate {
	var out []candidate
	for _, c := range wide {
		for j := c.parts[len(c.parts)-1] + 1; j < len(keys); j++ {
			if slices.ContainsFunc(c.parts, func(i int) bool { return keys[i].column == keys[j].column }) {
				continue
			}
			next := candidate{parts: append(slices.Clone(c.parts), j)}
			if slices.ContainsFunc(chosen, func(x candidate) bool { return implied(keys, x, next) }) {
				continue
			}
			next.pairs = c.pairs * keys[j].chance // as if they were independent
			out = append(out, next)
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(a.pairs, b.pairs) })
	out = out[:min(len(out), mostLonger)]
	for i := range out {
		var codes [][]uint32
		for _, k := range out[i].parts {
			codes = append(codes, keys[k].codes)
		}
		out[i].pairs = p.pairs(codes...)
	}
	return out
}

// implied reports whether the pairs of c are among those of x: each part of x is a
// part of c, or a beginning of it.
func implied(keys []key, x, c candidate) bool {
	for _, i := range x.parts {
		if !slices.ContainsFunc(c.parts, func(j int) bool { return keys[i].column == keys[j].column && keys[j].says(keys[i]) }) {
			return false
		}
	}
	return true
}

// says reports whether rows that share the key share the other of its column as well.
func (k *key) says(other key) bool {
	return k.sql == other.sql || k.head == 0 || other.head > 0 && other.head <= k.head
}

// training chooses the rules for expectation maximisation and for the prior.
func (p *planner) training(keys []key) {
	limit, _ := p.bounds()
	type scored struct {
		i     int
		pairs float64
	}
	var list []scored
	seen := map[int]bool{}
	for i, k := range keys {
		pairs := k.chance * p.t.Pairs()
		if pairs > 0.02*float64(p.t.Len()) && pairs <= limit && !seen[k.column] {
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
	p.plan.Settings.Refine = p.plan.Refine
}
