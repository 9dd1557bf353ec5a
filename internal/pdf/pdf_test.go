package pdf

import (
	"errors"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, resources, content, want string }{
		{"operators", helv, "BT /F1 12 Tf 14 TL 50 700 Td (One) Tj T* [(T) 80 (wo) -500 (words)] TJ (three) ' ET", "One\nTwo words\nthree\n"},
		{"gap without a blank", helv, at(10, "50 700 Lee", "69 700 Specimen"), "Lee Specimen\n"},
		{"letters set apart", helv, "BT /F1 10 Tf 4 Tc 50 700 Td (SKILLS) Tj ET", "SKILLS\n"},
		{"letters set apart by places", helv, at(10, "50 700 S", "61 700 K", "72 700 I", "79 700 L", "89 700 L", "99 700 S"), "SKILLS\n"},
		{"doubled for bold", helv, at(10, "50 700 Bold", "50.3 700 Bold"), "Bold\n"},
		{"superscript", helv, at(10, "50 700 2") + at(6, "55.6 703.2 nd"), "2nd\n"},
		{"dates flush right", helv, at(10, "50 700 Engineer", "450 700 2019 - 2021", "50 688 Example GmbH", "480 688 Berlin"), "Engineer\t2019 - 2021\nExample GmbH\tBerlin\n"},
		{"blank line between paragraphs", helv, at(10, "50 700 a", "50 688 b", "50 660 c", "50 648 d"), "a\nb\n\nc\nd\n"},
		{"hyphen of the writer", helv, at(10, "50 700 a full-", "50 688 stack engineer"), "a full-stack\nengineer\n"},
		{"soft hyphen", helv, at(10, "50 700 develop\\255", "50 688 ment of tools"), "develop-ment\nof tools\n"},
		{"turned page", helv, "q 0 1 -1 0 500 50 cm BT /F1 10 Tf 0 0 Td (sideways text) Tj ET Q", "sideways text\n"},
		{"margin note turned", helv, at(10, "50 700 upright text that is longer") + "q 0 1 -1 0 580 50 cm BT /F1 8 Tf (note) Tj ET Q", "upright text that is longer\n\nnote\n"},
		{"form", helv + "/XObject <</X 1 0 R>>", "q 1 0 0 1 0 0 cm /X Do Q", "from a form\n"},
		{
			"differences", "/Font <</F1 <</Subtype /Type1 /BaseFont /Times-Roman /Encoding <</Differences [1 /ffi /eacute /Lslash /uni0416 /afii10066 /fi.alt /Scommaaccent]>>>>>>",
			"BT /F1 12 Tf 50 700 Td <01020304050607> Tj ET", "ffiéŁЖбfiȘ\n",
		},
		{"actual text", helv, "BT /F1 12 Tf 50 700 Td (o) Tj /Span <</ActualText <FEFF006600660069>>> BDC (xy) Tj EMC (ce) Tj ET", "office\n"},
		{"inline picture", helv, "BI /W 2 /H 1 /BPC 8 /CS /G ID \x00EI EI\nBT /F1 12 Tf 50 700 Td (after) Tj ET", "after\n"},
		{
			"accents of their own", "/Font <</F1 <</Subtype /Type1 /BaseFont /Helvetica /Encoding <</Differences [1 /acute /dotlessi]>>>>>>",
			"BT /F1 10 Tf 50 700 Td (Caf) Tj 1 0 0 1 67 700 Tm <01> Tj 1 0 0 1 65.8 700 Tm (e) Tj ET", "Café\n",
		},
		{"private characters", "/Font <</F1 <</Subtype /Type0 /Encoding /Identity-H /ToUnicode 1 0 R /DescendantFonts [<</DW 500>>]>>>>", "BT /F1 10 Tf 50 700 Td <00010002000300040005> Tj ET", "• offic\n"},
	} {
		b := newBuilder()
		switch c.name {
		case "form":
			b.stream("/Type /XObject /Subtype /Form", "BT /F1 10 Tf 50 700 Td (from a form) Tj ET")
		case "private characters":
			b.stream("", "1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <f0b7> <0002> <00a0> endbfchar 3 beginbfrange <0003> <0003> <006f> <0004> <0004> [<fb03>] <0005> <0005> <0063> endbfrange")
		}
		if d := cmp.Diff(c.want, mustRead(t, b.onePage(c.resources, c.content, "")).Text); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestColumns(t *testing.T) {
	side := []string{"50 700 Skills", "50 686 Go", "50 672 SQL", "50 658 Linux", "50 644 Bash"}
	body := []string{"200 700 Experience", "200 688 Engineer at a firm in a city", "200 676 that made things", "200 664 for people", "200 652 everywhere"}
	byPlace := slices.Concat(side, body)
	slices.SortStableFunc(byPlace, func(a, b string) int { return strings.Compare(strings.Fields(b)[1], strings.Fields(a)[1]) })
	same := []string{"200 700 Experience", "200 686 Engineer at a firm", "200 672 that made things", "200 658 for people", "200 644 everywhere"}
	for _, c := range []struct {
		name, want string
		lines      []string
	}{
		{"one column after the other", "Skills\nGo\nSQL\nLinux\nBash\n\nExperience\nEngineer at a firm in a city\nthat made things\nfor people\neverywhere\n", slices.Concat(side, body)},
		{"the right one first", "Skills\nGo\nSQL\nLinux\nBash\n\nExperience\nEngineer at a firm in a city\nthat made things\nfor people\neverywhere\n", slices.Concat(body, side)},
		{"sorted by place", "Skills\nGo\nSQL\nLinux\nBash\n\nExperience\nEngineer at a firm in a city\nthat made things\nfor people\neverywhere\n", byPlace},
		{"on the same lines", "Skills\nGo\nSQL\nLinux\nBash\n\nExperience\nEngineer at a firm\nthat made things\nfor people\neverywhere\n", slices.Concat(side, same)},
		{"dates on the left, apart in the file", "2019 - 2021\tEngineer\n2016 - 2019\tDeveloper\n2014 - 2016\tClerk\n", []string{"50 700 2019 - 2021", "50 680 2016 - 2019", "50 660 2014 - 2016", "200 700 Engineer", "200 680 Developer", "200 660 Clerk"}},
		{"below the columns", "Skills\nGo\nSQL\n\nExperience\nfirm\nyears\n\nEducation\nSchool\n", []string{"50 700 Skills", "50 686 Go", "50 672 SQL", "200 700 Experience", "200 686 firm", "200 672 years", "50 640 Education", "50 626 School"}},
	} {
		if d := cmp.Diff(c.want, mustRead(t, newBuilder().onePage(helv, at(10, c.lines...), "")).Text); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// TestFiles reads the samples. They were printed by a browser and a typesetter, and
// rewritten: with object streams, encrypted, damaged. All say the same.
func TestFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.pdf")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		family, _, _ := strings.Cut(filepath.Base(file), "_")
		want, err := os.ReadFile(filepath.Join("testdata", strings.TrimSuffix(family, ".pdf")+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), mustRead(t, data).Text); d != "" {
			t.Errorf("%s: %s", file, d)
		}
	}
}

func TestMetadata(t *testing.T) {
	b := newBuilder()
	xmp := `<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#" xmpMM:DocumentID="xmp.did:1234"><dc:creator><rdf:Seq><rdf:li>Pat Ghostwriter</rdf:li></rdf:Seq></dc:creator><xmpMM:InstanceID>uuid:5678</xmpMM:InstanceID><xmpMM:DerivedFrom><rdf:Description stRef:documentID="no"><xmpMM:OriginalDocumentID>no</xmpMM:OriginalDocumentID></rdf:Description></xmpMM:DerivedFrom></rdf:Description></rdf:RDF></x:xmpmeta>`
	m := b.stream("/Type /Metadata /Subtype /XML", xmp)
	b.info = "/Info <</Producer (Example \\(PDF\\) 1.0) /Creator <FEFF004D00FC> /CreationDate (D:20260131120000+05'30') /ModDate (D:20260201)>> /ID [<00112233445566778899> <01>]"
	c := b.stream("", at(10, "50 700 text"))
	font := b.add("<</Subtype /TrueType /BaseFont /ABCDEF+Calibri>>")
	page := b.add("<</Type /Page /Resources <</Font <</F1 %d 0 R>>>> /Contents %d 0 R /Annots [<</Subtype /Link /A <</S /URI /URI (https://example.com/pat)>>>> <</Subtype /Link /A <</S /URI /URI (https://example.com/pat)>>>> <</Subtype /Text /A <</URI (no)>>>>]>>", font, c)
	pages := b.add("<</Type /Pages /Kids [%d 0 R %d 0 R] /Count 2>>", page, page)
	d := mustRead(t, b.end(b.add("<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R>>", pages, m)))
	want := &Document{
		Pages: 1, Text: "text\n", Headlines: []string{"text"}, Links: []string{"https://example.com/pat"}, Fonts: []string{"Calibri"}, Author: "Pat Ghostwriter", Creator: "Mü", Producer: "Example (PDF) 1.0",
		Created: "2026-01-31T12:00:00+05:30", Modified: "2026-02-01", DocumentID: "xmp.did:1234", InstanceID: "uuid:5678", FileID: "00112233445566778899",
	}
	if diff := cmp.Diff(want, d, cmp.AllowUnexported()); diff != "" {
		t.Error(diff)
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"D:20260131120000Z": "2026-01-31T12:00:00Z", "D:20260131120000-08'00'": "2026-01-31T12:00:00-08:00", "D:202601311200+01": "2026-01-31T12:00+01:00",
		"20260131120000": "2026-01-31T12:00:00", "D:2026": "2026", "D:2026013112": "2026-01-31T12:00", "2026-01-31T12:00:00+09:00": "2026-01-31T12:00:00+09:00",
		"31 January": "", "": "", "D:20260131120000+": "2026-01-31T12:00:00", "D:20260131120000Z00'00'": "2026-01-31T12:00:00Z",
	} {
		if got := date(in); got != want {
			t.Errorf("date(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestImages(t *testing.T) {
	b := newBuilder()
	gray := b.stream("/Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode", deflate("\x00\x40\x80\xff"))
	rgb := b.stream("/Subtype /Image /Width 1 /Height 2 /BitsPerComponent 8 /ColorSpace [/ICCBased <</N 3>>] /Filter [/ASCIIHexDecode /FlateDecode] /DecodeParms [null <</Predictor 15 /Colors 3 /Columns 1>>]",
		hexOf(deflate("\x00\x0a\x14\x1e\x02\x01\x01\x01"))+">")
	index := b.stream("/Subtype /Image /Width 2 /Height 1 /BitsPerComponent 1 /ColorSpace [/Indexed /DeviceRGB 1 <ff000000ff00>]", "\x40")
	jpeg := b.stream("/Subtype /Image /Width 9 /Height 9 /Filter /DCTDecode", "\xff\xd8\xff")
	short := b.stream("/Subtype /Image /Width 90 /Height 90 /BitsPerComponent 8 /ColorSpace /DeviceRGB", "few")
	d := mustRead(t, b.onePage("/XObject <</A "+refTo(gray)+" /B "+refTo(rgb)+" /C "+refTo(index)+" /D "+refTo(jpeg)+" /E "+refTo(short)+">>", "/A Do /A Do /B Do /C Do /D Do /E Do", ""))
	if len(d.Images) != 5 {
		t.Fatalf("%d pictures", len(d.Images))
	}
	for i, want := range []struct {
		x, y int
		c    color.RGBA
	}{{1, 0, color.RGBA{0x40, 0x40, 0x40, 255}}, {0, 1, color.RGBA{11, 21, 31, 255}}, {1, 0, color.RGBA{0, 255, 0, 255}}} {
		p, err := d.Images[i].Read()
		if err != nil || p.Pixels == nil || p.Pixels.At(want.x, want.y) != want.c {
			t.Errorf("picture %d: %v %+v", i, err, p)
		}
	}
	if p, err := d.Images[3].Read(); err != nil || p.Filter != "DCTDecode" || string(p.Data) != "\xff\xd8\xff" || !d.Images[3].Encoded() {
		t.Errorf("JPEG: %v %+v", err, p)
	}
	if _, err := d.Images[4].Read(); !errors.Is(err, ErrDamaged) {
		t.Errorf("too few samples: %v", err)
	}
}
