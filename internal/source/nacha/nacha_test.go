package nacha

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
)

var update = flag.Bool("update", false, "write the expected records")

// readFile reads one file through the engine.
func readFile(t testing.TB, name string, data []byte) (*source.Report, []record.Record) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
	var out []record.Record
	report, err := source.Read(t.Context(), []string{dir}, source.Options{Codes: []source.Code{Source}, Key: []byte("a key for tests"), Workers: 1}, func(r record.Record) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return report, out
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.ach")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, records := readFile(t, filepath.Base(name), data)
			var got bytes.Buffer
			for _, r := range records {
				line, err := record.Marshal(r)
				if err != nil {
					t.Fatal(err)
				}
				got.Write(append(line, '\n'))
			}
			want := strings.TrimSuffix(name, ".ach") + ".want.ndjson"
			if *update {
				if err := os.WriteFile(want, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			expected, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(expected) {
				t.Errorf("got\n%s\nwant\n%s", got.String(), expected)
			}
		})
	}
}

// TestRefused damages a good file in one place at a time.
func TestRefused(t *testing.T) {
	good, err := os.ReadFile("testdata/payroll.ach")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(string(good), "\n"), "\n")
	control := slices.IndexFunc(lines, func(l string) bool { return l[0] == '9' })
	edit := func(line, at int, to string) string {
		l := slices.Clone(lines)
		l[line] = l[line][:at-1] + to + l[line][at-1+len(to):]
		return strings.Join(l, "\n") + "\n"
	}
	for _, c := range []struct{ name, data, field, why string }{
		{"amount", edit(2, 30, "0000999999"), "total_credit", "total credit"},
		{"routing number", edit(2, 4, "12345678"), "entry_hash", "entry hash"},
		{"entry removed", strings.Join(slices.Delete(slices.Clone(lines), 3, 4), "\n") + "\n", "entry_count", "number of entries"},
		{"batches", edit(control, 2, "000007"), "batch_count", "number of batches"},
		{"file credit", edit(control, 44, "000000000001"), "total_credit", "file control: the total credit"},
		{"amount of letters", edit(2, 30, "00000X9999"), "amount", "the amount is no number"},
		{"cut off", strings.Join(lines[:control], "\n") + "\n", "file_control", "cut off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, records := readFile(t, "x.ach", []byte(c.data))
			f := report.Files[0]
			if len(records) > 0 || !f.Refused || !strings.Contains(f.Why, c.why) {
				t.Errorf("%d records, refused %v: %q, want a refusal that names %q", len(records), f.Refused, f.Why, c.why)
			}
			if len(report.Quarantine) != 1 || report.Quarantine[0].Field != c.field || report.Quarantine[0].Reason != ReasonTotals {
				t.Errorf("quarantine %+v, want field %s", report.Quarantine, c.field)
			}
		})
	}
}

// TestForms reads the same file without line ends, with lines cut at the last
// character, with Windows line ends, and twice in one file.
func TestForms(t *testing.T) {
	good, err := os.ReadFile("testdata/payroll.ach")
	if err != nil {
		t.Fatal(err)
	}
	_, want := readFile(t, "x.ach", good)
	lines := strings.Split(strings.TrimRight(string(good), "\n"), "\n")
	short := slices.Clone(lines)
	for i := range short {
		short[i] = strings.TrimRight(short[i], " ")
	}
	for name, data := range map[string]string{
		"one line": strings.Join(lines, ""), "short lines": strings.Join(short, "\n"), "crlf": strings.Join(lines, "\r\n") + "\r\n",
	} {
		report, got := readFile(t, "x.ach", []byte(data))
		if len(got) != len(want) {
			t.Errorf("%s: %d records, want %d (%s)", name, len(got), len(want), report.Files[0].Why)
		}
	}
	if _, got := readFile(t, "x.ach", append(slices.Clone(good), good...)); len(got) != 2*len(want) {
		t.Errorf("two files in one: %d records, want %d", len(got), 2*len(want))
	}
}

func TestNoRawNumbers(t *testing.T) {
	for _, name := range []string{"payroll", "returns"} {
		data, err := os.ReadFile("testdata/" + name + ".ach")
		if err != nil {
			t.Fatal(err)
		}
		_, records := readFile(t, "x.ach", data)
		for _, r := range records {
			line, err := record.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"1000200030", "556677889", "998877665", "771234", "DE0212030000", "123456789", "1000200031"} {
				if bytes.Contains(line, []byte(secret)) {
					t.Errorf("%s is in %s", secret, line)
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.ach")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("5\n6\n7\n8\n9\n1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b frame.Batch
		for i, l := range bytes.Split(data, []byte{'\n'}) {
			if len(l) > 0 {
				b.Rows = append(b.Rows, frame.Row{Line: i + 1, Data: l})
			}
		}
		in := source.CodeInput{Batches: func(yield func(frame.Batch) bool) { yield(b) }, Key: []byte("k")}
		records, rejects := 0, 0
		err := read(t.Context(), in, func(record.Record) { records++ }, func(source.Reject) { rejects++ })
		if err != nil && rejects == 0 {
			t.Errorf("refused without naming a row: %v", err)
		}
	})
}
