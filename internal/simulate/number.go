package simulate

import (
	"cmp"
	"fmt"
	"slices"
)

// number gives employee and candidate numbers by time, so that they tell nothing else.
func (w *world) number() {
	slices.SortFunc(w.staff, func(a, b *person) int {
		return cmp.Or(a.hired.Compare(b.hired), cmp.Compare(mix(uint64(a.n)), mix(uint64(b.n))))
	})
	for i, p := range w.staff {
		p.no = fmt.Sprintf("E%04d", 1001+i)
	}
	r := newRNG(w.opt.Seed, "numbers")
	var apps []*application
	for _, p := range w.candidates() {
		apps = append(apps, p.application)
	}
	slices.SortFunc(apps, func(a, b *application) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.as.n, b.as.n))
	})
	candidate, id := int64(41_000_000), int64(87_000_000)
	for _, a := range apps {
		candidate += int64(r.between(1, 900))
		id += int64(r.between(1, 900))
		a.candidate, a.id = candidate, id
	}
	slices.SortFunc(w.applied, func(a, b *person) int { return cmp.Compare(a.application.candidate, b.application.candidate) })
}

// candidates returns everybody with an application, hired or not, in order of creation.
func (w *world) candidates() []*person {
	var out []*person
	for _, p := range w.people {
		if p.application != nil {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b *person) int { return cmp.Compare(a.application.candidate, b.application.candidate) })
	return out
}

// truth writes down what was planted.
func (w *world) truth() *Truth {
	t := &Truth{
		SchemaVersion: 1, Company: w.opt.Name, AsOf: w.opt.AsOf.Format(dateOnly), From: w.from.Format(dateOnly), Options: w.opt,
		Operators: []Operator{}, Facilitators: []Facilitator{}, Twins: []TwinKind{}, Events: []Event{},
	}
	for _, p := range w.people {
		if p.application == nil && p.hired.IsZero() {
			continue
		}
		t.Personas = append(t.Personas, w.label(p))
		for _, e := range p.events {
			e.Persona = id(p)
			t.Events = append(t.Events, e)
		}
	}
	w.helpers(t)
	if w.opt.Twins > 0 {
		w.kinds(t)
	}
	slices.SortFunc(t.Events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Persona, b.Persona), cmp.Compare(a.Kind, b.Kind))
	})
	t.count()
	return t
}

const dateOnly = "2006-01-02"

func id(p *person) string { return fmt.Sprintf("P-%05d", p.n) }

// label describes one persona.
func (w *world) label(p *person) Persona {
	l := p.truth
	l.ID, l.Names, l.Emails, l.Phones, l.Country, l.Traces = id(p), []string{p.name()}, []string{p.email}, []string{p.phone}, p.home.place.country, p.traces
	if p.born != "" {
		l.Names = append(l.Names, p.given+" "+p.born)
	}
	if a := p.application; a != nil {
		l.CandidateIDs = []int64{a.candidate}
		l.Handles = append(l.Handles, fmt.Sprintf("greenhouse:candidate:%d", a.candidate))
		l.Stage = stages[a.stage]
	}
	if p.hired.IsZero() {
		return l
	}
	l.Emails, l.Handles, l.EmployeeNo = append(l.Emails, p.work), append(l.Handles, "employee:"+p.no), p.no
	l.Hired, l.HiredAt, l.FirstPay = true, p.hired.Format(dateOnly), w.firstPay(p).Format(dateOnly)
	if p.parcel != nil {
		l.ShippedAt = p.parcel.shipped.Format(dateOnly)
	}
	if !p.ended.IsZero() {
		l.EndedAt = p.ended.Format(dateOnly)
	}
	return l
}

// helpers lists the operators with their facilitators.
func (w *world) helpers(t *Truth) {
	for _, c := range w.cells {
		op := Operator{ID: c.id, Level: c.level, Lone: c.lone, Base: c.base.city + ", " + c.base.country, Facilitators: []string{}}
		for _, h := range c.typists {
			op.Typists = append(op.Typists, h.id)
		}
		for _, p := range c.personas {
			op.Personas = append(op.Personas, id(p))
		}
		for _, f := range c.farms {
			op.Facilitators = append(op.Facilitators, f.id)
			fac := Facilitator{ID: f.id, Operator: c.id, Name: f.given + " " + f.family, Address: f.home.raw(0), BSSID: f.home.line.bssid, Personas: []string{}}
			for _, ip := range f.home.line.ips {
				fac.IPs = append(fac.IPs, ip.String())
			}
			for _, p := range f.laptops {
				fac.Personas = append(fac.Personas, id(p))
			}
			t.Facilitators = append(t.Facilitators, fac)
			if f.vouches {
				t.Personas = append(t.Personas, Persona{
					ID: "P-" + f.id, Human: f.id, Class: ClassFacilitator, Level: &c.level, Operator: c.id,
					Names: []string{fac.Name}, Emails: []string{f.email}, Phones: []string{f.phone}, Handles: []string{"email:" + f.email},
				})
			}
		}
		t.Operators = append(t.Operators, op)
	}
}

func (w *world) kinds(t *Truth) {
	for _, k := range twinKinds {
		kind := TwinKind{ID: k.id, Title: k.title}
		for i := range t.Personas {
			if t.Personas[i].Twin == k.id {
				kind.Personas = append(kind.Personas, t.Personas[i].ID)
			}
		}
		t.Twins = append(t.Twins, kind)
	}
}

func (t *Truth) count() {
	for i := range t.Personas {
		p := &t.Personas[i]
		switch {
		case p.Hired:
			t.Counts.Staff++
		case p.Class != ClassFacilitator:
			t.Counts.Candidates++
		}
		if p.Twin != "" {
			t.Counts.PlantedTwins++
		}
		if p.Hired && (p.Class == ClassOperator || p.Class == ClassLone) {
			t.Counts.FraudHires++
		}
		switch p.Class {
		case ClassOperator:
			t.Counts.Operator++
		case ClassLone:
			t.Counts.Lone++
		case ClassFacilitator:
			t.Counts.Facilitator++
		case ClassVictim:
			t.Counts.Victim++
		default:
			t.Counts.Innocent++
		}
	}
}
