package frame

import (
	"bytes"
	"regexp"
	"strings"
)

// formatFedwire and formatSWIFT are the formats of streams of bank messages.
const (
	formatFedwire = "fedwire" // Fedwire Application Interface Manual: tags in braces, {1500} first
	formatSWIFT   = "swift"   // SWIFT FIN (MT): blocks in braces, {1:F01...} first
)

var (
	fedwireTag   = regexp.MustCompile(`\{([0-9]{4})\}`)
	swiftHeader  = regexp.MustCompile(`^\{1:[A-Z][0-9]{2}[A-Z0-9]{12}`)
	swiftType    = regexp.MustCompile(`\{2:([IO])([0-9]{3})`)
	swiftField   = regexp.MustCompile(`(?m)^:([0-9]{2}[A-Z]?):`)
	fedwireStart = []byte("{1500}")
	swiftStart   = []byte("{1:")
)

// sniffBank recognises files of bank messages by the beginning of the first.
func sniffBank(body []byte) (format string, ok bool) {
	switch {
	case bytes.HasPrefix(body, fedwireStart):
		return formatFedwire, true
	case swiftHeader.Match(body):
		return formatSWIFT, true
	}
	return "", false
}

// bankFramer collects the lines of one message after another.
type bankFramer struct {
	s     *sink
	start []byte // of a message
	make  func(text string) []byte
	limit int
	text  []byte
	line  int
	off   int64
}

// frameBank makes one JSON object of each message: {"fedwire": {tag: value}} or
// {"swift": {"type": "103", "direction": "O", "fields": {tag: value}}}. The value
// of a tag with several elements or lines is a list. Of a repeated tag the first
// is kept.
func frameBank(s *sink, w *window, format string, limit int) {
	f := &bankFramer{s: s, start: fedwireStart, make: fedwireObject, limit: limit}
	if format == formatSWIFT {
		f.start, f.make = swiftStart, swiftObject
	}
	for {
		n, whole, full := w.lineEnd()
		if whole == 0 || whole == n && w.err != nil {
			break
		}
		if full || n > limit {
			if !f.message() || !tooLong(s, w, limit) {
				return
			}
			continue
		}
		line, off := w.line, w.offset()
		raw := w.take(whole)
		if bytes.HasPrefix(raw, f.start) && !f.message() {
			return
		}
		if len(f.text) == 0 {
			f.line, f.off = line, off
		}
		if len(f.text) <= limit {
			f.text = append(f.text, raw...)
		}
	}
	if f.message() {
		w.finish(s)
	}
}

// message hands over the message that has been collected: several, where they
// stand on one line.
func (f *bankFramer) message() bool {
	text := f.text
	f.text = nil
	if len(text) > f.limit {
		return f.s.fault(Fault{Line: f.line, Offset: f.off, Reason: ReasonTooLong, Text: "message is longer than " + sizeText(int64(f.limit))}, text)
	}
	off := f.off
	for len(bytes.TrimSpace(text)) > 0 {
		n := len(text)
		if i := bytes.Index(text[1:], f.start); i >= 0 {
			n = i + 1
		}
		if !f.one(text[:n], off) {
			return false
		}
		text, off = text[n:], off+int64(n)
	}
	return true
}

func (f *bankFramer) one(text []byte, off int64) bool {
	decoded, ok := decodeText(text, '\n')
	switch {
	case !ok:
		return f.s.fault(Fault{Line: f.line, Offset: off, Reason: ReasonBadUTF8, Text: textCharset}, text)
	case !bytes.HasPrefix(text, f.start):
		return f.s.fault(Fault{Line: f.line, Offset: off, Reason: ReasonWrongColumns, Text: "not the beginning of a message"}, text)
	}
	return f.s.row(Row{Line: f.line, Offset: off, Data: f.make(string(decoded))})
}

func fedwireObject(text string) []byte {
	b := append([]byte(nil), `{"fedwire":{`...)
	tags := fedwireTag.FindAllStringSubmatchIndex(text, -1)
	seen := map[string]bool{}
	for i, at := range tags {
		end := len(text)
		if i+1 < len(tags) {
			end = tags[i+1][0]
		}
		tag, value := text[at[2]:at[3]], strings.Trim(text[at[1]:end], "\r\n")
		if seen[tag] {
			continue
		}
		seen[tag] = true
		b = append(appendName(comma(b), tag), ':')
		b = appendValues(b, strings.Split(strings.TrimSuffix(value, "*"), "*"))
	}
	return append(b, "}}"...)
}

func swiftObject(text string) []byte {
	b := append([]byte(nil), `{"swift":{`...)
	if m := swiftType.FindStringSubmatch(text); m != nil {
		b = append(b, `"type":"`+m[2]+`","direction":"`+m[1]+`",`...)
	}
	b = append(b, `"fields":{`...)
	_, block, _ := strings.Cut(text, "{4:")
	block, _, _ = strings.Cut(block, "\n-}")
	fields := swiftField.FindAllStringSubmatchIndex(block, -1)
	seen := map[string]bool{}
	for i, at := range fields {
		end := len(block)
		if i+1 < len(fields) {
			end = fields[i+1][0]
		}
		tag := block[at[2]:at[3]]
		if seen[tag] {
			continue
		}
		seen[tag] = true
		b = append(appendName(comma(b), tag), ':')
		b = appendValues(b, strings.Split(strings.TrimRight(block[at[1]:end], "\r\n"), "\n"))
	}
	return append(b, "}}}"...)
}

// appendValues writes one value as text, several as a list.
func appendValues(b []byte, values []string) []byte {
	if len(values) == 1 {
		return appendString(b, []byte(strings.TrimSpace(values[0])))
	}
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, []byte(strings.TrimSpace(v)))
	}
	return append(b, ']')
}
