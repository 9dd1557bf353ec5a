package stix

import (
	"errors"
	"fmt"
	"strings"
)

// tokenKind is a kind of token of a pattern.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenText   // 'text', and the typed literals t'..' h'..' b'..'
	tokenNumber // also true and false
	tokenPath   // type:path
	tokenSign   // [ ] ( ) , = != < > <= >=
)

type token struct {
	kind tokenKind
	text string
	at   int
}

// maxPattern is the length of a pattern beyond which it is not read.
const maxPattern = 64 << 10

var errTooLong = errors.New("the pattern is too long")

// tokens cuts a pattern (STIX 2.1, section 9) into tokens.
func tokens(s string) ([]token, error) {
	if len(s) > maxPattern {
		return nil, errTooLong
	}
	var out []token
	for i := 0; i < len(s); {
		start := i
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
			continue
		case strings.IndexByte("[](),", c) >= 0:
			i++
			out = append(out, token{tokenSign, s[start:i], start})
		case strings.IndexByte("=!<>", c) >= 0:
			for i++; i < len(s) && strings.IndexByte("=>", s[i]) >= 0; i++ {
			}
			out = append(out, token{tokenSign, s[start:i], start})
		case c == '\'' || (c == 't' || c == 'h' || c == 'b') && i+1 < len(s) && s[i+1] == '\'':
			text, next, ok := quoted(s, strings.IndexByte(s[i:], '\'')+i)
			if !ok {
				return nil, fmt.Errorf("a text that begins at %d does not end", start)
			}
			i = next
			out = append(out, token{tokenText, text, start})
		case letter(c):
			t, next, err := word(s, i)
			if err != nil {
				return nil, err
			}
			i = next
			out = append(out, t)
		case c >= '0' && c <= '9' || c == '-' || c == '+':
			for i++; i < len(s) && (s[i] >= '0' && s[i] <= '9' || strings.IndexByte(".eE+-", s[i]) >= 0); i++ {
			}
			out = append(out, token{tokenNumber, s[start:i], start})
		default:
			return nil, fmt.Errorf("unexpected %q at %d", c, i)
		}
	}
	return append(out, token{tokenEnd, "", len(s)}), nil
}

// word reads an operator, a truth value, or the path of an object.
func word(s string, i int) (token, int, error) {
	start := i
	for i < len(s) && (letter(s[i]) || s[i] >= '0' && s[i] <= '9' || s[i] == '-') {
		i++
	}
	if i >= len(s) || s[i] != ':' {
		if w := s[start:i]; w == "true" || w == "false" {
			return token{tokenNumber, w, start}, i, nil
		}
		return token{tokenWord, s[start:i], start}, i, nil
	}
	for i++; i < len(s); {
		switch c := s[i]; {
		case letter(c) || c >= '0' && c <= '9' || c == '-' || c == '.':
			i++
		case c == '\'':
			_, next, ok := quoted(s, i)
			if !ok {
				return token{}, i, fmt.Errorf("a name that begins at %d does not end", i)
			}
			i = next
		case c == '[':
			end := strings.IndexByte(s[i:], ']')
			if end < 0 || strings.Trim(s[i+1:i+end], "0123456789*") != "" {
				return token{tokenPath, s[start:i], start}, i, nil
			}
			i += end + 1
		default:
			return token{tokenPath, s[start:i], start}, i, nil
		}
	}
	return token{tokenPath, s[start:i], start}, i, nil
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

// quoted reads the text behind the quote at i; \' and \\ stand for ' and \.
func quoted(s string, i int) (text string, next int, ok bool) {
	var b strings.Builder
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i+1 < len(s) {
				i++
				b.WriteByte(s[i])
			}
		case '\'':
			return b.String(), i + 1, true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", i, false
}
