// Package detecttest runs a detector over its samples: text archives of canonical
// records with what must, or must not, be found in them. Every sample is also
// run person by person (the law of locality) and with names and countries
// relabelled (ruling 16), and must give the same findings.
package detecttest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"muster/internal/baseline"
	"muster/internal/config"
	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/link"
	"muster/internal/record"
	"muster/internal/screen"
	"muster/internal/settings"
	"muster/internal/signal"
)

// sample is one archive of testdata.
type sample struct {
	records  []record.Record
	settings settings.Settings
	asOf     time.Time
	want     []string // "signal strength handle"
}

// world is a sample linked and ready for detectors.
type world struct {
	set   *record.Set
	graph *identity.Graph
	in    detect.Input
}

// Run checks the detector's page, and the detector on every sample of testdata.
func Run(t *testing.T, d *detect.Detector) {
	t.Helper()
	checkPage(t, d)
	found, _ := filepath.Glob("testdata/found_*.txtar")
	clean, _ := filepath.Glob("testdata/clean_*.txtar")
	if len(found) == 0 || len(clean) == 0 {
		t.Fatalf("%s needs at least one testdata/found_*.txtar and one clean_*.txtar", d.ID)
	}
	for _, file := range slices.Concat(found, clean) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			s := load(t, file)
			if strings.HasPrefix(filepath.Base(file), "found_") == (len(s.want) == 0) {
				t.Fatalf("%s: found samples need a want file, clean ones must have none", file)
			}
			checkSample(t, d, s)
		})
	}
}

func checkPage(t *testing.T, d *detect.Detector) {
	t.Helper()
	p := detect.ParsePage(d.Doc)
	if p.Title == "" || p.Looks == "" || p.Why == "" || len(p.Innocent) == 0 || len(p.Clears) == 0 || len(p.Next) == 0 {
		t.Errorf("%s: doc.md lacks a section: %+v", d.ID, p)
	}
	for _, id := range d.Signals {
		if s := signal.Get(id); s == nil || s.Class == signal.X {
			t.Errorf("%s: signal %s is not in the catalogue or must not be computed", d.ID, id)
		}
	}
}

func checkSample(t *testing.T, d *detect.Detector, s sample) {
	t.Helper()
	w := build(s)
	all := run(t, d, w, nil)
	if diff := cmp.Diff(s.want, lines(w, all, same)); diff != "" {
		t.Fatalf("findings differ (-want +got):\n%s%s", diff, texts(all))
	}
	for i := range all {
		checkFinding(t, d, &all[i])
	}
	t.Run("locality", func(t *testing.T) { checkLocality(t, d, w, all) })
	t.Run("renamed", func(t *testing.T) { checkRelabelled(t, d, s, w, all, renamed) })
	t.Run("countries", func(t *testing.T) { checkRelabelled(t, d, s, w, all, recountried) })
	t.Run("shuffled", func(t *testing.T) { checkShuffled(t, d, s, all) })
}

