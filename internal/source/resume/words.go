package resume

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// wordList finds words of a list in a text, case aside. It means the same as the
// expression \b(?:a|b|...)\b, which is tried where plain looking up cannot decide.
type wordList struct {
	all   *regexp.Regexp  // for text beyond ASCII
	rest  *regexp.Regexp  // of alternatives that are more than a word; nil if there are none
	whole map[string]bool // words
	parts []wordPart      // beginnings, ends and middles of words
}

type wordPart struct {
	text        string
	open, still bool // more letters may stand before it, behind it
}

// plainWord is an alternative that can be looked up.
var plainWord = regexp.MustCompile(`^(\\w\*)?([a-z]+)(\\w\*)?$`)

// newWordList returns the list of the given alternatives.
func newWordList(alternatives ...string) *wordList {
	l := &wordList{all: oneOf(alternatives), whole: map[string]bool{}}
	var rest []string
	for _, a := range alternatives {
		m := plainWord.FindStringSubmatch(a)
		switch {
		case m == nil && isASCII(a):
			rest = append(rest, a)
		case m == nil: // letters beyond ASCII: only in text with such letters
		case m[1] == "" && m[3] == "":
			l.whole[m[2]] = true
		default:
			l.parts = append(l.parts, wordPart{m[2], m[1] != "", m[3] != ""})
		}
	}
	if rest != nil {
		l.rest = oneOf(rest)
	}
	return l
}

func oneOf(alternatives []string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + strings.Join(alternatives, "|") + `)\b`)
}

// MatchString reports whether the text holds a word of the list.
func (l *wordList) MatchString(s string) bool {
	if !isASCII(s) {
		return l.all.MatchString(s)
	}
	low := strings.ToLower(s)
	for i := 0; i < len(low); {
		if !letter(low[i]) {
			i++
			continue
		}
		j := i + 1
		for j < len(low) && letter(low[j]) {
			j++
		}
		if l.has(low[i:j]) {
			return true
		}
		i = j
	}
	return l.rest != nil && l.rest.MatchString(low)
}

func (l *wordList) has(word string) bool {
	if l.whole[word] {
		return true
	}
	for _, p := range l.parts {
		switch i := len(word) - len(p.text); {
		case i < 0:
		case p.open && p.still:
			if strings.Contains(word, p.text) {
				return true
			}
		case p.open && word[i:] == p.text, p.still && word[:len(p.text)] == p.text:
			return true
		}
	}
	return false
}

// letter reports whether c is of a word in the sense of \w, in lower case.
func letter(c byte) bool { return c >= 'a' && c <= 'z' || digit(c) || c == '_' }

// bulletOf returns the length of the bullet or number that a line begins with, of
// the blanks around it too; 0 if there is none.
func bulletOf(line string) int {
	i := len(line) - len(strings.TrimLeft(line, blanks))
	sign := i
	if r, n := utf8.DecodeRuneInString(line[i:]); strings.ContainsRune("-*•·‣◦▪–—o", r) && r != utf8.RuneError {
		sign += n
	} else {
		for sign < len(line) && digit(line[sign]) {
			sign++
		}
		if sign == i || sign == len(line) || line[sign] != '.' && line[sign] != ')' {
			return 0
		}
		sign++
	}
	if sign == len(line) || strings.IndexByte(blanks, line[sign]) < 0 {
		return 0
	}
	return sign + 1
}

const blanks = "\t\n\f\r "

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
