package all

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
)

// networkExplained are differences from the oracle that are meant.
var networkExplained = map[string]string{
	"cato_sase_connection_events.json ip": "the address at the provider counts, not that inside the tunnel",
	"test_event_reason2.json time":        "the offset is cut off in the sample; the local time without offset is used",
}

// TestOracleNetwork compares sign-ins with the ECS form that SEKOIA gives beside
// each raw event, field by field where the oracle has one.
func TestOracleNetwork(t *testing.T) {
	var a agreement
	for _, folder := range []string{"globalprotect", "prisma-access", "zscaler", "cloudflare-access", "cloudflare-gateway", "cato", "umbrella-dns"} {
		records, forms := pairs(t, folder)
		for _, r := range records {
			if s, ok := r.(*record.Session); ok {
				a.add(t, s.Ref.File, networkOpinions(s, forms[s.Ref.File]), networkExplained)
			}
		}
	}
	a.hold(t, 100)
}

func networkOpinions(s *record.Session, e *ecsForm) []opinion {
	var out []opinion
	check := func(field, got, want string) {
		if want != "" {
			out = append(out, opinion{field, got, want, got == want})
		}
	}
	for _, name := range []string{e.User.Email, e.User.Name, e.Source.User.Name} {
		if name != "" {
			name = strings.ToLower(name)
			check("account", s.Account, name[strings.LastIndexByte(name, '\\')+1:])
			break
		}
	}
	check("ip", s.IP.String(), e.Source.IP)
	if e.Event.Outcome == "success" || e.Event.Outcome == "failure" {
		check("outcome", s.Outcome, e.Event.Outcome)
	}
	if !e.Timestamp.IsZero() {
		out = append(out, opinion{"time", s.At.String(), e.Timestamp.String(), s.At.Time().Equal(e.Timestamp)})
	}
	return out
}

// TestYearlessTime checks that a time with neither year nor zone lies before the
// date of its file and is marked as one whose hour must not be judged.
func TestYearlessTime(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "asa.log")
	const line = "Dec 30 23:01:10 fw-01 : %ASA-6-113039: Group <Staff> User <kim> IP <203.0.113.7> AnyConnect parent session started.\n"
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	written := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(file, written, written); err != nil {
		t.Fatal(err)
	}
	_, records := readFolder(t, dir)
	if len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	s := records[0].(*record.Session)
	if s.At.String() != "2025-12-30T23:01:10" || s.At.OffsetKnown() || s.IP.String() != "203.0.113.7" {
		t.Errorf("%s (offset known: %t) from %s", s.At, s.At.OffsetKnown(), s.IP)
	}
}
