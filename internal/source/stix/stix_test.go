package stix

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/internal/record"
	"muster/internal/source"
)

var update = flag.Bool("update", false, "write the expected records")

const want = "testdata/want.ndjson"

// TestSource reads all samples as one folder.
func TestSource(t *testing.T) {
	dir := t.TempDir()
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name() == "want.ndjson" {
			continue
		}
		data, err := os.ReadFile("testdata/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/"+f.Name(), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got bytes.Buffer
	report, err := source.Read(t.Context(), []string{dir}, source.Options{Codes: []source.Code{Source}, Key: []byte("test"), Workers: 1}, func(r record.Record) error {
		line, err := record.Marshal(r)
		got.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.String(), "kept out") || strings.Contains(got.String(), "202051") {
		t.Error("a number or text that is not kept is in the records")
	}
	for i := range report.Files {
		f := &report.Files[i]
		if f.Unidentified || f.Refused || len(f.Formats) != 1 || f.Formats[0].Format != ID {
			t.Errorf("%s: %+v", f.Path, f)
		}
	}
	if q := report.Quarantine; len(q) != 1 || q[0].Field != "created" || q[0].Reason != "bad_time" {
		t.Errorf("quarantined: %+v", q)
	}
	if *update {
		if err := os.WriteFile(want, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expected, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(expected), got.String()); d != "" {
		t.Error(d)
	}
}
