package resume

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
)

// maxMark is the number of bytes of a program's name that are kept.
const maxMark = 64

// marks returns what an encoded picture says of its making (signal A12): the device
// and program of EXIF, the claim generator of Content Credentials (C2PA 2.1), and
// whether a model made or changed it (IPTC digital source type; the text chunks
// that generators of pictures write into PNG files). Many programs remove all of it:
// nothing follows from its absence.
func marks(data []byte) []string {
	var out []string
	put := func(kind, value string) {
		value = strings.TrimSpace(strings.Map(func(r rune) rune {
			if !unicode.IsPrint(r) {
				return -1
			}
			return r
		}, strings.ToValidUTF8(value[:min(len(value), maxMark)], "")))
		if value != "" {
			out = append(out, kind+value)
		}
	}
	if bytes.Contains(data, []byte("rainedAlgorithmicMedia")) || generatorChunk(data) {
		out = append(out, "generated")
	}
	if _, after, ok := bytes.Cut(data, []byte("claim_generator")); ok && bytes.Contains(data, []byte("c2pa")) {
		put("c2pa:", cborText(after))
	}
	if i := bytes.Index(data[:min(len(data), 1<<20)], []byte("Exif\x00\x00")); i >= 0 {
		fields := exif(data[i+6:])
		put("camera:", strings.TrimSpace(fields[tagMake]+" "+strings.TrimPrefix(fields[tagModel], fields[tagMake]+" ")))
		put("software:", fields[tagSoftware])
	}
	return out
}

// generatorChunk reports whether a PNG file holds the prompt it was made from: the
// keywords are those of the common programs.
func generatorChunk(data []byte) bool {
	if !bytes.HasPrefix(data, []byte(formats[0].magic)) {
		return false
	}
	for _, word := range []string{"tEXtparameters\x00", "iTXtparameters\x00", "tEXtprompt\x00", "tEXtDream\x00", "tEXtsd-metadata\x00", "tEXtinvokeai_metadata\x00"} {
		if bytes.Contains(data, []byte(word)) {
			return true
		}
	}
	return false
}

// cborText reads the text string that the bytes begin with (RFC 8949, section 3.1).
func cborText(b []byte) string {
	if len(b) < 2 || b[0]>>5 != 3 {
		return ""
	}
	n, from := int(b[0]&31), 1
	switch n {
	case 24:
		n, from = int(b[1]), 2
	case 25, 26, 27, 31:
		return ""
	}
	return string(b[from:min(len(b), from+n)])
}

// Tags of the first directory of EXIF (CIPA DC-008).
const (
	tagMake     = 0x010f
	tagModel    = 0x0110
	tagSoftware = 0x0131
)

// exif returns the texts of the first directory.
func exif(b []byte) map[uint16]string {
	out := map[uint16]string{}
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(b, []byte("MM")) {
		order = binary.BigEndian
	}
	if len(b) < 8 {
		return out
	}
	at := int(order.Uint32(b[4:]))
	if at < 8 || at+2 > len(b) {
		return out
	}
	for i := range min(int(order.Uint16(b[at:])), 100) {
		e := at + 2 + 12*i
		if e+12 > len(b) {
			break
		}
		tag, kind, n := order.Uint16(b[e:]), order.Uint16(b[e+2:]), int(order.Uint32(b[e+4:]))
		if kind != 2 || n < 1 {
			continue
		}
		from := e + 8
		if n > 4 {
			from = int(order.Uint32(b[e+8:]))
		}
		if from > len(b) || n > len(b)-from {
			continue
		}
		text, _, _ := bytes.Cut(b[from:from+n], []byte{0})
		out[tag] = strings.TrimSpace(string(text))
	}
	return out
}
