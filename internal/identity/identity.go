// Package identity holds what linking and screening find out about who is who:
// personas, the edges between them, the operators believed to be behind several
// of them, facilitators and hits. It is written by link and screen and read by
// detect, assess and report; it decides nothing itself.
package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"muster/internal/record"
)

// PersonaID names a persona: "P-" and a hash of its smallest handle (ruling 11).
type PersonaID string

// OperatorID names an operator: "O-" and a hash of its smallest persona id.
type OperatorID string

// NewPersonaID returns the id of the persona whose smallest handle is h.
func NewPersonaID(h record.Handle) PersonaID { return PersonaID("P-" + short(string(h))) }

// NewOperatorID returns the id of the operator whose smallest persona is p.
func NewOperatorID(p PersonaID) OperatorID { return OperatorID("O-" + short(string(p))) }

// NewFacilitatorID returns the id of a facilitator of a kind with a value.
func NewFacilitatorID(kind, value string) string { return "F-" + short(kind+"\x00"+value) }

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:5])
}

// Queue is the list a persona is ranked in. Staff and candidates are never mixed (ruling 7).
type Queue string

// The queues.
const (
	Staff     Queue = "staff"
	Candidate Queue = "candidate"
	Referee   Queue = "referee"
)

// Persona is an identity as presented: rows of different systems that are one
// presented identity, with the reasons why they were joined.
type Persona struct {
	ID      PersonaID
	Queue   Queue
	Kinds   []string        // candidate, employee, contractor, referee ...; ascending
	Names   []string        // as presented; the first is the one to show
	Emails  []string        // canonical, ascending
	Phones  []string        // E.164, ascending
	Handles []record.Handle // ascending
	Country string          // of work, as agreed or claimed; for law and notices, never for weight
	Joins   []Join          // why its rows are one persona
	Records Records         // its own records
	Held    []EdgeKind      // kinds of values its records state, shared or not, ascending: what could be compared
	Devices []string        // keys of devices it holds or was issued, ascending
	Account []string        // account names of its sessions, ascending
	Former  bool            // its last engagement has ended
	Early   bool            // a candidate before the stage from which candidates are judged
	Start   record.Date     // first day of the current or last engagement
	End     record.Date     // last day of it
}

// Name returns the name to show.
func (p *Persona) Name() string {
	if len(p.Names) > 0 {
		return p.Names[0]
	}
	if len(p.Emails) > 0 {
		return p.Emails[0]
	}
	return string(p.ID)
}

// Join says why two handles were taken for one presented identity.
type Join struct {
	A, B record.Handle
	By   string // what they agree on: "employee number", "work e-mail" ...
	Text string // one sentence for the reader; "" if By says it all
}

// Records are the records of one persona by kind, in the order of the sealed
// set. Sessions stay in the table; see [Persona.Account].
type Records struct {
	Claims          []*record.Persona
	Applications    []*record.Application
	History         []*record.HistoryItem
	Documents       []*record.Document
	References      []*record.Reference // about this persona
	Vouches         []*record.Reference // given by this persona
	Engagements     []*record.Engagement
	PaymentAccounts []*record.PaymentAccount
	Payments        []*record.Payment
	Devices         []*record.Device
	DeviceItems     []*record.DeviceItem
	Shipments       []*record.Shipment
	NetworkObs      []*record.NetworkObservation
	Contributions   []*record.Contribution
	Meetings        []*record.Meeting
	AccessEvents    []*record.AccessEvent
	AccountEvents   []*record.AccountEvent
	Checks          []*record.Check
	Presences       []*record.Presence
	StolenLogins    []*record.StolenLogin // the persona's own
	MachineLogins   []*record.StolenLogin // other people's on the machines of StolenLogins; none of machines that many people used
}

// EdgeKind says what kind of value is shared.
type EdgeKind string

