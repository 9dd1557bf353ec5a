package match

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"muster/internal/record"
)

// Place is a postal address as two keys: the building, and the unit within it.
type Place struct {
	Building string // postcode (or city), street and number; "" if the address names no building
	Unit     string // flat, suite or box; "" if none is given
	Label    string // city and region, as it may be shown
}

// Key returns the key of the unit; of a building without units it is the key of
// the building with an empty unit.
func (p Place) Key() string { return p.Building + "#" + p.Unit }

// IsZero reports whether no building is named.
func (p Place) IsZero() bool { return p.Building == "" }

// streetWords are the words for kinds of streets and directions with their short forms,
// in English, German, French, Spanish, Italian, Polish and Portuguese.
var streetWords = map[string]string{
	"street": "st", "st": "st", "str": "st", "saint": "st", "strasse": "st", "avenue": "ave", "ave": "ave", "av": "ave", "avda": "ave", "avenida": "ave", "road": "rd", "rd": "rd",
	"drive": "dr", "dr": "dr", "lane": "ln", "ln": "ln", "court": "ct", "ct": "ct", "boulevard": "blvd", "blvd": "blvd", "bd": "blvd", "boul": "blvd",
	"place": "pl", "pl": "pl", "platz": "pl", "plaza": "pl", "plac": "pl", "piazza": "pl", "pza": "pl", "praca": "pl", "square": "sq", "sq": "sq", "terrace": "ter", "ter": "ter",
	"parkway": "pkwy", "pkwy": "pkwy", "highway": "hwy", "hwy": "hwy", "circle": "cir", "cir": "cir", "trail": "trl", "trl": "trl", "way": "way",
	"weg": "weg", "w": "west", "west": "west", "e": "east", "east": "east", "n": "north", "north": "north", "s": "south", "south": "south",
	"nw": "nw", "ne": "ne", "sw": "sw", "se": "se", "rue": "rue", "r": "rue", "calle": "calle", "c": "calle", "cl": "calle", "via": "via", "v": "via",
	"rua": "rua", "ulica": "ul", "ul": "ul", "aleja": "al", "al": "al", "aleje": "al", "carrer": "calle", "chemin": "ch", "ch": "ch", "route": "rte", "rte": "rte",
	"corso": "cso", "cso": "cso", "viale": "vle", "vle": "vle", "allee": "allee", "gasse": "gasse", "mount": "mt", "mt": "mt", "fort": "ft", "ft": "ft",
}

// streetEnds are the canonical words that end a street's name where the number comes first.
var streetEnds = map[string]bool{
	"st": true, "ave": true, "rd": true, "dr": true, "ln": true, "ct": true, "blvd": true, "pl": true, "sq": true, "ter": true, "pkwy": true,
	"hwy": true, "cir": true, "trl": true, "way": true,
}

var directions = map[string]bool{"north": true, "south": true, "east": true, "west": true, "nw": true, "ne": true, "sw": true, "se": true}

// unitWords announce a unit within a building.
var unitWords = map[string]bool{
	"apt": true, "apartment": true, "unit": true, "suite": true, "ste": true, "flat": true, "room": true, "rm": true, "whg": true, "wohnung": true, "zimmer": true,
	"appt": true, "appartement": true, "app": true, "piso": true, "puerta": true, "pta": true, "int": true, "interno": true, "lokal": true,
	"lok": true, "mieszkanie": true, "m": true, "apto": true, "dpto": true, "pmb": true, "lot": true, "top": true, "unidade": true, "porta": true, "numberunit": true,
}

// fillers say nothing in an address.
var fillers = map[string]bool{"no": true, "nr": true, "number": true, "num": true, "numero": true, "of": true, "the": true}

// postals finds a postcode in free text, the most telling forms first: UK,
// Canada, Netherlands, Portugal, Poland, then four to six digits.
var postals = []*regexp.Regexp{
	regexp.MustCompile(`\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b`),
	regexp.MustCompile(`\b[a-z]\d[a-z] ?\d[a-z]\d\b`),
	regexp.MustCompile(`\b\d{4} ?[a-z]{2}\b`),
	regexp.MustCompile(`\b\d{4}-\d{3}\b`),
	regexp.MustCompile(`\b\d{2}-\d{3}\b`),
	regexp.MustCompile(`\b\d{5}(-\d{4})?\b`),
	regexp.MustCompile(`\b\d{6}\b`),
	regexp.MustCompile(`\b\d{4}\b`),
}

// Address returns the keys of an address, from its parts where it has them, else
// from its text. Spelling, abbreviation, punctuation, case and marks make no
// difference; the country is left out because half of the sources do.
func Address(a record.Address) Place {
	line, postal, city := a.Line1, postcode(a.Postal), a.City
	if a.Line2 != "" {
		line += ", " + a.Line2
	}
	if strings.TrimSpace(line) == "" && a.Raw != "" {
		var rest string
		line, rest = splitRaw(a.Raw)
		postal = cmp.Or(postal, findPostal(rest), findPostal(lastWords(line)))
		if city == "" {
			city = cityOf(rest)
		}
	}
	street, number, unit := takeApart(line, postal)
	where := cmp.Or(postal, strings.Join(Words(city), ""))
	if street == "" && number == "" || where == "" {
		return Place{Label: placeLabel(a, city)}
	}
	return Place{Building: where + "|" + street + "|" + number, Unit: unit, Label: placeLabel(a, city)}
}

// postcode returns the canonical form of a postcode; of ZIP+4 the ZIP.
func postcode(s string) string {
	s = strings.Join(Words(s), "")
	if len(s) == 9 && Digits(s) == s {
		return s[:5]
	}
	return s
}

func findPostal(text string) string {
	text = Fold(text)
	for _, re := range postals {
		if all := re.FindAllString(text, -1); len(all) > 0 {
			return postcode(all[len(all)-1])
		}
	}
	return ""
}

