package link_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/link"
	"muster/internal/record"
	"muster/internal/settings"
)

var asOf = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// look knows one carrier and no tools.
type look struct{}

func (look) Carrier(asn int64, _ string) (string, bool) { return "mobile carrier", asn == 64500 }
func (look) Hosting(asn int64, _ string) bool           { return asn == 64501 }
func (look) Item(x *record.DeviceItem) (string, bool)   { return x.Name, x.ItemKind == "software" }
func (look) Host(string) (string, bool)                 { return "", false }

// rows reads canonical NDJSON, one row per line.
func rows(t testing.TB, text string) []record.Record {
	t.Helper()
	var out []record.Record
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		r, err := record.Unmarshal([]byte(line))
		if err != nil {
			t.Fatalf("row %d: %v\n%s", i+1, err, line)
		}
		ref := &r.Meta().Ref
		ref.Source, ref.File, ref.Line, ref.Key = "test", "rows.ndjson", i+1, fmt.Sprintf("k%03d", i+1)
		out = append(out, r)
	}
	return out
}

func build(recs []record.Record, st *settings.Settings) *identity.Graph {
	if st == nil {
		st = &settings.Settings{}
	}
	set := new(record.Set)
	for _, r := range recs {
		set.Add(r)
	}
	set.Seal()
	return link.Build(set, baseline.Learn(set, st, look{}, asOf), st, asOf)
}

// persona returns the persona of a handle.
func persona(t testing.TB, g *identity.Graph, h record.Handle) *identity.Persona {
	t.Helper()
	p := g.Persona(g.ByHandle(h))
	if p == nil {
		t.Fatalf("nobody has the handle %s", h)
	}
	return p
}

