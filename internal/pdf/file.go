package pdf

import (
	"bytes"
)

// entry says where an object is: at an offset, or at an index of an object stream.
type entry struct {
	at, index int
	packed    bool // at is the number of an object stream
	free      bool
}

// file is an opened file. Objects are parsed when they are asked for.
type file struct {
	data    []byte
	limits  Limits
	xref    map[int]entry
	trailer dict
	cache   map[int]any
	packs   map[int]*pack
	busy    map[int]bool // being parsed: an object that needs itself is null
	crypt   *crypt
	rebuilt bool
	cut     error

	work, objects, total int // left of the limits
}

// maxChase is how many references may stand for one another.
const maxChase = 16

func open(data []byte, limits Limits) (*file, error) {
	i := bytes.Index(data[:min(len(data), 4096)], []byte("%PDF-"))
	if i < 0 {
		return nil, ErrDamaged
	}
	f := &file{
		data: data[i:], limits: limits, xref: map[int]entry{}, trailer: dict{}, cache: map[int]any{}, packs: map[int]*pack{}, busy: map[int]bool{},
		work: limits.Work, objects: limits.Objects, total: limits.Total,
	}
	if !f.readXref() || f.dict(f.trailer["Root"]) == nil && !f.encrypted() {
		if err := f.rebuild(); err != nil {
			return nil, err
		}
	} else if err := f.unlock(); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *file) encrypted() bool { return f.trailer["Encrypt"] != nil }

// spent reports whether a limit is reached, and notes it.
func (f *file) spent() bool {
	if f.work > 0 && f.objects > 0 && f.total > 0 {
		return false
	}
	f.cut = ErrLimit
	return true
}

// damage notes that something was left out; a limit is told before damage.
func (f *file) damage(err error) {
	if f.cut != ErrLimit {
		f.cut = err
	}
}

// find looks for a mark from an offset on. Its work is counted, as files may make
// every stream look for an end that does not come.
func (f *file) find(from int, mark string) int {
	if from < 0 || from > len(f.data) || f.spent() {
		return -1
	}
	n := bytes.Index(f.data[from:], []byte(mark))
	if n < 0 {
		f.work -= 1 + (len(f.data)-from)/64
		return -1
	}
	f.work -= 1 + n/64
	return from + n
}

func (f *file) lexer(b []byte, at int) *lexer {
	return &lexer{b: b, at: at, budget: &f.work, deepest: f.limits.Depth, cut: &f.cut}
}

// resolve follows references.
func (f *file) resolve(v any) any {
	for range maxChase {
		r, ok := v.(ref)
		if !ok {
			return v
		}
		v = f.object(r.num)
	}
	return nil
}

// dict resolves a dictionary, also that of a stream; nil if there is none.
func (f *file) dict(v any) dict {
	switch d := f.resolve(v).(type) {
	case dict:
		return d
	case *stream:
		return d.dict
	}
	return nil
}

func (f *file) array(v any) array {
	a, _ := f.resolve(v).(array)
	return a
}

func (f *file) stream(v any) *stream {
	s, _ := f.resolve(v).(*stream)
	return s
}

func (f *file) name(v any) name {
	n, _ := f.resolve(v).(name)
	return n
}

func (f *file) integer(v any) int   { return integer(f.resolve(v)) }
func (f *file) float(v any) float64 { return float(f.resolve(v)) }

// object returns an object by its number; nil if there is none.
func (f *file) object(num int) any {
	if v, ok := f.cache[num]; ok {
		return v
	}
	e, ok := f.xref[num]
	if !ok || e.free || f.busy[num] || f.spent() {
		return nil
	}
	f.objects--
	f.busy[num] = true
	var v any
	if e.packed {
		v = f.unpack(e.at, e.index, num)
	} else {
		v, ok = f.parse(e.at, num)
	}
	delete(f.busy, num)
	if !ok && !f.rebuilt && len(f.busy) == 0 { // offsets are wrong: look where objects really are
		if f.rebuild() == nil {
			return f.object(num)
		}
	}
	f.cache[num] = v
	return v
}

// parse reads "num gen obj ..." at an offset.
func (f *file) parse(at, num int) (any, bool) {
	if at < 0 || at >= len(f.data) {
		return nil, false
	}
	l := f.lexer(f.data, at)
	n, ok := l.digits()
	gen, ok2 := l.digits()
	if !ok || !ok2 || n != num || l.next(0) != operator("obj") {
		return nil, false
	}
	v := l.next(0)
	switch x := v.(type) {
	case end, operator:
		return nil, true
	case dict:
		return f.body(l, x, ref{num, gen}), true
	}
	return f.crypt.strings(v, ref{num, gen}, 0), true
}

