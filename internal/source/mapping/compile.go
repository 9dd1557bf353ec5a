package mapping

import (
	"regexp"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/transform"

	"github.com/goccy/go-yaml/ast"
)

// path notes a path in a scope and returns its number and how many scopes
// further out it lies; -1 after an error.
func (c *compiler) path(s *scope, at ast.Node, text string) (ref, up int) {
	for strings.HasPrefix(text, "^") {
		text = text[1:]
		up++
		if s = s.parent; s == nil {
			c.errorf(at, "^%s: nothing lies further out", text)
			return -1, 0
		}
	}
	p, err := extract.ParsePath(text)
	if err != nil {
		c.errorf(at, "%w", err)
		return -1, up
	}
	for _, step := range p.Steps {
		c.allowed(at, step.Name)
		if step.Kind == extract.Filter {
			c.allowed(at, step.Want)
		}
	}
	if i, ok := s.index[text]; ok {
		return i, up
	}
	s.index[text] = len(s.paths)
	s.paths = append(s.paths, p)
	return len(s.paths) - 1, up
}

// allowed notes an error if a name reads what must not be read.
func (c *compiler) allowed(at ast.Node, name string) {
	if what := forbidden(name); what != "" {
		c.errorf(at, "%q may not be read: ethnicity, gender, religion, marital status, pronouns, birthplace, nationality and passwords are never inputs", name)
	}
}

func (c *compiler) pathExpr(s *scope, at ast.Node, text string) *expr {
	ref, up := c.path(s, at, text)
	x := &expr{kind: pathExpr, text: text, scope: s, ref: ref, up: up, out: transform.Static{Type: transform.Scalar}}
	if ref >= 0 {
		home := s
		for range up {
			home = home.parent
		}
		x.out.List = home.paths[ref].Multi()
	}
	return x
}

func (c *compiler) keyAndTimes(s *scope, key, at, version ast.Node) (k []*expr, t, v *expr) {
	for _, n := range c.optionalItems(key) {
		k = append(k, c.expr(s, n, asText))
	}
	if at != nil {
		t = c.expr(s, at, asTime)
	}
	if version != nil {
		v = c.expr(s, version, asTime)
	}
	return k, t, v
}

func (c *compiler) emit(n ast.Node) {
	list, ok := c.entries(n)
	if !ok {
		c.errorf(n, "emit needs blocks with record and fields")
		return
	}
	e := &emit{inner: c.m.root}
	get := map[string]ast.Node{}
	for _, x := range list {
		get[x.key] = x.value
		switch x.key {
		case "record":
			name, _ := c.scalar(x.value)
			e.kind = record.Kind(name)
			if record.New(e.kind) == nil {
				c.errorf(x.value, "there is no record %q", name)
				return
			}
		case "when", "each", "fields", "key", "time", "version_time":
		default:
			c.errorf(x.at, "unknown key %q in emit", x.key)
		}
	}
	if e.kind == "" || get["fields"] == nil {
		c.errorf(n, "an emit block needs record and fields")
		return
	}
	if at := get["each"]; at != nil {
		text, ok := c.scalar(at)
		if !ok {
			return
		}
		e.each = c.pathExpr(c.m.root, at, text)
		e.inner = c.elements(e.each)
	}
	if at := get["when"]; at != nil {
		e.when = c.conds(e.inner, at)
	}
	e.key, e.time, e.vtime = c.keyAndTimes(e.inner, get["key"], get["time"], get["version_time"])
	c.emitFields(e, get["fields"])
	c.m.emits = append(c.m.emits, e)
}

// elements returns the scope of the elements of a list of the record. Blocks that
// go through the same list share it, so that an element is read once.
func (c *compiler) elements(each *expr) *scope {
	for _, e := range c.m.emits {
		if e.each != nil && e.each.ref == each.ref {
			return e.inner
		}
	}
	return c.newScope(c.m.root)
}

func (c *compiler) emitFields(e *emit, n ast.Node) {
	list, ok := c.entries(n)
	if !ok {
		c.errorf(n, "fields needs a mapping")
		return
	}
	for _, x := range list {
		f, ok := record.LookupField(e.kind, x.key)
		if !ok || strings.HasPrefix(x.key, "ref") && x.key == "ref" {
			c.errorf(x.at, "record %s has no field %q", e.kind, x.key)
			continue
		}
		want, set, ok := targetOf(f)
		if !ok {
			c.errorf(x.at, "field %q cannot be filled by a mapping", x.key)
			continue
		}
		c.allowed(x.at, x.key)
		ex := c.expr(e.inner, x.value, want)
		e.fields = append(e.fields, &field{name: x.key, expr: ex, set: set})
	}
	// The order of the fields decides nothing but must be fixed; a parent such as
	// claimed_address is set before its parts.
	slices.SortStableFunc(e.fields, func(a, b *field) int { return strings.Compare(a.name, b.name) })
	for _, f := range e.fields {
		f.id, f.parent = c.number(e.kind, f.name), -1
		if i := strings.LastIndexByte(f.name, '.'); i > 0 {
			f.parent = c.number(e.kind, f.name[:i])
		}
	}
	e.observed, e.valid = c.number(e.kind, "observed_at"), c.number(e.kind, "valid_from")
}

// number returns the number of a field, a new one if it has none yet.
func (c *compiler) number(kind record.Kind, name string) int {
	f := FieldName{kind, name}
	if i := slices.Index(c.m.names, f); i >= 0 {
		return i
	}
	c.m.names = append(c.m.names, f)
	return len(c.m.names) - 1
}

func (c *compiler) conds(s *scope, n ast.Node) []cond {
	var out []cond
	for _, it := range c.items(n) {
		list, ok := c.entries(it)
		if !ok {
			c.errorf(it, "a condition needs a path and a test")
			continue
		}
		out = append(out, c.cond(s, it, list))
	}
	return out
}

func (c *compiler) cond(s *scope, at ast.Node, list []entry) cond {
	var k cond
	tests := 0
	rest := make([]entry, 0, len(list))
	for _, e := range list {
		tests++
		switch e.key {
		case "in":
			k.in = c.scalars(e.value)
		case "not_in":
			k.notIn = c.scalars(e.value)
		case "prefix":
			k.prefix = c.scalars(e.value)
		case "present":
			b := c.boolean(e.value)
			k.present = &b
		case "match":
			text, _ := c.scalar(e.value)
			re, err := regexp.Compile(text)
			if err != nil {
				c.errorf(e.value, "%w", err)
			}
			k.match = re
		default:
			tests--
			rest = append(rest, e)
		}
	}
	if tests == 0 {
		c.errorf(at, "a condition needs one of in, not_in, prefix, present, match")
	}
	k.expr = c.exprOf(s, at, rest, asAny)
	return k
}
