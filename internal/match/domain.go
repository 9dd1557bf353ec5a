package match

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Registrable returns the part of a host name that somebody registered, by the
// public suffix list: "mail.acme.co.uk" gives "acme.co.uk". A name that is itself a
// suffix is returned as it is.
func Registrable(host string) string {
	host = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(host)), ".")
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// DomainLabel returns the first label of the registrable domain: "acme" of "mail.acme.co.uk".
func DomainLabel(host string) string {
	label, _, _ := strings.Cut(Registrable(host), ".")
	return label
}

// Label returns a name as a domain would spell it: letters and digits only.
func Label(name string) string { return strings.Join(Words(name), "") }

// confusable maps what is read as something else in common typefaces (Unicode
// Technical Standard 39, section 4, the part that ASCII host names can have).
var confusable = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d", "0", "o", "1", "l", "i", "l", "5", "s", "-", "")

// LookAlike reports whether two labels of domains are different and easily taken
// for each other: read alike, or at most two letters apart, one in labels shorter
// than eight letters (catalogue, R04). Short labels are near to many others.
func LookAlike(a, b string) bool {
	if a == b || min(len(a), len(b)) < 5 {
		return false
	}
	if confusable.Replace(a) == confusable.Replace(b) {
		return true
	}
	most := 2
	if min(len(a), len(b)) < 8 {
		most = 1
	}
	return Edits(a, b, most) <= most
}

// Edits returns the Damerau-Levenshtein distance of two strings, with adjacent
// letters swapped counted as one edit and no part edited twice, or most+1 if it is
// greater than most.
func Edits(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return most + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], most+1)
}
