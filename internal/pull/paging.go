package pull

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// page is one answer.
type page struct {
	header http.Header
	body   []byte
	rows   []json.RawMessage
	at     string // the cursor it was asked with, "" for the first
}

// paging says how a list goes on. Cursors are opaque text, kept in the cursor file.
type paging struct {
	name string
	next func(p *page) string // "" at the end
	set  func(r *request, cursor string) error
}

// request is what is asked of a vendor.
type request struct {
	method string
	url    *url.URL
	body   map[string]any // of a POST
}

// param sets a parameter where the request carries them.
func (r *request) param(name, value string) {
	if r.body != nil {
		r.body[name] = value
		if n, err := strconv.Atoi(value); err == nil {
			r.body[name] = n
		}
		return
	}
	q := r.url.Query()
	q.Set(name, value)
	r.url.RawQuery = q.Encode()
}

// follow replaces the request's address by one that the vendor gave. It must lead
// to the same host, because the credential goes with it.
func (r *request) follow(to string) error {
	u, err := r.url.Parse(to)
	if err != nil {
		return fmt.Errorf("the vendor's link to the next page cannot be read: %w", err)
	}
	if u.Scheme != r.url.Scheme || !strings.EqualFold(u.Host, r.url.Host) {
		return fmt.Errorf("the next page is said to be on %s, not on %s; the credential is not sent there", u.Host, r.url.Host)
	}
	r.url = u
	return nil
}

// byLink follows the Link header (RFC 8288).
var byLink = paging{
	name: "Link header",
	next: func(p *page) string { return nextLink(p.header.Values("Link")) },
	set:  (*request).follow,
}

// nextLink returns the target of the first link with rel="next".
func nextLink(values []string) string {
	for _, v := range values {
		for v != "" {
			_, rest, ok := strings.Cut(v, "<")
			if !ok {
				break
			}
			target, params, ok := strings.Cut(rest, ">")
			if !ok {
				break
			}
			own, after, _ := strings.Cut(params, "<")
			for param := range strings.SplitSeq(own, ";") {
				name, rel, _ := strings.Cut(strings.Trim(param, " ,"), "=")
				if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(rel, `" ,`), "next") {
					return target
				}
			}
			if v = ""; after != "" {
				v = "<" + after
			}
		}
	}
	return ""
}

// byBodyLink follows an address that stands in the answer.
func byBodyLink(name string) paging {
	return paging{
		name: name,
		next: func(p *page) string {
			var m map[string]json.RawMessage
			_ = json.Unmarshal(p.body, &m)
			var s string
			_ = json.Unmarshal(m[name], &s) // the name has a dot in it
			return s
		},
		set: (*request).follow,
	}
}

// byCursor sends back a cursor that stands in the answer.
func byCursor(path, param string) paging {
	return paging{
		name: param,
		next: func(p *page) string { return text(p.body, path) },
		set:  func(r *request, cursor string) error { r.param(param, cursor); return nil },
	}
}

// byNumber counts pages from a first one. more says whether another follows.
func byNumber(param string, first int, more func(p *page, number int) bool) paging {
	return paging{
		name: "page number",
		next: func(p *page) string {
			n, err := strconv.Atoi(p.at)
			if err != nil {
				n = first
			}
			if len(p.rows) == 0 || !more(p, n) {
				return ""
			}
			return strconv.Itoa(n + 1)
		},
		set: func(r *request, cursor string) error { r.param(param, cursor); return nil },
	}
}
