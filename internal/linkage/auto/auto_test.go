package auto

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"muster/internal/linkage/table"
)

func TestProtected(t *testing.T) {
	for _, name := range []string{"gender", "Sex", "Geschlecht", "nationality", "Staatsangehörigkeit", "ethnicity", "race", "religion", "birth_place", "Place of Birth", "lugar-de-nacimiento", "mother tongue", "płeć", "citizenship", "country_of_birth"} {
		if !Protected(name) {
			t.Errorf("%s is compared", name)
		}
	}
	for _, name := range []string{"birth_date", "date of birth", "trace", "given_name", "Essex", "sextant", "address", "country", "language_skills_score"} {
		if Protected(name) {
			t.Errorf("%s is not compared", name)
		}
	}
}

// people makes rows of invented people.
func people(n int) *table.Table {
	rng := rand.New(rand.NewPCG(3, 4))
	word := func(letters int) string {
		var b strings.Builder
		for range letters {
			b.WriteByte("abcdefghiklmnoprstuw"[rng.IntN(20)])
		}
		return b.String()
	}
	given, family := make([]string, 60), make([]string, 300)
	for i := range given {
		given[i] = word(5)
	}
	for i := range family {
		family[i] = word(7)
	}
	t := table.New([]string{"first_name", "surname", "full", "born", "postcode", "mail", "salary", "gender", "constant", "empty", "about", "state"})
	for i := range n {
		g, f := given[rng.IntN(len(given))], family[rng.IntN(len(family))]
		var about []string
		for range 12 {
			about = append(about, word(4+rng.IntN(3)))
		}
		t.Add(fmt.Sprint(i), []string{
			g, f, g + " " + f, fmt.Sprintf("%02d/%02d/%d", 1+rng.IntN(28), 1+rng.IntN(12), 1950+rng.IntN(50)), fmt.Sprintf("ab%d %dcd", rng.IntN(20), rng.IntN(10)),
			g + "." + f + "@example.com", fmt.Sprintf("%d.%02d", rng.IntN(90000), rng.IntN(100)), []string{"f", "m"}[rng.IntN(2)], "x", "", strings.Join(about, " "), []string{"TX", "NY", "CO"}[rng.IntN(3)],
		})
	}
	return t
}

func TestKinds(t *testing.T) {
	tab := people(600)
	p := &planner{t: tab, rows: sample(tab)}
	for i := range tab.Names {
		p.columns = append(p.columns, profile(tab, i, p.rows))
	}
	p.composites()
	want := map[string]Kind{
		"first_name": Name, "surname": Name, "full": Skip, "born": Date, "postcode": Code, "mail": Email, "salary": Amount, "gender": Skip, "constant": Skip, "empty": Skip, "about": Text, "state": Category,
	}
	for _, c := range p.columns {
		// Sixty given names may as well be a category; the header decides later.
		if c.kind != want[c.name] && !(c.name == "first_name" && c.kind == Category) {
			t.Errorf("%s is %q (%s), want %q", c.name, c.kind, c.why, want[c.name])
		}
	}
}

func TestChoose(t *testing.T) {
	tab := people(3000)
	plan, err := Choose(tab)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.Settings
	if len(s.Comparisons) == 0 || s.Comparisons[0].Name != "first_name and surname" {
		t.Errorf("the names are not compared together: %+v", s.Comparisons)
	}
	text := fmt.Sprintf("%+v", s)
	for _, gone := range []string{"gender", "constant", "empty", `"full`} {
		if strings.Contains(text, gone) {
			t.Errorf("%s is in the model", gone)
		}
	}
	if !slices.Contains(s.Words, "about") {
		t.Errorf("words of %v, want about", s.Words)
	}
	if len(s.Blocking) < 3 {
		t.Errorf("only %d rules", len(s.Blocking))
	}
	again, err := Choose(people(3000))
	if err != nil || fmt.Sprintf("%+v", again.Settings) != text {
		t.Errorf("chosen otherwise the second time: %v", err)
	}
	restored, err := Restore(tab, s)
	if err != nil || len(restored.Lists) != len(plan.Lists) {
		t.Errorf("restored %d lists of %d: %v", len(restored.Lists), len(plan.Lists), err)
	}
}

// TestNothing refuses a table without anything to compare.
func TestNothing(t *testing.T) {
	tab := table.New([]string{"gender", "constant"})
	for i := range 50 {
		tab.Add(fmt.Sprint(i), []string{[]string{"f", "m"}[i%2], "x"})
	}
	if _, err := Choose(tab); err == nil {
		t.Error("a model was chosen")
	}
}

// TestSingle tells files that repeat themselves from those that do not.
func TestSingle(t *testing.T) {
	for _, repeated := range []bool{false, true} {
		a := people(200)
		b := people(200)
		a.Split = a.Len()
		for i := range b.IDs {
			var cells []string
			for c := range b.Names {
				cells = append(cells, b.Dict.Value(b.Columns[c][i]))
			}
			a.Add(b.IDs[i], cells)
			if repeated {
				a.Add("again "+b.IDs[i], cells)
			}
		}
		plan, err := Choose(a)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Settings.OneToOne == repeated {
			t.Errorf("repeated %v: one to one %v", repeated, plan.Settings.OneToOne)
		}
	}
}
