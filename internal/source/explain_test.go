package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/source/mapping"

	"github.com/google/go-cmp/cmp"
)

func explainIn(t *testing.T, content, name string, line int) (*Explanation, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var maps []*mapping.Mapping
	for _, text := range []string{signins, roster} {
		m, err := mapping.Load("test.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		maps = append(maps, m)
	}
	return Explain(t.Context(), path, "", line, Options{Mappings: maps, Key: []byte("test")})
}

func TestExplainTable(t *testing.T) {
	const table = "Employee ID,Work Email,Hire Date,Shoe Size\nE1,a@startup.example,2024-01-02,44\nE2,\"nobody\nhere\",2024-01-02,45\nE1,a@startup.example,2025-01-02,44\n"
	for _, c := range []struct {
		line                   int
		outcome, reason, field string
		records                string
	}{
		{2, "mapped", "", "", "emitted"},
		{3, "quarantined", "bad_email", "handles", "quarantined"},
		{4, "quarantined", "bad_email", "handles", "quarantined"}, // inside the row that begins at 3
		{5, "quarantined", ReasonConflict, "engagement", "withdrawn"},
	} {
		x, err := explainIn(t, table, "roster.csv", c.line)
		if err != nil {
			t.Errorf("line %d: %v", c.line, err)
			continue
		}
		if x.Outcome != c.outcome || x.Reason != c.reason || x.Field != c.field || len(x.Records) == 0 || x.Records[0].Outcome != c.records {
			t.Errorf("line %d: %s %s %s %+v, want %+v", c.line, x.Outcome, x.Reason, x.Field, x.Records, c)
		}
		if d := cmp.Diff([]string{"employee_no", "work_email", "hire_date"}, x.Tests); d != "" || x.Source != "test.roster" || x.Score != 3 {
			t.Errorf("line %d: %s %d %s", c.line, x.Source, x.Score, d)
		}
		if len(x.Unread) != 1 || x.Unread[0] != (UnreadKey{"Shoe Size", "99"}) {
			t.Errorf("line %d: unread %v", c.line, x.Unread)
		}
	}
}

func TestExplainFields(t *testing.T) {
	x, err := explainIn(t, "Employee ID,Work Email,Hire Date\nE1,a@startup.example,2024-01-02\n", "roster.csv", 2)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]ExplainedField{}
	for _, f := range x.Records[0].Fields {
		got[f.Name] = f
	}
	if d := cmp.Diff(ExplainedField{Name: "handle", Result: "xxxxxxxx:x9", Steps: []ExplainedStep{
		{Path: "employee_no", Column: "Employee ID", Found: true, Value: "x9"},
		{Do: "handle(employee)", Value: "xxxxxxxx:x9"},
	}}, got["handle"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(ExplainedField{Name: "name", Steps: []ExplainedStep{{Path: "full_name"}, {Path: "first_name"}, {Path: "last_name"}}}, got["name"]); d != "" {
		t.Error(d)
	}
}

func TestExplainObjects(t *testing.T) {
	const event = `{"uuid":"u","published":"2026-03-01T10:00:00Z","eventType":"user.session.start","actor":{"alternateId":"a@startup.example"},"client":{"ipAddress":"203.0.113.9"},"tags":[{"shoe":"green"}]}`
	for name, c := range map[string]struct{ content, outcome, unread string }{
		"plain":   {event, "mapped", "tags[].shoe"},
		"wrapped": {`{"_source":` + event + `}`, "mapped", "tags[].shoe"},
		"left":    {strings.Replace(event, "user.session.start", "system.started", 1), "ignored", "tags[].shoe"},
		"unknown": {strings.Replace(event, "user.session.start", "other", 1), "unmapped", "tags[].shoe"},
		"bad ip":  {strings.Replace(event, "203.0.113.9", "here", 1), "quarantined", "tags[].shoe"},
		"nobody":  {`{"uuid":"u","published":"2026-03-01T10:00:00Z","eventType":"x"}`, "unidentified", ""},
	} {
		x, err := explainIn(t, c.content+"\n", "a.ndjson", 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var unread strings.Builder
		for _, k := range x.Unread {
			unread.WriteString(k.Name)
		}
		if x.Outcome != c.outcome || unread.String() != c.unread {
			t.Errorf("%s: %s, unread %s", name, x.Outcome, unread.String())
		}
		if name == "nobody" && (len(x.Others) != 1 || x.Others[0].Lacking[0] != "actor.alternateId") {
			t.Errorf("nobody: others %+v", x.Others)
		}
	}
}

// TestExplainMasks keeps every value of the file out of what is shown.
func TestExplainMasks(t *testing.T) {
	x, err := explainIn(t, "Employee ID,Work Email,Hire Date,Note\nQ77,zebra@startup.example,2024-01-02,quagga\n", "roster.csv", 2)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, r := range x.Records {
		for _, f := range r.Fields {
			all.WriteString(f.Result)
			for _, s := range f.Steps {
				all.WriteString(s.Value)
			}
		}
	}
	for _, k := range x.Unread {
		all.WriteString(k.Value)
	}
	for _, secret := range []string{"Q77", "zebra", "quagga", "2024"} {
		if strings.Contains(strings.ToLower(all.String()), strings.ToLower(secret)) {
			t.Errorf("%q is shown", secret)
		}
	}
}
