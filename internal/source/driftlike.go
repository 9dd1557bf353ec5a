package source

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"muster/internal/source/extract"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
)

// maxPicked is the number of rows of a file in which columns that nothing reads
// are looked for.
const maxPicked = 16

// minPicked is the number of rows that must have a value before a column is
// proposed.
const minPicked = 3

// pick keeps copies of some rows of the beginning of a file: the batches must not
// stay in memory.
func pick(head []frame.Batch) []frame.Row {
	rows := 0
	for i := range head {
		rows += len(head[i].Rows)
	}
	want := min(maxPicked, 4+rows/64, rows)
	if want == 0 {
		return nil
	}
	var out []frame.Row
	at, step := 0, rows/want
	for i := range head {
		for k := range head[i].Rows {
			if r := &head[i].Rows[k]; at%step == 0 && len(out) < want {
				c := frame.Row{Line: r.Line, Data: slices.Clone(r.Data), Cells: slices.Clone(r.Cells)}
				for n := range c.Cells {
					c.Cells[n] = strings.Clone(c.Cells[n])
				}
				out = append(out, c)
			}
			at++
		}
	}
	return out
}

// unreadKey is a column or key of the picked rows that no path reads.
type unreadKey struct {
	keys   []string // "[]" for a list
	values []string
}

// like finds, for every format of the file, keys that nothing reads and that look
// like what the mapping looks for in vain.
func (f *file) like() {
	for format, b := range f.tally.books {
		if len(f.picked) > 0 {
			rows, keys := f.unreadOf(b.num)
			b.unread = f.e.renamed(b, f.tally.formats[format], keys, rows)
			for i := range b.unread {
				b.unread[i].File = f.stream.Path
			}
		}
	}
}

// unreadOf returns how many picked rows belong to a mapping and what it leaves of them.
func (f *file) unreadOf(num int) (rows int, keys map[string]*unreadKey) {
	w := f.mapper0()
	keys = map[string]*unreadKey{}
	put := func(name string, path []string, value string) {
		if value = strings.TrimSpace(value); value == "" {
			return
		}
		if keys[name] == nil {
			keys[name] = &unreadKey{keys: slices.Clone(path)}
		}
		keys[name].values = append(keys[name].values, value)
	}
	reads := f.e.maps[num].Reads()
	for i := range f.picked {
		row := &f.picked[i]
		data, cells, t := row.Data, row.Cells, f.table
		if f.stream.Shape == frame.ShapeLines {
			data, _ = frame.LogLine(nil, data)
		}
		if f.stream.Shape != frame.ShapeTable {
			if w.slots.Run(data) != nil {
				continue
			}
			data = w.event(data)
			if best, _ := w.identifyJSON(f.allowed); best == num {
				rows++
				walkUnread(reads, data, put)
				continue
			} else if best >= 0 {
				continue
			}
			t, cells = w.flatTable(f, data), w.flat
		}
		if b, _ := w.identifyTable(t, cells); b != nil && b.num == num {
			rows++
			for col, name := range t.header {
				if col < len(cells) && !slices.Contains(b.cols, col) {
					put(name, []string{name}, cells[col])
				}
			}
		}
	}
	return rows, keys
}

