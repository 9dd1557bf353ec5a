package match

import (
	"slices"
	"testing"
)

func TestMailbox(t *testing.T) {
	for _, c := range []struct {
		address, name string
		spelt, in     bool
	}{
		{"anna.berg@example.com", "Anna Bergström", false, true},
		{"jo.marshall77@example.com", "Jo Marshall", true, true},
		{"marshalljo@example.com", "Jo Marshall", true, true},
		{"jo.marshall@example.com", "Jo Ann Marshall", true, true},
		{"topdev0412@example.com", "Jo Marshall", false, false},
		{"li.wu@example.com", "Li Wu", false, false}, // too short to point at anybody
		{"søren.dahlgaard@example.com", "Soren Dahlgaard", false, true},
	} {
		n := ParseName(c.name)
		if got := slices.Contains(MailboxSpellings(n), MailboxLetters(c.address)); got != c.spelt {
			t.Errorf("%s spelt in %s: %t, want %t", c.name, c.address, got, c.spelt)
		}
		if got := InMailbox(n, c.address); got != c.in {
			t.Errorf("%s in %s: %t, want %t", c.name, c.address, got, c.in)
		}
	}
}
