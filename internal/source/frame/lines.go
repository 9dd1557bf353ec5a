package frame

// frameLines makes one row of each line that is not blank.
func frameLines(s *sink, w *window, limit int) {
	for {
		n, whole, full := w.lineEnd()
		if whole == 0 {
			break
		}
		if whole == n && w.err != nil { // cut in the middle of a line: the fault of finish covers it
			break
		}
		if full || n > limit {
			if !tooLong(s, w, limit) {
				return
			}
			continue
		}
		line, off := w.line, w.offset()
		raw := w.take(whole)[:n]
		data := trimBlank(raw)
		off += int64(cap(raw) - cap(data)) // a byte order mark
		if len(data) == 0 {
			continue
		}
		text, ok := decodeText(data, w.nl)
		if !ok {
			if !s.fault(Fault{Line: line, Offset: off, Reason: ReasonBadUTF8, Text: textCharset}, data) {
				return
			}
			continue
		}
		if !s.row(Row{Line: line, Offset: off, Data: text}) {
			return
		}
	}
	w.finish(s)
}

// tooLong reports the line at the window's start and passes over it.
func tooLong(s *sink, w *window, limit int) bool {
	f := Fault{Line: w.line, Offset: w.offset(), Reason: ReasonTooLong, Text: "line is longer than " + sizeText(int64(limit))}
	excerpt := append([]byte(nil), w.rest()[:min(len(w.rest()), maskLen)]...)
	w.skipLine()
	return s.fault(f, excerpt)
}

// trimBlank removes spaces, tabs and carriage returns at the end, and a byte
// order mark left by joining files at the beginning. Leading blanks stay: they
// carry meaning in fixed-width lines.
func trimBlank(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t' || b[len(b)-1] == '\r') {
		b = b[:len(b)-1]
	}
	if len(b) >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF {
		b = b[3:]
	}
	return b
}
