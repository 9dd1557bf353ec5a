package frame

import (
	"bytes"
	"strings"
)

// cef reads a line of the Common Event Format (Micro Focus, CEF implementation
// standard, version 25): seven header fields with escaped bars, then an extension
// of pairs whose values may hold blanks.
func cef(dst, text []byte) ([]byte, string) {
	fields, rest := barFields(text[len("CEF:"):], 7)
	if len(fields) < 7 {
		return nil, ReasonWrongColumns
	}
	pairs := spacedPairs(rest)
	if len(pairs) > maxPairs {
		return nil, ReasonLimit
	}
	dst = append(append(appendName(comma(dst), "cef"), ':'), '{')
	for i, name := range [...]string{"version", "vendor", "product", "product_version", "event", "name", "severity"} {
		dst = appendMember(dst, name, unescape(trimSpace(fields[i])))
	}
	dst = appendPairs(dst, "ext", pairs)
	return append(appendPairs(dst, "labels", labelled(pairs)), '}'), ""
}

// leef reads a line of IBM's Log Event Extended Format, version 1.0 (pairs divided
// by tabs) or 2.0 (the divider is a field of the header, as a character or its
// hexadecimal code).
func leef(dst, text []byte) ([]byte, string) {
	text = text[len("LEEF:"):]
	fields, rest := barFields(text, 5)
	if len(fields) < 5 {
		return nil, ReasonWrongColumns
	}
	divider := byte('\t')
	if fields[0][0] == '2' {
		if i := bytes.IndexByte(rest, '|'); i == 0 && len(rest) > 1 && rest[1] == '|' { // the bar itself
			divider, rest = '|', rest[2:]
		} else if c, ok := dividerOf(rest, i); ok {
			divider, rest = c, rest[i+1:]
		}
	}
	if bytes.IndexByte(rest, divider) < 0 || divider == ' ' {
		divider = 0
	}
	var pairs []pair
	switch {
	case divider != 0:
		pairs = dividedPairs(rest, divider)
	case bytes.Count(rest, []byte("|")) >= 2:
		pairs = dividedPairs(rest, '|')
	default:
		pairs = spacedPairs(rest)
	}
	if len(pairs) > maxPairs {
		return nil, ReasonLimit
	}
	dst = append(append(appendName(comma(dst), "leef"), ':'), '{')
	for i, name := range [...]string{"version", "vendor", "product", "product_version", "event"} {
		dst = appendMember(dst, name, trimSpace(fields[i]))
	}
	return append(appendPairs(dst, "ext", pairs), '}'), ""
}

// dividerOf reads the divider of LEEF 2.0 in rest[:end].
func dividerOf(rest []byte, end int) (byte, bool) {
	switch {
	case end == 0:
		return '\t', true
	case end == 1:
		return rest[0], true
	case end < 0 || end > 4:
		return 0, false
	}
	code := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(string(rest[:end])), "0"), "x")
	if code == `\t` {
		return '\t', true
	}
	c := 0
	for _, r := range code {
		d := strings.IndexRune("0123456789abcdef", r)
		if d < 0 {
			return 0, false
		}
		c = c*16 + d
	}
	return byte(c), c > 0 && c < 128
}

// barFields cuts n fields that end with bars; a backslash escapes a bar.
func barFields(b []byte, n int) (fields [][]byte, rest []byte) {
	start := 0
	for i := 0; i < len(b) && len(fields) < n; i++ {
		switch b[i] {
		case '\\':
			i++
		case '|':
			fields = append(fields, b[start:i])
			start = i + 1
		}
	}
	return fields, b[min(start, len(b)):]
}

// dividedPairs cuts pairs at a divider.
func dividedPairs(b []byte, divider byte) []pair {
	var pairs []pair
	for len(b) > 0 && len(pairs) <= maxPairs {
		var part []byte
		part, b, _ = bytes.Cut(b, []byte{divider})
		if name, value, ok := bytes.Cut(part, []byte{'='}); ok {
			pairs = append(pairs, pair{string(trimSpace(name)), trimSpace(value)})
		}
	}
	return pairs
}

// spacedPairs cuts pairs that are divided by blanks though values hold blanks: a
// name is a word before an equals sign that is not escaped.
func spacedPairs(b []byte) []pair {
	var pairs []pair
	start := -1 // of the value at hand
	for i := 0; i < len(b) && len(pairs) <= maxPairs; i++ {
		if b[i] == '\\' {
			i++
			continue
		}
		if b[i] != '=' {
			continue
		}
		word := i
		for word > max(start, 0) && nameByte(b[word-1]) {
			word--
		}
		if word == i || word > 0 && !isSpace(b[word-1]) {
			continue
		}
		if start >= 0 {
			pairs[len(pairs)-1].value = unescape(trimSpace(b[start:word]))
		}
		pairs = append(pairs, pair{name: string(b[word:i])})
		start = i + 1
	}
	if start >= 0 && start <= len(b) {
		pairs[len(pairs)-1].value = unescape(trimSpace(b[start:]))
	}
	return pairs
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-' || c == '[' || c == ']'
}

// unescape undoes the backslashes of CEF.
func unescape(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			switch b[i+1] {
			case '\\', '=', '|', '"':
				i++
			case 'n', 'r':
				// A line break only where it stands alone: domain\name is common too.
				if i+2 == len(b) || b[i+2] == ' ' || b[i+2] == '\\' {
					out = append(out, '\n')
					i++
					continue
				}
			}
		}
		out = append(out, b[i])
	}
	return out
}

// labelled returns the custom fields of CEF (cs1, cn2, ...) under the names that
// their labels give them.
func labelled(pairs []pair) []pair {
	labels := map[string][]byte{}
	for _, p := range pairs {
		if key, ok := strings.CutSuffix(p.name, "Label"); ok && len(p.value) > 0 {
			labels[key] = p.value
		}
	}
	var out []pair
	for _, p := range pairs {
		if label := labels[p.name]; label != nil {
			out = append(out, pair{string(label), p.value})
		}
	}
	return out
}
