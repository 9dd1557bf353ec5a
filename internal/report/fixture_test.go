package report

import (
	"fmt"
	"net/netip"
	"time"

	"muster/internal/assess"
	"muster/internal/baseline"
	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// The fixture is an invented company with three people whose pay meets in one
// account, a cleared traveller, and candidates with hostile names.

var asOf = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func date(s string) record.Date {
	d, err := record.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func at(s string) record.Time {
	t, err := record.ParseTime(s)
	if err != nil {
		panic(err)
	}
	return t
}

func ref(source, file string, line int) record.Ref {
	return record.Ref{Source: source, File: file, Line: line, Key: fmt.Sprintf("k%d", line)}
}

func common(source, file string, line int, when string) record.Common {
	return record.Common{Ref: ref(source, file, line), ObservedAt: at(when)}
}

type person struct {
	name, email, no, start, home, city, region, country string
	lat, lon                                            float64
}

var staff = []person{
	{"Tobias Lindqvist", "t.lindqvist@example.com", "E1042", "2026-02-02", "14 Alder Court, Austin, TX 78701", "Austin", "Texas", "US", 30.27, -97.74},
	{"Marguerite Oyelaran", "m.oyelaran@example.com", "E1043", "2026-03-16", "88 Birch Road, Denver, CO 80202", "Denver", "Colorado", "US", 39.74, -104.99},
	{"Piotr Wasilewski", "p.wasilewski@example.com", "E1051", "2026-05-04", "3 Cedar Lane, Portland, OR 97201", "Portland", "Oregon", "US", 45.52, -122.68},
	{"Inés Carballo", "i.carballo@example.com", "E1007", "2021-09-01", "9 Dune Street, Porto", "Porto", "Porto", "PT", 41.15, -8.61},
	{"Hedda Brunvoll", "h.brunvoll@example.com", "E1009", "2019-04-01", "21 Elm Way, Bergen", "Bergen", "Vestland", "NO", 60.39, 5.32},
}

// hostile are names and values that try to leave their place in a page, a
// spreadsheet or a terminal.
const (
	hostileHTML    = `<script>alert(1)</script>`
	hostileFormula = `=HYPERLINK("http://example.org","x")`
	hostileTerm    = "Ana\x1b[31m Red\u202e Line"
)

func fixture() Input {
	f := &builderFixture{set: &record.Set{}, graph: &identity.Graph{}}
	for i, p := range staff {
		f.addStaff(i, p)
	}
	f.addCandidates()
	f.set.Seal()
	f.link()
	f.graph.Index()
	return Input{
		AsOf: asOf, Settings: fixtureSettings(), Inputs: fixtureInputs(), Quarantine: fixtureQuarantine(), Set: f.set, Graph: f.graph,
		Baseline: fixtureBaseline(), Coverage: fixtureCoverage(f), Detectors: fixtureDetectors(), Assessments: f.assessments(),
		Screening: []Screening{{f.id(4), "name_only", "Example list", "2026-11-01", "X-17", "Hedda Brunvoll", 0.91, []string{"dob"}, "A name alone; the year of birth is not in the input."}},
		BandNotes: []BandNote{{assess.Review, "in invented companies of this size, 8 of ten were real."}},
	}
}

type builderFixture struct {
	set   *record.Set
	graph *identity.Graph
	ids   []identity.PersonaID
}

func (f *builderFixture) id(i int) identity.PersonaID { return f.ids[i] }

func (f *builderFixture) addStaff(i int, p person) {
	handle := record.NewHandle(record.NSEmployee, p.no)
	sub := record.Subject{Handle: handle, Name: p.name}
	yes := true
	claim := &record.Persona{
		Common: common("bamboohr.employees", "hr/employees.csv", i+2, "2026-11-01"), Subject: sub, FullName: p.name,
		Emails: []record.Email{{Value: p.email, Kind: "work"}}, Phones: []record.Phone{{E164: fmt.Sprintf("+1202555010%d", i)}},
		ClaimedAddress: record.Address{Raw: p.home, City: p.city, Region: p.region, Country: p.country}, BirthDate: date(fmt.Sprintf("19%d-04-0%d", 80+i, i+1)),
	}
	app := &record.Application{
		Common: common("greenhouse.applications", "ats/applications.json", 10+i, "2026-01-02"), Subject: sub, JobTitle: "Backend engineer",
		AppliedAt: record.At(date(p.start).First().AddDate(0, 0, -60)), OfferedAt: record.At(date(p.start).First().AddDate(0, 0, -25)), Status: "hired", SourceChannel: "referral",
	}
	eng := &record.Engagement{
		Common: common("bamboohr.employees", "hr/employees.csv", i+2, "2026-11-01"), Subject: sub, Start: date(p.start), EmployeeNo: p.no, WorkEmail: p.email,
		Type: "employee", Title: "Backend engineer", WorkLocation: record.Place{City: p.city, Region: p.region, Country: p.country}, Status: "active",
		HomeAddress: record.Address{Raw: p.home, City: p.city, Region: p.region, Country: p.country},
	}
	if i == 1 {
		eng.Privileged = &yes
	}
	parcel := &record.Shipment{
		Common: common("fedex.shipments", "it/shipments.csv", 40+i, p.start), Subject: sub, Carrier: "FedEx", TrackingNo: fmt.Sprintf("00000%d", i), AssetTag: fmt.Sprintf("AT-%d", i),
		ShippedAt: record.At(date(p.start).First().AddDate(0, 0, -9)), DeliveredAt: record.At(date(p.start).First().AddDate(0, 0, -5)), SignedBy: "R. Halvorsen",
		ShipTo:         record.Address{Raw: "402 Mill Road, Nashville, TN 37201", City: "Nashville", Region: "Tennessee", Country: "US"},
		DeliveredPlace: record.Place{City: "Nashville", Region: "Tennessee", Country: "US"}, DeliveryType: "residence", Status: "delivered",
	}
	account := &record.PaymentAccount{
		Common: common("gusto.bank", "payroll/bank.csv", 60+i, p.start), Subject: sub, Rail: "ach", BankName: "Example Bank", AccountHash: "h0", AccountLast4: "4471", HolderName: "Rowan Halvorsen",
	}
	if i > 2 { // the look-alikes: own home, own account
		parcel.ShipTo, parcel.DeliveredPlace, parcel.SignedBy = eng.HomeAddress, eng.WorkLocation, p.name
		account.AccountHash, account.AccountLast4, account.HolderName = fmt.Sprint("h", i), fmt.Sprint("100", i), p.name
	}
	account.ValidFrom = record.At(date(p.start).First().AddDate(0, 0, 20))
	device := &record.Device{
		Common: common("intune.devices", "it/intune.csv", 80+i, "2026-11-18"), Subject: sub, DeviceKey: fmt.Sprintf("SN-%04d", i), Serial: fmt.Sprintf("SN-%04d", i),
		EnrolledAt: record.At(date(p.start).First().AddDate(0, 0, -2)), LastSeen: at("2026-11-19T08:00:00Z"), Place: record.Place{City: "Nashville", Region: "Tennessee", Country: "US"},
	}
	for _, r := range []record.Record{claim, app, eng, parcel, account, device} {
		f.set.Add(r)
	}
	rec := identity.Records{
		Claims: []*record.Persona{claim}, Applications: []*record.Application{app}, Engagements: []*record.Engagement{eng}, Shipments: []*record.Shipment{parcel},
		PaymentAccounts: []*record.PaymentAccount{account}, Devices: []*record.Device{device},
	}
	f.addPay(&rec, i, p, sub)
	f.addSignIns(i, p)
	if i > 2 {
		badge := &record.Presence{Common: common("badge.log", "site/badge.csv", 5+i, "2026-10-07"), Subject: sub, At: at("2026-10-07T09:00:00Z"), PresenceKind: "badge", Site: "Head office", VerifiedBy: "Reception"}
		f.set.Add(badge)
		rec.Presences = append(rec.Presences, badge)
	}
	id := identity.NewPersonaID(handle)
	f.ids = append(f.ids, id)
	f.graph.Personas = append(f.graph.Personas, &identity.Persona{
		ID: id, Queue: identity.Staff, Kinds: []string{"candidate", "employee"}, Names: []string{p.name}, Emails: []string{p.email}, Phones: []string{claim.Phones[0].E164},
		Handles: []record.Handle{record.NewHandle(record.NSEmail, p.email), handle, record.NewHandle("greenhouse:candidate", fmt.Sprint(100+i))}, Country: p.country,
		Joins:   []identity.Join{{A: handle, B: record.NewHandle(record.NSEmail, p.email), By: "employee number", Text: "One row of the HR list has both."}},
		Records: rec, Devices: []string{device.DeviceKey}, Account: []string{p.email}, Start: date(p.start),
	})
}

func (f *builderFixture) addPay(rec *identity.Records, i int, p person, sub record.Subject) {
	for m := date(p.start).First().AddDate(0, 1, 0); m.Before(asOf); m = m.AddDate(0, 1, 0) {
		pay := &record.Payment{Common: common("gusto.payments", "payroll/payments.csv", 100*(i+1)+int(m.Month()), day(m)), Subject: sub, At: record.At(m), Amount: 5200, Currency: "USD", Rail: "ach", AccountLast4: "4471", Status: "paid"}
		f.set.Add(pay)
		rec.Payments = append(rec.Payments, pay)
	}
}

// addSignIns gives everybody working days of sign-ins: the linked three from one
// place that is none of theirs.
func (f *builderFixture) addSignIns(i int, p person) {
	lat, lon := 36.16, -86.78
	geo, ip := record.Place{Country: "US", Region: "Tennessee", City: "Nashville", Lat: &lat, Lon: &lon, Src: "vendor"}, "203.0.113.77"
	if i > 2 {
		geo, ip = record.Place{Country: p.country, Region: p.region, City: p.city, Lat: &p.lat, Lon: &p.lon, Src: "vendor"}, fmt.Sprintf("198.51.100.%d", i)
	}
	line := 1000 * (i + 1)
	for d := date("2026-02-03").First(); d.Before(asOf); d = d.AddDate(0, 0, 1) {
		if d.Before(date(p.start).First()) || d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || d.YearDay()%23 == 0 {
			continue
		}
		place, addr := geo, ip
		if i == 1 && d.YearDay()%9 == 0 { // now and then from the claimed home
			place, addr = record.Place{Country: "US", Region: p.region, City: p.city, Lat: &p.lat, Lon: &p.lon, Src: "vendor"}, "198.51.100.200"
		}
		if d.YearDay()%31 == 0 {
			addr = "192.0.2.10"
		}
		line++
		f.set.Add(&record.Session{
			Common: record.Common{Ref: record.Ref{Source: "okta.system_log", File: "idp/okta.ndjson", Line: line, Offset: int64(line) * 200}}, Account: p.email,
			At: record.At(d.Add(14 * time.Hour)), SourceKind: "idp", Outcome: "success", IP: netip.MustParseAddr(addr), Geo: place, DeviceKey: fmt.Sprintf("SN-%04d", i),
		})
	}
}

func (f *builderFixture) addCandidates() {
	for i, name := range []string{hostileHTML, hostileFormula, hostileTerm} {
		handle := record.NewHandle("greenhouse:candidate", fmt.Sprint(300+i))
		sub := record.Subject{Handle: handle, Name: name}
		claim := &record.Persona{Common: common("greenhouse.candidates", "ats/"+"candidates.json", 200+i, "2026-11-10"), Subject: sub, FullName: name, Phones: []record.Phone{{E164: "+12025550177"}}}
		app := &record.Application{Common: common("greenhouse.applications", "ats/applications.json", 300+i, "2026-11-10"), Subject: sub, JobTitle: `Data "engineer" <b>`, AppliedAt: at("2026-11-10T12:00:00Z"), Stage: "shortlist"}
		f.set.Add(claim)
		f.set.Add(app)
		id := identity.NewPersonaID(handle)
		f.ids = append(f.ids, id)
		f.graph.Personas = append(f.graph.Personas, &identity.Persona{
			ID: id, Queue: identity.Candidate, Kinds: []string{"candidate"}, Names: []string{name}, Emails: []string{fmt.Sprintf("cand%d@example.org", i)}, Handles: []record.Handle{handle},
			Records: identity.Records{Claims: []*record.Persona{claim}, Applications: []*record.Application{app}},
		})
	}
}

func (f *builderFixture) link() {
	three := f.ids[:3]
	var links []identity.Link
	for i := range three {
		for j := i + 1; j < 3; j++ {
			links = append(links, identity.Link{A: three[i], B: three[j], Weight: 4.6 - float64(j)/2, Reasons: []identity.Reason{
				{Kind: identity.EdgeBankAccount, Family: "payment", Text: "both are paid to one account ending 4471", Weight: 2.6},
				{Kind: identity.EdgeSignInIP, Family: "network", Text: "both signed in from 203.0.113.77 within an hour on 118 days", Weight: 2 - float64(j)/2},
			}})
		}
	}
	f.graph.Operators = []*identity.Operator{{ID: identity.NewOperatorID(three[0]), Personas: three, Links: links, Weakest: links[1]}}
	f.graph.Facilitators = []*identity.Facilitator{
		{ID: identity.NewFacilitatorID("address", "mill road"), Kind: "address", Label: "402 Mill Road, Nashville", Personas: three, Surprise: 7.4, Evidence: []string{"three parcels to one home that nobody claims"}},
		{ID: identity.NewFacilitatorID("account", "h0"), Kind: "account", Label: "account ending 4471", Personas: three, Surprise: 6.1, Evidence: []string{"pay of three people"}},
	}
	f.graph.Edges = []*identity.Edge{{Kind: identity.EdgeSignInIP, Family: "network", Label: "192.0.2.10", N: 5, Suppressed: "declared egress", Holders: []identity.Holder{{Persona: f.ids[0]}, {Persona: f.ids[1]}}}}
}

func fixtureSettings() *settings.Settings {
	return &settings.Settings{
		Organisation: "Example GmbH", Notices: settings.Notices{Monitoring: []settings.Notice{{Country: "*", Date: date("2026-01-10")}}},
		Egress: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Payroll: settings.Payroll{NextRun: date("2026-12-01")},
		Approved: settings.Approved{RemoteTools: []string{"TeamViewer"}},
		Declared: settings.Declared{Accommodations: []settings.Accommodation{{Person: "h.brunvoll@example.com", Covers: []string{"camera"}}}},
		Weights:  map[string]settings.Weight{"W05": {Nats: 0.3, Reason: "mobile field staff"}},
	}
}

func fixtureBaseline() *baseline.Set {
	return &baseline.Set{
		AsOf: asOf, Staff: 5, Personas: 8, Accounts: 5, Devices: 5,
		Egress:    map[netip.Addr]baseline.Shared{netip.MustParseAddr("192.0.2.10"): {Why: "declared egress", Accounts: 5}},
		Carriers:  map[int64]string{64500: "Example Mobile"},
		Tools:     map[string]baseline.Prevalence{"TeamViewer": {Devices: 4, Of: 5}, "RustDesk": {Devices: 5, Of: 60}},
		Domains:   []string{"example.com"},
		Centroids: map[string]baseline.Point{"US/Texas/Austin": {Lat: 30.27, Lon: -97.74}, "US/Colorado/Denver": {Lat: 39.74, Lon: -104.99}, "US/Oregon/Portland": {Lat: 45.52, Lon: -122.68}, "US/Tennessee/Nashville": {Lat: 36.16, Lon: -86.78}},
		Sources:   map[string]bool{"homes": true, "presence": true},
	}
}

func fixtureInputs() []InputFile {
	return []InputFile{
		{Path: "payroll/bank.csv", Formats: []InputFormat{{Format: "gusto.bank", Records: 5, Mapped: 5}}},
		{Path: "hr/employees.csv", Formats: []InputFormat{{Format: "bamboohr.employees", Records: 6, Mapped: 5, Quarantined: 1, Reasons: map[string]int{"bad_date": 1}}}},
		{Path: "idp/okta.ndjson", Formats: []InputFormat{{Format: "okta.system_log", Records: 1840, Mapped: 912, Ignored: 928}}},
		{Path: "old/notes.bin", Unidentified: true, Why: "no mapping recognises its first records"},
	}
}

func fixtureQuarantine() []QuarantineRow {
	return []QuarantineRow{{File: "hr/employees.csv", Line: 7, Mapping: "bamboohr.employees", Field: "hireDate", Reason: `"soon" is no date`}}
}

const fixtureDoc = `# %s

## What it looks for
%s

## Why
US and Republic of Korea advisory of 2023-10-18; FBI IC3, 2025-01-23.

## Innocent explanations
- a couple with a joint account, both employed here
- an agency that pays for several

## What would clear it
- the bank confirms both as holders of the account

## Next step
- payroll checks both entries against the forms handed in
`

func fixtureDetectors() []*detect.Detector {
	det := func(id, title, looks string, sigs ...signal.ID) *detect.Detector {
		return &detect.Detector{ID: id, Version: 2, Doc: fmt.Sprintf(fixtureDoc, title, looks), Signals: sigs}
	}
	return []*detect.Detector{
		det("shared-payout", "One payout account for several people", "One account for the pay of several.", "P01"),
		det("shared-shipto", "One ship-to for several hires", "Parcels of unrelated hires to one home.", "O03"),
		det("never-converges", "Never seen at home", "Sign-ins that never come from the claimed home.", "W08"),
		det("shared-phone", "One phone for several people", "One number on several identities.", "A01"),
		det("remote-tool", "Unapproved remote tool", "A remote-control tool that IT does not use.", "W09"),
		det("resume-text", "One résumé text for several people", "Near-duplicate résumé texts.", "A09"),
		det("spot-check", "Missed spot check", "Spot checks missed without a reason.", "S01"),
		det("broken", "A check that failed", "Nothing.", "P02"),
	}
}

func fixtureCoverage(f *builderFixture) []detect.Coverage {
	return []detect.Coverage{
		{Detector: "shared-payout", Signals: []signal.ID{"P01"}, Status: detect.Ran, Assessed: 5, Of: 5},
		{Detector: "shared-shipto", Signals: []signal.ID{"O03"}, Status: detect.Ran, Assessed: 4, Of: 5, Personas: map[identity.PersonaID]string{f.id(0): "records"}},
		{Detector: "never-converges", Signals: []signal.ID{"W08"}, Status: detect.Ran, Assessed: 5, Of: 5},
		{Detector: "shared-phone", Signals: []signal.ID{"A01"}, Status: detect.Ran, Assessed: 8, Of: 8},
		{Detector: "remote-tool", Signals: []signal.ID{"W09"}, Status: detect.NotAssessed, Reason: "records", Missing: []record.Kind{record.DeviceItems}, Of: 5},
		{Detector: "resume-text", Signals: []signal.ID{"A09"}, Status: detect.NotAssessed, Reason: "notice", Of: 8},
		{Detector: "spot-check", Signals: []signal.ID{"S01"}, Status: detect.NotAssessed, Reason: "notice", Of: 5},
		{Detector: "broken", Signals: []signal.ID{"P02"}, Status: detect.Failed, Reason: "index out of range at goroutine 7 [running]:\n/somewhere/x.go:1", Of: 5},
	}
}

func (f *builderFixture) assessments() []assess.Assessment {
	weigh := func(det string, sig signal.ID, who int, strength signal.Strength, w float64, why, summary string, with []identity.PersonaID, ev ...finding.Evidence) assess.Weighed {
		return assess.Weighed{Nats: 2.2, Weight: w, Why: why, Finding: finding.Finding{
			Detector: det, Signal: sig, Version: 2, Subject: f.id(who), Strength: strength, Summary: summary, Evidence: ev, With: with, ObservedAt: date("2026-10-01").First(),
		}}
	}
	var out []assess.Assessment
	for i := range 3 {
		others := []identity.PersonaID{f.id((i + 1) % 3), f.id((i + 2) % 3)}
		line := 1000*(i+1) + 1
		a := assess.Assessment{
			Persona: f.id(i), Queue: identity.Staff, Band: assess.Band(3 - i), Weight: 6.6 - 1.5*float64(i),
			Families: []assess.Family{{Name: "payment", Weight: 2.2}, {Name: "shipping", Weight: 2.2}, {Name: "location", Weight: 2.2}},
			Findings: []assess.Weighed{
				weigh("shared-payout", "P01", i, signal.Strong, 2.2, "", "One account receives the pay of 3 people", others,
					finding.Evidence{Text: "The account ending 4471 is the pay account of 3 people.", Refs: []record.Ref{ref("gusto.bank", "payroll/bank.csv", 60+i), ref("gusto.bank", "payroll/bank.csv", 60+(i+1)%3)}}),
				weigh("shared-shipto", "O03", i, signal.Strong, 2.2, "", "Equipment of 3 unrelated hires went to one home", others,
					finding.Evidence{Text: "Parcels for 3 people were delivered to 402 Mill Road, Nashville, TN 37201, signed by R. Halvorsen.", Refs: []record.Ref{ref("fedex.shipments", "it/shipments.csv", 40+i)}}),
				weigh("never-converges", "W08", i, signal.Strong, 2.2, "", "Sign-ins come from Nashville, 1,220 km from the claimed home", nil,
					finding.Evidence{Text: "On 118 of 120 days " + staff[i].name + " signed in from Nashville.", Refs: []record.Ref{{Source: "okta.system_log", File: "idp/okta.ndjson", Line: line, Offset: int64(line) * 200}}}),
				weigh("shared-payout", "P03", i, signal.Medium, 0, "corroborates P01", "The bank answers that the holder is somebody else", nil,
					finding.Evidence{Text: "Holder on file: Rowan Halvorsen.", Refs: []record.Ref{ref("gusto.bank", "payroll/bank.csv", 60+i)}}),
			},
			NextIrreversible: []assess.Step{{What: "pay", At: date("2026-12-01"), Text: "the next pay run"}},
			Check:            "Ask the bank for its own name check on the account ending 4471.", Evidence: fmt.Sprintf("fp-%d", i),
		}
		a.Weight = round(a.Weight)
		out = append(out, a)
	}
	out = append(out, assess.Assessment{
		Persona: f.id(3), Queue: identity.Staff, Decision: "cleared on 2026-09-01 by D. Moreau: travel booked; holds while the findings are the same",
		Protective: []assess.Protective{{Text: "badge used at an own site on 12 days", Weight: -0.9, Refs: []record.Ref{ref("badge.log", "site/badge.csv", 8)}}},
		VerifiedBy: []assess.Verification{{Kind: "badge", At: date("2026-10-07").First(), By: "Reception", Refs: []record.Ref{ref("badge.log", "site/badge.csv", 8)}}},
	}, assess.Assessment{
		Persona: f.id(4), Queue: identity.Staff,
		VerifiedBy: []assess.Verification{{Kind: "badge", At: date("2026-10-07").First(), By: "Reception"}, {Kind: "id_check", At: date("2019-04-01").First(), By: "HR Bergen"}},
	})
	for i := 5; i < 8; i++ {
		out = append(out, assess.Assessment{
			Persona: f.id(i), Queue: identity.Candidate, Band: assess.Watch, Weight: 2.2, Families: []assess.Family{{Name: "contact", Weight: 2.2}},
			Findings: []assess.Weighed{weigh("shared-phone", "A01", i, signal.Strong, 2.2, "", "One phone number on 3 applications", nil,
				finding.Evidence{Text: "+1 202-555-0177 is on the application of " + hostileHTML, Refs: []record.Ref{ref("greenhouse.candidates", "ats/candidates.json", 195+i)}})},
			NextIrreversible: []assess.Step{{What: "shipment", Text: "an offer is out; equipment follows"}}, Check: "Call the number and ask for each of them.",
			Protective: []assess.Protective{{Text: "attended an off-site meeting", Weight: -0.7}},
		})
	}
	return out
}
