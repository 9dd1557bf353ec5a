package resume

import (
	"archive/zip"
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
	"muster/internal/source/transform"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected records")

func readDir(t testing.TB, dir string) (*source.Report, []record.Record) {
	t.Helper()
	var out []record.Record
	report, err := source.Read(t.Context(), []string{dir}, source.Options{
		Codes: []source.Code{Source}, Workers: 1, Skip: func(rel string) bool { return strings.HasSuffix(rel, ".ndjson") },
	}, func(r record.Record) error {
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return report, out
}

func TestGolden(t *testing.T) {
	report, records := readDir(t, "testdata")
	var got bytes.Buffer
	for _, r := range records {
		line, err := record.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got.Write(append(line, '\n'))
	}
	want := filepath.Join("testdata", "resumes.want.ndjson")
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
	for _, f := range report.Files {
		if f.Unidentified != (f.Path == "notes.txt") {
			t.Errorf("%s: unidentified is %v", f.Path, f.Unidentified)
		}
	}
}

// docx packs a Word document.
func docx(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func body(lines ...string) string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, l := range lines {
		b.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(l) + `</w:t></w:r></w:p>`)
	}
	return b.String() + `</w:body></w:document>`
}

func parts() map[string]string {
	return map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"word/document.xml": body("Lee Specimen", "lee@example.net", "Experience", "Data Analyst | Sample & Sons | 2019 - 2024",
			"Reports.", "Education", "Example University, BSc Statistics, 2015 - 2018"),
		"word/settings.xml":            `<w:settings xmlns:w="x"><w:rsids><w:rsidRoot w:val="00AB12CD"/><w:rsid w:val="00000001"/></w:rsids></w:settings>`,
		"word/fontTable.xml":           `<w:fonts xmlns:w="x"><w:font w:name="Calibri"/><w:font w:name="Batang"/></w:fonts>`,
		"word/_rels/document.xml.rels": `<Relationships><Relationship Id="r1" TargetMode="External" Target="https://github.com/leespecimen"/><Relationship Id="r2" Target="media/image1.png"/></Relationships>`,
		"docProps/core.xml":            `<cp:coreProperties xmlns:cp="a" xmlns:dc="b" xmlns:dcterms="c"><dc:creator>Pat Ghostwriter</dc:creator><cp:lastModifiedBy>robin</cp:lastModifiedBy><dcterms:created>2026-01-05T08:00:00Z</dcterms:created><dcterms:modified>2026-02-01T09:30:00Z</dcterms:modified></cp:coreProperties>`,
		"docProps/app.xml":             `<Properties><Application>Microsoft Office Word</Application></Properties>`,
		"word/media/image1.png":        "not a picture",
	}
}

func TestDOCX(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cv.docx"), docx(t, parts()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, records := readDir(t, dir)
	if len(records) != 4 {
		t.Fatalf("%d records, want document, persona and two of history", len(records))
	}
	d := records[0].(*record.Document)
	if d.Author != "Pat Ghostwriter" || d.LastEditor != "robin" || d.DocumentID != "00AB12CD" || d.Producer != "Microsoft Office Word" ||
		d.Created.String() != "2026-01-05T08:00:00Z" || d.Modified.String() != "2026-02-01T09:30:00Z" || !slices.Equal(d.ImageHashes, []string{"sha256:" + sumOf("not a picture")}) || len(d.SHA256) != 64 {
		t.Errorf("traces of the file: %+v", d)
	}
	if d := cmp.Diff([]string{"Batang", "Calibri"}, d.Fonts); d != "" {
		t.Error(d)
	}
	p := records[1].(*record.Persona)
	if p.FullName != "Lee Specimen" || p.Handle != "email:lee@example.net" || len(p.URLs) != 1 || p.URLs[0].Username != "leespecimen" {
		t.Errorf("persona %+v", p)
	}
	h := records[2].(*record.HistoryItem)
	if h.Org != "Sample & Sons" || h.Title != "Data Analyst" || h.Start.String() != "2019" || h.End.String() != "2024" || h.Summary != "Reports." || h.DocumentKey != d.SHA256 {
		t.Errorf("history %+v", h)
	}
	if e := records[3].(*record.HistoryItem); e.Org != "Example University" || e.ItemKind != "education" || e.Area != "Statistics" {
		t.Errorf("education %+v", e)
	}
}

func TestClaims(t *testing.T) {
	letter := "Dear team,\n\nI saw your advertisement and would like to apply. You can reach me at pat@example.com at any time.\n\nKind regards\nPat Nobody\n" + strings.Repeat("More about why. ", 20)
	cv := "Pat Nobody\npat@example.com\n\nExperience\nEngineer, Sample GmbH, 2019 - 2021\n\nSkills\nGo\n" + strings.Repeat("text ", 20)
	for _, c := range []struct {
		name, path, text string
		want             bool
	}{
		{"résumé", "x.txt", cv, true},
		{"letter", "letter.txt", letter, false},
		{"letter whose name says résumé", "resume_pat.txt", letter, true},
		{"short", "cv.txt", "Experience", false},
		{"report", "report.txt", "Results\n" + strings.Repeat("In 2019 - 2021 the firm grew. ", 20), false},
		{"terms", "terms.txt", "References\n" + strings.Repeat("Contact legal@example.com for details of the contract.\n", 20), false},
	} {
		if got := Source.Claims(&frame.Stream{Shape: frame.ShapeDocument, Format: "txt", Path: c.path}, frame.Row{Data: []byte(c.text)}) > 0; got != c.want {
			t.Errorf("%s: claimed %v, want %v", c.name, got, c.want)
		}
	}
}

func TestHistoryForms(t *testing.T) {
	for _, c := range []struct{ text, org, title, start, end string }{
		{"Software Engineer at Example GmbH, Jan 2020 - Present", "Example GmbH", "Software Engineer", "2020-01", ""},
		{"Example GmbH\nSoftware Engineer\nJanuary 2020 – March 2021", "Example GmbH", "Software Engineer", "2020-01", "2021-03"},
		{"01/2020 - 03/2021\nExample GmbH\nSoftware Engineer", "Example GmbH", "Software Engineer", "2020-01", "2021-03"},
		{"Software Engineer | Example GmbH | 2020 to 2021", "Example GmbH", "Software Engineer", "2020", "2021"},
		{"Example GmbH\t2020-01 – 2021-03\nLead Engineer", "Example GmbH", "Lead Engineer", "2020-01", "2021-03"},
		{"**Example GmbH** (2018 - 2020)", "Example GmbH", "", "2018", "2020"},
		{"Desde 2019   Desarrollador   Ejemplo S.A.", "Ejemplo S.A.", "Desarrollador", "2019", ""},
		{"Développeur chez Exemple SARL   mars 2018 à juin 2020", "Exemple SARL", "Développeur", "2018-03", "2020-06"},
		{"Programista, Przykład Sp. z o.o., 03.2018 – obecnie", "Przykład Sp. z o.o.", "Programista", "2018-03", ""},
	} {
		items := history(&transform.Ctx{}, []section{{title: "work", lines: strings.Split(c.text, "\n")}})
		if len(items) != 1 {
			t.Errorf("%q: %d items", c.text, len(items))
			continue
		}
		if x := items[0]; x.Org != c.org || x.Title != c.title || x.Start.String() != c.start || x.End.String() != c.end {
			t.Errorf("%q: org %q title %q %s to %s", c.text, x.Org, x.Title, x.Start, x.End)
		}
	}
}

func TestFromPath(t *testing.T) {
	for file, want := range map[string][2]string{
		"cv/alex@example.com.docx":     {"alex@example.com", ""},
		"Alex.B@example.co.uk.txt":     {"alex.b@example.co.uk", ""},
		"greenhouse/candidate-123.txt": {"", "greenhouse:candidate:123"},
		"cand_55_resume.docx":          {"", "ats:candidate:55"},
		"C-1042_cv.docx":               {"", "ats:candidate:C-1042"},
		"a.zip!resumes/applicant 9001": {"", "ats:candidate:9001"},
		"alex example cv.txt":          {"", ""},
	} {
		email, id := fromPath(file)
		if email != want[0] || id != want[1] {
			t.Errorf("fromPath(%q) = %q, %q, want %q", file, email, id, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, name := range []string{"alex.txt", "lebenslauf_robin.txt", "candidate-1042.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		isResume(text, "cv.txt")
		r := reader{c: &transform.Ctx{}, row: &frame.Row{Data: []byte(text)}, file: &frame.Stream{Path: "cv.txt", Format: "txt"}}
		r.records(&document{Text: text})
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add(docx(f, parts()))
	with := parts()
	with["word/media/image1.png"], with["word/media/image2.jpeg"] = encoded(f, "png", photo(40, 40, 0)), encoded(f, "jpeg", photo(40, 40, 0))
	f.Add(docx(f, with))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if o := openWord(data); o.Document != nil {
			split(o.Document.Text)
		}
	})
}
