package link

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// describe fills in what follows from the records of each person.
func (b *builder) describe() {
	b.shared = b.declaredHousing()
	for _, account := range b.set.Sessions.Accounts() {
		if p := b.account(account); p >= 0 {
			b.persons[p].Account = append(b.persons[p].Account, account)
		}
	}
	for _, d := range b.devices.list {
		for _, p := range d.holders() {
			b.persons[p].Devices = append(b.persons[p].Devices, d.keys...)
		}
	}
	taken := map[identity.PersonaID]bool{}
	order := make([]*person, len(b.persons))
	for i, p := range b.persons {
		p.Handles, p.Devices, p.Account = unique(p.Handles), unique(p.Devices), unique(p.Account)
		order[i] = p
	}
	slices.SortFunc(order, func(x, y *person) int { return strings.Compare(string(x.Handles[0]), string(y.Handles[0])) })
	for _, p := range order {
		p.ID = identity.NewPersonaID(p.Handles[0])
		for n := 1; taken[p.ID]; n++ { // two handles with one short hash
			p.ID = identity.NewPersonaID(p.Handles[0] + record.Handle(strings.Repeat("\x00", n)))
		}
		taken[p.ID] = true
		b.status(p)
		b.homes(p)
	}
	for _, h := range b.st.Declared.Households {
		members := map[int32]bool{}
		for _, name := range h {
			if i := b.named(name); i >= 0 {
				members[i] = true
			}
		}
		b.households = append(b.households, members)
	}
}

// named resolves a handle or e-mail address that a user wrote.
func (b *builder) named(s string) int32 {
	if e, ok := match.Email(s); ok {
		return b.byEmail(e, "")
	}
	for _, h := range []record.Handle{canonical(record.Handle(s)), record.NewHandle(record.NSEmployee, strings.ToUpper(s)), record.NewHandle(record.NSLogin, strings.ToLower(s))} {
		if i := b.byHandle(h, ""); i >= 0 {
			return i
		}
	}
	return -1
}

// status sets kinds, queue, dates, country and stage.
func (b *builder) status(p *person) {
	r := &p.Records
	for _, c := range r.Claims {
		p.Kinds = append(p.Kinds, cmp.Or(c.PersonaKind, "candidate"))
	}
	if len(r.Applications) > 0 {
		p.Kinds = append(p.Kinds, "candidate")
	}
	for _, e := range r.Engagements {
		p.Kinds = append(p.Kinds, cmp.Or(e.Type, "employee"))
	}
	if len(r.Vouches) > 0 {
		p.Kinds = append(p.Kinds, "referee")
	}
	if len(p.Kinds) == 0 {
		switch {
		case len(r.PaymentAccounts)+len(r.Payments) > 0:
			p.Kinds = []string{"payee"}
		case len(r.Shipments) > 0:
			p.Kinds = []string{"recipient"}
		case p.Queue == identity.Staff:
			p.Kinds = []string{"account"}
		default:
			p.Kinds = []string{"candidate"}
		}
	}
	p.Kinds = unique(p.Kinds)
	b.engaged(p)
	p.Early = p.Queue == identity.Candidate && b.early(r.Applications, r.Meetings)
	for _, e := range r.Engagements {
		p.Country = cmp.Or(p.Country, e.WorkLocation.Country)
	}
	for _, e := range r.Engagements {
		p.Country = cmp.Or(p.Country, e.HomeAddress.Country)
	}
	for _, c := range r.Claims {
		p.Country = cmp.Or(p.Country, c.ClaimedAddress.Country, c.ClaimCountry)
	}
}

// engaged sets first and last day of the current or last engagement.
func (b *builder) engaged(p *person) {
	var last *record.Engagement
	for _, e := range p.Records.Engagements {
		if last == nil || b.open(e) && !b.open(last) || b.open(e) == b.open(last) && last.Start.First().Before(e.Start.First()) {
			last = e
		}
	}
	if last == nil {
		return
	}
	p.Start, p.End = last.Start, last.End
	p.Former = !b.open(last)
}

// open reports whether an engagement goes on, or is yet to begin.
func (b *builder) open(e *record.Engagement) bool {
	if !e.End.IsZero() {
		return !e.End.Last().Before(b.asOf.Truncate(24 * time.Hour))
	}
	return e.Status != "ended"
}

