// Package linkage joins rows that stand for one person or thing: it makes candidate
// pairs, weighs them by the model of Fellegi and Sunter, and groups them by
// correlation clustering. It knows columns, not what they mean to Muster.
package linkage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"muster/internal/linkage/auto"
	"muster/internal/linkage/block"
	"muster/internal/linkage/cluster"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/score"
	"muster/internal/linkage/table"
	"muster/internal/linkage/text"
)

// Options of a linkage. Settings or Auto must be given.
type Options struct {
	Settings *model.Settings
	Auto     bool
	Workers  int
	Seed     uint64 // of the random pairs
	Shard    [2]int // of the pairs, only part i of n, counted from 0; n = 0 for all
	Cap      int    // of blocks, in rows; 0 = block.Cap
	Must     []cluster.Link
	Cannot   []cluster.Link
	OneToOne bool // each row has one partner in the other file at most
	Say      func(format string, args ...any)
}

// keep is the lowest weight of pairs that are kept, in bits.
const keep = -6

// penalty is what a pair weighs against that could have been found and was not, in
// bits; allPenalty where every pair was looked at, so that it weighs below keep.
const (
	penalty    = 1
	allPenalty = -keep
)

// Result is what was found.
type Result struct {
	Settings *model.Settings // with all shares
	Model    *score.Model
	Edges    []cluster.Edge // pairs of -6 bits and more, in order of rows
	Clusters []int32        // per row the smallest row of its cluster
	Rules    []block.Stats
	Notes    []string
	OneToOne bool
}

// Run links a table.
func Run(ctx context.Context, t *table.Table, opt Options) (*Result, error) {
	if opt.Say == nil {
		opt.Say = func(string, ...any) {}
	}
	plan := &auto.Plan{Settings: opt.Settings}
	if opt.Auto {
		var err error
		opt.Say("looking at the columns")
		if plan, err = auto.Choose(t); err != nil {
			return nil, err
		}
	}
	cols := pair.NewColumns(t)
	m, err := score.Compile(cols, plan.Settings, text.Similarities(t))
	if err != nil {
		return nil, err
	}
	trainer := &score.Trainer{Model: m, Workers: opt.Workers, Seed: opt.Seed, Cap: opt.Cap, Refine: plan.Refine, Sessions: plan.Sessions, Say: opt.Say}
	res := &Result{Settings: plan.Settings, Model: m, Notes: plan.Notes}
	var rules []*block.Rule
	for _, r := range plan.Settings.Blocking {
		x, err := block.Parse(cols, r.SQL)
		if err != nil {
			return nil, err
		}
		rules = append(rules, x)
	}
	if plan.AllPairs {
		rules = nil
	}
	if opt.Auto {
		err = trainer.TrainAll(ctx, rules, plan.Lists)
	} else {
		err = trainer.Train(ctx)
	}
	if err != nil {
		return nil, err
	}
	opt.Say("comparing")
	if err := res.score(ctx, cols, rules, plan, opt); err != nil {
		return nil, err
	}
	opt.Say("clustering %d pairs", len(res.Edges))
	res.cluster(t, rules, plan, opt)
	return res, nil
}

func (res *Result) score(ctx context.Context, cols *pair.Columns, rules []*block.Rule, plan *auto.Plan, opt Options) error {
	parts := make([][]cluster.Edge, max(opt.Workers, 1))
	stats, err := block.Each(ctx, cols, rules, block.Options{Workers: opt.Workers, Cap: opt.Cap, Extra: plan.Lists, Refine: plan.Refine, Shard: opt.Shard}, func(w int) func(l, r int32) {
		k := res.Model.NewMemo()
		return func(l, r int32) {
			if x := res.Model.Weight(l, r, k); x >= keep {
				parts[w] = append(parts[w], cluster.Edge{A: l, B: r, Weight: float32(x)})
			}
		}
	})
	res.Rules = stats
	for _, p := range parts {
		res.Edges = append(res.Edges, p...)
	}
	slices.SortFunc(res.Edges, func(x, y cluster.Edge) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return err
}

func (res *Result) cluster(t *table.Table, rules []*block.Rule, plan *auto.Plan, opt Options) {
	o := cluster.Options{Penalty: penalty, Must: opt.Must, Cannot: opt.Cannot}
	if plan.Settings.Penalty != nil {
		o.Penalty = *plan.Settings.Penalty
	}
	if plan.AllPairs {
		o.Penalty = allPenalty
	}
	if len(rules) > 0 && len(rules) <= 64 && len(plan.Lists) == 0 {
		o.Rules = len(rules)
		o.Keys = make([]uint64, t.Len())
		for i, r := range rules {
			r.HasKey(t, func(row int32) { o.Keys[row] |= 1 << i })
		}
	}
	res.OneToOne = opt.OneToOne || plan.Settings.OneToOne
	edges := res.Edges
	if t.Split > 0 {
		// Rows of one file are not compared, so that nothing speaks against their
		// being one.
		o.Penalty = 0
		if res.OneToOne {
			edges = cluster.OneToOne(t.Len(), edges, 0)
		}
	}
	res.Clusters = cluster.Run(t.Len(), edges, o).Of
}

// String says what was made.
func (res *Result) String() string {
	n := int64(0)
	for _, s := range res.Rules {
		n += s.Pairs
	}
	return fmt.Sprintf("%d pairs compared, %d kept", n, len(res.Edges))
}

// Levels lists the levels of the model with their weights.
func (res *Result) Levels() []string { return res.Model.Levels() }
