package guide

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"muster/internal/source"
	"muster/internal/source/extract"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
	"muster/internal/source/transform"
)

// Column is a column of a table, or a key of objects.
type Column struct {
	Name    string   // as in the file; keys of objects with dots between
	Names   []string // canonical names the header can stand for
	Pattern string   // what its values look like: email, phone, iban, ip, time, date, country, serial, mac, url, number; "" for none
	Share   int      // percent of the values that fit the pattern
	Filled  int      // rows that have a value
	Denied  bool     // what must never be read

	path   string // in the mapping language
	keys   []string
	list   bool
	values []string
	first  string // a value, for its shape only
}

// fits is the percentage of values that must look like something.
const fits = 80

// columnsOf returns the columns of a sample with what they look like.
func columnsOf(s *source.Sample) []*Column {
	var list []*Column
	if s.Shape == frame.ShapeTable {
		list = tableColumns(s)
	} else {
		list = objectColumns(s)
	}
	for _, c := range list {
		c.Denied = slices.ContainsFunc(append(c.keys[:len(c.keys):len(c.keys)], c.Name), mapping.Forbidden)
		if c.Denied {
			c.Names, c.values, c.first = nil, nil, ""
			continue
		}
		for _, name := range c.called() {
			for _, canon := range source.CanonicalColumns(name) {
				if !slices.Contains(c.Names, canon) {
					c.Names = append(c.Names, canon)
				}
			}
		}
		c.look()
	}
	return list
}

// called returns the names a column is looked up by, the most telling first.
func (c *Column) called() []string {
	names := []string{c.Name}
	if n := len(c.keys); n > 1 {
		names = append(names, c.keys[n-2]+" "+c.keys[n-1], c.keys[n-1])
	}
	return names
}

func usable(name string) bool {
	return name != "" && !strings.ContainsAny(name, "\"\\") && !strings.ContainsFunc(name, unicode.IsControl)
}

func tableColumns(s *source.Sample) []*Column {
	var list []*Column
	seen := map[string]bool{}
	for i, h := range s.Header {
		h = strings.TrimSpace(h)
		if !usable(h) || seen[strings.ToLower(h)] {
			continue
		}
		seen[strings.ToLower(h)] = true
		c := &Column{Name: h, keys: []string{h}, path: `"` + h + `"`}
		for _, r := range s.Rows {
			if i < len(r.Cells) {
				c.see(r.Cells[i])
			}
		}
		list = append(list, c)
	}
	return list
}

func objectColumns(s *source.Sample) []*Column {
	var list []*Column
	byPath := map[string]*Column{}
	var walk func(v extract.Raw, keys []string)
	walk = func(v extract.Raw, keys []string) {
		isList := false
		switch v.Type {
		case extract.Object:
			for k, x := range extract.Fields(v.Bytes) {
				if usable(string(k)) {
					walk(x, append(keys[:len(keys):len(keys)], string(k)))
				}
			}
			return
		case extract.Array:
			isList = true
			for x := range extract.Elements(v) {
				v = x
				break
			}
			if v.Type == extract.Object || v.Type == extract.Array {
				return // a list of objects needs each, which a person must decide on
			}
		}
		if len(keys) == 0 {
			return
		}
		path := pathOf(keys)
		if isList {
			path += "[]"
		}
		c := byPath[path]
		if c == nil {
			c = &Column{Name: strings.Join(keys, "."), keys: keys, path: path, list: isList}
			byPath[path], list = c, append(list, c)
		}
		if v.Type != extract.Null {
			c.see(v.Text())
		}
	}
	for _, r := range s.Rows {
		walk(extract.Of(r.Data), nil)
	}
	// a key that few objects have may be a value of the user's, such as an id
	return slices.DeleteFunc(list, func(c *Column) bool { return c.Filled*20 < len(s.Rows) })
}

var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

func pathOf(keys []string) string {
	var parts []string
	for _, k := range keys {
		if !plainKey.MatchString(k) {
			k = `"` + k + `"`
		}
		parts = append(parts, k)
	}
	return strings.Join(parts, ".")
}

func (c *Column) see(s string) {
	s = strings.TrimSpace(s)
	if transform.IsNull(s) {
		return
	}
	if c.Filled++; c.first == "" {
		c.first = s
	}
	c.values = append(c.values, s)
}

// pattern is something values can look like.
type pattern struct {
	name string
	form *regexp.Regexp
	step string // a transform that must understand the value as well
}

var patterns = []pattern{
	{"email", regexp.MustCompile(`^\S+@\S+\.\S+$`), "email"},
	{"url", regexp.MustCompile(`^(?i:https?://)\S+$`), "url"},
	{"mac", regexp.MustCompile(`^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$`), "mac"},
	{"ip", regexp.MustCompile(`^[0-9A-Fa-f:.]*[.:][0-9A-Fa-f:.]*$`), "ip"},
	{"iban", regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,38}$`), "iban"},
	{"time", regexp.MustCompile(`^[0-9]{1,4}[-/. ].*[0-9]:[0-9]{2}|^[0-9]{4}-[0-9]{2}-[0-9]{2}T|^1[0-9]{9}([0-9]{3})?$`), ""},
	{"date", regexp.MustCompile(`^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$|^[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{4}|[0-9]{2})$`), ""},
	{"phone", regexp.MustCompile(`^\+[0-9][0-9 ()./-]{6,20}$|^\(?0?[0-9]{2,4}\)?[ /-][0-9][0-9 /-]{5,14}$`), ""},
	{"number", regexp.MustCompile(`^-?[0-9]+([.,][0-9]+)*$`), ""},
	{"serial", regexp.MustCompile(`^[A-Z]+[0-9][A-Z0-9]{5,16}$|^[0-9]+[A-Z][A-Z0-9]{5,16}$`), ""},
	{"country", regexp.MustCompile(`^\p{L}[\p{L} .'-]+$`), "country"},
}

// look finds what the values look like: the pattern that most of them fit.
func (c *Column) look() {
	for _, p := range patterns {
		n := 0
		for _, v := range c.values {
			if p.form.MatchString(v) && understood(p.step, v) {
				n++
			}
		}
		if share := 100 * n / max(c.Filled, 1); share >= fits && share > c.Share {
			c.Pattern, c.Share = p.name, share
		}
	}
	c.values = nil
}

// understood reports whether a transform makes something of a value.
func understood(step, value string) bool {
	if step == "" {
		return true
	}
	s, err := transform.New(step, transform.Static{Type: transform.Scalar})
	if err != nil {
		return false
	}
	v := transform.Scalars(value)
	return s.Apply(&transform.Ctx{Key: []byte("guide")}, &v) == "" && !v.Absent()
}
