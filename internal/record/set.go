package record

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Set is everything that was read, by kind. Fill it with Add, then call Seal
// once; a sealed set is read-only.
type Set struct {
	Personas        []*Persona
	Applications    []*Application
	HistoryItems    []*HistoryItem
	Documents       []*Document
	References      []*Reference
	Engagements     []*Engagement
	PaymentAccounts []*PaymentAccount
	Payments        []*Payment
	Devices         []*Device
	DeviceItems     []*DeviceItem
	Shipments       []*Shipment
	NetworkObs      []*NetworkObservation
	Contributions   []*Contribution
	Meetings        []*Meeting
	AccessEvents    []*AccessEvent
	AccountEvents   []*AccountEvent
	Checks          []*Check
	Presences       []*Presence
	Indicators      []*Indicator
	ListEntries     []*ListEntry
	Sessions        SessionTable
}

// Add puts a record into the set. The set keeps the pointer, except of sessions.
func (s *Set) Add(r Record) {
	switch r := r.(type) {
	case *Session:
		s.Sessions.Append(r)
	case *Persona:
		s.Personas = append(s.Personas, r)
	case *Application:
		s.Applications = append(s.Applications, r)
	case *HistoryItem:
		s.HistoryItems = append(s.HistoryItems, r)
	case *Document:
		s.Documents = append(s.Documents, r)
	case *Reference:
		s.References = append(s.References, r)
	case *Engagement:
		s.Engagements = append(s.Engagements, r)
	case *PaymentAccount:
		s.PaymentAccounts = append(s.PaymentAccounts, r)
	case *Payment:
		s.Payments = append(s.Payments, r)
	case *Device:
		s.Devices = append(s.Devices, r)
	case *DeviceItem:
		s.DeviceItems = append(s.DeviceItems, r)
	case *Shipment:
		s.Shipments = append(s.Shipments, r)
	case *NetworkObservation:
		s.NetworkObs = append(s.NetworkObs, r)
	case *Contribution:
		s.Contributions = append(s.Contributions, r)
	case *Meeting:
		s.Meetings = append(s.Meetings, r)
	case *AccessEvent:
		s.AccessEvents = append(s.AccessEvents, r)
	case *AccountEvent:
		s.AccountEvents = append(s.AccountEvents, r)
	case *Check:
		s.Checks = append(s.Checks, r)
	case *Presence:
		s.Presences = append(s.Presences, r)
	case *Indicator:
		s.Indicators = append(s.Indicators, r)
	case *ListEntry:
		s.ListEntries = append(s.ListEntries, r)
	}
}

// Seal brings the set into an order that depends on the content of the records
// only (ruling 11), drops rows read twice, and closes the validity of rows that a
// later version of the same row replaced.
func (s *Set) Seal() {
	s.Personas = sealed(s.Personas)
	s.Applications = sealed(s.Applications)
	s.HistoryItems = sealed(s.HistoryItems)
	s.Documents = sealed(s.Documents)
	s.References = sealed(s.References)
	s.Engagements = sealed(s.Engagements)
	s.PaymentAccounts = sealed(s.PaymentAccounts)
	s.Payments = sealed(s.Payments)
	s.Devices = sealed(s.Devices)
	s.DeviceItems = sealed(s.DeviceItems)
	s.Shipments = sealed(s.Shipments)
	s.NetworkObs = sealed(s.NetworkObs)
	s.Contributions = sealed(s.Contributions)
	s.Meetings = sealed(s.Meetings)
	s.AccessEvents = sealed(s.AccessEvents)
	s.AccountEvents = sealed(s.AccountEvents)
	s.Checks = sealed(s.Checks)
	s.Presences = sealed(s.Presences)
	s.Indicators = sealed(s.Indicators)
	s.ListEntries = sealed(s.ListEntries)
	s.Sessions.Seal()
}

// sealed sorts by source, key, start of validity and content, and removes
// records that differ in file, line and offset only.
func sealed[R Record](list []R) []R {
	type entry struct {
		r       R
		content string
	}
	entries := make([]entry, len(list))
	for i, r := range list {
		entries[i] = entry{r, contentOf(r)}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		x, y := a.r.Meta(), b.r.Meta()
		return cmp.Or(
			strings.Compare(x.Ref.Source, y.Ref.Source), strings.Compare(x.Ref.Key, y.Ref.Key),
			x.ValidFrom.Time().Compare(y.ValidFrom.Time()), strings.Compare(a.content, b.content),
			x.Ref.Compare(y.Ref),
		)
	})
	entries = slices.CompactFunc(entries, func(a, b entry) bool {
		x, y := a.r.Meta().Ref, b.r.Meta().Ref
		return x.Source == y.Source && x.Key == y.Key && a.content == b.content
	})
	out := make([]R, len(entries))
	for i, e := range entries {
		out[i] = e.r
		if i > 0 {
			closeVersion(out[i-1].Meta(), e.r.Meta())
		}
	}
	return out
}

// closeVersion ends the validity of a row where the next version of it begins.
func closeVersion(prev, next *Common) {
	sameRow := prev.Ref.Source == next.Ref.Source && prev.Ref.Key == next.Ref.Key && prev.Ref.Key != ""
	if sameRow && prev.ValidTo.IsZero() && prev.ValidFrom.Before(next.ValidFrom) {
		prev.ValidTo = next.ValidFrom
	}
}

// contentOf returns the record's content without where it was read, the name of
// the file included.
func contentOf(r Record) string {
	m := r.Meta()
	ref := m.Ref
	m.Ref = Ref{}
	name := ""
	if d, ok := r.(*Document); ok {
		name, d.Filename = d.Filename, ""
		defer func() { d.Filename = name }()
	}
	b, err := json.Marshal(r)
	m.Ref = ref
	if err != nil {
		return err.Error()
	}
	return string(b)
}
