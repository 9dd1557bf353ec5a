package resolve_test

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/linkage/model"
	"muster/internal/linkage/resolve"
	"muster/internal/linkage/score"

	"pgregory.net/rapid"
)

// settings is a small model: a mailbox says much, a name some, a city little.
func settings() *model.Settings {
	exact := func(column string, m, u float64) model.Comparison {
		return model.Comparison{Name: column, Levels: []model.Level{
			{SQL: `"` + column + `_l" IS NULL OR "` + column + `_r" IS NULL`, Null: true},
			{SQL: `"` + column + `_l" = "` + column + `_r"`, M: new(m), U: new(u), TFColumn: column},
			{SQL: model.Else, M: new(1 - m), U: new(1 - u)},
		}}
	}
	return &model.Settings{
		LinkType: "dedupe_only", Prior: 0.01,
		Blocking:    []model.Rule{{SQL: `l."mail" = r."mail"`}, {SQL: `l."name" = r."name"`}},
		Comparisons: []model.Comparison{exact("name", 0.9, 0.01), exact("mail", 0.9, 0.0001), exact("city", 0.7, 0.2)},
	}
}

var columns = []string{"name", "mail", "city"}

func small() *resolve.Snapshot {
	s := &resolve.Snapshot{Settings: settings(), Rows: 100, Cap: 50, Penalty: 1, Least: 1}
	for _, c := range columns {
		s.Counts = append(s.Counts, score.Counts{Column: c, Filled: 10_000})
	}
	return s
}

