package evaluate

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/identity"
	text "muster/internal/match"
	"muster/internal/scan"
	"muster/internal/settings"
	"muster/internal/signal"
)

// sizes returns how many unrelated résumés the corpus has, how many copies of each kind,
// and how many corpora. MUSTER_DOCUMENTS=1 measures what docs/benchmarks.md says.
func sizes() (unrelated, copies int, seeds uint64) {
	if os.Getenv("MUSTER_DOCUMENTS") != "" {
		return 2000, 200, 3
	}
	return 300, 60, 1
}

// library is a corpus of résumés with the pairs that belong together.
type library struct {
	texts []string
	pairs [][2]string // mailboxes
}

// corpus writes n unrelated résumés.
func corpus(seed uint64, n int) (list []*cv, r *rand.Rand) {
	r = rand.New(rand.NewPCG(seed, 18))
	for i := range n {
		list = append(list, newCV(r, fmt.Sprintf("p%d", i)))
	}
	return list, r
}

// read scans the résumés as files and returns the personas by mailbox.
func (l *library) read(t testing.TB) (*scan.Result, map[string]identity.PersonaID) {
	t.Helper()
	dir := t.TempDir()
	for i, s := range l.texts {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("resume_%d.txt", i)), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := scan.Run(context.Background(), scan.Options{Roots: []string{dir}, Settings: &settings.Settings{TimeZone: "UTC"}, AsOf: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]identity.PersonaID{}
	for _, p := range r.Graph.Personas {
		for _, m := range p.Emails {
			by[m] = p.ID
		}
	}
	if len(by) != len(l.texts) {
		t.Fatalf("%d of %d résumés were read", len(by), len(l.texts))
	}
	return r, by
}

type duo struct{ a, b identity.PersonaID }

func duoOf(a, b identity.PersonaID) duo {
	if b < a {
		a, b = b, a
	}
	return duo{a, b}
}

// outcome is what a scan says about pairs of people.
type outcome struct {
	joined map[duo]map[identity.EdgeKind]float64 // not suppressed
	found  map[duo]signal.Strength               // by detectors, the strongest
	by     map[duo][]string                      // signals
}

func judge(r *scan.Result) outcome {
	o := outcome{map[duo]map[identity.EdgeKind]float64{}, map[duo]signal.Strength{}, map[duo][]string{}}
	for _, e := range r.Graph.Edges {
		if e.Suppressed != "" || e.Family != "text" {
			continue
		}
		for i, x := range e.Holders {
			for _, y := range e.Holders[i+1:] {
				k := duoOf(x.Persona, y.Persona)
				if o.joined[k] == nil {
					o.joined[k] = map[identity.EdgeKind]float64{}
				}
				o.joined[k][e.Kind] = max(o.joined[k][e.Kind], e.Weight)
			}
		}
	}
	for i := range r.Assessments {
		for _, f := range r.Assessments[i].Findings {
			for _, w := range f.Finding.With {
				k := duoOf(r.Assessments[i].Persona, w)
				o.found[k] = max(o.found[k], f.Finding.Strength)
				if s := string(f.Finding.Signal); !slices.Contains(o.by[k], s) {
					o.by[k] = append(o.by[k], s)
				}
			}
		}
	}
	return o
}

// kinds are the ways in which a copy is made, with the bars for the edge that joins it
// to its original (issue: documents).
var kinds = []struct {
	name string
	bar  float64
	make func(r *rand.Rand, c, d *cv) string
}{
	{"30 % of the text replaced", 0.99, func(r *rand.Rand, c, d *cv) string { return c.replaced(r, d, 0.3).text(false) }},
	{"50 % of the text replaced", 0.95, func(r *rand.Rand, c, d *cv) string { return c.replaced(r, d, 0.5).text(false) }},
	{"one job copied into another résumé", 0.90, func(r *rand.Rand, c, d *cv) string { return c.withJob(r, d).text(false) }},
	{"paraphrased, same skeleton", 0.90, func(r *rand.Rand, c, d *cv) string { return c.sameLife(r, d, 0).text(true) }},
	{"paraphrased, dates off by a month", 0.90, func(r *rand.Rand, c, d *cv) string { return c.sameLife(r, d, 1).text(true) }},
}

// TestDocuments measures what is found of copied résumés, and what is said of
// unrelated ones (docs/benchmarks.md).
func TestDocuments(t *testing.T) {
	if raceDetector {
		t.Skip("measured without the race detector")
	}
	n, each, _ := sizes()
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			list, r := corpus(1, n)
			var l library
			for _, c := range list {
				l.texts = append(l.texts, c.text(false))
			}
			for i := range each {
				d := newCV(r, fmt.Sprintf("c%d", i))
				l.texts = append(l.texts, k.make(r, list[i], d))
				l.pairs = append(l.pairs, [2]string{list[i].mail, d.mail})
			}
			res, by := l.read(t)
			o := judge(res)
			edges, found, via := 0, map[signal.Strength]int{}, map[string]int{}
			for _, p := range l.pairs {
				d := duoOf(by[p[0]], by[p[1]])
				if len(o.joined[d]) > 0 {
					edges++
				}
				found[o.found[d]]++
				for e := range o.joined[d] {
					via[string(e)]++
				}
				for _, s := range o.by[d] {
					via[s]++
				}
				delete(o.joined, d)
				delete(o.found, d)
			}
			t.Logf("%d of %d joined (%.1f %%); findings: strong %d, medium %d; %v; other pairs: %d edges, %d findings",
				edges, each, 100*float64(edges)/float64(each), found[signal.Strong], found[signal.Medium], via, len(o.joined), len(o.found))
			if float64(edges) < k.bar*float64(each) {
				t.Errorf("%d of %d joined, the bar is %.0f %%", edges, each, 100*k.bar)
			}
			if reported := found[signal.Medium] + found[signal.Strong]; float64(reported) < k.bar*float64(each) {
				t.Errorf("%d of %d reported, the bar is %.0f %%", reported, each, 100*k.bar)
			}
		})
	}
}

