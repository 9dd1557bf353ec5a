package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"muster/internal/pull"
)

type pullCmd struct {
	Run  pullRunCmd  `cmd:"" default:"withargs" help:"Fetch what the folder's pull.yaml names."`
	Init pullInitCmd `cmd:"" help:"Print a piece of pull.yaml for a vendor: scopes to grant, where to click."`
}

type pullInitCmd struct {
	Vendor string `arg:"" help:"okta, entra, google, greenhouse, ashby, github, slack, zoom, fleet, jamf, intune."`
}

// Run prints a piece of a plan.
func (c *pullInitCmd) Run(e *env) error {
	v := pull.Find(c.Vendor)
	if v == nil {
		var ids []string
		for _, v := range pull.Vendors() {
			ids = append(ids, v.ID)
		}
		return withHint(exitUsage, fmt.Errorf("there is no vendor %q to pull from", c.Vendor), "one of %s; other systems are exported by hand, see \"muster sources list\"", strings.Join(ids, ", "))
	}
	fmt.Fprint(e.stdout, pull.Guide(v))
	return nil
}

type pullRunCmd struct {
	Dir    string   `arg:"" help:"Folder with pull.yaml; the rows go into a folder per account below it."`
	Only   []string `placeholder:"NAME" help:"Only these accounts or vendors."`
	DryRun bool     `help:"Print what would be asked for, and ask nothing."`
}

// Run pulls. One vendor that fails does not stop the others; then the exit code is 1.
func (c *pullRunCmd) Run(e *env) error {
	info, err := os.Stat(c.Dir)
	if err == nil && !info.IsDir() {
		err = errors.New(c.Dir + " is not a folder")
	}
	if err != nil {
		return withHint(exitUsage, err, "make a folder with a pull.yaml in it; \"muster pull init VENDOR\" prints one to start from")
	}
	plan, err := pull.Load(c.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return withHint(exitUsage, fmt.Errorf("%s has no %s", c.Dir, pull.PlanName), "\"muster pull init VENDOR\" prints one to start from")
	}
	if err != nil {
		return withHint(exitUsage, err, "docs/pull.md describes the file")
	}
	if err := c.known(plan); err != nil {
		return err
	}
	now := func() time.Time { return time.Now().UTC() }
	if c.DryRun {
		return c.describe(e, plan, now())
	}
	p := newProgress(e)
	sums, err := pull.Run(e.ctx, c.Dir, plan, pull.Options{
		Only: c.Only, Now: now,
		Progress: func(vendor, stream string, pages, rows int) {
			p.step("pulling", fmt.Sprintf("%s %s  %d pages, %d rows", vendor, stream, pages, rows))
		},
	})
	p.done()
	if tableErr := pullTable(e, sums); tableErr != nil {
		return tableErr
	}
	if e.ctx.Err() != nil {
		return withHint(exitError, errors.New("interrupted"), "run it again: it goes on where it stopped")
	}
	if err != nil {
		return withHint(exitError, err, "docs/pull.md describes the folder")
	}
	return pullErrors(e, sums)
}

// known refuses names of --only that the plan does not have.
func (c *pullRunCmd) known(plan *pull.Plan) error {
	var names []string
	have := map[string]bool{}
	for _, v := range plan.Vendors {
		names = append(names, v.Name)
		have[v.Name], have[v.Vendor] = true, true
	}
	for _, o := range c.Only {
		if !have[o] {
			return withHint(exitUsage, fmt.Errorf("--only: the plan has no %q", o), "it has %s", strings.Join(names, ", "))
		}
	}
	return nil
}

func (c *pullRunCmd) describe(e *env, plan *pull.Plan, now time.Time) error {
	asks, err := pull.Describe(plan, c.Dir, c.Only, now)
	if err != nil {
		return withHint(exitError, err, "docs/pull.md describes the folder")
	}
	for _, a := range asks {
		fmt.Fprintf(e.stdout, "%s %s\n  %s\n  paging: %s; needs: %s\n  writes: %s\n", a.Vendor, a.Stream, a.Request, a.Paging, a.Scope, a.File)
	}
	return nil
}

func pullTable(e *env, sums []pull.Summary) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "VENDOR\tSTREAM\tPAGES\tRECORDS\tNEW\tFROM\tTO\tTHROTTLED\tSTATE")
	for _, s := range sums {
		state := "done"
		if s.Err != nil {
			state = "failed"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\t%s\t%.0f s\t%s\n", s.Vendor, orDash(s.Stream), s.Pages, s.Rows, s.New, pullTime(s.From), pullTime(s.To), s.Throttled.Seconds(), state)
	}
	return w.Flush()
}

func pullTime(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// pullErrors prints notes and errors of all streams and sets the exit code.
func pullErrors(e *env, sums []pull.Summary) error {
	failed := 0
	for _, s := range sums {
		for _, n := range s.Notes {
			fmt.Fprintf(e.stderr, "muster: note: %s %s: %s\n", s.Vendor, s.Stream, n)
		}
	}
	for _, s := range sums {
		if s.Err != nil {
			failed++
			fmt.Fprintf(e.stderr, "muster: error: %s %s: %v\n", s.Vendor, s.Stream, s.Err)
		}
	}
	if failed > 0 {
		return exitCode(exitError)
	}
	return nil
}
