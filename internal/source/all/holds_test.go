package all

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"muster/internal/record"
	"muster/internal/source"

	"github.com/goccy/go-yaml"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	uni "golang.org/x/text/encoding/unicode"
)

// The sets of exports under testdata/corpus, and the share of what they hold that
// must arrive: of all values, and of the fields on average, so that the many
// sign-ins do not hide a field that is lost.
var (
	holdSets = []string{"startup_csv", "us_midsize", "europe", "agency"}
	mustFill = 0.95
)

type heldFile struct {
	File      string            `yaml:"file"`
	As        string            `yaml:"as"` // how the file arrives: xlsx, utf-16le, utf-8-bom, windows-1252
	Delimiter string            `yaml:"delimiter"`
	Skip      int               `yaml:"skip"` // lines before the header
	Rows      string            `yaml:"rows"` // JSON: key of the list; XML: element of a row
	Only      map[string]string `yaml:"only"`
	Holds     []held            `yaml:"holds"`
}

type held struct {
	Kind  string   `yaml:"kind"`
	Field string   `yaml:"field"`
	In    []string `yaml:"in"`
	Not   []string `yaml:"not"`  // values that hold nothing
	Each  bool     `yaml:"each"` // every value is a record of its own
	As    string   `yaml:"as"`   // how values are compared; "": they are only counted
}

// TestWhatExportsHold counts, with the standard library, what the exports of four
// companies hold of what detectors read, and compares it with what arrives.
func TestWhatExportsHold(t *testing.T) {
	for _, set := range holdSets {
		t.Run(set, func(t *testing.T) {
			base := filepath.Join("..", "..", "..", "testdata", "corpus", set)
			text, err := os.ReadFile(filepath.Join(base, "holds.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var truth struct {
				Files []heldFile `yaml:"files"`
			}
			if err := yaml.UnmarshalWithOptions(text, &truth, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(base, "exports"))); err != nil {
				t.Fatal(err)
			}
			rows := map[string][]heldRow{}
			for i := range truth.Files {
				f := &truth.Files[i]
				rows[f.File] = f.rows(t, filepath.Join(dir, f.File))
				f.arrive(t, dir)
			}
			_, records := readFolder(t, dir)
			weigh(t, truth.Files, rows, records)
		})
	}
}

// share is what one field holds and what arrived of it.
type share struct {
	name          string
	held, arrived int
}

func weigh(t *testing.T, files []heldFile, rows map[string][]heldRow, records []record.Record) {
	t.Helper()
	byFile := map[string][]record.Record{}
	for _, r := range records {
		file, _, _ := strings.Cut(r.Meta().Ref.File, "!")
		byFile[strings.TrimSuffix(file, ".xlsx")] = append(byFile[strings.TrimSuffix(file, ".xlsx")], r)
	}
	sums := map[string]*share{}
	for i := range files {
		f := &files[i]
		for _, h := range f.Holds {
			if !slices.Contains(source.Needed(record.Kind(h.Kind)), h.Field) {
				t.Errorf("%s: no detector reads %s.%s", f.File, h.Kind, h.Field)
			}
			name := h.Kind + "." + h.Field
			if sums[name] == nil {
				sums[name] = &share{name: name}
			}
			want, values := h.count(rows[f.File])
			got, have := h.arrived(t, byFile[f.name()])
			sums[name].held += want
			sums[name].arrived += min(got, want)
			if got < want {
				t.Logf("%s: %d of %d rows with %s arrived", f.File, got, want, name)
			}
			if h.As != "" && got == want && !slices.Equal(values, have) {
				t.Errorf("%s: %s holds %.300q, %.300q arrived", f.File, name, values, have)
			}
		}
	}
	all, mean := share{name: "all"}, 0.0
	var table strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		s := sums[name]
		all.held += s.held
		all.arrived += s.arrived
		mean += float64(s.arrived) / float64(max(s.held, 1))
		fmt.Fprintf(&table, "%-32s %6d %6d %6.1f %%\n", s.name, s.held, s.arrived, 100*float64(s.arrived)/float64(max(s.held, 1)))
	}
	mean /= float64(len(sums))
	total := float64(all.arrived) / float64(max(all.held, 1))
	t.Logf("\n%-32s %6s %6s\n%s%-32s %6d %6d %6.1f %%, mean of fields %.1f %%", "field", "held", "filled", table.String(), "all", all.held, all.arrived, 100*total, 100*mean)
	if total < mustFill || mean < mustFill {
		t.Errorf("%.1f %% of the values, %.1f %% of the fields on average; want %.0f %%", 100*total, 100*mean, 100*mustFill)
	}
}

// heldRow gives the values of a row of a raw export at a column or path.
type heldRow func(column string) []string

func (f *heldFile) name() string {
	if f.As == "xlsx" {
		return strings.TrimSuffix(f.File, ".csv")
	}
	return f.File
}

func (f *heldFile) table(t *testing.T, path string) [][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitN(text, []byte("\n"), f.Skip+1)
	r := csv.NewReader(bytes.NewReader(lines[f.Skip]))
	r.Comma = []rune(cmp.Or(f.Delimiter, ","))[0]
	list, err := r.ReadAll()
	if err != nil {
		t.Fatal(path, err)
	}
	return list
}

