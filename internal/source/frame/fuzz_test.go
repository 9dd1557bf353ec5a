package frame

import (
	"bytes"
	"context"
	"testing"
	"time"
	"unicode/utf8"
)

// fuzzLimits are small, so that short inputs reach them.
var fuzzLimits = Limits{Record: 256, Field: 64, Columns: 20, Depth: 6, Document: 4096, Members: 10, Expanded: 1 << 20}

// collect opens an input as Walk would and returns its streams.
func collect(t *testing.T, in []byte) []result {
	return collectWith(t, in, Options{Limits: fuzzLimits.orDefault(), IsRecord: isPerson, IsHeader: knownHeader})
}

func collectWith(t *testing.T, in []byte, opt Options) []result {
	var list []result
	o := &opener{cancelled: context.Background().Err, opt: &opt, left: opt.Limits.Expanded}
	o.visit = func(s *Stream) error {
		r := result{Stream: s}
		for b := range s.Batches(context.Background()) {
			r.rows = append(r.rows, b.Rows...)
			r.faults = append(r.faults, b.Faults...)
		}
		list = append(list, r)
		return nil
	}
	var err error
	if bytes.HasPrefix(in, zipMagic) || bytes.HasPrefix(in, zipEmpty) {
		err = o.zip(bytes.NewReader(in), int64(len(in)), "f", time.Time{}, 0)
	} else {
		err = o.reader(bytes.NewReader(in), section(bytes.NewReader(in), int64(len(in))), "f", time.Time{}, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// checkResult tests what must hold for any input.
func checkResult(t *testing.T, r result) {
	last := int64(-1)
	for _, row := range r.rows {
		if row.Offset < last || row.Offset < 0 || row.Line < 1 {
			t.Fatalf("row on line %d at %d after %d", row.Line, row.Offset, last)
		}
		last = row.Offset
		if r.Header != nil && len(row.Cells) != len(r.Header) {
			t.Fatalf("%d cells, header has %d", len(row.Cells), len(r.Header))
		}
		if binary := r.Format == "pdf" || r.Format == "docx"; !binary && !utf8.Valid(row.Data) {
			t.Fatalf("row is not UTF-8: %q", row.Data)
		}
		for _, c := range row.Cells {
			if len(c) > fuzzLimits.Field || !utf8.ValidString(c) {
				t.Fatalf("cell %q", c)
			}
		}
	}
	for _, f := range r.faults {
		if f.Reason == "" || f.Text == "" || len(f.Excerpt) > maskLen {
			t.Fatalf("fault %+v", f)
		}
	}
	if r.Shape != ShapeUnknown && r.Shape != ShapeEmpty && r.Format == "" || (r.Shape == ShapeUnknown || r.Shape == ShapeEmpty) && r.Why == "" {
		t.Fatalf("stream %+v does not say what it is", r.Stream)
	}
}

func FuzzJSON(f *testing.F) {
	for _, in := range []string{
		twoLines, "[{\"a\":1},\n{\"a\":2}]", "{\"value\":[{\"who\":1},{\"a\":2}]}", "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", "{\"a\":\"x\n{\"a\":2}\n",
		"{\"a\":1}\n{\"a\":", "[[[[[[[[1]]]]]]]]", "{\"a\":1}{\"a\":2} x", "[A]", "[\n  {\"a\":1},\n  {\"a\": \"x\n  {\"a\":3}\n]\n", "{\"a\":\"\\\"}{\"}\n{}\n",
	} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		in = append([]byte("{\"a\":0}\n"), in...)
		for _, r := range collect(t, in) {
			checkResult(t, r)
		}
		// Where every object is a row nothing may get lost but what faults report.
		all := func([]byte) bool { return true }
		for _, r := range collectWith(t, in, Options{Limits: DefaultLimits(), IsRecord: all}) {
			if r.Shape == ShapeJSON {
				checkNothingLost(t, in, r)
			}
		}
	})
}

func checkNothingLost(t *testing.T, in []byte, r result) {
	const between = " \t\r\n,[]\x1e\ufeff"
	at := int64(0)
	for _, row := range r.rows {
		end := row.Offset + int64(len(row.Data))
		if row.Offset < at || end > int64(len(in)) || !bytes.Equal(in[row.Offset:end], row.Data) {
			t.Fatalf("row %q is not what stands at %d", row.Data, row.Offset)
		}
		if gap := bytes.Trim(in[at:row.Offset], between); len(r.faults) == 0 && len(gap) > 0 {
			t.Fatalf("lost %q without a fault", gap)
		}
		at = end
	}
	if gap := bytes.Trim(in[at:], between); len(r.faults) == 0 && len(gap) > 0 {
		t.Fatalf("lost %q without a fault", gap)
	}
}

func FuzzNDJSON(f *testing.F) {
	f.Add([]byte("a\nb\n"), byte(3))
	f.Add([]byte("\"}{\"\\\r\n"), byte(7))
	f.Fuzz(func(t *testing.T, text []byte, every byte) {
		// Lines built from the input: concatenating the rows must reproduce them.
		var in, want []byte
		for i := 0; i < len(text); i += int(every) + 1 {
			line := quoteLine(text[i:min(i+int(every)+1, len(text))])
			want = append(want, line...)
			in = append(append(in, line...), '\n')
		}
		if len(in) == 0 {
			return
		}
		var have []byte
		for _, r := range collect(t, in) {
			checkResult(t, r)
			for _, row := range r.rows {
				have = append(have, row.Data...)
			}
			if len(r.faults) > 0 {
				t.Fatalf("faults %v in %q", r.faults, in)
			}
		}
		if !bytes.Equal(have, want) {
			t.Fatalf("rows %q, want %q", have, want)
		}
	})
}

// quoteLine makes a JSON object with the text as a string, brackets included.
func quoteLine(text []byte) []byte {
	line := []byte(`{"t":"`)
	for _, c := range text[:min(len(text), 100)] {
		switch {
		case c == '"' || c == '\\':
			line = append(line, '\\', c)
		case c >= ' ' && c < 0x7F:
			line = append(line, c)
		default:
			line = append(line, "\\n"...)
		}
	}
	return append(line, `"}`...)
}

func FuzzCSV(f *testing.F) {
	for _, in := range []string{
		"Kim,kim@example.com\n", "\"a\nb\",c\r\n", "\"x,y\nb,c\n", "a;b\tc|d\n", "K\xf6ln,x\rLee,y\r", ",,,\n", "\"a\"\"b\" ,\"c\"x\",d\n", "a,b,c,d,e,f\n",
	} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, r := range collect(t, append([]byte("name,email,note\n"), in...)) {
			checkResult(t, r)
		}
	})
}

