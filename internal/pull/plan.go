package pull

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// PlanName is the plan's file in the folder that is pulled into.
const PlanName = "pull.yaml"

// Plan says what is pulled from whom.
type Plan struct {
	Since         string  `yaml:"since"`          // first day of the first pull; default: 30 days back for events, everything for lists
	CAFile        string  `yaml:"ca_file"`        // PEM file of certificate authorities to trust besides the system's
	Proxy         string  `yaml:"proxy"`          // http://host:port; default: HTTPS_PROXY and NO_PROXY of the environment
	ProxyUser     string  `yaml:"proxy_user"`     // account at the proxy
	ProxyPassword Secret  `yaml:"proxy_password"` // env:NAME or file:PATH
	Vendors       []Entry `yaml:"vendors"`

	dir   string // of the plan; relative paths start here
	since time.Time
}

// Entry is one account at one vendor.
type Entry struct {
	Vendor       string   `yaml:"vendor"`
	Name         string   `yaml:"name"`          // folder; default: the vendor. Two accounts at one vendor need two names
	URL          string   `yaml:"url"`           // host of the interface
	TokenURL     string   `yaml:"token_url"`     // where tokens are issued, if not at the vendor's usual place
	Org          string   `yaml:"org"`           // GitHub organisation
	Tenant       string   `yaml:"tenant"`        // Entra and Intune: tenant id or domain
	Account      string   `yaml:"account"`       // Zoom: account id
	ClientID     string   `yaml:"client_id"`     // OAuth client
	Subject      string   `yaml:"subject"`       // Google: administrator to act as; Greenhouse: user id
	Token        Secret   `yaml:"token"`         // env:NAME or file:PATH
	ClientSecret Secret   `yaml:"client_secret"` // env:NAME or file:PATH
	Key          Secret   `yaml:"key"`           // Google: file:PATH of the service account's JSON key
	Streams      []string `yaml:"streams"`       // default: all that are not optional
	Since        string   `yaml:"since"`

	vendor *Vendor
	base   *url.URL
	since  time.Time
}

// PlanError is one thing wrong in a plan.
type PlanError struct {
	File string
	Line int
	What string
	Hint string
}

func (e *PlanError) Error() string {
	return fmt.Sprintf("%s:%d: %s; %s", e.File, e.Line, e.What, e.Hint)
}

// Load reads the plan of a folder. The error joins one [PlanError] for each thing
// that is wrong.
func Load(dir string) (*Plan, error) {
	file := filepath.Join(dir, PlanName)
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parse(b, file, dir)
}

func parse(b []byte, file, dir string) (*Plan, error) {
	p := &Plan{dir: dir}
	if err := yaml.UnmarshalWithOptions(b, p, yaml.Strict()); err != nil {
		// Without the source: a line of it may be a secret that stands there by mistake.
		line, what := 1, strings.TrimSpace(yaml.FormatError(err, false, false))
		var y yaml.Error
		if errors.As(err, &y) {
			if t := y.GetToken(); t != nil && t.Position != nil {
				line = t.Position.Line
			}
			what = y.GetMessage()
		}
		return nil, &PlanError{file, line, what, "docs/pull.md lists the keys; \"muster pull init VENDOR\" prints a piece to start from"}
	}
	c := &checker{file: file, src: b}
	c.plan(p)
	return p, errors.Join(c.errs...)
}

// checker collects what is wrong in a plan.
type checker struct {
	file string
	src  []byte
	errs []error
}

// add notes an error at the line of a path, or of the closest path above it.
func (c *checker) add(path, what, hint string) {
	line := 1
	for p := path; p != ""; {
		if y, err := yaml.PathString(p); err == nil {
			if n, err := y.ReadNode(bytes.NewReader(c.src)); err == nil && n != nil && n.GetToken() != nil {
				line = n.GetToken().Position.Line
				break
			}
		}
		i := strings.LastIndexAny(p, ".[")
		if i <= 0 {
			break
		}
		p = p[:i]
	}
	c.errs = append(c.errs, &PlanError{c.file, line, strings.TrimPrefix(path, "$.") + ": " + what, hint})
}

