package mapping

import (
	"reflect"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/source/transform"

	"github.com/goccy/go-yaml/ast"
)

// object makes a struct of a record, such as an e-mail address with its kind.
type object struct {
	typ    reflect.Type
	fields []objectField
}

type objectField struct {
	name  string
	expr  *expr
	set   setter
	whole bool // fills the whole struct (value of a phone or link)
}

func (c *compiler) object(s *scope, n ast.Node, want target) *object {
	list, ok := c.entries(n)
	if !ok || want.object == nil {
		c.errorf(n, "an object does not fit here")
		return &object{typ: reflect.TypeFor[record.Answer]()}
	}
	o := &object{typ: want.object}
	known := record.FieldsOf(want.object)
	for _, e := range list {
		i := slices.IndexFunc(known, func(f record.Field) bool { return f.Name == e.key })
		if i < 0 && e.key == "value" && (want.typ == transform.Phone || want.typ == transform.URL || want.typ == transform.Address) {
			whole := target{typ: want.typ}
			o.fields = append(o.fields, objectField{name: e.key, expr: c.expr(s, e.value, whole), set: setter{put: putAny}, whole: true})
			continue
		}
		if i < 0 {
			c.errorf(e.at, "%s has no field %q", strings.ToLower(want.object.Name()), e.key)
			continue
		}
		part, set, ok := targetOf(&known[i])
		if !ok {
			c.errorf(e.at, "field %q cannot be filled by a mapping", e.key)
			continue
		}
		part.email = part.typ == transform.Text && want.email && e.key == "value"
		o.fields = append(o.fields, objectField{name: e.key, expr: c.expr(s, e.value, part), set: set})
	}
	slices.SortStableFunc(o.fields, func(a, b objectField) int {
		switch {
		case a.whole != b.whole && a.whole:
			return -1
		case a.whole != b.whole:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return o
}

// object builds the object; it is absent if no field but constants has a value,
// or if it has a value field that is absent.
func (ev *Eval) object(o *object, at *level, v *transform.Value) *Fault {
	p := reflect.New(o.typ).Elem()
	found, secret := false, false
	content := make([]byte, 0, 64)
	for i := range o.fields {
		f := &o.fields[i]
		var part transform.Value
		if fault := ev.expr(f.expr, at, &part); fault != nil {
			return fault
		}
		if part.Absent() {
			if f.name == "value" {
				return nil
			}
			continue
		}
		found = found || f.expr.kind != valueExpr
		secret = secret || part.Secret
		content = append(append(content, f.name...), 0)
		content = part.AppendContent(content, false)
		if f.whole {
			f.set.put(p, &part)
		} else {
			f.set.set(p, &part)
		}
	}
	if found {
		*v = transform.Value{Type: transform.Object, Any: p.Interface(), Text: string(content), Secret: secret}
	}
	return nil
}
