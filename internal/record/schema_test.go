package record

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

var schemaPath = filepath.Join("..", "..", "docs", "schema", "record.v1.json")

func TestSchemaUpToDate(t *testing.T) {
	if *update {
		if err := os.MkdirAll(filepath.Dir(schemaPath), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	checkGenerated(t, schemaPath, Schema())
}

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("urn:muster:record:v1", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:muster:record:v1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemaAcceptsRecords(t *testing.T) {
	s := compiledSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		line, err := Marshal(drawRecord(t))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
	})
}

func TestSchemaRefuses(t *testing.T) {
	s := compiledSchema(t)
	for _, line := range []string{
		`{"record":"suspect","ref":{"source":"s","file":"f"}}`,
		`{"record":"session","ref":{"source":"s","file":"f"},"nationality":"x"}`,
		`{"record":"session","ref":{"source":"s","file":"f"},"at":"01/02/2026"}`,
		`{"record":"session","ref":{"source":"s","file":"f"},"ip":"300.1.1.1"}`,
		`{"record":"session","ref":{"source":"s"}}`,
		`{"record":"persona","ref":{"source":"s","file":"f"}}`,
		`{"ref":{"source":"s","file":"f"}}`,
	} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(line)))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(doc) == nil {
			t.Errorf("accepted %s", line)
		}
	}
}

// TestSchemaHasNoForbiddenField enforces fairness rule HR-1.
func TestSchemaHasNoForbiddenField(t *testing.T) {
	forbidden := map[string]bool{}
	for _, name := range []string{
		"nationality", "citizenship", "ethnicity", "race", "religion", "birth_country", "birthplace", "native_language",
		"accent", "keyboard_layout", "ime", "gender", "age", "disability", "union",
	} {
		forbidden[name] = true
	}
	var doc any
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	seen := 0
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if props, ok := v["properties"].(map[string]any); ok {
				for name := range props {
					if seen++; forbidden[name] {
						t.Errorf("the schema has a field %s", name)
					}
				}
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(doc)
	if seen < 200 {
		t.Errorf("only %d fields were looked at", seen)
	}
}
