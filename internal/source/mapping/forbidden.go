package mapping

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What must never be read (fairness rule HR-1): ethnicity, gender, religion,
// marital status, pronouns, birthplace, nationality, native language; and
// passwords. Words are
// compared whole; stems anywhere in the name without separators. The seven
// languages of the header table are covered.
var (
	forbiddenWords = map[string]bool{
		"race": true, "races": true, "racial": true, "sex": true, "sexe": true, "sexo": true, "sesso": true, "plec": true, "caste": true, "faith": true,
		"civil status": true, "place of birth": true,
	}
	forbiddenStems = []string{
		"ethnic", "ethnie", "ethnisch", "etnia", "etnic", "hispanic", "gender", "geschlecht", "genero", "genere", "religio", "relig", "konfession", "wyznanie",
		"marital", "maritalstatus", "familienstand", "etatcivil", "estadocivil", "statocivile", "stancywilny", "civilstatus",
		"pronoun", "pronomen", "pronom", "birthplace", "placeofbirth", "countryofbirth", "birthcountry", "cityofbirth", "birthcity", "birthregion", "geburtsort",
		"geburtsland", "lieudenaissance", "paysdenaissance", "lugardenacimiento", "luogodinascita", "miejsceurodzenia", "localdenascimento", "naturalidade",
		"nationalit", "nacionalidad", "nazionalita", "narodowosc", "obywatelstwo", "citizen", "staatsangehor", "staatsburger", "cittadinanza", "ciudadania",
		"cidadania", "nativelanguage", "mothertongue", "muttersprache", "langue maternelle", "keyboardlayout",
	}
)

// Forbidden reports whether a column or key of that name must never be read.
func Forbidden(name string) bool { return forbidden(name) != "" }

// secrets are what columns of passwords are called, words without marks.
var secrets = []string{
	"password", "passwords", "passwd", "passwds", "pwd", "passphrase", "passwort", "passworter", "kennwort", "mot passe", "mots passe", "contrasena", "contrasenas", "haslo", "senha", "parola",
}

// Secret reports whether a column or key of that name holds a password: one that
// begins or ends with the word. "password_changed_at" and the like hold none.
func Secret(name string) bool {
	words := slices.DeleteFunc(splitWords(name), func(w string) bool { return w == "de" || w == "di" })
	joined := strings.Join(words, " ")
	for _, s := range secrets {
		if joined == s || strings.HasSuffix(joined, " "+s) {
			return true
		}
		for _, form := range []string{"plaintext", "plain", "hash", "value", "clear", "text"} {
			if joined == s+" "+form || strings.HasSuffix(joined, " "+s+" "+form) {
				return true
			}
		}
	}
	return joined == "pass"
}

// forbidden returns what a name reads that must not be read, or "".
func forbidden(name string) string {
	if Secret(name) {
		return name
	}
	words := splitWords(name)
	for _, w := range words {
		if forbiddenWords[w] {
			return w
		}
	}
	joined := strings.Join(words, "")
	for _, s := range forbiddenStems {
		if strings.Contains(joined, strings.ReplaceAll(s, " ", "")) {
			return name
		}
	}
	return ""
}

// splitWords cuts a name at separators and where a capital follows a small
// letter, in lower case and without marks.
func splitWords(name string) []string {
	var words []string
	var w strings.Builder
	flush := func() {
		if w.Len() > 0 {
			words = append(words, w.String())
			w.Reset()
		}
	}
	lower := false
	for _, r := range norm.NFD.String(strings.ReplaceAll(name, "ł", "l")) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r):
			flush()
		case unicode.IsUpper(r) && lower:
			flush()
			w.WriteRune(unicode.ToLower(r))
		default:
			w.WriteRune(unicode.ToLower(r))
		}
		lower = unicode.IsLower(r)
	}
	flush()
	return words
}
