package canonical

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source"
)

func readText(t *testing.T, text string) ([]string, *source.Report) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "r.ndjson"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var lines []string
	rep, err := source.Read(t.Context(), []string{dir}, source.Options{Codes: []source.Code{Source}}, func(r record.Record) error {
		b, err := record.Marshal(r)
		lines = append(lines, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines, rep
}

func TestRead(t *testing.T) {
	lines, rep := readText(t, `{"record":"session","ref":{"source":"okta.system_log","file":"old","line":9,"key":"k"},"account":"ana@example.com","at":"2026-03-02T08:00:00Z","ip":"192.0.2.1"}
{"account":"ben@example.com","record":"session","at":"2026-03-02T08:00:00Z"}
{"record":"session","acount":"typo"}
{"record":"pirate"}
{"record":"session","at":"yesterday"}
{"record":"session","ip":"300.1.1.1"}
{"record":"payment","amount":"a lot"}
`)
	want := []string{
		`{"record":"session","ref":{"source":"okta.system_log","file":"r.ndjson","line":1,"key":"k"},"account":"ana@example.com","at":"2026-03-02T08:00:00Z","ip":"192.0.2.1"}`,
		`{"record":"session","ref":{"source":"muster.canonical","file":"r.ndjson","line":2,"offset":161},"account":"ben@example.com","at":"2026-03-02T08:00:00Z"}`,
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(lines, "\n"))
	}
	f := rep.Files[0]
	if f.Rows != 7 || f.QuarantinedRows != 5 || len(f.Formats) != 1 || f.Formats[0].Mapped != 2 || f.Formats[0].Filled["session.ip"] != 1 {
		t.Errorf("%+v", f)
	}
	var got []string
	for _, q := range rep.Quarantine {
		got = append(got, q.Reason+":"+q.Field)
		if strings.Contains(q.Excerpt, "session") {
			t.Errorf("the excerpt %q is not masked", q.Excerpt)
		}
	}
	if s := strings.Join(got, " "); s != "wrong_columns:acount unidentified:record bad_time: bad_ip: bad_json:amount" {
		t.Error(s)
	}
}

func TestOtherObjectsAreNotClaimed(t *testing.T) {
	if _, rep := readText(t, `{"record":"pirate"}`); !rep.Files[0].Unidentified {
		t.Errorf("%+v", rep.Files[0])
	}
	if _, rep := readText(t, `{"records":[{"record":"session","account":"a"}]}`); rep.Files[0].Unidentified || rep.Records != 1 {
		t.Errorf("%+v", rep.Files[0])
	}
}
