package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/internal/identity"
)

// bond is what joins two persons: per family the strongest edge.
type bond struct {
	best map[string]*identity.Edge // by family
}

// athome are the families that living together explains: a landline, a joint
// account, a line to the internet, a monitor.
var athome = map[string]bool{famShipping: true, famNetwork: true, famContact: true, famPayment: true, famDevice: true, famRemote: true}

// independent reports whether at least two families join the pair. Parcels and
// network say only where people are: for somebody who openly lives there they
// are no link at all. For two who openly claim one home everything that a
// household shares is one fact (ruling 3).
//
// The accounts of a platform claim a country and no home, so that a family at one
// computer looks like this: market makes the room one fact, with what is in it.
func (l *bond) independent(resident, household, market bool) bool {
	n, home := 0, 0
	for f := range l.best {
		switch {
		case market && (f == famDevice || f == famNetwork || f == famRemote || f == famShipping):
			home = 1
		case (resident || household) && (f == famShipping || f == famNetwork):
		case household && athome[f]:
			home = 1
		default:
			n++
		}
	}
	return n+home >= 2
}

func (l *bond) weight() float64 {
	// Summed in a fixed order: floating point addition is not associative.
	var all []float64
	for _, e := range l.best {
		all = append(all, e.Weight)
	}
	slices.Sort(all)
	var w float64
	for _, x := range all {
		w += x
	}
	return w
}

// reasons lists the families, the strongest first.
func (l *bond) reasons() []identity.Reason {
	var out []identity.Reason
	for f, e := range l.best {
		out = append(out, identity.Reason{Kind: e.Kind, Family: f, Text: reasonText(e), Weight: e.Weight})
	}
	slices.SortFunc(out, func(x, y identity.Reason) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), strings.Compare(x.Family, y.Family))
	})
	return out
}

// phrases say what kinds of edges share.
var phrases = map[identity.EdgeKind]string{
	identity.EdgePhone: "the same telephone number", identity.EdgeEmail: "the same e-mail address", identity.EdgeURL: "the same profile",
	identity.EdgeBankAccount: "paid into the same account", identity.EdgeWallet: "paid into the same wallet",
	identity.EdgeChangeIP: "bank details changed from a line the other uses", identity.EdgeResumeText: "the same résumé text",
	identity.EdgeHistory: "the same job in the same words", identity.EdgeDocumentID: "files made from one original",
	identity.EdgeDocumentName: "a file that names the other", identity.EdgePhoto: "the same picture", identity.EdgeMailboxName: "a mailbox in the other's name", identity.EdgeReferenceText: "the same reference text",
	identity.EdgeAddress: "the same home address", identity.EdgeShipTo: "parcels to the same place", identity.EdgeSigner: "one person signed for parcels of both", identity.EdgeSignInIP: "signed in from one line within the hour",
	identity.EdgeDeviceIP: "devices check in from one line", identity.EdgeLAN: "devices on one local network", identity.EdgeApplicationIP: "applied from one line",
	identity.EdgeDevice: "one device", identity.EdgeUSB: "one USB device", identity.EdgeMFA: "one second factor", identity.EdgeMachine: "logins of both in one infostealer log", identity.EdgeMeeting: "one computer in meetings",
	identity.EdgeMonitor: "one monitor", identity.EdgeRefereePhone: "a referee's telephone number", identity.EdgeRefereeEmail: "a referee's e-mail address",
	identity.EdgeRefereeOwner: "a referee uses the other's contact",
	identity.EdgeReferenceIP:  "a reference from a line the other uses", identity.EdgeVouchRing: "vouch for each other",
	identity.EdgeGitEmail: "commits under the other's address", identity.EdgeGitKey: "one signing key",
	identity.EdgeSectionText: "a part of a résumé in the same words", identity.EdgeLetterText: "the same letter or answer",
	identity.EdgeSkeleton: "the same employers and dates", identity.EdgeSkills: "the same skills in one order",
	identity.EdgeEducation: "one school for the same years", identity.EdgeFileMaker: "files made by one third party",
	identity.EdgeVouchBlock: "the same referees vouch for them",
	identity.EdgeCluster:    "stands beside others who are joined", identity.EdgeVouch: "one vouches for the other", identity.EdgeReferral: "one referred the other",
}

func reasonText(e *identity.Edge) string {
	if e.Label == "" {
		return phrases[e.Kind]
	}
	return phrases[e.Kind] + " (" + e.Label + ")"
}

