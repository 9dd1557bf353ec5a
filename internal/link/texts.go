package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// Least similarities of texts. Bullets of one job: A13; reference letters are short, and
// those of one form differ in the name.
const (
	bulletsAlike = 0.8
	letterAlike  = 0.5
)

// maxPassages is how many passages an edge quotes.
const maxPassages = 5

// text is a text of a person.
type text struct {
	person int32
	body   string
	at     time.Time
	ref    *record.Ref
	ends   []int32 // for letters: whom it is about and who wrote it
}

// pairKey names two persons, the smaller first.
type pairKey struct{ a, b int32 }

func keyOf(a, b int32) pairKey {
	if b < a {
		a, b = b, a
	}
	return pairKey{a, b}
}

// texts finds texts that people have in common.
func (b *builder) texts() {
	told := b.resumes()
	b.histories(told)
	b.parts(told)
	b.coverLetters()
	b.skeletons()
	b.fileMakers()
	b.letters()
	b.fileNames()
	b.mailboxNames()
}

// resumes compares the work histories of résumés and returns who is joined.
func (b *builder) resumes() map[pairKey]bool {
	var all []text
	for i, p := range b.persons {
		n := len(all)
		for _, d := range p.Records.Documents {
			if body := workHistory(d); body != "" {
				at := d.ReceivedAt
				if at.IsZero() {
					at = d.ObservedAt
				}
				all = append(all, text{person: int32(i), body: body, at: at.Time().UTC(), ref: &d.Ref})
			}
		}
		if len(all) > n {
			b.held.mark(identity.EdgeResumeText, int32(i))
			continue
		}
		var parts []string // without a file, what the application form took down
		var first *record.HistoryItem
		for _, h := range p.Records.History {
			if h.Summary != "" {
				parts = append(parts, h.Summary)
				if first == nil {
					first = h
				}
			}
		}
		if first != nil {
			slices.Sort(parts)
			b.held.mark(identity.EdgeResumeText, int32(i))
			all = append(all, text{person: int32(i), body: strings.Join(parts, record.TextBreak), at: first.ObservedAt.Time().UTC(), ref: &first.Ref})
		}
	}
	return b.alike(identity.EdgeResumeText, "résumé text", all, resumeAlike, nil)
}

// ordered returns the values of pairs in the order of the texts.
func ordered(m map[pairKey]match.Pair) []match.Pair {
	out := make([]match.Pair, 0, len(m))
	for _, p := range m {
		out = append(out, p)
	}
	slices.SortFunc(out, func(x, y match.Pair) int { return cmp.Or(cmp.Compare(x.I, y.I), cmp.Compare(x.J, y.J)) })
	return out
}

// similar returns the pairs of similar texts of different people.
func similar(all []text, words int, want match.Want) []match.Pair {
	docs := make([][]uint64, len(all))
	for i, t := range all {
		docs[i] = match.Shingles(t.body, words)
	}
	return match.NewCorpus(docs).Pairs(want, func(i, j int) bool { return all[i].person == all[j].person })
}

// workHistory returns the sections of a résumé that tell what was done, or all of
// it if none is marked. Other files give "".
func workHistory(d *record.Document) string {
	if d.DocumentKind != "cv" && d.DocumentKind != "" || len(d.Sections) == 0 {
		return ""
	}
	var work []string
	for _, s := range d.Sections {
		title := strings.ToLower(s.Title)
		if title == "work" || strings.Contains(title, "experience") || strings.Contains(title, "employment") {
			work = append(work, s.Text)
		}
	}
	if len(work) == 0 {
		return d.Text()
	}
	return strings.Join(work, record.TextBreak)
}

// weighText weighs an edge between texts by how much of them agrees.
func (b *builder) weighText(e *identityEdge, similarity float64) {
	t := traits[e.Kind]
	e.Weight = t.weight(e.N, len(b.persons)) * min(1, 0.6+similarity/2)
	if e.N > t.cap {
		e.suppress(fmt.Sprintf("more than %d holders: a template", t.cap))
	}
}

// pairEdge adds an edge between the persons of two texts.
func (b *builder) pairEdge(kind identity.EdgeKind, label string, x, y text) *identityEdge {
	us := []use{
		{kind: kind, person: x.person, at: x.at, ref: x.ref, label: label},
		{kind: kind, person: y.person, at: y.at, ref: y.ref, label: label},
	}
	slices.SortFunc(us, compareUses)
	e := b.edge(us)
	e.Family = traits[kind].family
	e.Key = string(e.Holders[0].Persona) + " " + string(e.Holders[1].Persona)
	e.First, e.Last = time.Time{}, time.Time{}
	b.edges = append(b.edges, e.Edge)
	return e
}