// Kinds of edges.
const (
	EdgePhone         EdgeKind = "phone"
	EdgeEmail         EdgeKind = "email"
	EdgeBankAccount   EdgeKind = "bank_account"
	EdgeWallet        EdgeKind = "wallet"
	EdgeResumeText    EdgeKind = "resume_text"      // near-duplicate résumé text
	EdgeHistory       EdgeKind = "history"          // same employer, dates, title and bullets
	EdgeDocumentID    EdgeKind = "document_id"      // same XMP DocumentID or rsidRoot
	EdgeDocumentName  EdgeKind = "document_name"    // one's file names the other as author or editor
	EdgeSectionText   EdgeKind = "section_text"     // one job in the same words
	EdgeLetterText    EdgeKind = "letter_text"      // near-duplicate letters of application or answers
	EdgeSkeleton      EdgeKind = "career_skeleton"  // the same employers and dates
	EdgeSkills        EdgeKind = "skill_order"      // many skills in one order
	EdgeEducation     EdgeKind = "education"        // one school for the same years, beside other things
	EdgeFileMaker     EdgeKind = "file_maker"       // files of both name one third party as author or editor
	EdgeMailboxName   EdgeKind = "mailbox_name"     // one's mailbox carries the other's name
	EdgeReferenceText EdgeKind = "reference_text"   // near-duplicate letters
	EdgePhoto         EdgeKind = "photo"            // one picture, perhaps edited, in both's files or accounts
	EdgeAddress       EdgeKind = "address"          // claimed home
	EdgeShipTo        EdgeKind = "ship_to"          // where parcels went
	EdgeSigner        EdgeKind = "signer"           // one stranger signed for parcels of both
	EdgeSignInIP      EdgeKind = "sign_in_ip"       // one address within an hour
	EdgeDeviceIP      EdgeKind = "device_ip"        // issued devices check in from one residential address
	EdgeLAN           EdgeKind = "lan"              // one gateway MAC or access point
	EdgeDevice        EdgeKind = "device"           // one device used by both
	EdgeMonitor       EdgeKind = "monitor"          // one monitor serial
	EdgeUSB           EdgeKind = "usb"              // one USB serial
	EdgeMachine       EdgeKind = "infected_machine" // logins of both were stored on one machine that malware copied
	EdgeMFA           EdgeKind = "mfa"              // one phone, authenticator or passkey device as factor
	EdgeMeeting       EdgeKind = "meeting_client"   // one disk id or MAC in meetings
	EdgeApplicationIP EdgeKind = "application_ip"   // applied from one address
	EdgeChangeIP      EdgeKind = "change_ip"        // bank details changed from an address that somebody else signs in or changes details from
	EdgeRefereePhone  EdgeKind = "referee_phone"    // a referee's phone is somebody else's
	EdgeRefereeEmail  EdgeKind = "referee_email"    // a referee's address is somebody else's
	EdgeRefereeOwner  EdgeKind = "referee_owner"    // the referee of Holders[0] uses a contact of Holders[1]
	EdgeReferenceIP   EdgeKind = "reference_ip"     // a reference was submitted from somebody else's address
	EdgeVouch         EdgeKind = "vouch"            // Holders[0] vouches for Holders[1]
	EdgeVouchRing     EdgeKind = "vouch_ring"       // members of one circle of vouches
	EdgeVouchBlock    EdgeKind = "vouch_block"      // several people for whom the same several referees vouch
	EdgeCluster       EdgeKind = "cluster"          // Holders[0] shares one thing with the others, whom something else joins
	EdgeReferral      EdgeKind = "referral"         // Holders[0] referred Holders[1]
	EdgeGitEmail      EdgeKind = "git_email"        // commits under somebody else's address
	EdgeGitKey        EdgeKind = "git_key"          // one signing or SSH key
	EdgeURL           EdgeKind = "url"              // one profile or site
)

// Edge is one value that two or more personas share: a star with the value in
// its middle, so that a value with n holders costs n entries and not n².
type Edge struct {
	Kind        EdgeKind
	Family      string   // evidence family of the catalogue
	Key         string   // canonical value; may be a hash; never shown
	Label       string   // the value as it may be shown, masked where it is sensitive
	Holders     []Holder // ascending by persona, except for directed kinds (vouch, referral, referee_owner)
	N           int      // personas that hold the value, also where edges are suppressed
	Weight      float64  // nats, after all discounts; 0 if suppressed
	Scale       Scale    // what the weight was made from
	Similarity  float64  // for texts: Jaccard, 0..1; for careers: share of the shorter one
	Containment float64  // for texts: share of the shorter one that stands in the other, 0..1
	Shared      int      // for texts: runs of words that stand in both and tell texts apart
	Discounts   []string // why the weight is lower than for a private value
	Cuts        []Cut    // what each discount took, in the order applied
	Suppressed  string   // why the value makes no edge at all ("office egress", "declared agency housing"); "" if it does
	OpenHome    bool     // every holder openly claims this place as home: co-residence (ruling 3)
	Passages    []Passage
	First       time.Time // of the shared observation, zero if timeless
	Last        time.Time
}

// Scale is what an edge's weight is made from: min(Limit, Rarity) * Reliability,
// less what the discounts take.
type Scale struct {
	Rarity      float64 // nats: ln(N/n) for n holders among N people
	Limit       float64 // nats: the most that a value of this kind says
	Reliability float64 // 0..1: share of such coincidences that mean what they seem to
}

// Cut is what one discount took from an edge's weight.
type Cut struct {
	Text string
	Nats float64 // negative
}

// Holder is one end of an edge.
type Holder struct {
	Persona  PersonaID
	Refs     []record.Ref // the rows that say so; at most 5
	Note     string       // e.g. the home this holder claims
	At       time.Time    // when the row was observed, the latest of several; zero if timeless
	Days     int          // distinct days on which the rows say so; 0 if timeless
	Resident bool         // openly claims this place as home
}

// Has reports whether p is an end of the edge.
func (e *Edge) Has(p PersonaID) bool {
	for i := range e.Holders {
		if e.Holders[i].Persona == p {
			return true
		}
	}
	return false
}

// Others returns the ends other than p.
func (e *Edge) Others(p PersonaID) []Holder {
	out := make([]Holder, 0, len(e.Holders))
	for _, h := range e.Holders {
		if h.Persona != p {
			out = append(out, h)
		}
	}
	return out
}

