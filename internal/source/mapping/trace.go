package mapping

import (
	"strings"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/transform"
)

// Trace notes what an [Eval] does with one row, so that a person can follow it.
// The values in it are the export's own; mask them before showing.
type Trace struct {
	Records []TracedRecord
	loose   []TraceEvent // events before a field that claims them
	at      *TracedRecord
}

// TracedRecord is one emit block applied to the row or to an element of it.
type TracedRecord struct {
	Kind    record.Kind
	Each    string // the list whose element it is about, "" if the row itself
	Skipped bool   // its conditions do not hold
	Empty   bool   // no field has a value
	Faulty  bool   // a field quarantined the row
	When    []TraceEvent
	Fields  []TracedField
}

// TracedField is what became of one field.
type TracedField struct {
	Name   string
	Events []TraceEvent
	Result string           // "" if absent
	Reason transform.Reason // why the row is quarantined; "" if it is not
}

// TraceEvent is a path that was read (Path is set) or a transform that ran (Step).
type TraceEvent struct {
	Path   string
	Step   string
	Found  bool   // of a path: the column or key is there
	Value  string // read, or after the transform; "" if absent
	Reason transform.Reason
}

func (t *Trace) read(path string, found bool, v *transform.Value) {
	if t != nil {
		t.loose = append(t.loose, TraceEvent{Path: path, Found: found, Value: shown(v)})
	}
}

func (t *Trace) step(name, arg string, v *transform.Value, r transform.Reason) {
	if t == nil {
		return
	}
	if arg != "" {
		name += "(" + arg + ")"
	}
	t.loose = append(t.loose, TraceEvent{Step: name, Value: shown(v), Reason: r})
}

// begin opens a block; what was read since the last one are its conditions.
func (t *Trace) begin(e *emit, holds bool) {
	if t == nil {
		return
	}
	r := TracedRecord{Kind: e.kind, Skipped: !holds, When: t.take()}
	if e.each != nil {
		r.Each = e.each.text
	}
	t.Records = append(t.Records, r)
	t.at = &t.Records[len(t.Records)-1]
}

// field closes a field of the block at hand.
func (t *Trace) field(name string, v *transform.Value, fault *Fault) {
	if t == nil || t.at == nil {
		return
	}
	f := TracedField{Name: name, Events: t.take()}
	if fault != nil {
		f.Reason, t.at.Faulty = fault.Reason, true
	} else {
		f.Result = shown(v)
	}
	t.at.Fields = append(t.at.Fields, f)
}

func (t *Trace) empty() {
	if t != nil && t.at != nil {
		t.at.Empty = true
	}
}

func (t *Trace) take() []TraceEvent {
	list := t.loose
	t.loose = nil
	return list
}

func shown(v *transform.Value) string {
	switch v.Type {
	case transform.None:
		return ""
	case transform.JSON:
		return string(v.Raw)
	case transform.List:
		var text strings.Builder
		for i, item := range v.Items() {
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteString(shown(&item))
		}
		return text.String()
	}
	return v.String()
}

// Judgement says how far a mapping recognises a record.
type Judgement struct {
	ID        string
	Score     int
	OK        bool     // it recognises the record
	Held      []string // tests that hold, as written in match
	Lacking   []string // tests of the nearest alternative that do not
	Excluding []string // paths under absent that are there
}

// Judge is [Mapping.Score] with reasons.
func (m *Mapping) Judge(row Row, table bool) Judgement {
	var v transform.Value
	j := Judgement{ID: m.ID}
	j.Score, j.OK = m.Score(row, table, &v)
	if !j.OK {
		j.Score = m.Rank
	}
	set := m.nearestSet(row, table)
	for i := range set {
		t := &set[i]
		if _, ok := scoreOf(set[i:i+1], row, table, &v); ok {
			j.Held = append(j.Held, m.testText(t))
			if !j.OK {
				j.Score += t.points(table)
			}
		} else {
			j.Lacking = append(j.Lacking, m.testText(t))
		}
	}
	for _, ref := range m.absent {
		if v = (transform.Value{}); row.Has(ref) {
			if row.Fill(ref, &v); !v.Absent() || table {
				j.Excluding = append(j.Excluding, m.root.paths[ref].Text)
			}
		}
	}
	return j
}

// nearestSet returns all, with the alternative of any that scores best or lacks
// least.
func (m *Mapping) nearestSet(row Row, table bool) []test {
	var v transform.Value
	var best []test
	rank := func(set []test) (int, int) {
		missing, points := 0, 0
		for i := range set {
			if n, ok := scoreOf(set[i:i+1], row, table, &v); ok {
				points += n
			} else {
				missing++
			}
		}
		return missing, points
	}
	for i, set := range m.any {
		if i == 0 {
			best = set
			continue
		}
		missing, points := rank(set)
		if had, have := rank(best); missing < had || missing == had && points > have {
			best = set
		}
	}
	return append(m.all[:len(m.all):len(m.all)], best...)
}

func (m *Mapping) testText(t *test) string {
	var text strings.Builder
	text.WriteString(m.root.paths[t.ref].Text)
	for i, w := range append(t.values[:len(t.values):len(t.values)], t.prefix...) {
		switch {
		case i > 0:
			text.WriteString("|" + w)
		case t.values != nil:
			text.WriteString("=" + w)
		default:
			text.WriteString("~" + w)
		}
	}
	return text.String()
}

// Reads returns every path the mapping reads, those inside lists with the path
// of their list before them.
func (m *Mapping) Reads() [][]extract.Step {
	var out [][]extract.Step
	seen := map[*scope]bool{}
	var walk func(s *scope, before []extract.Step)
	walk = func(s *scope, before []extract.Step) {
		if seen[s] {
			return
		}
		seen[s] = true
		lists := map[int]bool{}
		into := func(inner *scope, ref int) {
			lists[ref] = true
			walk(inner, concat(before, s.paths[ref].Steps))
		}
		for _, e := range m.emits {
			if e.each != nil && s == m.root && e.each.ref >= 0 {
				into(e.inner, e.each.ref)
			}
		}
		for _, x := range m.exprs {
			if x.kind == eachExpr && x.inner != nil && x.ref >= 0 && x.scope == s && x.up == 0 {
				into(x.inner, x.ref)
			}
		}
		for i, p := range s.paths {
			if !lists[i] {
				out = append(out, concat(before, p.Steps))
			}
		}
	}
	walk(m.root, nil)
	return out
}

func concat(a, b []extract.Step) []extract.Step { return append(a[:len(a):len(a)], b...) }

// Ignored reports whether the last row was left out on purpose.
func (ev *Eval) Ignored() bool { return ev.out.Ignored }
