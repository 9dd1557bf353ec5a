package report

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

// pairs is a report of five: A and B share a telephone and a line that is discounted,
// B and C an account, D nothing, E is A's namesake.
func pairs() *Document {
	p := func(id, name string, kinds ...identity.EdgeKind) Persona {
		return Persona{ID: identity.PersonaID(id), Queue: identity.Staff, Names: []string{name}, Emails: []string{strings.ToLower(id) + "@corp.example"}, Handles: []record.Handle{record.Handle("employee:" + id)}, Compared: kinds}
	}
	ends := func(list ...identity.PersonaID) []EdgeHolder {
		var out []EdgeHolder
		for _, x := range list {
			out = append(out, EdgeHolder{Persona: x})
		}
		return out
	}
	return &Document{
		Personas: []Persona{
			p("P-A", "Ann Example", identity.EdgePhone, identity.EdgeSignInIP, identity.EdgeBankAccount), p("P-B", "Rob Specimen", identity.EdgePhone, identity.EdgeSignInIP, identity.EdgeBankAccount),
			p("P-C", "Kim Sample", identity.EdgeBankAccount, identity.EdgePhone), p("P-D", "Liv Resident", identity.EdgePhone), p("P-E", "Ann Example"),
		},
		Edges: []Edge{
			{Kind: "phone", Family: "contact", Label: "phone ending 143", N: 2, Rarity: 6.215, Limit: 2.9, Reliability: 0.8, Weight: 2.32, Holders: ends("P-A", "P-B")},
			{Kind: "email", Family: "contact", Label: "a…@example.org", N: 2, Rarity: 6.215, Limit: 2.9, Reliability: 0.5, Weight: 1.45, Holders: ends("P-A", "P-B")},
			{Kind: "sign_in_ip", Family: "network", Label: "198.51.100.7", N: 2, Rarity: 6.215, Limit: 2.9, Reliability: 0.6, Weight: 0.58, Cuts: []Cut{{"seen together on one day only", -1.16}}, Holders: ends("P-A", "P-B")},
			{Kind: "device_ip", Family: "network", Label: "203.0.113.1", N: 90, Rarity: 2.4, Limit: 2.9, Reliability: 0.7, Suppressed: "declared egress", Holders: ends("P-A", "P-B", "P-C", "P-D")},
			{Kind: "bank_account", Family: "payment", Label: "account ending 777", N: 2, Rarity: 6.215, Limit: 2.9, Reliability: 0.95, Weight: 2.755, Holders: ends("P-B", "P-C")},
		},
		Settings: &settings.Settings{Declared: settings.Declared{Households: [][]string{{"employee:P-A", "p-d@corp.example"}}}},
		Refused:  []Join{{A: "employee:P-A", B: "employee:P-D", By: "phone", Text: "other dates of birth"}},
	}
}

func TestWhy(t *testing.T) {
	d := pairs()
	w, err := ExplainWhy(d, "P-A", "p-b@corp.example")
	if err != nil {
		t.Fatal(err)
	}
	sum := w.Prior
	for _, c := range w.Shares {
		sum += c.Adds
		parts := 0.0
		for _, p := range c.Parts {
			parts += p.Weight
		}
		if math.Abs(parts-c.Adds) > 0.011 {
			t.Errorf("%s adds %.3f, its parts %.3f: %v", c.Text, c.Adds, parts, c.Parts)
		}
	}
	if math.Abs(sum-w.Total) > 1e-6 || math.Abs(w.Total-(2.32+0.58-identity.Evens)) > 1e-6 || w.Probability != 0.5 {
		t.Errorf("total %.3f of %.3f, probability %.2f", w.Total, sum, w.Probability)
	}
	if w.Verdict != "linked" || len(w.Path) != 1 || !w.Bridge || w.WeakestLink.Weight != 2.9 {
		t.Errorf("%+v", w)
	}
	var b bytes.Buffer
	if err := WhyText(&b, d, w, TextOptions{Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"+2.32", "( +3.35)", "█", "░", "seen together on one day only", "declared egress", "WEAKEST LINK", "the family contact counts once, with phone"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// A path goes through others; what everybody has makes none.
func TestWhyThroughOthers(t *testing.T) {
	d := pairs()
	w, err := ExplainWhy(d, "P-A", "P-C")
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Path) != 2 || w.Path[0].other("P-A") != "P-B" || w.WeakestLink.A != "P-B" || w.WeakestLink.B != "P-C" || !w.Bridge {
		t.Errorf("path %+v, weakest %+v", w.Path, w.WeakestLink)
	}
	if w, _ := ExplainWhy(d, "P-C", "P-D"); len(w.Path) != 0 || w.Verdict != "not_linked" {
		t.Errorf("an office line joins: %+v", w)
	}
}

func TestWhyNot(t *testing.T) {
	d := pairs()
	w, err := ExplainWhyNot(d, "P-A", "P-B")
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]string{}
	for _, k := range w.Kinds {
		state[k.Kind] = k.State + k.Lacks
	}
	for kind, want := range map[string]string{"phone": "matches", "sign_in_ip": "discounted", "device_ip": "suppressed", "bank_account": "no_match", "wallet": "not_checkedboth"} {
		if state[kind] != want {
			t.Errorf("%s: %s, want %s", kind, state[kind], want)
		}
	}
	if w.Threshold.Missing != 1 || len(w.Threshold.Have) != 1 || !strings.Contains(w.Threshold.Why, "network with 0.58") {
		t.Errorf("threshold: %+v", w.Threshold)
	}
	w, err = ExplainWhyNot(d, "P-A", "P-D")
	if err != nil {
		t.Fatal(err)
	}
	rules := strings.Join(w.Rules, "\n")
	if !strings.Contains(rules, "other dates of birth") || !strings.Contains(rules, "declared household") || !strings.Contains(rules, "declared egress") {
		t.Errorf("rules: %s", rules)
	}
	var b bytes.Buffer
	if err := WhyNotText(&b, d, w, TextOptions{Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Liv Resident has none: ", "neither has any: ", "COMPARED, NO MATCH  phone", "2 independent families"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

func TestWhyAmbiguous(t *testing.T) {
	_, err := ExplainWhy(pairs(), "Ann Example", "P-B")
	if many := (*AmbiguousError)(nil); !errors.As(err, &many) || len(many.Fits) != 2 || !strings.Contains(err.Error(), "P-E") {
		t.Errorf("%v", err)
	}
}

// An audience and a redacted report show of shared values what they may.
func TestSharedValuesWithheld(t *testing.T) {
	d := ForAudience(pairs(), Recruiting)
	if slices.ContainsFunc(d.Edges, func(e Edge) bool { return e.Family == "payment" || e.Family == "network" }) || len(d.Edges) != 2 {
		t.Errorf("recruiting sees %+v", d.Edges)
	}
	for _, e := range Redact(pairs()).Edges {
		if strings.Contains(e.Label, "143") || strings.Contains(e.Label, "777") || strings.Contains(e.Label, ".7") {
			t.Errorf("redacted: %s", e.Label)
		}
	}
}
