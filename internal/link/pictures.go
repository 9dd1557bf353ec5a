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

// Prefixes of the picture hashes of a document. Without one, 64 hexadecimal digits
// are a SHA-256.
const (
	exactHash = "sha256:"
	nearHash  = "phash:"
)

// fade is what one differing bit of two perceptual hashes takes off an edge's
// weight: at the limit of 6 bits an edge keeps 70 %.
const fade = 0.05

// picture is all that has one perceptual hash.
type picture struct {
	hash  uint64
	uses  []use   // by person
	holds []int32 // persons, each once
	reach []int32 // persons with this or a near picture; filled up to one above the cap
}

// pictures joins people by pictures whose perceptual hashes are equal or near. It
// is no transitive relation, so near ones make edges between two people, and equal
// ones make a star. A picture that many people have, or that many have a likeness
// of, is a template, a logo or a default avatar: one suppressed star.
func (b *builder) pictures() {
	all := b.portraits()
	hashes := make([]uint64, len(all))
	for i := range all {
		hashes[i] = all[i].hash
		all[i].widen(all[i].holds)
	}
	together := newSets(len(all))
	var near []match.NearPicture
	match.NearPictures(hashes, func(p match.NearPicture) {
		x, y := &all[p.I], &all[p.J]
		together.union(int32(p.I), int32(p.J))
		x.widen(y.holds)
		y.widen(x.holds)
		if !x.public() && !y.public() && !slices.Equal(x.holds, y.holds) {
			near = append(near, p)
		}
	})
	b.publicPictures(all, together)
	joined := map[pairKey]bool{}
	for i := range all {
		x := &all[i]
		if x.public() {
			continue
		}
		if e := b.star(x.uses); e != nil {
			e.Similarity = 1
			e.N = len(x.reach)
			e.Weight = traits[e.Kind].weight(e.N, len(b.persons))
			for k, p := range x.holds {
				for _, q := range x.holds[k+1:] {
					joined[keyOf(p, q)] = true
				}
			}
		}
	}
	b.likenesses(all, near, joined)
}

// public reports whether more people have the picture than one hand uses it for.
func (p *picture) public() bool { return len(p.reach) > traits[identity.EdgePhoto].cap }

// widen notes that people have this picture or a near one.
func (p *picture) widen(persons []int32) {
	for _, i := range persons {
		if p.public() {
			return
		}
		if !slices.Contains(p.reach, i) {
			p.reach = append(p.reach, i)
		}
	}
}

// publicPictures makes one suppressed star of each public picture with its likenesses.
func (b *builder) publicPictures(all []picture, together *sets) {
	groups := map[int32][]use{}
	for i := range all {
		if root := together.find(int32(i)); all[i].public() {
			groups[root] = append(groups[root], all[i].uses...)
		}
	}
	for i := range all {
		us := groups[int32(i)]
		if len(us) == 0 {
			continue
		}
		slices.SortFunc(us, func(x, y use) int { return cmp.Or(cmp.Compare(x.person, y.person), compareUses(x, y)) })
		e := b.edge(us)
		if e == nil {
			continue // all of them are one person's, the likenesses are others'
		}
		t := traits[e.Kind]
		e.Family = t.family
		e.suppress(fmt.Sprintf("more than %d holders: a template, a logo or a default picture", t.cap))
		b.edges = append(b.edges, e.Edge)
	}
}

// likenesses makes an edge of every two people with near pictures, the nearest of
// several.
func (b *builder) likenesses(all []picture, near []match.NearPicture, joined map[pairKey]bool) {
	slices.SortFunc(near, func(x, y match.NearPicture) int {
		return cmp.Or(cmp.Compare(x.Distance, y.Distance), cmp.Compare(x.I, y.I), cmp.Compare(x.J, y.J))
	})
	for _, p := range near {
		x, y := &all[p.I], &all[p.J]
		if x.public() || y.public() { // known only after all pairs were seen
			continue
		}
		for _, i := range x.holds {
			for _, j := range y.holds {
				if i == j || joined[keyOf(i, j)] {
					continue
				}
				joined[keyOf(i, j)] = true
				e := b.pairEdge(identity.EdgePhoto, "edited or saved anew", x.of(i), y.of(j))
				e.N = max(len(x.reach), len(y.reach))
				e.Similarity = 1 - float64(p.Distance)/64
				e.Weight = traits[e.Kind].weight(e.N, len(b.persons)) * (1 - fade*float64(p.Distance))
			}
		}
	}
}

