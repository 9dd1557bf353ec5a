package simulate

import (
	"strings"
	"time"
)

var channels = []string{"LinkedIn", "Indeed", "Jobs page on your website", "Jobs page on your website", "Referral", "Glassdoor", "Recruiter"}

// takeApplications lets ordinary people apply until the head count is reached.
func (w *world) takeApplications() {
	for n := 0; len(w.applied) < w.opt.Candidates; n++ {
		r := newRNG(w.opt.Seed, "candidate/"+number4(n))
		p := w.newPerson(r, w.atlas.draw(r))
		p.job = drawJob(r)
		at := r.day(w.opt.AsOf.AddDate(-1, 0, 0), w.opt.AsOf.AddDate(0, 0, -1))
		stage := weighted(r, 58, 16, 12, 8, 4, 2)
		w.apply(r, p, at, min(stage, int(w.opt.AsOf.Sub(at).Hours()/24/6)))
		w.applied = append(w.applied, p)
	}
}

// apply files an application that got as far as a stage.
func (w *world) apply(r *rng, p *person, at time.Time, stage int) {
	a := &application{at: at, job: p.job, stage: stage, source: pick(r, channels), location: place0(p), as: p}
	a.status = "rejected"
	if open := w.opt.AsOf.Sub(at) < 40*24*time.Hour; open && r.chance(0.6) {
		a.status = "active"
	} else if r.chance(0.05) {
		a.status = "withdrawn"
	}
	if r.chance(0.6) {
		a.linkedin = "https://www.linkedin.com/in/" + slug(p.given) + slug(p.family) + r.digits(3)
	}
	p.application = a
	w.document(r, p)
	if stage >= stagePhone && at.After(w.from.AddDate(0, 0, -20)) {
		w.interview(r, p, at.AddDate(0, 0, r.between(6, 15)))
	}
	if stage >= stageReferences {
		w.referees(r, p, at.AddDate(0, 0, r.between(16, 26)))
	}
}

func place0(p *person) string {
	at := p.home.place
	return at.city + ", " + at.region + ", " + at.countryName
}

// document gives a person on the shortlist a résumé.
func (w *world) document(r *rng, p *person) {
	if p.application.stage < stageScreen {
		return
	}
	p.resume = w.newResume(r, p, p.job.title, p.application.at)
	if p.application.linkedin != "" {
		p.resume.profile = p.application.linkedin
	}
	p.resumeForm = []string{"txt", "docx", "json"}[weighted(r, 60, 28, 12)]
	p.file = fileMarks{author: p.name(), editor: p.name(), rsid: "00" + r.from("0123456789ABCDEF", 6)}
	switch {
	case r.chance(0.12):
		p.file.author, p.file.editor = "user", "user"
	case r.chance(0.05): // written by a friend or a service
		g, f := w.names.draw(r)
		p.file.author = g + " " + f
	}
	if r.chance(0.2) {
		p.file.photo = r.Uint64() | 1
	}
}

// wasCandidate gives somebody on the roster the application that led here.
func (w *world) wasCandidate(r *rng, p *person) {
	at := p.hired.AddDate(0, 0, -r.between(35, 80)).Add(time.Duration(r.between(8, 20)) * time.Hour)
	w.apply(r, p, at, stageOffer)
	p.application.status = "hired"
	if r.chance(0.15) && len(w.staff) > 0 {
		by := pick(r, w.staff)
		p.referredBy, p.application.source = by.name(), "Referral"
	}
}

// interview puts the person into a video call from home.
func (w *world) interview(r *rng, p *person, at time.Time) {
	if !at.Before(w.opt.AsOf) || at.Before(w.from) {
		return
	}
	day := at.Truncate(24 * time.Hour)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	if day.Before(w.from) {
		return
	}
	day = day.Add(time.Duration(r.between(14, 19)) * time.Hour)
	l := p.home.line
	if r.chance(0.06) {
		l = w.net.carrier(r, p.home.place)
	}
	if r.chance(0.03) {
		l = pick(r, pick(r, w.vpns).exits)
	}
	p.application.call = &interview{at: day, line: l, client: newClient(r, w.net), camera: ownCamera(r)}
}

