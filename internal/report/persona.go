package report

import (
	"time"

	"muster/internal/assess"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

// Persona is one identity as presented, with its assessment.
type Persona struct {
	ID               identity.PersonaID   `json:"id"`
	Queue            identity.Queue       `json:"queue"`
	Kinds            []string             `json:"kinds"`
	Names            []string             `json:"names"`
	Emails           []string             `json:"emails"`
	Phones           []string             `json:"phones,omitempty"`
	Handles          []record.Handle      `json:"handles"`
	Operator         *identity.OperatorID `json:"operator"`
	Band             assess.Band          `json:"band"`
	Weight           float64              `json:"weight"`
	Former           bool                 `json:"former,omitempty"` // the last engagement has ended
	Early            bool                 `json:"early,omitempty"`  // a candidate before the stage from which candidates are judged
	Start            string               `json:"start,omitempty"`
	End              string               `json:"end,omitempty"`
	Title            string               `json:"title,omitempty"` // job held or applied for
	Summary          string               `json:"summary,omitempty"`
	Families         []Family             `json:"families"`
	Protective       []Protective         `json:"protective"`
	Findings         []Finding            `json:"findings"`
	NextIrreversible []Step               `json:"next_irreversible"`
	Check            string               `json:"check,omitempty"` // the cheapest check that settles it
	VerifiedBy       []Verification       `json:"verified_by"`
	NotAssessed      []NotAssessed        `json:"not_assessed"` // only what was assessed for others; see coverage for the rest
	Decision         string               `json:"decision,omitempty"`
	Fingerprint      string               `json:"fingerprint,omitempty"` // of the findings, for decisions
	Notes            []string             `json:"notes,omitempty"`
	Withheld         int                  `json:"withheld,omitempty"` // findings that are not shown to the audience
	Claims           []Claim              `json:"claims,omitempty"`
	Joins            []Join               `json:"joins,omitempty"`
	Compared         []identity.EdgeKind  `json:"compared,omitempty"` // kinds of values its records state: what could be compared with others
	Timeline         *Timeline            `json:"timeline,omitempty"`
	Places           []Place              `json:"places,omitempty"`
}

// Name returns the name to show.
func (p *Persona) Name() string {
	switch {
	case len(p.Names) > 0:
		return p.Names[0]
	case len(p.Emails) > 0:
		return p.Emails[0]
	}
	return string(p.ID)
}

// Family is one evidence family's share of the weight.
type Family struct {
	Family string  `json:"family"`
	Weight float64 `json:"weight"`
}

// Protective is evidence for the person. Weight is negative.
type Protective struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
	Refs   []Ref   `json:"refs"`
}

// Finding is one fact, with all that is needed to judge and to contest it (HR-5).
type Finding struct {
	Detector   string               `json:"detector"`
	Title      string               `json:"title,omitempty"`
	Signal     signal.ID            `json:"signal"`
	SignalName string               `json:"signal_name,omitempty"`
	Family     string               `json:"family,omitempty"`
	Use        signal.Class         `json:"use"`
	Version    int                  `json:"version"`
	Strength   signal.Strength      `json:"strength"`
	Weight     float64              `json:"weight"`        // what it added
	Nats       float64              `json:"nats"`          // what it could add alone
	Why        string               `json:"why,omitempty"` // why it added less
	Summary    string               `json:"summary"`
	Evidence   []Evidence           `json:"evidence"`
	With       []identity.PersonaID `json:"with,omitempty"`
	Innocent   []string             `json:"innocent"`
	Clears     []string             `json:"clears"`
	Next       []string             `json:"next"`
	Absent     []string             `json:"absent,omitempty"`      // exculpating sources that are not in the input
	ObservedAt *time.Time           `json:"observed_at,omitempty"` // absent if timeless
}

// Evidence is one sentence and the rows that say so.
type Evidence struct {
	Text string `json:"text"`
	Refs []Ref  `json:"refs"`
	More int    `json:"more,omitempty"` // rows left out here
}

// Ref points to a row, and shows what was read from it.
type Ref struct {
	record.Ref
	Record record.Kind `json:"record,omitempty"`
	Fields []Field     `json:"fields,omitempty"` // masked
}

// Field is one mapped field of a row, masked.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Step is the next thing that cannot be taken back.
type Step struct {
	What string `json:"what"` // shipment, start, first_pay, pay, privilege
	At   string `json:"at,omitempty"`
	Text string `json:"text,omitempty"`
}

// Verification says that somebody independent verified the persona.
type Verification struct {
	Kind string `json:"kind"`
	At   string `json:"at,omitempty"` // day
	By   string `json:"by,omitempty"`
	Refs []Ref  `json:"refs,omitempty"`
}

// NotAssessed says that a detector could not look at this persona.
type NotAssessed struct {
	Detector string `json:"detector"`
	Reason   string `json:"reason"`
}

// Claim is something the persona or a system says about it.
type Claim struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	From  string `json:"from"` // source
	At    string `json:"at,omitempty"`
}

// Join says why two rows are taken for one persona.
type Join struct {
	A    record.Handle `json:"a"`
	B    record.Handle `json:"b"`
	By   string        `json:"by"`
	Text string        `json:"text,omitempty"`
}

// Timeline is what happened to a persona in order of time.
type Timeline struct {
	Events  []Event   `json:"events"`
	SignIns *SignIns  `json:"sign_ins,omitempty"`
	Note    string    `json:"note,omitempty"` // what is not shown, and why
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
}

// Event is one dated fact.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // applied, offer, start, shipment, delivered, first_boot, first_sign_in, bank_change, pay, presence, check, end ...
	Label  string    `json:"label"`
	Detail string    `json:"detail,omitempty"`
	Family string    `json:"family,omitempty"` // who may see it
}

// SignIns are the days with a successful sign-in.
type SignIns struct {
	First string `json:"first"` // day of the first mark
	Marks string `json:"marks"` // one character a day: x with a sign-in, . without
	Days  int    `json:"days"`  // days with a sign-in
}

// Place is a place that a persona's records name.
type Place struct {
	Kind    string   `json:"kind"` // claimed_home, work_location, ship_to, delivered, device, sign_in
	Label   string   `json:"label"`
	Country string   `json:"country,omitempty"`
	Region  string   `json:"region,omitempty"`
	City    string   `json:"city,omitempty"`
	Lat     *float64 `json:"lat,omitempty"`
	Lon     *float64 `json:"lon,omitempty"`
	Share   float64  `json:"share,omitempty"` // of sign-in days, 0..1
	Days    int      `json:"days,omitempty"`
	First   string   `json:"first,omitempty"`
	Last    string   `json:"last,omitempty"`
	From    string   `json:"from,omitempty"` // source
	Family  string   `json:"family,omitempty"`
}
