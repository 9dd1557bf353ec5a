package resume

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/source/frame"
)

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// photo paints something with enough detail to be told from other pictures.
func photo(w, h int, light float64) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			v := 120 + light + 40*math.Sin(7*fx+3*fy*fy) + 30*math.Cos(11*fy-5*fx*fx) + 20*math.Sin(17*fx*fy) + 15*math.Cos(19*(fx-fy)) + 12*math.Sin(23*fx)*math.Sin(21*fy)
			m.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v * 0.9), uint8(v * 0.8), 255})
		}
	}
	return m
}

func encoded(t testing.TB, format string, m image.Image) string {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 70})
	case "gif":
		p := image.NewPaletted(m.Bounds(), palette.Plan9)
		draw.FloydSteinberg.Draw(p, p.Rect, m, image.Point{})
		err = gif.Encode(&b, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// claimedPNG is the head of a PNG file that says how large it is, without the picture.
func claimedPNG(w, h uint32, bits byte) string {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	head = append(head, bits, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return string(binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head)))
}

func media(t testing.TB, files map[string]string) []*zip.File {
	t.Helper()
	data := docx(t, files)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return z.File
}

// TestPictures: which pictures get which hashes, and what is told.
func TestPictures(t *testing.T) {
	face := photo(160, 200, 0)
	logo := image.NewRGBA(image.Rect(0, 0, 100, 100))
	draw.Draw(logo, image.Rect(20, 20, 80, 80), image.NewUniform(color.RGBA{0, 80, 160, 255}), image.Point{}, draw.Src)
	for _, c := range []struct {
		name, file, data string
		sha, phash       bool
		refused          string
	}{
		{"PNG", "a.png", encoded(t, "png", face), true, true, ""},
		{"JPEG", "a.jpeg", encoded(t, "jpeg", face), true, true, ""},
		{"GIF", "a.gif", encoded(t, "gif", face), true, true, ""},
		{"wrong ending", "a.bin", encoded(t, "png", face), true, true, ""},
		{"unknown format", "a.webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", true, false, ""},
		{"empty", "a.png", "", false, false, ""},
		{"drawing", "a.emf", "\x01\x00\x00\x00", false, false, ""},
		{"icon", "a.png", encoded(t, "png", photo(31, 64, 0)), false, false, ""},
		{"banner", "a.png", encoded(t, "png", photo(400, 100, 0)), false, false, ""},
		{"flat logo", "a.png", encoded(t, "png", logo), false, false, ""},
		{"41 megapixels", "a.png", claimedPNG(6400, 6407, 8), true, false, frame.ReasonLimit},
		{"as large in memory", "a.png", claimedPNG(5000, 5000, 16), true, false, frame.ReasonLimit},
		{"dimensions overflow", "a.png", claimedPNG(1<<31-1, 1<<31-1, 8), true, false, frame.ReasonEncoding},
		{"cut off", "a.png", encoded(t, "png", face)[:500], true, false, frame.ReasonEncoding},
		{"head only", "a.jpeg", "\xff\xd8\xff\xe0", true, false, frame.ReasonEncoding},
		{"too many bytes", "a.png", strings.Repeat("x", maxPart+1), false, false, frame.ReasonLimit},
	} {
		hashes, _, refused := pictures(media(t, map[string]string{"word/media/" + c.file: c.data})).result()
		sha := slices.Contains(hashes, "sha256:"+sumOf(c.data))
		phash := slices.ContainsFunc(hashes, func(h string) bool { return strings.HasPrefix(h, "phash:") })
		if sha != c.sha || phash != c.phash || refused != c.refused || len(hashes) > 2 {
			t.Errorf("%s: hashes %q, refused %q", c.name, hashes, refused)
		}
	}
}

// TestPictureOfOnePersonTwice: the same portrait, brightened, scaled and saved as JPEG.
func TestPictureOfOnePersonTwice(t *testing.T) {
	hash := func(data string) uint64 {
		hashes, _, _ := pictures(media(t, map[string]string{"word/media/image1.bin": data})).result()
		if len(hashes) != 2 {
			t.Fatalf("hashes %q", hashes)
		}
		h, ok := match.ParsePictureHash(strings.TrimPrefix(hashes[0], "phash:"))
		if !ok {
			t.Fatalf("hash %q", hashes[0])
		}
		return h
	}
	a, b := hash(encoded(t, "png", photo(160, 200, 0))), hash(encoded(t, "jpeg", photo(240, 300, 10)))
	if d := match.PictureDistance(a, b); d > match.PictureNear {
		t.Errorf("%d bits apart", d)
	}
}

// TestPictureLimits: a document of many pictures is read up to its limits, and that
// is told.
func TestPictureLimits(t *testing.T) {
	many := map[string]string{}
	for i := range maxPictures + 1 {
		many[fmt.Sprintf("word/media/image%03d.png", i)] = encoded(t, "png", photo(40+i, 40, 0))
	}
	hashes, _, refused := pictures(media(t, many)).result()
	if sums := slices.DeleteFunc(hashes, func(h string) bool { return strings.HasPrefix(h, "phash:") }); len(sums) != maxPictures || refused != frame.ReasonLimit {
		t.Errorf("%d pictures, refused %q", len(sums), refused)
	}

	a := album{bytes: maxMediaBytes - 100, pixels: maxAllPixels - 100}
	face := encoded(t, "png", photo(50, 50, 0))
	if _, ok := a.look([]byte(face)); !ok || a.refused != frame.ReasonLimit {
		t.Errorf("too many pixels together: refused %q", a.refused)
	}
	b := album{bytes: maxMediaBytes - 100}
	if b.add(media(t, map[string]string{"word/media/a.png": face})[0]); len(b.hashes) > 0 || b.refused != frame.ReasonLimit {
		t.Errorf("too many bytes together: hashes %q, refused %q", b.hashes, b.refused)
	}
}

// TestRefusedPictureKeepsTheRest: the text and the other pictures are read, and the
// refusal stands in the report.
func TestRefusedPictureKeepsTheRest(t *testing.T) {
	p := parts()
	p["word/media/image1.png"] = claimedPNG(50_000, 50_000, 8)
	p["word/media/image2.png"] = encoded(t, "png", photo(160, 200, 0))
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cv.docx"), docx(t, p), 0o600); err != nil {
		t.Fatal(err)
	}
	report, records := readDir(t, dir)
	if len(records) != 4 {
		t.Fatalf("%d records, want 4", len(records))
	}
	if d := records[0].(*record.Document); len(d.ImageHashes) != 3 || !strings.HasPrefix(d.ImageHashes[0], "phash:") || d.Author == "" {
		t.Errorf("document %+v", d)
	}
	if len(report.Quarantine) != 1 || report.Quarantine[0].Field != "image_hashes" || report.Quarantine[0].Reason != frame.ReasonLimit || !report.Files[0].Incomplete {
		t.Errorf("quarantine %+v, file %+v", report.Quarantine, report.Files[0])
	}
}
