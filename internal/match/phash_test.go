package match

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// scene paints a picture with light and shadow at all scales, as photographs have.
func scene(seed uint64, w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 7))
	type blob struct{ x, y, radius, light, tint float64 }
	var blobs []blob
	for _, radius := range []float64{0.5, 0.3, 0.3, 0.2, 0.2, 0.2, 0.12, 0.12, 0.12, 0.12, 0.12, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07, 0.07} {
		blobs = append(blobs, blob{r.Float64(), r.Float64(), radius, (r.Float64() - 0.5) * 130, r.Float64()})
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v, c := 120.0, 0.0
			for _, b := range blobs {
				dx, dy := (float64(x)+0.5)/float64(w)-b.x, (float64(y)+0.5)/float64(h)-b.y
				g := math.Exp(-(dx*dx + dy*dy) / (b.radius * b.radius / 2))
				v += b.light * g
				c += 20 * b.tint * g
			}
			m.SetRGBA(x, y, color.RGBA{clamp(v + c), clamp(v), clamp(v - c), 255})
		}
	}
	return m
}

func clamp(v float64) uint8 { return uint8(max(0, min(255, v+0.5))) }

func remap(m *image.RGBA, change func(float64) float64) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	for i, v := range m.Pix {
		out.Pix[i] = v
		if i%4 != 3 {
			out.Pix[i] = clamp(change(float64(v)))
		}
	}
	return out
}

// scaled samples the picture at another size, bilinearly.
func scaled(m *image.RGBA, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	sw, sh := m.Rect.Dx(), m.Rect.Dy()
	for y := range h {
		for x := range w {
			fx := max(0, min(float64(sw-1), (float64(x)+0.5)*float64(sw)/float64(w)-0.5))
			fy := max(0, min(float64(sh-1), (float64(y)+0.5)*float64(sh)/float64(h)-0.5))
			x0, y0 := int(fx), int(fy)
			x1, y1 := min(x0+1, sw-1), min(y0+1, sh-1)
			ax, ay := fx-float64(x0), fy-float64(y0)
			for c := range 4 {
				at := func(x, y int) float64 { return float64(m.Pix[m.PixOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y)+c]) }
				v := (at(x0, y0)*(1-ax)+at(x1, y0)*ax)*(1-ay) + (at(x0, y1)*(1-ax)+at(x1, y1)*ax)*ay
				out.Pix[out.PixOffset(x, y)+c] = clamp(v)
			}
		}
	}
	return out
}

func trimmed(m *image.RGBA, share float64) *image.RGBA {
	dx, dy := int(float64(m.Rect.Dx())*share), int(float64(m.Rect.Dy())*share)
	return m.SubImage(image.Rect(dx, dy, m.Rect.Max.X-dx, m.Rect.Max.Y-dy)).(*image.RGBA)
}

func recompressed(t interface{ Fatal(...any) }, m image.Image, quality int) image.Image {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func hashOf(t interface {
	Helper()
	Fatal(...any)
}, m image.Image,
) uint64 {
	t.Helper()
	h, ok := PictureHash(m)
	if !ok {
		t.Fatal("the picture was refused")
	}
	return h
}

// TestPictureHashEdits is the property of A11: an edit leaves a picture within 6 bits.
func TestPictureHashEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		w, h := rapid.IntRange(64, 240).Draw(t, "width"), rapid.IntRange(64, 240).Draw(t, "height")
		m := scene(seed, w, h)
		own, ok := PictureHash(m)
		if !ok {
			return
		}
		var edited image.Image
		switch edit := rapid.SampledFrom([]string{"brighter", "contrast", "scale", "jpeg", "trim", "all"}).Draw(t, "edit"); edit {
		case "brighter":
			by := rapid.Float64Range(-15, 15).Draw(t, "by")
			edited = remap(m, func(v float64) float64 { return v + by })
		case "contrast":
			by := rapid.Float64Range(0.75, 1.1).Draw(t, "by")
			edited = remap(m, func(v float64) float64 { return 128 + (v-128)*by })
		case "scale":
			by := rapid.Float64Range(0.6, 3).Draw(t, "by")
			edited = scaled(m, max(40, int(float64(w)*by)), max(40, int(float64(h)*by)))
		case "jpeg":
			edited = recompressed(t, m, rapid.IntRange(50, 95).Draw(t, "quality"))
		case "trim": // one pixel in a hundred at each edge
			w, h = w+200, h+200
			m = scene(seed, w, h)
			if own, ok = PictureHash(m); !ok {
				return
			}
			edited = trimmed(m, 0.01)
		case "all":
			edited = recompressed(t, scaled(remap(m, func(v float64) float64 { return v*0.95 + 8 }), w*3/4+20, h*3/4+20), 75)
		}
		got, ok := PictureHash(edited)
		if d := PictureDistance(own, got); !ok || d > PictureNear {
			t.Fatalf("distance %d, accepted %v", d, ok)
		}
	})
}

