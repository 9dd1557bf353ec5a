package mapping

import (
	"slices"
	"strings"

	"muster/internal/source/transform"
)

// expr evaluates a field into v, which must be zero.
func (ev *Eval) expr(x *expr, at *level, v *transform.Value) *Fault {
	if fault := ev.form(x, at, v); fault != nil {
		return fault
	}
	if len(x.steps) > 0 || x.final != nil || x.table != nil || x.hasElse {
		steps := ev.steps
		if x.costly {
			steps = ev.remembered
		}
		if fault := steps(x, at, v); fault != nil {
			return fault
		}
	}
	if v.Absent() && x.required {
		return &Fault{Reason: MissingRequired, Text: x.text}
	}
	return nil
}

// MaxField is the length of a single value beyond which a row is refused.
const MaxField = 64 << 10

func (ev *Eval) form(x *expr, at *level, v *transform.Value) *Fault {
	switch x.kind {
	case pathExpr:
		row := ev.out1(x, at).row
		if !row.Has(x.ref) {
			ev.Trace.read(x.text, false, v)
			return nil
		}
		row.Fill(x.ref, v)
		ev.Trace.read(x.text, true, v)
		if len(v.Text) > MaxField {
			return &Fault{Reason: transform.TooLong, Text: v.Text[:80]}
		}
		return nil
	case valueExpr:
		*v = x.value
		return nil
	case firstExpr:
		for _, p := range x.parts {
			if fault := ev.expr(p, at, v); fault != nil || !v.Absent() {
				return fault
			}
		}
		return nil
	case joinExpr:
		return ev.join(x, at, v)
	case listExpr:
		return ev.list(x, at, v)
	case eachExpr:
		return ev.each(x, at, v)
	}
	return ev.object(x.object, at, v)
}

// out1 goes out to the level a path is read at.
func (ev *Eval) out1(x *expr, at *level) *level {
	for range x.up {
		at = at.parent
	}
	return at
}

func (ev *Eval) join(x *expr, at *level, v *transform.Value) *Fault {
	var b strings.Builder
	for _, p := range x.parts {
		var part transform.Value
		if fault := ev.expr(p, at, &part); fault != nil {
			return fault
		}
		for _, item := range part.Items() {
			if b.Len() > 0 {
				b.WriteString(x.sep)
			}
			b.WriteString(item.String())
		}
	}
	if b.Len() > 0 {
		*v = transform.TextValue(b.String())
	}
	return nil
}

func (ev *Eval) list(x *expr, at *level, v *transform.Value) *Fault {
	var out []transform.Value
	for _, p := range x.parts {
		var part transform.Value
		if fault := ev.expr(p, at, &part); fault != nil {
			return fault
		}
		out = append(out, part.Items()...)
	}
	*v = transform.ListOf(out)
	return nil
}

func (ev *Eval) each(x *expr, at *level, v *transform.Value) *Fault {
	var list transform.Value
	ev.out1(x, at).row.Fill(x.ref, &list)
	ev.Trace.read(x.text, !list.Absent(), &list)
	var out []transform.Value
	for i, item := range list.Items() {
		in := level{parent: at}
		if !ev.enter(&in, x.inner, item, i) || !ev.holds(x.where, &in) {
			continue
		}
		var part transform.Value
		if fault := ev.expr(x.item, &in, &part); fault != nil {
			return fault
		}
		out = append(out, part.Items()...)
	}
	*v = transform.ListOf(out)
	return nil
}

// steps runs the transforms, the map and the fitting to the field.
func (ev *Eval) steps(x *expr, at *level, v *transform.Value) *Fault {
	if x.dates && !x.yearFirst(v) {
		ev.Ctx.Order = ev.order(x, at)
	}
	ev.Ctx.Region = ""
	if x.region != nil {
		var r transform.Value
		if ev.expr(x.region, at, &r) == nil && !r.Absent() {
			ev.Ctx.Region = transform.Country(r.String())
		}
	}
	for _, s := range x.steps {
		if fault := ev.step(s, v); fault != nil {
			return fault
		}
	}
	if ev.translate(x, v); x.table != nil || x.hasElse {
		ev.Trace.step("map", "", v, "")
	}
	if x.final != nil {
		return ev.step(x.final, v)
	}
	return nil
}

