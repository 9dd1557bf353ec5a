package evaluate

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/assess"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/scan"
	"muster/internal/simulate"
)

// match returns the assessment of each planted persona: of several it may have
// been split into, the one in the highest band.
func match(truth *simulate.Truth, res *scan.Result) map[string]*assess.Assessment {
	byID := map[identity.PersonaID]*assess.Assessment{}
	for i := range res.Assessments {
		byID[res.Assessments[i].Persona] = &res.Assessments[i]
	}
	byEmail := map[string][]identity.PersonaID{}
	for _, p := range res.Graph.Personas {
		for _, e := range p.Emails {
			byEmail[e] = append(byEmail[e], p.ID)
		}
	}
	out := map[string]*assess.Assessment{}
	for _, p := range truth.Personas {
		see := func(id identity.PersonaID) {
			if a := byID[id]; a != nil && (out[p.ID] == nil || a.Band > out[p.ID].Band) {
				out[p.ID] = a
			}
		}
		for _, h := range p.Handles {
			see(res.Graph.ByHandle(record.Handle(h)))
		}
		if out[p.ID] == nil {
			for _, e := range p.Emails {
				for _, id := range byEmail[strings.ToLower(e)] {
					see(id)
				}
			}
		}
	}
	return out
}

func (t *tally) measure(truth *simulate.Truth, res *scan.Result, found map[string]*assess.Assessment, seed uint64, level int, fraud bool) {
	c := t.levels[level]
	if fraud && c == nil {
		c = &counts{}
		t.levels[level] = c
	}
	if fraud {
		c.companies++
	}
	caught := map[string]bool{}
	planted := map[identity.PersonaID]bool{}
	for i := range truth.Personas {
		p := &truth.Personas[i]
		a := found[p.ID]
		hit := a != nil && a.Band >= assess.Review
		bad := p.Class == simulate.ClassOperator || p.Class == simulate.ClassLone
		switch {
		case bad:
			if a != nil {
				planted[a.Persona] = true
			}
			caught[p.Operator] = caught[p.Operator] || hit
			if !c.fraudulent(truth, p, res, a, hit) && !hit {
				t.missed = append(t.missed, newCase(p, a, seed, level))
			}
		case p.Class == simulate.ClassFacilitator:
		default:
			t.innocent(p, a, hit, seed, level, fraud)
		}
	}
	for _, o := range truth.Operators {
		if !o.Lone && fraud {
			add(&c.oper, caught[o.ID])
		}
	}
	if fraud {
		c.pairs(truth, found, res)
	}
	for i := range res.Assessments {
		a := &res.Assessments[i]
		key := [2]string{string(a.Queue), a.Band.String()}
		n := t.bands[key]
		n[1]++
		if planted[a.Persona] {
			n[0]++
		}
		t.bands[key] = n
	}
	if !fraud {
		t.countNoFraud(truth, res)
	}
}

// fraudulent counts a planted persona; it reports whether the persona is one
// that the bars leave out (before the gate, or only a referee).
func (c *counts) fraudulent(truth *simulate.Truth, p *simulate.Persona, res *scan.Result, a *assess.Assessment, hit bool) (leftOut bool) {
	var q *identity.Persona
	if a != nil {
		q = res.Graph.Persona(a.Persona)
	}
	switch {
	case p.Class == simulate.ClassLone && left(truth, p):
		add(&c.loneBefore, hit)
		return true
	case p.Class == simulate.ClassLone:
		add(&c.lone, hit)
		return false
	case p.Hired:
		add(&c.hired, hit)
	case len(p.CandidateIDs) == 0:
		add(&c.referees, hit)
		return true
	case q != nil && q.Early:
		add(&c.early, hit)
		return true
	default:
		add(&c.candidates, hit)
	}
	add(&c.personas, hit)
	add(&c.urgent, hit && a.Band == assess.Urgent)
	return false
}

// seenDays is how many days of telemetry a hire must have to be measured.
const seenDays = 14

// left reports whether a hire left before the telemetry says anything about them.
func left(truth *simulate.Truth, p *simulate.Persona) bool {
	from, err := time.Parse(time.DateOnly, truth.From)
	ended, err2 := time.Parse(time.DateOnly, p.EndedAt)
	return err == nil && err2 == nil && ended.Before(from.AddDate(0, 0, seenDays))
}

func (t *tally) innocent(p *simulate.Persona, a *assess.Assessment, hit bool, seed uint64, level int, fraud bool) {
	switch {
	case p.Class == simulate.ClassVictim:
		n := t.twins["victim"]
		add(&n, hit)
		t.twins["victim"] = n
	case p.Twin != "":
		n := t.twins[p.Twin]
		add(&n, hit)
		t.twins[p.Twin] = n
	default:
		add(&t.ordinary, hit)
	}
	if hit {
		t.falseReview = append(t.falseReview, newCase(p, a, seed, level))
	}
}

func (t *tally) countNoFraud(truth *simulate.Truth, res *scan.Result) {
	n := &t.noFraud
	n.Companies++
	n.Staff += truth.Counts.Staff
	n.Candidates += truth.Counts.Candidates
	here := 0
	for i := range res.Assessments {
		if res.Assessments[i].Band < assess.Review {
			continue
		}
		switch res.Assessments[i].Queue {
		case identity.Staff:
			here++
		case identity.Candidate:
			n.CandidateReviews++
		}
	}
	n.StaffReviews += here
	n.Most = max(n.Most, here)
}

// add takes over what another tally counted.
func (t *tally) add(o *tally) {
	for level, from := range o.levels {
		c := t.levels[level]
		if c == nil {
			c = &counts{}
			t.levels[level] = c
		}
		c.companies += from.companies
		c.days = append(c.days, from.days...)
		into, more := c.shares(), from.shares()
		for i := range into {
			plus(into[i], *more[i])
		}
	}
	for k, n := range o.twins {
		sum := t.twins[k]
		plus(&sum, n)
		t.twins[k] = sum
	}
	for k, n := range o.bands {
		sum := t.bands[k]
		plus(&sum, n)
		t.bands[k] = sum
	}
	plus(&t.ordinary, o.ordinary)
	t.missed, t.falseReview = append(t.missed, o.missed...), append(t.falseReview, o.falseReview...)
	n, m := &t.noFraud, &o.noFraud
	n.Companies, n.Staff, n.StaffReviews = n.Companies+m.Companies, n.Staff+m.Staff, n.StaffReviews+m.StaffReviews
	n.Candidates, n.CandidateReviews, n.Most = n.Candidates+m.Candidates, n.CandidateReviews+m.CandidateReviews, max(n.Most, m.Most)
}

func (c *counts) shares() []*share {
	return []*share{&c.personas, &c.hired, &c.candidates, &c.early, &c.referees, &c.lone, &c.loneBefore, &c.urgent, &c.oper, &c.together, &c.rightly, &c.pulled, &c.beforePay}
}

func plus(n *share, m share) { n[0], n[1] = n[0]+m[0], n[1]+m[1] }

func add(n *share, hit bool) {
	n[1]++
	if hit {
		n[0]++
	}
}

func newCase(p *simulate.Persona, a *assess.Assessment, seed uint64, level int) Case {
	c := Case{Seed: seed, Level: level, Class: p.Class, Twin: p.Twin, Persona: p.ID, Traces: p.Traces, Band: "not found"}
	if a != nil {
		c.Band, c.Persona = a.Band.String(), p.ID+" "+string(a.Persona)
		for _, f := range a.Findings {
			c.Signals = append(c.Signals, fmt.Sprintf("%s %.1f", f.Finding.Signal, f.Weight))
		}
	}
	return c
}
