package report

import (
	"fmt"
	"math"
	"slices"

	"muster/internal/assess"
	"muster/internal/identity"
)

// Measures and limits of the operator picture.
const (
	opWidth  = 540.0
	maxNodes = 24
	maxEdges = 40
)

// operatorPicture is a ring of personas and what joins them.
type operatorPicture struct {
	Width, Height float64
	Nodes         []opNode
	Edges         []opEdge
	Badges        []opBadge
	Types         []opType
	Summary       string
}

type opNode struct {
	X, Y, LabelX, LabelY float64
	Anchor               string
	Label                string
	Band                 assess.Band
	ID                   identity.PersonaID
	Linked               bool // the page has a case file
}

// opEdge is one kind of thing that joins two personas; several run side by side.
type opEdge struct {
	X1, Y1, X2, Y2 float64
	Width          float64
	Type           string
	Tip            string
}

// opBadge is the number that a link has in the list beside the picture.
type opBadge struct {
	X, Y float64
	N    int
}

// opType is a kind of edges, told apart by its dashes too, so that a print in black
// has them.
type opType struct{ ID, Text string }

// opTypes are the kinds, each with the evidence families it stands for.
var opTypes = []struct {
	opType
	families []string
}{
	{opType{"money", "money"}, []string{"payment"}},
	{opType{"place", "places and lines"}, []string{"shipping", "network", "location"}},
	{opType{"machine", "devices"}, []string{"device", "remote-control"}},
	{opType{"words", "texts, pictures and code"}, []string{"text", "image", "code-identity"}},
	{opType{"people", "contacts and references"}, []string{"contact", "reference"}},
}

// typesOf returns the kinds of a link in the fixed order.
func typesOf(l *Link) []opType {
	var out []opType
	for _, t := range opTypes {
		if slices.ContainsFunc(l.Reasons, func(r LinkReason) bool { return slices.Contains(t.families, r.Family) }) {
			out = append(out, t.opType)
		}
	}
	if len(out) == 0 {
		out = append(out, opType{"other", "not shown to this audience"})
	}
	return out
}

// layoutOperator puts the personas on a ring in the order of their ids.
func layoutOperator(o *Operator, p *page) *operatorPicture {
	n := min(len(o.Personas), maxNodes)
	if n < 2 {
		return nil
	}
	pic := &operatorPicture{Width: opWidth, Height: 200 + 20*float64(min(n, 16))}
	if n == 2 {
		pic.Height = 120
	}
	band := map[identity.PersonaID]assess.Band{}
	for i := range p.Personas {
		band[p.Personas[i].ID] = p.Personas[i].Band
	}
	at := map[identity.PersonaID]int{}
	cx, cy := pic.Width/2, pic.Height/2
	rx, ry := pic.Width/2-165, pic.Height/2-40
	for i, id := range o.Personas[:n] {
		angle := math.Pi + 2*math.Pi*float64(i)/float64(n)
		node := opNode{X: cx + rx*math.Cos(angle), Y: cy + ry*math.Sin(angle), Label: clipRunes(namesOf(p.names, ids(id))[0], 20), Band: band[id], ID: id, Linked: p.has[id]}
		node.LabelX, node.LabelY, node.Anchor = labelAt(node.X, node.Y, angle)
		at[id] = len(pic.Nodes)
		pic.Nodes = append(pic.Nodes, node)
	}
	for i := range o.Links[:min(len(o.Links), maxEdges)] {
		l := &o.Links[i]
		a, okA := at[l.A]
		b, okB := at[l.B]
		if !okA || !okB {
			continue
		}
		pic.join(pic.Nodes[a], pic.Nodes[b], l, i+1)
	}
	pic.legend(o)
	pic.Summary = fmt.Sprintf("%s and %s between them", plural(len(o.Personas), "persona"), plural(len(o.Links), "link"))
	return pic
}

func labelAt(x, y, angle float64) (lx, ly float64, anchor string) {
	switch c := math.Cos(angle); {
	case c < -0.25:
		return x - 16, y + 4, "end"
	case c > 0.25:
		return x + 16, y + 4, "start"
	}
	if math.Sin(angle) < 0 {
		return x, y - 16, "middle"
	}
	return x, y + 25, "middle"
}

// join draws a link as one line for each kind of thing, side by side, and puts its
// number off its middle, so that crossing links do not write over each other.
func (pic *operatorPicture) join(a, b opNode, l *Link, n int) {
	f := 0.5
	if n%2 == 0 {
		f = 0.4
	}
	types := typesOf(l)
	length := max(math.Hypot(b.X-a.X, b.Y-a.Y), 1)
	dx, dy := -(b.Y-a.Y)/length, (b.X-a.X)/length
	for i, t := range types {
		off := 4 * (float64(i) - float64(len(types)-1)/2)
		pic.Edges = append(pic.Edges, opEdge{
			X1: a.X + off*dx, Y1: a.Y + off*dy, X2: b.X + off*dx, Y2: b.Y + off*dy,
			Width: 1 + min(l.Weight/float64(len(types)), 4)/2, Type: t.ID, Tip: linkText(l),
		})
	}
	pic.Badges = append(pic.Badges, opBadge{a.X + (b.X-a.X)*f, a.Y + (b.Y-a.Y)*f, n})
}

// legend names the kinds that the picture has, in the fixed order.
func (pic *operatorPicture) legend(o *Operator) {
	seen := map[string]bool{}
	for i := range head(o.Links, maxEdges) {
		for _, t := range typesOf(&o.Links[i]) {
			seen[t.ID] = true
		}
	}
	for _, t := range opTypes {
		if seen[t.ID] {
			pic.Types = append(pic.Types, t.opType)
		}
	}
	if seen["other"] {
		pic.Types = append(pic.Types, opType{"other", "not shown to this audience"})
	}
}
