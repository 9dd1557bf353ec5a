package pdf

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostile: files made to cost time or memory end within the limits, and say so
// where something was left out.
func TestHostile(t *testing.T) {
	zeros := deflate(strings.Repeat("\x00", 15<<20))
	text := at(10, "50 700 still here")
	limits := DefaultLimits() // a quarter of most, to save time
	limits.Objects, limits.Stream, limits.Total, limits.Work, limits.Glyphs = limits.Objects/4, limits.Stream/4, limits.Total/4, limits.Work/4, limits.Glyphs/4
	for _, c := range []struct {
		name string
		data func() []byte
		cut  error // of the document, or of the file
		text string
	}{
		{"bomb", func() []byte {
			b := newBuilder()
			for range 8 {
				b.stream("/Filter /FlateDecode", zeros)
			}
			b.add("<</Type /Page /Contents [1 0 R 2 0 R 3 0 R 4 0 R 5 0 R 6 0 R 7 0 R 8 0 R]>>")
			b.add("<</Type /Pages /Kids [9 0 R] /Count 1>>")
			return b.end(b.add("<</Type /Catalog /Pages 10 0 R>>"))
		}, ErrLimit, ""},
		{"bomb in a bomb", func() []byte {
			b := newBuilder()
			b.stream("/Filter [/FlateDecode /FlateDecode /FlateDecode]", deflate(deflate(deflate(strings.Repeat("\x00", 50<<20)))))
			b.add("<</Type /Page /Contents 1 0 R>>")
			b.add("<</Type /Pages /Kids [2 0 R] /Count 1>>")
			return b.end(b.add("<</Type /Catalog /Pages 3 0 R>>"))
		}, ErrLimit, ""},
		{"one raw stream many times", func() []byte {
			b := newBuilder()
			b.stream("", strings.Repeat(" ", 4<<20))
			b.add("<</Type /Page /Contents [%s]>>", strings.Repeat("1 0 R ", 10_000))
			b.add("<</Type /Pages /Kids [2 0 R] /Count 1>>")
			return b.end(b.add("<</Type /Catalog /Pages 3 0 R>>"))
		}, ErrLimit, ""},
		{"deep arrays", func() []byte {
			b := newBuilder()
			b.add("%s", strings.Repeat("[", 1_000_000))
			return b.onePage(helv, text, "")
		}, nil, "still here\n"},
		{"deep dictionaries in content", func() []byte {
			return newBuilder().onePage(helv, text+strings.Repeat("<</A ", 500_000), "")
		}, ErrLimit, "still here\n"},
		{"a million objects", func() []byte {
			var s strings.Builder
			s.WriteString("%PDF-1.4\n")
			for i := range 250_000 {
				fmt.Fprintf(&s, "%d 0 obj\n", i)
			}
			return []byte(s.String())
		}, ErrLimit, ""},
		{"objects that never end", func() []byte {
			var s strings.Builder
			s.WriteString("%PDF-1.4\n")
			for i := range 50_000 {
				fmt.Fprintf(&s, "%d 0 obj<</A(", i)
			}
			return []byte(s.String())
		}, ErrLimit, ""},
		{"streams that never end", func() []byte {
			var s strings.Builder
			s.WriteString("%PDF-1.4\n")
			for i := range 40_000 {
				fmt.Fprintf(&s, "%d 0 obj<</Type/Page>>stream\n", i)
			}
			return []byte(s.String())
		}, ErrLimit, ""},
		{"forms that draw each other", func() []byte {
			b := newBuilder()
			for i := range 22 {
				n := i + 2
				b.stream(fmt.Sprintf("/Subtype /Form /Resources <</XObject <</X %d 0 R>>>>", n), strings.Repeat("/X Do ", 10))
			}
			b.stream("/Subtype /Form", "q Q")
			return b.onePage(helv+" /XObject <</X 1 0 R>>", text+"/X Do", "")
		}, ErrLimit, "still here\n"},
		{"a form that draws itself", func() []byte {
			b := newBuilder()
			b.stream("/Subtype /Form /Resources <</XObject <</X 1 0 R>>>>", "/X Do /X Do")
			return b.onePage(helv+" /XObject <</X 1 0 R>>", text+"/X Do", "")
		}, nil, "still here\n"},
		{"pages in a ring", func() []byte {
			b := newBuilder()
			b.stream("", text)
			b.add("<</Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Resources <<%s>>>>", helv)
			b.add("<</Type /Page /Contents 1 0 R /Parent 2 0 R>>")
			return b.end(b.add("<</Type /Catalog /Pages 2 0 R>>"))
		}, nil, "still here\n"},
		{"a length that is its own stream", func() []byte {
			b := newBuilder()
			b.add("<</Length 1 0 R>>\nstream\n%s\nendstream", text)
			b.add("<</Type /Page /Contents 1 0 R /Resources <<%s>>>>", helv)
			b.add("<</Type /Pages /Kids [2 0 R]>>")
			return b.end(b.add("<</Type /Catalog /Pages 3 0 R>>"))
		}, nil, "still here\n"},
		{"an object stream in itself", func() []byte {
			b := newBuilder()
			b.stream("/Type /ObjStm /N 1 /First 4 /Extends 1 0 R", "1 0 <<>>")
			return b.onePage(helv, text, "")
		}, nil, "still here\n"},
		{"texts of a thousand letters for one", func() []byte {
			b := newBuilder()
			b.stream("", "1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <41> <"+strings.Repeat("0041", 10_000)+"> endbfchar")
			return b.onePage("/Font <</F1 <</Subtype /Type1 /BaseFont /Helvetica /ToUnicode 1 0 R>>>>", "BT /F1 10 Tf ("+strings.Repeat("A", 100_000)+") Tj ET", "")
		}, nil, strings.Repeat("A", 100_000) + "\n"},
		{"letters one by one from the right", func() []byte {
			var s strings.Builder
			for i := range 60_000 {
				fmt.Fprintf(&s, "1 0 0 1 %d 700 Tm (x)Tj ", 900_000-9*i)
			}
			return newBuilder().onePage(helv, "BT /F1 1 Tf "+s.String()+"ET", "")
		}, nil, "*"},
		{"lines without end", func() []byte {
			var s strings.Builder
			for i := range 25_000 {
				fmt.Fprintf(&s, "1 0 0 1 %d %d Tm (a-)Tj ", i%7*90, 900_000-7*i)
			}
			return newBuilder().onePage(helv, "BT /F1 5 Tf "+s.String()+"ET", "")
		}, nil, "*"},
		{"too many letters", func() []byte {
			return newBuilder().onePage(helv, "BT /F1 5 Tf "+strings.Repeat("("+strings.Repeat("a", 1000)+") Tj 0 -6 Td ", 530)+"ET", "")
		}, ErrLimit, "*"},
	} {
		data := c.data()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		d, err := Read(data, limits)
		took := time.Since(begin)
		runtime.ReadMemStats(&after)
		cut, got := err, ""
		if err == nil {
			cut, got = d.Cut, d.Text
		}
		if !errors.Is(cut, c.cut) || cut == nil && c.cut != nil || c.text != "*" && got != c.text {
			t.Errorf("%s: cut %v, want %v; text %.60q", c.name, cut, c.cut, got)
		}
		t.Logf("%-40s %7d kB %6d ms %5d MB allocated", c.name, len(data)>>10, took.Milliseconds(), (after.TotalAlloc-before.TotalAlloc)>>20)
		if took > 2*time.Minute { // no measure of speed: a hang
			t.Errorf("%s: took %v", c.name, took)
		}
	}
}

