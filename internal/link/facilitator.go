package link

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// hubKinds says what the middle of a star is when others depend on it.
var hubKinds = map[identity.EdgeKind]string{
	identity.EdgeShipTo: "address", identity.EdgeAddress: "address",
	identity.EdgeBankAccount: "account", identity.EdgeWallet: "account",
	identity.EdgeDeviceIP: "network", identity.EdgeLAN: "network", identity.EdgeSignInIP: "network",
	identity.EdgeDevice: "device", identity.EdgeMFA: "device", identity.EdgeMachine: "device", identity.EdgeMeeting: "device",
	identity.EdgeRefereePhone: "person", identity.EdgeRefereeEmail: "person",
}

// Bounds of a facilitator. All are design values.
const (
	hubHomes    = 3   // least number of homes, or of people whose home is not known, that meet there
	hubUnlike   = 0.5 // least share of pairs that have nothing else in common
	hubTail     = 4.0 // least -log10 of the probability by chance: some thousand values are looked at
	hubFaint    = 2.0 // the same where hubs of other kinds join the same people,
	hubMixed    = 6.0 // which together must reach this
	hubMost     = 500 // holders above which a value is public and not looked at
	tooMany     = "more than"
	hubTogether = 0.5 // share of people in common from which two hubs are one thing seen twice
)

// hubs collects facilitators.
type hubs struct {
	*builder
	graph *identity.Graph
	at    map[identity.PersonaID]int32
	homes map[*identity.Edge]int // homes that meet in a value
	extra map[string]int         // by kind: homes beyond the first
	have  map[string]int         // by kind: people who have such a value
	found map[string]*identity.Facilitator
}

// facilitators finds hubs whose members have nothing else in common (linkage.md 9):
// so many homes meet there that it is improbable under a null model in which
// everybody draws a value of the kind by chance, as often as values are shared here.
func facilitators(g *identity.Graph, b *builder) []*identity.Facilitator {
	h := &hubs{b, g, make(map[identity.PersonaID]int32, len(g.Personas)), map[*identity.Edge]int{}, map[string]int{}, map[string]int{}, map[string]*identity.Facilitator{}}
	for i, p := range g.Personas {
		h.at[p.ID] = int32(i)
		h.count(p)
	}
	for _, e := range g.Edges {
		if kind := hubKinds[e.Kind]; kind != "" && h.looks(e) {
			h.homes[e] = len(h.homesOf(h.ends(e)))
			h.extra[kind] += h.homes[e] - 1
		}
	}
	for _, e := range g.Edges {
		if n, ok := h.homes[e]; ok {
			h.add(hubKinds[e.Kind], e.Key, e.Label, h.ends(e), n, fmt.Sprintf("%d people of %d homes: %s", e.N, n, reasonText(e)))
		}
	}
	h.busyReferees()
	return h.list()
}

// count notes for how many people a kind of hub can be looked at.
func (h *hubs) count(p *identity.Persona) {
	seen := map[string]bool{}
	for _, k := range p.Held {
		if kind := hubKinds[k]; kind != "" && !seen[kind] {
			seen[kind] = true
			h.have[kind]++
		}
	}
}

// looks reports whether a value can be a hub: one that nothing explains. What only
// joins too many people for a link is the kind that is looked for.
func (h *hubs) looks(e *identity.Edge) bool {
	return (e.Suppressed == "" || strings.HasPrefix(e.Suppressed, tooMany)) && !e.OpenHome && len(e.Holders) <= hubMost
}

func (h *hubs) ends(e *identity.Edge) []int32 {
	out := make([]int32, len(e.Holders))
	for i, end := range e.Holders {
		out[i] = h.at[end.Persona]
	}
	return out
}

// homesOf returns one person for each home: a dormitory, a shared flat or a couple
// is one, since the place explains what its own people share. Who claims no home
// stands alone.
func (b *builder) homesOf(persons []int32) []int32 {
	var out []int32
	for _, i := range persons {
		if !slices.ContainsFunc(out, func(o int32) bool { return b.oneHome([]int32{i, o}) || b.oneHousehold([]int32{i, o}) }) {
			out = append(out, i)
		}
	}
	return out
}

