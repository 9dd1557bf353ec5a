package guide

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source"
)

func propose(t *testing.T, name, content string, kind record.Kind) (*Proposal, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return Propose(t.Context(), file, kind, source.Options{Key: []byte("test")})
}

func TestPropose(t *testing.T) {
	for name, c := range map[string]struct {
		file, content string
		ask, kind     record.Kind
		records       int
		has           string
	}{
		"by values": {"a.csv", "Wer,Wann,Von\nbrint@startup.example,2026-03-01 10:00,198.51.100.7\n", "", record.Sessions, 1, "at: {path: '\"Wann\"', do: [time], required: true} # confirm"},
		"by names":  {"b.csv", "Personalnummer,Nachname,Eintrittsdatum,E-Mail (dienstlich)\nE1,Osmere,15.01.2026,brint@startup.example\n", "", record.Engagements, 1, "start: {path: '\"Eintrittsdatum\"', do: [date]}\n"},
		"asked":     {"b.csv", "Personalnummer,Nachname,Eintrittsdatum,E-Mail (dienstlich)\nE1,Osmere,15.01.2026,brint@startup.example\n", record.Personas, record.Personas, 1, "family: {path: '\"Nachname\"'}"},
		"objects":   {"c.ndjson", `{"host":{"serial_number":"QX77AB12C","it's odd":"x"},"gender":"x","n":[{"a":1}]}` + "\n" + `{"host":{"serial_number":"QX77AB12D"}}` + "\n", record.Devices, record.Devices, 2, "device_key: {path: 'host.serial_number', required: true}"},
		"not an ip": {"d.csv", "User,IP address,Timestamp\nbrint,here,2026-03-01 10:00\n", record.Sessions, record.Sessions, 1, "# not used: IP address"},
	} {
		p, err := propose(t, c.file, c.content, c.ask)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Kind != c.kind || len(p.Preview) != c.records || !strings.Contains(p.YAML, c.has) {
			t.Errorf("%s: %s, %d records, %s", name, p.Kind, len(p.Preview), p.YAML)
		}
		dir := t.TempDir()
		if err := p.Write(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
		wanted, err := os.ReadFile(filepath.Join(dir, p.ID, "testdata", "sample.want.ndjson"))
		if err != nil || strings.Count(string(wanted), "\n") != inventedRows {
			t.Errorf("%s: the invented sample leads to %s (%v)", name, wanted, err)
		}
		if err := p.Write(t.Context(), dir); err == nil {
			t.Errorf("%s: written over", name)
		}
	}
}

func TestNothingFits(t *testing.T) {
	if p, err := propose(t, "a.csv", "Colour,Crate\ngreen,7\n", ""); err == nil {
		t.Errorf("proposed %s", p.YAML)
	}
}

func TestPatterns(t *testing.T) {
	for value, want := range map[string]string{
		"a@example.com": "email", "+1 202 555 0101": "phone", "DE89 3704 0044 0532 0130 00": "iban", "192.0.2.7": "ip", "2001:db8::1": "ip",
		"2026-01-02T03:04:05Z": "time", "02.01.2026": "date", "Germany": "country", "QX77AB12C": "serial", "02:00:5e:00:00:01": "mac", "https://example.com/a": "url",
		"12.5": "number", "a word or two": "", "1768467600": "time",
	} {
		c := &Column{}
		c.see(value)
		if c.look(); c.Pattern != want {
			t.Errorf("%q looks like %q, want %q", value, c.Pattern, want)
		}
	}
}
