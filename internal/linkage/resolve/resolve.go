// Package resolve joins records one by one as batch linkage joins a whole table. Under
// one snapshot of a model, clusters are a pure function of the set of records and of the
// human judgements: the order in which they came does not matter, and a batch over the
// same snapshot gives the same. Which id a cluster has is history: ids are given once,
// survive merges and splits by rules that are written here, and every change is an event.
package resolve

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"muster/internal/linkage"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/score"
	"muster/internal/linkage/table"
)

// Record is a row with its own name.
type Record struct {
	Key   string   // unique, not empty
	Cells []string // in the order of the index's columns; empty = missing
}

// Errors of adding records.
var (
	ErrKey   = errors.New("the record has no key")
	ErrKnown = errors.New("a record with this key is there already")
	ErrFull  = errors.New("the index is full")
)

// Whole is the largest component, in rows, that is clustered at once. Larger ones wait
// for Settle.
const Whole = 500

// Index holds records so that those that may be one with another are found at once. It
// may be used by several goroutines; they take turns.
type Index struct {
	mu      sync.Mutex
	snap    *Snapshot
	t       *table.Table // of one empty row: columns and dictionary
	scorer  *score.Scorer
	model   *score.Model
	rules   []*rule
	refine  []int32
	posts   postings
	lost    []lost
	scratch key
	own     *worker

	keys    []string
	known   known
	records pages
	cells   pages
	edges   [][]link

	human   *human
	history history
	stale   []int32 // rows whose components wait for Settle
}

// link is an edge as one of its rows sees it.
type link struct {
	to     int32
	weight float32
}

// pages is rows of equal width that never move.
type pages struct {
	width int
	list  [][]uint32
}

const rowsOfPage = 1 << 12

func (p *pages) at(row int32) []uint32 {
	return p.list[row/rowsOfPage][int(row%rowsOfPage)*p.width:][:p.width:p.width]
}

// grow makes room for a row.
func (p *pages) grow(row int32) []uint32 {
	if int(row/rowsOfPage) == len(p.list) {
		p.list = append(p.list, make([]uint32, rowsOfPage*p.width))
	}
	return p.at(row)
}

func (x *Index) record(row int32) []uint32 { return x.records.at(row) }

// New returns an empty index of records with the named columns. The model's columns
// must be among them.
func New(s *Snapshot, columns []string) (*Index, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	t := table.New(columns)
	t.Add("", nil)
	x := &Index{snap: s, t: t, human: newHuman()}
	cols := pair.NewColumns(t)
	var err error
	if x.model, err = score.Compile(cols, s.Settings, nil); err != nil {
		return nil, err
	}
	rules, refine, nodes, err := compileRules(cols, s)
	if err != nil {
		return nil, err
	}
	x.rules, x.refine = rules, refine
	if x.scorer, err = x.model.Scorer(s.Counts, nodes); err != nil {
		return nil, err
	}
	x.posts = newPostings(s.Cap, len(rules), len(refine)+1)
	x.records.width, x.cells.width = x.scorer.Width(), len(columns)
	x.history.redirects = map[string]string{}
	x.own = x.newWorker()
	return x, nil
}

// Len returns the number of records.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.keys)
}

// worker is what a goroutine needs to compare.
type worker struct {
	memo    *score.Memo
	rest    []*pair.Memo
	reaches []reach
	ones    [][1]posting
	rows    []int32
	key     key
}

func (x *Index) newWorker() *worker {
	w := &worker{memo: x.model.NewMemo()}
	for _, r := range x.rules {
		var m *pair.Memo
		if r.rest != nil {
			m = r.rest.NewMemo()
		}
		w.rest = append(w.rest, m)
	}
	w.ones = make([][1]posting, 2*len(x.rules))
	return w
}

// refresh lets a worker know the values that came since.
func (x *Index) refresh(w *worker) {
	x.scorer.Refresh(w.memo)
	for i, r := range x.rules {
		if r.rest != nil {
			r.rest.Refresh(w.rest[i])
		}
	}
}

