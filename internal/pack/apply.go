package pack

import (
	"fmt"
	"reflect"
	"strings"

	"muster/internal/record"
)

// ruleOf returns the rule of a field, of its object if it is a member of one.
func ruleOf(kind record.Kind, field string) (rule, bool) {
	for name := field; name != ""; {
		if r, ok := rules[kind][name]; ok {
			return r, true
		}
		if r, ok := common[name]; ok {
			return r, true
		}
		i := strings.LastIndexByte(name, '.')
		name = name[:max(i, 0)]
	}
	return rule{}, false
}

// Undecided returns the fields of all kinds of records, as "kind.field", that have no
// rule. Packing refuses them.
func Undecided() []string {
	var out []string
	for _, k := range record.Kinds() {
		for _, f := range record.Fields(k) {
			if _, ok := ruleOf(k, f.Name); !ok {
				out = append(out, string(k)+"."+f.Name)
			}
		}
	}
	return out
}

// Dropped returns the fields that a pack leaves out, as "kind.field".
func Dropped() []string {
	var out []string
	for _, k := range record.Kinds() {
		for _, f := range record.Fields(k) {
			if r, ok := rules[k][f.Name]; ok && r.name == drop.name {
				out = append(out, string(k)+"."+f.Name)
			}
		}
	}
	return out
}

// pack replaces the identifiers of a record in place.
func (p *packer) pack(r record.Record) error {
	kind, meta := r.Kind(), r.Meta()
	p.ref = meta.Ref
	if do := special[kind]; do != nil {
		do(p, r)
	}
	v := reflect.ValueOf(r).Elem()
	for _, f := range record.Fields(kind) {
		own, ok := rules[kind][f.Name]
		if !ok {
			own, ok = common[f.Name]
		}
		if !ok {
			if _, member := ruleOf(kind, f.Name); member {
				continue
			}
			return fmt.Errorf("%s.%s: no rule says what becomes of it in a pack", kind, f.Name)
		}
		place := v.FieldByIndex(f.Index)
		switch {
		case place.IsZero() || own.name == keep.name || own.name == inside.name:
		case own.name == drop.name:
			place.SetZero()
		default:
			own.apply(p, place.Addr().Interface())
		}
	}
	meta.Ref = record.Ref{Source: p.ref.Source, Key: p.rowKey(p.ref)}
	return nil
}

// rowKey replaces the vendor's id of a row. Sessions have none.
func (p *packer) rowKey(ref record.Ref) string {
	if ref.Key == "" {
		return ""
	}
	t := p.key.token("row "+ref.Source, ref.Key)
	p.vault.note("row", t, ref.Key, ref)
	return t
}
