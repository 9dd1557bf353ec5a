package report

import (
	"time"

	"muster/internal/assess"
	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// SchemaVersion is the version of the JSON form. Fields may be added to it, never renamed.
const SchemaVersion = 1

// Document is a whole report. Its JSON form is described by docs/schema/scan.v1.json;
// all weights are in nats.
type Document struct {
	SchemaVersion int                `json:"schema_version"`
	AsOf          time.Time          `json:"as_of"`
	Organisation  string             `json:"organisation,omitempty"`
	Headline      string             `json:"headline"` // what waits for what
	Summary       string             `json:"summary"`  // how many people are in which band
	Audience      string             `json:"audience,omitempty"`
	Redacted      bool               `json:"redacted,omitempty"`
	Withheld      []string           `json:"withheld,omitempty"` // what this audience or a redacted report does not show
	Queues        []QueueCount       `json:"queues"`
	BandNotes     []BandNote         `json:"band_notes,omitempty"`
	Inputs        []InputFile        `json:"inputs"`
	Unidentified  []string           `json:"unidentified"`
	Quarantine    []QuarantineRow    `json:"quarantine"`
	Coverage      []Coverage         `json:"coverage"`
	Detectors     []DetectorPage     `json:"detectors"`
	Suppressions  []Suppression      `json:"suppressions"`
	Learnt        Learnt             `json:"learnt"`
	Settings      *settings.Settings `json:"settings"`
	Register      []RegisterRow      `json:"register"`
	Personas      []Persona          `json:"personas"`                    // by queue, then band, weight and id
	Unlisted      int                `json:"personas_unlisted,omitempty"` // accounts of a marketplace without a finding; they are counted in queues only
	Operators     []Operator         `json:"operators"`
	Edges         []Edge             `json:"edges"`   // what personas share
	Apart         []Apart            `json:"apart"`   // pairs with two families that are in no operator together
	Refused       []Join             `json:"refused"` // rows that agree and are two personas, since something contradicts
	Facilitators  []Facilitator      `json:"facilitators"`
	Screening     []Screening        `json:"screening"`
	Changes       *Changes           `json:"changes,omitempty"` // against an earlier report
}

// QueueCount counts the personas of a queue by band.
type QueueCount struct {
	Queue  identity.Queue `json:"queue"`
	Title  string         `json:"title,omitempty"` // what the report calls it where that is not the queue's name
	Total  int            `json:"total"`
	Urgent int            `json:"urgent"`
	Review int            `json:"review"`
	Watch  int            `json:"watch"`
}

// Coverage says how far a detector could look.
type Coverage struct {
	Detector string        `json:"detector"`
	Title    string        `json:"title,omitempty"`
	Signals  []signal.ID   `json:"signals"`
	Status   detect.Status `json:"status"`
	Reason   string        `json:"reason,omitempty"` // of not_assessed: records, notice, consent, test; of failed: the error
	Missing  []record.Kind `json:"missing,omitempty"`
	Assessed int           `json:"assessed"` // personas looked at
	Of       int           `json:"of"`       // personas it would look at
	Waits    string        `json:"waits,omitempty"`
}

// DetectorPage is what a detector says about itself.
type DetectorPage struct {
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Signals  []signal.ID   `json:"signals"`
	Families []string      `json:"families"`
	Looks    string        `json:"looks"`
	Why      string        `json:"why"`
	Innocent []string      `json:"innocent"`
	Clears   []string      `json:"clears"`
	Next     []string      `json:"next"`
	Status   detect.Status `json:"status,omitempty"`
	Findings int           `json:"findings"`
}

// Suppression is something that would have linked people and does not, with the reason.
type Suppression struct {
	Kind   string `json:"kind"`
	Family string `json:"family,omitempty"`
	Label  string `json:"label"`
	N      int    `json:"n"` // personas that hold the value
	Why    string `json:"why"`
}

// Learnt is what the scan took for normal in this organisation.
type Learnt struct {
	Staff    int       `json:"staff"`
	Personas int       `json:"personas"`
	Accounts int       `json:"accounts"`
	Devices  int       `json:"devices"`
	Egress   []Egress  `json:"egress"`
	Carriers []Carrier `json:"carriers"`
	Tools    []Tool    `json:"tools"`
	Domains  []string  `json:"domains"`
	Sources  []string  `json:"sources"` // exculpating sources that were in the input
	Absent   []string  `json:"absent"`  // exculpating sources that were not
}

// Egress is an address that many people share and that links nobody.
type Egress struct {
	Address  string `json:"address"`
	Why      string `json:"why"`
	Accounts int    `json:"accounts"`
}

// Carrier is a network that hands one address to many.
type Carrier struct {
	ASN  int64  `json:"asn"`
	Name string `json:"name"`
}

// Tool is a remote tool, VPN client or peripheral seen on the fleet.
type Tool struct {
	Name     string  `json:"name"`
	Devices  int     `json:"devices"`
	Of       int     `json:"of"`
	Share    float64 `json:"share"`              // 0..1
	Approved bool    `json:"approved,omitempty"` // named in the settings
	Proposed bool    `json:"proposed,omitempty"` // common enough to be proposed as approved (ruling 5)
}

// RegisterRow is one line of the verification register: everyone with access,
// and who ever verified them.
type RegisterRow struct {
	Persona    identity.PersonaID `json:"persona"`
	Name       string             `json:"name"`
	Since      string             `json:"since,omitempty"` // first day
	Privileged bool               `json:"privileged,omitempty"`
	Band       assess.Band        `json:"band"`
	Verified   []Verification     `json:"verified"` // newest first; empty is a gap
}

// Operator is a hypothesis that one hand is behind several personas.
type Operator struct {
	ID          identity.OperatorID  `json:"id"`
	Personas    []identity.PersonaID `json:"personas"`
	Band        assess.Band          `json:"band"`   // highest of its personas
	Weight      float64              `json:"weight"` // highest of its personas
	Links       []Link               `json:"links"`
	WeakestLink *Link                `json:"weakest_link"`
	Probability float64              `json:"probability"` // that one hand is behind all of them, 0..1; see calibrated
	Calibrated  bool                 `json:"calibrated"`  // false: the probability follows from design values and was not compared with truth
	Members     []Member             `json:"members"`     // how each belongs
}

// Link is what joins two personas.
type Link struct {
	A       identity.PersonaID `json:"a"`
	B       identity.PersonaID `json:"b"`
	Weight  float64            `json:"weight"`
	Reasons []LinkReason       `json:"reasons"`
	Hidden  int                `json:"hidden,omitempty"` // reasons that are not shown to the audience
}

// LinkReason is one family's share in a link.
type LinkReason struct {
	Kind   string  `json:"kind"`
	Family string  `json:"family,omitempty"`
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Facilitator is something that several otherwise unlike personas depend on.
type Facilitator struct {
	ID       string               `json:"id"`
	Kind     string               `json:"kind"`
	Label    string               `json:"label"`
	Personas []identity.PersonaID `json:"personas"`
	Surprise float64              `json:"surprise"`
	Tail     float64              `json:"tail"`   // -log10 of the probability that so many share it by chance
	Unlike   float64              `json:"unlike"` // 0..1: share of pairs with nothing else in common
	Also     []string             `json:"also"`   // other kinds of hubs on which the same people depend
	Evidence []string             `json:"evidence"`
}
