package record

// Kind names a type of record; it is the value of "record" in canonical NDJSON.
type Kind string

// The kinds of records.
const (
	Personas        Kind = "persona"
	Applications    Kind = "application"
	HistoryItems    Kind = "history_item"
	Documents       Kind = "document"
	References      Kind = "reference"
	Engagements     Kind = "engagement"
	PaymentAccounts Kind = "payment_account"
	Payments        Kind = "payment"
	Devices         Kind = "device"
	DeviceItems     Kind = "device_item"
	Shipments       Kind = "shipment"
	Sessions        Kind = "session"
	NetworkObs      Kind = "network_obs"
	Contributions   Kind = "contribution"
	Meetings        Kind = "meeting"
	AccessEvents    Kind = "access_event"
	AccountEvents   Kind = "account_event"
	Checks          Kind = "check"
	Presences       Kind = "presence"
	StolenLogins    Kind = "stolen_login"
	Indicators      Kind = "indicator"
	ListEntries     Kind = "list_entry"
)

// Record is one canonical record. The concrete types are pointers to the
// structs of this package.
type Record interface {
	Kind() Kind
	Meta() *Common
}

// Common is what every record carries.
type Common struct {
	Ref        Ref  `json:"ref"`
	ObservedAt Time `json:"observed_at,omitzero"` // when the fact held, by the source
	ValidFrom  Time `json:"valid_from,omitzero"`  // start of this version of the row
	ValidTo    Time `json:"valid_to,omitzero"`    // end of this version; absent = still current
}

// Meta returns the common part.
func (c *Common) Meta() *Common { return c }

// Subject says whom a record is about: a main handle, further handles of the
// same row, and the name that stood on it.
type Subject struct {
	Handle  Handle   `json:"handle"`
	Handles []Handle `json:"handles,omitempty"`
	Name    string   `json:"name,omitempty"`
}

// All returns the main handle and the further ones, without empty ones.
func (s *Subject) All() []Handle {
	all := make([]Handle, 0, 1+len(s.Handles))
	if s.Handle != "" {
		all = append(all, s.Handle)
	}
	for _, h := range s.Handles {
		if h != "" && h != s.Handle {
			all = append(all, h)
		}
	}
	return all
}

// Of returns the subject itself; it makes every record that embeds Subject a [Subjected].
func (s *Subject) Of() *Subject { return s }

// Subjected is a record that is about a person.
type Subjected interface {
	Record
	Of() *Subject
}

// New returns an empty record of the kind, or nil if there is no such kind.
func New(k Kind) Record {
	if f, ok := makers[k]; ok {
		return f()
	}
	return nil
}

var makers = map[Kind]func() Record{
	Personas:        func() Record { return new(Persona) },
	Applications:    func() Record { return new(Application) },
	HistoryItems:    func() Record { return new(HistoryItem) },
	Documents:       func() Record { return new(Document) },
	References:      func() Record { return new(Reference) },
	Engagements:     func() Record { return new(Engagement) },
	PaymentAccounts: func() Record { return new(PaymentAccount) },
	Payments:        func() Record { return new(Payment) },
	Devices:         func() Record { return new(Device) },
	DeviceItems:     func() Record { return new(DeviceItem) },
	Shipments:       func() Record { return new(Shipment) },
	Sessions:        func() Record { return new(Session) },
	NetworkObs:      func() Record { return new(NetworkObservation) },
	Contributions:   func() Record { return new(Contribution) },
	Meetings:        func() Record { return new(Meeting) },
	AccessEvents:    func() Record { return new(AccessEvent) },
	AccountEvents:   func() Record { return new(AccountEvent) },
	Checks:          func() Record { return new(Check) },
	Presences:       func() Record { return new(Presence) },
	StolenLogins:    func() Record { return new(StolenLogin) },
	Indicators:      func() Record { return new(Indicator) },
	ListEntries:     func() Record { return new(ListEntry) },
}

// Kinds returns all kinds in the order of the model.
func Kinds() []Kind {
	return []Kind{
		Personas, Applications, HistoryItems, Documents, References, Engagements, PaymentAccounts, Payments,
		Devices, DeviceItems, Shipments, Sessions, NetworkObs, Contributions, Meetings, AccessEvents, AccountEvents,
		Checks, Presences, StolenLogins, Indicators, ListEntries,
	}
}
