package match

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
)

// PictureNear is the Hamming distance of two perceptual hashes up to which two
// pictures are taken for one (catalogue, A11). Unrelated pictures differ in 32 of
// the bits on average.
const PictureNear = 6

const (
	pictureSide = 32 // the side that pictures are scaled to before the transform
	pictureLow  = 8  // frequencies per direction that are kept
)

// Below these a picture holds too little to be told from others: a blank page, a
// rule, a one-coloured logo. Measured against recompression at JPEG quality 50,
// which moves a coefficient by about one grey level.
const (
	leastSpread = 6.0  // standard deviation of the scaled picture, grey levels of 256
	leastSwing  = 1.5  // distance of a coefficient from the median, grey levels
	leastClear  = 32   // coefficients of 63 that must be that far from it
	mostFlat    = 0.92 // share of the pixels within the commonest flatBins of 64 grey tones
	flatBins    = 4
)

// PictureHash returns the 64-bit perceptual hash of a picture: bit 8v+u says whether
// the coefficient of frequency (u, v) of a 32 by 32 grey version's cosine transform
// is above the median of the lowest 64 without the constant one, whose bit is 0
// (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions",
// 2010, 3.2.1). Brightness, contrast, scale, recompression and a trim of the edges
// change few bits; transparent parts are white. ok is false for pictures that hold too little to be
// compared: blank ones and flat drawings. The hash knows nothing about faces.
func PictureHash(img image.Image) (hash uint64, ok bool) {
	small, flat := thumbnail(img)
	if small == nil || flat || spread(small) < leastSpread {
		return 0, false
	}
	low := lowFrequencies(small)
	sorted := slices.Clone(low[1:])
	slices.Sort(sorted)
	median, clear := sorted[len(sorted)/2], 0
	for i, c := range low[1:] {
		if c > median {
			hash |= 1 << (i + 1)
		}
		if math.Abs(c-median) >= leastSwing {
			clear++
		}
	}
	return hash, clear >= leastClear && hash != 0
}

// FormatPictureHash writes a hash as 16 hexadecimal digits.
func FormatPictureHash(hash uint64) string {
	s := strconv.FormatUint(hash, 16)
	return strings.Repeat("0", 16-len(s)) + s
}

// ParsePictureHash reads 16 hexadecimal digits. ok is false for anything else, and
// for hashes with fewer than 8 bits set or unset: other programs give those to
// blank pictures.
func ParsePictureHash(s string) (hash uint64, ok bool) {
	if len(s) != 16 {
		return 0, false
	}
	hash, err := strconv.ParseUint(s, 16, 64)
	if err != nil {
		return 0, false
	}
	n := onesCount(hash)
	return hash, n >= 8 && n <= 56
}

// thumbnail scales a picture to 32 by 32 grey levels (0 to 255) by averaging areas,
// row by row. flat says that nearly all pixels have one of a few tones. The result
// is nil for an empty picture.
func thumbnail(img image.Image) (small []float64, flat bool) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if w <= 0 || h <= 0 {
		return nil, false
	}
	small = make([]float64, pictureSide*pictureSide)
	row, cells := make([]uint8, w), make([]float64, pictureSide)
	across := spans(w)
	down := float64(pictureSide) / float64(h)
	read := reader(img)
	var tones [64]int
	for y := range h {
		read(y, row)
		for _, v := range row {
			tones[v>>2]++
		}
		for i, s := range across {
			cells[i] = s.mean(row)
		}
		// The row covers [y, y+1) of h: usually a part of one cell, or of two.
		top, bottom := float64(y)*down, float64(y+1)*down
		for cell := int(top); cell < pictureSide && float64(cell) < bottom; cell++ {
			part := min(bottom, float64(cell+1)) - max(top, float64(cell))
			for i, v := range cells {
				small[cell*pictureSide+i] += part * v
			}
		}
	}
	slices.Sort(tones[:])
	common := 0
	for _, n := range tones[len(tones)-flatBins:] {
		common += n
	}
	return small, float64(common) > mostFlat*float64(w)*float64(h)
}

// span is the part of a row that one cell covers.
type span struct {
	first, last int     // pixels
	head, tail  float64 // shares of the first and the last that belong to it
	total       float64
}

