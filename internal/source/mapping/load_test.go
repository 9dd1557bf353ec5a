package mapping

import (
	"strings"
	"testing"
	"testing/fstest"
)

const head = "id: t.x\nsystem: people\nshape: json\nmatch: {all: [id]}\n"

// load puts fields into an emit block of a persona on line 7.
func fields(text string) string {
	return head + "emit:\n- record: persona\n  fields:\n    " + text + "\n"
}

func TestLoadErrorsNameFileAndLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no mapping", "- a\n", "x.yaml:1: expected a mapping"},
		{"not YAML", "id: [\n", "x.yaml"},
		{"two documents", "a: 1\n---\nb: 2\n", "one YAML document"},
		{"unknown key", head + "emitt: []\n", `x.yaml:5: unknown key "emitt"`},
		{"no match", "id: a\nsystem: people\nshape: json\nignore: true\n", "match is missing"},
		{"no id", "system: people\nshape: json\nmatch: {all: [a]}\nignore: true\n", "id is missing"},
		{"system", strings.Replace(head, "people", "magic", 1) + "ignore: true\n", `x.yaml:2: system "magic"`},
		{"shape", strings.Replace(head, "json", "xml", 1) + "ignore: true\n", `x.yaml:3: shape "xml"`},
		{"match key", "id: a\nsystem: people\nshape: json\nmatch: {every: [a]}\nignore: true\n", `x.yaml:4: unknown key "every"`},
		{"empty match", "id: a\nsystem: people\nshape: json\nmatch: {absent: [a]}\nignore: true\n", "x.yaml:4: match requires nothing"},
		{"nothing to do", head, "neither emit nor ignore"},
		{"record", head + "emit:\n- record: pirate\n  fields: {a: b}\n", `x.yaml:6: there is no record "pirate"`},
		{"emit key", head + "emit:\n- record: persona\n  foreach: a\n  fields: {name: b}\n", `x.yaml:7: unknown key "foreach"`},
		{"field", fields("shoe_size: a"), `x.yaml:8: record persona has no field "shoe_size"`},
		{"ref", fields("ref: a"), `x.yaml:8: record persona has no field "ref"`},
		{"field key", fields("name: {path: a, doo: [lower]}"), `x.yaml:8: unknown key "doo"`},
		{"two forms", fields("name: {path: a, value: b}"), "beside"},
		{"no form", fields("name: {do: [lower]}"), "a field needs one of"},
		{"path", fields("name: a..b"), `x.yaml:8: path "a..b"`},
		{"transform", fields("name: {path: a, do: [lowercase]}"), `x.yaml:8: unknown transform "lowercase"`},
		{"transform type", fields("name: {path: a, do: [ip, lower]}"), "transform lower cannot take a address"},
		{"field type", fields("dob: {path: a, do: [ip]}"), "does not fit a field that takes a date"},
		{"place in text", fields("headline: {path: a, do: [geo_plain]}"), "a place does not fit a text field"},
		{"handle", fields("handle: a"), "it needs handle(namespace)"},
		{"list in one", fields("name: {path: 'a[]'}"), "list"},
		{"list form in one", fields("name: {list: [a, b]}"), "a list does not fit"},
		{"each without item", fields("emails: {each: 'a[]'}"), "each needs item"},
		{"object field", fields("emails: {each: 'a[]', item: {value: b, colour: c}}"), `email has no field "colour"`},
		{"too far out", fields("name: ^a"), "nothing lies further out"},
		{"where without each", fields("name: {path: a, where: {path: b, in: [c]}}"), "where belongs to each"},
		{"condition", head + "emit:\n- record: persona\n  when: {path: a}\n  fields: {name: b}\n", "x.yaml:7: a condition needs one of"},
		{"regular expression", head + "emit:\n- record: persona\n  when: {path: a, match: '('}\n  fields: {name: b}\n", "x.yaml:7"},
		{"alias", head + "emit: *none\n", "alias"},
		{"gender", fields("headline: gender"), `x.yaml:8: "gender" may not be read`},
		{"nested nationality", fields("headline: person.Nationality"), "may not be read"},
		{"camel case", fields("headline: person.placeOfBirth"), "may not be read"},
		{"snake case", fields("headline: marital_status"), "may not be read"},
		{"German", fields("headline: Staatsangehörigkeit"), "may not be read"},
		{"Polish", fields("headline: płeć"), "may not be read"},
		{"filter", fields("headline: 'fields[name=religion].value'"), "may not be read"},
		{"params", fields("headline: {path: a, do: [params(ethnicity)]}"), "may not be read"},
		{"in match", strings.Replace(head, "[id]", "[id, pronouns]", 1) + "ignore: true\n", "x.yaml:4: \"pronouns\" may not be read"},
		{"in key", head + "key: race\nignore: true\n", "x.yaml:5"},
		{"in a condition", head + "ignore: {path: citizenship, present: true}\n", "x.yaml:5"},
	} {
		m, err := Load("x.yaml", []byte(c.text))
		if err == nil {
			t.Errorf("%s was accepted: %+v", c.name, m)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nlacks %q", c.name, err, c.want)
		}
	}
}

