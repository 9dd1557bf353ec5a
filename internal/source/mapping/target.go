package mapping

import (
	"fmt"
	"net/netip"
	"reflect"

	"muster/internal/record"
	"muster/internal/source/transform"
)

// target is what a field of a record takes.
type target struct {
	typ    transform.Type
	list   bool
	any    bool         // anything: the value is used inside the mapping
	object reflect.Type // the struct, where an object is taken too
	email  bool         // text that is an e-mail address
}

var (
	asAny  = target{any: true}
	asText = target{typ: transform.Text}
	asTime = target{typ: transform.Time}
)

// element is what a part of a list may be: one value or several, which are
// joined into one list.
func (t target) element() target {
	t.list = true
	return t
}

// setter puts a value into a field of an addressable struct.
type setter struct {
	index []int
	put   func(place reflect.Value, v *transform.Value)
}

func (s setter) set(target reflect.Value, v *transform.Value) { s.put(target.FieldByIndex(s.index), v) }

// targetOf returns what a field takes and how it is set; ok is false for types
// that no mapping can fill.
func targetOf(f *record.Field) (target, setter, bool) {
	if f.Key != "" {
		put := func(place reflect.Value, v *transform.Value) {
			if place.IsNil() {
				place.Set(reflect.MakeMap(place.Type()))
			}
			place.SetMapIndex(reflect.ValueOf(f.Key), reflect.ValueOf(v.String()))
		}
		return asText, setter{f.Index, put}, f.Type.Kind() == reflect.String
	}
	t, put, ok := kindOf(f.Type)
	if !ok && f.Type.Kind() == reflect.Slice {
		if t, put, ok = kindOf(f.Type.Elem()); ok {
			t.list, put = true, putList(f.Type, put)
		}
	}
	return t, setter{f.Index, put}, ok
}

// kindOf knows the types of single values.
func kindOf(t reflect.Type) (target, func(reflect.Value, *transform.Value), bool) {
	switch t {
	case reflect.TypeFor[record.Handle]():
		return target{typ: transform.Handle}, func(p reflect.Value, v *transform.Value) { p.SetString(v.One().String()) }, true
	case reflect.TypeFor[record.Time]():
		return asTime, func(p reflect.Value, v *transform.Value) { *p.Addr().Interface().(*record.Time) = v.One().Time }, true
	case reflect.TypeFor[netip.Addr]():
		return target{typ: transform.IP}, func(p reflect.Value, v *transform.Value) { *p.Addr().Interface().(*netip.Addr) = v.One().IP }, true
	case reflect.TypeFor[record.Date]():
		return target{typ: transform.Date}, putAny, true
	case reflect.TypeFor[record.Phone]():
		return target{typ: transform.Phone, object: t}, putAny, true
	case reflect.TypeFor[record.URL]():
		return target{typ: transform.URL, object: t}, putAny, true
	case reflect.TypeFor[record.Place]():
		return target{typ: transform.Place, object: t}, putAny, true
	case reflect.TypeFor[record.Address]():
		return target{typ: transform.Address, object: t}, putAny, true
	case reflect.TypeFor[record.Email]():
		return target{typ: transform.Text, object: t, email: true}, putText(func(s string) any { return record.Email{Value: s} }), true
	case reflect.TypeFor[record.ListName]():
		return target{typ: transform.Text, object: t}, putText(func(s string) any { return record.ListName{Full: s} }), true
	case reflect.TypeFor[record.Section]():
		return target{typ: transform.Text, object: t}, putText(func(s string) any { return record.Section{Text: s} }), true
	}
	switch t.Kind() {
	case reflect.String:
		return asText, func(p reflect.Value, v *transform.Value) { p.SetString(v.One().String()) }, true
	case reflect.Int, reflect.Int64:
		return target{typ: transform.Int}, func(p reflect.Value, v *transform.Value) { p.SetInt(v.One().Num) }, true
	case reflect.Float64:
		return target{typ: transform.Float}, func(p reflect.Value, v *transform.Value) { p.SetFloat(v.One().FloatOf()) }, true
	case reflect.Bool:
		return target{typ: transform.Bool}, func(p reflect.Value, v *transform.Value) { p.SetBool(v.One().Num != 0) }, true
	case reflect.Pointer:
		tt, put, ok := kindOf(t.Elem())
		return tt, func(p reflect.Value, v *transform.Value) {
			n := reflect.New(t.Elem())
			put(n.Elem(), v)
			p.Set(n)
		}, ok
	case reflect.Struct:
		return target{typ: transform.Object, object: t}, putAny, true
	}
	return target{}, nil, false
}

func putAny(p reflect.Value, v *transform.Value) {
	if x := reflect.ValueOf(v.One().Any); x.IsValid() && x.Type() == p.Type() {
		p.Set(x)
	}
}

func putText(make func(string) any) func(reflect.Value, *transform.Value) {
	return func(p reflect.Value, v *transform.Value) {
		if v.Type == transform.Object {
			putAny(p, v)
			return
		}
		p.Set(reflect.ValueOf(make(v.String())))
	}
}

func putList(t reflect.Type, put func(reflect.Value, *transform.Value)) func(reflect.Value, *transform.Value) {
	return func(p reflect.Value, v *transform.Value) {
		items := v.Items()
		list := reflect.MakeSlice(t, len(items), len(items))
		for i := range items {
			put(list.Index(i), &items[i])
		}
		p.Set(list)
	}
}

// implicit are the transforms that a plain value goes through to fit a field.
var implicit = map[transform.Type]string{
	transform.Int: "int", transform.Float: "float", transform.Bool: "bool", transform.Time: "time", transform.Date: "date", transform.IP: "ip",
	transform.Phone: "phone", transform.URL: "url", transform.Place: "geo_plain", transform.Address: "address",
}

// fit returns the transform that makes a value of the field's type, nil if none
// is needed, or an error.
func (t target) fit(out transform.Static) (*transform.Step, error) {
	if out.List && !t.list {
		return nil, fmt.Errorf("a %s does not fit a field that takes one value", out)
	}
	plain := out.Type == transform.Scalar || out.Type == transform.Text
	switch {
	case out.Type == t.typ && !(t.email && out.Type == transform.Scalar):
		return nil, nil
	case t.email && plain:
		return transform.New("email", out)
	case t.typ == transform.Text:
		switch out.Type {
		case transform.Place, transform.Address, transform.Object:
			return nil, fmt.Errorf("a %s does not fit a text field", out.Type)
		}
		return nil, nil
	case t.typ == transform.Handle:
		return nil, fmt.Errorf("a %s is no handle: it needs handle(namespace)", out.Type)
	case t.typ == transform.Float && out.Type == transform.Int:
		return nil, nil
	case t.typ == transform.Object:
		return nil, fmt.Errorf("a %s does not fit: name the parts of the object", out.Type)
	}
	name := implicit[t.typ]
	step, err := transform.New(name, out)
	if err != nil {
		return nil, fmt.Errorf("a %s does not fit a field that takes a %s", out.Type, t.typ)
	}
	return step, nil
}
