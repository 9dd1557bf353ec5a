package score

import (
	"context"
	"maps"
	"math"
	"slices"

	"muster/internal/linkage/block"
)

// Constants of adapting.
const (
	adaptRounds = 200
	smooth      = 0.5  // pairs added to every level
	mostShare   = 0.95 // of seeds that are taken for matches at the start
)

// TrainCompared estimates both shares from the pairs that will be compared, where
// these were chosen for being alike in many words: random pairs say nothing of how
// alike such pairs are by chance. It starts from seeds, pairs of which most are
// matches. The prior is that of the compared pairs.
func (t *Trainer) TrainCompared(ctx context.Context, rules []*block.Rule, lists []block.List, seeds block.List) error {
	m := t.Model
	t.say("estimating how often values agree by chance")
	m.sharesU(t.sample())
	for _, c := range m.comps {
		c.byChance = slices.Clone(c.u)
	}
	compared := make([]Session, 0, len(rules)+len(lists))
	for i := range lists {
		compared = append(compared, Session{List: &lists[i]})
	}
	for _, r := range rules {
		compared = append(compared, Session{Rule: r.SQL})
	}
	all, n, err := t.pairsOf(ctx, compared...)
	if err != nil {
		return err
	}
	first, k, err := t.pairsOf(ctx, Session{List: &seeds})
	if err != nil {
		return err
	}
	share := min(max(mostShare*k/max(n, 1), 1e-6), 0.5)
	for i, c := range m.comps {
		m.shares(first, i, nil, c.m)
		m.shares(all, i, func(p uint32) float64 { return 1 - share }, c.u)
	}
	patterns := slices.Sorted(maps.Keys(all))
	rounds := 0
	for ; rounds < adaptRounds; rounds++ {
		posterior := make(map[uint32]float64, len(patterns))
		var matches float64
		for _, p := range patterns {
			w := math.Log(share / (1 - share))
			for i, c := range m.comps {
				if level := m.level(p, i); !c.null[level] {
					w += math.Log(c.m[level] / c.u[level])
				}
			}
			x := 1 / (1 + math.Exp(-w))
			posterior[p] = x
			matches += x * all[p]
		}
		for i, c := range m.comps {
			m.shares(all, i, func(p uint32) float64 { return posterior[p] }, c.m)
			m.shares(all, i, func(p uint32) float64 { return 1 - posterior[p] }, c.u)
		}
		old := share
		share = min(max(matches/max(n, 1), 1e-6), 0.5)
		if math.Abs(share-old) < settled*old {
			break
		}
	}
	m.Settings.Prior = share
	t.say("%.0f pairs, %d kinds, %d rounds: %.0f matches among them", n, len(patterns), rounds, share*n)
	m.store()
	m.Weigh()
	return nil
}

// shares sets the shares of a comparison's levels from a weighted histogram.
func (m *Model) shares(h histogram, i int, weight func(p uint32) float64, into []float64) {
	c := m.comps[i]
	counts := m.marginal(h, i, weight)
	levels := 0.0
	for level := range counts {
		if !c.null[level] {
			levels++
		}
	}
	total := sum(counts) + smooth*levels
	for level := range counts {
		if !c.null[level] {
			into[level] = (counts[level] + smooth) / total
		}
	}
}
