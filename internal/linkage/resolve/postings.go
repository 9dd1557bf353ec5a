package resolve

import (
	"math/bits"
)

// mostCap bounds the cap of blocks, in rows.
const mostCap = 1 << 16

// mostRows is how many rows an index holds: a posting is a row and a side in 31 bits
// with one value left over.
const mostRows = 1<<30 - 2

// posting is a row and the side on which it stands.
type posting = uint32

func postingOf(row int32, side int) posting { return uint32(row)<<1 | uint32(side) }

// postings finds the rows of a key. Entries lie in many small hash tables, so that none
// takes long to grow; rows of one key lie together in memory without pointers, which
// would cost the garbage collector more than the look-ups do.
type postings struct {
	cap    int
	tables []*[1 << shardBits]shard // per rule and depth, so that a key is never taken for one of another
	depths int
	lists  []list
	arena  arena
}

const shardBits = 10

type shard struct {
	slots []entry
	n     int
}

// entry is a key: 32 bits of its hash, and where its rows are.
type entry struct{ tag, ref uint32 }

// A ref is 0 for an empty slot, a posting plus one, or a list.
const listRef = 1 << 31

// list is the rows of a key that several have. Above the cap the rows are let go, and
// at is one of them, by which the key is recognised.
type list struct {
	at uint32
	n  uint32
}

// key is what rows share: the codes of a rule's parts and of the refining columns up to
// a depth.
type key struct {
	rule  *rule
	depth int
	codes []uint32
	hash  uint64
}

func (k *key) sum() {
	h := uint64(0x9e3779b97f4a7c15)
	for _, c := range k.codes {
		h = (h ^ uint64(c)) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	h *= 0xd6e8feb86659fd93
	k.hash = h ^ h>>29
}

func newPostings(most, rules, depths int) postings {
	p := postings{cap: most, depths: depths}
	for range rules * depths {
		p.tables = append(p.tables, new([1 << shardBits]shard))
	}
	return p
}

// found is where the rows of a key are.
type found struct {
	ref   uint32
	shard *shard
	slot  uint32
}

// find looks a key up. same reports whether a posting has the key.
func (p *postings) find(k *key, same func(posting) bool) found {
	s := &p.tables[k.rule.number*p.depths+k.depth][k.hash>>(64-shardBits)]
	if len(s.slots) == 0 {
		return found{0, s, 0}
	}
	tag, mask := uint32(k.hash), uint32(len(s.slots)-1)
	at := tag & mask
	for ; s.slots[at].ref != 0; at = (at + 1) & mask {
		if e := s.slots[at]; e.tag == tag && same(p.first(e.ref)) {
			return found{e.ref, s, at}
		}
	}
	return found{0, s, at}
}

func (p *postings) first(ref uint32) posting {
	if ref&listRef == 0 {
		return ref - 1
	}
	l := p.lists[ref&^listRef]
	if int(l.n) > p.cap {
		return l.at
	}
	return p.arena.at(l.at, 1)[0]
}

// size returns how many rows a key has.
func (p *postings) size(ref uint32) int {
	switch {
	case ref == 0:
		return 0
	case ref&listRef == 0:
		return 1
	}
	return int(p.lists[ref&^listRef].n)
}

// rows returns the rows of a key that has no more than the cap. one is room for a single
// row.
func (p *postings) rows(ref uint32, one *[1]posting) []posting {
	switch {
	case ref == 0:
		return nil
	case ref&listRef == 0:
		one[0] = ref - 1
		return one[:]
	}
	l := p.lists[ref&^listRef]
	return p.arena.at(l.at, int(l.n))
}

// add adds a row to a key. If the key passes the cap by it, its rows are returned, the
// new one among them; they are the caller's.
func (p *postings) add(k *key, x posting, same func(posting) bool) (crossed []posting, broad bool) {
	f := p.find(k, same)
	if f.ref == 0 {
		if len(f.shard.slots) == 0 {
			f.shard.slots = make([]entry, 8)
			f.slot = uint32(k.hash) & 7
		}
		f.shard.slots[f.slot] = entry{uint32(k.hash), x + 1}
		f.shard.n++
		if f.shard.n*4 > len(f.shard.slots)*3 {
			f.shard.grow()
		}
		return nil, false
	}
	if f.ref&listRef == 0 {
		i := p.newList()
		p.lists[i] = list{p.arena.alloc(2), 2}
		room := p.arena.at(p.lists[i].at, 2)
		room[0], room[1] = f.ref-1, x
		f.shard.slots[f.slot].ref = listRef | i
		return nil, false
	}
	l := &p.lists[f.ref&^listRef]
	switch {
	case int(l.n) > p.cap:
		l.n++
		return nil, true
	case int(l.n) == p.cap:
		rows := append(append(make([]posting, 0, p.cap+1), p.arena.at(l.at, int(l.n))...), x)
		p.arena.free(l.at, int(l.n))
		*l = list{rows[0], l.n + 1}
		return rows, true
	case bits.OnesCount32(l.n) == 1: // the room is full
		at := p.arena.alloc(int(l.n) * 2)
		copy(p.arena.at(at, int(l.n)), p.arena.at(l.at, int(l.n)))
		p.arena.free(l.at, int(l.n))
		l.at = at
	}
	l.n++
	p.arena.at(l.at, int(l.n))[l.n-1] = x
	return nil, false
}

func (p *postings) newList() uint32 {
	p.lists = append(p.lists, list{})
	return uint32(len(p.lists) - 1)
}

func (s *shard) grow() {
	old := s.slots
	s.slots = make([]entry, 2*len(old))
	mask := uint32(len(s.slots) - 1)
	for _, e := range old {
		if e.ref == 0 {
			continue
		}
		at := e.tag & mask
		for s.slots[at].ref != 0 {
			at = (at + 1) & mask
		}
		s.slots[at] = e
	}
}

// arena is room for lists, in pieces of powers of two that never straddle a page.
type arena struct {
	pages [][]uint32
	used  uint32 // of the last page
	spare [32][]uint32
}

const pageBits = 18

func class(n int) int { return bits.Len(uint(n - 1)) }

func (a *arena) at(at uint32, n int) []uint32 {
	return a.pages[at>>pageBits][at&(1<<pageBits-1):][:n]
}

func (a *arena) alloc(n int) uint32 {
	c := class(n)
	if s := a.spare[c]; len(s) > 0 {
		at := s[len(s)-1]
		a.spare[c] = s[:len(s)-1]
		return at
	}
	size := uint32(1) << c
	if len(a.pages) == 0 || a.used+size > 1<<pageBits {
		a.pages = append(a.pages, make([]uint32, 1<<pageBits))
		a.used = 0
	}
	at := uint32(len(a.pages)-1)<<pageBits | a.used
	a.used += size
	return at
}

// free gives the room of n rows back.
func (a *arena) free(at uint32, n int) {
	c := class(n)
	a.spare[c] = append(a.spare[c], at)
}
