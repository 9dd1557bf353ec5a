package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/internal/identity"
)

// operators copies the hypotheses with the band of their highest persona.
func (b *builder) operators() []Operator {
	out := make([]Operator, 0, len(b.graph.Operators))
	for _, o := range b.graph.Operators {
		x := Operator{ID: o.ID, Personas: nonNil(slices.Clone(o.Personas)), Links: []Link{}, Probability: o.Probability, Members: membersOf(o)}
		for _, id := range o.Personas {
			if a := b.assessed[id]; a != nil {
				x.Band, x.Weight = max(x.Band, a.Band), max(x.Weight, round(a.Weight))
			}
		}
		for i := range o.Links {
			x.Links = append(x.Links, linkOf(&o.Links[i]))
		}
		slices.SortStableFunc(x.Links, compareLinks)
		if o.Weakest.A != "" {
			w := linkOf(&o.Weakest)
			x.WeakestLink = &w
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y Operator) int {
		return cmp.Or(cmp.Compare(y.Band, x.Band), cmp.Compare(y.Weight, x.Weight), strings.Compare(string(x.ID), string(y.ID)))
	})
	return out
}

func compareLinks(x, y Link) int {
	return cmp.Or(cmp.Compare(y.Weight, x.Weight), strings.Compare(string(x.A), string(y.A)), strings.Compare(string(x.B), string(y.B)))
}

func linkOf(l *identity.Link) Link {
	x := Link{A: l.A, B: l.B, Weight: round(l.Weight), Reasons: []LinkReason{}}
	for _, r := range l.Reasons {
		x.Reasons = append(x.Reasons, LinkReason{string(r.Kind), r.Family, r.Text, round(r.Weight)})
	}
	return x
}

func (b *builder) facilitators() []Facilitator {
	out := make([]Facilitator, 0, len(b.graph.Facilitators))
	for _, f := range b.graph.Facilitators {
		out = append(out, Facilitator{
			ID: f.ID, Kind: f.Kind, Label: f.Label, Personas: nonNil(slices.Clone(f.Personas)), Surprise: round(f.Surprise), Tail: round(f.Tail), Unlike: round(f.Unlike),
			Also: nonNil(slices.Clone(f.Also)), Evidence: nonNil(slices.Clone(f.Evidence)),
		})
	}
	slices.SortFunc(out, func(x, y Facilitator) int {
		return cmp.Or(cmp.Compare(y.Surprise, x.Surprise), strings.Compare(x.ID, y.ID))
	})
	return out
}

// suppressions lists the shared values that make no edge, and what the settings
// exempt or override.
func (b *builder) suppressions() []Suppression {
	out := []Suppression{}
	for _, e := range b.graph.Edges {
		if e.Suppressed != "" {
			out = append(out, Suppression{words(string(e.Kind)), e.Family, e.Label, max(e.N, len(e.Holders)), e.Suppressed})
		}
	}
	for id, w := range b.settings.Weights {
		out = append(out, Suppression{"weight override", "", fmt.Sprintf("%s = %.2f nats", id, w.Nats), 0, w.Reason})
	}
	slices.SortFunc(out, func(x, y Suppression) int {
		return cmp.Or(strings.Compare(x.Kind, y.Kind), cmp.Compare(y.N, x.N), strings.Compare(x.Label, y.Label), strings.Compare(x.Why, y.Why))
	})
	return out
}

// register lists everyone with access, gaps first.
func (b *builder) register(list []Persona) []RegisterRow {
	out := []RegisterRow{}
	for i := range list {
		p := &list[i]
		if p.Queue != identity.Staff || p.Former {
			continue
		}
		row := RegisterRow{Persona: p.ID, Name: p.Name(), Since: p.Start, Band: p.Band, Verified: make([]Verification, 0, len(p.VerifiedBy))}
		for _, v := range p.VerifiedBy {
			row.Verified = append(row.Verified, Verification{Kind: v.Kind, At: v.At, By: v.By})
		}
		if g := b.graph.Persona(p.ID); g != nil {
			for _, e := range g.Records.Engagements {
				row.Privileged = row.Privileged || e.Privileged != nil && *e.Privileged
			}
		}
		out = append(out, row)
	}
	slices.SortFunc(out, compareRegister)
	return out
}

// compareRegister puts the never verified first, of these the ones with the
// highest band, then privileged access, then the longest service.
func compareRegister(x, y RegisterRow) int {
	gap := func(r RegisterRow) int { return min(len(r.Verified), 1) }
	priv := func(r RegisterRow) int {
		if r.Privileged {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(gap(x), gap(y)), cmp.Compare(y.Band, x.Band), cmp.Compare(priv(x), priv(y)),
		strings.Compare(x.Since, y.Since), strings.Compare(string(x.Persona), string(y.Persona)),
	)
}

// gaps counts the rows of a register that nobody ever verified.
func gaps(rows []RegisterRow) int {
	n := 0
	for i := range rows {
		if len(rows[i].Verified) == 0 {
			n++
		}
	}
	return n
}
