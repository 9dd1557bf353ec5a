package block_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"muster/internal/linkage/block"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"

	"pgregory.net/rapid"
)

type two struct{ a, b int32 }

// make collects the pairs of rules and fails if one is made twice.
func pairsOf(t *rapid.T, tab *table.Table, sql []string, opt block.Options) (map[two]bool, []block.Stats) {
	cols := pair.NewColumns(tab)
	var rules []*block.Rule
	for _, s := range sql {
		r, err := block.Parse(cols, s)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, r)
	}
	var mu sync.Mutex
	got := map[two]bool{}
	stats, err := block.Each(context.Background(), cols, rules, opt, func(int) func(l, r int32) {
		return func(l, r int32) {
			mu.Lock()
			defer mu.Unlock()
			if l >= r || got[two{l, r}] {
				t.Errorf("the pair %d %d is made twice or the wrong way round", l, r)
			}
			got[two{l, r}] = true
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for _, s := range stats {
		n += s.Pairs
	}
	if int(n) != len(got) {
		t.Errorf("%d pairs counted, %d made", n, len(got))
	}
	return got, stats
}

// oracle says whether a rule holds of rows on the left and on the right.
type oracle func(l, r []string) bool

func eq(a, b string) bool { return a != "" && a == b }

var rules = []struct {
	sql   string
	holds oracle
}{
	{`l."a" = r."a"`, func(l, r []string) bool { return eq(l[0], r[0]) }},
	{`l."b" = r."b" and l."a" = r."a"`, func(l, r []string) bool { return eq(l[1], r[1]) && eq(l[0], r[0]) }},
	{`substr(l."c", 1, 1) = substr(r."c", 1, 1)`, func(l, r []string) bool { return l[2] != "" && r[2] != "" && eq(l[2][:1], r[2][:1]) }},
	{`l."a" = r."b"`, func(l, r []string) bool { return eq(l[0], r[1]) }},
	{`l."b" = r."b" and l."c" < r."c"`, func(l, r []string) bool { return eq(l[1], r[1]) && l[2] != "" && r[2] != "" && l[2] < r[2] }},
	{`l."a" = r."b" and l."c" <> r."c"`, func(l, r []string) bool { return eq(l[0], r[1]) && l[2] != "" && r[2] != "" && l[2] != r[2] }},
	{`l."c" = r."c" and levenshtein(l."b", r."b") <= 0`, func(l, r []string) bool { return eq(l[2], r[2]) && eq(l[1], r[1]) }},
}

func draw(t *rapid.T) (*table.Table, [][]string) {
	tab := table.New([]string{"a", "b", "c"})
	var rows [][]string
	for i := range rapid.IntRange(0, 25).Draw(t, "rows") {
		row := []string{
			rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(t, "a"),
			rapid.SampledFrom([]string{"", "x", "y", "w"}).Draw(t, "b"),
			rapid.SampledFrom([]string{"", "11", "12", "23"}).Draw(t, "c"),
		}
		rows = append(rows, row)
		tab.Add(fmt.Sprint(i), row)
	}
	if rapid.Bool().Draw(t, "two files") {
		tab.Split = rapid.IntRange(0, len(rows)).Draw(t, "split")
	}
	return tab, rows
}

// TestEachMakesWhatTheRulesSay compares with all pairs of rows tried one by one.
func TestEachMakesWhatTheRulesSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, rows := draw(t)
		var sql []string
		var list []oracle
		for range rapid.IntRange(1, 4).Draw(t, "rules") {
			r := rapid.SampledFrom(rules).Draw(t, "rule")
			sql, list = append(sql, r.sql), append(list, r.holds)
		}
		got, _ := pairsOf(t, tab, sql, block.Options{Workers: 2, Cap: -1})
		for a := range rows {
			for b := a + 1; b < len(rows); b++ {
				want := slices.ContainsFunc(list, func(h oracle) bool {
					return h(rows[a], rows[b]) || tab.Split == 0 && h(rows[b], rows[a])
				}) && tab.Linked(int32(a), int32(b))
				if got[two{int32(a), int32(b)}] != want {
					t.Fatalf("rules %q of two files from %d: the pair %v %v is made: %v, want %v", sql, tab.Split, rows[a], rows[b], !want, want)
				}
			}
		}
		var parts []int
		whole := map[two]bool{}
		const shards = 3
		for i := range shards {
			part, _ := pairsOf(t, tab, sql, block.Options{Workers: 1, Cap: -1, Shard: [2]int{i, shards}})
			parts = append(parts, len(part))
			for p := range part {
				if whole[p] || !got[p] {
					t.Fatalf("shard %d makes a pair of another, or one that the whole does not make", i)
				}
				whole[p] = true
			}
		}
		if len(whole) != len(got) {
			t.Fatalf("the shards make %v pairs, the whole %d", parts, len(got))
		}
	})
}

// TestCap: no block above the cap is compared, what is made is a part of the whole, and
// what is lost is counted.
func TestCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, _ := draw(t)
		r := rapid.SampledFrom(rules[:3]).Draw(t, "rule")
		most := rapid.IntRange(2, 6).Draw(t, "cap")
		all, _ := pairsOf(t, tab, []string{r.sql}, block.Options{Cap: -1})
		some, stats := pairsOf(t, tab, []string{r.sql}, block.Options{Cap: most, Refine: []string{"c", "b"}})
		for p := range some {
			if !all[p] {
				t.Fatal("a cap makes pairs")
			}
		}
		degree := map[int32]int{}
		for p := range some {
			degree[p.a]++
			degree[p.b]++
		}
		for row, n := range degree {
			if n >= most {
				t.Fatalf("row %d is in %d pairs of one rule, above the cap %d", row, n, most)
			}
		}
		if got := stats[0].LostPairs; got != int64(len(all)-len(some)) {
			t.Fatalf("%d pairs are said to be lost, %d are", got, len(all)-len(some))
		}
		if stats[0].Split == 0 && len(all) != len(some) {
			t.Fatal("pairs are lost without a block above the cap")
		}
	})
}

// TestLaterRuleMakesWhatACapLost: a pair that an earlier rule lost to its cap is not
// taken for made.
func TestLaterRuleMakesWhatACapLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := table.New([]string{"a", "b", "c"})
		for i := range 6 {
			tab.Add(fmt.Sprint(i), []string{"x", fmt.Sprint("b", i/2), ""})
		}
		got, stats := pairsOf(t, tab, []string{rules[0].sql, `l."b" = r."b"`}, block.Options{Cap: 4})
		if len(got) != 3 || stats[0].Lost != 1 || stats[0].LostPairs != 15 {
			t.Fatalf("made %v, lost %d blocks and %d pairs; want 3, 1 and 15", got, stats[0].Lost, stats[0].LostPairs)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	tab := table.New([]string{"a"})
	tab.Add("1", []string{"x"})
	for _, sql := range []string{`l."a" < r."a"`, `l."none" = r."none"`, `l."a" = `, `frobnicate(l."a") = r."a"`, `l."a" = l."a"`} {
		if _, err := block.Parse(pair.NewColumns(tab), sql); err == nil {
			t.Errorf("%s is taken for a rule", sql)
		}
	}
}
