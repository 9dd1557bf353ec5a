package source

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"muster/internal/record"
	"muster/internal/source/extract"
	"muster/internal/source/mapping"
)

// DriftRecords is how many records a path must never match in before that is
// reported: in fewer, a rarely filled field is likelier than a renamed one.
const DriftRecords = 1000

// Drift says where the files of one folder and format are no longer, or never
// were, what the mapping expects.
type Drift struct {
	Folder  string       `json:"folder"`
	Format  string       `json:"format"`
	Records int          `json:"records"` // rows recognised
	Never   []NeverFed   `json:"never"`
	Unread  []UnreadLike `json:"unread"`
}

// NeverFed is a field that detectors read, and of which no path had a value in at
// least [DriftRecords] records; or a path that the mapping calls usual.
type NeverFed struct {
	Kind    record.Kind `json:"kind"`
	Field   string      `json:"field"`
	Paths   []string    `json:"paths"`          // all that can fill it
	Empty   bool        `json:"empty"`          // a path is there, but without a value
	Records int         `json:"records"`        // that could have had it
	Usual   bool        `json:"usual"`          // every export of the vendor has it, says the mapping
	File    string      `json:"file,omitempty"` // only this file lacks it, others of the folder have it
}

// UnreadLike is a column or key with values that no path reads, and that looks
// like one the mapping looks for in vain: the vendor, or whoever made the export,
// has renamed it.
type UnreadLike struct {
	Key    string `json:"key"`
	Path   string `json:"path,omitempty"` // looked for in vain; "" if the mapping has no path for the field
	Field  string `json:"field"`          // "persona.phones": what it would fill
	Filled int    `json:"filled"`         // of the rows looked at
	Rows   int    `json:"rows"`
	File   string `json:"file"` // the first in which it stands
}

// books are what is known about the paths of a format in one file or folder.
type books struct {
	num     int
	records int
	made    []int
	states  []mapping.PathState
	unread  []UnreadLike
}

// watched returns the feeds of the fields that detectors read, and those that a
// mapping calls usual.
func watched(m *mapping.Mapping) []mapping.Feed {
	return slices.DeleteFunc(m.Feeds(), func(f mapping.Feed) bool {
		return !f.Usual && !slices.Contains(Needed(f.Kind), f.Field)
	})
}

// add takes over what another set of books, of the same mapping, holds.
func (b *books) add(o *books) {
	if b.made == nil {
		b.num, b.made, b.states = o.num, make([]int, len(o.made)), make([]mapping.PathState, len(o.states))
	}
	b.records += o.records
	for i, n := range o.made {
		b.made[i] += n
	}
	for i, s := range o.states {
		b.states[i] = max(b.states[i], s)
	}
	for _, u := range o.unread {
		i := slices.IndexFunc(b.unread, func(x UnreadLike) bool { return x.Key == u.Key && x.Path == u.Path && x.Field == u.Field })
		if i < 0 {
			b.unread = append(b.unread, u)
			continue
		}
		b.unread[i].Filled += u.Filled
		b.unread[i].Rows += u.Rows
		b.unread[i].File = min(b.unread[i].File, u.File)
	}
}

// group is what the paths of a field of one kind of record were, together.
type group struct {
	kind  record.Kind
	field string
	usual string // of a path that is usual on its own
}

// never lists the fields without a value.
func (b *books) never(feeds []mapping.Feed) []NeverFed {
	type sum struct {
		NeverFed
		filled bool
		blocks []int
	}
	var order []group
	sums := map[group]*sum{}
	put := func(g group, i int) {
		f := &feeds[i]
		s := sums[g]
		if s == nil {
			s = &sum{NeverFed: NeverFed{Kind: f.Kind, Field: f.Field, Usual: g.usual != ""}}
			sums[g], order = s, append(order, g)
		}
		s.filled = s.filled || b.states[i] == mapping.PathFilled
		s.Empty = s.Empty || b.states[i] == mapping.PathEmpty
		if !slices.Contains(s.Paths, f.Path) {
			s.Paths = append(s.Paths, f.Path)
		}
		if !slices.Contains(s.blocks, f.Block) {
			s.blocks = append(s.blocks, f.Block)
			s.Records += b.made[f.Block]
		}
	}
	for i := range feeds {
		f := &feeds[i]
		if b.made[f.Block] == 0 {
			continue // a block for events that this export does not have
		}
		if slices.Contains(Needed(f.Kind), f.Field) {
			put(group{f.Kind, f.Field, ""}, i)
		}
		if f.Usual {
			put(group{f.Kind, f.Field, f.Path}, i)
		}
	}
	var out []NeverFed
	for _, g := range order {
		s := sums[g]
		if s.filled || s.Records < DriftRecords {
			continue
		}
		if i := slices.IndexFunc(out, func(x NeverFed) bool { return x.Kind == s.Kind && x.Field == s.Field && (s.Usual || x.Usual) }); i >= 0 && slices.Contains(out[i].Paths, s.Paths[0]) {
			out[i].Usual = true // the whole field is reported already
			continue
		}
		out = append(out, s.NeverFed)
	}
	return out
}

// driftBooks are kept over the files of a run, which come in their order.
type driftBooks struct {
	feeds  []func() []mapping.Feed
	groups map[[2]string]*driftGroup
}

type driftGroup struct {
	books
	single []NeverFed // of single files
}

func (d *driftBooks) take(format, file string, b *books) {
	if d.groups == nil {
		d.groups = map[[2]string]*driftGroup{}
	}
	at := [2]string{folderOf(file), format}
	g := d.groups[at]
	if g == nil {
		g = &driftGroup{}
		d.groups[at] = g
	}
	for _, n := range b.never(d.feeds[b.num]()) {
		n.File = file
		g.single = append(g.single, n)
	}
	g.add(b)
}

// folderOf returns the folder of a file; of a member of an archive that of the archive.
func folderOf(file string) string {
	outer, _, _ := strings.Cut(file, "!")
	return path.Dir(outer)
}

// list closes the books.
func (d *driftBooks) list() []Drift {
	var out []Drift
	for at, g := range d.groups {
		x := Drift{Folder: at[0], Format: at[1], Records: g.records, Never: g.never(d.feeds[g.num]()), Unread: g.unread}
		for _, s := range g.single {
			same := func(n NeverFed) bool { return n.Kind == s.Kind && n.Field == s.Field && slices.Equal(n.Paths, s.Paths) }
			if !slices.ContainsFunc(x.Never, same) {
				x.Never = append(x.Never, s)
			}
		}
		if len(x.Never)+len(x.Unread) == 0 {
			continue
		}
		slices.SortFunc(x.Never, func(a, b NeverFed) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Field, b.Field), slices.Compare(a.Paths, b.Paths), cmp.Compare(a.File, b.File))
		})
		slices.SortFunc(x.Unread, func(a, b UnreadLike) int {
			return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Path, b.Path))
		})
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b Drift) int { return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Format, b.Format)) })
	return out
}

// keyOf returns the keys of a path, without its lists.
func keyOf(steps []extract.Step) []string {
	var out []string
	for _, s := range steps {
		if s.Kind == extract.Key {
			out = append(out, s.Name)
		}
	}
	return out
}
