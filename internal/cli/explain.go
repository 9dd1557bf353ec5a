package cli

import (
	"os"

	"muster/internal/report"
)

type explainCmd struct {
	Persona    string `arg:"" help:"Persona: id, handle, e-mail or name."`
	Path       string `arg:"" optional:"" help:"Folder with exports; or use --from."`
	inputFlags `embed:""`
	From       string `placeholder:"SCAN.JSON" help:"A report written with scan --json."`
	Audience   string `enum:",security,recruiting,it,payroll,legal" default:"" help:"Leave out what this audience may not see."`
	Redact     bool   `help:"Leave out names, addresses and contact data."`
}

func (c *explainCmd) Run(e *env) error {
	from := c.From
	if from == "" && c.Path != "" {
		if st, err := os.Stat(c.Path); err == nil && st.Mode().IsRegular() && isReport(c.Path) {
			from = c.Path
		}
	}
	var doc *report.Document
	switch {
	case from != "":
		var err error
		if doc, err = loadDocument(from); err != nil {
			return err
		}
	case c.Path != "":
		opt, err := c.options(e, []string{c.Path})
		if err != nil {
			return err
		}
		res, err := run(e, opt)
		if err != nil {
			return err
		}
		doc = document(res)
	default:
		return withHint(exitUsage, os.ErrNotExist, "name a folder with exports, or --from scan.json")
	}
	if c.Audience != "" {
		doc = report.ForAudience(doc, c.Audience)
	}
	if c.Redact {
		doc = report.Redact(doc)
	}
	if err := report.Explain(e.stdout, doc, c.Persona); err != nil {
		return withHint(exitUsage, err, "\"muster scan\" lists personas with their ids; a handle or e-mail works too")
	}
	return nil
}

// isReport tells a report written with scan --json from an export.
func isReport(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = report.Load(f)
	return err == nil
}
