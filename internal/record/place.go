package record

// Place is where something was seen. Country is ISO 3166-1 alpha-2 in upper
// case. Lat and Lon are degrees and only set together.
type Place struct {
	Country string   `json:"cc,omitempty"`
	Region  string   `json:"region,omitempty"`
	City    string   `json:"city,omitempty"`
	Lat     *float64 `json:"lat,omitempty"`
	Lon     *float64 `json:"lon,omitempty"`
	Src     string   `json:"src,omitempty"` // "vendor" (the export's own opinion) or "local" (a database of the user's)
}

// IsZero reports whether nothing is known of the place.
func (p Place) IsZero() bool {
	return p.Country == "" && p.Region == "" && p.City == "" && p.Lat == nil
}

// Address is a postal address as stated. Only Raw is certain to be set; the
// parts are never guessed.
type Address struct {
	Raw     string `json:"raw,omitempty"`
	Line1   string `json:"line1,omitempty"`
	Line2   string `json:"line2,omitempty"`
	City    string `json:"city,omitempty"`
	Region  string `json:"region,omitempty"`
	Postal  string `json:"postal,omitempty"`
	Country string `json:"cc,omitempty"`
}

// IsZero reports whether the address is absent.
func (a Address) IsZero() bool { return a == Address{} }

// Email is an address and what it is used for.
type Email struct {
	Value string `json:"value"`          // lower-cased domain, homoglyphs kept
	Kind  string `json:"kind,omitempty"` // work, personal, login
}

// Phone is a number as stated and, where it could be read, in E.164.
type Phone struct {
	E164     string `json:"e164,omitempty"`
	Raw      string `json:"raw,omitempty"`
	Type     string `json:"type,omitempty"`
	LineType string `json:"line_type,omitempty"` // mobile, fixed, voip, unknown
}

// URL is a link to a profile or site.
type URL struct {
	URL      string `json:"url"`
	Network  string `json:"network,omitempty"` // linkedin, github, upwork, telegram, other
	Username string `json:"username,omitempty"`
}

// Answer is one question of an application form and its answer.
type Answer struct {
	Q string `json:"q"`
	A string `json:"a"`
}
