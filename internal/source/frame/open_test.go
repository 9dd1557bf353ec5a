package frame

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

const twoLines = "{\"a\":1}\n{\"a\":2}\n"

func TestCompressed(t *testing.T) {
	want := []string{`{"a":1}`, `{"a":2}`}
	for name, in := range map[string]string{
		"gzip": gzipped(t, twoLines), "gzip of two members": gzipped(t, "{\"a\":1}\n", "{\"a\":2}\n"),
		"zstd": zstded(t, twoLines), "gzip twice": gzipped(t, gzipped(t, twoLines)),
	} {
		t.Run(name, func(t *testing.T) {
			r := one(t, in, Options{})
			same(t, "rows", r.data(), want)
			same(t, "faults", r.reasons(), nil)
			if r.Path != "export.dat" || r.rows[1].Offset != 8 {
				t.Errorf("path %s, offset %d in the decompressed file", r.Path, r.rows[1].Offset)
			}
		})
	}
	deep := twoLines
	for range 5 {
		deep = gzipped(t, deep)
	}
	if r := one(t, deep, Options{}); r.Shape != ShapeUnknown || r.faults[0].Reason != ReasonLimit {
		t.Errorf("five layers: %s %v", r.Shape, r.faults)
	}
}

// TestBrokenGzip checks that the rows in front of the damage are kept.
func TestBrokenGzip(t *testing.T) {
	content := lineCount(20_000, func(i int) string {
		return `{"n":"` + hex.EncodeToString([]byte{byte(i), byte(i >> 8), byte(i * 7), byte(i * 13)}) + `"}`
	})
	whole := gzipped(t, content)
	flipped := []byte(whole)
	flipped[len(flipped)-6] ^= 0xFF // in the checksum
	tests := []struct {
		name, in, reason string
		all              bool
	}{
		{"cut off", whole[:len(whole)/2], ReasonTruncated, false},
		{"cut in the checksum", whole[:len(whole)-3], ReasonTruncated, true},
		{"wrong checksum", string(flipped), ReasonEncoding, true},
		{"something behind it", whole + strings.Repeat("garbage", 9), ReasonEncoding, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{})
			if len(r.faults) != 1 || !r.faults[0].File || r.faults[0].Reason != tt.reason {
				t.Fatalf("faults %v", r.faults)
			}
			if len(r.rows) < 1000 || tt.all && len(r.rows) != 20_000 {
				t.Errorf("%d rows were kept", len(r.rows))
			}
			for _, row := range r.rows {
				if !bytes.HasSuffix(row.Data, []byte(`"}`)) {
					t.Fatalf("a cut row was passed on: %s", row.Data)
				}
			}
		})
	}
}

func TestBomb(t *testing.T) {
	zeros := strings.Repeat("{\"a\":1}"+strings.Repeat(" ", 1016)+"\n", 24<<10) // 24 MiB
	for name, in := range map[string]string{"gzip": gzipped(t, zeros), "zstd": zstded(t, zeros), "zip": zipped(t, "a.json", zeros)} {
		t.Run(name, func(t *testing.T) {
			r := one(t, in, Options{})
			if n := len(r.faults); n != 1 || r.faults[0].Reason != ReasonLimit || !r.faults[0].File {
				t.Errorf("faults %v", r.faults)
			}
		})
	}
	r := one(t, gzipped(t, zeros), Options{Limits: Limits{Expanded: 1 << 20, Ratio: 1 << 20}})
	if len(r.faults) != 1 || r.faults[0].Reason != ReasonLimit || len(r.rows) == 0 {
		t.Errorf("%d rows, faults %v", len(r.rows), r.faults)
	}
}

