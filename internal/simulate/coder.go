package simulate

import "time"

// coder is how somebody appears in version control.
type coder struct {
	repos  []int
	name   string
	email  string // normally the work address
	key    string // signing key, may be empty
	perDay float64
	zone   *time.Location // clock of the machine
	strays []stray
}

// stray is a stretch of commits under another identity.
type stray struct {
	from, to    int // days
	name, email string
	share       float64
}

var repoNames = words("ledger-core payments-api web-portal mobile-gateway data-pipelines infra-modules design-kit search-service billing-worker docs")

func (w *world) newCoder(r *rng, p *person) {
	c := &coder{name: p.name(), email: p.work, perDay: 0.3 + 1.2*r.Float64(), zone: p.home.place.zone}
	c.repos = r.Perm(len(repoNames))[:r.between(1, 3)]
	if r.chance(0.4) {
		c.key = r.from("0123456789ABCDEF", 16)
	}
	switch {
	case r.chance(0.06): // containers and build machines keep UTC
		c.zone = time.UTC
	case r.chance(0.04): // private address by mistake, on some days
		c.strays = append(c.strays, stray{r.between(0, 40), r.between(41, w.opt.Days), p.name(), p.email, 0.2})
	}
	p.coder = c
}
