package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// declarations are what the company told Muster: about some of the innocents only.
type declarations struct {
	housing        []*home // addresses that the company rents for its people
	moves, travel  []move
	aided          []*person
	desktops       []*person
	victims        []*person
	agency         string
	hub            *home
	recruiterPhone string
}

// move is a relocation or a journey; until is zero for good.
type move struct {
	p           *person
	to          *place
	from, until time.Time
}

// writeSettings writes muster.yaml.
func (w *world) writeSettings(t *tree) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("organisation: %q", w.opt.Name)
	line("time_zone: UTC")
	if w.opt.Notice {
		line("notices:\n  monitoring:\n    - {country: \"*\", date: %s}", w.from.AddDate(0, -7, 0).Format(dateOnly))
	}
	line("domains: [%s]", w.domain)
	line("egress:")
	for _, o := range w.offices {
		line("  - %s/32 # %s", o.line.ips[0], o.name)
	}
	for _, ip := range append(slices.Clone(w.gateway.ips), w.desktop.ips...) {
		line("  - %s/32 # company VPN and virtual desktops", ip)
	}
	line("approved:\n  remote_tools: [TeamViewer]")
	w.declared(line)
	if len(w.declare.victims) > 0 {
		line("known:\n  victims:")
		for i, p := range w.declare.victims {
			if i%2 == 0 {
				line("    - %s", p.email)
			}
		}
	}
	line("payroll:\n  next_run: %s", w.nextRun().Format(dateOnly))
	return t.write("muster.yaml", func(s *sink) error {
		_, err := s.WriteString(b.String())
		return err
	})
}

// declared writes the circumstances that are known.
func (w *world) declared(line func(string, ...any)) {
	d := &w.declare
	if len(d.housing)+len(d.moves)+len(d.travel)+len(d.aided)+len(d.desktops) == 0 && d.hub == nil {
		return
	}
	line("declared:")
	if len(d.housing) > 0 {
		line("  shared_addresses:")
		for _, h := range d.housing {
			line("    - {address: %q, reason: company housing, until: %s}", h.raw(0), w.opt.AsOf.AddDate(1, 0, 0).Format(dateOnly))
		}
	}
	for _, list := range []struct {
		key   string
		moves []move
	}{{"relocations", d.moves}, {"travel", d.travel}} {
		if len(list.moves) > 0 {
			line("  %s:", list.key)
		}
		for _, m := range list.moves {
			until := ""
			if !m.until.IsZero() {
				until = ", until: " + m.until.Format(dateOnly)
			}
			line("    - {person: %s, country: %s, region: %q, from: %s%s}", m.p.work, m.to.country, m.to.region, m.from.Format(dateOnly), until)
		}
	}
	if len(d.aided) > 0 {
		line("  accommodations:")
		for _, p := range d.aided {
			line("    - {person: %s, covers: [remote_tool, camera]}", p.work)
		}
	}
	if d.hub != nil {
		line("  agencies:\n    - {name: %q, addresses: [%q]}", d.agency, d.hub.raw(0))
	}
	if len(d.desktops) > 0 {
		line("  virtual_desktops:")
		for _, p := range d.desktops {
			line("    - %s", p.work)
		}
	}
}

// writeIntel writes the indicators that the company subscribes to: exits of
// anonymisers (never all of them), and values from elsewhere that hit nobody or few.
func (w *world) writeIntel(t *tree) error {
	const header = "type,value,first_seen,last_seen,confidence,source,tlp,comment,labels,provider"
	r := newRNG(w.opt.Seed, "intel")
	return t.table("intel/indicators.csv", header, func(add func(...string)) {
		day := func(back int) string { return w.opt.AsOf.AddDate(0, 0, -back).Format(dateOnly) }
		exits := func(p *provider, known float64, confidence string) {
			for _, l := range p.exits {
				if r.chance(known) {
					add("ip", l.ips[0].String(), day(r.between(100, 500)), day(r.between(1, 60)), confidence, "exit-watch", "TLP:GREEN", p.name+" exit", "anonymiser", p.name)
				}
			}
		}
		exits(w.astrill, 0.75, "80")
		for _, p := range w.vpns {
			exits(p, 0.85, "70")
		}
		exits(w.proxies, 0.15, "40")
		for range 12 {
			add("email", devMailbox(r), day(r.between(60, 700)), day(r.between(10, 60)), "60", "sharing-group", "TLP:AMBER", "account of a former contractor elsewhere", "", "")
		}
		for range 6 {
			add("wallet", "0x"+r.hex(40), day(r.between(60, 700)), day(r.between(10, 60)), "70", "sharing-group", "TLP:AMBER", "payout wallet", "", "")
		}
		for _, c := range w.cells {
			if p := c.personas[0]; c.level == 0 && r.chance(0.2) {
				p.trace("indicator")
				add("email", p.email, day(200), day(20), "60", "sharing-group", "TLP:AMBER", "applied elsewhere under another name", "", "")
			}
		}
		if len(w.cells) > 0 {
			return
		}
		for _, p := range w.declare.victims { // the theft is known from elsewhere
			add("name", p.name(), day(300), day(40), "50", "sharing-group", "TLP:AMBER", "identity of a theft victim; the real person is not to blame", "victim", "")
		}
	})
}
