package frame

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// isPerson recognises objects with a member "who".
func isPerson(v []byte) bool {
	found := false
	members(v, func(m member) bool {
		found = found || m.key == "who"
		return true
	})
	return found
}

func TestJSONFraming(t *testing.T) {
	tests := []struct {
		name, in, format string
		rows             []string
		faults           []string // line:reason, ! where the rest of the file is refused
	}{
		{"ndjson", "{\"a\":1}\n{\"a\":2}\n", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"ndjson without last line end", "{\"a\":1}\n{\"a\":2}", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"ndjson CRLF and blank lines", "\r\n{\"a\":1}\r\n\r\n  {\"a\":2} \r\n", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"ndjson lone CR", "{\"a\":1}\r{\"a\":2}\r", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"ndjson of arrays", "[{\"a\":1},{\"a\":2}]\n[{\"a\":3}]\n", "ndjson", []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}, nil},
		{"ndjson of envelopes", "{\"value\":[{\"a\":1},{\"a\":2}]}\n{\"value\":[{\"a\":3}]}\n", "ndjson", []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}, nil},
		{"several on a line", "{\"a\":1}\n{\"a\":2}{\"a\":3} {\"a\":4}\n", "ndjson", []string{`{"a":1}`, `{"a":2}`, `{"a":3}`, `{"a":4}`}, nil},
		{"trailing commas", "{\"a\":1},\n{\"a\":2},\n", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"brackets in strings", "{\"a\":\"}{\"}\n{\"a\":\"\\\"}{\"}\n", "ndjson", []string{`{"a":"}{"}`, `{"a":"\"}{"}`}, nil},
		{"broken line between", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n", "ndjson", []string{`{"a":1}`, `{"a":3}`}, []string{"2:bad_json"}},
		{"broken first line", "{\"a\":\"x\n{\"a\":2}\n", "ndjson", []string{`{"a":2}`}, []string{"1:bad_json"}},
		{"text between", "{\"a\":1}\n-- page 2 --\n{\"a\":3}\n", "ndjson", []string{`{"a":1}`, `{"a":3}`}, []string{"2:bad_json"}},
		{"cut off last line", "{\"a\":1}\n{\"a\":[2", "ndjson", []string{`{"a":1}`}, []string{"2:truncated"}},
		{"bad utf-8", "{\"a\":1}\n{\"a\":\"\xe9\"}\n{\"a\":3}\n", "ndjson", []string{`{"a":1}`, `{"a":3}`}, []string{"2:bad_utf8"}},
		{"mark in the middle", "{\"a\":1}\n\ufeff{\"a\":2}\n", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"pretty object among lines", "{\"a\":1}\n{\n  \"a\": 2\n}\n{\"a\":3}\n", "ndjson", []string{`{"a":1}`, "{\n  \"a\": 2\n}", `{"a":3}`}, nil},
		{"array", " [ {\"a\":1}, {\"a\":2} ]\n", "json-array", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"array of numbers", "[1, 2]", "json-array", []string{"1", "2"}, nil},
		{"empty array", "[]", "json-array", nil, nil},
		{"array cut off", "[{\"a\":1},\n {\"a\":2},\n {\"a\"", "json-array", []string{`{"a":1}`, `{"a":2}`}, []string{"3:truncated", "3:truncated!"}},
		{"array not closed", "[{\"a\":1},{\"a\":2}", "json-array", []string{`{"a":1}`, `{"a":2}`}, []string{"1:truncated!"}},
		{"broken element", "[\n  {\"a\":1},\n  {\"a\": \"x\n  {\"a\":3}\n]\n", "json-array", []string{`{"a":1}`, `{"a":3}`}, []string{"3:bad_json"}},
		{"garbage behind an array", "[{\"a\":1}]\ntotal 1\n", "json-array", []string{`{"a":1}`}, []string{"2:bad_json"}},
		{"concatenated", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", "json-concatenated", []string{"{\n  \"a\": 1\n}", "{\n  \"a\": 2\n}"}, nil},
		{"concatenated without line ends", "{\"a\":1}{\"a\":2}", "json-concatenated", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"concatenated, one cut off", "{\n  \"a\": 1\n}\n{\n  \"a\": {\n{\n  \"a\": 3\n}\n", "json-concatenated", []string{"{\n  \"a\": 1\n}", "{\n  \"a\": 3\n}"}, []string{"4:bad_json"}},
		{"single object", "{\n  \"a\": 1\n}\n", "json-object", []string{"{\n  \"a\": 1\n}"}, nil},
		{"envelope", "{\"@odata.context\":\"x\",\n\"value\":[{\"a\":1},\n{\"a\":2}]}", "json-envelope:value", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"envelope of another name", "{\"widgets\":[{\"a\":1},{\"a\":2}],\"count\":2}", "json-envelope:widgets", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"envelope without rows", "{\"value\":[],\"count\":0}", "json-envelope:value", nil, nil},
		{"two lists", "{\"hens\":[{\"a\":1}],\"eggs\":[{\"a\":2}]}", "json-object", []string{`{"hens":[{"a":1}],"eggs":[{"a":2}]}`}, nil},
		{"two lists, one known", "{\"fields\":[{\"id\":\"f\"}],\"staff\":[{\"who\":\"a\"}]}", "json-envelope:staff", []string{`{"who":"a"}`}, nil},
		{"two known lists", "{\"x\":[{\"who\":\"a\"}],\"y\":[{\"who\":\"b\"}]}", "json-envelope:x,y", []string{`{"who":"a"}`, `{"who":"b"}`}, nil},
		{"record with a list", "{\"who\":\"a\",\"results\":[{\"a\":1}]}", "json-object", []string{`{"who":"a","results":[{"a":1}]}`}, nil},
		{"unknown record with a list", "{\"id\":1,\"hens\":[{\"a\":1}]}", "json-object", []string{`{"id":1,"hens":[{"a":1}]}`}, nil},
		{"nested envelope", "{\"data\":{\"page\":1,\"hosts\":[{\"who\":\"a\"},{\"who\":\"b\"}]}}", "json-envelope:data.hosts", []string{`{"who":"a"}`, `{"who":"b"}`}, nil},
		{"wrapped record", "{\"response\":{\"who\":\"a\"}}", "json-envelope:response", []string{`{"who":"a"}`}, nil},
		{"utf-8 mark", "\ufeff{\"a\":1}\n{\"a\":2}\n", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
		{"record separators", "\x1e{\"a\":1}\n\x1e{\"a\":2}\n", "ndjson", []string{`{"a":1}`, `{"a":2}`}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{IsRecord: isPerson})
			if r.Shape != ShapeJSON || r.Format != tt.format {
				t.Errorf("%s %s (%s), want json %s", r.Shape, r.Format, r.Why, tt.format)
			}
			same(t, "rows", r.data(), tt.rows)
			same(t, "faults", r.reasons(), tt.faults)
			checkOffsets(t, []byte(tt.in), r)
		})
	}
}

