package frame

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoding says how a file's bytes become UTF-8.
type decoding struct {
	mark int               // bytes of the byte order mark
	enc  encoding.Encoding // nil: bytes are passed on as they are
}

// charsetOf looks at the beginning of a file. UTF-16 without a mark is taken
// where every second byte of plain text is zero.
func charsetOf(head []byte) decoding {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return decoding{mark: 3}
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return decoding{mark: 2, enc: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return decoding{mark: 2, enc: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	}
	sample := head[:min(len(head), 1024)&^1]
	var zero, text [2]int
	for i, c := range sample {
		switch {
		case c == 0:
			zero[i&1]++
		case c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c < 0x7F:
			text[i&1]++
		}
	}
	most := len(sample) / 2 * 9 / 10
	switch {
	case len(sample) < 8 || most == 0:
	case zero[1] >= most && text[0] >= most:
		return decoding{enc: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	case zero[0] >= most && text[1] >= most:
		return decoding{enc: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	}
	return decoding{}
}

// reader passes over the mark of r and decodes what follows.
func (d decoding) reader(r io.Reader) (io.Reader, error) {
	if _, err := io.CopyN(io.Discard, r, int64(d.mark)); err != nil {
		return nil, err
	}
	if d.enc == nil {
		return r, nil
	}
	return d.enc.NewDecoder().Reader(r), nil
}

// decodeText returns text as UTF-8. Bytes that are not UTF-8 are read as
// Windows-1252, the charset of spreadsheets saved in western Europe and America, or
// as Mac OS Roman where lines end as old Mac programs end them, with a lone
// carriage return. It reports false where that does not explain them either: an
// undefined byte, or UTF-8 and Windows-1252 in one row.
func decodeText(b []byte, nl byte) ([]byte, bool) {
	if utf8.Valid(b) {
		return b, true
	}
	set := charmap.Windows1252
	if nl == '\r' {
		set = charmap.Macintosh
	}
	out := make([]byte, 0, len(b)+len(b)/8+8)
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			out = append(out, b[i])
			i++
			continue
		}
		if r, n := utf8.DecodeRune(b[i:]); r != utf8.RuneError && n > 1 && nl != '\r' {
			return b, false
		}
		r := set.DecodeByte(b[i])
		if r == utf8.RuneError || r >= 0x80 && r < 0xA0 {
			return b, false
		}
		out = utf8.AppendRune(out, r)
		i++
	}
	return out, true
}

// sizeText writes a number of bytes for the user.
func sizeText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
