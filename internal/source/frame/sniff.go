package frame

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// look is what the beginning of a text file told about it.
type look struct {
	shape  Shape
	format string
	why    string
	nl     byte
	ndjson bool
	table  tableLook
}

func unknown(why string) look { return look{shape: ShapeUnknown, why: why} }

// sniff recognises a text file by its head, already decoded. whole means that the
// head is all there is.
func sniff(head []byte, whole bool, opt *Options) look {
	nl := lineMark(head)
	body := trimSpace(head)
	if len(body) == 0 {
		if whole {
			return look{shape: ShapeEmpty, why: "empty file"}
		}
		return unknown("nothing but white space at the beginning")
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return unknown("binary data")
	}
	l, ok := look{}, false
	switch body[0] {
	case '{', '[':
		l, ok = sniffJSON(head, body, whole, opt)
	case '<':
		l, ok = sniffMarkup(body)
	}
	if !ok {
		l = sniffText(head, body, whole, nl, opt)
	}
	l.nl = nl
	return l
}

// lineMark tells how lines end.
func lineMark(head []byte) byte {
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

func sniffText(head, body []byte, whole bool, nl byte, opt *Options) look {
	if sniffNACHA(body, nl) {
		return look{shape: ShapeFixed94, format: "nacha"}
	}
	if format, ok := sniffGit(body); ok {
		return look{shape: ShapeGit, format: format}
	}
	if format, ok := sniffBank(body); ok {
		return look{shape: ShapeJSON, format: format}
	}
	lines := headLines(body, nl, whole)
	if format, ok := sniffLog(lines, logForms); ok && !rawColumn(lines[0]) {
		return look{shape: ShapeLines, format: format}
	}
	if why := knownText(lines); why != "" {
		return unknown(why)
	}
	if t, ok := sniffTable(head, whole, nl, opt); ok {
		return look{shape: ShapeTable, format: t.format, table: t}
	}
	if format, ok := sniffLog(lines, looseLogs); ok {
		return look{shape: ShapeLines, format: format}
	}
	if lines[0][0] == '#' {
		return unknown("Markdown text")
	}
	if binaryShare(body) > 0.1 {
		return unknown("binary data")
	}
	return look{shape: ShapeDocument, format: "txt"}
}

func headLines(body []byte, nl byte, whole bool) []string {
	list := strings.SplitN(string(body[:min(len(body), 32<<10)]), string(rune(nl)), 201)
	if len(list) > 1 && (!whole || len(list) > 200) {
		list = list[:len(list)-1]
	}
	var lines []string
	for _, l := range list {
		if l = strings.TrimRight(l, "\r \t"); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// Beginnings of log lines, by format. PAN-OS writes CSV without a header whose
// columns depend on the type in the fourth; ASA and FTD name the message.
var logForms = []logForm{
	{"panos", ",", regexp.MustCompile(`(?:^|[ >])[0-9]*,[0-9T:./Z -]{10,30},[^,]*,(?:GLOBALPROTECT|HIP-?MATCH|USERID|TRAFFIC|THREAT|SYSTEM|CONFIG|AUTHENTICATION|AUTH|DECRYPTION|IPTAG|CORRELATION|GTP|SCTP|URL|DATA|WILDFIRE|TUNNEL),`)},
	{"cisco-asa", "%", regexp.MustCompile(`%(?:ASA|FTD|PIX)-[0-7]?-?[0-9]{5,6}`)},
	{"cef", "CEF:", regexp.MustCompile(`(?:^|[ >:"\]])CEF: ?[01]\|`)},
	{"leef", "LEEF:", regexp.MustCompile(`(?:^|[ >:"\]])LEEF: ?[12]\.0\|`)},
	{"key-value", "logid=", regexp.MustCompile(`(?:^|[ ,>])logid="?[0-9]`)},
	{"server-log", "] (", serverLogLine},
	{"pingfederate", "tid:", pingBarsLine},
	{"pingfederate", `id="`, pingPairsLine},
	{"syslog", "<", regexp.MustCompile(`^<[0-9]{1,3}>`)},
	{"syslog", ":", regexp.MustCompile(`^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-9][0-9] (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2}`)},
}

// looseLogs are asked after tables were: their rows may hold delimiters.
var looseLogs = []logForm{
	{"log", ":", regexp.MustCompile(`^\[?[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}`)},
	{"log", "[", regexp.MustCompile(`^(?:[0-9a-fA-F.:]+|-) \S+ \S+ \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:`)},
	{"log", "=", regexp.MustCompile(`^(?:[\w.-]+=(?:"[^"]*"|\S*)\s+){3}`)},
}

type logForm struct {
	format string
	must   string // without it the expression need not be tried
	re     *regexp.Regexp
}

// sniffLog recognises a log by its lines: most of them begin in one of the forms.
// The format is that of the most frequent form.
func sniffLog(lines []string, forms []logForm) (string, bool) {
	lines = lines[:min(len(lines), 50)]
	count := make([]int, len(forms))
	total := 0
	for _, l := range lines {
		for i, form := range forms {
			if l := l[:min(len(l), 400)]; strings.Contains(l, form.must) && form.re.MatchString(l) {
				count[i]++
				total++
				break
			}
		}
	}
	if total == 0 || total*10 < len(lines)*6 {
		return "", false
	}
	return forms[slices.Index(count, slices.Max(count))].format, true
}

// sniffJSON tells how the values of a JSON file lie.
func sniffJSON(head, body []byte, whole bool, opt *Options) (look, bool) {
	n, st := scanValue(body, opt.Limits.Depth)
	if !plausibleJSON(body) {
		return look{}, false
	}
	if body[0] == '[' {
		l := look{shape: ShapeJSON, format: "json-array"}
		l.ndjson = st == scanDone && bytes.IndexByte(body[:n], '\n') < 0 && nextLineOpens(body[n:])
		if l.ndjson {
			l.format = "ndjson"
		}
		return l, true
	}
	l := look{shape: ShapeJSON}
	after := trimSpace(body[min(n, len(body)):])
	line, _, _ := bytes.Cut(body, []byte{'\n'})
	line = trimSpace(line)
	switch {
	case st == scanDone && len(after) == 0 && whole:
		l.format = objectFormat(body[:n], opt)
	case st == scanDone && bytes.IndexByte(body[:n], '\n') < 0 && endsLine(body[n:]),
		st != scanDone && line[len(line)-1] == '}' && nextLineOpens(body[len(line):]): // the first line is broken, the next ones are not
		l.format, l.ndjson = "ndjson", true
	case st == scanDone && (after[0] == '{' || after[0] == '[' || after[0] == ','):
		l.format = "json-concatenated"
	case st == scanNeed && !whole:
		l.format = bigFormat(body, opt)
	case st == scanDone:
		l.format = "json-object" // and something behind it, which becomes a fault
	default:
		l.ndjson = nextLineOpens(body[len(line):])
		l.format = map[bool]string{true: "ndjson", false: "json-object"}[l.ndjson]
	}
	return l, true
}

// plausibleJSON reports that text in braces or brackets is meant as JSON.
func plausibleJSON(body []byte) bool {
	i := skipSpace(body, 1)
	if i >= len(body) {
		return true
	}
	if body[0] == '{' {
		return body[i] == '"' || body[i] == '}'
	}
	if body[i] == '{' || body[i] == ']' || body[i] == '[' {
		return true
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	for range 3 { // the bracket, a value and what follows it
		if _, err := dec.Token(); err != nil {
			return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		}
	}
	return true
}

// nextLineOpens reports that the text goes on with a line that begins a value.
func nextLineOpens(b []byte) bool {
	b = bytes.TrimLeft(b, " \t,")
	if len(b) == 0 || b[0] != '\n' && b[0] != '\r' {
		return false
	}
	b = trimSpace(b)
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

// endsLine reports that nothing but a comma stands between b and the end of the line.
func endsLine(b []byte) bool {
	b = bytes.TrimLeft(b, " \t,")
	return len(b) == 0 || b[0] == '\n' || b[0] == '\r'
}

// objectFormat names the format of a file with one object.
func objectFormat(obj []byte, opt *Options) string {
	parts := envelopeOf(obj, opt.IsRecord)
	if parts == nil {
		return "json-object"
	}
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = p.name
	}
	return "json-envelope:" + strings.Join(names, ",")
}

// bigFormat names the format of an object that is larger than the head: the
// envelope whose list of objects begins in the head.
func bigFormat(body []byte, opt *Options) string {
	w := newWindow(bytes.NewReader(body), 0, '\n', len(body))
	f := &jsonFramer{w: w, limits: opt.Limits, isRecord: opt.IsRecord}
	w.more()
	w.skip(1)
	path := ""
	for depth := 0; f.spaces(); {
		key, ok := f.key()
		if !ok {
			break
		}
		switch w.rest()[0] {
		case '[':
			if f.accepts(key) {
				return "json-envelope:" + path + key
			}
			f.pass()
		case '{':
			if _, st := f.find(); st != scanDone && depth < 2 {
				path, depth = path+key+".", depth+1
				w.skip(1)
				continue
			}
			f.pass()
		default:
			f.pass()
		}
	}
	return "json-object"
}

// sniffMarkup names XML and HTML.
func sniffMarkup(body []byte) (look, bool) {
	low := bytes.ToLower(body[:min(len(body), 200)])
	if bytes.HasPrefix(low, []byte("<!doctype html")) || bytes.HasPrefix(low, []byte("<html")) {
		return unknown("HTML page: export the data as CSV, JSON or XLSX instead"), true
	}
	if sniffXML(body) {
		return look{shape: ShapeJSON, format: formatXML}, true
	}
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.Strict = false
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		tok, err := dec.Token()
		if err != nil {
			return look{}, false
		}
		switch t := tok.(type) {
		case xml.StartElement:
			l := unknown("XML document <" + t.Name.Local + ">")
			l.format = "xml"
			return l, utf8.ValidString(t.Name.Local)
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return look{}, false
			}
		}
	}
}
