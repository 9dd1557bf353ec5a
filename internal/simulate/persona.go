package simulate

import (
	"fmt"
	"strings"
	"time"
)

// newPersona invents an identity that applies and gets as far as a stage.
func (w *world) newPersona(r *rng, c *cell, i, stage int) *person {
	f := c.farms[i%len(c.farms)]
	at := f.home.place
	if city := c.part(i).city; city != "" {
		at = w.atlas.by[city]
	} else if to := c.part(i).country; to != "" && to != at.country {
		at = w.atlas.in(r, to)
	} else if r.chance(0.6) {
		at = w.atlas.other(r, at)
	}
	p := w.newPerson(r, at)
	t := c.typists[i%len(c.typists)]
	p.truth.Class, p.truth.Operator, p.truth.Human, p.truth.Level = ClassOperator, c.id, t.id, &c.level
	if c.lone {
		p.truth.Class = ClassLone
	}
	w.contacts(r, c, p)
	p.job = pick(r, remoteJobs)
	applied := r.day(w.opt.AsOf.AddDate(0, -7, 0), w.opt.AsOf.AddDate(0, 0, -4-6*stage))
	w.apply(r, p, applied, stage)
	w.papers(r, c, t, p)
	if p.application.call != nil {
		w.interviewed(r, t, f, p)
	}
	if stage < stageOffer {
		w.applied = append(w.applied, p)
	}
	c.personas = append(c.personas, p)
	return p
}

// contacts gives telephone and mailbox: a careless cell shares them.
func (w *world) contacts(r *rng, c *cell, p *person) {
	if r.chance(0.3) {
		p.email = devMailbox(r)
		p.trace("email-template")
	}
	if c.level > 0 || c.lone {
		return
	}
	if r.chance(0.9) { // careless by definition of the level: scenarios, section 4
		p.phone = pick(r, c.phones)
		p.trace("phone-shared")
	}
	if len(c.personas) > 0 && r.chance(0.1) { // a mailbox in the name of another persona
		o := pick(r, c.personas)
		p.email = mailbox(r, o.given, o.family)
		p.trace("mailbox-of-another")
	}
}

// papers makes the résumé from a master of the cell.
func (w *world) papers(r *rng, c *cell, t *typist, p *person) {
	if p.application.stage < stageScreen {
		return
	}
	m := pick(r, c.masters)
	keep := 0.76 + 0.2*r.Float64() // two of one master then have Jaccard 0.3 to 0.8
	if c.level > 0 {
		keep = 0.64 + 0.2*r.Float64()
	}
	profile := p.resume.profile
	p.resume = w.variant(r, m.cv, keep)
	p.resume.profile = profile
	p.resume.summary = append([]string{fmt.Sprintf("%s with %d years of experience in %s and %s.", p.job.title, max(2, p.application.at.Year()-p.resume.graduated), p.resume.skills[0], p.resume.skills[1])}, some(r, commonPhrases, r.between(0, 2))...)
	c.shares(p, "resume-master")
	if r.chance(0.5) {
		p.resumeForm = "docx"
	}
	if p.resumeForm == "docx" {
		w.fileTraces(r, c, t, m, p)
	}
}

func (w *world) fileTraces(r *rng, c *cell, t *typist, m *master, p *person) {
	same := 0.6
	if c.level > 0 {
		same = 0.25
	}
	if r.chance(same) {
		p.file.rsid = m.rsid
		c.shares(p, "docx-root")
	}
	switch {
	case r.chance(0.3):
		p.file.author, p.file.editor = t.author, t.author
	case r.chance(0.2):
		g, fam := w.names.draw(r)
		if len(c.personas) > 0 {
			g, fam = pick(r, c.personas).given, pick(r, c.personas).family
		}
		p.file.editor = g + " " + fam
		p.trace("docx-editor")
	}
	if r.chance(0.8) { // the recipe: photos edited from few base images
		p.file.photo, p.file.tint = pick(r, c.photos), r.between(1, 5)
		c.shares(p, "photo")
	}
}

// interviewed puts the typist's machine and exit into the video call.
func (w *world) interviewed(r *rng, t *typist, f *farm, p *person) {
	call := p.application.call
	switch weighted(r, 60, 25, 15) {
	case 0:
		call.line = pick(r, w.astrill.exits)
		p.trace("interview-astrill")
	case 1:
		call.line = pick(r, w.proxies.exits)
	default:
		call.line = f.home.line
	}
	if r.chance(0.7) {
		call.client = t.client
		p.trace("meeting-device")
	}
	switch weighted(r, 35, 20, 45) {
	case 0:
		call.camera = ""
	case 1:
		call.camera = pick(r, []string{"SplitCam Video Driver", "OBS Virtual Camera", "ManyCam Virtual Webcam"})
		p.trace("virtual-camera")
	}
}

// vouch replaces referees: seven in ten are other personas of the cell.
func (w *world) vouch(r *rng, c *cell, p *person) {
	t := c.typists[p.n%len(c.typists)]
	for i, ref := range p.refs {
		if ref.answer.IsZero() {
			ref.answer = w.past(ref.requested.Add(time.Duration(r.between(2, 30)) * time.Hour))
		}
		q := c.next(p, i)
		switch {
		case q != nil && r.chance(0.7):
			w.vouchFor(r, c, t, p, q, ref)
		case r.chance(0.15) && !c.lone:
			f := pick(r, c.farms)
			f.vouches = true
			ref.name, ref.email, ref.phone, ref.ip = f.given+" "+f.family, f.email, f.phone, f.home.line.ip(0).String()
			p.trace("facilitator-reference")
		case r.chance(0.4):
			ref.email = lookAlike(r, ref)
			p.trace("look-alike-domain")
		}
		if c.lone && p.application.call != nil && r.chance(0.4) {
			ref.ip = p.application.call.line.ip(0).String()
			p.trace("reference-own-address")
		}
	}
}

// next returns another persona of the cell: they vouch round a ring.
func (c *cell) next(p *person, step int) *person {
	for i, q := range c.personas {
		if q == p && len(c.personas) > 2 {
			return c.personas[(i+1+step)%len(c.personas)]
		}
	}
	return nil
}

func (w *world) vouchFor(r *rng, c *cell, t *typist, p, q *person, ref *reference) {
	ref.name = q.name()
	ref.ip = t.exits.exits[r.IntN(3)].ip(0).String()
	ref.agent = agents[0]
	ref.text = sprintf(pick(r, c.letters), p.given, ref.company)
	p.trace("reference-ring")
	ref.email = lookAlike(r, ref)
	if c.level == 0 {
		ref.phone = q.phone
		if r.chance(0.6) {
			ref.email = q.email
		}
	} else if r.chance(0.4) {
		ref.email = mailbox(r, q.given, q.family)
	}
}

// lookAlike returns an address under a domain that resembles the firm's.
func lookAlike(r *rng, ref *reference) string {
	parts := strings.Fields(ref.name)
	name := slug(ref.company)
	switch r.IntN(3) {
	case 0:
		i := r.between(1, len(name)-2)
		name = name[:i] + name[i+1:]
	case 1:
		name = strings.Replace(name, "l", "i", 1) + "s"
	default:
		name += "hr"
	}
	return slug(parts[0]) + "." + slug(parts[len(parts)-1]) + "@" + name + ".example"
}

// shares notes something that only shows beside another persona; a lone one has none here.
func (c *cell) shares(p *person, name string) {
	if !c.lone {
		p.trace(name)
	}
}
