package simulate

import (
	"fmt"
	"slices"
)

// cell is one operator: typists, their personas, and the helpers who keep the laptops.
// The shares in cell.go, persona.go and hire.go are those of the simulator recipe.
type cell struct {
	id       string
	level    int
	lone     bool
	base     *place // where the typists sit
	typists  []*typist
	farms    []*farm
	personas []*person
	masters  []*master
	photos   []uint64
	phones   []string // numbers of a careless cell
	letters  []string // texts of references
	cast     []role   // fixed parts of the demonstration; nil leaves them to chance
}

// master is a résumé from which several are made, with the file it is kept in.
type master struct {
	cv   *resume
	rsid string
}

// typist is one pair of hands.
type typist struct {
	id     string
	line   *line
	client client
	exits  *provider
	second factor // telephone that several personas use
	author string // name in the word processor
}

// farm is a home where a facilitator keeps laptops.
type farm struct {
	id            string
	given, family string
	email, phone  string
	home          *home
	kit           *kit
	kitSerial     string
	laptops       []*person
	vouches       bool
}

// plantOperators builds the cells and the lone hires.
func (w *world) plantOperators() {
	for i := range w.opt.Operators {
		c := w.newCell(fmt.Sprintf("op-%02d", i+1), i, false)
		w.recruit(c)
	}
	for i := range w.opt.Lone {
		c := w.newCell(fmt.Sprintf("lone-%03d", i+1), i, true)
		r := newRNG(w.opt.Seed, c.id)
		p := w.newPersona(r, c, 0, stageOffer)
		w.infiltrate(r, c, p)
		w.vouch(r, c, p)
		p.traces = slices.DeleteFunc(p.traces, func(s string) bool { return s == "meeting-device" }) // shared with nobody here
	}
}

func (w *world) newCell(id string, n int, lone bool) *cell {
	r := newRNG(w.opt.Seed, "cell/"+id)
	bases := []string{"Shenyang", "Vladivostok", "Dubai", "Kuala Lumpur"}
	c := &cell{id: id, level: w.opt.Level, lone: lone, base: w.atlas.by[bases[weighted(r, 5, 2, 1, 1)]]}
	hands, farms := r.between(1, 3), r.between(1, 3)
	if lone {
		hands, farms = 1, 1
	}
	if w.cast != nil {
		c.cast, hands, farms, c.base = w.cast, 2, 1, w.atlas.by["Shenyang"]
	}
	author := pick(r, []string{"Administrator", "admin", "PC", "win10", "dev"})
	for i := range hands {
		t := &typist{id: fmt.Sprintf("%s-t%d", id, i+1), line: w.net.homeLine(r, c.base), client: newClient(r, w.net), author: author}
		t.exits = w.astrill
		if r.chance(0.3) {
			t.exits = w.proxies
		}
		t.second = factor{kind: "OKTA_VERIFY_PUSH", deviceID: "guo" + r.code(17), deviceName: pick(r, []string{"SM-A546B", "Redmi Note 12", "Pixel 7a"}), on: pick(r, t.exits.exits)}
		c.typists = append(c.typists, t)
	}
	for i := range farms {
		country := "US"
		if i > 0 || (n%4 == 3 && !lone) {
			country = pick(r, []string{"GB", "DE", "US", "US", "PL"})
		}
		at := w.atlas.in(r, country)
		if w.cast != nil {
			at = w.atlas.by["New York"]
		}
		c.farms = append(c.farms, w.newFarm(r, fmt.Sprintf("%s-f%d", id, i+1), at))
	}
	w.stock(r, c)
	w.cells = append(w.cells, c)
	return c
}

// stock gives a cell what its personas are made of.
func (w *world) stock(r *rng, c *cell) {
	for range r.between(2, 4) {
		j := pick(r, remoteJobs)
		cv := w.newResume(r, &person{given: "a", family: "b"}, j.title, w.opt.AsOf.AddDate(0, -8, 0))
		c.masters = append(c.masters, &master{cv: cv, rsid: "00" + r.from("0123456789ABCDEF", 6)})
	}
	for range r.between(5, 8) {
		c.photos = append(c.photos, r.Uint64()|1)
	}
	for range max(1, w.opt.PersonasPerOperator/4) {
		c.phones = append(c.phones, w.phones.draw(r, c.farms[0].home.place))
	}
	for range 3 {
		c.letters = append(c.letters, praise(r, "%[1]s", "%[2]s"))
	}
}

func (w *world) newFarm(r *rng, id string, at *place) *farm {
	f := &farm{id: id, home: w.newHome(r, at), kit: drawKit(r, w.opt.Level)}
	f.given, f.family = w.names.draw(r)
	f.email, f.phone, f.kitSerial = mailbox(r, f.given, f.family), w.phones.draw(r, at), r.code(10)
	if f.kit.oui != "" { // the KVM sits on the local network too
		f.home.line.neighbours = append(f.home.line.neighbours, neighbour{mac: w.net.mac(r, f.kit.oui), host: f.kit.mdns})
	}
	for range r.between(4, 20) { // laptops of other employers
		f.home.line.neighbours = append(f.home.line.neighbours, w.net.stranger(r))
	}
	return f
}

// recruit makes the personas of a cell: some are hired, some in process, most turned away early.
func (w *world) recruit(c *cell) {
	r := newRNG(w.opt.Seed, c.id)
	for i := range w.opt.PersonasPerOperator {
		switch {
		case i < w.opt.HiredPerOperator:
			p := w.newPersona(r, c, i, stageOffer)
			w.infiltrate(r, c, p)
		case c.part(i).stage > 0:
			w.newPersona(r, c, i, c.part(i).stage)
		case r.chance(0.4):
			w.newPersona(r, c, i, r.between(stageScreen, stageReferences))
		default:
			w.newPersona(r, c, i, stageReview)
		}
	}
	for _, p := range c.personas {
		w.vouch(r, c, p)
	}
	w.shareAccounts(r, c)
	w.comeBack(r, c)
}

// comeBack lets the hand behind an ended engagement apply again with something recycled.
func (w *world) comeBack(r *rng, c *cell) {
	for _, old := range c.personas {
		if old.ended.IsZero() || !r.chance(0.5) {
			continue
		}
		for _, p := range c.personas {
			if !p.hired.IsZero() || p.application.stage < stageScreen || p.application.at.Before(old.ended) {
				continue
			}
			p.trace("recycled")
			p.happened(p.application.at, "re-application", "recycles an attribute of an ended engagement")
			if c.level == 0 {
				p.phone = old.phone
			} else if old.resume != nil {
				p.resume = w.variant(r, old.resume, 0.8)
			}
			break
		}
	}
}

// role is a fixed part in the demonstration; empty fields are left to chance.
type role struct {
	country  string // claimed
	city     string // claimed, within the country
	delivery string // farm, changed, byod
	mode     string // kvm, tool, both, abroad
	payTo    bool   // switches pay to the account of the first hire
	stage    int    // of those who were not hired
}

// part returns the role of persona i.
func (c *cell) part(i int) role {
	if i < len(c.cast) {
		return c.cast[i]
	}
	return role{}
}
