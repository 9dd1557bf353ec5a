package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"muster/internal/record"
	"muster/internal/source"
	sources "muster/internal/source/all"
)

type sourcesCmd struct {
	List    sourcesListCmd    `cmd:"" help:"List the exports Muster reads, or print how to get one."`
	Check   sourcesCheckCmd   `cmd:"" help:"Say what Muster makes of your files, row for row."`
	Explain sourcesExplainCmd `cmd:"" help:"Say path by path what happened to one row: FILE:LINE."`
}

type sourcesListCmd struct {
	ID       string `arg:"" optional:"" help:"Print this source's page: how to export it, what is read."`
	Mappings string `placeholder:"DIR" help:"Folder with your own mappings."`
}

// listed is a source as the list shows it.
type listed struct{ id, system, title, doc string }

func (c *sourcesListCmd) Run(e *env) error {
	mappings, codes, err := sources.Load(c.Mappings)
	if err != nil {
		return withHint(exitUsage, err, "docs/mappings.md describes the language")
	}
	var list []listed
	for _, m := range mappings {
		list = append(list, listed{m.ID, m.System, m.Title, m.Doc})
	}
	for _, s := range codes {
		list = append(list, listed{s.ID, s.System, s.Title, s.Doc})
	}
	slices.SortFunc(list, func(a, b listed) int {
		return strings.Compare(a.system+"\x00"+a.id, b.system+"\x00"+b.id)
	})
	if c.ID != "" {
		for _, s := range list {
			if s.id == c.ID {
				fmt.Fprintln(e.stdout, strings.TrimSpace(s.doc))
				return nil
			}
		}
		return withHint(exitUsage, fmt.Errorf("there is no source %q", c.ID), "\"muster sources list\" lists them")
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SYSTEM\tSOURCE\tTITLE\tHOW TO EXPORT IT")
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.system, s.id, s.title, clickPath(s.doc))
	}
	return w.Flush()
}

// clickPath is the first step of exporting a source, cut to fit a table.
func clickPath(doc string) string {
	line := exportStep(doc)
	if r := []rune(line); len(r) > 110 {
		line = string(r[:109]) + "…"
	}
	return line
}

// exportStep is the first line of the section of a source's page on exporting it.
func exportStep(doc string) string {
	_, after, ok := strings.Cut(strings.ToLower(doc), "## how to export")
	if !ok {
		return ""
	}
	section := doc[len(doc)-len(after):]
	_, section, _ = strings.Cut(section, "\n")
	for line := range strings.Lines(section) {
		line = strings.TrimLeft(strings.TrimSpace(line), "-*0123456789. ")
		if strings.HasPrefix(line, "#") {
			break
		}
		if line != "" {
			return line
		}
	}
	return ""
}

type sourcesCheckCmd struct {
	Paths      []string `arg:"" name:"path" help:"Folders or files with exports."`
	inputFlags `embed:""`
	Format     string `enum:"table,json" default:"table" help:"What to print: ${enum}."`
	Rows       int    `default:"20" help:"Quarantined rows to print; 0 for all."`
}

// checked is one row of sources check, one per file and format.
type checked struct {
	Path         string         `json:"path"`
	Format       string         `json:"format,omitempty"`
	Records      int            `json:"records"`
	Mapped       int            `json:"mapped"`
	Ignored      int            `json:"ignored"`
	Unmapped     int            `json:"unmapped"`
	Withheld     int            `json:"withheld,omitempty"` // not read: an approval is missing
	Quarantined  int            `json:"quarantined"`
	Reasons      map[string]int `json:"reasons,omitempty"`
	Filled       map[string]int `json:"filled,omitempty"`
	Emitted      map[string]int `json:"emitted,omitempty"`
	Unidentified bool           `json:"unidentified,omitempty"`
	Why          string         `json:"why,omitempty"`
	First        record.Time    `json:"first,omitzero"`
	Last         record.Time    `json:"last,omitzero"`
}

