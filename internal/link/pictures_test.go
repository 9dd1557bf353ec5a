package link_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

const portrait = 0x9d3a64c71be2850e

// applicant writes a candidate with one picture; sum tells files apart.
func applicant(n int, hash uint64, sum string) string {
	return fmt.Sprintf(`{"record":"persona","handle":"ats:candidate:%d","kind":"candidate","full_name":"%s %s","emails":[{"value":"mail%d@example.org"}]}
{"record":"document","handle":"ats:candidate:%d","kind":"cv","image_hashes":["phash:%016x","sha256:%064s"]}
`, n, strings.Repeat(string(rune('a'+n%26)), 6), strings.Repeat(string(rune('a'+(n/26+7*n)%26)), 7), n, n, hash, sum)
}

// photoEdges writes the edges of pictures: holders, N, distance, and why suppressed.
func photoEdges(g *identity.Graph) []string {
	var out []string
	for _, e := range g.Edges {
		if e.Kind != identity.EdgePhoto {
			continue
		}
		var who []string
		for _, h := range e.Holders {
			for _, x := range g.Persona(h.Persona).Handles {
				if strings.HasPrefix(string(x), "ats:candidate:") {
					who = append(who, x.Value())
				}
			}
		}
		slices.Sort(who)
		line := fmt.Sprintf("%s n%d", strings.Join(who, " "), e.N)
		if e.Similarity > 0 {
			line += fmt.Sprintf(" d%.0f", 64*(1-e.Similarity))
		}
		if e.Suppressed != "" {
			line += " (" + e.Suppressed + ")"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

func TestPictureEdges(t *testing.T) {
	var many, spreadOut strings.Builder
	for i := range 13 {
		many.WriteString(applicant(i, portrait, "a"))
		spreadOut.WriteString(applicant(i, portrait^1<<i, fmt.Sprint(i))) // everybody saved the picture of the template anew
	}
	for _, c := range []struct {
		name, rows string
		want       []string
	}{
		{"equal", applicant(1, portrait, "a") + applicant(2, portrait, "b") + applicant(3, ^uint64(portrait), "c"), []string{"1 2 n2 d0"}},
		{"six bits", applicant(1, portrait, "a") + applicant(2, portrait^0x3f, "b"), []string{"1 2 n2 d6"}},
		{"seven bits", applicant(1, portrait, "a") + applicant(2, portrait^0x7f, "b"), nil},
		{
			"a likeness of two with one picture, and no chain",
			applicant(1, portrait, "a") + applicant(2, portrait, "a") + applicant(3, portrait^0xf, "b") + applicant(4, portrait^0xff, "c"),
			[]string{"1 2 n3 d0", "1 3 n4 d4", "2 3 n4 d4", "3 4 n4 d4"},
		},
		{"a template", many.String(), []string{"0 1 10 11 12 2 3 4 5 6 7 8 9 n13 (more than 12 holders: a template, a logo or a default picture)"}},
		{"a template saved anew", spreadOut.String(), []string{"0 1 10 11 12 2 3 4 5 6 7 8 9 n13 (more than 12 holders: a template, a logo or a default picture)"}},
		{"one person's two pictures", applicant(1, portrait, "a") + applicant(1, portrait^1, "b"), nil},
		{
			"a profile", applicant(1, portrait, "a") + `{"record":"persona","handle":"ats:candidate:2","full_name":"Rob Specimen","photo_phash":"` + fmt.Sprintf("%016X", uint64(portrait)) + `"}`,
			[]string{"1 2 n2 d0"},
		},
		{
			"a file that is not decoded", `{"record":"document","handle":"ats:candidate:1","image_hashes":["` + strings.Repeat("AB", 32) + `"]}
{"record":"document","handle":"ats:candidate:2","image_hashes":["sha256:` + strings.Repeat("ab", 32) + `"]}`,
			[]string{"1 2 n2"},
		},
		{
			"what a school or an employer hands out", `{"record":"document","handle":"ats:candidate:1","kind":"diploma","image_hashes":["phash:9d3a64c71be2850e"]}
{"record":"document","handle":"ats:candidate:2","kind":"offer","image_hashes":["phash:9d3a64c71be2850e"]}`, nil,
		},
		{
			"scans of identity documents: the file counts, the layout does not",
			`{"record":"document","handle":"ats:candidate:1","kind":"id_document","image_hashes":["phash:9d3a64c71be2850e","sha256:` + strings.Repeat("ab", 32) + `"]}
{"record":"document","handle":"ats:candidate:2","kind":"id_document","image_hashes":["phash:9d3a64c71be2850e","sha256:` + strings.Repeat("cd", 32) + `"]}
{"record":"document","handle":"ats:candidate:3","kind":"id_document","image_hashes":["phash:9d3a64c71be2850e","sha256:` + strings.Repeat("cd", 32) + `"]}`,
			[]string{"2 3 n2"},
		},
		{"no hash", `{"record":"document","handle":"ats:candidate:1","image_hashes":["phash:0","","sha256:","x"]}
{"record":"document","handle":"ats:candidate:2","image_hashes":["phash:0","","sha256:","x"]}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := photoEdges(build(rows(t, c.rows), &settings.Settings{})); !slices.Equal(got, c.want) {
				t.Errorf("edges\n%q, want\n%q", got, c.want)
			}
		})
	}
}

// TestPictureAndPhone: a picture and another family make an operator.
func TestPictureAndPhone(t *testing.T) {
	text := applicant(1, portrait, "a") + applicant(2, portrait^3, "b")
	if g := build(rows(t, text), &settings.Settings{}); len(g.Operators) != 0 {
		t.Errorf("a picture alone makes an operator: %+v", g.Operators[0])
	}
	text += `{"record":"persona","handle":"ats:candidate:1","phones":[{"e164":"+12025550101"}]}
{"record":"persona","handle":"ats:candidate:2","phones":[{"e164":"+12025550101"}]}
`
	g := build(rows(t, text), &settings.Settings{})
	if len(g.Operators) != 1 || len(g.Operators[0].Links) != 1 {
		t.Fatalf("operators %+v", g.Operators)
	}
	reasons := g.Operators[0].Links[0].Reasons
	if len(reasons) != 2 || !slices.ContainsFunc(reasons, func(r identity.Reason) bool {
		return r.Family == "image" && r.Text == "the same picture (edited or saved anew)" && r.Weight > 2 && r.Weight < 2.32
	}) {
		t.Errorf("reasons %+v", reasons)
	}
}

// TestPicturesShuffled: the order of rows changes nothing.
func TestPicturesShuffled(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	var text strings.Builder
	for i := range 60 {
		h := uint64(portrait)
		for range r.IntN(9) {
			h ^= 1 << r.IntN(64)
		}
		text.WriteString(applicant(i, h, fmt.Sprint(i)))
	}
	recs := rows(t, text.String())
	want := photoEdges(build(slices.Clone(recs), &settings.Settings{}))
	if len(want) == 0 {
		t.Fatal("no edges")
	}
	for range 5 {
		other := slices.Clone(recs)
		r.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		if got := photoEdges(build(other, &settings.Settings{})); !slices.Equal(got, want) {
			t.Fatalf("%d edges, want %d", len(got), len(want))
		}
	}
}

// TestDefaultAvatar: a picture that everybody has costs no more than one edge.
func TestDefaultAvatar(t *testing.T) {
	var recs []record.Record
	for i := range 3000 {
		recs = append(recs, &record.Persona{
			Common:  record.Common{Ref: record.Ref{Source: "t", File: "f", Line: i + 1, Key: fmt.Sprint(i)}},
			Subject: record.Subject{Handle: record.NewHandle("ats:candidate", fmt.Sprint(i))}, PhotoHash: fmt.Sprintf("%016x", uint64(portrait)^uint64(i%7)),
		})
	}
	edges := photoEdges(build(recs, &settings.Settings{}))
	if len(edges) != 1 || !strings.Contains(edges[0], " n3000 (more than 12 holders") {
		t.Errorf("%d edges", len(edges))
	}
}
