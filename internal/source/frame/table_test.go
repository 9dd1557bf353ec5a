package frame

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestTableFraming(t *testing.T) {
	tests := []struct {
		name, in, format string
		header           string // cells joined by |; - for none
		line             int
		rows             []string
		faults           []string
	}{
		{"plain", "name,email\nKim,kim@example.com\nLee,lee@example.com\n", "csv", "name|email", 1, []string{"Kim|kim@example.com", "Lee|lee@example.com"}, nil},
		{"tabs", "name\temail\nKim\tkim@example.com\n", "tsv", "name|email", 1, []string{"Kim|kim@example.com"}, nil},
		{"semicolons", "name;salary;city\nKim;1.234,50;Ulm\nLee;2.000,00;Bonn\n", "csv", "name|salary|city", 1, []string{"Kim|1.234,50|Ulm", "Lee|2.000,00|Bonn"}, nil},
		{"pipes", "name|email\nKim|kim@example.com\n", "csv", "name|email", 1, []string{"Kim|kim@example.com"}, nil},
		{"mark and CRLF", "\ufeffname,email\r\nKim,kim@example.com\r\n", "csv", "name|email", 1, []string{"Kim|kim@example.com"}, nil},
		{"lone CR", "name,email\rKim,kim@example.com\rLee,lee@example.com", "csv", "name|email", 1, []string{"Kim|kim@example.com", "Lee|lee@example.com"}, nil},
		{"quotes", "name,note\n\"Kim, Jr.\",\"says \"\"hi\"\"\"\n", "csv", "name|note", 1, []string{`Kim, Jr.|says "hi"`}, nil},
		{"quoted line end", "name,note,city\nKim,\"1 Main St\nFlat 2\",Ulm\nLee,x,Bonn\n", "csv", "name|note|city", 1, []string{"Kim|1 Main St\nFlat 2|Ulm", "Lee|x|Bonn"}, nil},
		{"blank before quote", "name, email\n \"Kim\", \"kim@example.com\"\n", "csv", "name| email", 1, []string{"Kim|kim@example.com"}, nil},
		{"quote inside a cell", "name,note\nKim 5\" tall,a \"b\" c\n\"Lee \"x\" y\",z\n", "csv", "name|note", 1, []string{`Kim 5" tall|a "b" c`, `Lee "x" y|z`}, nil},
		{"blank and repeated columns", "name,,email,email,\nKim,x,a@example.com,b@example.com,\n", "csv", "name||email|email|", 1, []string{"Kim|x|a@example.com|b@example.com|"}, nil},
		{"missing cells at the end", "name,email,city,note\nKim,kim@example.com\nLee,lee@example.com,Ulm,x\n", "csv", "name|email|city|note", 1, []string{"Kim|kim@example.com||", "Lee|lee@example.com|Ulm|x"}, nil},
		{"blank cells behind the end", "name,email\nKim,kim@example.com,,\nLee,lee@example.com\n", "csv", "name|email", 1, []string{"Kim|kim@example.com", "Lee|lee@example.com"}, nil},
		{"too many cells", "name,email\nKim,kim@example.com,x\nLee,lee@example.com\nAda,ada@example.com\n", "csv", "name|email", 1, []string{"Lee|lee@example.com", "Ada|ada@example.com"}, []string{"2:wrong_columns"}},
		{"row broken in two", "name,city,email,note\n" + strings.Repeat("Lee,Bonn,lee@example.com,y\n", 5) + "Kim,1 Main St\nFlat 2,kim@example.com,x\nAda,Kiel,ada@example.com,z\n", "csv", "name|city|email|note", 1, append(slices.Repeat([]string{"Lee|Bonn|lee@example.com|y"}, 5), "Ada|Kiel|ada@example.com|z"), []string{"7:wrong_columns", "8:wrong_columns"}},
		{"rows without blank cells at the end", "name,city,email,note\n" + strings.Repeat("Lee,Bonn\nKim,Ulm,kim@example.com\n", 3), "csv", "name|city|email|note", 1, slices.Repeat([]string{"Lee|Bonn||", "Kim|Ulm|kim@example.com|"}, 3), nil},
		{"title and footer", "Report,,\nCreated 2026-01-02,,\n\nname,email,city\nKim,kim@example.com,Ulm\nTotal: 1\n", "csv", "name|email|city", 4, []string{"Kim|kim@example.com|Ulm"}, []string{"6:wrong_columns"}},
		{"one-cell titles", "Payroll export\nACME Ltd\nname,email,city\nKim,kim@example.com,Ulm\nLee,lee@example.com,Bonn\n", "csv", "name|email|city", 3, []string{"Kim|kim@example.com|Ulm", "Lee|lee@example.com|Bonn"}, nil},
		{"no header", "2026-01-02,kim@example.com,192.0.2.1\n2026-01-03,lee@example.com,192.0.2.2\n", "csv", "-", 0, []string{"2026-01-02|kim@example.com|192.0.2.1", "2026-01-03|lee@example.com|192.0.2.2"}, nil},
		{"no header, uneven", "\"2026-01-02\",\"a\",\"b\",\"c\",\"d\"\n\"2026-01-02\",\"a\",\"b\",\"c\",\"d\",\"e\"\n\"2026-01-02\",\"a\",\"b\",\"c\",\"d\"\n", "csv", "-", 0, []string{"2026-01-02|a|b|c|d", "2026-01-02|a|b|c|d|e", "2026-01-02|a|b|c|d"}, nil},
		{"foreign header", "Vorname,Nachname,Ort\nKim,Beispiel,Ulm\n", "csv", "Vorname|Nachname|Ort", 1, []string{"Kim|Beispiel|Ulm"}, nil},
		{"one column", "email\nkim@example.com\nlee@example.com\n", "csv", "email", 1, []string{"kim@example.com", "lee@example.com"}, nil},
		{"header only", "name,email,city\n", "csv", "name|email|city", 1, nil, nil},
		{"blank rows and header again", "name,email\n,\nKim,kim@example.com\n\nname,email\nLee,lee@example.com\n", "csv", "name|email", 1, []string{"Kim|kim@example.com", "Lee|lee@example.com"}, nil},
		{"cut off", "name,email,city\nKim,kim@example.com,Ulm\nLee,lee@ex", "csv", "name|email|city", 1, []string{"Kim|kim@example.com|Ulm"}, []string{"3:truncated"}},
		{"quote never closed", "name,email\nKim,\"kim@example.com\nLee,lee@example.com\nAda,ada@example.com\n", "csv", "name|email", 1, []string{"Lee|lee@example.com", "Ada|ada@example.com"}, []string{"2:wrong_columns"}},
		{"quote swallows a row", "name,note,city\nKim,\"x,Ulm\nLee,y,Bonn\nAda,\"z\",Kiel\n", "csv", "name|note|city", 1, []string{"Lee|y|Bonn", "Ada|z|Kiel"}, []string{"2:wrong_columns"}},
		{"Windows-1252", "name,city\nKim,K\xf6ln\nLee,M\xfcnchen \x80\n", "csv", "name|city", 1, []string{"Kim|Köln", "Lee|München €"}, nil},
		{"Windows-1252 quoted", "name,city\nKim,\"K\xf6ln, Rh\"\n", "csv", "name|city", 1, []string{"Kim|Köln, Rh"}, nil},
		{"Mac Roman", "name,city\rKim,K\x9aln\r", "csv", "name|city", 1, []string{"Kim|Köln"}, nil},
		{"two charsets in one file", "name,city\nKim,Köln\nLee,K\xf6ln\n", "csv", "name|city", 1, []string{"Kim|Köln", "Lee|Köln"}, nil},
		{"two charsets in one row", "name,city\nKim,Köln K\xf6ln\nLee,Ulm\n", "csv", "name|city", 1, []string{"Lee|Ulm"}, []string{"2:bad_utf8"}},
		{"undefined byte", "name,city\nKim,K\x81ln\nLee,Ulm\n", "csv", "name|city", 1, []string{"Lee|Ulm"}, []string{"2:bad_utf8"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{IsHeader: knownHeader})
			header := strings.Join(r.Header, "|")
			if r.Header == nil {
				header = "-"
			}
			if r.Shape != ShapeTable || r.Format != tt.format || header != tt.header || r.HeaderLine != tt.line {
				t.Errorf("%s %s header %q on line %d (%s)", r.Shape, r.Format, header, r.HeaderLine, r.Why)
			}
			same(t, "rows", r.cells(), tt.rows)
			same(t, "faults", r.reasons(), tt.faults)
			for _, row := range r.rows {
				if r.Header != nil && len(row.Cells) != len(r.Header) {
					t.Errorf("%d cells, header has %d", len(row.Cells), len(r.Header))
				}
			}
		})
	}
}

