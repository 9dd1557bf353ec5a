package pull

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// noon is the clock of the tests.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const (
	theSecret = "s3cret-of-the-vendor-0001"
	theBearer = "issued-token-0002"
)

// site is a vendor's server: lists of rows, a page size, and things that go wrong.
type site struct {
	*httptest.Server
	mu     sync.Mutex
	lists  map[string][]string                                   // rows by list, oldest first
	size   int                                                   // rows a page
	asked  int                                                   // requests to lists so far
	faults map[int]func(http.ResponseWriter)                     // by number of the request, from 1
	always func(http.ResponseWriter)                             // instead of every answer
	seen   []string                                              // requests, method and address
	answer func(s *site, w http.ResponseWriter, r *http.Request) // of the vendor
	auth   string                                                // what Authorization must be
}

func newSite(t *testing.T, auth string, answer func(*site, http.ResponseWriter, *http.Request)) *site {
	t.Helper()
	s := &site{lists: map[string][]string{}, size: 2, faults: map[int]func(http.ResponseWriter){}, answer: answer, auth: auth}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/token") {
		s.token(w, r)
		return
	}
	s.asked++
	s.seen = append(s.seen, r.Method+" "+r.URL.String())
	if s.always != nil {
		s.always(w)
		return
	}
	if f := s.faults[s.asked]; f != nil {
		f(w)
		return
	}
	if r.Header.Get("Authorization") != s.auth {
		say(w, 401, `{"message":"bad credential `+theSecret+`"}`)
		return
	}
	s.answer(s, w, r)
}

// token issues a token for each of the grants that vendors use.
func (s *site) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	id, secret, _ := r.BasicAuth()
	ok := false
	switch r.Form.Get("grant_type") {
	case "client_credentials":
		ok = r.Form.Get("client_secret") == theSecret || secret == theSecret
	case "account_credentials":
		ok = secret == theSecret && id == "client-1" && r.Form.Get("account_id") == "account-1"
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		part := strings.Split(r.Form.Get("assertion"), ".")
		claims, err := base64.RawURLEncoding.DecodeString(part[1])
		ok = err == nil && text(claims, "sub") == "admin@example.com" && text(claims, "iss") == "robot@example.com" && strings.Contains(text(claims, "scope"), "admin.reports.audit.readonly")
	}
	if !ok {
		say(w, 401, `{"error":"invalid_client","error_description":"wrong secret `+r.Form.Get("client_secret")+`"}`)
		return
	}
	say(w, 200, `{"access_token":"`+theBearer+`","token_type":"Bearer","expires_in":3600}`)
}

func say(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// since returns the rows of a list whose time is not before from.
func (s *site) since(list, path string, from time.Time) []string {
	var out []string
	for _, row := range s.lists[list] {
		if t := timeOf([]byte(row), path); t.IsZero() || !t.Before(from) {
			out = append(out, row)
		}
	}
	return out
}

// cut returns a page of rows from an offset, and the next offset, 0 at the end.
func (s *site) cut(rows []string, offset int) ([]string, int) {
	offset = min(offset, len(rows))
	end := min(offset+s.size, len(rows))
	if end == len(rows) {
		return rows[offset:end], 0
	}
	return rows[offset:end], end
}

func array(rows []string) string { return "[" + strings.Join(rows, ",") + "]" }

func offsetOf(cursor string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(cursor, "c"))
	return n
}

func cursorOf(offset int) string {
	if offset == 0 {
		return ""
	}
	return "c" + strconv.Itoa(offset)
}

func rfc3339(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t
}

// linked answers a list whose pages follow the Link header.
func (s *site) linked(w http.ResponseWriter, r *http.Request, rows []string, cursor string) {
	part, next := s.cut(rows, offsetOf(r.URL.Query().Get(cursor)))
	if next > 0 {
		u := *r.URL
		q := u.Query()
		q.Set(cursor, cursorOf(next))
		u.RawQuery = q.Encode()
		w.Header().Add("Link", fmt.Sprintf(`<%s%s>; rel="self"`, s.URL, r.URL))
		w.Header().Add("Link", fmt.Sprintf(`<%s%s>; rel="next"`, s.URL, u.String()))
	}
	say(w, 200, array(part))
}

// body reads a POST's JSON.
func bodyOf(r *http.Request) map[string]any {
	var m map[string]any
	_ = json.NewDecoder(r.Body).Decode(&m)
	return m
}
