package stix

import (
	"strings"
	"testing"

	"muster/internal/source/codetest"
)

func TestSource(t *testing.T) {
	report, got := codetest.Golden(t, Source, "testdata/want.ndjson")
	if strings.Contains(got, "kept out") || strings.Contains(got, "202051") {
		t.Error("a number or text that is not kept is in the records")
	}
	if q := report.Quarantine; len(q) != 1 || q[0].Field != "created" || q[0].Reason != "bad_time" {
		t.Errorf("quarantined: %+v", q)
	}
}
