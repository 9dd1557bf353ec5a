package table

import (
	"unsafe"

	"github.com/zeebo/xxh3"
)

// Null is the code of a missing value.
const Null = 0

// Dict gives equal texts equal codes, across all columns. Texts lie in a few large
// pieces of memory and are found by open addressing, since a map of strings takes
// three times the space at ten million rows.
type Dict struct {
	slots  []uint64 // half of the text's hash, and its code; 0 = empty
	values []string
	room   []byte
}

// piece is how many bytes of texts lie together.
const piece = 1 << 18

// NewDict returns a dictionary that knows the missing value only.
func NewDict() *Dict {
	return &Dict{slots: make([]uint64, 1<<10), values: []string{""}}
}

// Code returns the code of a text; the empty text is missing. The text is copied.
func (d *Dict) Code(s string) uint32 {
	if s == "" {
		return Null
	}
	at, code := d.find(s)
	if code != Null {
		return code
	}
	code = uint32(len(d.values))
	d.values = append(d.values, d.keep(s))
	d.slots[at] = xxh3.HashString(s)&^half | uint64(code)
	if len(d.values) > len(d.slots)/2 {
		d.grow()
	}
	return code
}

// CodeOf is Code of bytes, which are copied.
func (d *Dict) CodeOf(b []byte) uint32 {
	if len(b) == 0 {
		return Null
	}
	return d.Code(unsafe.String(&b[0], len(b))) // Code copies
}

// half are the bits of a slot that hold the code.
const half = 1<<32 - 1

// find returns the code of a text, or the slot where it would go.
func (d *Dict) find(s string) (at uint64, code uint32) {
	h := xxh3.HashString(s)
	mask := uint64(len(d.slots) - 1)
	for at = h & mask; ; at = (at + 1) & mask {
		x := d.slots[at]
		if x == 0 {
			return at, Null
		}
		if (x^h)&^half == 0 && d.values[x&half] == s {
			return at, uint32(x & half)
		}
	}
}

func (d *Dict) grow() {
	d.slots = make([]uint64, 2*len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for code := 1; code < len(d.values); code++ {
		h := xxh3.HashString(d.values[code])
		at := h & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = h&^half | uint64(code)
	}
}

// keep copies a text.
func (d *Dict) keep(s string) string {
	if s == "" {
		return ""
	}
	if len(s) > cap(d.room)-len(d.room) {
		d.room = make([]byte, 0, max(piece, len(s)))
	}
	from := len(d.room)
	d.room = append(d.room, s...)
	return unsafe.String(&d.room[from], len(s)) // never written again
}

// Lookup returns the code of a text if the dictionary has it.
func (d *Dict) Lookup(s string) (uint32, bool) {
	if s == "" {
		return Null, true
	}
	_, code := d.find(s)
	return code, code != Null
}

// Value returns the text of a code.
func (d *Dict) Value(code uint32) string { return d.values[code] }

// Len returns the number of codes, the missing value among them.
func (d *Dict) Len() int { return len(d.values) }