func TestInnocentNamesMayBeRead(t *testing.T) {
	for _, name := range []string{"trace_id", "traceId", "sextant", "country", "dateOfBirth", "embrace", "location", "languages", "essex", "racetrack"} {
		if what := forbidden(name); what != "" {
			t.Errorf("%s is refused for %s", name, what)
		}
	}
}

func TestAllErrorsAtOnce(t *testing.T) {
	_, err := Load("x.yaml", []byte(fields("shoe_size: a\n    name: {path: b, do: [nope]}")))
	if err == nil || !strings.Contains(err.Error(), "shoe_size") || !strings.Contains(err.Error(), "nope") {
		t.Errorf("%v", err)
	}
}

func TestFormsThatLoad(t *testing.T) {
	for _, text := range []string{
		"name: {join: [a, b], sep: ' '}", "handle: {path: a, do: [handle(x:y)]}", "handle: {first: [{path: a, do: [handle(x)]}, {path: b, do: [email, handle(email)]}]}",
		"emails: {each: 'a[]', item: {value: {path: v, do: [email]}, kind: type}}", "emails: {list: [{object: {value: a, kind: {value: work}}}, b]}",
		"phones: {path: 'a[].b', do: [phone(country)]}", "phones: {each: 'a[]', item: {value: {path: v, do: [phone]}, type: t}}", "urls: {each: 'a[]', where: {path: q, match: x}, item: {path: b, do: [url]}}",
		"claimed_address.city: a", "custom.level: a", "dob: a", "claimed_address: a", "kind: {path: a, do: [bool], map: {\"true\": employee}, else: candidate}", "aliases: {list: [a, b]}", `name: '"a.b"'`,
	} {
		if _, err := Load("x.yaml", []byte(fields(text))); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTwoMappingsOfOneName(t *testing.T) {
	one := &fstest.MapFile{Data: []byte(head + "ignore: true\n")}
	_, err := LoadAll(fstest.MapFS{"a/mapping.yaml": one}, fstest.MapFS{"b.yaml": one})
	if err == nil || !strings.Contains(err.Error(), "b.yaml:1: the id t.x is taken by a/mapping.yaml") {
		t.Errorf("%v", err)
	}
	list, err := LoadAll(fstest.MapFS{"a/mapping.yaml": one, "a/doc.md": &fstest.MapFile{Data: []byte("how")}, "a/testdata/x.yaml": &fstest.MapFile{Data: []byte(":")}})
	if err != nil || len(list) != 1 || list[0].Doc != "how" {
		t.Errorf("%v %v", list, err)
	}
}

func TestBuiltinMappingsLoad(t *testing.T) {
	list, err := LoadAll(Builtin)
	if err != nil || len(list) == 0 {
		t.Errorf("%d mappings: %v", len(list), err)
	}
}

func TestCutTest(t *testing.T) {
	for in, want := range map[string][3]string{
		"a": {"a", "", ""}, "a=b|c": {"a", "=", "b|c"}, "a~b": {"a", "~", "b"}, "a[k=v].b": {"a[k=v].b", "", ""}, "a[k=v].b=c": {"a[k=v].b", "=", "c"}, `"a=b".c=d`: {`"a=b".c`, "=", "d"},
	} {
		p, op, w := cutTest(in)
		if p != want[0] || strings.Trim(string(op), "\x00") != want[1] || w != want[2] {
			t.Errorf("%s: %q %q %q", in, p, op, w)
		}
	}
}
