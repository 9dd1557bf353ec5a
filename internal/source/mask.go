package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask makes an excerpt that shows the form of a text and not its content:
// letters become x and digits 9; at most 80 bytes are kept.
func Mask(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r):
			r = 'x'
		case unicode.IsDigit(r) || unicode.IsNumber(r):
			r = '9'
		case unicode.IsSpace(r) || unicode.IsControl(r):
			r = ' '
		case r == utf8.RuneError:
			r = '?'
		}
		if b.Len()+utf8.RuneLen(r) > 80 {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