// load reads a sample.
func load(t *testing.T, file string) sample {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := sample{asOf: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	s.settings.Notices.Monitoring = []settings.Notice{{Country: "*", Date: record.Date{Year: 2020, Month: 1, Day: 1}}}
	for _, f := range a.Files {
		switch f.Name {
		case "records.ndjson":
			s.records = parse(t, file, f.Data)
		case "muster.yaml":
			st, err := config.Parse(f.Data, file)
			if err != nil {
				t.Fatal(err)
			}
			s.settings = *st
		case "as_of":
			d, err := record.ParseDate(strings.TrimSpace(string(f.Data)))
			if err != nil {
				t.Fatal(err)
			}
			s.asOf = d.First()
		case "want":
			s.want = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		default:
			t.Fatalf("%s: unknown member %s", file, f.Name)
		}
	}
	return s
}

func parse(t *testing.T, file string, data []byte) []record.Record {
	t.Helper()
	var out []record.Record
	for i, line := range bytes.Split(data, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		r, err := record.Unmarshal(line)
		if err != nil {
			t.Fatalf("%s: records.ndjson:%d: %v", file, i+1, err)
		}
		ref := &r.Meta().Ref
		if ref.Source == "" {
			ref.Source = "test"
		}
		if ref.File == "" {
			ref.File = "records.ndjson"
		}
		if ref.Line == 0 {
			ref.Line = i + 1
		}
		if ref.Key == "" {
			ref.Key = fmt.Sprintf("%s-%d", r.Kind(), i+1)
		}
		out = append(out, r)
	}
	return out
}

// build links the sample's records as scan does.
func build(s sample) *world {
	w := &world{set: new(record.Set)}
	for _, r := range s.records {
		w.set.Add(r)
	}
	w.set.Seal()
	look := intel.Default()
	base := baseline.Learn(w.set, &s.settings, look, s.asOf)
	w.graph = link.Build(w.set, base, &s.settings, s.asOf)
	w.graph.Hits = screen.Run(w.graph, w.set, base, s.asOf)
	w.graph.Index()
	w.in = detect.Input{AsOf: s.asOf, Graph: w.graph, Sessions: &w.set.Sessions, Intel: look, Baseline: base, Settings: &s.settings}
	return w
}

func run(t *testing.T, d *detect.Detector, w *world, only []identity.PersonaID) []finding.Finding {
	t.Helper()
	in := w.in
	in.Subjects = only
	found, cov := detect.Run(context.Background(), in, []*detect.Detector{d})
	if cov[0].Status == detect.Failed {
		t.Fatalf("%s failed: %s", d.ID, cov[0].Reason)
	}
	return found
}

func checkFinding(t *testing.T, d *detect.Detector, f *finding.Finding) {
	t.Helper()
	s := signal.Get(f.Signal)
	if !slices.Contains(d.Signals, f.Signal) || f.Strength < s.Min || f.Strength > s.Max {
		t.Errorf("%s reports %s as %s; it declares %v and the catalogue allows %s to %s", d.ID, f.Signal, f.Strength, d.Signals, s.Min, s.Max)
	}
	if f.Summary == "" || len(f.Evidence) == 0 {
		t.Errorf("%s: finding without summary or evidence: %+v", d.ID, f)
	}
	for _, e := range f.Evidence {
		if e.Text == "" || len(e.Refs) == 0 {
			t.Errorf("%s: evidence without text or rows: %+v", d.ID, e)
		}
	}
	if slices.Contains(f.With, f.Subject) || !slices.IsSorted(f.With) {
		t.Errorf("%s: With must name the other ends in order: %v", d.ID, f.With)
	}
}

// same leaves a handle as it is.
func same(h record.Handle) record.Handle { return h }

// lines writes findings as "signal strength handle", with the handle of the
// persona that the sample names first in its records.
func lines(w *world, found []finding.Finding, relabel func(record.Handle) record.Handle) []string {
	var out []string
	for _, f := range found {
		p := w.graph.Persona(f.Subject)
		h := slices.MinFunc(p.Handles, func(a, b record.Handle) int { return strings.Compare(string(a), string(b)) })
		for _, ns := range []string{record.NSEmployee, "greenhouse:candidate", record.NSEmail} {
			if i := slices.IndexFunc(p.Handles, func(h record.Handle) bool { return h.Namespace() == ns }); i >= 0 {
				h = p.Handles[i]
				break
			}
		}
		out = append(out, fmt.Sprintf("%s %s %s", f.Signal, f.Strength, relabel(h)))
	}
	slices.Sort(out)
	return out
}

func texts(found []finding.Finding) string {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s %s: %s\n", f.Signal, f.Subject, f.Summary)
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "    %s\n", e.Text)
		}
	}
	return b.String()
}

// Records reads canonical NDJSON for tests of other packages.
func Records(t *testing.T, file string) []record.Record {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, file, b)
}
