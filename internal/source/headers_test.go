package source

import (
	"slices"
	"testing"
)

func TestHeadersParse(t *testing.T) {
	table, err := parseHeaders(headersYAML)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range table.names {
		for _, s := range table.synonyms[name] {
			if s == "" {
				t.Errorf("%s has a synonym without letters or digits", name)
			}
		}
	}
}

func TestHeadersRefuseUnknownLanguage(t *testing.T) {
	if _, err := parseHeaders([]byte("email:\n  xx: [a]\n")); err == nil {
		t.Error("language xx was accepted")
	}
}

func TestCanonicalColumns(t *testing.T) {
	for column, want := range map[string]string{
		"E-Mail (dienstlich)": "work_email", "Courriel": "email", "Straße": "address_line1", "Nr pracownika": "employee_no",
		"Data di assunzione": "hire_date", "N.º de empleado": "employee_no", "Morada": "address", "Kontoinhaber": "account_holder",
	} {
		if got := CanonicalColumns(column); !slices.Contains(got, want) {
			t.Errorf("%q stands for %v, not for %s", column, got, want)
		}
	}
	if got := CanonicalColumns("quux"); got != nil {
		t.Errorf("quux stands for %v", got)
	}
}
