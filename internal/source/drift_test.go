package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/internal/source/mapping"

	"github.com/google/go-cmp/cmp"
)

// event is a sign-in; address is the key of its address.
func event(n int, address string) string {
	return fmt.Sprintf(`{"uuid":"u-%d","published":"2026-03-02T08:00:00Z","eventType":"user.session.start","actor":{"alternateId":"a%d@example.com"},"client":{%q:"192.0.2.%d","zone":"z"},"outcome":{"result":"SUCCESS"}}`+"\n", n, n%40, address, n%250)
}

func events(from, n int, address string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(event(from+i, address))
	}
	return b.String()
}

// told lists what a report says about drift, one line each.
func told(r *Report) []string {
	var out []string
	for _, d := range r.Drift {
		for _, n := range d.Never {
			out = append(out, fmt.Sprintf("%s %s never %s.%s %v of %d empty=%v usual=%v %s", d.Folder, d.Format, n.Kind, n.Field, n.Paths, n.Records, n.Empty, n.Usual, n.File))
		}
		for _, u := range d.Unread {
			out = append(out, fmt.Sprintf("%s %s unread %s like %s for %s", d.Folder, d.Format, u.Key, u.Path, u.Field))
		}
	}
	return out
}

func TestDrift(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"as it should be", map[string]string{"okta/a.ndjson": events(0, DriftRecords, "ipAddress")}, []string{
			"okta test.signin never session.geo [client.geographicalContext] of 1000 empty=false usual=false ",
		}},
		{"too few to say never, but the new name is there", map[string]string{"okta/a.ndjson": events(0, 30, "ipAddr")}, []string{
			"okta test.signin unread client.ipAddr like client.ipAddress for session.ip",
		}},
		{"a key was renamed", map[string]string{"okta/a.ndjson": events(0, 700, "ipAddr"), "okta/b.ndjson": events(700, 700, "ipAddr")}, []string{
			"okta test.signin never session.geo [client.geographicalContext] of 1400 empty=false usual=false ",
			"okta test.signin never session.ip [client.ipAddress] of 1400 empty=false usual=false ",
			"okta test.signin unread client.ipAddr like client.ipAddress for session.ip",
		}},
		{"from one month on", map[string]string{"okta/1.ndjson": events(0, DriftRecords, "ipAddress"), "okta/2.ndjson": events(2000, DriftRecords, "source")}, []string{
			"okta test.signin never session.geo [client.geographicalContext] of 2000 empty=false usual=false ",
			"okta test.signin never session.ip [client.ipAddress] of 1000 empty=false usual=false okta/2.ndjson",
		}},
		{"each folder for itself", map[string]string{"a/1.ndjson": events(0, 600, "ipAddress"), "b/2.ndjson": events(2000, 600, "ipAddress")}, nil},
		{"a value of null is empty, not renamed", map[string]string{"okta/a.ndjson": strings.ReplaceAll(events(0, DriftRecords, "ipAddress"), `"zone":"z"`, `"geographicalContext":null`)}, []string{
			"okta test.signin never session.geo [client.geographicalContext] of 1000 empty=true usual=false ",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, workers := range []int{1, 3} {
				got := told(read(t, Options{Workers: workers}, c.files, signins).report)
				if d := cmp.Diff(c.want, got); d != "" {
					t.Errorf("%d workers: %s", workers, d)
				}
			}
		})
	}
}

// TestDriftOfTables renames columns of a roster.
func TestDriftOfTables(t *testing.T) {
	const own = `
id: test.staff
system: people
shape: table
match: {all: [employee_no, work_email, hire_date]}
usual: ['"Cost Centre"']
emit:
- record: engagement
  fields:
    handle: {path: employee_no, do: [handle(employee)], required: true}
    work_email: {path: work_email, do: [email]}
    start: {path: hire_date, do: [date]}
    end: {path: '"Last Working Day"', do: [date]}
    team: '"Cost Centre"'
`
	header := "Employee ID,Work Email,Hire Date,Last Day Worked,Private Mobile\n"
	var b strings.Builder
	b.WriteString(header)
	for i := range DriftRecords {
		fmt.Fprintf(&b, "E%d,a%d@example.com,2026-01-02,2026-05-0%d,+49 171 39201%02d\n", i, i, 1+i%9, i%90)
	}
	want := []string{
		`. test.staff never engagement.end ["Last Working Day"] of 1000 empty=false usual=false `,
		`. test.staff never engagement.team ["Cost Centre"] of 1000 empty=false usual=true `,
		`. test.staff unread Last Day Worked like "Last Working Day" for engagement.end`,
	}
	if d := cmp.Diff(want, told(read(t, Options{}, map[string]string{"staff.csv": b.String()}, own).report)); d != "" {
		t.Error(d)
	}
}

// TestUnreadButKnown: a column that no path of the mapping reads, and that other
// mappings fill the empty field from.
func TestUnreadButKnown(t *testing.T) {
	const people = `
id: test.people
system: people
shape: table
match: {all: [employee_no, work_email, hire_date]}
emit:
- record: persona
  fields:
    handle: {path: employee_no, do: [handle(employee)], required: true}
    emails: {list: [{path: work_email, do: [email]}]}
`
	const other = `
id: test.callers
system: people
shape: table
match: {all: [employee_no, mobile_phone]}
rank: -9
emit:
- record: persona
  fields:
    handle: {path: employee_no, do: [handle(employee)], required: true}
    phones: {list: [{path: mobile_phone, do: [phone(DE)]}]}
`
	text := "Employee ID,Work Email,Hire Date,Handynummer\n" + strings.Repeat("E1,a@example.com,2026-01-02,0171 3920101\n", 5)
	want := []string{". test.people unread Handynummer like  for persona.phones"}
	if d := cmp.Diff(want, told(read(t, Options{}, map[string]string{"p.csv": text}, people, other).report)); d != "" {
		t.Error(d)
	}
}

// TestUsualMustBeRead: a path that fills nothing cannot be usual.
func TestUsualMustBeRead(t *testing.T) {
	_, err := mapping.Load("m.yaml", []byte(strings.Replace(signins, "key: uuid", "key: uuid\nusual: [client.ipAdress]", 1)))
	if err == nil || !strings.Contains(err.Error(), "client.ipAdress") {
		t.Errorf("a misspelt usual path was accepted: %v", err)
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string][]string{
		"clientIPAddress": {"address", "client", "ip"}, "src_ip": {"ip", "src"}, "E-Mail (privat)": {"e", "mail", "privat"}, "Last-Check in": {"check", "in", "last"},
	} {
		if got := words(name); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
