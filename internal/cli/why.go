package cli

import (
	"encoding/json"
	"errors"
	"os"

	"muster/internal/report"
)

// pairFlags are shared by why and whynot.
type pairFlags struct {
	A          string `arg:"" help:"One persona: id, handle, e-mail or name."`
	B          string `arg:"" help:"The other."`
	Path       string `arg:"" optional:"" help:"Folder with exports; or use --from."`
	inputFlags `embed:""`
	From       string `placeholder:"SCAN.JSON|DIR" help:"A report written with scan --json, or a folder with exports."`
	Format     string `enum:"text,json" default:"text" help:"What to print: ${enum}."`
	Audience   string `enum:",security,recruiting,it,payroll,legal" default:"" help:"Leave out what this audience may not see."`
	Redact     bool   `help:"Leave out names, addresses and contact data."`
}

type whyCmd struct {
	pairFlags `embed:""`
}

type whynotCmd struct {
	pairFlags `embed:""`
}

func (c *whyCmd) Run(e *env) error {
	doc, err := c.document(e)
	if err != nil {
		return err
	}
	w, err := report.ExplainWhy(doc, c.A, c.B)
	if err != nil {
		return pairError(err)
	}
	if c.Format == "json" {
		return printJSON(e, w)
	}
	return report.WhyText(e.stdout, doc, w, report.TextOptions{Width: width(e.stdout), Color: colour(e.stdout)})
}

func (c *whynotCmd) Run(e *env) error {
	doc, err := c.document(e)
	if err != nil {
		return err
	}
	w, err := report.ExplainWhyNot(doc, c.A, c.B)
	if err != nil {
		return pairError(err)
	}
	if c.Format == "json" {
		return printJSON(e, w)
	}
	return report.WhyNotText(e.stdout, doc, w, report.TextOptions{Width: width(e.stdout), Color: colour(e.stdout)})
}

// document reads the report, or scans the folder.
func (c *pairFlags) document(e *env) (*report.Document, error) {
	from := c.From
	if from == "" {
		from = c.Path
	}
	if from == "" {
		return nil, withHint(exitUsage, errors.New("nothing to look in"), "name a folder with exports, or --from scan.json")
	}
	st, err := os.Stat(from)
	if err != nil {
		return nil, withHint(exitUsage, err, "name a folder with exports, or a file written with scan --json")
	}
	var doc *report.Document
	if st.Mode().IsRegular() && (c.From != "" || isReport(from)) {
		if doc, err = loadDocument(from); err != nil {
			return nil, err
		}
		if doc.Edges == nil {
			return nil, withHint(exitUsage, errors.New(from+": written by an earlier version, without what personas share"), "scan again, or name the folder with the exports")
		}
	} else {
		opt, err := c.options(e, []string{from})
		if err != nil {
			return nil, err
		}
		res, err := run(e, opt)
		if err != nil {
			return nil, err
		}
		doc = document(res)
	}
	if c.Audience != "" {
		doc = report.ForAudience(doc, c.Audience)
	}
	if c.Redact {
		doc = report.Redact(doc)
	}
	return doc, nil
}

// pairError adds what to do.
func pairError(err error) error {
	if many := (*report.AmbiguousError)(nil); errors.As(err, &many) {
		return withHint(exitUsage, err, "name one of them by its id")
	}
	return withHint(exitUsage, err, "\"muster scan\" lists personas with their ids; a handle or e-mail works too")
}

func printJSON(e *env, v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
