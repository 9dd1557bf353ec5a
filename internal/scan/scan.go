// Package scan is the pipeline: exports to records, to what is normal, to
// personas and edges, to hits, to findings, to assessments. It is pure: no
// network, no database, no clock; the same input and as-of give the same bytes.
package scan

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"path"
	"time"

	"muster/internal/assess"
	"muster/internal/baseline"
	"muster/internal/config"
	"muster/internal/detect"
	"muster/internal/detect/all"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/link"
	"muster/internal/record"
	"muster/internal/screen"
	"muster/internal/settings"
	"muster/internal/source"
	sources "muster/internal/source/all"
)

// Options says what to scan and how.
type Options struct {
	Roots     []string  // folders or files
	AsOf      time.Time // zero = the end of the newest day in the input, but not after Now
	Now       time.Time // nothing later is believed; zero = no limit
	Settings  *settings.Settings
	Mappings  string             // folder of the user's own mappings, "" = none
	Key       []byte             // key of hashed account numbers; nil = a random one for this run
	Detectors []*detect.Detector // nil = all
	Documents []string           // command of the child processes that open documents; nil = they are opened here
	Progress  func(stage, detail string)
}

// Result is everything a scan found.
type Result struct {
	AsOf        time.Time
	Settings    *settings.Settings
	Inputs      *source.Report
	Set         *record.Set
	Baseline    *baseline.Set
	Graph       *identity.Graph
	Findings    []finding.Finding
	Coverage    []detect.Coverage
	Detectors   []*detect.Detector
	Assessments []assess.Assessment
}

// Run scans. It returns an error only where nothing useful can be said; trouble
// with single files and rows is in Result.Inputs.
func Run(ctx context.Context, opt Options) (*Result, error) {
	set, inputs, err := Read(ctx, opt)
	if err != nil {
		return nil, err
	}
	r, err := Analyse(ctx, set, opt)
	if err != nil {
		return nil, err
	}
	r.Inputs = inputs
	return r, nil
}

// Analyse runs everything behind reading on a sealed set.
func Analyse(ctx context.Context, set *record.Set, opt Options) (*Result, error) {
	progress := opt.Progress
	if progress == nil {
		progress = func(string, string) {}
	}
	asOf := opt.AsOf
	if asOf.IsZero() {
		asOf = newest(set, opt.Now)
	}
	r := &Result{AsOf: asOf, Settings: opt.Settings, Set: set, Detectors: opt.Detectors}
	if r.Detectors == nil {
		r.Detectors = all.Detectors()
		if opt.Settings.Marketplace() {
			r.Detectors = detect.ForMarketplace(r.Detectors)
		}
	}
	look := intel.Default()
	progress("learning what is normal", "")
	r.Baseline = baseline.Learn(set, opt.Settings, look, asOf)
	progress("linking", "")
	r.Graph = link.Build(set, r.Baseline, opt.Settings, asOf)
	progress("screening", "")
	r.Graph.Hits = screen.Run(r.Graph, set, r.Baseline, asOf)
	r.Graph.Index()
	progress("detecting", "")
	r.Findings, r.Coverage = detect.Run(ctx, detect.Input{
		AsOf: asOf, Graph: r.Graph, Sessions: &set.Sessions, Intel: look, Baseline: r.Baseline, Settings: opt.Settings,
	}, r.Detectors)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	progress("assessing", "")
	r.Assessments = assess.Run(assess.Input{AsOf: asOf, Graph: r.Graph, Findings: r.Findings, Settings: opt.Settings})
	return r, nil
}

// Read reads the exports into a sealed set.
func Read(ctx context.Context, opt Options) (*record.Set, *source.Report, error) {
	srcOpt, err := SourceOptions(opt)
	if err != nil {
		return nil, nil, err
	}
	set := new(record.Set)
	report, err := source.Read(ctx, opt.Roots, srcOpt, func(r record.Record) error {
		if known(r, opt.AsOf) {
			set.Add(r)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	set.Seal()
	return set, report, nil
}

// SourceOptions turns scan options into those of the sources.
func SourceOptions(opt Options) (source.Options, error) {
	mappings, codes, err := sources.Load(opt.Mappings)
	if err != nil {
		return source.Options{}, err
	}
	zone, err := time.LoadLocation(opt.Settings.TimeZone)
	if err != nil {
		return source.Options{}, fmt.Errorf("time_zone: %w", err)
	}
	key := opt.Key
	if key == nil {
		key = make([]byte, 32)
		rand.Read(key)
	}
	return source.Options{
		Key: key, AsOf: opt.Now, Zone: zone, Approved: approved(opt.Settings, opt.Now), Files: opt.Settings.Files, Mappings: mappings, Codes: sources.InChildren(codes, opt.Documents), Skip: Skip(opt.Settings),
		Progress: func(file string, done, total int64) {
			if opt.Progress != nil {
				opt.Progress("reading", file)
			}
		},
	}, nil
}

// approved lists the approvals that hold at a time; the zero time is after all of them.
func approved(st *settings.Settings, now time.Time) []string {
	a := st.Approvals.Infostealer
	if !st.HasApproval(settings.ApprovalInfostealer) || !now.IsZero() && a.Date.First().After(now) {
		return nil
	}
	return []string{settings.ApprovalInfostealer}
}

// Skip reports the files of a folder that are Muster's own and not exports.
func Skip(st *settings.Settings) func(rel string) bool {
	own := map[string]bool{config.FileName: true, "truth.json": true, "pull.yaml": true}
	if st.Decisions != "" {
		own[path.Base(st.Decisions)] = true
	}
	return func(rel string) bool { return own[path.Base(rel)] && fs.ValidPath(rel) }
}

// newest returns the end of the day of the newest dated fact, so that a scan
// without --as-of depends on its input only.
func newest(set *record.Set, now time.Time) time.Time {
	var last time.Time
	at := func(t time.Time) {
		if t.After(last) && (now.IsZero() || !t.After(now)) {
			last = t
		}
	}
	see := func(t record.Time) { at(t.Time()) }
	for i := range set.Sessions.Len() {
		at(set.Sessions.TimeOf(i))
	}
	for _, x := range set.Applications {
		see(x.AppliedAt)
	}
	for _, x := range set.Devices {
		see(x.LastSeen)
	}
	for _, x := range set.Payments {
		see(x.At)
	}
	for _, x := range set.PaymentAccounts {
		see(x.ValidFrom)
	}
	for _, x := range set.Shipments {
		see(x.ShippedAt)
		see(x.DeliveredAt)
	}
	for _, x := range set.Meetings {
		see(x.At)
	}
	for _, x := range set.Contributions {
		see(x.At)
	}
	for _, x := range set.References {
		see(x.SubmittedAt)
	}
	if last.IsZero() {
		for _, x := range set.Engagements {
			if !x.Start.IsZero() {
				at(x.Start.First())
			}
		}
	}
	return last.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
}
