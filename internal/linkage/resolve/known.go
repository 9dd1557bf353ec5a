package resolve

import "github.com/zeebo/xxh3"

// known finds rows by their keys.
type known struct {
	shards [1 << shardBits]shard
}

// row returns the row of a key.
func (k *known) row(x *Index, key string) (int32, bool) {
	h := xxh3.HashString(key)
	s := &k.shards[h>>(64-shardBits)]
	if len(s.slots) == 0 {
		return 0, false
	}
	tag, mask := uint32(h), uint32(len(s.slots)-1)
	for at := tag & mask; s.slots[at].ref != 0; at = (at + 1) & mask {
		if e := s.slots[at]; e.tag == tag && x.keys[e.ref-1] == key {
			return int32(e.ref - 1), true
		}
	}
	return 0, false
}

// add notes a row that is not known.
func (k *known) add(x *Index, row int32) {
	h := xxh3.HashString(x.keys[row])
	s := &k.shards[h>>(64-shardBits)]
	if len(s.slots) == 0 {
		s.slots = make([]entry, 8)
	}
	tag, mask := uint32(h), uint32(len(s.slots)-1)
	at := tag & mask
	for s.slots[at].ref != 0 {
		at = (at + 1) & mask
	}
	s.slots[at] = entry{tag, uint32(row) + 1}
	if s.n++; s.n*4 > len(s.slots)*3 {
		s.grow()
	}
}
