package report

import (
	"encoding/json"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// The audiences: groups of readers with a need to know (HR-9).
const (
	Security   = "security"
	Legal      = "legal"
	Recruiting = "recruiting"
	IT         = "it"
	Payroll    = "payroll"
)

// Audiences returns the names of all audiences.
func Audiences() []string { return []string{Security, Recruiting, IT, Payroll, Legal} }

// view is what an audience that does not see everything may see.
type view struct {
	only         []string      // evidence families; nil = all but hidden
	hidden       []string      // evidence families
	records      []record.Kind // rows that are hidden
	telemetry    bool          // findings that need the monitoring notice
	fleet        bool          // learnt addresses and tools
	contacts     bool          // e-mails, phones, handles, joins
	claims       []string      // kinds of claims; nil = none
	facilitators []string
}

var telemetryKinds = []record.Kind{
	record.Devices, record.DeviceItems, record.Sessions, record.NetworkObs, record.AccessEvents, record.AccountEvents,
}

var views = map[string]view{
	Recruiting: {
		hidden:       []string{"device", "remote-control", "network", "location", "data-theft", "payment"},
		records:      append([]record.Kind{record.PaymentAccounts, record.Payments}, telemetryKinds...),
		contacts:     true,
		claims:       []string{"name", "e-mail", "phone", "home address", "time zone", "year of birth", "employer", "profile", "applied for", "location in application", "job", "agreed work location"},
		facilitators: []string{"address", "person"},
	},
	IT: {
		hidden:       []string{"payment", "text", "reference", "image"},
		records:      []record.Kind{record.PaymentAccounts, record.Payments, record.Applications, record.HistoryItems, record.Documents, record.References},
		telemetry:    true,
		fleet:        true,
		contacts:     true,
		claims:       []string{"name", "e-mail", "phone", "home address", "job", "employee number", "work e-mail", "agreed work location"},
		facilitators: []string{"address", "network", "device", "person"},
	},
	Payroll: {
		only:         []string{"payment", "shipping"},
		records:      append([]record.Kind{record.Personas, record.Applications, record.HistoryItems, record.Documents, record.References, record.Meetings, record.Checks, record.Contributions}, telemetryKinds...),
		claims:       []string{"name"},
		facilitators: []string{"address", "account"},
	},
}

func (v view) family(name string) bool {
	if v.only != nil {
		return slices.Contains(v.only, name)
	}
	return !slices.Contains(v.hidden, name)
}

// ForAudience returns the document with only what the audience may see, and says
// in it how much was left out. Bands and weights stay as they are. Security and
// legal see everything; a name that is no audience gets the narrowest view.
func ForAudience(d *Document, audience string) *Document {
	out := clone(d)
	out.Audience = audience
	if audience == Security || audience == Legal {
		return out
	}
	if audience == "recruiter" {
		out.Audience = Recruiting
	}
	v, ok := views[out.Audience]
	if !ok {
		v = views[Payroll]
	}
	left := 0
	for i := range out.Personas {
		left += v.persona(&out.Personas[i])
	}
	if left > 0 {
		out.Withheld = append(out.Withheld, plural(left, "finding")+" "+isAre(left)+" not shown to this audience ("+out.Audience+").")
	}
	for i := range out.Operators {
		v.operator(&out.Operators[i])
	}
	if n := v.edges(out); n > 0 {
		out.Withheld = append(out.Withheld, plural(n, "shared value")+" "+isAre(n)+" not shown to this audience.")
	}
	v.document(out)
	return out
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// document cuts what is not about one persona.
func (v view) document(d *Document) {
	before := len(d.Facilitators)
	d.Facilitators = slices.DeleteFunc(d.Facilitators, func(f Facilitator) bool { return !slices.Contains(v.facilitators, f.Kind) })
	for i := range d.Facilitators {
		f := &d.Facilitators[i]
		f.Also = slices.DeleteFunc(f.Also, func(kind string) bool { return !slices.Contains(v.facilitators, kind) })
	}
	if n := before - len(d.Facilitators); n > 0 {
		d.Withheld = append(d.Withheld, plural(n, "shared point")+" "+isAre(n)+" not shown to this audience.")
	}
	if n := len(d.Screening); n > 0 {
		d.Screening = []Screening{}
		d.Withheld = append(d.Withheld, plural(n, "list hit")+" "+isAre(n)+" shown to legal and security only.")
	}
	if n := len(d.Quarantine); n > 0 {
		d.Quarantine = []QuarantineRow{}
		d.Withheld = append(d.Withheld, plural(n, "quarantined row")+" "+isAre(n)+" shown to legal and security only; the counts per file stay.")
	}
	d.Suppressions = slices.DeleteFunc(d.Suppressions, func(s Suppression) bool { return s.Family != "" && !v.family(s.Family) })
	if !v.fleet {
		d.Learnt.Egress, d.Learnt.Carriers, d.Learnt.Tools = []Egress{}, []Carrier{}, []Tool{}
	}
	d.Settings = withoutPeople(d.Settings)
	if d.Changes != nil {
		for _, list := range d.Changes.lists() {
			for i := range *list {
				(*list)[i].Added, (*list)[i].Gone = nil, nil
			}
		}
	}
}

// withoutPeople returns the settings without what they say about single people.
func withoutPeople(s *settings.Settings) *settings.Settings {
	if s == nil {
		return nil
	}
	c := *s
	c.Declared, c.Known, c.Decided = settings.Declared{}, settings.Known{}, nil
	c.Consents = settings.Consents{}
	if a := c.Approvals.Infostealer; a != nil {
		c.Approvals.Infostealer = &settings.Approval{Counsel: "counsel", Date: a.Date}
	}
	return &c
}

// persona cuts one persona and returns how many findings were left out.
func (v view) persona(p *Persona) int {
	kept := p.Findings[:0]
	left := 0
	for _, f := range p.Findings {
		if v.finding(&f) {
			kept = append(kept, f)
		} else {
			left++
		}
	}
	p.Findings, p.Withheld = kept, p.Withheld+left
	if len(p.Families) > 0 && !v.family(p.Families[0].Family) {
		p.Check = "Ask security or legal: what decides rests on evidence that is not shown to this audience."
	}
	p.Families = slices.DeleteFunc(p.Families, func(f Family) bool { return !v.family(f.Family) })
	p.Summary, p.Notes, p.Fingerprint = personaSummary(p.Findings), nil, ""
	p.Claims = slices.DeleteFunc(p.Claims, func(c Claim) bool { return !slices.Contains(v.claims, c.Kind) })
	if !v.contacts {
		p.Emails, p.Phones, p.Handles, p.Joins, p.Decision = []string{}, nil, []record.Handle{}, nil, ""
		p.Protective = []Protective{}
		if len(p.Names) == 0 {
			p.Names = []string{string(p.ID)}
		}
	}
	for i := range p.Protective {
		p.Protective[i].Refs = v.refs(p.Protective[i].Refs)
	}
	for i := range p.VerifiedBy {
		p.VerifiedBy[i].Refs = v.refs(p.VerifiedBy[i].Refs)
	}
	v.pictures(p)
	return left
}

// finding cuts the evidence of a finding and reports whether it may be shown.
func (v view) finding(f *Finding) bool {
	s := signal.Get(f.Signal)
	if !v.family(f.Family) || s != nil && s.NeedsNotice() && !v.telemetry {
		return false
	}
	f.Evidence = slices.DeleteFunc(f.Evidence, func(e Evidence) bool {
		return slices.ContainsFunc(e.Refs, func(r Ref) bool { return slices.Contains(v.records, r.Record) })
	})
	if !v.contacts {
		for i := range f.Evidence {
			hideHandles(f.Evidence[i].Refs)
		}
	}
	f.Why = "" // it may name what is withheld
	return len(f.Evidence) > 0
}

// hideHandles takes ids and contact data out of rows that are shown.
func hideHandles(refs []Ref) {
	for i := range refs {
		refs[i].Fields = slices.DeleteFunc(refs[i].Fields, func(f Field) bool {
			last := lastName(f.Name)
			return last == "handle" || last == "handles" || last == "employee_no" || last == "work_email" || strings.HasPrefix(f.Name, "emails") || strings.HasPrefix(f.Name, "phones")
		})
	}
}

func (v view) refs(list []Ref) []Ref {
	return slices.DeleteFunc(list, func(r Ref) bool { return slices.Contains(v.records, r.Record) })
}

func (v view) pictures(p *Persona) {
	p.Places = slices.DeleteFunc(p.Places, func(x Place) bool { return !v.family(x.Family) })
	if p.Timeline == nil {
		return
	}
	t := p.Timeline
	t.Events = slices.DeleteFunc(t.Events, func(e Event) bool { return !v.family(e.Family) })
	if !v.family(famNetwork) {
		t.SignIns, t.Note = nil, ""
	}
}

func (v view) operator(o *Operator) {
	for i := range o.Links {
		v.link(&o.Links[i])
	}
	if o.WeakestLink != nil {
		v.link(o.WeakestLink)
	}
	for i := range o.Members {
		if w := o.Members[i].WeakestLink; w != nil {
			v.link(w)
		}
	}
}

func (v view) link(l *Link) {
	before := len(l.Reasons)
	l.Reasons = slices.DeleteFunc(l.Reasons, func(r LinkReason) bool { return !v.family(r.Family) })
	l.Hidden += before - len(l.Reasons)
}

// clone copies a document through its JSON form, which holds all of it.
func clone(d *Document) *Document {
	b, err := json.Marshal(d)
	if err != nil {
		panic("report: a document cannot be written as JSON: " + err.Error()) // a broken type, not a broken input
	}
	out := &Document{}
	if err := json.Unmarshal(b, out); err != nil {
		panic("report: a document cannot be read back: " + err.Error())
	}
	return out
}
