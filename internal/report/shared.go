package report

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/identity"
)

// maxHolders is how many holders of a value that links nobody are listed: an office
// line has thousands.
const maxHolders = 100

// Edge is one value that several personas share, with what its weight is made of.
// It is what "muster why" and "muster whynot" read.
type Edge struct {
	Kind        string       `json:"kind"`
	Family      string       `json:"family"`
	Label       string       `json:"label,omitempty"` // the value as it may be shown
	N           int          `json:"n"`               // personas that hold the value
	Weight      float64      `json:"weight"`          // after all discounts; 0 if suppressed
	Rarity      float64      `json:"rarity"`          // ln(N/n)
	Limit       float64      `json:"limit"`           // the most that a value of this kind says
	Reliability float64      `json:"reliability"`     // 0..1
	Cuts        []Cut        `json:"cuts,omitempty"`
	Similarity  float64      `json:"similarity,omitempty"`
	Suppressed  string       `json:"suppressed,omitempty"` // why it links nobody
	OpenHome    bool         `json:"open_home,omitempty"`  // every holder openly claims this home
	First       string       `json:"first,omitempty"`
	Last        string       `json:"last,omitempty"`
	Holders     []EdgeHolder `json:"holders"`
	More        int          `json:"more,omitempty"` // holders of a suppressed value that are not listed
}

// EdgeHolder is one end of an edge.
type EdgeHolder struct {
	Persona  identity.PersonaID `json:"persona"`
	Note     string             `json:"note,omitempty"` // e.g. the home this holder claims
	Days     int                `json:"days,omitempty"`
	Resident bool               `json:"resident,omitempty"` // openly claims this place as home
}

// Cut is what a discount took from a weight.
type Cut struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"` // negative
}

// Apart is a pair that two or more families join and that is in no operator together.
type Apart struct {
	A   identity.PersonaID `json:"a"`
	B   identity.PersonaID `json:"b"`
	Why string             `json:"why"`
}

// Member says how a persona belongs to an operator.
type Member struct {
	Persona     identity.PersonaID   `json:"persona"`
	Probability float64              `json:"probability"` // uncalibrated
	Path        []identity.PersonaID `json:"path"`        // from the operator's best connected persona
	WeakestLink *Link                `json:"weakest_link"`
}

// edges copies what personas of the report share.
func (b *builder) edges(listed []Persona) []Edge {
	has := make(map[identity.PersonaID]bool, len(listed))
	for i := range listed {
		has[listed[i].ID] = true
	}
	out := []Edge{}
	for _, e := range b.graph.Edges {
		if !slices.ContainsFunc(e.Holders, func(h identity.Holder) bool { return has[h.Persona] }) {
			continue
		}
		x := Edge{
			Kind: string(e.Kind), Family: e.Family, Label: e.Label, N: max(e.N, len(e.Holders)), Weight: round(e.Weight),
			Rarity: round(e.Scale.Rarity), Limit: round(e.Scale.Limit), Reliability: round(e.Scale.Reliability), Similarity: round(e.Similarity),
			Suppressed: e.Suppressed, OpenHome: e.OpenHome, First: day(e.First), Last: day(e.Last), Holders: []EdgeHolder{},
		}
		for _, c := range e.Cuts {
			x.Cuts = append(x.Cuts, Cut{c.Text, round(c.Nats)})
		}
		for _, h := range e.Holders {
			if e.Suppressed != "" && len(x.Holders) == maxHolders {
				x.More = len(e.Holders) - maxHolders
				break
			}
			x.Holders = append(x.Holders, EdgeHolder{h.Persona, h.Note, h.Days, h.Resident})
		}
		out = append(out, x)
	}
	return out
}

func (b *builder) apart() []Apart {
	out := make([]Apart, 0, len(b.graph.Apart))
	for _, x := range b.graph.Apart {
		out = append(out, Apart(x))
	}
	return out
}

func (b *builder) refused() []Join {
	out := make([]Join, 0, len(b.graph.Refused))
	for _, x := range b.graph.Refused {
		out = append(out, Join(x))
	}
	return out
}

// membersOf copies how personas belong to an operator, the surest first.
func membersOf(o *identity.Operator) []Member {
	out := make([]Member, 0, len(o.Members))
	for i := range o.Members {
		m := &o.Members[i]
		x := Member{Persona: m.Persona, Probability: m.Probability, Path: nonNil(slices.Clone(m.Path))}
		if m.Weakest.A != "" {
			l := linkOf(&m.Weakest)
			x.WeakestLink = &l
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y Member) int {
		return cmp.Or(cmp.Compare(len(x.Path), len(y.Path)), cmp.Compare(y.Probability, x.Probability), strings.Compare(string(x.Persona), string(y.Persona)))
	})
	return out
}

// edges cuts what an audience may not see and returns how many values that are.
func (v view) edges(d *Document) int {
	before := len(d.Edges)
	d.Edges = slices.DeleteFunc(d.Edges, func(e Edge) bool { return !v.family(e.Family) })
	if !v.contacts {
		for i := range d.Edges {
			for j := range d.Edges[i].Holders {
				d.Edges[i].Holders[j].Note = ""
			}
		}
		d.Refused = []Join{}
	}
	return before - len(d.Edges)
}

// redactEdges takes values and names out of what personas share.
func redactEdges(d *Document) {
	for i := range d.Edges {
		e := &d.Edges[i]
		if !strings.HasSuffix(e.Kind, "_ip") {
			e.Label = "[" + words(e.Kind) + "]"
		}
	}
	for i := range d.Refused {
		d.Refused[i].A, d.Refused[i].B = hide(d.Refused[i].A), hide(d.Refused[i].B)
	}
}
