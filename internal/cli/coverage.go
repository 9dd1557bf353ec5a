package cli

import (
	"encoding/json"
	"maps"
	"slices"

	"muster/internal/coverage"
	"muster/internal/detect/all"
	"muster/internal/record"
	"muster/internal/scan"
	"muster/internal/source"
)

type coverageCmd struct {
	Paths      []string `arg:"" name:"path" help:"Folders or files with exports."`
	inputFlags `embed:""`
	Format     string `enum:"table,json" default:"table" help:"What to print: ${enum}."`
	Limit      int    `default:"5" help:"Missing exports to print in full; 0 for all."`
}

func (c *coverageCmd) Run(e *env) error {
	opt, err := c.options(e, c.Paths)
	if err != nil {
		return err
	}
	p := newProgress(e)
	opt.Progress = p.step
	srcOpt, err := scan.SourceOptions(opt)
	if err != nil {
		return withHint(exitUsage, err, "docs/mappings.md describes the language")
	}
	seen, err := coverage.NewSeen()
	if err != nil {
		return err
	}
	rep, err := source.Read(e.ctx, c.Paths, srcOpt, func(r record.Record) error { seen.Add(r); return nil })
	p.done()
	if err != nil {
		return err
	}
	formats, filled := recognised(rep)
	out, err := coverage.Compute(coverage.Input{
		Seen: seen, Formats: formats, Filled: filled, Fields: source.Needed, Detectors: all.Detectors(), Sources: exportSources(srcOpt), Settings: opt.Settings,
	})
	if err != nil {
		return err
	}
	warn(e, rep)
	if c.Format == "json" {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(out)
	}
	return coverage.Text(e.stdout, out, width(e.stdout), c.Limit)
}

// exportSources lists what can be read and how to export it.
func exportSources(opt source.Options) []coverage.Source {
	var out []coverage.Source
	for _, m := range opt.Mappings {
		out = append(out, coverage.Source{ID: m.ID, System: m.System, Title: m.Title, Path: exportStep(m.Doc), Kinds: m.Kinds()})
	}
	for _, s := range opt.Codes {
		out = append(out, coverage.Source{ID: s.ID, System: s.System, Title: s.Title, Path: exportStep(s.Doc)})
	}
	return out
}

// recognised returns the sources that rows were mapped by, ascending, and how many
// records have each field.
func recognised(rep *source.Report) (formats []string, filled map[string]int) {
	ids := map[string]bool{}
	filled = map[string]int{}
	for _, f := range rep.Files {
		for _, x := range f.Formats {
			if x.Mapped > 0 {
				ids[x.Format] = true
			}
			for field, n := range x.Filled {
				filled[field] += n
			}
		}
	}
	return slices.Sorted(maps.Keys(ids)), filled
}
