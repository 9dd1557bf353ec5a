package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"muster/internal/assess"
	"muster/internal/identity"
	"muster/internal/record"
)

// ErrNoPersona says that a report has nobody of an id, handle, e-mail or name.
var ErrNoPersona = errors.New("nobody in the report has this id, handle, e-mail or name")

// AmbiguousError says that a key fits several personas.
type AmbiguousError struct {
	Key  string
	Fits []*Persona
}

// Error names the personas that fit.
func (e *AmbiguousError) Error() string {
	var parts []string
	for _, p := range e.Fits[:min(len(e.Fits), 8)] {
		parts = append(parts, fmt.Sprintf("%s (%s)", p.ID, p.Name()))
	}
	return fmt.Sprintf("%q fits %d personas: %s", e.Key, len(e.Fits), strings.Join(parts, ", "))
}

// Find returns the persona of an id, a handle, an e-mail address or a name, tried
// in that order and without regard to case. A part of a name is enough if it fits
// one persona only.
func Find(d *Document, key string) (*Persona, error) {
	key = strings.TrimSpace(key)
	same := func(s string) bool { return strings.EqualFold(s, key) }
	tests := []func(*Persona) bool{
		func(p *Persona) bool { return same(string(p.ID)) },
		func(p *Persona) bool {
			return slices.ContainsFunc(p.Handles, func(h record.Handle) bool { return same(string(h)) })
		},
		func(p *Persona) bool { return slices.ContainsFunc(p.Emails, same) },
		func(p *Persona) bool {
			return slices.ContainsFunc(p.Handles, func(h record.Handle) bool { return same(h.Value()) })
		},
		func(p *Persona) bool { return slices.ContainsFunc(p.Names, same) },
		func(p *Persona) bool {
			return len(key) > 2 && slices.ContainsFunc(p.Names, func(n string) bool { return strings.Contains(strings.ToLower(n), strings.ToLower(key)) })
		},
	}
	for _, fits := range tests {
		var found []*Persona
		for i := range d.Personas {
			if fits(&d.Personas[i]) {
				found = append(found, &d.Personas[i])
			}
		}
		switch len(found) {
		case 0:
			continue
		case 1:
			return found[0], nil
		}
		return nil, &AmbiguousError{key, found}
	}
	return nil, fmt.Errorf("%q: %w", key, ErrNoPersona)
}

// Explain writes the case file of one persona: every finding with its rows and
// innocent explanations, what speaks for the persona, its timeline, places, links
// and why its rows were joined. Key is what [Find] takes.
func Explain(w io.Writer, d *Document, key string) error {
	return ExplainText(w, d, key, TextOptions{Width: 100})
}

// ExplainText is [Explain] with a width and colours.
func ExplainText(w io.Writer, d *Document, key string, opt TextOptions) error {
	p, err := Find(d, key)
	if err != nil {
		return err
	}
	t := newText(w, opt)
	t.caseHead(d, p)
	t.weighing(p)
	t.findings(d, p)
	t.protective(p)
	t.timeline(p)
	t.places(p)
	t.links(d, p)
	t.claims(p)
	t.notAssessed(d, p)
	return t.err
}

func (t *text) caseHead(d *Document, p *Persona) {
	t.para(t.chip(p.Band)+"  ", joinNonEmpty("  ", p.Name(), string(p.ID), string(p.Queue)))
	t.item("", "job", p.Title)
	t.item("", "e-mail", strings.Join(p.Emails, ", "))
	t.item("", "rows", joinHandles(p.Handles))
	if len(p.Start) > 0 {
		t.item("", "since", joinNonEmpty(" until ", p.Start, p.End))
	}
	for _, s := range p.NextIrreversible {
		t.item("", "next", stepText(s))
	}
	t.item("", "check", p.Check)
	t.item("", "decided", p.Decision)
	if p.Fingerprint != "" {
		t.item("", "print", p.Fingerprint+" (fingerprint of the findings, for a decision)")
	}
	for _, b := range append(banners[:len(banners):len(banners)], d.Withheld...) {
		t.para("", b)
	}
}

