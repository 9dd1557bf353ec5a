package link_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"muster/internal/identity"
)

func TestMembers(t *testing.T) {
	g := build(rows(t, farm), nil)
	if len(g.Operators) != 1 {
		t.Fatalf("%d operators, want 1", len(g.Operators))
	}
	o := g.Operators[0]
	if o.Probability <= 0.3 || o.Probability > identity.Surest || o.Probability != identity.Probability(o.Weakest.Weight) {
		t.Errorf("probability %.2f with a weakest link of %.2f nats", o.Probability, o.Weakest.Weight)
	}
	starts := map[identity.PersonaID]bool{}
	for i, m := range o.Members {
		if m.Persona != o.Personas[i] || len(m.Path) == 0 || m.Path[len(m.Path)-1] != m.Persona || m.Probability < o.Probability {
			t.Errorf("member %d: %+v", i, m)
		}
		starts[m.Path[0]] = true
	}
	if len(starts) != 1 {
		t.Errorf("paths begin at %v, want one persona", starts)
	}
}

func TestProbability(t *testing.T) {
	last := 0.0
	for w := 0.0; w < 20; w += 0.5 {
		p := identity.Probability(w)
		if p < last || p > identity.Surest {
			t.Errorf("%.1f nats: %.2f after %.2f", w, p, last)
		}
		last = p
	}
	if p := identity.Probability(identity.Evens); p != 0.5 {
		t.Errorf("evens: %.2f", p)
	}
}

// What a weight is made from must add up to it.
func TestScale(t *testing.T) {
	for _, e := range build(rows(t, farm), nil).Edges {
		if e.Suppressed != "" || e.Similarity > 0 || e.Kind == identity.EdgeRefereeOwner || e.Kind == identity.EdgeCluster {
			continue
		}
		w := max(0, min(e.Scale.Limit, e.Scale.Rarity)*e.Scale.Reliability)
		for _, c := range e.Cuts {
			w += c.Nats
		}
		if math.Abs(w-e.Weight) > 1e-9 || len(e.Cuts) != len(e.Discounts) {
			t.Errorf("%s %s: %.3f from its parts, weighs %.3f; cuts %v, discounts %v", e.Kind, e.Label, w, e.Weight, e.Cuts, e.Discounts)
		}
	}
}

func TestApart(t *testing.T) {
	g := build(rows(t, strings.ReplaceAll(farm, `"shipped_at":"2026-01-04T00:00:00Z"`, `"shipped_at":"2026-01-04T00:00:00Z","signed_by":"Joe Doorman"`)+`
{"record":"payment_account","handle":"employee:E5","account_hash":"joint","account_last4":"1111"}
{"record":"payment_account","handle":"employee:E6","account_hash":"joint","account_last4":"1111"}
{"record":"persona","handle":"employee:E5","name":"Max Couple","phones":[{"e164":"+12025550101"}]}
{"record":"persona","handle":"employee:E6","name":"Mia Pair","phones":[{"e164":"+12025550101"}]}`), nil)
	a, b := g.ByHandle("employee:E5"), g.ByHandle("employee:E6")
	i := slices.IndexFunc(g.Apart, func(x identity.Apart) bool { return x.A == min(a, b) && x.B == max(a, b) })
	if i < 0 || !strings.Contains(g.Apart[i].Why, "one home") {
		t.Errorf("the couple is not named: %+v", g.Apart)
	}
}

func TestHeldAndRefused(t *testing.T) {
	g := build(rows(t, `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Ann Example","dob":"1990-01-02","phones":[{"e164":"+12025550101"}]}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Ann Example","dob":"1984-05-06","phones":[{"e164":"+12025550101"}],"urls":[{"url":"https://example.org/ann"}]}`), nil)
	p := persona(t, g, "ats:candidate:2")
	if !slices.Equal(p.Held, []identity.EdgeKind{identity.EdgePhone, identity.EdgeURL}) {
		t.Errorf("held: %v", p.Held)
	}
	if len(g.Refused) != 1 || g.Refused[0].By != "phone" || g.Refused[0].Text != "other dates of birth" {
		t.Errorf("refused: %+v", g.Refused)
	}
}

// A number that comes back after years is somebody else's; one that comes back at
// once is not.
func TestRecycledNumber(t *testing.T) {
	for applied, want := range map[string]string{
		"2026-09-01": "phone (a number that was given to somebody else: more than two years lie between)",
		"2022-09-01": "phone",
	} {
		g := build(rows(t, `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","start":"2019-02-01","end":"2022-03-01","status":"ended"}
{"record":"persona","handle":"employee:E1","name":"Ann Example","observed_at":"2022-02-01","phones":[{"e164":"+12025550143"}]}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","observed_at":"`+applied+`","phones":[{"e164":"+12025550143"}]}`), nil)
		if got := edgesOf(t, g, "employee:E1", "ats:candidate:2"); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, want %s", applied, got, want)
		}
	}
}
