package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"

	"github.com/google/go-cmp/cmp"
)

const signins = `
id: test.signin
system: identity
shape: [json, table]
match: {all: [uuid, published, eventType, actor.alternateId]}
key: uuid
time: {path: published, do: [time]}
emit:
- record: session
  when: {path: eventType, in: [user.session.start]}
  fields:
    account: {path: actor.alternateId, do: [email_or_login], required: true}
    at: {path: published, do: [time]}
    outcome: {path: outcome.result, map: {SUCCESS: success, FAILURE: failure}, else: unknown}
    ip: {path: client.ipAddress, do: [ip]}
    geo: {path: client.geographicalContext, do: [geo_okta]}
    user_agent: client.userAgent.rawUserAgent
    source_kind: {value: idp}
ignore: {path: eventType, prefix: [system.]}
`

const roster = `
id: test.roster
system: people
shape: table
match: {all: [employee_no, work_email, hire_date]}
key: employee_no
snapshot: true
emit:
- record: engagement
  fields:
    handle: {path: employee_no, do: [handle(employee)], required: true}
    handles: {list: [{path: work_email, do: [email, handle(email)]}]}
    name: {first: [full_name, {join: [first_name, last_name]}]}
    employee_no: employee_no
    work_email: {path: work_email, do: [email]}
    start: {path: hire_date, do: [date]}
    home_address.city: city
    home_address.cc: {path: country, do: [country]}
- record: payment_account
  when: {path: account_number, present: true}
  fields:
    handle: {path: employee_no, do: [handle(employee)], required: true}
    account_hash: {path: account_number, do: [account]}
    account_last4: {path: account_number, do: [last4]}
`

type run struct {
	lines  []string
	report *Report
}

