package cli

import (
	"encoding/json"
	"maps"
	"slices"

	"muster/internal/coverage"
	"muster/internal/detect"
	"muster/internal/detect/all"
	"muster/internal/record"
	"muster/internal/source"
)

type coverageCmd struct {
	Paths      []string `arg:"" name:"path" help:"Folders or files with exports."`
	inputFlags `embed:""`
	Format     string `enum:"table,json" default:"table" help:"What to print: ${enum}."`
	Limit      int    `default:"5" help:"Missing exports to print in full; 0 for all."`
}

func (c *coverageCmd) Run(e *env) error {
	opt, src, err := c.sources(e, c.Paths)
	if err != nil {
		return err
	}
	seen, err := coverage.NewSeen()
	if err != nil {
		return err
	}
	rep, err := c.read(e, c.Paths, src, func(r record.Record) error { seen.Add(r); return nil })
	if err != nil {
		return err
	}
	formats, filled, emitted := recognised(rep)
	detectors := all.Detectors()
	if opt.Settings.Marketplace() {
		detectors = detect.ForMarketplace(detectors)
	}
	out, err := coverage.Compute(coverage.Input{
		Seen: seen, Formats: formats, Filled: filled, Emitted: emitted, Fields: source.Needed, Detectors: detectors, Sources: exportSources(src), Settings: opt.Settings,
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

// recognised returns the sources that rows were mapped by, ascending, how many
// records have each field, and how many there are of each kind.
func recognised(rep *source.Report) (formats []string, filled map[string]int, emitted map[record.Kind]int) {
	ids := map[string]bool{}
	filled, emitted = map[string]int{}, map[record.Kind]int{}
	for _, f := range rep.Files {
		for _, x := range f.Formats {
			if x.Mapped > 0 {
				ids[x.Format] = true
			}
			for field, n := range x.Filled {
				filled[field] += n
			}
			for kind, n := range x.Emitted {
				emitted[kind] += n
			}
		}
	}
	return slices.Sorted(maps.Keys(ids)), filled, emitted
}
