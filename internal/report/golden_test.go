package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run with -update to make it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func TestGoldens(t *testing.T) {
	d := Build(fixture())
	explain := func(key string) func(io.Writer, *Document) error {
		return func(w io.Writer, d *Document) error { return Explain(w, d, key) }
	}
	for _, test := range []struct {
		name   string
		doc    *Document
		render func(io.Writer, *Document) error
	}{
		{"report.txt", d, func(w io.Writer, d *Document) error { return Text(w, d, TextOptions{Width: 100}) }},
		{"report_narrow_color.txt", d, func(w io.Writer, d *Document) error { return Text(w, d, TextOptions{Width: 50, Color: true, Limit: 2}) }},
		{"report.json", d, JSON},
		{"report.csv", d, CSV},
		{"report.html", d, HTML},
		{"explain.txt", d, explain("employee:E1042")},
		{"recruiting.txt", ForAudience(d, Recruiting), explain("E1042")},
		{"payroll.txt", ForAudience(d, Payroll), explain("Tobias Lindqvist")},
		{"redacted.txt", Redact(d), explain("employee:E1042")},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := test.render(&b, test.doc); err != nil {
				t.Fatal(err)
			}
			golden(t, test.name, b.Bytes())
		})
	}
}
