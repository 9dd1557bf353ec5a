package pack

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/assess"
	"muster/internal/config"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/scan"
	"muster/internal/settings"
	"muster/internal/simulate"
)

// departments says who has which export at home.
var departments = map[string][]string{
	"hr":         {"hris/", "presence/"},
	"payroll":    {"payroll/"},
	"recruiting": {"greenhouse/", "resumes/", "references/", "zoom/"},
}

// departmentOf returns who packs a file; what is nobody else's is IT's.
func departmentOf(rel string) string {
	for _, d := range []string{"hr", "payroll", "recruiting"} {
		for _, word := range departments[d] {
			if strings.HasPrefix(filepath.ToSlash(rel), word) {
				return d
			}
		}
	}
	return "it"
}

// company is an invented company, open and packed.
type company struct {
	truth    *simulate.Truth
	dir      string // exports
	packs    string // folder of the packs
	asOf     time.Time
	key      Key
	settings *settings.Settings
	entries  []Entry
}

func invent(t testing.TB, opt simulate.Options) *company {
	t.Helper()
	dir := t.TempDir()
	truth, err := simulate.Company(opt, dir)
	if err != nil {
		t.Fatal(err)
	}
	c := &company{truth: truth, dir: filepath.Join(dir, "exports"), packs: t.TempDir(), key: NewKey()}
	if c.key, err = ParseKey(fmt.Appendf(nil, "%s%064x", keyHead, opt.Seed+1)); err != nil {
		t.Fatal(err)
	}
	if c.asOf, err = time.Parse(time.DateOnly, truth.AsOf); err != nil {
		t.Fatal(err)
	}
	c.asOf = c.asOf.Add(24 * time.Hour)
	if c.settings, err = config.Load(filepath.Join(c.dir, config.FileName)); err != nil {
		t.Fatal(err)
	}
	c.pack(t)
	return c
}

