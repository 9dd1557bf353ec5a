package similar

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestKnown holds values printed in Winkler (1990) and in DuckDB's documentation.
func TestKnown(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		jaro, jw float64
	}{
		{"MARTHA", "MARHTA", 0.944, 0.961},
		{"DWAYNE", "DUANE", 0.822, 0.840},
		{"DIXON", "DICKSONX", 0.767, 0.813},
		{"JONES", "JOHNSON", 0.790, 0.832},
		{"duck", "duckdb", 0.889, 0.933},
		{"a", "a", 1, 1},
		{"ab", "cd", 0, 0},
		{"", "x", 0, 0},
		{"müller", "muller", 0.889, 0.9},
	} {
		if j := Jaro(c.a, c.b); math.Abs(j-c.jaro) > 0.0006 {
			t.Errorf("Jaro(%s, %s) = %.4f, want %.3f", c.a, c.b, j, c.jaro)
		}
		if j := JaroWinkler(c.a, c.b); math.Abs(j-c.jw) > 0.0006 {
			t.Errorf("JaroWinkler(%s, %s) = %.4f, want %.3f", c.a, c.b, j, c.jw)
		}
	}
}

func TestDistances(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		lev, osa int
	}{
		{"kitten", "sitting", 3, 3}, {"ca", "ac", 2, 1}, {"ca", "abc", 3, 3}, {"1971-06-24", "1971-05-24", 1, 1}, {"", "abc", 3, 3}, {"über", "uber", 1, 1},
	} {
		if d := Levenshtein(c.a, c.b, 9); d != c.lev {
			t.Errorf("Levenshtein(%s, %s) = %d, want %d", c.a, c.b, d, c.lev)
		}
		if d := OSA(c.a, c.b, 9); d != c.osa {
			t.Errorf("OSA(%s, %s) = %d, want %d", c.a, c.b, d, c.osa)
		}
		if d := Levenshtein(c.a, c.b, 1); d != min(c.lev, 2) {
			t.Errorf("Levenshtein(%s, %s) of at most 1 = %d", c.a, c.b, d)
		}
	}
}

// TestLaws: both ways of Jaro agree, the bound holds, all are symmetric.
func TestLaws(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abcdeéè")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if a != "" && b != "" && a != b {
			if x, y := Jaro(a, b), jaroRunes([]rune(a), []rune(b)); x != y {
				t.Fatalf("Jaro %v by bytes, %v by runes", x, y)
			}
		}
		if j, m := JaroWinkler(a, b), Bound(a, b, Mask(a), Mask(b)); j > m+1e-12 {
			t.Fatalf("JaroWinkler %v above its bound %v", j, m)
		}
		if Levenshtein(a, b, 20) != Levenshtein(b, a, 20) || OSA(a, b, 20) != OSA(b, a, 20) {
			t.Fatal("a distance depends on the order")
		}
		if d := rows([]rune(a), []rune(b), 99, true); OSA(a, b, 99) != d || OSA(a, b, 1) != min(d, 2) {
			t.Fatalf("OSA %d, of at most 1 %d; by runes %d", OSA(a, b, 99), OSA(a, b, 1), d)
		}
		var p Pattern
		x, y := InfoOf(a), InfoOf(b)
		p.Set("something else before", InfoOf("something else before"))
		p.Set(a, x)
		if got, want := p.JaroWinkler(b, &y, 0), JaroWinkler(a, b); got != want {
			t.Fatalf("JaroWinkler %v by pattern, want %v", got, want)
		}
		floor := JaroWinkler(a, b)
		if !NewFloor(floor-1e-12).Reached(&x, &y) || p.JaroWinkler(b, &y, floor-1e-12) != floor {
			t.Fatalf("JaroWinkler %v is said not to reach itself", floor)
		}
		if most := 3; Levenshtein(a, b, most) != min(Levenshtein(a, b, 99), most+1) {
			t.Fatal("a limit changes a distance below it")
		}
	})
}