func index(t *testing.T, s *resolve.Snapshot) *resolve.Index {
	t.Helper()
	x, err := resolve.New(s, columns)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func add(t *testing.T, x *resolve.Index, key string, cells ...string) resolve.Answer {
	t.Helper()
	a, err := x.Add(resolve.Record{Key: key, Cells: cells})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func id(t *testing.T, x *resolve.Index, key string) string {
	t.Helper()
	m, _, err := x.Of(key)
	if err != nil {
		t.Fatal(err)
	}
	return m.Persona
}

// TestMergeAndSplit: an id outlives a merge as a redirect, and a split as the id of the
// part that has its anchor.
func TestMergeAndSplit(t *testing.T) {
	x := index(t, small())
	b := add(t, x, "b", "ann example", "ann@example.com", "bonn").Persona
	c := add(t, x, "c", "ann specimen", "specimen@example.com", "bonn").Persona
	if b == c {
		t.Fatal("two people have one id")
	}
	a := add(t, x, "a", "ann example", "specimen@example.com", "bonn")
	if len(a.Members) != 3 || a.Persona != b || !slices.Equal(a.Joins, sorted(b, c)) {
		t.Fatalf("the bridge made %+v", a)
	}
	if x.Persona(c) != b {
		t.Errorf("%s leads to %s, want %s", c, x.Persona(c), b)
	}
	e := a.Events[0]
	if e.Cause.Kind != resolve.ByRecord || e.Cause.Key != "a" || e.After != b || e.Weakest == nil || e.Weakest.A != "a" {
		t.Errorf("the event is %+v, its weakest edge %+v", e, e.Weakest)
	}
	events, err := x.Judge(resolve.Judgement{A: "a", B: "c", Verdict: resolve.NotSame, Who: "kim"})
	if err != nil {
		t.Fatal(err)
	}
	if id(t, x, "b") != b || id(t, x, "c") == b || id(t, x, "c") == c {
		t.Errorf("after the split b is %s and c is %s: the id stays with b, and %s stays a redirect", id(t, x, "b"), id(t, x, "c"), c)
	}
	if len(events) != 2 || events[0].Cause.Who != "kim" || events[1].SplitFrom != b || !slices.Equal(events[1].Before, []string{b}) || events[1].After != id(t, x, "c") {
		t.Errorf("the events are %+v", events)
	}
	checkIDs(t, x)
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	if _, err := x.Judge(resolve.Judgement{A: "c", B: "a", DeletedAt: &now}); err != nil {
		t.Fatal(err)
	}
	if id(t, x, "c") != b {
		t.Error("the judgement was withdrawn and still holds")
	}
	checkIDs(t, x)
}

func sorted(s ...string) []string {
	slices.Sort(s)
	return s
}

// TestMostDecisionsSurvive: of two ids that become one, that with more human decisions
// stays, although the other is older.
func TestMostDecisionsSurvive(t *testing.T) {
	x := index(t, small())
	old := add(t, x, "a", "ann example", "ann@example.com").Persona
	add(t, x, "m", "someone else", "else@example.com")
	judged := add(t, x, "z", "zoe specimen", "zoe@example.com").Persona
	mustJudge(t, x, resolve.Judgement{A: "z", B: "m", Verdict: resolve.Unsure})
	mustJudge(t, x, resolve.Judgement{A: "a", B: "z", Verdict: resolve.Same})
	// The last judgement is one decision for each, so that z has two.
	if id(t, x, "a") != judged || x.Persona(old) != judged {
		t.Errorf("%s stayed, want %s", id(t, x, "a"), judged)
	}
}

// TestResolveSaysWhatAddDoes on generated people.
func TestResolveSaysWhatAddDoes(t *testing.T) {
	tab := generated(t, 1500, 9)
	snap := take(t, tab, recipe(t, "synth-tight"), []string{"dob"}, 0)
	x, err := resolve.New(snap, tab.Names)
	if err != nil {
		t.Fatal(err)
	}
	joined := 0
	for _, r := range records(tab) {
		said, err := x.Resolve(r)
		if err != nil {
			t.Fatal(err)
		}
		done, err := x.Add(r)
		if err != nil {
			t.Fatal(err)
		}
		members := slices.DeleteFunc(done.Members, func(key string) bool { return key == r.Key })
		if said.Persona != done.Persona || !slices.Equal(said.Members, members) || !reflect.DeepEqual(said.Joins, done.Joins) || said.New != done.New || said.Candidates != done.Candidates || len(said.Matches) != len(done.Matches) {
			t.Fatalf("%s: Resolve says %+v, Add does %+v", r.Key, said, done)
		}
		if len(said.Joins) > 0 {
			joined++
		}
	}
	if joined == 0 {
		t.Error("no record joined two personas, so that the test does not see it")
	}
}

// TestLimit: a record has no more candidates than the limit, whatever it shares, and
// keys that are too broad are named.
func TestLimit(t *testing.T) {
	s := small()
	s.Cap = 10
	x := index(t, s)
	most := 0
	for i := range 60 {
		key := string(rune('A' + i))
		said, err := x.Resolve(resolve.Record{Key: key, Cells: []string{"ann example", "shared@example.com"}})
		if err != nil {
			t.Fatal(err)
		}
		a := add(t, x, key, "ann example", "shared@example.com")
		if said.Candidates != a.Candidates || !slices.Equal(said.Broad, a.Broad) {
			t.Fatalf("record %d: Resolve says %+v, Add does %+v", i+1, said, a)
		}
		most = max(most, a.Candidates)
		if want := i + 1; want > 10 && (a.Candidates != 0 || len(a.Broad) != 2) {
			t.Fatalf("record %d of one name and mailbox has %d candidates and %v too broad", want, a.Candidates, a.Broad)
		}
	}
	if most != 9 {
		t.Errorf("at most %d candidates, want 9", most)
	}
	broad := x.Broad()
	if len(broad) != 2 || broad[0].Rows != 60 || broad[0].Values[0] != "shared@example.com" {
		t.Errorf("too broad are %+v", broad)
	}
	if x.Edges() != 0 {
		t.Errorf("%d edges of a block above the cap are left", x.Edges())
	}
	checkIDs(t, x)
}

func TestRefuses(t *testing.T) {
	x := index(t, small())
	add(t, x, "a", "ann")
	for _, r := range []resolve.Record{{}, {Key: "a"}, {Key: "b", Cells: []string{"1", "2", "3", "4"}}} {
		if _, err := x.Add(r); err == nil {
			t.Errorf("%+v is taken in", r)
		}
	}
	if x.Len() != 1 {
		t.Errorf("%d records, want 1", x.Len())
	}
	born := small()
	born.Settings.Blocking = append(born.Settings.Blocking, model.Rule{SQL: `l."birth_place" = r."birth_place"`})
	words := small()
	words.Settings.Words = []string{"name"}
	files := small()
	files.Settings.LinkType = "link_only"
	for what, s := range map[string]*resolve.Snapshot{"a birthplace": born, "words": words, "two files": files} {
		if _, err := resolve.New(s, append([]string{"birth_place"}, columns...)); err == nil {
			t.Errorf("a model of %s is taken", what)
		}
	}
}

func TestJudgementLog(t *testing.T) {
	var log bytes.Buffer
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	lines := []resolve.Judgement{
		{A: "a", B: "b", Verdict: resolve.Same, Who: "kim", At: &at},
		{A: "b", B: "c", Verdict: resolve.NotSame},
		{A: "c", B: "d", Verdict: resolve.Unsure},
		{A: "b", B: "a", DeletedAt: &at, Who: "lee"},
	}
	for _, j := range lines {
		if err := resolve.AppendJudgement(&log, j); err != nil {
			t.Fatal(err)
		}
	}
	log.WriteString("\n{\"a\":\"a\"}\nnonsense\n{\"a\":\"a\",\"b\":\"d\",\"judgement\":\"maybe\"}\n{\"a\":\"e\",\"b\":\"f\",\"judgement\":\"same\"}")
	got, faults, err := resolve.ReadJudgements(&log)
	if err != nil {
		t.Fatal(err)
	}
	if want := append(lines, resolve.Judgement{A: "e", B: "f", Verdict: resolve.Same}); !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	if len(faults) != 3 || faults[0].Line != 6 || faults[2].Line != 8 {
		t.Errorf("faults %+v", faults)
	}
	x := index(t, small())
	for _, j := range got {
		mustJudge(t, x, j)
	}
	if list := x.Judgements(); len(list) != 3 || list[0].A != "b" {
		t.Errorf("hold %+v", list)
	}
	add(t, x, "e", "one")
	if a := add(t, x, "f", "other"); len(a.Members) != 2 {
		t.Errorf("the judgement came before its records and is forgotten: %+v", a)
	}
	mustJudge(t, x, resolve.Judgement{A: "e", B: "f", Verdict: resolve.Same})
	add(t, x, "g", "third")
	mustJudge(t, x, resolve.Judgement{A: "f", B: "g", Verdict: resolve.Same})
	mustJudge(t, x, resolve.Judgement{A: "e", B: "g", Verdict: resolve.NotSame})
	if c := x.Contradictions(); len(c) != 1 || c[0].B != "g" {
		t.Errorf("contradictions %+v", c)
	}
}

// TestRetrain: judgements and ids outlive another model.
func TestRetrain(t *testing.T) {
	x := index(t, small())
	add(t, x, "a", "ann example", "ann@example.com")
	add(t, x, "b", "ann example", "ann@example.com")
	add(t, x, "c", "zoe specimen", "zoe@example.com")
	add(t, x, "d", "kim sample", "kim@example.com")
	add(t, x, "e", "kim sample", "kim@example.com")
	mustJudge(t, x, resolve.Judgement{A: "a", B: "c", Verdict: resolve.Same})
	mustJudge(t, x, resolve.Judgement{A: "d", B: "e", Verdict: resolve.NotSame})
	strict := small()
	strict.Settings.Prior = 1e-12
	y, events, err := x.Retrain(context.Background(), strict, 2)
	if err != nil {
		t.Fatal(err)
	}
	if id(t, y, "a") != id(t, x, "a") || id(t, y, "c") != id(t, x, "a") || id(t, y, "b") == id(t, x, "a") || id(t, y, "d") != id(t, x, "d") || id(t, y, "e") != id(t, x, "e") {
		t.Errorf("before %+v, after %+v", x.All(), y.All())
	}
	if len(events) != 2 || events[0].Cause.Kind != resolve.ByModel || events[1].SplitFrom != id(t, x, "a") {
		t.Errorf("the events are %+v", events)
	}
	checkIDs(t, y)
}

// TestStore: an index that is written and read has the same clusters, ids, redirects and
// judgements, and goes on alike.
func TestStore(t *testing.T) {
	tab := generated(t, 800, 3)
	s := recipe(t, "synth-tight")
	own := func(c model.Comparison) bool { return c.Name == "birth_place" }
	s.Comparisons = slices.DeleteFunc(s.Comparisons, own)
	for _, list := range []*[]model.Rule{&s.Blocking, &s.Training, &s.Certain} {
		*list = slices.DeleteFunc(*list, func(r model.Rule) bool { return strings.Contains(r.SQL, "birth_place") })
	}
	s.Training = append(s.Training, model.Rule{SQL: `l."dob" = r."dob"`})
	snap := take(t, tab, s, []string{"dob"}, 60)
	x, err := resolve.New(snap, tab.Names)
	if err != nil {
		t.Fatal(err)
	}
	all := records(tab)
	for _, r := range all[:700] {
		if _, err := x.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	mustJudge(t, x, resolve.Judgement{A: all[0].Key, B: all[1].Key, Verdict: resolve.Same, Who: "kim"})
	var file bytes.Buffer
	if err := x.Write(&file); err != nil {
		t.Fatal(err)
	}
	text := file.String()
	y, err := resolve.Read(context.Background(), &file, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[700:] {
		a, err := x.Add(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := y.Add(r)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("before %+v, after %+v", a, b)
		}
	}
	if !reflect.DeepEqual(x.All(), y.All()) || !reflect.DeepEqual(x.Judgements(), y.Judgements()) {
		t.Error("the index is not what was written")
	}
	for _, n := range []int{0, 10, len(text) / 2, len(text) - 1} {
		if _, err := resolve.Read(context.Background(), strings.NewReader(text[:n]), 1); err == nil {
			t.Errorf("an index cut after %d of %d bytes is read", n, len(text))
		}
	}
}

// TestSnapshotRoundTrip: what is written is read, whatever the values.
func TestSnapshotRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := small()
		s.Settings.Prior = rapid.Float64Range(1e-12, 0.5).Draw(t, "prior")
		s.Rows, s.Cap = rapid.IntRange(0, 1<<40).Draw(t, "rows"), rapid.IntRange(2, 1<<16).Draw(t, "cap")
		s.Penalty, s.Least = rapid.Float64Range(0, 12).Draw(t, "penalty"), rapid.Float64Range(0, 12).Draw(t, "least")
		s.Refine = rapid.SliceOfN(rapid.SampledFrom(columns), 1, 3).Draw(t, "refine")
		for i := range s.Counts {
			s.Counts[i].Filled = rapid.IntRange(1, 1<<30).Draw(t, "filled")
			s.Counts[i].Values = rapid.SliceOf(rapid.Custom(func(t *rapid.T) score.Count {
				return score.Count{Value: rapid.String().Draw(t, "value"), Rows: int32(rapid.IntRange(1, s.Counts[i].Filled).Draw(t, "count"))}
			})).Draw(t, "values")
		}
		for i := range s.Settings.Comparisons {
			s.Settings.Comparisons[i].Levels[1].M = new(rapid.Float64Range(0, 1).Draw(t, "m"))
		}
		var one, two bytes.Buffer
		if err := s.Write(&one); err != nil {
			t.Fatal(err)
		}
		text := one.String()
		got, err := resolve.ReadSnapshot(&one)
		if err != nil {
			t.Fatal(err)
		}
		if err := got.Write(&two); err != nil {
			t.Fatal(err)
		}
		if text != two.String() || got.Settings.Prior != s.Settings.Prior || got.Rows != s.Rows || got.Cap != s.Cap || !slices.Equal(got.Refine, s.Refine) || *got.Settings.Comparisons[0].Levels[1].M != *s.Settings.Comparisons[0].Levels[1].M {
			t.Fatalf("wrote %s\nread %s", text, two.String())
		}
		for i, c := range s.Counts {
			if g := got.Counts[i]; g.Column != c.Column || g.Filled != c.Filled || !slices.Equal(g.Values, c.Values) {
				t.Fatalf("wrote %+v, read %+v", c, g)
			}
		}
	})
}

func TestReadSnapshotRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := small().Write(&b); err != nil {
		t.Fatal(err)
	}
	good := b.String()
	for what, text := range map[string]string{
		"nothing":         "",
		"other JSON":      "{}",
		"another version": strings.Replace(good, `"version":1`, `"version":2`, 1),
		"no cap":          strings.Replace(good, `"cap":50`, `"cap":0`, 1),
		"more than all":   strings.Replace(good, `"filled":10000,"values":[],"rows":[]`, `"filled":1,"values":["x"],"rows":[2]`, 1),
		"a value missing": strings.Replace(good, `"filled":10000,"values":[],"rows":[]`, `"filled":9,"values":[],"rows":[2]`, 1),
	} {
		if _, err := resolve.ReadSnapshot(strings.NewReader(text)); err == nil {
			t.Errorf("%s: it is read", what)
		}
	}
}
