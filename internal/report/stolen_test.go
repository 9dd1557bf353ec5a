package report

import (
	"slices"
	"testing"

	"muster/internal/record"
	"muster/internal/settings"
)

// TestStolenLoginIsMasked: the rows of a copied machine may be a stranger's.
func TestStolenLoginIsMasked(t *testing.T) {
	for login, want := range map[string]string{"anna.berg@mail.example.com": "a…@mail.example.com", "éva": "é…"} {
		got := fieldsOf(&record.StolenLogin{Machine: "7c9e6679", Site: "example.net", Login: login})
		if !slices.Contains(got, Field{"login", want}) {
			t.Errorf("%s is shown as %v, want %s", login, got, want)
		}
	}
}

func TestCounselIsNoNameForOthers(t *testing.T) {
	s := &settings.Settings{Approvals: settings.Approvals{Infostealer: &settings.Approval{Counsel: "R. Example", Date: record.Date{Year: 2026, Month: 10, Day: 1}}}}
	if c := withoutPeople(s); c.Approvals.Infostealer.Counsel == "R. Example" || s.Approvals.Infostealer.Counsel != "R. Example" {
		t.Errorf("%+v, from %+v", c.Approvals.Infostealer, s.Approvals.Infostealer)
	}
}
