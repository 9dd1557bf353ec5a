package score_test

import (
	"context"
	"testing"

	"muster/internal/linkage/block"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/score"
	"muster/internal/linkage/table"

	"pgregory.net/rapid"
)

// settings is a model of two columns with drawn shares, one adjusted by rarity.
func settings(t *rapid.T) *model.Settings {
	level := func(sql string, null bool) model.Level {
		l := model.Level{SQL: sql, Null: null}
		if !null {
			m, u := rapid.Float64Range(1e-6, 1).Draw(t, "m"), rapid.Float64Range(1e-6, 1).Draw(t, "u")
			l.M, l.U = &m, &u
		}
		return l
	}
	a := model.Comparison{Name: "a", Levels: []model.Level{
		level(`"a_l" is null or "a_r" is null`, true), level(`"a_l" = "a_r"`, false), level(`jaro_winkler_similarity("a_l", "a_r") >= 0.8`, false), level("ELSE", false),
	}}
	a.Levels[1].TFColumn = "a"
	b := model.Comparison{Name: "b", Levels: []model.Level{
		level(`"b_l" is null or "b_r" is null`, true), level(`"b_l" = "b_r"`, false), level(`"b_l" = "a_r"`, false), level("ELSE", false),
	}}
	return &model.Settings{Comparisons: []model.Comparison{a, b}, Prior: rapid.Float64Range(1e-5, 0.4).Draw(t, "prior")}
}

// TestBatchIsWeight: by blocks the same pairs are kept as one by one, with weights that
// are equal to the last bit.
func TestBatchIsWeight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := table.New([]string{"a", "b"})
		words := rapid.SampledFrom([]string{"", "anna", "anne", "hannah", "peter", "petra", "zoë"})
		for range rapid.IntRange(2, 20).Draw(t, "rows") {
			tab.Add("", []string{words.Draw(t, "a"), words.Draw(t, "b")})
		}
		cols := pair.NewColumns(tab)
		m, err := score.Compile(cols, settings(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		keep := rapid.Float64Range(-15, 10).Draw(t, "keep")
		var rules []*block.Rule
		for _, sql := range []string{`l."a" = r."a"`, `l."b" = r."b"`, `substr(l."a", 1, 1) = substr(r."a", 1, 1)`} {
			r, err := block.Parse(cols, sql)
			if err != nil {
				t.Fatal(err)
			}
			rules = append(rules, r)
		}
		type two struct{ l, r int32 }
		want, got := map[two]float64{}, map[two]float64{}
		memo := m.NewMemo()
		_, err = block.Each(context.Background(), cols, rules, block.Options{}, func(int) func(l, r int32) {
			return func(l, r int32) {
				if w := m.Weight(l, r, memo); w >= keep {
					want[two{l, r}] = w
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = block.EachBlock(context.Background(), cols, rules, block.Options{}, func(int) block.Visitor {
			b := m.NewBatch(keep, func(l, r int32, w float64) { got[two{l, r}] = w })
			return block.Visitor{Pair: b.Pair, Block: b.Block, Of: b.Of, Soon: b.Soon}
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d pairs kept, want %d", len(got), len(want))
		}
		for p, w := range want {
			if x, ok := got[p]; !ok || x != w {
				t.Fatalf("pair %v weighs %v, want %v", p, x, w)
			}
		}
	})
}
