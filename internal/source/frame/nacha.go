package frame

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// nachaWidth is the length of a record in a NACHA file (NACHA Operating Rules,
// Appendix Three: fixed-width records of 94 characters).
const nachaWidth = 94

// sniffNACHA recognises an ACH file by its file header record: "101", then a
// batch header or file control record behind it. Files may have line ends or not,
// and lines that lost the blanks at their end.
func sniffNACHA(head []byte, nl byte) bool {
	if !bytes.HasPrefix(head, []byte("101")) {
		return false
	}
	first, rest, broken := bytes.Cut(head, []byte{nl})
	first = trimBlank(first)
	if !broken || len(first) > nachaWidth {
		return len(first) > nachaWidth && (first[nachaWidth] == '5' || first[nachaWidth] == '9')
	}
	rest = bytes.TrimLeft(rest, "\r\n")
	return len(first) >= 40 && len(first) <= nachaWidth && (len(rest) == 0 && len(first) == nachaWidth || len(rest) > 0 && (rest[0] == '5' || rest[0] == '9'))
}

// frameNACHA makes one row of 94 bytes of each record, padded with blanks where
// the line was shortened.
func frameNACHA(s *sink, w *window) {
	record := 0
	for {
		n, whole, full := w.lineEnd()
		if whole == 0 || whole == n && w.err != nil {
			break
		}
		if full || runeLen(trimBlank(w.rest()[:n])) > nachaWidth {
			if !nachaRun(s, w, &record) {
				return
			}
			continue
		}
		line, off := max(w.line, record+1), w.offset()
		raw := trimBlank(w.take(whole)[:n])
		if len(raw) == 0 {
			continue
		}
		record++
		if !nachaRow(s, raw, line, off) {
			return
		}
	}
	w.finish(s)
}

// runeLen counts characters; bytes that are not UTF-8 count as one each.
func runeLen(b []byte) int {
	if len(b) <= nachaWidth {
		return len(b)
	}
	return utf8.RuneCount(b)
}

// nachaRun cuts one record off a line that holds several; Line is then the number
// of the record.
func nachaRun(s *sink, w *window, record *int) bool {
	rest := w.peek(nachaWidth + 2)
	n := min(nachaWidth, len(rest))
	if i := bytes.IndexByte(rest[:n], w.nl); i >= 0 {
		n = i + 1
	}
	line, off := max(w.line, *record+1), w.offset()
	raw := trimBlank(bytes.TrimRight(w.take(n), "\r\n"))
	*record++
	if after := w.rest(); len(after) > 0 && after[0] == '\r' {
		w.skip(1)
	}
	if after := w.rest(); len(after) > 0 && after[0] == w.nl {
		w.skip(1)
	}
	return len(raw) == 0 || nachaRow(s, raw, line, off)
}

func nachaRow(s *sink, raw []byte, line int, off int64) bool {
	text, ok := decodeText(raw, '\n')
	if !ok {
		return s.fault(Fault{Line: line, Offset: off, Reason: ReasonBadUTF8, Text: textCharset}, raw)
	}
	if raw[0] < '1' || raw[0] > '9' {
		return s.fault(Fault{Line: line, Offset: off, Reason: ReasonWrongColumns, Text: "record type " + strconv.QuoteRune(rune(raw[0])) + " is none of 1, 5, 6, 7, 8, 9"}, raw)
	}
	for missing := nachaWidth - len([]rune(string(text))); missing > 0; missing-- {
		text = append(text[:len(text):len(text)], ' ')
	}
	return s.row(Row{Line: line, Offset: off, Data: text})
}
