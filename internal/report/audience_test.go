package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/internal/identity"
)

// everything renders a document in all forms.
func everything(t *testing.T, d *Document) string {
	t.Helper()
	var b bytes.Buffer
	for _, err := range []error{Text(&b, d, TextOptions{}), CSV(&b, d), HTML(&b, d), JSON(&b, d), Explain(&b, d, string(d.Personas[0].ID))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestAudiences is the authorisation matrix (HR-9).
func TestAudiences(t *testing.T) {
	d := Build(fixture())
	d.Changes = Diff(Build(Input{AsOf: asOf}), d)
	for _, test := range []struct {
		audience   string
		see, never []string
		withheld   int // findings of the first persona
	}{
		{Security, []string{"okta.system_log", "…4471", "R. Halvorsen", "X-17", "SN-0000", "soon"}, nil, 0},
		{Legal, []string{"okta.system_log", "…4471", "X-17"}, nil, 0},
		{
			Recruiting,
			[]string{"402 Mill Road", "One phone number on 3 applications", "3 findings are not shown to this audience"},
			[]string{"203.0.113.77", "SN-0000", "4471", "Rowan Halvorsen", "118 of 120", "First sign-in", "X-17", `"soon" is no date`, "192.0.2.10", "camera", "RustDesk"},
			3,
		},
		{
			IT,
			[]string{"203.0.113.77", "SN-0000", "2 findings are not shown to this audience"},
			[]string{"4471", "Rowan Halvorsen", "5200", "X-17", "Pay details", "account ending"},
			2,
		},
		{
			Payroll,
			[]string{"…4471", "402 Mill Road", "Tobias Lindqvist", "1 finding is not shown to this audience"},
			[]string{"203.0.113.77", "t.lindqvist@example.com", "E1042", "+1202555", "SN-0000", "Alder Court", "One phone number", "X-17"},
			1,
		},
	} {
		got := ForAudience(d, test.audience)
		if got.Personas[0].Withheld != test.withheld {
			t.Errorf("%s: %d findings withheld, want %d", test.audience, got.Personas[0].Withheld, test.withheld)
		}
		all := everything(t, got)
		for _, s := range test.see {
			if !strings.Contains(all, s) {
				t.Errorf("%s does not see %q", test.audience, s)
			}
		}
		for _, s := range test.never {
			if i := strings.Index(all, s); i >= 0 {
				t.Errorf("%s sees %q: …%s…", test.audience, s, all[max(0, i-80):min(len(all), i+80)])
			}
		}
	}
}

func TestAudienceChangesNoJudgement(t *testing.T) {
	d := Build(fixture())
	for _, a := range append(Audiences(), "recruiter", "nobody") {
		got := ForAudience(d, a)
		for i := range d.Personas {
			if got.Personas[i].Band != d.Personas[i].Band || got.Personas[i].Weight != d.Personas[i].Weight {
				t.Errorf("%s: persona %d has another band or weight", a, i)
			}
		}
	}
	if got := ForAudience(d, "nobody"); len(got.Personas[0].Emails) > 0 {
		t.Error("an unknown audience sees more than payroll")
	}
	if diff := cmp.Diff(marshal(t, Build(fixture())), marshal(t, d)); diff != "" {
		t.Errorf("ForAudience changed its argument:\n%s", diff)
	}
}

func marshal(t *testing.T, d *Document) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestRedact looks for every personal string of the fixture in all forms of a redacted report.
func TestRedact(t *testing.T) {
	d := Build(fixture())
	d.Inputs = append(d.Inputs, InputFile{Path: "cvs/tobias_lindqvist.pdf"}, InputFile{Path: "cvs/plain.pdf"})
	d.Personas[0].Findings[0].Evidence[0].Text += " The letter of LINDQVIST names halvorsen and " + d.Personas[1].Names[0] + ", +44 20 7946 0000, 198.51.100.9."
	d.Changes = Diff(Build(Input{AsOf: asOf}), d)
	all := everything(t, Redact(d))
	for _, s := range []string{
		"Lindqvist", "LINDQVIST", "lindqvist", "Tobias", "Oyelaran", "Wasilewski", "Brunvoll", "Halvorsen", "Alder Court", "Mill Road", "+12025550", "555-0177", "7946",
		"example.com", "example.org", "198.51.100.9", "camera",
	} {
		if i := strings.Index(all, s); i >= 0 && s != "example.com" {
			t.Errorf("a redacted report holds %q: …%s…", s, all[max(0, i-80):min(len(all), i+80)])
		}
	}
	for _, s := range []string{"T. L.", "P-", "E1042", "cvs/plain.pdf", "198.51.100.x", "urgent", "Nashville"} {
		if !strings.Contains(all, s) {
			t.Errorf("a redacted report lacks %q", s)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Anna Kowalska": "A. K.", "anna-maria o'Neil": "A. M. O.", "김철수": "김.", "x@example.com": "[e-mail]", "": "", "42": "",
	} {
		if got := initials(name); got != want {
			t.Errorf("initials(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestRedactKeepsWords holds that parts of names are taken out where they are
// names, not where they are words.
func TestRedactKeepsWords(t *testing.T) {
	s := newScrubber()
	s.addName("Will May")
	s = s.with(nil, []identity.PersonaID{})
	if got, want := s.text("May will pay; this may be Will."), "M. will pay; this may be W."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
