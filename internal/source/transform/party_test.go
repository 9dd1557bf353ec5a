package transform

import "testing"

// TestParty tells people from companies in lists of suppliers, and keeps people
// where nothing says otherwise.
func TestParty(t *testing.T) {
	for in, want := range map[string]string{
		"Robin Sample":                                  partyPerson,
		"Robin Sample\nrobin@example.org":               partyPerson,
		"Robin Sample Design\nhello@sample.example.org": partyPerson,
		"Indra":                                        partyPerson,
		"Sample Office Supplies GmbH":                  partyCompany,
		"Sample Sp. z o.o.":                            partyCompany,
		"Muster & Söhne OHG":                           partyCompany,
		"Sample Solutions\nrechnung@example.net":       partyCompany,
		"Sample Solutions\nrobin.sample@gmail.com":     partyPerson,
		"Sample\nbilling@example.net":                  partyCompany,
		"Stadtwerke Beispielstadt":                     partyCompany,
		"Studio 54":                                    partyCompany,
		"Agencia Ejemplo\nES12345678Z":                 partyPerson,
		"Ejemplo Ejemplar\nESB12345678":                partyCompany,
		"Exempel Exempelsson\nSE 850101-1234 01":       partyPerson,
		"Exempel\nSE556000123401":                      partyCompany,
		"Příklad\nCZ12345678":                          partyCompany,
		"Příklad Software\nCZ8501011234":               partyPerson,
		"Robin Sample\nDE123456789":                    partyPerson,
		"Sample Insurance\nDE123456789":                partyCompany,
		"DE000000012\nRobin Sample\nrobin@example.org": partyPerson,
		"": partyPerson,
	} {
		if got := partyOf(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
