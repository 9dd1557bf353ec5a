package pdf

import (
	"bytes"
	"maps"
	"slices"
)

// readXref reads the cross-reference tables and streams from the newest to the
// oldest; false where one of them is not what it should be.
func (f *file) readXref() bool {
	tail := max(0, len(f.data)-2048)
	i := bytes.LastIndex(f.data[tail:], []byte("startxref"))
	if i < 0 {
		return false
	}
	at, ok := f.lexer(f.data, tail+i+len("startxref")).digits()
	seen := map[int]bool{}
	for ok && at > 0 && at < len(f.data) && !seen[at] && !f.spent() {
		seen[at] = true
		var t dict
		if t, ok = f.section(at); !ok {
			return false
		}
		for _, k := range []name{"Root", "Info", "ID", "Encrypt"} { // the newest counts
			if _, have := f.trailer[k]; !have && t[k] != nil {
				f.trailer[k] = t[k]
			}
		}
		if hidden := integer(t["XRefStm"]); hidden > 0 && hidden < len(f.data) && !seen[hidden] {
			seen[hidden] = true
			f.section(hidden)
		}
		prev := integer(t["Prev"])
		if prev == 0 {
			break
		}
		at = prev
	}
	return f.trailer["Root"] != nil
}

// section reads one table or stream and returns its trailer.
func (f *file) section(at int) (dict, bool) {
	l := f.lexer(f.data, at)
	if l.space(); bytes.HasPrefix(l.b[l.at:], []byte("xref")) {
		l.at += len("xref")
		return f.table(l)
	}
	num, ok := l.digits()
	if !ok {
		return nil, false
	}
	v, ok := f.parse(at, num)
	s, isStream := v.(*stream)
	if !ok || !isStream {
		return nil, false
	}
	return s.dict, f.xrefStream(s)
}

// put notes where an object is, unless a newer section has said so.
func (f *file) put(num int, e entry) {
	if _, ok := f.xref[num]; ok || num < 0 {
		return
	}
	if len(f.xref) >= f.limits.Objects {
		f.cut = ErrLimit
		return
	}
	f.xref[num] = e
}

// table reads subsections of lines "offset gen n|f", up to the trailer.
func (f *file) table(l *lexer) (dict, bool) {
	for {
		first, ok := l.digits()
		if !ok {
			break
		}
		count, ok := l.digits()
		if !ok {
			return nil, false
		}
		for i := range count {
			offset, ok := l.digits()
			_, ok2 := l.digits()
			if !ok || !ok2 || f.cut != nil {
				return nil, false
			}
			f.work--
			switch l.next(0) {
			case operator("n"):
				if i == 0 && first == 1 && offset == 0 { // begins with the free object 0, wrongly called 1
					first = 0
				}
				f.put(first+i, entry{at: offset})
			case operator("f"):
				if i == 0 && first == 1 && offset == 0 {
					first = 0
				}
				f.put(first+i, entry{free: true})
			default:
				return nil, false
			}
		}
	}
	if l.next(0) != operator("trailer") {
		return nil, false
	}
	t, ok := l.next(0).(dict)
	return t, ok
}

// xrefStream reads a cross-reference stream (section 7.5.8).
func (f *file) xrefStream(s *stream) bool {
	var w [3]int
	for i, v := range f.array(s.dict["W"]) {
		if i < 3 {
			w[i] = integer(v)
		}
		if n := integer(v); n < 0 || n > 8 {
			return false
		}
	}
	width := w[0] + w[1] + w[2]
	data, err := f.decode(s)
	if width == 0 || len(data) < width && err != nil {
		return false
	}
	index := f.array(s.dict["Index"])
	if index == nil {
		index = array{0, integer(s.dict["Size"])}
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, count := integer(index[i]), integer(index[i+1])
		for k := 0; k < count && len(data) >= width && f.cut == nil; k++ {
			f.work--
			kind, a, b := 1, bigEndian(data[w[0]:w[0]+w[1]]), bigEndian(data[w[0]+w[1]:width])
			if w[0] > 0 {
				kind = bigEndian(data[:w[0]])
			}
			data = data[width:]
			switch kind {
			case 0:
				f.put(first+k, entry{free: true})
			case 1:
				f.put(first+k, entry{at: a})
			case 2:
				f.put(first+k, entry{at: a, index: b, packed: true})
			}
		}
	}
	return true
}

