package scan

import (
	"cmp"
	"os"
	"strconv"
	"testing"
	"time"

	"muster/internal/assess"
	"muster/internal/config"
	"muster/internal/record"
)

// TestWriteMarket keeps the accounts of an invented platform in MUSTER_MARKET_DIR,
// as many as MUSTER_MARKET says, to be scanned by hand: docs/marketplace.md.
func TestWriteMarket(t *testing.T) {
	dir := os.Getenv("MUSTER_MARKET_DIR")
	if dir == "" {
		t.Skip("MUSTER_MARKET_DIR is not set")
	}
	n, err := strconv.Atoi(os.Getenv("MUSTER_MARKET"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writeMarket(dir, n, 1); err != nil {
		t.Fatal(err)
	}
}

// TestMarketplace scans the accounts of an invented platform: most accounts of
// every planted operator are to be reviewed, and no home, no agency and no account
// that stands alone. MUSTER_MARKET raises their number.
func TestMarketplace(t *testing.T) {
	n, _ := strconv.Atoi(cmp.Or(os.Getenv("MUSTER_MARKET"), "4000"))
	dir := t.TempDir()
	m, err := writeMarket(dir, n, 1)
	if err != nil {
		t.Fatal(err)
	}
	st, err := config.Load(dir + "/muster.yaml")
	if err != nil {
		t.Fatal(err)
	}
	res, err := Run(t.Context(), Options{Roots: []string{dir}, Settings: st, AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Key: []byte("test")})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Graph.Personas) != n {
		t.Errorf("%d personas of %d accounts", len(res.Graph.Personas), n)
	}
	band := map[string]assess.Band{}
	for _, a := range res.Assessments {
		for _, h := range res.Graph.Persona(a.Persona).Handles {
			if h.Namespace() == "account" {
				band[h.Value()] = a.Band
			}
		}
	}
	reviewed := func(groups [][]string) (found, all int) {
		for _, g := range groups {
			for _, id := range g {
				if all++; band[id] >= assess.Review {
					found++
				}
				delete(band, id)
			}
		}
		return found, all
	}
	found, all := reviewed(m.operators)
	if found*10 < all*8 {
		t.Errorf("%d of %d accounts of operators are to be reviewed", found, all)
	}
	t.Logf("%d of %d accounts of operators", found, all)
	for what, groups := range map[string][][]string{"homes": m.homes, "agencies": m.agencies} {
		if found, all := reviewed(groups); found > 0 {
			t.Errorf("%d of %d accounts of %s are to be reviewed", found, all, what)
		}
	}
	for id, b := range band {
		if b >= assess.Review {
			t.Errorf("%s stands alone and is at %s", id, b)
		}
	}
	joined := 0
	for _, g := range m.operators {
		in := map[string]int{}
		for _, id := range g {
			if o := res.Graph.OperatorOf(res.Graph.ByHandle(record.NewHandle("account", id))); o != nil {
				in[string(o.ID)]++
			}
		}
		if len(in) > 0 {
			joined++
		}
	}
	if joined*10 < len(m.operators)*8 {
		t.Errorf("%d of %d operators show as one", joined, len(m.operators))
	}
}
