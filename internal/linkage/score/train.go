package score

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"muster/internal/linkage/block"
)

// Training constants (linkage of historical_50k and fake_1000 with Splink's recipes).
const (
	samplePairs = 2_000_000 // random pairs for u
	recall      = 0.6       // assumed of deterministic rules
	startM      = 0.95      // of the best level
	rounds      = 25
	settled     = 1e-4
	fewest      = 20 // pairs that an EM session needs
)

// Trainer estimates the shares of a model.
type Trainer struct {
	Model    *Model
	Workers  int
	Seed     uint64
	Cap      int // of blocks
	Refine   []string
	Sessions []Session                        // before those of the settings
	Sample   int                              // random pairs for u; 0 = 2,000,000
	Say      func(format string, args ...any) // progress, may be nil
}

func (t *Trainer) say(format string, args ...any) {
	if t.Say != nil {
		t.Say(format, args...)
	}
}

func (m *Model) pattern(l, r int32, k *Memo) uint32 {
	m.compare(l, r, k)
	var p uint32
	for i, c := range m.comps {
		p += uint32(k.levels[i]) * c.stride
	}
	return p
}

func (m *Model) level(p uint32, i int) int {
	c := m.comps[i]
	return int(p/c.stride) % len(c.m)
}

// Train estimates whatever the settings leave out: u from random pairs, the prior
// from deterministic rules, m by expectation maximisation over the training rules.
func (t *Trainer) Train(ctx context.Context) error {
	m := t.Model
	if !m.missing(func(c *comparison, i int) float64 { return c.u[i] }) && !m.missing(func(c *comparison, i int) float64 { return c.m[i] }) && m.Settings.Prior > 0 {
		return nil
	}
	t.say("estimating how often values agree by chance")
	random := t.sample()
	m.sharesU(random)
	if m.Settings.Prior <= 0 {
		if err := t.prior(ctx); err != nil {
			return err
		}
	}
	sets, err := t.gather(ctx)
	if err != nil {
		return err
	}
	t.maximise(sets)
	m.store()
	m.Weigh()
	return nil
}

// passes is how often TrainAll goes over its estimates.
const passes = 4

// TrainAll estimates all shares and the prior without any given, from the pairs that
// will be compared: among them are nearly all matches. What random pairs agree in by
// being matches is taken out of u, which matters in files where many rows are one.
func (t *Trainer) TrainAll(ctx context.Context, rules []*block.Rule, lists []block.List) error {
	m := t.Model
	t.say("estimating how often values agree by chance")
	random := t.sample()
	m.sharesU(random)
	for _, c := range m.comps {
		c.byChance = slices.Clone(c.u)
	}
	if err := t.prior(ctx); err != nil {
		return err
	}
	sets, err := t.gather(ctx)
	if err != nil {
		return err
	}
	compared := make([]Session, 0, len(rules)+len(lists))
	for i := range lists {
		compared = append(compared, Session{List: &lists[i]})
	}
	for _, r := range rules {
		compared = append(compared, Session{Rule: r.SQL})
	}
	all, _, err := t.pairsOf(ctx, compared...)
	if err != nil {
		return err
	}
	for pass := range passes {
		for _, c := range m.comps {
			for level := range c.m {
				c.m[level] = math.NaN()
			}
		}
		t.maximise(sets)
		m.Weigh()
		m.settle(all)
		if pass < passes-1 {
			m.correctU(random)
		}
	}
	t.say("prior 1 in %.0f", 1/m.Settings.Prior)
	m.store()
	m.Weigh()
	return nil
}

// settle re-estimates the prior until it holds.
func (m *Model) settle(h histogram) {
	for range 20 {
		p, old := min(max(m.Prior(h), 1e-12), 0.5), m.Settings.Prior
		m.Settings.Prior = p
		m.Weigh()
		if math.Abs(math.Log(p/old)) < 0.01 {
			return
		}
	}
}

