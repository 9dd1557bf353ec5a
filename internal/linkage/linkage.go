// Package linkage joins rows that stand for one person or thing: it makes candidate
// pairs, weighs them by the model of Fellegi and Sunter, and groups them by
// correlation clustering. It knows columns, not what they mean to Muster.
package linkage

import (
	"context"
	"fmt"

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
	Many     bool // rows may have several, whatever the columns look like
	Say      func(format string, args ...any)
}

// penalty is what a pair weighs against that could have been found and was not, and at
// most what a pair weighs against that was, in bits: one badly copied row spoils all its
// pairs, so that they are one fact. allPairsPenalty is the first where every pair was
// looked at.
const (
	penalty         = 1
	allPairsPenalty = 2
)

// lessons is how often the model learns from its clusters.
const lessons = 2

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

func planOf(t *table.Table, opt Options) (*auto.Plan, error) {
	if opt.Auto {
		opt.Say("looking at the columns")
		return auto.Choose(t)
	}
	if err := Allowed(opt.Settings); err != nil {
		return nil, err
	}
	return auto.Restore(t, opt.Settings)
}

// Run links a table.
func Run(ctx context.Context, t *table.Table, opt Options) (*Result, error) {
	if opt.Say == nil {
		opt.Say = func(string, ...any) {}
	}
	plan, err := planOf(t, opt)
	if err != nil {
		return nil, err
	}
	cols := pair.NewColumns(t)
	m, err := score.Compile(cols, plan.Settings, text.Similarities(t))
	if err != nil {
		return nil, err
	}
	trainer := &score.Trainer{Model: m, Workers: opt.Workers, Seed: opt.Seed, Cap: opt.Cap, Refine: plan.Refine, Say: opt.Say}
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
	switch {
	case plan.Seeds != nil:
		err = trainer.TrainCompared(ctx, rules, plan.Lists, *plan.Seeds)
	case opt.Auto:
		err = trainer.TrainAll(ctx, rules, plan.Lists)
	default:
		err = trainer.Train(ctx)
	}
	if err != nil {
		return nil, err
	}
	opt.Say("comparing")
	if err := res.score(ctx, rules, plan, opt); err != nil {
		return nil, err
	}
	opt.Say("clustering %d pairs", len(res.Edges))
	res.cluster(t, rules, plan, opt)
	for range lessons {
		if !opt.Auto || t.Split > 0 || !trainer.Learn(res.Clusters) {
			break
		}
		if err := res.score(ctx, rules, plan, opt); err != nil {
			return nil, err
		}
		res.cluster(t, rules, plan, opt)
	}
	if opt.Auto && t.Split == 0 {
		if by := offset(t.Len(), res.Edges); by > 0 {
			opt.Say("the prior is raised by %.1f bits, as third rows confirm", by)
			m.Raise(by)
			if err := res.score(ctx, rules, plan, opt); err != nil {
				return nil, err
			}
			res.cluster(t, rules, plan, opt)
		}
	}
	return res, nil
}

func (res *Result) score(ctx context.Context, rules []*block.Rule, plan *auto.Plan, opt Options) error {
	var err error
	res.Edges, res.Rules, err = Pairs(ctx, res.Model, rules, block.Options{Workers: opt.Workers, Cap: opt.Cap, Extra: plan.Lists, Refine: plan.Refine, Shard: opt.Shard})
	return err
}

func (res *Result) cluster(t *table.Table, rules []*block.Rule, plan *auto.Plan, opt Options) {
	o := cluster.Options{Penalty: penalty, Least: penalty, Must: opt.Must, Cannot: opt.Cannot}
	if plan.Settings.Penalty != nil {
		o.Penalty = *plan.Settings.Penalty
	}
	if plan.AllPairs {
		o.Penalty = allPairsPenalty
	}
	if len(rules) > 0 && len(rules) <= 64 && len(plan.Lists) == 0 {
		o.Rules = len(rules)
		o.Keys = make([]uint64, t.Len())
		for i, r := range rules {
			r.HasKey(t, func(row int32) { o.Keys[row] |= 1 << i })
		}
	}
	res.OneToOne = (opt.OneToOne || plan.Settings.OneToOne) && !opt.Many
	if t.Split > 0 {
		// Rows of one file are not compared, so that nothing speaks against their
		// being one.
		o.Penalty = 0
	}
	res.Clusters = cluster.Run(t.Len(), res.Pairs(t), o).Of
}

// Pairs returns the pairs that stand: all, or, where each row has one partner at most,
// the strongest of each row.
func (res *Result) Pairs(t *table.Table) []cluster.Edge {
	if t.Split > 0 && res.OneToOne {
		return cluster.OneToOne(t.Len(), res.Edges, Keep)
	}
	return res.Edges
}

// String says what was made.
func (res *Result) String() string {
	n := int64(0)
	for _, s := range res.Rules {
		n += s.Pairs
	}
	return fmt.Sprintf("%d pairs compared, %d kept", n, len(res.Edges))
}

// FromEdges clusters pairs that were scored before by the model of the settings.
func FromEdges(t *table.Table, edges []cluster.Edge, opt Options) (*Result, error) {
	sortEdges(edges, t.Len())
	res := &Result{Edges: edges, Settings: opt.Settings}
	if err := Allowed(opt.Settings); err != nil {
		return nil, err
	}
	plan := &auto.Plan{Settings: opt.Settings, AllPairs: opt.Settings.AllPairs, Lists: make([]block.List, len(opt.Settings.Words))}
	cols := pair.NewColumns(t)
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
	res.cluster(t, rules, plan, opt)
	return res, nil
}

// Levels lists the levels of the model with their weights.
func (res *Result) Levels() []string {
	if res.Model == nil {
		return nil
	}
	return res.Model.Levels()
}

// RuleLines says how many pairs each rule made, that no earlier one did, its largest
// block and how many blocks were above the cap.
func (res *Result) RuleLines() []string {
	var out []string
	for _, r := range res.Rules {
		out = append(out, fmt.Sprintf("%12d pairs, largest block %d, split %d, lost %d: %s", r.Pairs, r.Largest, r.Split, r.Lost, r.Rule))
	}
	return out
}
