package guide

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/source"
	"muster/internal/source/mapping"

	"muster/internal/record"
)

// write makes the YAML of the mapping.
func (p *Proposal) write() string {
	var b strings.Builder
	shape := "json"
	if p.table {
		shape = "table"
	}
	fmt.Fprintf(&b, "# Proposed from the first %d rows. Confirm every line that says so, then raise version.\n", p.Rows)
	fmt.Fprintf(&b, "id: %s\nversion: 1\ntitle: %s\nsystem: %s # confirm\nshape: %s\nmatch:\n  all: [", p.ID, quote("Records of kind "+string(p.Kind)+" from "+p.ID), p.recipe.system, shape)
	var match []string
	for _, f := range p.Fields {
		for _, c := range f.Columns {
			if m := quote(c.path); !slices.Contains(match, m) && (p.table || c.Filled == p.Rows) {
				match = append(match, m)
			}
		}
	}
	if len(match) == 0 { // no key is in every object: the first one of the mapping has to do
		match = append(match, quote(p.Fields[0].Columns[0].path))
	}
	fmt.Fprintf(&b, "%s]\n# key: confirm: name the column with the row's own id here, if there is one\n", strings.Join(match, ", "))
	for _, name := range p.recipe.time {
		if i := slices.IndexFunc(p.Fields, func(f Field) bool { return f.Name == name }); i >= 0 {
			fmt.Fprintf(&b, "time: %s\n", form(p.Fields[i].Columns[0].path, "time"))
			break
		}
	}
	fmt.Fprintf(&b, "emit:\n- record: %s\n  fields:\n", p.Kind)
	for _, line := range p.recipe.consts {
		fmt.Fprintf(&b, "    %s # confirm\n", line)
	}
	for _, f := range p.Fields {
		fmt.Fprintf(&b, "    %s: %s%s\n", f.Name, f.yaml, f.note())
	}
	if len(p.Missing) > 0 {
		fmt.Fprintf(&b, "# Detectors also read %s: no column was found for it.\n", strings.Join(p.Missing, ", "))
	}
	for _, c := range p.unused() {
		fmt.Fprintf(&b, "# not used: %s%s\n", c.Name, c.looks())
	}
	return b.String()
}

func (f *Field) note() string {
	if f.ByValue {
		c := f.Columns[0]
		return fmt.Sprintf(" # confirm: only by its values, %d %% of which look like %s", c.Share, c.Pattern)
	}
	return ""
}

func (c *Column) looks() string {
	switch {
	case c.Denied:
		return " (may never be read)"
	case c.Filled == 0:
		return " (empty)"
	case c.Pattern != "":
		return fmt.Sprintf(" (%d %% look like %s)", c.Share, c.Pattern)
	}
	return ""
}

// unused returns the columns that no field reads.
func (p *Proposal) unused() []*Column {
	var out []*Column
	for _, c := range p.Columns {
		if !slices.ContainsFunc(p.Fields, func(f Field) bool { return slices.Contains(f.Columns, c) }) {
			out = append(out, c)
		}
	}
	return out
}

// Write puts the mapping, its page and an invented sample with the records it
// leads to into dir/ID. It overwrites nothing.
func (p *Proposal) Write(ctx context.Context, dir string) error {
	own := filepath.Join(dir, p.ID)
	if _, err := os.Stat(own); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: is there already", own)
	}
	if err := os.MkdirAll(filepath.Join(own, "testdata"), 0o755); err != nil {
		return err
	}
	sample := filepath.Join(own, "testdata", "sample.ndjson")
	data := p.objects()
	if p.table {
		sample, data = filepath.Join(own, "testdata", "sample.csv"), p.rows()
	}
	for name, content := range map[string][]byte{filepath.Join(own, "mapping.yaml"): []byte(p.YAML), filepath.Join(own, "doc.md"): []byte(p.doc()), sample: data} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			return err
		}
	}
	m, err := mapping.Load(p.ID+"/mapping.yaml", []byte(p.YAML))
	if err != nil {
		return err
	}
	var wanted bytes.Buffer
	opt := source.Options{Mappings: []*mapping.Mapping{m}, Key: []byte("test"), AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Workers: 1}
	if _, err := source.Read(ctx, []string{sample}, opt, func(r record.Record) error {
		line, err := record.Marshal(r)
		wanted.Write(append(line, '\n'))
		return err
	}); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(own, "testdata", "sample.want.ndjson"), wanted.Bytes(), 0o644)
}

