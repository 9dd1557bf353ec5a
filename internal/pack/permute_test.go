package pack

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/link"
	"muster/internal/match"
	"muster/internal/record"
)

func testKey(n int) Key {
	k, err := ParseKey(fmt.Appendf(nil, "%s%064x", keyHead, n))
	if err != nil {
		panic(err)
	}
	return k
}

func TestPermuteIsOneToOne(t *testing.T) {
	for _, n := range []uint64{2, 3, 10, 49, 100, 1000, 4097} {
		seen := map[uint64]bool{}
		fixed := 0
		for x := range n {
			y := testKey(1).permute("test", x, n)
			if y >= n || seen[y] {
				t.Fatalf("permute(%d, %d) = %d: out of the range or taken", x, n, y)
			}
			seen[y] = true
			if x == y {
				fixed++
			}
		}
		if n >= 1000 && fixed > 12 {
			t.Errorf("%d of %d numbers stay where they are", fixed, n)
		}
	}
}

func TestShapeIsOneToOne(t *testing.T) {
	for _, form := range []string{"%03d", "a%02d", "x%03dz"} {
		seen := map[string]string{}
		for i := range 100 {
			s := fmt.Sprintf(form, i)
			u := testKey(2).shape("test", s)
			if old, taken := seen[u]; taken || len(u) != len(s) {
				t.Fatalf("shape(%q) = %q, as of %q", s, u, old)
			}
			seen[u] = s
		}
	}
}

func agree(a, b netip.Addr) int {
	x, y := a.AsSlice(), b.AsSlice()
	for i := range len(x) * 8 {
		if (x[i/8]^y[i/8])>>(7-i%8)&1 == 1 {
			return i
		}
	}
	return len(x) * 8
}

func kinds(a netip.Addr) string {
	return fmt.Sprint(a.IsPrivate(), a.IsLoopback(), a.IsMulticast(), a.IsUnspecified(), a.IsLinkLocalUnicast(), a.IsGlobalUnicast(), netip.MustParsePrefix("100.64.0.0/10").Contains(a))
}

func TestAddressKeepsPrefixes(t *testing.T) {
	k := testKey(3)
	rapid.Check(t, func(t *rapid.T) {
		four := rapid.Bool().Draw(t, "four")
		draw := func(name string) netip.Addr {
			if four {
				return netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, name)))
			}
			b := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, name))
			b[0] = 0x20 | b[0]&0x0f
			return netip.AddrFrom16(b)
		}
		a := draw("a")
		b := draw("b")
		if n := rapid.IntRange(0, a.BitLen()).Draw(t, "bits"); rapid.Bool().Draw(t, "near") { // mostly equal beginnings
			p, _ := a.Prefix(n)
			x, y := p.Addr().AsSlice(), b.AsSlice()
			for i := range n {
				y[i/8] = y[i/8]&^(0x80>>(i%8)) | x[i/8]&(0x80>>(i%8))
			}
			b, _ = netip.AddrFromSlice(y)
		}
		x, y := k.address(a), k.address(b)
		if agree(a, b) != agree(x, y) {
			t.Fatalf("%s and %s agree in %d bits, %s and %s in %d", a, b, agree(a, b), x, y, agree(x, y))
		}
		if kinds(a) != kinds(x) {
			t.Fatalf("%s became %s: another kind of address", a, x)
		}
		n := rapid.IntRange(8, a.BitLen()).Draw(t, "network")
		p, _ := a.Prefix(n)
		if p.Contains(b) != k.network(p).Contains(y) {
			t.Fatalf("%s in %s, %s in %s", b, p, y, k.network(p))
		}
	})
	moved := 0
	for i := range 256 {
		if a := netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}); k.address(a) != a {
			moved++
		}
	}
	if moved < 200 {
		t.Errorf("only %d of 256 hosts of a network changed", moved)
	}
}

func TestMACKeepsMaker(t *testing.T) {
	k := testKey(4)
	seen := map[string]bool{}
	for i := range 2000 {
		s := fmt.Sprintf("3C:22:fb:%02x:%02x:%02x", i>>16, i>>8&255, i&255)
		m := k.mac(s)
		if seen[m] || !strings.HasPrefix(m, "3c:22:fb:") || len(m) != len(s) {
			t.Fatalf("%s became %s", s, m)
		}
		seen[m] = true
	}
	for _, s := range []string{"00:00:5e:00:01:01", "ff:ff:ff:ff:ff:ff", "02:42:ac:11:00:02"} {
		if k.mac(s) != s {
			t.Errorf("%s is nobody's own and became %s", s, k.mac(s))
		}
	}
}

