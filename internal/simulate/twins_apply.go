package simulate

import "time"

// Innocents among the candidates, and around money and parcels.

// applicant adds somebody who applied in the last months and got as far as a stage.
func (w *world) applicant(r *rng, at *place, stage int) *person {
	p := w.newPerson(r, at)
	p.job = drawJob(r)
	w.apply(r, p, r.day(w.opt.AsOf.AddDate(0, -3, 0), w.opt.AsOf.AddDate(0, 0, -28)), stage)
	w.applied = append(w.applied, p)
	return p
}

// applyAgain files an earlier person's next application as a second row of the system.
func (w *world) applyAgain(r *rng, p *person) *person {
	q := w.newPerson(r, p.home.place)
	q.given, q.family, q.phone, q.home, q.email = p.given, p.family, p.phone, p.home, p.email
	q.job, q.truth.Human = p.job, p.truth.Human
	w.apply(r, q, p.application.at.AddDate(0, 0, r.between(12, 24)), r.between(stageScreen, stageTechnical))
	cv := *p.resume
	cv.skills = append([]string{pick(r, skills)}, cv.skills[1:]...)
	q.resume = &cv
	if q.application.call != nil && p.application.call != nil {
		q.application.call.client = p.application.call.client
	}
	w.applied = append(w.applied, q)
	return q
}

func plantRenamed(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		p := w.applicant(r, w.atlas.draw(r), r.between(stageScreen, stageTechnical))
		q := w.applyAgain(r, p)
		_, q.family = w.names.draw(r)
		q.born = p.family
		mark(p, q)
	}
}

func plantAgain(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		p := w.applicant(r, w.atlas.draw(r), r.between(stageScreen, stageTechnical))
		q := w.applyAgain(r, p)
		q.email = mailbox(r, q.given, q.family)
		mark(p, q)
	}
}

func plantFamilyLine(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		at := w.atlas.draw(r)
		a, b := w.applicant(r, at, stageTechnical), w.applicant(r, at, stagePhone)
		b.phone = a.phone
		mark(a, b)
	}
}

func plantRecruiter(w *world, r *rng, n int, mark func(...*person)) {
	line := w.phones.draw(r, w.atlas.by["Chicago"])
	var all []*person
	for range max(n, 3) {
		p := w.applicant(r, w.atlas.in(r, "US"), r.between(stageScreen, stageTechnical))
		p.phone, p.application.source = line, "Bright Bench Staffing Example"
		all = append(all, p)
	}
	w.declare.recruiterPhone = line
	mark(all...)
}

func plantTemplates(w *world, r *rng, n int, mark func(...*person)) {
	var all []*person
	for range max(n, 3) {
		p := w.applicant(r, w.atlas.draw(r), r.between(stageScreen, stageTechnical))
		p.resume.header = "PROFILE PREPARED BY COPPER LANE TALENT EXAMPLE - CONFIDENTIAL"
		p.resume.summary = append(p.resume.summary, commonPhrases[0], commonPhrases[1], commonPhrases[3])
		p.resume.footer = []string{"This profile is presented by Copper Lane Talent Example in confidence and remains its property.", "Please direct all questions and interview requests to your account manager at the agency.", "Candidate has confirmed interest, availability and salary expectations as stated above."}
		p.resumeForm, p.file.author, p.file.editor, p.file.rsid = "docx", "Copper Lane Talent Example", "Copper Lane Talent Example", "00C0FFEE"
		all = append(all, p)
	}
	mark(all...)
}

func plantPopular(w *world, r *rng, n int, mark func(...*person)) {
	f := w.formerEmployer(r)
	boss := w.newReference(r, w.people[0], f, w.opt.AsOf.AddDate(0, -2, 0))
	var all []*person
	for range max(n, 3) {
		p := w.applicant(r, w.atlas.in(r, "US"), stageReferences)
		p.resume.jobs[0].firm = f
		if len(p.refs) > 0 {
			ref := *boss
			ref.requested = p.refs[0].requested
			ref.answer = w.past(ref.requested.Add(time.Duration(r.between(4, 90)) * time.Hour))
			ref.text = praise(r, p.given, f.name)
			p.refs[0] = &ref
		}
		all = append(all, p)
	}
	mark(all...)
}

func plantMutual(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		f := w.formerEmployer(r)
		a := w.applicant(r, w.atlas.draw(r), stageReferences)
		b := w.applicant(r, a.home.place, stageReferences)
		for _, pair := range [][2]*person{{a, b}, {b, a}} {
			p, q := pair[0], pair[1]
			p.resume.jobs[0].firm = f
			if len(p.refs) > 0 {
				ref := p.refs[0]
				ref.name, ref.email, ref.phone, ref.company, ref.relationship = q.name(), q.email, q.phone, f.name, "Colleague"
				if !ref.answer.IsZero() {
					ref.ip, ref.text = q.home.line.ips[0].String(), praise(r, p.given, f.name)
				}
			}
		}
		mark(a, b)
	}
}

