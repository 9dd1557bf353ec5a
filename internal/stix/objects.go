package stix

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Reader gathers the objects of one document. Objects may come in any order:
// markings and makers are looked up when all are known.
type Reader struct {
	indicators []object
	latest     map[string]time.Time // of the versions of an indicator
	names      map[string]string    // of identities
	levels     map[string]string    // of markings
	seen       map[string]span      // by the id of the indicator
}

type span struct{ first, last time.Time }

// NewReader returns a reader that knows the markings of TLP 1 and 2.
func NewReader() *Reader {
	r := &Reader{latest: map[string]time.Time{}, names: map[string]string{}, seen: map[string]span{}}
	r.levels = map[string]string{
		// STIX 2.1, section 7.2.1.4
		"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
		"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
		"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
		"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
		// TLP 2.0: extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d
		"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": "clear",
		"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "green",
		"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "amber",
		"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": "amber+strict",
		"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": "red",
	}
	return r
}

// object is what is read of a STIX object.
type object struct {
	Type        string   `json:"type"`
	ID          string   `json:"id"`
	CreatedBy   string   `json:"created_by_ref"`
	Created     string   `json:"created"`
	Modified    string   `json:"modified"`
	Revoked     bool     `json:"revoked"`
	Labels      []string `json:"labels"`
	Confidence  *float64 `json:"confidence"`
	Markings    []string `json:"object_marking_refs"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Pattern     string   `json:"pattern"`
	PatternType string   `json:"pattern_type"`
	ValidFrom   string   `json:"valid_from"`
	ValidUntil  string   `json:"valid_until"`
	Kinds       []string `json:"indicator_types"`
	Definition  struct {
		TLP string `json:"tlp"`
	} `json:"definition"`
	Extensions map[string]struct {
		TLP   string `json:"tlp_2_0"`
		Grade string `json:"grade"`
	} `json:"extensions"`
	SightingOf string `json:"sighting_of_ref"`
	FirstSeen  string `json:"first_seen"`
	LastSeen   string `json:"last_seen"`
	Victim     *bool  `json:"x_muster_victim"`
	Grade      string `json:"x_muster_grade"`

	row                                   int
	modified, from, until, created, ended time.Time
}

var objectID = regexp.MustCompile(`^([a-z0-9][a-z0-9-]*)--[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// IsObject reports whether data is a STIX object other than a bundle: its id
// begins with its type.
func IsObject(data []byte) bool {
	var o struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	if json.Unmarshal(data, &o) != nil || o.Type == "bundle" {
		return false
	}
	m := objectID.FindStringSubmatch(o.ID)
	return m != nil && m[1] == o.Type
}

// A FieldError names the property of an object that cannot be read.
type FieldError struct {
	Field, Value string
	Err          error
}

func (e *FieldError) Error() string { return fmt.Sprintf("%s: %v", e.Field, e.Err) }

// Unwrap returns what is wrong with the property.
func (e *FieldError) Unwrap() error { return e.Err }

// Add takes one object. kept is false for objects that say nothing of their own.
// An error (a [FieldError] where a property is to blame) means that the object is
// damaged; the others can still be read.
func (r *Reader) Add(data []byte, row int) (kept bool, err error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return false, err
	}
	switch head.Type {
	case "indicator", "identity", "marking-definition", "sighting":
	default:
		return false, nil
	}
	var o object
	if err := json.Unmarshal(data, &o); err != nil {
		return false, err
	}
	o.row = row
	if err := o.times(); err != nil {
		return false, err
	}
	switch o.Type {
	case "identity":
		r.names[o.ID] = o.Name
	case "marking-definition":
		r.mark(&o)
	case "sighting":
		s := r.seen[o.SightingOf]
		r.seen[o.SightingOf] = span{earlier(s.first, o.from), later(s.last, o.ended)}
	case "indicator":
		r.indicators = append(r.indicators, o)
		r.latest[o.ID] = later(r.latest[o.ID], o.modified)
		return true, nil
	}
	return false, nil
}

// mark notes the level that a marking stands for. The ids of TLP itself keep theirs.
func (r *Reader) mark(o *object) {
	if _, fixed := r.levels[o.ID]; fixed {
		return
	}
	level := stricter(marking(o.Definition.TLP), "")
	if level == "" && strings.HasPrefix(strings.ToUpper(o.Name), "TLP") {
		level = marking(o.Name)
	}
	for _, x := range o.Extensions {
		level = stricter(level, marking(x.TLP))
	}
	if level != "" {
		r.levels[o.ID] = level
	}
}

// times reads the times of an object.
func (o *object) times() error {
	from, ended := o.ValidFrom, ""
	if o.Type == "sighting" {
		from, ended = o.FirstSeen, o.LastSeen
	}
	for _, x := range []struct {
		name, text string
		to         *time.Time
	}{{"created", o.Created, &o.created}, {"modified", o.Modified, &o.modified}, {"valid_from", from, &o.from}, {"valid_until", o.ValidUntil, &o.until}, {"last_seen", ended, &o.ended}} {
		if x.text == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, x.text)
		if err != nil {
			return &FieldError{x.name, x.text, err}
		}
		*x.to = t
	}
	if o.modified.IsZero() {
		o.modified = o.created
	}
	return nil
}

