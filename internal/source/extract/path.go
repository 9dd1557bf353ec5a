package extract

import (
	"fmt"
	"strconv"
	"strings"
)

// StepKind says how one step of a path goes on.
type StepKind uint8

// The kinds of steps.
const (
	Key    StepKind = iota // the value of a key of an object
	Index                  // the n-th element of an array
	All                    // every element of an array
	Filter                 // the first element whose key has a value
)

// Step is one step of a path.
type Step struct {
	Kind   StepKind
	Name   string // of Key: the key; of Filter: the key tested
	Want   string // of Filter: the value wanted
	N      int    // of Index
	Quoted bool   // of Key: written in quotes
}

// Path is a parsed path such as `a.b[0]."c.d"` or `phones[type=work].value`.
type Path struct {
	Text  string
	Steps []Step
}

// Multi reports whether the path names a list of values (it has a `[]` step).
func (p Path) Multi() bool {
	for _, s := range p.Steps {
		if s.Kind == All {
			return true
		}
	}
	return false
}

// Segments returns the number of keys of the path.
func (p Path) Segments() int {
	n := 0
	for _, s := range p.Steps {
		if s.Kind == Key {
			n++
		}
	}
	return n
}

// ParsePath parses a path. The path "." is the whole value.
func ParsePath(text string) (Path, error) {
	p := Path{Text: text}
	if text == "." {
		return p, nil
	}
	rest := text
	for first := true; rest != ""; first = false {
		switch {
		case rest[0] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return p, fmt.Errorf("path %q: [ without ]", text)
			}
			s, err := bracket(rest[1:end])
			if err != nil {
				return p, fmt.Errorf("path %q: %w", text, err)
			}
			p.Steps = append(p.Steps, s)
			rest = rest[end+1:]
			continue
		case !first && rest[0] == '.':
			rest = rest[1:]
		case !first:
			return p, fmt.Errorf("path %q: expected . or [ before %q", text, rest)
		}
		s, r, err := key(rest)
		if err != nil {
			return p, fmt.Errorf("path %q: %w", text, err)
		}
		p.Steps = append(p.Steps, s)
		rest = r
	}
	if len(p.Steps) == 0 {
		return p, fmt.Errorf("empty path")
	}
	return p, nil
}

func key(rest string) (Step, string, error) {
	if strings.HasPrefix(rest, `"`) {
		end := strings.IndexByte(rest[1:], '"')
		if end < 0 {
			return Step{}, "", fmt.Errorf("quote without end")
		}
		if end == 0 {
			return Step{}, "", fmt.Errorf("empty key")
		}
		return Step{Kind: Key, Name: rest[1 : 1+end], Quoted: true}, rest[end+2:], nil
	}
	end := strings.IndexAny(rest, ".[")
	if end < 0 {
		end = len(rest)
	}
	if end == 0 {
		return Step{}, "", fmt.Errorf("empty key")
	}
	return Step{Kind: Key, Name: rest[:end]}, rest[end:], nil
}

func bracket(s string) (Step, error) {
	if s == "" {
		return Step{Kind: All}, nil
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return Step{Kind: Index, N: n}, nil
	}
	if k, v, ok := strings.Cut(s, "="); ok && k != "" {
		return Step{Kind: Filter, Name: strings.Trim(k, `"`), Want: strings.Trim(v, `"`)}, nil
	}
	return Step{}, fmt.Errorf("[%s] is neither a number, nor empty, nor key=value", s)
}
