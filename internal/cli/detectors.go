package cli

import (
	"fmt"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"muster/internal/detect"
	"muster/internal/detect/all"
	"muster/internal/signal"
)

type detectorsCmd struct {
	ID string `arg:"" optional:"" help:"Print this detector's page."`
}

func (c *detectorsCmd) Run(e *env) error {
	if c.ID == "" {
		w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
		for _, d := range all.Detectors() {
			var ids []string
			for _, id := range d.Signals {
				ids = append(ids, string(id)+" "+string(signal.Get(id).Class))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", d.ID, strings.Join(ids, ", "), detect.ParsePage(d.Doc).Title)
		}
		return w.Flush()
	}
	for _, d := range all.Detectors() {
		if d.ID == c.ID {
			fmt.Fprint(e.stdout, d.Doc)
			return nil
		}
	}
	return withHint(exitUsage, fmt.Errorf("there is no detector %q", c.ID), "\"muster detectors\" lists them")
}

type versionCmd struct{}

func (versionCmd) Run(e *env) error {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	fmt.Fprintln(e.stdout, "muster", version)
	return nil
}
