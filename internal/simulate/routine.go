package simulate

import "time"

// routine is how somebody works: when, and through which lines.
type routine struct {
	start, hours float64 // local hour at which work begins, and its length
	zone         *time.Location
	weekends     float64 // share of weekend days worked
	office       *office
	officeShare  float64 // share of working days in the office
	room         *line   // co-working space
	roomShare    float64
	hotspot      float64 // share of days on the telephone's hotspot
	phone        float64 // share of sign-ins made with the telephone on mobile data
	vpn          *provider
	vpnShare     float64 // share of days behind a consumer VPN
	gateway      float64 // share of days through the company's VPN
	desktop      bool    // works in a virtual desktop
	away         [2]int  // days of leave, first and last
	stays        []stay
}

// stay is a time in another place, with the laptop or without.
type stay struct {
	from, to int // days, both included
	at       *line
	laptop   bool
}

// hand is the remote hand of a persona that does not do its own work here.
type hand struct {
	mode     string // kvm, tool, both, abroad
	base     *line  // where the typist sits
	stand    *line  // where the laptop stands
	exits    *provider
	leak     float64 // share of days with sign-ins straight from an exit
	straight float64 // share of sign-ins that never pass the laptop
	client   client  // of the typist, for video calls
	camera   string
	span     float64 // hours of activity in a day
}

// office is a site of the company.
type office struct {
	place    *place
	line     *line
	monitors []*monitor
	name     string
}

// plan is one person's day.
type plan struct {
	works      bool
	begin, end time.Time
	laptop     *line // where the laptop is on line
	signIn     *line // where most sign-ins come from
	other      *line // where the rest come from
	otherShare float64
	office     *office
	meet       *line // where video calls come from
	away       bool  // the laptop is not at home
}

// date returns the day with the given index; 0 is the first day of telemetry.
func (w *world) date(day int) time.Time { return w.from.AddDate(0, 0, day) }

// index returns the day of telemetry of a moment, negative before it.
func (w *world) index(t time.Time) int { return int(t.Sub(w.from).Hours() / 24) }

// plan works out a person's day. It depends on the person and the day only.
func (w *world) plan(p *person, day int) plan {
	date := w.date(day)
	if !p.on(date) {
		return plan{}
	}
	r := w.dayRNG.at(w.opt.Seed, uint64(p.n), uint64(day)<<8)
	if !worksOn(r, p, day, date) {
		return plan{}
	}
	o := &p.routine
	local := time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, o.zone)
	hours := o.hours
	if p.hand != nil {
		hours = p.hand.span
	}
	begin := local.Add(time.Duration((o.start + r.NormFloat64()*0.5) * float64(time.Hour)))
	pl := plan{works: true, begin: begin, end: begin.Add(time.Duration((hours + r.NormFloat64()*0.4) * float64(time.Hour)))}
	if p.hand != nil {
		w.remotePlan(r, p, day, &pl)
	} else {
		w.ownPlan(r, p, day, &pl)
	}
	if pl.meet == nil {
		pl.meet = pl.laptop
	}
	return pl
}

func worksOn(r *rng, p *person, day int, date time.Time) bool {
	o := &p.routine
	if date.Equal(p.hired.Truncate(24 * time.Hour)) {
		return true
	}
	if o.away[1] > 0 && day >= o.away[0] && day <= o.away[1] {
		return false
	}
	if wd := date.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return r.chance(o.weekends)
	}
	return r.chance(0.96)
}

// ownPlan is the day of somebody who does the work.
func (w *world) ownPlan(r *rng, p *person, day int, pl *plan) {
	o := &p.routine
	pl.laptop = p.home.line
	away := o.stay(day)
	switch {
	case away != nil && away.laptop:
		pl.laptop, pl.away = away.at, true
	case o.office != nil && r.chance(o.officeShare):
		pl.office, pl.laptop = o.office, o.office.line
	case o.room != nil && r.chance(o.roomShare):
		pl.laptop, pl.away = o.room, true
	case r.chance(o.hotspot):
		pl.laptop, pl.away = w.net.carrier(r, p.home.place), true
	}
	pl.signIn = pl.laptop
	if away != nil && !away.laptop {
		pl.signIn = away.at
	}
	switch {
	case o.desktop:
		pl.signIn = w.desktop
	case o.vpn != nil && pl.office == nil && r.chance(o.vpnShare):
		// A client for the whole machine: the sensor leaves through it too.
		exit := o.exit(r)
		pl.signIn, pl.meet, pl.laptop = exit, exit, behind(pl.laptop, exit)
	case pl.office == nil && r.chance(o.gateway):
		pl.signIn = w.gateway
	}
	if o.phone > 0 {
		pl.other, pl.otherShare = w.net.carrier(r, p.home.place), o.phone
	}
}

// behind returns the local network of one line with the public side of another.
func behind(local, exit *line) *line {
	l := *exit
	l.gatewayMAC, l.bssid, l.ssid, l.lan, l.neighbours = local.gatewayMAC, local.bssid, local.ssid, local.lan, local.neighbours
	return &l
}

// exit returns the exit of the day; people keep to a few.
func (o *routine) exit(r *rng) *line {
	return o.vpn.exits[r.IntN(min(4, len(o.vpn.exits)))]
}

func (o *routine) stay(day int) *stay {
	for i := range o.stays {
		if s := &o.stays[i]; day >= s.from && day <= s.to {
			return s
		}
	}
	return nil
}

// remotePlan is the day of a persona whose laptop stands somewhere and is worked from elsewhere.
func (w *world) remotePlan(r *rng, p *person, day int, pl *plan) {
	h := p.hand
	pl.laptop = h.stand
	if s := p.routine.stay(day); s != nil {
		pl.laptop, pl.away = s.at, true
	}
	pl.signIn, pl.meet = pl.laptop, pl.laptop
	if h.exits != nil {
		exit := pick(r, h.exits.exits)
		switch {
		case h.mode == "abroad" && r.chance(0.5):
			pl.signIn = exit
		case r.chance(h.leak):
			pl.other, pl.otherShare = exit, 0.6
		case h.straight > 0:
			pl.other, pl.otherShare = exit, h.straight
		}
		if h.client.name != "" && r.chance(0.5) { // calls are taken on the typist's own machine
			pl.meet = exit
		}
	}
}
