package resolve_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"muster/internal/linkage/cluster"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/recipes"
	"muster/internal/linkage/resolve"
	"muster/internal/linkage/score"
	"muster/internal/linkage/synth"
	"muster/internal/linkage/table"
)

// generated returns a table of invented people with typos.
func generated(t testing.TB, rows int, seed uint64) *table.Table {
	var b strings.Builder
	if _, err := synth.Write(&b, rows, seed); err != nil {
		t.Fatal(err)
	}
	tab, err := table.ReadCSV(strings.NewReader(b.String()), table.CSV{ID: "unique_id", Drop: []string{"cluster"}})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func recipe(t testing.TB, name string) *model.Settings {
	s, err := recipes.Settings(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// take trains a model on a table and freezes it.
func take(t testing.TB, tab *table.Table, s *model.Settings, refine []string, limit int) *resolve.Snapshot {
	m, err := score.Compile(pair.NewColumns(tab), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	tr := &score.Trainer{Model: m, Workers: 2, Seed: 1, Sample: 200_000}
	if err := tr.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	snap, err := resolve.Take(m, refine, limit)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func records(tab *table.Table) []resolve.Record {
	out := make([]resolve.Record, tab.Len())
	for i := range out {
		out[i].Key = tab.IDs[i]
		for _, c := range tab.Columns {
			out[i].Cells = append(out[i].Cells, tab.Dict.Value(c[i]))
		}
	}
	return out
}

// firsts returns, by key, the smallest key of a record's cluster.
func firsts(x *resolve.Index) map[string]string {
	out := map[string]string{}
	for _, m := range x.All() {
		out[m.Key] = m.First
	}
	return out
}

// batch links a table at once and returns the same as firsts.
func batch(t *testing.T, snap *resolve.Snapshot, tab *table.Table, judged []resolve.Judgement) (map[string]string, int) {
	tab = resolve.Sorted(tab)
	at := map[string]int32{}
	for i, id := range tab.IDs {
		at[id] = int32(i)
	}
	var must, cannot []cluster.Link
	for _, j := range judged {
		l := cluster.Link{A: at[j.A], B: at[j.B]}
		switch j.Verdict {
		case resolve.Same:
			must = append(must, l)
		case resolve.NotSame:
			cannot = append(cannot, l)
		}
	}
	edges, of, err := snap.Batch(context.Background(), tab, 2, must, cannot)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for i, rep := range of {
		out[tab.IDs[i]] = tab.IDs[rep]
	}
	return out, len(edges)
}

// judgements are some that contradict what the model says.
func judgements(tab *table.Table, want map[string]string) []resolve.Judgement {
	var out []resolve.Judgement
	keys := slices.Sorted(slices.Values(tab.IDs))
	for i, key := range keys {
		switch {
		case want[key] != key && len(out)%3 == 0:
			out = append(out, resolve.Judgement{A: want[key], B: key, Verdict: resolve.NotSame})
		case i%101 == 7:
			out = append(out, resolve.Judgement{A: key, B: keys[(i*7)%len(keys)], Verdict: resolve.Same})
		case i%97 == 3:
			out = append(out, resolve.Judgement{A: keys[(i*5)%len(keys)], B: key, Verdict: resolve.Unsure})
		}
		if len(out) == 24 {
			break
		}
	}
	return slices.DeleteFunc(out, func(j resolve.Judgement) bool { return j.A == j.B })
}

// neutral adds the rows one by one in 20 orders, judgements among them, and compares the
// clusters with those of a batch.
func neutral(t *testing.T, snap *resolve.Snapshot, tab *table.Table) {
	plain, edges := batch(t, snap, tab, nil)
	judged := judgements(tab, plain)
	want, _ := batch(t, snap, tab, judged)
	if len(judged) < 10 || reflect.DeepEqual(plain, want) {
		t.Fatalf("%d judgements change nothing, so that the test would not see them", len(judged))
	}
	all := records(tab)
	for shuffle := range 20 {
		rng := rand.New(rand.NewPCG(uint64(shuffle), 3))
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		x, err := resolve.New(snap, tab.Names)
		if err != nil {
			t.Fatal(err)
		}
		bulk := 0
		if shuffle%4 == 3 { // some at once, the others one by one
			bulk = len(all) / 2
			if _, err := x.Load(context.Background(), slices.Values(all[:bulk]), 2); err != nil {
				t.Fatal(err)
			}
		}
		for i, j := range rng.Perm(len(judged)) {
			if i%2 == 0 { // the others are judged below, when their records are there
				mustJudge(t, x, judged[j])
			}
		}
		for i, r := range all[bulk:] {
			if ask := all[(i*13)%len(all)]; i%5 == 0 { // questions leave no trace
				ask.Key += "?"
				if _, err := x.Resolve(ask); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := x.Add(r); err != nil {
				t.Fatal(err)
			}
		}
		for _, j := range judged {
			mustJudge(t, x, j)
		}
		compare(t, fmt.Sprintf("shuffle %d", shuffle), firsts(x), want)
		if got := x.Edges(); got != edges {
			t.Fatalf("shuffle %d: %d edges, the batch has %d", shuffle, got, edges)
		}
		checkIDs(t, x)
	}
}

func mustJudge(t *testing.T, x *resolve.Index, j resolve.Judgement) {
	t.Helper()
	if _, err := x.Judge(j); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	wrong := 0
	for key, first := range want {
		if got[key] != first {
			wrong++
		}
	}
	if wrong > 0 || len(got) != len(want) {
		t.Fatalf("%s: %d of %d records are in another cluster than in the batch", what, wrong, len(want))
	}
}

// checkIDs checks that each cluster has an id of its own.
func checkIDs(t *testing.T, x *resolve.Index) {
	t.Helper()
	of, first := map[string]string{}, map[string]string{}
	for _, m := range x.All() {
		if old, ok := of[m.First]; ok && old != m.Persona {
			t.Fatalf("one cluster has the ids %s and %s", old, m.Persona)
		}
		if old, ok := first[m.Persona]; ok && old != m.First {
			t.Fatalf("two clusters have the id %s", m.Persona)
		}
		of[m.First], first[m.Persona] = m.Persona, m.First
		if x.Persona(m.Persona) != m.Persona {
			t.Fatalf("the id %s is in use and redirects to %s", m.Persona, x.Persona(m.Persona))
		}
	}
}

func TestNeutralGenerated(t *testing.T) {
	tab := generated(t, 2000, 5)
	for _, limit := range []int{0, 70, 21} { // with a low limit blocks pass the cap and edges are taken back
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			neutral(t, take(t, tab, recipe(t, "synth-tight"), []string{"dob", "postcode_fake"}, limit), tab)
		})
	}
}

// TestNeutralRules takes rules whose sides differ, rules with further conditions, and a
// comparison that depends on which record stands on the left.
func TestNeutralRules(t *testing.T) {
	tab := generated(t, 1000, 6)
	s := recipe(t, "synth-loose")
	s.Blocking = append([]model.Rule{
		{SQL: `l."first_name" = r."surname" and l."dob" = r."dob"`},
		{SQL: `l."dob" = r."dob" and jaro_winkler_similarity(l."surname", r."surname") >= 0.85`},
		{SQL: `l."occupation" = r."occupation" and l."surname" <= r."first_name"`},
	}, s.Blocking...)
	s.Comparisons = append(s.Comparisons, model.Comparison{Name: "order", Levels: []model.Level{
		{SQL: `"dob_l" IS NULL OR "dob_r" IS NULL`, Null: true},
		{SQL: `"dob_l" < "dob_r"`, M: new(0.9), U: new(0.3)},
		{SQL: model.Else, M: new(0.1), U: new(0.7)},
	}})
	for _, limit := range []int{0, 100} {
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			neutral(t, take(t, tab, s, []string{"postcode_fake"}, limit), tab)
		})
	}
}

// TestLargeComponentWaits: a component of more than Whole rows is clustered when it is
// read, and then as in a batch.
func TestLargeComponentWaits(t *testing.T) {
	tab := table.New(columns)
	for i := range 2 * resolve.Whole {
		tab.Add(fmt.Sprintf("%04d", i), []string{fmt.Sprint("name", i/2), fmt.Sprint("mail", (i+1)/2)})
	}
	want, _ := batch(t, small(), tab, nil)
	all := records(tab)
	for seed := range uint64(3) {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		x := index(t, small())
		waited := false
		for _, r := range all {
			a, err := x.Add(r)
			if err != nil {
				t.Fatal(err)
			}
			waited = waited || a.Deferred
		}
		if !waited {
			t.Fatal("no component was too large to be clustered at once")
		}
		a, err := x.Resolve(resolve.Record{Key: "q", Cells: all[0].Cells})
		if err != nil || !a.Deferred || a.Persona == "" {
			t.Fatalf("a question to a large component is answered by %+v, %v", a, err)
		}
		compare(t, "large component", firsts(x), want)
		checkIDs(t, x)
	}
}

func shared(t testing.TB, file string) string {
	dir := os.Getenv("MUSTER_SHARED")
	if dir == "" {
		dir = "../../../../shared"
	}
	path := filepath.Join(dir, "data/linkage", file)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the public linkage sets are not here: set MUSTER_SHARED")
	}
	return path
}

func TestNeutralFake1000(t *testing.T) {
	f, err := os.Open(shared(t, "splink/fake_1000.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tab, err := table.ReadCSV(f, table.CSV{ID: "unique_id", Drop: []string{"cluster"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{0, 24} {
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			neutral(t, take(t, tab, recipe(t, "fake_1000"), []string{"dob"}, limit), tab)
		})
	}
}
