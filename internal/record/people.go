package record

import "net/netip"

// Persona is a set of claims about an identity from one row of one source.
type Persona struct {
	Common
	Subject
	PersonaKind     string            `json:"kind,omitempty"` // candidate, employee, contractor, vendor_staff, referee, account_profile
	FullName        string            `json:"full_name,omitempty"`
	Given           string            `json:"given,omitempty"`
	Family          string            `json:"family,omitempty"`
	NameRaw         string            `json:"name_raw,omitempty"` // as stated, before NFC
	Aliases         []string          `json:"aliases,omitempty"`
	Emails          []Email           `json:"emails,omitempty"`
	Phones          []Phone           `json:"phones,omitempty"`
	URLs            []URL             `json:"urls,omitempty"`
	ClaimedAddress  Address           `json:"claimed_address,omitzero"`
	ClaimCountry    string            `json:"claim_country,omitempty"` // compared with other evidence only, never scored by its value
	ClaimTZ         string            `json:"claim_tz,omitempty"`
	BirthDate       Date              `json:"dob,omitzero"`          // equality key only; shown masked
	PhotoHash       string            `json:"photo_phash,omitempty"` // 64-bit perceptual hash of the portrait, 16 hexadecimal digits
	NationalIDHash  string            `json:"national_id_hash,omitempty"`
	CreatedAt       Time              `json:"created_at,omitzero"`
	Headline        string            `json:"headline,omitempty"`
	EmployerClaimed string            `json:"employer_claimed,omitempty"`
	Custom          map[string]string `json:"custom,omitempty"` // allow-listed by the mapping
}

// Kind returns [Personas].
func (*Persona) Kind() Kind { return Personas }

// Application is one application for one job.
type Application struct {
	Common
	Subject
	AppliedAt       Time       `json:"applied_at,omitzero"`
	OfferedAt       Time       `json:"offered_at,omitzero"`
	ATSID           string     `json:"ats_id,omitempty"`
	JobID           string     `json:"job_id,omitempty"`
	JobTitle        string     `json:"job_title,omitempty"`
	Requisition     string     `json:"requisition,omitempty"`
	SourceChannel   string     `json:"source_channel,omitempty"`
	ReferrerHandle  Handle     `json:"referrer_handle,omitempty"`
	CreditedTo      string     `json:"credited_to,omitempty"`
	Stage           string     `json:"stage,omitempty"`
	Status          string     `json:"status,omitempty"` // active, rejected, withdrawn, hired
	RejectedReason  string     `json:"rejected_reason,omitempty"`
	LocationClaimed string     `json:"location_claimed,omitempty"`
	Answers         []Answer   `json:"answers,omitempty"`
	IP              netip.Addr `json:"ip,omitzero"`
	UserAgent       string     `json:"user_agent,omitempty"`
	RemotePolicy    string     `json:"remote_policy,omitempty"` // remote, hybrid, onsite
	Recruiter       string     `json:"recruiter,omitempty"`
}

// Kind returns [Applications].
func (*Application) Kind() Kind { return Applications }

// HistoryItem is a job, school or certificate claimed in a résumé.
type HistoryItem struct {
	Common
	Subject
	ItemKind    string `json:"kind,omitempty"` // work, education, certificate
	Org         string `json:"org,omitempty"`
	OrgNorm     string `json:"org_norm,omitempty"`
	Title       string `json:"title,omitempty"`
	Area        string `json:"area,omitempty"`
	Degree      string `json:"degree,omitempty"`
	Summary     string `json:"summary,omitempty"` // the bullets, newline separated
	Start       Date   `json:"start,omitzero"`
	End         Date   `json:"end,omitzero"`
	Location    string `json:"location,omitempty"`
	Country     string `json:"cc,omitempty"`
	URL         string `json:"url,omitempty"`
	DocumentKey string `json:"document_key,omitempty"`
	Verified    string `json:"verified,omitempty"` // unchecked, confirmed, refuted, unreachable
	VerifiedBy  string `json:"verified_by,omitempty"`
}

// Kind returns [HistoryItems].
func (*HistoryItem) Kind() Kind { return HistoryItems }

// Section is a titled part of a document's text.
type Section struct {
	Title string `json:"title,omitempty"` // work, education, skills, summary, other or the heading itself
	Text  string `json:"text"`
}

// Document is a file that belongs to an identity, such as a résumé.
type Document struct {
	Common
	Subject
	DocumentKind string    `json:"kind,omitempty"` // cv, cover_letter, id_document, diploma, portfolio, offer, invoice, reference_letter, other
	SHA256       string    `json:"sha256,omitempty"`
	Filename     string    `json:"filename,omitempty"`
	MIME         string    `json:"mime,omitempty"`
	Size         int64     `json:"size,omitempty"`
	Sections     []Section `json:"sections,omitempty"`
	Author       string    `json:"author,omitempty"`           // PDF Author or DOCX creator
	LastEditor   string    `json:"last_modified_by,omitempty"` // DOCX lastModifiedBy
	Producer     string    `json:"producer,omitempty"`
	DocumentID   string    `json:"document_id,omitempty"` // XMP DocumentID or DOCX rsidRoot
	Created      Time      `json:"created,omitzero"`
	Modified     Time      `json:"modified,omitzero"`
	Fonts        []string  `json:"fonts,omitempty"`
	Links        []URL     `json:"links,omitempty"`
	ImageHashes  []string  `json:"image_hashes,omitempty"` // of the pictures inside: "sha256:" and 64 hexadecimal digits, "phash:" and 16
	ImageMarks   []string  `json:"image_marks,omitempty"`  // what these pictures say of their making: "generated" (a model made or changed it), "c2pa:" and "software:" with the program, "camera:" with the device
	NumberHash   string    `json:"number_hash,omitempty"`  // of an identity document
	ReceivedAt   Time      `json:"received_at,omitzero"`
	CheckVendor  string    `json:"check_vendor,omitempty"`
	CheckResult  string    `json:"check_result,omitempty"` // pass, fail, review, none
	CheckReasons []string  `json:"check_reasons,omitempty"`
}

