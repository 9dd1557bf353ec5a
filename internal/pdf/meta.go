package pdf

import (
	"bytes"
	"encoding/hex"
	"encoding/xml"
	"io"
	"strings"
	"unicode"
)

// maxField is the number of bytes of a field of metadata that are kept.
const maxField = 512

// maxXMP is the number of bytes of a packet that are read; pictures of the pages
// make some large.
const maxXMP = 4 << 20

// metadata reads the information dictionary and XMP. Where both say something the
// dictionary counts: it is what the program that wrote the file last has set.
func (f *file) metadata(d *Document) {
	info := f.dict(f.trailer["Info"])
	get := func(k name) string { return field(pdfDoc(f.text(info[k]))) }
	d.Title, d.Author, d.Creator, d.Producer = get("Title"), get("Author"), get("Creator"), get("Producer")
	d.Created, d.Modified = date(get("CreationDate")), date(get("ModDate"))
	if id := f.array(f.trailer["ID"]); len(id) > 0 {
		if s := f.text(id[0]); len(s) >= 8 && len(s) <= 64 && strings.Trim(s, s[:1]) != "" { // not one byte throughout
			d.FileID = hex.EncodeToString([]byte(s))
		}
	}
	defer d.forgetMadeUpIDs()
	s := f.stream(f.dict(f.trailer["Root"])["Metadata"])
	if s == nil {
		return
	}
	data, err := f.decode(s)
	if err != nil {
		f.damage(err)
	}
	x := readXMP(data[:min(len(data), maxXMP)])
	for _, v := range []struct {
		to   *string
		from string
	}{
		{&d.Title, "title"},
		{&d.Author, "creator"},
		{&d.Creator, "CreatorTool"},
		{&d.Producer, "Producer"},
		{&d.Created, "CreateDate"},
		{&d.Modified, "ModifyDate"},
		{&d.DocumentID, "DocumentID"},
		{&d.InstanceID, "InstanceID"},
		{&d.OriginalID, "OriginalDocumentID"},
	} {
		if *v.to == "" {
			*v.to = x[v.from]
		}
	}
}

// forgetMadeUpIDs drops ids that Typst makes from title and author alone: two people
// who both call their file "Resume" are not one hand.
func (d *Document) forgetMadeUpIDs() {
	if strings.HasPrefix(d.Creator, "Typst") {
		d.DocumentID, d.FileID = "", ""
	}
}

// field makes one clean line of a text of metadata.
func field(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xfffd || r == 0xfeff {
			return -1
		}
		return r
	}, s))
	if len(s) > 2 && s[0] == '(' && s[len(s)-1] == ')' { // "(anonymous)": the program's words for nothing
		return ""
	}
	if len(s) > maxField {
		s = strings.ToValidUTF8(s[:maxField], "")
	}
	return s
}

// spaces of XMP that fields are taken from; the names of the fields do not clash
// between them.
var xmpSpaces = []string{"http://purl.org/dc/", "http://ns.adobe.com/xap/", "http://ns.adobe.com/pdf/"}

// readXMP returns the fields of a packet by local name: properties stand as
// attributes or as elements, lists as rdf:li below (ISO 16684-1). Histories and
// other structures hold fields of the same names: only the description's own count.
func readXMP(data []byte) map[string]string {
	out := map[string]string{}
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.Strict = false
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var path []xml.Name
	for {
		tok, err := dec.Token()
		if err != nil {
			return out
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if path = append(path, t.Name); len(path) > 32 {
				return out
			}
			if t.Name.Local == "Description" && len(path) <= 3 {
				for _, a := range t.Attr {
					keep(out, a.Name, a.Value)
				}
			}
		case xml.EndElement:
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			if n := property(path); n.Local != "" {
				keep(out, n, string(t))
			}
		}
	}
}

// property returns the property that text belongs to: right below a description,
// or an item of a list right below it.
func property(path []xml.Name) xml.Name {
	for i, n := range path {
		if n.Local != "Description" || i > 2 {
			continue
		}
		switch rest := path[i+1:]; {
		case len(rest) == 1, len(rest) == 3 && rest[2].Local == "li":
			return rest[0]
		}
		break
	}
	return xml.Name{}
}

func keep(out map[string]string, n xml.Name, value string) {
	value = field(value)
	if value == "" || out[n.Local] != "" {
		return
	}
	for _, s := range xmpSpaces {
		if strings.HasPrefix(n.Space, s) {
			out[n.Local] = value
			return
		}
	}
}

// date turns "D:20260131120000+05'30'" into "2026-01-31T12:00:00+05:30" (section
// 7.9.4). What is no such date is returned as it stands if it begins like an
// ISO date, as some programs write, and is dropped otherwise.
func date(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "D:")
	n := 0
	for n < len(s) && n < 14 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	switch {
	case n == 4 && len(s) > 4 && s[4] == '-':
		return s
	case n < 4:
		return ""
	}
	var out strings.Builder
	out.WriteString(s[:4])
	for i, mark := range []string{"-", "-", "T", ":", ":"} {
		at := 4 + 2*i
		if at+2 > n {
			if i == 3 { // hours without minutes
				out.WriteString(":00")
			}
			break
		}
		out.WriteString(mark + s[at:at+2])
	}
	if n < 12 {
		return out.String()
	}
	return out.String() + zone(s[n:])
}

// zone turns "+05'30'", "-0800" and "Z" into the form of ISO 8601.
func zone(s string) string {
	if s == "" {
		return ""
	}
	if s[0] == 'Z' || s[0] == 'z' {
		return "Z"
	}
	if s[0] != '+' && s[0] != '-' {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s[1:])
	switch {
	case len(digits) >= 4:
		return s[:1] + digits[:2] + ":" + digits[2:4]
	case len(digits) >= 2:
		return s[:1] + digits[:2] + ":00"
	}
	return ""
}

// links adds the URIs of a page's annotations.
func (f *file) links(p page, d *Document) {
	for _, v := range f.array(p.dict["Annots"]) {
		if f.spent() || len(d.Links) >= 500 {
			return
		}
		f.work--
		a := f.dict(v)
		action := f.dict(a["A"])
		uri := strings.TrimSpace(f.text(action["URI"]))
		if f.name(a["Subtype"]) != "Link" || uri == "" || len(uri) > 2048 {
			continue
		}
		uri = strings.ToValidUTF8(uri, "")
		known := false
		for _, u := range d.Links {
			known = known || u == uri
		}
		if !known {
			d.Links = append(d.Links, uri)
		}
	}
}

// hyphenates reports whether the document was set by a program that parts words at
// the ends of lines by itself; in other documents a hyphen there is the writer's.
func (f *file) hyphenates(d *Document) bool {
	by := strings.ToLower(d.Creator + " " + d.Producer)
	for _, s := range []string{"tex", "typst", "indesign", "scribus", "affinity", "quark", "groff", "dvips"} {
		if strings.Contains(by, s) {
			return true
		}
	}
	return false
}
