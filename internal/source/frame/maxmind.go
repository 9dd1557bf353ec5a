package frame

import (
	"bytes"
	"io"
)

// maxMindWhy words why an address database is not read.
const maxMindWhy = "MaxMind database of addresses and places, no log: there is nothing about people in it"

// The metadata of a MaxMind database stand behind a marker in its last 128 KiB
// (MaxMind DB format specification 2.0, "Metadata").
const maxMindTail = 128 << 10

var maxMindMark = []byte("\xAB\xCD\xEFMaxMind.com")

// isMaxMind looks for the marker at the end of a file whose beginning is no text.
func isMaxMind(magic []byte, r io.ReaderAt, size int64) bool {
	if bytes.IndexFunc(magic, func(c rune) bool { return c < '\t' }) < 0 {
		return false
	}
	at := max(0, size-maxMindTail)
	tail := make([]byte, size-at)
	n, err := r.ReadAt(tail, at)
	return (err == nil || err == io.EOF) && bytes.Contains(tail[:n], maxMindMark)
}