// lastWords returns a line without its first word, which is a house number where a line starts with one.
func lastWords(line string) string {
	_, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	return rest
}

// splitRaw divides free text into the street line with its unit, and the rest.
func splitRaw(raw string) (line, rest string) {
	segs := strings.FieldsFunc(raw, func(r rune) bool { return r == ',' || r == '\n' || r == ';' })
	for i := range segs {
		segs[i] = strings.TrimSpace(segs[i])
	}
	segs = slices.DeleteFunc(segs, func(s string) bool { return s == "" })
	first := slices.IndexFunc(segs, func(s string) bool { return Digits(s) != "" })
	if first < 0 {
		return "", raw
	}
	line = segs[first]
	if w := addressWords(line); bareNumber(w) {
		switch {
		case first > 0: // "Via Esempio, 4"
			line = segs[first-1] + " " + line
		case first+1 < len(segs): // "12, rue Exemple"
			line += " " + segs[first+1]
			first++
		}
	}
	for i, s := range segs[first+1:] {
		w := addressWords(s)
		if len(w) > 1 && unitWords[w[0]] || len(w) == 1 && len(w[0]) <= 4 && Digits(w[0]) != "" {
			line += ", " + s
			continue
		}
		return line, strings.Join(segs[first+1+i:], ", ")
	}
	return line, ""
}

// bareNumber reports whether words are a house number and nothing else.
func bareNumber(words []string) bool {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return fillers[w] })
	return len(words) == 1 && startsWithDigit(words[0]) && len(words[0]) <= 5
}

// cityOf returns the first words of the rest of a free-text address that are no postcode.
func cityOf(rest string) string {
	for seg := range strings.SplitSeq(rest, ",") {
		var words []string
		for w := range strings.FieldsSeq(seg) {
			if Digits(w) == "" {
				words = append(words, w)
			}
		}
		if len(words) > 0 {
			return strings.Join(words, " ")
		}
	}
	return ""
}

func placeLabel(a record.Address, city string) string {
	parts := slices.DeleteFunc([]string{strings.TrimSpace(city), strings.TrimSpace(cmp.Or(a.Region, a.Country))}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

// slashed is a house number and a unit written with a slash.
var slashed = regexp.MustCompile(`(\d[a-z]?) ?/ ?(\d)`)

// addressMarks are signs of numbers and units, and signs without a meaning.
var addressMarks = strings.NewReplacer("#", " numberunit ", "n°", " ", "º", " ", "ª", " ", "°", " ", "'", "", "’", "")

// addressWords folds and splits a line; "#" becomes a unit word, "12/3" two words around a unit word.
func addressWords(s string) []string {
	if s = Fold(s); strings.Contains(s, "/") {
		s = slashed.ReplaceAllString(s, "$1 numberunit $2")
	}
	s = addressMarks.Replace(s)
	return strings.FieldsFunc(s, func(r rune) bool {
		return r < '0' || r > '9' && r < 'a' || r > 'z' && r < 0x80
	})
}

// takeApart finds number, street and unit in a street line.
func takeApart(line, postal string) (street, number, unit string) {
	words := addressWords(line)
	if n := len(words); n > 1 && postal != "" && words[n-1] == postal {
		words = words[:n-1]
	}
	words, unit = takeUnit(words)
	at := slices.IndexFunc(words, startsWithDigit)
	if at < 0 {
		return streetKey(words), "", unit
	}
	if at > 0 { // number behind the street: the last one counts ("Straße des 17. Juni 135")
		for i := len(words) - 1; i > at; i-- {
			if startsWithDigit(words[i]) {
				at = i
				break
			}
		}
	}
	number = words[at]
	rest := slices.Concat(words[:at], words[at+1:])
	if at+1 < len(words) && at > 0 && len(words[at+1]) == 1 && words[at+1] >= "a" {
		number += words[at+1] // "5 a"
		rest = slices.Concat(words[:at], words[at+2:])
	}
	if at == 0 {
		var tail []string
		rest, tail = cutStreet(rest)
		if unit == "" {
			for _, w := range tail {
				if startsWithDigit(w) {
					unit = w
					break
				}
			}
		}
	}
	return streetKey(rest), number, unit
}

// takeUnit removes a unit and its announcing word.
func takeUnit(words []string) ([]string, string) {
	for i := 1; i < len(words)-1; i++ {
		if !unitWords[words[i]] {
			continue
		}
		j := i + 1
		for j < len(words)-1 && (unitWords[words[j]] || fillers[words[j]]) {
			j++
		}
		if len(words[j]) <= 5 {
			unit := strings.TrimLeft(words[j], "0")
			return slices.Concat(words[:i], words[j+1:]), unit
		}
	}
	return words, ""
}

// cutStreet divides the words behind a leading house number where the street's name ends.
func cutStreet(words []string) (street, tail []string) {
	for i := len(words) - 1; i >= 1; i-- {
		c, ok := streetWords[words[i]]
		if !ok || !streetEnds[c] {
			continue
		}
		end := i + 1
		for end < len(words) && directions[streetWords[words[end]]] {
			end++
		}
		return words[:end], words[end:]
	}
	return words, nil
}

func startsWithDigit(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// streetKey joins the words of a street's name in their canonical short forms.
func streetKey(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if fillers[w] {
			continue
		}
		if c, ok := streetWords[w]; ok {
			b.WriteString(c)
			continue
		}
		for _, end := range []string{"strasse", "str"} { // Hauptstraße, Hauptstr.
			if stem, ok := strings.CutSuffix(w, end); ok && len(stem) > 2 {
				w = stem + "st"
				break
			}
		}
		b.WriteString(w)
	}
	return b.String()
}
