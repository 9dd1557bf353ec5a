package mapping

import (
	"muster/internal/source/extract"
	"muster/internal/source/transform"
)

// elementRow is an element of a list as a Row.
type elementRow struct {
	ev    *Eval
	slots *extract.Slots
	self  transform.Value
	prog  *scope
}

// Fill implements [Row].
func (r *elementRow) Fill(i int, v *transform.Value) {
	if r.slots != nil {
		FillSlot(v, r.slots, i, r.prog.multi[i], r.ev.Text)
	} else if len(r.prog.paths[i].Steps) == 0 {
		*v = r.self
	}
}

// Has implements [Row].
func (r *elementRow) Has(i int) bool {
	if r.slots == nil {
		return len(r.prog.paths[i].Steps) == 0
	}
	return r.slots.Has(i)
}

// Order implements [Row]: elements are in no column.
func (r *elementRow) Order(int) transform.Order { return transform.OrderUnknown }

// rowList is a list of a row that emit blocks go through.
type rowList struct {
	ref   int
	items []transform.Value
}

// list1 returns the elements of a list of the row; several emit blocks ask for
// the same one.
func (ev *Eval) list1(ref int) []transform.Value {
	for i := range ev.lists {
		if ev.lists[i].ref == ref {
			return ev.lists[i].items
		}
	}
	var v transform.Value
	ev.root.row.Fill(ref, &v)
	items := v.Items()
	ev.lists = append(ev.lists, rowList{ref, items})
	return items
}

// parsed is an element of a list that has been read for a scope.
type parsed struct {
	slots *extract.Slots
	row   uint64 // the row it was read in
	raw   []byte
	good  bool
}

// keptElements is the number of elements of a list that stay read while the emit
// blocks of a row go through it one after another.
const keptElements = 64

// enter makes at the level of the n-th element of a list. It is false for an
// element that is damaged.
func (ev *Eval) enter(at *level, s *scope, item transform.Value, n int) bool {
	at.inner = elementRow{ev: ev, self: item, prog: s}
	at.row = &at.inner
	if item.Type != transform.JSON {
		ev.look(s.id, at.row)
		return true
	}
	for len(ev.slots) <= s.id {
		ev.slots = append(ev.slots, nil)
	}
	list := ev.slots[s.id]
	n = min(n, keptElements)
	for len(list) <= n {
		list = append(list, nil)
		ev.slots[s.id] = list
	}
	p := list[n]
	if p == nil {
		p = &parsed{slots: s.prog.Slots()}
		list[n] = p
	}
	if same := p.row == ev.row && len(p.raw) == len(item.Raw) && len(p.raw) > 0 && &p.raw[0] == &item.Raw[0]; !same {
		p.row, p.raw, p.good = ev.row, item.Raw, p.slots.Run(item.Raw) == nil
	}
	at.inner.slots = p.slots
	if p.good {
		ev.look(s.id, at.row)
	}
	return p.good
}
