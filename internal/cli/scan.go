package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"muster/internal/assess"
	"muster/internal/config"
	"muster/internal/detect"
	"muster/internal/detect/all"
	"muster/internal/pack"
	"muster/internal/record"
	"muster/internal/report"
	"muster/internal/scan"
	"muster/internal/settings"
	"muster/internal/source"
)

// inputFlags are shared by the commands that read exports.
type inputFlags struct {
	AsOf     string `name:"as-of" placeholder:"DATE" help:"Judge as of this day (YYYY-MM-DD or RFC 3339). Default: the newest day in the input."`
	Config   string `placeholder:"FILE" help:"Settings. Default: muster.yaml in the first folder."`
	Mappings string `placeholder:"DIR" help:"Folder with your own mappings."`
	Key      string `placeholder:"FILE" help:"Key for hashed account numbers. Default: a random one for this run."`
}

type scanCmd struct {
	Paths      []string `arg:"" name:"path" help:"Folders or files with exports."`
	inputFlags `embed:""`
	outputFlags
	FailAt string   `name:"fail-at" placeholder:"BAND" enum:",watch,review,urgent" default:"" help:"Exit 3 if a persona is at or above this band."`
	Strict bool     `help:"Exit 4 if input was incomplete: over 5 % of a file's rows quarantined, or a file not understood."`
	Only   []string `placeholder:"ID" help:"Only these detectors."`
	Skip   []string `placeholder:"ID" help:"Without these detectors."`
	From   string   `name:"candidates-from" placeholder:"STAGE" help:"Judge candidates from this stage on."`
}

// outputFlags say where the report goes.
type outputFlags struct {
	Format   string `enum:"table,json,csv" default:"table" help:"What to print: ${enum}."`
	HTML     string `placeholder:"FILE" help:"Also write the report as one HTML file."`
	JSON     string `placeholder:"FILE" help:"Also write the report as JSON."`
	CSV      string `placeholder:"FILE" help:"Also write the ranking as CSV."`
	Diff     string `placeholder:"LAST.JSON" help:"Say what is new, raised and cleared since this report."`
	Audience string `enum:",security,recruiting,it,payroll,legal" default:"" help:"Leave out what this audience may not see: ${enum}."`
	Redact   bool   `help:"Leave out names, addresses and contact data."`
	Limit    int    `default:"20" help:"Rows to print per queue; 0 for all."`
}

func (c *scanCmd) Run(e *env) error {
	opt, err := c.options(e, c.Paths)
	if err != nil {
		return err
	}
	opt.Detectors, err = choose(c.Only, c.Skip)
	if err != nil {
		return err
	}
	if c.From != "" {
		opt.Settings.CandidatesFrom = c.From
	}
	res, err := run(e, opt)
	if err != nil {
		return err
	}
	if len(res.Inputs.Files) == 0 {
		return withHint(exitError, fmt.Errorf("%s: no files to read", strings.Join(c.Paths, ", ")),
			"put exports into the folder; \"muster sources list\" says which and how to get them")
	}
	doc := document(res)
	warnDrift(e, res.Inputs.Drift)
	if err := c.write(e, doc); err != nil {
		return err
	}
	return c.outcome(res)
}

// outcome turns bands and incomplete input into the exit code.
func (c *scanCmd) outcome(res *scan.Result) error {
	if c.Strict && incomplete(res) {
		return exitCode(exitIncomplete)
	}
	if c.FailAt == "" {
		return nil
	}
	var at assess.Band
	if err := at.UnmarshalText([]byte(c.FailAt)); err != nil {
		return err
	}
	if slices.ContainsFunc(res.Assessments, func(a assess.Assessment) bool { return a.Band >= at }) {
		return exitCode(exitFailAt)
	}
	return nil
}

// incomplete applies the rule of --strict.
func incomplete(res *scan.Result) bool {
	for _, f := range res.Inputs.Files {
		if f.Unidentified || f.Refused || f.Rows > 0 && f.QuarantinedRows*20 > f.Rows {
			return true
		}
	}
	return false
}

