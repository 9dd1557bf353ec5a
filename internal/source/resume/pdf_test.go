package resume

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"

	"github.com/google/go-cmp/cmp"
)

// childName is what the test program is called when it is a child of itself.
const childName = "resume-test-child"

var (
	eaten []byte
	spun  int
)

func TestMain(m *testing.M) {
	switch {
	case os.Args[0] != childName:
		os.Exit(m.Run())
	case len(os.Args) > 1 && os.Args[1] == "hang":
		select {}
	case len(os.Args) > 1 && os.Args[1] == "crash":
		os.Exit(2)
	case len(os.Args) > 1 && os.Args[1] == "eat":
		if err := confineProcess(); err != nil {
			os.Exit(1)
		}
		eaten = make([]byte, 2*childMemory)
		os.Stdout.Write(eaten[:8]) // an answer that must not come
		select {}
	case len(os.Args) > 1 && os.Args[1] == "spin":
		if err := errors.Join(confineProcess(), allowCPU()); err != nil {
			os.Exit(1)
		}
		for i := 0; ; i++ {
			spun += i
		}
	}
	if err := Serve(os.Stdin, os.Stdout, true); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// inChild returns the source with children of the test program.
func inChild(t testing.TB, args ...string) source.Code {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Command: append([]string{self, childName}, args...), Wall: 30 * time.Second})
}

// pdfFile writes a PDF file of one page. Objects 1 to 3 are taken; more are the next.
func pdfFile(info, resources, content string, more ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	objects := append([]string{
		"<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>",
		"<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <</Font <</F1 <</Subtype /Type1 /BaseFont /ABCDEF+Helvetica>>>> " + resources + ">> /Annots [<</Subtype /Link /A <</URI (https://github.com/leespecimen)>>>>]>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
	}, more...)
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R /Info <<%s>> /ID [<0123456789abcdef0123> <00>]>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, info, at)
	return b.Bytes()
}

// lines is content that shows lines below one another, the first one large.
func lines(text ...string) string {
	var b strings.Builder
	b.WriteString("BT /F1 20 Tf 50 780 Td 14 TL ")
	for i, l := range text {
		if i == 1 {
			b.WriteString("/F1 10 Tf ")
		}
		fmt.Fprintf(&b, "(%s) Tj T* ", l)
	}
	return b.String() + "ET "
}

var cv = []string{
	"Lee Specimen", "lee@example.net", "Experience", "Data Analyst | Sample & Sons | 2019 - 2024", "Reports.", "Education", "Example University, BSc Statistics, 2015 - 2018",
}

func picture(dict string, data []byte) string {
	return fmt.Sprintf("<</Subtype /Image %s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

func deflate(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Bytes()
}

// samples returns the pixels of a picture as a PDF file holds them.
func samples(m image.Image) []byte {
	var out []byte
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			r, g, b, _ := m.At(x, y).RGBA()
			out = append(out, byte(r>>8), byte(g>>8), byte(b>>8))
		}
	}
	return out
}

