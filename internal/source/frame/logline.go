package frame

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// LogLine turns one line of a log into a JSON object with named members, so that
// mappings read log lines as they read objects. What the line is decides the
// member that holds its content:
//
//	cef      CEF: vendor, product, event, name, severity, ext, labels
//	leef     LEEF: vendor, product, event, ext
//	asa      Cisco ASA, FTD, PIX: product, severity, id, text
//	LogType  PAN-OS CSV: the members of the vendor's own JSON export
//	server   a line of a server log of Keycloak, with kv for its events
//	kv       pairs of key=value, also of PingFederate's audit log
//	message  the rest of a syslog line: an object if it is JSON, else text
//
// The syslog header in front of it, if there is one, is under syslog: time, host,
// app, pid, msgid. Empty values are left out. A line that breaks the rules of its
// own format is refused with a reason; text that follows no format at all comes
// back under message. The object is appended to dst.
func LogLine(dst, line []byte) (object []byte, reason string) {
	line = trimSpace(line)
	dst = append(dst, '{')
	if form, at := lineForm(line); form != nil {
		head, _ := syslogHeader(line[:at])
		dst = head.appendTo(dst)
		if dst, reason = form(dst, line[at:]); reason != "" {
			return nil, reason
		}
		return append(dst, '}'), ""
	}
	head, rest := syslogHeader(line)
	dst = head.appendTo(dst)
	if pairs, ok := keyValues(rest); ok {
		if len(pairs) > maxPairs {
			return nil, ReasonLimit
		}
		return append(appendPairs(dst, "kv", pairs), '}'), ""
	}
	if len(rest) > 0 && rest[0] == '{' && json.Valid(rest) {
		dst = append(appendName(comma(dst), "message"), ':')
		return append(append(dst, rest...), '}'), ""
	}
	return append(appendMember(dst, "message", rest), '}'), ""
}

// KnownLogLine reports that a text is a line of a format that LogLine gives
// members of its own, or a long row of pairs.
func KnownLogLine(line []byte) bool {
	line = trimSpace(line)
	if form, _ := lineForm(line); form != nil {
		return true
	}
	if bytes.Count(line, []byte{'='}) < telling {
		return false
	}
	_, rest := syslogHeader(line)
	pairs, ok := keyValues(rest)
	return ok && len(pairs) >= telling
}

// telling is how many pairs a text must be made of to be a line of pairs wherever
// it stands.
const telling = 6

// rawColumn reports that a line is the header of a table in which a log store
// exports the lines as they came: the lines below are rows and no log.
func rawColumn(line string) bool {
	cells := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\t' || r == '|' })
	return len(cells) > 1 && slices.ContainsFunc(cells, func(c string) bool {
		return slices.Contains(rawColumns, strings.ToLower(strings.Trim(c, ` "`)))
	})
}

// rawColumns is how Splunk, Sentinel, Elasticsearch and others call that column.
var rawColumns = []string{"_raw", "raw", "rawdata", "syslogmessage", "message", "event.original"}

// maxPairs bounds the named values of one line.
const maxPairs = 2000

type lineFormat func(dst, text []byte) ([]byte, string)

// lineForm finds the format of a line and where its text begins behind the
// syslog header; nil if it has none of its own.
func lineForm(line []byte) (lineFormat, int) {
	if i := markAt(line, "LEEF:"); i >= 0 {
		return leef, i
	}
	if i := markAt(line, "CEF:"); i >= 0 {
		return cef, i
	}
	if i := bytes.IndexByte(line, '%'); i >= 0 {
		if j := asaAt(line, i); j >= 0 {
			return asa, j
		}
	}
	if i := panosAt(line); i >= 0 {
		return panos, i
	}
	return idpLine(line), 0
}

// markAt finds the mark of CEF or LEEF at the beginning or behind the header of a
// line: a version number and a bar must follow.
func markAt(line []byte, mark string) int {
	head := line[:min(len(line), maxHeader)]
	for at := 0; ; {
		i := bytes.Index(head[at:], []byte(mark))
		if i < 0 {
			return -1
		}
		i += at
		at = i + len(mark)
		rest := bytes.TrimLeft(line[at:], " ")
		free := i == 0 || bytes.IndexByte([]byte(" \t>:\"]"), line[i-1]) >= 0
		if bar := bytes.IndexByte(rest, '|'); free && bar > 0 && bar <= 3 && digits(rest[:1]) {
			return i
		}
	}
}

// maxHeader is how far the syslog headers of one or more relays may reach.
const maxHeader = 512

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// pair is a named value of a line.
type pair struct {
	name  string
	value []byte
}

// appendMember writes a member with a text; empty ones are left out.
func appendMember(dst []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return dst
	}
	return appendString(append(appendName(comma(dst), name), ':'), value)
}

// appendPairs writes an object of the pairs; a name that occurs again becomes
// name#2 and so on.
func appendPairs(dst []byte, name string, pairs []pair) []byte {
	dst = append(append(appendName(comma(dst), name), ':'), '{')
	seen := make(map[string]int, len(pairs))
	for _, p := range pairs {
		key := p.name
		seen[key]++
		if n := seen[key]; n > 1 {
			key += "#" + strconv.Itoa(n)
		}
		dst = appendMember(dst, key, p.value)
	}
	return append(dst, '}')
}