// leastU is the part of what was seen that stays in u.
const leastU = 0.02

// correctU takes the matches out of the shares among random pairs.
func (m *Model) correctU(random histogram) {
	prior := m.Settings.Prior
	for i, c := range m.comps {
		counts := m.marginal(random, i, nil)
		total := max(sum(counts), 1)
		for level := range c.u {
			if c.null[level] {
				continue
			}
			seen := counts[level] / total
			c.u[level] = max((seen-prior*c.m[level])/(1-prior), leastU*seen, floorU)
		}
	}
}

func (m *Model) missing(of func(*comparison, int) float64) bool {
	for _, c := range m.comps {
		for i := range c.m {
			if !c.null[i] && math.IsNaN(of(c, i)) {
				return true
			}
		}
	}
	return false
}

// sample compares pairs of random rows: all pairs among as many rows as give the
// wanted number.
func (t *Trainer) sample() histogram {
	m := t.Model
	tab := m.cols.Table()
	rng := rand.New(rand.NewPCG(t.Seed, 0x6d7573746572))
	h, counts := histogram{}, m.newCounter()
	k := m.NewMemo()
	n := tab.Len()
	wanted := float64(samplePairs)
	if t.Sample > 0 {
		wanted = float64(t.Sample)
	}
	pick := func(from, to, want int) []int32 {
		all := make([]int32, 0, to-from)
		for i := from; i < to; i++ {
			all = append(all, int32(i))
		}
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all[:min(want, len(all))]
	}
	if tab.Split == 0 {
		rows := pick(0, n, int(math.Sqrt(2*wanted)))
		for i, a := range rows {
			for _, b := range rows[i+1:] {
				counts.add(m.pattern(min(a, b), max(a, b), k))
			}
		}
		counts.addTo(h)
		return h
	}
	side := int(math.Sqrt(wanted))
	for _, a := range pick(0, tab.Split, side) {
		for _, b := range pick(tab.Split, n, side) {
			counts.add(m.pattern(a, b, k))
		}
	}
	counts.addTo(h)
	return h
}

// sharesU sets u from pairs of random rows.
func (m *Model) sharesU(random histogram) {
	for i, c := range m.comps {
		counts := m.marginal(random, i, nil)
		total := sum(counts)
		for level := range c.u {
			if c.null[level] || !math.IsNaN(c.u[level]) && m.Settings.Comparisons[i].Levels[level].U != nil {
				continue
			}
			c.u[level] = max(counts[level]/max(total, 1), floorU)
		}
	}
}

// marginal sums a histogram by the levels of one comparison, missing values aside,
// each pattern with its weight.
func (m *Model) marginal(h histogram, i int, weight func(p uint32) float64) []float64 {
	c := m.comps[i]
	out := make([]float64, len(c.m))
	for _, p := range slices.Sorted(maps.Keys(h)) {
		level := m.level(p, i)
		if c.null[level] {
			continue
		}
		n := h[p]
		if weight != nil {
			n *= weight(p)
		}
		out[level] += n
	}
	return out
}

func sum(list []float64) float64 {
	var s float64
	for _, x := range list {
		s += x
	}
	return s
}

// Session is one set of pairs for expectation maximisation: those of a rule, or a list.
// What made the pairs alike is not estimated from them.
type Session struct {
	Rule string
	List *block.List
	Uses []string // columns by which the list was made
}

func (x Session) name() string {
	if x.List != nil {
		return x.List.Name
	}
	return x.Rule
}