func (c *checker) plan(p *Plan) {
	p.since = c.date("$.since", p.Since)
	if p.Proxy != "" {
		u, err := url.Parse(p.Proxy)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			c.add("$.proxy", "not an address of a proxy", "write http://host:port")
		case u.User != nil:
			c.add("$.proxy", "a password does not stand in the plan", "use proxy_user, and proxy_password: env:NAME")
		}
	}
	if p.ProxyPassword != "" {
		c.secret("$.proxy_password", p.ProxyPassword)
	}
	if len(p.Vendors) == 0 {
		c.add("$.vendors", "no vendor", "add one; \"muster pull init VENDOR\" prints a piece")
	}
	names := map[string]bool{}
	for i := range p.Vendors {
		e := &p.Vendors[i]
		c.entry(fmt.Sprintf("$.vendors[%d]", i), e)
		if names[e.Name] {
			c.add(fmt.Sprintf("$.vendors[%d].vendor", i), fmt.Sprintf("%q is there twice", e.Name), "give each account an own name:")
		}
		names[e.Name] = true
	}
}

var folderName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,60}$`)

func (c *checker) entry(at string, e *Entry) {
	if e.Name == "" {
		e.Name = e.Vendor
	}
	e.since = c.date(at+".since", e.Since)
	if e.vendor = Find(e.Vendor); e.vendor == nil {
		c.add(at+".vendor", fmt.Sprintf("%q is not a vendor", e.Vendor), "one of "+strings.Join(vendorIDs(), ", "))
		return
	}
	if !folderName.MatchString(e.Name) {
		c.add(at+".name", fmt.Sprintf("%q cannot be a folder", e.Name), "use small letters, digits, - and _")
	}
	c.address(at, e)
	for _, k := range e.vendor.Needs {
		if e.value(k) == "" {
			c.add(at+"."+k, "missing", e.vendor.Grant)
		}
	}
	for _, k := range []string{"token", "client_secret", "key"} {
		s := e.secretOf(k)
		switch {
		case s == "" && slices.Contains(e.vendor.Secrets, k):
			c.add(at+"."+k, "missing", "write env:NAME or file:PATH. "+e.vendor.Grant)
		case s != "":
			c.secret(at+"."+k, s)
		}
	}
	for i, name := range e.Streams {
		if e.vendor.stream(name) == nil {
			c.add(fmt.Sprintf("%s.streams[%d]", at, i), fmt.Sprintf("%s has no stream %q", e.Vendor, name), "one of "+strings.Join(streamNames(e.vendor), ", "))
		}
	}
}

// address checks the hosts that credentials are sent to.
func (c *checker) address(at string, e *Entry) {
	raw, key := e.URL, at+".url"
	if raw == "" {
		raw = e.vendor.URL
	}
	if raw == "" {
		c.add(key, "missing", "the host of your account, such as "+e.vendor.Example)
		return
	}
	var err error
	if e.base, err = safeURL(raw); err != nil {
		c.add(key, err.Error(), "such as https://host.example.com")
	}
	if e.TokenURL != "" {
		if _, err := safeURL(e.TokenURL); err != nil {
			c.add(at+".token_url", err.Error(), "such as https://host.example.com/oauth2/token")
		}
	}
}

// safeURL reads an address that a credential may be sent to: https, or a server on
// this machine.
func safeURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSuffix(raw, "/"))
	if err != nil || u.Host == "" {
		return nil, errors.New("not an address")
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	switch {
	case u.User != nil:
		return nil, errors.New("a credential does not stand in an address")
	case u.Scheme != "https" && (u.Scheme != "http" || !local):
		return nil, errors.New("not https: the credential would be readable on the way")
	}
	return u, nil
}

func (c *checker) secret(at string, s Secret) {
	if err := s.check(); err != nil {
		c.add(at, err.Error(), "docs/pull.md says how secrets are kept")
	}
}

func (c *checker) date(at, s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	c.add(at, fmt.Sprintf("%q is not a day", s), "write YYYY-MM-DD")
	return time.Time{}
}

// value returns the key of an entry that a vendor may need.
func (e *Entry) value(key string) string {
	return map[string]string{"org": e.Org, "tenant": e.Tenant, "account": e.Account, "client_id": e.ClientID, "subject": e.Subject}[key]
}

func (e *Entry) secretOf(key string) Secret {
	return map[string]Secret{"token": e.Token, "client_secret": e.ClientSecret, "key": e.Key}[key]
}

// streams returns what is pulled, in the order of the vendor's list.
func (e *Entry) streams() []*Stream {
	var out []*Stream
	for i := range e.vendor.Streams {
		s := &e.vendor.Streams[i]
		if len(e.Streams) == 0 && !s.Optional || slices.Contains(e.Streams, s.Name) {
			out = append(out, s)
		}
	}
	return out
}

func vendorIDs() []string {
	var out []string
	for _, v := range Vendors() {
		out = append(out, v.ID)
	}
	return out
}

func streamNames(v *Vendor) []string {
	var out []string
	for i := range v.Streams {
		out = append(out, v.Streams[i].Name)
	}
	return out
}