// ties is what joins people two by two: operators are made of it, and who stands
// beside them.
type ties struct {
	bonds    map[pairKey]*bond
	resident map[pairKey]bool // one of the two openly lives where both get parcels
	b        *builder
}

func tiesOf(g *identity.Graph, b *builder) ties {
	at := make(map[identity.PersonaID]int32, len(g.Personas))
	for i, p := range g.Personas {
		at[p.ID] = int32(i)
	}
	return ties{bonds: bonds(g, at, b), resident: residents(g, at, b), b: b}
}

// household reports whether the two openly claim one home.
func (t ties) household(k pairKey) bool { return t.b.oneHome([]int32{k.a, k.b}) }

// operators forms the hypotheses of operators (linkage.md 2.3, 8): groups in
// which every member is joined by at least two independent families to another,
// and on average to all, so that one bridge does not glue two groups together.
// Apart are the pairs of two families and more that come into none together.
func operators(g *identity.Graph, all ties) ([]*identity.Operator, []identity.Apart) {
	joined := map[pairKey]*bond{}
	apart := map[pairKey]string{}
	for k, l := range all.bonds {
		resident, household, market := all.resident[k], all.household(k), all.b.st.Marketplace()
		switch {
		case l.independent(resident, household, market):
			joined[k] = l
		case len(l.best) >= 2:
			apart[k] = onePlace(resident, household)
		}
	}
	var out []*identity.Operator
	group := map[int32]int{}
	for n, members := range cluster(joined, len(g.Personas)) {
		for _, i := range members {
			group[i] = n + 1
		}
		out = append(out, operator(g, members, joined))
	}
	for k := range joined {
		if n := group[k.a]; n == 0 || n != group[k.b] {
			apart[k] = fmt.Sprintf("two families join them, but what joins the groups they stand in is below %.1f nats on average over all pairs", leastAverage)
		}
	}
	slices.SortFunc(out, func(x, y *identity.Operator) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return out, apartList(g, apart)
}

// bonds collects the edges of medium weight or more between pairs. An openly
// shared home joins nobody.
func bonds(g *identity.Graph, at map[identity.PersonaID]int32, b *builder) map[pairKey]*bond {
	all := map[pairKey]*bond{}
	for _, e := range g.Edges {
		if e.Suppressed != "" || e.OpenHome || e.Weight < Medium {
			continue
		}
		for i, x := range e.Holders {
			for _, y := range e.Holders[i+1:] {
				k := keyOf(at[x.Persona], at[y.Persona])
				if b.oneHousehold([]int32{k.a, k.b}) {
					continue
				}
				l := all[k]
				if l == nil {
					l = &bond{best: map[string]*identity.Edge{}}
					all[k] = l
				}
				if old := l.best[e.Family]; old == nil || old.Weight < e.Weight {
					l.best[e.Family] = e
				}
			}
		}
	}
	return all
}

// residents returns the pairs of which one openly lives where both get parcels.
func residents(g *identity.Graph, at map[identity.PersonaID]int32, b *builder) map[pairKey]bool {
	out := map[pairKey]bool{}
	for _, e := range g.Edges {
		if e.Kind != identity.EdgeShipTo || e.Suppressed != "" {
			continue
		}
		building, unit, _ := strings.Cut(e.Key, "#")
		for i, x := range e.Holders {
			for _, y := range e.Holders[i+1:] {
				k := keyOf(at[x.Persona], at[y.Persona])
				out[k] = out[k] || b.livesAt(k.a, building, unit) || b.livesAt(k.b, building, unit)
			}
		}
	}
	return out
}

func (b *builder) livesAt(i int32, building, unit string) bool {
	for _, pl := range b.persons[i].places {
		if pl.Building == building && compatible(pl.Unit, unit) {
			return true
		}
	}
	return false
}

// leastAverage is the least mean weight, over all pairs of two groups, for which
// they are one, in nats. Pairs without a bond count as zero.
const leastAverage = 1.4

// ranked is a bond with its place in the order of merging.
type ranked struct {
	pairKey
	weight, rank float64
}

// order returns the bonds, those between persons with many neighbours in common
// first: a bridge between two groups has none.
func order(joined map[pairKey]*bond) []ranked {
	near := map[int32]map[int32]bool{}
	add := func(x, y int32) {
		if near[x] == nil {
			near[x] = map[int32]bool{}
		}
		near[x][y] = true
	}
	for k := range joined {
		add(k.a, k.b)
		add(k.b, k.a)
	}
	out := make([]ranked, 0, len(joined))
	for k, l := range joined {
		common := 0
		for o := range near[k.a] {
			if near[k.b][o] {
				common++
			}
		}
		w := l.weight()
		out = append(out, ranked{k, w, w * float64(1+common)})
	}
	slices.SortFunc(out, func(x, y ranked) int {
		return cmp.Or(cmp.Compare(y.rank, x.rank), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return out
}

// merger holds groups and the sums of the bonds between them, by root.
type merger struct {
	*sets
	size map[int32]int
	sum  map[int32]map[int32]float64
}

func (m *merger) count(i int32) int { return max(m.size[i], 1) }

func (m *merger) add(x, y int32, w float64) {
	if m.sum[x] == nil {
		m.sum[x] = map[int32]float64{}
	}
	m.sum[x][y] += w
}

// merge makes two groups one.
func (m *merger) merge(x, y int32) {
	n := m.count(x) + m.count(y)
	m.union(x, y)
	keep := m.find(x)
	gone := x + y - keep
	m.size[keep] = n
	others := make([]int32, 0, len(m.sum[gone]))
	for o := range m.sum[gone] {
		others = append(others, o)
	}
	slices.Sort(others)
	for _, o := range others {
		w := m.sum[gone][o]
		delete(m.sum[o], gone)
		if o != keep {
			m.add(keep, o, w)
			m.add(o, keep, w)
		}
	}
	delete(m.sum, gone)
}

// cluster merges persons along their bonds as long as the mean bond between the
// two groups stays strong (average linkage). It returns the groups of two and
// more among n persons.
func cluster(joined map[pairKey]*bond, n int) [][]int32 {
	edges := order(joined)
	m := &merger{newSets(n), map[int32]int{}, map[int32]map[int32]float64{}}
	for _, e := range edges {
		m.add(e.a, e.b, e.weight)
		m.add(e.b, e.a, e.weight)
	}
	for changed := true; changed; {
		changed = false
		for _, e := range edges {
			x, y := m.find(e.a), m.find(e.b)
			if x != y && m.sum[x][y] >= leastAverage*float64(m.count(x)*m.count(y)) {
				m.merge(x, y)
				changed = true
			}
		}
	}
	groups := map[int32][]int32{}
	for _, e := range edges {
		for _, i := range []int32{e.a, e.b} {
			groups[m.find(i)] = append(groups[m.find(i)], i)
		}
	}
	var out [][]int32
	for _, g := range groups {
		if g = unique(g); len(g) > 1 {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(x, y []int32) int { return cmp.Compare(x[0], y[0]) })
	return out
}

// operator writes down one group.
func operator(g *identity.Graph, group []int32, joined map[pairKey]*bond) *identity.Operator {
	o := &identity.Operator{}
	for _, i := range group {
		o.Personas = append(o.Personas, g.Personas[i].ID)
	}
	for x, i := range group {
		for _, j := range group[x+1:] {
			if l := joined[keyOf(i, j)]; l != nil {
				o.Links = append(o.Links, identity.Link{A: g.Personas[i].ID, B: g.Personas[j].ID, Weight: l.weight(), Reasons: l.reasons()})
			}
		}
	}
	o.ID = identity.NewOperatorID(o.Personas[0])
	o.Weakest = weakest(o.Personas, o.Links)
	o.Probability = identity.Probability(o.Weakest.Weight)
	o.Members = members(o)
	return o
}

// weakest returns the weakest link of the maximum spanning tree: without it, and
// with all weaker ones gone, the group falls apart.
func weakest(personas []identity.PersonaID, links []identity.Link) identity.Link {
	sorted := slices.Clone(links)
	slices.SortStableFunc(sorted, func(x, y identity.Link) int {
		return cmp.Or(cmp.Compare(y.Weight, x.Weight), strings.Compare(string(x.A), string(y.A)), strings.Compare(string(x.B), string(y.B)))
	})
	s := newSets(len(personas))
	var last identity.Link
	for _, l := range sorted {
		i, _ := slices.BinarySearch(personas, l.A)
		j, _ := slices.BinarySearch(personas, l.B)
		if s.find(int32(i)) != s.find(int32(j)) {
			s.union(int32(i), int32(j))
			last = l
		}
	}
	return last
}
