package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaFile = "../../docs/schema/scan.v1.json"

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("scan.v1.json", raw); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scan.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t *testing.T, d *Document) any {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, d); err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchema(t *testing.T) {
	schema := compileSchema(t)
	full := Build(fixture())
	full.Changes = Diff(Build(Input{AsOf: asOf}), full)
	docs := map[string]*Document{"full": full, "empty": Build(Input{AsOf: asOf}), "redacted": Redact(full)}
	for _, a := range Audiences() {
		docs[a] = ForAudience(full, a)
	}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		if err := schema.Validate(asJSON(t, docs[name])); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaRejects makes sure that the schema insists on what HR-5 asks for.
func TestSchemaRejects(t *testing.T) {
	schema := compileSchema(t)
	for name, spoil := range map[string]func(*Document){
		"no evidence":             func(d *Document) { d.Personas[0].Findings[0].Evidence = []Evidence{} },
		"no innocent explanation": func(d *Document) { d.Personas[0].Findings[0].Innocent = nil },
		"no way to clear it":      func(d *Document) { d.Personas[0].Findings[0].Clears = []string{} },
		"no next step":            func(d *Document) { d.Personas[0].Findings[0].Next = []string{} },
		"positive protection":     func(d *Document) { d.Personas[3].Protective = []Protective{{"x", 1, []Ref{}}} },
		"another version":         func(d *Document) { d.SchemaVersion = 2 },
		"no headline":             func(d *Document) { d.Headline = "" },
	} {
		d := Build(fixture())
		spoil(d)
		if schema.Validate(asJSON(t, d)) == nil {
			t.Errorf("%s: the schema accepts it", name)
		}
	}
}

// TestSchemaComplete holds that every field of the document is in the schema.
func TestSchemaComplete(t *testing.T) {
	b, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]any            `json:"properties"`
		Defs       map[string]map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	props := func(name string) map[string]any { return schema.Defs[name]["properties"].(map[string]any) }
	for _, test := range []struct {
		of   reflect.Type
		have map[string]any
	}{
		{reflect.TypeFor[Document](), schema.Properties},
		{reflect.TypeFor[Persona](), props("persona")},
		{reflect.TypeFor[Finding](), props("finding")},
		{reflect.TypeFor[Evidence](), props("evidence")},
		{reflect.TypeFor[Ref](), props("ref")},
		{reflect.TypeFor[Timeline](), props("timeline")},
		{reflect.TypeFor[Place](), props("place")},
		{reflect.TypeFor[Link](), props("link")},
		{reflect.TypeFor[Change](), props("change")},
	} {
		for _, f := range reflect.VisibleFields(test.of) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if _, ok := test.have[name]; name != "" && !ok {
				t.Errorf("%s.%s: the schema has no %q", test.of.Name(), f.Name, name)
			}
		}
	}
}
