package scan

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/assess"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Rows of the companies below. Everybody is invented.
func worker(n int, name, home, more string) string {
	return fmt.Sprintf(`{"record":"engagement","handle":"employee:E%[1]d","handles":["email:e%[1]d@corp.example"],"name":%[2]q,"employee_no":"E%[1]d","work_email":"e%[1]d@corp.example","start":"2024-02-0%[1]d","type":"employee","status":"active","home_address":{%[3]s}%[4]s}
{"record":"persona","handle":"employee:E%[1]d","name":%[2]q,"kind":"employee","full_name":%[2]q,"phones":[{"e164":"+120255501%02[1]d"}]}
`, n, name, home, more)
}

func applicant(n int, name, more string) string {
	return fmt.Sprintf(`{"record":"persona","handle":"greenhouse:candidate:%[1]d","name":%[2]q,"kind":"candidate","full_name":%[2]q,"observed_at":"2026-09-0%[3]d"%[4]s}
{"record":"application","handle":"greenhouse:candidate:%[1]d","name":%[2]q,"applied_at":"2026-09-0%[3]dT10:00:00Z","stage":"offer","status":"active","ip":"198.51.100.%[1]d"}
`, n, name, 1+n%9, more)
}

func flat(n int, unit, city, region string) string {
	return fmt.Sprintf(`"line1":"%d Birch Road","line2":%q,"city":%q,"region":%q,"postal":"83%03d","cc":"US"`, n, unit, city, region, n)
}

