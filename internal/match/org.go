package match

import "strings"

// legalForms are the words that say which kind of company it is.
var legalForms = map[string]bool{
	"inc": true, "incorporated": true, "llc": true, "llp": true, "lp": true, "ltd": true, "limited": true, "plc": true, "corp": true,
	"corporation": true, "co": true, "company": true, "pty": true, "pte": true, "gmbh": true, "ag": true, "kg": true, "kgaa": true, "ug": true,
	"ohg": true, "ev": true, "mbh": true, "se": true, "sa": true, "sas": true, "sasu": true, "sarl": true, "srl": true, "spa": true, "sl": true,
	"slu": true, "bv": true, "nv": true, "ab": true, "as": true, "asa": true, "oy": true, "oyj": true, "aps": true, "doo": true, "sro": true,
	"spzoo": true, "zoo": true, "kft": true, "ood": true, "eood": true, "lda": true, "ltda": true, "kk": true,
}

// orgMarks are signs that names of organisations are written with and without.
var orgMarks = strings.NewReplacer("&", " ", ".", "", "'", "", "’", "")

// Org returns an organisation's name without legal form, punctuation and case,
// so that "Example GmbH & Co. KG" equals "example".
func Org(name string) string {
	name = orgMarks.Replace(name)
	words := Words(name)
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for len(words) > 1 {
		last := words[len(words)-1]
		switch {
		case legalForms[last] || last == "and" || last == "und" || last == "et":
			words = words[:len(words)-1]
		case len(words) > 3 && last == "o" && words[len(words)-2] == "o" && words[len(words)-3] == "z": // sp. z o.o.
			words = words[:len(words)-4]
		case len(words) > 3 && last == "oo" && words[len(words)-2] == "z" && words[len(words)-3] == "sp":
			words = words[:len(words)-3]
		default:
			return strings.Join(words, " ")
		}
	}
	return strings.Join(words, " ")
}
