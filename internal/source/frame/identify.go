package frame

import (
	"bytes"
	"io"
)

// headSize is how much of a file is looked at to recognise it. Objects in JSON
// are looked at up to the size of a record.
const headSize = 64 << 10

// identify recognises a stream that is not an archive, fills in s and returns the
// function that frames it; nil for streams that are not read.
func (o *opener) identify(s *Stream, h *headReader) (func(*sink), error) {
	limits := o.opt.Limits
	head, _ := h.peek(headSize)
	if h.err != nil && h.err != io.EOF && len(head) == 0 {
		return nil, h.err
	}
	if bytes.HasPrefix(trimSpace(head), pdfMagic) {
		s.Shape, s.Format = ShapeDocument, "pdf"
		return func(k *sink) { frameDocument(k, h, false, limits.Document) }, nil
	}
	if why := magicWhy(head); why != "" {
		s.Shape, s.Why = ShapeUnknown, why
		return nil, nil
	}
	d := charsetOf(head)
	text := h
	if d.mark > 0 || d.enc != nil {
		r, err := d.reader(h)
		if err != nil {
			return nil, err
		}
		text = &headReader{r: r}
	}
	base := int64(d.mark)
	if d.enc != nil {
		base = 0
	}
	head, whole := text.peek(headSize)
	if body := trimSpace(head); len(body) > 0 && (body[0] == '{' || body[0] == '[') && !whole {
		if _, st := scanValue(body, limits.Depth); st == scanNeed {
			head, whole = text.peek(limits.Record + 1)
		}
	}
	l := sniff(head, whole, o.opt)
	s.Shape, s.Format, s.Why = l.shape, l.format, l.why
	if l.shape == ShapeUnknown || l.shape == ShapeEmpty {
		return nil, nil
	}
	if l.shape == ShapeDocument {
		return func(k *sink) { frameDocument(k, text, true, limits.Document) }, nil
	}
	if l.format == formatXML {
		return func(k *sink) { frameXML(k, text, base, limits) }, nil
	}
	s.Header, s.HeaderLine = l.table.header, l.table.line
	return func(k *sink) { l.frame(k, newWindow(text, base, l.nl, limits.Record), o.opt) }, nil
}

// frame cuts the text into rows.
func (l look) frame(k *sink, w *window, opt *Options) {
	switch l.shape {
	case ShapeJSON:
		if l.format == formatFedwire || l.format == formatSWIFT {
			frameBank(k, w, l.format, opt.Limits.Record)
			return
		}
		f := &jsonFramer{s: k, w: w, limits: opt.Limits, isRecord: opt.IsRecord}
		if l.ndjson {
			f.lines()
		} else {
			f.stream()
		}
	case ShapeTable:
		for left := int(l.table.skip); left > 0 && len(w.peek(1)) > 0; {
			n := min(left, len(w.rest()))
			w.skip(n)
			left -= n
		}
		frameCSV(k, w, l.table, opt.Limits)
	case ShapeLines:
		frameLines(k, w, opt.Limits.Record)
	case ShapeFixed94:
		frameNACHA(k, w)
	case ShapeGit:
		frameGit(k, w, l.format, opt.Limits.Record)
	}
}
