package coverage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"muster/internal/detect"
	"muster/internal/record"
	"muster/internal/settings"
)

//go:embed exports.yaml
var exportsYAML []byte

// Need is a kind of record, or a part of one: "device_item:display".
type Need string

// kind returns the kind of record.
func (n Need) kind() record.Kind {
	k, _, _ := strings.Cut(string(n), ":")
	return record.Kind(k)
}

// Query is a saved query that makes an export.
type Query struct {
	Tool string `json:"tool" yaml:"tool"`
	Text string `json:"text" yaml:"text"`
}

// Exculpating is a source that can only speak for people (ruling 17).
type Exculpating struct {
	ID     string   `json:"id" yaml:"id"`
	Title  string   `json:"title" yaml:"title"`
	How    string   `json:"how" yaml:"how"`
	Clears []string `json:"clears" yaml:"clears"` // detectors whose findings it can explain
}

// book is exports.yaml.
type book struct {
	Parts       map[record.Kind]map[string][]string `yaml:"parts"`
	Detectors   map[string][]Need                   `yaml:"detectors"`
	Codes       map[string][]record.Kind            `yaml:"codes"`
	Exports     []entry                             `yaml:"exports"`
	Exculpating []Exculpating                       `yaml:"exculpating"`
}

type entry struct {
	ID      string      `yaml:"id"`
	Title   string      `yaml:"title"`
	Why     string      `yaml:"why"`
	Starter bool        `yaml:"starter"`
	Gives   []Need      `yaml:"gives"`
	Emits   record.Kind `yaml:"emits"`
	Systems []string    `yaml:"systems"`
	First   []string    `yaml:"first"`
	Only    bool        `yaml:"only"`
	Queries []Query     `yaml:"queries"`
}

func open() (*book, error) {
	b := new(book)
	if err := yaml.UnmarshalWithOptions(exportsYAML, b, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("embedded exports.yaml: %w", err)
	}
	for i := range b.Exports {
		if b.Exports[i].Queries == nil {
			b.Exports[i].Queries = []Query{}
		}
		for k := range b.Exports[i].Queries {
			q := &b.Exports[i].Queries[k]
			q.Text = strings.TrimSpace(q.Text)
		}
	}
	return b, nil
}

// lacks returns what each alternative of a detector's needs lacks, in order; nil
// if one lacks nothing.
func (b *book) lacks(d *detect.Detector, has func(Need) bool) [][]Need {
	var out [][]Need
	for _, set := range b.alternatives(d) {
		lack := slices.DeleteFunc(slices.Clone(set), has)
		if len(lack) == 0 {
			return nil
		}
		out = append(out, lack)
	}
	return out
}

// alternatives are a detector's needs with each kind replaced by the parts of it
// that the detector can use, one alternative per part. A detector that needs no
// kind in particular still needs somebody to look at.
func (b *book) alternatives(d *detect.Detector) [][]Need {
	if len(d.Needs) == 0 {
		return [][]Need{{Need(record.Personas)}, {Need(record.Engagements)}, {Need(record.Applications)}}
	}
	var out [][]Need
	for _, set := range d.Needs {
		sets := [][]Need{nil}
		for _, k := range set {
			var next [][]Need
			for _, s := range sets {
				for _, n := range b.parts(d.ID, k) {
					next = append(next, append(slices.Clone(s), n))
				}
			}
			sets = next
		}
		out = append(out, sets...)
	}
	return out
}

// minimal leaves out alternatives that ask for all of another one and more.
func minimal(lacks [][]Need) [][]Need {
	out := [][]Need{}
	for i, x := range lacks {
		if !slices.ContainsFunc(lacks[:i], func(y []Need) bool { return within(y, x) }) &&
			!slices.ContainsFunc(lacks[i+1:], func(y []Need) bool { return len(y) < len(x) && within(y, x) }) {
			out = append(out, x)
		}
	}
	return out
}

func within(a, b []Need) bool {
	return !slices.ContainsFunc(a, func(n Need) bool { return !slices.Contains(b, n) })
}

func (b *book) parts(detector string, k record.Kind) []Need {
	var out []Need
	for _, n := range b.Detectors[detector] {
		if n.kind() == k {
			out = append(out, n)
		}
	}
	if out == nil {
		out = []Need{Need(k)}
	}
	return out
}

// sources returns those that can give an export: products of which something was
// read first, then those that exports.yaml names, then the others by id.
func (b *book) sources(e *entry, in Input) []Source {
	out := []Source{}
	for _, s := range in.Sources {
		if s.Kinds == nil {
			s.Kinds = b.Codes[s.ID]
		}
		named := slices.Contains(e.First, s.ID)
		fits := !e.Only && slices.Contains(s.Kinds, e.Emits) && (len(e.Systems) == 0 || slices.Contains(e.Systems, s.System))
		if !named && !fits {
			continue
		}
		s.Have = product(s.ID) != "generic" && slices.ContainsFunc(in.Formats, func(f string) bool { return product(f) == product(s.ID) })
		out = append(out, s)
	}
	place := func(s Source) int {
		at := slices.Index(e.First, s.ID)
		if at < 0 {
			at = len(e.First)
		}
		if !s.Have {
			at += len(e.First) + 1
		}
		return at
	}
	slices.SortFunc(out, func(x, y Source) int {
		if d := place(x) - place(y); d != 0 {
			return d
		}
		return strings.Compare(x.ID, y.ID)
	})
	return out
}

// product is the first part of a source's id.
func product(id string) string {
	p, _, _ := strings.Cut(id, ".")
	return p
}

// Seen remembers which kinds of records were read. The zero value has seen
// nothing. It is not safe for concurrent use.
type Seen struct {
	needs map[Need]bool
	parts map[record.Kind]map[string][]Need // by kind of record and its own kind
	homes bool
}

// NewSeen returns a Seen that also tells the parts of kinds apart.
func NewSeen() (*Seen, error) {
	b, err := open()
	if err != nil {
		return nil, err
	}
	s := &Seen{needs: map[Need]bool{}, parts: map[record.Kind]map[string][]Need{}}
	for kind, parts := range b.Parts {
		s.parts[kind] = map[string][]Need{}
		for part, own := range parts {
			for _, k := range own {
				s.parts[kind][k] = append(s.parts[kind][k], Need(string(kind)+":"+part))
			}
		}
	}
	return s, nil
}

// Add takes note of a record.
func (s *Seen) Add(r record.Record) {
	s.needs[Need(r.Kind())] = true
	own := ""
	switch r := r.(type) {
	case *record.DeviceItem:
		own = r.ItemKind
	case *record.NetworkObservation:
		own = r.ObsKind
	case *record.Engagement:
		s.homes = s.homes || named(r.HomeAddress)
	case *record.Persona:
		s.homes = s.homes || named(r.ClaimedAddress)
	}
	for _, n := range s.parts[r.Kind()][own] {
		s.needs[n] = true
	}
}

func (s *Seen) has(n Need) bool { return s.needs[n] }

func named(a record.Address) bool { return a.Raw != "" || a.Line1 != "" || a.City != "" }

// speaks reports whether an exculpating source is there, as package baseline
// decides it for findings.
func (s *Seen) speaks(id string, st *settings.Settings) bool {
	switch id {
	case "homes":
		return s.homes
	case "presence":
		return s.has(Need(record.Presences))
	case "travel":
		return len(st.Declared.Travel)+len(st.Declared.Relocations) > 0
	case "vdi":
		return len(st.Declared.VirtualDesktops) > 0
	}
	return false
}
