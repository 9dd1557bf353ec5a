package all

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/source"
)

// TestRenamedVendorField takes exports of two vendors and renames what holds the
// address and the serial number, as an update of the product would.
func TestRenamedVendorField(t *testing.T) {
	base := filepath.Join("..", "..", "..", "testdata", "corpus", "us_midsize", "exports")
	for _, c := range []struct {
		name, file, old, new string
		path, field          string
	}{
		{"okta", "okta/system_log.ndjson", `"ipAddress"`, `"ipAddr"`, "client.ipAddress", "session.ip"},
		{"crowdstrike", "crowdstrike/hosts.csv", "External IP", "External Address", "", "device.public_ip"},
		{"nothing renamed", "okta/system_log.ndjson", "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(base, c.file))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write := strings.ReplaceAll(string(text), c.old, c.new)
			if c.old == "" {
				write = string(text)
			}
			for i := range 8 { // several exports in one folder; 150 rows alone say nothing
				if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d%s", i, filepath.Ext(c.file))), []byte(write), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			report, _ := readFolder(t, dir)
			var never, unread []string
			for _, d := range report.Drift {
				for _, n := range d.Never {
					never = append(never, string(n.Kind)+"."+n.Field)
				}
				for _, u := range d.Unread {
					unread = append(unread, u.Field+" from "+u.Key)
					if u.Field == c.field && c.path != "" && u.Path != c.path {
						t.Errorf("%s is taken for %s", u.Key, u.Path)
					}
				}
			}
			if c.field == "" {
				if len(never)+len(unread) > 0 {
					t.Errorf("drift is reported where nothing was renamed: %v %v", never, unread)
				}
				return
			}
			if !slices.ContainsFunc(unread, func(s string) bool { return strings.HasPrefix(s, c.field+" from ") }) {
				t.Errorf("the renamed column is not proposed: %v", unread)
			}
			if rows := 8 * strings.Count(write, "\n"); rows > source.DriftRecords && !slices.Contains(never, c.field) {
				t.Errorf("%s was never filled and nothing says so: %v", c.field, never)
			}
		})
	}
}
