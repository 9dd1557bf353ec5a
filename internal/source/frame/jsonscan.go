package frame

import "bytes"

// scanState is what became of looking for the end of a JSON value.
type scanState uint8

const (
	scanDone scanState = iota
	scanNeed           // the value goes on behind the bytes given
	scanBad            // not JSON: brackets that do not match or stand where none may, or a line break inside a string
	scanDeep           // nested deeper than the limit
	scanLong           // longer than a record may be
)

// scanValue returns the length of the JSON value that b begins with. It balances
// brackets and skips strings; it does not check that what is between them is JSON,
// which whoever decodes the row does.
func scanValue(b []byte, depth int) (int, scanState) {
	if len(b) == 0 {
		return 0, scanNeed
	}
	switch c := b[0]; {
	case c == '{' || c == '[':
		return scanNested(b, depth)
	case c == '"':
		n, st := scanString(b, 1)
		return n, st
	case c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f' || c == 'n':
		n := 1
		for n < len(b) && !isDelimiter(b[n]) {
			n++
		}
		if n == len(b) {
			return n, scanNeed
		}
		return n, scanDone
	}
	return 0, scanBad
}

func isDelimiter(c byte) bool {
	return c <= ' ' || c == ',' || c == ']' || c == '}' || c == '{' || c == '[' || c == '"'
}

// scanNested finds the end of an object or array. open has one bit per level,
// set for an object; deeper than 64 levels the kinds of brackets are not compared.
func scanNested(b []byte, limit int) (int, scanState) {
	var open uint64
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			n, st := scanString(b, i+1)
			if st != scanDone {
				return n, st
			}
			i = n - 1
		case '{', '[':
			if depth > 0 && !mayOpen(b[:i], open&1 == 1) {
				return i, scanBad
			}
			if depth++; depth > limit {
				return i, scanDeep
			}
			open <<= 1
			if b[i] == '{' {
				open |= 1
			}
		case '}', ']':
			if depth <= 64 && (open&1 == 1) != (b[i] == '}') {
				return i, scanBad
			}
			open >>= 1
			if depth--; depth == 0 {
				return i + 1, scanDone
			}
		}
	}
	return len(b), scanNeed
}

// mayOpen reports whether a value may begin behind what was read: after a colon in
// an object, after a comma or the bracket in an array. It is what finds the value
// that was cut off in front of the next one.
func mayOpen(before []byte, inObject bool) bool {
	i := len(before) - 1
	for isSpace(before[i]) {
		i--
	}
	if inObject {
		return before[i] == ':'
	}
	return before[i] == ',' || before[i] == '['
}

// scanString finds the end of a string whose first character is at i.
func scanString(b []byte, i int) (int, scanState) {
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1, scanDone
		case '\\':
			i++
		case '\n':
			return i, scanBad
		}
	}
	return len(b), scanNeed
}

// skipper passes over one JSON value that is too long to be kept, chunk by chunk.
type skipper struct {
	depth    int
	str, esc bool
}

// feed consumes b and returns how much of it belongs to the value, and whether
// the value is over. bad reports a line break inside a string.
func (k *skipper) feed(b []byte) (n int, done, bad bool) {
	for i := range b {
		c := b[i]
		switch {
		case k.str:
			switch {
			case k.esc:
				k.esc = false
			case c == '\\':
				k.esc = true
			case c == '\n':
				return i, true, true
			case c == '"':
				if k.str = false; k.depth == 0 {
					return i + 1, true, false
				}
			}
		case c == '"':
			k.str = true
		case c == '{' || c == '[':
			k.depth++
		case c == '}' || c == ']':
			if k.depth--; k.depth <= 0 {
				return i + 1, true, false
			}
		case k.depth == 0 && isDelimiter(c):
			return i, true, false
		}
	}
	return len(b), false, false
}

// member is one member of an object; its value is obj[start:end].
type member struct {
	key        string
	start, end int
}

// members lists the members of a balanced object until f says stop. Keys are
// given as written, without decoding escapes.
func members(obj []byte, f func(member) bool) {
	i := skipSpace(obj, 1)
	for i < len(obj) && obj[i] == '"' {
		k, st := scanString(obj, i+1)
		if st != scanDone {
			return
		}
		key := string(obj[i+1 : k-1])
		i = skipSpace(obj, k)
		if i >= len(obj) || obj[i] != ':' {
			return
		}
		i = skipSpace(obj, i+1)
		n, st := scanValue(obj[i:], len(obj))
		if st != scanDone || !f(member{key, i, i + n}) {
			return
		}
		if i = skipSpace(obj, i+n); i < len(obj) && obj[i] == ',' {
			i = skipSpace(obj, i+1)
		}
	}
}

// elements lists the values of a balanced array until f says stop. It returns
// where something stands that is not a value, or -1.
func elements(arr []byte, f func(start, end int) bool) int {
	i := skipSpace(arr, 1)
	for i < len(arr)-1 {
		n, st := scanValue(arr[i:], len(arr))
		if st != scanDone || n == 0 {
			return i
		}
		if !f(i, i+n) {
			return -1
		}
		if i = skipSpace(arr, i+n); i < len(arr) && arr[i] == ',' {
			i = skipSpace(arr, i+1)
		}
	}
	return -1
}

// firstElement returns the first value of a balanced array if it is an object.
func firstElement(arr []byte) []byte {
	var first []byte
	elements(arr, func(a, b int) bool {
		first = arr[a:b]
		return false
	})
	if len(first) > 0 && first[0] == '{' {
		return first
	}
	return nil
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// trimSpace removes JSON white space, byte order marks left by joining files and
// the record separators of RFC 7464 around a value.
func trimSpace(b []byte) []byte {
	for len(b) > 0 && (isSpace(b[0]) || b[0] == 0x1E) {
		b = b[1:]
	}
	if bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}) {
		b = trimSpace(b[3:])
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
