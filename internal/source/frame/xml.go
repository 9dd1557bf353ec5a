package frame

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// ReasonBadXML is the reason of a [Fault] for XML that is not well formed, or that
// declares a document type: such declarations can name other files and can make a
// small file huge, so they are refused unread.
const ReasonBadXML = "bad_xml"

// formatXML is the format of streams that frameXML reads.
const formatXML = "xml"

// xmlKind is a kind of XML document whose rows are known. Names are local: the
// namespaces of ISO 20022 change with every version, its elements hardly.
type xmlKind struct {
	rows map[string]bool // elements that are rows, unless a row lies inside them
	bare bool            // the row alone, without what stands around it
}

// payRows are the rows of the messages of ISO 20022 between a company and its
// bank: transfers, their status, entries of statements and their details.
var payRows = xmlKind{rows: map[string]bool{
	"CdtTrfTxInf": true, "DrctDbtTxInf": true, "OrgnlPmtInfAndSts": true, "TxInfAndSts": true, "TxInf": true,
	"Ntry": true, "TxDtls": true,
}}

// jamfRows are the devices of the classic interface of Jamf Pro, alone or in a list:
// each begins anew.
var jamfRows = xmlKind{rows: map[string]bool{"computer": true, "mobile_device": true}}

// invoiceRows are electronic invoices (EN 16931): each document is one row.
var invoiceRows = xmlKind{rows: map[string]bool{"Invoice": true, "CreditNote": true, "CrossIndustryInvoice": true}}

// xmlKinds are the elements that rows are looked for in. Whatever encloses them (a
// document, a business envelope, the body of a SOAP message) is left out.
var xmlKinds = map[string]xmlKind{
	"CstmrCdtTrfInitn": payRows, "CstmrPmtStsRpt": payRows, "CstmrDrctDbtInitn": payRows, "CstmrPmtCxlReq": payRows,
	"BkToCstmrStmt": payRows, "BkToCstmrDbtCdtNtfctn": payRows, "FIToFICstmrCdtTrf": payRows, "FIToFIPmtStsRpt": payRows, "PmtRtr": payRows,
	"BkToCstmrAcctRpt": {rows: map[string]bool{"Ntry": true, "TxDtls": true}}, // its reports are called Rpt and hold the entries
	"IdVrfctnReq":      {rows: map[string]bool{"Vrfctn": true}}, "IdVrfctnRpt": {rows: map[string]bool{"Rpt": true}},
	"Report_Data": {rows: map[string]bool{"Report_Entry": true}, bare: true}, // Workday, report as a service
	"Invoice":     invoiceRows, "CreditNote": invoiceRows, "CrossIndustryInvoice": invoiceRows,
	"computer": jamfRows, "mobile_device": jamfRows,
}

// xmlFirst is how many elements are looked at to find one of xmlKinds.
const xmlFirst = 64

// sniffXML recognises XML documents whose rows are known.
func sniffXML(body []byte) bool {
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.CharsetReader = xmlCharset
	for seen := 0; seen < xmlFirst; {
		tok, err := dec.RawToken()
		if err != nil {
			return false
		}
		if t, ok := tok.(xml.StartElement); ok {
			if _, ok := xmlKinds[t.Name.Local]; ok {
				return true
			}
			seen++
		}
	}
	return false
}

// xmlNode is an element that has been read, or is being read.
type xmlNode struct {
	name     string
	kind     *xmlKind // of the elements in it; nil outside of xmlKinds
	row      bool
	attrs    []xml.Attr
	text     []byte
	children []*xmlNode
	emitted  bool // rows inside have been handed over
	size     int  // bytes held by it and its children
	line     int
	offset   int64
}

// xmlFramer cuts an XML document into rows: JSON objects with the row and what
// stands before it in the elements around it, so that a transfer has the date of
// its batch. Elements become members, repeated ones lists, attributes members
// called "@" and their name; the text of an element that has attributes is "#text".
type xmlFramer struct {
	s      *sink
	limits Limits
	stack  []*xmlNode
	held   int
	skip   int // depth of the row that is too long, 0: none
	base   int64
}

// frameXML frames an XML document. base is the offset of its first byte.
func frameXML(s *sink, r io.Reader, base int64, limits Limits) {
	f := &xmlFramer{s: s, limits: limits, base: base}
	in := &tokenReader{r: r, limit: limits.Record + headSize}
	dec := xml.NewDecoder(in)
	dec.CharsetReader = xmlCharset
	for {
		in.n = 0
		offset := dec.InputOffset()
		line, _ := dec.InputPos()
		tok, err := dec.Token()
		if err != nil {
			f.end(err, line, offset)
			return
		}
		if !f.token(tok, line, offset) {
			return
		}
	}
}

// token takes in the next token and reports whether to go on.
func (f *xmlFramer) token(tok xml.Token, line int, offset int64) bool {
	switch t := tok.(type) {
	case xml.StartElement:
		if len(f.stack) == f.limits.Depth {
			return f.refuse(ReasonLimit, textDeep, line, offset)
		}
		f.open(t, line, offset)
	case xml.CharData:
		if n := len(f.stack); n > 0 && f.stack[n-1].kind != nil && f.skip == 0 {
			text := bytes.TrimSpace(t)
			top := f.stack[n-1]
			top.text = append(top.text, text...)
			f.hold(top, len(text))
		}
	case xml.EndElement:
		return f.close()
	case xml.Directive:
		return f.refuse(ReasonBadXML, "the document declares a document type or entities, which is refused", line, offset)
	}
	return f.bounded()
}

