package resume

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path"
	"slices"
	"strings"
	"sync"

	"muster/internal/match"
	"muster/internal/source/frame"
)

// Limits on the pictures of one document. A picture of 40 megapixels takes 160 MB
// when it is decoded; a portrait from a telephone has 12 to 50 before a word
// processor scales it down.
const (
	maxPictures   = 50
	maxMediaBytes = 64 << 20
	maxPixels     = 40_000_000
	maxAllPixels  = 2 * maxPixels
	bigPixels     = maxPixels / 8
	leastSide     = 32 // pixels; smaller ones are icons and bullets
	mostOblong    = 3  // longer ones are rules, banners and signatures
)

// format is a picture format that the standard library decodes.
type format struct {
	magic  string
	config func(data []byte) (image.Config, error)
	decode func(data []byte) (image.Image, error)
}

var formats = []format{
	{
		"\x89PNG\r\n\x1a\n", func(data []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(data)) },
		func(data []byte) (image.Image, error) { return png.Decode(bytes.NewReader(data)) },
	},
	{
		"\xff\xd8\xff", func(data []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(data)) },
		func(data []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(data)) },
	},
	{
		"GIF8", func(data []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(data)) },
		func(data []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(data)) },
	},
}

// big lets one large picture at a time be decoded, however many documents are read
// side by side.
var big sync.Mutex

// drawings are vector formats: logos and icons, never photographs.
var drawings = []string{".emf", ".wmf", ".svg"}

// album hashes the pictures of one document within the limits.
type album struct {
	hashes  []string
	marks   []string
	refused string // reason of frame why a picture was not looked at; "" if all were
	bytes   int
	pixels  int64
}

// pictures hashes the pictures of a document: "sha256:" of each file, and "phash:"
// of those that the standard library decodes. Icons, rules and flat drawings have
// no hash, as the same ones stand in many documents.
func pictures(media []*zip.File) *album {
	a := &album{}
	for i, f := range media {
		if i == maxPictures {
			a.refuse(frame.ReasonLimit)
			break
		}
		if !slices.Contains(drawings, strings.ToLower(path.Ext(f.Name))) {
			a.add(f)
		}
	}
	return a
}

// result returns what was found, sorted. refused is the reason, of frame, why a
// picture was not looked at: those before and after it still are.
func (a *album) result() (hashes, marks []string, refused string) {
	slices.Sort(a.hashes)
	slices.Sort(a.marks)
	return slices.Compact(a.hashes), slices.Compact(a.marks), a.refused
}

// refuse notes a reason; a limit is told before damage.
func (a *album) refuse(reason string) {
	if a.refused != frame.ReasonLimit {
		a.refused = reason
	}
}

func (a *album) add(f *zip.File) {
	if a.bytes+int(min(f.UncompressedSize64, maxPart)) > maxMediaBytes {
		a.refuse(frame.ReasonLimit)
		return
	}
	data, err := readPart(f)
	a.bytes += len(data)
	switch {
	case errors.Is(err, errTooLarge):
		a.refuse(frame.ReasonLimit)
		return
	case err != nil:
		a.refuse(frame.ReasonEncoding)
		return
	}
	if hash, ok := a.look(data); ok {
		a.note(data, hash)
	}
}

// note keeps the hashes of a picture.
func (a *album) note(data []byte, hash string) {
	a.marks = append(a.marks, marks(data)...)
	sum := sha256.Sum256(data)
	a.hashes = append(a.hashes, "sha256:"+hex.EncodeToString(sum[:]))
	if hash != "" {
		a.hashes = append(a.hashes, "phash:"+hash)
	}
}

// small reports whether a picture is an icon or a rule.
func small(w, h int) bool {
	return min(w, h) < leastSide || max(w, h) > mostOblong*min(w, h)
}

// room takes the pixels of a picture from what is left for the document.
func (a *album) room(pixels, most int64) bool {
	if pixels > most || a.pixels+pixels > maxAllPixels {
		a.refuse(frame.ReasonLimit)
		return false
	}
	a.pixels += pixels
	return true
}

// look returns the perceptual hash of a picture, "" if it cannot be decoded. ok is
// false for what is no photograph.
func (a *album) look(data []byte) (hash string, ok bool) {
	i := slices.IndexFunc(formats, func(x format) bool { return bytes.HasPrefix(data, []byte(x.magic)) })
	if i < 0 {
		return "", len(data) > 0
	}
	c, err := formats[i].config(data)
	if err != nil {
		a.refuse(frame.ReasonEncoding)
		return "", true
	}
	pixels := int64(c.Width) * int64(c.Height) // the decoders refuse what overflows
	if c.ColorModel == color.RGBA64Model || c.ColorModel == color.NRGBA64Model {
		pixels *= 2 // 16 bits a channel take twice the room
	}
	if small(c.Width, c.Height) {
		return "", false
	}
	if !a.room(pixels, maxPixels) {
		return "", true
	}
	if pixels > bigPixels {
		big.Lock()
		defer big.Unlock()
	}
	img, err := formats[i].decode(data)
	if err != nil {
		a.refuse(frame.ReasonEncoding)
		return "", true
	}
	h, ok := match.PictureHash(img)
	return match.FormatPictureHash(h), ok
}
