package simulate

// Classes of a [Persona].
const (
	ClassInnocent    = "innocent"    // who they say they are
	ClassOperator    = "operator"    // run by an operator who has more personas here
	ClassLone        = "lone"        // run by an operator who has nobody else here
	ClassFacilitator = "facilitator" // a local helper who shows up in the exports
	ClassVictim      = "victim"      // a real person whose identity an operator used
)

// Truth is what was planted: the content of truth.json.
type Truth struct {
	SchemaVersion int           `json:"schema_version"` // 1
	Company       string        `json:"company"`
	AsOf          string        `json:"as_of"` // date
	From          string        `json:"from"`  // first day of telemetry
	Options       Options       `json:"options"`
	Counts        Counts        `json:"counts"`
	Operators     []Operator    `json:"operators"`
	Facilitators  []Facilitator `json:"facilitators"`
	Twins         []TwinKind    `json:"twins"`
	Events        []Event       `json:"events"`   // by time
	Personas      []Persona     `json:"personas"` // every identity in the exports
}

// Counts sum up the personas.
type Counts struct {
	Staff        int `json:"staff"`
	Candidates   int `json:"candidates"` // not hired
	Operator     int `json:"operator"`
	Lone         int `json:"lone"`
	Facilitator  int `json:"facilitator"`
	Victim       int `json:"victim"`
	Innocent     int `json:"innocent"`
	FraudHires   int `json:"fraud_hires"` // of Operator and Lone
	PlantedTwins int `json:"planted_twins"`
}

// Persona is one identity as presented. Two personas with the same Human are one
// person: innocent ones are re-applications and should be joined, those of an
// operator share the hand behind them.
type Persona struct {
	ID           string   `json:"id"`
	Human        string   `json:"human"`
	Class        string   `json:"class"`
	Level        *int     `json:"level,omitempty"`    // of the adversary
	Operator     string   `json:"operator,omitempty"` // id
	Twin         string   `json:"twin,omitempty"`     // kind of planted innocent
	Group        string   `json:"group,omitempty"`    // those of a twin kind that belong together
	Names        []string `json:"names"`
	Emails       []string `json:"emails"`
	Phones       []string `json:"phones,omitempty"`
	Handles      []string `json:"handles"` // greenhouse:candidate:123, employee:E1042
	EmployeeNo   string   `json:"employee_no,omitempty"`
	CandidateIDs []int64  `json:"candidate_ids,omitempty"`
	Stage        string   `json:"stage,omitempty"` // last stage of the application
	Hired        bool     `json:"hired"`
	HiredAt      string   `json:"hired_at,omitempty"`   // date
	ShippedAt    string   `json:"shipped_at,omitempty"` // date
	FirstPay     string   `json:"first_pay,omitempty"`  // date
	EndedAt      string   `json:"ended_at,omitempty"`   // date
	Country      string   `json:"country,omitempty"`    // claimed
	Traces       []string `json:"traces,omitempty"`     // what was planted on the persona
}

// Operator is one planted cell.
type Operator struct {
	ID           string   `json:"id"`
	Level        int      `json:"level"`
	Lone         bool     `json:"lone"`
	Typists      []string `json:"typists"`
	Base         string   `json:"base"` // where the typists sit
	Personas     []string `json:"personas"`
	Facilitators []string `json:"facilitators"`
}

// Facilitator is a local helper with the address where laptops stand.
type Facilitator struct {
	ID       string   `json:"id"`
	Operator string   `json:"operator"`
	Name     string   `json:"name"`
	Address  string   `json:"address"`
	IPs      []string `json:"ips"`
	BSSID    string   `json:"bssid"`
	Personas []string `json:"personas"` // whose laptops stand there
}

// TwinKind is one kind of planted innocent.
type TwinKind struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Personas []string `json:"personas"`
}

// Event is one planted thing that happened.
type Event struct {
	At      string `json:"at"` // RFC 3339
	Kind    string `json:"kind"`
	Persona string `json:"persona"`
	Text    string `json:"text,omitempty"`
}
