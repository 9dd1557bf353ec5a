package resolve

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a change came from.
type Kind string

// The kinds of causes.
const (
	ByRecord Kind = "record"
	ByHuman  Kind = "human"
	ByModel  Kind = "model"
)

// Cause is what a change came from: a record, a judgement on two records, or another
// model.
type Cause struct {
	Kind  Kind   `json:"kind"`
	Key   string `json:"key,omitempty"`
	Other string `json:"other,omitempty"`
	Who   string `json:"who,omitempty"`
}

// Event is a change of one persona. Which events there are depends on the order in
// which records and judgements came; which records are one does not.
type Event struct {
	Seq       int      `json:"seq"` // from 1
	Cause     Cause    `json:"cause"`
	Before    []string `json:"before"` // ids of the personas from which its records came, in order
	After     string   `json:"after"`
	SplitFrom string   `json:"split_from,omitempty"` // of a persona that is new and has records of another
	Records   int      `json:"records"`
	Weakest   *Weakest `json:"weakest,omitempty"` // none if judgements alone hold it together
}

// Weakest is the edge without which a persona would fall apart most easily: the
// lightest of the heaviest edges that connect it.
type Weakest struct {
	A      string  `json:"a"`
	B      string  `json:"b"`
	Weight float64 `json:"weight"` // bits
}

// history is what depends on the order in which records came. An id is called after its
// anchor: the smallest record of the persona at its birth. The anchor always stays in
// the persona, so that after a split the id stays with the part that has the anchor.
type history struct {
	of        []int32  // per row the row with the smallest key of its cluster; -1 before it is placed
	anchor    []int32  // per such row the anchor of the cluster's id
	used      []uint16 // per row how many ids were called after it
	birth     []uint32 // per anchor the event of its id's birth
	seq       int
	redirects map[string]string // ids of personas that were merged, for ever
}

func (h *history) grow() {
	h.of, h.anchor = append(h.of, -1), append(h.anchor, -1)
	h.used, h.birth = append(h.used, 0), append(h.birth, 0)
}

// name makes an id of the smallest key at birth. A row that gives its name a second
// time, since the first is a redirect, gives another.
func name(key string, generation int) string {
	if generation > 0 {
		key += "\x00" + strconv.Itoa(generation)
	}
	sum := sha256.Sum256([]byte(key))
	return "P-" + hex.EncodeToString(sum[:8])
}

// idOf returns the id that is called after an anchor.
func (h *history) idOf(x *Index, anchor int32) string {
	return name(x.keys[anchor], int(h.used[anchor])-1)
}

// id returns the id of the cluster with a smallest row.
func (h *history) id(x *Index, rep int32) string { return h.idOf(x, h.anchor[rep]) }

func (h *history) born(x *Index, rep int32) {
	h.anchor[rep] = rep
	h.used[rep]++
	h.birth[rep] = uint32(h.seq)
}

// alone gives a row that waits for Settle a persona of its own.
func (h *history) alone(x *Index, row int32, c Cause) Event {
	h.seq++
	h.of[row] = row
	h.born(x, row)
	return Event{Seq: h.seq, Cause: c, After: h.id(x, row), Records: 1}
}

// claims returns the anchors of the ids that rows bring with them, the id that stays
// first: that of most human decisions, then the oldest, then the one whose anchor has
// the smallest key.
func (h *history) claims(x *Index, rows []int32) []int32 {
	var out []int32
	for _, row := range rows {
		if row >= 0 && h.of[row] >= 0 && h.anchor[h.of[row]] == row {
			out = append(out, row)
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.decisions(b), x.decisions(a)), cmp.Compare(h.birth[a], h.birth[b]), strings.Compare(x.keys[a], x.keys[b]))
	})
	return out
}

// decisions returns how many judgements there are on records of a row's persona.
func (x *Index) decisions(row int32) int {
	n := 0
	for judged, k := range x.human.count {
		if x.history.of[judged] == x.history.of[row] {
			n += k
		}
	}
	return n
}

// change is what becomes of one cluster.
type change struct {
	rows   []int32
	claims []int32
	before []string
	from   string // the persona from which most records came
}