// passages quotes what two texts have in common, the person with the smaller id first.
func (b *builder) passages(x, y text) []identity.Passage {
	if y.person < x.person {
		x, y = y, x
	}
	var out []identity.Passage
	for _, p := range match.Passages(x.body, y.body, maxPassages) {
		out = append(out, identity.Passage{
			A: b.persons[x.person].ID, B: b.persons[y.person].ID, TextA: p.A, TextB: p.B, RefA: *x.ref, RefB: *y.ref,
		})
	}
	return out
}

// item is one job of a résumé.
type item struct {
	text
	key, label string // employer, dates and title
	grams      []uint64
}

// likeness is the closest pair of items of two persons.
type likeness struct {
	x, y item
	sim  float64
}

// histories compares what different people say about the same job: colleagues
// share employer, dates and title, but not the words. It notes in told who is joined.
func (b *builder) histories(told map[pairKey]bool) {
	all := b.items()
	best := map[pairKey]likeness{}
	var order []pairKey
	for lo := 0; lo < len(all); {
		hi := lo + 1
		for hi < len(all) && all[hi].key == all[lo].key {
			hi++
		}
		for _, h := range likeItems(all[lo:hi]) {
			k := keyOf(h.x.person, h.y.person)
			old, ok := best[k]
			if !ok {
				order = append(order, k)
			}
			if !ok || h.sim > old.sim {
				best[k] = h
			}
		}
		lo = hi
	}
	for _, k := range order {
		h := best[k]
		told[k] = true
		e := b.pairEdge(identity.EdgeHistory, h.x.label, h.x.text, h.y.text)
		e.Similarity = h.sim
		b.weighText(e, h.sim)
		e.Passages = b.passages(h.x.text, h.y.text)
	}
}

// items returns the jobs that say enough to be compared, grouped by key.
func (b *builder) items() []item {
	var all []item
	for i, p := range b.persons {
		for _, h := range p.Records.History {
			org := cmp.Or(h.OrgNorm, match.Org(h.Org))
			if org == "" || h.Start.IsZero() || h.Title == "" || h.Summary == "" || h.ItemKind != "" && h.ItemKind != "work" {
				continue
			}
			grams := match.Shingles(h.Summary, 2)
			if len(grams) < 6 {
				continue
			}
			b.held.mark(identity.EdgeHistory, int32(i))
			key := strings.Join([]string{org, h.Start.String(), h.End.String(), strings.Join(match.Words(h.Title), " ")}, "|")
			label := fmt.Sprintf("%s as %s from %s to %s", h.Org, h.Title, h.Start, cmp.Or(h.End.String(), "today"))
			all = append(all, item{text{person: int32(i), body: h.Summary, at: h.ObservedAt.Time().UTC(), ref: &h.Ref}, key, label, grams})
		}
	}
	slices.SortFunc(all, func(x, y item) int {
		return cmp.Or(strings.Compare(x.key, y.key), cmp.Compare(x.person, y.person), strings.Compare(x.body, y.body), x.ref.Compare(*y.ref))
	})
	return all
}

// likeItems returns the pairs of different people who describe one job alike.
func likeItems(group []item) []likeness {
	grams := make([][]uint64, len(group))
	for i := range group {
		grams[i] = group[i].grams
	}
	var out []likeness
	for _, c := range candidates(grams) {
		x, y := group[c[0]], group[c[1]]
		if x.person == y.person {
			continue
		}
		if s := match.Jaccard(x.grams, y.grams); s >= bulletsAlike {
			out = append(out, likeness{x, y, s})
		}
	}
	return out
}

