package link

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/identity"
)

// owners leads from a candidate to the owner of a contact that the candidate's
// referee uses under another name: the referee may be that person (GTIG,
// 2025-04-01). Both are ends of edges with the referee only, so that neither
// would see the other.
func (b *builder) owners() {
	vouched := map[identity.PersonaID][]*identity.Edge{}
	for _, e := range b.edges {
		if e.Kind == identity.EdgeVouch {
			vouched[e.Holders[0].Persona] = append(vouched[e.Holders[0].Persona], e)
		}
	}
	queue := make(map[identity.PersonaID]identity.Queue, len(b.persons))
	for _, p := range b.persons {
		queue[p.ID] = p.Queue
	}
	type leg struct {
		candidate, owner identity.PersonaID
		label            string
	}
	done := map[leg]bool{}
	for _, e := range slices.Clone(b.edges) {
		if e.Suppressed != "" || e.Kind != identity.EdgeRefereePhone && e.Kind != identity.EdgeRefereeEmail && e.Kind != identity.EdgeReferenceIP {
			continue
		}
		for _, r := range e.Holders {
			if queue[r.Persona] != identity.Referee {
				continue
			}
			for _, v := range vouched[r.Persona] {
				for _, o := range e.Holders {
					x := v.Holders[1]
					k := leg{x.Persona, o.Persona, e.Label}
					referee := queue[o.Persona] == identity.Referee // firms share a number, two people no mailbox
					if o.Persona == r.Persona || referee && e.Kind != identity.EdgeRefereeEmail || e.Has(x.Persona) || done[k] {
						continue
					}
					done[k] = true
					b.edges = append(b.edges, ownerEdge(e, x, o))
				}
			}
		}
	}
}

// ownerEdge weighs less than the edge with the referee: it is one step further.
func ownerEdge(e *identity.Edge, candidate, owner identity.Holder) *identity.Edge {
	t := traits[identity.EdgeRefereeOwner]
	return &identity.Edge{
		Kind: identity.EdgeRefereeOwner, Family: t.family, Key: cmp.Or(e.Key, strings.ToLower(e.Label)), Label: e.Label,
		Holders: []identity.Holder{candidate, owner}, N: 2, Weight: min(t.limit, e.Weight*t.reliability), OpenHome: e.OpenHome,
		Discounts: slices.Clone(e.Discounts), First: e.First, Last: e.Last,
	}
}
