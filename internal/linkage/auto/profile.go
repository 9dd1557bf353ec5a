// Package auto chooses what a linkage compares and which pairs it looks at, from the
// columns' content and without labels.
package auto

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"muster/internal/linkage/table"
	"muster/internal/linkage/text"
)

// Kind is what a column holds.
type Kind string

// The kinds of columns.
const (
	Skip     Kind = "left out"
	Name     Kind = "name"     // one to three words of letters
	Date     Kind = "date"     //
	Email    Kind = "e-mail"   //
	Code     Kind = "code"     // numbers and postcodes: letters count one by one
	Amount   Kind = "amount"   // numbers that may be near each other
	Category Kind = "category" // few values
	Text     Kind = "text"     // many words
)

// column is a profiled column.
type column struct {
	name     string
	index    int
	kind     Kind
	why      string  // it is left out
	layout   string  // of dates, as strptime writes it
	upper    bool    // cases are mixed
	filled   float64 // share
	distinct float64 // share of the filled
	words    float64 // mean
	letters  float64 // mean length
	chance   float64 // that two random values are equal
}

// protected are columns that are never compared: nationality, ethnicity, gender,
// birthplace and their like, in the languages of the exports.
var protected = regexp.MustCompile(`(?i)(?:^|[^\pL])(gender|sex|geschlecht|sexe|sexo|genere|p[łl]e[ćc]|nationalit\pL*|nacionalidad|nazionalit[àa]|narodowo\pL*|obywatel\pL*|staatsangeh\pL*|citizenship|ethnic\pL*|race|rasse|religion|birth ?place|place of birth|born in|geburtsort|lieu de naissance|lugar de nacimiento|native language|mother tongue|muttersprache|country of birth)(?:$|[^\pL])`)

// Protected reports whether a column may not be compared, by its name.
func Protected(name string) bool {
	return protected.MatchString(strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(name))
}

// sampleRows is how many rows a profile looks at.
const sampleRows = 20_000

// sample returns rows at random, of both files.
func sample(t *table.Table) []int32 {
	n := t.Len()
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	if n > sampleRows {
		rng := rand.New(rand.NewPCG(1, 2))
		rng.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		rows = rows[:sampleRows]
		slices.Sort(rows)
	}
	return rows
}

// layouts of dates that are recognised, as strptime and as Go write them.
var layouts = []struct{ sql, layout string }{
	{"", time.DateOnly},
	{"%Y%m%d", "20060102"},
	{"%d/%m/%Y", "02/01/2006"},
	{"%m/%d/%Y", "01/02/2006"},
	{"%d.%m.%Y", "02.01.2006"},
	{"%Y/%m/%d", "2006/01/02"},
	{"%d-%m-%Y", "02-01-2006"},
	{"%Y-%m-%d %H:%M:%S", "2006-01-02 15:04:05"},
	{"%d %b %Y", "02 Jan 2006"},
}

var (
	emailForm  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	amountForm = regexp.MustCompile(`^[-+]?[$€£]? ?\d[\d,]*(\.\d+)?$`)
)

// profile looks at the values of a column.
func profile(t *table.Table, index int, rows []int32) column {
	c := column{name: t.Names[index], index: index}
	codes := t.Columns[index]
	counts := map[uint32]int{}
	var filled, emails, amounts, decimals, digits, mixed, upper, words, letters, alphabetic int
	dates := make([]int, len(layouts))
	for _, row := range rows {
		code := codes[row]
		if code == table.Null {
			continue
		}
		filled++
		counts[code]++
		s := t.Dict.Value(code)
		letters += utf8.RuneCountInString(s)
		w := text.Words(s)
		words += len(w)
		hasDigit, hasLetter := false, false
		for _, r := range s {
			hasDigit = hasDigit || unicode.IsDigit(r)
			hasLetter = hasLetter || unicode.IsLetter(r)
		}
		if s != strings.ToLower(s) {
			upper++
		}
		switch {
		case hasDigit && hasLetter:
			mixed++
		case hasDigit:
			digits++
		case hasLetter:
			alphabetic++
		}
		if emailForm.MatchString(s) {
			emails++
		}
		if amountForm.MatchString(s) {
			amounts++
			if strings.Contains(s, ".") {
				decimals++
			}
		}
		for i, l := range layouts {
			if _, err := time.Parse(l.layout, s); err == nil {
				dates[i]++
			}
		}
	}
	if filled == 0 {
		c.kind, c.why = Skip, "it is empty"
		return c
	}
	n := float64(filled)
	c.filled, c.distinct = n/float64(len(rows)), float64(len(counts))/n
	c.words, c.letters, c.upper = float64(words)/n, float64(letters)/n, upper > 0
	for _, k := range counts {
		c.chance += float64(k) * float64(k-1)
	}
	c.chance /= max(n*(n-1), 1)
	best := 0
	for i := range layouts {
		if dates[i] > dates[best] {
			best = i
		}
	}
	share := func(k int) float64 { return float64(k) / n }
	switch {
	case Protected(c.name):
		c.kind, c.why = Skip, "it may not be compared"
	case len(counts) == 1:
		c.kind, c.why = Skip, "all values are one"
	case share(dates[best]) > 0.7:
		c.kind, c.layout = Date, layouts[best].sql
	case share(emails) > 0.6:
		c.kind = Email
	case share(amounts) > 0.9 && (share(decimals) > 0.2 || share(amounts) > share(digits)):
		c.kind = Amount
	case len(counts) <= 40 && len(counts) < filled/2 || c.chance > 0.02 && share(alphabetic) > 0.8:
		c.kind = Category
	case c.words > 3.5:
		c.kind = Text
	case share(digits)+share(mixed) > 0.6 && c.words < 2.5 && c.letters < 20:
		c.kind = Code
	case c.words > 2.6:
		c.kind = Text
	default:
		c.kind = Name
	}
	return c
}

// sql returns the column's value of a side for a condition.
func (c *column) sql(side string) string {
	x := `"` + strings.ReplaceAll(c.name, `"`, `""`) + "_" + side + `"`
	switch {
	case c.kind == Date && c.layout != "":
		return "try_strptime(" + x + ", '" + c.layout + "')"
	case c.upper && c.kind != Date && c.kind != Amount:
		return "lower(" + x + ")"
	}
	return x
}

// tf returns what the rarity of the column's values is counted by: its name, if the
// values are compared as they are.
func (c *column) tf() string {
	if c.upper {
		return c.sql("l")
	}
	return c.name
}

// both writes a condition with %l and %r in place of the values of the sides.
func (c *column) both(form string) string {
	return strings.NewReplacer("%l", c.sql("l"), "%r", c.sql("r")).Replace(form)
}
