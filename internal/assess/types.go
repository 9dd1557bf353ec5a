// Package assess turns findings into assessments. It is the only judge in the
// house: weights, families, bands, protective evidence and decisions live here
// and nowhere else (rulings 1-10).
package assess

import (
	"fmt"
	"slices"
	"time"

	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
)

// Band is a queue for attention, not a probability.
type Band uint8

// The bands in ascending order.
const (
	None Band = iota
	Watch
	Review
	Urgent
)

var bandNames = [...]string{"none", "watch", "review", "urgent"}

// String returns the band's name.
func (b Band) String() string { return bandNames[b] }

// MarshalText implements [encoding.TextMarshaler].
func (b Band) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (b *Band) UnmarshalText(t []byte) error {
	i := slices.Index(bandNames[:], string(t))
	if i < 0 {
		return fmt.Errorf("band %q is not one of %v", t, bandNames)
	}
	*b = Band(i)
	return nil
}

// Assessment is the judgement on one persona.
type Assessment struct {
	Persona          identity.PersonaID
	Queue            identity.Queue
	Band             Band
	Weight           float64 // nats: families plus protective evidence
	Families         []Family
	Findings         []Weighed
	Protective       []Protective
	NextIrreversible []Step
	Check            string // the cheapest check that settles it
	VerifiedBy       []Verification
	Decision         string // what a human decided and why it holds or no longer holds; "" if nothing
	Evidence         string // fingerprint of the findings, for decisions
	Notes            []string
}

// Family is one evidence family's share.
type Family struct {
	Name   string
	Weight float64
}

// Weighed is a finding with what it added.
type Weighed struct {
	Finding finding.Finding
	Nats    float64 // what it could add alone
	Weight  float64 // what it added
	Why     string  // why it added less: "same fact as ...", "corroborates ...", ""
}

// Protective is evidence for the person (ruling 6). Weight is negative.
type Protective struct {
	Text   string
	Weight float64
	Refs   []record.Ref
}

// Step is the next thing that cannot be taken back.
type Step struct {
	What string // shipment, start, first_pay, pay, privilege
	At   record.Date
	Text string
}

// Verification says that somebody independent verified the persona.
type Verification struct {
	Kind string // presence kinds, check kinds
	At   time.Time
	By   string
	Refs []record.Ref
}
