package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NameRelation says how two names relate.
type NameRelation uint8

// The relations in ascending order of agreement. Unknown is no disagreement.
const (
	NameUnknown   NameRelation = iota // one is absent, or the two are in different scripts
	NameDifferent                     // no part in common
	NamePartial                       // one part in common and one that differs on each side: changed family name, or a relative
	NameVariant                       // initials, missing middle name, short form, one letter off
	NameSame                          // the same parts in any order
)

// Agree reports whether the names can be taken for one without further reasons.
func (r NameRelation) Agree() bool { return r >= NameVariant }

// Name is a name taken apart.
type Name struct {
	parts  []string // folded, ascending
	joined string   // folded, in the order given
	script string   // of its first letter
}

// apostrophes belong to their part of a name.
var apostrophes = strings.NewReplacer("'", "", "’", "", "`", "")

// ParseName takes a name apart. Apostrophes belong to their part, hyphens divide.
func ParseName(s string) Name {
	folded := Fold(apostrophes.Replace(s))
	parts := strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	n := Name{joined: strings.Join(parts, "")}
	for _, r := range n.joined {
		n.script = scriptOf(r)
		break
	}
	slices.Sort(parts)
	n.parts = parts
	return n
}

// IsZero reports whether the name is empty.
func (n Name) IsZero() bool { return len(n.parts) == 0 }

// Parts returns how many parts the name has.
func (n Name) Parts() int { return len(n.parts) }

// Key returns a key that is equal for names with the same parts in any order.
func (n Name) Key() string { return strings.Join(n.parts, " ") }

// NameKey returns the key of a name, see [Name.Key].
func NameKey(s string) string { return ParseName(s).Key() }

// Names relates two names.
func Names(a, b string) NameRelation { return ParseName(a).Relate(ParseName(b)) }

// Relate says how two names relate. It is symmetric and sees letters only: it
// knows no names.
func (n Name) Relate(o Name) NameRelation {
	switch {
	case n.IsZero() || o.IsZero():
		return NameUnknown
	case slices.Equal(n.parts, o.parts) || n.joined == o.joined:
		return NameSame
	case n.script != o.script:
		return NameUnknown
	case spaceless[n.script] && len(n.joined) == len(o.joined) && strings.Contains(n.joined+n.joined, o.joined):
		return NameSame // family name first or last, written without a space
	}
	c := align(n.parts, o.parts)
	switch {
	case c.left > 0 && c.right > 0:
		if c.full > 0 {
			return NamePartial
		}
		return NameDifferent
	case c.full == 0:
		return NameDifferent
	case c.full+c.loose < 2 && c.left+c.right > 0:
		return NamePartial // a single shared part says little
	case c.exact == 0 && c.changed > 0:
		return NamePartial // a letter changed in every part is rarely a slip
	}
	return NameVariant
}

// alignment counts how the parts of two names pair up.
type alignment struct {
	exact       int // parts equal
	full        int // parts equal or one letter off
	changed     int // parts with one letter replaced
	loose       int // a part paired with its initial or its beginning
	left, right int // parts without a partner
}

// align pairs the parts, the closest pairs first.
func align(a, b []string) alignment {
	var c alignment
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	pass := func(ok func(x, y string) bool, count *int) {
		for i, x := range a {
			for j, y := range b {
				if !usedA[i] && !usedB[j] && ok(x, y) {
					usedA[i], usedB[j] = true, true
					*count++
				}
			}
		}
	}
	long := func(s string) bool { return utf8.RuneCountInString(s) >= 2 }
	pass(func(x, y string) bool { return x == y && long(x) }, &c.exact)
	slip := func(x, y string) bool {
		return min(utf8.RuneCountInString(x), utf8.RuneCountInString(y)) >= 4 && near(x, y)
	}
	added := 0
	pass(func(x, y string) bool {
		return slip(x, y) && utf8.RuneCountInString(x) != utf8.RuneCountInString(y)
	}, &added)
	pass(slip, &c.changed)
	c.full = c.exact + added + c.changed
	pass(shortForm, &c.loose)
	pass(initial, &c.loose)
	for _, u := range usedA {
		if !u {
			c.left++
		}
	}
	for _, u := range usedB {
		if !u {
			c.right++
		}
	}
	return c
}

// shortForm reports whether one part of three letters or more begins the other.
func shortForm(x, y string) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	return utf8.RuneCountInString(x) >= 3 && strings.HasPrefix(y, x)
}

// initial reports whether one part is the first letter of the other.
func initial(x, y string) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	return utf8.RuneCountInString(x) == 1 && strings.HasPrefix(y, x)
}

// spaceless are scripts in which names are written without a space.
var spaceless = map[string]bool{"han": true, "hangul": true, "kana": true}

// scriptOf tells scripts apart that cannot be compared letter by letter. It is
// used for nothing else.
func scriptOf(r rune) string {
	switch {
	case r < 0x370:
		return "latin"
	case unicode.Is(unicode.Han, r):
		return "han"
	case unicode.Is(unicode.Hangul, r):
		return "hangul"
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return "kana"
	case unicode.Is(unicode.Latin, r):
		return "latin"
	case unicode.Is(unicode.Cyrillic, r):
		return "cyrillic"
	case unicode.Is(unicode.Greek, r):
		return "greek"
	case unicode.Is(unicode.Arabic, r):
		return "arabic"
	case unicode.Is(unicode.Hebrew, r):
		return "hebrew"
	case unicode.Is(unicode.Devanagari, r):
		return "devanagari"
	}
	return "other"
}