// spans divides a row of w pixels among the cells.
func spans(w int) []span {
	out := make([]span, pictureSide)
	for i := range out {
		lo, hi := float64(i)*float64(w)/pictureSide, float64(i+1)*float64(w)/pictureSide
		s := span{first: int(lo), last: min(int(math.Ceil(hi))-1, w-1), total: hi - lo}
		if s.first == s.last {
			s.head, s.tail = hi-lo, 0
		} else {
			s.head, s.tail = float64(s.first+1)-lo, hi-float64(s.last)
		}
		out[i] = s
	}
	return out
}

func (s *span) mean(row []uint8) float64 {
	sum := s.head*float64(row[s.first]) + s.tail*float64(row[s.last])
	inner := 0
	for x := s.first + 1; x < s.last; x++ {
		inner += int(row[x])
	}
	return (sum + float64(inner)) / s.total
}

// reader returns a function that writes the luma of row y. The types that the
// decoders of the standard library return are read without a call per pixel.
func reader(img image.Image) func(y int, row []uint8) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.Gray:
		return func(y int, row []uint8) { copy(row, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]) }
	case *image.YCbCr:
		return func(y int, row []uint8) { copy(row, m.Y[m.YOffset(b.Min.X, b.Min.Y+y):]) }
	case *image.RGBA:
		return func(y int, row []uint8) {
			pix := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range row {
				p := pix[4*x : 4*x+4 : 4*x+4]
				row[x] = luma(uint32(p[0]), uint32(p[1]), uint32(p[2])) + 255 - p[3]
			}
		}
	case *image.NRGBA:
		return func(y int, row []uint8) {
			pix := m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):]
			for x := range row {
				p := pix[4*x : 4*x+4 : 4*x+4]
				a := uint32(p[3])
				row[x] = uint8((uint32(luma(uint32(p[0]), uint32(p[1]), uint32(p[2])))*a + 255*(255-a)) / 255)
			}
		}
	case *image.Paletted:
		var tones [256]uint8
		for i := range tones {
			tones[i] = 255
			if i < len(m.Palette) {
				tones[i] = tone(m.Palette[i])
			}
		}
		return func(y int, row []uint8) {
			for x, v := range m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):][:len(row)] {
				row[x] = tones[v]
			}
		}
	}
	return func(y int, row []uint8) {
		for x := range row {
			row[x] = tone(img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
}

// luma weighs 8-bit channels as JFIF does.
func luma(r, g, b uint32) uint8 { return uint8((19595*r + 38470*g + 7471*b) >> 16) }

// tone is the luma of a colour on white paper.
func tone(c color.Color) uint8 {
	r, g, b, a := c.RGBA()
	return luma(r>>8, g>>8, b>>8) + 255 - uint8(a>>8)
}

func spread(small []float64) float64 {
	var sum, squares float64
	for _, v := range small {
		sum += v
		squares += v * v
	}
	n := float64(len(small))
	return math.Sqrt(max(0, squares/n-sum/n*sum/n))
}

// cosines holds the first rows of the orthonormal DCT-II of 32 values.
var cosines = func() (c [pictureLow][pictureSide]float64) {
	for u := range c {
		scale := math.Sqrt(2.0 / pictureSide)
		if u == 0 {
			scale = math.Sqrt(1.0 / pictureSide)
		}
		for x := range c[u] {
			c[u][x] = scale * math.Cos(math.Pi*float64(u)*(2*float64(x)+1)/(2*pictureSide))
		}
	}
	return c
}()

// lowFrequencies returns the coefficients (u, v) with u, v < 8 at 8v+u. The products are
// rounded before they are added, so that no machine fuses the two and flips a bit.
func lowFrequencies(small []float64) []float64 {
	var rows [pictureSide][pictureLow]float64
	for y := range rows {
		for u := range pictureLow {
			for x, v := range small[y*pictureSide : (y+1)*pictureSide] {
				rows[y][u] += float64(cosines[u][x] * v)
			}
		}
	}
	low := make([]float64, pictureLow*pictureLow)
	for v := range pictureLow {
		for u := range pictureLow {
			for y := range rows {
				low[v*pictureLow+u] += float64(cosines[v][y] * rows[y][u])
			}
		}
	}
	return low
}