// pairsOf counts the patterns of the pairs of sessions, each pair once.
func (t *Trainer) pairsOf(ctx context.Context, sessions ...Session) (histogram, float64, error) {
	m := t.Model
	opt := block.Options{Workers: t.workers(), Cap: t.Cap, Refine: t.Refine}
	var parsed []*block.Rule
	for _, x := range sessions {
		if x.List != nil {
			opt.Extra = append(opt.Extra, *x.List)
			continue
		}
		r, err := block.Parse(m.cols, x.Rule)
		if err != nil {
			return nil, 0, err
		}
		parsed = append(parsed, r)
	}
	parts := make([]*counter, t.workers())
	_, err := block.Each(ctx, m.cols, parsed, opt, func(w int) func(l, r int32) {
		counts, k := m.newCounter(), m.NewMemo()
		parts[w] = counts
		return func(l, r int32) { counts.add(m.pattern(l, r, k)) }
	})
	h := histogram{}
	var n float64
	for _, part := range parts {
		n += part.addTo(h)
	}
	return h, n, err
}

func (t *Trainer) workers() int { return max(t.Workers, 1) }

// prior estimates the prior by the pairs that the deterministic rules make, which
// find an assumed part of all.
func (t *Trainer) prior(ctx context.Context) error {
	s := t.Model.Settings
	var rules []*block.Rule
	for _, r := range s.Certain {
		x, err := block.Parse(t.Model.cols, r.SQL)
		if err != nil {
			return err
		}
		rules = append(rules, x)
	}
	if len(rules) == 0 {
		s.Prior = 1e-4
		return nil
	}
	made, err := block.Count(ctx, t.Model.cols, rules, block.Options{Workers: t.workers(), Cap: t.Cap, Refine: t.Refine})
	if err != nil {
		return err
	}
	n := float64(made)
	found := s.Recall
	if found <= 0 {
		found = recall
	}
	s.Prior = min(max(n, 1)/found/t.Model.cols.Table().Pairs(), 0.5)
	return nil
}

// gathered is the counted pairs of a session.
type gathered struct {
	name  string
	h     histogram
	pairs float64
	uses  []string
}

// gather counts the pairs of all sessions.
func (t *Trainer) gather(ctx context.Context) ([]gathered, error) {
	sessions := slices.Clone(t.Sessions)
	for _, rule := range t.Model.Settings.Training {
		sessions = append(sessions, Session{Rule: rule.SQL})
	}
	var out []gathered
	for _, x := range sessions {
		h, n, err := t.pairsOf(ctx, x)
		if err != nil {
			return nil, err
		}
		if n < fewest {
			t.say("training on %s: only %.0f pairs, left out", x.name(), n)
			continue
		}
		uses := x.Uses
		if x.List == nil {
			r, err := block.Parse(t.Model.cols, x.Rule)
			if err != nil {
				return nil, err
			}
			uses = r.Uses()
		}
		out = append(out, gathered{x.name(), h, n, uses})
	}
	return out, nil
}

// maximise runs one session of expectation maximisation per set of pairs, and takes
// for each share the median of the sessions that estimated it.
func (t *Trainer) maximise(sets []gathered) {
	m := t.Model
	estimates := make([][][]float64, len(m.comps)) // per comparison and session, per level
	for _, x := range sets {
		s := m.session(x.h, x.uses)
		s.run()
		t.say("training on %s: %.0f pairs, %d kinds, %d rounds", x.name, x.pairs, len(x.h), s.rounds)
		for i := range m.comps {
			if s.used[i] {
				estimates[i] = append(estimates[i], s.m[i])
			}
		}
	}
	for i, c := range m.comps {
		if len(estimates[i]) == 0 {
			start(c, func(level int, p float64) { c.fill(level, p) })
			continue
		}
		for level := range c.m {
			var list []float64
			for _, e := range estimates[i] {
				list = append(list, e[level])
			}
			c.fill(level, median(list))
		}
	}
}

// fill sets a share of matches unless the settings give it.
func (c *comparison) fill(level int, p float64) {
	if !c.null[level] && math.IsNaN(c.m[level]) {
		c.m[level] = max(p, floorM)
	}
}

func median(list []float64) float64 {
	slices.Sort(list)
	n := len(list)
	if n%2 == 1 {
		return list[n/2]
	}
	return (list[n/2-1] + list[n/2]) / 2
}

