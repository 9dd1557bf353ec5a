package simulate

import "time"

// parcel is a laptop on its way.
type parcel struct {
	carrier, tracking string
	shipped           time.Time
	to                *home
	original          *home // nil if never changed
	changed           time.Time
	changedBy         string
	delivered         time.Time
	at                *place
	door              int    // who opens where nothing else is planted
	neighbour         string // who signs if the door is a neighbour's
	signed            string // what the carrier recorded
	kind, status      string
	returned          time.Time
}

// Who opens the door.
const (
	doorHome = iota
	doorNobody
	doorNeighbour
)

var carriers = []string{"UPS", "FedEx", "DHL", "GLS"}

// ship sends the laptop some days before the first one at work.
func (w *world) ship(r *rng, p *person, to *home) {
	shipped := p.hired.AddDate(0, 0, -r.between(6, 9)).Add(time.Duration(r.between(9, 17)) * time.Hour)
	b := &parcel{
		carrier: pick(r, carriers), tracking: "1Z" + r.code(16), shipped: shipped, to: to, at: to.place,
		delivered: shipped.AddDate(0, 0, r.between(2, 4)), kind: "residence", status: "delivered",
	}
	switch {
	case r.chance(0.75):
	case r.chance(0.5):
		b.door = doorNobody
	default:
		given, family := w.names.draw(r)
		b.door, b.neighbour = doorNeighbour, given[:1]+". "+family
	}
	if !p.ended.IsZero() && r.chance(0.8) {
		b.returned = p.ended.AddDate(0, 0, r.between(3, 18))
	}
	p.parcel = b
}

// redirect changes where the parcel goes while it is under way.
func (b *parcel) redirect(r *rng, to *home, by string) {
	b.original, b.to, b.at = b.to, to, to.place
	b.changed, b.changedBy = b.shipped.Add(time.Duration(r.between(5, 40))*time.Hour), by
	if !b.delivered.After(b.changed) {
		b.delivered = b.changed.Add(30 * time.Hour)
	}
}

// signParcels lets somebody sign for every parcel for which nothing is planted:
// the addressee for 70 of 100, else a partner with the same family name, a desk or a
// neighbour, or nobody. It comes last, when names and addresses are settled.
func (w *world) signParcels() {
	for _, p := range w.staff {
		b := p.parcel
		if b == nil || b.signed != "" {
			continue
		}
		r := w.stream(p, "signature")
		switch {
		case b.door == doorHome && r.chance(0.93):
			b.signed = p.signature(r)
		case b.door == doorHome, b.door == doorNeighbour && r.chance(0.4):
			given, _ := w.names.draw(r)
			b.signed = given[:1] + ". " + p.family // a partner or a relative
		case b.door == doorNeighbour && r.chance(0.5):
			b.signed = pick(r, []string{"RECEPTION", "MAILROOM", "CONCIERGE"})
		case b.door == doorNeighbour:
			b.signed = b.neighbour
		case r.chance(0.5):
			b.signed = "FRONT DOOR"
		}
	}
}

// signature is the addressee's name as a carrier types it.
func (p *person) signature(r *rng) string {
	return pick(r, []string{p.given[:1] + ". " + p.family, p.given[:1] + ". " + p.family, p.name(), p.family})
}
