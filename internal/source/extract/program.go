// Package extract reads the values at a fixed set of paths out of a JSON text in
// one pass, without building a tree. A [Program] is the union of the paths of
// all mappings; [Slots] hold what one run found. Text that a path descends into
// and that itself holds JSON is opened on the way.
//
// The text is checked against the whole grammar of RFC 8259, also where nothing
// is extracted, so that a damaged record never passes for a short one.
package extract

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
)

// Program is a set of paths compiled into a trie. It is immutable and safe for
// concurrent use; each user needs Slots of its own.
type Program struct {
	root  *node
	paths []Path
	nodes int
	ends  []*node // per path: where it ends
	marks int     // nodes that are watched
}

// node is a place in the trie.
type node struct {
	id      int
	slots   []int // paths that end here
	multi   bool  // below a [] step: values are appended
	kids    map[string]*node
	few     []kid // the same as kids, while they are few
	spread  []kid // the same as kids, where they are many: places by slot, the next one free
	index   map[int]*node
	all     *node
	filters []*filter
	below   []int // slots here and below
	mark    int   // number of the node among those that are watched, plus one; 0 if it is not
}

type kid struct {
	name string
	n    *node
}

type filter struct {
	name, want string
	n          *node
}

// fewKids is the number of children up to which comparing beats hashing.
const fewKids = 6

// Compile returns the program of paths; path i of the list fills slot i.
func Compile(paths []Path) *Program {
	p := &Program{paths: paths}
	p.root = p.node(false)
	for i, path := range paths {
		at := p.root
		at.below = append(at.below, i)
		for _, s := range path.Steps {
			at = p.step(at, s)
			at.below = append(at.below, i)
		}
		at.slots = append(at.slots, i)
		p.ends = append(p.ends, at)
	}
	p.root.finish()
	return p
}

// Watch makes runs note whether the path is there, and returns the number under
// which [Slots.Marks] tells it. Paths that mean the same share a number. It must
// not be called any more once Slots are in use.
func (p *Program) Watch(path int) int {
	n := p.ends[path]
	if n.mark == 0 {
		p.marks++
		n.mark = p.marks
	}
	return n.mark - 1
}

func (p *Program) node(multi bool) *node {
	p.nodes++
	return &node{id: p.nodes - 1, multi: multi}
}

func (p *Program) step(at *node, s Step) *node {
	switch s.Kind {
	case Key:
		if at.kids == nil {
			at.kids = make(map[string]*node)
		}
		if at.kids[s.Name] == nil {
			at.kids[s.Name] = p.node(at.multi)
		}
		return at.kids[s.Name]
	case Index:
		if at.index == nil {
			at.index = make(map[int]*node)
		}
		if at.index[s.N] == nil {
			at.index[s.N] = p.node(at.multi)
		}
		return at.index[s.N]
	case All:
		if at.all == nil {
			at.all = p.node(true)
		}
		return at.all
	}
	for _, f := range at.filters {
		if f.name == s.Name && f.want == s.Want {
			return f.n
		}
	}
	f := &filter{name: s.Name, want: s.Want, n: p.node(at.multi)}
	at.filters = append(at.filters, f)
	return f.n
}

func (n *node) finish() {
	for name, k := range n.kids {
		if len(n.kids) <= fewKids {
			n.few = append(n.few, kid{name, k})
		}
		k.finish()
	}
	if len(n.kids) > fewKids {
		n.spread = make([]kid, 1<<bits.Len(uint(4*len(n.kids))))
		for _, name := range slices.Sorted(maps.Keys(n.kids)) {
			i := place(name, len(n.spread))
			for n.spread[i].n != nil {
				i = (i + 1) & (len(n.spread) - 1)
			}
			n.spread[i] = kid{name, n.kids[name]}
		}
	}
	for _, k := range n.index {
		k.finish()
	}
	if n.all != nil {
		n.all.finish()
	}
	// Filters on the same key stand together, so that it is looked up once; only
	// the first 64 can be told apart, so none may change sides.
	if len(n.filters) <= 64 {
		slices.SortStableFunc(n.filters, func(a, b *filter) int { return strings.Compare(a.name, b.name) })
	}
	for _, f := range n.filters {
		f.n.finish()
	}
}

