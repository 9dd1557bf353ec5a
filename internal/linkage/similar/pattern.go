package similar

import "math/bits"

// Info is what is known of a text before it is looked at.
type Info struct {
	Mask uint64 // of its characters, see Mask
	Head uint32 // its first four bytes, the first in the lowest
	Len  uint32 // bytes
}

// InfoOf returns what bounds a text's similarity to others.
func InfoOf(s string) Info {
	x := Info{Mask: Mask(s), Len: uint32(len(s))}
	for i := range min(len(s), prefixMost) {
		x.Head |= uint32(s[i]) << (8 * i)
	}
	return x
}

// prefix is the length of the common beginning of two texts, up to four.
func (x *Info) prefix(y *Info) int {
	p := bits.TrailingZeros32(x.Head^y.Head) / 8 // 4 if they are equal
	return min(p, int(x.Len), int(y.Len))
}

// Floor tells by characters, lengths and beginnings alone whether the Jaro-Winkler
// similarity of two texts may reach a value.
type Floor struct {
	value float64
	need  [prefixMost + 1][floorLen + 1][floorLen + 1]uint8 // matching characters
}

// floorLen is the longest text for which a floor knows how many characters must match.
const floorLen = 24

// NewFloor returns the floor of a value.
func NewFloor(value float64) *Floor {
	f := &Floor{value: value}
	for p := range f.need {
		for la := range f.need[p] {
			for lb := range f.need[p][la] {
				m := 0
				for m <= min(la, lb) && lifted(m, la, lb, p) < value {
					m++
				}
				f.need[p][la][lb] = uint8(m)
			}
		}
	}
	return f
}

// Reached reports whether two texts may be as similar as the floor.
func (f *Floor) Reached(x, y *Info) bool {
	if (x.Mask|y.Mask)&wide != 0 {
		return true
	}
	la, lb := int(x.Len), int(y.Len)
	if la == 0 || lb == 0 {
		return f.value <= 0
	}
	m := min(la-bits.OnesCount64(x.Mask&^y.Mask), lb-bits.OnesCount64(y.Mask&^x.Mask))
	if la <= floorLen && lb <= floorLen {
		return m >= int(f.need[x.prefix(y)][la][lb])
	}
	return lifted(m, la, lb, x.prefix(y)) >= f.value
}

// lifted is the Jaro-Winkler similarity of m matching characters, none transposed.
func lifted(m, la, lb, prefix int) float64 {
	if m <= 0 {
		return 0
	}
	j := min((float64(m)/float64(la)+float64(m)/float64(lb)+1)/3, 1)
	return j + prefixWeight*float64(prefix)*(1-j)
}

// Pattern is a text that is compared with many: it knows for each character where it
// stands, one bit per place (bit-parallel matching as in Hyyrö 2003).
type Pattern struct {
	at   [128]uint64
	text string
	info Info
}

// Set makes the pattern of a text.
func (p *Pattern) Set(s string, info Info) {
	if p.narrow() {
		for i := range len(p.text) {
			p.at[p.text[i]] = 0
		}
	}
	p.text, p.info = s, info
	if p.narrow() {
		for i := range len(s) {
			p.at[s[i]] |= 1 << i
		}
	}
}

func (p *Pattern) narrow() bool { return p.info.Mask&wide == 0 && len(p.text) <= 64 }

// JaroWinkler returns JaroWinkler of the pattern's text and another, of which
// something is known; anything below floor for values below it.
func (p *Pattern) JaroWinkler(s string, info *Info, floor float64) float64 {
	if !p.narrow() || info.Mask&wide != 0 || len(s) > 64 || len(s) == 0 || len(p.text) == 0 {
		return JaroWinkler(p.text, s)
	}
	la, lb := len(p.text), len(s)
	window := max(max(la, lb)/2-1, 0)
	near := uint64(1)<<(window+1) - 1
	var inText, inS uint64
	for j := range lb {
		x := p.at[s[j]&127] & near &^ inText
		inText |= x & -x
		if x != 0 {
			inS |= 1 << j
		}
		near <<= 1
		if j < window {
			near |= 1
		}
	}
	m := bits.OnesCount64(inText)
	prefix := p.info.prefix(info)
	if m == 0 || lifted(m, la, lb, prefix) < floor {
		return 0
	}
	t := 0
	for x, y := inText, inS; y != 0; x, y = x&(x-1), y&(y-1) {
		if p.at[s[bits.TrailingZeros64(y)]&127]&(x&-x) == 0 {
			t++
		}
	}
	j := jaro(m, t, la, lb)
	if j <= boostFrom {
		return j
	}
	return j + prefixWeight*float64(prefix)*(1-j)
}
