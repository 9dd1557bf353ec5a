package frame

import (
	"fmt"
	"strings"
	"testing"
)

func TestLogFraming(t *testing.T) {
	tests := []struct {
		name, in, format string
		rows             []string
		faults           []string
	}{
		{"syslog", "<134>1 2026-03-01T08:00:00Z fw vpn - - - one\r\n<134>1 2026-03-01T08:00:01Z fw vpn - - - two\n", "syslog", []string{"<134>1 2026-03-01T08:00:00Z fw vpn - - - one", "<134>1 2026-03-01T08:00:01Z fw vpn - - - two"}, nil},
		{"asa", "Mar  1 08:00:00 fw : %ASA-6-113004: AAA user authentication Successful, server = 192.0.2.1, user = kim\n", "cisco-asa", []string{"Mar  1 08:00:00 fw : %ASA-6-113004: AAA user authentication Successful, server = 192.0.2.1, user = kim"}, nil},
		{"panos", "1,2026/03/01 08:00:00,0123456789,GLOBALPROTECT,0,2305,2026/03/01 08:00:00,vsys1\n1,2026/03/01 08:00:01,<serial>,USERID,login,2305,2026/03/01 08:00:01,vsys1\n", "panos", []string{"1,2026/03/01 08:00:00,0123456789,GLOBALPROTECT,0,2305,2026/03/01 08:00:00,vsys1", "1,2026/03/01 08:00:01,<serial>,USERID,login,2305,2026/03/01 08:00:01,vsys1"}, nil},
		{"cef", "CEF:0|Vendor|Product|1|100|login|3|src=192.0.2.1\n", "cef", []string{"CEF:0|Vendor|Product|1|100|login|3|src=192.0.2.1"}, nil},
		{"dated lines", "2026-03-01 08:00:00 start up\n2026-03-01 08:00:01 login of kim\n", "log", []string{"2026-03-01 08:00:00 start up", "2026-03-01 08:00:01 login of kim"}, nil},
		{"key and value", "at=1 user=kim ip=192.0.2.1 ok=1\nat=2 user=\"lee x\" ip=192.0.2.2 ok=1\n", "log", []string{"at=1 user=kim ip=192.0.2.1 ok=1", "at=2 user=\"lee x\" ip=192.0.2.2 ok=1"}, nil},
		{"bad bytes", "<1>a\n<1>b\x81\n<1>c \xfc\n", "syslog", []string{"<1>a", "<1>c ü"}, []string{"2:bad_utf8"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{})
			if r.Shape != ShapeLines || r.Format != tt.format {
				t.Errorf("%s %s %s", r.Shape, r.Format, r.Why)
			}
			same(t, "rows", r.data(), tt.rows)
			same(t, "faults", r.reasons(), tt.faults)
		})
	}
	r := one(t, "<1>a\n\ufeff<1>b\n", Options{})
	checkOffsets(t, []byte("<1>a\n\ufeff<1>b\n"), r)
	r = one(t, "<1>a\n<1>"+strings.Repeat("x", 5000)+"\n<1>c\n", Options{Limits: Limits{Record: 1000}})
	same(t, "rows around a long line", r.data(), []string{"<1>a", "<1>c"})
	same(t, "long line", r.reasons(), []string{"2:too_long"})
}

// nachaFile is a small ACH file; %s stands between its records.
func nachaFile(sep string) (records []string, text string) {
	records = []string{
		"101 076401251 0764012512601010800A094101Example Bank           Example Company                ",
		"5225Example Company                     1234567890PPDPAYROLL         260102   1076401250000001",
		"62705320001912345            0000010500c-1            Kim Beispiel            0076401255655291",
		"82250000010005320001000000010500000000000000origid                             076401250000001",
		"9000001000001000000010005320001000000010500000000000000                                       ",
	}
	return records, strings.Join(records, sep) + sep
}

func TestNACHA(t *testing.T) {
	records, lines := nachaFile("\n")
	_, continuous := nachaFile("")
	var trimmed []string
	for _, r := range records {
		trimmed = append(trimmed, strings.TrimRight(r, " "))
	}
	for name, in := range map[string]string{
		"lines": lines, "CRLF": strings.ReplaceAll(lines, "\n", "\r\n"), "continuous": continuous, "continuous with a line end": continuous + "\n",
		"blanks at the end lost": strings.Join(trimmed, "\n") + "\n", "blanks at the end added": strings.ReplaceAll(lines, "\n", "     \n"),
		"no last line end": strings.TrimSuffix(lines, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			r := one(t, in, Options{})
			if r.Shape != ShapeFixed94 {
				t.Fatalf("%s %s", r.Shape, r.Why)
			}
			same(t, "rows", r.data(), records)
			same(t, "faults", r.reasons(), nil)
			for i, row := range r.rows {
				if row.Line != i+1 || !strings.HasPrefix(in[row.Offset:], strings.TrimRight(string(row.Data), " ")) {
					t.Errorf("row %d on line %d at %q", i, row.Line, in[row.Offset:])
				}
			}
		})
	}
	r := one(t, strings.Replace(lines, "\n627", "\nX27", 1), Options{})
	same(t, "wrong record type", r.reasons(), []string{"3:wrong_columns"})
	r = one(t, strings.Replace(lines, "Kim Beispiel ", "Kim M\xfcller   ", 1), Options{})
	if !strings.Contains(string(r.rows[2].Data), "Kim Müller") {
		t.Errorf("row %q", r.rows[2].Data)
	}
}

func TestGit(t *testing.T) {
	commit := func(i int) string {
		return fmt.Sprintf("%040x\x1fKim\x1fkim@example.com\x1f2026-03-0%dT08:00:00+01:00\x1fKim\x1fkim@example.com\x1f2026-03-0%dT08:00:00+01:00\x1f\x1ffix it", i, i, i)
	}
	stat := "\x1e\n\n3\t1\ta.go\n2\t0\tb.go"
	plain := "commit 1111111111111111111111111111111111111111\nAuthor: Kim <kim@example.com>\nDate:   Sun Mar 1 08:00:00 2026 +0100\n\n    fix it"
	merge := "commit 2222222222222222222222222222222222222222 (HEAD -> main)\nMerge: 1111111 3333333\nAuthor:     Lee <lee@example.com>\nAuthorDate: Sun Mar 1 09:00:00 2026 +0900\n\n    commit 3 things"
	tests := []struct {
		name, in, format string
		rows             []string
	}{
		{"separators", commit(1) + "\x1e\n" + commit(2) + "\x1e\n", "git-log", []string{commit(1), commit(2)}},
		{"separators without line ends", commit(1) + "\x1e" + commit(2) + "\x1e", "git-log", []string{commit(1), commit(2)}},
		{"no last separator", commit(1) + "\x1e\n" + commit(2), "git-log", []string{commit(1), commit(2)}},
		{"with numstat", commit(1) + stat + "\n" + commit(2) + stat + "\n", "git-log", []string{commit(1) + stat, commit(2) + stat}},
		{"subject with a line end", commit(1) + "\nmore\x1e\n" + commit(2) + "\x1e\n", "git-log", []string{commit(1) + "\nmore", commit(2)}},
		{"default text", plain + "\n\n" + merge + "\n", "git-log-text", []string{plain, merge}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := one(t, tt.in, Options{})
			if r.Shape != ShapeGit || r.Format != tt.format {
				t.Errorf("%s %s %s", r.Shape, r.Format, r.Why)
			}
			same(t, "rows", r.data(), tt.rows)
			same(t, "faults", r.reasons(), nil)
			checkOffsets(t, []byte(tt.in), r)
		})
	}
}
