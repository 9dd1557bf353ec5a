package record

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
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
	StolenLogins    []*StolenLogin
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
	case *StolenLogin:
		s.StolenLogins = append(s.StolenLogins, r)
	case *Indicator:
		s.Indicators = append(s.Indicators, r)
	case *ListEntry:
		s.ListEntries = append(s.ListEntries, r)
	}
}

// Seal brings the set into an order that depends on the content of the records
// only (ruling 11), drops rows read twice, and closes the validity of rows that a
// later version of the same row replaced. The kinds are sealed side by side.
func (s *Set) Seal() {
	var all sync.WaitGroup
	all.Go(s.Sessions.Seal)
	seal(&all, &s.DeviceItems)
	seal(&all, &s.Devices)
	seal(&all, &s.Contributions)
	seal(&all, &s.NetworkObs)
	seal(&all, &s.Meetings)
	seal(&all, &s.Payments)
	seal(&all, &s.PaymentAccounts)
	seal(&all, &s.Personas)
	seal(&all, &s.Applications)
	seal(&all, &s.HistoryItems)
	seal(&all, &s.Documents)
	seal(&all, &s.References)
	seal(&all, &s.Engagements)
	seal(&all, &s.Shipments)
	seal(&all, &s.AccessEvents)
	seal(&all, &s.AccountEvents)
	seal(&all, &s.Checks)
	seal(&all, &s.Presences)
	seal(&all, &s.StolenLogins)
	seal(&all, &s.Indicators)
	seal(&all, &s.ListEntries)
	all.Wait()
}

func seal[R Record](all *sync.WaitGroup, list *[]R) {
	if len(*list) > 0 {
		all.Go(func() { *list = sealed(*list) })
	}
}

// sealing is a record on its way to its place: what mostly decides the order
// stands here, so that sorting seldom has to look at the records themselves.
type sealing struct {
	first, second uint64 // the first 16 bytes of the key
	source        uint32 // rank of the source
	at            uint32 // number of the record
}

// sealed sorts by source, key, start of validity and content, and removes
// records that differ in file, line and offset only. The content is asked only
// of records that agree in everything before it.
func sealed[R Record](list []R) []R {
	ranks := sourceRanks(list)
	order := make([]sealing, len(list))
	for i, r := range list {
		ref := &r.Meta().Ref
		order[i] = sealing{prefix(ref.Key, 0), prefix(ref.Key, 8), ranks[ref.Source], uint32(i)}
	}
	known := map[uint32]string{}
	content := func(at uint32) string {
		c, ok := known[at]
		if !ok {
			c = contentOf(list[at])
			known[at] = c
		}
		return c
	}
	slices.SortFunc(order, func(a, b sealing) int {
		if c := cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.first, b.first), cmp.Compare(a.second, b.second)); c != 0 {
			return c
		}
		x, y := list[a.at].Meta(), list[b.at].Meta()
		if c := strings.Compare(x.Ref.Key, y.Ref.Key); c != 0 {
			return c
		}
		if c := x.ValidFrom.Time().Compare(y.ValidFrom.Time()); c != 0 {
			return c
		}
		return cmp.Or(strings.Compare(content(a.at), content(b.at)), x.Ref.Compare(y.Ref))
	})
	order = slices.CompactFunc(order, func(a, b sealing) bool {
		x, y := list[a.at].Meta(), list[b.at].Meta()
		return a.source == b.source && x.Ref.Key == y.Ref.Key && x.ValidFrom.String() == y.ValidFrom.String() && content(a.at) == content(b.at)
	})
	out := make([]R, len(order))
	for i, o := range order {
		out[i] = list[o.at]
		if i > 0 {
			closeVersion(out[i-1].Meta(), out[i].Meta())
		}
	}
	return out
}

func sourceRanks[R Record](list []R) map[string]uint32 {
	ranks := map[string]uint32{}
	for _, r := range list {
		ranks[r.Meta().Ref.Source] = 0
	}
	for i, s := range slices.Sorted(maps.Keys(ranks)) {
		ranks[s] = uint32(i)
	}
	return ranks
}

// prefix returns eight bytes of s from a place on, as a number that sorts like
// them. Numbers are equal where the bytes are, or where the text ends before.
func prefix(s string, from int) uint64 {
	var b [8]byte
	copy(b[:], s[min(from, len(s)):])
	return binary.BigEndian.Uint64(b[:])
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
