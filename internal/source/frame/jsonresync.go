package frame

import "bytes"

// refuse reports the broken value that the window begins with and goes on at the
// next line that begins an object at the same indentation: brackets inside the
// broken value must not be taken for rows. Where the value does not begin its
// line the rest of the file is refused.
func (f *jsonFramer) refuse(reason, text string) bool {
	fault := Fault{Line: f.w.line, Offset: f.w.offset(), Reason: reason, Text: text}
	excerpt := bytes.Clone(f.w.rest()[:min(maskLen, len(f.w.rest()))])
	indent, ok := f.indent()
	if !ok {
		fault.File = true
		f.w.skip(len(f.w.rest()))
		for f.w.more() {
			f.w.skip(len(f.w.rest()))
		}
		return f.s.fault(fault, excerpt)
	}
	mark := append(indent, '{')
	f.w.skipLine()
	for {
		rest := f.w.peek(len(mark) + 1)
		if len(rest) == 0 || bytes.HasPrefix(rest, mark) || endsList(rest, len(indent)) {
			break
		}
		f.w.skipLine()
	}
	return f.s.fault(fault, excerpt)
}

// indent returns the blanks between the beginning of the line and the value.
func (f *jsonFramer) indent() ([]byte, bool) {
	i := f.w.pos
	for i > 0 && (f.w.buf[i-1] == ' ' || f.w.buf[i-1] == '\t') {
		i--
	}
	if atStart := i == 0 && f.w.line == 1; atStart || i > 0 && f.w.buf[i-1] == f.w.nl {
		return bytes.Clone(f.w.buf[i:f.w.pos]), true
	}
	return nil, false
}

// endsList reports that a line closes a bracket further left than the indentation:
// the list that a value stood in is over.
func endsList(line []byte, indent int) bool {
	n := 0
	for n < len(line) && (line[n] == ' ' || line[n] == '\t') {
		n++
	}
	return n < indent && n < len(line) && (line[n] == ']' || line[n] == '}')
}