func TestTableOffsets(t *testing.T) {
	in := "\ufeffname,note\r\nKim,\"a\r\nb\"\r\nLee,c\r\n"
	r := one(t, in, Options{IsHeader: knownHeader})
	if len(r.rows) != 2 {
		t.Fatalf("%d rows", len(r.rows))
	}
	for i, want := range []struct {
		line int
		text string
	}{{2, "Kim"}, {4, "Lee"}} {
		row := r.rows[i]
		if row.Line != want.line || !strings.HasPrefix(in[row.Offset:], want.text) {
			t.Errorf("row %d on line %d at %q", i, row.Line, in[row.Offset:])
		}
	}
}

func TestTableLimits(t *testing.T) {
	opt := Options{IsHeader: knownHeader, Limits: Limits{Record: 2000, Field: 100, Columns: 50}}
	in := "name,note\nKim," + strings.Repeat("x", 101) + "\nLee,\"" + strings.Repeat("x", 101) + "\"\nAda," + strings.Repeat("x", 3000) + "\nBob,ok\n"
	r := one(t, in, opt)
	same(t, "rows", r.cells(), []string{"Bob|ok"})
	same(t, "faults", r.reasons(), []string{"2:too_long", "3:too_long", "4:too_long"})
	r = one(t, "name,note\nKim,ok\nLee"+strings.Repeat(",", 60)+"x\nAda,ok\n", opt)
	same(t, "rows", r.cells(), []string{"Kim|ok", "Ada|ok"})
	same(t, "faults", r.reasons(), []string{"3:limit"})
}