// newClient returns somebody's private computer.
func newClient(r *rng, n *network) client {
	c := client{kind: pick(r, []string{"Windows", "Windows", "Mac"}), disk: r.hex(32), mac: n.mac(r, "38:f9:d3"), microphone: "Microphone Array (Realtek(R) Audio)", network: pick(r, []string{"Wifi", "Wifi", "Wired"})}
	c.name = "DESKTOP-" + r.code(7)
	if c.kind == "Mac" {
		c.name, c.microphone = "MacBook-"+r.code(4), "MacBook Pro Microphone"
	}
	return c
}

func ownCamera(r *rng) string {
	return pick(r, []string{"Integrated Camera", "HD Pro Webcam C920", "FaceTime HD Camera", "Integrated Webcam", "HP Wide Vision HD Camera", ""})
}

// referees asks two former colleagues of different firms.
func (w *world) referees(r *rng, p *person, at time.Time) {
	if !at.Before(w.opt.AsOf) {
		return
	}
	for i := range 2 {
		j := p.resume.jobs[min(i, len(p.resume.jobs)-1)]
		p.refs = append(p.refs, w.newReference(r, p, j.firm, at))
	}
}

// newReference is the answer of an invented referee at a firm.
func (w *world) newReference(r *rng, p *person, f *firm, at time.Time) *reference {
	g, fam := w.names.draw(r)
	where := w.atlas.in(r, p.home.place.country)
	ref := &reference{
		name: g + " " + fam, email: slug(g) + "." + slug(fam) + "@" + f.domain, phone: w.phones.draw(r, where), company: f.name,
		title: pick(r, refereeTitles), relationship: pick(r, []string{"Manager", "Manager", "Colleague", "Team lead", "Client"}), requested: at,
	}
	if r.chance(0.22) {
		ref.email = mailbox(r, g, fam)
	}
	if r.chance(0.9) {
		ref.answer = w.past(at.Add(time.Duration(r.between(3, 120)) * time.Hour))
		ref.ip = w.net.homeLine(r, where).ips[0].String()
		ref.agent = pick(r, agents)
		ref.text = praise(r, p.given, f.name)
	}
	return ref
}

// past returns the moment, or one shortly before the exports if it is not over yet.
func (w *world) past(at time.Time) time.Time {
	if at.Before(w.opt.AsOf) {
		return at
	}
	return w.opt.AsOf.Add(-90 * time.Minute)
}

var refereeTitles = []string{"Engineering Manager", "Director of Engineering", "Team Lead", "Head of Data", "CTO", "Product Lead", "VP Operations", "Finance Manager"}

var agents = []string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
}

var (
	praiseStart = []string{"I worked with %s at %s for about %d months.", "%s reported to me at %s for %d months.", "%s was part of my group at %s for some %d months.", "We shared a team at %[2]s; %[1]s stayed about %[3]d months."}
	praiseWork  = []string{"The work was careful and on time.", "Deadlines were met without drama.", "The code was easy to read and well tested.", "Difficult customers asked for this person by name.", "We leaned on that judgement more than once.", "Handovers were always in writing.", "Nobody else knew that system so well."}
	praiseTrait = []string{"Calm when things broke.", "Sometimes too modest in meetings.", "Quick to ask when something was unclear.", "A little impatient with process.", "Good humour on long days.", "Very independent.", "Best with a clear brief."}
	praiseEnd   = []string{"I would hire again.", "Happy to talk by phone.", "I can recommend without reservation.", "We were sorry about the departure.", "Left for a better offer.", "No concerns from my side."}
)

// praise writes a reference of the usual kind.
func praise(r *rng, given, firm string) string {
	var s strings.Builder
	s.WriteString(sprintf(pick(r, praiseStart), given, firm, r.between(7, 60)))
	for _, pool := range [][]string{praiseWork, praiseTrait, praiseEnd} {
		if r.chance(0.85) {
			s.WriteString(" " + pick(r, pool))
		}
	}
	return s.String() + " We mostly spoke about the " + pick(r, bulletThings) + " and the " + pick(r, bulletThings) + "."
}
