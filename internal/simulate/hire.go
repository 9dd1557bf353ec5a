package simulate

import (
	"fmt"
	"time"
)

// infiltrate hires a persona: the laptop goes to a farm, somebody else's hand is on it.
func (w *world) infiltrate(r *rng, c *cell, p *person) {
	i := len(c.personas) - 1
	f, t := c.farms[i%len(c.farms)], c.typists[i%len(c.typists)]
	part := c.part(i)
	recent := r.chance(0.75) || part.delivery != ""
	hired := w.workday(w.from.AddDate(0, 0, r.between(5, max(6, w.opt.Days-16))))
	if !recent {
		hired = w.workday(w.from.AddDate(0, 0, -r.between(5, 150)))
	}
	w.hiredAs(r, c, p, hired)
	if end := hired.AddDate(0, 0, int(r.lognormal(120, 0.6))); part.delivery == "" && end.Before(w.opt.AsOf.AddDate(0, 0, -2)) {
		p.ended = w.workday(end)
	}
	p.hand = &hand{base: t.line, stand: f.home.line, span: 8 + 6*r.Float64()}
	w.deliver(r, p, f, part.delivery)
	w.control(r, c, f, p, part.mode)
	w.leaks(r, t, p)
	w.money(r, f, p, part.payTo)
	w.conduct(r, c, t, p)
	f.laptops = append(f.laptops, p)
	if p.hand.stand == f.home.line {
		f.home.line.meets(p.device)
	}
	if p.hand.stand != p.home.line {
		p.trace("never-home")
	}
	w.staff = append(w.staff, p)
}

// hiredAs gives the papers of an ordinary hire.
func (w *world) hiredAs(r *rng, c *cell, p *person, hired time.Time) {
	p.hired, p.work, p.kind, p.arrangement = hired, w.workMail(p), "Full-Time", "Remote"
	if r.chance(0.35) {
		p.kind = "Contractor"
	}
	p.application.at = hired.AddDate(0, 0, -r.between(30, 60)).Add(time.Duration(r.between(8, 20)) * time.Hour)
	p.application.status = "hired"
	if call := p.application.call; call != nil {
		if call.at = p.application.at.AddDate(0, 0, 10); call.at.Before(w.from) {
			p.application.call = nil
		}
	} else if at := p.application.at.AddDate(0, 0, 9); !at.Before(w.from) {
		w.interview(r, p, at)
		if p.application.call != nil {
			w.interviewed(r, c.typists[0], c.farms[0], p)
		}
	}
	p.refs = nil
	w.referees(r, p, p.application.at.AddDate(0, 0, 14))
	p.device = w.windowsLaptop(r, hired)
	p.device.monitor = nil
	p.pay = w.newAccount(r, p.home.place.country)
	p.routine = routine{start: 8.6 + r.NormFloat64()*0.7, hours: 8.5, zone: p.home.place.zone, weekends: 0.08}
	w.newCoder(r, p)
	p.happened(hired, "hire", "first day of a persona that somebody else works")
}

// deliver decides where the laptop goes: a farm, a changed address, or none at all.
func (w *world) deliver(r *rng, p *person, f *farm, fixed string) {
	switch oneOf(fixed, []string{"farm", "changed", "byod"}[weighted(r, 70, 20, 10)]) {
	case "farm":
		if r.chance(0.4) { // the persona openly claims the farm's address
			p.home, p.routine.zone = f.home, f.home.place.zone
			p.trace("home-is-farm")
		}
		w.ship(r, p, f.home)
		p.trace("ship-farm")
	case "changed":
		w.ship(r, p, p.home)
		p.parcel.redirect(r, f.home, p.email)
		p.trace("ship-changed")
		p.happened(p.parcel.changed, "redirect", "parcel sent to a farm while under way")
	default:
		p.device.owned, p.device.asset = "Personal", ""
		p.device.host = "DESKTOP-" + r.code(7)
		p.trace("byod")
		p.happened(p.hired, "byod", "private computer at the farm enrolled instead of a company laptop")
		return
	}
	p.parcel.signed = f.given[:1] + ". " + f.family
	if r.chance([]float64{0.4, 0.6}[min(w.opt.Level, 1)]) { // in the persona's name
		p.parcel.signed = p.given[:1] + ". " + p.family
		return
	}
	p.trace("signed-by-helper")
}

// oneOf returns the fixed choice, or the drawn one.
func oneOf(fixed, drawn string) string {
	if fixed != "" {
		return fixed
	}
	return drawn
}

// control sets up how the typist reaches the laptop.
func (w *world) control(r *rng, c *cell, f *farm, p *person, fixed string) {
	p.hand.mode = oneOf(fixed, []string{"kvm", "tool", "both", "abroad"}[weighted(r, 35, 45, 10, 10)])
	start := p.hired.Add(time.Duration(r.between(14*60, 17*60)) * time.Minute)
	switch p.hand.mode {
	case "kvm", "both":
		w.attachKit(r, f, p, start)
	case "abroad":
		w.abroad(r, c, p)
	}
	if p.hand.mode == "tool" || p.hand.mode == "both" {
		chosen := some(r, []int{toolAnyDesk, toolChrome, toolRustDesk, toolMesh}, 1+weighted(r, 55, 45))
		for i, tool := range chosen {
			at := start.Add(time.Duration(12+i*9)*time.Minute).AddDate(0, 0, i*r.between(0, 5))
			p.install(tool, at)
			if tool == toolChrome && r.chance(0.6) {
				p.unattended(r, at.Add(-2*time.Minute))
				p.trace("unattended-setup")
			}
		}
		if start.Before(w.from) { // what was set up before the telemetry is still at work in it
			t := tools[chosen[0]]
			for day := r.between(1, 6); day < w.opt.Days; day += r.between(5, 12) {
				p.sees = append(p.sees, sight{at: w.date(day).Add(15 * time.Hour), table: "process", name: t.process, path: t.path, line: `"` + t.path + `"`})
			}
		}
		p.trace("remote-tool")
		p.happened(start, "remote-tool", fmt.Sprintf("%d remote-control programs within days of the first log-on", len(chosen)))
	}
}

