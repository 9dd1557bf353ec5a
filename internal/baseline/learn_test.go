package baseline_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/baseline"
	"muster/internal/record"
	"muster/internal/settings"
)

var asOf = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// look is a small catalogue.
type look struct{}

func (look) Carrier(asn int64, org string) (string, bool) {
	return "mobile carrier", asn == 64500 || org == "Example Mobile"
}
func (look) Hosting(asn int64, _ string) bool { return asn == 64501 }
func (look) Item(x *record.DeviceItem) (string, bool) {
	return strings.ToLower(x.Name), x.ItemKind == "software"
}
func (look) Host(string) (string, bool) { return "", false }

func session(account string, day, hour int, ip string) *record.Session {
	return &record.Session{
		Account: account, At: record.At(time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC)), IP: netip.MustParseAddr(ip),
		SourceKind: "idp", Outcome: "success",
	}
}

func learn(recs []record.Record, st settings.Settings) *baseline.Set {
	set := new(record.Set)
	for _, r := range recs {
		set.Add(r)
	}
	set.Seal()
	return baseline.Learn(set, &st, look{}, asOf)
}

func TestEgress(t *testing.T) {
	var recs []record.Record
	for i := range 40 { // everybody works from home, ten of them sometimes from the office
		account := fmt.Sprintf("user%d@corp.example", i)
		recs = append(recs, session(account, 2, 9, fmt.Sprintf("198.51.100.%d", i)))
		if i < 10 {
			recs = append(recs, session(account, 3, 9, "203.0.113.5"))
		}
	}
	for i := range 12 { // twelve sign in from one house and from nowhere else
		recs = append(recs, session(fmt.Sprintf("farm%d@corp.example", i), 2, 9, "192.0.2.7"))
	}
	s := learn(recs, settings.Settings{Egress: []netip.Prefix{netip.MustParsePrefix("203.0.113.64/26"), netip.MustParsePrefix("203.0.113.9/32")}})
	if why := s.Exit(netip.MustParseAddr("203.0.113.5")); why != "" {
		t.Errorf("10 of 52 accounts are fewer than a fifth: %q", why)
	}
	for i := range 5 {
		recs = append(recs, session(fmt.Sprintf("user%d@corp.example", 10+i), 3, 9, "203.0.113.5"))
	}
	s = learn(recs, settings.Settings{Egress: []netip.Prefix{netip.MustParsePrefix("203.0.113.64/26"), netip.MustParsePrefix("203.0.113.9/32")}})
	if why := s.Exit(netip.MustParseAddr("203.0.113.5")); why != "learnt egress: 15 of 52 accounts" {
		t.Errorf("office: %q", why)
	}
	if why := s.Exit(netip.MustParseAddr("192.0.2.7")); why != "" {
		t.Errorf("a house that is the only address of its users is no office: %q", why)
	}
	for _, ip := range []string{"203.0.113.70", "203.0.113.9"} {
		if why := s.Exit(netip.MustParseAddr(ip)); why != "declared egress" {
			t.Errorf("%s: %q", ip, why)
		}
	}
	if !s.Newest.Session.Equal(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)) || s.Accounts != 52 {
		t.Errorf("newest %v, %d accounts", s.Newest.Session, s.Accounts)
	}
}

func TestOnSiteCompany(t *testing.T) {
	var recs []record.Record
	for i := range 8 {
		recs = append(recs, session(fmt.Sprintf("user%d@corp.example", i), 2, 9, "203.0.113.5"))
	}
	if why := learn(recs, settings.Settings{}).Exit(netip.MustParseAddr("203.0.113.5")); why == "" {
		t.Error("the only address of a whole company is its office")
	}
}

