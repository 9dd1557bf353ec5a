package mapping

import (
	"regexp"
	"slices"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/transform"
)

// Mapping is a loaded and compiled mapping. It is immutable and safe for
// concurrent use; each user of Eval needs an [Eval] of its own.
type Mapping struct {
	ID       string
	Version  int
	Title    string
	System   string
	Doc      string // doc.md, "" if there is none
	File     string // where it was loaded from
	JSON     bool   // recognises objects
	Table    bool   // recognises tables and flat objects
	Flat     bool   // flat objects are recognised as rows of a table
	Rank     int
	Snapshot bool // a file is the full state

	root   *scope
	all    []test
	any    [][]test
	absent []int
	key    []*expr
	time   *expr
	vtime  *expr
	emits  []*emit
	ignore []cond
	skip   bool  // ignore: true
	kinds  *expr // its value names a record that is not mapped; nil if none
	exprs  []*expr
	names  []FieldName // of fields, by number
	usual  []string    // paths that every export of the vendor has
}

// Paths returns the paths of the record itself; a [Row] gives the value of each
// by its number.
func (m *Mapping) Paths() []extract.Path { return m.root.paths }

// Kinds returns the kinds of records the mapping emits, in its order.
func (m *Mapping) Kinds() []record.Kind {
	var out []record.Kind
	for _, e := range m.emits {
		if !slices.Contains(out, e.kind) {
			out = append(out, e.kind)
		}
	}
	return out
}

// DatePaths reports, by number of path, whether a date is read there whose order
// of day and month may have to be decided over the whole column.
func (m *Mapping) DatePaths() []bool {
	out := make([]bool, len(m.root.paths))
	for _, x := range m.exprs {
		if x.kind == pathExpr && x.dates && x.scope == m.root && x.up == 0 {
			out[x.ref] = true
		}
	}
	return out
}

// Row gives the values of the paths of one record.
type Row interface {
	// Fill puts the value of path i, a list for a path with a [] step, into v,
	// which must be zero.
	Fill(i int, v *transform.Value)
	// Has reports whether path i is present, be its value null.
	Has(i int) bool
	// Order returns the order of dates at path i.
	Order(i int) transform.Order
}

// scope is a level of a record: the record itself, or an element of a list of it.
type scope struct {
	id     int
	parent *scope
	paths  []extract.Path
	index  map[string]int
	prog   *extract.Program // of elements only
	multi  []bool           // per path, of elements only: is a list
}

// test is one requirement of match.
type test struct {
	ref    int
	values []string // one of them, if any
	prefix []string // one of them, if any
	weight int
}

func (t *test) valued() bool { return t.values != nil || t.prefix != nil }

// emit makes one kind of record.
type emit struct {
	kind            record.Kind
	when            []cond
	each            *expr // nil: once for the record
	inner           *scope
	key             []*expr
	time            *expr
	vtime           *expr
	fields          []*field
	observed, valid int // numbers of the fields observed_at and valid_from
}

// field fills one field of a record.
type field struct {
	id     int // number of the field within the mapping
	parent int // number of the object it is a part of, -1 if of none
	name   string
	expr   *expr
	set    setter
}

// cond is a condition on the text of a value.
type cond struct {
	expr    *expr
	in      []string
	notIn   []string
	prefix  []string
	present *bool
	match   *regexp.Regexp
}

type exprKind uint8

const (
	pathExpr exprKind = iota
	firstExpr
	joinExpr
	valueExpr
	listExpr
	eachExpr
	objectExpr
)

// expr is a compiled field of a mapping.
type expr struct {
	kind     exprKind
	text     string // of paths: as written
	scope    *scope // in which it is evaluated
	ref, up  int    // path: number, and how many scopes further out
	parts    []*expr
	sep      string
	value    transform.Value
	inner    *scope // each: of the elements
	where    []cond
	item     *expr
	object   *object
	steps    []*transform.Step
	region   *expr // phone: the column that holds the region
	final    *transform.Step
	table    map[string]string
	orElse   string
	hasElse  bool
	required bool
	dates    bool
	costly   bool // its steps are worth remembering
	out      transform.Static
}

// FieldName is a field of a kind of record, as counted in reports.
type FieldName struct {
	Kind  record.Kind
	Field string
}

// Fields returns the fields the mapping fills, by number. Objects of which parts
// are filled count as fields too.
func (m *Mapping) Fields() []FieldName { return m.names }
