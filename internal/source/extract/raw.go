package extract

import (
	"bytes"
	"iter"
	"unicode/utf16"
	"unicode/utf8"
)

// Type is the type of a JSON value.
type Type uint8

// The types of values; Absent is none.
const (
	Absent Type = iota
	Null
	String
	Number
	Bool
	Object
	Array
)

// Raw is a value as it stands in the text: a string without its quotes and with
// its escapes, anything else as written.
type Raw struct {
	Bytes   []byte
	Type    Type
	Escaped bool
}

// Of returns the type and text of a whole JSON value.
func Of(data []byte) Raw {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return Raw{}
	}
	x := scanner{d: data, s: nil, base: -1}
	end, err := x.value(0, nil, 0)
	if err != nil || end != len(data) {
		return Raw{}
	}
	return of(data)
}

func of(data []byte) Raw {
	switch data[0] {
	case '"':
		in := data[1 : len(data)-1]
		return Raw{in, String, bytes.IndexByte(in, '\\') >= 0}
	case '{':
		return Raw{data, Object, false}
	case '[':
		return Raw{data, Array, false}
	case 't', 'f':
		return Raw{data, Bool, false}
	case 'n':
		return Raw{data, Null, false}
	}
	return Raw{data, Number, false}
}

// Is reports whether the text of the value is s.
func (r Raw) Is(s string) bool {
	if r.Type == Absent || r.Type == Null {
		return false
	}
	if !r.Escaped {
		return string(r.Bytes) == s
	}
	return r.Text() == s
}

// Text returns a string's text, and any other value as written.
func (r Raw) Text() string {
	if !r.Escaped && utf8.Valid(r.Bytes) {
		return string(r.Bytes)
	}
	return string(r.AppendText(nil))
}

// AppendText appends the text of the value. Bytes that are not UTF-8 and halves
// of surrogate pairs become U+FFFD, as in encoding/json.
func (r Raw) AppendText(dst []byte) []byte {
	b := r.Bytes
	for len(b) > 0 {
		if b[0] == '\\' && r.Escaped {
			n := 0
			dst, n = unescape(dst, b)
			b = b[n:]
			continue
		}
		if b[0] < utf8.RuneSelf {
			dst = append(dst, b[0])
			b = b[1:]
			continue
		}
		c, n := utf8.DecodeRune(b)
		dst = utf8.AppendRune(dst, c)
		b = b[n:]
	}
	return dst
}

var plain = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape appends the character of the escape that b begins with and returns
// the length of the escape.
func unescape(dst, b []byte) ([]byte, int) {
	n := escape(b)
	if n == 0 {
		return utf8.AppendRune(dst, utf8.RuneError), 1
	}
	if n == 2 {
		return append(dst, plain[b[1]]), 2
	}
	c, _ := hex4(b[2:6])
	if utf16.IsSurrogate(c) {
		if m := escape(b[6:]); m == 6 {
			low, _ := hex4(b[8:12])
			if full := utf16.DecodeRune(c, low); full != utf8.RuneError {
				return utf8.AppendRune(dst, full), 12
			}
		}
		c = utf8.RuneError
	}
	return utf8.AppendRune(dst, c), 6
}

func hex4(b []byte) (rune, bool) {
	var v rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// Fields yields the keys and values of an object that is known to be JSON; keys
// are unescaped. Of repeated keys all come.
func Fields(object []byte) iter.Seq2[[]byte, Raw] {
	return func(yield func([]byte, Raw) bool) {
		x := scanner{d: object, base: -1}
		i := x.space(0)
		if i >= len(object) || object[i] != '{' {
			return
		}
		for i = x.space(i + 1); i < len(object) && object[i] == '"'; i = x.space(i + 1) {
			start := i
			end, esc, err := x.str(i)
			if err != nil {
				return
			}
			name := Raw{object[start+1 : end-1], String, esc}
			i = x.space(x.space(end) + 1)
			from := i
			if i, err = x.value(i, nil, 0); err != nil {
				return
			}
			k := name.Bytes
			if esc {
				k = name.AppendText(nil)
			}
			if !yield(k, of(object[from:i])) {
				return
			}
			if i = x.space(i); i >= len(object) || object[i] != ',' {
				return
			}
		}
	}
}

// Elements yields the elements of an array that is known to be JSON; a value
// that is no array is its own only element.
func Elements(r Raw) iter.Seq[Raw] {
	return func(yield func(Raw) bool) {
		if r.Type != Array {
			if r.Type != Absent && r.Type != Null {
				yield(r)
			}
			return
		}
		x := scanner{d: r.Bytes, base: -1}
		for i := x.space(1); i < len(r.Bytes) && r.Bytes[i] != ']'; i = x.space(i + 1) {
			end, err := x.value(i, nil, 0)
			if err != nil || !yield(of(r.Bytes[i:end])) {
				return
			}
			if i = x.space(end); i >= len(r.Bytes) || r.Bytes[i] != ',' {
				return
			}
		}
	}
}

// Field returns the value of a key of an object that is known to be JSON; of
// repeated keys the last.
func Field(object []byte, name string) Raw {
	var v Raw
	for k, r := range Fields(object) {
		if string(k) == name {
			v = r
		}
	}
	return v
}

// Valid reports whether data is one JSON value of bounded depth.
func Valid(data []byte) bool { return Of(data).Type != Absent }