func (p *Proposal) doc() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nWhat it is: to be confirmed by whoever knows the system it comes from.\n\n## How to export it\n\n- To be confirmed: the clicks or the command, and the role that may do it.\n\n## What is read\n\n%s.\n\n", p.ID, p.Kind)
	for _, f := range p.Fields {
		var names []string
		for _, c := range f.Columns {
			names = append(names, c.Name)
		}
		fmt.Fprintf(&b, "- %s from %s\n", f.Name, strings.Join(names, ", "))
	}
	b.WriteString("\n## What is left out\n\n")
	for _, c := range p.unused() {
		fmt.Fprintf(&b, "- %s%s\n", c.Name, c.looks())
	}
	b.WriteString("\n## Traps\n\n- Proposed from names and values; lines of mapping.yaml that say \"confirm\" are guesses.\n")
	return b.String()
}

const inventedRows = 3

func (p *Proposal) rows() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var row []string
	for _, c := range p.Columns {
		row = append(row, c.Name)
	}
	_ = w.Write(row) // a buffer takes everything
	for n := 1; n <= inventedRows; n++ {
		row = row[:0]
		for _, c := range p.Columns {
			row = append(row, c.invent(n))
		}
		_ = w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

func (p *Proposal) objects() []byte {
	var b bytes.Buffer
	for n := 1; n <= inventedRows; n++ {
		root := map[string]any{}
		for _, c := range p.Columns {
			at := root
			for _, k := range c.keys[:len(c.keys)-1] {
				next, ok := at[k].(map[string]any)
				if !ok {
					next = map[string]any{}
					at[k] = next
				}
				at = next
			}
			var v any = c.invent(n)
			if c.list {
				v = []any{v}
			}
			at[c.keys[len(c.keys)-1]] = v
		}
		line, _ := json.Marshal(root) // texts, lists and maps of them
		b.Write(append(line, '\n'))
	}
	return b.Bytes()
}

// invent makes up a value of the shape that those of the column have.
func (c *Column) invent(n int) string {
	switch c.Pattern {
	case "email":
		return fmt.Sprintf("person%d@example.com", n)
	case "url":
		return fmt.Sprintf("https://example.com/person%d", n)
	case "mac":
		return fmt.Sprintf("02:00:5e:00:00:%02x", n)
	case "ip":
		return fmt.Sprintf("192.0.2.%d", n)
	case "iban":
		return "DE89370400440532013000" // the example of the ECBS's IBAN standard
	case "time", "date":
		return c.inventDate(n)
	case "phone":
		return fmt.Sprintf("+1 202 555 010%d", n)
	case "number":
		return strconv.Itoa(100 + n)
	case "serial":
		return fmt.Sprintf("EXMPL00%d", n)
	case "country":
		return "DE"
	}
	if c.Denied || c.Filled == 0 {
		return ""
	}
	return fmt.Sprintf("example %d", n)
}

var (
	slashed = regexp.MustCompile(`^[0-9]{1,2}([./-])[0-9]{1,2}[./-][0-9]{2,4}`)
	seconds = regexp.MustCompile(`:[0-9]{2}:[0-9]{2}`)
)

// inventDate keeps to ISO, the order of slashed dates and epochs.
func (c *Column) inventDate(n int) string {
	day, clock := fmt.Sprintf("2026-01-%02d", 14+n), "09:00"
	if seconds.MatchString(c.first) {
		clock += ":00"
	}
	switch m := slashed.FindStringSubmatch(c.first); {
	case m != nil && m[1] == ".":
		day = fmt.Sprintf("%d.01.2026", 14+n)
	case m != nil:
		day = fmt.Sprintf("01%s%d%s2026", m[1], 14+n, m[1])
	case len(c.first) == 10 && strings.Trim(c.first, "0123456789") == "":
		return strconv.Itoa(1768467600 + n)
	case len(c.first) == 13 && strings.Trim(c.first, "0123456789") == "":
		return strconv.Itoa(1768467600000 + n)
	}
	if c.Pattern == "date" {
		return day
	}
	if strings.HasPrefix(day, "2026-") && strings.Contains(c.first, "T") {
		return day + "T" + clock + "Z"
	}
	return day + " " + clock
}
