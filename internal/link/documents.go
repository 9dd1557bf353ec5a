package link

import (
	"slices"

	"muster/internal/identity"
	"muster/internal/match"
)

// What makes two texts alike, once common phrases are left out (measured in
// docs/benchmarks.md). Résumés: catalogue A09, and what is left of the shorter one when
// half of it was replaced; strangers share a third of that. Parts are single jobs, letters are
// what applicants write for one application: most of the shorter one.
var (
	resumeAlike = match.Want{Jaccard: 0.3, Containment: 0.15, Shared: 32}
	partAlike   = match.Want{Jaccard: 0.6, Containment: 0.6, Shared: 24, Few: true}
	coverAlike  = match.Want{Jaccard: 0.5, Containment: 0.5, Shared: 24, Few: true}
)

// leastWords is the length of the shortest part, letter or answer that is compared.
const leastWords = 20

// alike adds an edge for each two people with similar texts, of the closest two texts,
// and returns who is joined by most of it. Pairs in told are joined already.
func (b *builder) alike(kind identity.EdgeKind, label string, all []text, want match.Want, told map[pairKey]bool) map[pairKey]bool {
	degree := map[int32]map[int32]bool{}
	best := map[pairKey]match.Pair{}
	for _, p := range similar(all, match.ShingleWords, want) {
		x, y := all[p.I].person, all[p.J].person
		for _, k := range [2][2]int32{{x, y}, {y, x}} {
			if degree[k[0]] == nil {
				degree[k[0]] = map[int32]bool{}
			}
			degree[k[0]][k[1]] = true
		}
		if old, ok := best[keyOf(x, y)]; !ok || p.Similarity > old.Similarity {
			best[keyOf(x, y)] = p
		}
	}
	joined := map[pairKey]bool{}
	for _, p := range ordered(best) {
		x, y := all[p.I], all[p.J]
		k := keyOf(x.person, y.person)
		if told[k] {
			continue
		}
		e := b.pairEdge(kind, label, x, y)
		e.Similarity, e.Containment, e.Shared = p.Similarity, p.Containment, p.Shared
		e.N = 1 + max(len(degree[x.person]), len(degree[y.person]))
		b.weighText(e, p.Similarity)
		e.Passages = b.passages(x, y)
		joined[k] = p.Similarity >= want.Jaccard
	}
	return joined
}

// parts compares single jobs: who makes many résumés of few masters re-uses sections and
// not whole documents (linkage.md 7). Summaries are left out, since public templates and
// writing tools supply them. told says who is joined by more than a part.
func (b *builder) parts(told map[pairKey]bool) {
	var all []text
	for i, p := range b.persons {
		n := len(all)
		for _, h := range p.Records.History {
			if (h.ItemKind == "" || h.ItemKind == "work") && enough(h.Summary) {
				all = append(all, text{person: int32(i), body: h.Summary, at: h.ObservedAt.Time().UTC(), ref: &h.Ref})
			}
		}
		if len(all) > n {
			b.held.mark(identity.EdgeSectionText, int32(i))
		}
	}
	b.alike(identity.EdgeSectionText, "part of a résumé", all, partAlike, told)
}

// enough reports whether a text has words enough to be compared.
func enough(s string) bool {
	return len(match.Shingles(s, match.ShingleWords)) > leastWords-match.ShingleWords
}

// coverLetters compares letters of application and long answers to the questions of an
// application form; one may have been pasted into the other.
func (b *builder) coverLetters() {
	var all []text
	for i, p := range b.persons {
		n := len(all)
		for _, d := range p.Records.Documents {
			if body := d.Text(); d.DocumentKind == "cover_letter" && enough(body) {
				all = append(all, text{person: int32(i), body: body, at: received(d).Time().UTC(), ref: &d.Ref})
			}
		}
		for _, a := range p.Records.Applications {
			for _, q := range a.Answers {
				if enough(q.A) {
					all = append(all, text{person: int32(i), body: q.A, at: a.AppliedAt.Time().UTC(), ref: &a.Ref})
				}
			}
		}
		if len(all) > n {
			b.held.mark(identity.EdgeLetterText, int32(i))
		}
	}
	b.alike(identity.EdgeLetterText, "letter or answer", all, coverAlike, nil)
}

// fileMakers finds files of different people that name one third party as author or
// last editor: whoever makes résumés for others. Names in the files of many are those
// of agencies, services and programs.
func (b *builder) fileMakers() {
	var us []use
	for _, s := range b.signatures() {
		if s.key == "" || b.ownName(s.person, s.name) {
			continue
		}
		b.held.mark(identity.EdgeFileMaker, s.person)
		us = append(us, use{kind: identity.EdgeFileMaker, key: s.key, person: s.person, at: received(s.doc).Time().UTC(), ref: &s.doc.Ref, label: s.name})
	}
	slices.SortFunc(us, compareUses)
	for lo := 0; lo < len(us); {
		hi := lo + 1
		for hi < len(us) && us[hi].key == us[lo].key {
			hi++
		}
		b.star(us[lo:hi])
		lo = hi
	}
}

// ownName reports whether a name is the person's own, in any spelling.
func (b *builder) ownName(person int32, name string) bool {
	n := match.ParseName(name)
	return slices.ContainsFunc(b.persons[person].parsed, func(q match.Name) bool { return n.Relate(q) >= match.NamePartial })
}
