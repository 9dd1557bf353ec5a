package coverage

import (
	"slices"
	"testing"

	"muster/internal/detect/all"
	"muster/internal/record"
	sources "muster/internal/source/all"
)

// TestBook looks for names in exports.yaml that nobody else knows.
func TestBook(t *testing.T) {
	b, err := open()
	if err != nil {
		t.Fatal(err)
	}
	mappings, codes, err := sources.Load("")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range mappings {
		known[m.ID] = true
	}
	for _, c := range codes {
		known[c.ID] = true
	}
	detectors := map[string]bool{}
	for _, d := range all.Detectors() {
		detectors[d.ID] = true
	}
	need := func(where string, n Need) {
		part := len(n) > len(n.kind())
		if record.New(n.kind()) == nil || part && b.Parts[n.kind()][string(n)[len(n.kind())+1:]] == nil {
			t.Errorf("%s: there is no %q", where, n)
		}
	}
	for id, parts := range b.Detectors {
		if !detectors[id] {
			t.Errorf("there is no detector %q", id)
		}
		for _, n := range parts {
			need(id, n)
		}
	}
	for id := range b.Codes {
		if !known[id] {
			t.Errorf("codes: there is no source %q", id)
		}
	}
	for _, e := range b.Exports {
		for _, id := range e.First {
			if !known[id] {
				t.Errorf("%s: there is no source %q", e.ID, id)
			}
		}
		for _, n := range e.Gives {
			need(e.ID, n)
		}
		if !e.Only && !slices.Contains(e.Gives, Need(e.Emits)) {
			t.Errorf("%s: emits %q, which it does not give", e.ID, e.Emits)
		}
	}
}