// TestManyStrayQuotes makes sure that quotes that are never closed cost neither
// the other rows nor quadratic time.
func TestManyStrayQuotes(t *testing.T) {
	in := "name,note,city\n" + lineCount(20_000, func(i int) string {
		if i%2 == 0 {
			return fmt.Sprintf("n%d,\"broken,Ulm", i)
		}
		return fmt.Sprintf("n%d,fine,Ulm", i)
	})
	r := one(t, in, Options{IsHeader: knownHeader})
	if len(r.rows) != 10_000 || len(r.faults) != 10_000 {
		t.Errorf("%d rows and %d faults, want 10000 each", len(r.rows), len(r.faults))
	}
}

func TestUTF16(t *testing.T) {
	text := "name,city\r\nKim,Köln\r\nLee,東京\r\n"
	encode := func(big bool, mark bool) string {
		var b strings.Builder
		units := utf16.Encode([]rune(text))
		if mark {
			units = append([]uint16{0xFEFF}, units...)
		}
		for _, u := range units {
			if big {
				b.WriteByte(byte(u >> 8))
				b.WriteByte(byte(u))
			} else {
				b.WriteByte(byte(u))
				b.WriteByte(byte(u >> 8))
			}
		}
		return b.String()
	}
	for name, in := range map[string]string{"LE": encode(false, true), "BE": encode(true, true)} {
		t.Run(name, func(t *testing.T) {
			r := one(t, in, Options{IsHeader: knownHeader})
			same(t, "rows", r.cells(), []string{"Kim|Köln", "Lee|東京"})
			if r.rows[0].Line != 2 {
				t.Errorf("line %d", r.rows[0].Line)
			}
		})
	}
	text = "name,city\r\nKim,Ulm\r\nLee,Bonn\r\n"
	r := one(t, encode(false, false), Options{IsHeader: knownHeader})
	same(t, "without mark", r.cells(), []string{"Kim|Ulm", "Lee|Bonn"})
}
