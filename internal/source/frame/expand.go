package frame

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// opening opens a stream of bytes from its beginning.
type opening func() (io.ReadCloser, error)

// hash returns the SHA-256 of the stream in hex, "" if it cannot be read.
func (o opening) hash() string {
	r, err := o()
	if err != nil {
		return ""
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.CopyBuffer(h, onlyReader{r}, make([]byte, 256<<10)); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// onlyReader hides other methods, so that a copy uses the buffer given.
type onlyReader struct{ io.Reader }

// section opens what r holds.
func section(r io.ReaderAt, size int64) opening {
	return func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, 0, size)), nil }
}

// headReader gives access to the beginning of a stream before it is read.
type headReader struct {
	r    io.Reader
	head []byte
	err  error
}

// peek returns up to n bytes from the beginning, and whether that is all there is.
func (h *headReader) peek(n int) (head []byte, whole bool) {
	for len(h.head) < n && h.err == nil {
		if cap(h.head) < n {
			h.head = append(make([]byte, 0, n), h.head...)
		}
		var k int
		k, h.err = h.r.Read(h.head[len(h.head):n])
		h.head = h.head[:len(h.head)+k]
	}
	return h.head, len(h.head) <= n && h.err != nil
}

func (h *headReader) Read(p []byte) (int, error) {
	if len(h.head) > 0 {
		n := copy(p, h.head)
		h.head = h.head[n:]
		return n, nil
	}
	if h.err != nil {
		return 0, h.err
	}
	return h.r.Read(p)
}

// ratioSlack is what any file may expand to whatever its ratio: small files of
// blanks compress far better than 100:1 and do no harm.
const ratioSlack = 16 << 20

// guard stops a decompressor that yields too much.
type guard struct {
	r      io.Reader
	in     func() int64 // compressed bytes read so far
	out    int64
	limits Limits
	left   *int64 // expanded bytes that the file on disk may still yield
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.out += int64(n)
	*g.left -= int64(n)
	switch {
	case *g.left < 0:
		return 0, limitError("the file expands to more than " + sizeText(g.limits.Expanded))
	case g.out > ratioSlack && g.out > int64(g.limits.Ratio)*max(g.in(), 1):
		return 0, limitError("the file expands to more than " + sizeText(ratioSlack) + " at more than the allowed ratio: it looks like a decompression bomb")
	}
	return n, err
}

// countReader counts what is read through it.
type countReader struct {
	r io.Reader
	n int64
}

func (c *countReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// maxLayers is how many times a file may be compressed over.
const maxLayers = 3

var (
	gzipMagic = []byte{0x1F, 0x8B}
	zstdMagic = []byte{0x28, 0xB5, 0x2F, 0xFD}
	zipMagic  = []byte("PK\x03\x04")
	zipEmpty  = []byte("PK\x05\x06")
	pdfMagic  = []byte("%PDF-")
)

// expander undoes gzip and zstd.
type expander struct {
	limits Limits
	left   *int64
	closed []func()
}

func (e *expander) close() {
	for _, f := range e.closed {
		f()
	}
}

// open returns the stream behind all layers of compression, with its head in reach.
func (e *expander) open(r io.Reader) (*headReader, error) {
	h := &headReader{r: r}
	for layer := 0; ; layer++ {
		head, _ := h.peek(8)
		isGzip, isZstd := bytes.HasPrefix(head, gzipMagic), bytes.HasPrefix(head, zstdMagic)
		if !isGzip && !isZstd {
			return h, nil
		}
		if layer == maxLayers {
			return nil, limitError("compressed more than three times over")
		}
		in := &countReader{r: h}
		var out io.Reader
		if isGzip {
			z, err := gzip.NewReader(in)
			if err != nil {
				return nil, err
			}
			out = z
		} else {
			z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
			if err != nil {
				return nil, err
			}
			e.closed = append(e.closed, z.Close)
			out = z
		}
		h = &headReader{r: &guard{r: out, in: func() int64 { return in.n }, limits: e.limits, left: e.left}}
	}
}