func bigEndian(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

func (f *file) numbers() []int { return slices.Sorted(maps.Keys(f.xref)) }

// rebuild looks through the whole file for objects; of several with one number the
// last counts. It is the way to read files that were cut off or joined.
func (f *file) rebuild() error {
	f.rebuilt = true
	f.xref, f.cache, f.packs, f.trailer, f.crypt, f.cut = map[int]entry{}, map[int]any{}, map[int]*pack{}, dict{}, nil, nil
	f.findObjects()
	f.findTrailers()
	streams := f.survey()
	if err := f.unlock(); err != nil {
		return err
	}
	for _, num := range streams {
		p := f.pack(num)
		if p == nil {
			continue
		}
		for i, n := range p.numbers {
			f.put(n, entry{at: num, index: i, packed: true})
		}
	}
	if f.dict(f.trailer["Root"]) == nil {
		for _, num := range f.numbers() {
			if d, ok := f.object(num).(dict); ok && f.name(d["Type"]) == "Catalog" {
				f.trailer["Root"] = ref{num: num}
			}
		}
	}
	if f.trailer["Root"] == nil && len(f.xref) == 0 {
		return ErrDamaged
	}
	return nil
}

// findObjects looks for "num gen obj".
func (f *file) findObjects() {
	for at := 0; ; {
		i := bytes.Index(f.data[at:], []byte("obj"))
		if i < 0 || f.work <= 0 {
			return
		}
		f.work--
		k := at + i
		at = k + 3
		gen, ok := digitsBefore(f.data, k)
		if !ok {
			continue
		}
		start, ok := digitsBefore(f.data, gen)
		if !ok || start < 0 {
			continue
		}
		if num, ok := f.lexer(f.data, start).digits(); ok {
			if _, have := f.xref[num]; have || len(f.xref) < f.limits.Objects {
				f.xref[num] = entry{at: start}
			} else {
				f.cut = ErrLimit
			}
		}
	}
}

// digitsBefore returns where the digits begin that stand before an offset, with
// white space between; at most ten.
func digitsBefore(b []byte, at int) (int, bool) {
	i := at
	for i > 0 && at-i < 8 && class(b[i-1]) == classSpace {
		i--
	}
	last := i
	for i > 0 && last-i < 10 && b[i-1] >= '0' && b[i-1] <= '9' {
		i--
	}
	return i, i < last
}

// findTrailers takes the entries of all trailers, the last one first.
func (f *file) findTrailers() {
	for at := 0; f.work > 0; {
		i := bytes.Index(f.data[at:], []byte("trailer"))
		if i < 0 {
			return
		}
		at += i + len("trailer")
		if t, ok := f.lexer(f.data, at).next(0).(dict); ok {
			f.takeTrailer(t)
		}
	}
}

func (f *file) takeTrailer(t dict) {
	for _, k := range []name{"Root", "Info", "ID", "Encrypt"} {
		if t[k] != nil {
			f.trailer[k] = t[k]
		}
	}
}

// survey returns the numbers of the object streams, and takes the trailers of
// cross-reference streams.
func (f *file) survey() []int {
	var packs []int
	for _, num := range f.numbers() {
		if f.spent() {
			break
		}
		l := f.lexer(f.data, f.xref[num].at)
		l.digits()
		l.digits()
		l.next(0)
		d, ok := l.next(0).(dict)
		if !ok {
			continue
		}
		switch d["Type"] {
		case name("ObjStm"):
			packs = append(packs, num)
		case name("XRef"):
			f.takeTrailer(d)
		}
	}
	return packs
}
