package intel

import (
	"strings"
	"testing"
)

func TestCarrier(t *testing.T) {
	s := Default()
	for _, tt := range []struct {
		asn  int64
		org  string
		want string // beginning of the reason; "" = none
	}{
		{21928, "", "mobile carrier"},
		{0, "T-Mobile USA, Inc. Mobile", "mobile carrier"},
		{0, "Verizon Wireless", "mobile carrier"},
		{22351, "", "in-flight"},
		{14593, "SPACEX-STARLINK", "satellite"},
		{20940, "iCloud Private Relay", "private relay"},
		{0, "Zscaler, Inc.", "company security gateway"},
		{0, "Netskope Inc", "company security gateway"},
		{13335, "CLOUDFLARENET", "private relay"},
		{7922, "Comcast Cable", ""},
		{3320, "Deutsche Telekom AG", ""},
		{0, "Automobile Club", ""},
		{9009, "M247 Europe", ""},
		{0, "", ""},
	} {
		why, ok := s.Carrier(tt.asn, tt.org)
		if ok != (tt.want != "") || !strings.HasPrefix(why, tt.want) {
			t.Errorf("%d %q: got %q %v, want %q", tt.asn, tt.org, why, ok, tt.want)
		}
	}
}

func TestHosting(t *testing.T) {
	s := Default()
	for _, tt := range []struct {
		asn  int64
		org  string
		want bool
	}{{9009, "", true}, {16509, "Amazon", true}, {7922, "Comcast", false}, {0, "Example Hosting Ltd", true}, {0, "Example Telecom", false}, {21928, "", false}} {
		if got := s.Hosting(tt.asn, tt.org); got != tt.want {
			t.Errorf("%d %q: got %v", tt.asn, tt.org, got)
		}
	}
}

func TestSSODomain(t *testing.T) {
	s := Default()
	for host, want := range map[string]string{
		"acme.okta.com": "acme Okta", "acme-admin.okta.com": "acme Okta", "https://acme.jamfcloud.com/enroll": "acme Jamf", "a.b.kandji.io": "b Kandji",
		"login.okta.com": "", "dev-123.okta.com": "", "okta.com": "", "acme.slack.com": "", "acme.example.com": "", "": "",
	} {
		tenant, vendor, ok := s.SSODomain(host)
		if got := strings.TrimSpace(tenant + " " + vendor); got != want || ok != (want != "") {
			t.Errorf("%s: got %q %v, want %q", host, got, ok, want)
		}
	}
}

func TestSameRegion(t *testing.T) {
	s := Default()
	for _, tt := range []struct {
		a, b             string
		same, comparable bool
	}{
		{"TX", "Texas", true, true},
		{"texas", "Texas", true, true},
		{"TX", "Tennessee", false, true},
		{"Bayern", "Bavaria", false, false},
		{"WA", "Western Australia", true, true},
		{"Bavaria", "Bavaria", true, true},
		{"TX", "Bavaria", false, false},
	} {
		if same, comparable := s.SameRegion(tt.a, tt.b); same != tt.same || comparable != tt.comparable {
			t.Errorf("%s, %s: got %v %v", tt.a, tt.b, same, comparable)
		}
	}
}
