package pdf

import (
	"image"
	"image/color"
)

// Image is a picture that a page shows. Its bytes are read when they are asked for.
type Image struct {
	Width, Height int // pixels, by the file
	f             *file
	s             *stream
}

// Encoded reports whether the picture is a file of its own format, such as JPEG, and
// not samples.
func (m *Image) Encoded() bool {
	names, _ := m.f.filters(m.s)
	for _, n := range names {
		switch n {
		case "DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode":
			return true
		}
	}
	return false
}

// Picture is the content of an [Image].
type Picture struct {
	Data   []byte      // an encoded file if Filter is set, else samples in rows
	Filter string      // "DCTDecode" (JPEG), "JPXDecode", "CCITTFaxDecode", "JBIG2Decode"; "" for samples
	Pixels image.Image // of samples whose colours are known, else nil
}

// Read returns the picture. The caller checks Width and Height first: samples take
// up to four bytes a pixel.
func (m *Image) Read() (Picture, error) {
	data, left, err := m.f.undo(m.s)
	if err != nil || left != "" {
		return Picture{Data: data, Filter: string(long(left))}, err
	}
	p := Picture{Data: data}
	w, h, bits := m.Width, m.Height, m.f.integer(either(m.s.dict, "BitsPerComponent", "BPC"))
	space := m.space(either(m.s.dict, "ColorSpace", "CS"), 0)
	if w <= 0 || h <= 0 || w > 1<<16 || h > 1<<16 || space.parts == 0 {
		return p, nil
	}
	switch bits {
	case 1, 2, 4, 8, 16:
	default:
		return p, nil
	}
	row := (w*space.parts*bits + 7) / 8
	if len(data) < row*h {
		return p, ErrDamaged
	}
	p.Pixels = paint(data, w, h, bits, row, space)
	return p, nil
}

func long(n name) name {
	switch n {
	case "DCT":
		return "DCTDecode"
	case "CCF":
		return "CCITTFaxDecode"
	}
	return n
}

// colours says how samples become colours.
type colours struct {
	parts   int // samples a pixel
	palette []color.RGBA
}

func (m *Image) space(v any, depth int) colours {
	f := m.f
	if depth > 4 {
		return colours{}
	}
	switch x := f.resolve(v).(type) {
	case name:
		switch x {
		case "DeviceGray", "CalGray", "G":
			return colours{parts: 1}
		case "DeviceRGB", "CalRGB", "RGB":
			return colours{parts: 3}
		case "DeviceCMYK", "CMYK":
			return colours{parts: 4}
		}
	case array:
		if len(x) < 2 {
			if len(x) == 1 {
				return m.space(x[0], depth+1)
			}
			return colours{}
		}
		switch f.name(x[0]) {
		case "CalGray":
			return colours{parts: 1}
		case "CalRGB":
			return colours{parts: 3}
		case "ICCBased":
			if n := f.integer(f.dict(x[1])["N"]); n == 1 || n == 3 || n == 4 {
				return colours{parts: n}
			}
		case "Indexed", "I":
			if len(x) == 4 {
				return m.indexed(x, depth)
			}
		}
	}
	return colours{}
}

func (m *Image) indexed(x array, depth int) colours {
	base := m.space(x[1], depth+1)
	if base.palette != nil || base.parts == 0 {
		return colours{}
	}
	var entries []byte
	switch t := m.f.resolve(x[3]).(type) {
	case string:
		entries = []byte(t)
	case *stream:
		entries, _ = m.f.decode(t)
	}
	out := colours{parts: 1}
	for i := 0; i+base.parts <= len(entries) && len(out.palette) < 256; i += base.parts {
		out.palette = append(out.palette, rgba(entries[i:i+base.parts]))
	}
	if len(out.palette) == 0 {
		return colours{}
	}
	return out
}

func rgba(c []byte) color.RGBA {
	switch len(c) {
	case 1:
		return color.RGBA{c[0], c[0], c[0], 255}
	case 3:
		return color.RGBA{c[0], c[1], c[2], 255}
	}
	r, g, b := color.CMYKToRGB(c[0], c[1], c[2], c[3])
	return color.RGBA{r, g, b, 255}
}

func paint(data []byte, w, h, bits, row int, space colours) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	pixel := make([]byte, space.parts)
	for y := range h {
		line := data[y*row : (y+1)*row]
		for x := range w {
			for i := range pixel {
				pixel[i] = sample(line, x*space.parts+i, bits, space.palette == nil)
			}
			c := color.RGBA{}
			if space.palette == nil {
				c = rgba(pixel)
			} else {
				c = space.palette[min(int(pixel[0]), len(space.palette)-1)]
			}
			copy(out.Pix[out.PixOffset(x, y):], []byte{c.R, c.G, c.B, c.A})
		}
	}
	return out
}

// sample returns a sample as a byte, stretched to 0 to 255 unless it is an index.
func sample(line []byte, i, bits int, stretch bool) byte {
	switch bits {
	case 8:
		return line[i]
	case 16:
		return line[2*i]
	}
	at := i * bits
	v := int(line[at/8]) >> (8 - bits - at%8) & (1<<bits - 1)
	if stretch {
		v = v * 255 / (1<<bits - 1)
	}
	return byte(v)
}
