package record

// Session is one sign-in, VPN connection or visit. Sessions are the bulk of all
// input; scan keeps them in a [SessionTable].
type Session struct {
	Common
	Account       string `json:"account,omitempty"` // e-mail in lower case, else login without domain
	AccountID     string `json:"account_id,omitempty"`
	At            Time   `json:"at,omitzero"`
	End           Time   `json:"end,omitzero"`
	SourceKind    string `json:"source_kind,omitempty"` // idp, vpn, app, mdm, edr, ats, payroll
	Outcome       string `json:"outcome,omitempty"`     // success, failure, challenge, unknown
	IP            IP     `json:"ip,omitzero"`
	IPChain       []IP   `json:"ip_chain,omitempty"`
	ASN           int64  `json:"asn,omitempty"`
	ASOrg         string `json:"as_org,omitempty"`
	ISP           string `json:"isp,omitempty"`
	Geo           Place  `json:"geo,omitzero"`
	Anonymiser    string `json:"anonymiser,omitempty"` // vendor's opinion: vpn, proxy, tor, hosting, residential_proxy, none, unknown
	DeviceKey     string `json:"device_key,omitempty"`
	DeviceFP      string `json:"device_fp,omitempty"`
	UserAgent     string `json:"user_agent,omitempty"`
	OS            string `json:"os,omitempty"`
	Browser       string `json:"browser,omitempty"`
	ManagedDevice *bool  `json:"managed_device,omitempty"`
	MFAFactor     string `json:"mfa_factor,omitempty"`
	MFADeviceIP   IP     `json:"mfa_device_ip,omitzero"`
	App           string `json:"app,omitempty"`
	SessionID     string `json:"session_id,omitempty"`
	ClientMachine string `json:"client_machine,omitempty"`
	EventType     string `json:"event_type,omitempty"`
	Count         int64  `json:"count,omitempty"` // for aggregates; 0 means 1
}

// Kind returns [Sessions].
func (*Session) Kind() Kind { return Sessions }

// Contribution is one commit.
type Contribution struct {
	Common
	AuthorEmail    string   `json:"author_email,omitempty"`
	AuthorName     string   `json:"author_name,omitempty"`
	CommitterEmail string   `json:"committer_email,omitempty"`
	CommitterName  string   `json:"committer_name,omitempty"`
	At             Time     `json:"at,omitzero"` // author date with its offset
	PushedBy       string   `json:"pushed_by,omitempty"`
	Repo           string   `json:"repo,omitempty"`
	SHA            string   `json:"sha,omitempty"`
	Summary        string   `json:"summary,omitempty"`
	Files          int      `json:"files,omitempty"`
	Additions      int      `json:"additions,omitempty"`
	Deletions      int      `json:"deletions,omitempty"`
	IsMerge        *bool    `json:"is_merge,omitempty"`
	SigningKeyID   string   `json:"signing_key_id,omitempty"`
	SSHKeyFP       string   `json:"ssh_key_fp,omitempty"`
	PRID           string   `json:"pr_id,omitempty"`
	ReviewHandles  []Handle `json:"review_handles,omitempty"`
}

// Kind returns [Contributions].
func (*Contribution) Kind() Kind { return Contributions }

// Meeting is one person's part in one meeting: an interview, a stand-up, a spot check.
type Meeting struct {
	Common
	Subject
	MeetingKind     string  `json:"kind,omitempty"` // interview, spot_check, onboarding, standup, other
	MeetingID       string  `json:"meeting_id,omitempty"`
	Topic           string  `json:"topic,omitempty"`
	At              Time    `json:"at,omitzero"` // join
	Leave           Time    `json:"leave,omitzero"`
	Platform        string  `json:"platform,omitempty"` // zoom, teams, meet, other
	CameraOn        *bool   `json:"camera_on,omitempty"`
	OnCameraSeconds float64 `json:"on_camera_seconds,omitempty"`
	AudioDevice     string  `json:"audio_device,omitempty"`
	VideoDevice     string  `json:"video_device,omitempty"`
	PCName          string  `json:"pc_name,omitempty"`
	MAC             string  `json:"mac,omitempty"`
	DiskID          string  `json:"disk_id,omitempty"`
	ClientDevice    string  `json:"client_device,omitempty"` // Windows, Mac, iOS, Phone ...
	IP              IP      `json:"ip,omitzero"`
	Geo             Place   `json:"geo,omitzero"`
	NetworkType     string  `json:"network_type,omitempty"` // wired, wifi, cellular
	LatencyMS       float64 `json:"latency_ms,omitempty"`
	Liveness        string  `json:"liveness,omitempty"`   // pass, fail, not_done, refused
	FaceMatch       string  `json:"face_match,omitempty"` // pass, fail, not_done
	Checker         string  `json:"checker,omitempty"`
	Result          string  `json:"result,omitempty"` // ok, concern, refused, no_show, rescheduled
	Notes           string  `json:"notes,omitempty"`
}

