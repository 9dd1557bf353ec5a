package link_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

const two = `
{"record":"persona","handle":"ats:candidate:1","kind":"candidate","full_name":"Ann Example","emails":[{"value":"ann@example.org"}]}
{"record":"persona","handle":"ats:candidate:2","kind":"candidate","full_name":"Rob Specimen","emails":[{"value":"rob@example.net"}]}
`

const staff = `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","work_email":"ann@corp.example","start":"2026-01-01"}
{"record":"engagement","handle":"employee:E2","name":"Rob Specimen","employee_no":"E2","work_email":"rob@corp.example","start":"2026-01-01"}
`

func prefixes(list ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// signIn writes a session.
func signIn(account, at, ip, more string) string {
	return fmt.Sprintf(`{"record":"session","account":%q,"at":%q,"ip":%q,"source_kind":"idp","outcome":"success"%s}`+"\n", account, at, ip, more)
}

func TestEdges(t *testing.T) {
	bullets := "Designed the ledger service of the bank and led its rollout to nine countries with a team of five engineers on call"
	cases := []struct {
		name, rows string
		st         settings.Settings
		staff      bool
		want       []string
	}{
		{
			name: "phone under two names",
			rows: `{"record":"persona","handle":"ats:candidate:1","phones":[{"e164":"+12025550101"}]}
{"record":"persona","handle":"ats:candidate:2","phones":[{"e164":"+12025550101"}]}`,
			want: []string{"phone"},
		},
		{
			name: "phone of a declared agency",
			rows: `{"record":"persona","handle":"ats:candidate:1","phones":[{"e164":"+12025550101"}]}
{"record":"persona","handle":"ats:candidate:2","phones":[{"e164":"+12025550101"}]}`,
			st:   settings.Settings{Declared: settings.Declared{Agencies: []settings.Agency{{Name: "Staffing", Phones: []string{"202 555 0101"}}}}},
			want: []string{"phone (telephone of the declared agency Staffing)"},
		},
		{
			name: "profile",
			rows: `{"record":"persona","handle":"ats:candidate:1","urls":[{"url":"https://www.linkedin.com/in/somebody/"}]}
{"record":"persona","handle":"ats:candidate:2","urls":[{"url":"linkedin.com/in/Somebody"}]}`,
			want: []string{"url"},
		},
		{
			name: "account and wallet",
			rows: `{"record":"payment_account","handle":"ats:candidate:1","account_hash":"h","crypto_address":"0xABCDEF0001"}
{"record":"payment","handle":"ats:candidate:2","account_hash":"h"}
{"record":"payment_account","handle":"ats:candidate:2","crypto_address":"0xabcdef0001"}`,
			want: []string{"bank_account", "wallet"},
		},
		{
			name: "same job in the same words",
			rows: `{"record":"history_item","handle":"ats:candidate:1","kind":"work","org":"Acme Inc","title":"Engineer","start":"2019-05","end":"2021-03","summary":"` + bullets + `"}
{"record":"history_item","handle":"ats:candidate:2","kind":"work","org":"ACME","title":"engineer","start":"2019-05","end":"2021-03","summary":"` + strings.Replace(bullets, "nine", "many", 1) + `"}`,
			want: []string{"history", "resume_text"},
		},
		{
			name: "colleagues: same job in other words",
			rows: `{"record":"history_item","handle":"ats:candidate:1","kind":"work","org":"Acme Inc","title":"Engineer","start":"2019-05","end":"2021-03","summary":"` + bullets + `"}
{"record":"history_item","handle":"ats:candidate:2","kind":"work","org":"ACME","title":"engineer","start":"2019-05","end":"2021-03","summary":"Kept the mobile apps of the retail branch running and wrote most of their tests in Kotlin and Swift"}`,
		},
		{
			name: "file original, and a file that names the other",
			rows: `{"record":"document","handle":"ats:candidate:1","kind":"cv","document_id":"uuid:77","author":"Rob Specimen"}
{"record":"document","handle":"ats:candidate:2","kind":"cv","document_id":"uuid:77","author":"Rob Specimen"}`,
			want: []string{"document_id", "document_name"},
		},
		{
			name: "own and generic authors",
			rows: `{"record":"document","handle":"ats:candidate:1","kind":"cv","author":"ann example","last_modified_by":"Admin"}
{"record":"document","handle":"ats:candidate:2","kind":"cv","author":"Microsoft Office User"}`,
		},
		{
			name: "applied from one line on one day",
			rows: `{"record":"application","handle":"ats:candidate:1","applied_at":"2026-03-01T10:00:00Z","ip":"198.51.100.7"}
{"record":"application","handle":"ats:candidate:2","applied_at":"2026-03-01T12:00:00Z","ip":"198.51.100.7"}`,
			want: []string{"application_ip"},
		},
		{
			name: "address handed on: applied half a year apart",
			rows: `{"record":"application","handle":"ats:candidate:1","applied_at":"2026-03-01T10:00:00Z","ip":"198.51.100.7"}
{"record":"application","handle":"ats:candidate:2","applied_at":"2026-09-01T12:00:00Z","ip":"198.51.100.7"}`,
		},
		{
			name: "one computer in two interviews",
			rows: `{"record":"meeting","handle":"ats:candidate:1","kind":"interview","at":"2026-03-01T10:00:00Z","disk_id":"D1SK-77","mac":"00:00:00:00:00:00"}
{"record":"meeting","handle":"ats:candidate:2","kind":"interview","at":"2026-03-05T10:00:00Z","disk_id":"d1sk-77","mac":"00:00:00:00:00:00"}`,
			want: []string{"meeting_client"},
		},
		{
			name: "one camera model at one line on one day",
			rows: `{"record":"meeting","handle":"ats:candidate:1","kind":"interview","at":"2026-03-01T10:00:00Z","ip":"198.51.100.7","video_device":"Acme Cam 2"}
{"record":"meeting","handle":"ats:candidate:2","kind":"interview","at":"2026-03-01T19:00:00Z","ip":"198.51.100.7","video_device":"acme cam 2"}`,
			want: []string{"meeting_client"},
		},
		{
			name:  "signed in from one line within the hour, on two days",
			staff: true,
			rows: signIn("ann@corp.example", "2026-11-01T10:00:00Z", "198.51.100.7", "") + signIn("rob@corp.example", "2026-11-01T10:50:00Z", "198.51.100.7", "") +
				signIn("ann@corp.example", "2026-11-02T10:00:00Z", "198.51.100.7", "") + signIn("rob@corp.example", "2026-11-02T10:50:00Z", "198.51.100.7", ""),
			want: []string{"sign_in_ip"},
		},
		{
			name:  "one line, but hours apart",
			staff: true,
			rows:  signIn("ann@corp.example", "2026-11-01T10:00:00Z", "198.51.100.7", "") + signIn("rob@corp.example", "2026-11-01T14:50:00Z", "198.51.100.7", ""),
		},
		{
			name:  "carrier, exit and hosting",
			staff: true,
			rows: signIn("ann@corp.example", "2026-11-01T10:00:00Z", "198.51.100.7", `,"asn":64500,"as_org":"Mobile"`) + signIn("rob@corp.example", "2026-11-01T10:50:00Z", "198.51.100.7", `,"asn":64500,"as_org":"Mobile"`) +
				signIn("ann@corp.example", "2026-11-03T10:00:00Z", "198.51.100.8", `,"asn":64501`) + signIn("rob@corp.example", "2026-11-03T10:50:00Z", "198.51.100.8", `,"asn":64501`) +
				signIn("ann@corp.example", "2026-11-05T10:00:00Z", "203.0.113.9", "") + signIn("rob@corp.example", "2026-11-05T10:50:00Z", "203.0.113.9", ""),
			st:   settings.Settings{Egress: prefixes("203.0.113.0/24")},
			want: []string{"sign_in_ip (declared egress)", "sign_in_ip (hosting provider)", "sign_in_ip (mobile carrier)"},
		},
		{
			name:  "one host list: two issued laptops behind one address",
			staff: true,
			rows: `{"record":"device","handle":"email:ann@corp.example","device_key":"S1","last_seen":"2026-11-18T10:00:00Z","public_ip":"198.51.100.7"}
{"record":"device","handle":"email:rob@corp.example","device_key":"S2","last_seen":"2026-11-18T11:00:00Z","public_ip":"198.51.100.7"}`,
			want: []string{"device_ip"},
		},
		{
			name:  "devices behind carrier-grade translation",
			staff: true,
			rows: `{"record":"device","handle":"email:ann@corp.example","device_key":"S1","last_seen":"2026-11-18T10:00:00Z","public_ip":"100.64.0.7"}
{"record":"device","handle":"email:rob@corp.example","device_key":"S2","last_seen":"2026-11-18T11:00:00Z","public_ip":"100.64.0.7"}`,
		},
		{
			name:  "one laptop used by both at the same time",
			staff: true,
			rows: signIn("ann@corp.example", "2026-10-01T10:00:00Z", "198.51.100.7", `,"device_key":"S1"`) + signIn("ann@corp.example", "2026-11-15T10:00:00Z", "198.51.100.7", `,"device_key":"S1"`) +
				signIn("rob@corp.example", "2026-10-20T10:00:00Z", "198.51.100.8", `,"device_key":"S1"`) + signIn("rob@corp.example", "2026-11-10T10:00:00Z", "198.51.100.8", `,"device_key":"S1"`),
			want: []string{"device"},
		},
		{
			name:  "one laptop handed on",
			staff: true,
			rows: signIn("ann@corp.example", "2026-01-01T10:00:00Z", "198.51.100.7", `,"device_key":"S1"`) + signIn("ann@corp.example", "2026-03-15T10:00:00Z", "198.51.100.7", `,"device_key":"S1"`) +
				signIn("rob@corp.example", "2026-04-20T10:00:00Z", "198.51.100.8", `,"device_key":"S1"`) + signIn("rob@corp.example", "2026-11-10T10:00:00Z", "198.51.100.8", `,"device_key":"S1"`),
			want: []string{"device (handed on: used one after the other)"},
		},
		{
			name:  "one monitor, one stick",
			staff: true,
			rows: `{"record":"device","handle":"email:ann@corp.example","device_key":"S1"}
{"record":"device","handle":"email:rob@corp.example","device_key":"S2"}
{"record":"device_item","device_key":"S1","kind":"display","vendor_id":"EXA","serial":"CN-77X1"}
{"record":"device_item","device_key":"S2","kind":"display","vendor_id":"EXA","serial":"CN-77X1"}
{"record":"device_item","device_key":"S1","kind":"usb","vendor_id":"1234","product_id":"0001","serial":"AA01BB02"}
{"record":"device_item","device_key":"S2","kind":"usb","vendor_id":"1234","product_id":"0001","serial":"AA01BB02"}
{"record":"device_item","device_key":"S1","kind":"usb","vendor_id":"1234","product_id":"0002","serial":"00000000"}
{"record":"device_item","device_key":"S2","kind":"usb","vendor_id":"1234","product_id":"0002","serial":"00000000"}`,
			want: []string{"monitor", "usb"},
		},
		{
			name:  "one second factor",
			staff: true,
			rows: `{"record":"account_event","account":"ann@corp.example","action":"mfa_added","factor_device":"AUTH-0001"}
{"record":"account_event","account":"rob@corp.example","action":"mfa_added","factor_device":"AUTH-0001"}`,
			want: []string{"mfa"},
		},
		{
			name:  "commits pushed under the other's private address, and one key",
			staff: true,
			rows: `{"record":"persona","handle":"employee:E2","emails":[{"value":"rob.private@example.net"}]}
{"record":"contribution","author_email":"rob.private@example.net","pushed_by":"ann@corp.example","sha":"1","signing_key_id":"KEY0001"}
{"record":"contribution","author_email":"rob@corp.example","pushed_by":"rob@corp.example","sha":"2","signing_key_id":"KEY0001"}`,
			want: []string{"git_email", "git_key"},
		},
		{
			name:  "a colleague's commits rebased",
			staff: true,
			rows: `{"record":"contribution","author_email":"rob@corp.example","pushed_by":"ann@corp.example","sha":"1"}
{"record":"contribution","author_email":"rob@corp.example","pushed_by":"rob@corp.example","sha":"2"}`,
			want: []string{"git_email (a colleague's work address, who pushes as well: rebased or merged)"},
		},
		{
			name:  "bank details changed from the other's line",
			staff: true,
			rows: signIn("rob@corp.example", "2026-11-01T10:00:00Z", "198.51.100.7", "") +
				`{"record":"payment_account","handle":"employee:E1","valid_from":"2026-11-02T10:00:00Z","account_hash":"h","change_ip":"198.51.100.7"}`,
			want: []string{"change_ip"},
		},
		{
			name: "reference submitted from the candidate's line",
			rows: `{"record":"application","handle":"ats:candidate:1","applied_at":"2026-03-01T10:00:00Z","ip":"198.51.100.7"}
{"record":"reference","handle":"ats:candidate:1","referee":{"name":"Rob Specimen","email":"rob@example.net"},"submitted_at":"2026-03-10T10:00:00Z","submit_ip":"198.51.100.7"}`,
			want: []string{"reference_ip", "vouch"},
		},
		{
			name:  "referral",
			staff: true,
			rows:  `{"record":"engagement","handle":"employee:E2","employee_no":"E2","referrer_handle":"employee:E1","start":"2026-01-01"}`,
			want:  []string{"referral"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			world, a, b := two, record.Handle("ats:candidate:1"), record.Handle("ats:candidate:2")
			if c.staff {
				world, a, b = staff, "employee:E1", "employee:E2"
			}
			g := build(rows(t, world+c.rows), &c.st)
			if got := edgesOf(t, g, a, b); !slices.Equal(got, c.want) {
				t.Errorf("edges %q, want %q", got, c.want)
			}
			for _, e := range g.Edges {
				if e.Family == "" || e.Label == "" || e.Key == "" || e.N < len(e.Holders) {
					t.Errorf("incomplete edge: %+v", e)
				}
				if strings.Contains(e.Label, "ann@") || strings.Contains(e.Label, "rob@") || strings.Contains(e.Label, "555") {
					t.Errorf("label %q is not masked", e.Label)
				}
				for _, h := range e.Holders {
					if len(h.Refs) == 0 {
						t.Errorf("%s: an end without rows", e.Kind)
					}
				}
			}
		})
	}
}

func TestResumeText(t *testing.T) {
	words := make([]string, 150)
	for i := range words {
		words[i] = fmt.Sprintf("word%d", i*7919%1000)
	}
	body := strings.Join(words, " ")
	doc := func(n int, text string) string {
		return fmt.Sprintf(`{"record":"document","handle":"ats:candidate:%d","kind":"cv","sections":[{"title":"work","text":%q},{"title":"skills","text":"Go"}]}`+"\n", n, text)
	}
	g := build(rows(t, two+doc(1, body+" and more of my own")+doc(2, "Something of mine. "+body)), nil)
	var e *identity.Edge
	for _, x := range g.Edges {
		if x.Kind == identity.EdgeResumeText {
			e = x
		}
	}
	if e == nil || e.Similarity < 0.9 || len(e.Passages) != 1 {
		t.Fatalf("edge %+v", e)
	}
	p := e.Passages[0]
	if p.A != e.Holders[0].Persona || p.B != e.Holders[1].Persona || p.TextA != body || p.RefA == p.RefB {
		t.Errorf("passage %+v", p)
	}
}

// A crowd shares a value: it is a hub and links nobody.
func TestHub(t *testing.T) {
	var text strings.Builder
	for i := range 12 {
		fmt.Fprintf(&text, `{"record":"persona","handle":"ats:candidate:%d","kind":"candidate","full_name":"Person%c Name%c","phones":[{"e164":"+12025550101"}]}`+"\n", i, 'A'+i, 'M'+i)
	}
	g := build(rows(t, text.String()), nil)
	if len(g.Edges) != 1 || g.Edges[0].Suppressed != "more than 8 holders" || g.Edges[0].N != 12 || g.Edges[0].Weight != 0 {
		t.Errorf("edges %+v", g.Edges)
	}
}

// One person bridges two groups that have nothing else in common: the groups
// stay apart.
func TestOperatorsDoNotChain(t *testing.T) {
	var text strings.Builder
	for i := range 9 {
		fmt.Fprintf(&text, `{"record":"persona","handle":"ats:candidate:%d","kind":"candidate","full_name":"Person%c Name%c"}`+"\n", i, 'A'+i, 'M'+i)
	}
	link := func(kind string, ids ...int) {
		for _, i := range ids {
			fmt.Fprintf(&text, `{"record":"payment_account","handle":"ats:candidate:%d","account_hash":"acc-%s"}`+"\n", i, kind)
			fmt.Fprintf(&text, `{"record":"document","handle":"ats:candidate:%d","kind":"cv","document_id":"doc-%s"}`+"\n", i, kind)
		}
	}
	link("one", 0, 1, 2, 3)
	link("two", 4, 5, 6, 7)
	link("bridge", 3, 4)
	fmt.Fprintln(&text, `{"record":"payment_account","handle":"ats:candidate:8","account_hash":"acc-one"}`) // one family only
	g := build(rows(t, text.String()), nil)
	if len(g.Operators) != 2 {
		t.Fatalf("%d operators, want 2", len(g.Operators))
	}
	for _, o := range g.Operators {
		if len(o.Personas) != 4 || o.Weakest.Weight == 0 || len(o.Links) != 6 || len(o.Links[0].Reasons) != 2 {
			t.Errorf("operator %+v", o)
		}
		if slices.Contains(o.Personas, g.ByHandle("ats:candidate:8")) {
			t.Error("one family joins nobody")
		}
	}
}

// Three unrelated people in one flat, and a couple with one account and one
// landline: they share much and nobody runs them.
func TestHouseholds(t *testing.T) {
	flat := `"home_address":{"line1":"12 Oak St","line2":"Apt 3","postal":"62701","city":"Springfield"}`
	house := `"home_address":{"line1":"5 Elm St","postal":"62701","city":"Springfield"}`
	var text strings.Builder
	for i, n := range []string{"Ann Example", "Rob Specimen", "Kim Sample", "Max Couple", "Mia Pair"} {
		home, mac, ip := flat, "a4:91:b1:00:00:07", "198.51.100.7"
		if i > 2 {
			home, mac, ip = house, "a4:91:b1:00:00:08", "198.51.100.8"
		}
		fmt.Fprintf(&text, `{"record":"engagement","handle":"employee:E%d","name":%q,"employee_no":"E%d","start":"2026-01-01",%s}`+"\n", i, n, i, home)
		fmt.Fprintf(&text, `{"record":"shipment","handle":"employee:E%d","tracking_no":"%d","device_key":"S%d","ship_to":%s}`+"\n", i, i, i, strings.TrimPrefix(home, `"home_address":`))
		fmt.Fprintf(&text, `{"record":"network_obs","device_key":"S%d","at":"2026-11-18T09:00:00Z","public_ip":%q,"anchor":{"gateway_mac":%q}}`+"\n", i, ip, mac)
	}
	for i := 3; i < 5; i++ {
		fmt.Fprintf(&text, `{"record":"payment_account","handle":"employee:E%d","account_hash":"joint"}`+"\n", i)
		fmt.Fprintf(&text, `{"record":"persona","handle":"employee:E%d","phones":[{"e164":"+12175550101"}]}`+"\n", i)
	}
	g := build(rows(t, text.String()), nil)
	if len(g.Personas) != 5 || len(g.Operators) != 0 || len(g.Facilitators) != 0 {
		t.Errorf("%d personas, operators %+v, facilitators %+v", len(g.Personas), g.Operators, g.Facilitators)
	}
	for _, e := range g.Edges {
		if place := e.Family == "shipping" || e.Family == "network"; place && (!e.OpenHome || e.Weight > 1.4) {
			t.Errorf("%s: open %v, weight %.1f", e.Kind, e.OpenHome, e.Weight)
		}
	}
	if got := edgesOf(t, g, "employee:E3", "employee:E4"); !slices.Contains(got, "bank_account") || !slices.Contains(got, "phone") {
		t.Errorf("couple: %v", got)
	}
}

func TestQueues(t *testing.T) {
	g := build(rows(t, `
{"record":"engagement","handle":"employee:E1","name":"Ann Example","employee_no":"E1","work_email":"ann@corp.example","start":"2024-01-01","end":"2025-06-30","work_location":{"cc":"DE"}}
{"record":"engagement","handle":"employee:E2","name":"Rob Specimen","employee_no":"E2","work_email":"rob@corp.example","start":"2024-01-01"}
{"record":"persona","handle":"ats:candidate:1","full_name":"Kim Sample","kind":"candidate"}
{"record":"application","handle":"ats:candidate:1","stage":"Application Review"}
{"record":"persona","handle":"ats:candidate:2","full_name":"Lee Sample","kind":"candidate"}
{"record":"application","handle":"ats:candidate:2","stage":"Phone Screen"}
{"record":"persona","handle":"idp:user:1","handles":["email:svc@corp.example"],"full_name":"Build Service","kind":"account_profile"}
{"record":"persona","handle":"idp:user:2","handles":["email:ann@corp.example"],"full_name":"Ann Example","kind":"account_profile"}
{"record":"session","account":"svc@corp.example","at":"2026-11-01T10:00:00Z","ip":"198.51.100.7"}
{"record":"session","account":"rob","at":"2026-11-01T10:00:00Z","ip":"198.51.100.7"}
{"record":"payment","handle":"payroll:payee:9","name":"Only Paid","account_hash":"z"}`), &settings.Settings{Declared: settings.Declared{ServiceAccounts: []string{"svc@corp.example"}}})
	if g.ByHandle("idp:user:1") != "" {
		t.Error("a service account is a persona")
	}
	ann, rob := persona(t, g, "employee:E1"), persona(t, g, "email:rob@corp.example")
	if !ann.Former || rob.Former || ann.Country != "DE" || ann.End.String() != "2025-06-30" || g.ByHandle("idp:user:2") != ann.ID {
		t.Errorf("ann %+v", ann)
	}
	if !slices.Equal(rob.Account, []string{"rob"}) {
		t.Errorf("the login resolves to %v", rob.Account)
	}
	if kim, lee := persona(t, g, "ats:candidate:1"), persona(t, g, "ats:candidate:2"); !kim.Early || lee.Early {
		t.Errorf("early: %v, %v", kim.Early, lee.Early)
	}
	if p := persona(t, g, "payroll:payee:9"); p.Queue != identity.Staff || !slices.Equal(p.Kinds, []string{"payee"}) {
		t.Errorf("payee %+v", p)
	}
}
