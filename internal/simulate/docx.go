package simulate

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
)

// writeDocx writes a résumé as a word processor keeps it: a zip with the text, the
// author, the revision root and perhaps a portrait.
func (w *world) writeDocx(s *sink, p *person) error {
	z := zip.NewWriter(s)
	at := p.application.at.AddDate(0, 0, -3)
	core := fmt.Sprintf(`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>%s</dc:creator><cp:lastModifiedBy>%s</cp:lastModifiedBy><cp:revision>%d</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified></cp:coreProperties>`,
		escape(p.file.author), escape(p.file.editor), 2+p.n%20, at.AddDate(0, -2, 0).Format("2006-01-02T15:04:05Z"), at.Format("2006-01-02T15:04:05Z"))
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/></Relationships>`},
		{"word/document.xml", paragraphs(lines(p))},
		{"word/settings.xml", `<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:rsids><w:rsidRoot w:val="` + p.file.rsid + `"/><w:rsid w:val="` + p.file.rsid + `"/></w:rsids></w:settings>`},
		{"docProps/core.xml", core},
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	for _, part := range parts {
		f, err := z.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := f.Write([]byte(head + part.text)); err != nil {
			return err
		}
	}
	if p.file.photo != 0 {
		f, err := z.Create("word/media/image1.png")
		if err != nil {
			return err
		}
		if err := png.Encode(f, portrait(p.file.photo, p.file.tint)); err != nil {
			return err
		}
	}
	return z.Close()
}

func paragraphs(lines []string) string {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, l := range lines {
		b.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + escape(l) + `</w:t></w:r></w:p>`)
	}
	b.WriteString(`</w:body></w:document>`)
	return b.String()
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// portrait draws soft blobs in place of a face; tint brightens it as an edit would.
func portrait(seed uint64, tint int) image.Image {
	const size = 64
	r := newRNG(seed, "portrait")
	img := image.NewGray(image.Rect(0, 0, size, size))
	type blob struct{ x, y, radius, light int }
	var blobs []blob
	for range 9 {
		blobs = append(blobs, blob{r.IntN(size), r.IntN(size), r.between(8, 26), r.between(-90, 90)})
	}
	for y := range size {
		for x := range size {
			v := 120 + tint*3
			for _, b := range blobs {
				if d := (x-b.x)*(x-b.x) + (y-b.y)*(y-b.y); d < b.radius*b.radius {
					v += b.light * (b.radius*b.radius - d) / (b.radius * b.radius)
				}
			}
			img.SetGray(x, y, color.Gray{Y: uint8(min(255, max(0, v)))})
		}
	}
	return img
}
