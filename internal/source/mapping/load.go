package mapping

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"muster/internal/source/extract"

	"github.com/goccy/go-yaml/ast"
)

// Builtin holds the mappings that come with the house and their pages: the files
// */mapping.yaml and */doc.md.
//
//go:embed */[dm]*
var Builtin embed.FS

// Systems are the kinds of systems that exports come from.
func Systems() []string {
	return []string{
		"applicants", "people", "pay", "identity", "devices", "network", "collaboration", "code", "shipping", "references", "indicators", "presence",
	}
}

// LoadAll loads every mapping of the file systems: the files */mapping.yaml and
// *.yaml. It returns them in the order of their ids, or an error with the file
// and line of everything that is wrong.
func LoadAll(systems ...fs.FS) ([]*Mapping, error) {
	var all []*Mapping
	var errs []error
	byID := map[string]*Mapping{}
	for _, sys := range systems {
		files, err := yamlFiles(sys)
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			m, err := loadFile(sys, name)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			if other := byID[m.ID]; other != nil {
				errs = append(errs, fmt.Errorf("%s:1: the id %s is taken by %s", name, m.ID, other.File))
				continue
			}
			byID[m.ID] = m
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *Mapping) int { return cmp.Compare(a.ID, b.ID) })
	return all, errors.Join(errs...)
}

func yamlFiles(sys fs.FS) ([]string, error) {
	var files []string
	for _, pattern := range []string{"*/mapping.yaml", "*.yaml", "*.yml"} {
		found, err := fs.Glob(sys, pattern)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return files, nil
}

func loadFile(sys fs.FS, name string) (*Mapping, error) {
	data, err := fs.ReadFile(sys, name)
	if err != nil {
		return nil, err
	}
	m, err := Load(name, data)
	if err != nil {
		return nil, err
	}
	if doc, err := fs.ReadFile(sys, path.Join(path.Dir(name), "doc.md")); err == nil {
		m.Doc = string(doc)
	}
	return m, nil
}

// Load reads one mapping. name is used in errors, which read "name:line: what".
func Load(name string, data []byte) (*Mapping, error) {
	f, body, err := parseYAML(name, data)
	if err != nil {
		return nil, err
	}
	c := &compiler{file: f, m: &Mapping{File: name, Version: 1, Flat: true}}
	c.m.root = c.newScope(nil)
	c.mapping(body)
	if err := f.err(); err != nil {
		return nil, err
	}
	for _, s := range c.scopes[1:] {
		s.prog = extract.Compile(s.paths)
		for _, p := range s.paths {
			s.multi = append(s.multi, p.Multi())
		}
	}
	return c.m, nil
}

// compiler turns the tree of a file into a Mapping.
type compiler struct {
	*file
	m      *Mapping
	scopes []*scope
}

func (c *compiler) newScope(parent *scope) *scope {
	s := &scope{id: len(c.scopes), parent: parent, index: map[string]int{}}
	c.scopes = append(c.scopes, s)
	return s
}

func (c *compiler) mapping(body ast.Node) {
	list, ok := c.entries(body)
	if !ok {
		c.errorf(body, "expected a mapping")
		return
	}
	m, seen := c.m, map[string]ast.Node{}
	for _, e := range list {
		seen[e.key] = e.value
		switch e.key {
		case "id":
			m.ID, _ = c.scalar(e.value)
		case "version":
			m.Version = c.integer(e.value)
		case "title":
			m.Title, _ = c.scalar(e.value)
		case "system":
			m.System, _ = c.scalar(e.value)
			if !slices.Contains(Systems(), m.System) {
				c.errorf(e.value, "system %q is none of %s", m.System, strings.Join(Systems(), ", "))
			}
		case "shape":
			c.shape(e.value)
		case "rank":
			m.Rank = c.integer(e.value)
		case "snapshot":
			m.Snapshot = c.boolean(e.value)
		case "flat":
			m.Flat = c.boolean(e.value)
		case "usual":
			m.usual = c.scalars(e.value)
		case "match", "key", "time", "version_time", "emit", "ignore":
		default:
			c.errorf(e.at, "unknown key %q", e.key)
		}
	}
	for _, k := range []string{"id", "system", "shape", "match"} {
		if seen[k] == nil {
			c.errorf(body, "%s is missing", k)
		}
	}
	c.match(seen["match"])
	m.key, m.time, m.vtime = c.keyAndTimes(m.root, seen["key"], seen["time"], seen["version_time"])
	for _, n := range c.optionalItems(seen["emit"]) {
		c.emit(n)
	}
	c.ignored(seen["ignore"])
	if len(m.emits) == 0 && !m.skip && m.ignore == nil {
		c.errorf(body, "neither emit nor ignore")
	}
	c.kindPath()
	c.usual(seen["usual"])
}

// usual refuses paths that fill nothing: nobody could say what their absence means.
func (c *compiler) usual(n ast.Node) {
	if n == nil {
		return
	}
	feeds := c.m.Feeds()
	for _, p := range c.m.usual {
		if !slices.ContainsFunc(feeds, func(f Feed) bool { return f.Path == p }) {
			c.errorf(n, "usual: no field is filled from %q", p)
		}
	}
}

func (c *compiler) optionalItems(n ast.Node) []ast.Node {
	if n == nil {
		return nil
	}
	return c.items(n)
}

func (c *compiler) shape(n ast.Node) {
	for _, s := range c.scalars(n) {
		switch s {
		case "json":
			c.m.JSON = true
		case "table":
			c.m.Table = true
		default:
			c.errorf(n, "shape %q is neither json nor table", s)
		}
	}
}

func (c *compiler) ignored(n ast.Node) {
	if n == nil {
		return
	}
	if b, ok := c.plain(n).(*ast.BoolNode); ok {
		c.m.skip = b.Value
		return
	}
	c.m.ignore = c.conds(c.m.root, n)
}

// kindPath finds the value that names what kind of record a row is: the first of
// the record itself that a condition compares.
func (c *compiler) kindPath() {
	for _, e := range c.m.emits {
		for _, w := range e.when {
			if (w.expr.kind == pathExpr || w.expr.kind == firstExpr) && w.expr.scope == c.m.root && len(w.in)+len(w.prefix) > 0 {
				c.m.kinds = w.expr
				return
			}
		}
	}
	for _, w := range c.m.ignore {
		if w.expr.kind == pathExpr {
			c.m.kinds = w.expr
			return
		}
	}
}
