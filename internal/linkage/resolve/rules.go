package resolve

import (
	"fmt"
	"slices"

	"muster/internal/linkage/block"
	"muster/internal/linkage/expr"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/table"
)

// rule is a blocking rule over records.
type rule struct {
	number int
	sql    string
	sides  [2][]int32 // where the parts of a record's key stand, by the side on which it stands
	mirror bool       // the sides are the same: a record has one key
	rest   *pair.Conditions
}

// face is a rule seen by a record that stands on a side.
type face struct {
	*rule
	mine, other int
}

// faces of a rule: two if its sides differ.
func (r *rule) faces() []face {
	if r.mirror {
		return []face{{r, 0, 0}}
	}
	return []face{{r, 0, 1}, {r, 1, 0}}
}

// compileRules compiles the rules of a snapshot and returns their conditions as well.
func compileRules(cols *pair.Columns, s *Snapshot) (rules []*rule, refine []int32, nodes []*expr.Node, err error) {
	for i, b := range s.Settings.Blocking {
		k, err := block.KeysOf(b.SQL)
		if err != nil {
			return nil, nil, nil, err
		}
		r := &rule{number: i, sql: b.SQL, mirror: k.Mirror}
		for side, parts := range [2][]*expr.Node{k.Left, k.Right} {
			for _, n := range parts {
				at, err := cols.Slot(n)
				if err != nil {
					return nil, nil, nil, fmt.Errorf("blocking rule %q: %w", b.SQL, err)
				}
				r.sides[side] = append(r.sides[side], at)
				nodes = append(nodes, n)
			}
		}
		if k.Rest != nil {
			if r.rest, err = pair.Compile(cols, []*expr.Node{k.Rest}, nil); err != nil {
				return nil, nil, nil, fmt.Errorf("blocking rule %q: %w", b.SQL, err)
			}
			nodes = append(nodes, k.Rest)
		}
		rules = append(rules, r)
	}
	for _, name := range s.Refine {
		if cols.Table().Column(name) < 0 {
			continue // as in batch: a column that is not there splits nothing
		}
		n := &expr.Node{Op: "col", Text: cols.Table().Names[cols.Table().Column(name)], Side: expr.Left}
		at, err := cols.Slot(n)
		if err != nil {
			return nil, nil, nil, err
		}
		refine, nodes = append(refine, at), append(nodes, n)
	}
	return rules, refine, nodes, nil
}

// key makes the key of a record at a depth. It reports whether there is one: nothing
// that it is made of is missing.
func (x *Index) key(k *key, r *rule, side, depth int, record []uint32) bool {
	k.rule, k.depth, k.codes = r, depth, k.codes[:0]
	for _, at := range r.sides[side] {
		k.codes = append(k.codes, record[at])
	}
	for _, at := range x.refine[:depth] {
		k.codes = append(k.codes, record[at])
	}
	if slices.Contains(k.codes, table.Null) {
		return false
	}
	k.sum()
	return true
}

// has reports whether a record on a side has a key.
func (x *Index) has(k *key, side int, record []uint32) bool {
	parts := k.rule.sides[side]
	for i, at := range parts {
		if record[at] != k.codes[i] {
			return false
		}
	}
	for i, at := range x.refine[:k.depth] {
		if record[at] != k.codes[len(parts)+i] {
			return false
		}
	}
	return true
}

func (x *Index) lookup(k *key) uint32 {
	return x.posts.find(k, func(p posting) bool { return x.has(k, int(p&1), x.record(int32(p>>1))) }).ref
}

// crossing is a block that passed the cap: its pairs are made no more unless it is
// split.
type crossing struct {
	rule  *rule
	depth int
	rows  []posting
}

// post adds a record to the postings of all its keys and returns the blocks that passed
// the cap by it.
func (x *Index) post(row int32) []crossing {
	var out []crossing
	record := x.record(row)
	for _, r := range x.rules {
		for _, f := range r.faces() {
			out = x.postAt(out, r, 0, postingOf(row, f.mine), record)
		}
	}
	return out
}

func (x *Index) postAt(out []crossing, r *rule, depth int, p posting, record []uint32) []crossing {
	for ; depth <= len(x.refine); depth++ {
		k := &x.scratch
		if !x.key(k, r, int(p&1), depth, record) {
			return out
		}
		crossed, broad := x.posts.add(k, p, func(q posting) bool { return x.has(k, int(q&1), x.record(int32(q>>1))) })
		if crossed != nil {
			out = append(out, crossing{r, depth, crossed})
			if depth == len(x.refine) {
				x.lost = append(x.lost, lost{r, p})
				return out
			}
			for _, q := range crossed {
				out = x.postAt(out, r, depth+1, q, x.record(int32(q>>1)))
			}
			return out
		}
		if !broad {
			return out
		}
	}
	return out
}