// commit writes clusters into the history.
func (h *history) commit(x *Index, l *local, cause Cause) []Event {
	changes := h.changes(x, l)
	for i, row := range l.rows {
		h.of[row] = l.rows[l.of[i]]
	}
	var events []Event
	for _, c := range changes {
		h.seq++
		rep := c.rows[0]
		e := Event{Seq: h.seq, Cause: cause, Before: c.before, Records: len(c.rows), Weakest: x.weakest(c.rows)}
		if len(c.claims) == 0 {
			h.born(x, rep)
			e.SplitFrom = c.from
		} else {
			h.anchor[rep] = c.claims[0]
			for _, loser := range c.claims[1:] {
				h.redirects[h.idOf(x, loser)] = h.idOf(x, c.claims[0])
			}
		}
		e.After = h.id(x, rep)
		events = append(events, e)
	}
	return events
}

// changes returns the clusters that are not as they were, in the order of their
// smallest keys.
func (h *history) changes(x *Index, l *local) []change {
	was := map[int32]int{}
	for _, row := range l.rows {
		was[h.of[row]]++
	}
	groups := map[int32][]int32{}
	var order []int32
	for i, row := range l.rows {
		of := l.of[i]
		if groups[of] == nil {
			order = append(order, of)
		}
		groups[of] = append(groups[of], row)
	}
	var out []change
	for _, of := range order {
		rows := groups[of]
		from := map[int32]int{}
		for _, row := range rows {
			from[h.of[row]]++
		}
		if old := h.of[rows[0]]; old >= 0 && len(from) == 1 && was[old] == len(rows) {
			continue
		}
		c := change{rows: rows, claims: h.claims(x, rows)}
		most, oldest := 0, int32(-1)
		for _, row := range rows { // not the map: its order is not ours
			old := h.of[row]
			n, ok := from[old]
			if old < 0 || !ok {
				continue
			}
			delete(from, old)
			c.before = append(c.before, h.id(x, old))
			if a := h.anchor[old]; n > most || n == most && h.birth[a] < h.birth[oldest] {
				most, oldest = n, a
			}
		}
		if oldest >= 0 {
			c.from = h.idOf(x, oldest)
		}
		slices.Sort(c.before)
		out = append(out, c)
	}
	return out
}

// weakest finds the lightest edge of a cluster's maximum spanning tree.
func (x *Index) weakest(rows []int32) *Weakest {
	type edge struct {
		a, b   int32
		weight float32
		human  bool
	}
	in := make(map[int32]int32, len(rows)) // disjoint sets
	for _, row := range rows {
		in[row] = row
	}
	find := func(row int32) int32 {
		for in[row] != row {
			row = in[row]
		}
		return row
	}
	var list []edge
	for _, row := range rows {
		for _, e := range x.edges[row] {
			if _, ok := in[e.to]; ok && e.weight > 0 && x.keys[row] < x.keys[e.to] {
				list = append(list, edge{row, e.to, e.weight, false})
			}
		}
		for _, to := range x.human.must[row] {
			if _, ok := in[to]; ok {
				list = append(list, edge{row, to, 0, true})
			}
		}
	}
	slices.SortFunc(list, func(a, b edge) int {
		if a.human != b.human {
			if a.human {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(x.keys[a.a], x.keys[b.a]), strings.Compare(x.keys[a.b], x.keys[b.b]))
	})
	var out *Weakest
	for _, e := range list {
		a, b := find(e.a), find(e.b)
		if a == b {
			continue
		}
		in[a] = b
		if out = nil; !e.human {
			out = &Weakest{x.keys[e.a], x.keys[e.b], float64(e.weight)}
		}
	}
	return out
}

// Member is a record and its persona.
type Member struct {
	Key     string `json:"key"`
	First   string `json:"first"`   // smallest key of the persona's records: depends on records and judgements only
	Persona string `json:"persona"` // id: depends on the order in which they came, too
}

// Of returns the persona of a record and the keys of its records, in order.
func (x *Index) Of(key string) (Member, []string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.settle()
	row, ok := x.known.row(x, key)
	if !ok {
		return Member{}, nil, fmt.Errorf("there is no record %q", key)
	}
	rep := x.history.of[row]
	return Member{key, x.keys[rep], x.history.id(x, rep)}, x.members(row), nil
}

// All returns all records with their personas, in the order of their keys.
func (x *Index) All() []Member {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.settle()
	out := make([]Member, len(x.keys))
	for row, key := range x.keys {
		rep := x.history.of[row]
		out[row] = Member{key, x.keys[rep], x.history.id(x, rep)}
	}
	slices.SortFunc(out, func(a, b Member) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// Persona follows redirects from an id to the one that is in use.
func (x *Index) Persona(id string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	for {
		next, ok := x.history.redirects[id]
		if !ok {
			return id
		}
		id = next
	}
}
