package mapping

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// file is one YAML file being read. Errors are collected, so that a user sees
// all of them at once.
type file struct {
	name    string
	anchors map[string]ast.Node
	errs    []error
}

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	at    ast.Node
	value ast.Node
}

func parseYAML(name string, data []byte) (*file, ast.Node, error) {
	f := &file{name: name, anchors: map[string]ast.Node{}}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return f, nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		return f, nil, fmt.Errorf("%s: expected one YAML document", name)
	}
	body := tree.Docs[0].Body
	ast.Walk(anchorWalker{f}, body)
	return f, body, nil
}

type anchorWalker struct{ f *file }

// Visit implements [ast.Visitor].
func (w anchorWalker) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok {
		w.f.anchors[a.Name.String()] = a.Value
	}
	return w
}

// errorf notes an error at the line of n.
func (f *file) errorf(n ast.Node, format string, args ...any) {
	line := 0
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		line = n.GetToken().Position.Line
	}
	f.errs = append(f.errs, fmt.Errorf("%s:%d: %w", f.name, line, fmt.Errorf(format, args...)))
}

func (f *file) err() error { return errors.Join(f.errs...) }

// plain looks through anchors, aliases and tags.
func (f *file) plain(n ast.Node) ast.Node {
	for range 16 {
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
		case *ast.AliasNode:
			target, ok := f.anchors[x.Value.String()]
			if !ok {
				f.errorf(n, "unknown alias *%s", x.Value)
				return nil
			}
			n = target
		case *ast.TagNode:
			n = x.Value
		default:
			return n
		}
	}
	f.errorf(n, "alias refers to itself")
	return nil
}

// entries returns the keys of a mapping in order; ok is false if n is none.
func (f *file) entries(n ast.Node) (list []entry, ok bool) {
	var values []*ast.MappingValueNode
	switch x := f.plain(n).(type) {
	case *ast.MappingNode:
		values = x.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{x}
	default:
		return nil, false
	}
	for _, v := range values {
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			more, ok := f.entries(v.Value)
			if !ok {
				f.errorf(v, "<< needs a mapping")
			}
			list = append(list, more...)
			continue
		}
		list = append(list, entry{f.scalarOf(v.Key), v.Key, v.Value})
	}
	return list, true
}

// items returns the elements of a list; a value that is no list is its own only
// element.
func (f *file) items(n ast.Node) []ast.Node {
	if s, ok := f.plain(n).(*ast.SequenceNode); ok {
		return s.Values
	}
	if n == nil {
		return nil
	}
	return []ast.Node{n}
}

func (f *file) isList(n ast.Node) bool {
	_, ok := f.plain(n).(*ast.SequenceNode)
	return ok
}

// colonText joins a plain text with colons, such as handle(greenhouse:candidate),
// which the parser takes for a mapping when it stands inside braces. In YAML 1.2
// (section 7.3.3) a colon without a space after it is part of the text.
func (f *file) colonText(n ast.Node) (string, bool) {
	m, ok := n.(*ast.MappingNode)
	if !ok || m.IsFlowStyle && m.Start != nil && m.Start.Value == "{" || len(m.Values) != 1 {
		v, single := n.(*ast.MappingValueNode)
		if !single {
			return "", false
		}
		m = &ast.MappingNode{Values: []*ast.MappingValueNode{v}}
	}
	v := m.Values[0]
	key, colon, value := v.Key.GetToken(), v.Start, v.Value.GetToken()
	if key == nil || colon == nil || value == nil || value.Position.Line != colon.Position.Line || value.Position.Column != colon.Position.Column+1 {
		return "", false
	}
	if rest, ok := f.colonText(v.Value); ok {
		return f.scalarOf(v.Key) + ":" + rest, true
	}
	return f.scalarOf(v.Key) + ":" + f.scalarOf(v.Value), true
}

// scalarOf returns a scalar as it is written (0010 stays 0010).
func (f *file) scalarOf(n ast.Node) string {
	switch x := f.plain(n).(type) {
	case *ast.StringNode:
		return x.Value
	case *ast.LiteralNode:
		return x.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return x.GetToken().Value
	}
	return ""
}

// scalar is scalarOf with an error for anything that is no scalar.
func (f *file) scalar(n ast.Node) (string, bool) {
	switch f.plain(n).(type) {
	case *ast.StringNode, *ast.LiteralNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return f.scalarOf(n), true
	}
	if text, ok := f.colonText(f.plain(n)); ok {
		return text, true
	}
	f.errorf(n, "expected a plain value")
	return "", false
}

// scalars returns a scalar or a list of scalars.
func (f *file) scalars(n ast.Node) []string {
	var out []string
	for _, it := range f.items(n) {
		if s, ok := f.scalar(it); ok {
			out = append(out, s)
		}
	}
	return out
}

func (f *file) boolean(n ast.Node) bool {
	if b, ok := f.plain(n).(*ast.BoolNode); ok {
		return b.Value
	}
	f.errorf(n, "expected true or false")
	return false
}

func (f *file) integer(n ast.Node) int {
	if i, ok := f.plain(n).(*ast.IntegerNode); ok {
		switch v := i.Value.(type) {
		case int64:
			return int(v)
		case uint64:
			return int(v)
		}
	}
	f.errorf(n, "expected a whole number")
	return 0
}
