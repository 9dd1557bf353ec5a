package simulate

import (
	"time"
)

const teamSize = 8

// wish says what kind of colleague is wanted; zero values leave it to chance.
type wish struct {
	at                    *place
	hired                 time.Time
	remote, onSite, coder bool
	windows               bool
	job                   *job
}

// colleague adds somebody ordinary to the roster.
func (w *world) colleague(r *rng, want wish) *person {
	at := want.at
	switch {
	case at != nil:
	case want.onSite || r.chance(0.35):
		at = pick(r, w.offices).place
	default:
		at = w.atlas.draw(r)
	}
	p := w.newPerson(r, at)
	p.job = drawJob(r)
	switch {
	case want.job != nil:
		p.job = *want.job
	case want.coder:
		p.job = pick(r, remoteJobs)
	}
	if want.remote {
		p.job.remote = 1
	}
	if want.onSite {
		p.job.remote = 0
	}
	if want.hired.IsZero() {
		want.hired = w.hireDate(r)
	}
	w.employ(r, p, want.hired, want.windows)
	return p
}

// hireStaff fills the roster with ordinary people.
func (w *world) hireStaff() {
	for n := 0; len(w.staff) < w.opt.Staff; n++ {
		r := newRNG(w.opt.Seed, "staff/"+number4(n))
		var want wish
		if n%teamSize == 0 {
			want.hired = w.workday(w.opt.AsOf.AddDate(0, 0, -r.between(900, 3300)))
		}
		if n == 0 {
			want.job = &job{title: "IT Administrator", dept: "IT"}
		}
		p := w.colleague(r, want)
		if p.hired.Before(w.from.AddDate(0, -6, 0)) && n%teamSize != 0 && r.chance(0.05) {
			p.ended = r.day(p.hired.AddDate(0, 4, 0), w.opt.AsOf.AddDate(0, 0, -3))
		}
	}
	w.arrangeTeams()
}

// hireDate spreads hires: some within the telemetry, a third within two years.
func (w *world) hireDate(r *rng) time.Time {
	switch weighted(r, 8, 24, 68) {
	case 0:
		return w.workday(w.from.AddDate(0, 0, r.between(2, w.opt.Days-5)))
	case 1:
		return w.workday(w.from.AddDate(0, 0, -r.between(1, 640)))
	}
	return w.workday(w.from.AddDate(0, 0, -r.between(640, 3300)))
}

