package mapping

import (
	"strings"

	"muster/internal/source/transform"

	"github.com/goccy/go-yaml/ast"
)

// specKeys are the keys that make a YAML mapping a field and not an object.
var specKeys = map[string]bool{
	"path": true, "first": true, "join": true, "list": true, "each": true, "object": true, "value": true,
	"do": true, "map": true, "else": true, "required": true, "sep": true, "item": true, "where": true,
}

// expr compiles a field: a path or one of the forms of docs/mappings.md.
func (c *compiler) expr(s *scope, n ast.Node, want target) *expr {
	list, ok := c.entries(n)
	if ok {
		return c.exprOf(s, n, list, want)
	}
	text, ok := c.scalar(n)
	if !ok {
		return &expr{}
	}
	x := c.pathExpr(s, n, text)
	c.finish(n, x, want)
	return x
}

func (c *compiler) exprOf(s *scope, at ast.Node, list []entry, want target) *expr {
	get := map[string]ast.Node{}
	form := ""
	for _, e := range list {
		get[e.key] = e.value
		switch e.key {
		case "path", "first", "join", "value", "list", "each", "object":
			if form != "" {
				c.errorf(e.at, "%s beside %s", e.key, form)
			}
			form = e.key
		default:
			if !specKeys[e.key] {
				c.errorf(e.at, "unknown key %q", e.key)
			}
		}
	}
	x := c.form(s, at, form, get, want)
	for _, k := range []struct{ key, form string }{{"sep", "join"}, {"item", "each"}, {"where", "each"}} {
		if n := get[k.key]; n != nil && form != k.form {
			c.errorf(n, "%s belongs to %s", k.key, k.form)
		}
	}
	c.steps(s, x, get["do"])
	c.mapTable(x, get["map"], get["else"])
	if n := get["required"]; n != nil {
		x.required = c.boolean(n)
	}
	c.finish(at, x, want)
	return x
}

func (c *compiler) form(s *scope, at ast.Node, form string, get map[string]ast.Node, want target) *expr {
	x := &expr{scope: s, out: transform.Static{Type: transform.Scalar}}
	n := get[form]
	switch form {
	case "path":
		if text, ok := c.scalar(n); ok {
			x = c.pathExpr(s, n, text)
		}
	case "first", "join", "list":
		x.kind = map[string]exprKind{"first": firstExpr, "join": joinExpr, "list": listExpr}[form]
		part := want
		if form == "join" || get["do"] != nil || get["map"] != nil {
			part = asAny
		} else if form == "list" {
			part = want.element()
		}
		for _, it := range c.items(n) {
			x.parts = append(x.parts, c.expr(s, it, part))
		}
		x.out = common(x.parts)
		x.out.List = form == "list" || form == "first" && x.out.List
		x.sep = " "
		if form == "join" {
			x.out = transform.Static{Type: transform.Text}
			if sep := get["sep"]; sep != nil {
				x.sep, _ = c.scalar(sep)
			}
		}
	case "value":
		text, _ := c.scalar(n)
		x.kind, x.value = valueExpr, transform.Value{Type: transform.Scalar, Text: text}
	case "each":
		c.each(s, x, n, get, want)
	case "object":
		x.kind, x.out = objectExpr, transform.Static{Type: transform.JSON}
		x.object = c.object(s, n, want)
	default:
		c.errorf(at, "a field needs one of path, first, join, value, list, each")
	}
	return x
}

func (c *compiler) each(s *scope, x *expr, n ast.Node, get map[string]ast.Node, want target) {
	text, ok := c.scalar(n)
	if !ok {
		return
	}
	p := c.pathExpr(s, n, text)
	x.kind, x.ref, x.up, x.text = eachExpr, p.ref, p.up, text
	x.inner = c.newScope(s)
	x.out = transform.Static{Type: transform.Scalar, List: true}
	if w := get["where"]; w != nil {
		x.where = c.conds(x.inner, w)
	}
	item := get["item"]
	if item == nil {
		c.errorf(n, "each needs item")
		return
	}
	part := want.element()
	list, isMap := c.entries(item)
	if isMap && !isSpec(list) {
		x.item = &expr{kind: objectExpr, scope: x.inner, out: transform.Static{Type: transform.JSON}, object: c.object(x.inner, item, part)}
		c.finish(item, x.item, part)
	} else {
		x.item = c.expr(x.inner, item, part)
	}
	x.out = transform.Static{Type: x.item.out.Type, List: true}
}

// isSpec tells a field ({path: answer, do: [url]}) from an object whose fields
// happen to be called like keys of one ({value: {...}, kind: type}).
func isSpec(list []entry) bool {
	form := false
	for _, e := range list {
		if !specKeys[e.key] {
			return false
		}
		form = form || e.key != "value" && e.key != "else" && e.key != "required"
	}
	return form
}

// common returns the type that all parts have, or text.
func common(parts []*expr) transform.Static {
	if len(parts) == 0 {
		return transform.Static{Type: transform.Scalar}
	}
	out := parts[0].out
	for _, p := range parts[1:] {
		out.List = out.List || p.out.List
		if p.out.Type != out.Type {
			out.Type = transform.Text
		}
	}
	return out
}

func (c *compiler) steps(s *scope, x *expr, n ast.Node) {
	if n == nil {
		return
	}
	for _, it := range c.items(n) {
		text, ok := c.scalar(it)
		if !ok {
			continue
		}
		step, err := transform.New(text, x.out)
		if err != nil {
			c.errorf(it, "%w", err)
			return
		}
		if step.Name == "params" || step.Name == "json" {
			c.allowed(it, step.Arg)
		}
		if step.Name == "phone" && step.Arg != "" && step.Arg != strings.ToUpper(step.Arg) {
			x.region = c.pathExpr(s, it, step.Arg)
			c.m.exprs = append(c.m.exprs, x.region)
		}
		x.steps = append(x.steps, step)
		x.out = step.Out
		if step.Dates {
			markDates(x)
		}
	}
}

// markDates notes that the paths of x are read as dates.
func markDates(x *expr) {
	x.dates = true
	for _, p := range x.parts {
		markDates(p)
	}
}

func (c *compiler) mapTable(x *expr, table, orElse ast.Node) {
	if table != nil {
		list, ok := c.entries(table)
		if !ok {
			c.errorf(table, "map needs a mapping")
		}
		x.table = make(map[string]string, len(list))
		for _, e := range list {
			v, _ := c.scalar(e.value)
			x.table[e.key], x.table[strings.ToLower(e.key)] = v, v
		}
		x.out.Type = transform.Text
	}
	if orElse != nil {
		x.orElse, x.hasElse = "", true
		x.orElse, _ = c.scalar(orElse)
	}
}

// finish fits the value to what it is for.
func (c *compiler) finish(at ast.Node, x *expr, want target) {
	c.m.exprs = append(c.m.exprs, x)
	defer func() { x.costly = x.isCostly() }()
	if want.any || x.object != nil {
		if x.object != nil && want.object == nil && !want.any {
			c.errorf(at, "an object does not fit here")
		}
		return
	}
	if x.kind == eachExpr || (x.kind == listExpr || x.kind == firstExpr) && len(x.steps) == 0 && x.table == nil {
		if x.out.List && !want.list && want.object == nil && x.kind != firstExpr {
			c.errorf(at, "a list does not fit a field that takes one value")
		}
		return // the parts were fitted one by one
	}
	step, err := want.fit(x.out)
	if err != nil {
		c.errorf(at, "%w", err)
		return
	}
	if x.final = step; step != nil && step.Dates {
		markDates(x)
	}
}
