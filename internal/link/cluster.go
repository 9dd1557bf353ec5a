package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
)

// onRecord are the families whose values people hand in or the company writes down
// itself. Clusters are built from these alone, so that nothing that was seen on a
// laptop before the notice reaches somebody through two others.
var onRecord = map[string]bool{famContact: true, famText: true, famImage: true, famPayment: true, famShipping: true, famReference: true}

// clusters finds those who share one kind of thing with two or more people whom
// something else joins to each other (N01): the same résumé as two who get their
// parcels at one place. Who shares two kinds of things with somebody is no such
// case, since that says it already.
func clusters(g *identity.Graph, t ties) []*identity.Edge {
	all := t.bonds
	near := map[int32][]int32{}
	for k := range all {
		near[k.a] = append(near[k.a], k.b)
		near[k.b] = append(near[k.b], k.a)
	}
	var out []*identity.Edge
	for i := range g.Personas {
		x := int32(i)
		family, list := oneFamily(all, x, near[x])
		if family == "" {
			continue
		}
		e := &identity.Edge{Kind: identity.EdgeCluster, Family: famContact, Key: string(g.Personas[x].ID)}
		ends := map[int32]*identity.Holder{}
		for p, y := range list {
			for _, z := range list[p+1:] {
				k := keyOf(y, z)
				other := joinedBy(all[k], family, t.resident[k] || t.household(k))
				if other == nil {
					continue
				}
				for _, end := range []int32{y, z} {
					if ends[end] == nil {
						ends[end] = &identity.Holder{Persona: g.Personas[end].ID, Note: reasonText(other)}
					}
					ends[end].Refs = append(ends[end].Refs, other.End(g.Personas[end].ID).Refs...)
					ends[end].At = later(ends[end].At, other.End(g.Personas[end].ID).At)
				}
			}
		}
		if len(ends) < 2 {
			continue
		}
		own := identity.Holder{Persona: g.Personas[x].ID, Note: phrases[all[keyOf(x, list[0])].best[family].Kind]}
		for y, end := range ends {
			mine := all[keyOf(x, y)].best[family].End(own.Persona)
			own.Refs, own.At = append(own.Refs, mine.Refs...), later(own.At, mine.At)
			e.Holders = append(e.Holders, *end)
		}
		slices.SortFunc(e.Holders, func(p, q identity.Holder) int { return strings.Compare(string(p.Persona), string(q.Persona)) })
		e.Holders = append([]identity.Holder{own}, e.Holders...)
		for h := range e.Holders {
			refs := e.Holders[h].Refs
			slices.SortFunc(refs, record.Ref.Compare)
			refs = slices.Compact(refs)
			e.Holders[h].Refs = refs[:min(len(refs), maxRefs)]
			e.Last = later(e.Last, e.Holders[h].At)
		}
		e.N = len(e.Holders)
		e.Label = fmt.Sprintf("%d people whom something else joins to each other", e.N-1)
		out = append(out, e)
	}
	return out
}

// oneFamily returns the family by which x is joined to two people or more, with
// them in order, if that is the only one.
func oneFamily(all map[pairKey]*bond, x int32, near []int32) (family string, list []int32) {
	for _, y := range near {
		for f := range all[keyOf(x, y)].best {
			switch {
			case f == family:
			case family == "":
				family = f
			default:
				return "", nil
			}
		}
	}
	if !onRecord[family] || len(near) < 2 {
		return "", nil
	}
	list = slices.Clone(near)
	slices.Sort(list)
	return family, list
}

// joinedBy returns the strongest edge of another family between two people: of what
// they share at one home (ruling 3) nothing counts.
func joinedBy(l *bond, family string, together bool) *identity.Edge {
	if l == nil || together {
		return nil
	}
	var best *identity.Edge
	for f, e := range l.best {
		if f != family && onRecord[f] && (best == nil || cmp.Or(cmp.Compare(e.Weight, best.Weight), strings.Compare(best.Family, e.Family)) > 0) {
			best = e
		}
	}
	return best
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
