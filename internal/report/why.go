package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"muster/internal/identity"
)

// Why says what joins two personas: how much each shared value adds and why not
// more, the path between them and its weakest link. All weights are in nats.
type Why struct {
	A           WhoIs          `json:"a"`
	B           WhoIs          `json:"b"`
	Verdict     string         `json:"verdict"` // same_persona, same_operator, linked, not_linked
	Joins       []Join         `json:"joins,omitempty"`
	Operator    *OperatorRef   `json:"operator,omitempty"`
	Prior       float64        `json:"prior"` // where the sum starts: below zero two hands are likelier than one
	Shares      []Contribution `json:"shares"`
	Total       float64        `json:"total"`
	Probability float64        `json:"probability"` // of one hand behind both, 0..1
	Calibrated  bool           `json:"calibrated"`  // false: design values
	Path        []Link         `json:"path"`        // strongest way from A to B, at most four steps outside an operator
	WeakestLink *Link          `json:"weakest_link"`
	Bridge      bool           `json:"bridge,omitempty"` // without the weakest link no such way is left
	Withheld    []string       `json:"withheld,omitempty"`
}

// WhoIs names a persona.
type WhoIs struct {
	ID   identity.PersonaID `json:"id"`
	Name string             `json:"name"`
}

// OperatorRef names the hypothesis in which both stand.
type OperatorRef struct {
	ID          identity.OperatorID `json:"id"`
	Personas    int                 `json:"personas"`
	Probability float64             `json:"probability"`
}

// Contribution is what one shared value adds.
type Contribution struct {
	Kind       string  `json:"kind"`
	Family     string  `json:"family"`
	Text       string  `json:"text"`
	N          int     `json:"n"`      // personas that hold the value
	Weight     float64 `json:"weight"` // of the value alone
	Adds       float64 `json:"adds"`   // to the sum: a family counts once
	Parts      []Cut   `json:"parts"`  // how the weight came about
	Note       string  `json:"note,omitempty"`
	Suppressed string  `json:"suppressed,omitempty"`
	OpenHome   bool    `json:"open_home,omitempty"`
	First      string  `json:"first,omitempty"`
	Last       string  `json:"last,omitempty"`
}

// maxHops is the length of a path outside an operator: further away everybody is
// connected with everybody.
const maxHops = 4

// ExplainWhy says what joins two personas, each named as [Find] takes it.
func ExplainWhy(d *Document, keyA, keyB string) (*Why, error) {
	a, b, err := findTwo(d, keyA, keyB)
	if err != nil {
		return nil, err
	}
	w := &Why{A: WhoIs{a.ID, a.Name()}, B: WhoIs{b.ID, b.Name()}, Verdict: "not_linked", Prior: -identity.Evens, Path: []Link{}, Withheld: d.Withheld}
	if a.ID == b.ID {
		w.Verdict, w.Joins, w.Shares = "same_persona", a.Joins, []Contribution{}
		return w, nil
	}
	w.Shares = contributions(d, a.ID, b.ID)
	w.Total = w.Prior
	for _, c := range w.Shares {
		w.Total += c.Adds
	}
	w.Total = round(w.Total)
	w.Probability = identity.Probability(w.Total + identity.Evens)
	ways := linksOf(d, a.ID, b.ID)
	hops := maxHops
	if o := operatorOf(d, a); o != nil && a.Operator != nil && b.Operator != nil && *a.Operator == *b.Operator {
		w.Verdict, w.Operator = "same_operator", &OperatorRef{o.ID, len(o.Personas), o.Probability}
		ways, hops = linksIn(o), len(o.Personas)
	}
	w.Path = ways.widest(a.ID, b.ID, hops)
	if len(w.Path) > 0 {
		if w.Operator == nil {
			w.Verdict = "linked"
		}
		weakest := slices.MinFunc(w.Path, func(x, y Link) int { return cmp.Compare(x.Weight, y.Weight) })
		w.WeakestLink = &weakest
		w.Bridge = len(ways.without(weakest).widest(a.ID, b.ID, hops)) == 0
	}
	return w, nil
}

