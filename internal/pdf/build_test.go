package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
)

// builder writes PDF files for tests.
type builder struct {
	b       bytes.Buffer
	offsets []int
	info    string
}

func newBuilder() *builder {
	p := &builder{}
	p.b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	return p
}

// add writes an object and returns its number.
func (p *builder) add(format string, args ...any) int {
	p.offsets = append(p.offsets, p.b.Len())
	n := len(p.offsets)
	fmt.Fprintf(&p.b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{n}, args...)...)
	return n
}

func (p *builder) stream(dict, data string) int {
	return p.add("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// end writes the cross-reference table and returns the file. root is the number of
// the catalog.
func (p *builder) end(root int) []byte {
	at := p.b.Len()
	fmt.Fprintf(&p.b, "xref\n0 %d\n0000000000 65535 f \n", len(p.offsets)+1)
	for _, o := range p.offsets {
		fmt.Fprintf(&p.b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&p.b, "trailer\n<</Size %d /Root %d 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", len(p.offsets)+1, root, p.info, at)
	return p.b.Bytes()
}

// onePage returns a file of one page with the given content and resources.
func (p *builder) onePage(resources, content, more string) []byte {
	c := p.stream("", content)
	page := len(p.offsets) + 1
	p.add("<</Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Resources <<%s>> /Contents %d 0 R %s>>", page+1, resources, c, more)
	p.add("<</Type /Pages /Kids [%d 0 R] /Count 1>>", page)
	return p.end(p.add("<</Type /Catalog /Pages %d 0 R>>", page+1))
}

const helv = "/Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>>>"

func deflate(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

func mustRead(t testing.TB, data []byte) *Document {
	t.Helper()
	d, err := Read(data, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// at shows texts at places: "x y text" lines.
func at(size int, lines ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "BT /F1 %d Tf ", size)
	for _, l := range lines {
		parts := strings.SplitN(l, " ", 3)
		fmt.Fprintf(&b, "1 0 0 1 %s %s Tm (%s) Tj\n", parts[0], parts[1], parts[2])
	}
	return b.String() + "ET\n"
}

func refTo(n int) string { return fmt.Sprintf("%d 0 R", n) }

func hexOf(s string) string { return fmt.Sprintf("%x", s) }
