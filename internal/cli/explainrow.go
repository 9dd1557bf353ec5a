package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"muster/internal/source"
)

type sourcesExplainCmd struct {
	Place      string `arg:"" name:"file:line" help:"The row: a file and the line it begins at, as \"sources check\" prints them."`
	inputFlags `embed:""`
	Format     string `enum:"table,json" default:"table" help:"What to print: ${enum}."`
}

func (c *sourcesExplainCmd) Run(e *env) error {
	path, member, line, err := splitPlace(c.Place)
	if err != nil {
		return err
	}
	_, src, err := c.sources(e, []string{path})
	if err != nil {
		return err
	}
	x, err := source.Explain(e.ctx, path, member, line, src)
	if err != nil {
		return withHint(exitUsage, fmt.Errorf("%s: %w", c.Place, err), "name the line a row begins at, as in roster.csv:2 or exports.zip!roster.csv:2")
	}
	if c.Format == "json" {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(x)
	}
	printExplanation(e.stdout, x)
	return nil
}

// splitPlace cuts "a.zip!b.csv:12" into the file on disk, the part of it and the line.
func splitPlace(place string) (path, member string, line int, err error) {
	at := strings.LastIndexByte(place, ':')
	if at > 0 {
		line, err = strconv.Atoi(place[at+1:])
	}
	if at <= 0 || err != nil || line < 1 {
		return "", "", 0, withHint(exitUsage, fmt.Errorf("%q names no line", place), "write it as FILE:LINE, for example roster.csv:2")
	}
	path = place[:at]
	if _, err := os.Stat(path); err != nil {
		if file, rest, ok := strings.Cut(path, "!"); ok {
			return file, "!" + rest, line, nil
		}
	}
	return path, "", line, nil
}

func printExplanation(w io.Writer, x *source.Explanation) {
	fmt.Fprintf(w, "%s:%d (%s, %s): %s\n", x.File, x.Line, x.Shape, x.Format, outcomeText(x))
	if x.Outcome == "code" {
		fmt.Fprintf(w, "The source %s reads this file as a whole and not by a mapping; \"muster sources list %s\" prints its page.\n", x.Source, x.Source)
		return
	}
	if x.Outcome == "withheld" {
		fmt.Fprintf(w, "\nRecognised by %s, and not looked at.\n", x.Source)
		return
	}
	if x.Source != "" {
		fmt.Fprintf(w, "\nRecognised by %s, score %d: %s\n", x.Source, x.Score, strings.Join(x.Tests, ", "))
	}
	if len(x.Others) > 0 {
		fmt.Fprintln(w, "\nOthers that came close:")
	}
	for _, o := range x.Others {
		fmt.Fprintf(w, "  %s, score %d: %s\n", o.Source, o.Score, contenderText(&o))
	}
	for _, r := range x.Records {
		printExplained(w, &r)
	}
	if len(x.Unread) > 0 {
		fmt.Fprintln(w, "\nIn the row, and read by no path:")
	}
	for _, k := range x.Unread {
		fmt.Fprintf(w, "  %s: %s\n", k.Name, k.Value)
	}
}

func outcomeText(x *source.Explanation) string {
	switch x.Outcome {
	case "quarantined":
		text := "quarantined, " + x.Reason
		if x.Field != "" {
			text += " in " + x.Field
		}
		if x.Excerpt != "" {
			text += ": " + x.Excerpt
		}
		return text
	case "mapped":
		n := 0
		for _, r := range x.Records {
			if r.Outcome == "emitted" {
				n++
			}
		}
		if n == 1 {
			return "mapped to 1 record"
		}
		return fmt.Sprintf("mapped to %d records", n)
	case "ignored":
		return "understood and left out on purpose"
	case "unmapped":
		return "recognised, but no block of the mapping covers it"
	case "withheld":
		return "withheld: " + source.WithheldWhy
	case "code":
		return "read by a source in code"
	}
	return "no mapping recognises it"
}

func contenderText(o *source.Contender) string {
	var parts []string
	if o.Fits {
		parts = append(parts, "fits too, but less specifically")
	}
	if len(o.Lacking) > 0 {
		parts = append(parts, "lacks "+strings.Join(o.Lacking, ", "))
	}
	if len(o.Excluding) > 0 {
		parts = append(parts, "must not have "+strings.Join(o.Excluding, ", "))
	}
	if len(o.Held) > 0 {
		parts = append(parts, "has "+strings.Join(o.Held, ", "))
	}
	return strings.Join(parts, "; ")
}

var recordOutcomes = map[string]string{
	"emitted": "emitted", "condition": "left out, its condition does not hold", "empty": "left out, no field has a value",
	"quarantined": "quarantines the row", "withdrawn": "withdrawn with the row",
}

func printExplained(w io.Writer, r *source.ExplainedRecord) {
	each := ""
	if r.Each != "" {
		each = " of an element of " + r.Each
	}
	fmt.Fprintf(w, "\n%s%s: %s\n", r.Kind, each, recordOutcomes[r.Outcome])
	if len(r.When) > 0 {
		fmt.Fprintf(w, "  when: %s\n", stepsText(r.When))
	}
	var none []string
	for _, f := range r.Fields {
		if tried, ok := nothingThere(&f); ok {
			none = append(none, f.Name+" ("+tried+")")
			continue
		}
		result := f.Result
		switch {
		case f.Reason != "":
			result = "quarantine, " + f.Reason
		case result == "":
			result = "(absent)"
		}
		fmt.Fprintf(w, "  %s = %s\n", f.Name, result)
		if len(f.Steps) > 0 {
			fmt.Fprintf(w, "    %s\n", stepsText(f.Steps))
		}
	}
	if len(none) > 0 {
		fmt.Fprintf(w, "  none of the paths is there: %s\n", strings.Join(none, ", "))
	}
}

// nothingThere returns the paths of a field of which the row has none.
func nothingThere(f *source.ExplainedField) (tried string, ok bool) {
	if f.Reason != "" || f.Result != "" || len(f.Steps) == 0 {
		return "", false
	}
	var paths []string
	for _, s := range f.Steps {
		if s.Found {
			return "", false
		}
		if s.Path != "" && !slices.Contains(paths, s.Path) {
			paths = append(paths, s.Path)
		}
	}
	return strings.Join(paths, ", "), true
}

// stepsText writes what was tried on one line: paths begin a part, transforms go on.
func stepsText(list []source.ExplainedStep) string {
	var b strings.Builder
	before := ""
	for i, s := range list {
		value := s.Value
		if s.Do != "" && before == "" && value == "" && s.Reason == "" {
			continue // nothing went in, nothing came out
		}
		before = value
		switch {
		case s.Reason != "" && s.Value == "":
			value = s.Reason
		case s.Reason != "":
			value += " (" + s.Reason + ")"
		case value == "":
			value = "(absent)"
		}
		switch {
		case s.Do != "":
			fmt.Fprintf(&b, " → %s: %s", s.Do, value)
			continue
		case i > 0:
			b.WriteString("; ")
		}
		if !s.Found {
			value = "not there"
		}
		path := s.Path
		if s.Column != "" && s.Column != s.Path && s.Column != strings.Trim(s.Path, `"`) {
			path += fmt.Sprintf(" (column %q)", s.Column)
		}
		fmt.Fprintf(&b, "%s: %s", path, value)
	}
	return b.String()
}
