package block

// digit is how many bits a pass of the radix sort looks at.
const digit = 11

// keyBits is how much of a key is sorted by: keys that are equal there only are told
// apart afterwards.
const keyBits = 44

// sortByKey sorts rows by their keys, and rows of one key by their number, as they
// came.
func sortByKey(keys []uint64, rows []uint32) ([]uint64, []uint32) {
	k2, r2 := make([]uint64, len(keys)), make([]uint32, len(rows))
	for shift := 0; shift < keyBits; shift += digit {
		var counts [1 << digit]int
		for _, k := range keys {
			counts[k>>shift&(1<<digit-1)]++
		}
		at := 0
		for i, c := range counts {
			counts[i], at = at, at+c
		}
		for i, k := range keys {
			d := k >> shift & (1<<digit - 1)
			k2[counts[d]], r2[counts[d]] = k, rows[i]
			counts[d]++
		}
		keys, k2 = k2, keys
		rows, r2 = r2, rows
	}
	return keys, rows
}
