package evaluate

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"muster/internal/assess"
	"muster/internal/config"
	"muster/internal/scan"
	"muster/internal/simulate"
)

func TestRate(t *testing.T) {
	// Wilson's interval for 0 of 381 ends just below one per cent.
	if r := NewRate(0, 381); r.High > 0.01 || r.High < 0.0099 || r.Low != 0 {
		t.Errorf("0 of 381: %+v", r)
	}
	if r := NewRate(98, 100); r.Low > 0.945 || r.Low < 0.925 || r.High > 0.996 || r.Share != 0.98 {
		t.Errorf("98 of 100: %+v", r)
	}
	if r := NewRate(0, 0); r.High != 1 {
		t.Errorf("nothing measured must say nothing: %+v", r)
	}
}

// TestDemo scans the demonstration: everybody who was planted and hired is at
// review or above, and nobody else is.
func TestDemo(t *testing.T) {
	if raceDetector {
		t.Skip("takes minutes under the race detector; make test runs it a second time without")
	}
	dir := t.TempDir()
	truth, err := simulate.Demo(dir)
	if err != nil {
		t.Fatal(err)
	}
	exports := filepath.Join(dir, "exports")
	st, err := config.Load(filepath.Join(exports, config.FileName))
	if err != nil {
		t.Fatal(err)
	}
	asOf, err := time.Parse(time.DateOnly, truth.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	res, err := scan.Run(context.Background(), scan.Options{Roots: []string{exports}, Settings: st, AsOf: asOf.Add(24 * time.Hour), Key: []byte("test")})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range res.Inputs.Files {
		if f.Unidentified || f.Refused || f.QuarantinedRows > 0 {
			t.Errorf("%s: not read: %s, %d rows quarantined", f.Path, f.Why, f.QuarantinedRows)
		}
	}
	found := match(truth, res)
	hired := 0
	for i := range truth.Personas {
		p := &truth.Personas[i]
		a := found[p.ID]
		planted := p.Class == simulate.ClassOperator || p.Class == simulate.ClassLone
		switch at := a != nil && a.Band >= assess.Review; {
		case planted && p.Hired && !at:
			t.Errorf("planted and not found: %+v", newCase(p, a, 0, 0))
		case planted && p.Hired:
			hired++
		case !planted && p.Class != simulate.ClassFacilitator && at:
			t.Errorf("innocent at review: %+v", newCase(p, a, 0, 0))
		}
	}
	if hired < 4 {
		t.Errorf("only %d planted hires", hired)
	}
}

// TestRun measures one small company per row.
func TestRun(t *testing.T) {
	s, err := Run(context.Background(), Options{
		Seeds: []uint64{11}, Levels: []int{0}, NoFraud: true, Staff: 200, Candidates: 300, Operators: 1, Personas: 8, Lone: 2, Twins: 1, Checkpoints: 30, Dir: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if l := s.Levels[0]; l.Hired.Of == 0 || l.Hired.Share < 0.5 || l.Days.Every != 30 {
		t.Errorf("level 0: %+v", l)
	}
	if s.NoFraud.Companies != 1 || s.NoFraud.StaffReviews > 1 {
		t.Errorf("company without fraud: %+v", s.NoFraud)
	}
}
