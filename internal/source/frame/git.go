package frame

import (
	"bytes"
	"regexp"
)

// Separators of the git log export: fields end with the unit separator and
// commits with the record separator (sources page, section on git).
const unitSep, recordSep = 0x1F, 0x1E

var gitCommit = regexp.MustCompile(`^commit [0-9a-f]{7,64}\b`)

// sniffGit recognises "git log" output: the format with separators, or the
// default text forms (medium, full, fuller).
func sniffGit(head []byte) (format string, ok bool) {
	line, rest, _ := bytes.Cut(head, []byte{'\n'})
	switch {
	case bytes.IndexByte(line, unitSep) > 0 && isHex(line[:bytes.IndexByte(line, unitSep)]):
		return "git-log", true
	case gitCommit.Match(line) && authored(rest):
		return "git-log-text", true
	}
	return "", false
}

// authored looks for the author behind the hash: before it may stand the check of
// a signature, the parents of a merge or the tree.
func authored(rest []byte) bool {
	for range 12 {
		line, more, _ := bytes.Cut(rest, []byte{'\n'})
		if bytes.HasPrefix(line, []byte("Author:")) || bytes.HasPrefix(line, []byte("tree ")) {
			return true
		}
		rest = more
	}
	return false
}

func isHex(b []byte) bool {
	b = bytes.TrimSpace(b)
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(b) >= 7
}

// frameGit makes one row of each commit: from its hash (or the word commit) up to
// the next one, with the lines of --numstat that follow it.
func frameGit(s *sink, w *window, format string, limit int) {
	starts := func(line []byte) bool { return gitCommit.Match(line) }
	if format == "git-log" {
		starts = func(line []byte) bool {
			i := bytes.IndexByte(line, unitSep)
			return i > 0 && isHex(bytes.TrimLeft(line[:i], "\x1e"))
		}
	}
	g := &gitFramer{s: s, w: w, limit: limit}
	for {
		n, whole, full := g.nextLine()
		if whole == 0 || whole == n && w.err != nil {
			break
		}
		line := w.rest()[g.size : g.size+n]
		if g.size > 0 && starts(line) && !g.cut() {
			return
		}
		if full || g.size+whole > limit {
			g.size = 0
			if !tooLong(s, w, limit) {
				return
			}
			continue
		}
		g.size += whole
	}
	if w.err == nil && g.size > 0 && !g.cut() {
		return
	}
	w.finish(s)
}

// gitFramer collects the lines of one commit: the first size bytes of the window.
type gitFramer struct {
	s     *sink
	w     *window
	limit int
	size  int
}

// nextLine is window.lineEnd behind the bytes collected.
func (g *gitFramer) nextLine() (n, whole int, full bool) {
	for {
		rest := g.w.rest()[g.size:]
		i := bytes.IndexByte(rest, '\n')
		line := rest
		if i >= 0 {
			line = rest[:i] // the window is long: what lies behind the line is looked at in its turn
		}
		if j := bytes.IndexByte(line, recordSep); j >= 0 {
			i = j
		}
		if i >= 0 {
			return i, i + 1, false
		}
		if !g.w.more() {
			return len(rest), len(rest), !g.w.eof
		}
	}
}

// cut emits the commit collected.
func (g *gitFramer) cut() bool {
	lead := 0
	for lead < g.size && (isSpace(g.w.rest()[lead]) || g.w.rest()[lead] == recordSep) {
		lead++
	}
	g.w.skip(lead)
	line, off := g.w.line, g.w.offset()
	raw := g.w.take(g.size - lead)
	g.size = 0
	raw = bytes.TrimRight(raw, "\x1e\r\n\t ")
	if len(raw) == 0 {
		return true
	}
	text, ok := decodeText(raw, '\n')
	if !ok {
		return g.s.fault(Fault{Line: line, Offset: off, Reason: ReasonBadUTF8, Text: textCharset}, raw)
	}
	return g.s.row(Row{Line: line, Offset: off, Data: text})
}
