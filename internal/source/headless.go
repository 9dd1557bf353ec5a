package source

import (
	"regexp"
	"strings"

	"muster/internal/source/frame"
)

// layout is an export that comes without a header but with columns in a fixed
// order, some of which can hold nothing but certain values. Names are those that
// the vendor gives the columns; a row may end early, but not before min columns,
// and newer versions may add some behind, which stay without a name.
type layout struct {
	names []string
	min   int
	cells map[int]*regexp.Regexp // what a cell must look like
}

const addressOrNothing = `^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*|)$`

// layouts: Cisco Umbrella DNS logs, versions 1 to 5 (Umbrella documentation, "DNS
// Log Formats", 2025): a time, two addresses, one of four actions, the query type
// with its number, a response code.
var layouts = []layout{{
	names: []string{
		"Timestamp", "Most Granular Identity", "Identities", "Internal IP", "External IP", "Action", "Query Type", "Response Code", "Domain", "Categories",
		"Most Granular Identity Type", "Identity Types", "Blocked Categories", "Rule ID", "Destination Countries", "Organization ID",
	},
	min: 10,
	cells: map[int]*regexp.Regexp{
		0: regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$`),
		3: regexp.MustCompile(addressOrNothing),
		4: regexp.MustCompile(addressOrNothing),
		5: regexp.MustCompile(`^(?:Allowed|Blocked|Proxied|Selectively Proxied)$`),
		6: regexp.MustCompile(`^(?:[0-9]{1,5} \([A-Z0-9]+\)|Other)$`),
		7: regexp.MustCompile(`^[A-Z0-9]+$`),
	},
}}

// headlessRows is how many rows are compared with a layout.
const headlessRows = 200

// headless returns the names of the columns of a table without header, if all of
// its first rows have the layout of an export known to come so; else nil.
func headless(head []frame.Batch) []string {
	for i := range layouts {
		if width := layouts[i].width(head); width > 0 {
			return layouts[i].names[:min(width, len(layouts[i].names))]
		}
	}
	return nil
}

// width returns the number of columns of the rows, 0 if they do not fit.
func (l *layout) width(head []frame.Batch) int {
	most, seen := 0, 0
	for i := range head {
		for k := range head[i].Rows {
			cells := head[i].Rows[k].Cells
			if len(cells) < l.min || len(cells) > 2*len(l.names) {
				return 0
			}
			for col, want := range l.cells {
				if !want.MatchString(strings.TrimSpace(cells[col])) {
					return 0
				}
			}
			most = max(most, len(cells))
			if seen++; seen == headlessRows {
				return most
			}
		}
	}
	return most
}
