package report

import (
	"fmt"
	"io"
	"slices"

	"muster/internal/assess"
	"muster/internal/identity"
	"muster/internal/record"
)

// Changes is what differs between two reports.
type Changes struct {
	Since   string   `json:"since"`   // day of the earlier report
	New     []Change `json:"new"`     // in a band now, not in the earlier report at all
	Raised  []Change `json:"raised"`  // in a higher band than before
	Lowered []Change `json:"lowered"` // in a lower band than before, not none
	Cleared []Change `json:"cleared"` // in no band any more
	Altered []Change `json:"altered"` // in the same band, with other findings
}

// Change is one persona whose band or findings differ.
type Change struct {
	Persona identity.PersonaID `json:"persona"`
	Name    string             `json:"name"`
	Queue   identity.Queue     `json:"queue"`
	From    assess.Band        `json:"from"`
	To      assess.Band        `json:"to"`
	Added   []string           `json:"added,omitempty"`  // findings that are new
	Gone    []string           `json:"gone,omitempty"`   // findings that are gone
	Absent  bool               `json:"absent,omitempty"` // not in the new input at all
}

func (c *Changes) lists() []*[]Change {
	return []*[]Change{&c.New, &c.Raised, &c.Lowered, &c.Cleared, &c.Altered}
}

// Len returns the number of changes.
func (c *Changes) Len() int {
	return len(c.New) + len(c.Raised) + len(c.Lowered) + len(c.Cleared) + len(c.Altered)
}

// Diff compares two reports. A persona is the same if its id is, or if one of its
// handles is: a new system can change the smallest handle, and so the id.
func Diff(old, now *Document) *Changes {
	c := &Changes{Since: day(old.AsOf), New: []Change{}, Raised: []Change{}, Lowered: []Change{}, Cleared: []Change{}, Altered: []Change{}}
	byID, byHandle := indexPersonas(old.Personas)
	seen := map[identity.PersonaID]bool{}
	for i := range now.Personas {
		p := &now.Personas[i]
		was := byID[p.ID]
		if was == nil {
			was = earlier(p, byHandle)
		}
		if was == nil {
			if p.Band > assess.None {
				c.New = append(c.New, change(&Persona{}, p))
			}
			continue
		}
		seen[was.ID] = true
		c.add(was, p)
	}
	for i := range old.Personas {
		p := &old.Personas[i]
		if p.Band > assess.None && !seen[p.ID] {
			x := change(p, &Persona{ID: p.ID, Names: []string{p.Name()}, Queue: p.Queue})
			x.Absent = true
			c.Cleared = append(c.Cleared, x)
		}
	}
	return c
}

func indexPersonas(list []Persona) (map[identity.PersonaID]*Persona, map[record.Handle]*Persona) {
	byID, byHandle := make(map[identity.PersonaID]*Persona, len(list)), map[record.Handle]*Persona{}
	for i := range list {
		byID[list[i].ID] = &list[i]
		for _, h := range list[i].Handles {
			byHandle[h] = &list[i]
		}
	}
	return byID, byHandle
}

func earlier(p *Persona, byHandle map[record.Handle]*Persona) *Persona {
	for _, h := range p.Handles {
		if was := byHandle[h]; was != nil && h.Namespace() != record.NSName {
			return was
		}
	}
	return nil
}

func (c *Changes) add(was, p *Persona) {
	x := change(was, p)
	switch {
	case p.Band > was.Band:
		c.Raised = append(c.Raised, x)
	case p.Band < was.Band && p.Band == assess.None:
		c.Cleared = append(c.Cleared, x)
	case p.Band < was.Band:
		c.Lowered = append(c.Lowered, x)
	case p.Band > assess.None && len(x.Added)+len(x.Gone) > 0:
		c.Altered = append(c.Altered, x)
	}
}

func change(was, p *Persona) Change {
	before, after := findingTexts(was), findingTexts(p)
	missing := func(from, in []string) []string {
		return slices.DeleteFunc(slices.Clone(from), func(s string) bool { return slices.Contains(in, s) })
	}
	return Change{Persona: p.ID, Name: p.Name(), Queue: p.Queue, From: was.Band, To: p.Band, Added: missing(after, before), Gone: missing(before, after)}
}

func findingTexts(p *Persona) []string {
	var out []string
	for i := range p.Findings {
		out = append(out, string(p.Findings[i].Signal)+" "+p.Findings[i].Summary)
	}
	return slices.Compact(out)
}

// sections names the lists of changes in the order of reading.
func (c *Changes) sections() []changeSection {
	return []changeSection{
		{"New", c.New}, {"Raised", c.Raised}, {"Lowered", c.Lowered}, {"Cleared", c.Cleared}, {"Same band, other findings", c.Altered},
	}
}

type changeSection struct {
	title string
	list  []Change
}

// Text says in words what happened to the band.
func (x *Change) Text() string {
	switch {
	case x.Absent:
		return fmt.Sprintf("was %s; not in this input", x.From)
	case x.From == x.To:
		return fmt.Sprintf("still %s", x.To)
	}
	return fmt.Sprintf("%s → %s", x.From, x.To)
}

// ChangesText writes the changes as text.
func ChangesText(w io.Writer, c *Changes, opt TextOptions) error {
	t := newText(w, opt)
	t.changes(c)
	return t.err
}