// Kind returns [Documents].
func (*Document) Kind() Kind { return Documents }

// TextBreak stands between parts of a text that do not run into each other, such as
// the sections of a document: no passage is compared across it.
const TextBreak = "\n\x1e"

// Text returns the text of all sections, each ended by a [TextBreak].
func (d *Document) Text() string {
	n := 0
	for _, s := range d.Sections {
		n += len(s.Text) + len(TextBreak)
	}
	b := make([]byte, 0, n)
	for _, s := range d.Sections {
		b = append(append(b, s.Text...), TextBreak...)
	}
	return string(b)
}

// Referee is the person who vouches in a [Reference].
type Referee struct {
	Name    string `json:"name,omitempty"`
	Email   string `json:"email,omitempty"`
	Phone   Phone  `json:"phone,omitzero"`
	Company string `json:"company,omitempty"`
	Title   string `json:"title,omitempty"`
	URL     string `json:"url,omitempty"`
	// LookAlike are labels of domains and companies that the mail domain's own label is
	// easily taken for; muster pack fills it in, since the labels are tokens then.
	LookAlike []string `json:"look_alike,omitempty"`
}

// Reference is one referee's answer about one candidate. Subject is the candidate.
type Reference struct {
	Common
	Subject
	Referee       Referee    `json:"referee,omitzero"`
	Relationship  string     `json:"relationship,omitempty"`
	RequestedAt   Time       `json:"requested_at,omitzero"`
	SubmittedAt   Time       `json:"submitted_at,omitzero"`
	SubmitIP      netip.Addr `json:"submit_ip,omitzero"`
	UserAgent     string     `json:"user_agent,omitempty"`
	Channel       string     `json:"channel,omitempty"` // email, phone, form, platform
	Text          string     `json:"text,omitempty"`
	ContactSource string     `json:"contact_source,omitempty"` // candidate_given, independently_found
	Verified      string     `json:"verified,omitempty"`
	VerifiedBy    string     `json:"verified_by,omitempty"`
}

// Kind returns [References].
func (*Reference) Kind() Kind { return References }

// Engagement is a job held here: employee, contractor, agency or employer of record.
type Engagement struct {
	Common
	Subject
	Start          Date     `json:"start,omitzero"`
	End            Date     `json:"end,omitzero"`
	EndReason      string   `json:"end_reason,omitempty"` // voluntary, dismissed, contract_end, offer_rescinded, unknown
	EmployeeNo     string   `json:"employee_no,omitempty"`
	WorkEmail      string   `json:"work_email,omitempty"`
	Type           string   `json:"type,omitempty"` // employee, contractor, eor, agency
	Agency         string   `json:"agency,omitempty"`
	EORVendor      string   `json:"eor_vendor,omitempty"`
	Title          string   `json:"title,omitempty"`
	Team           string   `json:"team,omitempty"`
	ManagerHandle  Handle   `json:"manager_handle,omitempty"`
	ReferrerHandle Handle   `json:"referrer_handle,omitempty"`
	WorkLocation   Place    `json:"work_location,omitzero"` // as agreed
	HomeAddress    Address  `json:"home_address,omitzero"`
	Remote         *bool    `json:"remote,omitempty"`
	BYOD           *bool    `json:"byod,omitempty"`
	Privileged     *bool    `json:"privileged,omitempty"`
	DataAccess     []string `json:"data_access,omitempty"`
	Status         string   `json:"status,omitempty"` // active, ended, planned
}

// Kind returns [Engagements].
func (*Engagement) Kind() Kind { return Engagements }

// Check is the result of a background, identity or right-to-work check by a vendor.
type Check struct {
	Common
	Subject
	Vendor                   string `json:"vendor,omitempty"`
	CheckKind                string `json:"kind,omitempty"` // criminal, identity, education, employment, right_to_work, credit, reference
	Status                   string `json:"status,omitempty"`
	Result                   string `json:"result,omitempty"` // clear, consider, fail, unable, pending
	OrderedAt                Time   `json:"ordered_at,omitzero"`
	CompletedAt              Time   `json:"completed_at,omitzero"`
	AddressHistoryConsistent *bool  `json:"address_history_consistent,omitempty"`
	Notes                    string `json:"notes,omitempty"`
}

// Kind returns [Checks].
func (*Check) Kind() Kind { return Checks }

// Presence says that a person was physically met or seen on site (ruling 6).
type Presence struct {
	Common
	Subject
	At           Time   `json:"at,omitzero"`
	PresenceKind string `json:"kind,omitempty"` // badge, office_wifi, id_check, office_pickup, offsite, device_in_hand
	Site         string `json:"site,omitempty"`
	Place        Place  `json:"place,omitzero"`
	VerifiedBy   string `json:"verified_by,omitempty"`
}

// Kind returns [Presences].
func (*Presence) Kind() Kind { return Presences }
