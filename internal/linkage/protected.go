package linkage

import (
	"fmt"
	"slices"

	"muster/internal/linkage/auto"
	"muster/internal/linkage/expr"
	"muster/internal/linkage/model"
)

// Allowed returns an error if a model compares, blocks or weighs by a column that says
// where somebody is from or what they are: nationality, ethnicity, gender, birthplace.
// Benchmarks may, to run a public recipe as it is.
func Allowed(s *model.Settings) error {
	if s.Benchmark {
		return nil
	}
	for _, c := range s.Comparisons {
		for _, l := range c.Levels {
			for _, sql := range []string{l.SQL, l.TFColumn} {
				if err := allowed("comparison "+c.Name, sql); err != nil {
					return err
				}
			}
		}
	}
	for _, rules := range [][]model.Rule{s.Blocking, s.Training, s.Certain} {
		for _, r := range rules {
			if err := allowed("blocking rule "+r.SQL, r.SQL); err != nil {
				return err
			}
		}
	}
	return nil
}

func allowed(where, sql string) error {
	names := []string{sql} // a column's bare name
	if n, err := expr.Parse(sql); err == nil {
		names = n.Columns()
	}
	for _, name := range names {
		if auto.Protected(name) {
			return fmt.Errorf("%s: the column %q may not be compared, since it says where somebody is from or what they are: take it out of the model", where, name)
		}
	}
	return nil
}

// Columns returns the columns that a model reads, in the order of their first use.
func Columns(s *model.Settings) []string {
	var out []string
	add := func(sql string) {
		if n, err := expr.Parse(sql); err == nil {
			for _, c := range n.Columns() {
				if !slices.Contains(out, c) {
					out = append(out, c)
				}
			}
		}
	}
	for _, c := range s.Comparisons {
		for _, l := range c.Levels {
			add(l.SQL)
			add(l.TFColumn + "_l")
			add(l.TFColumn)
		}
	}
	for _, rules := range [][]model.Rule{s.Blocking, s.Training, s.Certain} {
		for _, r := range rules {
			add(r.SQL)
		}
	}
	return out
}
