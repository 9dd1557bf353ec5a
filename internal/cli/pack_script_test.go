package cli_test

import (
	"encoding/json"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// ageKey FILE VAR makes an identity of age and puts its recipient into a variable.
func ageKey(ts *testscript.TestScript, _ bool, args []string) {
	id, err := age.GenerateX25519Identity()
	ts.Check(err)
	write(ts, args[0], []byte(id.String()+"\n"))
	ts.Setenv(args[1], id.Recipient().String())
}

// personaOf FILE puts the id of the first persona of a report into PERSONA.
func personaOf(ts *testscript.TestScript, _ bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	var doc struct {
		Personas []struct {
			ID string `json:"id"`
		} `json:"personas"`
	}
	ts.Check(json.Unmarshal(b, &doc))
	if len(doc.Personas) == 0 {
		ts.Fatalf("%s: no personas", args[0])
	}
	ts.Setenv("PERSONA", doc.Personas[0].ID)
}
