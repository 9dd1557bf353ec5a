package assess

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/settings"
)

// Input is what is judged.
type Input struct {
	AsOf     time.Time
	Graph    *identity.Graph
	Findings []finding.Finding // in the order of detect.Run
	Settings *settings.Settings
}

// Run judges every persona. The result is ordered by queue (staff, candidates,
// referees), then by band and weight, highest first, then by id.
func Run(in Input) []Assessment {
	bySubject := map[identity.PersonaID][]finding.Finding{}
	for _, f := range in.Findings {
		bySubject[f.Subject] = append(bySubject[f.Subject], f)
	}
	out := make([]Assessment, 0, len(in.Graph.Personas))
	for _, p := range in.Graph.Personas {
		out = append(out, one(in, p, bySubject[p.ID]))
	}
	slices.SortFunc(out, func(a, b Assessment) int {
		return cmp.Or(
			cmp.Compare(queueRank[a.Queue], queueRank[b.Queue]), cmp.Compare(b.Band, a.Band), cmp.Compare(b.Weight, a.Weight),
			strings.Compare(string(a.Persona), string(b.Persona)),
		)
	})
	return out
}

var queueRank = map[identity.Queue]int{identity.Staff: 0, identity.Candidate: 1, identity.Referee: 2}

// one judges one persona.
func one(in Input, p *identity.Persona, found []finding.Finding) Assessment {
	a := Assessment{Persona: p.ID, Queue: p.Queue, VerifiedBy: verifications(p)}
	w := weigh(in.Settings, in.Graph, p, found)
	a.Findings, a.Families = w.findings, w.families
	a.Evidence = fingerprint(w.findings)
	if len(w.families) > 0 {
		a.Protective = protective(p, in.AsOf)
	}
	for _, f := range a.Families {
		a.Weight += f.Weight
	}
	gross := a.Weight
	for _, x := range a.Protective {
		a.Weight += x.Weight
	}
	a.Band = band(w, gross, a.Weight)
	if p.Early && !reachesLater(in.Graph, p) && a.Band > None {
		a.Band = None
		a.Notes = append(a.Notes, "before the stage from which candidates are judged, and nothing connects this person to staff, a later candidate or a known case")
	}
	decide(in, p, &a)
	if a.Band > None {
		a.NextIrreversible = steps(p, in.Settings, in.AsOf)
		a.Check = cheapestCheck(w)
	}
	return a
}

// Net weight below which protective evidence takes a persona out of review: a
// strong and a medium fact (3.2 nats) fall below it when the persona was met in
// person in more than one way (-1.5), two strong ones (4.4) do not. Conclusive
// facts are not discussed away by presence: facilitators have attended in-person
// steps (Nov 2025 pleas).
const (
	watchNats  = 0.7
	reviewNats = 2.0
)

// band applies ruling 2.
func band(w weighed, gross, net float64) Band {
	switch {
	case w.conclusive && len(w.speaking) >= 2, w.strong >= 2 && len(w.speaking) >= 3 && net >= reviewNats:
		return Urgent
	case w.conclusive, w.strong >= 1 && len(w.speaking) >= 2 && net >= reviewNats:
		return Review
	case net >= watchNats || w.strong >= 1 && gross >= watchNats:
		return Watch
	}
	return None
}

// reachesLater reports whether an edge or hit connects an early candidate to
// somebody past the gate (ruling 7).
func reachesLater(g *identity.Graph, p *identity.Persona) bool {
	if len(g.HitsOf(p.ID)) > 0 {
		return true
	}
	for _, e := range g.EdgesOf(p.ID) {
		if e.Suppressed != "" {
			continue
		}
		for _, h := range e.Others(p.ID) {
			if q := g.Persona(h.Persona); q != nil && q.Queue != identity.Referee && !q.Early {
				return true
			}
		}
	}
	return false
}
