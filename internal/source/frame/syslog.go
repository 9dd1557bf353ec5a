package frame

import "bytes"

// syslogHead is the header of a syslog line. Of the headers of several relays it
// holds the innermost host and the best time: one with a zone before one with a
// year before one with neither.
type syslogHead struct {
	time, host, app, pid, msgid []byte
	data                        []element // structured data of RFC 5424
	rank                        int       // of the time
}

func (h *syslogHead) appendTo(dst []byte) []byte {
	if len(h.time)+len(h.host)+len(h.app) == 0 {
		return dst
	}
	dst = append(append(appendName(comma(dst), "syslog"), ':'), '{')
	dst = appendMember(dst, "time", h.time)
	dst = appendMember(dst, "host", h.host)
	dst = appendMember(dst, "app", h.app)
	dst = appendMember(dst, "pid", h.pid)
	dst = appendMember(dst, "msgid", h.msgid)
	if len(h.data) > 0 {
		dst = append(append(appendName(comma(dst), "data"), ':'), '{')
		for _, e := range h.data {
			dst = appendPairs(dst, e.id, e.params)
		}
		dst = append(dst, '}')
	}
	return append(dst, '}')
}

// element is an element of structured data.
type element struct {
	id     string
	params []pair
}

// The ranks of times.
const (
	timeBare = iota + 1
	timeYear
	timeZone
)

// maxRelays is how many headers may stand one behind the other.
const maxRelays = 4

// syslogHeader cuts the header off a line: the priority, RFC 5424 (version 1) or
// the older form of RFC 3164 with or without a year, a fraction and a zone, or an
// ISO time, then host and process. A line without header comes back whole.
func syslogHeader(line []byte) (h syslogHead, rest []byte) {
	rest = line
	for range maxRelays {
		next, ok := h.one(rest)
		if !ok {
			break
		}
		rest = trimSpace(next)
	}
	return h, rest
}

// one reads one header; false if there is none.
func (h *syslogHead) one(b []byte) ([]byte, bool) {
	start := len(b)
	if i := bytes.IndexByte(b[:min(len(b), 7)], ' '); i > 0 && digits(b[:i]) && i+1 < len(b) && b[i+1] == '<' {
		b = b[i+1:] // the length in front of each message, RFC 6587
	}
	if len(b) > 2 && b[0] == '<' {
		if i := bytes.IndexByte(b[:min(len(b), 5)], '>'); i > 1 && digits(b[1:i]) {
			b = b[i+1:]
		}
	}
	if len(b) > 2 && b[0] >= '1' && b[0] <= '9' && b[1] == ' ' {
		if rest, ok := h.rfc5424(b[2:]); ok {
			return rest, true
		}
	}
	b = bytes.TrimLeft(b, " :*.")
	t, rank, rest := stamp(b)
	if rank == 0 {
		return b, len(b) < start && len(b) > 0 && h.rank == 0
	}
	h.take(t, rank)
	return h.origin(trimLeft(rest)), true
}

func (h *syslogHead) take(t []byte, rank int) {
	if rank >= h.rank {
		h.time, h.rank = t, rank
	}
}

// rfc5424 reads what follows the version.
func (h *syslogHead) rfc5424(b []byte) ([]byte, bool) {
	var parts [5][]byte
	for i := range parts {
		n := bytes.IndexByte(b, ' ')
		if n <= 0 {
			return nil, false
		}
		parts[i], b = b[:n], b[n+1:]
		if len(parts[i]) == 1 && parts[i][0] == '-' {
			parts[i] = nil
		}
	}
	if parts[0] != nil {
		t, rank, rest := stamp(parts[0])
		if rank == 0 || len(rest) > 0 {
			return nil, false
		}
		h.take(t, rank)
	}
	h.host, h.app, h.pid, h.msgid = parts[1], parts[2], parts[3], parts[4]
	h.data, b = structured(b)
	return b, true
}

// structured reads the structured data of RFC 5424, section 6.3.
func structured(b []byte) (data []element, rest []byte) {
	if len(b) > 0 && b[0] == '-' {
		return nil, b[1:]
	}
	for len(b) > 0 && b[0] == '[' {
		quoted, i := false, 1
		for ; i < len(b) && (quoted || b[i] != ']'); i++ {
			switch b[i] {
			case '\\':
				i++
			case '"':
				quoted = !quoted
			}
		}
		if i >= len(b) {
			return data, nil
		}
		id, params := cutWord(b[1:i])
		if pairs := paramsOf(params); len(data) < maxElements {
			data = append(data, element{string(id), pairs})
		}
		b = b[i+1:]
	}
	return data, b
}

// maxElements bounds the elements of structured data that are kept.
const maxElements = 16

// paramsOf reads name="value" pairs.
func paramsOf(b []byte) []pair {
	var pairs []pair
	for len(b) > 0 && len(pairs) < maxPairs {
		name, rest, ok := bytes.Cut(b, []byte{'='})
		if !ok {
			break
		}
		value, end := quotedValue(rest, 0)
		pairs = append(pairs, pair{string(trimSpace(name)), value})
		b = rest[end:]
	}
	return pairs
}

