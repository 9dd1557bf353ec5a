// Package recipes holds the models by which linkage is measured against other tools:
// the same rules, levels and training on both sides (docs/benchmarks.md). They compare
// the birthplace, as the public recipe for historical_50k does, and are therefore
// refused outside benchmarks.
package recipes

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"

	"muster/internal/linkage/model"
)

//go:embed *.json
var files embed.FS

// Names returns the names of the recipes, in order.
func Names() []string {
	list, err := files.ReadDir(".")
	if err != nil {
		return nil
	}
	var out []string
	for _, f := range list {
		out = append(out, strings.TrimSuffix(f.Name(), ".json"))
	}
	slices.Sort(out)
	return out
}

// Settings returns a recipe, released for a benchmark.
func Settings(name string) (*model.Settings, error) {
	data, err := files.ReadFile(name + ".json")
	if err != nil {
		return nil, fmt.Errorf("there is no recipe %q: choose one of %s", name, strings.Join(Names(), ", "))
	}
	s, err := model.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	s.Benchmark = true
	return s, nil
}