// store writes the shares into the settings.
func (m *Model) store() {
	for i, c := range m.comps {
		for level := range c.m {
			l := &m.Settings.Comparisons[i].Levels[level]
			if c.null[level] {
				continue
			}
			l.M, l.U = &c.m[level], &c.u[level]
			if c.byChance != nil {
				l.Chance = &c.byChance[level]
			}
		}
	}
}

// start gives the shares that a session starts from: most for the best level, the
// rest over the others by powers of two.
func start(c *comparison, set func(level int, p float64)) {
	var levels []int
	for i, null := range c.null {
		if !null {
			levels = append(levels, i)
		}
	}
	set(levels[0], startM)
	total := math.Exp2(float64(len(levels)-1)) - 1
	for i, level := range levels[1:] {
		set(level, (1-startM)*math.Exp2(float64(len(levels)-2-i))/total)
	}
}

// session is one session of expectation maximisation over the pairs of a rule. What
// the rule makes equal is not estimated.
type session struct {
	model    *Model
	h        histogram
	patterns []uint32
	used     []bool
	m        [][]float64
	odds     float64 // natural, of a match among the rule's pairs
	rounds   int
}

func (m *Model) session(h histogram, columns []string) *session {
	s := &session{model: m, h: h, patterns: slices.Sorted(maps.Keys(h))}
	prior := m.Settings.Prior
	s.odds = math.Log(prior / (1 - prior))
	for _, c := range m.comps {
		shares := make([]float64, len(c.m))
		start(c, func(level int, p float64) { shares[level] = p })
		used := !slices.ContainsFunc(columns, func(x string) bool { return c.uses[x] })
		for level := range shares {
			if p := c.m[level]; used && !math.IsNaN(p) {
				shares[level] = p
			}
		}
		if !used {
			best := slices.IndexFunc(c.null, func(null bool) bool { return !null })
			s.odds += math.Log(startM / max(c.u[best], floorU))
		}
		s.used, s.m = append(s.used, used), append(s.m, shares)
	}
	return s
}

func (s *session) run() {
	for s.rounds = 1; s.rounds <= rounds; s.rounds++ {
		if s.step() < settled {
			return
		}
	}
}

// step is one round; it returns the largest change.
func (s *session) step() float64 {
	m := s.model
	posterior := map[uint32]float64{}
	var matches, all float64
	for _, p := range s.patterns {
		w := s.odds
		for i, c := range m.comps {
			if level := m.level(p, i); s.used[i] && !c.null[level] {
				w += math.Log(max(s.m[i][level], floorM) / max(c.u[level], floorU))
			}
		}
		x := 1 / (1 + math.Exp(-w))
		posterior[p] = x
		matches += x * s.h[p]
		all += s.h[p]
	}
	var change float64
	for i, c := range m.comps {
		if !s.used[i] {
			continue
		}
		counts := m.marginal(s.h, i, func(p uint32) float64 { return posterior[p] })
		total := sum(counts)
		if total <= 0 {
			continue
		}
		for level := range counts {
			if c.null[level] {
				continue
			}
			x := max(counts[level]/total, floorM)
			change = max(change, math.Abs(x-s.m[i][level]))
			s.m[i][level] = x
		}
	}
	share := min(max(matches/all, 1e-9), 1-1e-9)
	odds := math.Log(share / (1 - share))
	change = max(change, math.Abs(1/(1+math.Exp(-odds))-1/(1+math.Exp(-s.odds))))
	s.odds = odds
	return change
}

// Prior re-estimates the prior by the weights of all candidate pairs.
func (m *Model) Prior(h map[uint32]float64) float64 {
	var matches float64
	for _, p := range slices.Sorted(maps.Keys(h)) {
		w := m.Lambda
		for i, c := range m.comps {
			w += c.weights[m.level(p, i)]
		}
		matches += h[p] * Probability(w)
	}
	return matches / m.cols.Table().Pairs()
}
