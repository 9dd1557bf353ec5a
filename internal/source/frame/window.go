package frame

import (
	"bytes"
	"errors"
	"io"
)

// window is the part of a file that is in memory: unread bytes at buf[pos:].
// Bytes handed out by take are never written to again, so rows may point at them.
type window struct {
	r    io.Reader
	nl   byte // '\n', or '\r' in files with lone carriage returns
	max  int  // most unread bytes kept
	buf  []byte
	pos  int
	base int64 // offset in the file of buf[0]
	line int   // 1-based line of buf[pos]
	step int   // size of the next buffer
	used bool  // buf was handed out
	eof  bool
	err  error // why the file ended, nil for a proper end
}

// Buffers start small for the many small exports and grow to about 1 MiB. The last
// bytes read stay in reach, to see how far a value is indented.
const firstStep, lastStep, history = 64 << 10, 1 << 20, 256

func newWindow(r io.Reader, base int64, nl byte, record int) *window {
	return &window{r: r, nl: nl, max: record + 1, base: base, line: 1, step: firstStep}
}

func (w *window) rest() []byte  { return w.buf[w.pos:] }
func (w *window) offset() int64 { return w.base + int64(w.pos) }

// take hands out the next n bytes.
func (w *window) take(n int) []byte {
	b := w.buf[w.pos : w.pos+n : w.pos+n]
	w.used = true
	w.skip(n)
	return b
}

// skip passes over the next n bytes.
func (w *window) skip(n int) {
	w.line += bytes.Count(w.buf[w.pos:w.pos+n], []byte{w.nl})
	w.pos += n
}

// more reads further bytes behind the unread ones. It reports false at the end
// of the file and when the window is full.
func (w *window) more() bool {
	unread := w.rest()
	if w.eof || len(unread) >= w.max {
		return false
	}
	size := min(max(w.step, 2*len(unread)), w.max+lastStep) + history
	w.step = min(4*w.step, lastStep)
	next := w.buf[:0]
	if w.used || cap(w.buf) < size {
		next = make([]byte, 0, size)
		w.used = false
	}
	past := min(w.pos, history)
	next = append(next, w.buf[w.pos-past:]...)
	w.base += int64(w.pos - past)
	w.pos = past
	had := len(next)
	next = w.fill(next)
	w.buf = next
	return len(next) > had
}

// fill reads until b's capacity is used up or the file ends.
func (w *window) fill(b []byte) []byte {
	for idle := 0; len(b) < cap(b) && idle < 100; {
		n, err := w.r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err != nil {
			w.eof = true
			if !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				w.err = err
			}
			return b
		}
		if n == 0 {
			idle++
		}
	}
	return b
}

// peek makes sure that n bytes are unread if the file has them, and returns what
// is there.
func (w *window) peek(n int) []byte {
	for len(w.rest()) < n && w.more() {
	}
	return w.rest()
}

// lineEnd returns the length of the next line without its end mark, and with it.
// full means that the window filled up before the line ended.
func (w *window) lineEnd() (n, whole int, full bool) {
	seen := 0
	for {
		rest := w.rest()
		if i := bytes.IndexByte(rest[seen:], w.nl); i >= 0 {
			n = seen + i
			whole = n + 1
			if n > 0 && w.nl == '\n' && rest[n-1] == '\r' {
				n--
			}
			return n, whole, false
		}
		seen = len(rest)
		if w.more() {
			continue
		}
		return seen, seen, !w.eof
	}
}

// skipLine passes over the rest of the line without keeping it.
func (w *window) skipLine() {
	for {
		rest := w.rest()
		if i := bytes.IndexByte(rest, w.nl); i >= 0 {
			w.skip(i + 1)
			return
		}
		w.skip(len(rest))
		if !w.more() {
			return
		}
	}
}

// finish reports why the file ended early, if it did.
func (w *window) finish(s *sink) {
	if w.err == nil {
		return
	}
	f := readFault(w.err)
	f.Line, f.Offset = w.line, w.offset()
	s.fault(f, w.rest())
}
