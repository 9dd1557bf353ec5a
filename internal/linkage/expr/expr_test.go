package expr_test

import (
	"errors"
	"strings"
	"testing"

	"muster/internal/linkage/expr"
)

func TestParse(t *testing.T) {
	for sql, want := range map[string]string{
		`"a_l" = "a_r"`:                                 `=("a","a")`,
		`l."a" = r."a" AND l.b <> r.b`:                  `and(=("a","a"),<>("b","b"))`,
		`a_l = a_r or b_l = b_r and c_l = c_r`:          `or(=("a","a"),and(=("b","b"),=("c","c")))`,
		`not (a_l is null) and a_r is not null`:         `and(not(isnull("a")),not(isnull("a")))`,
		`levenshtein("first name_l", "first name_r")<2`: `<(levenshtein("first name","first name"),2)`,
		`a_l || ' ' || 'it''s' = a_r`:                   `=(||(||("a",' '),'it''s'),"a")`,
		`abs(a_l - a_r) / 2 >= 1.5e1`:                   `>=(/(abs(-("a","a")),2),15)`,
		`cast(a_l as int) == try_cast(a_r as date)`:     `=(to_number("a"),to_date("a"))`,
		`a_l::varchar != a_r`:                           `<>(to_text("a"),"a")`,
	} {
		n, err := expr.Parse(sql)
		if err != nil {
			t.Errorf("%s: %v", sql, err)
			continue
		}
		if got := n.Key(); got != want {
			t.Errorf("%s is read as %s, want %s", sql, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for sql, want := range map[string]string{
		"":                                "character 1: the condition ends too early",
		`a_l = `:                          "ends too early",
		`a_l = 'open`:                     "character 7: a quote is not closed",
		`a = a_r`:                         "character 1: a has no side",
		`a_l = a_r b_l`:                   "character 11: the condition goes on",
		`a_l ; drop`:                      `character 5: unexpected ";"`,
		`a_l is maybe`:                    "expected NULL",
		`cast(a_l as blob)`:               "unknown type blob",
		`f(a_l, a_r`:                      "expected )",
		`a_l = 1.2.3`:                     "no number",
		`l. = r.a`:                        "expected a column",
		strings.Repeat("(", 5000) + "a_l": "nested too deeply",
	} {
		_, err := expr.Parse(sql)
		var bad *expr.SyntaxError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: error %v, want one that says %q", sql, err, want)
		}
	}
}

func TestSides(t *testing.T) {
	for sql, want := range map[string]expr.Side{`a_l = b_l`: expr.Left, `a_r is null`: expr.Right, `a_l = a_r`: expr.Both, `1 = 2`: expr.None, `1 = a_r`: expr.Right} {
		n, err := expr.Parse(sql)
		if err != nil || n.Sides() != want {
			t.Errorf("%s reads %q (%v), want %q", sql, n.Sides(), err, want)
		}
	}
}

// FuzzParse: no input crashes, and the offset of an error lies in the input.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`l."a" = r."a"`, `jaro_winkler_similarity("a_l", "a_r") >= 0.9`, `not not a_l is null`, `-(-1) < a_l`, "`x_l`=''", `a_l::int::date > 2`, `((`, `'''`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		n, err := expr.Parse(sql)
		var bad *expr.SyntaxError
		switch {
		case errors.As(err, &bad):
			if bad.Offset < 0 || bad.Offset > len(sql) {
				t.Errorf("offset %d of %q", bad.Offset, sql)
			}
		case err != nil:
			t.Errorf("%q: %T", sql, err)
		default:
			n.Sides()
			n.Columns()
			n.Conjuncts()
			if n.Key() == "" {
				t.Errorf("%q has no key", sql)
			}
		}
	})
}
