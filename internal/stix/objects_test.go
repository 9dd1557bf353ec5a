package stix

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	maker  = `{"type":"identity","spec_version":"2.1","id":"identity--11111111-1111-4111-8111-111111111111","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","name":"Example Sharing","identity_class":"organization"}`
	amber  = `{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--22222222-2222-4222-8222-222222222222","created":"2026-01-01T00:00:00Z","name":"TLP:AMBER+STRICT","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}}`
	first  = `{"type":"indicator","spec_version":"2.1","id":"indicator--33333333-3333-4333-8333-333333333333","created_by_ref":"identity--11111111-1111-4111-8111-111111111111","created":"2026-02-01T00:00:00Z","modified":"2026-02-01T00:00:00Z","name":"old","pattern":"[ipv4-addr:value = '198.51.100.1']","pattern_type":"stix","valid_from":"2026-02-01T00:00:00Z"}`
	second = `{"type":"indicator","spec_version":"2.1","id":"indicator--33333333-3333-4333-8333-333333333333","created_by_ref":"identity--11111111-1111-4111-8111-111111111111","created":"2026-02-01T00:00:00Z","modified":"2026-03-01T00:00:00Z","name":"new","confidence":85,"labels":["remote-it"],"indicator_types":["anonymization"],"pattern":"[ipv4-addr:value = '198.51.100.2' OR email-addr:value MATCHES 'x']","pattern_type":"stix","valid_from":"2026-02-01T00:00:00Z","valid_until":"2026-06-01T00:00:00Z","object_marking_refs":["marking-definition--22222222-2222-4222-8222-222222222222"],"x_muster_victim":false,"x_muster_grade":"b2"}`
	third  = `{"type":"indicator","spec_version":"2.1","id":"indicator--44444444-4444-4444-8444-444444444444","created":"2026-02-01T00:00:00Z","modified":"2026-02-01T00:00:00Z","revoked":true,"labels":["identity-victim"],"pattern":"[email-addr:value = 'victim@example.org']","pattern_type":"stix","valid_from":"2026-02-01T00:00:00Z","object_marking_refs":["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]}`
	sigma  = `{"type":"indicator","id":"indicator--55555555-5555-4555-8555-555555555555","created":"2026-02-01T00:00:00Z","modified":"2026-02-01T00:00:00Z","pattern":"title: x","pattern_type":"sigma","valid_from":"2026-02-01T00:00:00Z"}`
	seen   = `{"type":"sighting","id":"sighting--66666666-6666-4666-8666-666666666666","created":"2026-03-05T00:00:00Z","modified":"2026-03-05T00:00:00Z","first_seen":"2026-01-20T00:00:00Z","last_seen":"2026-03-04T00:00:00Z","sighting_of_ref":"indicator--33333333-3333-4333-8333-333333333333"}`
	other  = `{"type":"ipv4-addr","id":"ipv4-addr--77777777-7777-5777-8777-777777777777","value":"198.51.100.9"}`
)

func TestReader(t *testing.T) {
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	yes, no, c := true, false, 85.0
	want := []Indicator{
		{
			ID: "indicator--33333333-3333-4333-8333-333333333333", Type: "anonymiser", Value: "198.51.100.2", Feed: "Example Sharing", TLP: "amber+strict", Confidence: &c, Grade: "B2",
			Observed: day(3, 1), FirstSeen: day(1, 20), LastSeen: day(3, 4), ValidUntil: day(6, 1), Labels: []string{"remote-it", "anonymization"}, Victim: &no, Text: "new",
		},
		{
			ID: "indicator--33333333-3333-4333-8333-333333333333", Type: "pattern", Value: "[ipv4-addr:value = '198.51.100.2' OR email-addr:value MATCHES 'x']", Feed: "Example Sharing", TLP: "amber+strict", Confidence: &c, Grade: "B2",
			Observed: day(3, 1), FirstSeen: day(1, 20), LastSeen: day(3, 4), ValidUntil: day(6, 1), Labels: []string{"remote-it", "anonymization"}, Victim: &no, Text: "new; not compared: email-addr:value MATCHES 'x': not an equality",
		},
		{
			ID: "indicator--44444444-4444-4444-8444-444444444444", Type: "email", Value: "victim@example.org", TLP: "amber", Observed: day(2, 1), FirstSeen: day(2, 1),
			Labels: []string{"identity-victim"}, Victim: &yes, Revoked: true,
		},
		{ID: "indicator--55555555-5555-4555-8555-555555555555", Type: "pattern", Value: "title: x", Observed: day(2, 1), FirstSeen: day(2, 1), Text: "not compared: a pattern of the kind sigma"},
	}
	objects := []string{first, second, third, sigma, seen, other, maker, amber}
	for seed := range uint64(5) { // the order of objects decides nothing
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		r := NewReader()
		for i, o := range objects {
			if _, err := r.Add([]byte(o), i); err != nil {
				t.Fatal(err)
			}
		}
		got := r.Indicators()
		for i := range got {
			got[i].Row, got[i].ordinal = 0, 0
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(Indicator{})); d != "" {
			t.Fatal(d)
		}
	}
}

func TestAddErrors(t *testing.T) {
	r := NewReader()
	_, err := r.Add([]byte(strings.Replace(first, `"valid_from":"2026-02-01T00:00:00Z"`, `"valid_from":"soon"`, 1)), 0)
	var field *FieldError
	if !errors.As(err, &field) || field.Field != "valid_from" {
		t.Errorf("error %v does not name valid_from", err)
	}
	if _, err := r.Add([]byte(`{"type":"indicator","labels":7}`), 0); err == nil {
		t.Error("labels that are no list are taken")
	}
	if len(r.Indicators()) != 0 {
		t.Error("a damaged object is kept")
	}
}

