package screen

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/record"
)

var asOf = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func at(s string) record.Time {
	t, err := record.ParseTime(s)
	if err != nil {
		panic(err)
	}
	return t
}

func common(key, observed string) record.Common {
	return record.Common{Ref: record.Ref{Source: "test", File: "a.csv", Key: key}, ObservedAt: at(observed)}
}

// indicator makes an indicator of a case feed, seen in October.
func indicator(kind, v string, change ...func(*record.Indicator)) *record.Indicator {
	ind := &record.Indicator{Common: common(kind+v, ""), Type: kind, Value: v, Feed: "case feed", FirstSeen: at("2026-10-01"), LastSeen: at("2026-10-31")}
	for _, f := range change {
		f(ind)
	}
	return ind
}

func world(p *identity.Persona, inds []*record.Indicator, sessions ...record.Session) (*identity.Graph, *record.Set) {
	set := &record.Set{Indicators: inds}
	for i := range sessions {
		set.Sessions.Append(&sessions[i])
	}
	set.Seal()
	return &identity.Graph{Personas: []*identity.Persona{p}}, set
}

// say writes a hit in one line.
func say(hits []identity.Hit) []string {
	var out []string
	for _, h := range hits {
		line := fmt.Sprintf("%s %s %s exact=%t days=%d", h.Field, h.Value, h.Indicator.Value, h.Exact, h.Days)
		if h.Age > 0 {
			line += " age=" + h.Age.String()
		}
		out = append(out, line)
	}
	return out
}