// stages are words in the names of hiring stages, with their order. The first
// stage at which somebody has picked the candidate is 2.
var stages = []struct {
	word string
	rank int
}{
	{"hired", 6},
	{"onboard", 6},
	{"offer", 5},
	{"background", 4},
	{"reference", 4},
	{"interview", 3},
	{"onsite", 3},
	{"on-site", 3},
	{"take home", 3},
	{"take-home", 3},
	{"assessment", 3},
	{"challenge", 3},
	{"final", 3},
	{"test", 3},
	{"phone", 2},
	{"screen", 2},
	{"shortlist", 2},
	{"recruiter", 2},
	{"application", 1},
	{"applied", 1},
	{"review", 1},
	{"new", 1},
	{"lead", 1},
	{"sourced", 1},
	{"inbox", 1},
	{"received", 1},
	{"prospect", 1},
}

// stageRank orders a stage; 0 if its name says nothing.
func stageRank(stage string) int {
	stage = strings.ToLower(stage)
	for _, s := range stages {
		if strings.Contains(stage, s.word) {
			return s.rank
		}
	}
	return 0
}

// early reports whether a candidate is known to stand before the stage from
// which candidates are judged (ruling 7). An unknown stage is not early.
func (b *builder) early(apps []*record.Application, meetings []*record.Meeting) bool {
	from := stageRank(b.st.CandidatesFrom)
	if from == 0 {
		from = 2
	}
	interviewed := slices.ContainsFunc(meetings, func(m *record.Meeting) bool { return m.MeetingKind == "interview" })
	if len(apps) == 0 || interviewed && from <= 3 {
		return false
	}
	for _, a := range apps {
		switch rank := stageRank(a.Stage); {
		case rank == 0 || rank >= from || a.Status == "hired" || !a.OfferedAt.IsZero():
			return false
		}
	}
	return true
}

// housing is an address that unrelated people may share.
type housing struct {
	building string
	why      string
}

// declaredHousing returns the declared shared addresses and those of agencies.
func (b *builder) declaredHousing() []housing {
	var out []housing
	for _, s := range b.st.Declared.SharedAddresses {
		if !s.Until.IsZero() && s.Until.Last().Before(b.asOf.Truncate(24*time.Hour)) {
			continue
		}
		if pl := match.Address(record.Address{Raw: s.Address}); !pl.IsZero() {
			out = append(out, housing{pl.Building, "declared: " + cmp.Or(s.Reason, "shared address")})
		}
	}
	for _, a := range b.st.Declared.Agencies {
		for _, raw := range a.Addresses {
			if pl := match.Address(record.Address{Raw: raw}); !pl.IsZero() {
				out = append(out, housing{pl.Building, "address of the declared agency " + a.Name})
			}
		}
	}
	return out
}

// housingAt says why a building may be shared; "" if nobody declared it.
func (b *builder) housingAt(building string) string {
	for _, h := range b.shared {
		if h.building == building {
			return h.why
		}
	}
	return ""
}

// homes collects the homes a person claims.
func (b *builder) homes(p *person) {
	add := func(a record.Address) {
		pl := match.Address(a)
		if pl.IsZero() || slices.ContainsFunc(p.places, func(q match.Place) bool { return q.Key() == pl.Key() }) {
			return
		}
		p.places = append(p.places, pl)
		if b.housingAt(pl.Building) != "" {
			p.anchor = append(p.anchor, pl.Building)
		}
	}
	for _, e := range p.Records.Engagements {
		add(e.HomeAddress)
	}
	for _, c := range p.Records.Claims {
		add(c.ClaimedAddress)
	}
}

// home writes the first home a person claims, without street: "home: City, Region".
func (p *person) home() string {
	for _, pl := range p.places {
		if pl.Label != "" {
			return "home: " + pl.Label
		}
	}
	for _, e := range p.Records.Engagements {
		if l := placeName(e.HomeAddress); l != "" {
			return "home: " + l
		}
	}
	for _, c := range p.Records.Claims {
		if l := placeName(c.ClaimedAddress); l != "" {
			return "home: " + l
		}
	}
	return ""
}

func placeName(a record.Address) string {
	parts := slices.DeleteFunc([]string{a.City, cmp.Or(a.Region, a.Country)}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}
