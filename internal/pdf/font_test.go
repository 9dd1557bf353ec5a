package pdf

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBuiltinEncoding: TeX's first fonts say in their program what their codes mean.
func TestBuiltinEncoding(t *testing.T) {
	b := newBuilder()
	b.stream("", "%!PS-AdobeFont-1.0: CMR10\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 12 /fi put\ndup 14 /ffi put\ndup 111 /o put\ndup 99 /c put dup 101 /e put\nreadonly def\ncurrentfile eexec")
	data := b.onePage("/Font <</F1 <</Subtype /Type1 /BaseFont /ABCDEF+CMR10 /FirstChar 0 /Widths ["+strings.Repeat("500 ", 128)+"] /FontDescriptor <</FontFile 1 0 R>>>>>>", "BT /F1 10 Tf 50 700 Td (o\\016ce \\014) Tj ET", "")
	if d := cmp.Diff("officefi\n", strings.ReplaceAll(mustRead(t, data).Text, " ", "")); d != "" {
		t.Error(d)
	}
}

// sfnt makes a font that has a character map and nothing else.
func sfnt(sub []byte) string {
	table := append([]byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}, sub...)
	head := []byte{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}
	head = append(head, "cmap\x00\x00\x00\x00"...)
	head = binary.BigEndian.AppendUint32(head, 28)
	return string(append(binary.BigEndian.AppendUint32(head, uint32(len(table))), table...))
}

// TestGlyphsWithoutMap: a composite font without ToUnicode is read by the character
// map of the embedded font.
func TestGlyphsWithoutMap(t *testing.T) {
	format4 := []byte{0, 4, 0, 32, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 'c', 0xff, 0xff, 0, 0, 0, 'a', 0xff, 0xff, 0xff, 0xa2, 0, 1, 0, 0, 0, 0} // a to c are glyphs 3 to 5
	format12 := []byte{0, 12, 0, 0, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'a', 0, 0, 0, 'c', 0, 0, 0, 3}
	for name, sub := range map[string][]byte{"format 4": format4, "format 12": format12} {
		b := newBuilder()
		b.stream("", sfnt(sub))
		data := b.onePage("/Font <</F1 <</Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<</BaseFont /X /DW 600 /FontDescriptor <</FontFile2 1 0 R>>>>]>>>>", "BT /F1 10 Tf 50 700 Td <000300040005> Tj ET", "")
		if d := cmp.Diff("abc\n", mustRead(t, data).Text); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestFilters(t *testing.T) {
	for _, c := range []struct{ filter, data, want string }{
		{"/LZWDecode", "\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", "-----A---B"}, // the example of ISO 32000-2, 7.4.4.2
		{"/RunLengthDecode", "\x02abc\xfex\x80", "abcxxx"},
		{"/ASCII85Decode", "87cURD]i,\"Ebo7~>", "Hello World"},
		{"/ASCIIHexDecode", "48 65 6c6C 6F>", "Hello"},
		{"[/ASCIIHexDecode /RunLengthDecode]", "0161 62 80>", "ab"},
		{"/FlateDecode", deflate("cut off at its end, but there" + strings.Repeat(".", 500))[:30], "cut off at its end"},
		{"/FlateDecode /DecodeParms <</Predictor 12 /Columns 2>>", deflate("\x02ab\x02\x01\x01"), "abbc"},
		{"/FlateDecode /DecodeParms <</Predictor 2 /Columns 3>>", deflate("a\x01\x01"), "abc"},
	} {
		b := newBuilder()
		b.stream("/Filter "+c.filter, c.data)
		f, err := open(b.onePage("", "", ""), DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.decode(f.stream(ref{num: 1}))
		if err != nil || !strings.HasPrefix(string(got), c.want) {
			t.Errorf("%s: %q, %v", c.filter, got, err)
		}
	}
}

func TestGlyphText(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "space": " ", "bar": "|", "eacute": "é", "Zdotaccent": "Ż", "ohungarumlaut": "ő", "tcommaaccent": "ț", "kcommaaccent": "ķ", "uni00660069": "fi", "u1F600": "\U0001F600",
		"a.sc": "a", "Asmall": "A", "f_f_i": "ffi", "s_t": "st", "afii10017": "А", "afii10097": "я", ".notdef": "", "g123": "", "one.oldstyle": "1", "dotlessi": "ı", "germandbls": "ß",
	} {
		if got := glyphText(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestUpdates: of several versions of an object the newest counts, and what was
// removed is gone.
func TestUpdates(t *testing.T) {
	b := newBuilder()
	first := b.onePage(helv, at(10, "50 700 old"), "")
	start := strings.LastIndex(string(first), "startxref")
	var last int
	_, _ = fmt.Sscanf(string(first[start:]), "startxref\n%d", &last)
	content := at(10, "50 700 new")
	at := len(first)
	update := fmt.Sprintf("1 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(content), content)
	x := at + len(update)
	update += fmt.Sprintf("xref\n1 1\n%010d 00000 n \ntrailer\n<</Root 4 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, last, x)
	if d := cmp.Diff("new\n", mustRead(t, append(first, update...)).Text); d != "" {
		t.Error(d)
	}
}
