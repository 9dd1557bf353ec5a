// Package detect defines what a detector is and runs detectors over what was
// read and linked. A detector answers one question, in one folder, and is listed
// once, in package detect/all.
//
// Detectors report facts and never judge: no weights, no bands, no look at the
// clock, the network, the disk or the environment. A finding on a persona
// depends only on the persona's own records, its edges and their other ends, and
// the frozen baseline (the law of locality), so that a run on some personas
// equals the run on all, filtered.
package detect

import (
	"context"
	"iter"
	"time"

	"muster/internal/baseline"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Subjects says which queues a detector looks at.
type Subjects uint8

// The queues, combinable.
const (
	Staff Subjects = 1 << iota
	Candidates
	Referees
)

// Has reports whether the queue is among the subjects.
func (s Subjects) Has(q identity.Queue) bool {
	switch q {
	case identity.Staff:
		return s&Staff != 0
	case identity.Candidate:
		return s&Candidates != 0
	case identity.Referee:
		return s&Referees != 0
	}
	return false
}

// AnyOf lists alternative sets of record kinds; a persona is assessed if it has
// records of every kind of at least one set. An empty AnyOf needs nothing.
type AnyOf [][]record.Kind

// Detector is one question. Detectors are values, see [muster/internal/detect/all].
type Detector struct {
	ID       string      // folder name, anchor in the documentation, name in JSON
	Version  int         // raised when the same input may give another finding
	Doc      string      // the embedded doc.md
	Signals  []signal.ID // what it may report
	Subjects Subjects
	Needs    AnyOf
	Run      func(context.Context, *Pass) error
}

// Pass is one run of one detector.
type Pass struct {
	AsOf     time.Time // everything later is unknown
	View     *View
	Intel    *intel.Set
	Baseline *baseline.Set
	Settings *settings.Settings
	Subjects []identity.PersonaID // whom to look at, ascending

	detector    *Detector
	found       []finding.Finding
	notAssessed map[identity.PersonaID]string
}

// Report reports a finding. Detector and Version are filled in.
func (p *Pass) Report(f finding.Finding) {
	f.Detector, f.Version = p.detector.ID, max(p.detector.Version, 1)
	p.found = append(p.found, f)
}

// NotAssessed says that the question could not be answered for a persona.
func (p *Pass) NotAssessed(id identity.PersonaID, reason string) { p.notAssessed[id] = reason }

// Each yields the personas to look at.
func (p *Pass) Each() iter.Seq[*identity.Persona] {
	return func(yield func(*identity.Persona) bool) {
		for _, id := range p.Subjects {
			if x := p.View.Persona(id); x != nil && !yield(x) {
				return
			}
		}
	}
}

// Edges yields the edges of a persona of the given kinds that link did not suppress.
func (p *Pass) Edges(id identity.PersonaID, kinds ...identity.EdgeKind) iter.Seq[*identity.Edge] {
	return func(yield func(*identity.Edge) bool) {
		for _, e := range p.View.EdgesOf(id) {
			if e.Suppressed != "" || len(e.Holders) < 2 {
				continue
			}
			for _, k := range kinds {
				if e.Kind == k && !yield(e) {
					return
				}
			}
		}
	}
}

// View is what a detector may look at. In the view of a detector that needs the
// monitoring notice, telemetry from before the notice is absent.
type View struct {
	*identity.Graph
	Sessions *record.SessionTable
	from     map[identity.PersonaID]time.Time // telemetry starts here; absent persona = nothing may be read
	gated    bool
}

// SessionsOf yields the row numbers of a persona's sessions, account by account,
// ascending in time, up to asOf's day and from the notice on.
func (v *View) SessionsOf(p *identity.Persona) iter.Seq[int] {
	return func(yield func(int) bool) {
		from, ok := v.from[p.ID]
		if v.gated && !ok {
			return
		}
		for _, account := range p.Account {
			lo, hi := v.Sessions.Rows(account)
			for i := lo; i < hi; i++ {
				if v.gated && v.Sessions.TimeOf(i).Before(from) {
					continue
				}
				if !yield(i) {
					return
				}
			}
		}
	}
}