func TestZip(t *testing.T) {
	inner := zipped(t, "deep.csv", "name,email\nLee,lee@example.com\n")
	in := zipped(t,
		"b/people.csv", "name,email\nKim,kim@example.com\n", "a.json.gz", gzipped(t, twoLines), "inner.zip", inner,
		"../evil.csv", "name,email\n", "/etc/evil.csv", "name,email\n", `..\evil.csv`, "name,email\n", "__MACOSX/x", "x", ".hidden", "x", "notes.md", "# Title\n\n* a\n* b\n")
	list := walkFiles(t, map[string]string{"all.zip": in}, Options{IsHeader: knownHeader})
	var have []string
	for _, r := range list {
		have = append(have, r.Path+" "+string(r.Shape)+" "+strings.Join(r.reasons(), ","))
	}
	same(t, "members", have, []string{
		"all.zip!../evil.csv unknown 0:path_escape!", `all.zip!..\evil.csv unknown 0:path_escape!`, "all.zip!/etc/evil.csv unknown 0:path_escape!",
		"all.zip!a.json.gz json ", "all.zip!b/people.csv table ", "all.zip!inner.zip!deep.csv table ", "all.zip!notes.md unknown ",
	})
	deeper := zipped(t, "one.zip", zipped(t, "two.zip", inner))
	list = walkFiles(t, map[string]string{"all.zip": deeper}, Options{})
	if len(list) != 1 || list[0].faults[0].Reason != ReasonLimit {
		t.Errorf("archives three deep: %v", list[0].Stream)
	}
	if r := one(t, in[:len(in)-30], Options{}); r.Shape != ShapeUnknown || r.faults[0].Reason != ReasonTruncated {
		t.Errorf("cut off archive: %s %v", r.Why, r.faults)
	}
	if r := one(t, zipped(t), Options{}); r.Shape != ShapeEmpty {
		t.Errorf("archive without files: %s", r.Shape)
	}
	if r := one(t, zipped(t, "a", "x", "b", "y"), Options{Limits: Limits{Members: 1}}); r.faults[0].Reason != ReasonLimit {
		t.Errorf("too many members: %v", r.faults)
	}
}

func TestEncryptedZip(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "a.csv", Flags: 1, Method: zip.Store, CompressedSize64: 4, UncompressedSize64: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("abcd")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if r := one(t, b.String(), Options{}); r.Shape != ShapeUnknown || !strings.Contains(r.Why, "encrypted zip") {
		t.Errorf("%s %s", r.Shape, r.Why)
	}
}

// workbook builds an Excel file with one cell of every sort.
func workbook(t testing.TB) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	style := func(code string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		must(err)
		return id
	}
	must(f.SetSheetRow("Sheet1", "A1", &[]any{"Payroll 2026"}))
	must(f.SetSheetRow("Sheet1", "A3", &[]any{"name", "start", "salary", "phone", "note", "city", "email"}))
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	must(f.SetSheetRow("Sheet1", "A4", &[]any{"Kim", at, 1234.5, 123456789012, "=not a formula", 501, true}))
	must(f.SetSheetRow("Sheet1", "A6", &[]any{"Lee", at, 0.25}))
	must(f.SetCellStyle("Sheet1", "B4", "B4", style("dd/mm/yyyy")))
	must(f.SetCellStyle("Sheet1", "B6", "B6", style(`[$-409]m/d/yy h:mm AM/PM;@`)))
	must(f.SetCellStyle("Sheet1", "C4", "C4", style(`"€" #,##0.00`)))
	must(f.SetCellStyle("Sheet1", "C6", "C6", style("0%")))
	must(f.SetCellStyle("Sheet1", "F4", "F4", style("00000")))
	must(f.SetCellFormula("Sheet1", "E6", "=1+1"))
	_, err := f.NewSheet("Empty")
	must(err)
	_, err = f.NewSheet("People")
	must(err)
	must(f.SetSheetRow("People", "A1", &[]any{"name", "email"}))
	must(f.SetSheetRow("People", "A2", &[]any{"Ada", "ada@example.com", "", "x"}))
	must(f.SetSheetRow("People", "A3", &[]any{"Bob", "#REF!"}))
	var b bytes.Buffer
	must(f.Write(&b))
	return b.String()
}

func TestXLSX(t *testing.T) {
	list := walkFiles(t, map[string]string{"pay.bin": workbook(t)}, Options{IsHeader: knownHeader})
	if len(list) != 3 {
		t.Fatalf("%d sheets", len(list))
	}
	first := list[0]
	if first.Path != "pay.bin!Sheet1" || first.Format != "xlsx" || first.HeaderLine != 3 || strings.Join(first.Header, "|") != "name|start|salary|phone|note|city|email" {
		t.Errorf("%s %s header %q on line %d", first.Path, first.Format, first.Header, first.HeaderLine)
	}
	same(t, "rows", first.cells(), []string{
		"Kim|2026-03-04|1234.5|123456789012|=not a formula|00501|TRUE", "Lee|2026-03-04T05:06:07|0.25||||",
	})
	if first.rows[0].Line != 4 || first.rows[1].Line != 6 {
		t.Errorf("lines %d and %d", first.rows[0].Line, first.rows[1].Line)
	}
	if list[1].Shape != ShapeEmpty {
		t.Errorf("empty sheet is %s", list[1].Shape)
	}
	same(t, "people", list[2].cells(), []string{"Bob|#REF!"})
	same(t, "people", list[2].reasons(), []string{"2:wrong_columns"})
	if r := one(t, zipped(t, "xl/workbook.xml", "<broken"), Options{}); r.Shape != ShapeUnknown {
		t.Errorf("broken workbook is %s", r.Shape)
	}
}

