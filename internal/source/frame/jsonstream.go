package frame

import "bytes"

// stream frames a file of values that span lines: one array, one object, an
// envelope of any size, or objects one after another.
func (f *jsonFramer) stream() {
	for f.spaces() {
		if !f.topLevel() {
			return
		}
	}
	f.w.finish(f.s)
}

// spaces passes over white space and commas and reports whether anything follows.
func (f *jsonFramer) spaces() bool {
	for {
		rest := f.w.rest()
		n := 0
		for n < len(rest) && (isSpace(rest[n]) || rest[n] == ',' || rest[n] == 0x1E) {
			n++
		}
		if bytes.HasPrefix(rest[n:], []byte{0xEF, 0xBB, 0xBF}) {
			n += 3
		}
		f.w.skip(n)
		if n < len(rest) {
			if n == 0 {
				return true
			}
			continue
		}
		if !f.w.more() {
			return false
		}
	}
}

// topLevel frames the value that the window begins with.
func (f *jsonFramer) topLevel() bool {
	switch f.w.rest()[0] {
	case '[':
		return f.array()
	case '{':
		return f.one()
	}
	return f.refuse(ReasonBadJSON, textNotJSON)
}

// one frames one value: an element or an object of the top level.
func (f *jsonFramer) one() bool {
	n, st := f.find()
	line, off := f.w.line, f.w.offset()
	switch st {
	case scanDone:
		if f.w.rest()[0] == '{' {
			return f.value(f.w.take(n), line, off)
		}
		return f.row(f.w.take(n), line, off)
	case scanLong:
		return f.bigValue()
	case scanNeed:
		if f.w.err != nil {
			f.w.skip(len(f.w.rest()))
			return true
		}
		return f.refuse(ReasonTruncated, textCut)
	case scanDeep:
		fault := Fault{Line: line, Offset: off, Reason: ReasonLimit, Text: textDeep}
		excerpt := bytes.Clone(f.w.rest()[:min(maskLen, len(f.w.rest()))])
		f.pass()
		return f.s.fault(fault, excerpt)
	}
	if n > 0 {
		return f.refuse(ReasonBadJSON, textBadString)
	}
	return f.refuse(ReasonBadJSON, textNotJSON)
}

// find returns the end of the value that the window begins with, reading on as
// far as a record may reach.
func (f *jsonFramer) find() (int, scanState) {
	for {
		rest := f.w.rest()
		n, st := scanValue(rest, f.limits.Depth)
		if st == scanDone && n > f.limits.Record {
			return n, scanLong
		}
		if st != scanNeed {
			return n, st
		}
		if !f.w.more() {
			if f.w.eof && n == len(rest) && n > 0 && rest[0] != '{' && rest[0] != '[' && rest[0] != '"' {
				return n, scanDone // a number or literal at the end of the file
			}
			if !f.w.eof {
				return n, scanLong
			}
			return n, scanNeed
		}
	}
}

// array frames the elements of the array that the window begins with.
func (f *jsonFramer) array() bool {
	f.w.skip(1)
	for f.spaces() {
		if f.w.rest()[0] == ']' {
			f.w.skip(1)
			return true
		}
		if !f.one() {
			return false
		}
	}
	if f.w.err != nil {
		return true
	}
	return f.s.fault(Fault{Line: f.w.line, Offset: f.w.offset(), Reason: ReasonTruncated, Text: "the list is not closed: the file was cut off", File: true}, nil)
}

// bigValue deals with a value longer than a record. If it is an array or an
// envelope its rows are framed one by one; otherwise it is refused and passed
// over without being kept.
func (f *jsonFramer) bigValue() bool {
	fault := Fault{Line: f.w.line, Offset: f.w.offset(), Reason: ReasonTooLong, Text: "record is longer than " + sizeText(int64(f.limits.Record))}
	excerpt := bytes.Clone(f.w.rest()[:min(maskLen, len(f.w.rest()))])
	if f.w.rest()[0] == '[' {
		return f.array()
	}
	if f.w.rest()[0] == '{' {
		lists, ok := f.bigObject(0)
		if !ok || lists > 0 {
			return ok
		}
		return f.s.fault(fault, excerpt)
	}
	f.pass()
	return f.s.fault(fault, excerpt)
}

// bigObject walks the members of the object that the window begins with and
// frames the lists of objects among them. It returns how many there were.
func (f *jsonFramer) bigObject(level int) (lists int, ok bool) {
	f.w.skip(1)
	for f.spaces() {
		if f.w.rest()[0] == '}' {
			f.w.skip(1)
			return lists, true
		}
		key, found := f.key()
		if !found {
			return lists, f.refuse(ReasonBadJSON, textNotJSON)
		}
		switch c := f.w.rest()[0]; {
		case c == '[' && f.accepts(key):
			lists++
			if !f.array() {
				return lists, false
			}
		case c == '{' && level < 2 && !f.small():
			n, ok := f.bigObject(level + 1)
			if lists += n; !ok {
				return lists, false
			}
		default:
			f.pass()
		}
	}
	if f.w.err != nil {
		return lists, true
	}
	return lists, f.s.fault(Fault{Line: f.w.line, Offset: f.w.offset(), Reason: ReasonTruncated, Text: "the object is not closed: the file was cut off", File: true}, nil)
}

// key reads a member's name and the colon, up to the first byte of the value.
func (f *jsonFramer) key() (string, bool) {
	if f.w.rest()[0] != '"' {
		return "", false
	}
	n, st := f.find()
	if st != scanDone {
		return "", false
	}
	key := string(f.w.rest()[1 : n-1])
	f.w.skip(n)
	if !f.spaces() || f.w.rest()[0] != ':' {
		return "", false
	}
	f.w.skip(1)
	return key, f.spaces()
}

// small reports whether the value fits into a record.
func (f *jsonFramer) small() bool {
	_, st := f.find()
	return st == scanDone
}

// accepts reports whether the array that the window begins with holds rows.
func (f *jsonFramer) accepts(key string) bool {
	n := 1
	for {
		rest := f.w.peek(n + 1)
		if n >= len(rest) {
			return false
		}
		if !isSpace(rest[n]) {
			break
		}
		n++
	}
	if f.w.rest()[n] != '{' {
		return false
	}
	if envelopeNames[key] || f.isRecord == nil {
		return true
	}
	for {
		rest := f.w.rest()
		end, st := scanValue(rest[n:], f.limits.Depth)
		if st == scanDone {
			return f.isRecord(rest[n : n+end])
		}
		if st != scanNeed || !f.w.more() {
			return false
		}
	}
}

// pass goes past one value without keeping it.
func (f *jsonFramer) pass() {
	var k skipper
	for {
		n, done, bad := k.feed(f.w.rest())
		f.w.skip(n)
		if bad {
			f.w.skipLine()
		}
		if done || !f.w.more() {
			return
		}
	}
}
