package stix

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/record"
)

// Indicator is one value that a document reports.
type Indicator struct {
	ID         string // of the STIX object or MISP attribute
	Row        int    // as given to the reader
	Type       string // as in record.Indicator; "pattern" for what cannot be compared
	Value      string
	Feed       string // name of who made it
	Provider   string // network of a user name
	TLP        string // clear, green, amber, amber+strict, red; "" if unmarked
	Confidence *float64
	Grade      string // Admiralty A1-F6
	Observed   time.Time
	FirstSeen  time.Time
	LastSeen   time.Time
	ValidUntil time.Time
	Labels     []string
	Victim     *bool // the value belongs to a victim; nil if not said
	Revoked    bool
	Text       string
	ordinal    int // among the values of one type of the same object
}

// Key is the key of the record. It does not hold what is stored as a hash, so that
// it is the same whatever the hash was made with.
func (i *Indicator) Key() string {
	value := i.Value
	if i.Type == "account" || i.Type == "pattern" {
		value = strconv.Itoa(i.ordinal)
	}
	return i.ID + "/" + i.Type + "/" + value
}

// Record returns the canonical record. hash turns the number of a bank account
// into what is stored in its place; ok is false if nothing is left to store.
func (i *Indicator) Record(hash func(number string) string) (r *record.Indicator, ok bool) {
	value := i.Value
	if i.Type == "account" {
		if value = hash(value); value == "" {
			return nil, false
		}
	}
	r = &record.Indicator{
		Type: i.Type, Value: value, Feed: i.Feed, Provider: i.Provider, TLP: i.TLP, Confidence: i.Confidence, Grade: i.Grade,
		FirstSeen: instant(i.FirstSeen), LastSeen: instant(i.LastSeen), ValidUntil: instant(i.ValidUntil),
		Labels: i.Labels, Victim: i.Victim, Text: i.Text,
	}
	if i.Revoked {
		r.Revoked = &i.Revoked
	}
	r.ObservedAt = instant(i.Observed)
	return r, true
}

func instant(t time.Time) record.Time {
	if t.IsZero() {
		return record.Time{}
	}
	return record.At(t.UTC())
}

// tidy orders indicators by content, so that the order of a document's objects
// decides nothing, and drops repetitions of one object.
func tidy(list []Indicator) []Indicator {
	slices.SortStableFunc(list, func(a, b Indicator) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Type, b.Type), strings.Compare(a.Value, b.Value), strings.Compare(a.Provider, b.Provider))
	})
	list = slices.CompactFunc(list, func(a, b Indicator) bool {
		return a.ID == b.ID && a.Type == b.Type && a.Value == b.Value && a.Provider == b.Provider
	})
	for i := 1; i < len(list); i++ {
		if list[i].ID == list[i-1].ID && list[i].Type == list[i-1].Type {
			list[i].ordinal = list[i-1].ordinal + 1
		}
	}
	return list
}

// classed returns the type of a value that may be an address, a network or a
// domain, and the value in canonical form; "" if it is none of them.
func classed(s string) (kind, value string) {
	s = strings.TrimSpace(s)
	if p, err := netip.ParsePrefix(s); err == nil {
		if p.IsSingleIP() {
			return "ip", p.Addr().Unmap().String()
		}
		return "cidr", p.Masked().String()
	}
	if a, err := netip.ParseAddr(s); err == nil {
		return "ip", a.Unmap().WithZone("").String()
	}
	d := strings.ToLower(strings.TrimSuffix(s, "."))
	if strings.Contains(d, ".") && !strings.ContainsAny(d, " /:@\\") {
		return "domain", d
	}
	return "", ""
}

// victimLabel reports whether a label says that a value belongs to a victim of
// identity theft, not to the operator.
func victimLabel(label string) bool {
	switch strings.ToLower(strings.Trim(label, `"`)) {
	case "victim", "victim-owned", "identity-victim", "identity-theft-victim", "muster:victim", "muster:owner=\"victim\"":
		return true
	}
	return false
}

// marking returns the level that a name of a marking states: "TLP:AMBER+STRICT",
// "tlp:white", "amber".
func marking(name string) string {
	s := strings.ToLower(strings.TrimSpace(name))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "tlp:"), "tlp-")
	switch s {
	case "white", "clear":
		return "clear"
	case "green", "amber", "red", "amber+strict":
		return s
	case "amber_strict", "amber-strict", "amber strict":
		return "amber+strict"
	}
	return ""
}

// stricter returns the level that allows less; "" is no level.
func stricter(a, b string) string {
	order := []string{"", "clear", "green", "amber", "amber+strict", "red"}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}