func TestDateKind(t *testing.T) {
	for code, want := range map[string]string{
		"yyyy-mm-dd": isoDate, "d. mmmm yyyy": isoDate, "[$-407]dd.mm.yyyy;@": isoDate, "mmm-yy": isoDate, "dd/mm/yy hh:mm": isoDateTime,
		"hh:mm:ss": isoTime, "0.00": "", "#,##0.00 [$€-407]": "", `0 "days"`: "", "[Red]0.0": "", "@": "", "General": "", "0.00E+00": "", "[h]:mm": "",
	} {
		if have := dateKind(200, code); have != want {
			t.Errorf("%s is %q, want %q", code, have, want)
		}
	}
	for id, want := range map[int]string{14: isoDate, 22: isoDateTime, 20: isoTime, 0: "", 4: "", 49: ""} {
		if have := dateKind(id, ""); have != want {
			t.Errorf("format %d is %q, want %q", id, have, want)
		}
	}
}

func TestDocuments(t *testing.T) {
	cv := "Kim Beispiel\nSenior Engineer\n\nEmail: kim@example.com, Phone: +1 202 555 0100\n\nExperience\nBuilt things, many of them, at Example Inc.\n"
	docx := zipped(t, "[Content_Types].xml", "<x/>", "word/document.xml", "<w/>")
	tests := []struct{ name, in, format, data string }{
		{"text", cv, "txt", cv},
		{"text with bars and tabs", "LEE BEISPIEL\nUlm | lee@example.com | +49 000 0000\n\nSkills: Go, SQL, Kubernetes\nTools\tGit\tLinux\n\n2019 - 2021\tEngineer\tExample GmbH\n- Led a team, shipped things\n- Wrote code\n", "txt", "LEE BEISPIEL\nUlm | lee@example.com | +49 000 0000\n\nSkills: Go, SQL, Kubernetes\nTools\tGit\tLinux\n\n2019 - 2021\tEngineer\tExample GmbH\n- Led a team, shipped things\n- Wrote code\n"},
		{"prose with as many commas on every line", "I led the team, wrote the plan, and shipped it.\nI built the site, the shop, and the search.\nWe cut costs, moved hosts, and paid debts.\nI like tea, walks, and long books.\n", "txt", "I led the team, wrote the plan, and shipped it.\nI built the site, the shop, and the search.\nWe cut costs, moved hosts, and paid debts.\nI like tea, walks, and long books.\n"},
		{"prose with commas", "Dear team, I apply.\nI am Kim, an engineer.\nRegards, Kim\n", "txt", "Dear team, I apply.\nI am Kim, an engineer.\nRegards, Kim\n"},
		{"text in Windows-1252", strings.Replace(cv, "Beispiel", "M\xfcller", 1), "txt", strings.Replace(cv, "Beispiel", "Müller", 1)},
		{"pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"},
		{"docx", docx, "docx", docx},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{IsHeader: knownHeader})
			if r.Shape != ShapeDocument || r.Format != tt.format {
				t.Fatalf("%s %s %s", r.Shape, r.Format, r.Why)
			}
			same(t, "data", r.data(), []string{tt.data})
		})
	}
	r := one(t, cv, Options{Limits: Limits{Document: 20}})
	same(t, "too large", r.reasons(), []string{"1:too_long!"})
}