// readFiles reads files with a source and returns records and quarantine by file.
func readFiles(t testing.TB, code source.Code, files map[string][]byte) (*source.Report, map[string][]record.Record) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := map[string][]record.Record{}
	report, err := source.Read(t.Context(), []string{dir}, source.Options{Codes: []source.Code{code}, Workers: 2}, func(r record.Record) error {
		out[r.Meta().Ref.File] = append(out[r.Meta().Ref.File], r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return report, out
}

// TestPDF: a résumé as PDF gives what the same one as DOCX gives, with the traces of
// its own format; in a child as in this process.
func TestPDF(t *testing.T) {
	face := photo(120, 150, 0)
	jpeg := []byte(encoded(t, "jpeg", face))
	data := pdfFile("/Author (Pat Ghostwriter) /Producer (Example PDF 1) /CreationDate (D:20260105080000+09'00') /ModDate (D:20260201093000+09'00')",
		"/XObject <</A 5 0 R /B 6 0 R /C 7 0 R>>", lines(cv...)+"/A Do /B Do /C Do",
		picture("/Width 120 /Height 150 /Filter /DCTDecode", jpeg),
		picture("/Width 120 /Height 150 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode", deflate(samples(face))),
		picture("/Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceRGB", make([]byte, 192)))
	for name, code := range map[string]source.Code{"here": Source, "in a child": inChild(t)} {
		report, records := readFiles(t, code, map[string][]byte{"cv.pdf": data, "cv.docx": docx(t, parts())})
		if len(report.Quarantine) > 0 || report.Incomplete() {
			t.Errorf("%s: %+v", name, report.Quarantine)
		}
		got := records["cv.pdf"]
		if len(got) != 4 || len(records["cv.docx"]) != 4 {
			t.Fatalf("%s: %d and %d records, want document, persona and two of history", name, len(got), len(records["cv.docx"]))
		}
		d := got[0].(*record.Document)
		if d.Author != "Pat Ghostwriter" || d.Producer != "Example PDF 1" || d.DocumentID != "0123456789abcdef0123" || d.MIME != "application/pdf" ||
			d.Created.String() != "2026-01-05T08:00:00+09:00" || d.Modified.String() != "2026-02-01T09:30:00+09:00" || !slices.Equal(d.Fonts, []string{"Helvetica"}) || d.Handle != "email:lee@example.net" {
			t.Errorf("%s: traces of the file: %+v", name, d)
		}
		phash := 0
		for _, h := range d.ImageHashes {
			if strings.HasPrefix(h, "phash:") {
				phash++
			}
		}
		if !slices.Contains(d.ImageHashes, "sha256:"+sumOf(string(jpeg))) || len(d.ImageHashes)-phash != 2 || phash == 0 {
			t.Errorf("%s: pictures %q", name, d.ImageHashes)
		}
		for i := 2; i < 4; i++ { // the history of both files is the same
			a, b := *got[i].(*record.HistoryItem), *records["cv.docx"][i].(*record.HistoryItem)
			a.Common, b.Common, a.DocumentKey, b.DocumentKey = record.Common{}, record.Common{}, "", ""
			if d := cmp.Diff(b, a, cmp.AllowUnexported(record.Time{})); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
		if p := got[1].(*record.Persona); p.FullName != "Lee Specimen" || len(p.URLs) != 1 || p.URLs[0].Username != "leespecimen" {
			t.Errorf("%s: persona %+v", name, p)
		}
	}
}

// TestHostileDocuments: each hostile file ends in quarantine with its reason, and
// costs nothing but itself.
func TestHostileDocuments(t *testing.T) {
	good := pdfFile("", "", lines(cv...))
	broken := docx(t, parts())
	broken[bytes.Index(broken, []byte("word/document.xml"))+40] ^= 0xff
	zeros := deflate(make([]byte, 60<<20))
	bomb := docx(t, map[string]string{"word/document.xml": "<w:document>" + strings.Repeat(" ", maxPart+1) + "</w:document>"})
	big := pdfFile("", "/XObject <</A 5 0 R>>", lines(cv...)+"/A Do", picture("/Width 10000 /Height 10000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode", zeros[:1000]))
	withBig := parts()
	withBig["word/media/image1.png"] = claimedPNG(10_000, 10_000, 8)
	scanned := pdfFile("", "/XObject <</A 5 0 R>>", "/A Do", picture("/Width 120 /Height 150 /Filter /DCTDecode", []byte(encoded(t, "jpeg", photo(120, 150, 0)))))
	locked, err := os.ReadFile(filepath.Join("testdata", "locked.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"a_bomb.pdf":                 pdfBomb(zeros),
		"b_bomb.docx":                bomb,
		"c_deep.pdf":                 append([]byte("%PDF-1.4\n1 0 obj\n"), bytes.Repeat([]byte("<</A["), 1_000_000)...),
		"d_picture.pdf":              big,
		"e_picture.docx":             docx(t, withBig),
		"f_scan lee@example.net.pdf": scanned,
		"g_locked.pdf":               locked,
		"h_nothing.pdf":              []byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"),
		"i_cut.docx":                 broken,
		"y_good.docx":                docx(t, parts()),
		"z_good.pdf":                 good,
	}
	want := map[string][2]string{ // field and reason
		"a_bomb.pdf": {"sections", frame.ReasonLimit}, "b_bomb.docx": {"", frame.ReasonLimit}, "c_deep.pdf": {"", frame.ReasonLimit},
		"d_picture.pdf": {"image_hashes", frame.ReasonLimit}, "e_picture.docx": {"image_hashes", frame.ReasonLimit}, "f_scan lee@example.net.pdf": {"sections", ReasonNoText},
		"g_locked.pdf": {"", ReasonEncrypted}, "h_nothing.pdf": {"", frame.ReasonEncoding}, "i_cut.docx": {"", frame.ReasonEncoding},
	}
	for name, code := range map[string]source.Code{"here": Source, "in a child": inChild(t)} {
		report, records := readFiles(t, code, files)
		got := map[string][2]string{}
		for _, q := range report.Quarantine {
			got[q.File] = [2]string{q.Field, q.Reason}
		}
		if got["a_bomb.pdf"] == [2]string{"", frame.ReasonLimit} { // the kernel's limit was nearer, as programs with the race detector take more
			got["a_bomb.pdf"] = want["a_bomb.pdf"]
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		for _, f := range report.Files {
			if f.Incomplete != (want[f.Path] != [2]string{}) {
				t.Errorf("%s: %s: incomplete is %v", name, f.Path, f.Incomplete)
			}
		}
		for _, f := range []string{"d_picture.pdf", "e_picture.docx", "y_good.docx", "z_good.pdf"} {
			if len(records[f]) != 4 {
				t.Errorf("%s: %s: %d records", name, f, len(records[f]))
			}
		}
		if x := records["f_scan lee@example.net.pdf"]; len(x) != 2 || x[0].(*record.Document).Handle != "email:lee@example.net" || len(x[0].(*record.Document).ImageHashes) != 2 {
			t.Errorf("%s: scan: %v", name, x)
		}
	}
}

// pdfBomb shows the same expanding stream on many pages.
func pdfBomb(zeros []byte) []byte {
	return pdfFile("", "/XObject <</A 5 0 R /B 6 0 R>>", strings.Repeat("/A Do /B Do ", 100), picture("/Filter /FlateDecode", zeros), strings.Replace(picture("/Filter /FlateDecode", zeros), "/Image", "/Form", 1))
}

// TestChildFails: a child that hangs, dies or answers nonsense costs the file, and
// one that cannot be started costs nothing.
func TestChildFails(t *testing.T) {
	good := pdfFile("", "", lines(cv...))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		command []string
		records int
	}{
		{"hangs", []string{self, childName, "hang"}, 0},
		{"dies", []string{self, childName, "crash"}, 0},
		{"takes too much memory", []string{self, childName, "eat"}, 0},
		{"cannot be started", []string{filepath.Join(t.TempDir(), "missing"), childName}, 4},
	} {
		report, records := readFiles(t, New(Options{Command: c.command, Wall: 300 * time.Millisecond}), map[string][]byte{"cv.pdf": good})
		if len(records["cv.pdf"]) != c.records || report.Incomplete() != (c.records == 0) {
			t.Errorf("%s: %d records, %+v", c.name, len(records["cv.pdf"]), report.Quarantine)
		}
		if c.records == 0 && (len(report.Quarantine) != 1 || report.Quarantine[0].Reason != frame.ReasonLimit) {
			t.Errorf("%s: %+v", c.name, report.Quarantine)
		}
	}
}

// TestConfined: the kernel keeps a child from opening files and from taking memory.
func TestConfined(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("limits of the kernel are set on Linux")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(Options{Command: []string{self, childName}, Children: 1})
	defer p.close()
	if o := p.open("pdf", pdfFile("", "", lines(cv...))); o.Reason != "" {
		t.Fatal(o.Why)
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", p.idle[0].cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Max open files            0", "Max file size             0", "Max core file size        0"} {
		if !strings.Contains(string(limits), want) {
			t.Errorf("%q is missing in\n%s", want, limits)
		}
	}
	if strings.Contains(string(limits), "Max address space         unlimited") || strings.Contains(string(limits), "Max cpu time              unlimited            unlimited") {
		t.Errorf("no limit of memory or time:\n%s", limits)
	}
}

// TestChildIsKept: many documents are read by few processes.
func TestChildIsKept(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := newPool(Options{Command: []string{self, childName}, Children: 1})
	pids := map[int]bool{}
	for i := range 20 {
		if o := p.open("docx", docx(t, parts())); o.Reason != "" || o.Document.Author != "Pat Ghostwriter" {
			t.Fatalf("document %d: %+v", i, o)
		}
		pids[p.idle[0].cmd.Process.Pid] = true
	}
	if len(pids) != 1 {
		t.Errorf("%d processes for 20 documents", len(pids))
	}
	c := p.idle[0]
	p.close()
	if c.cmd.ProcessState == nil || len(p.idle) != 0 {
		t.Error("the child was not ended")
	}
}

func TestServeEnds(t *testing.T) {
	if err := Serve(strings.NewReader(""), &bytes.Buffer{}, false); err != nil {
		t.Error(err)
	}
	if err := Serve(strings.NewReader("p\x00\x00\x00\x00\x00\x00\x00\x09few"), &bytes.Buffer{}, false); err == nil {
		t.Error("half a document was accepted")
	}
	if err := Serve(strings.NewReader("p\xff\x00\x00\x00\x00\x00\x00\x09few"), &bytes.Buffer{}, false); !errors.Is(err, errTooLarge) {
		t.Errorf("a document of exabytes: %v", err)
	}
}

// BenchmarkDocuments opens résumés in a child and here: the difference is the price
// of the wall between.
func BenchmarkDocuments(b *testing.B) {
	data := pdfFile("", "", lines(cv...))
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for name, opt := range map[string]Options{"here": {}, "child": {Command: []string{self, childName}, Children: 1}} {
		b.Run(name, func(b *testing.B) {
			p := newPool(opt)
			defer p.close()
			for b.Loop() {
				if o := p.open("pdf", data); o.Reason != "" {
					b.Fatal(o.Why)
				}
			}
		})
	}
}
