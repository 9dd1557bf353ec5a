package pack

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"muster/internal/match"
)

// alphabet is a run of letters that are exchanged among themselves.
type alphabet struct {
	first rune
	n     int
}

// Letters of scripts that package match tells apart; it compares names of one
// script only. The last one stands for all others and is none of them (Armenian).
var alphabets = []alphabet{
	{'0', 10},
	{'a', 26},
	{0x03B1, 17},
	{0x0430, 32},
	{0x05D0, 27},
	{0x0621, 26},
	{0x0905, 53},
	{0x3041, 11},
	{0x4E00, 20902},
	{0xAC00, 11172},
	{0x0561, 38},
}

// spell replaces the letters and digits of a text, each under all that stand before
// it, so that two texts agree in as many first letters as their tokens do: package
// match takes an initial and a short form ("Alex" for "Alexander") for the name. All
// other signs are left out of the count and stay where they are. The text is folded.
func (k Key) spell(s string) string { return k.spellFolded(norm.NFC.String(match.Fold(s))) }

func (k Key) spellFolded(s string) string {
	var out, before strings.Builder
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			out.WriteRune(r)
			continue
		}
		out.WriteRune(k.letter(before.String(), r))
		before.WriteRune(r)
	}
	return out.String()
}

// letter replaces one letter. Short alphabets are shuffled, long ones permuted.
func (k Key) letter(before string, r rune) rune {
	for i, a := range alphabets {
		at := int(r - a.first)
		last := i == len(alphabets)-1
		if at < 0 || at >= a.n {
			if !last {
				continue
			}
			at = int(k.sum("letter", before+string(r))[0]) % a.n
		}
		domain := "spell " + strconv.Itoa(i) + " " + before
		if a.n > 64 {
			return a.first + rune(k.permute(domain, uint64(at), uint64(a.n)))
		}
		return a.first + rune(k.shuffle(domain, "", a.n)[at])
	}
	return r
}
