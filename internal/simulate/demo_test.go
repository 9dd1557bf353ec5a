package simulate

import (
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
)

// TestDemo checks that the demonstration holds what it promises.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	truth, err := Demo(dir)
	if err != nil {
		t.Fatal(err)
	}
	if truth.Counts.Staff != 400 || truth.Counts.Candidates != 3000 || truth.Counts.Operator != 12 || truth.Counts.FraudHires != 5 {
		t.Errorf("counts %+v", truth.Counts)
	}
	countries, traces := map[string]bool{}, map[string]int{}
	for _, p := range truth.Personas {
		if p.Class != ClassOperator {
			continue
		}
		countries[p.Country] = true
		for _, s := range p.Traces {
			traces[s]++
		}
	}
	if !countries["US"] || len(countries) < 3 {
		t.Errorf("claimed homes in %v, want two continents", countries)
	}
	for name, least := range map[string]int{"reference-ring": 3, "abroad": 1, "byod": 1, "bank-shared": 2, "bank-change": 1, "ship-farm": 3, "kvm-usb": 2, "remote-tool": 2, "resume-master": 6} {
		if traces[name] < least {
			t.Errorf("%d personas with %s, want %d", traces[name], name, least)
		}
	}
	if len(truth.Facilitators) != 1 || len(truth.Facilitators[0].Personas) != 5 {
		t.Errorf("facilitators %+v, want one with five laptops", truth.Facilitators)
	}
	if !slices.ContainsFunc(truth.Events, func(e Event) bool {
		return e.Kind == "first-boot" && e.Text == "laptop destined for New York first seen in London"
	}) {
		t.Error("no laptop destined for New York is seen in London")
	}
	size := int64(0)
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, e := d.Info()
			size, err = size+info.Size(), e
		}
		return err
	})
	if err != nil || size > 60<<20 {
		t.Errorf("%d bytes (%v), want less than 60 MB", size, err)
	}
}