func findTwo(d *Document, keyA, keyB string) (a, b *Persona, err error) {
	if a, err = Find(d, keyA); err != nil {
		return nil, nil, err
	}
	if b, err = Find(d, keyB); err != nil {
		return nil, nil, err
	}
	return a, b, nil
}

// contributions lists what two personas share, what adds most first.
func contributions(d *Document, a, b identity.PersonaID) []Contribution {
	out := []Contribution{}
	name := nameIndex(d)
	for i := range d.Edges {
		e := &d.Edges[i]
		x, y := e.end(a), e.end(b)
		if x == nil || y == nil {
			continue
		}
		c := Contribution{
			Kind: e.Kind, Family: e.Family, Text: valueText(e), N: e.N, Weight: e.Weight, Parts: parts(e),
			Suppressed: e.Suppressed, OpenHome: e.OpenHome, First: e.First, Last: e.Last, Note: joinNonEmpty("; ", x.says(name[a]), y.says(name[b])),
		}
		if c.Suppressed != "" && slices.ContainsFunc(out, func(o Contribution) bool { return o.Text == c.Text && o.Suppressed == c.Suppressed }) {
			continue // the same value, at another time
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(x, y Contribution) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), strings.Compare(x.Kind, y.Kind), strings.Compare(x.Text, y.Text))
	})
	counted := map[string]string{}
	for i := range out {
		c := &out[i]
		if c.Weight <= 0 {
			continue
		}
		if first, ok := counted[c.Family]; ok {
			c.Parts = append(c.Parts, Cut{"the family " + c.Family + " counts once, with " + first, -c.Weight})
			continue
		}
		counted[c.Family] = words(c.Kind)
		c.Adds = c.Weight
	}
	slices.SortStableFunc(out, func(x, y Contribution) int { return cmp.Compare(y.Adds, x.Adds) })
	return out
}

func (e *Edge) end(p identity.PersonaID) *EdgeHolder {
	for i := range e.Holders {
		if e.Holders[i].Persona == p {
			return &e.Holders[i]
		}
	}
	return nil
}

// valueText names a kind and the value.
func valueText(e *Edge) string {
	if kind := words(e.Kind); kind != e.Label {
		return joinNonEmpty(": ", kind, e.Label)
	}
	return e.Label
}

// says tells what is noted about one end.
func (h *EdgeHolder) says(name string) string {
	days := ""
	if h.Days > 1 {
		days = fmt.Sprintf("seen on %d days", h.Days)
	}
	lives := ""
	if h.Resident {
		lives = "openly lives there"
	}
	if text := joinNonEmpty(", ", h.Note, days, lives); text != "" {
		return name + ": " + text
	}
	return ""
}

// parts spells out how the weight of an edge came about: how rare the value is, the
// most that its kind says, how reliable the kind is, each discount.
func parts(e *Edge) []Cut {
	rare := Cut{fmt.Sprintf("%s; the fewer the rarer", plural(e.N, "person")+" "+hasHave(e.N)+" it"), e.Rarity}
	out := []Cut{rare}
	at := e.Rarity
	step := func(text string, to float64) {
		if to = round(to); math.Abs(to-at) >= 0.005 {
			out = append(out, Cut{text, round(to - at)})
			at = to
		}
	}
	step(fmt.Sprintf("a value of this kind says %.2f at most", e.Limit), min(at, e.Limit))
	step(fmt.Sprintf("%.0f %% of such coincidences mean what they seem to", 100*e.Reliability), max(0, at*e.Reliability))
	if len(e.Cuts) > 0 || e.Suppressed == "" {
		cuts := 0.0
		for _, c := range e.Cuts {
			cuts += c.Weight
		}
		if e.Suppressed == "" {
			step(likenessText(e), e.Weight-cuts)
		}
		for _, c := range e.Cuts {
			step(c.Text, at+c.Weight)
		}
	}
	if e.Suppressed != "" {
		step("links nobody: "+e.Suppressed, 0)
	}
	return out
}

func hasHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// likenessText says what makes up the rest of a weight.
func likenessText(e *Edge) string {
	if e.Similarity > 0 {
		return fmt.Sprintf("they agree by %.0f %%", 100*e.Similarity)
	}
	return "one step further away"
}

// bits turns nats into bits.
func bits(nats float64) float64 { return nats / math.Ln2 }
