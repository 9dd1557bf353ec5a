package table_test

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/linkage/table"
)

// TestForget: a dictionary that forgot goes on as if it had never known.
func TestForget(t *testing.T) {
	d, plain := table.NewDict(), table.NewDict()
	for round := range 40 {
		n := d.Len()
		for i := range 97 * round { // beyond several growths of the table
			d.Code(fmt.Sprint("query ", round, " ", i))
		}
		d.Code(strings.Repeat("long ", 60_000+round))
		d.Forget(n)
		for i := range 50 {
			s := fmt.Sprint("value ", round, " ", i)
			if a, b := d.Code(s), plain.Code(s); a != b {
				t.Fatalf("%s has the code %d, want %d", s, a, b)
			}
		}
	}
	for round := range 40 {
		if _, ok := d.Lookup(strings.Repeat("long ", 60_000+round)); ok {
			t.Error("a long value that was forgotten is found")
		}
		if _, ok := d.Lookup(fmt.Sprint("query ", round, " 0")); ok {
			t.Error("a value that was forgotten is found")
		}
		for i := range 50 {
			s := fmt.Sprint("value ", round, " ", i)
			if code, ok := d.Lookup(s); !ok || d.Value(code) != s {
				t.Errorf("%s is lost", s)
			}
		}
	}
}
