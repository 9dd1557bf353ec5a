// Package evaluate measures scans of invented companies against what was planted
// in them: recall per level, false reviews per kind of innocent with intervals,
// and days to detection.
package evaluate

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/internal/assess"
	"muster/internal/config"
	"muster/internal/identity"
	"muster/internal/scan"
	"muster/internal/simulate"
)

// Options says what to measure.
type Options struct {
	Seeds       []uint64 // one company of each kind per seed
	Levels      []int    // adversary levels; each gives one company per seed
	NoFraud     bool     // also one company per seed without any fraud
	Staff       int
	Candidates  int
	Operators   int // per company
	Personas    int // per operator
	Lone        int // per company
	Twins       int // of each innocent kind, in companies with fraud
	Checkpoints int // days between looks back for days to detection; 0 = not measured
	Dir         string
	Progress    func(stage, detail string)
}

// Rate is a share with its Wilson interval at 95 %.
type Rate struct {
	Hit   int     `json:"hit"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// NewRate returns hit of n with its Wilson score interval (Wilson 1927, z = 1.96).
func NewRate(hit, n int) Rate {
	r := Rate{Hit: hit, Of: n}
	if n == 0 {
		r.High = 1
		return r
	}
	const z = 1.959964
	p, fn := float64(hit)/float64(n), float64(n)
	mid, half := p+z*z/(2*fn), z*math.Sqrt(p*(1-p)/fn+z*z/(4*fn*fn))
	r.Share, r.Low, r.High = p, max(0, (mid-half)/(1+z*z/fn)), min(1, (mid+half)/(1+z*z/fn))
	return r
}

// Level is what was measured at one adversary level.
type Level struct {
	Level      int  `json:"level"`
	Companies  int  `json:"companies"`
	Personas   Rate `json:"personas"`       // of operators, hired or past the gate, at review or above
	Hired      Rate `json:"hired"`          // of them the hired ones
	Candidates Rate `json:"candidates"`     // of them the candidates past the gate
	Early      Rate `json:"early"`          // candidates before the gate, for information
	Referees   Rate `json:"referees"`       // operator personas that only vouch, for information
	Lone       Rate `json:"lone"`           // fraudulent hires without siblings, employed within the exported telemetry
	LoneBefore Rate `json:"lone_before"`    // those who left before it begins or in its first days, for information
	Urgent     Rate `json:"urgent"`         // of Personas, at urgent
	Operators  Rate `json:"operators"`      // operators with at least one persona at review
	Together   Rate `json:"pair_recall"`    // pairs of an operator's judged personas in one hypothesis
	Rightly    Rate `json:"pair_precision"` // pairs in one hypothesis that one operator runs
	Pulled     Rate `json:"innocents_in_hypotheses"`
	Days       Days `json:"days"`
}

// Days sums up days from hire to review, at the resolution of the checkpoints.
type Days struct {
	Measured       int  `json:"measured"`
	Median         int  `json:"median"`
	BeforeFirstPay Rate `json:"before_first_pay"`
	Every          int  `json:"every"` // days between checkpoints
}

// Summary is the result of an evaluation.
type Summary struct {
	Options     Options         `json:"-"`
	Seeds       []uint64        `json:"seeds"`
	Staff       int             `json:"staff"`
	Candidates  int             `json:"candidates"`
	Levels      []Level         `json:"levels"`
	Twins       map[string]Rate `json:"twins"`    // false reviews per innocent kind, pooled
	Ordinary    Rate            `json:"ordinary"` // false reviews of innocents that are no planted twin
	NoFraud     NoFraud         `json:"no_fraud"`
	Bands       []BandTruth     `json:"bands"`
	Missed      []Case          `json:"missed,omitempty"`
	FalseReview []Case          `json:"false_reviews,omitempty"`
}

// NoFraud is what companies without fraud cost.
type NoFraud struct {
	Companies        int     `json:"companies"`
	StaffReviews     int     `json:"staff_reviews"`
	Staff            int     `json:"staff"`
	Per2000          float64 `json:"per_2000_staff"`
	Most             int     `json:"most_in_one_company"`
	CandidateReviews int     `json:"candidate_reviews"`
	Candidates       int     `json:"candidates"`
}

// BandTruth says how many of the personas in a band were planted (ruling 10).
type BandTruth struct {
	Queue string `json:"queue"`
	Band  string `json:"band"`
	Real  Rate   `json:"real"`
}

// Case names one persona that was missed or wrongly brought to review, with what
// was found on it: the way to improve a detector.
type Case struct {
	Seed    uint64   `json:"seed"`
	Level   int      `json:"level"`
	Class   string   `json:"class"`
	Twin    string   `json:"twin,omitempty"`
	Persona string   `json:"persona"`
	Band    string   `json:"band"`
	Signals []string `json:"signals"`
	Traces  []string `json:"traces,omitempty"`
}

// tally collects counts while companies are measured.
type tally struct {
	levels      map[int]*counts
	twins       map[string][2]int
	ordinary    [2]int
	bands       map[[2]string][2]int
	noFraud     NoFraud
	missed      []Case
	falseReview []Case
}

type counts struct {
	companies                                                                    int
	personas, hired, candidates, early, referees, lone, loneBefore, urgent, oper share
	days                                                                         []int
	together, rightly, pulled                                                    share
	beforePay                                                                    share
}

// share counts hits and chances.
type share = [2]int

// job is one company to make.
type job struct {
	seed  uint64
	level int
	fraud bool
}

// jobs lists the companies in the order in which they are counted.
func jobs(opt Options) []job {
	var out []job
	for _, seed := range opt.Seeds {
		for _, level := range opt.Levels {
			out = append(out, job{seed, level, true})
		}
		if opt.NoFraud {
			out = append(out, job{seed, 0, false})
		}
	}
	return out
}

// Run makes the companies, scans them and measures. Two companies are in work at
// a time: a scan alone does not keep two processors busy. The result does not
// depend on which ends first.
func Run(ctx context.Context, opt Options) (*Summary, error) {
	all := jobs(opt)
	parts := make([]*tally, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(min(2, runtime.GOMAXPROCS(0)))
	var mu sync.Mutex
	if say := opt.Progress; say != nil {
		opt.Progress = func(stage, detail string) {
			mu.Lock()
			defer mu.Unlock()
			say(stage, detail)
		}
	}
	for i, j := range all {
		parts[i] = newTally()
		g.Go(func() error {
			if err := parts[i].company(ctx, opt, j.seed, j.level, j.fraud); err != nil {
				return fmt.Errorf("seed %d, level %d, fraud %t: %w", j.seed, j.level, j.fraud, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	t := newTally()
	for _, p := range parts {
		t.add(p)
	}
	return t.summary(opt), nil
}

func newTally() *tally {
	return &tally{levels: map[int]*counts{}, twins: map[string][2]int{}, bands: map[[2]string][2]int{}}
}

// company makes, scans and measures one company.
func (t *tally) company(ctx context.Context, opt Options, seed uint64, level int, fraud bool) error {
	dir, err := os.MkdirTemp(opt.Dir, "company-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	say := func(stage, detail string) {
		if opt.Progress != nil {
			opt.Progress(fmt.Sprintf("seed %d level %d: %s", seed, level, stage), detail)
		}
	}
	sim := simulate.Options{
		Seed: seed, Staff: opt.Staff, Candidates: opt.Candidates, Level: level, Fraud: fraud, Notice: true,
		Operators: opt.Operators, PersonasPerOperator: opt.Personas, Lone: opt.Lone, Twins: opt.Twins,
	}
	if !fraud {
		sim.Twins = 0
	}
	say("inventing", "")
	truth, err := simulate.Company(sim, dir)
	if err != nil {
		return err
	}
	exports := filepath.Join(dir, "exports")
	st, err := config.Load(filepath.Join(exports, config.FileName))
	if err != nil {
		return err
	}
	asOf, err := time.Parse(time.DateOnly, truth.AsOf)
	if err != nil {
		return err
	}
	scanOpt := scan.Options{Roots: []string{exports}, Settings: st, AsOf: asOf.Add(24 * time.Hour), Key: []byte("evaluate"), Progress: say}
	res, err := scan.Run(ctx, scanOpt)
	if err != nil {
		return err
	}
	found := match(truth, res)
	t.measure(truth, res, found, seed, level, fraud)
	if fraud && opt.Checkpoints > 0 {
		return t.lookBack(ctx, truth, res, scanOpt, level, opt.Checkpoints, say)
	}
	return nil
}

// lookBack finds out when each hired persona first reached review, by judging
// only what was known at each checkpoint.
func (t *tally) lookBack(ctx context.Context, truth *simulate.Truth, res *scan.Result, opt scan.Options, level, every int, say func(string, string)) error {
	from, err := time.Parse(time.DateOnly, truth.From)
	if err != nil {
		return err
	}
	first := map[string]time.Time{}
	for at := from.AddDate(0, 0, every); at.Before(opt.AsOf); at = at.AddDate(0, 0, every) {
		say("looking back at "+at.Format(time.DateOnly), "")
		opt.AsOf = at
		then, err := scan.Analyse(ctx, scan.Until(res.Set, at), opt)
		if err != nil {
			return err
		}
		for id, a := range match(truth, then) {
			if _, seen := first[id]; !seen && a.Band >= assess.Review {
				first[id] = at
			}
		}
		opt.AsOf = res.AsOf
	}
	c := t.levels[level]
	for i := range truth.Personas {
		p := &truth.Personas[i]
		hired, err := time.Parse(time.DateOnly, p.HiredAt)
		if err != nil || hired.Before(from) || p.Class != simulate.ClassOperator && p.Class != simulate.ClassLone {
			continue
		}
		at, seen := first[p.ID]
		if seen {
			c.days = append(c.days, int(at.Sub(hired).Hours()/24))
		}
		if pay, err := time.Parse(time.DateOnly, p.FirstPay); err == nil {
			add(&c.beforePay, seen && at.Before(pay))
		}
	}
	return nil
}

func (t *tally) summary(opt Options) *Summary {
	s := &Summary{
		Options: opt, Seeds: opt.Seeds, Staff: opt.Staff, Candidates: opt.Candidates, Twins: map[string]Rate{},
		Ordinary: rate(t.ordinary), NoFraud: t.noFraud, Missed: t.missed, FalseReview: t.falseReview,
	}
	if s.NoFraud.Staff > 0 {
		s.NoFraud.Per2000 = 2000 * float64(s.NoFraud.StaffReviews) / float64(s.NoFraud.Staff)
	}
	for _, level := range opt.Levels {
		c := t.levels[level]
		if c == nil {
			continue
		}
		l := Level{
			Level: level, Companies: c.companies, Personas: rate(c.personas), Hired: rate(c.hired), Candidates: rate(c.candidates), Early: rate(c.early),
			Referees: rate(c.referees), Lone: rate(c.lone), LoneBefore: rate(c.loneBefore), Urgent: rate(c.urgent), Operators: rate(c.oper),
			Together: rate(c.together), Rightly: rate(c.rightly), Pulled: rate(c.pulled),
			Days: Days{Measured: len(c.days), BeforeFirstPay: rate(c.beforePay), Every: opt.Checkpoints},
		}
		if slices.Sort(c.days); len(c.days) > 0 {
			l.Days.Median = c.days[len(c.days)/2]
		}
		s.Levels = append(s.Levels, l)
	}
	for kind, n := range t.twins {
		s.Twins[kind] = rate(n)
	}
	for _, q := range []identity.Queue{identity.Staff, identity.Candidate} {
		for _, b := range []assess.Band{assess.Urgent, assess.Review, assess.Watch} {
			s.Bands = append(s.Bands, BandTruth{string(q), b.String(), rate(t.bands[[2]string{string(q), b.String()}])})
		}
	}
	return s
}

func rate(n [2]int) Rate { return NewRate(n[0], n[1]) }