// origin reads host and process of the older form; both may be missing.
func (h *syslogHead) origin(b []byte) []byte {
	word, rest := cutWord(b)
	if len(word) == 0 || plainText(word) {
		return b
	}
	if _, rank, _ := stamp(b); rank > 0 {
		return b
	}
	if word[len(word)-1] != ':' {
		h.host, b = word, rest
		if word, rest = cutWord(b); len(word) < 2 || word[len(word)-1] != ':' || plainText(word) {
			return b
		}
	}
	app := word[:len(word)-1]
	if i := bytes.IndexByte(app, '['); i > 0 && app[len(app)-1] == ']' {
		app, h.pid = app[:i], app[i+1:len(app)-1]
	}
	h.app = app
	return rest
}

// plainText reports a word that is content and no name of a host or process.
func plainText(word []byte) bool {
	return bytes.ContainsAny(word, "={}\"|,<>%") || word[0] == ':'
}

func cutWord(b []byte) (word, rest []byte) {
	i := bytes.IndexByte(b, ' ')
	if i < 0 {
		return b, nil
	}
	return b[:i], trimLeft(b[i:])
}

func trimLeft(b []byte) []byte { return bytes.TrimLeft(b, " \t") }

// stamp reads a time at the beginning of b; rank 0 means that there is none.
func stamp(b []byte) (t []byte, rank int, rest []byte) {
	if len(b) > 4 && b[3] == ' ' && bytes.Index([]byte("MonTueWedThuFriSatSun"), b[:3])%3 == 0 {
		b = trimLeft(b[4:])
	}
	if n := isoStamp(b); n > 0 {
		rank = timeYear
		if c := b[n-1]; c == 'Z' || bytes.IndexByte(b[10:n], '+') >= 0 || bytes.IndexByte(b[10:n], '-') >= 0 {
			rank = timeZone
		}
		return b[:n], rank, b[n:]
	}
	return bsdStamp(b)
}

// bsdStamp reads the time of RFC 3164, section 4.1.2, and its relatives: with a
// year before or behind the clock, a fraction, UTC or GMT.
func bsdStamp(b []byte) (t []byte, rank int, rest []byte) {
	if len(b) < 15 || bytes.Index([]byte("JanFebMarAprMayJunJulAugSepOctNovDec"), b[:3])%3 != 0 || b[3] != ' ' {
		return nil, 0, b
	}
	i := 4
	number := func(most int) int { // digits from i on
		n := 0
		for ; n < most && i+n < len(b) && b[i+n] >= '0' && b[i+n] <= '9'; n++ {
		}
		return n
	}
	for i < len(b) && b[i] == ' ' {
		i++
	}
	n := number(2)
	if i += n; n == 0 || i >= len(b) || b[i] != ' ' {
		return nil, 0, b
	}
	i++
	rank = timeBare
	if number(5) == 4 {
		rank, i = timeYear, i+5
	}
	clock := i
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i] == ':' || b[i] == '.') {
		i++
	}
	if i-clock < 8 || b[clock+2] != ':' {
		return nil, 0, b
	}
	for b[i-1] == ':' || b[i-1] == '.' {
		i--
	}
	if tail := b[i:]; bytes.HasPrefix(tail, []byte(" UTC")) || bytes.HasPrefix(tail, []byte(" GMT")) {
		return b[:i+4], timeZone, b[i+4:]
	}
	if year, end := lastYearOf(b[i:]); rank == timeBare && end > 0 { // Apr 27 02:03:03 2020
		return append(append(append([]byte(nil), b[:clock]...), year...), append([]byte(" "), b[clock:i]...)...), timeYear, b[i+end:]
	}
	return b[:i], rank, b[i:]
}

// lastYearOf reads a year behind the clock.
func lastYearOf(b []byte) (year []byte, end int) {
	if len(b) >= 5 && b[0] == ' ' && digits(b[1:5]) && (b[1] == '1' || b[1] == '2') && (len(b) == 5 || b[5] == ' ' || b[5] == ':') {
		return b[1:5], 5
	}
	return nil, 0
}

// isoStamp returns the length of an ISO time at the beginning of b.
func isoStamp(b []byte) int {
	if len(b) < 19 || !digits(b[:4]) || b[4] != '-' && b[4] != '/' || b[7] != b[4] || b[10] != 'T' && b[10] != ' ' || b[13] != ':' {
		return 0
	}
	i := 19
	for i < len(b) && i < 40 && (b[i] >= '0' && b[i] <= '9' || b[i] == '.' || b[i] == '+' || b[i] == '-' || b[i] == ':' || b[i] == 'Z') {
		i++
	}
	for b[i-1] == ':' || b[i-1] == '.' || b[i-1] == '-' {
		i--
	}
	return i
}
