package resume

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"muster/internal/record"
)

// maxPart is the number of bytes that are read of one part of a document; parts
// are compressed and could be of any size.
const maxPart = 16 << 20

var errTooLarge = errors.New("a part of the document is too large")

// openDOCX reads the text of a Word document (ECMA-376) and what the file says
// about itself. Pictures are listed and not read.
func openDOCX(data []byte) (d *document, media []*zip.File, err error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	d = &document{}
	found := false
	for _, f := range z.File {
		name := strings.TrimPrefix(strings.ToLower(f.Name), "/")
		switch name {
		case "word/document.xml", "docprops/core.xml", "docprops/app.xml", "word/settings.xml", "word/fonttable.xml", "word/_rels/document.xml.rels":
		default:
			if strings.HasPrefix(name, "word/media/") && !strings.HasSuffix(name, "/") {
				media = append(media, f)
			}
			continue
		}
		part, err := readPart(f)
		if err != nil {
			if name == "word/document.xml" {
				return nil, nil, err
			}
			continue // the text counts; a damaged side part is left out
		}
		found = found || name == "word/document.xml"
		d.part(name, part)
	}
	if !found {
		return nil, nil, errors.New("no text in the document")
	}
	slices.Sort(d.Fonts)
	d.Fonts = slices.Compact(d.Fonts)
	return d, media, nil
}

func readPart(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxPart+1))
	if cerr := r.Close(); err == nil {
		err = cerr
	}
	if err == nil && len(data) > maxPart {
		err = errTooLarge
	}
	return data, err
}

func (d *document) part(name string, data []byte) {
	switch name {
	case "word/document.xml":
		d.Text = wordText(data)
	case "docprops/core.xml":
		d.core(data)
	case "docprops/app.xml":
		d.Producer = element(data, "Application")
	case "word/settings.xml":
		each(data, func(e xml.StartElement) {
			if e.Name.Local == "rsidRoot" {
				d.DocumentID = attr(e, "val")
			}
		})
	case "word/fonttable.xml":
		each(data, func(e xml.StartElement) {
			if e.Name.Local == "font" && attr(e, "name") != "" {
				d.Fonts = append(d.Fonts, attr(e, "name"))
			}
		})
	case "word/_rels/document.xml.rels":
		each(data, func(e xml.StartElement) {
			if e.Name.Local == "Relationship" && attr(e, "TargetMode") == "External" {
				d.Links = append(d.Links, attr(e, "Target"))
			}
		})
	}
}

// core reads the properties of Dublin Core.
func (d *document) core(data []byte) {
	d.Author, d.LastEditor = element(data, "creator"), element(data, "lastModifiedBy")
	for name, to := range map[string]*record.Time{"created": &d.Created, "modified": &d.Modified} {
		if t, err := record.ParseTime(element(data, name)); err == nil {
			*to = t
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// decoder never resolves entities: encoding/xml knows none but the five of XML.
func decoder(data []byte) *xml.Decoder {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.Strict = false
	return dec
}

func each(data []byte, visit func(xml.StartElement)) {
	dec := decoder(data)
	for {
		tok, err := dec.RawToken()
		if err != nil {
			return
		}
		if e, ok := tok.(xml.StartElement); ok {
			visit(e)
		}
	}
}

// element returns the text of the first element of a name, whatever its namespace.
func element(data []byte, name string) string {
	dec := decoder(data)
	inside := false
	for {
		tok, err := dec.RawToken()
		if err != nil {
			return ""
		}
		switch t := tok.(type) {
		case xml.StartElement:
			inside = t.Name.Local == name
		case xml.CharData:
			if inside {
				return strings.TrimSpace(string(t))
			}
		case xml.EndElement:
			inside = false
		}
	}
}

// wordText returns the text of a document body, one line a paragraph; the cells
// of a table follow one another.
func wordText(data []byte) string {
	var b strings.Builder
	dec := decoder(data)
	text := false
	for {
		tok, err := dec.RawToken()
		if err != nil {
			return b.String()
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				text = true
			case "tab":
				b.WriteByte('\t')
			case "br", "cr":
				b.WriteByte('\n')
			case "noBreakHyphen":
				b.WriteByte('-')
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				text = false
			case "p":
				b.WriteByte('\n')
			}
		case xml.CharData:
			if text {
				b.Write(t)
			}
		}
	}
}
