package record

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawSessions draws sessions from few values, so that many share accounts,
// addresses and times, and some are the same event read twice.
func drawSessions(t *rapid.T) []*Session {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
	list := make([]*Session, rapid.IntRange(0, 40).Draw(t, "sessions"))
	for i := range list {
		s := &Session{
			Common:  Common{Ref: Ref{Source: "okta.system_log", File: pick("file", "a.json", "b.json"), Line: i + 1, Offset: int64(i) * 100}},
			Account: pick("account", "kim@example.com", "lee@example.com", ""),
			At:      NewTime(time.Unix(int64(rapid.IntRange(0, 3).Draw(t, "at")), 0).UTC(), PrecisionSecond, rapid.Bool().Draw(t, "offset known")),
			IP:      netip.MustParseAddr(pick("ip", "192.0.2.1", "192.0.2.2", "2001:db8::1")),
			Outcome: pick("outcome", "success", "failure"), SourceKind: pick("kind", "idp", "vpn"),
			UserAgent: pick("agent", "x", "y"), ASN: int64(rapid.IntRange(0, 1).Draw(t, "asn")),
		}
		s.Geo = Place{Country: "US"}
		if rapid.Bool().Draw(t, "point") {
			s.Geo.Lat, s.Geo.Lon = new(0.0), new(0.0)
		}
		list[i] = s
	}
	return list
}

func sealedTable(list []*Session) *SessionTable {
	var table SessionTable
	for _, s := range list {
		table.Append(s)
	}
	table.Seal()
	return &table
}

// rowsOf returns the rows without file, line and offset.
func rowsOf(t *SessionTable) []Session {
	rows := make([]Session, t.Len())
	for i := range rows {
		rows[i] = t.At(i)
		rows[i].Ref = Ref{Source: rows[i].Ref.Source}
	}
	return rows
}

func TestSessionTableShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawSessions(t)
		want := sealedTable(list)
		shuffled := rapid.Permutation(list).Draw(t, "order")
		have := sealedTable(shuffled)
		if !reflect.DeepEqual(rowsOf(have), rowsOf(want)) || !slices.Equal(have.Accounts(), want.Accounts()) {
			t.Fatalf("another order of rows changed the table\nhave %v\nwant %v", rowsOf(have), rowsOf(want))
		}
		if !reflect.DeepEqual(addresses(have), addresses(want)) {
			t.Fatalf("another order of rows changed the index by address")
		}
	})
}

func addresses(t *SessionTable) map[netip.Addr][]uint32 {
	return maps.Collect(t.ByIP())
}

func TestSessionTableIndexes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := sealedTable(drawSessions(t))
		seen := 0
		last := netip.Addr{}
		for ip, rows := range table.ByIP() {
			if last.IsValid() && ip.Compare(last) <= 0 {
				t.Fatalf("%v after %v", ip, last)
			}
			last = ip
			for i, row := range rows {
				if table.IPOf(int(row)) != ip || i > 0 && table.TimeOf(int(row)).Before(table.TimeOf(int(rows[i-1]))) {
					t.Fatalf("row %d is not of %v or out of order", row, ip)
				}
			}
			seen += len(rows)
		}
		if seen != table.Len() {
			t.Fatalf("%d of %d rows are in the index by address", seen, table.Len())
		}
		seen = 0
		for _, account := range table.Accounts() {
			lo, hi := table.Rows(account)
			for i := lo; i < hi; i++ {
				if table.AccountOf(i) != account || i > lo && table.TimeOf(i).Before(table.TimeOf(i-1)) {
					t.Fatalf("row %d is not of %q or out of order", i, account)
				}
			}
			seen += hi - lo
		}
		if seen != table.Len() {
			t.Fatalf("%d of %d rows belong to an account", seen, table.Len())
		}
	})
}

