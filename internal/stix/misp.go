package stix

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// event is what is read of a MISP event. Lists with one element come as the
// element itself in some exports.
type event struct {
	UUID      string                `json:"uuid"`
	Info      string                `json:"info"`
	Date      string                `json:"date"`
	Timestamp plain                 `json:"timestamp"`
	Orgc      struct{ Name string } `json:"Orgc"`
	Org       struct{ Name string } `json:"Org"`
	Tags      many[tag]             `json:"Tag"`
	Attribute many[attribute]       `json:"Attribute"`
	Objects   many[group]           `json:"Object"`
}

type tag struct {
	Name string `json:"name"`
}

// group is a MISP object: a template with attributes.
type group struct {
	Name      string          `json:"name"`
	Deleted   flag            `json:"deleted"`
	Attribute many[attribute] `json:"Attribute"`
}

type attribute struct {
	UUID      string    `json:"uuid"`
	Type      string    `json:"type"`
	Category  string    `json:"category"`
	Value     plain     `json:"value"`
	Comment   string    `json:"comment"`
	ToIDs     flag      `json:"to_ids"`
	Deleted   flag      `json:"deleted"`
	Timestamp plain     `json:"timestamp"`
	FirstSeen plain     `json:"first_seen"`
	LastSeen  plain     `json:"last_seen"`
	Relation  string    `json:"object_relation"`
	Tags      many[tag] `json:"Tag"`
	Sightings many[struct {
		Type plain `json:"type"`
		Date plain `json:"date_sighting"`
	}] `json:"Sighting"`
	Event *event `json:"Event"`
}

// plain is a scalar as text; null is the empty text.
type plain string

// UnmarshalJSON implements [json.Unmarshaler].
func (p *plain) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*p = plain(s)
		return nil
	}
	if t := string(data); t != "null" {
		*p = plain(t)
	}
	return nil
}

// flag is a truth value written as such, as a number or as text.
type flag bool

// UnmarshalJSON implements [json.Unmarshaler].
func (f *flag) UnmarshalJSON(data []byte) error {
	t := strings.ToLower(strings.Trim(string(data), `"`))
	*f = t == "true" || t == "1"
	return nil
}

// many is a list, or its only element.
type many[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (m *many[T]) UnmarshalJSON(data []byte) error {
	var list []T
	if len(data) > 0 && data[0] == '{' {
		list = make([]T, 1)
		if err := json.Unmarshal(data, &list[0]); err != nil {
			return err
		}
	} else if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*m = list
	return nil
}

// Kind says what a MISP document is.
type Kind uint8

// The kinds of MISP documents.
const (
	NoMISP Kind = iota
	MISPEvent
	MISPObject
	MISPAttribute
	MISPManifest
)

// MISPKind recognises a MISP document by its members.
func MISPKind(data []byte) Kind {
	var m map[string]json.RawMessage
	if json.Unmarshal(data, &m) != nil {
		return NoMISP
	}
	has := func(m map[string]json.RawMessage, names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return m[n] == nil })
	}
	if has(m, "type", "value", "category", "to_ids") {
		return MISPAttribute
	}
	if has(m, "template_uuid", "meta-category", "Attribute") {
		return MISPObject
	}
	inner := m
	if has(m, "Event") {
		inner = nil
		if json.Unmarshal(m["Event"], &inner) != nil {
			return NoMISP
		}
	}
	if has(inner, "info") && (has(inner, "Attribute") || has(inner, "Orgc") || has(inner, "Object")) || has(inner, "Attribute", "threat_level_id") {
		return MISPEvent
	}
	for _, v := range m { // a feed's manifest: events without their attributes, by uuid
		var e map[string]json.RawMessage
		if json.Unmarshal(v, &e) != nil || !has(e, "info", "Orgc", "timestamp") {
			return NoMISP
		}
	}
	if len(m) == 0 {
		return NoMISP
	}
	return MISPManifest
}

