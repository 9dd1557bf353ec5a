package pull

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"
)

// APIError is an answer of a vendor that is not what was asked for.
type APIError struct {
	Path   string
	Status int
	Said   string // what the vendor said, shortened, secrets taken out
	Hint   string // what to do

	outcome outcome
	wait    time.Duration
}

func (e *APIError) Error() string {
	s := fmt.Sprintf("%s answered %d", e.Path, e.Status)
	if e.Said != "" {
		s += " (" + e.Said + ")"
	}
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// is reports whether an error is an answer with an outcome.
func is(err error, o outcome) bool {
	e := (*APIError)(nil)
	return errors.As(err, &e) && e.outcome == o
}

// stale reports whether an answer to a request with a cursor means that the cursor
// is too old: a 410, the vendor's own word for it, or a refusal of the request's form.
func stale(err error) bool {
	e := (*APIError)(nil)
	return errors.As(err, &e) && (e.outcome == expired || e.outcome == failed && (e.Status == 400 || e.Status == 404 || e.Status == 422))
}

// advise adds to an answer what to do about it.
func advise(err error, v *Vendor, s *Stream, now time.Time) error {
	e := (*APIError)(nil)
	if !errors.As(err, &e) || e.Hint != "" {
		return err
	}
	switch {
	case e.outcome == denied && e.Status == 401:
		e.Hint = fmt.Sprintf("the credential is wrong, expired or revoked. %s", v.Grant)
	case e.outcome == denied:
		e.Hint = fmt.Sprintf("the credential lacks %s. %s", s.Scope, v.Grant)
	case e.outcome == throttled && e.wait > 0:
		e.Hint = fmt.Sprintf("the limit is spent; run again after %s", now.Add(e.wait).UTC().Format("2006-01-02 15:04 MST"))
	case e.outcome == throttled:
		e.Hint = "the limit is spent; run again later, less often, or ask for fewer streams"
	case e.outcome == expired:
		e.Hint = "the vendor no longer knows the cursor; run again"
	case e.Status == 404:
		e.Hint = "no such list; check url, org and tenant, and that your plan with the vendor has it. Muster can read the export by hand as well: \"muster sources list\""
	case e.Status >= 500:
		e.Hint = "the vendor is in trouble; run again later. What was read is kept"
	default:
		e.Hint = "see " + v.Docs
	}
	return err
}

// unreachable says what to do when there is no answer.
func unreachable(u *url.URL, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && !strings.Contains(err.Error(), "Client.Timeout") {
		return err
	}
	var token *oauth2.RetrieveError
	if errors.As(err, &token) {
		status := 0
		if token.Response != nil {
			status = token.Response.StatusCode
		}
		what := strings.TrimSpace(token.ErrorCode + " " + token.ErrorDescription)
		if what == "" {
			what = said(token.Body)
		}
		e := &APIError{Path: "the token service", Status: status, Said: shorten(what), outcome: denied}
		e.Hint = "no token was issued: check client_id, the secret, tenant, account and subject"
		if status == 429 || status >= 500 {
			e.Hint, e.outcome = "run again later", failed
		}
		return e
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err // without the address, whose query is long
	}
	hint := "check url, the network and proxy"
	var ca x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.Is(err, errRedirect):
		return fmt.Errorf("%s: %w", u.Path, errRedirect)
	case errors.As(err, &ca):
		hint = "if your network opens TLS, name its authority in ca_file"
	case errors.As(err, &name):
		hint = "the certificate is for another host; check url and proxy"
	}
	return fmt.Errorf("%s cannot be reached (%w); %s", u.Host, err, hint)
}

// said takes the message out of an error's body, whatever the vendor calls it.
func said(body []byte) string {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return ""
	}
	for _, path := range []string{"error.message", "errorSummary", "error_description", "message", "error.code", "error", "errors", "detail"} {
		if s := text(body, path); s != "" {
			return shorten(s)
		}
	}
	return ""
}

// shorten makes a vendor's text fit one line of a terminal: it comes from outside.
func shorten(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxErrorLen {
		s = string(r[:maxErrorLen]) + "…"
	}
	return strings.TrimSpace(s)
}
