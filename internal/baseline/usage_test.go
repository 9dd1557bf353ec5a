package baseline_test

import (
	"fmt"
	"testing"

	"muster/internal/baseline"
	"muster/internal/record"
	"muster/internal/settings"
)

func TestUsage(t *testing.T) {
	var recs []record.Record
	add := func(account, ip string, asn int64, opinion string) {
		s := session(account, 2, 9, ip)
		s.ASN, s.Anonymiser = asn, opinion
		recs = append(recs, s)
	}
	for i := range 40 {
		account := fmt.Sprintf("user%d@corp.example", i)
		add(account, fmt.Sprintf("198.51.100.%d", i), 64496, "")
		if i < 6 { // six use one service, each through another network
			add(account, fmt.Sprintf("203.0.113.%d", i), 64600+int64(i), "vpn")
		}
	}
	add("user0@corp.example", "198.51.100.200", 64496, "proxy")
	failed := session("user9@corp.example", 3, 9, "203.0.113.9")
	failed.Outcome, failed.ASN = "failure", 64600
	recs = append(recs, failed,
		&record.Indicator{Type: "cidr", Value: "203.0.113[.]0/28", Provider: "Mullvad"}, &record.Indicator{Type: "ip", Value: "not an address", Provider: "Mullvad"})
	s := learn(recs, settings.Settings{})

	if u := s.Network(64496, "", ""); u != (baseline.Usage{Plain: 40, Flagged: 1, Of: 40}) || !u.Access() || !u.Common() {
		t.Errorf("network of homes: %+v", u)
	}
	if u := s.Network(64600, "", ""); u != (baseline.Usage{Flagged: 1, Of: 40}) || u.Access() || u.Common() {
		t.Errorf("network of a VPN: %+v", u)
	}
	if u := s.Service("mullvad"); u.Flagged != 6 || !u.Common() {
		t.Errorf("service: %+v", u)
	}
	if u := s.Service("other"); u.Common() {
		t.Errorf("unknown service: %+v", u)
	}
}
