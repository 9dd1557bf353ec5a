package report

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/assess"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

// maxRefs is how many rows of one evidence sentence are shown.
const maxRefs = 5

func (b *builder) personas() []Persona {
	var out []Persona
	for _, p := range b.graph.Personas {
		if b.listed(p) {
			out = append(out, b.persona(p))
		}
	}
	slices.SortFunc(out, func(x, y Persona) int { return compareRank(&x, &y) })
	return nonNil(out)
}

// listed reports whether a persona stands in the report by itself. A platform has
// millions of accounts of which nothing is to be said.
func (b *builder) listed(p *identity.Persona) bool {
	if !b.settings.Marketplace() || b.detail[p.ID] {
		return true
	}
	a := b.assessed[p.ID]
	return a != nil && (a.Band > assess.None || len(a.Findings) > 0)
}

// countUnlisted adds those who are not listed to the totals of the queues.
func (b *builder) countUnlisted(queues []QueueCount, listed []Persona) int {
	if !b.settings.Marketplace() {
		return 0
	}
	for i := range queues {
		queues[i].Total = 0
	}
	for _, p := range b.graph.Personas {
		queues[queueOrder(p.Queue)].Total++
	}
	queues[queueOrder(identity.Staff)].Title = "Accounts"
	return len(b.graph.Personas) - len(listed)
}

func (b *builder) persona(p *identity.Persona) Persona {
	a := b.assessed[p.ID]
	if a == nil {
		a = &assess.Assessment{Persona: p.ID, Queue: p.Queue}
	}
	out := Persona{
		ID: p.ID, Queue: p.Queue, Kinds: nonNil(p.Kinds), Names: nonNil(p.Names), Emails: nonNil(p.Emails), Phones: p.Phones,
		Handles: nonNil(p.Handles), Band: a.Band, Weight: round(a.Weight), Former: p.Former, Early: p.Early,
		Start: p.Start.String(), End: p.End.String(), Title: jobTitle(p),
		Families: []Family{}, Protective: []Protective{}, Findings: []Finding{}, NextIrreversible: []Step{}, VerifiedBy: []Verification{},
		NotAssessed: nonNil(b.missed[p.ID]), Check: a.Check, Decision: a.Decision, Fingerprint: a.Evidence, Notes: a.Notes, Compared: p.Held,
	}
	if o := b.graph.OperatorOf(p.ID); o != nil {
		id := o.ID
		out.Operator = &id
	}
	for _, f := range a.Families {
		out.Families = append(out.Families, Family{f.Name, round(f.Weight)})
	}
	for _, x := range a.Protective {
		out.Protective = append(out.Protective, Protective{x.Text, round(x.Weight), b.refs(x.Refs, "verification-result", true)})
	}
	for i := range a.Findings {
		out.Findings = append(out.Findings, b.finding(&a.Findings[i]))
	}
	slices.SortStableFunc(out.Findings, compareFindings)
	for _, s := range a.NextIrreversible {
		out.NextIrreversible = append(out.NextIrreversible, Step{s.What, s.At.String(), s.Text})
	}
	for _, v := range a.VerifiedBy {
		out.VerifiedBy = append(out.VerifiedBy, Verification{v.Kind, day(v.At), v.By, b.refs(v.Refs, "verification-result", b.detail[p.ID])})
	}
	slices.SortStableFunc(out.VerifiedBy, func(x, y Verification) int { return strings.Compare(y.At, x.At) })
	out.Summary = personaSummary(out.Findings)
	if b.detail[p.ID] {
		out.Claims, out.Joins = b.claims(p), joins(p)
		out.Timeline, out.Places = b.timeline(p), b.places(p)
	}
	return out
}

// compareFindings puts what weighs most first.
func compareFindings(x, y Finding) int {
	return cmp.Or(
		cmp.Compare(y.Weight, x.Weight), cmp.Compare(y.Nats, x.Nats), cmp.Compare(y.Strength, x.Strength),
		strings.Compare(string(x.Signal), string(y.Signal)), strings.Compare(x.Detector, y.Detector), strings.Compare(x.Summary, y.Summary),
	)
}

func jobTitle(p *identity.Persona) string {
	if n := len(p.Records.Engagements); n > 0 && p.Records.Engagements[n-1].Title != "" {
		return p.Records.Engagements[n-1].Title
	}
	if n := len(p.Records.Applications); n > 0 {
		return p.Records.Applications[n-1].JobTitle
	}
	return ""
}

