package pair_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"muster/internal/linkage/expr"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/similar"
	"muster/internal/linkage/table"

	"pgregory.net/rapid"
)

// level compiles conditions over one table of two rows and returns the first that holds.
func level(t *testing.T, left, right []string, sql ...string) int {
	t.Helper()
	tab := table.New([]string{"a", "b"})
	tab.Add("1", left)
	tab.Add("2", right)
	var conds []*expr.Node
	for _, s := range sql {
		n, err := expr.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		conds = append(conds, n)
	}
	c, err := pair.Compile(pair.NewColumns(tab), conds, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Level(0, 1, c.NewMemo())
}

func TestFunctions(t *testing.T) {
	for _, c := range []struct {
		left, right, sql string
		want             bool
	}{
		{"x", "x", "a_l = a_r", true},
		{"x", "", "a_l = a_r", false},
		{"", "", "a_l = a_r", false},
		{"x", "", "a_l <> a_r", false},
		{"x", "", "not (a_l = a_r)", false},
		{"x", "y", "not (a_l = a_r)", true},
		{"x", "", "a_l is null or a_r is null", true},
		{"x", "", "a_r is not null", false},
		{"x", "", "a_l = a_r or a_l = 'x'", true},
		{"x", "", "not (a_l = a_r and a_l = 'y')", true},
		{"ABC", "abc", "lower(a_l) = lower(a_r)", true},
		{" abc", "abd", "substr(a_l, 1, 2) = substr(a_r, 1, 2)", true},
		{"éab", "éac", "substr(a_l, 1, 2) = substr(a_r, 1, 2)", true},
		{"éab", "èab", "substr(a_l, 1, 1) = substr(a_r, 1, 1)", false},
		{"abc", "xbc", "right(a_l, 2) = right(a_r, 2)", true},
		{"abc", "cba", "reverse(a_l) = a_r", true},
		{"tq13 8df", "tq13 9xx", "regexp_extract(a_l, '^[a-z]{1,2}[0-9]+') = regexp_extract(a_r, '^[a-z]{1,2}[0-9]+')", true},
		{"none", "none", "nullif(regexp_extract(a_l, '[0-9]+'), '') = nullif(regexp_extract(a_r, '[0-9]+'), '')", false},
		{"u@x.org", "u@y.org", "split_part(a_l, '@', 1) = split_part(a_r, '@', 1)", true},
		{"", "", "coalesce(a_l, 'none') = coalesce(a_r, 'none')", true},
		{"10", "12.5", "abs(a_l - a_r) <= 2.5", true},
		{"10", "12.5", "abs(a_l - a_r) < 2.5", false},
		{"10", "x", "abs(a_l - a_r) >= 0", false},
		{"10", "12", "a_l < a_r", true},
		{"10", "12", "abs(a_l - a_r) <= 0.1 * greatest(abs(a_l), abs(a_r))", false},
		{"2020-01-31", "2020-03-01", "abs(epoch(a_l) - epoch(a_r)) <= 2592000", true},
		{"2020-01-31", "2020-03-02", "abs(epoch(a_l) - epoch(a_r)) <= 2592000", false},
		{"31/01/2020", "01/02/2020", "abs(epoch(try_strptime(a_l, '%d/%m/%Y')) - epoch(try_strptime(a_r, '%d/%m/%Y'))) = 86400", true},
		{"1971-06-24", "1971-05-24", "damerau_levenshtein(a_l, a_r) <= 1", true},
		{"1971-06-24", "1971-05-25", "damerau_levenshtein(a_l, a_r) <= 1", false},
		{"abcd", "abdc", "levenshtein(a_l, a_r) <= 1", false},
		{"martha", "marhta", "jaro_winkler_similarity(a_l, a_r) >= 0.961", true},
		{"martha", "marhta", "jaro_winkler_similarity(a_l, a_r) > 0.97", false},
		{"martha", "marhta", "not (jaro_winkler_similarity(a_l, a_r) >= 0.97)", true},
		{"martha", "", "not (jaro_winkler_similarity(a_l, a_r) >= 0.97)", false},
		{"x", "x", "a_l || '-' || a_l = a_r || '-' || a_r", true},
		{"x", "", "a_l || '-' = a_r || '-'", false},
	} {
		if got := level(t, []string{c.left}, []string{c.right}, c.sql) == 0; got != c.want {
			t.Errorf("%q, %q: %s is %v, want %v", c.left, c.right, c.sql, got, c.want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	tab := table.New([]string{"a"})
	for _, sql := range []string{"none_l = none_r", "frobnicate(a_l) = a_r", "lower(a_l, a_r) = a_r", "a_l", "regexp_extract(a_l, '(') = a_r", "levenshtein(a_l, a_l) < 2", "date_diff('aeon', a_l, a_r) < 2"} {
		n, err := expr.Parse(sql)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pair.Compile(pair.NewColumns(tab), []*expr.Node{n}, nil); err == nil {
			t.Errorf("%s is taken for a condition", sql)
		}
	}
}

// truth is SQL's: 1 true, -1 false, 0 unknown.
type truth int

func truthOf(b bool) truth {
	if b {
		return 1
	}
	return -1
}

// cond is a condition with its plain meaning.
type cond struct {
	sql  string
	eval func(l, r []string) truth
}

func sim(column int, f func(a, b string) float64, holds func(v float64) bool) func(l, r []string) truth {
	return func(l, r []string) truth {
		if l[column] == "" || r[column] == "" {
			return 0
		}
		return truthOf(holds(f(l[column], r[column])))
	}
}

func equation(i, j int) func(l, r []string) truth {
	return func(l, r []string) truth {
		if l[i] == "" || r[j] == "" {
			return 0
		}
		return truthOf(l[i] == r[j])
	}
}

var plain = []cond{
	{"a_l = a_r", equation(0, 0)},
	{"b_l = b_r", equation(1, 1)},
	{"a_l = b_r", equation(0, 1)},
	{"a_l <> a_r", func(l, r []string) truth { return -equation(0, 0)(l, r) }},
	{"a_l is null", func(l, _ []string) truth { return truthOf(l[0] == "") }},
	{"b_r is null", func(_, r []string) truth { return truthOf(r[1] == "") }},
	{"jaro_winkler_similarity(a_l, a_r) >= 0.9", sim(0, similar.JaroWinkler, func(v float64) bool { return v >= 0.9 })},
	{"jaro_winkler_similarity(a_l, a_r) >= 0.8", sim(0, similar.JaroWinkler, func(v float64) bool { return v >= 0.8 })},
	{"jaro_winkler_similarity(b_l, b_r) < 0.85", sim(1, similar.JaroWinkler, func(v float64) bool { return v < 0.85 })},
	{"damerau_levenshtein(b_l, b_r) <= 1", sim(1, func(a, b string) float64 { return float64(similar.OSA(a, b, 99)) }, func(v float64) bool { return v <= 1 })},
	{"damerau_levenshtein(b_l, b_r) > 2", sim(1, func(a, b string) float64 { return float64(similar.OSA(a, b, 99)) }, func(v float64) bool { return v > 2 })},
	{"abs(length(a_l) - length(a_r)) <= 1", sim(0, func(a, b string) float64 {
		return math.Abs(float64(utf8.RuneCountInString(a) - utf8.RuneCountInString(b)))
	}, func(v float64) bool { return v <= 1 })},
	{"length(b_l) < length(b_r)", sim(1, func(a, b string) float64 { return float64(utf8.RuneCountInString(a) - utf8.RuneCountInString(b)) }, func(v float64) bool { return v < 0 })},
}

func drawCond(t *rapid.T, depth int) cond {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth == 0 || kind < 2 {
		return rapid.SampledFrom(plain).Draw(t, "plain")
	}
	x := drawCond(t, depth-1)
	if kind == 2 {
		return cond{"not (" + x.sql + ")", func(l, r []string) truth { return -x.eval(l, r) }}
	}
	y := drawCond(t, depth-1)
	if kind == 3 {
		return cond{"(" + x.sql + ") or (" + y.sql + ")", func(l, r []string) truth { return max(x.eval(l, r), y.eval(l, r)) }}
	}
	return cond{"(" + x.sql + ") and (" + y.sql + ")", func(l, r []string) truth { return min(x.eval(l, r), y.eval(l, r)) }}
}

// TestGraphIsPlainEvaluation: whatever the levels, the graph of questions gives the level
// that trying one condition after the other gives.
func TestGraphIsPlainEvaluation(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "", "martha", "marhta", "marta", "dwayne", "duane", "mart", "m", "éa"})
	rapid.Check(t, func(t *rapid.T) {
		var list []cond
		var nodes []*expr.Node
		var sql []string
		for range rapid.IntRange(1, 6).Draw(t, "levels") {
			c := drawCond(t, 2)
			n, err := expr.Parse(c.sql)
			if err != nil {
				t.Fatal(err)
			}
			list, nodes, sql = append(list, c), append(nodes, n), append(sql, c.sql)
		}
		tab := table.New([]string{"a", "b"})
		var rows [][]string
		for i := range 8 {
			rows = append(rows, []string{word.Draw(t, "a"), word.Draw(t, "b")})
			tab.Add(fmt.Sprint(i), rows[i])
		}
		c, err := pair.Compile(pair.NewColumns(tab), nodes, nil)
		if err != nil {
			t.Fatal(err)
		}
		m := c.NewMemo()
		for i, l := range rows {
			for j, r := range rows {
				want := -1
				for k := range list {
					if list[k].eval(l, r) > 0 {
						want = k
						break
					}
				}
				if got := c.Level(int32(i), int32(j), m); got != want {
					t.Fatalf("%q and %q: level %d, want %d of\n%s", l, r, got, want, strings.Join(sql, "\n"))
				}
			}
		}
	})
}
