package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/source"
)

// printFilled prints how many of a format's records have each field that detectors read.
func printFilled(out io.Writer, rows []checked) {
	type sum struct{ filled, emitted map[string]int }
	byFormat := map[string]*sum{}
	for _, r := range rows {
		if r.Format == "" {
			continue
		}
		s := byFormat[r.Format]
		if s == nil {
			s = &sum{map[string]int{}, map[string]int{}}
			byFormat[r.Format] = s
		}
		for k, n := range r.Filled {
			s.filled[k] += n
		}
		for k, n := range r.Emitted {
			s.emitted[k] += n
		}
	}
	if len(byFormat) == 0 {
		return
	}
	fmt.Fprintln(out, "\nFields that detectors read: records that have them, of those in brackets behind the kind.")
	for _, id := range slices.Sorted(maps.Keys(byFormat)) {
		s := byFormat[id]
		for _, kind := range slices.Sorted(maps.Keys(s.emitted)) {
			var parts []string
			for _, field := range source.Needed(record.Kind(kind)) {
				parts = append(parts, fmt.Sprintf("%s %d (%d %%)", field, s.filled[kind+"."+field], 100*s.filled[kind+"."+field]/max(s.emitted[kind], 1)))
			}
			fmt.Fprintf(out, "  %s → %s (%d): %s\n", id, kind, s.emitted[kind], strings.Join(parts, ", "))
		}
	}
}

// printDrift prints where exports are not what their mapping expects.
func printDrift(out io.Writer, drift []source.Drift) {
	for _, d := range drift {
		fmt.Fprintf(out, "\n%s, %s (%d records): not what the mapping expects.\n", d.Folder, d.Format, d.Records)
		for _, n := range d.Never {
			fmt.Fprintf(out, "  never filled: %s\n", neverText(n))
		}
		for _, u := range d.Unread {
			fmt.Fprintf(out, "  not read: %s\n", unreadText(u))
		}
	}
	if len(drift) > 0 {
		fmt.Fprintln(out, "  If the export names a column otherwise now, rename it, or copy the mapping to a folder, change the path and pass --mappings DIR.")
	}
}

func neverText(n source.NeverFed) string {
	what := "no " + strings.Join(n.Paths, ", ") + " in"
	if n.Empty {
		what = strings.Join(n.Paths, ", ") + " without a value in"
	}
	text := fmt.Sprintf("%s.%s, %s any of %d records", n.Kind, n.Field, what, n.Records)
	if n.Usual {
		text += "; every export of this vendor has it"
	}
	if n.File != "" {
		text += " of " + n.File + ", which other files here have"
	}
	return text
}

func unreadText(u source.UnreadLike) string {
	text := fmt.Sprintf("%q (%s, in %d of %d rows looked at) could fill %s", u.Key, u.File, u.Filled, u.Rows, u.Field)
	if u.Path != "" {
		text += ", looked for at " + u.Path
	}
	return text
}

// warnDrift says on standard error, in one line, that exports may have changed.
func warnDrift(e *env, drift []source.Drift) {
	var parts []string
	for _, d := range drift {
		var fields []string
		for _, n := range d.Never {
			fields = append(fields, string(n.Kind)+"."+n.Field)
		}
		for _, u := range d.Unread {
			fields = append(fields, u.Field+" (perhaps "+u.Key+")")
		}
		slices.Sort(fields)
		parts = append(parts, d.Format+" lacks "+strings.Join(shorten(slices.Compact(fields), 3), ", "))
	}
	if len(parts) > 0 {
		fmt.Fprintf(e.stderr, "muster: warning: fields that detectors read are never filled: %s; \"muster sources check\" says what was looked for\n", strings.Join(shorten(parts, 3), "; "))
	}
}

func shorten(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(list[:n:n], fmt.Sprintf("%d more", len(list)-n))
}