func FuzzNACHA(f *testing.F) {
	_, lines := nachaFile("\n")
	_, continuous := nachaFile("")
	f.Add([]byte(lines[95:]), true)
	f.Add([]byte(continuous[94:]), false)
	f.Fuzz(func(t *testing.T, in []byte, lined bool) {
		head := lines[:95]
		if !lined {
			head = lines[:94] + "5"
		}
		for _, r := range collect(t, append([]byte(head), in...)) {
			checkResult(t, r)
			for _, row := range r.rows {
				if r.Shape == ShapeFixed94 && utf8.RuneCount(row.Data) != nachaWidth {
					t.Fatalf("record of %d characters", utf8.RuneCount(row.Data))
				}
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	_, ach := nachaFile("\n")
	for _, in := range []string{
		"", twoLines, gzipped(f, twoLines), zstded(f, twoLines), zipped(f, "a.csv", "name,email\nKim,kim@example.com\n", "b.zip", zipped(f, "c", twoLines)),
		workbook(f), "\xff\xfen\x00a\x00,\x00b\x00", "%PDF-1.7", "<?xml version=\"1.0\"?><a/>", "# T\n", "---\na: 1\n", ach, "commit 1111111\nAuthor: x\n", "<134>x\n",
		"Kim Beispiel\nEngineer\n", "{1500}x", "\x1e{\"a\":1}\n",
	} {
		f.Add([]byte(in))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, r := range collect(t, in) {
			checkResult(t, r)
		}
	})
}