// body reads the bytes behind the dictionary of a stream.
func (f *file) body(l *lexer, d dict, r ref) any {
	after := l.at
	if l.next(0) != operator("stream") {
		l.at = after
		return f.crypt.strings(d, r, 0)
	}
	if l.at < len(l.b) && l.b[l.at] == '\r' {
		l.at++
	}
	if l.at < len(l.b) && l.b[l.at] == '\n' {
		l.at++
	}
	s := &stream{dict: d, ref: r}
	n := f.integer(d["Length"])
	if stop := l.at + n; n > 0 && stop <= len(l.b) {
		tail := f.lexer(l.b[:min(len(l.b), stop+24)], stop)
		if tail.next(0) == operator("endstream") {
			s.raw = l.b[l.at:stop]
		}
	}
	if s.raw == nil {
		stop := f.find(l.at, "endstream")
		if stop < 0 {
			stop = len(l.b)
		}
		s.raw = bytes.TrimSuffix(bytes.TrimSuffix(l.b[min(l.at, stop):stop], []byte("\n")), []byte("\r"))
	}
	f.crypt.strings(d, r, 0)
	return s
}

// pack is an opened object stream.
type pack struct {
	data    []byte
	numbers []int
	offsets []int
}

// unpack reads an object of an object stream. Such streams cannot hold each other.
func (f *file) unpack(at, index, num int) any {
	p := f.pack(at)
	if p == nil {
		return nil
	}
	if index >= len(p.numbers) || index < 0 || p.numbers[index] != num {
		index = -1
		for i, n := range p.numbers {
			if n == num {
				index = i
			}
		}
		f.work -= len(p.numbers) / 16
		if index < 0 {
			return nil
		}
	}
	v := f.lexer(p.data, p.offsets[index]).next(0)
	switch v.(type) {
	case end, operator:
		return nil
	}
	return v
}

func (f *file) pack(num int) *pack {
	if p, ok := f.packs[num]; ok {
		return p
	}
	f.packs[num] = nil
	if e := f.xref[num]; e.packed {
		return nil
	}
	s := f.stream(ref{num: num})
	if s == nil || f.name(s.dict["Type"]) != "ObjStm" {
		return nil
	}
	data, err := f.decode(s)
	if err != nil {
		f.damage(err)
	}
	p := &pack{data: data}
	first := f.integer(s.dict["First"])
	l := f.lexer(data, 0)
	for range min(f.integer(s.dict["N"]), f.limits.Objects) {
		n, ok := l.digits()
		offset, ok2 := l.digits()
		if !ok || !ok2 || f.work <= 0 {
			break
		}
		f.work--
		if offset += first; offset >= 0 && offset < len(data) {
			p.numbers, p.offsets = append(p.numbers, n), append(p.offsets, offset)
		}
	}
	f.packs[num] = p
	return p
}

// page is a page with what it inherits.
type page struct {
	dict
	resources dict
}

// pages returns the pages in order.
func (f *file) pages() []page {
	var out []page
	seen := map[int]bool{}
	var walk func(v any, resources dict, depth int)
	walk = func(v any, resources dict, depth int) {
		if r, ok := v.(ref); ok {
			if seen[r.num] {
				return
			}
			seen[r.num] = true
		}
		d := f.dict(v)
		if d == nil || depth > f.limits.Depth || f.spent() {
			return
		}
		f.work--
		if r := f.dict(d["Resources"]); r != nil {
			resources = r
		}
		kids := f.array(d["Kids"])
		if kids == nil {
			if len(out) == f.limits.Pages {
				f.cut = ErrLimit
				return
			}
			out = append(out, page{d, resources})
			return
		}
		for _, k := range kids {
			walk(k, resources, depth+1)
			if f.cut == ErrLimit {
				return
			}
		}
	}
	root := f.dict(f.trailer["Root"])
	if f.dict(root["Pages"]) != nil {
		walk(root["Pages"], nil, 0)
	}
	if len(out) == 0 && f.rebuilt { // the tree is gone: any page counts
		for _, num := range f.numbers() {
			if d, ok := f.object(num).(dict); ok && f.name(d["Type"]) == "Page" && len(out) < f.limits.Pages {
				out = append(out, page{d, f.dict(d["Resources"])})
			}
		}
	}
	return out
}