func (c *sourcesCheckCmd) Run(e *env) error {
	_, src, err := c.sources(e, c.Paths)
	if err != nil {
		return err
	}
	rep, err := c.read(e, c.Paths, src, func(record.Record) error { return nil })
	if err != nil {
		return err
	}
	rows := checkRows(rep)
	if c.Format == "json" {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			Files      []checked            `json:"files"`
			Fields     []source.FieldShare  `json:"fields"`
			Drift      []source.Drift       `json:"drift"`
			Quarantine []source.Quarantined `json:"quarantine"`
		}{rows, rep.Fields(), rep.Drift, rep.Quarantine})
	}
	return c.table(e.stdout, rows, rep)
}

func checkRows(rep *source.Report) []checked {
	rows := []checked{}
	for _, f := range rep.Files {
		if len(f.Formats) == 0 {
			rows = append(rows, checked{Path: f.Path, Records: f.Rows, Quarantined: f.QuarantinedRows, Unidentified: f.Unidentified || f.Refused, Why: f.Why})
		}
		for _, x := range f.Formats {
			emitted := map[string]int{}
			for k, n := range x.Emitted {
				emitted[string(k)] = n
			}
			rows = append(rows, checked{
				Path: f.Path, Format: x.Format, Records: x.Records, Mapped: x.Mapped, Ignored: x.Ignored, Unmapped: x.Unmapped, Withheld: x.Withheld,
				Quarantined: x.Quarantined, Reasons: x.Reasons, Filled: x.Filled, Emitted: emitted, Unidentified: f.Unidentified || f.Refused, Why: f.Why, First: f.First, Last: f.Last,
			})
		}
	}
	return rows
}

func (c *sourcesCheckCmd) table(out io.Writer, rows []checked, rep *source.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FILE\tFORMAT\tRECORDS\tMAPPED\tIGNORED\tUNMAPPED\tQUARANTINED\tFROM\tTO\t")
	for _, r := range rows {
		format := r.Format
		if format == "" {
			format = "unidentified: " + r.Why
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t\n", r.Path, format, r.Records, r.Mapped, r.Ignored, r.Unmapped, r.Quarantined, day(r.First), day(r.Last))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Withheld > 0 {
			fmt.Fprintf(out, "\n%s: %d rows %s.\n", r.Path, r.Withheld, r.Why)
		}
	}
	printFilled(out, rows)
	printDrift(out, rep.Drift)
	quarantine := rep.Quarantine
	if len(quarantine) == 0 {
		return nil
	}
	shown := quarantine
	if c.Rows > 0 && len(shown) > c.Rows {
		shown = shown[:c.Rows]
	}
	fmt.Fprintf(out, "\nQuarantined rows (%d of %d):\n", len(shown), len(quarantine))
	w = tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, q := range shown {
		fmt.Fprintf(w, "%s:%d\t%s\t%s\t%s\t%s\n", q.File, q.Line, q.Reason, q.Mapping, q.Field, q.Excerpt)
	}
	return w.Flush()
}

func day(t record.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Time().Format(time.DateOnly)
}

type convertCmd struct {
	Paths      []string `arg:"" name:"path" help:"Folders or files with exports."`
	inputFlags `embed:""`
}

func (c *convertCmd) Run(e *env) error {
	_, src, err := c.sources(e, c.Paths)
	if err != nil {
		return err
	}
	w := record.NewWriter(e.stdout)
	rep, err := c.read(e, c.Paths, src, w.Write)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return err
	}
	warn(e, rep)
	return nil
}

// warn says on standard error what was not read.
func warn(e *env, rep *source.Report) {
	for _, f := range rep.Files {
		if f.Unidentified || f.Refused {
			fmt.Fprintf(e.stderr, "muster: warning: %s: not read: %s\n", f.Path, f.Why)
		}
	}
	if n := len(rep.Quarantine); n > 0 {
		fmt.Fprintf(e.stderr, "muster: warning: %d rows quarantined; \"muster sources check\" lists them\n", n)
	}
	warnDrift(e, rep.Drift)
}