// options reads settings and checks paths.
func (f *inputFlags) options(e *env, paths []string) (scan.Options, error) {
	opt := scan.Options{Roots: paths, Mappings: f.Mappings, Now: time.Now(), Documents: e.documents}
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return opt, withHint(exitUsage, fmt.Errorf("%s: %w", p, errors.Unwrap(err)), "name a folder or file with exports")
		}
	}
	var err error
	if opt.AsOf, err = parseAsOf(f.AsOf); err != nil {
		return opt, err
	}
	path := f.Config
	if beside := filepath.Join(paths[0], config.FileName); path == "" {
		if _, err := os.Stat(beside); err == nil {
			path = beside
		}
	}
	if opt.Settings, err = config.Load(path); err != nil {
		return opt, withHint(exitUsage, err, "every key is optional; docs/settings.md lists them")
	}
	packs, err := pack.Headers(paths)
	if err != nil {
		return opt, withHint(exitUsage, err, "ask for the pack again, or leave the file out")
	}
	if err := oneKey(packs); err != nil {
		return opt, err
	}
	opt.Settings = pack.Merge(opt.Settings, packs)
	if f.Key != "" {
		if opt.Key, err = os.ReadFile(f.Key); err != nil {
			return opt, withHint(exitUsage, err, "make one with: head -c 32 /dev/urandom > %s", f.Key)
		}
	}
	return opt, nil
}

// sources is options with what reading alone needs.
func (f *inputFlags) sources(e *env, paths []string) (scan.Options, source.Options, error) {
	opt, err := f.options(e, paths)
	if err != nil {
		return opt, source.Options{}, err
	}
	src, err := scan.SourceOptions(opt)
	if err != nil {
		return opt, src, withHint(exitUsage, err, "docs/mappings.md describes the language")
	}
	return opt, src, nil
}

// read reads the exports with a progress line, without judging anybody.
func (f *inputFlags) read(e *env, paths []string, src source.Options, emit func(record.Record) error) (*source.Report, error) {
	p := newProgress(e)
	defer p.done()
	src.Progress = func(file string, _, _ int64) { p.step("reading", file) }
	return source.Read(e.ctx, paths, src, emit)
}

// oneKey refuses packs of several keys: nothing in them would meet.
func oneKey(packs []pack.Header) error {
	for _, h := range packs {
		if h.KeyID != packs[0].KeyID {
			return withHint(exitUsage, fmt.Errorf("the packs of %q and %q were made with different keys (%s, %s)", packs[0].Department, h.Department, packs[0].KeyID, h.KeyID),
				"one of the departments packs again with the key of the others")
		}
	}
	return nil
}

func parseAsOf(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := record.ParseTime(s)
	if err != nil || t.Precision() < record.PrecisionDay {
		return time.Time{}, withHint(exitUsage, fmt.Errorf("--as-of %q is not a day", s), "write it as 2026-11-20")
	}
	if t.Precision() == record.PrecisionDay {
		return t.Time().Add(24 * time.Hour), nil
	}
	return t.Time().UTC(), nil
}

// choose returns the detectors to run; nil means all.
func choose(only, skip []string) ([]*detect.Detector, error) {
	if len(only)+len(skip) == 0 {
		return nil, nil
	}
	var out []*detect.Detector
	known := map[string]bool{}
	for _, d := range all.Detectors() {
		known[d.ID] = true
		if (len(only) == 0 || slices.Contains(only, d.ID)) && !slices.Contains(skip, d.ID) {
			out = append(out, d)
		}
	}
	for _, id := range slices.Concat(only, skip) {
		if !known[id] {
			return nil, withHint(exitUsage, fmt.Errorf("there is no detector %q", id), "\"muster detectors\" lists them")
		}
	}
	return out, nil
}

