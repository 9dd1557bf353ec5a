package all

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/record"
)

// hrSystems are the systems of applicants, people, checks, pay and parcels that
// have a mapping of their own: the beginnings of the ids.
var hrSystems = []string{
	"adp.", "apideck.", "ashby.", "checkr.", "deel.", "dhl.", "easypost.", "fedex.", "finch.", "gusto.", "hibob.", "hireright.", "icims.", "iso20022.",
	"jumio.", "lever.", "merge.", "name_check.", "onfido.", "paychex.", "payoneer.", "paypal.", "persona_idv.", "personio.", "rippling.",
	"smartrecruiters.", "stackone.", "sterling.", "stripe_identity.", "teamtailor.", "ups.", "veriff.", "wire.", "wise.", "workable.", "workday.raas",
}

// TestCassettes takes the answers out of recorded conversations with EasyPost: the
// JSON inside is what an export holds.
func TestCassettes(t *testing.T) {
	dir := filepath.Join(sharedData(t), "easypost-tracking")
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cassettes in %s: %v", dir, err)
	}
	out := t.TempDir()
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for k, body := range cassetteBodies(string(data)) {
			if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%d-%d.json", i, k)), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	report, records := readFolder(t, out)
	for i := range report.Files {
		f := &report.Files[i]
		if f.Unidentified || f.QuarantinedRows > 0 || len(f.Formats) != 1 || f.Formats[0].Format != "easypost.tracker" {
			t.Errorf("%s: %+v", f.Path, f)
		}
	}
	if len(records) < 8 {
		t.Errorf("%d records", len(records))
	}
	for _, r := range records {
		if s, ok := r.(*record.Shipment); !ok || s.TrackingNo == "" || s.Carrier == "" || s.Status == "" {
			t.Errorf("incomplete: %+v", r)
		}
	}
}

// cassetteBodies returns the texts in single quotes behind "response: body:" of a
// YAML file, with folded lines joined.
func cassetteBodies(text string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(text, "  response:\n    body: '")
		if !ok {
			return out
		}
		body, after, _ := strings.Cut(rest, "'\n    headers:")
		lines := strings.Split(body, "\n")
		for i := range lines {
			lines[i] = strings.TrimLeft(lines[i], " ")
		}
		out = append(out, strings.ReplaceAll(strings.Join(lines, " "), "''", "'"))
		text = after
	}
}

// TestGenericHR gives the lists that tools without a mapping of their own export:
// the generic mappings must read them.
func TestGenericHR(t *testing.T) {
	for _, c := range []struct{ name, text, format string }{
		{"firstbase", "Order ID,Employee Name,Employee Email,Serial Number,Tracking Number,Carrier,Shipping Address,Shipped At,Delivered At,Status\nO1,Robin Placeholder,robin@example.com,SN0001,TR1,UPS,\"12 Sample Road, Springfield, IL\",2026-05-20,2026-05-22,Delivered\n", "generic.shipments"},
		{"hofy", "Assigned to,Assigned user email,Serial number,Tracking number,Delivery address,Delivered at\nRobin Placeholder,robin@example.com,SN0001,TR1,\"12 Sample Road, Springfield\",2026-05-22\n", "generic.shipments"},
		{"growrk", "Employee,Email,Serial Number,Tracking Number,Carrier,Shipping Address,Delivery Date\nRobin Placeholder,robin@example.com,SN0001,TR1,DHL,\"12 Sample Road, Springfield\",2026-05-22\n", "generic.shipments"},
		{"lever", "Candidate ID,Candidate Name,Candidate Email,Applied At,Stage,Job Title,Source\nC1,Robin Placeholder,robin@example.org,2026-05-20,Phone Interview,Engineer,LinkedIn\n", "generic.candidates"},
		{"personio", "Personalnummer;Vorname;Nachname;E-Mail (dienstlich);Eintrittsdatum;Position;Abteilung;IBAN\n1001;Robin;Placeholder;robin@example.com;01.06.2026;Engineer;Core;DE89370400440532013000\n", "generic.roster"},
		{"hibob", "Employee ID,Full name,Email,Start date,Job title,Department,Reports to,Employment type\n1001,Robin Placeholder,robin@example.com,2026-06-01,Engineer,Core,Kim Lead,Permanent\n", "generic.roster"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "export.csv"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			report, records := readFolder(t, dir)
			f := report.Files[0]
			if len(f.Formats) != 1 || f.Formats[0].Format != c.format || f.QuarantinedRows > 0 || len(records) == 0 {
				t.Errorf("read as %+v, want %s", f, c.format)
			}
		})
	}
}

// TestHandlesHR checks that what systems say about one person in several records
// can be joined: an application names the person, a check the applicant.
func TestHandlesHR(t *testing.T) {
	mappings, _, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	in := t.TempDir()
	for _, m := range mappings {
		if !slices.ContainsFunc(hrSystems, func(p string) bool { return strings.HasPrefix(m.ID, p) }) {
			continue
		}
		folder := filepath.Dir(m.File)
		dir := filepath.Join("..", "mapping", folder, "testdata")
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(f.Name(), ".want.ndjson") {
				continue
			}
			if err := os.WriteFile(filepath.Join(in, folder+"__"+f.Name()), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, records := readFolder(t, in)
	for _, r := range records {
		from := r.Meta().Ref.Source
		switch r := r.(type) {
		case *record.Shipment: // a carrier does not know the person
			if cmp.Or(r.TrackingNo, r.DeviceKey) == "" {
				t.Errorf("%s: a shipment without a number", from)
			}
		case *record.Session:
		default:
			if who, ok := r.(interface{ Of() *record.Subject }); ok && who.Of().Handle == "" {
				t.Errorf("%s: a %s without a handle", from, r.Kind())
			}
		}
	}
}
