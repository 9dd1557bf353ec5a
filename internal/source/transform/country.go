package transform

import (
	"maps"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// Country returns the ISO 3166-1 alpha-2 code of a name (in English, German,
// French, Spanish, Italian, Polish or Portuguese), an alpha-2 or an alpha-3
// code; "" if it is none of these.
func Country(s string) string {
	s = trim(s)
	if s == "" || len(s) > 64 {
		return ""
	}
	if len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' {
		if s == "UK" {
			return "GB"
		}
		if _, ok := countries().codes[s]; ok {
			return s
		}
		return ""
	}
	t := countries()
	up := strings.ToUpper(s)
	if c, ok := t.codes[up]; ok {
		return c
	}
	return t.names[plainName(s)]
}

func country(_ *Ctx, v *Value) Reason {
	s, _ := text(v)
	c := Country(s)
	if c == "" {
		*v = Value{}
		return Unread
	}
	*v = TextValue(c)
	return ""
}

type countryTable struct {
	codes map[string]string // alpha-2 and alpha-3
	names map[string]string
}

// otherNames are names in use that are neither short names of ISO nor of CLDR.
var otherNames = map[string]string{
	"usa": "US", "us": "US", "unitedstatesofamerica": "US", "america": "US", "eeuu": "US", "eua": "US",
	"uk": "GB", "greatbritain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northernireland": "GB", "grossbritannien": "GB",
	"britain": "GB", "unitedkingdomofgreatbritainandnorthernireland": "GB",
	"korea": "KR", "republicofkorea": "KR", "koreasouth": "KR", "southkorea": "KR", "korearepublicof": "KR", "rok": "KR",
	"northkorea": "KP", "koreanorth": "KP", "dprk": "KP", "democraticpeoplesrepublicofkorea": "KP", "koreademocraticpeoplesrepublicof": "KP",
	"russianfederation": "RU", "vietnam": "VN", "czechrepublic": "CZ", "tschechien": "CZ", "holland": "NL", "thenetherlands": "NL",
	"uae": "AE", "ivorycoast": "CI", "macedonia": "MK", "burma": "MM", "swaziland": "SZ", "capeverde": "CV", "turkey": "TR", "turkiye": "TR",
	"syrianarabrepublic": "SY", "iranislamicrepublicof": "IR", "moldovarepublicof": "MD", "republicofmoldova": "MD",
	"tanzaniaunitedrepublicof": "TZ", "venezuelabolivarianrepublicof": "VE", "boliviaplurinationalstateof": "BO",
	"taiwanprovinceofchina": "TW", "hongkong": "HK", "macau": "MO", "laopeoplesdemocraticrepublic": "LA", "bruneidarussalam": "BN",
	"peoplesrepublicofchina": "CN", "prc": "CN", "mainlandchina": "CN", "republicofireland": "IE", "eire": "IE", "slovakrepublic": "SK",
	"bosnia": "BA", "thephilippines": "PH", "thegambia": "GM", "drc": "CD",
}

var countries = sync.OnceValue(func() countryTable {
	t := countryTable{codes: make(map[string]string, 600), names: make(map[string]string, 2500)}
	languages := []language.Tag{
		language.English, language.German, language.French, language.Spanish, language.Italian, language.Polish, language.Portuguese,
	}
	namers := make([]display.Namer, len(languages))
	for i, l := range languages {
		namers[i] = display.Regions(l)
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			r, err := language.ParseRegion(code)
			if err != nil || !r.IsCountry() || r.String() != code || r.Canonicalize() != r || r.ISO3() == "ZZZ" {
				continue
			}
			t.codes[code] = code
			t.codes[r.ISO3()] = code
			for _, n := range namers {
				if name := plainName(n.Name(r)); name != "" && t.names[name] == "" {
					t.names[name] = code
				}
			}
		}
	}
	maps.Copy(t.names, otherNames)
	return t
})

// plainName brings a name to lower case, without marks and anything that is no
// letter.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), !unicode.IsLetter(r):
			return -1
		case r == 'ł':
			return 'l'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.ReplaceAll(s, "ß", "ss")))
}