func TestNetworks(t *testing.T) {
	a, b, c := session("a@corp.example", 2, 9, "198.51.100.1"), session("b@corp.example", 2, 9, "198.51.100.2"), session("c@corp.example", 2, 9, "198.51.100.3")
	a.ASN, b.ASOrg, c.ASN = 64500, "Example Mobile", 64501
	s := learn([]record.Record{a, b, c}, settings.Settings{})
	if s.Common(64500, "", "") == "" || s.Common(0, "Example Mobile", "") == "" || s.Common(64501, "", "") != "" || s.Common(0, "", "") != "" {
		t.Errorf("carriers %v, relays %v", s.Carriers, s.Relays)
	}
	if !s.Hosting[64501] || s.Hosting[64500] {
		t.Errorf("hosting %v", s.Hosting)
	}
}

func TestDomains(t *testing.T) {
	var recs []record.Record
	for i := range 30 {
		mail := fmt.Sprintf("user%d@corp.example", i)
		if i == 0 {
			mail = "contractor@gmail.com"
		}
		if i == 1 {
			mail = "typo@crop.example"
		}
		no := fmt.Sprint("E", i)
		recs = append(recs, &record.Engagement{Subject: record.Subject{Handle: record.NewHandle("employee", no)}, EmployeeNo: no, WorkEmail: mail})
	}
	if s := learn(recs, settings.Settings{}); !slices.Equal(s.Domains, []string{"corp.example"}) || s.Staff != 30 {
		t.Errorf("domains %v, staff %d", s.Domains, s.Staff)
	}
	if s := learn(recs, settings.Settings{Domains: []string{"Other.example"}}); !slices.Equal(s.Domains, []string{"other.example"}) {
		t.Errorf("declared domains %v", s.Domains)
	}
}

func TestToolsAndFleet(t *testing.T) {
	at := func(day int) record.Time { return record.At(time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC)) }
	recs := []record.Record{
		&record.Device{DeviceKey: "S1", LastSeen: at(5), PublicIP: netip.MustParseAddr("198.51.100.1")},
		&record.Device{DeviceKey: "S2", LastSeen: at(6), PublicIP: netip.MustParseAddr("198.51.100.1")},
		&record.DeviceItem{DeviceKey: "S1", ItemKind: "software", Name: "RemoteThing", FirstSeen: at(1), LastSeen: at(9)},
		&record.DeviceItem{DeviceKey: "S1", ItemKind: "software", Name: "remotething", LastSeen: at(3)},
		&record.DeviceItem{DeviceKey: "S3", ItemKind: "usb", Name: "mouse"},
	}
	s := learn(recs, settings.Settings{})
	p := s.Tools["remotething"]
	if p.Devices != 1 || p.Of != 2 || p.Share() != 0.5 || !p.First.Equal(at(1).Time()) || !p.Last.Equal(at(9).Time()) {
		t.Errorf("prevalence %+v", p)
	}
	if f := s.Fleet[netip.MustParseAddr("198.51.100.1")]; len(f) != 2 || f[0].DeviceKey != "S1" || s.Devices != 3 {
		t.Errorf("fleet %+v, %d devices", f, s.Devices)
	}
}

func TestShuffled(t *testing.T) {
	lat := func(v float64) *float64 { return &v }
	var recs []record.Record
	for i := range 60 {
		x := session(fmt.Sprintf("user%d@corp.example", i%20), 1+i%9, i%24, fmt.Sprintf("198.51.100.%d", i%7))
		x.Geo = record.Place{Country: "DE", Region: "BE", City: "Berlin", Lat: lat(52.5 + float64(i%11)*0.013), Lon: lat(13.4 + float64(i%13)*0.007)}
		recs = append(recs, x)
	}
	want := learn(recs, settings.Settings{})
	if len(want.Centroids) != 1 {
		t.Fatalf("centroids %v", want.Centroids)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		rng.Shuffle(len(recs), func(i, j int) { recs[i], recs[j] = recs[j], recs[i] })
		if got := learn(recs, settings.Settings{}); !reflect.DeepEqual(got, want) {
			t.Fatalf("shuffled rows give another baseline:\n%+v\n%+v", got, want)
		}
	}
}