// TestEveryPrefix cuts a file off at many places and flips its bytes: nothing may
// panic, and the beginning of a page is read from what is there.
func TestEveryPrefix(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "typesetter.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	limits := DefaultLimits()
	for n := 0; n < len(data); n += 1 + len(data)/300 {
		_, _ = Read(data[:n], limits)
		x := append([]byte(nil), data...)
		x[n] ^= 0x55
		if d, err := Read(x, limits); err == nil {
			for _, m := range d.Images {
				_, _ = m.Read()
			}
		}
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(newBuilder().onePage(helv, at(10, "50 700 text"), ""))
	b := newBuilder()
	n := b.stream("/Subtype /Image /Width 4 /Height 1 /BitsPerComponent 2 /ColorSpace [/Indexed /DeviceRGB 1 <ff000000ff00>] /Filter /LZWDecode", "\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01")
	f.Add(b.onePage(helv+"/XObject <</A "+refTo(n)+">>", "/A Do BI /W 1 ID x EI /Span <</ActualText (x)>> BDC (a) Tj EMC", ""))
	packed := newBuilder()
	packed.stream("/Type /ObjStm /N 2 /First 8 /Filter /FlateDecode", deflate("7 0 8 3 [7 8] <</A (b)>>"))
	packed.stream("/Type /XRef /W [1 2 1] /Index [7 2] /Size 9 /Root 5 0 R /Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 4>>", deflate("\x02\x02\x00\x01\x00\x02\x00\x00\x00\x01"))
	packed.stream("", "/CIDInit begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0001> <0009> <0041> endbfrange 1 begincidrange <0001> <0009> 1 endcidrange endcmap")
	f.Add(packed.onePage("/Font <</F1 <</Subtype /Type0 /Encoding 3 0 R /ToUnicode 3 0 R /DescendantFonts [<</W [1 [500 600] 3 9 700]>>]>>>>", "BT /F1 9 Tf 9 TL [<00010002> -900 <0003>] TJ T* <0004> Tj ET", "/Annots [<</Subtype /Link /A <</URI (u)>>>>]"))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Pages 2 0 R/Metadata 9 0 R>>endobj 2 0 obj<</Kids[3 0 R]>>endobj 3 0 obj<</Contents 4 0 R>>endobj 4 0 obj<<>>stream\nq Q\nendstream endobj trailer<</Root 1 0 R/Info<</CreationDate(D:20260101+01'00)>>>>"))
	limits := Limits{Objects: 20_000, Depth: 32, Stream: 4 << 20, Total: 8 << 20, Pages: 20, Work: 500_000, Glyphs: 100_000, Images: 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		begin := time.Now()
		d, err := Read(data, limits)
		if (d == nil) == (err == nil) {
			t.Fatal("neither a document nor an error, or both")
		}
		if d != nil {
			for _, m := range d.Images {
				if m.Width*m.Height < 1<<20 {
					_, _ = m.Read()
				}
			}
		}
		if took := time.Since(begin); took > 3*time.Second {
			t.Fatalf("%d bytes took %v", len(data), took)
		}
	})
}

// BenchmarkPages reads pages as a browser prints them.
func BenchmarkPages(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("testdata", "sidebar.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, DefaultLimits()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}