// add takes a hub if it is improbable and its people are unlike.
func (h *hubs) add(kind, key, label string, persons []int32, homes int, evidence string) {
	if homes < hubHomes {
		return
	}
	k := homes - 1
	people := max(h.have[kind], population)
	rate := float64(max(h.extra[kind]-k, 0)+1) / float64(people)
	tail := -math.Log10(max(binomialTail(k, people-1, min(rate/float64(people-1), 1)), 1e-300))
	unlike := h.unlike(h.homesOf(persons))
	if unlike < hubUnlike || tail < hubFaint {
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
	f.Tail, f.Unlike = max(f.Tail, tail), max(f.Unlike, unlike)
	f.Evidence = append(f.Evidence, evidence)
}

// list puts the hubs in order and adds what the same people depend on besides.
func (h *hubs) list() []*identity.Facilitator {
	out := make([]*identity.Facilitator, 0, len(h.found))
	for _, f := range h.found {
		f.Personas = unique(f.Personas)
		f.Evidence = unique(f.Evidence)
		// Not the key: those of accounts are hashed anew in every run.
		f.ID = identity.NewFacilitatorID(f.Kind, f.Label+"\x00"+string(f.Personas[0])+"\x00"+strings.Join(f.Evidence, "\x00"))
		out = append(out, f)
	}
	for _, f := range out {
		f.Surprise = own(f)
	}
	slices.SortFunc(out, func(x, y *identity.Facilitator) int {
		return cmp.Or(strings.Compare(x.Kind, y.Kind), slices.Compare(x.Personas, y.Personas), strings.Compare(x.Label, y.Label), strings.Compare(x.ID, y.ID))
	})
	return mix(out)
}

// own is the surprise of one hub alone, in nats.
func own(f *identity.Facilitator) float64 { return f.Tail * math.Ln10 * f.Unlike }

// mix notes for each hub on which hubs of other kinds half or more of its people
// depend too, and adds the most surprising one of each kind: parcels, line and
// account of one place count far more than one of them. It returns the hubs that
// are improbable alone or with the others.
func mix(all []*identity.Facilitator) []*identity.Facilitator {
	by := map[identity.PersonaID][]int{}
	for i, f := range all {
		for _, p := range f.Personas {
			by[p] = append(by[p], i)
		}
	}
	var out []*identity.Facilitator
	for _, f := range all {
		common := map[int]int{}
		for _, p := range f.Personas {
			for _, o := range by[p] {
				common[o]++
			}
		}
		best, tails := map[string]float64{}, map[string]float64{}
		for o, n := range common {
			if g := all[o]; g.Kind != f.Kind && float64(n) >= hubTogether*float64(max(len(f.Personas), len(g.Personas))) {
				best[g.Kind], tails[g.Kind] = max(best[g.Kind], own(g)), max(tails[g.Kind], g.Tail)
				f.Also = append(f.Also, g.Kind)
			}
		}
		f.Also = unique(f.Also)
		mixed := f.Tail
		for _, kind := range f.Also {
			f.Surprise += best[kind]
			mixed += tails[kind]
		}
		if f.Tail >= hubTail || len(f.Also) > 0 && mixed >= hubMixed {
			out = append(out, f)
		}
	}
	return out
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
		for _, v := range h.builder.persons[r].Records.Vouches {
			if c := match.Org(v.Referee.Company); c != "" {
				employers[c] = true
			}
		}
		if len(employers) < 2 {
			continue
		}
		p := h.persons[r]
		candidates = unique(candidates)
		h.add("person", string(p.ID), p.Name(), append(slices.Clone(candidates), r), len(h.homesOf(candidates)), fmt.Sprintf("vouches for %d people as of %d employers", len(candidates), len(employers)))
	}
}

// unlike returns the share of pairs that claim homes in different regions and work
// through no agency in common: people of a co-working space, a campus or an office
// live around it, those of a laptop farm claim to live all over the country. A home
// that is not known counts half. Only claimed homes are compared, never origin.
func (b *builder) unlike(persons []int32) float64 {
	n, differ := 0.0, 0.0
	for i, x := range persons {
		for _, y := range persons[i+1:] {
			n++
			p, q := b.persons[x].region(), b.persons[y].region()
			switch {
			case b.oneAgency([]int32{x, y}) != "":
			case p == "" || q == "":
				differ += 0.5
			case !strings.EqualFold(p, q):
				differ++
			}
		}
	}
	return differ / max(n, 1)
}

// region names the region of the first home a person claims, or its city where no
// region is stated.
func (p *person) region() string {
	name := func(a record.Address) string { return strings.TrimSpace(cmp.Or(a.Region, a.City)) }
	for _, e := range p.Records.Engagements {
		if s := name(e.HomeAddress); s != "" {
			return s
		}
	}
	for _, c := range p.Records.Claims {
		if s := name(c.ClaimedAddress); s != "" {
			return s
		}
	}
	for _, pl := range p.places { // a home written as one line: "City, Region"
		if pl.Label != "" {
			return strings.TrimSpace(pl.Label[strings.LastIndexByte(pl.Label, ',')+1:])
		}
	}
	return ""
}

// binomialTail returns P(X >= k) of n draws that hit with probability p.
func binomialTail(k, n int, p float64) float64 {
	if k <= 0 || float64(k) <= float64(n)*p {
		return 1
	}
	if k > n || p <= 0 {
		return 0
	}
	lg := func(x int) float64 { v, _ := math.Lgamma(float64(x) + 1); return v }
	term := math.Exp(lg(n) - lg(k) - lg(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
	sum := term
	for i := k; i < n && term > sum*1e-15; i++ {
		term *= float64(n-i) / float64(i+1) * p / (1 - p)
		sum += term
	}
	return min(sum, 1)
}
