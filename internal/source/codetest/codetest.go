// Package codetest runs a source in code over its samples and compares the records
// with the golden file beside them.
package codetest

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

// Golden reads all samples under testdata as one folder and compares the records
// with the golden file, as canonical NDJSON; -update writes it. Samples end in
// anything but .ndjson. The report and the text are returned for further questions.
func Golden(t *testing.T, code source.Code, golden string) (*source.Report, string) {
	t.Helper()
	var got bytes.Buffer
	report, err := source.Read(t.Context(), []string{"testdata"}, source.Options{
		Codes: []source.Code{code}, Key: []byte("test"), Workers: 1,
		Skip: func(rel string) bool { return strings.HasSuffix(rel, ".ndjson") },
	}, func(r record.Record) error {
		line, err := record.Marshal(r)
		got.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range report.Files {
		f := &report.Files[i]
		if f.Unidentified || f.Refused || len(f.Formats) != 1 || f.Formats[0].Format != code.ID {
			t.Errorf("%s: %+v", f.Path, f)
		}
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	expected, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(expected), got.String()); d != "" {
		t.Error(d)
	}
	return report, got.String()
}
