package pdf

import "encoding/binary"

// glyphTexts reads the character map of an embedded TrueType font the other way
// round: which character a glyph shows. It helps where a file has no ToUnicode.
func (f *file) glyphTexts(data []byte) map[int]string {
	out := map[int]string{}
	table := sfntTable(data, "cmap")
	if len(table) < 4 {
		return out
	}
	for i := range min(int(be16(table, 2)), 16) {
		at := 4 + 8*i
		platform, offset := be16(table, at), int(be32(table, at+4))
		if platform != 0 && platform != 3 || offset >= len(table) {
			continue
		}
		sub := table[offset:]
		switch be16(sub, 0) {
		case 4:
			f.format4(sub, out)
		case 12:
			f.format12(sub, out)
		}
	}
	return out
}

func be16(b []byte, at int) uint16 {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return binary.BigEndian.Uint16(b[at:])
}

func be32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return binary.BigEndian.Uint32(b[at:])
}

func sfntTable(data []byte, tag string) []byte {
	for i := range min(int(be16(data, 4)), 64) {
		at := 12 + 16*i
		if at+16 > len(data) {
			return nil
		}
		if string(data[at:at+4]) != tag {
			continue
		}
		offset, size := int(be32(data, at+8)), int(be32(data, at+12))
		if offset > len(data) {
			return nil
		}
		return data[offset:min(len(data), offset+size)]
	}
	return nil
}

func note(out map[int]string, glyph int, r rune) {
	if _, ok := out[glyph]; !ok && glyph > 0 {
		out[glyph] = string(r)
	}
}

// format4 is the segment mapping of the OpenType specification, "cmap".
func (f *file) format4(b []byte, out map[int]string) {
	segments := int(be16(b, 6)) / 2
	for s := range segments {
		stop, start := int(be16(b, 14+2*s)), int(be16(b, 16+2*segments+2*s))
		delta, ranges := int(be16(b, 16+4*segments+2*s)), int(be16(b, 16+6*segments+2*s))
		for c := start; c <= stop && c < 0xffff && f.work > 0; c++ {
			f.work--
			glyph := c + delta
			if ranges != 0 {
				if glyph = int(be16(b, 16+6*segments+2*s+ranges+2*(c-start))); glyph != 0 {
					glyph += delta
				}
			}
			note(out, glyph&0xffff, rune(c))
		}
	}
}

// format12 is segmented coverage.
func (f *file) format12(b []byte, out map[int]string) {
	for g := range int(min(be32(b, 12), 1<<16)) {
		at := 16 + 12*g
		if at+12 > len(b) {
			return
		}
		start, stop, glyph := int(be32(b, at)), int(be32(b, at+4)), int(be32(b, at+8))
		for c := start; c <= stop && c <= 0x10ffff && f.work > 0; c++ {
			f.work--
			note(out, glyph+c-start, rune(c))
		}
	}
}
