package mapping

import (
	"slices"
	"strconv"
	"strings"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/transform"
)

// Feed is a path from which an emit block fills a field.
type Feed struct {
	Path   string         // as written; inside a list with the list's path before it
	Steps  []extract.Step // of the same
	Block  int            // number of the emit block
	Kind   record.Kind
	Field  string // before the first dot: "claimed_address" for claimed_address.city
	Choice int    // feeds of one number other than 0 stand for one another (first: [...])
	Usual  bool   // the mapping says that every export of the vendor has it

	at   *scope
	ref  int
	expr *expr
}

// PathState says what a path was in the rows seen so far.
type PathState uint8

// The states of a path, in the order in which it passes through them.
const (
	PathNever  PathState = iota // no row has it
	PathEmpty                   // rows have it, without a value
	PathFilled                  // a row has a value there
)

// Feeds returns the paths that fill fields, by block and field. Blocks of which a
// field is also filled by a constant have no feeds for it: it is never empty.
func (m *Mapping) Feeds() []Feed {
	var out []Feed
	w := pathWalk{before: map[*scope][]extract.Step{}}
	for n, e := range m.emits {
		if e.each != nil && e.each.ref >= 0 {
			w.before[e.inner] = m.root.paths[e.each.ref].Steps
		}
		for _, f := range e.fields {
			top, _, _ := strings.Cut(f.name, ".")
			if f.expr.kind == valueExpr {
				continue
			}
			w.walk(f.expr, 0, func(s *scope, x *expr, choice int) {
				feed := Feed{Choice: choice, Steps: concat(w.before[s], s.paths[x.ref].Steps), Block: n, Kind: e.kind, Field: top, at: s, ref: x.ref, expr: x}
				feed.Path = pathText(feed.Steps)
				feed.Usual = slices.Contains(m.usual, feed.Path)
				out = append(out, feed)
			})
		}
		for _, f := range e.fields {
			if top, _, _ := strings.Cut(f.name, "."); f.expr.kind == valueExpr {
				out = slices.DeleteFunc(out, func(x Feed) bool { return x.Block == n && x.Field == top })
			}
		}
	}
	return out
}

// pathWalk finds the paths of expressions.
type pathWalk struct {
	before  map[*scope][]extract.Step // the way to a scope
	choices int
}

// walk calls visit for every path of an expression with the scope it is read in.
func (w *pathWalk) walk(x *expr, choice int, visit func(*scope, *expr, int)) {
	if x == nil {
		return
	}
	s := x.scope
	for range x.up {
		s = s.parent
	}
	switch {
	case x.kind == pathExpr && x.ref >= 0 && s != nil:
		visit(s, x, choice)
	case x.kind == eachExpr && x.ref >= 0 && s != nil:
		w.before[x.inner] = concat(w.before[s], s.paths[x.ref].Steps)
		w.walk(x.item, choice, visit)
	case x.kind == objectExpr && x.object != nil:
		for i := range x.object.fields {
			w.walk(x.object.fields[i].expr, choice, visit)
		}
	case x.kind == firstExpr && choice == 0:
		w.choices++
		choice = w.choices
		fallthrough
	default:
		for _, p := range x.parts {
			w.walk(p, choice, visit)
		}
	}
}

// pathText writes steps as a path.
func pathText(steps []extract.Step) string {
	var b strings.Builder
	for _, s := range steps {
		switch s.Kind {
		case extract.Key:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			name := s.Name
			if s.Quoted {
				name = `"` + name + `"`
			}
			b.WriteString(name)
		case extract.All:
			b.WriteString("[]")
		case extract.Index:
			b.WriteString("[" + strconv.Itoa(s.N) + "]")
		case extract.Filter:
			b.WriteString("[" + s.Name + "=" + s.Want + "]")
		}
	}
	return b.String()
}

// Reading says what the feed's transforms make of a text: whether they understand
// it, and whether they would refuse other texts. Of a plain text nothing is known.
func (f *Feed) Reading(text string) (understood, telling bool) {
	v := transform.Value{Type: transform.Scalar, Text: text}
	ctx := transform.Ctx{Order: transform.OrderDMY}
	steps := f.expr.steps
	if f.expr.final != nil {
		steps = append(steps[:len(steps):len(steps)], f.expr.final)
	}
	for _, s := range steps {
		telling = telling || slices.Contains(tellingSteps, s.Name)
		if s.Apply(&ctx, &v) != "" {
			return false, true
		}
	}
	return !v.Absent(), telling
}

// tellingSteps understand only what looks like their own.
var tellingSteps = []string{"email", "ip", "ip_list", "mac", "time", "date", "epoch_s", "epoch_ms", "epoch_ns", "phone", "int", "float", "money", "iban", "aba", "url"}

// Watch makes the evaluator note, row by row, which of the feeds have a value.
// States and Made then tell.
func (ev *Eval) Watch(feeds []Feed) {
	ev.feeds, ev.States, ev.Made = feeds, make([]PathState, len(feeds)), make([]int, len(ev.m.emits))
	for i := range feeds {
		id := feeds[i].at.id
		for len(ev.open) <= id {
			ev.open = append(ev.open, nil)
		}
		ev.open[id] = append(ev.open[id], i)
	}
}

// look notes which feeds of a scope have a value in a row of it. A path is not
// looked at again once it had one, so that in most files this soon costs nothing.
func (ev *Eval) look(scope int, row Row) {
	if scope >= len(ev.open) {
		return
	}
	open := ev.open[scope]
	for i := 0; i < len(open); {
		n := open[i]
		ref := ev.feeds[n].ref
		if !row.Has(ref) {
			i++
			continue
		}
		v := &ev.tested
		*v = transform.Value{}
		if row.Fill(ref, v); v.Absent() {
			ev.States[n] = PathEmpty
			i++
			continue
		}
		ev.States[n] = PathFilled
		open[i] = open[len(open)-1]
		open = open[:len(open)-1]
	}
	ev.open[scope] = open
}
