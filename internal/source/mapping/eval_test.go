package mapping

import (
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/transform"
)

// object is a JSON object as a Row.
type testRow struct {
	slots *extract.Slots
	paths []extract.Path
}

func (r testRow) Fill(i int, v *transform.Value) {
	FillSlot(v, r.slots, i, r.paths[i].Multi(), extract.Raw.Text)
}
func (r testRow) Has(i int) bool          { return r.slots.Has(i) }
func (testRow) Order(int) transform.Order { return transform.OrderUnknown }

func rowOf(t *testing.T, m *Mapping, data string) testRow {
	t.Helper()
	r := testRow{extract.Compile(m.Paths()).Slots(), m.Paths()}
	if err := r.slots.Run([]byte(data)); err != nil {
		t.Fatal(err)
	}
	return r
}

func mustLoad(t *testing.T, text string) *Mapping {
	t.Helper()
	m, err := Load("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// eval returns the records of an object as NDJSON without their refs' source.
func eval(t *testing.T, text, data string) ([]string, *Outcome) {
	t.Helper()
	m := mustLoad(t, text)
	out := m.NewEval(transform.Ctx{Key: []byte("k")}).Row(rowOf(t, m, data))
	var lines []string
	for _, e := range out.Records {
		b, err := record.Marshal(e.Record)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b))
	}
	return lines, out
}

func TestFields(t *testing.T) {
	const data = `{"id":7,"first":"Ana","last":"B","mails":[{"value":"A@example.com","type":"Work"},{"value":null},{"type":"x","value":"b@example.org"}],
		"tags":["x","y"],"phones":["+49 30 901820","12"],"on":true,"q":[{"q":"LinkedIn?","a":"linkedin.com/in/ana"},{"q":"Why?","a":"secret"}],"addr":{"city":"Ulm","country":"Germany"},"n":"N/A"}`
	for _, c := range []struct{ field, want string }{
		{"name: {join: [first, missing, last], sep: '-'}", `"name":"Ana-B"`},
		{"name: {first: [missing, n, last, first]}", `"name":"B"`},
		{"name: {value: fixed}\n    headline: first", `"name":"fixed"`},
		{"kind: {path: on, do: [bool], map: {\"true\": employee}, else: candidate}", `"kind":"employee"`},
		{"kind: {path: missing, map: {a: b}, else: candidate}", `"kind":"candidate"`},
		{"kind: {path: FIRST, map: {a: b}}\n    headline: last", `"handle":"","full_name"`},
		{"kind: {path: first, map: {ANA: employee}}", `"kind":"employee"`},
		{"aliases: {list: [first, n, last, 'tags[]']}", `"aliases":["Ana","B","x","y"]`},
		{"emails: {each: 'mails[]', item: {value: {path: value, do: [email]}, kind: {path: type, map: {work: work}}}}", `"emails":[{"value":"a@example.com","kind":"work"},{"value":"b@example.org"}]`},
		{"emails: {list: [{object: {value: 'mails[0].value', kind: {value: work}}}, 'mails[2].value']}", `"emails":[{"value":"a@example.com","kind":"work"},{"value":"b@example.org"}]`},
		{"emails: {path: 'mails[].value', do: [email]}", `"emails":[{"value":"a@example.com"},{"value":"b@example.org"}]`},
		{"phones: {path: 'phones[]', do: [phone]}", `"phones":[{"e164":"+4930901820","raw":"+49 30 901820","line_type":"fixed"},{"raw":"12"}]`},
		{"phones: {list: [{object: {value: 'phones[0]', type: {value: home}}}]}", `"phones":[{"e164":"+4930901820","raw":"+49 30 901820","type":"home","line_type":"fixed"}]`},
		{"urls: {each: 'q[]', where: {path: q, match: '(?i)linkedin'}, item: {path: a, do: [url]}}", `"urls":[{"url":"linkedin.com/in/ana","network":"linkedin","username":"ana"}]`},
		{"handles: {path: 'mails[].value', do: [email, handle(email)]}", `"handles":["email:a@example.com","email:b@example.org"]`},
		{"claimed_address: addr", `"claimed_address":{"city":"Ulm","cc":"DE"}`},
		{"claimed_address.city: addr.city\n    claimed_address.cc: {path: addr.country, do: [country]}", `"claimed_address":{"city":"Ulm","cc":"DE"}`},
		{"custom.level: first\n    custom.other: n", `"custom":{"level":"Ana"}`},
		{"headline: {path: tags, do: [count]}", `"headline":"2"`},
		{"headline: tags", `"headline":"x"`},
	} {
		lines, out := eval(t, fields(c.field+"\n    full_name: id"), data)
		if len(lines) != 1 || !strings.Contains(lines[0], c.want) {
			t.Errorf("%s: %v %+v\nlacks %s", c.field, lines, out.Fault, c.want)
		}
	}
}

