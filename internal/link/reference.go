package link

import (
	"slices"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// vouches forms the directed edges of references and referrals, the circles
// among the former, and commits under somebody else's address.
func (b *builder) vouches() {
	b.directed(identity.EdgeVouch, b.vouchUses())
	b.directed(identity.EdgeReferral, b.referralUses())
	b.owners()
	newVouching(b).find()
	b.commits()
}

// arrow is one row that says that one person stands up for another.
type arrow struct {
	from, to int32
	at       record.Time
	ref      *record.Ref
	note     string
}

func (b *builder) vouchUses() []arrow {
	var out []arrow
	for i, x := range b.set.References {
		at := x.SubmittedAt
		if at.IsZero() {
			at = x.RequestedAt
		}
		out = append(out, arrow{b.referees[i], b.resolve(&x.Subject), at, &x.Ref, x.Relationship})
	}
	return out
}

func (b *builder) referralUses() []arrow {
	var out []arrow
	for _, x := range b.set.Applications {
		from := b.byHandle(canonical(x.ReferrerHandle), "")
		if e, ok := match.Email(x.CreditedTo); from < 0 && ok {
			from = b.byEmail(e, "")
		}
		out = append(out, arrow{from, b.resolve(&x.Subject), x.AppliedAt, &x.Ref, ""})
	}
	for _, x := range b.set.Engagements {
		if x.ReferrerHandle != "" {
			s := x.Subject
			s.Handles = append(slices.Clone(s.Handles), record.NewHandle(record.NSEmployee, x.EmployeeNo), record.NewHandle(record.NSEmail, x.WorkEmail))
			out = append(out, arrow{b.byHandle(canonical(x.ReferrerHandle), ""), b.resolve(&s), record.Time{}, &x.Ref, ""})
		}
	}
	return out
}

// directed adds one edge per ordered pair of persons.
func (b *builder) directed(kind identity.EdgeKind, arrows []arrow) {
	byPair := map[[2]int32]*identity.Edge{}
	for _, a := range arrows {
		if a.from < 0 || a.to < 0 || a.from == a.to {
			continue
		}
		k := [2]int32{a.from, a.to}
		e := byPair[k]
		if e == nil {
			e = &identity.Edge{Kind: kind, Family: traits[kind].family, N: 2, Weight: traits[kind].weight(2, len(b.persons))}
			x, y := b.persons[a.from], b.persons[a.to]
			e.Key = string(x.ID) + " " + string(y.ID)
			e.Label = x.Name() + " for " + y.Name()
			e.Holders = []identity.Holder{{Persona: x.ID, Note: a.note}, {Persona: y.ID}}
			byPair[k] = e
			b.edges = append(b.edges, e)
		}
		for i := range e.Holders {
			h := &e.Holders[i]
			if len(h.Refs) < maxRefs {
				h.Refs = append(h.Refs, *a.ref)
			}
			if t := a.at.Time().UTC(); !a.at.IsZero() && t.After(h.At) {
				h.At = t
			}
		}
		if t := a.at.Time().UTC(); !a.at.IsZero() {
			if e.First.IsZero() || t.Before(e.First) {
				e.First = t
			}
			if t.After(e.Last) {
				e.Last = t
			}
		}
	}
}

// commits adds edges where somebody pushed commits under the address of somebody
// else. A colleague's own work address is what rebasing and merging leave behind.
func (b *builder) commits() {
	type pair struct{ pusher, author int32 }
	found := map[pair]*identityEdge{}
	pushes := map[int32]bool{}
	for _, c := range b.set.Contributions {
		if p := b.pusher(c); p >= 0 {
			pushes[p] = true
		}
	}
	for _, c := range b.set.Contributions {
		p := b.pusher(c)
		email, ok := match.Email(c.AuthorEmail)
		if p < 0 || !ok || slices.Contains(b.persons[p].Emails, email) || c.IsMerge != nil && *c.IsMerge {
			continue
		}
		o := b.byEmail(email, "")
		if o < 0 || o == p {
			continue
		}
		e := found[pair{p, o}]
		if e == nil {
			e = b.pairEdge(identity.EdgeGitEmail, match.MaskEmail(email), text{person: p, at: c.At.Time().UTC(), ref: &c.Ref}, text{person: o, ref: b.persons[o].firstRef()})
			e.Key = email
			e.Weight = traits[e.Kind].weight(e.N, len(b.persons))
			found[pair{p, o}] = e
			if b.persons[o].work[email] && pushes[o] {
				e.suppress("a colleague's work address, who pushes as well: rebased or merged")
			}
			continue
		}
		h := &e.Holders[slices.Index(e.persons, p)]
		if len(h.Refs) < maxRefs {
			h.Refs = append(h.Refs, c.Ref)
		}
		if t := c.At.Time().UTC(); t.After(h.At) {
			h.At = t
		}
	}
}
