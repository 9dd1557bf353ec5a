package guide

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/source"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
)

// sampleRows is the number of rows that are looked at.
const sampleRows = 1000

// Proposal is a mapping for a file, with what it rests on.
type Proposal struct {
	ID      string
	Kind    record.Kind
	File    string    // path of the file in reports
	KnownAs string    // what reads the file already; "" for nothing
	Rows    int       // rows looked at
	Columns []*Column // of the file, in its order
	Fields  []Field   // of the record, in the order of the mapping
	Missing []string  // fields that detectors read and that no column fills
	YAML    string
	Preview []record.Record // up to 3

	recipe *recipe
	table  bool
}

// Field is a field of the record and the columns that fill it, best first.
type Field struct {
	Name    string
	Columns []*Column
	ByValue bool // by what the values look like only: a person should confirm it
	yaml    string
}

// Kinds returns the kinds of records that can be proposed.
func Kinds() []record.Kind {
	var out []record.Kind
	for i := range recipes {
		out = append(out, recipes[i].kind)
	}
	return out
}

// Propose looks at the first 1,000 rows of a file and proposes a mapping to
// records of a kind; "" takes the kind whose needed fields are covered best. It is
// an error if the columns that the kind cannot be without are not there.
func Propose(ctx context.Context, file string, kind record.Kind, opt source.Options) (*Proposal, error) {
	s, err := source.TakeSample(ctx, file, sampleRows, opt)
	if err != nil {
		return nil, err
	}
	p := &Proposal{File: s.Path, KnownAs: s.KnownAs, Rows: len(s.Rows), Columns: columnsOf(s), table: s.Shape == frame.ShapeTable}
	p.ID = "own." + slug(s.Path)
	best := -1
	for i := range recipes {
		r := &recipes[i]
		if kind != "" && r.kind != kind {
			continue
		}
		fields, ok := r.fill(p.Columns)
		if !ok {
			continue
		}
		if n := coverage(r.kind, fields); n > best {
			best, p.recipe, p.Kind, p.Fields = n, r, r.kind, fields
		}
	}
	if p.recipe == nil {
		return p, fmt.Errorf("no kind of record can be filled from these columns")
	}
	for _, need := range source.Needed(p.Kind) {
		if !slices.ContainsFunc(p.Fields, func(f Field) bool { return base(f.Name) == need }) {
			p.Missing = append(p.Missing, need)
		}
	}
	p.YAML = p.write()
	m, err := mapping.Load(p.ID+"/mapping.yaml", []byte(p.YAML))
	if err != nil {
		return p, err
	}
	opt.Mappings, opt.Codes = []*mapping.Mapping{m}, nil
	p.Preview, err = source.First(ctx, file, 3, opt)
	return p, err
}

func base(field string) string {
	name, _, _ := strings.Cut(field, ".")
	return name
}

// slug makes the id of a file's name.
func slug(name string) string {
	name = strings.ToLower(path.Base(strings.ReplaceAll(name, "!", "/")))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name), "_")
	if name == "" {
		return "export"
	}
	return name
}

// coverage weighs the fields that detectors read, by name more than by value. Whom
// a row is about says nothing about its kind.
func coverage(kind record.Kind, fields []Field) int {
	need := source.Needed(kind)
	sum, seen := 0, map[string]bool{}
	for _, f := range fields {
		weight := 10
		if f.Name != "handle" && slices.Contains(need, base(f.Name)) && !seen[base(f.Name)] {
			seen[base(f.Name)] = true
			weight = 1000
		}
		if f.ByValue {
			weight = weight * 6 / 10
		}
		sum += weight
	}
	return sum
}

// fill finds the columns of every field; ok is false if a required one has none.
func (r *recipe) fill(columns []*Column) (fields []Field, ok bool) {
	used := map[*Column]bool{}
	for i := range r.fills {
		f := &r.fills[i]
		for _, p := range f.parts {
			for _, c := range columns {
				if slices.Contains(c.Names, p.name) && plausible(c, p.name) {
					used[c] = true
				}
			}
		}
	}
	for i := range r.fills {
		f := &r.fills[i]
		out := Field{Name: f.field, ByValue: true}
		var forms []string
		for _, p := range f.parts {
			c := find(columns, p.name, used, len(out.Columns) == 0)
			if c == nil || slices.Contains(out.Columns, c) {
				continue
			}
			out.ByValue = out.ByValue && strings.HasPrefix(p.name, "~")
			out.Columns = append(out.Columns, c)
			forms = append(forms, form(c.path, p.do))
		}
		if len(forms) == 0 {
			if f.required {
				return nil, false
			}
			continue
		}
		out.yaml = f.join(forms)
		fields = append(fields, out)
	}
	return fields, len(fields) > 1
}

// find returns the column of a name. A column known by its values only serves
// where no header says more, and where nothing else fills the field.
func find(columns []*Column, name string, used map[*Column]bool, free bool) *Column {
	look, byValue := strings.CutPrefix(name, "~")
	for _, c := range columns {
		switch {
		case c.Denied || c.Filled == 0 || c.list:
		case byValue && free && c.Pattern == look && !used[c]:
			return c
		case !byValue && slices.Contains(c.Names, name) && plausible(c, name):
			return c
		}
	}
	return nil
}

// plausible reports whether the values of a column are what its name says.
func plausible(c *Column, name string) bool {
	w, ok := want[name]
	return !ok || slices.Contains(w, c.Pattern)
}

func form(path, do string) string {
	if do == "" {
		return "{path: " + quote(path) + "}"
	}
	return "{path: " + quote(path) + ", do: [" + do + "]}"
}

// quote writes a text so that YAML takes it as it is.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (f *fill) join(forms []string) string {
	text := forms[0]
	switch {
	case f.list:
		return "{list: [" + strings.Join(forms, ", ") + "]}"
	case len(forms) > 1:
		text = "{first: [" + strings.Join(forms, ", ") + "]}"
	}
	if f.tail != "" {
		text = strings.TrimSuffix(text, "}") + ", " + f.tail + "}"
	}
	if f.required {
		text = strings.TrimSuffix(text, "}") + ", required: true}"
	}
	return text
}