func (w *world) attachKit(r *rng, f *farm, p *person, at time.Time) {
	u := f.kit.usb
	if u.serial != "" && f.kit.name == "JetKVM" {
		u.serial = r.hex(16) // device id, one per unit
	}
	p.plug(u, at)
	p.device.usb = append(p.device.usb, u)
	edid := f.kit.edid
	p.device.monitor = &edid
	p.trace("kvm-usb")
	p.trace("kvm-display")
	p.happened(at, "kvm", f.kit.name+" on the laptop")
}

// abroad lets the laptop travel on from the farm before it is first used.
func (w *world) abroad(r *rng, c *cell, p *person) {
	to := pick(r, []*place{c.base, w.atlas.by["London"], w.atlas.by["Dubai"], w.atlas.by["Lisboa"]})
	if c.cast != nil {
		to = w.atlas.by["London"]
	}
	if to.country == p.home.place.country {
		to = w.atlas.by["Dubai"]
	}
	p.hand.stand = w.net.homeLine(r, to)
	p.trace("abroad")
	p.happened(p.hired, "first-boot", "laptop destined for "+p.home.place.city+" first seen in "+to.city)
}

// leaks are the moments at which sign-ins do not pass the laptop's line.
func (w *world) leaks(r *rng, t *typist, p *person) {
	p.hand.exits = t.exits
	if r.chance(0.4) {
		p.hand.leak = 0.01 + 0.04*r.Float64()
		p.trace("exit-leak")
	}
	if r.chance(0.2) {
		p.hand.straight = 0.2 + 0.3*r.Float64()
		p.trace("exit-sign-ins")
	}
	if r.chance(0.5) {
		p.hand.client = t.client
		p.trace("meeting-device")
	}
	p.hand.camera = []string{"", "Integrated Camera", "OBS Virtual Camera"}[weighted(r, 55, 30, 15)]
}

// money is what happens to the account: a third change it early.
func (w *world) money(r *rng, f *farm, p *person, fixed bool) {
	if !r.chance(0.35) && !fixed {
		return
	}
	latest := p.hired.AddDate(0, 0, 45)
	if fixed {
		latest = p.hired.AddDate(0, 0, 9)
	}
	at := r.day(p.hired.AddDate(0, 0, 4), latest)
	if !at.Before(w.opt.AsOf) {
		return
	}
	s := w.newSwitch(r, p, at)
	s.by, s.channel = p.work, "self_service"
	s.ip = f.home.line.ip(max(0, w.index(at))).String()
	if p.hand.exits != nil && r.chance(0.5) {
		s.ip = pick(r, p.hand.exits.exits).ip(0).String()
		p.trace("bank-change-anonymised")
	}
	p.switches = append(p.switches, s)
	p.trace("bank-change")
	p.happened(at, "bank-change", "pay moved soon after the first day")
}

// shareAccounts lets a quarter of a careless cell's hires be paid into the account of another.
func (w *world) shareAccounts(r *rng, c *cell) {
	var first *person
	for i, p := range c.personas {
		switch {
		case p.hired.IsZero() || c.level > 0:
		case first == nil:
			first = p
		case !c.part(i).payTo && r.chance(0.25) && first.home.place.country == p.home.place.country:
			p.pay = first.pay
			first.trace("bank-shared")
			p.trace("bank-shared")
		case (r.chance(0.4) || c.part(i).payTo) && len(p.switches) > 0:
			p.switches[0].to = first.accountOn(p.switches[0].at)
			first.trace("bank-shared")
			p.trace("bank-shared")
		}
	}
}

// conduct adds what shows at work.
func (w *world) conduct(r *rng, c *cell, t *typist, p *person) {
	w.enrolFactors(r, p)
	p.factors[0].on = p.hand.stand
	if c.level == 0 && !c.lone && r.chance(0.3) {
		shared := t.second
		shared.at = p.factors[0].at
		p.factors[0] = shared
		p.trace("factor-shared")
	}
	day := func(d int) time.Time {
		return p.hired.AddDate(0, 0, d).Add(time.Duration(r.between(14, 21)) * time.Hour)
	}
	if r.chance(0.25) {
		for range r.between(3, 6) {
			p.look(elsewhereLogin(r), day(r.between(2, 40)))
		}
		p.trace("other-employer")
	}
	if r.chance(0.15) {
		p.sees = append(p.sees, sight{at: day(3), table: "program", prog: program{name: "Caffeine", version: "1.98", publisher: "Zhorn Software", at: day(3)}})
		p.trace("jiggler")
	}
	if r.chance(0.1) {
		p.device.extensions = append(p.device.extensions, extension{"bhghoamapcdpbohphigoooaddinpkbai", "Authenticator", "8.0.1"})
		p.trace("otp-extension")
	}
	if r.chance(0.15) {
		p.coder.zone = c.base.zone
		p.trace("commit-clock")
	}
	if r.chance(0.1) && len(c.personas) > 1 {
		q := c.personas[0]
		p.coder.strays = append(p.coder.strays, stray{0, w.opt.Days, q.name(), q.email, 0.1})
		p.trace("commit-identity")
	}
}

// elsewhereLogin is the sign-in page of another company.
func elsewhereLogin(r *rng) string {
	return slug(pick(r, bulletUsers)) + "hub-example." + pick(r, []string{"okta.com", "onelogin.com", "okta.com"})
}
