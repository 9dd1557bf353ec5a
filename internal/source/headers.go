package source

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"
)

//go:embed headers.yaml
var headersYAML []byte

// languages of the header table, in the order in which they are tried; the words
// under "last" are so general that they are taken only when nothing else fits.
var languages = []string{"en", "de", "fr", "es", "it", "pl", "pt", general}

const general = "last"

// headerTable knows the names that columns of exports go by.
type headerTable struct {
	names    []string            // canonical names in order
	synonyms map[string][]string // canonical name → normalised column names, best first
	general  map[string]int      // canonical name → from which synonym on they are general words
	known    map[string][]string // normalised column name → canonical names
}

var headers = sync.OnceValue(func() *headerTable {
	t, err := parseHeaders(headersYAML)
	if err != nil {
		panic("headers.yaml: " + err.Error()) // embedded and tested
	}
	return t
})

func parseHeaders(data []byte) (*headerTable, error) {
	var file map[string]map[string][]string
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, err
	}
	t := &headerTable{synonyms: map[string][]string{}, general: map[string]int{}, known: map[string][]string{}}
	for name := range file {
		t.names = append(t.names, name)
	}
	slices.Sort(t.names)
	for _, name := range t.names {
		list := []string{Normalise(name)}
		for lang := range file[name] {
			if !slices.Contains(languages, lang) {
				return nil, fmt.Errorf("%s: %q is not a language of the table", name, lang)
			}
		}
		for _, lang := range languages {
			if lang == general {
				t.general[name] = len(list)
			}
			for _, s := range file[name][lang] {
				if n := Normalise(s); !slices.Contains(list, n) {
					list = append(list, n)
				}
			}
		}
		t.synonyms[name] = list
		for _, s := range list {
			t.known[s] = append(t.known[s], name)
		}
	}
	return t, nil
}

// Normalise brings a column name to lower case, reads "#" as the word number
// ("Employee #"), and drops everything that is not a letter or digit.
func Normalise(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < 'a' || c > 'z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.ReplaceAll(s, "#", "number")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// CanonicalColumns returns the names of the header table that a column can stand
// for, in alphabetical order: "E-Mail (dienstlich)" for work_email.
func CanonicalColumns(column string) []string { return headers().known[Normalise(column)] }

// Columns returns all names of the header table.
func Columns() []string { return headers().names }
