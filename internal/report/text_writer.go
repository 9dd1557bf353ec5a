package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"muster/internal/assess"
)

// TextOptions says how text is laid out.
type TextOptions struct {
	Width int  // columns; 0 = 80, at least 40
	Color bool // ANSI colours; the caller honours NO_COLOR
	Limit int  // people shown per queue; 0 = all
}

// text writes wrapped lines and remembers the first error.
type text struct {
	w   io.Writer
	opt TextOptions
	err error
}

func newText(w io.Writer, opt TextOptions) *text {
	if opt.Width <= 0 {
		opt.Width = 80
	}
	opt.Width = max(opt.Width, 40)
	return &text{w: w, opt: opt}
}

// line writes one line as it is.
func (t *text) line(s string) {
	if t.err == nil {
		_, t.err = io.WriteString(t.w, strings.TrimRight(s, " ")+"\n")
	}
}

// para writes text wrapped at the width, the first line after head, the others
// below it.
func (t *text) para(head, body string) { t.styled(head, "", body) }

// styled is para with every line painted; code is an ANSI code or "".
func (t *text) styled(head, code, body string) {
	indent := strings.Repeat(" ", columnsOf(head))
	for i, l := range wrap(printable(body), max(t.opt.Width-columnsOf(head), 20)) {
		if code != "" {
			l = t.paint(code, l)
		}
		if i == 0 {
			t.line(head + l)
			continue
		}
		t.line(indent + l)
	}
}

// item writes a labelled paragraph: "    Next    pay on ...".
func (t *text) item(indent, label, body string) {
	if body != "" {
		t.para(fmt.Sprintf("%s%-7s ", indent, label), body)
	}
}

func (t *text) heading(title, rest string) {
	t.line("")
	t.para(t.paint(bold, strings.ToUpper(title))+"  ", rest)
}

// ANSI codes.
const (
	bold = "1"
	dim  = "2"
)

func (t *text) paint(code, s string) string {
	if !t.opt.Color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// chip writes a band as a fixed-width word.
func (t *text) chip(b assess.Band) string {
	codes := [...]string{"2", "36", "1;33", "1;31"}
	return t.paint(codes[b], fmt.Sprintf("%-6s", strings.ToUpper(b.String())))
}

// printable removes what would move the cursor, change colours or turn the
// direction of the text: all of it comes from files that strangers can write.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return visible(r)
	}, s)
}

// wrap breaks s into lines of at most n columns.
func wrap(s string, n int) []string {
	var lines []string
	cur, used := "", 0
	for w := range strings.FieldsSeq(s) {
		for columnsOf(w) > n { // a word longer than the line
			head, rest := cut(w, n-used-min(used, 1))
			if head != "" {
				cur = joinNonEmpty(" ", cur, head)
			}
			lines, cur, used = append(lines, cur), "", 0
			w = rest
		}
		c := columnsOf(w)
		if used > 0 && used+1+c > n {
			lines, cur, used = append(lines, cur), "", 0
		}
		if used > 0 {
			cur, used = cur+" ", used+1
		}
		cur, used = cur+w, used+c
	}
	if cur != "" || len(lines) == 0 {
		lines = append(lines, cur)
	}
	return lines
}

// cut splits a word after n columns.
func cut(w string, n int) (head, rest string) {
	used := 0
	for i, r := range w {
		if used += columnsOf(string(r)); used > n {
			return w[:i], w[i:]
		}
	}
	return w, ""
}

// columnsOf returns how many columns of a terminal s fills, without its colours.
func columnsOf(s string) int {
	n, escape := 0, false
	for _, r := range s {
		switch {
		case r == '\x1b':
			escape = true
		case escape:
			escape = r != 'm'
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r):
		default:
			n++
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				n++
			}
		}
	}
	return n
}

// pad fills s with spaces to n columns.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(n-columnsOf(s), 0)) }