// End returns p's own end, or a zero Holder.
func (e *Edge) End(p PersonaID) Holder {
	for _, h := range e.Holders {
		if h.Persona == p {
			return h
		}
	}
	return Holder{}
}

// Passage is a pair of matching texts.
type Passage struct {
	A, B       PersonaID
	TextA      string
	TextB      string
	RefA, RefB record.Ref
}

// Operator is a hypothesis: the personas that one hand is believed to be behind,
// because at least two independent families join each of them to the rest.
type Operator struct {
	ID          OperatorID
	Personas    []PersonaID // ascending
	Links       []Link
	Weakest     Link     // the link whose loss would split the operator first
	Probability float64  // that one hand is behind all of them, 0..1; uncalibrated, see docs/linkage.md
	Members     []Member // one per persona, in their order
}

// Member says how one persona belongs to an operator.
type Member struct {
	Persona     PersonaID
	Probability float64     // that it belongs, 0..1; uncalibrated
	Path        []PersonaID // from the operator's best connected persona to this one along the strongest links, both included
	Weakest     Link        // weakest link of the path; zero for the persona at which all paths begin
}

// Apart is a pair that two or more families join and that stands in no operator together.
type Apart struct {
	A, B PersonaID
	Why  string
}

// Link is the sum of what joins two personas of an operator.
type Link struct {
	A, B    PersonaID
	Weight  float64 // nats, a family counted once
	Reasons []Reason
}

// Reason is one family's contribution to a link.
type Reason struct {
	Kind   EdgeKind
	Family string
	Text   string
	Weight float64
}

// Facilitator is an address, account, network, device or person that several
// otherwise unlike personas depend on.
type Facilitator struct {
	ID       string
	Kind     string // address, account, network, device, person
	Label    string
	Personas []PersonaID
	Surprise float64  // nats: how improbable the sharing is by chance, times Unlike, with what Also adds
	Tail     float64  // -log10 of the probability that so many share by chance
	Unlike   float64  // 0..1: share of pairs with nothing else in common
	Also     []string // other kinds of hubs on which half or more of the same people depend, ascending
	Evidence []string
}

// Hit is a match of a persona's value with an indicator or list entry.
type Hit struct {
	Persona   PersonaID
	Field     string // what of the persona matched: email, phone, wallet, sign_in_ip, application_ip, meeting_ip, ...
	Value     string // as it may be shown
	Indicator *record.Indicator
	Exact     bool
	Refs      []record.Ref // the persona's rows
	Days      int          // for addresses: distinct days seen
	First     time.Time
	Last      time.Time
	Age       time.Duration // between the indicator's last sighting and the persona's use; 0 if either is unknown
}

// Graph is everything linking and screening found.
type Graph struct {
	Personas     []*Persona // ascending by id
	Edges        []*Edge    // in a fixed order
	Operators    []*Operator
	Apart        []Apart // ascending by A, B
	Refused      []Join  // rows that agree on something and are two personas, since something else contradicts
	Facilitators []*Facilitator
	Hits         []Hit
	Screened     int // indicators that personas were compared with; 0 means that no list was given

	byID   map[PersonaID]*Persona
	edges  map[PersonaID][]*Edge
	hits   map[PersonaID][]Hit
	oper   map[PersonaID]*Operator
	handle map[record.Handle]PersonaID
}

// Index builds the look-ups; call it after the slices are final.
func (g *Graph) Index() {
	g.byID = make(map[PersonaID]*Persona, len(g.Personas))
	g.handle = make(map[record.Handle]PersonaID, 2*len(g.Personas))
	for _, p := range g.Personas {
		g.byID[p.ID] = p
		for _, h := range p.Handles {
			g.handle[h] = p.ID
		}
	}
	g.edges = make(map[PersonaID][]*Edge)
	for _, e := range g.Edges {
		for _, h := range e.Holders {
			g.edges[h.Persona] = append(g.edges[h.Persona], e)
		}
	}
	g.hits = make(map[PersonaID][]Hit)
	for _, h := range g.Hits {
		g.hits[h.Persona] = append(g.hits[h.Persona], h)
	}
	g.oper = make(map[PersonaID]*Operator)
	for _, o := range g.Operators {
		for _, p := range o.Personas {
			g.oper[p] = o
		}
	}
}

// Persona returns a persona, or nil.
func (g *Graph) Persona(id PersonaID) *Persona { return g.byID[id] }

// ByHandle returns the persona that has a handle, or "".
func (g *Graph) ByHandle(h record.Handle) PersonaID { return g.handle[h] }

// EdgesOf returns the edges of a persona, suppressed ones included.
func (g *Graph) EdgesOf(id PersonaID) []*Edge { return g.edges[id] }

// HitsOf returns the hits of a persona.
func (g *Graph) HitsOf(id PersonaID) []Hit { return g.hits[id] }

// OperatorOf returns the operator a persona is believed to belong to, or nil.
func (g *Graph) OperatorOf(id PersonaID) *Operator { return g.oper[id] }