// rows reads the raw export.
func (f *heldFile) rows(t *testing.T, path string) []heldRow {
	t.Helper()
	var out []heldRow
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch filepath.Ext(path) {
	case ".csv":
		list := f.table(t, path)
		for _, cells := range list[1:] {
			out = append(out, func(column string) []string {
				i := slices.Index(list[0], column)
				if i < 0 {
					t.Fatalf("%s has no column %q", f.File, column)
				}
				return cells[i : i+1]
			})
		}
	case ".xml":
		for _, row := range xmlRows(t, text, f.Rows) {
			out = append(out, func(path string) []string { return []string{row[path]} })
		}
	default:
		out = f.objects(t, text)
	}
	return slices.DeleteFunc(out, func(r heldRow) bool {
		for column, want := range f.Only {
			if got := r(column); len(got) == 0 || got[0] != want {
				return true
			}
		}
		return false
	})
}

func (f *heldFile) objects(t *testing.T, text []byte) []heldRow {
	t.Helper()
	var out []heldRow
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(f.File, err)
		}
		if m, ok := v.(map[string]any); ok && f.Rows != "" {
			v = m[f.Rows]
		}
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, x := range list {
			out = append(out, func(path string) []string { return walk(x, strings.Split(path, ".")) })
		}
	}
}

func walk(v any, keys []string) []string {
	switch v := v.(type) {
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, walk(x, keys)...)
		}
		return out
	case map[string]any:
		if len(keys) > 0 {
			return walk(v[strings.TrimSuffix(keys[0], "[]")], keys[1:])
		}
		for _, key := range []string{"value", "e164", "raw"} {
			if x, ok := v[key]; ok {
				return walk(x, nil)
			}
		}
	case nil:
		return nil
	default:
		if len(keys) == 0 {
			return []string{fmt.Sprint(v)}
		}
	}
	return nil
}

// xmlRows returns the text of the elements below each row, by their path.
func xmlRows(t *testing.T, text []byte, row string) []map[string]string {
	t.Helper()
	var out []map[string]string
	var path []string
	in := false
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if in {
				path = append(path, x.Name.Local)
			} else if x.Name.Local == row {
				in, path = true, nil
				out = append(out, map[string]string{})
			}
		case xml.EndElement:
			if in && len(path) == 0 {
				in = false
			} else if in {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(x)); in && s != "" {
				out[len(out)-1][strings.Join(path, "/")] = s
			}
		}
	}
}

// arrive turns the file into the form in which a company would have it.
func (f *heldFile) arrive(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, f.File)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch f.As {
	case "":
		return
	case "xlsx":
		f.workbook(t, path)
		return
	case "utf-8-bom":
		text = append([]byte("\xef\xbb\xbf"), text...)
	case "utf-16le":
		text, err = uni.UTF16(uni.LittleEndian, uni.UseBOM).NewEncoder().Bytes(text)
	case "windows-1252":
		text, err = charmap.Windows1252.NewEncoder().Bytes(text)
	default:
		t.Fatalf("%s: %q", f.File, f.As)
	}
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (f *heldFile) workbook(t *testing.T, path string) {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range f.table(t, path) {
		cell, _ := excelize.CoordinatesToCellName(1, i+1+f.Skip)
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(book.SaveAs(strings.TrimSuffix(path, ".csv")+".xlsx"), os.Remove(path)); err != nil {
		t.Fatal(err)
	}
}

// holdsNothing are the values that exports write for an empty one.
var holdsNothing = []string{"", "-", "n/a", "null", "0000-00-00"}

// count returns how many rows hold the field, and their values.
func (h *held) count(rows []heldRow) (n int, values []string) {
	for _, row := range rows {
		found := 0
		for _, column := range h.In {
			for _, v := range row(column) {
				if v = strings.TrimSpace(v); !slices.Contains(holdsNothing, strings.ToLower(v)) && !slices.Contains(h.Not, v) {
					found++
					values = append(values, h.plain(v, true))
				}
			}
		}
		if found > 0 && !h.Each {
			found = 1
		}
		n += found
	}
	slices.Sort(values)
	return n, values
}

// arrived returns from how many rows a record has the field, and its values.
func (h *held) arrived(t *testing.T, records []record.Record) (n int, values []string) {
	t.Helper()
	seen := map[[2]int64]bool{}
	for _, r := range records {
		if string(r.Kind()) != h.Kind {
			continue
		}
		line, err := record.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var v map[string]any
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if v[h.Field] == nil {
			continue
		}
		at := [2]int64{int64(r.Meta().Ref.Line), r.Meta().Ref.Offset}
		if !seen[at] || h.Each {
			n++
		}
		seen[at] = true
		for _, s := range walk(v[h.Field], nil) {
			values = append(values, h.plain(s, false))
		}
	}
	slices.Sort(values)
	return n, values
}

// plain brings a value of the raw export, or of a record, to a form in which both
// can be compared.
func (h *held) plain(s string, raw bool) string {
	form, layout, _ := strings.Cut(h.As, " ")
	switch form {
	case "lower":
		return strings.ToLower(s)
	case "digits":
		s = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
		return s[max(0, len(s)-7):] // without what stands for the country
	case "number", "number,":
		if raw && form == "number," {
			s = strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", ".")
		}
		x, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
		if err != nil {
			return err.Error()
		}
		return strconv.FormatFloat(x, 'f', 2, 64)
	case "date":
		if raw {
			return timeText(s, layout, time.DateOnly)
		}
	case "time":
		if raw {
			return timeText(s, layout, time.RFC3339)
		}
		for _, l := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
			if at, err := time.Parse(l, s); err == nil {
				return at.UTC().Truncate(time.Second).Format(time.RFC3339)
			}
		}
	}
	return s
}

func timeText(s, layout, to string) string {
	at, err := time.Parse(layout, s)
	if err != nil {
		return err.Error()
	}
	if to == time.DateOnly {
		return at.Format(to)
	}
	return at.UTC().Truncate(time.Second).Format(to)
}
