package link_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/internal/baseline"
	"muster/internal/link"
	"muster/internal/record"
	"muster/internal/settings"
)

// company makes staff with homes, laptops and sign-ins, and candidates with
// contacts and résumés. One in twenty households is a couple.
func company(staff, candidates, sessions int) *record.Set {
	rng := rand.New(rand.NewPCG(1, 2))
	set := new(record.Set)
	word := func(n int) string { return "w" + strconv.Itoa(rng.IntN(n)) }
	ip := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{byte(50 + i>>16&63), byte(i >> 8), byte(i), 9}) }
	start := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	line := 0
	common := func(kind string) record.Common {
		line++
		return record.Common{Ref: record.Ref{Source: "bench", File: kind, Line: line, Key: kind + strconv.Itoa(line)}}
	}
	name := func() string { return "G" + word(4000) + " F" + word(20000) }
	for i := range staff {
		no, mail := "E"+strconv.Itoa(i), fmt.Sprintf("user%d@corp.example", i)
		home := i - i%20/19 // the twentieth lives with the nineteenth
		full := name()
		set.Add(&record.Engagement{
			Common: common("hris"), Subject: record.Subject{Handle: record.NewHandle("employee", no), Name: full}, EmployeeNo: no, WorkEmail: mail,
			Start: record.Date{Year: 2020 + i%6, Month: 1 + i%12, Day: 1}, HomeAddress: record.Address{Line1: strconv.Itoa(home) + " Oak Street", Postal: fmt.Sprintf("%05d", home%90000), City: "Town"},
		})
		set.Add(&record.Device{Common: common("mdm"), Subject: record.Subject{Handle: record.NewHandle("email", mail)}, DeviceKey: "S" + strconv.Itoa(i) + "X", LastSeen: record.At(start), PublicIP: ip(home)})
		set.Add(&record.PaymentAccount{Common: common("pay"), Subject: record.Subject{Handle: record.NewHandle("employee", no)}, AccountHash: "a" + strconv.Itoa(home)})
	}
	for i := range candidates {
		h := record.NewHandle("ats:candidate", strconv.Itoa(i))
		full := name()
		set.Add(&record.Persona{
			Common: common("ats"), Subject: record.Subject{Handle: h, Name: full}, PersonaKind: "candidate", FullName: full,
			Emails: []record.Email{{Value: fmt.Sprintf("c%d@example.org", i)}}, Phones: []record.Phone{{E164: fmt.Sprintf("+1%010d", i)}},
		})
		var text strings.Builder
		for range 250 {
			text.WriteString(word(8000))
			text.WriteByte(' ')
		}
		set.Add(&record.Document{Common: common("cv"), Subject: record.Subject{Handle: h}, DocumentKind: "cv", Sections: []record.Section{{Title: "work", Text: text.String()}}})
	}
	for i := range sessions {
		u := rng.IntN(staff)
		home := u - u%20/19
		addr := ip(home)
		if i%4 == 0 {
			addr = netip.AddrFrom4([4]byte{203, 0, 113, 1})
		}
		set.Sessions.Append(&record.Session{
			Common: record.Common{Ref: record.Ref{Source: "bench", File: "idp", Line: i}}, Account: fmt.Sprintf("user%d@corp.example", u),
			At: record.At(start.Add(time.Duration(rng.IntN(100*24*60)) * time.Minute)), IP: addr, SourceKind: "idp", Outcome: "success", ASN: 64496, DeviceKey: "S" + strconv.Itoa(u) + "X",
		})
	}
	set.Seal()
	return set
}

// size reads a size from the environment, for runs at full scale.
func size(key string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(key)); err == nil {
		return n
	}
	return def
}

func BenchmarkBuild(b *testing.B) {
	set := company(size("MUSTER_STAFF", 500), size("MUSTER_CANDIDATES", 2000), size("MUSTER_SESSIONS", 50000))
	st := &settings.Settings{}
	b.ReportAllocs()
	for b.Loop() {
		base := baseline.Learn(set, st, look{}, asOf)
		g := link.Build(set, base, st, asOf)
		b.ReportMetric(float64(len(g.Personas)), "personas")
		b.ReportMetric(float64(len(g.Edges)), "edges")
		b.ReportMetric(float64(len(g.Operators)), "operators")
	}
}