// plantVictims lets the real person behind a stolen identity apply: same name, same
// town, other contacts. Without operators the theft is known from an indicator.
func plantVictims(w *world, r *rng, n int, mark func(...*person)) {
	var thieves []*person
	for _, c := range w.cells {
		thieves = append(thieves, c.personas...)
	}
	for i := range n {
		p := w.applicant(r, w.atlas.draw(r), r.between(stageScreen, stageTechnical))
		p.truth.Class = ClassVictim
		if len(thieves) > i {
			t := thieves[i*len(thieves)/n]
			p.home = w.newHome(r, t.home.place)
			p.given = t.given
			w.rename(p, t.family)
			p.application.location = place0(p)
			t.trace("stolen-identity")
		}
		w.declare.victims = append(w.declare.victims, p)
		mark(p)
	}
}

func plantHub(w *world, r *rng, n int, mark func(...*person)) {
	hub := w.newHome(r, w.atlas.by["Columbus"])
	hub.unit = ""
	w.declare.agency, w.declare.hub = "Tradewind Staffing Example", hub
	staff := newRNG(w.opt.Seed, "hub staff")
	hands := []string{"TRADEWIND DOCK"}
	for range 2 {
		given, family := w.names.draw(staff)
		hands = append(hands, given[:1]+". "+family)
	}
	var all []*person
	for range max(n, 3) {
		p := w.colleague(r, w.inWindow(r))
		p.kind, p.agency = "Contractor", w.declare.agency
		w.ship(r, p, hub)
		p.parcel.kind, p.parcel.signed = "business", pick(staff, hands)
		all = append(all, p)
	}
	mark(all...)
}

func plantParcels(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, w.inWindow(r))
		if p.parcel == nil {
			w.ship(r, p, p.home)
		}
		parents := w.newHome(r, w.atlas.other(r, p.home.place))
		switch i % 3 {
		case 0: // asked for before it was sent
			p.parcel.to, p.parcel.at = parents, parents.place
			p.parcel.signed = w.parent(p)
		case 1:
			p.parcel.redirect(r, parents, p.email)
			p.parcel.signed = w.parent(p)
		default:
			shop := w.newHome(r, p.home.place)
			shop.unit = ""
			p.parcel.redirect(r, shop, p.email)
			p.parcel.kind, p.parcel.status, p.parcel.signed = "pickup_point", "held", "PARCEL SHOP"
		}
		p.happened(p.parcel.shipped, "parcel", "sent to family or held while on holiday")
		mark(p)
	}
}

// parent returns who signs at a parents' home: one in three has another family name.
func (w *world) parent(p *person) string {
	r := w.stream(p, "parent")
	given, family := w.names.draw(r)
	if !r.chance(1.0 / 3) {
		family = p.family
	}
	return given[:1] + ". " + family
}

func plantSwitchers(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, w.inWindow(r))
		at := p.hired.AddDate(0, 0, r.between(6, 14)).Add(19 * time.Hour)
		p.switches = []paySwitch{w.newSwitch(r, p, at)}
		if i%2 == 0 {
			s := w.newSwitch(r, p, at.AddDate(0, 0, r.between(8, 14)))
			s.from = p.switches[0].to
			p.switches = append(p.switches, s)
		}
		mark(p)
	}
}

func plantJoint(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true})
		partner := w.colleague(r, wish{at: p.home.place, remote: true, hired: w.workday(w.opt.AsOf.AddDate(-3, 0, 0))})
		partner.ended = r.day(w.opt.AsOf.AddDate(0, -4, 0), w.opt.AsOf.AddDate(0, -1, 0))
		moveIn(p.home, partner)
		p.switches, partner.switches = nil, nil
		p.pay, p.paysName = partner.pay, partner.name()
		mark(p, partner)
	}
}

func plantPairs(w *world, r *rng, n int, mark func(...*person)) {
	for range pairs(n, 2) {
		a, b := w.colleague(r, wish{coder: true, remote: true}), w.colleague(r, wish{coder: true, remote: true})
		a.coder.repos = b.coder.repos
		day := r.between(5, w.opt.Days-12)
		a.coder.strays = append(a.coder.strays, stray{day, day + 6, b.name(), b.work, 0.5})
		b.coder.strays = append(b.coder.strays, stray{0, w.opt.Days, b.given, b.device.host + ".local", 0.15})
		mark(a, b)
	}
}
