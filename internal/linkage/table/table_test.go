package table_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"muster/internal/linkage/table"

	"pgregory.net/rapid"
)

func TestDictGivesEqualTextsEqualCodes(t *testing.T) {
	d := table.NewDict()
	codes := map[string]uint32{"": table.Null}
	for i := range 20_000 {
		s := fmt.Sprint("value ", i%7000)
		if i%7000 == 0 {
			s = ""
		}
		c := d.Code(s)
		if old, ok := codes[s]; ok && old != c {
			t.Fatalf("%q has the codes %d and %d", s, old, c)
		}
		codes[s] = c
		if d.Value(c) != s {
			t.Fatalf("code %d is %q, want %q", c, d.Value(c), s)
		}
	}
	if d.Len() != 7000 {
		t.Errorf("%d codes, want 7000", d.Len())
	}
	long := strings.Repeat("long ", 100_000)
	if c := d.Code(long); d.Value(c) != long || d.Code(long) != c {
		t.Error("a text longer than a piece is not kept")
	}
	if _, ok := d.Lookup("unheard of"); ok {
		t.Error("found what was never given")
	}
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "id,a,b\n1,x,y\n2,,z\n", "1:x|y 2:|z"},
		{"quotes, newline and carriage return", "id,a,b\r\n1,\"x, \"\"the\"\" y\",\"two\nlines\"\r\n2,q,\r\n", "1:x, \"the\" y|two\nlines 2:q|"},
		{"short row, empty line, no last newline", "id,a,b\n\n1,x\n2,y,z", "1:x| 2:y|z"},
		{"space and byte order mark", "\ufeffid,a,b\n 1 , x ,\ty\n", "1:x|y"},
		{"quote inside", "id,a,b\n1,5\" pipe,y\n", "1:5\" pipe|y"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab, err := table.ReadCSV(strings.NewReader(c.in), table.CSV{ID: "id"})
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(tab); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "no header",
		"a,b\n1,2\n":          `no column "id"`,
		"id,a\n1,\"open\n2,3": "line 2: a quoted value is not closed",
		"id\n1\n":             "no column that is read",
	} {
		if _, err := table.ReadCSV(strings.NewReader(in), table.CSV{ID: "id"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one that says %q", in, err, want)
		}
	}
}

// TestReadCSVCountsLongRows: values beyond the header do not pass in silence.
func TestReadCSVCountsLongRows(t *testing.T) {
	tab, err := table.ReadCSV(strings.NewReader("id,a\n1,x\n2,y,z,w\n"), table.CSV{ID: "id"})
	if err != nil || tab.Ragged != 1 || dump(tab) != "1:x 2:y" {
		t.Errorf("%v, %d long rows, %s; want one, and its first values", err, tab.Ragged, dump(tab))
	}
}

func TestAddCSVFindsColumnsByName(t *testing.T) {
	tab, err := table.ReadCSV(strings.NewReader("id,a,b\n1,x,y\n"), table.CSV{ID: "id"})
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.AddCSV(strings.NewReader("b,other,id,a\nq,w,2,p\n"), table.CSV{ID: "id"}); err != nil {
		t.Fatal(err)
	}
	if got := dump(tab); got != "1:x|y 2:p|q" {
		t.Errorf("got %q", got)
	}
}

// TestReadCSVIsInverse: what encoding/csv writes is read back, across batches.
func TestReadCSVIsInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-c",\n é]{0,6}`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 0, 30).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write([]string{"id", "a", "b"})
		var want []string
		wide := strings.Repeat("w", rapid.SampledFrom([]int{0, 200_000}).Draw(t, "wide"))
		for i, r := range rows {
			if i == 3 {
				r[0] += wide
			}
			w.Write([]string{fmt.Sprint(i), r[0], r[1]})
			want = append(want, fmt.Sprintf("%d:%s|%s", i, strings.TrimSpace(r[0]), strings.TrimSpace(r[1])))
		}
		w.Flush()
		tab, err := table.ReadCSV(&b, table.CSV{ID: "id"})
		if err != nil {
			t.Fatal(err)
		}
		if got := dump(tab); got != strings.Join(want, " ") {
			t.Fatalf("got %q, want %q", got, strings.Join(want, " "))
		}
	})
}

func dump(t *table.Table) string {
	var rows []string
	for i, id := range t.IDs {
		var cells []string
		for _, c := range t.Columns {
			cells = append(cells, t.Dict.Value(c[i]))
		}
		rows = append(rows, id+":"+strings.Join(cells, "|"))
	}
	return strings.Join(rows, " ")
}
