package match

import (
	"testing"

	"pgregory.net/rapid"
)

func TestLookAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"fjordenergy", "fjordenergy", false},
		{"fjordenergy", "fj0rdenergy", true},
		{"fjordenergy", "fjordenergyhr", true},
		{"fjordenergy", "fjordenrgy", true},
		{"fjordenergy", "fjoredenrgy", true},
		{"fjordenergy", "fjordsolar", false},
		{"modern", "modem", true}, // rn reads as m
		{"acme", "acne", false},   // too short to tell
		{"nimbus", "nimbsu", true},
		{"nimbus", "nimble", false},
		{"delta-logistics", "deltalogistics", true},
	} {
		if got := LookAlike(c.a, c.b); got != c.want {
			t.Errorf("LookAlike(%q, %q) = %t, want %t", c.a, c.b, got, c.want)
		}
	}
}

func TestRegistrable(t *testing.T) {
	for host, want := range map[string]string{
		"mail.acme.co.uk": "acme.co.uk", "ACME.com.": "acme.com", "hr.acme.example": "acme.example", "com": "com", "": "",
	} {
		if got := Registrable(host); got != want {
			t.Errorf("Registrable(%q) = %q, want %q", host, got, want)
		}
	}
	if got := DomainLabel("mail.acme.co.uk"); got != "acme" {
		t.Errorf("DomainLabel = %q", got)
	}
}

// TestEditsProperties: the distance is symmetric, zero only for equal strings, and
// one edit makes a distance of one at most.
func TestEditsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringMatching(`[a-z]{0,9}`).Draw(t, "a"), rapid.StringMatching(`[a-z]{0,9}`).Draw(t, "b")
		if x, y := Edits(a, b, 20), Edits(b, a, 20); x != y {
			t.Fatalf("%d one way, %d the other", x, y)
		}
		if (Edits(a, b, 20) == 0) != (a == b) {
			t.Fatalf("zero for %q and %q", a, b)
		}
		if full, capped := Edits(a, b, 20), Edits(a, b, 2); capped != min(full, 3) {
			t.Fatalf("capped %d, full %d", capped, full)
		}
		if len(a) > 0 {
			i := rapid.IntRange(0, len(a)-1).Draw(t, "i")
			if d := Edits(a, a[:i]+a[i+1:], 5); d != 1 {
				t.Fatalf("one letter gone makes %d", d)
			}
		}
	})
}