// read reads files (name → content) with mappings given as text.
func read(t testing.TB, opt Options, files map[string]string, mappings ...string) run {
	t.Helper()
	for i, text := range mappings {
		m, err := mapping.Load(fmt.Sprintf("m%d.yaml", i), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		opt.Mappings = append(opt.Mappings, m)
	}
	dir := t.TempDir()
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if opt.Key == nil {
		opt.Key = []byte("test key")
	}
	var out run
	var err error
	out.report, err = Read(t.Context(), []string{dir}, opt, func(r record.Record) error {
		b, err := record.Marshal(r)
		out.lines = append(out.lines, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func signin(i int, kind, ip string) string {
	return fmt.Sprintf(`{"uuid":"u%05d","published":"2026-03-02T08:00:00.123Z","eventType":%q,"actor":{"alternateId":"Ana%d@Example.com"},"outcome":{"result":"SUCCESS"},"client":{"ipAddress":%q,"userAgent":{"rawUserAgent":"agent"},"geographicalContext":{"city":"Gotham","state":null,"country":"Germany","geolocation":{"lat":50.1,"lon":8.6}}}}`, i, kind, i, ip)
}

func TestJSONToRecords(t *testing.T) {
	got := read(t, Options{}, map[string]string{"logs/a.json": strings.Join([]string{
		signin(1, "user.session.start", "[2001:db8::1]:443"),
		signin(2, "system.api.token", "192.0.2.1"),
		signin(3, "user.lifecycle.create", "192.0.2.1"),
		signin(4, "user.session.start", "not an address"),
	}, "\n")}, signins)
	want := []string{`{"record":"session","ref":{"source":"test.signin","file":"logs/a.json","line":1,"key":"u00001"},"observed_at":"2026-03-02T08:00:00.123Z","account":"ana1@example.com","at":"2026-03-02T08:00:00.123Z","source_kind":"idp","outcome":"success","ip":"2001:db8::1","geo":{"cc":"DE","city":"Gotham","lat":50.1,"lon":8.6,"src":"vendor"},"user_agent":"agent"}`}
	if d := cmp.Diff(want, got.lines); d != "" {
		t.Error(d)
	}
	f := got.report.Files[0]
	if len(f.Formats) != 1 {
		t.Fatalf("%+v", f)
	}
	x := f.Formats[0]
	if x.Records != 4 || x.Mapped != 1 || x.Ignored != 1 || x.Unmapped != 1 || x.Quarantined != 1 || x.UnmappedKinds["user.lifecycle.create"] != 1 || x.Reasons["bad_ip"] != 1 {
		t.Errorf("%+v", x)
	}
	if x.Filled["session.ip"] != 1 || x.Emitted[record.Sessions] != 1 || f.SHA256 == "" || !f.Incomplete {
		t.Errorf("%+v %+v", f, x)
	}
	q := got.report.Quarantine
	if len(q) != 1 || q[0].Line != 4 || q[0].Field != "ip" || q[0].Excerpt != "xxx xx xxxxxxx" || q[0].Mapping != "test.signin" {
		t.Errorf("%+v", q)
	}
}

func TestFlattenedTableAndObjects(t *testing.T) {
	csv := "UUID,PUBLISHED,EVENTTYPE,ACTOR_ALTERNATEID,OUTCOME_RESULT,CLIENT_IPADDRESS\n" +
		"u1,2026-03-02T08:00:00Z,user.session.start,ana@example.com,SUCCESS,192.0.2.9\n"
	flat := `{"UUID":"u1","PUBLISHED":"2026-03-02T08:00:00Z","EVENTTYPE":"user.session.start","ACTOR_ALTERNATEID":"ana@example.com","OUTCOME_RESULT":"SUCCESS","CLIENT_IPADDRESS":"192.0.2.9"}` + "\n"
	got := read(t, Options{}, map[string]string{"a.csv": csv, "b.json": flat + flat}, signins)
	if len(got.lines) != 3 {
		t.Fatalf("%d records, want 3: %+v", len(got.lines), got.report)
	}
	for _, l := range got.lines {
		if !strings.Contains(l, `"account":"ana@example.com","at":"2026-03-02T08:00:00Z","source_kind":"idp","outcome":"success","ip":"192.0.2.9"`) {
			t.Error(l)
		}
	}
}

func TestRosterBySynonyms(t *testing.T) {
	files := map[string]string{
		"de.csv": "Personalnummer;Nachname;Vorname;E-Mail (dienstlich);E-Mail privat;Eintrittsdatum;Ort;Land;Kontonummer\n" +
			"E1;Muster;Ana;ana@example.com;ana@example.org;31.01.2024;Köln;Deutschland;12 34-56 78\n",
		"en.csv": "Employee ID,Name,Email,Start Date,City,Country\nE2,Ben Sample,ben@example.com,1/31/2024,Springfield,USA\n",
	}
	got := read(t, Options{}, files, roster)
	if len(got.lines) != 3 {
		t.Fatalf("%d records: %+v", len(got.lines), got.report)
	}
	for i, want := range []string{
		`"handle":"employee:E1","handles":["email:ana@example.com"],"name":"Ana Muster","start":"2024-01-31","employee_no":"E1","work_email":"ana@example.com","work_location":`,
		`"account_last4":"5678"`,
		`"name":"Ben Sample","start":"2024-01-31","employee_no":"E2","work_email":"ben@example.com"`,
	} {
		want = strings.TrimSuffix(want, `,"work_location":`)
		if !strings.Contains(got.lines[i], want) {
			t.Errorf("record %d: %s\nlacks %s", i, got.lines[i], want)
		}
	}
	if all := strings.Join(got.lines, ""); strings.Contains(all, "12345678") || !strings.Contains(all, `"account_hash":"h:`) {
		t.Error("the account number is not hashed")
	}
	if !strings.Contains(got.lines[0], `"home_address":{"city":"Köln","cc":"DE"}`) {
		t.Error(got.lines[0])
	}
}

func TestGeneralWordsDoNotExclude(t *testing.T) {
	strict := strings.Replace(roster, "hire_date]}", "hire_date], absent: [pay_date]}", 1)
	for header, want := range map[string]int{"Employee ID,Email,Hire Date,Date\n": 1, "Employee ID,Email,Hire Date,Payment Date\n": 0} {
		got := read(t, Options{}, map[string]string{"r.csv": header + "E1,a@example.com,2024-01-01,2024-02-02\n"}, strict)
		if len(got.lines) != want {
			t.Errorf("%q: %d records, want %d", header, len(got.lines), want)
		}
	}
}

func TestDateOrderIsDecidedOverTheColumn(t *testing.T) {
	head := "Employee ID,Name,Email,Hire Date\n"
	row := func(i int, date string) string { return fmt.Sprintf("E%d,N %d,n%d@example.com,%s\n", i, i, i, date) }
	starts := func(r run) (out []string) {
		for _, l := range r.lines {
			_, rest, _ := strings.Cut(l, `"start":"`)
			d, _, _ := strings.Cut(rest, `"`)
			out = append(out, d)
		}
		return out
	}
	for _, c := range []struct {
		name  string
		dates []string
		order string
		want  []string
		bad   int
	}{
		{"american", []string{"1/2/2023", "3/31/2023"}, "", []string{"2023-01-02", "2023-03-31"}, 0},
		{"european", []string{"1/2/2023", "31/3/2023"}, "", []string{"2023-02-01", "2023-03-31"}, 0},
		{"undecided", []string{"1/2/2023", "3/4/2023"}, "", nil, 2},
		{"both", []string{"1/2/2023", "31/3/2023", "3/31/2023"}, "", []string{"2023-03-31", "2023-03-31"}, 1},
		{"set", []string{"1/2/2023", "3/4/2023"}, "dmy", []string{"2023-02-01", "2023-04-03"}, 0},
	} {
		var text strings.Builder
		text.WriteString(head)
		for i, d := range c.dates {
			text.WriteString(row(i, d))
		}
		opt := Options{}
		if c.order != "" {
			opt.Files = map[string]settings.File{"*.csv": {DateOrder: c.order}}
		}
		got := read(t, opt, map[string]string{"r.csv": text.String()}, roster)
		if d := cmp.Diff(c.want, starts(got)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		if n := got.report.Files[0].QuarantinedRows; n != c.bad {
			t.Errorf("%s: %d rows quarantined, want %d", c.name, n, c.bad)
		}
	}
}

func TestSameDateOrderInFlatObjects(t *testing.T) {
	got := read(t, Options{}, map[string]string{"r.json": `[{"employee_no":"E1","work_email":"a@example.com","hire_date":"1/2/2023"},{"employee_no":"E2","work_email":"b@example.com","hire_date":"31/3/2023"}]`}, roster)
	if len(got.lines) != 2 || !strings.Contains(got.lines[0], `"start":"2023-02-01"`) {
		t.Errorf("%v %+v", got.lines, got.report)
	}
}

const weak = `
id: test.weak
system: identity
shape: json
match: {all: [uuid, published]}
emit: [{record: session, fields: {account: uuid}}]
`

func TestMostSpecificWinsAndTiesAreQuarantined(t *testing.T) {
	files := map[string]string{"a.json": signin(1, "user.session.start", "192.0.2.1")}
	got := read(t, Options{}, files, weak, signins)
	if len(got.report.Files[0].Formats) != 1 || got.report.Files[0].Formats[0].Format != "test.signin" {
		t.Errorf("%+v", got.report.Files[0])
	}
	twin := strings.Replace(weak, "test.weak", "test.twin", 1)
	only := map[string]string{"a.json": `{"uuid":"1","published":"x"}`}
	got = read(t, Options{}, only, weak, twin)
	q := got.report.Quarantine
	if len(got.lines) != 0 || len(q) != 1 || q[0].Reason != "tie" || q[0].Mapping != "test.twin|test.weak" {
		t.Errorf("%v %+v", got.lines, q)
	}
	behind := strings.Replace(twin, "shape: json", "shape: json\nrank: -5", 1)
	got = read(t, Options{}, only, weak, behind)
	if len(got.lines) != 1 || !strings.Contains(got.lines[0], `"source":"test.weak"`) {
		t.Errorf("%v", got.lines)
	}
	got = read(t, Options{Files: map[string]settings.File{"a.json": {Format: "test.twin"}}}, only, weak, twin)
	if len(got.lines) != 1 || !strings.Contains(got.lines[0], `"source":"test.twin"`) {
		t.Errorf("a named format does not settle a tie: %v", got.lines)
	}
}

func TestTableTie(t *testing.T) {
	a := "id: t.a\nsystem: pay\nshape: table\nmatch: {all: [x, y]}\nemit: [{record: payment, fields: {reference: x}}]\n"
	got := read(t, Options{}, map[string]string{"a.csv": "x,y\n1,2\n3,4\n"}, a, strings.Replace(a, "t.a", "t.b", 1))
	if len(got.lines) != 0 || len(got.report.Quarantine) != 2 || got.report.Quarantine[0].Mapping != "t.a|t.b" {
		t.Errorf("%+v", got.report)
	}
}

func TestUnidentified(t *testing.T) {
	got := read(t, Options{}, map[string]string{
		"a.json": `{"foo":1}`,
		"b.csv":  "employee_no,work_email,foo\n1,2,3\n",
		"c.json": signin(1, "user.session.start", "192.0.2.1") + "\n" + `{"foo":2}` + "\n" + signin(2, "user.session.start", "192.0.2.1"),
		"d.bin":  "\x00\x01\x02\x03",
	}, signins, roster)
	f := got.report.Files
	if !f[0].Unidentified || !strings.Contains(f[0].Why, "docs/mappings.md") {
		t.Errorf("%+v", f[0])
	}
	if !f[1].Unidentified || !strings.Contains(f[1].Why, "test.roster") || !strings.Contains(f[1].Why, "hire_date") {
		t.Errorf("%+v", f[1])
	}
	if f[2].Unidentified || f[2].QuarantinedRows != 1 || !f[2].Incomplete || len(got.lines) != 2 {
		t.Errorf("%+v", f[2])
	}
	if !f[3].Unidentified || f[3].Why == "" {
		t.Errorf("%+v", f[3])
	}
	if len(got.report.Quarantine) != 1 || got.report.Quarantine[0].Reason != "unidentified" || got.report.Quarantine[0].Line != 2 {
		t.Errorf("%+v", got.report.Quarantine)
	}
	if d := cmp.Diff([]string{"a.json", "b.csv", "d.bin"}, got.report.Unidentified()); d != "" {
		t.Error(d)
	}
}

func TestConflictsAndFuture(t *testing.T) {
	row := "E1,N,n@example.com,2024-01-01\n"
	got := read(t, Options{}, map[string]string{"r.csv": "Employee ID,Name,Email,Hire Date\n" + row + row + strings.Replace(row, "n@", "m@", 1)}, roster)
	if len(got.lines) != 2 || len(got.report.Quarantine) != 1 || got.report.Quarantine[0].Reason != ReasonConflict || got.report.Quarantine[0].Line != 4 {
		t.Errorf("%v %+v", got.lines, got.report.Quarantine)
	}
	if x := got.report.Files[0].Formats[0]; x.Records != 3 || x.Mapped != 2 || x.Quarantined != 1 || x.Filled["engagement.work_email"] != 2 || x.Emitted[record.Engagements] != 2 {
		t.Errorf("%+v", x)
	}
	asOf := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	files := map[string]string{"a.json": signin(1, "user.session.start", "192.0.2.1")}
	if got = read(t, Options{AsOf: asOf}, files, signins); len(got.lines) != 0 || got.report.Quarantine[0].Reason != ReasonFuture {
		t.Errorf("%v %+v", got.lines, got.report.Quarantine)
	}
	if got = read(t, Options{AsOf: asOf.Add(9 * time.Hour)}, files, signins); len(got.lines) != 1 {
		t.Errorf("a row within a day of the run is refused: %+v", got.report.Quarantine)
	}
}

func TestRunOfBadRowsMarksTheFile(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		ip := "192.0.2.1"
		if i >= 1000 && i < 1021 {
			ip = "nowhere"
		}
		fmt.Fprintln(&b, signin(i, "user.session.start", ip))
	}
	got := read(t, Options{}, map[string]string{"a.json": b.String()}, signins)
	f := got.report.Files[0]
	if !f.Incomplete || f.QuarantinedRows != 21 || got.report.Incomplete() {
		t.Errorf("%+v: 21 bad rows in a row mark the file, but 1 %% is not incomplete input", f)
	}
}

func TestWorkersKeepTheOrder(t *testing.T) {
	var b strings.Builder
	for i := range 12_000 {
		fmt.Fprintln(&b, signin(i, "user.session.start", "192.0.2.1"))
	}
	files := map[string]string{"a.json": b.String(), "z.json": b.String()[:40_000], "zz.json": "no JSON"}
	for i := range 30 { // small files, read beside the large one
		files[fmt.Sprintf("m%02d.json", i)] = signin(i, "user.session.start", "192.0.2.2") + "\n" + signin(i, "user.session.start", "nowhere")
	}
	one, four := read(t, Options{Workers: 1}, files, signins), read(t, Options{Workers: 4}, files, signins)
	if len(one.lines) < 12_030 || len(one.report.Files) != 33 || len(one.report.Quarantine) < 31 {
		t.Fatalf("%d records of %d files, %d rows quarantined", len(one.lines), len(one.report.Files), len(one.report.Quarantine))
	}
	if d := cmp.Diff(one, four, cmp.AllowUnexported(run{}, record.Time{})); d != "" {
		t.Error(d)
	}
}

func TestEmitErrorEndsReading(t *testing.T) {
	var b strings.Builder
	for i := range 12_000 {
		fmt.Fprintln(&b, signin(i, "user.session.start", "192.0.2.1"))
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.json"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := mapping.Load("m.yaml", []byte(signins))
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("enough")
	n := 0
	_, err = Read(t.Context(), []string{dir}, Options{Mappings: []*mapping.Mapping{m}}, func(record.Record) error {
		if n++; n == 100 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 100 {
		t.Errorf("%v after %d records", err, n)
	}
}

func TestCodeSource(t *testing.T) {
	code := Code{
		ID: "test.code", System: "code",
		Claims: func(s *frame.Stream, first frame.Row) int {
			if s.Shape == frame.ShapeJSON && strings.Contains(string(first.Data), "commit") {
				return 5
			}
			return 0
		},
		Read: func(_ context.Context, in CodeInput, emit func(record.Record), reject func(Reject)) error {
			for b := range in.Batches {
				for _, row := range b.Rows {
					if strings.Contains(string(row.Data), "bad") {
						reject(Reject{Line: row.Line, Offset: row.Offset, Reason: "bad_time", Field: "at", Excerpt: "secret 12"})
						continue
					}
					emit(&record.Contribution{Common: record.Common{Ref: record.Ref{Line: row.Line, Offset: row.Offset}}, SHA: "x"})
				}
			}
			return nil
		},
	}
	got := read(t, Options{Codes: []Code{code}}, map[string]string{"c.json": "{\"commit\":1}\n{\"bad\":1}\n{\"commit\":2}\n"}, signins)
	f := got.report.Files[0]
	if len(got.lines) != 2 || len(f.Formats) != 1 || f.Formats[0].Mapped != 2 || f.Formats[0].Quarantined != 1 || f.Rows != 3 || f.QuarantinedRows != 1 {
		t.Errorf("%v %+v", got.lines, f)
	}
	if !strings.Contains(got.lines[0], `"source":"test.code","file":"c.json"`) {
		t.Error(got.lines[0])
	}
	if q := got.report.Quarantine; len(q) != 1 || q[0].Excerpt != "xxxxxx 99" {
		t.Errorf("%+v", q)
	}
}

func TestWrappedEvents(t *testing.T) {
	inner := signin(1, "user.session.start", "192.0.2.1")
	quoted := strconv.Quote(inner)
	for _, text := range []string{
		`{"_test":"x","log":` + inner + `}`, `{"preview":false,"result":{"_raw":` + quoted + `,"host":"h"}}`, `{"_index":"i","_source":{"event":{"original":` + quoted + `}}}`, `{"message":` + quoted + `}`,
	} {
		got := read(t, Options{}, map[string]string{"a.ndjson": text + "\n" + text + "\n"}, signins)
		if len(got.lines) != 2 || !strings.Contains(got.lines[1], `"line":2`) {
			t.Errorf("%s: %v %+v", text, got.lines, got.report.Files)
		}
	}
	got := read(t, Options{}, map[string]string{"a.json": `{"log":{"foo":1}}`}, signins)
	if !got.report.Files[0].Unidentified {
		t.Errorf("%+v", got.report.Files[0])
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{"Ana 12-34 é": "xxx 99-99 x", strings.Repeat("a", 200): strings.Repeat("x", 80), "a\nb": "x x", "": ""} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintln(&text, strings.Replace(signin(i, "user.session.start", "192.0.2.1"), `"outcome"`, `"debugContext":{"debugData":{"a":"`+strings.Repeat("y", 1200)+`"}},"outcome"`, 1))
	}
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.ndjson"), []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	m, err := mapping.Load("m.yaml", []byte(signins))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpuTime(b)
	rounds := 0
	for b.Loop() {
		rounds++
		n := 0
		_, err := Read(b.Context(), []string{dir}, Options{Mappings: []*mapping.Mapping{m}, Workers: 1}, func(record.Record) error { n++; return nil })
		if err != nil || n != 20_000 {
			b.Fatal(n, err)
		}
	}
	// Per second of processor time, since other work may run beside.
	b.ReportMetric(float64(rounds*text.Len())/1e6/(cpuTime(b)-before).Seconds(), "MB/cpu-s")
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
