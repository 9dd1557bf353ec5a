package mapping

import (
	"slices"
	"strings"

	"muster/internal/source/transform"

	"github.com/goccy/go-yaml/ast"
)

// match compiles the part of a mapping that recognises records.
func (c *compiler) match(n ast.Node) {
	if n == nil {
		return
	}
	list, ok := c.entries(n)
	if !ok {
		c.errorf(n, "match needs all, any or absent")
		return
	}
	for _, e := range list {
		switch e.key {
		case "all":
			c.m.all = c.tests(e.value)
		case "any":
			for _, set := range c.items(e.value) {
				if !c.isList(set) {
					c.errorf(set, "any needs lists of paths")
					continue
				}
				c.m.any = append(c.m.any, c.tests(set))
			}
		case "absent":
			for _, t := range c.tests(e.value) {
				c.m.absent = append(c.m.absent, t.ref)
			}
		default:
			c.errorf(e.at, "unknown key %q in match", e.key)
		}
	}
	if len(c.m.all) == 0 && len(c.m.any) == 0 {
		c.errorf(n, "match requires nothing")
	}
}

func (c *compiler) tests(n ast.Node) []test {
	var out []test
	for _, it := range c.items(n) {
		s, ok := c.scalar(it)
		if !ok {
			continue
		}
		path, op, want := cutTest(s)
		ref, up := c.path(c.m.root, it, path)
		if up > 0 {
			c.errorf(it, "%s: nothing lies further out", path)
		}
		if ref < 0 {
			continue
		}
		t := test{ref: ref, weight: max(1, c.m.root.paths[ref].Segments())}
		switch op {
		case '=':
			t.values = strings.Split(want, "|")
			t.weight += 2
		case '~':
			t.prefix = strings.Split(want, "|")
			t.weight += 2
		}
		out = append(out, t)
	}
	return out
}

// cutTest cuts "path=a|b" and "path~prefix" outside of brackets and quotes.
func cutTest(s string) (path string, op byte, want string) {
	depth, quoted := 0, false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '[':
			depth++
		case ']':
			depth--
		case '=', '~':
			if depth == 0 && !quoted {
				return s[:i], s[i], s[i+1:]
			}
		}
	}
	return s, 0, ""
}

// Score returns how specifically the mapping recognises a record, and whether it
// does. table says that the record is a row of a table or a flat object, where
// every path is one column. Values pass through v.
func (m *Mapping) Score(row Row, table bool, v *transform.Value) (int, bool) {
	score, ok := scoreOf(m.all, row, table, v)
	if !ok {
		return 0, false
	}
	if len(m.any) > 0 {
		best := -1
		for _, set := range m.any {
			if s, ok := scoreOf(set, row, table, v); ok {
				best = max(best, s)
			}
		}
		if best < 0 {
			return 0, false
		}
		score += best
	}
	for _, ref := range m.absent {
		if row.Has(ref) {
			*v = transform.Value{}
			if row.Fill(ref, v); !v.Absent() || table {
				return 0, false
			}
		}
	}
	return score + m.Rank, true
}

// ColumnScore is Score for a header alone: has says which paths are columns.
// byRow reports that the values of a row decide too.
func (m *Mapping) ColumnScore(has func(path int) bool) (score int, byRow, ok bool) {
	if slices.ContainsFunc(m.absent, has) {
		return 0, false, false
	}
	count := func(set []test) (int, bool) {
		n := 0
		for i := range set {
			if !has(set[i].ref) {
				return 0, false
			}
			byRow = byRow || set[i].valued()
			n += set[i].points(true)
		}
		return n, true
	}
	score, ok = count(m.all)
	if !ok {
		return 0, false, false
	}
	best := -1
	for _, set := range m.any {
		if n, ok := count(set); ok {
			best = max(best, n)
		}
	}
	if len(m.any) > 0 && best < 0 {
		return 0, false, false
	}
	return score + max(best, 0) + m.Rank, byRow, true
}

// Gates returns paths of which at least one is present in every record that the
// mapping recognises as an object.
func (m *Mapping) Gates() []int {
	if len(m.all) > 0 {
		return []int{telling(m.all)}
	}
	var out []int
	for _, set := range m.any {
		out = append(out, telling(set))
	}
	return out
}

// telling returns the path of a set that the fewest other records have: the one
// that weighs most, of several the last.
func telling(set []test) int {
	best := set[0]
	for _, t := range set[1:] {
		if t.weight >= best.weight {
			best = t
		}
	}
	return best.ref
}

func scoreOf(set []test, row Row, table bool, v *transform.Value) (int, bool) {
	score := 0
	for i := range set {
		t := &set[i]
		if !row.Has(t.ref) {
			return 0, false
		}
		if t.valued() {
			*v = transform.Value{}
			if row.Fill(t.ref, v); !t.holds(v) {
				return 0, false
			}
		}
		score += t.points(table)
	}
	return score, true
}

func (t *test) points(table bool) int {
	switch {
	case !table:
		return t.weight
	case t.valued():
		return 3
	}
	return 1
}

func (t *test) holds(v *transform.Value) bool {
	if v.Type == transform.Scalar {
		return slices.Contains(t.values, v.Text) || hasPrefix(v.Text, t.prefix)
	}
	for _, item := range v.Items() {
		s := item.String()
		if slices.Contains(t.values, s) || hasPrefix(s, t.prefix) {
			return true
		}
	}
	return false
}

func hasPrefix(s string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// Missing returns the paths that keep the mapping from recognising a table with
// the given columns, of the alternative that comes nearest, and how many of its
// paths are present. It judges columns only, not values.
func (m *Mapping) Missing(has func(path int) bool) (missing []string, present int) {
	base := func(set []test) {
		for _, t := range set {
			if has(t.ref) {
				present++
			} else {
				missing = append(missing, m.root.paths[t.ref].Text)
			}
		}
	}
	base(m.all)
	if len(m.any) > 0 {
		best := slices.MinFunc(m.any, func(a, b []test) int { return lacking(a, has) - lacking(b, has) })
		base(best)
	}
	return missing, present
}

func lacking(set []test, has func(int) bool) int {
	n := 0
	for _, t := range set {
		if !has(t.ref) {
			n++
		}
	}
	return n
}

// Roles returns, by number of path, whether match looks at it, and whether its
// presence excludes a record.
func (m *Mapping) Roles() (required, absent []bool) {
	required, absent = make([]bool, len(m.root.paths)), make([]bool, len(m.root.paths))
	for _, set := range append([][]test{m.all}, m.any...) {
		for _, t := range set {
			required[t.ref] = true
		}
	}
	for _, ref := range m.absent {
		absent[ref] = true
	}
	return required, absent
}
