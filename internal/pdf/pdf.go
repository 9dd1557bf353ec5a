// Package pdf reads what a PDF file says in words and about itself: text in reading
// order, links, fonts, metadata and pictures (ISO 32000-2). It is made for résumés
// from strangers: it draws nothing, runs nothing, opens nothing, and every loop has
// a bound. What a bound or damage left out is told.
package pdf

import (
	"cmp"
	"errors"
	"slices"
)

// Reasons why a file is not read, or not wholly.
var (
	ErrDamaged   = errors.New("the PDF file is damaged")
	ErrEncrypted = errors.New("the PDF file is encrypted with a password")
	ErrLimit     = errors.New("the PDF file exceeds a limit")
)

// Limits bound the work on one file. They count, they do not measure time: the same
// file is cut at the same place everywhere.
type Limits struct {
	Objects int // entries of the cross-reference table, and objects parsed
	Depth   int // nesting of arrays, dictionaries, page tree and forms
	Stream  int // bytes of one stream after decompression
	Total   int // bytes of all streams after decompression
	Pages   int
	Work    int // operators and operands of content
	Glyphs  int // characters shown, over all pages
	Images  int
}

// DefaultLimits are generous for a document of a few hundred pages.
func DefaultLimits() Limits {
	return Limits{Objects: 300_000, Depth: 64, Stream: 48 << 20, Total: 160 << 20, Pages: 500, Work: 8_000_000, Glyphs: 2_000_000, Images: 200}
}

// Document is what a file says.
type Document struct {
	Pages      int      // read
	Text       string   // lines in reading order; blank lines between paragraphs and pages
	Headlines  []string // the largest lines of the first page, at most three, largest first
	Links      []string // URIs of link annotations, in order of pages, each once
	Fonts      []string // names of the fonts that text is set in, without subset prefixes; sorted
	Images     []*Image // pictures that pages show, each once
	Title      string
	Author     string
	Creator    string // program that the document was written with
	Producer   string // program that made the PDF file
	Created    string // ISO 8601, with the offset where the file states one
	Modified   string
	DocumentID string // XMP: the same in all versions of a document
	InstanceID string // XMP: of this version
	OriginalID string // XMP: of the document this one was made from
	FileID     string // first half of the trailer's ID in hexadecimal digits
	Encrypted  bool   // without a password
	Cut        error  // ErrLimit or ErrDamaged if parts were left out, else nil
}

// Read reads a file. The error is [ErrDamaged], [ErrEncrypted] or [ErrLimit] where
// nothing can be said; smaller troubles are in [Document.Cut].
func Read(data []byte, limits Limits) (*Document, error) {
	f, err := open(data, limits)
	if err != nil {
		return nil, err
	}
	d := &Document{Encrypted: f.crypt != nil}
	f.metadata(d)
	pages := f.pages()
	if len(pages) == 0 && !f.rebuilt {
		if f.rebuild() == nil {
			f.metadata(d)
			pages = f.pages()
		}
	}
	if len(pages) == 0 {
		return nil, cmp.Or(f.cut, ErrDamaged)
	}
	x := newExtractor(f)
	var text []byte
	for _, p := range pages {
		if f.spent() {
			break
		}
		d.Pages++
		lines := x.page(p)
		if d.Pages == 1 {
			x.headlines = headlines(x.glyphs)
		}
		if len(text) > 0 && len(lines) > 0 {
			text = append(text, '\n')
		}
		for _, l := range lines {
			text = append(append(text, l...), '\n')
		}
		f.links(p, d)
	}
	d.Text = string(joinHyphens(text, f.hyphenates(d)))
	d.Images, d.Headlines = x.images, x.headlines
	for name := range x.names {
		d.Fonts = append(d.Fonts, name)
	}
	slices.Sort(d.Fonts)
	f.spent()
	d.Cut = f.cut
	return d, nil
}
