// Package resume reads résumés as text, as Word documents and as PDF: who wrote them, what
// they claim, and the traces that the file itself carries.
package resume

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"path"
	"regexp"
	"strconv"
	"strings"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
	"muster/internal/source/transform"
)

//go:embed doc.md
var doc string

// ID is the source of the records.
const ID = "resume.document"

// Source reads résumés in this process.
var Source = New(Options{})

// New returns the source. With a command, DOCX and PDF files are opened in child
// processes.
func New(opt Options) source.Code {
	p := newPool(opt)
	return source.Code{
		ID: ID, Title: "Résumés (TXT, DOCX, PDF)", System: "applicants", Doc: doc,
		Claims: p.claims, Read: p.readAll, Close: p.close,
	}
}

// claims takes what shows signs of being a résumé, and what is a document and does
// not open: a file that is left out in silence would look like one without findings.
func (p *pool) claims(s *frame.Stream, first frame.Row) int {
	if s.Shape != frame.ShapeDocument {
		return 0
	}
	switch s.Format {
	case "txt":
		if isResume(string(first.Data), s.Path) {
			return 100
		}
	case "pdf", "docx":
		o := p.open(s.Format, first.Data)
		if o.Reason == "" && !isResume(o.Document.Text, s.Path) && !o.Document.lacks("sections") {
			return 0
		}
		p.keep(s, o)
		return 100
	}
	return 0
}

func (p *pool) readAll(_ context.Context, in source.CodeInput, emit func(record.Record), reject func(source.Reject)) error {
	var rows []frame.Row
	for b := range in.Batches {
		rows = append(rows, b.Rows...)
	}
	var failed error
	for i := range rows {
		row := &rows[i]
		o := opened{Document: &document{Text: string(row.Data)}}
		if in.Stream.Format != "txt" {
			var ok bool
			if o, ok = p.kept(in.Stream); !ok {
				o = p.open(in.Stream.Format, row.Data)
			}
		}
		if o.Reason != "" {
			reject(source.Reject{Line: row.Line, Offset: row.Offset, Reason: o.Reason, Excerpt: o.Why})
			failed = errors.New(o.Why)
			continue
		}
		for _, m := range o.Document.Missing {
			reject(source.Reject{Line: row.Line, Offset: row.Offset, Field: m.Field, Reason: m.Reason})
		}
		sum := sha256.Sum256(row.Data)
		r := reader{c: &transform.Ctx{Zone: in.Zone, Order: in.Order}, row: row, file: in.Stream, sum: hex.EncodeToString(sum[:])}
		for _, x := range r.records(o.Document) {
			emit(x)
		}
	}
	return failed
}

// reader turns one document into records.
type reader struct {
	c    *transform.Ctx
	row  *frame.Row
	file *frame.Stream
	sum  string // SHA-256 of the content
}

func (r *reader) common(key string, at record.Time) record.Common {
	return record.Common{Ref: record.Ref{Source: ID, Line: r.row.Line, Offset: r.row.Offset, Key: key}, ObservedAt: at}
}

func (r *reader) records(d *document) []record.Record {
	sections := split(d.Text)
	who := findContact(r.c, sections, d)
	subject := record.Subject{Name: who.name}
	for _, e := range who.emails {
		subject.Handles = append(subject.Handles, record.NewHandle(record.NSEmail, e))
	}
	if len(who.emails) == 0 { // names of files are asked only where the text says nothing: the same file may be there under another name
		email, candidate := fromPath(r.file.Path)
		if email != "" {
			subject.Handles = append(subject.Handles, record.NewHandle(record.NSEmail, email))
			who.emails = append(who.emails, email)
		}
		if candidate != "" {
			subject.Handles = append(subject.Handles, record.Handle(candidate))
		}
	}
	if len(subject.Handles) > 0 {
		subject.Handle, subject.Handles = subject.Handles[0], subject.Handles[1:]
	} else {
		subject.Handle = record.NewHandle(record.NSName, who.name)
	}
	at := d.Modified
	file := &record.Document{
		Common: r.common(r.sum, at), Subject: subject, DocumentKind: "cv", SHA256: r.sum, Filename: path.Base(memberOf(r.file.Path)),
		MIME: mimes[r.file.Format], Size: int64(len(r.row.Data)), Author: d.Author, LastEditor: d.LastEditor, Producer: d.Producer, DocumentID: d.DocumentID,
		Created: d.Created, Modified: d.Modified, Fonts: d.Fonts, Links: who.links, ImageHashes: d.Images, ImageMarks: d.Marks,
	}
	for _, s := range sections {
		file.Sections = append(file.Sections, record.Section{Title: s.title, Text: strings.Join(s.lines, "\n")})
	}
	persona := &record.Persona{Common: r.common("persona/"+r.sum, at), Subject: subject, PersonaKind: "candidate", FullName: who.name, Phones: who.phones, URLs: who.links}
	for _, e := range who.emails {
		persona.Emails = append(persona.Emails, record.Email{Value: e, Kind: "personal"})
	}
	out := []record.Record{file, persona}
	for i, h := range history(r.c, sections) {
		h.Common, h.Subject = r.common(r.sum+"#"+strconv.Itoa(i+1), at), subject
		h.DocumentKey, h.Verified = r.sum, "unchecked"
		out = append(out, h)
	}
	return out
}

var mimes = map[string]string{
	"txt": "text/plain", "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func memberOf(file string) string { return file[strings.LastIndexByte(file, '!')+1:] }

var (
	pathEmail     = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	pathCandidate = regexp.MustCompile(`(?i)(?:candidate|cand|applicant|bewerber|candidat|candidato|kandydat)[-_ #.]*([a-z]{0,4}-?[0-9]{2,})`)
	pathNumber    = regexp.MustCompile(`^([A-Za-z]{0,4}-?[0-9]{3,})[-_ .]`)
)

// fromPath finds an e-mail address or the id of a candidate in the name of a file:
// "alex@example.com.docx", "greenhouse/candidate-123.txt", "C-1042_cv.docx".
func fromPath(file string) (email, candidate string) {
	base := path.Base(memberOf(file))
	stem := strings.TrimSuffix(base, path.Ext(base))
	if m := pathEmail.FindString(stem); m != "" {
		return strings.ToLower(m), ""
	}
	m := pathCandidate.FindStringSubmatch(stem)
	if m == nil {
		m = pathNumber.FindStringSubmatch(base)
	}
	if m == nil {
		return "", ""
	}
	space := "ats:candidate"
	if strings.Contains(strings.ToLower(file), "greenhouse") {
		space = "greenhouse:candidate"
	}
	return "", string(record.NewHandle(space, m[1]))
}
