package link

import (
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// newcomers makes persons of people whom only payroll, shipping or a background
// check know, and, where there is no roster at all, of the accounts that sign in.
func (b *builder) newcomers() {
	a := &assembly{byKey: map[string]int{}}
	learn := func(s *record.Subject) {
		if p := b.resolve(s); p >= 0 {
			for _, h := range s.All() {
				if h = canonical(h); strong(h) {
					if _, taken := b.handle[h]; !taken {
						b.handle[h] = p
						b.persons[p].Handles = append(b.persons[p].Handles, h)
					}
				}
			}
		}
	}
	eachAttached(b.set, learn)
	fresh := func(s *record.Subject) {
		if b.resolve(s) < 0 {
			if u := a.of(s, s.Name); u != nil {
				u.staff = true
			}
		}
	}
	for _, x := range b.set.PaymentAccounts {
		fresh(&x.Subject)
	}
	for _, x := range b.set.Payments {
		fresh(&x.Subject)
	}
	for _, x := range b.set.Shipments {
		fresh(&x.Subject)
	}
	for _, x := range b.set.Checks {
		fresh(&x.Subject)
	}
	if !b.roster() {
		for _, name := range b.set.Sessions.Accounts() {
			if _, ok := match.Email(name); ok && b.account(name) < 0 && !b.service[strings.ToLower(name)] {
				s := record.Subject{Handle: record.NewHandle(record.NSEmail, name)}
				if u := a.of(&s, ""); u != nil {
					u.staff = true
				}
			}
		}
	}
	if len(a.units) == 0 {
		return
	}
	a.finish()
	j := join(a.units, b.st)
	units := b.unitPerson
	b.people(a, j)
	b.unitPerson = units
	b.accounts = map[string]int32{}
}

// roster reports whether the input says who works here.
func (b *builder) roster() bool {
	return len(b.set.Engagements) > 0 || slices.ContainsFunc(b.set.Personas, func(p *record.Persona) bool {
		switch p.PersonaKind {
		case "employee", "contractor", "vendor_staff", "account_profile":
			return true
		}
		return false
	})
}

// eachAttached yields the subjects of rows that do not introduce a person.
func eachAttached(set *record.Set, yield func(*record.Subject)) {
	for _, x := range set.PaymentAccounts {
		yield(&x.Subject)
	}
	for _, x := range set.Payments {
		yield(&x.Subject)
	}
	for _, x := range set.Shipments {
		yield(&x.Subject)
	}
	for _, x := range set.Checks {
		yield(&x.Subject)
	}
	for _, x := range set.Devices {
		yield(&x.Subject)
	}
	for _, x := range set.Meetings {
		yield(&x.Subject)
	}
	for _, x := range set.Presences {
		yield(&x.Subject)
	}
}

// attach gives every row to the person it is about, in the order of the set.
func (b *builder) attach() {
	for _, x := range b.set.Personas {
		for _, u := range x.URLs {
			if p := b.resolve(&x.Subject); p >= 0 && u.Network == "github" && u.Username != "" {
				b.github[strings.ToLower(u.Username)] = p
			}
		}
	}
	b.inventory()
	rec := func(s *record.Subject) *identity.Records { return b.records(b.resolve(s)) }
	for _, x := range b.set.Personas {
		s := x.Subject
		if len(s.All()) == 0 && len(x.Emails) > 0 {
			s.Handle = record.NewHandle(record.NSEmail, x.Emails[0].Value)
		}
		if s.Name == "" {
			s.Name = x.FullName
		}
		if r := rec(&s); r != nil {
			r.Claims = append(r.Claims, x)
		}
	}
	for _, x := range b.set.Engagements {
		s := x.Subject
		s.Handles = append(slices.Clone(s.Handles), record.NewHandle(record.NSEmployee, x.EmployeeNo), record.NewHandle(record.NSEmail, x.WorkEmail))
		if r := rec(&s); r != nil {
			r.Engagements = append(r.Engagements, x)
		}
	}
	put(b, b.set.Applications, func(r *identity.Records) *[]*record.Application { return &r.Applications })
	put(b, b.set.HistoryItems, func(r *identity.Records) *[]*record.HistoryItem { return &r.History })
	put(b, b.set.Documents, func(r *identity.Records) *[]*record.Document { return &r.Documents })
	put(b, b.set.References, func(r *identity.Records) *[]*record.Reference { return &r.References })
	put(b, b.set.PaymentAccounts, func(r *identity.Records) *[]*record.PaymentAccount { return &r.PaymentAccounts })
	put(b, b.set.Payments, func(r *identity.Records) *[]*record.Payment { return &r.Payments })
	put(b, b.set.Devices, func(r *identity.Records) *[]*record.Device { return &r.Devices })
	b.attachParcels()
	put(b, b.set.Meetings, func(r *identity.Records) *[]*record.Meeting { return &r.Meetings })
	put(b, b.set.Checks, func(r *identity.Records) *[]*record.Check { return &r.Checks })
	put(b, b.set.Presences, func(r *identity.Records) *[]*record.Presence { return &r.Presences })
	for i, x := range b.set.References {
		if r := b.records(b.referees[i]); r != nil {
			r.Vouches = append(r.Vouches, x)
		}
	}
	b.attachTelemetry()
	b.attachLogins()
}

// attachParcels attaches parcels by whom they are for. What a carrier says about a parcel
// names nobody: it belongs to whom the order of the same tracking number names.
func (b *builder) attachParcels() {
	put(b, b.set.Shipments, func(r *identity.Records) *[]*record.Shipment { return &r.Shipments })
	owner := map[string]int32{}
	for _, x := range b.set.Shipments {
		if p := b.resolve(&x.Subject); p >= 0 && tracking(x) != "" {
			if old, taken := owner[tracking(x)]; taken && old != p {
				p = -1 // one number for two people says nothing
			}
			owner[tracking(x)] = p
		}
	}
	for _, x := range b.set.Shipments {
		if p, ok := owner[tracking(x)]; ok && b.resolve(&x.Subject) < 0 {
			if r := b.records(p); r != nil {
				r.Shipments = append(r.Shipments, x)
			}
		}
	}
}

// tracking returns the number of a parcel as carriers compare it; "" for one too
// short to be told from others.
func tracking(x *record.Shipment) string {
	no := strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, x.TrackingNo))
	if len(no) < 8 {
		return ""
	}
	return no
}

