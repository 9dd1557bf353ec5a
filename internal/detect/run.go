package detect

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"muster/internal/baseline"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Status says what became of a detector in a run.
type Status string

// The outcomes. "Could not look" never reads as clean.
const (
	Ran         Status = "ran"
	NotAssessed Status = "not_assessed"
	Failed      Status = "failed"
)

// Coverage says how far a detector could look.
type Coverage struct {
	Detector string
	Signals  []signal.ID
	Status   Status
	Reason   string        // of NotAssessed: records, notice, consent, test, approval; of Failed: the error
	Missing  []record.Kind // for records: what the nearest alternative lacks
	Assessed int           // personas it could look at
	Of       int           // personas it would look at
	Personas map[identity.PersonaID]string
}

// Input is what detectors look at.
type Input struct {
	AsOf     time.Time
	Graph    *identity.Graph
	Sessions *record.SessionTable
	Intel    *intel.Set
	Baseline *baseline.Set
	Settings *settings.Settings
	Subjects []identity.PersonaID // nil = everybody
}

// Run runs the detectors and returns their findings in a fixed order, and one
// coverage entry per detector in the order given.
func Run(ctx context.Context, in Input, detectors []*Detector) ([]finding.Finding, []Coverage) {
	open := &View{Graph: in.Graph, Sessions: in.Sessions}
	gated := gatedView(in)
	results := make([][]finding.Finding, len(detectors))
	coverage := make([]Coverage, len(detectors))
	var wg sync.WaitGroup
	slots := make(chan struct{}, 4)
	for i, d := range detectors {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i], coverage[i] = runOne(ctx, in, d, open, gated)
		})
	}
	wg.Wait()
	all := slices.Concat(results...)
	slices.SortFunc(all, func(a, b finding.Finding) int { return a.Compare(&b) })
	return all, coverage
}

func runOne(ctx context.Context, in Input, d *Detector, open, gated *View) (found []finding.Finding, cov Coverage) {
	cov = Coverage{Detector: d.ID, Signals: d.Signals, Status: Ran, Personas: map[identity.PersonaID]string{}}
	view := open
	allowed, gate := allowedSignals(d, in.Settings, len(gated.from) > 0)
	if slices.ContainsFunc(d.Signals, func(id signal.ID) bool { return signal.Get(id).NeedsNotice() }) {
		view = gated
	}
	if len(allowed) == 0 {
		cov.Status, cov.Reason = NotAssessed, gate
		return nil, cov
	}
	pass := &Pass{
		AsOf: in.AsOf, View: view, Intel: in.Intel, Baseline: in.Baseline, Settings: in.Settings,
		detector: d, notAssessed: cov.Personas,
	}
	pass.Subjects, cov.Of, cov.Missing = subjects(in, d, view, cov.Personas)
	cov.Assessed = len(pass.Subjects)
	if cov.Assessed == 0 {
		cov.Status, cov.Reason = NotAssessed, "records"
		cov.Personas = nil // nobody in particular, and there may be a million
		return nil, cov
	}
	defer func() {
		if r := recover(); r != nil { // one broken detector must not cost the others
			found, cov.Status, cov.Reason = nil, Failed, fmt.Sprintf("%v at %s", r, debug.Stack())
		}
	}()
	if err := d.Run(ctx, pass); err != nil {
		cov.Status, cov.Reason = Failed, err.Error()
		return nil, cov
	}
	cov.Assessed -= len(overlap(pass.Subjects, pass.notAssessed))
	for _, f := range pass.found {
		if allowed[f.Signal] {
			found = append(found, f)
		}
	}
	return found, cov
}

func overlap(ids []identity.PersonaID, m map[identity.PersonaID]string) []identity.PersonaID {
	var out []identity.PersonaID
	for _, id := range ids {
		if _, ok := m[id]; ok {
			out = append(out, id)
		}
	}
	return out
}

// allowedSignals applies the use classes: which of the detector's signals may be
// reported, and which switch keeps the others off.
func allowedSignals(d *Detector, st *settings.Settings, notice bool) (map[signal.ID]bool, string) {
	allowed, gate := map[signal.ID]bool{}, ""
	for _, id := range d.Signals {
		s := signal.Get(id)
		switch {
		case s.Class == signal.X:
			gate = "never computed"
		case s.NeedsNotice() && !notice:
			gate = "notice"
		case s.Class == signal.F3 && len(st.Consents.Biometric) == 0:
			gate = "consent"
		case s.Class == signal.F4 && st.Tests.DisparateImpact == nil:
			gate = "test"
		case !st.HasApproval(s.Approval):
			gate = "approval"
		default:
			allowed[id] = true
		}
	}
	return allowed, gate
}

// subjects returns the personas the detector can look at, how many it would look
// at, and what the nearest alternative of its needs lacks most often.
func subjects(in Input, d *Detector, v *View, why map[identity.PersonaID]string) (ids []identity.PersonaID, of int, missing []record.Kind) {
	lacks := map[record.Kind]int{}
	ask := v.Personas
	if in.Subjects != nil {
		ask = make([]*identity.Persona, 0, len(in.Subjects))
		for _, id := range in.Subjects {
			ask = append(ask, v.Persona(id))
		}
	}
	for _, p := range ask {
		if p == nil || !d.Subjects.Has(p.Queue) || p.Early && len(v.EdgesOf(p.ID)) == 0 && len(v.HitsOf(p.ID)) == 0 {
			continue
		}
		of++
		id := p.ID
		if v.gated {
			if _, ok := v.from[id]; !ok && allNotice(d) {
				why[id] = "notice"
				continue
			}
		}
		lack := nearest(d.Needs, p, v)
		if len(lack) == 0 {
			ids = append(ids, id)
			continue
		}
		why[id] = "records"
		for _, k := range lack {
			lacks[k]++
		}
	}
	for _, k := range record.Kinds() {
		if lacks[k] > 0 && len(ids) == 0 {
			missing = append(missing, k)
		}
	}
	slices.Sort(ids)
	return ids, of, missing
}

func allNotice(d *Detector) bool {
	return !slices.ContainsFunc(d.Signals, func(id signal.ID) bool { return !signal.Get(id).NeedsNotice() })
}

// nearest returns the kinds that the alternative closest to being met lacks; nil if one is met.
func nearest(needs AnyOf, p *identity.Persona, v *View) []record.Kind {
	var best []record.Kind
	for i, set := range needs {
		var lack []record.Kind
		for _, k := range set {
			if !has(p, k, v) {
				lack = append(lack, k)
			}
		}
		if len(lack) == 0 {
			return nil
		}
		if i == 0 || len(lack) < len(best) {
			best = lack
		}
	}
	return best
}
