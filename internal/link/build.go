package link

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

// builder holds one run of Build.
type builder struct {
	set  *record.Set
	base *baseline.Set
	st   *settings.Settings
	asOf time.Time

	persons    []*person
	unitPerson []int32 // by unit
	referees   []int32 // by reference: who vouches, -1 = nobody named
	handle     map[record.Handle]int32
	emails     map[string][]int32
	phones     map[string][]int32
	accounts   map[string]int32
	github     map[string]int32
	service    map[string]bool
	devices    *fleet
	crowded    map[string]int // machines in infostealer logs with more addresses than one hand has: how many
	households []map[int32]bool

	held   *held
	shared []housing
	uses   []use
	edges  []*identity.Edge
}

// Build links a sealed set: it assembles personas, finds what they share, and
// forms the hypotheses of operators and facilitators. The graph is indexed.
func Build(set *record.Set, base *baseline.Set, st *settings.Settings, asOf time.Time) *identity.Graph {
	b := &builder{set: set, base: base, st: st, asOf: asOf, accounts: map[string]int32{}, github: map[string]int32{}, service: map[string]bool{}}
	for _, a := range st.Declared.ServiceAccounts {
		b.service[strings.ToLower(a)] = true
	}
	a := collect(set)
	j := join(a.units, st)
	b.people(a, j)
	b.referees = make([]int32, len(set.References))
	for i, u := range a.referee {
		b.referees[i] = -1
		if u >= 0 {
			b.referees[i] = b.unitPerson[u]
		}
	}
	b.newcomers()
	b.attach()
	b.describe()
	b.number()

	b.compare()
	b.vouches()
	b.held.write(b.persons)
	slices.SortFunc(b.edges, compareEdges)

	slices.SortFunc(j.refused, compareJoins)
	g := &identity.Graph{Edges: b.edges, Refused: slices.Compact(j.refused)}
	for _, p := range b.persons {
		g.Personas = append(g.Personas, &p.Persona)
	}
	all := tiesOf(g, b)
	g.Operators, g.Apart = operators(g, all)
	g.Edges = append(g.Edges, clusters(g, all)...)
	slices.SortFunc(g.Edges, compareEdges)
	g.Facilitators = facilitators(g, b)
	for _, e := range g.Edges {
		e.Scale = scale(e, len(b.persons))
	}
	for _, p := range b.persons { // the graph keeps the persons: what they were made of can go
		p.units, p.parsed, p.places, p.work = nil, nil, nil, nil
	}
	g.Index()
	return g
}

// compare finds what people share. Single values take as long as sign-ins, texts
// and pictures, which are compared beside them: by a builder that knows the same
// people and keeps edges and looked-up accounts of its own.
func (b *builder) compare() {
	side := *b
	side.accounts = maps.Clone(b.accounts)
	b.held, side.held = newHeld(len(b.persons)), newHeld(len(b.persons))
	var both sync.WaitGroup
	both.Go(func() {
		side.signIns()
		side.texts()
		side.pictures()
	})
	b.gather()
	b.gatherNetwork()
	b.stars()
	both.Wait()
	b.edges = append(b.edges, side.edges...)
	b.held.add(side.held)
}

// number sorts the persons by id and renumbers what refers to them.
func (b *builder) number() {
	old := slices.Clone(b.persons)
	slices.SortFunc(b.persons, func(x, y *person) int { return strings.Compare(string(x.ID), string(y.ID)) })
	at := make(map[*person]int32, len(b.persons))
	for i, p := range b.persons {
		at[p] = int32(i)
	}
	now := func(i int32) int32 {
		if i < 0 {
			return i
		}
		return at[old[i]]
	}
	for i, r := range b.referees {
		b.referees[i] = now(r)
	}
	for k, i := range b.handle {
		b.handle[k] = now(i)
	}
	for k, i := range b.accounts {
		b.accounts[k] = now(i)
	}
	for k, i := range b.github {
		b.github[k] = now(i)
	}
	for _, m := range []map[string][]int32{b.emails, b.phones} {
		for _, list := range m {
			for i := range list {
				list[i] = now(list[i])
			}
		}
	}
	b.devices.renumber(now)
	for i, h := range b.households {
		m := map[int32]bool{}
		for k := range h {
			m[now(k)] = true
		}
		b.households[i] = m
	}
}
