package match

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/record"
)

func TestNames(t *testing.T) {
	cases := []struct {
		a, b string
		want NameRelation
	}{
		{"Ann Example", "ann  EXAMPLE", NameSame},
		{"Example, Ann", "Ann Example", NameSame},
		{"Jörg Müller", "Jorg Muller", NameSame},
		{"Jörg Müller", "Joerg Mueller", NameVariant},
		{"Jean-Luc Beispiel", "Jean Luc Beispiel", NameSame},
		{"Jeanluc Beispiel", "Jean Luc Beispiel", NameSame},
		{"Seán O'Example", "Sean OExample", NameSame},
		{"Łukasz Przykład", "Lukasz Przyklad", NameSame},
		{"A. Example", "Ann Example", NameVariant},
		{"Ann B. Example", "Ann Example", NameVariant},
		{"Ann Beatrix Example", "Ann Example", NameVariant},
		{"Alex Example", "Alexander Example", NameVariant},
		{"Sergey Primer", "Sergei Primer", NameVariant},
		{"Ann Example", "Ann Sample", NamePartial},
		{"Persona Namem", "Personb Namen", NamePartial},
		{"Ann Example", "Bob Example", NamePartial},
		{"John Example Jr", "John Example Sr", NamePartial},
		{"Ann", "Ann Example", NamePartial},
		{"Ann Example", "Bob Sample", NameDifferent},
		{"Kim Lee", "Kim Li", NamePartial}, // two letters apart in three is no typing error
		{"王小明", "小明 王", NameSame},
		{"Анна Пример", "Ann Example", NameUnknown},
		{"", "Ann Example", NameUnknown},
	}
	for _, c := range cases {
		if got := Names(c.a, c.b); got != c.want {
			t.Errorf("Names(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if x, y := Names(c.a, c.b), Names(c.b, c.a); x != y {
			t.Errorf("Names(%q, %q) is not symmetric: %d, %d", c.a, c.b, x, y)
		}
	}
}

// A letter bijection applied to both names changes no relation (HR-2).
func TestNamesKnowNoNames(t *testing.T) {
	letters := []rune("abcdefghijklmnopqrstuvwxyz")
	rapid.Check(t, func(t *rapid.T) {
		perm := rapid.Permutation(letters).Draw(t, "bijection")
		swap := func(s string) string {
			return strings.Map(func(r rune) rune {
				if 'a' <= r && r <= 'z' {
					return perm[r-'a']
				}
				return r
			}, s)
		}
		name := rapid.StringMatching(`[a-e]{1,6}( [a-e]{1,6}){0,3}`)
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		if x, y := Names(a, b), Names(swap(a), swap(b)); x != y {
			t.Fatalf("Names(%q, %q) = %d, renamed (%q, %q) = %d", a, b, x, swap(a), swap(b), y)
		}
	})
}

func TestEmail(t *testing.T) {
	for in, want := range map[string]string{
		"Ann.Example+jobs@GoogleMail.com": "annexample@gmail.com",
		"mailto:ann@example.org":          "ann@example.org",
		"ann.example@example.org":         "ann.example@example.org",
		"  Ann@Example.ORG ":              "ann@example.org",
		"+tag@example.org":                "+tag@example.org",
		"no address":                      "",
		"@example.org":                    "",
		"ann@":                            "",
		"ann@.":                           "",
	} {
		if got, _ := Email(in); got != want {
			t.Errorf("Email(%q) = %q, want %q", in, got, want)
		}
	}
	if got := MaskEmail("ann@example.org"); got != "a…@example.org" {
		t.Errorf("masked: %q", got)
	}
}

func TestPhone(t *testing.T) {
	cases := []struct {
		in   record.Phone
		want string
	}{
		{record.Phone{E164: "+12025550101", Raw: "202"}, "+12025550101"},
		{record.Phone{Raw: "+1 (202) 555-0101"}, "+12025550101"},
		{record.Phone{Raw: "0049 30 5555 0100"}, "+493055550100"},
		{record.Phone{Raw: "202-555-0101"}, "national 2025550101"},
		{record.Phone{Raw: "ext. 12"}, ""},
	}
	for _, c := range cases {
		if got := Phone(c.in); got != c.want {
			t.Errorf("Phone(%+v) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://www.linkedin.com/in/Ann-Example/": "linkedin.com/in/ann-example",
		"de.linkedin.com/in/ann-example?trk=x":     "linkedin.com/in/ann-example",
		"https://linkedin.com":                     "",
		"https://github.com/":                      "",
		"github.com/annex":                         "github.com/annex",
		"https://ann.example.org/":                 "ann.example.org",
		"":                                         "",
	} {
		if got := URL(record.URL{URL: in}); got != want {
			t.Errorf("URL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOrg(t *testing.T) {
	same := [][]string{
		{"Example GmbH", "EXAMPLE gmbh & Co. KG", "Example"},
		{"Acme, Inc.", "ACME Incorporated", "The Acme Company"},
		{"Przykład Sp. z o.o.", "Przyklad sp z o o", "PRZYKŁAD"},
		{"Muster & Söhne AG", "Muster Söhne"},
	}
	for _, group := range same {
		for _, o := range group {
			if Org(o) != Org(group[0]) {
				t.Errorf("Org(%q) = %q, Org(%q) = %q", o, Org(o), group[0], Org(group[0]))
			}
		}
	}
	if Org("Inc") != "inc" || Org("Acme Labs") == Org("Acme") {
		t.Error("a name must not vanish or lose a telling word")
	}
}

func TestAddress(t *testing.T) {
	raw := func(s string) record.Address { return record.Address{Raw: s} }
	same := [][]record.Address{
		{
			{Line1: "12 Oak Street", Line2: "Apt 3B", City: "Springfield", Region: "IL", Postal: "62701", Country: "US"},
			{Line1: "12 OAK ST.", Line2: "#3b", Postal: "62701-1234"},
			{Line1: "12 Oak St Unit 3B", Postal: "62701"},
			raw("12 Oak Street, Apt. 3B, Springfield, IL 62701, USA"),
			raw("12 Oak St #3B\nSpringfield, IL 62701"),
		},
		{
			{Line1: "Musterstraße 5a", Postal: "10115", City: "Berlin"},
			{Line1: "Musterstr. 5 A", Postal: "10115"},
			{Line1: "MUSTERSTRASSE 5A", Postal: "10115", City: "Berlin", Country: "DE"},
			raw("Musterstr. 5a, 10115 Berlin"),
		},
		{
			{Line1: "8, rue de l'Exemple", Postal: "75001", City: "Paris"},
			raw("8 Rue de l’Exemple, 75001 Paris, France"),
		},
		{
			{Line1: "Calle Mayor 7", Line2: "Piso 2", Postal: "28013", City: "Madrid"},
			raw("C/ Mayor 7, piso 2, 28013 Madrid"),
		},
		{
			{Line1: "ul. Przykładowa 12/5", Postal: "00-001", City: "Warszawa"},
			{Line1: "ulica Przykladowa 12 m. 5", Postal: "00-001"},
			raw("ul. Przykładowa 12/5, 00-001 Warszawa"),
		},
		{
			{Line1: "Rua do Exemplo 3", Postal: "1000-001", City: "Lisboa"},
			raw("Rua do Exemplo, nº 3, 1000-001 Lisboa"),
		},
		{
			{Line1: "Via dell'Esempio 4", Postal: "00100", City: "Roma"},
			raw("Via dell Esempio, 4, 00100 Roma"),
		},
		{
			{Line1: "221 Sample Road", Postal: "NW1 6XE", City: "London"},
			raw("221 Sample Rd, London NW1 6XE"),
		},
	}
	for g, group := range same {
		want := Address(group[0])
		if want.IsZero() {
			t.Errorf("no key for %+v", group[0])
		}
		for _, a := range group[1:] {
			if got := Address(a); got.Key() != want.Key() {
				t.Errorf("%+v has key %q, want %q", a, got.Key(), want.Key())
			}
		}
		for h, other := range same {
			if h != g && Address(other[0]).Building == want.Building {
				t.Errorf("%+v and %+v have one key", group[0], other[0])
			}
		}
	}
	differ := [][2]record.Address{
		{{Line1: "12 Oak St", Postal: "62701"}, {Line1: "12 Oak Ave", Postal: "62701"}},
		{{Line1: "12 Oak St", Postal: "62701"}, {Line1: "14 Oak St", Postal: "62701"}},
		{{Line1: "12 N Oak St", Postal: "62701"}, {Line1: "12 S Oak St", Postal: "62701"}},
		{{Line1: "12 Oak St", Postal: "62701"}, {Line1: "12 Oak St", Postal: "62702"}},
	}
	for _, d := range differ {
		if Address(d[0]).Building == Address(d[1]).Building {
			t.Errorf("%+v and %+v have one key", d[0], d[1])
		}
	}
	for _, a := range []record.Address{{}, raw("Berlin"), {City: "Berlin"}, {Postal: "10115"}, raw("remote")} {
		if got := Address(a); !got.IsZero() {
			t.Errorf("%+v names no building but has key %q", a, got.Key())
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("12 Oak Street, Apt. 3B, Springfield, IL 62701", "", "")
	f.Add("", "ul. Przykładowa 12/5", "00-001")
	f.Fuzz(func(t *testing.T, raw, line, postal string) {
		a := record.Address{Raw: raw, Line1: line, Postal: postal}
		if x, y := Address(a), Address(a); x != y {
			t.Fatal("not deterministic")
		}
	})
}