// put attaches the records of one kind by their subject.
func put[R record.Subjected](b *builder, list []R, of func(*identity.Records) *[]R) {
	for _, x := range list {
		if r := b.records(b.resolve(x.Of())); r != nil {
			to := of(r)
			*to = append(*to, x)
		}
	}
}

func (b *builder) records(p int32) *identity.Records {
	if p < 0 {
		return nil
	}
	return &b.persons[p].Records
}

// attachTelemetry attaches rows about devices and accounts. A row of a device
// belongs to whoever had the device at the time.
func (b *builder) attachTelemetry() {
	for _, x := range b.set.DeviceItems {
		if r := b.records(b.itemHolder(x)); r != nil {
			r.DeviceItems = append(r.DeviceItems, x)
		}
	}
	for _, x := range b.set.NetworkObs {
		if r := b.records(b.obsHolder(x)); r != nil {
			r.NetworkObs = append(r.NetworkObs, x)
		}
	}
	for _, x := range b.set.Devices { // rows without a user of a device that somebody else's row assigns
		if b.resolve(&x.Subject) < 0 {
			if keys := keysOf(x); len(keys) > 0 {
				if r := b.records(b.devices.at(keys[0]).holder(observed(x))); r != nil {
					r.Devices = append(r.Devices, x)
				}
			}
		}
	}
	for _, x := range b.set.Contributions {
		if r := b.records(b.contributor(x)); r != nil {
			r.Contributions = append(r.Contributions, x)
		}
	}
	for _, x := range b.set.AccessEvents {
		if r := b.records(b.account(x.Account)); r != nil {
			r.AccessEvents = append(r.AccessEvents, x)
		}
	}
	for _, x := range b.set.AccountEvents {
		if r := b.records(b.account(x.Account)); r != nil {
			r.AccountEvents = append(r.AccountEvents, x)
		}
	}
}

func (b *builder) itemHolder(x *record.DeviceItem) int32 {
	at := x.LastSeen
	if at.IsZero() {
		at = x.ObservedAt
	}
	if p := b.devices.get(x.DeviceKey).holder(at.Time()); p >= 0 {
		return p
	}
	return b.resolve(&x.Subject)
}

func (b *builder) obsHolder(x *record.NetworkObservation) int32 {
	if p := b.devices.get(x.DeviceKey).holder(x.At.Time()); p >= 0 {
		return p
	}
	if p := b.resolve(&x.Subject); p >= 0 {
		return p
	}
	return b.account(x.Account)
}

// contributor returns who made a commit: who pushed it, else whom it names.
func (b *builder) contributor(x *record.Contribution) int32 {
	if p := b.pusher(x); p >= 0 {
		return p
	}
	if e, ok := match.Email(x.AuthorEmail); ok {
		return b.byEmail(e, x.AuthorName)
	}
	return -1
}

func (b *builder) pusher(x *record.Contribution) int32 {
	if x.PushedBy == "" {
		return -1
	}
	if p := b.account(x.PushedBy); p >= 0 {
		return p
	}
	if p, ok := b.github[strings.ToLower(x.PushedBy)]; ok {
		return p
	}
	return -1
}
