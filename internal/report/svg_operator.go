package report

import (
	"fmt"
	"math"

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

type opEdge struct {
	X1, Y1, X2, Y2, MX, MY float64
	Width                  float64
	N                      int // number in the list beside the picture
	Tip                    string
}

// layoutOperator puts the personas on a ring in the order of their ids.
func layoutOperator(o *Operator, p *page) *operatorPicture {
	n := min(len(o.Personas), maxNodes)
	if n < 2 {
		return nil
	}
	pic := &operatorPicture{Width: opWidth, Height: 170 + 15*float64(min(n, 16))}
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
		pic.Edges = append(pic.Edges, edgeBetween(pic.Nodes[a], pic.Nodes[b], l, i+1))
	}
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

// edgeBetween puts the number of an edge off its middle, so that crossing edges
// do not write over each other.
func edgeBetween(a, b opNode, l *Link, n int) opEdge {
	f := 0.5
	if n%2 == 0 {
		f = 0.4
	}
	return opEdge{
		X1: a.X, Y1: a.Y, X2: b.X, Y2: b.Y, MX: a.X + (b.X-a.X)*f, MY: a.Y + (b.Y-a.Y)*f,
		Width: 1 + min(l.Weight, 6)/2, N: n, Tip: linkText(l),
	}
}