// pack packs the exports of each department apart, with the same key.
func (c *company) pack(t testing.TB) {
	t.Helper()
	files := map[string][]string{}
	err := filepath.WalkDir(c.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(path) == config.FileName {
			return err
		}
		rel, err := filepath.Rel(c.dir, path)
		files[departmentOf(rel)] = append(files[departmentOf(rel)], path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"hr", "it", "payroll", "recruiting"} {
		if len(files[d]) == 0 {
			t.Fatalf("no exports of %s", d)
		}
		home := t.TempDir() // with the paths below the folder, as the department has them
		for _, f := range files[d] {
			rel, _ := filepath.Rel(c.dir, f)
			to := filepath.Join(home, rel)
			os.MkdirAll(filepath.Dir(to), 0o755)
			if err := os.Link(f, to); err != nil {
				t.Fatal(err)
			}
		}
		set, _, err := scan.Read(context.Background(), scan.Options{Roots: []string{home}, Settings: c.settings, Key: c.key.Accounts()})
		if err != nil {
			t.Fatal(err)
		}
		opt := Options{Key: c.key, Department: d, AsOf: c.asOf}
		if d == "hr" {
			opt.Settings = c.settings
		}
		var b bytes.Buffer
		book, _, err := write(&b, set, opt, newLedger())
		if err != nil {
			t.Fatal(err)
		}
		c.entries = append(c.entries, book.list...)
		if err := os.WriteFile(filepath.Join(c.packs, d+".muster-pack"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *company) scanOpen(t testing.TB) *scan.Result {
	t.Helper()
	r, err := scan.Run(context.Background(), scan.Options{Roots: []string{c.dir}, Settings: c.settings, AsOf: c.asOf})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (c *company) scanPacks(t testing.TB) *scan.Result {
	t.Helper()
	heads, err := Headers([]string{c.packs})
	if err != nil {
		t.Fatal(err)
	}
	if len(heads) != 4 {
		t.Fatalf("%d packs, want 4", len(heads))
	}
	st := Merge(&settings.Settings{TimeZone: "UTC"}, heads)
	r, err := scan.Run(context.Background(), scan.Options{Roots: []string{c.packs}, Settings: st, AsOf: c.asOf})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Inputs.Files {
		if f.QuarantinedRows > 0 || f.Unidentified || f.Refused {
			t.Fatalf("%s: %d rows quarantined, unidentified %v, %s", f.Path, f.QuarantinedRows, f.Unidentified, f.Why)
		}
	}
	return r
}

// tokens returns the persona of the packs that each open persona became.
func (c *company) tokens(open, packed *scan.Result) map[identity.PersonaID]identity.PersonaID {
	by := map[string]string{}
	for _, e := range c.entries {
		if e.Kind == "handle" {
			by[e.Clear] = e.Token
		}
	}
	p := newPacker(c.key, nil)
	out, taken := map[identity.PersonaID]identity.PersonaID{}, map[identity.PersonaID]bool{}
	for _, x := range open.Graph.Personas {
		for _, h := range x.Handles {
			t := p.handle(h)
			if h.Namespace() == record.NSName {
				t = ""
			}
			if id := packed.Graph.ByHandle(t); t != "" && id != "" {
				out[x.ID] = id
				taken[id] = true
				break
			}
		}
	}
	// People who have no handle but their name: by their names.
	names := map[string]identity.PersonaID{}
	for _, y := range packed.Graph.Personas {
		if !taken[y.ID] && len(y.Names) > 0 {
			names[strings.Join(y.Names, "|")] = y.ID
		}
	}
	for _, x := range open.Graph.Personas {
		if out[x.ID] == "" {
			var list []string
			for _, n := range x.Names {
				list = append(list, p.name(n))
			}
			slices.Sort(list)
			if id := names[strings.Join(list, "|")]; id != "" {
				out[x.ID] = id
			}
		}
	}
	return out
}

// say writes what an assessment says, without ids and texts.
func say(a *assess.Assessment, id func(identity.PersonaID) identity.PersonaID) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %.9f", a.Queue, a.Band, math.Round(a.Weight*1e9)/1e9+0)
	for _, f := range a.Families {
		fmt.Fprintf(&b, "\n  family %s %.9f", f.Name, math.Round(f.Weight*1e9)/1e9+0)
	}
	var lines []string
	for _, f := range a.Findings {
		var with []string
		for _, w := range f.Finding.With {
			with = append(with, string(id(w)))
		}
		slices.Sort(with)
		lines = append(lines, fmt.Sprintf("\n  %s %s %v upper %v with %v", f.Finding.Detector, f.Finding.Signal, f.Finding.Strength, f.Finding.Upper, with))
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, ""))
	for _, x := range a.Protective {
		fmt.Fprintf(&b, "\n  protective %.9f", x.Weight)
	}
	for _, x := range a.NextIrreversible {
		fmt.Fprintf(&b, "\n  next %s %s", x.What, x.At)
	}
	return b.String()
}

// difference compares two scans and returns one line for each difference.
func (c *company) difference(open, packed *scan.Result) (compared int, out []string) {
	to := c.tokens(open, packed)
	id := func(x identity.PersonaID) identity.PersonaID { return to[x] }
	same := func(x identity.PersonaID) identity.PersonaID { return x }
	other := map[identity.PersonaID]*assess.Assessment{}
	for i := range packed.Assessments {
		other[packed.Assessments[i].Persona] = &packed.Assessments[i]
	}
	if len(open.Graph.Personas) != len(packed.Graph.Personas) || len(open.Assessments) != len(packed.Assessments) {
		out = append(out, fmt.Sprintf("%d personas and %d assessments, packed %d and %d", len(open.Graph.Personas), len(open.Assessments), len(packed.Graph.Personas), len(packed.Assessments)))
	}
	for i := range open.Assessments {
		a := &open.Assessments[i]
		compared++
		b := other[id(a.Persona)]
		if b == nil {
			out = append(out, fmt.Sprintf("%s %v: not in the packs", a.Persona, open.Graph.Persona(a.Persona).Handles))
			continue
		}
		if x, y := say(a, id), say(b, same); x != y {
			out = append(out, fmt.Sprintf("%s %v:\n%s\npacked %s %v:\n%s", a.Persona, open.Graph.Persona(a.Persona).Handles, x, b.Persona, packed.Graph.Persona(b.Persona).Handles, y))
		}
	}
	if x, y := groups(open.Graph, id), groups(packed.Graph, same); !slices.Equal(x, y) {
		out = append(out, fmt.Sprintf("operators and facilitators\n%s\npacked\n%s", strings.Join(x, "\n"), strings.Join(y, "\n")))
	}
	return compared, out
}

// groups writes operators and facilitators as the sets of their personas.
func groups(g *identity.Graph, id func(identity.PersonaID) identity.PersonaID) []string {
	var out []string
	set := func(what string, list []identity.PersonaID) {
		var ids []string
		for _, p := range list {
			ids = append(ids, string(id(p)))
		}
		slices.Sort(ids)
		out = append(out, what+" "+strings.Join(ids, " "))
	}
	for _, o := range g.Operators {
		set("operator", o.Personas)
	}
	for _, f := range g.Facilitators {
		set("facilitator "+f.Kind, f.Personas)
	}
	slices.Sort(out)
	return out
}

// TestSameAssessments is the promise of packs: a scan of the packs of four departments
// says what a scan of their open exports says, ids apart.
func TestSameAssessments(t *testing.T) {
	seeds, levels := []uint64{1, 2, 3}, []int{0, 1}
	if testing.Short() || raceDetector { // the others run without the race detector
		seeds, levels = seeds[:1], levels[1:]
	}
	for _, seed := range seeds {
		for _, level := range levels {
			t.Run(fmt.Sprintf("seed %d level %d", seed, level), func(t *testing.T) {
				t.Parallel()
				c := invent(t, simulate.Options{
					Seed: seed, Level: level, Staff: 80, Candidates: 120, Fraud: true, Operators: 1, PersonasPerOperator: 8, Lone: 2, Twins: 2, Notice: true, SignInsPerDay: 1,
				})
				open, packed := c.scanOpen(t), c.scanPacks(t)
				compared, diff := c.difference(open, packed)
				found := 0
				for _, a := range open.Assessments {
					found += len(a.Findings)
				}
				t.Logf("%d assessments with %d findings compared, %d differences", compared, found, len(diff))
				if found < 20 || level == 0 && len(open.Graph.Operators) == 0 {
					t.Fatalf("%d findings and %d operators are too few to compare", found, len(open.Graph.Operators))
				}
				for _, d := range diff[:min(len(diff), 8)] {
					t.Error(d)
				}
				c.grep(t)
			})
		}
	}
}
