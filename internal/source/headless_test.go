package source

import (
	"strings"
	"testing"

	"muster/internal/source/frame"
)

func TestHeadless(t *testing.T) {
	good := `2026-03-02 08:01:10|kim|kim|192.0.2.4|203.0.113.7|Allowed|1 (A)|NOERROR|a.example.|x`
	for _, tt := range []struct {
		name  string
		rows  []string
		width int
	}{
		{"ten columns", []string{good}, 10},
		{"sixteen", []string{good + "|AD Users|AD Users||1|FR|2"}, 16},
		{"rows of two versions", []string{good, good + "|AD Users|AD Users|"}, 13},
		{"an address of the new kind, and none", []string{strings.Replace(strings.Replace(good, "192.0.2.4", "2001:db8::4", 1), "203.0.113.7", "", 1)}, 10},
		{"nine columns", []string{strings.TrimSuffix(good, "|x")}, 0},
		{"columns of a newer version", []string{good + "|1|2|3|4|5|6|7"}, 16},
		{"far too many", []string{good + strings.Repeat("|x", 40)}, 0},
		{"one row does not fit", []string{good, strings.Replace(good, "Allowed", "yes", 1)}, 0},
		{"a time of another form", []string{strings.Replace(good, "2026-03-02 08:01:10", "02/03/2026 08:01", 1)}, 0},
		{"columns in another order", []string{strings.Replace(good, "1 (A)|NOERROR", "NOERROR|1 (A)", 1)}, 0},
		{"nothing", nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b frame.Batch
			for _, r := range tt.rows {
				b.Rows = append(b.Rows, frame.Row{Cells: strings.Split(r, "|")})
			}
			if got := headless([]frame.Batch{b}); len(got) != tt.width {
				t.Errorf("%d columns, want %d", len(got), tt.width)
			}
		})
	}
}