// renamed pairs keys that nothing reads with what is looked for in vain.
func (e *engine) renamed(b *books, x *FormatReport, keys map[string]*unreadKey, rows int) []UnreadLike {
	var out []UnreadLike
	feeds := e.feeds[b.num]()
	fed := map[mapping.FieldName]bool{}
	var vain []int
	for i := range feeds {
		fed[mapping.FieldName{Kind: feeds[i].Kind, Field: feeds[i].Field}] = true
		if b.states[i] == mapping.PathNever && b.made[feeds[i].Block] > 0 && !chosen(b, feeds, i) {
			vain = append(vain, i)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		k := keys[name]
		if 2*len(k.values) < rows || len(k.values) < minPicked || slices.ContainsFunc(k.keys, mapping.Forbidden) {
			continue
		}
		best, score := UnreadLike{}, 0.0
		for _, i := range vain {
			if s := resembles(k, &feeds[i]); s > score {
				score = s
				best = UnreadLike{Path: feeds[i].Path, Field: string(feeds[i].Kind) + "." + feeds[i].Field}
			}
		}
		if score == 0 && len(k.keys) == 1 {
			best.Field = e.knownFor(k.keys[0], x, fed)
		}
		if best.Field != "" {
			best.Key, best.Filled, best.Rows = name, len(k.values), rows
			out = append(out, best)
		}
	}
	return out
}

// chosen reports whether another path of the same choice was filled: "first: [a, b]"
// needs but one.
func chosen(b *books, feeds []mapping.Feed, i int) bool {
	for k := range feeds {
		if feeds[i].Choice > 0 && feeds[k].Choice == feeds[i].Choice && b.states[k] == mapping.PathFilled {
			return true
		}
	}
	return false
}

// knownFor returns the field, empty so far and read by no path of the mapping, that
// the mappings of tables fill from a column of this name; "" if there is none.
func (e *engine) knownFor(column string, x *FormatReport, fed map[mapping.FieldName]bool) string {
	for _, canon := range specific(column) {
		for _, at := range e.canon()[canon] {
			name := string(at.Kind) + "." + at.Field
			if x.Emitted[at.Kind] > 0 && x.Filled[name] == 0 && !fed[at] && slices.Contains(Needed(at.Kind), at.Field) {
				return name
			}
		}
	}
	return ""
}

// specific returns the canonical names that a column stands for by a word that is
// not too general to say so.
func specific(column string) []string {
	n, t := Normalise(column), headers()
	return slices.DeleteFunc(slices.Clone(t.known[n]), func(canon string) bool {
		return slices.Index(t.synonyms[canon], n) >= t.general[canon]
	})
}

// resembles returns how much an unread key looks like a path, 0 for not enough. It
// must stand at a like place, its name must share words with the path's, and the
// path's transforms must understand its values.
func resembles(k *unreadKey, f *mapping.Feed) float64 {
	telling := false
	for _, v := range k.values {
		understood, says := f.Reading(v)
		if !understood {
			return 0
		}
		telling = telling || says
	}
	want, have := keyOf(f.Steps), slices.DeleteFunc(slices.Clone(k.keys), func(s string) bool { return s == "[]" })
	if len(want) == 0 || len(have) == 0 {
		return 0
	}
	if about := words(strings.Join(have, " ")); slices.ContainsFunc(others, func(w string) bool {
		return slices.Contains(about, w) && !slices.Contains(words(strings.Join(want, " ")), w)
	}) {
		return 0
	}
	lastWant, lastHave := want[len(want)-1], have[len(have)-1]
	last := overlap(words(lastWant), words(lastHave))
	if known := specific(lastHave); overlap(words(lastHave), words(lastHave)) > 0 && slices.ContainsFunc(specific(lastWant), func(c string) bool { return slices.Contains(known, c) }) {
		last = max(last, 0.9)
	}
	if slices.Equal(want[:len(want)-1], have[:len(have)-1]) { // it stands where the path looks
		if last >= 0.5 {
			return 1 + last
		}
		if a, b := words(lastWant), words(lastHave); telling && 2*last*float64(len(a)+len(b)) >= (1+last)*float64(min(len(a), len(b))) {
			return 1 + last // half of the shorter name, and the values fit
		}
		return 0
	}
	// Elsewhere the whole path must be alike: many objects have a username.
	if whole := overlap(words(strings.Join(want, " ")), words(strings.Join(have, " "))); whole >= 0.75 || telling && whole >= 0.6 {
		return whole
	}
	return 0
}

// others are words of names that are about somebody else than the row.
var others = []string{"contact", "creator", "emergency", "interviewer", "manager", "owner", "parent", "recruiter", "referee", "spouse", "supervisor"}

// vague are words that are in too many names to say that two mean the same.
var vague = []string{"code", "date", "id", "key", "kind", "label", "name", "number", "state", "status", "text", "time", "title", "type", "value"}

// overlap is the share of words that two names have in common, 0 if only vague ones.
func overlap(a, b []string) float64 {
	common, clear := 0, false
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool {
			return x == y || min(len(x), len(y)) >= 4 && (strings.HasPrefix(x, y) || strings.HasPrefix(y, x))
		}) {
			common++
			clear = clear || !slices.Contains(vague, x)
		}
	}
	if !clear {
		return 0
	}
	return float64(common) / float64(max(len(a)+len(b)-common, 1))
}

// words cuts a name at case, digits and signs: "clientIPAddress" is client, ip, address.
func words(name string) []string {
	var out []string
	var last rune
	start := true
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			start, last = true, r
			continue
		}
		next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if start || unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsUpper(last) && next) {
			out = append(out, "")
		}
		out[len(out)-1] += string(unicode.ToLower(r))
		start, last = false, r
	}
	slices.SortFunc(out, cmp.Compare[string])
	return slices.Compact(out)
}

// walkUnread calls put for the values of an object that no path reads, in its order.
func walkUnread(reads [][]extract.Step, object []byte, put func(name string, path []string, value string)) {
	var walk func(v extract.Raw, path []string)
	seen := map[string]bool{}
	walk = func(v extract.Raw, path []string) {
		switch v.Type {
		case extract.Object:
			for k, x := range extract.Fields(v.Bytes) {
				walk(x, append(path[:len(path):len(path)], string(k)))
			}
			return
		case extract.Array:
			for x := range extract.Elements(v) {
				walk(x, append(path[:len(path):len(path)], "[]"))
			}
			return
		case extract.Null, extract.Absent:
			return
		}
		name := strings.ReplaceAll(strings.Join(path, "."), ".[]", "[]")
		text := v.Text()
		if text != "" && !seen[name] && !slices.ContainsFunc(reads, func(r []extract.Step) bool { return covers(r, path) }) {
			seen[name] = true
			put(name, path, text)
		}
	}
	walk(extract.Of(object), nil)
}

// canonical says which fields the mappings of tables fill from which names of the
// table of headers.
func canonical(maps []*mapping.Mapping) map[string][]mapping.FieldName {
	out := map[string][]mapping.FieldName{}
	for _, m := range maps {
		if m.JSON || !m.Table {
			continue
		}
		for _, f := range m.Feeds() {
			at := mapping.FieldName{Kind: f.Kind, Field: f.Field}
			if keys := keyOf(f.Steps); len(keys) == 1 && headers().synonyms[keys[0]] != nil && !slices.Contains(out[keys[0]], at) {
				out[keys[0]] = append(out[keys[0]], at)
			}
		}
	}
	return out
}

// feedsOf returns the watched feeds of every mapping, by its number.
func feedsOf(maps []*mapping.Mapping) []func() []mapping.Feed {
	out := make([]func() []mapping.Feed, len(maps))
	for i, m := range maps {
		out[i] = sync.OnceValue(func() []mapping.Feed { return watched(m) })
	}
	return out
}