// Indicators returns what the newest version of each indicator reports, in the
// order of ids and values.
func (r *Reader) Indicators() []Indicator {
	var out []Indicator
	for i := range r.indicators {
		o := &r.indicators[i]
		if o.modified.Equal(r.latest[o.ID]) {
			out = append(out, r.of(o)...)
		}
	}
	return tidy(out)
}

func (r *Reader) of(o *object) []Indicator {
	base := r.base(o)
	if o.PatternType != "" && o.PatternType != "stix" {
		return []Indicator{base.inert(o.Pattern, "a pattern of the kind "+o.PatternType)}
	}
	list, err := ParsePattern(o.Pattern)
	if err != nil {
		return []Indicator{base.inert(o.Pattern, err.Error())}
	}
	if slices.Contains(o.Kinds, "benign") || slices.Contains(o.Labels, "benign") {
		return []Indicator{base.inert(o.Pattern, "reported as benign")}
	}
	values, left := Values(list)
	hides := slices.Contains(o.Kinds, "anonymization") || slices.Contains(o.Labels, "anonymization")
	var out []Indicator
	for _, v := range values {
		x := base
		x.Type, x.Value, x.Provider = v.Type, v.Value, v.Provider
		if hides && (x.Type == "ip" || x.Type == "cidr") {
			x.Type = "anonymiser"
		}
		out = append(out, x)
	}
	if len(left) > 0 || len(values) == 0 {
		out = append(out, base.inert(o.Pattern, strings.Join(left, "; ")))
	}
	return out
}

// base is what all values of an indicator share.
func (r *Reader) base(o *object) Indicator {
	x := Indicator{
		ID: o.ID, Row: o.row, Feed: r.names[o.CreatedBy], Confidence: o.Confidence, Observed: o.modified, FirstSeen: o.from,
		ValidUntil: o.until, Labels: append(slices.Clone(o.Labels), o.Kinds...), Victim: o.Victim, Revoked: o.Revoked, Text: o.Name,
		Grade: strings.ToUpper(o.Grade),
	}
	for _, e := range o.Extensions { // of several the smallest, whatever their order
		if g := strings.ToUpper(e.Grade); g != "" && (x.Grade == "" || g < x.Grade) {
			x.Grade = g
		}
	}
	if len(x.Grade) != 2 {
		x.Grade = ""
	}
	if x.Text == "" {
		x.Text = o.Description
	}
	for _, id := range o.Markings {
		x.TLP = stricter(x.TLP, r.levels[id])
	}
	if s, ok := r.seen[o.ID]; ok {
		x.FirstSeen, x.LastSeen = earlier(x.FirstSeen, s.first), s.last
	}
	for _, l := range x.Labels {
		if victimLabel(l) && x.Victim == nil {
			yes := true
			x.Victim = &yes
		}
	}
	return x
}

// inert keeps a pattern as text, with the reason why it is not compared.
func (i Indicator) inert(pattern, why string) Indicator {
	i.Type, i.Value = "pattern", pattern
	if why == "" {
		why = "it names no value"
	}
	i.Text = strings.TrimPrefix(i.Text+"; ", "; ") + "not compared: " + why
	return i
}

// earlier returns the earlier of two times; the zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