func (b *builder) finding(w *assess.Weighed) Finding {
	f := &w.Finding
	page := b.pages[f.Detector]
	out := Finding{
		Detector: f.Detector, Title: page.Title, Signal: f.Signal, Version: f.Version, Strength: f.Strength,
		Weight: round(w.Weight), Nats: round(w.Nats), Why: w.Why, Summary: f.Summary, With: f.With, Absent: f.Absent,
		Evidence: []Evidence{}, Innocent: page.Innocent, Clears: page.Clears, Next: page.Next,
	}
	if s := signal.Get(f.Signal); s != nil {
		out.SignalName, out.Family, out.Use = s.Name, s.Family, s.Class
		if len(out.Innocent) == 0 {
			out.Innocent = s.Benign
		}
	}
	fillTexts(&out)
	for _, e := range f.Evidence {
		refs := b.refs(e.Refs, out.Family, true)
		out.Evidence = append(out.Evidence, Evidence{e.Text, refs, len(e.Refs) - len(refs)})
	}
	if !f.ObservedAt.IsZero() {
		at := f.ObservedAt.UTC()
		out.ObservedAt = &at
	}
	return out
}

// fillTexts makes sure that a finding is never shown without its innocent
// explanations and what would clear it (HR-5).
func fillTexts(f *Finding) {
	if len(f.Innocent) == 0 {
		f.Innocent = []string{"An error in the data, or a circumstance that the exports do not show."}
	}
	if len(f.Clears) == 0 {
		f.Clears = []string{"A record or a person independent of the subject that confirms an innocent explanation."}
	}
	if len(f.Next) == 0 {
		f.Next = []string{"Check the rows named here with whoever keeps them."}
	}
}

// refs returns at most maxRefs rows, with their fields if full.
func (b *builder) refs(list []record.Ref, family string, full bool) []Ref {
	out := make([]Ref, 0, min(len(list), maxRefs))
	for _, r := range list[:min(len(list), maxRefs)] {
		ref := Ref{Ref: r}
		if x, ok := b.rowOf(r, family); ok {
			ref.Record = x.kind
			if full {
				ref.Fields = x.fields
			}
		}
		out = append(out, ref)
	}
	return out
}

// personaSummary says in one line what weighs most.
func personaSummary(list []Finding) string {
	var parts []string
	for i := range list {
		if list[i].Weight > 0 && len(parts) < 3 {
			parts = append(parts, strings.TrimSuffix(list[i].Summary, "."))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, ". ") + "."
}

func (b *builder) claims(p *identity.Persona) []Claim {
	var out []Claim
	add := func(kind, value string, m *record.Common) {
		if value != "" {
			out = append(out, Claim{kind, value, m.Ref.Source, m.ObservedAt.Date().String()})
		}
	}
	for _, c := range p.Records.Claims {
		add("name", cmp.Or(c.FullName, strings.TrimSpace(c.Given+" "+c.Family)), &c.Common)
		for _, e := range c.Emails {
			add("e-mail", e.Value, &c.Common)
		}
		for _, ph := range c.Phones {
			add("phone", cmp.Or(ph.E164, ph.Raw), &c.Common)
		}
		add("home address", addressText(c.ClaimedAddress), &c.Common)
		add("time zone", c.ClaimTZ, &c.Common)
		if !c.BirthDate.IsZero() {
			add("year of birth", record.Date{Year: c.BirthDate.Year}.String(), &c.Common)
		}
		add("employer", c.EmployerClaimed, &c.Common)
		for _, u := range c.URLs {
			add("profile", u.URL, &c.Common)
		}
	}
	for _, a := range p.Records.Applications {
		add("applied for", a.JobTitle, &a.Common)
		add("location in application", a.LocationClaimed, &a.Common)
	}
	for _, e := range p.Records.Engagements {
		add("job", e.Title, &e.Common)
		add("employee number", e.EmployeeNo, &e.Common)
		add("work e-mail", e.WorkEmail, &e.Common)
		add("home address", addressText(e.HomeAddress), &e.Common)
		add("agreed work location", placeText(e.WorkLocation), &e.Common)
	}
	slices.SortStableFunc(out, func(x, y Claim) int {
		return cmp.Or(strings.Compare(x.Kind, y.Kind), strings.Compare(x.Value, y.Value), strings.Compare(x.From, y.From), strings.Compare(x.At, y.At))
	})
	return slices.CompactFunc(out, func(x, y Claim) bool { return x.Kind == y.Kind && x.Value == y.Value && x.From == y.From })
}

func joins(p *identity.Persona) []Join {
	out := make([]Join, 0, len(p.Joins))
	for _, j := range p.Joins {
		out = append(out, Join{j.A, j.B, j.By, j.Text})
	}
	return out
}

func addressText(a record.Address) string {
	if a.Raw != "" {
		return oneLine(a.Raw)
	}
	return joinNonEmpty(", ", a.Line1, a.Line2, joinNonEmpty(" ", a.Postal, a.City), a.Region, a.Country)
}

func placeText(p record.Place) string { return joinNonEmpty(", ", p.City, p.Region, p.Country) }

func joinNonEmpty(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
