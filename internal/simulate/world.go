package simulate

import (
	"fmt"
	"time"
)

// world is the invented company.
type world struct {
	opt     Options
	slug    string // of the organisation's name
	domain  string
	from    time.Time // first day of telemetry
	atlas   *atlas
	net     *network
	names   *namePool
	phones  phones
	homes   map[string]bool
	firms   []*firm
	banks   map[string][]*bank
	offices []*office
	gateway *line // exit of the company's VPN
	desktop *line // exit of virtual desktops
	astrill *provider
	proxies *provider // residential
	vpns    []*provider
	rooms   map[string]*line // co-working spaces by city
	people  []*person
	staff   []*person
	applied []*person // candidates who were not hired
	cells   []*cell
	cast    []role // of the demonstration's operator
	declare declarations
	devices int
	dayRNG  *rng
	lines   map[string]bool // work addresses taken
	itLead  *person
}

func newWorld(opt Options) (*world, error) {
	a, err := newAtlas()
	if err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	w := &world{
		opt: opt, slug: slug(opt.Name), from: opt.AsOf.AddDate(0, 0, -opt.Days), atlas: a, net: newNetwork(opt.Seed), names: newNamePool(),
		phones: phones{used: map[string]bool{}}, homes: map[string]bool{}, rooms: map[string]*line{}, lines: map[string]bool{},
		dayRNG: newRNG(opt.Seed, "days"),
	}
	w.domain = domainOf(opt.Name)
	r := newRNG(opt.Seed, "sites")
	for _, city := range []string{"New York", "Austin", "London", "Berlin"} {
		at := a.by[city]
		o := &office{place: at, name: city + " office", line: w.net.site(r, at, asOffice, opt.Name, w.slug+"-corp")}
		for range 6 + opt.Staff/40 {
			o.monitors = append(o.monitors, newMonitor(r))
		}
		w.offices = append(w.offices, o)
	}
	w.gateway = &line{place: a.by["New York"], asn: asGateway, org: "Example Secure Access", ips: w.net.several("gateway", 2), days: 1}
	w.desktop = &line{place: a.by["Chicago"], asn: asDesktop, org: "Example Cloud Desktops", ips: w.net.several("desktop", 2), days: 1}
	w.astrill = w.net.newProvider(a, "astrill", 30, false)
	w.proxies = w.net.newProvider(a, "resiproxy", 40, true)
	w.vpns = []*provider{w.net.newProvider(a, "mullvad", 27, false), w.net.newProvider(a, "protonvpn", 27, false)}
	w.firms = newFirms(newRNG(opt.Seed, "firms"))
	w.banks = newBanks(newRNG(opt.Seed, "banks"))
	return w, nil
}

// domainOf returns the company's domain: its first word under .example.
func domainOf(name string) string {
	for i, c := range name {
		if c == ' ' && i > 0 {
			name = name[:i]
			break
		}
	}
	return slug(name) + ".example"
}

// build fills the world: ordinary people, then planted innocents, then operators.
func (w *world) build() error {
	w.progress("people", 0, 3)
	w.plantOperators() // what is planted takes its share of the head count first
	w.plantTwins()
	if len(w.staff) > w.opt.Staff || len(w.applied) > w.opt.Candidates {
		return fmt.Errorf("simulate: what is planted needs %d staff and %d candidates, the options allow %d and %d", len(w.staff), len(w.applied), w.opt.Staff, w.opt.Candidates)
	}
	w.progress("people", 1, 3)
	w.hireStaff()
	w.takeApplications()
	w.progress("people", 2, 3)
	w.number()
	w.signParcels()
	w.progress("people", 3, 3)
	return nil
}

func (w *world) progress(stage string, done, total int) {
	if w.opt.Progress != nil {
		w.opt.Progress(stage, done, total)
	}
}

// newPerson returns somebody with a name, a home and contacts.
func (w *world) newPerson(r *rng, at *place) *person {
	p := &person{n: len(w.people)}
	p.given, p.family = w.names.draw(r)
	p.home = w.newHome(r, at)
	p.home.occupants++
	p.phone = w.phones.draw(r, at)
	p.email = mailbox(r, p.given, p.family)
	if r.chance(0.03) {
		p.email = devMailbox(r)
	}
	p.paysName = p.name()
	p.truth.Class = ClassInnocent
	p.truth.Human = fmt.Sprintf("h%05d", p.n)
	w.people = append(w.people, p)
	return p
}

// workMail returns an unused work address.
func (w *world) workMail(p *person) string {
	base := slug(p.given) + "." + slug(p.family)
	for n := 1; ; n++ {
		m := base
		if n > 1 {
			m += fmt.Sprint(n)
		}
		if !w.lines[m] {
			w.lines[m] = true
			return m + "@" + w.domain
		}
	}
}

// stream returns the person's own stream of chance for one purpose.
func (w *world) stream(p *person, purpose string) *rng {
	return newRNG(w.opt.Seed, fmt.Sprintf("%s/%d", purpose, p.n))
}