func TestIsObject(t *testing.T) {
	for text, want := range map[string]bool{
		first: true, other: true, maker: true,
		`{"type":"bundle","id":"bundle--11111111-1111-4111-8111-111111111111","objects":[]}`: false,
		`{"type":"indicator","id":"11111111-1111-4111-8111-111111111111"}`:                   false,
		`{"type":"tool","id":"malware--11111111-1111-4111-8111-111111111111"}`:               false,
		`{"type":"event","id":"event--1"}`:                                                   false,
		`[]`:                                                                                 false,
	} {
		if got := IsObject([]byte(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func TestMISP(t *testing.T) {
	const event = `{"Event":{"uuid":"e1","info":"Example case","date":"2026-02-03","timestamp":"1772000000","Orgc":{"name":"Example CERT"},"Tag":[{"name":"tlp:amber"},{"name":"admiralty-scale:source-reliability=\"b\""},{"name":"admiralty-scale:information-credibility=\"2\""},{"name":"case:x"}],
"Attribute":[
 {"uuid":"a1","type":"ip-dst|port","category":"Network activity","to_ids":true,"value":"198.51.100.7|443","timestamp":"1772000100","first_seen":"2026-01-05T00:00:00.000000+00:00","Sighting":[{"type":"0","date_sighting":"1772100000"}]},
 {"uuid":"a2","type":"domain","category":"Network activity","to_ids":false,"value":"context.example.org","timestamp":"1772000100"},
 {"uuid":"a3","type":"email-src","category":"Payload delivery","to_ids":false,"value":"Hand@Example.org","comment":"used to apply","deleted":true,"timestamp":1772000100},
 {"uuid":"a4","type":"target-email","category":"Targeting data","to_ids":false,"value":"person@example.com","Tag":[{"name":"tlp:red"},{"name":"misp:confidence-level=\"usually-confident\""}]},
 {"uuid":"a5","type":"cc-number","category":"Financial fraud","to_ids":true,"value":"4111"}],
"Object":[{"name":"user-account","meta-category":"misc","template_uuid":"t","Attribute":[{"uuid":"o1","type":"text","object_relation":"username","category":"Other","to_ids":false,"value":"octo"},{"uuid":"o2","type":"text","object_relation":"account-type","category":"Other","to_ids":false,"value":"GitHub"}]}]}}`
	got, err := ReadMISP([]byte(event), 0)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, x := range got {
		victim := x.Victim != nil && *x.Victim
		line, err := json.Marshal([]any{x.ID, x.Type, x.Value, x.Provider, x.TLP, x.Grade, x.Revoked, victim, x.Feed, x.Text, x.FirstSeen.Format(time.DateOnly), x.LastSeen.Format(time.DateOnly), x.Labels})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	want := []string{
		`["a1","ip","198.51.100.7","","amber","B2",false,false,"Example CERT","Example case","2026-01-05","2026-02-26",["case:x"]]`,
		`["a3","email","hand@example.org","","amber","B2",true,false,"Example CERT","used to apply","2026-02-03","0001-01-01",["case:x"]]`,
		`["a4","email","person@example.com","","red","B2",false,true,"Example CERT","Example case","2026-02-03","0001-01-01",["case:x"]]`,
		`["o1","username","octo","github","amber","B2",false,false,"Example CERT","Example case","2026-02-03","0001-01-01",["case:x"]]`,
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
	if got[2].Confidence == nil || *got[2].Confidence != 75 {
		t.Errorf("confidence %v", got[2].Confidence)
	}
}

func TestMISPKind(t *testing.T) {
	for text, want := range map[string]Kind{
		`{"Event":{"info":"x","Orgc":{"name":"y"}}}`:                                            MISPEvent,
		`{"info":"x","Attribute":[],"threat_level_id":"1"}`:                                     MISPEvent,
		`{"type":"domain","value":"a.example.org","category":"Network activity","to_ids":1}`:    MISPAttribute,
		`{"template_uuid":"t","meta-category":"file","Attribute":[]}`:                           MISPObject,
		`{"e1":{"info":"x","Orgc":{},"timestamp":1},"e2":{"info":"y","Orgc":{},"timestamp":2}}`: MISPManifest,
		`{"Event":{"id":"1"}}`:                       NoMISP,
		`{"type":"domain","value":"x"}`:              NoMISP,
		`{"timestamp":"1","type":"bar","value":"1"}`: NoMISP,
		`{}`: NoMISP, `7`: NoMISP,
	} {
		if got := MISPKind([]byte(text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestRecordHidesAccounts(t *testing.T) {
	x := Indicator{ID: "a", Type: "account", Value: "DE00 1234"}
	r, ok := x.Record(func(s string) string { return "h:" + s[:2] })
	if !ok || r.Value != "h:DE" {
		t.Errorf("%+v", r)
	}
	if _, ok := x.Record(func(string) string { return "" }); ok {
		t.Error("a masked number is stored")
	}
}

func FuzzMISP(f *testing.F) {
	f.Add([]byte(`{"Event":{"info":"x","Orgc":{"name":"y"},"Attribute":{"type":"ip-src","value":"198.51.100.7","to_ids":"1","category":"x"}}}`))
	f.Add([]byte(first))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = ReadMISP(data, 0)
		r := NewReader()
		_, _ = r.Add(data, 0)
		r.Indicators()
	})
}
