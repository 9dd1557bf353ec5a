package scan

import (
	"os"
	"strconv"
	"testing"
)

// TestWriteMarket keeps the accounts of an invented platform in MUSTER_MARKET_DIR,
// as many as MUSTER_MARKET says, to be scanned by hand: docs/benchmarks.md.
func TestWriteMarket(t *testing.T) {
	dir, n := os.Getenv("MUSTER_MARKET_DIR"), 0
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
