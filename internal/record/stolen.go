package record

// StolenLogin is one row of an index of infostealer logs: at which site a login was
// stored on a machine that malware had copied. There is no field for a password, a
// cookie, a path behind the site or the place of the machine: they are never read.
// Rows are only read where counsel's approval is recorded (approvals.infostealer).
type StolenLogin struct {
	Common
	Machine string `json:"machine,omitempty"` // id of the copied machine or of its log, as the index gives it
	Site    string `json:"site,omitempty"`    // host the login is for, lower case
	Login   string `json:"login,omitempty"`   // e-mail address or user name
	SeenAt  Time   `json:"seen_at,omitzero"`  // when the malware copied the machine
	Malware string `json:"malware,omitempty"` // family, as the index names it
}

// Kind returns [StolenLogins].
func (*StolenLogin) Kind() Kind { return StolenLogins }