func (ev *Eval) step(s *transform.Step, v *transform.Value) *Fault {
	r := s.Apply(&ev.Ctx, v)
	ev.Trace.step(s.Name, s.Arg, v, r)
	switch r {
	case "":
		return nil
	case transform.Unread:
		ev.unread = true
		return nil
	}
	return &Fault{Reason: r, Text: v.String()}
}

func (ev *Eval) order(x *expr, at *level) transform.Order {
	if x.kind == pathExpr {
		return ev.out1(x, at).row.Order(x.ref)
	}
	trace := ev.Trace
	ev.Trace = nil // the values have been noted
	defer func() { ev.Trace = trace }()
	for _, p := range x.parts {
		ev.dated = transform.Value{}
		if ev.form(p, at, &ev.dated) == nil && !ev.dated.Absent() {
			return ev.order(p, at)
		}
	}
	return transform.OrderUnknown
}

// yearFirst reports whether the value goes straight into the step that reads
// dates and begins with its year, so that no order has to be known.
func (x *expr) yearFirst(v *transform.Value) bool {
	first := x.final
	if len(x.steps) > 0 {
		first = x.steps[0]
	}
	s := v.Text
	return first != nil && first.Dates && v.Type == transform.Scalar && len(s) > 4 && (s[4] == '-' || s[4] == '/') &&
		digit(s[0]) && digit(s[1]) && digit(s[2]) && digit(s[3])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// translate applies the map.
func (ev *Eval) translate(x *expr, v *transform.Value) {
	if x.table != nil && v.Type == transform.List {
		var out []transform.Value
		for _, item := range v.Items() {
			if to, ok := x.lookUp(item.String()); ok {
				out = append(out, transform.TextValue(to))
			}
		}
		*v = transform.ListOf(out)
	} else if x.table != nil && !v.Absent() {
		to, ok := x.lookUp(v.String())
		*v = transform.Value{}
		if ok {
			*v = transform.TextValue(to)
		}
	}
	if x.hasElse && v.Absent() {
		*v = transform.TextValue(x.orElse)
	}
}

func (x *expr) lookUp(s string) (string, bool) {
	if to, ok := x.table[s]; ok {
		return to, true
	}
	if to, ok := x.table[strings.ToLower(s)]; ok {
		return to, true
	}
	return x.orElse, x.hasElse
}

// holds reports whether all conditions hold.
func (ev *Eval) holds(list []cond, at *level) bool {
	for i := range list {
		if !ev.cond(&list[i], at) {
			return false
		}
	}
	return true
}

func (ev *Eval) cond(k *cond, at *level) bool {
	v := &ev.tested
	*v = transform.Value{}
	if fault := ev.expr(k.expr, at, v); fault != nil {
		*v = transform.Value{}
	}
	if k.present != nil && *k.present == v.Absent() {
		return false
	}
	if k.in == nil && k.notIn == nil && k.prefix == nil && k.match == nil {
		return true
	}
	if v.Type != transform.List {
		s := v.String()
		return k.text(s, v.Absent())
	}
	for _, item := range v.Items() {
		if k.text(item.String(), false) {
			return true
		}
	}
	return false
}

// text tests one text. An absent value is in nothing.
func (k *cond) text(s string, absent bool) bool {
	if absent {
		return k.in == nil && k.prefix == nil && k.match == nil
	}
	return (k.in == nil || slices.Contains(k.in, s)) && !slices.Contains(k.notIn, s) &&
		(k.prefix == nil || hasPrefix(s, k.prefix)) && (k.match == nil || k.match.MatchString(s))
}