// TestPictureHashTells is the other half: pictures that show different things are far apart.
func TestPictureHashTells(t *testing.T) {
	var all []uint64
	for seed := range uint64(60) {
		all = append(all, hashOf(t, scene(seed, 90, 120)))
	}
	sum, pairs := 0, 0
	for j := range all {
		for i := range j {
			d := PictureDistance(all[i], all[j])
			if d <= 2*PictureNear {
				t.Errorf("pictures %d and %d are %d bits apart", i, j, d)
			}
			sum, pairs = sum+d, pairs+1
		}
	}
	if mean := float64(sum) / float64(pairs); mean < 28 || mean > 36 {
		t.Errorf("the mean distance is %.1f bits, want about 32", mean)
	}
}

// TestPictureTypes: what a decoder returns makes no difference.
func TestPictureTypes(t *testing.T) {
	m := scene(3, 150, 110)
	want := hashOf(t, m)
	for name, to := range map[string]draw.Image{
		"Gray": image.NewGray(m.Rect), "Gray16": image.NewGray16(m.Rect), "NRGBA": image.NewNRGBA(m.Rect), "RGBA64": image.NewRGBA64(m.Rect),
		"CMYK": image.NewCMYK(m.Rect), "Paletted": image.NewPaletted(m.Rect, palette.WebSafe),
		"moved": image.NewRGBA(m.Rect.Add(image.Pt(7, -9))),
	} {
		if name == "Paletted" {
			draw.FloydSteinberg.Draw(to, to.Bounds(), m, image.Point{})
		} else {
			draw.Draw(to, to.Bounds(), m, image.Point{}, draw.Src)
		}
		if d := PictureDistance(want, hashOf(t, to)); d > 2 && name != "Paletted" || d > PictureNear {
			t.Errorf("%s: distance %d", name, d)
		}
	}
	sub := image.NewRGBA(image.Rect(0, 0, 400, 400))
	draw.Draw(sub, m.Rect.Add(image.Pt(100, 200)), m, image.Point{}, draw.Src)
	if got := hashOf(t, sub.SubImage(m.Rect.Add(image.Pt(100, 200)))); got != want {
		t.Errorf("a part of a picture: %016x, want %016x", got, want)
	}
}

// TestPictureHashTransparent: what is transparent is the paper.
func TestPictureHashTransparent(t *testing.T) {
	m := scene(5, 120, 120)
	clear, white := image.NewNRGBA(m.Rect), image.NewNRGBA(m.Rect)
	for y := range 120 {
		for x := range 120 {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			clear.SetNRGBA(x, y, c)
			white.SetNRGBA(x, y, c)
			if y > 80 {
				clear.SetNRGBA(x, y, color.NRGBA{c.R, c.G, c.B, 0})
				white.SetNRGBA(x, y, color.NRGBA{255, 255, 255, 255})
			}
		}
	}
	over := image.NewRGBA(m.Rect)
	draw.Draw(over, over.Rect, clear, image.Point{}, draw.Src)
	want := hashOf(t, white)
	if a, b := hashOf(t, clear), hashOf(t, over); a != want || b != want {
		t.Errorf("%016x and %016x, want %016x", a, b, want)
	}
}