// child returns the node of a key, or nil.
func (n *node) child(key []byte) *node {
	if n.few != nil {
		for i := range n.few {
			if n.few[i].name == string(key) {
				return n.few[i].n
			}
		}
		return nil
	}
	if n.spread == nil {
		return nil
	}
	for i := place(key, len(n.spread)); n.spread[i].n != nil; i = (i + 1) & (len(n.spread) - 1) {
		if n.spread[i].name == string(key) {
			return n.spread[i].n
		}
	}
	return nil
}

// place returns where a name stands in a table whose size is a power of two:
// length, ends and middle tell keys apart well enough, and fast.
func place[T string | []byte](name T, size int) int {
	n := len(name)
	if n == 0 {
		return 0
	}
	h := uint32(n) + uint32(name[0])<<5 + uint32(name[n-1])<<10 + uint32(name[n/2])<<15 + uint32(name[n/4])<<20
	h *= 2654435769 // Knuth's multiplicative hashing
	return int(h>>16) & (size - 1)
}

// inArray reports whether the node looks into arrays.
func (n *node) inArray() bool { return n.all != nil || n.index != nil || n.filters != nil }

// open reports whether the node looks into objects or arrays.
func (n *node) open() bool { return n.kids != nil || n.inArray() }

// Slots hold the values that one run found, until the next run. They refer to
// the text of the run.
type Slots struct {
	prog  *Program
	gen   uint32
	slots []slot
	seen  []uint32 // per node: the object instance that last held it
	inst  uint32
	marks []uint64
}

type slot struct {
	raw  Raw
	pos  int
	gen  uint32
	list []item
}

type item struct {
	raw Raw
	pos int
}

// Slots returns empty slots for the program.
func (p *Program) Slots() *Slots {
	return &Slots{prog: p, slots: make([]slot, len(p.paths)), seen: make([]uint32, p.nodes), marks: make([]uint64, (p.marks+63)/64)}
}

// Run extracts from one JSON value, which must fill data but for white space.
func (s *Slots) Run(data []byte) error {
	s.gen++
	if s.gen == 0 || s.inst > 1<<31 { // the counters wrapped: forget everything
		s.gen, s.inst = 1, 0
		clear(s.seen)
		for i := range s.slots {
			s.slots[i].gen = 0
		}
	}
	clear(s.marks)
	x := scanner{d: data, s: s, base: -1}
	i := x.space(0)
	end, err := x.value(i, s.prog.root, 0)
	if err != nil {
		return err
	}
	if end = x.space(end); end != len(data) {
		return syntax(end, "text after the value")
	}
	return nil
}

// Get returns the value of path i, the first one of a list.
func (s *Slots) Get(i int) Raw {
	v := &s.slots[i]
	if v.gen != s.gen {
		return Raw{}
	}
	return v.raw
}

// Has reports whether the path is present, be its value null.
func (s *Slots) Has(i int) bool { return s.slots[i].gen == s.gen }

// Marks returns, as bits by number, which of the watched paths the text holds. A
// path that was there and was replaced by a repeated key may stand in it too.
func (s *Slots) Marks() []uint64 { return s.marks }

// List yields the values of a path with a [] step, in order.
func (s *Slots) List(i int) func(yield func(Raw) bool) {
	return func(yield func(Raw) bool) {
		v := &s.slots[i]
		if v.gen != s.gen {
			return
		}
		for j := range v.list {
			if !yield(v.list[j].raw) {
				return
			}
		}
	}
}

func (s *Slots) put(n *node, r Raw, pos int) {
	if n.mark > 0 {
		s.marks[(n.mark-1)>>6] |= 1 << ((n.mark - 1) & 63)
	}
	for _, i := range n.slots {
		v := &s.slots[i]
		fresh := v.gen != s.gen
		v.gen = s.gen
		if !n.multi {
			v.raw, v.pos = r, pos
			continue
		}
		if fresh {
			v.list = v.list[:0]
			v.raw, v.pos = r, pos
		}
		v.list = append(v.list, item{r, pos})
	}
}

// forget removes what the object that began at from has put below n: the key
// came again, and the last one counts.
func (s *Slots) forget(n *node, from int) {
	for _, i := range n.below {
		v := &s.slots[i]
		if v.gen != s.gen {
			continue
		}
		if !s.prog.paths[i].Multi() {
			if v.pos >= from {
				v.gen = 0
			}
			continue
		}
		k := len(v.list)
		for k > 0 && v.list[k-1].pos >= from {
			k--
		}
		v.list = v.list[:k]
		if k == 0 {
			v.gen = 0
		} else {
			v.raw, v.pos = v.list[0].raw, v.list[0].pos
		}
	}
}
