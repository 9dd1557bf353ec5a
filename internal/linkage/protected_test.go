package linkage_test

import (
	"strings"
	"testing"

	"muster/internal/linkage"
	"muster/internal/linkage/model"
	"muster/internal/linkage/recipes"
)

// TestAllowed: a model that reads a protected column anywhere is refused, unless code
// released it for a benchmark.
func TestAllowed(t *testing.T) {
	level := []model.Level{{SQL: `"a_l" = "a_r"`}, {SQL: model.Else}}
	for name, s := range map[string]*model.Settings{
		"comparison": {Comparisons: []model.Comparison{{Name: "x", Levels: []model.Level{{SQL: `lower("birth_place_l") = lower("birth_place_r")`}, {SQL: model.Else}}}}},
		"rarity":     {Comparisons: []model.Comparison{{Name: "x", Levels: []model.Level{{SQL: `"a_l" = "a_r"`, TFColumn: "Nationality"}, {SQL: model.Else}}}}},
		"blocking":   {Comparisons: []model.Comparison{{Name: "x", Levels: level}}, Blocking: []model.Rule{{SQL: `l."gender" = r."gender"`}}},
		"training":   {Comparisons: []model.Comparison{{Name: "x", Levels: level}}, Training: []model.Rule{{SQL: `l."ethnicity" = r."ethnicity"`}}},
	} {
		if err := linkage.Allowed(s); err == nil || !strings.Contains(err.Error(), "may not be compared") {
			t.Errorf("%s by a protected column: error %v", name, err)
		}
	}
	if err := linkage.Allowed(&model.Settings{Comparisons: []model.Comparison{{Name: "x", Levels: level}}}); err != nil {
		t.Error(err)
	}
	for _, name := range recipes.Names() {
		s, err := recipes.Settings(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := linkage.Allowed(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s.Benchmark = false
		if err := linkage.Allowed(s); err == nil && name != "fake_1000" {
			t.Errorf("%s runs outside benchmarks", name)
		}
	}
}
