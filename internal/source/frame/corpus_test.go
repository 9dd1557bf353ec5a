package frame

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// samples returns the folder of third-party samples: MUSTER_SHARED, or the folder
// shared beside the repository.
func samples(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("MUSTER_SHARED")
	if shared == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				t.Skip("no go.mod above the working directory")
			}
			dir = filepath.Dir(dir)
		}
		shared = filepath.Join(filepath.Dir(dir), "shared")
	}
	folder := filepath.Join(shared, "data", "fixtures")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("third-party samples are not here; set MUSTER_SHARED to the folder that holds data/fixtures")
	}
	return folder
}

// TestSamples frames the real exports: NDJSON must give one row a line, CSV what
// encoding/csv reads, and nothing may be refused.
func TestSamples(t *testing.T) {
	folder := samples(t)
	files := 0
	for _, r := range walkDir(t, folder, Options{IsHeader: knownHeader}) {
		files++
		for _, f := range r.faults {
			t.Errorf("%s: %v", r.Path, f)
		}
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(r.Path)))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(r.Path, ".ndjson"):
			if want := len(bytes.Split(bytes.TrimSpace(data), []byte("\n"))); r.Shape != ShapeJSON || len(r.rows) != want {
				t.Errorf("%s: %s with %d rows, want %d", r.Path, r.Format, len(r.rows), want)
			}
		case strings.HasSuffix(r.Path, ".csv"):
			compareCSV(t, r, data)
		}
	}
	if files < 900 {
		t.Errorf("only %d files", files)
	}
}

func compareCSV(t *testing.T, r result, data []byte) {
	if r.Shape != ShapeTable || r.Header == nil {
		t.Errorf("%s: %s without a header", r.Path, r.Shape)
		return
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, '\n') < 0 {
		return // encoding/csv reads neither other charsets nor lone carriage returns
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	c.FieldsPerRecord, c.LazyQuotes = -1, true
	want, err := c.ReadAll()
	if err != nil {
		t.Errorf("%s: %v", r.Path, err)
		return
	}
	have := [][]string{r.Header}
	for _, row := range r.rows {
		have = append(have, row.Cells)
	}
	if !slices.EqualFunc(have, want, slices.Equal[[]string]) {
		t.Errorf("%s: %d rows differ from the %d of encoding/csv", r.Path, len(have), len(want))
	}
}

// TestSampleFormats names what some of the samples must come out as.
func TestSampleFormats(t *testing.T) {
	want := map[string]string{
		"crowdstrike/x-pack__filebeat__module__crowdstrike__falcon__test__falcon-audit-events.log": "json-concatenated 13",
		"crowdstrike/x-pack__filebeat__module__crowdstrike__falcon__test__falcon-events.log":       "json-concatenated 3",
		"snipe-it/sample_csvs__assets-sample-BLANKS.csv":                                           "csv 200",
		"umbrella-dns/extracted/umbrella-dns.log":                                                  "csv 8",
		"globalprotect/x-pack__filebeat__module__panw__panos__test__global_protect.log":            "panos 12",
		"cisco-asa/x-pack__filebeat__module__cisco__asa__test__asa.log":                            "cisco-asa 268",
		"nacha-ach/test__testdata__ppd-debit-fixedLength.ach":                                      "nacha 5",
		"nacha-ach/test__testdata__nonascii-utf8.ach":                                              "nacha 20",
		"entra-id/extracted/signin-list-01.json":                                                   "json-envelope:value 1",
		"jsonresume/sample.resume.json":                                                            "json-object 1",
	}
	for _, r := range walkDir(t, samples(t), Options{IsHeader: knownHeader}) {
		if w, ok := want[r.Path]; ok {
			delete(want, r.Path)
			if have := r.Format + " " + strconv.Itoa(len(r.rows)); have != w {
				t.Errorf("%s is %s, want %s", r.Path, have, w)
			}
		}
	}
	for path := range want {
		t.Errorf("%s was not visited", path)
	}
}
