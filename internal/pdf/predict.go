package pdf

import (
	"bytes"
	"compress/lzw"
	"io"
)

// unlzw undoes LZW as of TIFF: codes grow one early unless EarlyChange is 0. The
// standard library has the other kind only.
func (f *file) unlzw(data []byte, parms dict) ([]byte, error) {
	if v, ok := parms["EarlyChange"]; ok && integer(v) == 0 {
		return f.take(lzw.NewReader(bytes.NewReader(data), lzw.MSB, 8))
	}
	return f.take(&earlyLZW{b: data, width: 9, next: 258, last: -1})
}

// earlyLZW decompresses LZW whose codes grow one code early.
type earlyLZW struct {
	b           []byte
	at          int // bit
	width, next int
	last        int // code before this one, -1 behind a clear code
	prefix      [4096]int16
	suffix      [4096]byte
	stack       [4096]byte
	pending     []byte
}

func (z *earlyLZW) Read(p []byte) (int, error) {
	for len(z.pending) == 0 {
		if !z.step() {
			return 0, io.EOF
		}
	}
	n := copy(p, z.pending)
	z.pending = z.pending[n:]
	return n, nil
}

// step reads one code and expands it.
func (z *earlyLZW) step() bool {
	if z.at+z.width > 8*len(z.b) {
		return false
	}
	code := 0
	for i := range z.width {
		k := z.at + i
		code = code<<1 | int(z.b[k>>3]>>(7-k&7)&1)
	}
	z.at += z.width
	switch {
	case code == 256:
		z.width, z.next, z.last = 9, 258, -1
		return true
	case code == 257 || code > z.next || z.last < 0 && code > 255:
		return false
	}
	from := code
	i := len(z.stack)
	if code == z.next { // the code that is being made: its first byte is its last
		i--
		from = z.last
	}
	for from > 257 && i > 1 {
		i--
		z.stack[i] = z.suffix[from]
		from = int(z.prefix[from])
	}
	i--
	z.stack[i] = byte(from)
	if code == z.next {
		z.stack[len(z.stack)-1] = z.stack[i]
	}
	if z.last >= 0 && z.next < 4096 {
		z.prefix[z.next], z.suffix[z.next] = int16(z.last), z.stack[i]
		z.next++
	}
	if z.next+1 >= 1<<z.width && z.width < 12 {
		z.width++
	}
	z.last = code
	z.pending = z.stack[i:]
	return true
}

// predict undoes the predictors of PNG and TIFF.
func (f *file) predict(data []byte, parms dict) []byte {
	kind := f.integer(parms["Predictor"])
	if kind < 2 {
		return data
	}
	colors, bits, columns := 1, 8, 1
	for k, to := range map[name]*int{"Colors": &colors, "BitsPerComponent": &bits, "Columns": &columns} {
		if n := f.integer(parms[k]); n > 0 {
			*to = n
		}
	}
	if colors > 32 || bits > 16 || columns > 1<<20 {
		return data
	}
	step, row := (colors*bits+7)/8, (colors*bits*columns+7)/8
	if kind == 2 {
		if bits == 8 {
			for at := 0; at+row <= len(data); at += row {
				for i := at + step; i < at+row; i++ {
					data[i] += data[i-step]
				}
			}
		}
		return data
	}
	out := data[:0]
	above := make([]byte, row)
	for len(data) > 1 {
		line := data[1:min(len(data), row+1)]
		unfilter(data[0], line, above, step)
		data = data[len(line)+1:]
		at := len(out)
		out = append(out, line...)
		above = append(above[:0], out[at:]...)
		for len(above) < row {
			above = append(above, 0)
		}
	}
	return out
}

// unfilter undoes one filter of PNG (its section 9) in place.
func unfilter(kind byte, line, above []byte, step int) {
	for i := range line {
		var left, corner byte
		if i >= step {
			left, corner = line[i-step], above[i-step]
		}
		switch kind {
		case 1:
			line[i] += left
		case 2:
			line[i] += above[i]
		case 3:
			line[i] += byte((int(left) + int(above[i])) / 2)
		case 4:
			line[i] += paeth(left, above[i], corner)
		}
	}
}

func paeth(a, b, c byte) byte {
	pa, pb, pc := int(b)-int(c), int(a)-int(c), int(a)+int(b)-2*int(c)
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}
