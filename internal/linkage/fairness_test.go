package linkage_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"muster/internal/linkage"
	"muster/internal/linkage/table"
)

// script is how invented names of one writing are made: from syllables, with as many
// surnames as are usual in it, the first of which are frequent.
type script struct {
	name                string
	syllables           []string
	givenLen, familyLen int // syllables
	given, family       int // names in use
	skew                float64
}

var scripts = []script{
	{"Latin", []string{"ba", "ce", "di", "fo", "gu", "han", "jo", "kel", "lim", "mar", "nor", "pe", "ros", "sta", "ti", "vin", "wes", "zel"}, 2, 3, 400, 2500, 0.8},
	{"Cyrillic", []string{"ба", "ве", "гор", "ди", "жен", "за", "ки", "лев", "ма", "но", "пет", "ров", "се", "то", "фи", "чер", "юр", "яс"}, 2, 3, 300, 2000, 0.8},
	{"Hangul", []string{"가", "나", "다", "민", "서", "준", "하", "은", "지", "현", "우", "영", "수", "진", "호", "성", "태", "윤"}, 2, 1, 250, 18, 1.0},
	{"Han", []string{"明", "华", "丽", "伟", "芳", "静", "军", "杰", "涛", "敏", "超", "霞", "平", "刚", "桂", "英", "文", "辉"}, 2, 1, 300, 18, 0.9},
	{"Arabic", []string{"مح", "عل", "حس", "كر", "سع", "نو", "فا", "را", "با", "ها", "جم", "طا", "يا", "لا", "دا", "صا", "قا", "شر"}, 2, 2, 250, 300, 0.9},
}

type invented struct {
	script, rarity int // rarity: quarter of the people by how frequent their surname is
	person         int32
}

// namesakes invents people of all scripts with the same mistakes in their copies, and
// far more namesakes where surnames are few.
func namesakes(perScript int) (*table.Table, []invented) {
	rng := rand.New(rand.NewPCG(21, 22))
	t := table.New([]string{"given_name", "surname", "birth_date", "city", "phone"})
	var rows []invented
	var cells [][]string
	person := int32(0)
	for si, s := range scripts {
		made := func(n, length int, last string) []string {
			out := make([]string, n)
			for i := range out {
				for k, x := 0, i; k < length; k, x = k+1, x/len(s.syllables) {
					out[i] += s.syllables[(x+k*5)%len(s.syllables)]
				}
				out[i] += last
			}
			return out
		}
		given, family := made(s.given, s.givenLen, ""), made(s.family, s.familyLen, "")
		pick := func(n int) int {
			var total float64
			for i := range n {
				total += math.Pow(float64(i+3), -s.skew)
			}
			x := rng.Float64() * total
			for i := range n {
				if x -= math.Pow(float64(i+3), -s.skew); x <= 0 {
					return i
				}
			}
			return n - 1
		}
		for range perScript {
			g, f := pick(len(given)), pick(len(family))
			base := []string{given[g], family[f], fmt.Sprintf("%d-%02d-%02d", 1960+rng.IntN(40), 1+rng.IntN(12), 1+rng.IntN(28)), fmt.Sprintf("city %d", rng.IntN(60)), fmt.Sprintf("+1555%07d", rng.IntN(10_000_000))}
			for copies := range 1 + rng.IntN(3) {
				c := slices.Clone(base)
				if copies > 0 { // mistakes do not know of each other
					if rng.IntN(12) == 0 {
						c[0] = given[pick(len(given))]
					}
					if rng.IntN(6) == 0 {
						c[2] = c[2][:8] + fmt.Sprintf("%02d", 1+rng.IntN(28))
					}
					if rng.IntN(6) == 0 {
						c[3] = fmt.Sprintf("city %d", rng.IntN(60))
					}
					if rng.IntN(4) == 0 {
						c[4] = ""
					}
				}
				cells, rows = append(cells, c), append(rows, invented{script: si, rarity: f, person: person})
			}
			person++
		}
	}
	order := rng.Perm(len(rows))
	out := make([]invented, len(rows))
	for i, k := range order {
		t.Add(fmt.Sprint(i), cells[k])
		out[i] = rows[k]
	}
	return t, out
}

// wilson is the interval of a share at 95 %.
func wilson(k, n float64) (low, high float64) {
	const z = 1.96
	p := k / n
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	d := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return mid - d, mid + d
}

// TestFalseLinksByGroup prints, per script and per quarter of surnames by frequency,
// how many clusters hold more than one person, and asks that no group's share
// is surely more than one and a half times that of all.
func TestFalseLinksByGroup(t *testing.T) {
	if raceDetector {
		t.Skip("groups are large enough only without the race detector")
	}
	tab, rows := namesakes(1000)
	res, err := linkage.Run(context.Background(), tab, linkage.Options{Auto: true, Workers: 2, Seed: 1, Say: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	people := map[int32]map[int32]bool{}
	for i, c := range res.Clusters {
		if people[c] == nil {
			people[c] = map[int32]bool{}
		}
		people[c][rows[i].person] = true
	}
	found := map[int32]map[int32]bool{}
	for i, c := range res.Clusters {
		p := rows[i].person
		if found[p] == nil {
			found[p] = map[int32]bool{}
		}
		found[p][c] = true
	}
	whole := 0
	for _, f := range found {
		if len(f) == 1 {
			whole++
		}
	}
	t.Logf("%d rows of %d people, %d whole in one cluster", len(rows), len(found), whole)
	if float64(whole) < 0.9*float64(len(found)) {
		t.Errorf("only %d of %d people are whole", whole, len(found))
	}
	var total float64
	for _, p := range people {
		if len(p) > 1 {
			total++
		}
	}
	overall := total / float64(len(found))
	t.Logf("all: %.0f wrong clusters, %d people, %.2f %%", total, len(found), 100*overall)
	group := func(name string, in func(invented) bool) {
		// A wrong cluster is one event, however many rows stand in it.
		all, wrong := map[int32]bool{}, map[int32]bool{}
		for i, r := range rows {
			if in(r) {
				all[r.person] = true
				if c := res.Clusters[i]; len(people[c]) > 1 {
					wrong[c] = true
				}
			}
		}
		k, n := float64(len(wrong)), float64(len(all))
		low, high := wilson(k, n)
		t.Logf("%-28s %4.0f of %5.0f people, %.2f %% (%.2f-%.2f %%), %.2f times all", name, k, n, 100*k/n, 100*low, 100*high, k/n/max(overall, 1e-9))
		if low > 1.5*overall {
			t.Errorf("%s: wrong clusters are surely more than 1.5 times as frequent as among all", name)
		}
	}
	for si, s := range scripts {
		group(s.name, func(r invented) bool { return r.script == si })
	}
	ranks := slices.Clone(rows)
	slices.SortStableFunc(ranks, func(a, b invented) int { return cmp.Compare(a.rarity, b.rarity) })
	for q := range 4 {
		from, to := ranks[q*len(ranks)/4].rarity, ranks[min((q+1)*len(ranks)/4, len(ranks)-1)].rarity
		group(fmt.Sprintf("surname, quarter %d of 4", q+1), func(r invented) bool { return r.rarity >= from && (r.rarity < to || q == 3) })
	}
}