// workday moves a date to a Monday to Friday, most often the Monday.
func (w *world) workday(t time.Time) time.Time {
	t = t.Truncate(24 * time.Hour)
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// employ gives a person all that comes with a job here.
func (w *world) employ(r *rng, p *person, hired time.Time, windows bool) {
	p.hired, p.work, p.kind = hired, w.workMail(p), "Full-Time"
	if r.chance(0.08) {
		p.kind = "Contractor"
	}
	p.arrangement = "Remote"
	o := w.officeAt(p.home.place)
	if o != nil && !r.chance(p.job.remote) {
		p.arrangement = pick(r, []string{"Hybrid", "Hybrid", "Office"})
	}
	build := w.newDevice
	if windows {
		build = w.windowsLaptop
	}
	p.device = build(r, hired.AddDate(0, 0, -r.between(0, 1)))
	if hired.Before(w.from.AddDate(-2, 0, 0)) { // laptops are replaced
		p.device.enrolled = w.from.AddDate(0, 0, -r.between(20, 700))
	}
	p.pay = w.newAccount(r, p.home.place.country)
	w.settle(r, p, o)
	w.equip(r, p, o)
	w.enrolFactors(r, p)
	if p.job.coder {
		w.newCoder(r, p)
	}
	if hired.After(w.opt.AsOf.AddDate(-2, 0, 0)) {
		w.wasCandidate(r, p)
	}
	if r.chance(0.05) {
		p.switches = append(p.switches, w.newSwitch(r, p, r.day(later(hired, w.opt.AsOf.AddDate(-1, 0, 0)), w.opt.AsOf.AddDate(0, 0, -2))))
	}
	w.staff = append(w.staff, p)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (w *world) officeAt(at *place) *office {
	for _, o := range w.offices {
		if o.place == at {
			return o
		}
	}
	return nil
}

// settle draws the routine: hours, office days, and the small irregularities of ordinary life.
func (w *world) settle(r *rng, p *person, o *office) {
	p.routine = routine{
		start: 8.4 + r.NormFloat64()*0.8, hours: 8.2 + r.Float64(), zone: p.home.place.zone, weekends: 0.03,
		phone: 0.08 * r.Float64(), gateway: pick(r, []float64{0, 0, 0, 0.1, 0.3}),
	}
	if p.arrangement != "Remote" {
		p.routine.office, p.routine.officeShare = o, 0.5
		if p.arrangement == "Office" {
			p.routine.officeShare = 0.9
		}
	}
	if r.chance(0.03) {
		p.routine.vpn, p.routine.vpnShare = pick(r, w.vpns), 0.3*r.Float64()
	}
	if r.chance(0.1) {
		p.routine.hotspot = 0.08
	}
	if r.chance(0.04) {
		p.routine.room, p.routine.roomShare = w.coworking(r, p.home.place), 0.2
	}
	if r.chance(0.7) {
		at := r.between(0, w.opt.Days-6)
		p.routine.away = [2]int{at, at + r.between(3, 12)}
	}
	if r.chance(0.1) {
		w.trip(r, p, r.between(2, 6))
	}
}

// trip sends a person somewhere for some days, with the laptop.
func (w *world) trip(r *rng, p *person, days int) {
	to := pick(r, w.atlas.all[:w.atlas.home])
	hotel := w.net.site(r, to, w.net.access(to.country, false)[0].asn, "Example Hotels "+to.city, "Guest")
	at := r.between(0, max(0, w.opt.Days-days))
	p.routine.stays = append(p.routine.stays, stay{at, at + days - 1, hotel, true})
}

// coworking returns the one co-working space of a city.
func (w *world) coworking(r *rng, at *place) *line {
	if w.rooms[at.city] == nil {
		i := w.net.access(at.country, false)[0]
		room := w.net.site(r, at, i.asn, i.org, "Cowork "+at.city)
		for range r.between(4, 9) {
			room.neighbours = append(room.neighbours, w.net.stranger(r))
		}
		w.rooms[at.city] = room
	}
	return w.rooms[at.city]
}

// equip ships the laptop, or hands it out in the office, and lets some be seen in person.
func (w *world) equip(r *rng, p *person, o *office) {
	recent := p.hired.After(w.opt.AsOf.AddDate(0, 0, -400))
	if p.arrangement != "Remote" {
		if recent {
			p.badges = append(p.badges, badge{p.hired.Add(14 * time.Hour), "office_pickup", o.name, "it.desk"})
		}
		return
	}
	if recent {
		w.ship(r, p, p.home)
	}
	if r.chance(0.3) {
		site := pick(r, w.offices)
		if at := r.day(later(p.hired, w.opt.AsOf.AddDate(-1, 0, 0)), w.opt.AsOf.AddDate(0, 0, -1)); p.on(at) {
			p.badges = append(p.badges, badge{at, pick(r, []string{"offsite", "id_check"}), site.name, "people.ops"})
		}
	}
}

// enrolFactors gives the second factors of the first day.
func (w *world) enrolFactors(r *rng, p *person) {
	phone := pick(r, []string{"iPhone 15", "iPhone 14", "Pixel 8", "Pixel 7a", "SM-S911B", "SM-A546B"})
	at := p.hired.Add(time.Duration(r.between(15, 17)) * time.Hour)
	p.factors = append(p.factors, factor{at: at, kind: "OKTA_VERIFY_PUSH", deviceID: "guo" + r.code(17), deviceName: phone, on: p.home.line})
	if r.chance(0.3) {
		p.factors = append(p.factors, factor{at: at.Add(4 * time.Minute), kind: "SMS_FACTOR", phoneEnd: p.phone[len(p.phone)-4:], on: p.home.line})
	}
}

// arrangeTeams groups people by hire order and gives each team its oldest hand as manager.
func (w *world) arrangeTeams() {
	r := newRNG(w.opt.Seed, "teams")
	order := append([]*person(nil), w.staff...)
	r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i := 0; i < len(order); i += teamSize {
		group := order[i:min(i+teamSize, len(order))]
		lead := group[0]
		for _, p := range group {
			if lead.hand != nil || p.hired.Before(lead.hired) && p.hand == nil {
				lead = p
			}
		}
		for _, p := range group {
			p.team = i / teamSize
			if p != lead {
				p.manager = lead
			}
		}
	}
	for _, p := range w.staff {
		if p.job.dept == "IT" {
			w.itLead = p
		}
	}
}