// edgesOf lists the edges between two handles as "kind", "kind open" or "kind (reason)".
func edgesOf(t testing.TB, g *identity.Graph, a, b record.Handle) []string {
	t.Helper()
	x, y := persona(t, g, a), persona(t, g, b)
	var out []string
	for _, e := range g.EdgesOf(x.ID) {
		if x.ID == y.ID || !e.Has(y.ID) {
			continue
		}
		s := string(e.Kind)
		if e.OpenHome {
			s += " open"
		}
		if e.Suppressed != "" {
			s += " (" + e.Suppressed + ")"
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestOnePersona(t *testing.T) {
	const ann = `{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Ann Example","emails":[{"value":"ann@example.org"}],"phones":[{"e164":"+12025550101"}]}`
	cases := []struct {
		name, rows string
		st         settings.Settings
		a, b       record.Handle
		one        bool
	}{
		{
			name: "candidate who was hired, by personal e-mail",
			rows: ann + `
{"record":"persona","handle":"employee:E1","kind":"employee","full_name":"Ann B. Example","emails":[{"value":"ann.example@corp.example","kind":"work"},{"value":"Ann+jobs@example.org"}]}
{"record":"engagement","handle":"employee:E1","employee_no":"E1","work_email":"ann.example@corp.example","start":"2026-02-01"}`,
			a: "ats:candidate:1", b: "employee:E1", one: true,
		},
		{
			name: "same name alone never joins",
			rows: ann + `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","start":"2026-02-01"}`,
			a: "ats:candidate:1", b: "employee:E1",
		},
		{
			name: "hired under the name, and started then",
			rows: ann + `
{"record":"application","handle":"ats:candidate:1","applied_at":"2026-01-02T00:00:00Z","status":"hired"}
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","start":"2026-02-01"}`,
			a: "ats:candidate:1", b: "employee:E1", one: true,
		},
		{
			name: "one e-mail, two legal names",
			rows: ann + `
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","emails":[{"value":"ann@example.org"}]}`,
			a: "ats:candidate:1", b: "ats:candidate:2",
		},
		{
			name: "one e-mail, two legal names, declared change of name",
			rows: ann + `
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","emails":[{"value":"ann@example.org"}]}`,
			st: settings.Settings{Declared: settings.Declared{NameChanges: []settings.NameChange{{Person: "ann@example.org", Names: []string{"Ann Example", "Rob Specimen"}}}}},
			a:  "ats:candidate:1", b: "ats:candidate:2", one: true,
		},
		{
			name: "one e-mail, two names, one identity document",
			rows: ann + `
{"record":"document","handle":"ats:candidate:1","kind":"id_document","number_hash":"h1"}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","emails":[{"value":"ann@example.org"}]}
{"record":"document","handle":"ats:candidate:2","kind":"id_document","number_hash":"h1"}`,
			a: "ats:candidate:1", b: "ats:candidate:2", one: true,
		},
		{
			name: "re-application after marriage: everything else agrees",
			rows: ann + `
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Ann Sample","emails":[{"value":"ann@example.org"}],"phones":[{"e164":"+12025550101"}]}`,
			a: "ats:candidate:1", b: "ats:candidate:2", one: true,
		},
		{
			name: "only the family name and the e-mail agree: not enough",
			rows: ann + `
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Bob Example","emails":[{"value":"ann@example.org"}],"phones":[{"e164":"+12025550999"}]}`,
			a: "ats:candidate:1", b: "ats:candidate:2",
		},
		{
			name: "recycled number",
			rows: ann + `
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Kim Specimen","emails":[{"value":"kim@example.net"}],"phones":[{"e164":"+12025550101"}]}`,
			a: "ats:candidate:1", b: "ats:candidate:2",
		},
		{
			name: "father and son of one name at one landline",
			rows: `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Otto Muster","dob":"1961-01-02","phones":[{"e164":"+493055501"}],"claimed_address":{"line1":"Musterweg 5","postal":"10115","city":"Berlin"}}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Otto Muster","dob":"1992-03-04","phones":[{"e164":"+493055501"}],"claimed_address":{"line1":"Musterweg 5","postal":"10115","city":"Berlin"}}`,
			a: "ats:candidate:1", b: "ats:candidate:2",
		},
		{
			name: "two people of one name with jobs at one time",
			rows: `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","work_email":"ann@corp.example","start":"2024-01-01"}
{"record":"persona","handle":"employee:E1","kind":"employee","full_name":"Ann Example","phones":[{"e164":"+12025550101"}]}
{"record":"engagement","handle":"employee:E2","name":"Ann Example","employee_no":"E2","work_email":"ann2@corp.example","start":"2025-01-01"}
{"record":"persona","handle":"employee:E2","kind":"employee","full_name":"Ann Example","phones":[{"e164":"+12025550101"}]}`,
			a: "employee:E1", b: "employee:E2",
		},
		{
			name: "number of a declared agency joins nobody of one name",
			rows: ann + `
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Ann Example","emails":[{"value":"other.ann@example.net"}],"phones":[{"e164":"+12025550101"}]}`,
			st: settings.Settings{Declared: settings.Declared{Agencies: []settings.Agency{{Name: "Staffing", Phones: []string{"(202) 555-0101"}}}}},
			a:  "ats:candidate:1", b: "ats:candidate:2",
		},
		{
			name: "nickname in the directory",
			rows: `
{"record":"engagement","handle":"employee:E1","name":"Robert Example","employee_no":"E1","work_email":"rob@corp.example","start":"2024-01-01"}
{"record":"persona","handle":"idp:user:1","kind":"account_profile","full_name":"Bobby Ex","emails":[{"value":"rob@corp.example","kind":"login"}]}
{"record":"session","account":"rob@corp.example","at":"2026-11-01T10:00:00Z","ip":"198.51.100.7"}`,
			a: "employee:E1", b: "idp:user:1", one: true,
		},
		{
			name: "nickname in the application, and hired",
			rows: `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Bob Example","emails":[{"value":"bob@example.org"}]}
{"record":"application","handle":"ats:candidate:1","applied_at":"2026-01-02T00:00:00Z","status":"hired"}
{"record":"engagement","handle":"employee:E1","name":"Robert Example","employee_no":"E1","start":"2026-02-01"}
{"record":"persona","handle":"employee:E1","kind":"employee","emails":[{"value":"bob@example.org"}]}`,
			a: "ats:candidate:1", b: "employee:E1", one: true,
		},
		{
			name: "employee number in payroll",
			rows: `
{"record":"engagement","handle":"hris:worker:9","name":"Ann Example","employee_no":"E1","start":"2024-01-01"}
{"record":"payment_account","handle":"payroll:payee:77","handles":["employee:E1"],"account_hash":"x"}`,
			a: "hris:worker:9", b: "payroll:payee:77", one: true,
		},
		{
			name: "e-mail in shipping",
			rows: `
{"record":"engagement","handle":"hris:worker:9","name":"Ann Example","employee_no":"E1","work_email":"ann@corp.example","start":"2024-01-01"}
{"record":"shipment","handle":"ship:recipient:4","handles":["email:ann@corp.example"],"name":"A. Example","tracking_no":"1"}`,
			a: "hris:worker:9", b: "ship:recipient:4", one: true,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := build(rows(t, c.rows), &c.st)
			if got := g.ByHandle(c.a) == g.ByHandle(c.b); got != c.one {
				t.Errorf("one persona: %v, want %v; %s has %v, %s has %v", got, c.one, c.a, g.ByHandle(c.a), c.b, g.ByHandle(c.b))
			}
			if c.one && len(persona(t, g, c.a).Joins) == 0 && !strings.HasPrefix(string(c.b), "payroll") && !strings.HasPrefix(string(c.b), "ship") {
				t.Error("joined without a reason")
			}
		})
	}
}

func TestReferees(t *testing.T) {
	g := build(rows(t, `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Ann Example","emails":[{"value":"ann@example.org"}]}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","emails":[{"value":"rob@example.net"}],"phones":[{"e164":"+12025550177"}]}
{"record":"engagement","handle":"employee:E7","name":"Kim Colleague","employee_no":"E7","work_email":"kim@corp.example","start":"2020-01-01"}
{"record":"reference","handle":"ats:candidate:1","referee":{"name":"Kim Colleague","email":"kim@corp.example"},"submitted_at":"2026-05-01T10:00:00Z"}
{"record":"reference","handle":"ats:candidate:1","referee":{"name":"Dr Pat Director","email":"rob@example.net","phone":{"e164":"+12025550188"},"company":"Acme"},"submitted_at":"2026-05-01T10:00:00Z"}
{"record":"reference","handle":"ats:candidate:2","referee":{"name":"Lee Manager","phone":{"e164":"+12025550199"},"company":"Acme"},"submitted_at":"2026-05-01T10:00:00Z"}`), nil)
	if got := edgesOf(t, g, "employee:E7", "ats:candidate:1"); !slices.Equal(got, []string{"vouch"}) {
		t.Errorf("colleague: %v", got)
	}
	if k := persona(t, g, "employee:E7").Kinds; !slices.Equal(k, []string{"employee", "referee"}) {
		t.Errorf("kinds of the colleague: %v", k)
	}
	rob := persona(t, g, "ats:candidate:2")
	var pat *identity.Persona
	for _, e := range g.EdgesOf(rob.ID) {
		if e.Kind == identity.EdgeRefereeEmail {
			pat = g.Persona(e.Others(rob.ID)[0].Persona)
		}
	}
	if pat == nil || pat.Queue != identity.Referee || pat.Name() != "Dr Pat Director" {
		t.Fatalf("a referee under another name stays a referee: %+v", pat)
	}
	if len(pat.Records.Vouches) != 1 || len(rob.Records.Vouches) != 0 {
		t.Errorf("vouches of the referee %d, of the owner of the address %d", len(pat.Records.Vouches), len(rob.Records.Vouches))
	}
	n := 0
	for _, p := range g.Personas {
		if p.Queue == identity.Referee {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d referees, want 2", n)
	}
}

func TestVouchRing(t *testing.T) {
	g := build(rows(t, `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Ann Example","emails":[{"value":"ann@example.org"}]}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","emails":[{"value":"rob@example.net"}]}
{"record":"persona","handle":"ats:candidate:3","kind":"candidate","full_name":"Kim Sample","emails":[{"value":"kim@example.com"}]}
{"record":"persona","handle":"ats:candidate:4","kind":"candidate","full_name":"Outside Person","emails":[{"value":"out@example.com"}]}
{"record":"reference","handle":"ats:candidate:1","referee":{"name":"Rob Specimen","email":"rob@example.net"}}
{"record":"reference","handle":"ats:candidate:2","referee":{"name":"Other Name","email":"kim@example.com"}}
{"record":"reference","handle":"ats:candidate:3","referee":{"name":"Ann Example","email":"ann@example.org"}}
{"record":"reference","handle":"ats:candidate:4","referee":{"name":"Ann Example","email":"ann@example.org"}}`), nil)
	var rings []*identity.Edge
	for _, e := range g.Edges {
		if e.Kind == identity.EdgeVouchRing {
			rings = append(rings, e)
		}
	}
	if len(rings) != 1 {
		t.Fatalf("%d rings, want 1", len(rings))
	}
	for h, in := range map[record.Handle]bool{"ats:candidate:1": true, "ats:candidate:2": true, "ats:candidate:3": true, "ats:candidate:4": false} {
		if rings[0].Has(g.ByHandle(h)) != in {
			t.Errorf("%s in the ring: %v", h, !in)
		}
	}
}

// farm is a place to which laptops of people who claim other homes go, one of
// whom lives there, with a couple who live together beside it.
const farm = `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","work_email":"ann@corp.example","start":"2026-01-01","home_address":{"line1":"1 Oak St","postal":"62701","city":"Springfield","region":"IL"}}
{"record":"engagement","handle":"employee:E2","name":"Rob Specimen","employee_no":"E2","work_email":"rob@corp.example","start":"2026-01-01","home_address":{"line1":"2 Pine Rd","postal":"73301","city":"Austin","region":"TX"}}
{"record":"engagement","handle":"employee:E3","name":"Kim Sample","employee_no":"E3","work_email":"kim@corp.example","start":"2026-01-01","home_address":{"line1":"3 Elm Ave","postal":"98101","city":"Seattle","region":"WA"}}
{"record":"engagement","handle":"employee:E4","name":"Liv Resident","employee_no":"E4","work_email":"liv@corp.example","start":"2026-01-01","home_address":{"line1":"77 Farm Lane","postal":"85340","city":"Litchfield","region":"AZ"}}
{"record":"engagement","handle":"employee:E5","name":"Max Couple","employee_no":"E5","work_email":"max@corp.example","start":"2026-01-01","home_address":{"line1":"9 Couple Court","line2":"Apt 4","postal":"10001","city":"New York","region":"NY"}}
{"record":"engagement","handle":"employee:E6","name":"Mia Pair","employee_no":"E6","work_email":"mia@corp.example","start":"2026-01-01","home_address":{"raw":"9 Couple Ct. #4, New York, NY 10001"}}
{"record":"shipment","handle":"email:ann@corp.example","tracking_no":"1","device_key":"S1","shipped_at":"2026-01-02T00:00:00Z","ship_to":{"raw":"77 Farm Ln, Litchfield, AZ 85340"}}
{"record":"shipment","handle":"email:rob@corp.example","tracking_no":"2","device_key":"S2","shipped_at":"2026-01-03T00:00:00Z","ship_to":{"line1":"77 FARM LN.","postal":"85340-1234"}}
{"record":"shipment","handle":"email:kim@corp.example","tracking_no":"3","device_key":"S3","shipped_at":"2026-01-04T00:00:00Z","ship_to":{"line1":"77 Farm Lane","postal":"85340"}}
{"record":"shipment","handle":"email:max@corp.example","tracking_no":"5","device_key":"S5","shipped_at":"2026-01-04T00:00:00Z","ship_to":{"line1":"9 Couple Court","line2":"Apt 4","postal":"10001"}}
{"record":"shipment","handle":"email:mia@corp.example","tracking_no":"6","device_key":"S6","shipped_at":"2026-01-04T00:00:00Z","ship_to":{"line1":"9 Couple Court Apt 4","postal":"10001"}}
{"record":"device","handle":"email:liv@corp.example","device_key":"S4","last_seen":"2026-11-18T10:00:00Z","public_ip":"198.51.100.7","gateway":{"gateway_mac":"a4:91:b1:00:00:07"}}
{"record":"network_obs","device_key":"S1","kind":"lan","at":"2026-11-18T09:00:00Z","public_ip":"198.51.100.7","anchor":{"gateway_mac":"a4:91:b1:00:00:07"}}
{"record":"network_obs","device_key":"S1","kind":"lan","at":"2026-11-19T09:00:00Z","public_ip":"198.51.100.7","anchor":{"gateway_mac":"a4:91:b1:00:00:07"}}
{"record":"network_obs","device_key":"S2","kind":"lan","at":"2026-11-18T09:00:00Z","public_ip":"198.51.100.7","anchor":{"gateway_mac":"a4:91:b1:00:00:07"}}
{"record":"network_obs","device_key":"S3","kind":"lan","at":"2026-11-18T09:00:00Z","public_ip":"198.51.100.7","anchor":{"gateway_mac":"a4:91:b1:00:00:07"}}
{"record":"network_obs","device_key":"S5","kind":"lan","at":"2026-11-18T09:00:00Z","public_ip":"198.51.100.9","anchor":{"gateway_mac":"a4:91:b1:00:00:09"}}
{"record":"network_obs","device_key":"S6","kind":"lan","at":"2026-11-18T09:00:00Z","public_ip":"198.51.100.9","anchor":{"gateway_mac":"a4:91:b1:00:00:09"}}`

func TestFarmAndCouple(t *testing.T) {
	g := build(rows(t, farm), nil)
	if got := edgesOf(t, g, "employee:E1", "employee:E2"); !slices.Equal(got, []string{"device_ip", "lan", "ship_to"}) {
		t.Errorf("farm: %v", got)
	}
	if got := edgesOf(t, g, "employee:E1", "employee:E4"); !slices.Equal(got, []string{"device_ip", "lan", "ship_to"}) {
		t.Errorf("resident of the farm: %v", got)
	}
	if got := edgesOf(t, g, "employee:E5", "employee:E6"); !slices.Equal(got, []string{"address open", "device_ip open", "lan open", "ship_to open"}) {
		t.Errorf("couple: %v", got)
	}
	if len(g.Operators) != 1 {
		t.Fatalf("%d operators, want 1", len(g.Operators))
	}
	want := []identity.PersonaID{g.ByHandle("employee:E1"), g.ByHandle("employee:E2"), g.ByHandle("employee:E3")}
	slices.Sort(want)
	if !slices.Equal(g.Operators[0].Personas, want) {
		t.Errorf("operator of %v, want %v (who lives there openly does not join)", g.Operators[0].Personas, want)
	}
	var kinds []string
	for _, f := range g.Facilitators {
		kinds = append(kinds, f.Kind)
		if slices.Contains(f.Personas, g.ByHandle("employee:E5")) {
			t.Errorf("the couple's home is a facilitator: %+v", f)
		}
	}
	if !slices.Contains(kinds, "address") || !slices.Contains(kinds, "network") {
		t.Errorf("facilitators: %v", kinds)
	}
	for _, e := range g.EdgesOf(g.ByHandle("employee:E1")) {
		if e.Kind == identity.EdgeShipTo && e.End(g.ByHandle("employee:E1")).Note != "home: Springfield, IL" {
			t.Errorf("note: %q", e.End(g.ByHandle("employee:E1")).Note)
		}
		if e.Kind == identity.EdgeLAN && e.End(g.ByHandle("employee:E1")).Days != 2 {
			t.Errorf("days: %d", e.End(g.ByHandle("employee:E1")).Days)
		}
	}
}

func TestDeclared(t *testing.T) {
	g := build(rows(t, farm), &settings.Settings{Declared: settings.Declared{
		SharedAddresses: []settings.SharedAddress{{Address: "77 Farm Lane, Litchfield, AZ 85340", Reason: "agency housing"}},
		Households:      [][]string{{"max@corp.example", "E6"}},
	}})
	for _, e := range g.EdgesOf(g.ByHandle("employee:E1")) {
		if e.Kind == identity.EdgeShipTo && e.Suppressed != "declared: agency housing" {
			t.Errorf("ship_to is not suppressed: %+v", e)
		}
	}
	if got := edgesOf(t, g, "employee:E5", "employee:E6"); !slices.Equal(got, []string{
		"address open (declared household)", "device_ip open (declared household)", "lan open (declared household)", "ship_to open (declared household)",
	}) {
		t.Errorf("household: %v", got)
	}
	if len(g.Operators) != 0 {
		t.Errorf("operators: %+v", g.Operators)
	}
}

func TestShuffled(t *testing.T) {
	const more = `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Ann Alias","emails":[{"value":"ann@corp.example"}],"phones":[{"e164":"+12025550101"}]}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Alias","phones":[{"e164":"+12025550101"}]}
{"record":"reference","handle":"ats:candidate:1","referee":{"name":"Rob Alias","phone":{"e164":"+12025550101"}},"submitted_at":"2026-05-01T10:00:00Z","submit_ip":"198.51.100.7"}
{"record":"session","account":"ann@corp.example","at":"2026-11-18T10:00:00Z","ip":"198.51.100.7","source_kind":"idp","outcome":"success"}
{"record":"session","account":"rob@corp.example","at":"2026-11-18T10:30:00Z","ip":"198.51.100.7","source_kind":"idp","outcome":"success"}
{"record":"payment_account","handle":"employee:E1","account_hash":"k","account_last4":"1234"}
{"record":"payment_account","handle":"employee:E2","account_hash":"k","account_last4":"1234"}
{"record":"payment_account","handle":"payroll:payee:7","handles":["email:new@example.com"],"name":"New Payee","account_hash":"k2","account_last4":"9999"}
{"record":"payment","handle":"email:new@example.com","name":"N. Payee","account_hash":"k3"}
{"record":"persona","handle":"email:both@example.com","full_name":"One Name","kind":"candidate"}
{"record":"persona","handle":"email:both@example.com","full_name":"Quite Other","kind":"candidate"}
{"record":"application","handle":"email:both@example.com","applied_at":"2026-05-01T10:00:00Z"}
{"record":"history_item","handle":"email:both@example.com","name":"Quite Other","org":"Acme"}`
	all := rows(t, farm+more)
	want := build(all, nil)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if diff := cmp.Diff(want, build(all, nil), cmpopts.IgnoreUnexported(identity.Graph{}), cmpopts.EquateComparable(netip.Addr{}, record.Time{})); diff != "" {
			t.Fatalf("shuffled rows give another graph:\n%s", diff)
		}
	}
}