// encode computes the codes of a record's cells and what is compared.
func (x *Index) encode(r Record, cells, record []uint32) {
	for i := range cells {
		cells[i] = table.Null
		if i < len(r.Cells) {
			cells[i] = x.t.Dict.Code(strings.TrimSpace(r.Cells[i]))
		}
	}
	x.scorer.Fill(record, cells)
}

// insert takes a record in, without comparing it.
func (x *Index) insert(r Record) (int32, error) {
	row, ok := x.known.row(x, r.Key)
	switch {
	case r.Key == "":
		return 0, ErrKey
	case ok:
		return row, fmt.Errorf("%w: %q", ErrKnown, r.Key)
	case len(x.keys) >= mostRows:
		return 0, fmt.Errorf("%w: it holds %d records", ErrFull, mostRows)
	case len(r.Cells) > x.cells.width:
		return 0, fmt.Errorf("record %q has %d values, the index has %d columns", r.Key, len(r.Cells), x.cells.width)
	}
	row = int32(len(x.keys))
	x.encode(r, x.cells.grow(row), x.records.grow(row))
	x.keys = append(x.keys, strings.Clone(r.Key))
	x.edges = append(x.edges, nil)
	x.known.add(x, row)
	x.history.grow()
	x.arrived(row)
	return row, nil
}

// candidates returns the rows with which some rule pairs a record, and the rules whose
// key of the record is too broad to pair anything. self is its row, or -1 if it is not
// in the index.
func (x *Index) candidates(record []uint32, self int32, w *worker) (rows []int32, broad []string) {
	w.reaches, w.rows = w.reaches[:0], w.rows[:0]
	for _, r := range x.rules {
		for _, f := range r.faces() {
			at, wide := x.reachOf(f, record, x.more(r, record, self), &w.key, &w.ones[len(w.reaches)])
			if wide && !at.ok {
				broad = append(broad, r.sql)
			}
			for _, p := range at.rows {
				row := int32(p >> 1)
				if row == self || int(p&1) != f.other {
					continue
				}
				other := x.record(row)
				if !w.holds(&f, record, other) || slices.ContainsFunc(w.reaches, func(e reach) bool { return x.shares(&e, record, other, w) }) {
					continue
				}
				w.rows = append(w.rows, row)
			}
			w.reaches = append(w.reaches, at)
		}
	}
	return w.rows, slices.Compact(broad)
}

// more is by how many a record makes the block of a key larger.
func (x *Index) more(r *rule, record []uint32, self int32) int {
	if self >= 0 {
		return 0
	}
	if !r.mirror {
		for i, at := range r.sides[0] {
			if record[at] != record[r.sides[1][i]] {
				return 1
			}
		}
		return 2
	}
	return 1
}

// weigh compares a record with rows and returns the edges that are kept.
func (x *Index) weigh(key string, record []uint32, rows []int32, w *worker) []link {
	var out []link
	for _, row := range rows {
		left, right := record, x.record(row)
		if x.keys[row] < key { // the smaller key stands on the left, as in a sorted table
			left, right = right, left
		}
		if weight := x.scorer.Weight(left, right, w.memo); weight >= linkage.Keep {
			out = append(out, link{row, float32(weight)})
		}
	}
	return out
}

// Match is a record that another was compared with.
type Match struct {
	Key         string  `json:"key"`
	Persona     string  `json:"persona"`
	Weight      float64 `json:"weight"` // bits
	Probability float64 `json:"probability"`
}

// matches names edges, the heaviest first.
func (x *Index) matches(list []link) []Match {
	out := make([]Match, 0, len(list))
	for _, e := range list {
		out = append(out, Match{x.keys[e.to], x.history.id(x, x.history.of[e.to]), float64(e.weight), score.Probability(float64(e.weight))})
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Key, b.Key))
	})
	return out
}

