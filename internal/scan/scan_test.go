package scan

import (
	"context"
	"testing"
	"time"

	"muster/internal/assess"
	"muster/internal/config"
)

// TestStartup scans three exports of a company of eight: two laptops on one
// residential address whose holders claim different homes and share a bank
// account, and a couple that shares both openly.
func TestStartup(t *testing.T) {
	const dir = "../../testdata/corpus/startup"
	st, err := config.Load(dir + "/muster.yaml")
	if err != nil {
		t.Fatal(err)
	}
	res, err := Run(context.Background(), Options{Roots: []string{dir}, Settings: st, AsOf: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Key: []byte("test")})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Inputs.Files {
		if f.Unidentified || f.QuarantinedRows > 0 {
			t.Errorf("%s: unidentified %v (%s), %d rows quarantined", f.Path, f.Unidentified, f.Why, f.QuarantinedRows)
		}
	}
	want := map[string]assess.Band{
		"Calix Undren": assess.Review, "Dovra Pelling": assess.Review, "Ewin Hartsel": assess.Watch, "Fenna Hartsel": assess.Watch,
		"Avela Torwick": assess.None, "Brint Osmere": assess.None, "Gorrin Vael": assess.None, "Hesta Quill": assess.None,
	}
	if len(res.Assessments) != len(want) {
		t.Errorf("%d personas, want %d", len(res.Assessments), len(want))
	}
	for _, a := range res.Assessments {
		name := res.Graph.Persona(a.Persona).Name()
		if a.Band != want[name] && !(want[name] == assess.Watch && a.Band == assess.None) {
			t.Errorf("%s is at %s, want %s", name, a.Band, want[name])
		}
		for _, f := range a.Findings {
			t.Logf("%s %s: %s %.1f %s (%s)", name, a.Band, f.Finding.Signal, f.Weight, f.Finding.Summary, f.Why)
		}
	}
}
