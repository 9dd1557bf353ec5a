package record

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMarshalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawRecord(t)
		line, err := Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(line, []byte(`{"record":"`+string(want.Kind())+`","ref":{`)) || bytes.IndexByte(line, '\n') >= 0 {
			t.Fatalf("line does not begin with record and ref: %s", line)
		}
		have, err := Unmarshal(line)
		if err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		again, err := Marshal(have)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(line, again) {
			t.Fatalf("round trip changed the record\nbefore %s\nafter  %s", line, again)
		}
	})
}

func TestMarshalText(t *testing.T) {
	yes := true
	s := &Session{
		Common:  Common{Ref: Ref{Source: "okta.system_log", File: "okta/a.json", Line: 3, Offset: 120, Key: "k"}},
		Account: "kim@example.com", At: At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)), ManagedDevice: &yes, UserAgent: "a<b>&c",
	}
	have, err := Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"record":"session","ref":{"source":"okta.system_log","file":"okta/a.json","line":3,"offset":120,"key":"k"},` +
		`"account":"kim@example.com","at":"2026-03-01T08:00:00Z","user_agent":"a<b>&c","managed_device":true}`
	if string(have) != want {
		t.Errorf("\nhave %s\nwant %s", have, want)
	}
}

func TestUnmarshalStrict(t *testing.T) {
	ref := `"ref":{"source":"s","file":"f"}`
	tests := []struct{ name, line, err string }{
		{"canonical", `{"record":"session",` + ref + `,"account":"a"}`, ""},
		{"record last", `{` + ref + `,"account":"a","record":"session"}`, ""},
		{"blanks", ` { "record" : "session", ` + ref + ` } `, ""},
		{"unknown field", `{"record":"session",` + ref + `,"nationality":"x"}`, `"nationality"`},
		{"unknown nested field", `{"record":"session",` + ref + `,"geo":{"planet":"x"}}`, `"planet"`},
		{"unknown record", `{"record":"suspect",` + ref + `}`, `"suspect"`},
		{"no record", `{` + ref + `}`, `"record"`},
		{"trailing", `{"record":"session",` + ref + `}{}`, "behind"},
		{"bad time", `{"record":"session",` + ref + `,"at":"yesterday"}`, "yesterday"},
		{"wrong type", `{"record":"session",` + ref + `,"asn":"x"}`, "asn"},
		{"not an object", `[]`, "object"},
		{"cut off", `{"record":"session",` + ref, "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Unmarshal([]byte(tt.line))
			switch {
			case tt.err == "" && err != nil:
				t.Error(err)
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
				t.Errorf("error %v does not name %s", err, tt.err)
			}
		})
	}
}

func TestWriter(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	for _, k := range Kinds() {
		if err := w.Write(New(k)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != len(Kinds()) {
		t.Fatalf("%d lines for %d records", len(lines), len(Kinds()))
	}
	for i, l := range lines {
		r, err := Unmarshal([]byte(l))
		if err != nil || r.Kind() != Kinds()[i] {
			t.Errorf("line %d: %v %v", i, r, err)
		}
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, k := range Kinds() {
		line, err := Marshal(New(k))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := Unmarshal(line)
		if err != nil {
			return
		}
		if _, err := Marshal(r); err != nil {
			t.Fatalf("read but not written: %v", err)
		}
	})
}
