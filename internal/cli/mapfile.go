package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"muster/internal/record"
	"muster/internal/source/guide"
)

type mapCmd struct {
	File       string `arg:"" help:"A table or a JSON file."`
	inputFlags `embed:""`
	Record     string `placeholder:"KIND" help:"Map it to this kind of record. Default: the kind whose fields are covered best."`
	Out        string `placeholder:"DIR" help:"Write the mapping, its page and an invented sample into this folder of mappings."`
}

func (c *mapCmd) Run(e *env) error {
	_, src, err := c.sources(e, []string{c.File})
	if err != nil {
		return err
	}
	p, err := guide.Propose(e.ctx, c.File, record.Kind(c.Record), src)
	if p != nil {
		c.columns(e, p)
	}
	if err != nil {
		return withHint(exitError, err, "a mapping can be written by hand, see docs/mappings.md; --record takes one of %s", kindNames())
	}
	fmt.Fprintf(e.stdout, "\n%s\nThe first records it leads to:\n", p.YAML)
	for _, r := range p.Preview {
		line, err := record.Marshal(r)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stdout, "%s\n", line)
	}
	if len(p.Preview) == 0 {
		fmt.Fprintln(e.stdout, "none: confirm the fields that are required")
	}
	if c.Out == "" {
		return nil
	}
	if err := p.Write(e.ctx, c.Out); err != nil {
		return withHint(exitUsage, err, "name another folder, or rename the file")
	}
	fmt.Fprintf(e.stderr, "muster: wrote %s; confirm it, then run \"muster sources check %s --mappings %s\"\n", filepath.ToSlash(filepath.Join(c.Out, p.ID)), c.File, c.Out)
	return nil
}

// columns prints what each column is taken for.
func (c *mapCmd) columns(e *env, p *guide.Proposal) {
	if p.KnownAs != "" {
		fmt.Fprintf(e.stdout, "%s reads this file already.\n", p.KnownAs)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "COLUMN\tFILLED\tCAN STAND FOR\tLOOKS LIKE\t")
	for _, col := range p.Columns {
		looks, names := "", strings.Join(col.Names, ", ")
		if col.Pattern != "" {
			looks = fmt.Sprintf("%s %d %%", col.Pattern, col.Share)
		}
		if col.Denied {
			names = "never read"
		}
		fmt.Fprintf(w, "%s\t%d of %d\t%s\t%s\t\n", col.Name, col.Filled, p.Rows, names, looks)
	}
	_ = w.Flush() // an error of standard output shows with the next line
}

func kindNames() string {
	var names []string
	for _, k := range guide.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
