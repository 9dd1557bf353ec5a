package frame

import (
	"bytes"
	"unicode/utf8"
)

// jsonFramer cuts a stream of JSON values into rows.
type jsonFramer struct {
	s        *sink
	w        *window
	limits   Limits
	isRecord func([]byte) bool
	asked    int  // objects that were looked at as possible envelopes
	envelope bool // at least one was
}

// askFirst is how many objects are looked at before a file counts as one without
// envelopes.
const askFirst = 16

// text is the wording of faults that occur in several places.
const (
	textNotJSON   = "not a JSON value"
	textCut       = "the last value is cut off"
	textDeep      = "nested too deeply"
	textBadString = "a string holds a line break or brackets do not match"
)

// lines frames a file with one value per line.
func (f *jsonFramer) lines() {
	for {
		n, whole, full := f.w.lineEnd()
		if whole == 0 || whole == n && f.w.err != nil {
			break
		}
		if full || n > f.limits.Record {
			if !f.longLine() {
				return
			}
			continue
		}
		rest := f.w.rest()
		line := trimSpace(rest[:n])
		if len(line) == 0 {
			f.w.skip(whole)
			continue
		}
		if !f.line(line, whole, whole == n) {
			return
		}
	}
	f.w.finish(f.s)
}

// line frames the next line; trimmed is its content. last means that it has no
// line end.
func (f *jsonFramer) line(trimmed []byte, whole int, last bool) bool {
	lead := bytes.Index(f.w.rest(), trimmed)
	value := trimmed
	if n := len(value); value[n-1] == ',' && n > 1 { // an array whose brackets were cut off
		value = value[:n-1]
	}
	closes := value[0] == '{' && value[len(value)-1] == '}' || value[0] == '[' && value[len(value)-1] == ']'
	if !closes {
		if pretty := value[0] == '{' || value[0] == '['; pretty && f.continues(whole) {
			f.w.skip(lead)
			return f.topLevel()
		}
		return f.badLine(value, whole, lead, last)
	}
	if tight(value, f.limits.Depth) {
		line, off := f.w.line, f.w.offset()+int64(lead)
		data := f.w.take(whole)[lead : lead+len(value)]
		return f.value(data, line, off)
	}
	n, st := scanValue(value, f.limits.Depth)
	if st != scanDone {
		return f.badLine(value, whole, lead, false)
	}
	line, off := f.w.line, f.w.offset()+int64(lead)
	if n == len(value) {
		return f.value(f.w.take(whole)[lead:lead+n], line, off)
	}
	return f.several(f.w.take(whole)[lead:lead+len(value)], line, off)
}

// tight reports that a line that begins and ends with matching brackets cannot
// be nested too deeply nor hold two values, without walking it byte by byte.
func tight(v []byte, depth int) bool {
	return bytes.Count(v, []byte("{"))+bytes.Count(v, []byte("[")) <= depth &&
		!bytes.Contains(v, []byte("}{")) && !bytes.Contains(v, []byte("} {"))
}

// several frames values that stand one after another on a line.
func (f *jsonFramer) several(b []byte, line int, off int64) bool {
	for i := 0; i < len(b); {
		n, st := scanValue(b[i:], f.limits.Depth)
		if st == scanNeed && b[i] != '{' && b[i] != '[' && b[i] != '"' {
			st = scanDone
		}
		if st != scanDone {
			return f.s.fault(Fault{Line: line, Offset: off + int64(i), Reason: ReasonBadJSON, Text: textNotJSON}, b[i:])
		}
		if !f.value(b[i:i+n:i+n], line, off+int64(i)) {
			return false
		}
		for i += n; i < len(b) && (isSpace(b[i]) || b[i] == ','); i++ {
		}
	}
	return true
}

// continues reports whether the line after the next whole bytes goes on with a
// value that was opened: it is indented or closes a bracket.
func (f *jsonFramer) continues(whole int) bool {
	rest := f.w.peek(whole + 1)
	return whole < len(rest) && (rest[whole] == ' ' || rest[whole] == '\t' || rest[whole] == '}' || rest[whole] == ']' || rest[whole] == '"')
}

func (f *jsonFramer) badLine(value []byte, whole, lead int, last bool) bool {
	fault := Fault{Line: f.w.line, Offset: f.w.offset() + int64(lead), Reason: ReasonBadJSON, Text: textNotJSON}
	opens := value[0] == '{' || value[0] == '['
	if _, st := scanValue(value, f.limits.Depth); st == scanDeep {
		fault.Reason, fault.Text = ReasonLimit, textDeep
	} else if last && opens && st == scanNeed {
		fault.Reason, fault.Text = ReasonTruncated, textCut
	}
	ok := f.s.fault(fault, value)
	f.w.skip(whole)
	return ok
}

// longLine deals with a line longer than a record may be: the rows of an envelope
// are read one by one, anything else is refused and passed over.
func (f *jsonFramer) longLine() bool {
	f.spaces()
	if rest := f.w.rest(); len(rest) > 0 && (rest[0] == '{' || rest[0] == '[') {
		if !f.bigValue() {
			return false
		}
		if f.w.pos > 0 && f.w.buf[f.w.pos-1] == f.w.nl {
			return true
		}
		n, whole, full := f.w.lineEnd()
		if blank := !full && len(trimSpace(f.w.rest()[:n])) == 0; blank {
			f.w.skip(whole)
			return true
		}
	}
	return tooLong(f.s, f.w, f.limits.Record)
}

// value frames one complete value: a row, the rows of an envelope, or the rows of
// an array.
func (f *jsonFramer) value(v []byte, line int, off int64) bool {
	if v[0] == '[' {
		return f.unwrap(v, span{"", 0, len(v)}, line, off)
	}
	if v[0] == '{' && (f.envelope || f.asked < askFirst) {
		f.asked++
		if parts := envelopeOf(v, f.isRecord); parts != nil {
			f.envelope = true
			for _, p := range parts {
				if !f.unwrap(v, p, line, off) {
					return false
				}
			}
			return true
		}
	}
	return f.row(v, line, off)
}

// unwrap makes rows of the elements of the array v[p.start:p.end], or one row if
// it is an object. line and off are those of v.
func (f *jsonFramer) unwrap(v []byte, p span, line int, off int64) bool {
	part := v[p.start:p.end]
	line += bytes.Count(v[:p.start], []byte{'\n'})
	off += int64(p.start)
	if part[0] == '{' {
		return f.row(part, line, off)
	}
	ok, seen := true, 0
	bad := elements(part, func(a, b int) bool {
		line += bytes.Count(part[seen:a], []byte{'\n'})
		seen = a
		ok = f.row(part[a:b:b], line, off+int64(a))
		return ok
	})
	if bad >= 0 {
		line += bytes.Count(part[seen:bad], []byte{'\n'})
		return f.s.fault(Fault{Line: line, Offset: off + int64(bad), Reason: ReasonBadJSON, Text: textNotJSON}, part[bad:])
	}
	return ok
}

func (f *jsonFramer) row(v []byte, line int, off int64) bool {
	if !utf8.Valid(v) {
		return f.s.fault(Fault{Line: line, Offset: off, Reason: ReasonBadUTF8, Text: "JSON must be UTF-8"}, v)
	}
	return f.s.row(Row{Line: line, Offset: off, Data: v})
}
