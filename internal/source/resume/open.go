package resume

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"muster/internal/match"
	"muster/internal/pdf"
	"muster/internal/record"
	"muster/internal/source/frame"
)

// Reasons of quarantine of this source.
const (
	ReasonEncrypted = "encrypted" // a password is needed to open the file
	ReasonNoText    = "no_text"   // pictures of pages, or fonts that do not say what they show
)

// document is a résumé as text and what its file says about itself.
type document struct {
	Text               string
	Headlines          []string // what is set largest on the first page, if the format tells
	Links              []string
	Author, LastEditor string
	Producer           string
	DocumentID         string
	Created, Modified  record.Time
	Fonts, Images      []string
	Marks              []string // of the pictures: [record.Document.ImageMarks]
	Missing            []missing
}

// missing is a part of a document that was not read.
type missing struct{ Field, Reason string }

func (d *document) lacks(field string) bool {
	for _, m := range d.Missing {
		if m.Field == field {
			return true
		}
	}
	return false
}

// opened is a document, or why there is none.
type opened struct {
	Document *document
	Reason   string // of frame or this package
	Why      string // for the user
}

// open reads the bytes of a document. It never panics: these files come from people
// who may want it to.
func open(format string, data []byte) (o opened) {
	defer func() {
		if x := recover(); x != nil {
			o = opened{Reason: frame.ReasonEncoding, Why: fmt.Sprintf("%s: cannot be read", strings.ToUpper(format))}
		}
	}()
	switch format {
	case "docx":
		return openWord(data)
	case "pdf":
		return openPDF(data)
	}
	return opened{Document: &document{Text: string(data)}}
}

func openWord(data []byte) opened {
	d, media, err := openDOCX(data)
	switch {
	case errors.Is(err, errTooLarge):
		return opened{Reason: frame.ReasonLimit, Why: "DOCX: " + err.Error()}
	case err != nil:
		return opened{Reason: frame.ReasonEncoding, Why: "DOCX: " + err.Error()}
	}
	a := pictures(media)
	var refused string
	if d.Images, d.Marks, refused = a.result(); refused != "" {
		d.Missing = append(d.Missing, missing{"image_hashes", refused})
	}
	return opened{Document: d}
}

func openPDF(data []byte) opened {
	p, err := pdf.Read(data, pdf.DefaultLimits())
	switch {
	case errors.Is(err, pdf.ErrEncrypted):
		return opened{Reason: ReasonEncrypted, Why: "PDF: opens with a password only; ask for a copy without"}
	case errors.Is(err, pdf.ErrLimit):
		return opened{Reason: frame.ReasonLimit, Why: "PDF: more objects or content than any résumé has"}
	case err != nil:
		return opened{Reason: frame.ReasonEncoding, Why: "PDF: " + err.Error()}
	}
	d := &document{
		Text: p.Text, Headlines: p.Headlines, Links: p.Links, Author: p.Author, Producer: p.Producer, Fonts: p.Fonts,
		DocumentID: p.DocumentID, Created: timeOf(p.Created), Modified: timeOf(p.Modified),
	}
	if d.Producer == "" {
		d.Producer = p.Creator
	}
	if d.DocumentID == "" {
		d.DocumentID = p.FileID
	}
	switch {
	case errors.Is(p.Cut, pdf.ErrLimit):
		d.Missing = append(d.Missing, missing{"sections", frame.ReasonLimit})
	case letters(p.Text) < leastLetters:
		d.Missing = append(d.Missing, missing{"sections", ReasonNoText})
	case p.Cut != nil:
		d.Missing = append(d.Missing, missing{"sections", frame.ReasonEncoding})
	}
	var refused string
	if d.Images, d.Marks, refused = pdfPictures(p.Images).result(); refused != "" {
		d.Missing = append(d.Missing, missing{"image_hashes", refused})
	}
	return opened{Document: d}
}

// timeOf reads a date of metadata; none if it makes no sense.
func timeOf(s string) record.Time {
	t, err := record.ParseTime(s)
	if err != nil {
		return record.Time{}
	}
	return t
}

// leastLetters is the number of letters below which a document has no text: scanned
// pages carry a date or a page number at most.
const leastLetters = 40

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// maxSamples is the number of pixels of the largest picture that is kept as plain
// samples; they take four bytes each, and the stream they come from as many.
const maxSamples = 16_000_000

// pdfPictures hashes the pictures of a PDF file as [pictures] does.
func pdfPictures(images []*pdf.Image) *album {
	a := &album{}
	for i, m := range images {
		if i == maxPictures {
			a.refuse(frame.ReasonLimit)
			break
		}
		if small(m.Width, m.Height) {
			continue
		}
		a.addPDF(m)
	}
	return a
}

func (a *album) addPDF(m *pdf.Image) {
	if !m.Encoded() && !a.room(int64(m.Width)*int64(m.Height), maxSamples) {
		return
	}
	p, err := m.Read()
	a.bytes += len(p.Data)
	switch {
	case errors.Is(err, pdf.ErrLimit) || a.bytes > 2*maxMediaBytes:
		a.refuse(frame.ReasonLimit)
		return
	case err != nil:
		a.refuse(frame.ReasonEncoding)
		return
	case p.Filter == "DCTDecode":
		if hash, ok := a.look(p.Data); ok {
			a.note(p.Data, hash)
		}
		return
	}
	hash := ""
	if p.Pixels != nil {
		h, ok := match.PictureHash(p.Pixels)
		if !ok {
			return // a flat drawing
		}
		hash = match.FormatPictureHash(h)
	}
	a.note(p.Data, hash)
}
