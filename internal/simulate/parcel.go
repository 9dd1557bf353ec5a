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
	signed            string
	kind, status      string
	returned          time.Time
}

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
		b.signed = p.given[:1] + ". " + p.family
	case r.chance(0.5):
		b.signed = "FRONT DOOR"
	default:
		_, family := w.names.draw(r)
		b.signed = family // a neighbour
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
