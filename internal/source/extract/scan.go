package extract

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// MaxDepth is the depth of nesting up to which a text is read.
const MaxDepth = 64

// SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	Offset int
	What   string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.What, e.Offset) }

func syntax(i int, what string) error { return &SyntaxError{i, what} }

// scanner walks one text. base is the position that values in text opened on the
// way are given, or -1 in the outermost text.
type scanner struct {
	d    []byte
	s    *Slots
	base int
}

func (x *scanner) pos(i int) int {
	if x.base >= 0 {
		return x.base
	}
	return i
}

func (x *scanner) space(i int) int {
	for i < len(x.d) && x.d[i] <= ' ' {
		switch x.d[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// value reads the value at i, fills the slots of n and below (n may be nil), and
// returns where it ends.
func (x *scanner) value(i int, n *node, depth int) (int, error) {
	if i >= len(x.d) {
		return i, syntax(i, "unexpected end")
	}
	start := i
	raw := Raw{}
	var err error
	switch c := x.d[i]; {
	case c == '"':
		var esc bool
		if i, esc, err = x.str(i); err != nil {
			return i, err
		}
		raw = Raw{Bytes: x.d[start+1 : i-1], Type: String, Escaped: esc}
		if n != nil && n.open() && !x.inner(raw, n, start, depth) && n.all != nil {
			x.s.put(n.all, raw, x.pos(start))
		}
	case c == '{':
		if i, err = x.object(i, n, depth+1); err != nil {
			return i, err
		}
		raw = Raw{Bytes: x.d[start:i], Type: Object}
	case c == '[':
		if i, err = x.array(i, n, depth+1); err != nil {
			return i, err
		}
		raw = Raw{Bytes: x.d[start:i], Type: Array}
	case c == '-' || c >= '0' && c <= '9':
		if i, err = x.number(i); err != nil {
			return i, err
		}
		raw = Raw{Bytes: x.d[start:i], Type: Number}
	default:
		if i, raw.Type, err = x.literal(i); err != nil {
			return i, err
		}
		raw.Bytes = x.d[start:i]
	}
	if n == nil {
		return i, nil
	}
	if n.all != nil && (raw.Type == Number || raw.Type == Bool) {
		x.s.put(n.all, raw, x.pos(start)) // a value where a list was expected is a list of one
	}
	if len(n.slots) > 0 {
		x.s.put(n, raw, x.pos(start))
	}
	return i, nil
}

func (x *scanner) object(i int, n *node, depth int) (int, error) {
	if depth > MaxDepth {
		return i, syntax(i, "nested too deeply")
	}
	from := x.pos(i)
	if n != nil && n.all != nil {
		// A single object where a list was expected is a list of one.
		if end, err := x.value(i, n.all, depth); err != nil {
			return end, err
		}
	}
	if n != nil && n.kids == nil {
		n = nil
	}
	var inst uint32
	if n != nil {
		x.s.inst++
		inst = x.s.inst
	}
	i = x.space(i + 1)
	if i < len(x.d) && x.d[i] == '}' {
		return i + 1, nil
	}
	for {
		var k *node
		var err error
		if i, k, err = x.member(i, n, from, inst); err != nil {
			return i, err
		}
		if i, err = x.value(i, k, depth); err != nil {
			return i, err
		}
		var done bool
		if i, done, err = x.next(i, '}'); done || err != nil {
			return i, err
		}
	}
}

// member reads a key and the colon behind it, and returns where the value begins
// and the node of the key, nil if nobody asks for it.
func (x *scanner) member(i int, n *node, from int, inst uint32) (int, *node, error) {
	if i >= len(x.d) || x.d[i] != '"' {
		return i, nil, syntax(i, "expected a key")
	}
	start := i
	end, esc, err := x.str(i)
	if err != nil {
		return end, nil, err
	}
	i = x.space(end)
	if i >= len(x.d) || x.d[i] != ':' {
		return i, nil, syntax(i, "expected a colon")
	}
	i = x.space(i + 1)
	if n == nil {
		return i, nil, nil
	}
	name := x.d[start+1 : end-1]
	if esc {
		name = Raw{Bytes: name, Type: String, Escaped: true}.AppendText(nil)
	}
	k := n.child(name)
	if k != nil {
		if x.s.seen[k.id] == inst {
			x.s.forget(k, from)
		}
		x.s.seen[k.id] = inst
	}
	return i, k, nil
}

// next goes on to the next member or element; done says that the object or
// array ended instead.
func (x *scanner) next(i int, end byte) (at int, done bool, err error) {
	i = x.space(i)
	switch {
	case i >= len(x.d):
		return i, false, syntax(i, "unexpected end")
	case x.d[i] == end:
		return i + 1, true, nil
	case x.d[i] != ',':
		return i, false, syntax(i, "expected a comma")
	}
	return x.space(i + 1), false, nil
}

func (x *scanner) array(i int, n *node, depth int) (int, error) {
	if depth > MaxDepth {
		return i, syntax(i, "nested too deeply")
	}
	if n != nil && !n.inArray() {
		n = nil
	}
	i = x.space(i + 1)
	if i < len(x.d) && x.d[i] == ']' {
		return i + 1, nil
	}
	var done uint64 // filters that have found their element
	for e := 0; ; e++ {
		var all *node
		if n != nil {
			all = n.all
		}
		start := i
		var err error
		if i, err = x.value(i, all, depth); err != nil {
			return i, err
		}
		if n != nil {
			if k := n.index[e]; k != nil {
				if _, err = x.value(start, k, depth); err != nil {
					return i, err
				}
			}
			if n.filters != nil {
				if done, err = x.filters(start, i, n, done, depth); err != nil {
					return i, err
				}
			}
		}
		var last bool
		if i, last, err = x.next(i, ']'); last || err != nil {
			return i, err
		}
	}
}

// filters reads the element again for each filter that it is the first to satisfy.
func (x *scanner) filters(start, end int, n *node, done uint64, depth int) (uint64, error) {
	if x.d[start] != '{' {
		return done, nil
	}
	var v Raw
	for j, f := range n.filters {
		if j == 0 || f.name != n.filters[j-1].name {
			v = Field(x.d[start:end], f.name)
		}
		bit := uint64(1) << (j & 63)
		if done&bit != 0 || !v.Is(f.want) {
			continue
		}
		done |= bit
		if _, err := x.value(start, f.n, depth); err != nil {
			return done, err
		}
	}
	return done, nil
}

// inner opens text that holds JSON and reports whether it did.
func (x *scanner) inner(raw Raw, n *node, start, depth int) bool {
	if len(raw.Bytes) < 2 || raw.Bytes[0] != '{' && raw.Bytes[0] != '[' || depth >= MaxDepth {
		return false
	}
	text := raw.AppendText(nil)
	in := scanner{d: text, s: x.s, base: x.pos(start)}
	end, err := in.value(0, nil, depth)
	if err != nil || in.space(end) != len(text) {
		return false
	}
	if text[0] == '{' {
		_, err = in.object(0, n, depth+1)
	} else {
		_, err = in.array(0, n, depth+1)
	}
	return err == nil
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// str reads the string at i, eight bytes at a time, and returns where it ends and
// whether it has escapes.
func (x *scanner) str(i int) (int, bool, error) {
	d := x.d
	esc := false
	i++
	for {
		for i+8 <= len(d) {
			w := binary.LittleEndian.Uint64(d[i:])
			q, b := w^(ones*'"'), w^(ones*'\\')
			hit := ((q - ones) &^ q & highs) | ((b - ones) &^ b & highs) | ((w - ones*0x20) &^ w & highs)
			if hit != 0 {
				i += bits.TrailingZeros64(hit) / 8
				break
			}
			i += 8
		}
		for i < len(d) && d[i] != '"' && d[i] != '\\' && d[i] >= 0x20 {
			i++
		}
		if i >= len(d) {
			return i, esc, syntax(i, "unexpected end in text")
		}
		switch d[i] {
		case '"':
			return i + 1, esc, nil
		case '\\':
			esc = true
			n := escape(d[i:])
			if n == 0 {
				return i, esc, syntax(i, "bad escape")
			}
			i += n
		default:
			return i, esc, syntax(i, "control character in text")
		}
	}
}

// escape returns the length of the escape that d begins with, or 0.
func escape(d []byte) int {
	if len(d) < 2 {
		return 0
	}
	switch d[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(d) < 6 {
			return 0
		}
		if _, ok := hex4(d[2:6]); ok {
			return 6
		}
	}
	return 0
}

func (x *scanner) digits(i int) int {
	for i < len(x.d) && x.d[i] >= '0' && x.d[i] <= '9' {
		i++
	}
	return i
}

func (x *scanner) number(i int) (int, error) {
	if x.d[i] == '-' {
		i++
	}
	if i < len(x.d) && x.d[i] == '0' {
		i++
	} else if j := x.digits(i); j > i {
		i = j
	} else {
		return i, syntax(i, "bad number")
	}
	if i < len(x.d) && x.d[i] == '.' {
		j := x.digits(i + 1)
		if j == i+1 {
			return j, syntax(j, "bad number")
		}
		i = j
	}
	if i < len(x.d) && (x.d[i] == 'e' || x.d[i] == 'E') {
		i++
		if i < len(x.d) && (x.d[i] == '+' || x.d[i] == '-') {
			i++
		}
		j := x.digits(i)
		if j == i {
			return j, syntax(j, "bad number")
		}
		i = j
	}
	return i, nil
}

func (x *scanner) literal(i int) (int, Type, error) {
	rest := x.d[i:]
	switch {
	case len(rest) >= 4 && string(rest[:4]) == "null":
		return i + 4, Null, nil
	case len(rest) >= 4 && string(rest[:4]) == "true":
		return i + 4, Bool, nil
	case len(rest) >= 5 && string(rest[:5]) == "false":
		return i + 5, Bool, nil
	}
	return i, Absent, syntax(i, "unexpected character")
}
