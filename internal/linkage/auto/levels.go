package auto

import (
	"fmt"
	"regexp"
	"strings"

	"muster/internal/linkage/model"
	"muster/internal/linkage/text"
)

// level makes a level of a comparison.
func level(label, sql string) model.Level { return model.Level{Label: label, SQL: sql} }

// rare makes a level that is adjusted by how rare the value of a column is.
func rare(label, sql, column string) model.Level {
	return model.Level{Label: label, SQL: sql, TFColumn: column}
}

func rest() model.Level { return model.Level{Label: "all else", SQL: model.Else} }

// comparison returns how a column is compared.
func (c *column) comparison() model.Comparison {
	k := model.Comparison{Name: c.name, Description: string(c.kind)}
	k.Levels = append(k.Levels, model.Level{SQL: c.both("%l IS NULL OR %r IS NULL"), Label: "missing", Null: true})
	equal := rare("equal", c.both("%l = %r"), c.tf())
	add := func(label, form string) { k.Levels = append(k.Levels, level(label, c.both(form))) }
	switch c.kind {
	case Name:
		k.Levels = append(k.Levels, equal)
		add("very similar (Jaro-Winkler .92)", "jaro_winkler_similarity(%l, %r) >= 0.92")
		add("similar (Jaro-Winkler .88)", "jaro_winkler_similarity(%l, %r) >= 0.88")
		add("somewhat similar (Jaro-Winkler .75)", "jaro_winkler_similarity(%l, %r) >= 0.75")
	case Date:
		k.Levels = append(k.Levels, level("equal", c.both("%l = %r")))
		add("one character off", "damerau_levenshtein(%l, %r) <= 1")
		add("day and month swapped", "substr(%l, 6, 2) = substr(%r, 9, 2) and substr(%l, 9, 2) = substr(%r, 6, 2) and substr(%l, 1, 4) = substr(%r, 1, 4)")
		add("two characters off", "damerau_levenshtein(%l, %r) <= 2")
		add("within a month", "abs(epoch(%l) - epoch(%r)) <= 2629800")
		add("within a year", "abs(epoch(%l) - epoch(%r)) <= 31557600")
		add("within ten years", "abs(epoch(%l) - epoch(%r)) <= 315576000")
	case Email:
		k.Levels = append(k.Levels, equal)
		add("one user part", "split_part(%l, '@', 1) = split_part(%r, '@', 1)")
		add("very similar (Jaro-Winkler .92)", "jaro_winkler_similarity(%l, %r) >= 0.92")
		add("similar user part (Jaro-Winkler .88)", "jaro_winkler_similarity(split_part(%l, '@', 1), split_part(%r, '@', 1)) >= 0.88")
	case Code:
		k.Levels = append(k.Levels, equal)
		add("one character off", "damerau_levenshtein(%l, %r) <= 1")
		if c.letters >= 4 {
			add("two characters off", "damerau_levenshtein(%l, %r) <= 2")
			add("one beginning", fmt.Sprintf("substr(%%l, 1, %d) = substr(%%r, 1, %[1]d)", max(2, int(c.letters/2))))
		}
	case Amount:
		k.Levels = append(k.Levels, equal)
		add("within 1 %", "abs(%l - %r) <= 0.01 * greatest(abs(%l), abs(%r))")
		add("within 10 %", "abs(%l - %r) <= 0.1 * greatest(abs(%l), abs(%r))")
		add("within 50 %", "abs(%l - %r) <= 0.5 * greatest(abs(%l), abs(%r))")
	case Text:
		for _, x := range []struct {
			label string
			from  string
		}{{"the same words", "0.95"}, {"nearly the same words", "0.8"}, {"most words", "0.65"}, {"many words", "0.5"}, {"some words", "0.35"}, {"few words", "0.2"}} {
			add(x.label+" (weighted by rarity, "+x.from+")", text.Name+"(%l, %r) >= "+x.from)
		}
	default:
		k.Levels = append(k.Levels, equal)
	}
	k.Levels = append(k.Levels, rest())
	return k
}

var (
	givenName  = regexp.MustCompile(`(?i)^(given|first|fore)[ _-]?names?$|^vorname$|^pr[ée]nom$|^nombre$|^nome$|^imi[ęe]$`)
	familyName = regexp.MustCompile(`(?i)^(sur|last|family)[ _-]?names?$|^nachname$|^familienname$|^nom( de famille)?$|^apellidos?$|^cognome$|^nazwisko$|^sobrenome$`)
)

// fullName compares a given name and a surname together, since they are swapped, left
// out and misspelt together.
func fullName(g, s *column) model.Comparison {
	form := func(x string) string { return s.both(replaceGiven(g, x)) }
	l := func(label, x string) model.Level { return level(label, form(x)) }
	k := model.Comparison{Name: g.name + " and " + s.name, Description: "given name and surname"}
	k.Levels = []model.Level{
		{SQL: form("(%gl IS NULL AND %l IS NULL) OR (%gr IS NULL AND %r IS NULL)"), Label: "missing", Null: true},
		rare("both equal", form("%gl = %gr and %l = %r"), g.sql("l")+" || ' ' || "+s.sql("l")),
		l("swapped", "%gl = %r and %l = %gr"),
		rare("surname equal, given name very similar", form("%l = %r and jaro_winkler_similarity(%gl, %gr) >= 0.88"), s.tf()),
		rare("given name equal, surname very similar", form("%gl = %gr and jaro_winkler_similarity(%l, %r) >= 0.88"), g.tf()),
		l("both very similar", "jaro_winkler_similarity(%gl, %gr) >= 0.88 and jaro_winkler_similarity(%l, %r) >= 0.88"),
		rare("surname equal, given name missing", form("%l = %r and (%gl IS NULL OR %gr IS NULL)"), s.tf()),
		rare("given name equal, surname missing", form("%gl = %gr and (%l IS NULL OR %r IS NULL)"), g.tf()),
		rare("surname equal", form("%l = %r"), s.tf()),
		rare("given name equal", form("%gl = %gr"), g.tf()),
		l("one is very similar", "jaro_winkler_similarity(%gl, %gr) >= 0.88 or jaro_winkler_similarity(%l, %r) >= 0.88"),
		rest(),
	}
	return k
}

// replaceGiven puts the given name's values in place of %gl and %gr.
func replaceGiven(g *column, form string) string {
	return strings.NewReplacer("%gl", g.sql("l"), "%gr", g.sql("r")).Replace(form)
}