// reach is how a face of a record takes part: by its block at a depth.
type reach struct {
	face
	depth int
	ok    bool
	rows  []posting // of the block; the record itself may be among them
}

// reachOf finds the block by which a record takes part in a rule. more is how many
// records of the key are not in the postings yet: the record itself, or none.
func (x *Index) reachOf(f face, record []uint32, more int, k *key, one *[1]posting) (out reach, broad bool) {
	out.face = f
	for ; out.depth <= len(x.refine); out.depth++ {
		if !x.key(k, f.rule, f.mine, out.depth, record) {
			return out, broad
		}
		ref := x.lookup(k)
		n := x.posts.size(ref)
		if n > x.posts.cap {
			broad = true
			continue
		}
		if ref != 0 {
			out.rows = x.posts.rows(ref, one)
		}
		out.ok = true
		if more > 0 && n+more > x.posts.cap {
			return x.narrow(out, record, more)
		}
		return out, false
	}
	return out, true
}

// narrow splits a block that passes the cap by a record that asks and is not added.
func (x *Index) narrow(r reach, record []uint32, more int) (reach, bool) {
	for len(r.rows)+more > x.posts.cap {
		if r.depth == len(x.refine) {
			r.ok, r.rows = false, nil
			return r, true
		}
		at := x.refine[r.depth]
		r.depth++
		if record[at] == table.Null {
			r.ok, r.rows = false, nil
			return r, true
		}
		var kept []posting
		for _, p := range r.rows {
			if x.record(int32(p >> 1))[at] == record[at] {
				kept = append(kept, p)
			}
		}
		r.rows = kept
	}
	return r, false
}

// shares reports whether the other record is in the block of a reach, on the other
// side, and the rest of the rule holds.
func (x *Index) shares(r *reach, record, other []uint32, w *worker) bool {
	if !r.ok {
		return false
	}
	mine, theirs := r.sides[r.mine], r.sides[r.other]
	for i, at := range mine {
		if record[at] != other[theirs[i]] {
			return false
		}
	}
	for _, at := range x.refine[:r.depth] {
		if record[at] != other[at] {
			return false
		}
	}
	return w.holds(&r.face, record, other)
}

// holds reports whether the rest of a rule holds. If both sides are the same, either
// record may stand on the left.
func (w *worker) holds(f *face, record, other []uint32) bool {
	if f.rest == nil {
		return true
	}
	m := w.rest[f.number]
	if f.mirror {
		return f.rest.LevelOf(record, other, m) == 0 || f.rest.LevelOf(other, record, m) == 0
	}
	if f.mine == 1 {
		record, other = other, record
	}
	return f.rest.LevelOf(record, other, m) == 0
}

// compared reports whether some rule makes a pair of two rows.
func (x *Index) compared(a, b int32, w *worker) bool {
	left, right := x.record(a), x.record(b)
	var one [1]posting
	for _, r := range x.rules {
		for _, f := range r.faces() {
			whole := reach{face: f, ok: true}
			if !x.shares(&whole, left, right, w) {
				continue
			}
			if at, _ := x.reachOf(f, left, 0, &w.key, &one); x.shares(&at, left, right, w) {
				return true
			}
		}
	}
	return false
}

// lost is a key that no column splits below the cap.
type lost struct {
	rule *rule
	p    posting
}

// Broad is a key of more rows than the cap that no column splits: it makes no pairs.
type Broad struct {
	Rule   string
	Values []string
	Rows   int
}

// Broad lists the keys that make no pairs, in the order in which they passed the cap.
func (x *Index) Broad() []Broad {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out []Broad
	for _, l := range x.lost {
		record := x.record(int32(l.p >> 1))
		if !x.key(&x.scratch, l.rule, int(l.p&1), len(x.refine), record) {
			continue
		}
		b := Broad{Rule: l.rule.sql, Rows: x.posts.size(x.lookup(&x.scratch))}
		for _, c := range x.scratch.codes {
			b.Values = append(b.Values, x.t.Dict.Value(c))
		}
		out = append(out, b)
	}
	return out
}
