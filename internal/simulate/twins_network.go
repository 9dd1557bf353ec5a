package simulate

import "time"

// Innocents whose network or device looks odd.

func plantAbroad(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, wish{at: w.atlas.by["Istanbul"], remote: true, coder: true})
		p.kind = "Contractor"
		p.routine.vpn, p.routine.vpnShare = pick(r, w.vpns), 0.75
		if i%3 == 2 {
			p.routine.vpn = w.astrill
		}
		mark(p)
	}
}

func plantCoworkers(w *world, r *rng, n int, mark func(...*person)) {
	at := w.atlas.draw(r)
	var all []*person
	for range max(n, 3) {
		p := w.colleague(r, wish{at: at, remote: true})
		p.routine.room, p.routine.roomShare = w.coworking(r, at), 0.8
		all = append(all, p)
	}
	mark(all...)
}

func plantMobile(w *world, r *rng, n int, mark func(...*person)) {
	var all []*person
	for range n {
		p := w.colleague(r, wish{at: w.atlas.in(r, "US"), remote: true})
		p.routine.hotspot = 0.9
		all = append(all, p)
	}
	mark(all...)
}

func plantPrivacy(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, wish{remote: true})
		p.routine.vpn, p.routine.vpnShare = pick(r, w.vpns), 0.9
		if i%5 == 4 {
			p.routine.vpn = w.astrill
		}
		mark(p)
	}
}

func plantTelephones(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true})
		p.routine.phone = 0.6
		mark(p)
	}
}

func plantDesktops(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, wish{remote: true, windows: true})
		p.routine.desktop = true
		if i%2 == 0 {
			w.declare.desktops = append(w.declare.desktops, p)
		}
		mark(p)
	}
}

func plantNight(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true, coder: true})
		p.routine.start, p.routine.hours = 20.5+r.Float64(), 7.5
		mark(p)
	}
}

func plantAssisted(w *world, r *rng, n int, mark func(...*person)) {
	for i := range n {
		p := w.colleague(r, wish{remote: true, windows: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(100, 1500)))})
		p.device.programs = append(p.device.programs, program{name: "NVDA", version: "2025.3", publisher: "NV Access"})
		p.install(pick(r, []int{toolAnyDesk, toolTeamViewer}), w.hourOn(r, r.between(3, w.opt.Days-3)))
		if i%2 == 0 {
			w.declare.aided = append(w.declare.aided, p)
		}
		mark(p)
	}
}

func plantHomeLab(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true, coder: true})
		k := pick(r, kits)
		oui := k.oui
		if oui == "" {
			oui = "b8:27:eb"
		}
		p.home.line.neighbours = append(p.home.line.neighbours, neighbour{mac: w.net.mac(r, oui), host: k.mdns})
		mark(p)
	}
}

func plantJigglers(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true, windows: true})
		prog := pick(r, []program{{name: "Caffeine", version: "1.98", publisher: "Zhorn Software"}, {name: "Mouse Jiggler", version: "2.0.25", publisher: "Arkane Systems"}, {name: "Move Mouse", version: "4.19", publisher: "Ellanet"}})
		p.device.programs = append(p.device.programs, prog)
		mark(p)
	}
}

func plantAdmins(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{windows: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(200, 2500))), job: &job{title: "IT Administrator", dept: "IT", remote: 0.5}})
		p.install(toolTeamViewer, w.hourOn(r, r.between(1, 20)))
		p.install(toolAnyDesk, w.hourOn(r, r.between(1, 40)))
		if r.chance(0.5) {
			p.install(toolMesh, w.hourOn(r, r.between(1, 60)))
		}
		mark(p)
	}
}

func plantDesks(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{onSite: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(100, 1500)))})
		p.arrangement, p.routine.officeShare, p.device.monitor = "Office", 0.95, nil
		mark(p)
	}
}

func plantHelpDesk(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		want := w.inWindow(r)
		want.windows = true
		p := w.colleague(r, want)
		at := p.hired.Add(15*time.Hour + 20*time.Minute)
		p.install(toolTeamViewer, at)
		p.happened(at, "help-desk", "set-up session of the IT desk")
		mark(p)
	}
}

func plantHelpers(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true, windows: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(150, 2000)))})
		p.install(toolAnyDesk, w.hourOn(r, r.between(5, w.opt.Days-5)).Add(4*time.Hour))
		mark(p)
	}
}

func plantConsultants(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true})
		p.kind = "Contractor"
		client := "client-" + slug(pick(r, w.firms).name) + "-example.okta.com"
		for day := r.between(0, 5); day < w.opt.Days; day += r.between(3, 9) {
			p.look(client, w.hourOn(r, day))
		}
		mark(p)
	}
}

func plantBroken(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true, hired: w.workday(w.from.AddDate(0, 0, -r.between(150, 2000)))})
		p.device.lastAgent = w.date(r.between(2, w.opt.Days/2))
		mark(p)
	}
}

func plantOwn(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true})
		p.device.owned, p.device.asset, p.parcel = "Personal", "", nil
		p.device.host = "DESKTOP-" + r.code(7)
		mark(p)
	}
}

func plantStreamers(w *world, r *rng, n int, mark func(...*person)) {
	for range n {
		p := w.colleague(r, wish{remote: true})
		p.device.usb = append(p.device.usb, usb{"534d", "2109", "MacroSilicon", "USB3.0 HD Video", "", "video"})
		p.device.programs = append(p.device.programs, program{name: "OBS Studio", version: "31.1.2", publisher: "OBS Project"})
		p.camera = "OBS Virtual Camera"
		mark(p)
	}
}
