package table

import (
	"strings"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// Null is the code of a missing value.
const Null = 0

// Dict gives equal texts equal codes, across all columns. Texts lie in a few large
// pieces of memory and are found by open addressing, since a map of strings takes
// three times the space at ten million rows. Their places are numbers and not strings:
// the garbage collector need not look through them.
type Dict struct {
	slots  []uint64 // half of the text's hash, and its code; 0 = empty
	values []uint64 // piece, offset and length
	pieces []string // of bytes that are written once
	room   []byte   // the last piece
	long   map[uint64]string
}

// piece is how many bytes of texts lie together. Longer texts lie alone.
const (
	pieceBits = 18
	piece     = 1 << pieceBits
)

// NewDict returns a dictionary that knows the missing value only.
func NewDict() *Dict {
	return &Dict{slots: make([]uint64, 1<<10), values: []uint64{0}, pieces: []string{""}, long: map[uint64]string{}}
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
		if (x^h)&^half == 0 && d.Value(uint32(x&half)) == s {
			return at, uint32(x & half)
		}
	}
}

func (d *Dict) grow() {
	d.slots = make([]uint64, 2*len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for code := 1; code < len(d.values); code++ {
		h := xxh3.HashString(d.Value(uint32(code)))
		at := h & mask
		for d.slots[at] != 0 {
			at = (at + 1) & mask
		}
		d.slots[at] = h&^half | uint64(code)
	}
}

// keep copies a text and returns its place.
func (d *Dict) keep(s string) uint64 {
	n := uint64(len(s))
	if n >= piece {
		at := uint64(len(d.values)) << (2 * pieceBits)
		d.long[at|1] = strings.Clone(s)
		return at | 1<<pieceBits - 1 | 1<<63
	}
	if len(s) > cap(d.room)-len(d.room) {
		d.room = make([]byte, 0, piece)
		d.pieces = append(d.pieces, unsafe.String(unsafe.SliceData(d.room), piece))
	}
	from := uint64(len(d.room))
	d.room = append(d.room, s...)
	return uint64(len(d.pieces)-1)<<(2*pieceBits) | from<<pieceBits | n
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
func (d *Dict) Value(code uint32) string {
	x := d.values[code]
	if x>>63 != 0 {
		return d.long[x&^(1<<63|piece-1)|1]
	}
	from := x >> pieceBits & (piece - 1)
	return d.pieces[x>>(2*pieceBits)][from : from+x&(piece-1)]
}

// Len returns the number of codes, the missing value among them.
func (d *Dict) Len() int { return len(d.values) }
