package cli_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"muster/internal/cli"
)

// TestScanSchema validates a real scan's JSON, and converted records, against the
// published schemas.
func TestScanSchema(t *testing.T) {
	var scan, lines, trouble bytes.Buffer
	if code := cli.Main([]string{"scan", "../../testdata/corpus/startup", "--format=json", "--as-of=2026-11-20"}, &scan, &trouble); code != 0 {
		t.Fatalf("scan: exit code %d: %s", code, &trouble)
	}
	if code := cli.Main([]string{"convert", "../../testdata/corpus/startup"}, &lines, &trouble); code != 0 {
		t.Fatalf("convert: exit code %d: %s", code, &trouble)
	}
	validate(t, "../../docs/schema/scan.v1.json", scan.String())
	n := 0
	for line := range strings.Lines(lines.String()) {
		validate(t, "../../docs/schema/record.v1.json", line)
		n++
	}
	if n < 24 {
		t.Errorf("%d records converted, want at least one for each of 24 rows", n)
	}
}

func validate(t *testing.T, schema, doc string) {
	t.Helper()
	b, err := os.ReadFile(schema)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Fatalf("%s: %v\n%.300s", schema, err, doc)
	}
}
