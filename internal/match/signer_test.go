package match

import "testing"

func TestSigner(t *testing.T) {
	for _, c := range []struct {
		in string
		ok bool
	}{
		{"R. Halvorsen", true},
		{"HALVORSEN R", true},
		{"Ruth Halvorsen", true},
		{"O'Neill, Dana", true},
		{"김하늘", true},
		{"Halvorsen", false},
		{"R H", false},
		{"RH", false},
		{"", false},
		{"FRONT DOOR", false},
		{"Left at front porch", false},
		{"MAILROOM", false},
		{"Reception Desk", false},
		{"Nachbar Berg", false},
		{"Haustür", false},
		{"Unit 4", false},
		{"김하", false},
		{"TRADEWIND DOCK", false},
		{"Boîte aux lettres", false},
		{"J. Smith apt 12", false},
	} {
		if _, ok := Signer(c.in); ok != c.ok {
			t.Errorf("Signer(%q) = %v, want %v", c.in, ok, c.ok)
		}
	}
	for in, want := range map[string]bool{"R. Halvorsen": true, "Ruth Halvorsen": false} {
		if n, _ := Signer(in); n.HasInitial() != want {
			t.Errorf("HasInitial of %q = %v", in, !want)
		}
	}
	if a, _ := Signer("R. Halvorsen"); a.Key() != NameKey("HALVORSEN, R") {
		t.Errorf("one signer has two keys: %q", a.Key())
	}
}
