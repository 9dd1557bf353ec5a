package pdf

// The objects of ISO 32000-2, section 7.3, are Go values: nil, bool, int, float64,
// string (of bytes), name, array, dict, *stream and ref. Content streams have
// operators beside them.
type (
	name     string
	operator string
	array    []any
	dict     map[name]any
	ref      struct{ num, gen int }
	stream   struct {
		dict
		raw []byte
		ref ref // zero within object streams and content
	}
)

// lexer reads objects from bytes.
type lexer struct {
	b       []byte
	at      int
	content bool // operators are allowed, references are not
	budget  *int // objects that may still be read
	deepest int
	cut     *error // set where nesting is too deep; the rest is not read then
}

const (
	classRegular = iota
	classSpace
	classDelimiter
)

func class(c byte) int {
	switch c {
	case 0, '\t', '\n', '\f', '\r', ' ':
		return classSpace
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return classDelimiter
	}
	return classRegular
}

func (l *lexer) space() {
	for l.at < len(l.b) {
		switch c := l.b[l.at]; {
		case class(c) == classSpace:
			l.at++
		case c == '%':
			for l.at < len(l.b) && l.b[l.at] != '\n' && l.b[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// end is what next returns at the end of the bytes, and the closing brackets.
type end byte

const (
	endData  end = 0
	endArray end = ']'
	endDict  end = '>'
)

// next reads an object, an operator or an end. Bytes that are none of them are
// skipped; a spent budget reads as the end of the bytes.
func (l *lexer) next(depth int) any {
	for {
		start := l.at
		l.space()
		*l.budget -= (l.at - start) / lexBytes
		if depth > l.deepest {
			l.at = len(l.b)
			if l.cut != nil {
				*l.cut = ErrLimit
			}
		}
		if l.at >= len(l.b) || *l.budget <= 0 {
			return endData
		}
		*l.budget--
		c := l.b[l.at]
		switch c {
		case '[':
			l.at++
			return l.array(depth)
		case '<':
			if l.at+1 < len(l.b) && l.b[l.at+1] == '<' {
				l.at += 2
				return l.dict(depth)
			}
		case '>':
			if l.at++; l.at < len(l.b) && l.b[l.at] == '>' {
				l.at++
			}
			return endDict
		case ']':
			l.at++
			return endArray
		case ')', '{', '}':
			l.at++
			continue
		}
		start = l.at
		v := l.leaf(c)
		*l.budget -= (l.at - start) / lexBytes
		return v
	}
}

// lexBytes is how many bytes of a token or of white space count as much as a token.
const lexBytes = 32

func (l *lexer) leaf(c byte) any {
	switch c {
	case '/':
		return l.name()
	case '(':
		return l.literal()
	case '<':
		return l.hex()
	}
	return l.word()
}

func (l *lexer) array(depth int) any {
	out := array{}
	for {
		switch v := l.next(depth + 1).(type) {
		case end:
			return out
		case operator: // damage: left out
		default:
			out = append(out, v)
		}
	}
}

func (l *lexer) dict(depth int) any {
	out := dict{}
	for {
		k := l.next(depth + 1)
		if e, ok := k.(end); ok {
			if e == endArray {
				continue
			}
			return out
		}
		key, ok := k.(name)
		if !ok {
			if k == operator("endobj") || k == operator("stream") {
				return out
			}
			continue
		}
		v := l.next(depth + 1)
		if _, ok := v.(end); ok {
			return out
		}
		if _, ok := v.(operator); !ok {
			out[key] = v
		}
	}
}

func (l *lexer) name() name {
	l.at++
	start := l.at
	escaped := false
	for l.at < len(l.b) && class(l.b[l.at]) == classRegular {
		escaped = escaped || l.b[l.at] == '#'
		l.at++
	}
	raw := l.b[start:l.at]
	if !escaped {
		return name(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) && hexDigit(raw[i+1]) >= 0 && hexDigit(raw[i+2]) >= 0 {
			out = append(out, byte(hexDigit(raw[i+1])<<4|hexDigit(raw[i+2])))
			i += 2
			continue
		}
		out = append(out, raw[i])
	}
	return name(out)
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) hex() string {
	l.at++
	var out []byte
	high := -1
	for l.at < len(l.b) {
		c := l.b[l.at]
		l.at++
		if c == '>' {
			break
		}
		d := hexDigit(c)
		switch {
		case d < 0:
		case high < 0:
			high = d
		default:
			out, high = append(out, byte(high<<4|d)), -1
		}
	}
	if high >= 0 {
		out = append(out, byte(high<<4))
	}
	return string(out)
}

// literal reads a string in parentheses.
func (l *lexer) literal() string {
	l.at++
	var out []byte
	for open := 1; l.at < len(l.b); l.at++ {
		c := l.b[l.at]
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return string(out)
			}
		case '\\':
			out = l.escape(out)
			continue
		case '\r': // any end of line is a line feed
			if l.at+1 < len(l.b) && l.b[l.at+1] == '\n' {
				l.at++
			}
			c = '\n'
		}
		out = append(out, c)
	}
	return string(out)
}

// escape reads what follows a backslash and stays on its last byte.
func (l *lexer) escape(out []byte) []byte {
	if l.at++; l.at >= len(l.b) {
		return out
	}
	c := l.b[l.at]
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.at+1 < len(l.b) && l.b[l.at+1] == '\n' {
			l.at++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := 0
	for n := 0; n < 3 && l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '7'; n++ {
		v = v<<3 | int(l.b[l.at]-'0')
		l.at++
	}
	l.at--
	return append(out, byte(v))
}

// word reads a number, a reference, a keyword or an operator.
func (l *lexer) word() any {
	start := l.at
	for l.at < len(l.b) && class(l.b[l.at]) == classRegular {
		l.at++
	}
	w := l.b[start:l.at]
	if n, ok := number(w); ok {
		if i, whole := n.(int); whole && !l.content && i >= 0 {
			if r, ok := l.reference(i); ok {
				return r
			}
		}
		return n
	}
	switch string(w) {
	case "true":
		return true
	case "false":
		return false
	case "null":
		return nil
	}
	return operator(w)
}

// reference looks for "gen R" behind a number.
func (l *lexer) reference(num int) (ref, bool) {
	at := l.at
	gen, ok := l.digits()
	if ok {
		l.space()
		if l.at < len(l.b) && l.b[l.at] == 'R' && (l.at+1 == len(l.b) || class(l.b[l.at+1]) != classRegular) {
			l.at++
			return ref{num, gen}, true
		}
	}
	l.at = at
	return ref{}, false
}

// digits reads a number without sign of at most ten digits.
func (l *lexer) digits() (int, bool) {
	l.space()
	start, n := l.at, 0
	for l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '9' && l.at-start < 10 {
		n = n*10 + int(l.b[l.at]-'0')
		l.at++
	}
	return n, l.at > start
}
