package pull

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// span is what a request asks for.
type span struct{ from, to time.Time }

// fill puts the times into a value of a query.
func (s span) fill(value string) string {
	if !strings.Contains(value, "{") {
		return value
	}
	if s.from.IsZero() && strings.Contains(value, "{from") {
		return ""
	}
	return strings.NewReplacer(
		"{from}", s.from.UTC().Format("2006-01-02T15:04:05Z"), "{to}", s.to.UTC().Format("2006-01-02T15:04:05Z"),
		"{from_unix}", strconv.FormatInt(s.from.Unix(), 10), "{to_unix}", strconv.FormatInt(s.to.Unix(), 10),
		"{from_date}", s.from.UTC().Format(time.DateOnly), "{to_date}", s.to.UTC().Format(time.DateOnly),
	).Replace(value)
}

// ask makes the first request of a stream for a span.
func (s *Stream) ask(e *Entry, in span) (*request, error) {
	path := strings.NewReplacer("{org}", url.PathEscape(e.Org), "{tenant}", url.PathEscape(e.Tenant), "{account}", url.PathEscape(e.Account)).Replace(s.Path)
	return newRequest(s.method(), s.base(e), path, s.Query, in)
}

func (s *Stream) method() string {
	if s.Method == "" {
		return http.MethodGet
	}
	return s.Method
}

// base is the host of a list: the plan's, the list's own, the vendor's.
func (s *Stream) base(e *Entry) *url.URL {
	if e.URL == "" && s.URL != "" {
		if u, err := url.Parse(s.URL); err == nil {
			return u
		}
	}
	return e.base
}

func newRequest(method string, base *url.URL, path string, query []string, in span) (*request, error) {
	u, err := url.Parse(strings.TrimSuffix(base.String(), "/") + path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r := &request{method: method, url: u}
	if method == http.MethodPost {
		r.body = map[string]any{}
	}
	q := u.Query()
	for i := 0; i+1 < len(query); i += 2 {
		value := in.fill(query[i+1])
		switch {
		case value == "":
		case r.body != nil:
			r.param(query[i], value)
		default:
			q.Add(query[i], value)
		}
	}
	u.RawQuery = q.Encode()
	return r, nil
}

// Ask is one stream as a dry run shows it.
type Ask struct {
	Vendor, Stream string // account's name and stream
	Request        string // method and address of the first page
	From           time.Time
	Paging         string
	Scope          string
	File           string
}

// Describe says what a pull would ask for. It opens no connection and reads no secret.
func Describe(p *Plan, dir string, only []string, now time.Time) ([]Ask, error) {
	st, err := loadState(dir)
	if err != nil {
		return nil, err
	}
	var out []Ask
	for i := range p.Vendors {
		e := &p.Vendors[i]
		if !chosen(e, only) {
			continue
		}
		for _, s := range e.streams() {
			c := st.get(e.Name + "/" + s.Name)
			from, _ := start(p, e, s, &c, now)
			to := now
			if s.Window > 0 && to.Sub(from) > s.Window {
				to = from.Add(s.Window)
			}
			r, err := s.ask(e, span{from, to})
			if err != nil {
				return nil, err
			}
			if s.Token != nil && c.Token != "" {
				r.param(s.Token.param, "(kept)")
			}
			file := e.Name + "/" + s.Name + "-DAY.ndjson"
			if s.Snapshot {
				file = e.Name + "/" + s.Name + ".ndjson"
			}
			address := r.url.String()
			if shown, err := url.QueryUnescape(address); err == nil {
				address = shown
			}
			out = append(out, Ask{e.Name, s.Name, r.method + " " + address, from, s.Paging.name, s.Scope, file})
		}
	}
	return out, nil
}

// defaultBack is how far the first pull of events goes back without a since.
const defaultBack = 30 * 24 * time.Hour

// start says from when a stream is read, and what is lost because the vendor keeps
// rows for a limited time.
func start(p *Plan, e *Entry, s *Stream, c *cursor, now time.Time) (from time.Time, note string) {
	since := e.since
	if since.IsZero() {
		since = p.since
	}
	switch {
	case s.Token != nil:
		return time.Time{}, ""
	case s.Snapshot:
		if s.Newest && since.IsZero() {
			since = now.Add(-defaultBack)
		}
		return since, ""
	case since.IsZero() && s.Versions:
	case since.IsZero():
		since = now.Add(-defaultBack)
	}
	from = since
	if !c.Watermark.IsZero() {
		if from = c.Watermark.Add(-s.Overlap); from.Before(since) {
			from = since
		}
	}
	if kept := now.Add(-s.Retention); s.Retention > 0 && from.Before(kept) {
		days := int(s.Retention.Hours() / 24)
		if !c.Done.IsZero() && c.Done.Before(kept) {
			note = fmt.Sprintf("gap: last pulled %s, and the vendor keeps %d days; rows between are not to be had", c.Done.Format(time.DateOnly), days)
		} else if c.Done.IsZero() {
			note = fmt.Sprintf("the vendor keeps %d days", days)
		}
		from = kept
	}
	return from.Truncate(time.Second), note
}