func joinHandles(list []record.Handle) string {
	parts := make([]string, 0, len(list))
	for _, h := range list {
		parts = append(parts, string(h))
	}
	return strings.Join(parts, ", ")
}

func (t *text) weighing(p *Persona) {
	t.heading("Why this band", fmt.Sprintf("%.2f nats; %s", p.Weight, bandRule(p.Band)))
	for _, f := range p.Families {
		t.para(fmt.Sprintf("  %-20s %+.2f  ", f.Family, f.Weight), familyReason(p, f.Family))
	}
	for _, x := range p.Protective {
		t.para(fmt.Sprintf("  %-20s %+.2f  ", "for the person", x.Weight), x.Text)
	}
	for _, n := range p.Notes {
		t.para("  ", n)
	}
}

// bandRule says what put a persona into its band (ruling 2).
func bandRule(b assess.Band) string {
	switch b {
	case assess.Urgent:
		return "urgent is one conclusive signal and a second family, or three families with two strong ones."
	case assess.Review:
		return "review is two independent families with at least one strong signal, or one conclusive signal."
	case assess.Watch:
		return "watch begins at 0.7 nats."
	}
	return "below 0.7 nats, so in no queue."
}

// familyReason names the signal that carries a family, and how many corroborate it.
func familyReason(p *Persona, family string) string {
	lead, others := "", 0
	for i := range p.Findings {
		f := &p.Findings[i]
		switch {
		case f.Family != family:
		case lead == "" && f.Weight > 0:
			lead = fmt.Sprintf("%s %s, %s", f.Signal, f.SignalName, f.Strength)
		default:
			others++
		}
	}
	if others > 0 {
		lead = joinNonEmpty("; ", lead, plural(others, "further finding")+" in the family "+map[bool]string{true: "adds", false: "add"}[others == 1]+" nothing")
	}
	return lead
}

func (t *text) findings(d *Document, p *Persona) {
	t.heading("Findings", plural(len(p.Findings), "finding")+".")
	if p.Withheld > 0 {
		t.para("  ", withheldText(p.Withheld)+".")
	}
	name := nameIndex(d)
	for i := range p.Findings {
		f := &p.Findings[i]
		t.line("")
		t.styled(fmt.Sprintf("  %-4s ", f.Signal), bold, f.Summary)
		const in = "       "
		t.item(in, "weight", fmt.Sprintf("%s, %s, use class %s: adds %.2f of %.2f nats. %s", f.Strength, f.Family, f.Use, f.Weight, f.Nats, f.Why))
		t.item(in, "rule", fmt.Sprintf("%s, version %d: %s", f.Detector, f.Version, f.SignalName))
		for _, e := range f.Evidence {
			t.item(in, "seen", e.Text)
			t.rows(in+"        ", &e)
		}
		if len(f.With) > 0 {
			t.item(in, "with", strings.Join(namesOf(name, f.With), ", "))
		}
		t.items(in, "benign", f.Innocent)
		t.items(in, "clears", f.Clears)
		t.items(in, "next", f.Next)
		if len(f.Absent) > 0 {
			t.item(in, "absent", "not in the input and could speak for the person: "+strings.Join(f.Absent, ", "))
		}
	}
}

func (t *text) items(indent, label string, list []string) {
	for i, s := range list {
		if i > 0 {
			label = ""
		}
		t.item(indent, label, "- "+s)
	}
}

func (t *text) rows(indent string, e *Evidence) {
	for i := range e.Refs {
		r := &e.Refs[i]
		t.styled(indent, dim, refText(r))
		var parts []string
		for _, f := range r.Fields {
			parts = append(parts, f.Name+"="+f.Value)
		}
		if len(parts) > 0 {
			t.para(indent+"  ", strings.Join(parts, "  "))
		}
	}
	if e.More > 0 {
		t.line(fmt.Sprintf("%s… and %d more rows", indent, e.More))
	}
}

// refText names a row: source, file and line.
func refText(r *Ref) string {
	at := r.File
	switch {
	case r.Line > 0:
		at = fmt.Sprintf("%s:%d", r.File, r.Line)
	case r.Offset > 0:
		at = fmt.Sprintf("%s@%d", r.File, r.Offset)
	}
	return joinNonEmpty("  ", r.Source, at, r.Key)
}

