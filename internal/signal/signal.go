// Package signal is the catalogue of signals: what may be looked for, which
// family and fact it belongs to, how strong it may be and under which conditions
// it may be used. It is data; no code here looks at a record.
package signal

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// ID names a signal, e.g. "P01".
type ID string

// Strength is a grade of evidence. The zero value, Context, never weighs.
type Strength uint8

// Strengths in ascending order.
const (
	Context Strength = iota
	Weak
	Medium
	Strong
	Conclusive
)

var strengthNames = [...]string{"context", "weak", "medium", "strong", "conclusive"}

// String returns the name used in reports.
func (s Strength) String() string { return strengthNames[s] }

// MarshalText implements [encoding.TextMarshaler].
func (s Strength) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *Strength) UnmarshalText(b []byte) error {
	i := slices.Index(strengthNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("strength %q is not one of %v", b, strengthNames)
	}
	*s = Strength(i)
	return nil
}

// Class says under which condition a signal may be used (fairness rules, section 4).
type Class string

// The use classes.
const (
	F1 Class = "F1" // consistency of facts, applied to everybody in the role
	F2 Class = "F2" // monitoring of company assets: needs a recorded notice
	F3 Class = "F3" // biometric or video: needs consent
	F4 Class = "F4" // proxy risk: corroboration only, capped, needs a disparate-impact test
	X  Class = "X"  // never computed
)

// Signal is one row of the catalogue.
type Signal struct {
	ID       ID
	Stage    string
	Family   string
	Fact     string // signals with the same fact are one fact (section 3 of the catalogue); "" = its own
	Name     string
	Data     []string
	Compute  string
	Benign   []string
	Source   string
	Min, Max Strength // a finding's strength lies between them, by the quality of the match
	Class    Class
	Cap      float64 // nats; 0 = only the family's cap
	Notice   bool    // needs the monitoring notice although the class is F1
	Approval string  // the approval without which its source is not read, e.g. infostealer; "" = none
}

//go:embed catalog.json
var catalogJSON []byte

type row struct {
	ID       ID       `json:"id"`
	Stage    string   `json:"stage"`
	Family   string   `json:"family"`
	Fact     string   `json:"fact"`
	Name     string   `json:"name"`
	Data     []string `json:"data"`
	Compute  string   `json:"compute"`
	Benign   []string `json:"benign"`
	Source   string   `json:"source"`
	Min      string   `json:"min"`
	Max      string   `json:"max"`
	Class    Class    `json:"class"`
	Cap      float64  `json:"cap"`
	Notice   bool     `json:"notice"`
	Approval string   `json:"approval"`
}

var load = sync.OnceValue(func() map[ID]*Signal {
	var rows []row
	if err := json.Unmarshal(catalogJSON, &rows); err != nil {
		panic("signal: embedded catalogue: " + err.Error()) // a broken build, not a broken input
	}
	codes := map[string]Strength{"0": Context, "W": Weak, "M": Medium, "S": Strong, "C": Conclusive}
	all := make(map[ID]*Signal, len(rows))
	for _, r := range rows {
		all[r.ID] = &Signal{
			ID: r.ID, Stage: r.Stage, Family: r.Family, Fact: r.Fact, Name: r.Name, Data: r.Data, Compute: r.Compute,
			Benign: r.Benign, Source: r.Source, Min: codes[r.Min], Max: codes[r.Max], Class: r.Class, Cap: r.Cap, Notice: r.Notice, Approval: r.Approval,
		}
	}
	return all
})

// Get returns a signal of the catalogue, or nil.
func Get(id ID) *Signal { return load()[id] }

// All returns the catalogue in order of ids.
func All() []*Signal {
	all := load()
	ids := make([]ID, 0, len(all))
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	out := make([]*Signal, len(ids))
	for i, id := range ids {
		out[i] = all[id]
	}
	return out
}

// NeedsNotice reports whether the signal reads monitoring data and so stays off
// until the date on which staff were told is recorded.
func (s *Signal) NeedsNotice() bool { return s.Class == F2 || s.Notice }