// laptop is an issued device at a line on three days, with its network.
func laptop(n int, ip, gateway string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"record":"device","handle":"email:e%[1]d@corp.example","device_key":"S%[1]d","last_seen":"2026-11-18T10:00:00Z","public_ip":%[2]q}`+"\n", n, ip)
	for d := 16; d < 19; d++ {
		fmt.Fprintf(&b, `{"record":"network_obs","device_key":"S%[1]d","kind":"lan","at":"2026-11-%[2]dT09:00:00Z","public_ip":%[3]q,"anchor":{"gateway_mac":%[4]q}}`+"\n", n, d, ip, gateway)
		fmt.Fprintf(&b, `{"record":"session","account":"e%[1]d@corp.example","at":"2026-11-%[2]dT09:%02[1]d:00Z","ip":%[3]q,"source_kind":"idp","outcome":"success"}`+"\n", n, d, ip)
	}
	return b.String()
}

func parcel(n int, to string) string {
	return fmt.Sprintf(`{"record":"shipment","handle":"email:e%[1]d@corp.example","tracking_no":"1Z999AA1000%[1]d","device_key":"S%[1]d","shipped_at":"2024-01-2%[1]d","delivered_at":"2024-01-2%[1]d","ship_to":{%[2]s}}`+"\n", n, to)
}

func pay(n int, account string) string {
	return fmt.Sprintf(`{"record":"payment_account","handle":"employee:E%[1]d","account_hash":%[2]q,"account_last4":"0777","valid_from":"2024-02-10"}`+"\n", n, account)
}

func job(handle, name, org, title, from, to, text string) string {
	return fmt.Sprintf(`{"record":"history_item","handle":%q,"name":%q,"kind":"work","org":%q,"title":%q,"start":%q,"end":%q,"summary":%q}`+"\n", handle, name, org, title, from, to, text)
}

func contact(mail, phone string) string {
	return fmt.Sprintf(`,"handles":["email:%[1]s"],"emails":[{"value":%[1]q}],"phones":[{"e164":%[2]q}]`, mail, phone)
}

// innocent are the people who look like one hand and are not. None of them may get
// beyond context: no band, and no weight but what an open home is worth (ruling 3).
var innocent = []struct {
	name string
	rows func() string
	st   settings.Settings
	one  bool // they are one persona
	home bool // an openly shared home, which is one fact of medium weight at most
}{
	{name: "couple that shares home, line, account and parcels", home: true, rows: func() string {
		home := flat(9, "Apt 4", "Boise", "ID")
		var s strings.Builder
		for i, n := range []string{"Ewin Hartsel", "Fenna Moss"} {
			s.WriteString(worker(i+1, n, home, "") + laptop(i+1, "198.51.100.9", "a4:91:b1:00:00:09") + parcel(i+1, home) + pay(i+1, "joint"))
		}
		return s.String()
	}},
	{
		name: "declared household", rows: func() string {
			var s strings.Builder
			for i, n := range []string{"Ewin Hartsel", "Fenna Moss"} {
				s.WriteString(worker(i+1, n, flat(9, "", "Boise", "ID"), "") + laptop(i+1, "198.51.100.9", "a4:91:b1:00:00:09") + parcel(i+1, flat(9, "", "Boise", "ID")) + pay(i+1, "joint"))
			}
			return s.String()
		},
		st: settings.Settings{Declared: settings.Declared{Households: [][]string{{"employee:E1", "employee:E2"}}}},
	},
	{
		name: "candidates of a declared agency with its telephone, mail and address", rows: func() string {
			var s strings.Builder
			for i, n := range []string{"Calix Undren", "Dovra Pelling", "Gorrin Vael", "Hesta Quill"} {
				s.WriteString(applicant(i+1, n, fmt.Sprintf(`,"handles":["email:p%[1]d@staffing.example"],"emails":[{"value":"p%[1]d@staffing.example"}],"phones":[{"e164":"+12025550199"}],"claimed_address":{"raw":"5 Agency Way, Columbus, OH 43004"}`, i)))
			}
			return s.String()
		},
		st: settings.Settings{Declared: settings.Declared{Agencies: []settings.Agency{{Name: "Staffing Example", Domains: []string{"staffing.example"}, Phones: []string{"+1 202 555 0199"}, Addresses: []string{"5 Agency Way, Columbus, OH 43004"}}}}},
	},
	{name: "shared flat of four", home: true, rows: func() string {
		var s strings.Builder
		for i, n := range []string{"Calix Undren", "Dovra Pelling", "Gorrin Vael", "Hesta Quill"} {
			s.WriteString(worker(i+1, n, flat(9, "Apt 4", "Boise", "ID"), "") + laptop(i+1, "198.51.100.9", "a4:91:b1:00:00:09") + parcel(i+1, flat(9, "Apt 4", "Boise", "ID")) + pay(i+1, fmt.Sprint("own", i)))
		}
		return s.String()
	}},
	{name: "flats of one building", rows: func() string {
		var s strings.Builder
		for i, n := range []string{"Calix Undren", "Dovra Pelling", "Gorrin Vael", "Hesta Quill"} {
			home := flat(9, fmt.Sprintf("Apt %d", i+1), "Boise", "ID")
			s.WriteString(worker(i+1, n, home, "") + laptop(i+1, fmt.Sprintf("198.51.100.%d", i+20), fmt.Sprintf("a4:91:b1:00:01:0%d", i)) + parcel(i+1, home))
		}
		return s.String()
	}},
	{name: "co-working space", rows: func() string {
		var s strings.Builder
		for i, n := range []string{"Calix Undren", "Dovra Pelling", "Gorrin Vael", "Hesta Quill", "Ilse Varn"} {
			home := flat(10*(i+1), "", "Boise", "ID")
			s.WriteString(worker(i+1, n, home, "") + laptop(i+1, "198.51.100.9", "a4:91:b1:00:00:09") + parcel(i+1, home))
		}
		return s.String()
	}},
	{name: "one university: campus line, degree and years", rows: func() string {
		var s strings.Builder
		for i, n := range []string{"Calix Undren", "Dovra Pelling", "Gorrin Vael", "Hesta Quill", "Ilse Varn", "Jorn Askel"} {
			h := fmt.Sprintf("greenhouse:candidate:%d", i+1)
			s.WriteString(strings.ReplaceAll(applicant(i+1, n, contact(fmt.Sprintf("p%d@mail.example.org", i), fmt.Sprintf("+120255501%02d", i))), fmt.Sprintf(`"198.51.100.%d"`, i+1), `"198.51.100.200"`))
			s.WriteString(fmt.Sprintf(`{"record":"history_item","handle":%q,"name":%q,"kind":"education","org":"State University Example","title":"BSc Computer Science","start":"2020","end":"2024"}`+"\n", h, n))
		}
		return s.String()
	}},
	{name: "twins of a common name", rows: func() string {
		var s strings.Builder
		for i := range 3 {
			s.WriteString(applicant(i+1, "Jane Miller", fmt.Sprintf(`,"dob":"199%d-03-1%d"`, i, i)+contact(fmt.Sprintf("jane.miller%d@mail.example.org", i), fmt.Sprintf("+120255501%02d", 40+i))))
		}
		return s.String() + worker(4, "Jane Miller", flat(9, "", "Boise", "ID"), "")
	}},
	{name: "recycled telephone of somebody who left", rows: func() string {
		return `{"record":"engagement","handle":"employee:E1","name":"Calix Undren","employee_no":"E1","work_email":"e1@corp.example","start":"2019-02-01","end":"2022-03-01","type":"employee","status":"ended","end_reason":"voluntary"}
{"record":"persona","handle":"employee:E1","name":"Calix Undren","kind":"employee","full_name":"Calix Undren","observed_at":"2022-02-01","phones":[{"e164":"+12025550143"}]}
` + applicant(2, "Dovra Pelling", contact("dovra@mail.example.org", "+12025550143"))
	}},
	{name: "applied again under a married name", one: true, rows: func() string {
		text := "Designed the ledger service of the bank and led its rollout to nine countries with a team of five engineers on call"
		var s strings.Builder
		for i, n := range []string{"Dovra Pelling", "Dovra Ostrand"} {
			h := fmt.Sprintf("greenhouse:candidate:%d", i+1)
			s.WriteString(applicant(i+1, n, contact("dovra@mail.example.org", "+12025550143")) + job(h, n, "Northwind Energy", "Engineer", "2019-05", "2021-03", text) + job(h, n, "Contoso Rail", "Engineer", "2021-04", "2024-06", "Kept the timetable service running"))
		}
		return s.String()
	}},
	{name: "applied again under another name and mailbox", one: true, rows: func() string {
		text := "Designed the ledger service of the bank and led its rollout to nine countries with a team of five engineers on call"
		var s strings.Builder
		for i, n := range []string{"Dovra Pelling", "Dovra Ostrand"} {
			h := fmt.Sprintf("greenhouse:candidate:%d", i+1)
			s.WriteString(applicant(i+1, n, `,"dob":"1990-03-14"`+contact(fmt.Sprintf("dovra%d@mail.example.org", i), "+12025550143")) + job(h, n, "Northwind Energy", "Engineer", "2019-05", "2021-03", text) + job(h, n, "Contoso Rail", "Engineer", "2021-04", "2024-06", "Kept the timetable service running"))
		}
		return s.String()
	}},
}

// analyse runs everything behind reading on canonical rows.
func analyse(t *testing.T, rows string, st settings.Settings) *Result {
	t.Helper()
	set := new(record.Set)
	for i, line := range strings.Split(strings.TrimSpace(rows), "\n") {
		r, err := record.Unmarshal([]byte(line))
		if err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		ref := &r.Meta().Ref
		ref.Source, ref.File, ref.Line, ref.Key = "test", "rows.ndjson", i+1, fmt.Sprint(i+1)
		set.Add(r)
	}
	set.Seal()
	st.Notices.Monitoring = []settings.Notice{{Country: "*", Date: record.Date{Year: 2020, Month: 1, Day: 1}}}
	res, err := Analyse(context.Background(), set, Options{Settings: &st, AsOf: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestInnocent(t *testing.T) {
	for _, c := range innocent {
		t.Run(c.name, func(t *testing.T) {
			res := analyse(t, c.rows(), c.st)
			if c.one && len(res.Graph.Personas) != 1 {
				t.Errorf("%d personas, want one", len(res.Graph.Personas))
			}
			for _, o := range res.Graph.Operators {
				t.Errorf("taken for one hand: %+v", o)
			}
			for _, f := range res.Graph.Facilitators {
				t.Errorf("taken for a hub: %+v", f)
			}
			for _, a := range res.Assessments {
				for _, f := range a.Findings {
					if f.Finding.Strength > signal.Context {
						t.Logf("%s: %s %s %.2f %s (%s)", res.Graph.Persona(a.Persona).Name(), f.Finding.Signal, f.Finding.Strength, f.Weight, f.Finding.Summary, f.Why)
					}
				}
				if most := map[bool]assess.Band{true: assess.Watch, false: assess.None}[c.home]; a.Band > most || len(a.Families) > 1 {
					t.Errorf("%s is at %s with %v", res.Graph.Persona(a.Persona).Name(), a.Band, a.Families)
				}
			}
		})
	}
}

// The real person whose identity a case used gets nothing of the case when applying
// later (LR-25); the next persona of the same hand does.
func TestVictim(t *testing.T) {
	text := "Designed the ledger service of the bank and led its rollout to nine countries with a team of five engineers on call"
	rows := `{"record":"engagement","handle":"employee:E1","name":"Calix Undren","employee_no":"E1","work_email":"e1@corp.example","start":"2025-02-01","end":"2026-07-01","type":"employee","status":"ended","end_reason":"dismissed"}
{"record":"persona","handle":"employee:E1","name":"Calix Undren","kind":"employee","full_name":"Calix Undren","observed_at":"2026-02-01","phones":[{"e164":"+12025550143"}]}
` + job("employee:E1", "Calix Undren", "Northwind Energy", "Engineer", "2019-05", "2021-03", text)
	later := func(name, phone string) string {
		return applicant(2, name, contact("somebody@mail.example.org", phone)) + job("greenhouse:candidate:2", name, "Northwind Energy", "Engineer", "2019-05", "2021-03", text)
	}
	confirmed := settings.Known{Confirmed: []string{"employee:E1"}}
	victim := settings.Known{Confirmed: []string{"employee:E1"}, Victims: []string{"greenhouse:candidate:2"}}
	for _, c := range []struct {
		name, rows string
		known      settings.Known
		signal     signal.ID // that must be there
		weighs     bool
	}{
		{"the next persona: same number and résumé under another name", later("Dovra Pelling", "+12025550143"), confirmed, "H01", true},
		{"the recorded victim, even with the number that the case used", later("Calix Undren-Smith", "+12025550143"), victim, "H03", false},
		{"the real person before anybody recorded it: same name and résumé", later("Calix Undren", "+12025550177"), confirmed, "H03", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := analyse(t, rows+c.rows, settings.Settings{Known: c.known})
			id := res.Graph.ByHandle("greenhouse:candidate:2")
			for _, a := range res.Assessments {
				if a.Persona != id {
					continue
				}
				found := map[signal.ID]bool{}
				for _, f := range a.Findings {
					found[f.Finding.Signal] = true
				}
				if !found[c.signal] || found["H01"] != (c.signal == "H01") {
					t.Errorf("signals %v, want %s", found, c.signal)
				}
				if !c.weighs && (a.Weight != 0 || a.Band != assess.None) {
					t.Errorf("at %s with %.2f nats: %v", a.Band, a.Weight, a.Families)
				}
				if c.signal == "H01" && a.Band < assess.Review {
					t.Errorf("at %s with %v", a.Band, a.Families)
				}
				if c.signal == "H03" && a.Band > assess.Watch {
					t.Errorf("at %s with %v", a.Band, a.Families)
				}
			}
		})
	}
}