func TestUnknown(t *testing.T) {
	tests := []struct {
		name, in string
		shape    Shape
		why      string
	}{
		{"empty", "", ShapeEmpty, "empty"},
		{"blank", " \n\t\n", ShapeEmpty, "empty"},
		{"markdown", "# Title\n\nSome text, with commas.\n\n* one\n* two\n", ShapeUnknown, "Markdown"},
		{"front matter", "---\ntitle: x\n---\n# Title\n", ShapeUnknown, "Markdown"},
		{"yaml", "types:\n  a:\n    b: 1\n  c: 2\n", ShapeUnknown, "YAML"},
		{"xml", "<?xml version=\"1.0\"?>\n<!-- x -->\n<project><a/></project>", ShapeUnknown, "<project>"},
		{"html", "<!DOCTYPE html>\n<html><body>x</body></html>", ShapeUnknown, "HTML"},
		{"png", "\x89PNG\r\n\x1a\n\x00\x00", ShapeUnknown, "PNG"},
		{"old excel", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00", ShapeUnknown, "Office"},
		{"binary", "\x01\x02\x03\x00\x00\x04abc\x00", ShapeUnknown, "binary"},
		{"tar", strings.Repeat("\x00", 257) + "ustar\x0000", ShapeUnknown, "tar"},
		{"sql", "CREATE TABLE people (id int, name text);\nINSERT INTO people VALUES (1, 'x');\n", ShapeUnknown, "SQL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{})
			if r.Shape != tt.shape || !strings.Contains(r.Why, tt.why) || len(r.rows) > 0 {
				t.Errorf("%s: %q, want %s with %q", r.Shape, r.Why, tt.shape, tt.why)
			}
		})
	}
}

func TestWalkOrderAndSkip(t *testing.T) {
	files := map[string]string{"b.json": twoLines, "a/x.json": twoLines, "a.json": twoLines, ".git/x.json": twoLines, ".DS_Store": "x", "truth.json": twoLines}
	var have []string
	for _, r := range walkFiles(t, files, Options{Skip: func(rel string) bool { return rel == "truth.json" }}) {
		have = append(have, r.Path)
	}
	same(t, "order", have, []string{"a.json", "a/x.json", "b.json"})
}

func TestWalkRoots(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one/x.json", "two/x.json", "out.json"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(twoLines), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "out.json"), filepath.Join(dir, "one", "leads-out.json")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("x.json", filepath.Join(dir, "one", "stays.json")); err != nil {
		t.Fatal(err)
	}
	var have []string
	roots := []string{filepath.Join(dir, "one"), filepath.Join(dir, "two"), filepath.Join(dir, "out.json")}
	err := Walk(context.Background(), roots, Options{}, func(s *Stream) error {
		have = append(have, s.Path+" "+string(s.Shape))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "paths", have, []string{"leads-out.json unknown", "stays.json json", "x.json json", "two/x.json json", "out.json json"})
	if err := Walk(context.Background(), []string{filepath.Join(dir, "missing")}, Options{}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing root: %v", err)
	}
}

func TestSHA256(t *testing.T) {
	plain, packed := twoLines, gzipped(t, twoLines)
	for name, tt := range map[string]struct{ in, hashed string }{
		"plain": {plain, plain}, "gzip": {packed, packed}, "zip member": {zipped(t, "a.json", plain), plain}, "unknown": {"# T\n\n* a\n* b\n", "# T\n\n* a\n* b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(path, []byte(tt.in), 0o600); err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256([]byte(tt.hashed))
			err := Walk(context.Background(), []string{path}, Options{}, func(s *Stream) error {
				for range s.Batches(context.Background()) {
				}
				if have := s.SHA256(); have != hex.EncodeToString(sum[:]) {
					t.Errorf("hash %s", have)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestStops(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(lineCount(5000, func(int) string { return `{"a":1}` })), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	batches := 0
	err := Walk(ctx, []string{dir}, Options{}, func(s *Stream) error {
		for range s.Batches(ctx) {
			batches++
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || batches != 1 {
		t.Errorf("%d batches, %v", batches, err)
	}
	stop := errors.New("stop")
	err = Walk(context.Background(), []string{dir}, Options{}, func(s *Stream) error {
		for range s.Batches(context.Background()) {
			break
		}
		for range s.Batches(context.Background()) {
			t.Error("a second call yielded batches")
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("error of visit became %v", err)
	}
}

func TestExcerptIsMasked(t *testing.T) {
	r := one(t, "{\"a\":1}\nKim Müller, 4111-1111, kim@example.com\n{\"a\":3}\n", Options{})
	if len(r.faults) != 1 || r.faults[0].Excerpt != "xxx xxxxxx, 9999-9999, xxx@xxxxxxx.xxx" {
		t.Errorf("faults %+v", r.faults)
	}
	if long := mask(bytes.Repeat([]byte("é1"), 500)); len(long) > maskLen {
		t.Errorf("excerpt of %d bytes", len(long))
	}
}
