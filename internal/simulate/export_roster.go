package simulate

import (
	"strings"
)

// writeRoster writes a custom report of the personnel system.
func (w *world) writeRoster(t *tree) error {
	const header = "Employee #,First Name,Last Name,Work Email,Home Email,Mobile Phone,Hire Date,Termination Date,Employment Status,Department,Job Title,Supervisor,Location,Address Line 1,Address Line 2,City,State,Zip Code,Country,Referred By,Work Arrangement,Agency"
	return t.table("hris/employees.csv", header, func(add func(...string)) {
		for _, p := range w.staff {
			add(w.rosterRow(p)...)
		}
	})
}

func (w *world) rosterRow(p *person) []string {
	r, h := w.stream(p, "roster"), p.claims()
	style := weighted(r, 6, 3, 1)
	ended, email, phone, boss := "0000-00-00", p.email, spoken(r, p.phone), ""
	if !p.ended.IsZero() {
		ended = p.ended.Format(dateOnly)
	}
	if r.chance(0.07) {
		email = ""
	}
	if r.chance(0.08) {
		phone = pick(r, []string{"", "N/A", "-"})
	}
	if p.manager != nil {
		boss = p.manager.family + ", " + p.manager.given
	}
	site := "Remote"
	if p.routine.office != nil {
		site = p.routine.office.name
	}
	first := p.given
	if r.chance(0.03) {
		first += " " + string("ABCDEJLMRST"[r.IntN(11)]) + "."
	}
	if r.chance(0.02) {
		first = strings.ToUpper(first)
	}
	return []string{
		p.no, first, p.family, p.work, email, phone, p.hired.Format(dateOnly), ended, p.kind, p.job.dept, p.job.title, boss, site,
		h.line1(style), h.line2(style), h.place.city, h.place.regionCode, h.postal, h.place.countryName, p.referredBy, p.arrangement, p.agency,
	}
}

// writeReferences writes the answers of referees.
func (w *world) writeReferences(t *tree) error {
	const header = "candidate_email,referee_name,referee_email,referee_phone,referee_company,referee_title,relationship,requested_at,submitted_at,submit_ip,user_agent,text"
	const stamp = "2006-01-02T15:04:05Z"
	return t.table("references/references.csv", header, func(add func(...string)) {
		for _, p := range w.candidates() {
			for _, ref := range p.refs {
				answer := ""
				if !ref.answer.IsZero() {
					answer = ref.answer.Format(stamp)
				}
				add(p.email, ref.name, ref.email, ref.phone, ref.company, ref.title, ref.relationship, ref.requested.Format(stamp), answer, ref.ip, ref.agent, ref.text)
			}
		}
	})
}

// writeShipments writes the parcels with laptops.
func (w *world) writeShipments(t *tree) error {
	const header = "Employee #,Work Email,Recipient Name,Carrier,Tracking Number,Serial Number,Asset Tag,Shipped At,Ship To Line 1,Ship To Line 2,Ship To City,Ship To State,Ship To Zip,Ship To Country,Original Ship To,Address Changed At,Changed By,Delivered At,Delivered City,Delivered State,Delivered Country,Delivery Type,Signed By,Status,Return Expected,Returned At"
	const stamp = "2006-01-02T15:04:05Z"
	return t.table("shipping/shipments.csv", header, func(add func(...string)) {
		for _, p := range w.staff {
			b := p.parcel
			if b == nil || !b.shipped.Before(w.opt.AsOf) {
				continue
			}
			style := int(mix(uint64(p.n)) % 3)
			original, changed, delivered, signed, back, status := "", "", "", "", "", "transit"
			city, region, country := "", "", ""
			if b.original != nil && b.changed.Before(w.opt.AsOf) {
				original, changed = b.original.raw(style), b.changed.Format(stamp)
			}
			if b.delivered.Before(w.opt.AsOf) {
				delivered, status, signed = b.delivered.Format(stamp), b.status, b.signed
				city, region, country = b.at.city, b.at.regionCode, b.at.country
			}
			if !b.returned.IsZero() && b.returned.Before(w.opt.AsOf) {
				back = b.returned.Format(stamp)
			}
			expected := "false"
			if !p.ended.IsZero() {
				expected = "true"
			}
			add(p.no, p.work, p.name(), b.carrier, b.tracking, p.device.serial, p.device.asset, b.shipped.Format(stamp),
				b.to.line1(style), b.to.line2(style), b.to.place.city, b.to.place.regionCode, b.to.postal, b.to.place.country,
				original, changed, b.changedBy, delivered, city, region, country, b.kind, signed, status, expected, back)
		}
	})
}

// writePresence writes when people were seen in person: doors of the offices, and checks.
func (w *world) writePresence(t *tree) error {
	const header = "Employee #,Work Email,Event Time,Presence Kind,Site,City,Country,Verified By"
	const stamp = "2006-01-02T15:04:05Z"
	return t.table("presence/badge.csv", header, func(add func(...string)) {
		for _, p := range w.staff {
			for _, b := range p.badges {
				if b.at.Before(w.opt.AsOf) {
					add(p.no, p.work, b.at.Format(stamp), b.kind, b.site, "", "", b.by)
				}
			}
			if p.routine.office == nil {
				continue
			}
			for day := range w.opt.Days {
				if pl := w.plan(p, day); pl.office != nil {
					add(p.no, p.work, pl.begin.UTC().Format(stamp), "badge", pl.office.name, pl.office.place.city, pl.office.place.country, "")
				}
			}
		}
	})
}