func (t *text) protective(p *Persona) {
	if len(p.Protective)+len(p.VerifiedBy) == 0 {
		t.heading("For the person", "no independent verification is in the input.")
		return
	}
	t.heading("For the person", "")
	for _, x := range p.Protective {
		t.para("  ", fmt.Sprintf("%s (%.2f nats)", x.Text, x.Weight))
	}
	for _, v := range p.VerifiedBy {
		t.para("  ", "verified: "+verificationText(v))
	}
}

func verificationText(v Verification) string {
	return joinNonEmpty(", ", joinNonEmpty(" ", words(v.Kind), v.At), v.By)
}

func (t *text) timeline(p *Persona) {
	if p.Timeline == nil {
		return
	}
	t.heading("Timeline", "")
	for _, e := range p.Timeline.Events {
		t.para("  "+day(e.At)+"  ", joinNonEmpty(": ", e.Label, e.Detail))
	}
	if s := p.Timeline.SignIns; s != nil {
		t.para("  ", fmt.Sprintf("Sign-ins on %d of %d days from %s.", s.Days, len(s.Marks), s.First))
	}
	t.para("  ", p.Timeline.Note)
}

func (t *text) places(p *Persona) {
	if len(p.Places) == 0 {
		return
	}
	t.heading("Places", "")
	for _, x := range p.Places {
		share := ""
		if x.Days > 0 {
			share = fmt.Sprintf("%.0f %% of sign-in days (%d)", 100*x.Share, x.Days)
		}
		t.para(fmt.Sprintf("  %-16s ", words(x.Kind)), joinNonEmpty("; ", x.Label, share))
	}
}

func (t *text) links(d *Document, p *Persona) {
	o := operatorOf(d, p)
	if o == nil {
		return
	}
	name := nameIndex(d)
	t.heading("Linked with", joinNonEmpty(", ", "the hypothesis "+string(o.ID)+" that one hand is behind several", hypothesisText(o))+".")
	for i := range o.Members {
		if m := &o.Members[i]; m.Persona == p.ID {
			t.para("  ", fmt.Sprintf("This persona belongs with a probability of %s, by this way: %s.", percent(m.Probability), memberText(name, m)))
		}
	}
	for i := range o.Links {
		l := &o.Links[i]
		if l.A != p.ID && l.B != p.ID {
			continue
		}
		other := l.A
		if other == p.ID {
			other = l.B
		}
		t.para("  ", fmt.Sprintf("%s (%s), %.2f nats: %s", name[other], other, l.Weight, linkText(l)))
	}
}

func operatorOf(d *Document, p *Persona) *Operator {
	if p.Operator == nil {
		return nil
	}
	i := slices.IndexFunc(d.Operators, func(o Operator) bool { return o.ID == identity.OperatorID(*p.Operator) })
	if i < 0 {
		return nil
	}
	return &d.Operators[i]
}

func (t *text) claims(p *Persona) {
	if len(p.Claims) > 0 {
		t.heading("As presented", "")
		for _, c := range p.Claims {
			t.para(fmt.Sprintf("  %-23s ", c.Kind), joinNonEmpty("  ", c.Value, "("+c.From+")"))
		}
	}
	if len(p.Joins) > 0 {
		t.heading("Why these rows are one persona", "")
		for _, j := range p.Joins {
			t.para("  ", joinText(j))
		}
	}
}

func joinText(j Join) string {
	return joinNonEmpty(": ", fmt.Sprintf("%s and %s agree on %s", j.A, j.B, j.By), j.Text)
}

func (t *text) notAssessed(d *Document, p *Persona) {
	waiting := 0
	for _, c := range d.Coverage {
		if c.Waits != "" {
			waiting++
		}
	}
	if waiting+len(p.NotAssessed) == 0 {
		return
	}
	t.heading("Could not look", fmt.Sprintf("%s for anybody, %d for this person only.", plural(waiting, "check"), len(p.NotAssessed)))
	for _, n := range p.NotAssessed {
		t.para("  ", n.Detector+": "+n.Reason)
	}
}