// Kind returns [Meetings].
func (*Meeting) Kind() Kind { return Meetings }

// AccessEvent is an access that matters for exfiltration.
type AccessEvent struct {
	Common
	Account     string `json:"account,omitempty"`
	At          Time   `json:"at,omitzero"`
	Action      string `json:"action,omitempty"` // view, download, sync, share_external, clone, export, mail_forward, archive_create, upload_external, token_created, key_added, delete
	Object      string `json:"object,omitempty"`
	Target      string `json:"target,omitempty"`
	App         string `json:"app,omitempty"`
	Sensitivity string `json:"sensitivity,omitempty"`
	Count       int64  `json:"count,omitempty"`
	Bytes       int64  `json:"bytes,omitempty"`
	IsExternal  *bool  `json:"is_external,omitempty"`
	IP          IP     `json:"ip,omitzero"`
	DeviceKey   string `json:"device_key,omitempty"`
}

// Kind returns [AccessEvents].
func (*AccessEvent) Kind() Kind { return AccessEvents }

// AccountEvent is a change to an account, such as an enrolled factor.
type AccountEvent struct {
	Common
	Account      string `json:"account,omitempty"`
	AccountID    string `json:"account_id,omitempty"`
	At           Time   `json:"at,omitzero"`
	Action       string `json:"action,omitempty"` // created, disabled, mfa_added, mfa_removed, password_reset, role_granted, profile_changed, email_changed, phone_changed, other
	EventType    string `json:"event_type,omitempty"`
	Factor       string `json:"factor,omitempty"`
	FactorPhone  string `json:"factor_phone_hash,omitempty"` // keyed hash
	FactorDevice string `json:"factor_device,omitempty"`     // authenticator or passkey device id
	Actor        string `json:"actor,omitempty"`
	IP           IP     `json:"ip,omitzero"`
	Outcome      string `json:"outcome,omitempty"`
}

// Kind returns [AccountEvents].
func (*AccountEvent) Kind() Kind { return AccountEvents }

// Indicator is a value that somebody reported, from a feed or an own case.
type Indicator struct {
	Common
	Type       string   `json:"type,omitempty"` // email, phone, url, domain, ip, cidr, asn, hash, wallet, account, device_serial, usb_id, name, username, address, tool, pattern, anonymiser
	Value      string   `json:"value,omitempty"`
	Feed       string   `json:"source,omitempty"`
	Provider   string   `json:"provider,omitempty"` // for addresses: astrill, mullvad, ...
	TLP        string   `json:"tlp,omitempty"`
	Confidence *float64 `json:"confidence,omitempty"` // 0-100
	Grade      string   `json:"grade,omitempty"`      // Admiralty A1-F6
	FirstSeen  Time     `json:"first_seen,omitzero"`
	LastSeen   Time     `json:"last_seen,omitzero"`
	ValidUntil Time     `json:"valid_until,omitzero"`
	Labels     []string `json:"labels,omitempty"`
	Victim     *bool    `json:"victim,omitempty"`
	Revoked    *bool    `json:"revoked,omitempty"`
	Text       string   `json:"comment,omitempty"`
}

// Kind returns [Indicators].
func (*Indicator) Kind() Kind { return Indicators }

// ListName is one name of a [ListEntry].
type ListName struct {
	Full string `json:"full"`
	Kind string `json:"kind,omitempty"` // primary, aka, fka
}

// ListEntry is an entry of a sanctions or denied-party list.
type ListEntry struct {
	Common
	List       string     `json:"list,omitempty"`
	EntryID    string     `json:"entry_id,omitempty"`
	Names      []ListName `json:"names,omitempty"`
	BirthDates []Date     `json:"birth,omitempty"`
	Programmes []string   `json:"programmes,omitempty"`
	Updated    Time       `json:"updated,omitzero"`
	URL        string     `json:"url,omitempty"`
}

// Kind returns [ListEntries].
func (*ListEntry) Kind() Kind { return ListEntries }