// ReadMISP returns what an event, object or attribute reports, in the order of ids
// and values.
func ReadMISP(data []byte, row int) ([]Indicator, error) {
	var out []Indicator
	switch MISPKind(data) {
	case MISPAttribute:
		var a attribute
		if err := json.Unmarshal(data, &a); err != nil {
			return nil, err
		}
		e := a.Event
		if e == nil {
			e = &event{}
		}
		out = a.indicators(e, "", "", row)
	case MISPObject:
		var g group
		if err := json.Unmarshal(data, &g); err != nil {
			return nil, err
		}
		out = g.indicators(&event{}, row)
	case MISPEvent:
		e := &event{}
		wrapped := struct{ Event *event }{e}
		if err := json.Unmarshal(data, &wrapped); err != nil {
			return nil, err
		}
		if e.Info == "" && len(e.Attribute) == 0 && len(e.Objects) == 0 {
			if err := json.Unmarshal(data, e); err != nil {
				return nil, err
			}
		}
		for i := range e.Attribute {
			out = append(out, e.Attribute[i].indicators(e, "", "", row)...)
		}
		for i := range e.Objects {
			out = append(out, e.Objects[i].indicators(e, row)...)
		}
	}
	return tidy(out), nil
}

func (g *group) indicators(e *event, row int) []Indicator {
	if g.Deleted {
		return nil
	}
	network := ""
	for _, a := range g.Attribute {
		if a.Relation == "account-type" || a.Relation == "platform" || a.Relation == "network" {
			network = strings.ToLower(string(a.Value))
		}
	}
	var out []Indicator
	for i := range g.Attribute {
		out = append(out, g.Attribute[i].indicators(e, g.Name, network, row)...)
	}
	return out
}

func (a *attribute) indicators(e *event, object, network string, row int) []Indicator {
	values := mispValues(a.Type, object, a.Relation, string(a.Value))
	var out []Indicator
	for _, v := range values {
		if technical(v.Type) && !bool(a.ToIDs) {
			continue
		}
		x := Indicator{ID: a.UUID, Row: row, Type: v.Type, Value: v.Value, Provider: v.Provider, Revoked: bool(a.Deleted), Feed: e.Orgc.Name, Text: a.Comment}
		if x.Feed == "" {
			x.Feed = e.Org.Name
		}
		if x.Text == "" {
			x.Text = e.Info
		}
		if x.Type == "username" && x.Provider == "" {
			x.Provider = network
		}
		if strings.HasPrefix(a.Type, "target-") {
			yes := true
			x.Victim = &yes
		}
		x.tags(slices.Concat(e.Tags, a.Tags))
		a.times(e, &x)
		out = append(out, x)
	}
	return out
}

// technical reports whether a kind of value names a thing of the network that many
// may share: it counts only where its maker says that it may be detected by.
func technical(kind string) bool {
	switch kind {
	case "ip", "cidr", "domain", "url", "hash", "asn":
		return true
	}
	return false
}

func (a *attribute) times(e *event, x *Indicator) {
	x.FirstSeen, x.LastSeen = mispTime(a.FirstSeen), mispTime(a.LastSeen)
	if x.FirstSeen.IsZero() {
		x.FirstSeen = mispTime(plain(e.Date))
	}
	if x.Observed = mispTime(a.Timestamp); x.Observed.IsZero() {
		x.Observed = mispTime(e.Timestamp)
	}
	for _, s := range a.Sightings {
		at := mispTime(s.Date)
		switch s.Type {
		case "0", "":
			x.LastSeen = later(x.LastSeen, at)
		case "2":
			x.ValidUntil = at
		}
	}
}

// mispTime reads seconds since 1970, an ISO time or a date; the zero time is none.
func mispTime(s plain) time.Time {
	if n, err := strconv.ParseInt(string(s), 10, 64); err == nil {
		if n <= 0 {
			return time.Time{}
		}
		return time.Unix(n, 0).UTC()
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999-0700", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, string(s)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
