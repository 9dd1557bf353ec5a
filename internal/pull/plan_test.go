package pull

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPlanErrors(t *testing.T) {
	for _, c := range []struct{ name, plan, want string }{
		{"inline secret", "vendors:\n- vendor: okta\n  url: https://example.okta.com\n  token: 00abcdefSECRETxyz\n", "pull.yaml:4: vendors[0].token: a secret does not stand in the plan"},
		{"no secret", "vendors:\n- vendor: okta\n  url: https://example.okta.com\n", "vendors[0].token: missing"},
		{"no host", "vendors:\n- vendor: okta\n  token: env:X\n", "such as https://example.okta.com"},
		{"unknown key", "vendors:\n- vendor: okta\n  password: 00abcdefSECRETxyz\n", "pull.yaml:3: unknown field"},
		{"unknown vendor", "vendors:\n- vendor: octa\n", "pull.yaml:2: vendors[0].vendor: \"octa\" is not a vendor; one of ashby, entra"},
		{"unknown stream", "vendors:\n- vendor: fleet\n  url: https://fleet.example.com\n  token: env:X\n  streams: [hosts, hots]\n", "pull.yaml:5: vendors[0].streams[1]: fleet has no stream \"hots\"; one of hosts, activities"},
		{"plain http", "vendors:\n- vendor: fleet\n  url: http://fleet.example.com\n  token: env:X\n", "pull.yaml:3: vendors[0].url: not https"},
		{"credential in the address", "vendors:\n- vendor: fleet\n  url: https://u:00abcdefSECRETxyz@fleet.example.com\n  token: env:X\n", "a credential does not stand in an address"},
		{"password in the proxy", "proxy: http://u:00abcdefSECRETxyz@proxy.example.com:3128\nvendors:\n- vendor: fleet\n  url: https://fleet.example.com\n  token: env:X\n", "pull.yaml:1: proxy: a password does not stand in the plan"},
		{"twice", "vendors:\n- vendor: fleet\n  url: https://fleet.example.com\n  token: env:X\n- vendor: fleet\n  url: https://fleet.example.org\n  token: env:X\n", "pull.yaml:5: vendors[1].vendor: \"fleet\" is there twice"},
		{"folder", "vendors:\n- vendor: fleet\n  name: ../x\n  url: https://fleet.example.com\n  token: env:X\n", "cannot be a folder"},
		{"day", "since: last week\nvendors:\n- vendor: fleet\n  url: https://fleet.example.com\n  token: env:X\n", "pull.yaml:1: since: \"last week\" is not a day; write YYYY-MM-DD"},
		{"need", "vendors:\n- vendor: github\n  token: env:X\n", "vendors[0].org: missing"},
		{"empty", "", "no vendor"},
		{"not YAML", "vendors: [\n", "pull.yaml:"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, PlanName), []byte(c.plan), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: the error repeats the secret: %v", c.name, err)
		}
	}
}

// TestGuides reads every vendor's piece of a plan, once its host is filled in.
func TestGuides(t *testing.T) {
	for _, v := range Vendors() {
		piece := Guide(v)
		p, err := parse([]byte(piece), PlanName, t.TempDir())
		if err != nil {
			t.Errorf("%s: %v\n%s", v.ID, err, piece)
			continue
		}
		for _, s := range p.Vendors[0].streams() {
			if !strings.Contains(piece, s.Scope) {
				t.Errorf("%s: %s is not in the guide", v.ID, s.Scope)
			}
		}
		asks, err := Describe(p, t.TempDir(), nil, noon)
		if err != nil || len(asks) == 0 {
			t.Errorf("%s: %d asks, %v", v.ID, len(asks), err)
		}
		for _, a := range asks {
			if strings.Contains(a.Request, "{") {
				t.Errorf("%s: %s", v.ID, a.Request)
			}
		}
	}
}

// TestVendors holds every vendor to what the engine and the page need.
func TestVendors(t *testing.T) {
	for _, v := range Vendors() {
		if v.Title == "" || v.Grant == "" || v.Docs == "" || v.PerSecond <= 0 || len(v.Secrets) == 0 || v.URL == "" && v.Example == "" {
			t.Errorf("%s is not complete", v.ID)
		}
		for _, s := range v.Streams {
			if s.Title == "" || s.Scope == "" || s.Paging.name == "" || s.Paging.next == nil {
				t.Errorf("%s %s is not complete", v.ID, s.Name)
			}
			if !s.Snapshot && (s.Overlap == 0 && s.Token == nil || s.Time == "" || s.Why == "") {
				t.Errorf("%s %s: an event stream has a time, and an overlap with a reason", v.ID, s.Name)
			}
			if s.Method != "" && s.Method != http.MethodGet && v.ID != "ashby" {
				t.Errorf("%s %s: %s is not read-only", v.ID, s.Name, s.Method)
			}
		}
	}
}

func TestAsked(t *testing.T) {
	for _, c := range []struct {
		header, value string
		want          time.Duration
		ok            bool
	}{
		{"Retry-After", "7", 7 * time.Second, true},
		{"Retry-After", "0.5", 500 * time.Millisecond, true},
		{"Retry-After", "Fri, 20 Nov 2026 12:01:00 GMT", time.Minute, true},
		{"Retry-After", "2026-11-21T00:00:00Z", 12 * time.Hour, true},
		{"Retry-After", "soon", 0, false},
		{"X-Rate-Limit-Reset", "1795176030", 30 * time.Second, true}, // Okta: epoch seconds
		{"X-RateLimit-Reset", "1795176030", 30 * time.Second, true},  // GitHub
		{"RateLimit-Reset", "30", 30 * time.Second, true},            // draft-ietf-httpapi-ratelimit-headers: seconds to go
		{"X-Other", "30", 0, false},
	} {
		h := http.Header{}
		h.Set(c.header, c.value)
		if got, ok := asked(h, noon); got != c.want || ok != c.ok {
			t.Errorf("%s: %s: %v %v", c.header, c.value, got, ok)
		}
	}
	h := http.Header{}
	h.Set("X-Rate-Limit-Remaining", "12")
	h.Set("X-Rate-Limit-Reset", "1795176030")
	if _, ok := asked(h, noon); ok {
		t.Error("a budget that is not spent asks for no wait")
	}
}

func TestNextLink(t *testing.T) {
	for in, want := range map[string]string{
		`<https://a.example/x?p=2>; rel="next"`:                                               "https://a.example/x?p=2",
		`<https://a.example/x>; rel="self", <https://a.example/x?after=b,c>; rel="next"`:      "https://a.example/x?after=b,c",
		`<https://a.example/x?p=2>; title="a"; rel=next, <https://a.example/x?p=9>; rel=last`: "https://a.example/x?p=2",
		`<https://a.example/x>; rel="last"`:                                                   "",
		`nonsense; rel="next"`:                                                                "",
		``:                                                                                    "",
	} {
		if got := nextLink([]string{in}); got != want {
			t.Errorf("%s: %q", in, got)
		}
	}
}
