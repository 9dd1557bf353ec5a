package pair

import (
	"errors"
	"slices"
)

// term is a condition in which only atoms are negated: a constant, an atom, or a list
// joined by and (all) or by or.
type term struct {
	op   termOp
	atom int
	kids []term
}

type termOp uint8

const (
	never termOp = iota
	always
	leaf
	lacks // the atom is not true
	all
	some
)

// node asks for an atom and says where to go on. Below zero is a result: ^level.
type node struct {
	atom
	yes, no int32
}

// none is the result that no level holds.
const none = 1 << 20

// Bounds of the plan of one comparison: from manyNodes on what is known from earlier
// levels is forgotten, which costs time and nothing else. No plan has mostNodes.
const (
	manyNodes = 2048
	mostNodes = 1 << 16
)

// planner turns levels into a decision graph in which no atom is asked for twice on any
// way, and none whose answer follows from earlier ones.
type planner struct {
	c      *Conditions
	levels []term
	nodes  []node
	seen   map[string]int32
}

// plan makes the graph.
func (c *Conditions) plan(levels []term) error {
	p := &planner{c: c, levels: levels, seen: map[string]int32{}}
	c.start = p.from(0, make([]int8, len(c.atoms)))
	c.nodes = p.nodes
	if len(p.nodes) >= mostNodes {
		return errors.New("the levels have too many conditions: split the comparison")
	}
	return nil
}

// from plans what is asked from a level on, given what is known of the atoms.
func (p *planner) from(level int, facts []int8) int32 {
	if len(p.nodes) >= mostNodes {
		return ^int32(none)
	}
	for ; level < len(p.levels); level++ {
		t := reduce(&p.levels[level], facts)
		switch t.op {
		case always:
			return ^int32(level)
		case never:
			if len(p.nodes) > manyNodes {
				facts = make([]int8, len(facts))
			}
			continue
		}
		return p.ask(&t, level, facts)
	}
	return ^int32(none)
}

// ask asks for the cheapest atom of a level that is not decided.
func (p *planner) ask(t *term, level int, facts []int8) int32 {
	key := string(append(bytesOf(facts), byte(level), byte(level>>8)))
	if at, ok := p.seen[key]; ok {
		return at
	}
	i := p.cheapest(t)
	at := int32(len(p.nodes))
	p.nodes = append(p.nodes, node{atom: p.c.atoms[i]})
	p.seen[key] = at
	yes := p.from(level, p.learn(facts, i, true))
	no := p.from(level, p.learn(facts, i, false))
	p.nodes[at].yes, p.nodes[at].no = yes, no
	return at
}

func bytesOf(facts []int8) []byte {
	out := make([]byte, len(facts), len(facts)+2)
	for i, f := range facts {
		out[i] = byte(f)
	}
	return out
}

// cheapest returns the atom of the least cost, the first of several.
func (p *planner) cheapest(t *term) int {
	if t.op == leaf || t.op == lacks {
		return t.atom
	}
	best := -1
	for i := range t.kids {
		if a := p.cheapest(&t.kids[i]); best < 0 || p.c.atoms[a].cost() < p.c.atoms[best].cost() {
			best = a
		}
	}
	return best
}

// learn adds an answer and what follows from it.
func (p *planner) learn(facts []int8, i int, truth bool) []int8 {
	out := slices.Clone(facts)
	out[i] = int8(sign(truth))
	for changed := true; changed; {
		changed = false
		for a := range out {
			if out[a] == 0 {
				continue
			}
			for b := range out {
				if out[b] == 0 {
					if x := p.c.atoms[a].implies(out[a] > 0, &p.c.atoms[b], p.c.identical); x != 0 {
						out[b], changed = int8(x), true
					}
				}
			}
		}
		// Two values that are there and not equal differ.
		for b := range out {
			if x := p.c.atoms[b]; out[b] == 0 && x.op == differ && p.there(out, x) && p.isFalse(out, x.opposite()) {
				out[b], changed = 1, true
			}
		}
	}
	return out
}

func (p *planner) there(facts []int8, x atom) bool {
	return p.isFalse(facts, atom{op: nullLeft, a: x.a}) && p.isFalse(facts, atom{op: nullRight, b: x.b})
}

func (p *planner) isFalse(facts []int8, x atom) bool {
	i := slices.Index(p.c.atoms, x)
	return i >= 0 && facts[i] < 0
}

// reduce puts what is known into a condition.
func reduce(t *term, facts []int8) term {
	switch t.op {
	case leaf, lacks:
		switch x := facts[t.atom]; {
		case x == 0:
			return *t
		case (x > 0) == (t.op == leaf):
			return term{op: always}
		}
		return term{op: never}
	case all, some:
		stop, neutral := never, always
		if t.op == some {
			stop, neutral = always, never
		}
		out := term{op: t.op}
		for i := range t.kids {
			switch k := reduce(&t.kids[i], facts); k.op {
			case stop:
				return term{op: stop}
			case neutral:
			default:
				out.kids = append(out.kids, k)
			}
		}
		switch len(out.kids) {
		case 0:
			return term{op: neutral}
		case 1:
			return out.kids[0]
		}
		return out
	}
	return *t
}