const blocks = `
id: t.x
system: applicants
shape: json
match: {all: [id]}
key: id
time: {path: at, do: [time]}
version_time: {path: changed, do: [time]}
emit:
- record: persona
  when: [{path: type, in: [person, 7]}, {path: hidden, present: false}]
  fields:
    handle: {path: id, do: [handle(t)], required: true}
    name: name
- record: application
  each: apps[]
  when: {path: state, not_in: [draft]}
  fields:
    handle: {path: ^id, do: [handle(t)]}
    ats_id: id
    answers: {each: 'answers[]', item: {q: q, a: {join: [a, ^id, ^^id], sep: /}}}
- record: history_item
  each: apps[]
  key: id
  time: {path: seen, do: [time]}
  when: {path: job, present: true}
  fields: {org: job}
ignore: {path: type, prefix: [sys]}
`

func TestBlocks(t *testing.T) {
	lines, out := eval(t, blocks, `{"id":"p1","type":"person","name":"Ana","at":"2024-01-02T03:04:05Z","changed":"2024-01-01","apps":[
		{"id":"a1","state":"open","answers":[{"q":"x","a":"y"}]},{"id":"a2","state":"draft"},{"id":"a3","job":"ACME","seen":"2020-01-01"}]}`)
	want := []string{
		`{"record":"persona","ref":{"source":"t.x","file":"","key":"p1"},"observed_at":"2024-01-02T03:04:05Z","valid_from":"2024-01-01","handle":"t:p1","name":"Ana"}`,
		`{"record":"application","ref":{"source":"t.x","file":"","key":"p1"},"observed_at":"2024-01-02T03:04:05Z","valid_from":"2024-01-01","handle":"t:p1","ats_id":"a1","answers":[{"q":"x","a":"y/a1/p1"}]}`,
		`{"record":"application","ref":{"source":"t.x","file":"","key":"p1#2"},"observed_at":"2024-01-02T03:04:05Z","valid_from":"2024-01-01","handle":"t:p1","ats_id":"a3"}`,
		`{"record":"history_item","ref":{"source":"t.x","file":"","key":"a3"},"observed_at":"2020-01-01","valid_from":"2024-01-01","handle":"","org":"ACME"}`,
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s\n%+v", strings.Join(lines, "\n"), strings.Join(want, "\n"), out.Fault)
	}
	if lines, out = eval(t, blocks, `{"id":"p1","type":"system"}`); len(lines) != 0 || !out.Ignored {
		t.Errorf("%v %+v", lines, out)
	}
	if lines, out = eval(t, blocks, `{"id":"p1","type":"other"}`); len(lines) != 0 || !out.Unmapped || out.Kind != "other" {
		t.Errorf("%v %+v", lines, out)
	}
	if lines, out = eval(t, blocks, `{"id":"p1","type":7,"apps":[{"id":1}]}`); len(lines) != 2 {
		t.Errorf("%v %+v", lines, out)
	}
	if lines, out = eval(t, blocks, `{"id":null,"type":"person","name":"x"}`); len(lines) != 0 || out.Fault == nil || out.Fault.Reason != MissingRequired || out.Fault.Field != "handle" {
		t.Errorf("%v %+v", lines, out.Fault)
	}
	if lines, out = eval(t, blocks, `{"id":"p1","type":"person","at":"yesterday"}`); len(lines) != 0 || out.Fault == nil || out.Fault.Reason != transform.BadTime || out.Fault.Field != "time" {
		t.Errorf("%v %+v", lines, out.Fault)
	}
	if _, out = eval(t, blocks, `{"id":"p1","type":"person","name":"`+strings.Repeat("x", MaxField+1)+`"}`); out.Fault == nil || out.Fault.Reason != transform.TooLong {
		t.Errorf("%+v", out.Fault)
	}
}

