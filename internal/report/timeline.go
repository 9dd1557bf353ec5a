package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
)

// Limits of a timeline.
const (
	maxEvents = 200
	maxMarks  = 1100 // days of the sign-in strip, about three years
)

// Families under which events are shown or withheld.
const (
	famHiring   = "contact"
	famShipping = "shipping"
	famDevice   = "device"
	famNetwork  = "network"
	famPayment  = "payment"
	famCheck    = "verification-result"
)

// line collects the events of one persona.
type line struct{ events []Event }

func (l *line) add(at record.Time, kind, label, family string, detail ...string) {
	if !at.IsZero() {
		l.events = append(l.events, Event{at.Time().UTC(), kind, label, joinNonEmpty(", ", detail...), family})
	}
}

func (l *line) addDay(at record.Date, kind, label, family string, detail ...string) {
	if !at.IsZero() {
		l.events = append(l.events, Event{at.First(), kind, label, joinNonEmpty(", ", detail...), family})
	}
}

func (b *builder) timeline(p *identity.Persona) *Timeline {
	l, r := &line{}, &p.Records
	hiringEvents(l, r)
	equipmentEvents(l, r)
	moneyEvents(l, r)
	checkEvents(l, r)
	t := &Timeline{}
	since, ok := b.settings.NoticeDate(p.Country)
	switch {
	case !ok:
		t.Note = "Sign-ins and device data are not shown: no monitoring notice is recorded for this person's country."
	default:
		t.Note = "Sign-ins and device data from before the monitoring notice of " + day(since) + " are not used and not shown."
		b.telemetryEvents(l, p, since, t)
	}
	slices.SortStableFunc(l.events, func(x, y Event) int {
		return cmp.Or(x.At.Compare(y.At), strings.Compare(x.Kind, y.Kind), strings.Compare(x.Label, y.Label), strings.Compare(x.Detail, y.Detail))
	})
	l.events = slices.Compact(l.events)
	if n := len(l.events); n > maxEvents {
		l.events = l.events[n-maxEvents:]
		t.Note = joinNonEmpty(" ", t.Note, fmt.Sprintf("The %d earliest events are left out.", n-maxEvents))
	}
	t.Events = nonNil(l.events)
	b.span(t, p)
	return t
}

// span sets the ends of the picture.
func (b *builder) span(t *Timeline, p *identity.Persona) {
	if len(t.Events) == 0 {
		t.From, t.To = b.in.AsOf.UTC(), b.in.AsOf.UTC()
		return
	}
	t.From, t.To = t.Events[0].At, t.Events[len(t.Events)-1].At
	if asOf := b.in.AsOf.UTC(); !p.Former && asOf.After(t.To) {
		t.To = asOf
	}
	if t.SignIns != nil {
		first, _ := time.Parse(time.DateOnly, t.SignIns.First)
		if first.Before(t.From) {
			t.From = first
		}
		if last := first.AddDate(0, 0, len(t.SignIns.Marks)); last.After(t.To) {
			t.To = last
		}
	}
}

func hiringEvents(l *line, r *identity.Records) {
	for _, a := range r.Applications {
		l.add(a.AppliedAt, "applied", "Applied", famHiring, a.JobTitle, a.SourceChannel)
		l.add(a.OfferedAt, "offer", "Offer", famHiring, a.JobTitle)
	}
	for _, x := range r.References {
		l.add(x.SubmittedAt, "reference", "Reference received", "reference", x.Channel)
	}
	for _, e := range r.Engagements {
		l.addDay(e.Start, "start", "First day", famHiring, e.Title, e.Type)
		l.addDay(e.End, "end", "Last day", famHiring, strings.ReplaceAll(e.EndReason, "_", " "))
	}
}

func equipmentEvents(l *line, r *identity.Records) {
	for _, s := range r.Shipments {
		l.add(s.ShippedAt, "shipment", "Shipped", famShipping, shortAddress(s.ShipTo), s.Carrier)
		l.add(s.AddressChangedAt, "redirect", "Ship-to changed", famShipping, shortAddress(s.OriginalShipTo)+" → "+shortAddress(s.ShipTo))
		l.add(s.DeliveredAt, "delivered", "Delivered", famShipping, placeText(s.DeliveredPlace), strings.ReplaceAll(s.DeliveryType, "_", " "))
		l.add(s.ReturnedAt, "returned", "Returned", famShipping, placeText(s.ReturnedFrom))
	}
}

func shortAddress(a record.Address) string {
	if s := joinNonEmpty(", ", a.City, a.Region, a.Country); s != "" {
		return s
	}
	return clip(oneLine(a.Raw), 60)
}