// run scans with a progress line.
func run(e *env, opt scan.Options) (*scan.Result, error) {
	p := newProgress(e)
	defer p.done()
	opt.Progress = p.step
	collectSeldom(opt.Settings.Marketplace())
	return scan.Run(e.ctx, opt)
}

// collectSeldom lets the heap grow to three times what is in use. A scan keeps
// most of what it reads: looking for garbage half as often saves an eighth of its
// time. A platform's millions of accounts need the memory more than the time.
// GOGC in the environment wins.
func collectSeldom(large bool) {
	switch {
	case os.Getenv("GOGC") != "":
	case large:
		debug.SetGCPercent(50)
	default:
		debug.SetGCPercent(200)
	}
}

// document turns a result into the document that all renderers take.
func document(r *scan.Result) *report.Document {
	in := report.Input{
		AsOf: r.AsOf, Settings: r.Settings, Set: r.Set, Graph: r.Graph, Baseline: r.Baseline,
		Coverage: r.Coverage, Detectors: r.Detectors, Assessments: r.Assessments,
	}
	for _, f := range r.Inputs.Files {
		file := report.InputFile{Path: f.Path, Unidentified: f.Unidentified || f.Refused, Why: f.Why}
		for _, x := range f.Formats {
			file.Formats = append(file.Formats, report.InputFormat{
				Format: x.Format, Records: x.Records, Mapped: x.Mapped, Ignored: x.Ignored + x.Unmapped, Withheld: x.Withheld, Quarantined: x.Quarantined, Reasons: x.Reasons,
			})
		}
		in.Inputs = append(in.Inputs, file)
	}
	for _, q := range r.Inputs.Quarantine {
		in.Quarantine = append(in.Quarantine, report.QuarantineRow{
			File: q.File, Line: q.Line, Mapping: q.Mapping, Field: q.Field, Reason: q.Reason, Excerpt: q.Excerpt,
		})
	}
	return report.Build(in)
}

// write prints the report and writes the files asked for.
func (o *outputFlags) write(e *env, doc *report.Document) error {
	if o.Diff != "" {
		last, err := loadDocument(o.Diff)
		if err != nil {
			return err
		}
		doc.Changes = report.Diff(last, doc)
	}
	if o.Audience != "" {
		doc = report.ForAudience(doc, o.Audience)
	}
	if o.Redact {
		doc = report.Redact(doc)
	}
	for _, f := range []struct {
		path   string
		render func(io.Writer, *report.Document) error
	}{{o.HTML, report.HTML}, {o.JSON, report.JSON}, {o.CSV, report.CSV}} {
		if f.path == "" {
			continue
		}
		if err := writeFile(f.path, doc, f.render); err != nil {
			return err
		}
	}
	switch o.Format {
	case "json":
		return report.JSON(e.stdout, doc)
	case "csv":
		return report.CSV(e.stdout, doc)
	}
	return report.Text(e.stdout, doc, report.TextOptions{Width: width(e.stdout), Color: colour(e.stdout), Limit: o.Limit})
}

// writeFile writes a report that only its owner may read, whole or not at all.
func writeFile(path string, doc *report.Document, render func(io.Writer, *report.Document) error) error {
	var b bytes.Buffer
	if err := render(&b, doc); err != nil {
		return err
	}
	return writeAtomic(path, b.Bytes())
}

// writeAtomic writes a private file whole or not at all.
func writeAtomic(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".muster-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Chmod(0o600), tmp.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(tmp.Name(), path)
}

func loadDocument(path string) (*report.Document, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, withHint(exitUsage, err, "name a file written with --json")
	}
	defer f.Close()
	doc, err := report.Load(f)
	if err != nil {
		return nil, withHint(exitUsage, fmt.Errorf("%s: %w", path, err), "name a file written with --json")
	}
	return doc, nil
}

// settingsOf returns the settings for invented companies.
func settingsOf(dir string) (*settings.Settings, error) {
	return config.Load(filepath.Join(dir, config.FileName))
}
