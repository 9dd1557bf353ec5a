package record

import (
	"cmp"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Field is one place of a record that a mapping can fill.
type Field struct {
	Name  string       // JSON path; objects inside objects with dots, e.g. "claimed_address.city"
	Type  reflect.Type // Go type of the value: string, *bool, Time, []Email, ...
	Index []int        // for [reflect.Value.FieldByIndex] on the struct
	List  bool         // Type is a slice
	Key   string       // entry of a map field such as "custom.level"; Type is then the entry's type
	Doc   string       // the comment beside the field in this package
}

// Fields returns the fields of a kind in the order of the struct, objects before
// their members; nil if there is no such kind. "ref" is not among them: where a
// row was read is not for a mapping to say. Callers must not change the result.
func Fields(k Kind) []Field {
	r := New(k)
	if r == nil {
		return nil
	}
	return FieldsOf(reflect.TypeOf(r).Elem())
}

// FieldsOf returns the fields of a struct type of this package, such as the
// element type of a list field.
func FieldsOf(t reflect.Type) []Field {
	if have, ok := fieldCache.Load(t); ok {
		return have.([]Field)
	}
	have, _ := fieldCache.LoadOrStore(t, appendFields(nil, t, "", nil))
	return have.([]Field)
}

var fieldCache sync.Map // reflect.Type → []Field

// LookupField returns the field of a kind by name. "custom.level" names an entry
// of the map "custom".
func LookupField(k Kind, name string) (*Field, bool) {
	list := Fields(k)
	if i := slices.IndexFunc(list, func(f Field) bool { return f.Name == name }); i >= 0 {
		return &list[i], true
	}
	head, key, ok := strings.Cut(name, ".")
	if !ok || key == "" {
		return nil, false
	}
	i := slices.IndexFunc(list, func(f Field) bool { return f.Name == head && f.Type.Kind() == reflect.Map })
	if i < 0 {
		return nil, false
	}
	f := list[i]
	f.Name, f.Key, f.Type = name, key, f.Type.Elem()
	return &f, true
}

func appendFields(list []Field, t reflect.Type, prefix string, index []int) []Field {
	for _, j := range jsonFields(t) {
		if j.Type == reflect.TypeFor[Ref]() {
			continue
		}
		sf, at := j.StructField, append(slices.Clone(index), j.Index...)
		f := Field{Name: prefix + j.name, Type: sf.Type, Index: at, List: sf.Type.Kind() == reflect.Slice, Doc: j.doc}
		list = append(list, f)
		if isObject(sf.Type) {
			list = appendFields(list, sf.Type, f.Name+".", at)
		}
	}
	return list
}

// jsonField is a field as encoding/json sees it: those of embedded structs stand
// in their place, and an outer field hides an embedded one of the same name.
type jsonField struct {
	reflect.StructField // with Index from the struct asked for
	name, doc           string
}

func jsonFields(t reflect.Type) []jsonField {
	own := map[string]bool{}
	for sf := range t.Fields() {
		if !sf.Anonymous {
			own[jsonName(sf)] = true
		}
	}
	var list []jsonField
	for i := range t.NumField() {
		sf := t.Field(i)
		if !sf.Anonymous {
			if name := jsonName(sf); name != "" {
				list = append(list, jsonField{sf, name, fieldDocs[t.Name()+"."+sf.Name]})
			}
			continue
		}
		for _, j := range jsonFields(sf.Type) {
			if !own[j.name] {
				j.Index = append([]int{i}, j.Index...)
				list = append(list, j)
			}
		}
	}
	return list
}

// jsonName returns the name of a field in JSON, "" if it has none.
func jsonName(sf reflect.StructField) string {
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	if !sf.IsExported() || name == "-" {
		return ""
	}
	return cmp.Or(name, sf.Name)
}

// isObject reports whether a type is written as a JSON object with fixed members.
func isObject(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[Time]() && t != reflect.TypeFor[Date]() && t != reflect.TypeFor[netip.Addr]()
}

// SetField puts v into a field of r. The value must have the field's type, with
// these freedoms: a value for a pointer to it, any integer type for another, an
// integer for a float, a Time for a Date and the reverse, one element for a list,
// and []any for a list whose elements all fit. Anything else is an error that
// names the field; text is never parsed. A nil v clears the field.
func SetField(r Record, f *Field, v any) error {
	return SetIn(reflect.ValueOf(r).Elem(), f, v)
}

// SetIn is [SetField] on an addressable struct, such as a new element of a list.
func SetIn(target reflect.Value, f *Field, v any) error {
	place := target.FieldByIndex(f.Index)
	if f.Key != "" {
		return setEntry(place, f, v)
	}
	if setFast(place.Addr().Interface(), v) {
		return nil
	}
	if v == nil {
		place.SetZero()
		return nil
	}
	value, ok := fit(reflect.ValueOf(v), f.Type)
	if !ok {
		return fmt.Errorf("%s takes %s, not %T", f.Name, f.Type, v)
	}
	place.Set(value)
	return nil
}

// setFast assigns the common cases without reflection on the value.
func setFast(place, v any) bool {
	switch p := place.(type) {
	case *string:
		return assign(p, v)
	case *Time:
		return assign(p, v)
	case *netip.Addr:
		return assign(p, v)
	case *Handle:
		return assign(p, v)
	case *int64:
		return assign(p, v)
	case *float64:
		return assign(p, v)
	case *Place:
		return assign(p, v)
	case *Address:
		return assign(p, v)
	case **bool:
		b, ok := v.(bool)
		if ok {
			*p = &b
		}
		return ok
	}
	return false
}

func assign[T any](p *T, v any) bool {
	x, ok := v.(T)
	if ok {
		*p = x
	}
	return ok
}

func setEntry(place reflect.Value, f *Field, v any) error {
	value, ok := fit(reflect.ValueOf(v), f.Type)
	if !ok {
		return fmt.Errorf("%s takes %s, not %T", f.Name, f.Type, v)
	}
	if place.IsNil() {
		place.Set(reflect.MakeMap(place.Type()))
	}
	place.SetMapIndex(reflect.ValueOf(f.Key), value)
	return nil
}

// fit converts v to type t within the freedoms of [SetField].
func fit(v reflect.Value, t reflect.Type) (reflect.Value, bool) {
	if !v.IsValid() {
		return v, false
	}
	if v.Type() == t {
		return v, true
	}
	switch x := v.Interface().(type) {
	case Time:
		if t == reflect.TypeFor[Date]() {
			return reflect.ValueOf(x.Date()), true
		}
	case Date:
		if t == reflect.TypeFor[Time]() {
			return reflect.ValueOf(x.time()), true
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		if inner, ok := fit(v, t.Elem()); ok {
			p := reflect.New(t.Elem())
			p.Elem().Set(inner)
			return p, true
		}
	case reflect.Int, reflect.Int64:
		if v.CanInt() && !reflect.Zero(t).OverflowInt(v.Int()) {
			return v.Convert(t), true
		}
	case reflect.Float64:
		if v.CanInt() || v.CanFloat() {
			return v.Convert(t), true
		}
	case reflect.Slice:
		return fitList(v, t)
	}
	return reflect.Value{}, false
}

func fitList(v reflect.Value, t reflect.Type) (reflect.Value, bool) {
	if v.Kind() != reflect.Slice {
		one, ok := fit(v, t.Elem())
		if !ok {
			return reflect.Value{}, false
		}
		return reflect.Append(reflect.MakeSlice(t, 0, 1), one), true
	}
	list := reflect.MakeSlice(t, 0, v.Len())
	for i := range v.Len() {
		item := v.Index(i)
		if item.Kind() == reflect.Interface {
			item = item.Elem()
		}
		one, ok := fit(item, t.Elem())
		if !ok {
			return reflect.Value{}, false
		}
		list = reflect.Append(list, one)
	}
	return list, true
}

// time returns the date as a Time of its own precision with unknown offset.
func (d Date) time() Time {
	switch {
	case d.IsZero():
		return Time{}
	case d.Month == 0:
		return NewTime(d.First(), PrecisionYear, false)
	case d.Day == 0:
		return NewTime(d.First(), PrecisionMonth, false)
	}
	return NewTime(d.First(), PrecisionDay, false)
}