// of returns the first use by a person.
func (p *picture) of(person int32) text {
	for _, u := range p.uses {
		if u.person == person {
			return text{person: person, at: u.at, ref: u.ref}
		}
	}
	return text{person: person}
}

// portraits collects the perceptual hashes of all persons, each hash once, ascending.
func (b *builder) portraits() []picture {
	var uses []use
	add := func(i int32, hash string, m *record.Common, at record.Time) {
		h, ok := match.ParsePictureHash(hash)
		if !ok || at.Time().After(b.asOf.Add(24*time.Hour)) {
			return
		}
		b.held.mark(identity.EdgePhoto, i)
		u := use{kind: identity.EdgePhoto, key: nearHash + match.FormatPictureHash(h), person: i, ref: &m.Ref, label: "no visible change"}
		if !at.IsZero() {
			u.at = at.Time().UTC()
		}
		uses = append(uses, u)
	}
	for i, p := range b.persons {
		for _, c := range p.Records.Claims {
			add(int32(i), strings.TrimPrefix(strings.ToLower(c.PhotoHash), nearHash), &c.Common, c.ObservedAt)
		}
		for _, d := range p.Records.Documents {
			if !ownPicture(d) {
				continue
			}
			for _, hash := range d.ImageHashes {
				if rest, ok := strings.CutPrefix(strings.ToLower(hash), nearHash); ok {
					add(int32(i), rest, &d.Common, received(d))
				}
			}
		}
	}
	slices.SortFunc(uses, compareUses)
	var out []picture
	for lo := 0; lo < len(uses); {
		hi := lo + 1
		for hi < len(uses) && uses[hi].key == uses[lo].key {
			hi++
		}
		p := picture{uses: uses[lo:hi]}
		p.hash, _ = match.ParsePictureHash(strings.TrimPrefix(uses[lo].key, nearHash))
		for _, u := range p.uses {
			if n := len(p.holds); n == 0 || p.holds[n-1] != u.person {
				p.holds = append(p.holds, u.person)
			}
		}
		out = append(out, p)
		lo = hi
	}
	return out
}

// ownPicture reports whether the pictures in a document can be of the one who hands
// it in. A portfolio shows products that colleagues made together, a diploma its
// school, a contract its employer; scans of identity documents look alike whosever
// they are, so only the same file counts there.
func ownPicture(d *record.Document) bool {
	switch d.DocumentKind {
	case "", "cv", "cover_letter":
		return true
	}
	return false
}

func received(d *record.Document) record.Time {
	if d.ReceivedAt.IsZero() {
		return d.ObservedAt
	}
	return d.ReceivedAt
}

// pictureFiles collects the SHA-256 of pictures. Where every picture of a document
// has a perceptual hash, that says more; the others are of formats that are not decoded.
func (b *builder) pictureFiles(i int32, d *record.Document) {
	scan := d.DocumentKind == "id_document"
	if !scan && !ownPicture(d) {
		return
	}
	var files []string
	seen := 0
	for _, hash := range d.ImageHashes {
		hash = strings.ToLower(hash)
		if strings.HasPrefix(hash, nearHash) {
			seen++
		} else if hash = strings.TrimPrefix(hash, exactHash); len(hash) == 64 {
			files = append(files, hash)
		}
	}
	if !scan && seen >= len(files) {
		return
	}
	for _, hash := range files {
		b.use(identity.EdgePhoto, exactHash+hash, i, received(d), &d.Ref, "the same file")
	}
}
