package record

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
)

// Schema returns the JSON Schema (draft 2020-12) of a line of canonical NDJSON,
// built from the structs of this package. It is committed as
// docs/schema/record.v1.json and published with each release. Fields may be
// added to it, never renamed.
func Schema() []byte {
	defs := object{}
	kinds := make([]any, 0, len(makers))
	cases := make([]any, 0, len(makers))
	for _, k := range Kinds() {
		t := reflect.TypeOf(New(k)).Elem()
		defs.add(string(k), recordSchema(t, k, &defs))
		kinds = append(kinds, string(k))
		cases = append(cases, object{
			{"if", object{{"properties", object{{"record", object{{"const", string(k)}}}}}}},
			{"then", object{{"$ref", "#/$defs/" + string(k)}}},
		})
	}
	root := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:muster:record:v1"},
		{"title", "Muster canonical record"},
		{"description", "One line of canonical NDJSON. The member record names the kind; each kind is described under $defs."},
		{"type", "object"},
		{"required", []any{"record", "ref"}},
		{"properties", object{{"record", object{{"enum", kinds}}}}},
		{"allOf", cases},
		{"$defs", defs},
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		panic(err) // only strings, lists and objects are in it
	}
	return out.Bytes()
}

// object is a JSON object that keeps the order of its members.
type object []pair

type pair struct {
	key   string
	value any
}

func (o *object) add(key string, value any) { *o = append(*o, pair{key, value}) }

func (o object) has(key string) bool {
	for _, p := range o {
		if p.key == key {
			return true
		}
	}
	return false
}

// MarshalJSON implements [json.Marshaler].
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, p := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(p.key); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(p.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// recordSchema describes one kind; structs that it uses are added to defs.
func recordSchema(t reflect.Type, k Kind, defs *object) object {
	props := object{{"record", object{{"const", string(k)}}}}
	required := []any{"record", "ref"}
	addProperties(t, &props, &required, defs)
	return object{
		{"type", "object"}, {"required", required}, {"properties", props}, {"additionalProperties", false},
	}
}

// addProperties describes the fields of a struct.
func addProperties(t reflect.Type, props *object, required *[]any, defs *object) {
	for _, f := range jsonFields(t) {
		s := typeSchema(f.Type, defs)
		if f.doc != "" {
			s.add("description", f.doc)
		}
		props.add(f.name, s)
		if f.Type != reflect.TypeFor[Ref]() && !strings.Contains(f.Tag.Get("json"), ",omit") {
			*required = append(*required, f.name)
		}
	}
}

// timePattern is the text form of [Time]; datePattern that of [Date].
const (
	datePattern = `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`
	timePattern = `^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?$`
)

func typeSchema(t reflect.Type, defs *object) object {
	switch t {
	case reflect.TypeFor[Time]():
		return object{{"type", "string"}, {"pattern", timePattern}}
	case reflect.TypeFor[Date]():
		return object{{"type", "string"}, {"pattern", datePattern}}
	case reflect.TypeFor[netip.Addr]():
		return object{{"type", "string"}, {"anyOf", []any{object{{"format", "ipv4"}}, object{{"format", "ipv6"}}}}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeSchema(t.Elem(), defs)
	case reflect.Slice:
		return object{{"type", "array"}, {"items", typeSchema(t.Elem(), defs)}}
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", typeSchema(t.Elem(), defs)}}
	case reflect.Struct:
		return structRef(t, defs)
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}}
	case reflect.Float64:
		return object{{"type", "number"}}
	}
	return object{{"type", "string"}}
}

// structRef describes a struct once under $defs and returns a reference to it.
func structRef(t reflect.Type, defs *object) object {
	name := strings.ToLower(t.Name()[:1]) + t.Name()[1:] + "Object"
	if !defs.has(name) {
		defs.add(name, nil) // holds the place; structs of this package do not contain themselves
		at := len(*defs) - 1
		var props object
		required := []any{}
		addProperties(t, &props, &required, defs)
		s := object{{"type", "object"}, {"properties", props}, {"additionalProperties", false}}
		if len(required) > 0 {
			s.add("required", required)
		}
		(*defs)[at].value = s
	}
	return object{{"$ref", "#/$defs/" + name}}
}
