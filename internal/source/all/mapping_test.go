package all

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/source"
	"muster/internal/source/mapping"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected records of the mappings")

// samplesWithMore are the samples with rows that are quarantined or not mapped,
// or values that are not understood, beside those that are called bad.*; the
// expected records show which rows are left.
var samplesWithMore = []string{
	"generic_indicators/indicators.csv", // a kind of indicator that nobody knows
	"generic_signins/vpn.csv",           // the end of a connection
	"osquery/results.ndjson",            // a table that says nothing Muster uses
}

// TestMappings reads the samples of every mapping with everything the house can
// read: each sample must be recognised by its own mapping alone, and become the
// records that lie beside it.
func TestMappings(t *testing.T) {
	maps, codes, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range maps {
		t.Run(m.ID, func(t *testing.T) {
			dir := filepath.Join("..", "mapping", filepath.Dir(m.File), "testdata")
			files, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			used, emitted := 0, map[record.Kind]int{}
			for _, f := range files {
				if strings.HasSuffix(f.Name(), ".want.ndjson") {
					continue
				}
				report := sample(t, maps, codes, dir, f.Name())
				more := strings.HasPrefix(f.Name(), "bad.") || slices.Contains(samplesWithMore, filepath.Dir(m.File)+"/"+f.Name())
				for _, r := range report.Files {
					if more == allUsed(&r) {
						t.Errorf("%s: want all rows and values used: %t, got %+v", f.Name(), !more, r)
					}
					if r.Unidentified || r.Refused || len(r.Formats) != 1 || r.Formats[0].Format != m.ID {
						t.Errorf("%s: %+v, want only %s", f.Name(), r, m.ID)
						continue
					}
					used += r.Formats[0].Records
					for k, n := range r.Formats[0].Emitted {
						emitted[k] += n
					}
				}
			}
			if used == 0 {
				t.Error("no sample")
			}
			for _, k := range m.Kinds() {
				if emitted[k] == 0 {
					t.Errorf("no sample leads to a %s", k)
				}
			}
		})
	}
}

// allUsed reports whether each row of a file was mapped or left out on purpose
// and each value understood. A town may stand where a country is looked for.
func allUsed(f *source.FileReport) bool {
	for i := range f.Formats {
		for field := range f.Formats[i].Unread {
			if !strings.HasSuffix(field, ".cc") {
				return false
			}
		}
		if f.Formats[i].Unmapped > 0 {
			return false
		}
	}
	return f.QuarantinedRows == 0
}

// sample reads one file and compares its records with the expected ones. A row
// that is quarantined, ignored or not mapped has none.
func sample(t *testing.T, maps []*mapping.Mapping, codes []source.Code, dir, name string) *source.Report {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	in := t.TempDir()
	if err := os.WriteFile(filepath.Join(in, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	report, err := source.Read(t.Context(), []string{in}, source.Options{Mappings: maps, Codes: codes, Key: []byte("test"), AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Workers: 1, Approved: []string{settings.ApprovalInfostealer}}, func(r record.Record) error {
		line, err := record.Marshal(r)
		got.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.String(), "kept out") {
		t.Errorf("%s: what must not be read is in the records", name)
	}
	want := filepath.Join(dir, strings.TrimSuffix(name, filepath.Ext(name))+".want.ndjson")
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
		t.Errorf("%s:\n%s", name, d)
	}
	return report
}