func (f *xmlFramer) open(t xml.StartElement, line int, offset int64) {
	e := &xmlNode{name: t.Name.Local, line: line, offset: f.base + offset}
	if n := len(f.stack); n > 0 {
		e.kind = f.stack[n-1].kind
	}
	if e.kind != nil {
		e.row = e.kind.rows[e.name]
	} else if kind, ok := xmlKinds[e.name]; ok {
		e.kind, e.row = &kind, !kind.bare
	}
	f.stack = append(f.stack, e)
	if e.kind == nil || f.skip > 0 {
		return
	}
	for _, a := range t.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name.Local != "schemaLocation" {
			e.attrs = append(e.attrs, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: a.Value})
			f.hold(e, len(a.Name.Local)+len(a.Value))
		}
	}
	f.hold(e, len(e.name)+16)
}

func (f *xmlFramer) hold(e *xmlNode, n int) {
	e.size += n
	f.held += n
}

// bounded sees to it that what is held stays within the size of a record: a row
// that is longer is passed over and reported, and what stands around rows may not
// be longer at all.
func (f *xmlFramer) bounded() bool {
	if f.held <= f.limits.Record || f.skip > 0 {
		return true
	}
	for i := len(f.stack) - 1; i >= 0; i-- {
		if e := f.stack[i]; e.row && !e.emitted && e.kind.rows[e.name] {
			for _, inner := range f.stack[i:] {
				f.drop(inner)
			}
			f.skip = i + 1
			return f.s.fault(Fault{Line: e.line, Offset: e.offset, Reason: ReasonTooLong, Text: "record is longer than " + sizeText(int64(f.limits.Record))}, []byte(e.name))
		}
	}
	top := f.stack[len(f.stack)-1]
	return f.refuse(ReasonLimit, "what stands around the rows is longer than "+sizeText(int64(f.limits.Record)), top.line, top.offset-f.base)
}

// drop forgets what an element holds.
func (f *xmlFramer) drop(e *xmlNode) {
	f.held -= e.size
	e.size, e.attrs, e.text, e.children = 0, nil, nil, nil
}

// close ends the innermost element: a row is handed over, anything else becomes a
// member of the element around it.
func (f *xmlFramer) close() bool {
	n := len(f.stack) - 1
	e := f.stack[n]
	switch {
	case f.skip == n+1:
		f.skip = 0
		f.mark(n)
	case f.skip > 0 || e.kind == nil || e.emitted:
		f.drop(e)
	case e.row:
		ok := f.emit(e)
		f.mark(n)
		f.drop(e)
		f.stack = f.stack[:n]
		return ok
	case n > 0 && f.stack[n-1].kind != nil:
		around := f.stack[n-1]
		around.children = append(around.children, e)
		around.size += e.size
	}
	f.stack = f.stack[:n]
	return true
}

// mark notes in the elements around the one at n that they held a row.
func (f *xmlFramer) mark(n int) {
	for _, around := range f.stack[:n] {
		around.emitted = true
	}
}

func (f *xmlFramer) emit(e *xmlNode) bool {
	first := len(f.stack) - 1
	for first > 0 && f.stack[first-1].kind != nil && !e.kind.bare {
		first--
	}
	data := make([]byte, 0, f.held+f.held/2)
	if e.kind.bare {
		data = e.appendJSON(data, nil)
	} else {
		data = append(appendName(append(data, '{'), f.stack[first].name), ':')
		data = append(f.stack[first].appendJSON(data, f.stack[first+1:]), '}')
	}
	return f.s.row(Row{Line: e.line, Offset: e.offset, Data: data})
}

func (f *xmlFramer) refuse(reason, text string, line int, offset int64) bool {
	f.s.fault(Fault{Line: line, Offset: f.base + offset, Reason: reason, Text: text, File: true}, nil)
	return false
}

// end deals with the end of the document, or with what broke it. Rows read until
// then are kept.
func (f *xmlFramer) end(err error, line int, offset int64) {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		f.refuse(ReasonTruncated, "the document is cut off; the rows read until here are kept", line, offset)
	case errors.As(err, &syntax):
		f.refuse(ReasonBadXML, "not well formed: "+syntax.Msg, syntax.Line, offset)
	default:
		fault := readFault(err)
		fault.Line, fault.Offset = line, f.base+offset
		f.s.fault(fault, nil)
	}
}

// tokenReader refuses a single token (a text, a tag) that is longer than a record:
// the decoder would hold all of it.
type tokenReader struct {
	r        io.Reader
	n, limit int
}

func (t *tokenReader) Read(p []byte) (int, error) {
	if t.n > t.limit {
		return 0, &refusal{ReasonTooLong, fmt.Sprintf("a text or tag is longer than %s", sizeText(int64(t.limit)))}
	}
	n, err := t.r.Read(p)
	t.n += n
	return n, err
}

// xmlCharset reads the charsets that documents of banks and HR systems declare.
// UTF-16 has been decoded before.
func xmlCharset(label string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii":
		return r, nil
	case "iso-8859-1", "latin1", "windows-1252", "cp1252":
		return charmap.Windows1252.NewDecoder().Reader(r), nil
	case "iso-8859-15", "latin9":
		return charmap.ISO8859_15.NewDecoder().Reader(r), nil
	case "iso-8859-2", "latin2":
		return charmap.ISO8859_2.NewDecoder().Reader(r), nil
	case "windows-1250", "cp1250":
		return charmap.Windows1250.NewDecoder().Reader(r), nil
	}
	return nil, &refusal{ReasonEncoding, "charset " + label + " is not known"}
}
