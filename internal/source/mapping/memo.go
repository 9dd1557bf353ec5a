package mapping

import (
	"muster/internal/source/transform"

	"github.com/zeebo/xxh3"
)

// memo remembers what the steps of one expression made of the values that came
// last: countries, places and telephones repeat from row to row.
type memo struct {
	asked int
	found int
	table []remembered
}

type remembered struct {
	in     string
	typ    transform.Type
	number bool
	unread bool
	out    transform.Value
}

const (
	memoSize  = 1 << 9
	memoTrial = 4096 // values after which a quarter must have been remembered, or it is given up
	memoAfter = 64   // values of an expression before remembering pays
	memoInput = 512  // bytes of the longest value that is remembered
)

// isCostly reports whether the steps take long enough to remember what they give.
func (x *expr) isCostly() bool {
	if x.region != nil || x.kind == eachExpr || x.kind == objectExpr {
		return false
	}
	for _, s := range append(x.steps[:len(x.steps):len(x.steps)], x.final) {
		if s == nil {
			continue
		}
		switch s.Name {
		case "geo_okta", "geo_entra", "geo_plain", "country", "phone", "user_agent", "address", "url", "org", "account", "iban", "secret", "regex":
			return true
		}
	}
	return false
}

// remembered is steps for expressions that are costly. What a step gives depends
// on the value, the order of dates and what is the same for the whole file.
func (ev *Eval) remembered(x *expr, at *level, v *transform.Value) *Fault {
	var in []byte
	switch v.Type {
	case transform.Scalar, transform.Text:
	case transform.JSON:
		in = v.Raw
	default:
		return ev.steps(x, at, v)
	}
	m := ev.memos[x]
	if m == nil {
		m = &memo{}
		ev.memos[x] = m
	}
	if m.asked++; m.asked < memoAfter || m.asked > memoTrial && m.found < m.asked/4 || x.dates || v.Secret || len(v.Text)+len(in) > memoInput || len(v.Text)+len(in) == 0 {
		return ev.steps(x, at, v)
	}
	if m.table == nil {
		m.table = make([]remembered, memoSize)
	}
	var k *remembered
	if v.Type == transform.JSON {
		k = &m.table[xxh3.Hash(in)%memoSize]
	} else {
		k = &m.table[xxh3.HashString(v.Text)%memoSize]
	}
	if k.typ == v.Type && k.number == v.Number && (k.in == v.Text && in == nil || in != nil && k.in == string(in)) {
		m.found++
		*v = k.out
		ev.unread = ev.unread || k.unread
		return nil
	}
	was := remembered{in: v.Text, typ: v.Type, number: v.Number}
	if in != nil {
		was.in = string(in)
	}
	before := ev.unread
	ev.unread = false
	fault := ev.steps(x, at, v)
	was.unread, was.out = ev.unread, *v
	ev.unread = ev.unread || before
	if fault == nil && v.Type != transform.JSON { // JSON would keep the row it was read from in memory
		*k = was
	}
	return fault
}