// Answer says where a record belongs.
type Answer struct {
	Persona    string   `json:"persona"`    // the id; of a record that stands alone the one it would get
	New        bool     `json:"new"`        // nobody is there yet
	Joins      []string `json:"joins"`      // personas that become one by the record, in order
	Members    []string `json:"members"`    // keys of the records that it is one with, in order
	Candidates int      `json:"candidates"` // records that it was compared with
	Matches    []Match  `json:"matches"`    // of -6 bits and more, the heaviest first
	Broad      []string `json:"broad"`      // rules that found nobody since too many share the key
	Deferred   bool     `json:"deferred"`   // the component is too large to be clustered at once
	Events     []Event  `json:"events"`     // of Add
}

// Resolve says where a record would belong, as if it were added, and adds nothing. If
// the record itself would make a block pass the cap, the pairs that the block's other
// rows would lose by that are still counted.
func (x *Index) Resolve(r Record) (Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.Key == "" {
		return Answer{}, ErrKey
	}
	if _, ok := x.known.row(x, r.Key); ok {
		return Answer{}, fmt.Errorf("%w: %q", ErrKnown, r.Key)
	}
	g, cells, known := &guest{key: r.Key, record: make([]uint32, x.records.width)}, make([]uint32, x.cells.width), x.t.Dict.Len()
	x.encode(r, cells, g.record)
	defer x.forget(cells, known)
	x.refresh(x.own)
	rows, broad := x.candidates(g.record, -1, x.own)
	a := Answer{Candidates: len(rows), Broad: broad}
	g.edges = x.weigh(r.Key, g.record, rows, x.own)
	a.Matches = x.matches(g.edges)
	x.place(&a, g)
	return a, nil
}

// forget takes back the values that a record brought which only asked.
func (x *Index) forget(cells []uint32, known int) {
	if x.t.Dict.Len() == known {
		return
	}
	x.scorer.Forget(cells, known, x.own.memo)
	for _, m := range x.own.rest {
		if m != nil {
			m.Forget(known)
		}
	}
}

// Add takes a record in and clusters what it changes.
func (x *Index) Add(r Record) (Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	row, err := x.insert(r)
	if err != nil {
		return Answer{}, err
	}
	crossed := x.post(row)
	x.refresh(x.own)
	record := x.record(row)
	rows, broad := x.candidates(record, row, x.own)
	a := Answer{Candidates: len(rows), Broad: broad}
	list := x.weigh(r.Key, record, rows, x.own)
	seeds, most := x.retract(crossed), Whole
	if len(seeds) > 0 {
		most = 0 // components may fall apart, which does not wait
	}
	seeds = append(seeds, row)
	x.edges[row] = list
	for _, e := range list {
		x.edges[e.to] = append(x.edges[e.to], link{row, e.weight})
	}
	a.Events, a.Deferred = x.recluster(seeds, Cause{Kind: ByRecord, Key: r.Key}, most)
	a.Matches = x.matches(list)
	rep := x.history.of[row]
	a.Persona = x.history.id(x, rep)
	a.Members = x.members(row)
	for _, e := range a.Events {
		if len(e.Before) > 1 && e.After == a.Persona {
			a.Joins = e.Before
		}
	}
	a.New = len(a.Members) == 1
	return a, nil
}

// retract takes back the edges that only blocks made which passed the cap, and returns
// their rows.
func (x *Index) retract(crossed []crossing) (seeds []int32) {
	for _, c := range crossed {
		for _, p := range c.rows {
			row := int32(p >> 1)
			kept := x.edges[row][:0]
			for _, e := range x.edges[row] {
				if x.compared(row, e.to, x.own) {
					kept = append(kept, e)
					continue
				}
				seeds = append(seeds, row, e.to)
				x.edges[e.to] = slices.DeleteFunc(x.edges[e.to], func(o link) bool { return o.to == row })
			}
			x.edges[row] = kept
		}
	}
	return seeds
}

// Edges returns how many pairs of records have an edge.
func (x *Index) Edges() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	n := 0
	for _, list := range x.edges {
		n += len(list)
	}
	return n / 2
}
