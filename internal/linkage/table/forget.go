package table

// Forget takes the values out again that came last, so that n codes are left; their texts
// must not be in use any more. Values are found by probing from slot to slot, and each
// went to the first that was free: taken out in the opposite order they leave the slots
// as they were.
func (d *Dict) Forget(n int) {
	for len(d.values) > max(n, 1) {
		code := uint32(len(d.values) - 1)
		at, _ := d.find(d.Value(code))
		d.slots[at] = 0
		x := d.values[code]
		d.values = d.values[:code]
		switch last := uint64(len(d.pieces) - 1); {
		case x>>63 != 0:
			delete(d.long, uint64(code)<<(2*pieceBits)|1)
		case x>>(2*pieceBits) == last:
			d.room = d.room[:x>>pieceBits&(piece-1)]
		}
	}
}