// TestPictureHashRefuses: pictures that hold too little are no evidence.
func TestPictureHashRefuses(t *testing.T) {
	fill := func(c color.Color) *image.RGBA {
		m := image.NewRGBA(image.Rect(0, 0, 200, 160))
		draw.Draw(m, m.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		return m
	}
	logo := fill(color.White)
	for y := range 160 {
		for x := range 200 {
			if d := (x-100)*(x-100) + (y-80)*(y-80); d < 3600 && d > 1600 || x > 90 && x < 110 {
				logo.SetRGBA(x, y, color.RGBA{20, 60, 150, 255})
			}
		}
	}
	slope := fill(color.White)
	for y := range 160 {
		for x := range 200 {
			slope.SetRGBA(x, y, color.RGBA{uint8(x), uint8(x), uint8(x), 255})
		}
	}
	noise := fill(color.Gray{128})
	r := rand.New(rand.NewPCG(1, 1))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(126 + r.IntN(4))
	}
	for name, m := range map[string]image.Image{
		"white": fill(color.White), "black": fill(color.Black), "transparent": fill(color.Transparent), "logo": logo, "slope": slope, "noise": noise,
		"logo as JPEG": recompressed(t, logo, 80), "empty": image.NewGray(image.Rectangle{}), "dot": image.NewGray(image.Rect(0, 0, 1, 1)),
	} {
		if h, ok := PictureHash(m); ok {
			t.Errorf("%s: accepted as %016x", name, h)
		}
	}
}

func TestParsePictureHash(t *testing.T) {
	for s, ok := range map[string]bool{
		"0123456789abcdef": true, "00FF00ff00ff00ff": true, "0000000000000000": false, "ffffffffffffffff": false, "8000000000000000": false,
		"": false, "0123456789abcde": false, "0123456789abcdeg": false, "+123456789abcdef": false, "-123456789abcdef": false,
	} {
		h, got := ParsePictureHash(s)
		if got != ok {
			t.Errorf("%q: accepted %v, want %v", s, got, ok)
		}
		if got {
			if again, _ := ParsePictureHash(FormatPictureHash(h)); again != h {
				t.Errorf("%q becomes %s", s, FormatPictureHash(h))
			}
		}
	}
	if s := FormatPictureHash(0xab); s != "00000000000000ab" {
		t.Error(s)
	}
}

func comparePictures(x, y NearPicture) int {
	return slices.Compare([]int{x.I, x.J}, []int{y.I, y.J})
}

// TestNearPictures holds the index against comparing everything with everything.
func TestNearPictures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var hashes []uint64
		for range rapid.IntRange(0, 60).Draw(t, "pictures") {
			h := r.Uint64()
			for range 4 {
				hashes = append(hashes, h)
				for range r.IntN(6) {
					h ^= 1 << r.IntN(64)
				}
			}
		}
		slices.Sort(hashes)
		hashes = slices.Compact(hashes)
		r.Shuffle(len(hashes), func(i, j int) { hashes[i], hashes[j] = hashes[j], hashes[i] })
		var got, want []NearPicture
		NearPictures(hashes, func(p NearPicture) { got = append(got, p) })
		for j := range hashes {
			for i := range j {
				if d := PictureDistance(hashes[i], hashes[j]); d <= PictureNear {
					want = append(want, NearPicture{i, j, d})
				}
			}
		}
		slices.SortFunc(got, comparePictures)
		slices.SortFunc(want, comparePictures)
		if !slices.Equal(got, want) {
			t.Fatalf("%d pairs, want %d", len(got), len(want))
		}
	})
}

func BenchmarkNearPictures(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	hashes := make([]uint64, 1_000_000)
	for i := range hashes {
		hashes[i] = r.Uint64()
	}
	for b.Loop() {
		NearPictures(hashes, func(NearPicture) {})
	}
}

func BenchmarkPictureHash(b *testing.B) {
	m := recompressed(b, scene(1, 1000, 1000), 90)
	for b.Loop() {
		PictureHash(m)
	}
}