// candidates returns the pairs worth comparing: all of a small group, in a large
// one those that agree in one of the first values of their sketches, which pairs
// of .8 similarity do with probability .998.
func candidates(docs [][]uint64) [][2]int {
	var out [][2]int
	if len(docs) <= 32 {
		for i := range docs {
			for j := i + 1; j < len(docs); j++ {
				out = append(out, [2]int{i, j})
			}
		}
		return out
	}
	seen := map[[2]int]bool{}
	sketches := make([]match.Sketch, len(docs))
	for i, d := range docs {
		sketches[i] = match.NewSketch(d)
	}
	for k := range 4 {
		buckets := map[uint32][]int{}
		for i := range sketches {
			for _, j := range buckets[sketches[i][k]] {
				if p := [2]int{j, i}; !seen[p] && len(buckets[sketches[i][k]]) < 200 {
					seen[p] = true
					out = append(out, p)
				}
			}
			buckets[sketches[i][k]] = append(buckets[sketches[i][k]], i)
		}
	}
	slices.SortFunc(out, func(x, y [2]int) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	return out
}

// letters compares what references say about different candidates, or by
// different referees. The ends are everybody involved.
func (b *builder) letters() {
	var all []text
	for i, x := range b.set.References {
		about := b.resolve(&x.Subject)
		if x.Text == "" || about < 0 {
			continue
		}
		t := text{person: int32(i), body: x.Text, at: x.SubmittedAt.Time().UTC(), ref: &x.Ref, ends: []int32{about}}
		if r := b.referees[i]; r >= 0 && r != about {
			t.ends = append(t.ends, r)
		}
		for _, end := range t.ends {
			b.held.mark(identity.EdgeReferenceText, end)
		}
		all = append(all, t)
	}
	for _, p := range similar(all, 4, match.Want{Jaccard: letterAlike}) {
		x, y := all[p.I], all[p.J]
		same := len(x.ends) > 1 && len(y.ends) > 1 && x.ends[1] == y.ends[1]
		if x.ends[0] == y.ends[0] && same {
			continue // one letter handed in twice
		}
		var us []use
		for _, t := range []text{x, y} {
			for _, end := range t.ends {
				us = append(us, use{kind: identity.EdgeReferenceText, person: end, at: t.at, ref: t.ref, label: "text of a reference"})
			}
		}
		slices.SortFunc(us, compareUses)
		e := b.edge(us)
		if e == nil {
			continue
		}
		e.Key = x.ref.Key + " " + y.ref.Key
		e.Family = traits[e.Kind].family
		e.Similarity = p.Similarity
		b.weighText(e, p.Similarity)
		if same {
			e.discount(0.3, "one referee wrote both")
		}
		x.person, y.person = x.ends[0], y.ends[0]
		e.Passages = b.passages(x, y)
		b.edges = append(b.edges, e.Edge)
	}
}

// signature is a name that stands in the properties of a person's file.
type signature struct {
	person int32
	doc    *record.Document
	name   string
	key    string
}

// signatures returns the names in all files.
func (b *builder) signatures() []signature {
	var out []signature
	for i, p := range b.persons {
		for _, d := range p.Records.Documents {
			for _, name := range unique([]string{strings.TrimSpace(d.Author), strings.TrimSpace(d.LastEditor)}) {
				if name != "" {
					b.held.mark(identity.EdgeDocumentName, int32(i))
					out = append(out, signature{int32(i), d, name, match.NameKey(name)})
				}
			}
		}
	}
	return out
}

// fileNames finds files whose author or last editor is another person of the
// records. Own names and names in the files of many say nothing.
func (b *builder) fileNames() {
	all := b.signatures()
	files := map[string]map[int32]bool{}
	for _, s := range all {
		if files[s.key] == nil {
			files[s.key] = map[int32]bool{}
		}
		files[s.key][s.person] = true
	}
	owners := map[string][]int32{} // by name: who presents it
	for i, p := range b.persons {
		for _, n := range p.parsed {
			if files[n.Key()] != nil && n.Parts() > 1 {
				owners[n.Key()] = append(owners[n.Key()], int32(i))
			}
		}
	}
	generic := max(3, len(b.persons)/100)
	done := map[[2]int32]bool{}
	for _, s := range all {
		named := owners[s.key]
		if e, ok := match.Email(s.name); ok {
			named = b.emails[e]
		}
		named = unique(slices.Clone(named))
		n := match.ParseName(s.name)
		own := slices.ContainsFunc(b.persons[s.person].parsed, func(q match.Name) bool { return n.Relate(q) >= match.NamePartial })
		if own || len(named) != 1 || named[0] == s.person || len(files[s.key]) > generic || done[[2]int32{s.person, named[0]}] {
			continue
		}
		o := named[0]
		done[[2]int32{s.person, o}] = true
		at := s.doc.ReceivedAt
		if at.IsZero() {
			at = s.doc.ObservedAt
		}
		e := b.pairEdge(identity.EdgeDocumentName, s.name, text{person: s.person, at: at.Time().UTC(), ref: &s.doc.Ref}, text{person: o, ref: b.persons[o].firstRef()})
		e.Weight = traits[e.Kind].weight(e.N, len(b.persons))
	}
}

// firstRef returns a row that states the person's name.
func (p *person) firstRef() *record.Ref {
	switch r := &p.Records; {
	case len(r.Claims) > 0:
		return &r.Claims[0].Ref
	case len(r.Engagements) > 0:
		return &r.Engagements[0].Ref
	case len(r.Applications) > 0:
		return &r.Applications[0].Ref
	case len(r.Vouches) > 0:
		return &r.Vouches[0].Ref
	}
	return nil
}