func TestContentKeys(t *testing.T) {
	text := strings.Replace(blocks, "key: id\ntime", "time", 1)
	one, _ := eval(t, text, `{"id":"p1","type":"person","name":"Ana"}`)
	again, _ := eval(t, text, `{"name":"Ana","other":1,"type":"person","id":"p1"}`)
	other, _ := eval(t, text, `{"id":"p1","type":"person","name":"Ben"}`)
	if one[0] != again[0] || one[0] == other[0] || !strings.Contains(one[0], `"key":"h:`) {
		t.Errorf("%s\n%s\n%s", one, again, other)
	}
}

func TestKeysDoNotDependOnTheRun(t *testing.T) {
	m := mustLoad(t, head+"emit:\n- record: payment_account\n  fields: {account_hash: {path: n, do: [account]}, account_last4: {path: n, do: [last4]}}\n")
	row := rowOf(t, m, `{"id":1,"n":"1234567890"}`)
	a := m.NewEval(transform.Ctx{Key: []byte("a")}).Row(row).Records[0]
	b := m.NewEval(transform.Ctx{Key: []byte("b")}).Row(row).Records[0]
	if a.Record.Meta().Ref.Key != b.Record.Meta().Ref.Key {
		t.Error("the key of a row depends on the key of the run")
	}
	c := m.NewEval(transform.Ctx{Key: []byte("a")}).Row(rowOf(t, m, `{"id":1,"n":"9994567890"}`)).Records[0]
	if a.Content == c.Content {
		t.Error("two accounts have one content")
	}
}

func TestScore(t *testing.T) {
	load := func(match string) *Mapping {
		return mustLoad(t, "id: t.x\nsystem: people\nshape: json\nmatch: "+match+"\nignore: true\n")
	}
	const data = `{"id":1,"type":"login","actor":{"user":{"id":"x"}},"gone":null,"list":[{"k":"v"}]}`
	for _, c := range []struct {
		match string
		score int
		ok    bool
	}{
		{"{all: [id]}", 1, true},
		{"{all: [id, actor.user.id]}", 4, true},
		{"{all: [id, type=login|logout]}", 4, true},
		{"{all: [type~log]}", 3, true},
		{"{all: [type=logout]}", 0, false},
		{"{all: [gone]}", 1, true},
		{"{all: [missing]}", 0, false},
		{"{any: [[missing], [id, type]]}", 2, true},
		{"{all: [id], any: [[actor.user], [type=login]]}", 4, true},
		{"{all: [id], any: [[x], [y]]}", 0, false},
		{"{all: [id], absent: [type]}", 0, false},
		{"{all: [id], absent: [gone]}", 1, true},
		{"{all: [id], absent: [x]}", 1, true},
		{"{all: ['list[].k=v']}", 4, true},
		{"{all: ['list[k=v].k']}", 2, true},
	} {
		m := load(c.match)
		score, ok := m.Score(rowOf(t, m, data), false, new(transform.Value))
		if score != c.score || ok != c.ok {
			t.Errorf("%s: %d %v, want %d %v", c.match, score, ok, c.score, c.ok)
		}
	}
}