func TestSessionTableKeepsColumns(t *testing.T) {
	yes := true
	s := &Session{
		Common:  Common{Ref: Ref{Source: "s", File: "f", Line: 7, Offset: 99}},
		Account: "kim@example.com", At: At(time.UnixMilli(1_700_000_000_123).UTC()), SourceKind: "vpn", Outcome: "failure",
		IP: netip.MustParseAddr("192.0.2.7"), ASN: 64500, ASOrg: "o", ISP: "i", Geo: Place{Country: "DE", Region: "r", City: "c", Lat: new(1.0), Lon: new(2.0), Src: "vendor"},
		Anonymiser: "vpn", DeviceKey: "d", DeviceFP: "fp", UserAgent: "ua", OS: "os", Browser: "b", ManagedDevice: &yes, MFAFactor: "push",
		MFADeviceIP: netip.MustParseAddr("192.0.2.8"), App: "app", ClientMachine: "pc", EventType: "e",
	}
	have := sealedTable([]*Session{s}).At(0)
	if have.At.Time() != s.At.Time() {
		t.Errorf("at %v, want %v", have.At.Time(), s.At.Time())
	}
	have.At, have.ObservedAt = s.At, Time{}
	if !reflect.DeepEqual(have, *s) {
		t.Errorf("\nhave %+v\nwant %+v", have, *s)
	}
}

func TestSessionTableDropsRepeatedRows(t *testing.T) {
	row := func(file string, line int, agent string) *Session {
		return &Session{Common: Common{Ref: Ref{Source: "s", File: file, Line: line}}, Account: "kim@example.com", At: At(time.Unix(1, 0).UTC()), UserAgent: agent}
	}
	table := sealedTable([]*Session{row("b", 1, "x"), row("a", 9, "x"), row("a", 3, "x"), row("a", 4, "y")})
	if table.Len() != 2 {
		t.Fatalf("%d rows, want 2", table.Len())
	}
	if ref := table.RefOf(0); ref.File != "a" || ref.Line != 3 {
		t.Errorf("kept %v of the repeated rows, want the first one of file a", ref)
	}
}

// fillTable makes a table shaped like a year of sign-ins: many rows, few clients.
func fillTable(rows int) *SessionTable {
	rng := rand.New(rand.NewPCG(1, 2))
	var table SessionTable
	for i := range rows {
		account := rng.IntN(max(rows/200, 1))
		table.Append(&Session{
			Common:  Common{Ref: Ref{Source: "okta.system_log", File: "okta.ndjson", Line: i + 1, Offset: int64(i) * 1500}},
			Account: fmt.Sprintf("user%d@example.com", account), At: At(time.Unix(1_700_000_000+rng.Int64N(30e6), 0).UTC()),
			IP:        netip.AddrFrom4([4]byte{198, 51, byte(account >> 8), byte(account + rng.IntN(3))}),
			UserAgent: fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64) agent %d", account%50), Outcome: "success", SourceKind: "idp", ASN: int64(64500 + account%20),
		})
	}
	return &table
}

// maxRowBytes is the budget of a row with its share of indexes and dictionaries.
const maxRowBytes = 60

func TestSessionTableMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("allocates a table of a million rows")
	}
	perRow := tableBytes(1_000_000)
	t.Logf("%.1f bytes a row", perRow)
	if perRow > maxRowBytes {
		t.Errorf("%.1f bytes a row, budget %d", perRow, maxRowBytes)
	}
}

func tableBytes(rows int) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	table := fillTable(rows)
	table.Seal()
	runtime.GC()
	runtime.ReadMemStats(&after)
	defer runtime.KeepAlive(table)
	return float64(after.HeapAlloc-before.HeapAlloc) / float64(rows)
}

func BenchmarkSessionTableSeal(b *testing.B) {
	const rows = 1_000_000
	for b.Loop() {
		b.StopTimer()
		table := fillTable(rows)
		b.StartTimer()
		table.Seal()
	}
	b.StopTimer()
	b.ReportMetric(tableBytes(rows), "bytes/row")
}
