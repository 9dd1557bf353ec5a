package simulate

import "time"

// Innocents who share a home, a line, an address or a place with others, or moved.

func plantCouples(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		at := w.atlas.draw(r)
		a, b := w.colleague(r, wish{at: at, remote: true}), w.colleague(r, wish{at: at, remote: true})
		moveIn(a.home, a, b)
		b.pay, b.switches, a.switches = a.pay, nil, nil
		if r.chance(0.5) {
			w.rename(b, a.family)
		}
		mark(a, b)
	}
}

// rename gives a person another family name before anything was exported.
func (w *world) rename(p *person, family string) {
	p.family = family
	p.email = mailbox(newRNG(w.opt.Seed, "rename/"+p.email), p.given, family)
	p.paysName = p.name()
	if p.work != "" {
		p.work = w.workMail(p)
		for i := range p.switches {
			p.switches[i].by = p.work
		}
	}
	if p.coder != nil {
		p.coder.name, p.coder.email = p.name(), p.work
	}
}

func plantCoLiving(w *world, r *rng, n int, mark func(...*person)) {
	for i := range pairs(n, 3) {
		at := w.atlas.draw(r)
		var house []*person
		for range r.between(3, 4) {
			house = append(house, w.colleague(r, wish{at: at, remote: true}))
		}
		moveIn(house[0].home, house...)
		if i == 0 {
			w.declare.housing = append(w.declare.housing, house[0].home)
		}
		mark(house...)
	}
}

func plantStrangersCouple(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		o := pick(r, w.offices)
		hired := w.workday(w.from.AddDate(0, 0, -r.between(30, 400)))
		a := w.colleague(r, wish{at: o.place, onSite: true, hired: hired})
		b := w.colleague(r, wish{at: o.place, onSite: true, hired: hired.AddDate(0, 0, 7*r.between(0, 30))})
		moveIn(a.home, a, b) // they met at work; both now give the same address
		mark(a, b)
	}
}

func plantParents(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		at := w.atlas.draw(r)
		parent := w.colleague(r, wish{at: at, remote: true})
		child := w.applicant(r, at, r.between(stagePhone, stageTechnical))
		w.rename(child, parent.family)
		if r.chance(0.3) { // named after the parent
			child.given = parent.given
			w.rename(child, parent.family)
		}
		moveIn(parent.home, child)
		child.phone = parent.phone
		child.referredBy, child.application.source = parent.name(), "Referral"
		mark(parent, child)
	}
}

func plantFlats(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 3) {
		at := w.atlas.draw(r)
		var flat []*person
		for range 3 {
			flat = append(flat, w.applicant(r, at, r.between(stageScreen, stageTechnical)))
		}
		moveIn(flat[0].home, flat...)
		line := w.phones.draw(r, at)
		for _, p := range flat {
			p.phone = line
			if c := p.application.call; c != nil {
				c.line = p.home.line
			}
		}
		mark(flat...)
	}
}

func plantMovedAbroad(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{at: w.atlas.in(r, "US"), remote: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(200, 900)))})
		to := w.net.homeLine(r, w.atlas.by[pick(r, []string{"Ciudad de México", "Lisboa", "Valencia"})])
		p.routine.stays = []stay{{0, w.opt.Days, to, true}}
		p.happened(w.from, "moved-abroad", "lives in "+to.place.city+" since before the telemetry")
		mark(p)
	}
}

func plantMovers(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, wish{remote: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(200, 1500)))})
		to := w.newHome(r, w.atlas.other(r, p.home.place))
		day := r.between(w.opt.Days/4, w.opt.Days*3/4)
		p.routine.stays = []stay{{day, w.opt.Days, to.line, true}}
		if i%2 == 0 {
			p.lapHome = to
		} else {
			w.declare.moves = append(w.declare.moves, move{p, to.place, w.date(day), time.Time{}})
		}
		p.happened(w.date(day), "relocation", "to "+to.place.city)
		mark(p)
	}
}

func plantTravellers(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, wish{remote: true})
		for range 5 {
			w.trip(r, p, r.between(3, 8))
		}
		if i%3 == 0 {
			s := p.routine.stays[len(p.routine.stays)-1]
			w.declare.travel = append(w.declare.travel, move{p, s.at.place, w.date(s.from), w.date(s.to)})
		}
		mark(p)
	}
}

func plantBorder(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{at: w.atlas.by["Strasbourg"], remote: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(100, 1500)))})
		p.routine.stays = nil
		p.routine.office, p.routine.officeShare = w.officeAt(w.atlas.by["Berlin"]), 0.1
		p.arrangement = "Hybrid"
		mark(p)
	}
}