// TestUnrelatedDocuments counts what is said of strangers.
func TestUnrelatedDocuments(t *testing.T) {
	if raceDetector {
		t.Skip("measured without the race detector")
	}
	n, _, seeds := sizes()
	for seed := uint64(1); seed <= seeds; seed++ {
		list, _ := corpus(seed, n)
		var l library
		words := 0
		var docs [][]uint64
		for _, c := range list {
			s := c.text(false)
			l.texts = append(l.texts, s)
			words += len(strings.Fields(s))
			docs = append(docs, text.Shingles(s, 3))
		}
		raw := 0
		for i := range docs {
			for j := range i {
				if text.Containment(docs[i], docs[j]) >= 0.3 {
					raw++
				}
			}
		}
		res, _ := l.read(t)
		o := judge(res)
		by := map[identity.EdgeKind]int{}
		for _, kinds := range o.joined {
			for k := range kinds {
				by[k]++
			}
		}
		strong := map[signal.Strength]int{}
		for _, s := range o.found {
			strong[s]++
		}
		t.Logf("seed %d: %d résumés of %d words on average, %d pairs; contained to 30 %% before common phrases are left out: %d; edges: %v; findings: strong %d, medium %d",
			seed, n, words/n, n*(n-1)/2, raw, by, strong[signal.Strong], strong[signal.Medium])
		if strong[signal.Strong] > 0 {
			t.Errorf("%d unrelated pairs at strong", strong[signal.Strong])
		}
	}
}

// lookAlikes are people who have much in common honestly. Each makes two résumés.
var lookAlikes = []struct {
	name string
	make func(r *rand.Rand, a, b *cv)
}{
	{"colleagues of one employer", func(_ *rand.Rand, a, b *cv) {
		p, q := &a.jobs[0], &b.jobs[0]
		q.org, q.title, q.from, q.to = p.org, p.title, p.from, p.to
		p.lines = append([]line{{fixed: official(p.org, 3)}}, p.lines...)
		q.lines = append([]line{{fixed: official(p.org, 3)}}, q.lines...)
	}},
	{"one university cohort with one first employer", func(_ *rand.Rand, a, b *cv) {
		b.school, b.degree, b.graduated = a.school, a.degree, a.graduated
		p, q := &a.jobs[len(a.jobs)-1], &b.jobs[len(b.jobs)-1]
		q.org, q.title, q.from, q.to = p.org, p.title, p.from, p.to
	}},
	{"colleagues who moved on together", func(_ *rand.Rand, a, b *cv) {
		for i := range 2 {
			p, q := &a.jobs[i], &b.jobs[i]
			q.org, q.from, q.to = p.org, p.from, p.to
		}
	}},
	{"a public template", func(r *rand.Rand, a, b *cv) {
		f := cvFrames[r.IntN(2)]
		for _, c := range []*cv{a, b} {
			c.intro, c.closing = f[0], f[1]
			c.summary = []line{{fixed: cvStock[0]}, {fixed: cvStock[1]}, {fixed: cvStock[3]}, {fixed: cvStock[14]}}
		}
	}},
	{"an agency's house format", func(_ *rand.Rand, a, b *cv) {
		for _, c := range []*cv{a, b} {
			c.intro, c.closing = cvFrames[2][0], cvFrames[2][1]
			for i := range c.jobs {
				c.jobs[i].lines = append(c.jobs[i].lines, line{fixed: cvStock[5]})
			}
		}
	}},
	{"polished by a language model", func(r *rand.Rand, a, b *cv) {
		for _, c := range []*cv{a, b} {
			for i := range c.jobs {
				for range 2 {
					c.jobs[i].lines = append(c.jobs[i].lines, line{fixed: pickOf(r, cvPolish)})
				}
			}
		}
	}},
	{"one trade, alphabetical skills", func(_ *rand.Rand, a, b *cv) {
		for _, c := range []*cv{a, b} {
			c.skills = split("AWS|CSS|Docker|Git|HTML|JavaScript|Node.js|PostgreSQL|React|TypeScript")
		}
	}},
}

// TestInnocentDocuments looks for findings on people who have much in common honestly,
// among few résumés and among many: the fewer there are, the less is known to be common.
func TestInnocentDocuments(t *testing.T) {
	for _, n := range []int{60, 400} {
		list, r := corpus(7, n)
		var l library
		for _, c := range list {
			l.texts = append(l.texts, c.text(false))
		}
		var names []string
		for k, x := range lookAlikes {
			for i := range 6 {
				a, b := newCV(r, fmt.Sprintf("a%d-%d", k, i)), newCV(r, fmt.Sprintf("b%d-%d", k, i))
				x.make(r, a, b)
				l.texts = append(l.texts, a.text(false), b.text(false))
				l.pairs = append(l.pairs, [2]string{a.mail, b.mail})
				names = append(names, x.name)
			}
		}
		res, by := l.read(t)
		o := judge(res)
		for i, p := range l.pairs {
			if d := duoOf(by[p[0]], by[p[1]]); o.found[d] > signal.Context {
				t.Errorf("%d résumés: %s: %v at %v", n, names[i], o.by[d], o.found[d])
			}
		}
		t.Logf("%d résumés and %d look-alikes: %d pairs with a finding", n, 2*len(l.pairs), len(o.found))
		if len(o.found) > 0 {
			t.Errorf("%d résumés: %d pairs with a finding", n, len(o.found))
		}
	}
}
