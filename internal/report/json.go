package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes the document in its published form (docs/schema/scan.v1.json).
func JSON(w io.Writer, d *Document) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(d)
}

// Load reads a document that JSON wrote. It refuses other schema versions.
func Load(r io.Reader) (*Document, error) {
	d := &Document{}
	if err := json.NewDecoder(r).Decode(d); err != nil {
		return nil, fmt.Errorf("not a report of muster scan --format json: %w", err)
	}
	if d.SchemaVersion != SchemaVersion {
		return nil, fmt.Errorf("report has schema version %d; this version of muster reads %d", d.SchemaVersion, SchemaVersion)
	}
	return d, nil
}