func TestValues(t *testing.T) {
	claim := &record.Persona{
		Common: common("c1", "2026-11-10"),
		Emails: []record.Email{{Value: "J.Doe+jobs@gmail.com"}, {Value: "doe@mail.evil.example"}},
		Phones: []record.Phone{{E164: "+15550100"}, {E164: "+4930123456"}},
		URLs:   []record.URL{{URL: "https://www.Example.com/u/doe/?x=1"}, {URL: "https://github.example/doe9", Network: "github", Username: "Doe9"}},
	}
	pay := &record.PaymentAccount{Common: common("p1", "2026-11-10"), CryptoAddress: "0xABCdef", AccountHash: "k:1", AccountLast4: "1234"}
	p := &identity.Persona{ID: "P-1", Records: identity.Records{
		Claims: []*record.Persona{claim}, PaymentAccounts: []*record.PaymentAccount{pay},
		Devices:   []*record.Device{{Common: common("d1", ""), Serial: "sn-0001"}},
		Documents: []*record.Document{{Common: common("f1", "2026-11-10"), SHA256: "AB12"}},
	}}
	yes := true
	tests := []struct {
		name string
		ind  *record.Indicator
		want []string
	}{
		{"mailbox in another spelling", indicator("email", "jdoe@googlemail.com"), []string{"email jdoe@gmail.com jdoe@googlemail.com exact=true days=1 age=240h0m0s"}},
		{"defanged mailbox", indicator("email", "jdoe[@]gmail[.]com"), []string{"email jdoe@gmail.com jdoe[@]gmail[.]com exact=true days=1 age=240h0m0s"}},
		{"parent domain", indicator("domain", "evil.example"), []string{"domain mail.evil.example evil.example exact=false days=1 age=240h0m0s"}},
		{"name of the same domain elsewhere", indicator("domain", "vil.example"), nil},
		{"top level is no domain", indicator("domain", "example"), nil},
		{"phone", indicator("phone", "+49 30 123456"), []string{"phone …3456 +49 30 123456 exact=true days=1 age=240h0m0s"}},
		{"phone without country", indicator("phone", "030 123456"), nil},
		{"page", indicator("url", "hxxps://example[.]com/u/doe"), []string{"url example.com/u/doe hxxps://example[.]com/u/doe exact=true days=1 age=240h0m0s"}},
		{"user name on the same network", indicator("username", "@doe9", func(i *record.Indicator) { i.Labels = []string{"GitHub"} }), []string{"username doe9 @doe9 exact=true days=1 age=240h0m0s"}},
		{"user name without network", indicator("username", "doe9"), []string{"username doe9 doe9 exact=false days=1 age=240h0m0s"}},
		{"wallet ignores case where the chain does", indicator("wallet", "0xabcDEF"), []string{"wallet …ABCdef 0xabcDEF exact=true days=1 age=240h0m0s"}},
		{"account hash", indicator("account", "k:1"), []string{"bank_account 1234 k:1 exact=true days=1 age=240h0m0s"}},
		{"serial, undated", indicator("device_serial", "SN-0001"), []string{"device_serial SN-0001 SN-0001 exact=true days=0 age=480h0m0s"}},
		{"file", indicator("hash", "ab12"), []string{"document AB12 ab12 exact=true days=1 age=240h0m0s"}},
		{"revoked", indicator("email", "jdoe@gmail.com", func(i *record.Indicator) { i.Revoked = &yes }), nil},
		{"ended before the use", indicator("email", "jdoe@gmail.com", func(i *record.Indicator) { i.ValidUntil = at("2026-11-09") }), nil},
		{"ends on the day of the use", indicator("email", "jdoe@gmail.com", func(i *record.Indicator) { i.ValidUntil = at("2026-11-10") }), []string{"email jdoe@gmail.com jdoe@gmail.com exact=true days=1 age=240h0m0s"}},
		{"not yet known", indicator("email", "jdoe@gmail.com", func(i *record.Indicator) { i.FirstSeen = at("2026-12-24") }), nil},
		{"names are never compared", indicator("name", "Jane Doe"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, set := world(p, []*record.Indicator{tt.ind})
			if diff := cmp.Diff(tt.want, say(Run(g, set, nil, asOf))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func session(day, ip, kind, outcome string) record.Session {
	return record.Session{
		Common: record.Common{Ref: record.Ref{Source: "test", File: "s.csv", Line: 1}}, Account: "doe@example.com",
		At: at(day + "T08:00:00Z"), IP: netip.MustParseAddr(ip), SourceKind: kind, Outcome: outcome,
	}
}

func TestAddresses(t *testing.T) {
	p := &identity.Persona{ID: "P-1", Account: []string{"doe@example.com"}, Records: identity.Records{
		Applications:    []*record.Application{{Common: common("a1", ""), AppliedAt: at("2026-09-01"), IP: netip.MustParseAddr("203.0.113.9")}},
		PaymentAccounts: []*record.PaymentAccount{{Common: common("p1", "2026-11-02"), ChangeIP: netip.MustParseAddr("203.0.113.9")}},
		Meetings:        []*record.Meeting{{Common: common("m1", ""), At: at("2026-10-05T10:00Z"), IP: netip.MustParseAddr("2001:db8::7")}},
	}}
	sessions := []record.Session{
		session("2026-10-02", "203.0.113.9", "idp", "success"), session("2026-10-02", "203.0.113.9", "app", "success"),
		session("2026-10-03", "203.0.113.9", "idp", "failure"), session("2026-10-04", "203.0.113.9", "vpn", ""),
		session("2026-10-05", "203.0.113.9", "ats", "success"), session("2026-12-01", "203.0.113.9", "idp", "success"),
		session("2026-10-06", "198.51.100.1", "idp", "success"), session("2026-10-06", "10.0.0.1", "idp", "success"),
	}
	base := &baseline.Set{Egress: map[netip.Addr]baseline.Shared{netip.MustParseAddr("198.51.100.1"): {Why: "office"}}}
	tests := []struct {
		name string
		ind  *record.Indicator
		want []string
	}{
		{"address", indicator("ip", "203.0.113.9"), []string{
			"application_ip 203.0.113.9 203.0.113.9 exact=true days=1 age=720h0m0s", "application_ip 203.0.113.9 203.0.113.9 exact=true days=1",
			"change_ip 203.0.113.9 203.0.113.9 exact=true days=1 age=48h0m0s", "sign_in_ip 203.0.113.9 203.0.113.9 exact=true days=2",
		}},
		{"network, valid for a while", indicator("cidr", "203.0.113.0/24", func(i *record.Indicator) { i.ValidUntil = at("2026-10-03T00:00:00Z") }), []string{
			"application_ip 203.0.113.9 203.0.113.0/24 exact=false days=1 age=720h0m0s", "sign_in_ip 203.0.113.9 203.0.113.0/24 exact=false days=1",
		}},
		{"IPv6", indicator("anonymiser", "2001:db8::/64"), []string{"meeting_ip 2001:db8::7 2001:db8::/64 exact=false days=1"}},
		{"IPv4 written as IPv6", indicator("ip", "::ffff:203.0.113.9", func(i *record.Indicator) { i.ValidUntil = at("2026-09-02") }), []string{"application_ip 203.0.113.9 ::ffff:203.0.113.9 exact=true days=1 age=720h0m0s"}},
		{"own egress", indicator("ip", "198.51.100.1"), nil},
		{"private", indicator("cidr", "10.0.0.0/8"), nil},
		{"the whole internet", indicator("cidr", "0.0.0.0/0"), nil},
		{"no address", indicator("ip", "300.1.1.1"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, set := world(p, []*record.Indicator{tt.ind}, sessions...)
			if diff := cmp.Diff(tt.want, say(Run(g, set, base, asOf))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// A domain of many people is a mail service, and the organisation's own is no hit.
func TestCommonDomains(t *testing.T) {
	g := &identity.Graph{}
	for i := range commonDomain {
		domain := "mail.example.org"
		if i == 0 {
			domain = "rare.example.org"
		}
		g.Personas = append(g.Personas, &identity.Persona{
			ID: identity.PersonaID(fmt.Sprintf("P-%02d", i)),
			Records: identity.Records{Claims: []*record.Persona{{
				Common: common(fmt.Sprint(i), "2026-11-01"),
				Emails: []record.Email{{Value: fmt.Sprintf("u%d@%s", i, domain)}, {Value: fmt.Sprintf("u%d@ours.example", i)}, {Value: fmt.Sprintf("u%d@free.example.net", i)}},
			}}},
		})
	}
	set := &record.Set{Indicators: []*record.Indicator{
		indicator("domain", "free.example.net"), indicator("domain", "ours.example"), indicator("domain", "rare.example.org"),
	}}
	set.Seal()
	got := say(Run(g, set, &baseline.Set{Domains: []string{"ours.example"}}, asOf))
	want := []string{"domain rare.example.org rare.example.org exact=true days=1 age=24h0m0s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if g.Screened != 3 {
		t.Errorf("Screened = %d, want 3", g.Screened)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	p := &identity.Persona{ID: "P-1", Account: []string{"doe@example.com"}}
	var sessions []record.Session
	var inds []*record.Indicator
	for i := range 40 {
		ip := fmt.Sprintf("203.0.113.%d", i%8)
		s := session(fmt.Sprintf("2026-10-%02d", 1+i%20), ip, "idp", "success")
		s.Ref.Line = 1 + i
		sessions = append(sessions, s)
		inds = append(inds, indicator("ip", ip, func(x *record.Indicator) { x.Feed = fmt.Sprint("feed ", i%5) }), indicator("cidr", "203.0.113.0/28"))
	}
	var first []string
	for range 5 {
		rng.Shuffle(len(sessions), func(i, j int) { sessions[i], sessions[j] = sessions[j], sessions[i] })
		rng.Shuffle(len(inds), func(i, j int) { inds[i], inds[j] = inds[j], inds[i] })
		g, set := world(p, slices.Clone(inds), sessions...)
		got := say(Run(g, set, nil, asOf))
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" || len(got) == 0 {
			t.Fatalf("%d hits; -first +now:\n%s", len(got), diff)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	addr := func() netip.Addr {
		n := rng.Uint32()
		return netip.AddrFrom4([4]byte{byte(11 + n>>24%80), byte(n >> 16), byte(n >> 8), byte(n)})
	}
	const people, rows, listed = 1000, 500_000, 100_000
	g, set := &identity.Graph{}, &record.Set{}
	for i := range people {
		g.Personas = append(g.Personas, &identity.Persona{ID: identity.PersonaID(fmt.Sprintf("P-%05d", i)), Account: []string{fmt.Sprint("u", i, "@example.com")}})
	}
	pool := make([]netip.Addr, 40_000)
	for i := range pool {
		pool[i] = addr()
	}
	for i := range rows {
		set.Sessions.Append(&record.Session{Account: fmt.Sprint("u", i%people, "@example.com"), At: record.At(asOf.Add(-time.Duration(i) * time.Minute)), IP: pool[rng.IntN(len(pool))]})
	}
	for i := range listed {
		a := addr()
		if i%100 == 0 {
			a = pool[rng.IntN(len(pool))]
		}
		set.Indicators = append(set.Indicators, indicator("ip", a.String()))
	}
	set.Sessions.Seal()
	for b.Loop() {
		if len(Run(g, set, nil, asOf)) == 0 {
			b.Fatal("no hit")
		}
	}
}

// On a mobile carrier's network one address stands for many people: a case's
// address is no hit there, a provider's own list still is.
func TestCrowdedNetwork(t *testing.T) {
	s := session("2026-10-02", "203.0.113.9", "idp", "success")
	s.ASN = 64500
	p := &identity.Persona{ID: "P-1", Account: []string{"doe@example.com"}}
	g, set := world(p, []*record.Indicator{indicator("ip", "203.0.113.9"), indicator("anonymiser", "203.0.113.0/24")}, s)
	got := say(Run(g, set, &baseline.Set{Carriers: map[int64]string{64500: "mobile carrier"}}, asOf))
	want := []string{"sign_in_ip 203.0.113.9 203.0.113.0/24 exact=false days=1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