func moneyEvents(l *line, r *identity.Records) {
	last := ""
	list := slices.Clone(r.PaymentAccounts)
	at := func(x *record.PaymentAccount) record.Time {
		if x.ValidFrom.IsZero() {
			return x.ObservedAt
		}
		return x.ValidFrom
	}
	slices.SortStableFunc(list, func(x, y *record.PaymentAccount) int { return at(x).Time().Compare(at(y).Time()) })
	for _, x := range list {
		id := cmp.Or(x.AccountHash, x.CryptoAddress, x.PlatformPayeeID, x.Rail+x.AccountLast4)
		switch {
		case id == last:
			continue
		case last == "" && (x.Changed == nil || !*x.Changed):
			l.add(at(x), "bank_details", "Pay details set", famPayment, accountText(x))
		default:
			l.add(at(x), "bank_change", "Pay details changed", famPayment, accountText(x), strings.ReplaceAll(x.ChangeChannel, "_", " "))
		}
		last = id
	}
	for _, x := range r.Payments {
		amount := ""
		if x.Amount != 0 {
			amount = fmt.Sprintf("%.2f %s", x.Amount, x.Currency)
		}
		label := "Pay"
		if x.Status == "returned" {
			label = "Pay returned"
		}
		l.add(x.At, "pay", label, famPayment, strings.TrimSpace(amount), x.Rail, x.ReturnCode)
	}
}

func accountText(x *record.PaymentAccount) string {
	out := joinNonEmpty(" ", x.Rail, x.BankName)
	if x.AccountLast4 != "" {
		out = joinNonEmpty(" ", out, "…"+x.AccountLast4[max(0, len(x.AccountLast4)-4):])
	}
	return out
}

func checkEvents(l *line, r *identity.Records) {
	for _, c := range r.Checks {
		l.add(c.CompletedAt, "check", "Check: "+strings.ReplaceAll(c.CheckKind, "_", " "), famCheck, c.Vendor, c.Result)
	}
	for _, x := range r.Presences {
		l.add(x.At, "presence", "Seen: "+strings.ReplaceAll(x.PresenceKind, "_", " "), famCheck, x.Site, x.VerifiedBy)
	}
}

// telemetryEvents adds what monitoring recorded from the notice on.
func (b *builder) telemetryEvents(l *line, p *identity.Persona, since time.Time, t *Timeline) {
	enrolled := map[string]record.Time{}
	for _, d := range p.Records.Devices {
		if was, ok := enrolled[d.DeviceKey]; !d.EnrolledAt.IsZero() && !d.EnrolledAt.Time().Before(since) && (!ok || d.EnrolledAt.Before(was)) {
			enrolled[d.DeviceKey] = d.EnrolledAt
		}
	}
	for key, at := range enrolled { // order is made by the sort of the caller
		l.add(at, "first_boot", "First boot, enrolment", famDevice, key)
	}
	for _, e := range p.Records.AccountEvents {
		if label, ok := accountEventLabels[e.Action]; ok && !e.At.Time().Before(since) {
			l.add(e.At, e.Action, label, famDevice, e.Factor)
		}
	}
	for _, m := range p.Records.Meetings {
		if m.MeetingKind == "interview" && !m.At.Time().Before(since) {
			l.add(m.At, "interview", "Interview", famHiring, m.Platform)
		}
	}
	b.signIns(l, p, since, t)
}

var accountEventLabels = map[string]string{
	"mfa_added": "Sign-in factor added", "role_granted": "Role granted", "email_changed": "E-mail changed", "phone_changed": "Phone changed", "disabled": "Account disabled",
}

func (b *builder) signIns(l *line, p *identity.Persona, since time.Time, t *Timeline) {
	days := map[int64]bool{}
	var first, last time.Time
	b.eachSignIn(p, since, func(i int) {
		at := b.set.Sessions.TimeOf(i)
		days[at.Unix()/86400] = true
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	})
	if len(days) == 0 {
		return
	}
	l.add(record.At(first), "first_sign_in", "First sign-in", famNetwork)
	hi := last.Unix() / 86400
	lo := max(first.Unix()/86400, hi-maxMarks+1)
	marks := make([]byte, 0, hi-lo+1)
	for d := lo; d <= hi; d++ {
		if days[d] {
			marks = append(marks, 'x')
		} else {
			marks = append(marks, '.')
		}
	}
	t.SignIns = &SignIns{First: day(time.Unix(lo*86400, 0)), Marks: string(marks), Days: len(days)}
}

// eachSignIn calls f with the row numbers of a persona's successful sign-ins from
// the monitoring notice to the day of the scan.
func (b *builder) eachSignIn(p *identity.Persona, since time.Time, f func(i int)) {
	t := &b.set.Sessions
	for _, account := range p.Account {
		lo, hi := t.Rows(account)
		for i := lo; i < hi; i++ {
			if at := t.TimeOf(i); at.Before(since) || at.After(b.in.AsOf) || t.OutcomeOf(i) == "failure" {
				continue
			}
			f(i)
		}
	}
}
