package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/assess"
	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

func TestDeterministic(t *testing.T) {
	first := everything(t, Build(fixture()))
	for range 5 {
		if diff := cmp.Diff(first, everything(t, Build(fixture()))); diff != "" {
			t.Fatalf("the same input gives another report:\n%s", diff)
		}
	}
}

func TestLoadRoundTrip(t *testing.T) {
	d := Build(fixture())
	var b bytes.Buffer
	if err := JSON(&b, d); err != nil {
		t.Fatal(err)
	}
	got, err := Load(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(everything(t, d), everything(t, got)); diff != "" {
		t.Errorf("a loaded report renders differently:\n%s", diff)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, bad := range []string{"", "[]", `{"schema_version": 9}`, `{}`, `{"schema_version":1,"personas":[{"band":"guilty"}]}`} {
		if _, err := Load(strings.NewReader(bad)); err == nil {
			t.Errorf("Load(%q) accepts it", bad)
		}
	}
}

func TestHeadline(t *testing.T) {
	wait := func(reason string, missing ...record.Kind) detect.Coverage {
		return detect.Coverage{Status: detect.NotAssessed, Reason: reason, Missing: missing}
	}
	for _, test := range []struct {
		coverage []detect.Coverage
		want     string
	}{
		{nil, "No check ran."},
		{[]detect.Coverage{{Status: detect.Ran}, {Status: detect.Ran}}, "All 2 checks could look."},
		{slices.Repeat([]detect.Coverage{wait("notice")}, 11), "11 checks wait for one fact: the date staff were told of monitoring."},
		{[]detect.Coverage{wait("records", record.Shipments), wait("notice"), wait("records", record.Shipments)}, "2 checks wait for one fact: shipments; 1 more for others."},
		{[]detect.Coverage{{Status: detect.Failed, Reason: "x"}, wait("never computed")}, "1 check failed."},
	} {
		if got := Build(Input{AsOf: asOf, Coverage: test.coverage}).Headline; got != test.want {
			t.Errorf("headline %q, want %q", got, test.want)
		}
	}
}

// TestTelemetryNeedsNotice holds that without a notice no sign-in and no device
// is on a timeline or among the places.
func TestTelemetryNeedsNotice(t *testing.T) {
	in := fixture()
	st := *in.Settings
	st.Notices = settings.Notices{}
	in.Settings = &st
	p := &Build(in).Personas[0]
	if p.Timeline.SignIns != nil || slices.ContainsFunc(p.Timeline.Events, func(e Event) bool { return e.Kind == "first_boot" || e.Kind == "first_sign_in" }) {
		t.Error("the timeline shows telemetry without a notice")
	}
	if slices.ContainsFunc(p.Places, func(x Place) bool { return x.Kind == "sign_in" || x.Kind == "device" }) {
		t.Error("the places show telemetry without a notice")
	}
	if !strings.Contains(p.Timeline.Note, "no monitoring notice is recorded") {
		t.Errorf("the timeline does not say why: %q", p.Timeline.Note)
	}
	late := *in.Settings
	late.Notices.Monitoring = []settings.Notice{{Country: "US", Date: date("2026-06-01")}}
	in.Settings = &late
	p = &Build(in).Personas[0]
	if p.Timeline.SignIns == nil || p.Timeline.SignIns.First != "2026-06-01" {
		t.Errorf("sign-ins begin on %+v, want the day of the notice", p.Timeline.SignIns)
	}
}

func TestMasking(t *testing.T) {
	all := everything(t, Build(fixture()))
	for _, s := range []string{"1980-04", "\"h0\"", "account_hash", "goroutine", "/somewhere"} {
		if strings.Contains(all, s) {
			t.Errorf("a report holds %q", s)
		}
	}
	for _, s := range []string{"1980", "…4471", "payroll/bank.csv:60"} {
		if !strings.Contains(all, s) {
			t.Errorf("a report lacks %q", s)
		}
	}
}

func TestFieldsOf(t *testing.T) {
	long := strings.Repeat("é", 200)
	lat, lon := 1.5, 2.5
	got := fieldsOf(&record.Persona{
		Common: common("x", "y", 1, "2026-01-01"), FullName: long, BirthDate: date("1980-04-01"), NationalIDHash: "abc", PhotoHash: "p",
		Emails: []record.Email{{Value: "a@example.org"}, {Value: "b@example.org"}},
	})
	want := []Field{{"observed_at", "2026-01-01"}, {"full_name", strings.Repeat("é", 80) + "…"}, {"emails.value", "a@example.org"}, {"emails[2].value", "b@example.org"}, {"dob", "1980 (year only)"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("persona:\n%s", diff)
	}
	got = fieldsOf(&record.Session{Geo: record.Place{Lat: &lat, Lon: &lon}})
	if diff := cmp.Diff([]Field{{"geo.lat", "1.5"}, {"geo.lon", "2.5"}}, got); diff != "" {
		t.Errorf("session:\n%s", diff)
	}
}

func TestRegisterGapsFirst(t *testing.T) {
	d := Build(fixture())
	var verified []bool
	for _, r := range d.Register {
		verified = append(verified, len(r.Verified) > 0)
	}
	if diff := cmp.Diff([]bool{false, false, false, true, true}, verified); diff != "" {
		t.Errorf("gaps do not come first:\n%s", diff)
	}
}

// TestNamesDoNotOrder swaps all names and expects the same order of ids (HR-2).
func TestNamesDoNotOrder(t *testing.T) {
	order := func(in Input) (ids []identity.PersonaID) {
		d := Build(in)
		for i := range d.Personas {
			ids = append(ids, d.Personas[i].ID)
		}
		for _, r := range d.Register {
			ids = append(ids, r.Persona)
		}
		return ids
	}
	renamed := fixture()
	for i, p := range renamed.Graph.Personas {
		p.Names = []string{string(rune('Z'-i)) + " Other"}
	}
	if diff := cmp.Diff(order(fixture()), order(renamed)); diff != "" {
		t.Errorf("names change the order:\n%s", diff)
	}
}

func TestCSVNeutral(t *testing.T) {
	var b bytes.Buffer
	if err := CSV(&b, Build(fixture())); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 9 {
		t.Errorf("%d rows, want a head and 8 personas", len(rows))
	}
	for _, row := range rows {
		for i, cell := range row {
			if columns[i] != "protective_nats" && strings.IndexAny(cell, "=+-@") == 0 {
				t.Errorf("cell %q of %s is a formula", cell, columns[i])
			}
			if strings.ContainsAny(cell, "\x1b\r\n") {
				t.Errorf("cell %q of %s has control characters", cell, columns[i])
			}
		}
	}
	for in, want := range map[string]string{"=1": "'=1", " =1": "' =1", "+1": "'+1", "-x": "'-x", "@x": "'@x", "\t=1": "' =1", "a=b": "a=b", "": "", "＝1": "'＝1"} {
		if got := neutral(in); got != want {
			t.Errorf("neutral(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTextSafe(t *testing.T) {
	var b bytes.Buffer
	if err := Text(&b, Build(fixture()), TextOptions{Width: 60}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Error("text without colours has escape sequences")
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if columnsOf(line) > 60 {
			t.Errorf("line of %d columns: %q", columnsOf(line), line)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		in   string
		n    int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"x abcdefghij", 4, []string{"x", "abcd", "efgh", "ij"}},
		{"金金金 金", 4, []string{"金金", "金 金"}},
	} {
		got := wrap(test.in, test.n)
		for _, l := range got {
			if columnsOf(l) > test.n {
				t.Errorf("wrap(%q, %d): line %q is too long", test.in, test.n, l)
			}
		}
		if strings.Join(strings.Fields(strings.Join(got, "")), "") != strings.Join(strings.Fields(test.in), "") {
			t.Errorf("wrap(%q, %d) = %q loses text", test.in, test.n, got)
		}
	}
}

func TestFind(t *testing.T) {
	d := Build(fixture())
	want := d.Personas[0].ID
	for _, key := range []string{string(want), "employee:E1042", "e1042", "T.Lindqvist@example.com", "tobias lindqvist", "Lindqvist", " lindq "} {
		p, err := Find(d, key)
		if err != nil || p.ID != want {
			t.Errorf("Find(%q) = %v, %v", key, p, err)
		}
	}
	if _, err := Find(d, "nobody here"); !errors.Is(err, ErrNoPersona) {
		t.Errorf("unknown key: %v", err)
	}
	var many *AmbiguousError
	if _, err := Find(d, "example.com"); !errors.Is(err, ErrNoPersona) {
		t.Errorf("a part of an e-mail finds somebody: %v", err)
	}
	d.Personas[1].Names = []string{"Tobias Lindqvist"}
	if _, err := Find(d, "Tobias Lindqvist"); !errors.As(err, &many) || len(many.Fits) != 2 {
		t.Errorf("two of one name: %v", err)
	}
}

func TestDiff(t *testing.T) {
	old, now := Build(fixture()), Build(fixture())
	now.AsOf = now.AsOf.Add(24 * time.Hour)
	old.Personas[0].Band = assess.Watch                        // raised
	old.Personas[1].Band = assess.Urgent                       // lowered
	old.Personas[2].Findings = old.Personas[2].Findings[1:]    // altered
	old.Personas[3].Band = assess.Review                       // cleared
	old.Personas[5].ID, old.Personas[6].ID = "P-00", "P-01"    // 5: same handle, another id
	old.Personas[6].Handles = []record.Handle{"employee:gone"} // 6: gone; and now new
	c := Diff(old, now)
	got := map[string][]identity.PersonaID{}
	for _, s := range c.sections() {
		for _, x := range s.list {
			got[s.title] = append(got[s.title], x.Persona)
		}
	}
	want := map[string][]identity.PersonaID{
		"New": {now.Personas[6].ID}, "Raised": {now.Personas[0].ID}, "Lowered": {now.Personas[1].ID}, "Cleared": {now.Personas[3].ID, "P-01"},
		"Same band, other findings": {now.Personas[2].ID},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes differ:\n%s", diff)
	}
	var b bytes.Buffer
	if err := ChangesText(&b, c, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"SINCE 2026-11-20", "watch → urgent", "review → none", "was watch; not in this input", "+ O03"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("the text of the changes lacks %q:\n%s", s, b.String())
		}
	}
	if n := Diff(now, now).Len(); n != 0 {
		t.Errorf("a report differs from itself in %d ways", n)
	}
}

// TestRowsPreferTheFamily holds that of the records of one row the one that a
// finding is about is shown, so that an audience's view can go by it.
func TestRowsPreferTheFamily(t *testing.T) {
	in := fixture()
	d := Build(in)
	for i := range d.Personas {
		for _, f := range d.Personas[i].Findings {
			for _, e := range f.Evidence {
				for _, r := range e.Refs {
					if r.Record == "" || len(r.Fields) == 0 {
						t.Errorf("%s: row %s:%d is not shown", f.Signal, r.File, r.Line)
					}
					if f.Family == "payment" && r.Record != record.PaymentAccounts {
						t.Errorf("%s: row %s:%d is shown as %s", f.Signal, r.File, r.Line, r.Record)
					}
				}
			}
		}
	}
}

func TestSoonest(t *testing.T) {
	step := func(b assess.Band, at ...string) Persona {
		p := Persona{Band: b}
		for _, x := range at {
			p.NextIrreversible = append(p.NextIrreversible, Step{What: "first_pay", At: x})
		}
		return p
	}
	for _, test := range []struct {
		list []Persona
		want string
	}{
		{nil, ""},
		{[]Persona{step(assess.Watch, "2026-12-01"), step(assess.Urgent, "")}, ""},
		{
			[]Persona{step(assess.Review, "2026-12-24"), step(assess.Urgent, "2026-12-01"), step(assess.Review, "", "2026-12-01")},
			"Soonest step that cannot be taken back for people in review or urgent: first pay on 2026-12-01, 2 people.",
		},
	} {
		if got := soonest(test.list); got != test.want {
			t.Errorf("soonest = %q, want %q", got, test.want)
		}
	}
}
