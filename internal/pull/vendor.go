package pull

import (
	"net/http"
	"time"
)

// Vendor is one system to pull from, as data.
type Vendor struct {
	ID, Title string
	URL       string     // where the interface is; "" when every customer has an own host
	Example   string     // what such an own host looks like
	Needs     []string   // keys of the plan that must be filled: org, tenant, account, client_id, subject
	Secrets   []string   // keys of the plan that must name a secret: token, client_secret, key
	Auth      authorizer // how requests are signed
	PerSecond float64    // requests a second that leave room for the vendor's other users
	Burst     int        // requests that may be made at once
	Header    [][2]string
	Judge     func(status int, h http.Header, body []byte) verdict // nil: by status only
	Grant     string                                               // where to click, and what to allow
	Docs      string                                               // the vendor's page
	Streams   []Stream
}

// Stream is one list of a vendor's interface.
type Stream struct {
	Name   string
	Title  string
	URL    string // host of this list if it is another than the vendor's and the plan names none
	Method string // "" is GET; a POST sends the query as a JSON object
	Path   string // {org}, {tenant} and {account} come from the plan
	// Query holds names and values in turns. {from} and {to} are RFC 3339, {from_unix}
	// seconds, {from_date} and {to_date} days; a pair whose value is empty is left out.
	Query     []string
	Rows      string   // path to the rows in the answer; "" if the answer is the list
	Key       []string // paths whose values name a row; none: the whole row does
	Time      string   // path of the row's time; RFC 3339, or epoch seconds or milliseconds
	Paging    paging
	Token     *syncToken    // incremental by a token that the last page carries
	Each      *Each         // rows are asked for one by one, per row of the list
	Snapshot  bool          // the whole list each time, replacing the file
	Versions  bool          // rows change; a changed row is another row
	Newest    bool          // the list is newest first and has no lower bound: stop at what is older
	Overlap   time.Duration // read again on the next pull, for rows that come late
	Retention time.Duration // how long the vendor keeps rows; 0: not said
	Window    time.Duration // longest span of one request; 0: any
	Scope     string        // what must be granted, read-only
	Optional  bool          // only if the plan names it
	Why       string        // why the overlap is what it is, or when the stream is of use
}

// Each asks for the rows that belong to one row of a list.
type Each struct {
	Path   func(row []byte) (string, bool) // false: this row has none
	Query  []string
	Rows   string
	Paging paging
	// Gone are answers that mean that there is nothing for this row.
	Gone []int
}

// syncToken says how a token that stands for everything read so far is carried.
type syncToken struct {
	param string // in the request
	field string // in the answer
}

// Vendors returns all vendors in the order of their ids.
func Vendors() []*Vendor {
	return []*Vendor{ashby, entra, fleet, github, google, greenhouse, greenhouseV1, intune, jamf, okta, slack, zoom}
}

// Find returns the vendor with an id, nil if there is none.
func Find(id string) *Vendor {
	for _, v := range Vendors() {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// stream returns the stream with a name, nil if there is none.
func (v *Vendor) stream(name string) *Stream {
	for i := range v.Streams {
		if v.Streams[i].Name == name {
			return &v.Streams[i]
		}
	}
	return nil
}

// outcome is what an answer means.
type outcome int

const (
	fine      outcome = iota
	throttled         // wait and ask again
	denied            // the credential is refused, or lacks a scope
	expired           // the cursor is too old: start again
	failed
)

// verdict is an outcome with what the vendor said about it.
type verdict struct {
	outcome outcome
	detail  string
}

// byStatus judges an answer by its status alone.
func byStatus(status int) outcome {
	switch {
	case status >= 200 && status < 300:
		return fine
	case status == http.StatusTooManyRequests:
		return throttled
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return denied
	case status == http.StatusGone:
		return expired
	}
	return failed
}