func TestSpellKeepsBeginnings(t *testing.T) {
	k := testKey(5)
	letters := rapid.StringMatching(`[a-z0-9]{1,9}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		if rapid.Bool().Draw(t, "longer") {
			b = a + b
		}
		x, y := k.spell(a), k.spell(b)
		if (a == b) != (x == y) || strings.HasPrefix(b, a) != strings.HasPrefix(y, x) || len(a) != len(x) {
			t.Fatalf("%q and %q became %q and %q", a, b, x, y)
		}
	})
}

// TestNamesRelateAsBefore compares relations of names with those of their tokens.
func TestNamesRelateAsBefore(t *testing.T) {
	p := newPacker(testKey(6), nil)
	names := []string{
		"Calix Undren", "Undren Calix", "C. Undren", "Cal Undren", "Calix M. Undren", "Calix Marten Undren", "Brint Osmere", "Brint Undren", "Calíx Ündren",
		"Søren Ødegård", "Soren Odegard", "O'Brintan Vell", "OBrintan Vell", "Alexander Vell", "Alex Vell", "Искра Велл", "Искра", "Calix", "",
	}
	for _, a := range names {
		for _, b := range names {
			if x, y := match.Names(a, b), match.Names(p.name(a), p.name(b)); x != y {
				t.Errorf("%q and %q relate as %d, %q and %q as %d", a, b, x, p.name(a), p.name(b), y)
			}
		}
	}
}

func TestAddressesCompareAsBefore(t *testing.T) {
	p := newPacker(testKey(7), nil)
	list := []record.Address{
		{Line1: "12 Elm Street", City: "Boise", Region: "ID", Postal: "83702", Country: "US"},
		{Line1: "12 Elm St.", Line2: "Apt 4", City: "Boise", Region: "ID", Postal: "83702-1234", Country: "US"},
		{Raw: "12 Elm Street, Apt 4, Boise, ID 83702"},
		{Raw: "14 Elm Street, Boise, ID 83702"},
		{Line1: "Musterstraße 5 a", City: "Leipzig", Postal: "04103", Country: "DE"},
		{Raw: "Musterstr. 5a, 04103 Leipzig"},
		{Line1: "Musterstraße 5", City: "Leipzig", Country: "DE"},
		{Raw: "Flat 3, 7 Birch Road, London SW1A 1AA"},
		{Line1: "7 Birch Rd", Line2: "Flat 3", City: "London", Postal: "SW1A1AA"},
		{City: "London"},
		{Country: "US"},
		{Raw: "remote"},
		{},
	}
	for _, a := range list {
		for _, b := range list {
			x, y := match.Address(a), match.Address(b)
			u, v := match.Address(p.postal(a)), match.Address(p.postal(b))
			if (x.Building == y.Building) != (u.Building == v.Building) || (x.Key() == y.Key()) != (u.Key() == v.Key()) || x.IsZero() != u.IsZero() || x.Label != u.Label || (x.Unit == "") != (u.Unit == "") {
				t.Errorf("%+v and %+v:\n%+v %+v\nbecame\n%+v %+v\nof %+v and %+v", a, b, x, y, u, v, p.postal(a), p.postal(b))
			}
			if a.IsZero() != p.postal(a).IsZero() {
				t.Errorf("%+v became %+v", a, p.postal(a))
			}
		}
	}
}

func TestBirthDates(t *testing.T) {
	p := newPacker(testKey(8), nil)
	seen := map[record.Date]bool{}
	for d := (record.Date{Year: 1990, Month: 1, Day: 1}).First(); d.Year() < 1993; d = d.AddDate(0, 0, 1) {
		in := record.Date{Year: d.Year(), Month: int(d.Month()), Day: d.Day()}
		out := p.birth(in)
		if again, err := record.ParseDate(out.String()); err != nil || again != out || seen[out] {
			t.Fatalf("%s became %s, which is no date or taken: %v", in, out, err)
		}
		seen[out] = true
		for _, part := range []record.Date{{Year: in.Year}, {Year: in.Year, Month: in.Month}} {
			if !p.birth(part).Compatible(out) {
				t.Fatalf("%s and %s became %s and %s", part, in, p.birth(part), out)
			}
		}
	}
}

func TestSerials(t *testing.T) {
	p := newPacker(testKey(9), nil)
	for _, s := range []string{"", "None", "To be filled by O.E.M.", "0000", "16843009", "0123456789ABCDEF", "C02XK1YZ", "5&2a3b4c", "abc", "SN-000-1", "0x01010101"} {
		x := p.device(s)
		if link.TellingSerial(s) != link.TellingSerial(x) || link.BlankSerial(s) != link.BlankSerial(x) {
			t.Errorf("%q became %q, which counts differently", s, x)
		}
		if link.TellingSerial(s) && strings.EqualFold(x, s) {
			t.Errorf("%q stands in the clear", s)
		}
	}
}

// TestTexts compares passages and likeness of texts with those of what replaces them.
func TestTexts(t *testing.T) {
	p := newPacker(testKey(10), nil)
	a := "Led a team of five – built the billing service in Go, and cut costs by 30 %. Later moved to the e-mail platform; ran on-call for it and wrote all of its tests."
	b := "Wrote docs. Led a team of five: built the billing service in Go, and cut costs by 12 %. Ran on-call for it and wrote all of its tests, twice."
	for _, n := range []int{2, 4, 5} {
		x := match.Jaccard(match.Shingles(a, n), match.Shingles(b, n))
		y := match.Jaccard(match.Shingles(p.veil(a, 2, 4, 5), n), match.Shingles(p.veil(b, 2, 4, 5), n))
		if x != y || x == 0 {
			t.Errorf("%d words: %v, veiled %v", n, x, y)
		}
	}
	open, veiled := match.Passages(a, b, 5), match.Passages(p.veil(a, 5), p.veil(b, 5), 5)
	if len(open) < 2 || len(open) != len(veiled) {
		t.Fatalf("%d passages, veiled %d", len(open), len(veiled))
	}
	for i := range open {
		if open[i].Words != veiled[i].Words || len(strings.Fields(open[i].A)) != len(strings.Fields(veiled[i].A)) || len(strings.Fields(open[i].B)) != len(strings.Fields(veiled[i].B)) {
			t.Errorf("passage %q became %q", open[i].A, veiled[i].A)
		}
	}
	if v := p.veil(a, 2, 5); strings.Contains(strings.ToLower(v), "billing") {
		t.Errorf("a word is readable in %q", v)
	}
}
