package scan

import (
	"time"

	"muster/internal/record"
)

// Until returns the part of a sealed set that was known at a time, sealed.
func Until(set *record.Set, t time.Time) *record.Set {
	out := new(record.Set)
	keep := func(r record.Record) {
		if known(r, t) {
			out.Add(r)
		}
	}
	each(set.Personas, keep)
	each(set.Applications, keep)
	each(set.HistoryItems, keep)
	each(set.Documents, keep)
	each(set.References, keep)
	each(set.Engagements, keep)
	each(set.PaymentAccounts, keep)
	each(set.Payments, keep)
	each(set.Devices, keep)
	each(set.DeviceItems, keep)
	each(set.Shipments, keep)
	each(set.NetworkObs, keep)
	each(set.Contributions, keep)
	each(set.Meetings, keep)
	each(set.AccessEvents, keep)
	each(set.AccountEvents, keep)
	each(set.Checks, keep)
	each(set.Presences, keep)
	each(set.StolenLogins, keep)
	each(set.Indicators, keep)
	each(set.ListEntries, keep)
	for i := range set.Sessions.Len() {
		if !set.Sessions.TimeOf(i).After(t) {
			row := set.Sessions.At(i)
			out.Sessions.Append(&row)
		}
	}
	out.Seal()
	return out
}

func each[R record.Record](list []R, do func(record.Record)) {
	for _, r := range list {
		do(r)
	}
}

// known reports whether a record was known at t. Records that state no time
// count as known; a roster row is known from its start on, or earlier where a
// planned start is what the row is for.
func known(r record.Record, t time.Time) bool {
	if t.IsZero() {
		return true
	}
	at := when(r)
	return at.IsZero() || !at.Time().After(t)
}

// when returns the time at which a record came into being.
func when(r record.Record) record.Time {
	switch r := r.(type) {
	case *record.Session:
		return r.At
	case *record.Application:
		return r.AppliedAt
	case *record.Reference:
		return r.SubmittedAt
	case *record.PaymentAccount:
		return r.ValidFrom
	case *record.Payment:
		return r.At
	case *record.Device:
		return first(r.LastSeen, r.EnrolledAt)
	case *record.DeviceItem:
		return first(r.FirstSeen, r.LastSeen, r.ObservedAt)
	case *record.NetworkObservation:
		return r.At
	case *record.Contribution:
		return r.At
	case *record.Meeting:
		return r.At
	case *record.AccessEvent:
		return r.At
	case *record.AccountEvent:
		return r.At
	case *record.Check:
		return first(r.CompletedAt, r.OrderedAt)
	case *record.Presence:
		return r.At
	case *record.StolenLogin:
		return r.SeenAt
	case *record.Shipment:
		return first(r.ShippedAt, r.DeliveredAt)
	case *record.Document:
		return r.ReceivedAt
	case *record.Indicator:
		return r.FirstSeen
	}
	return record.Time{}
}

func first(times ...record.Time) record.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return record.Time{}
}
