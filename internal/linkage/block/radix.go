package block

import "slices"

// A key is 33 bits of a hash, a bit of rows that stand on the right, and the row. Keys
// that are equal by chance are told apart afterwards.
const (
	rowBits  = 31
	rightBit = 1 << 30
	digit    = 11 // bits that a pass of the radix sort looks at
)

// rowOf returns the row of a key, marked if it stands on the right.
func rowOf(key uint64) uint32 {
	row := uint32(key & (rightBit - 1))
	if key&rightBit != 0 {
		row |= asRight
	}
	return row
}

// sortKeys sorts by hash, and what has one hash in the order in which it came. It returns
// the sorted keys and the space that is left, of keys and other.
func sortKeys(keys, other []uint64) (sorted, left []uint64) {
	var counts [3][1 << digit]uint32
	for _, k := range keys {
		k >>= rowBits
		counts[0][k&(1<<digit-1)]++
		counts[1][k>>digit&(1<<digit-1)]++
		counts[2][k>>(2*digit)]++
	}
	other = slices.Grow(other[:0], len(keys))[:len(keys)]
	for pass := range counts {
		at := uint32(0)
		for i, c := range counts[pass] {
			counts[pass][i], at = at, at+c
		}
		shift := rowBits + pass*digit
		for _, k := range keys {
			d := k >> shift & (1<<digit - 1)
			other[counts[pass][d]] = k
			counts[pass][d]++
		}
		keys, other = other, keys
	}
	return keys, other
}
