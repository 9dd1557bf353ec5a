package link

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/match"
)

// hubKinds says what the middle of a star is when others depend on it.
var hubKinds = map[identity.EdgeKind]string{
	identity.EdgeShipTo: "address", identity.EdgeAddress: "address",
	identity.EdgeBankAccount: "account", identity.EdgeWallet: "account",
	identity.EdgeDeviceIP: "network", identity.EdgeLAN: "network", identity.EdgeSignInIP: "network",
	identity.EdgeDevice: "device", identity.EdgeMFA: "device", identity.EdgeMachine: "device", identity.EdgeMeeting: "device",
	identity.EdgeRefereePhone: "person", identity.EdgeRefereeEmail: "person",
}

// Bounds of a facilitator: at least three who depend on it, who are unlike in at
// least half of their pairs, and a coincidence of less than e^-4.
const (
	hubLeast    = 3
	hubUnlike   = 0.5
	hubSurprise = 4.0
)

// hubs collects facilitators.
type hubs struct {
	*builder
	graph         *identity.Graph
	at            map[identity.PersonaID]int32
	extra, values map[string]int // by kind: holders beyond the first, and shared values
	found         map[string]*identity.Facilitator
}

// facilitators finds hubs whose members have nothing else in common
// (linkage.md 9). How surprising a hub is follows from how many holders the other
// values of its kind have here.
func facilitators(g *identity.Graph, b *builder) []*identity.Facilitator {
	h := &hubs{b, g, make(map[identity.PersonaID]int32, len(g.Personas)), map[string]int{}, map[string]int{}, map[string]*identity.Facilitator{}}
	for i, p := range g.Personas {
		h.at[p.ID] = int32(i)
	}
	for _, e := range g.Edges {
		if k := hubKinds[e.Kind]; k != "" {
			h.extra[k] += e.N - 1
			h.values[k]++
		}
	}
	for _, e := range g.Edges {
		kind := hubKinds[e.Kind]
		hub := e.Suppressed == "" || strings.HasPrefix(e.Suppressed, "more than")
		if kind == "" || !hub || e.OpenHome {
			continue
		}
		persons := make([]int32, len(e.Holders))
		for i, end := range e.Holders {
			persons[i] = h.at[end.Persona]
		}
		h.add(kind, e.Key, e.Label, persons, fmt.Sprintf("%d people: %s", e.N, reasonText(e)))
	}
	h.busyReferees()
	out := make([]*identity.Facilitator, 0, len(h.found))
	for _, f := range h.found {
		f.Personas = unique(f.Personas)
		f.Evidence = unique(f.Evidence)
		// Not the key: those of accounts are hashed anew in every run.
		f.ID = identity.NewFacilitatorID(f.Kind, f.Label+"\x00"+string(f.Personas[0])+"\x00"+strings.Join(f.Evidence, "\x00"))
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y *identity.Facilitator) int {
		return cmp.Or(strings.Compare(x.Kind, y.Kind), slices.Compare(x.Personas, y.Personas), strings.Compare(x.Label, y.Label), strings.Compare(x.ID, y.ID))
	})
	return out
}

// add takes a hub if it is surprising enough. The values it is compared with are
// the shared ones of its kind, and as many private ones as there are persons.
func (h *hubs) add(kind, key, label string, persons []int32, evidence string) {
	if len(persons) < hubLeast {
		return
	}
	k := len(persons) - 1
	unlike := h.unlike(persons)
	rate := float64(max(h.extra[kind]-k, 0)+1) / float64(len(h.persons)+h.values[kind]+1)
	surprise := -math.Log(max(poissonTail(k, rate), 1e-300)) * unlike
	if unlike < hubUnlike || surprise < hubSurprise {
		return
	}
	f := h.found[kind+"\x00"+key]
	if f == nil {
		f = &identity.Facilitator{Kind: kind, Label: label}
		h.found[kind+"\x00"+key] = f
	}
	for _, i := range persons {
		f.Personas = append(f.Personas, h.graph.Personas[i].ID)
	}
	f.Surprise = max(f.Surprise, surprise)
	f.Evidence = append(f.Evidence, evidence)
}

// busyReferees adds people who vouch for candidates of different histories. The
// former manager of a whole team vouches for people of one employer.
func (h *hubs) busyReferees() {
	byReferee := map[int32][]int32{}
	for _, e := range h.graph.Edges {
		if e.Kind == identity.EdgeVouch {
			r := h.at[e.Holders[0].Persona]
			byReferee[r] = append(byReferee[r], h.at[e.Holders[1].Persona])
		}
	}
	for r, candidates := range byReferee {
		employers := map[string]bool{}
		for _, v := range h.persons[r].Records.Vouches {
			if c := match.Org(v.Referee.Company); c != "" {
				employers[c] = true
			}
		}
		if len(employers) < 2 {
			continue
		}
		p := h.persons[r]
		h.add("person", string(p.ID), p.Name(), append(unique(candidates), r), fmt.Sprintf("vouches for %d people as of %d employers", len(candidates), len(employers)))
	}
}

// unlike returns the share of pairs that claim homes in different places. Who
// claims none is like nobody.
func (b *builder) unlike(persons []int32) float64 {
	n, differ := 0, 0
	for i, x := range persons {
		for _, y := range persons[i+1:] {
			n++
			p, q := b.persons[x].home(), b.persons[y].home()
			if p == "" || q == "" || !strings.EqualFold(p, q) {
				differ++
			}
		}
	}
	return float64(differ) / float64(max(n, 1))
}

// poissonTail returns P(X >= k) of a Poisson variable with the given mean.
func poissonTail(k int, mean float64) float64 {
	term, below := math.Exp(-mean), 0.0
	for i := range k {
		below += term
		term *= mean / float64(i+1)
	}
	if tail := 1 - below; tail > 1e-12 {
		return tail
	}
	return term / (1 - mean/float64(k+1)) // the first terms of the tail
}