// checkOffsets compares rows with the bytes and line at their offset.
func checkOffsets(t testing.TB, in []byte, r result) {
	t.Helper()
	last, line, counted := int64(-1), 1, int64(0)
	mark := []byte{lineMark(in)}
	for _, row := range r.rows {
		if row.Offset <= last {
			t.Errorf("offset %d after %d", row.Offset, last)
		}
		last = row.Offset
		if end := row.Offset + int64(len(row.Data)); end > int64(len(in)) || !bytes.Equal(in[row.Offset:end], row.Data) {
			t.Errorf("row %q is not what stands at offset %d", row.Data, row.Offset)
			continue
		}
		line += bytes.Count(in[counted:row.Offset], mark)
		counted = row.Offset
		if row.Line != line {
			t.Errorf("row %q on line %d, want %d", row.Data, row.Line, line)
		}
	}
}

func TestJSONLimits(t *testing.T) {
	limits := Limits{Record: 4 << 10, Depth: 8}
	long := `{"a":"` + strings.Repeat("x", 6<<10) + `"}`
	deep := strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 9)
	tests := []struct {
		name, in string
		rows     []string
		faults   []string
	}{
		{"long line", "{\"a\":1}\n" + long + "\n{\"a\":3}\n", []string{`{"a":1}`, `{"a":3}`}, []string{"2:too_long"}},
		{"long element", "[{\"a\":1}," + long + ",{\"a\":3}]", []string{`{"a":1}`, `{"a":3}`}, []string{"1:too_long"}},
		{"long text", "{\"a\":1}\n" + strings.Repeat("x", 9000) + "\n{\"a\":3}\n", []string{`{"a":1}`, `{"a":3}`}, []string{"2:too_long"}},
		{"deep line", "{\"a\":1}\n" + deep + "\n{\"a\":3}\n", []string{`{"a":1}`, `{"a":3}`}, []string{"2:limit"}},
		{"deep element", "[{\"a\":1}," + deep + ",{\"a\":3}]", []string{`{"a":1}`, `{"a":3}`}, []string{"1:limit"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{Limits: limits})
			same(t, "rows", r.data(), tt.rows)
			same(t, "faults", r.reasons(), tt.faults)
		})
	}
}

func TestBigEnvelope(t *testing.T) {
	element := func(i int) string { return fmt.Sprintf(`{"who":"%06d","pad":"%s"}`, i, strings.Repeat("p", 100)) }
	var rows []string
	for i := range 200 {
		rows = append(rows, element(i))
	}
	list := strings.Join(rows, ",\n")
	skip := strings.Repeat("s", 9000)
	for name, in := range map[string]string{
		"value":    `{"next":null,"value":[` + list + `]}`,
		"resp.all": `{"resp":{"total":200,"skip":"` + skip + `","all":[` + list + `]}}`,
		"people":   `{"columns":[{"id":1}],"people":[` + list + `],"tail":"` + skip + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := one(t, in, Options{Limits: Limits{Record: 4 << 10}, IsRecord: isPerson})
			if r.Format != "json-envelope:"+name {
				t.Errorf("format %s", r.Format)
			}
			same(t, "faults", r.reasons(), nil)
			if !slices.Equal(r.data(), rows) {
				t.Errorf("%d rows, want %d", len(r.rows), len(rows))
			}
			checkOffsets(t, []byte(in), r)
		})
	}
	t.Run("page per line", func(t *testing.T) {
		page := `{"Records":[` + strings.Join(rows, ",") + `]}`
		r := one(t, page+"\n"+page+"\n", Options{Limits: Limits{Record: 4 << 10}, IsRecord: isPerson})
		if len(r.rows) != 400 || len(r.faults) != 0 {
			t.Errorf("%d rows, faults %v", len(r.rows), r.reasons())
		}
	})
}

func TestBigArrayOneLine(t *testing.T) {
	var b strings.Builder
	b.WriteByte('[')
	for i := range 100_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"n":%d,"s":"a [b] {c} \" d"}`, i)
	}
	b.WriteByte(']')
	r := one(t, b.String(), Options{})
	if len(r.rows) != 100_000 || len(r.faults) != 0 {
		t.Fatalf("%d rows, faults %v", len(r.rows), r.reasons())
	}
	checkOffsets(t, []byte(b.String()), r)
}
