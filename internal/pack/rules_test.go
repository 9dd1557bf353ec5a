package pack

import (
	"testing"

	"muster/internal/record"
)

// TestEveryFieldHasARule refuses a new field of a record until somebody has decided
// what becomes of it, and a rule for a field that is gone.
func TestEveryFieldHasARule(t *testing.T) {
	for _, f := range Undecided() {
		t.Errorf("%s has no rule in rules.go: keep it, drop it, or say which token replaces it", f)
	}
	for kind, fields := range rules {
		known := map[string]bool{}
		for _, f := range record.Fields(kind) {
			known[f.Name] = true
		}
		for f := range fields {
			if !known[f] {
				t.Errorf("%s.%s has a rule and is no field", kind, f)
			}
		}
	}
}
