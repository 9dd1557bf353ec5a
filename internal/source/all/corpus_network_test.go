package all

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source"
)

// networkCorpus are the folders of samples of network systems and the mappings
// that may recognise their records.
var networkCorpus = map[string][]string{
	"globalprotect": {"paloalto."}, "prisma-access": {"paloalto."}, "cisco-asa": {"cisco.asa"}, "zscaler": {"zscaler."},
	"cloudflare-access": {"cloudflare."}, "cloudflare-gateway": {"cloudflare."}, "cato": {"cato."}, "tailscale": {"tailscale."}, "umbrella-dns": {"umbrella."},
	"maxmind": {},
}

// networkSystems are the mappings of network systems and virtual desktops.
var networkSystems = []string{"paloalto.", "cisco.asa", "zscaler.", "cloudflare.", "cato.", "tailscale.", "umbrella.", "cef.", "fortinet.", "netskope.", "citrix.", "avd.", "windows365.", "horizon."}

// TestCorpusNetwork reads the samples of each system: every file must be
// recognised, by the system's own mappings only, and at least 97 % of the records
// mapped or left out on purpose.
func TestCorpusNetwork(t *testing.T) {
	base := sharedData(t)
	for folder, families := range networkCorpus {
		t.Run(folder, func(t *testing.T) {
			report, _ := readFolder(t, unwrapped(t, filepath.Join(base, folder)))
			rows, covered := 0, 0
			sums := map[string]*source.FormatReport{}
			for i := range report.Files {
				f := &report.Files[i]
				if f.Unidentified && (len(families) > 0 || f.Why == "") {
					t.Errorf("%s is not identified: %s", f.Path, f.Why)
				}
				rows += f.Rows
				for k := range f.Formats {
					x := &f.Formats[k]
					if !slices.ContainsFunc(families, func(p string) bool { return strings.HasPrefix(x.Format, p) }) {
						t.Errorf("%s: %d records were read as %s", f.Path, x.Records, x.Format)
					}
					if x.Unmapped > 0 {
						t.Errorf("%s: not mapped: %v", f.Path, x.UnmappedKinds)
					}
					covered += x.Mapped + x.Ignored
					add(sums, x)
				}
			}
			t.Log(summary(sums))
			if len(families) > 0 && covered*100 < rows*97 {
				t.Errorf("%d of %d records are mapped or left out on purpose", covered, rows)
			}
		})
	}
}

// TestCorpusNetworkStrangers reads the samples of all other systems: none of their
// records may be taken for one of a network system, and none may tie.
func TestCorpusNetworkStrangers(t *testing.T) {
	ours := func(id string) bool {
		return slices.ContainsFunc(networkSystems, func(p string) bool { return strings.HasPrefix(id, p) })
	}
	own := func(path string) bool {
		folder, _, _ := strings.Cut(path, "__")
		_, ok := networkCorpus[folder]
		return ok
	}
	report, _ := readFolder(t, unwrapped(t, sharedData(t)))
	for i := range report.Files {
		f := &report.Files[i]
		for _, x := range f.Formats {
			if ours(x.Format) && !own(f.Path) {
				t.Errorf("%s: %d records were read as %s", f.Path, x.Records, x.Format)
			}
		}
	}
	for _, q := range report.Quarantine {
		if q.Reason == source.ReasonTie && slices.ContainsFunc(strings.Split(q.Mapping, "|"), ours) {
			t.Errorf("%s: tie of %s", q.File, q.Mapping)
		}
	}
}

// networkExplained are differences from the oracle that are meant.
var networkExplained = map[string]string{
	"cato_sase_connection_events.json ip": "the address at the provider counts, not that inside the tunnel",
	"test_event_reason2.json time":        "the offset is cut off in the sample; the local time without offset is used",
}

// TestOracleNetwork compares sign-ins with the ECS form that SEKOIA gives beside
// each raw event, field by field where the oracle has one.
func TestOracleNetwork(t *testing.T) {
	base := sharedData(t)
	agreed, compared := 0, 0
	for folder := range networkCorpus {
		judged, dir := map[string]networkJudged{}, t.TempDir()
		files, _ := filepath.Glob(filepath.Join(base, folder, "sekoia", "*.json"))
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var pair struct {
				Input    struct{ Message string } `json:"input"`
				Expected networkJudged            `json:"expected"`
			}
			if err := json.Unmarshal(data, &pair); err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(file)
			judged[name] = pair.Expected
			if err := os.WriteFile(filepath.Join(dir, name), []byte(pair.Input.Message), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, records := readFolder(t, dir)
		for _, r := range records {
			s, ok := r.(*record.Session)
			if !ok {
				continue
			}
			for _, d := range judged[s.Ref.File].against(s) {
				compared++
				why := networkExplained[s.Ref.File+" "+d.field]
				if d.same || why != "" {
					agreed++
				}
				if !d.same {
					t.Logf("%s/%s %s: %s: %s", folder, s.Ref.File, d.field, d.text, why)
				}
			}
		}
	}
	t.Logf("%d of %d fields agree", agreed, compared)
	if compared < 100 || agreed*100 < compared*97 {
		t.Errorf("%d of %d fields agree with the oracle", agreed, compared)
	}
}

// networkJudged is the part of the oracle's form that sign-ins have.
type networkJudged struct {
	Timestamp time.Time `json:"@timestamp"`
	User      struct{ Email, Name string }
	Source    struct {
		IP   string
		User struct{ Name string }
	}
	Event struct{ Outcome string }
}

type difference struct {
	field, text string
	same        bool
}

// against compares the fields that the oracle gives.
func (j networkJudged) against(s *record.Session) []difference {
	var out []difference
	check := func(field, got, want string) {
		if want != "" {
			out = append(out, difference{field, got + " and not " + want, got == want})
		}
	}
	for _, name := range []string{j.User.Email, j.User.Name, j.Source.User.Name} {
		if name != "" {
			name = strings.ToLower(name)
			check("account", s.Account, name[strings.LastIndexByte(name, '\\')+1:])
			break
		}
	}
	check("ip", s.IP.String(), j.Source.IP)
	if j.Event.Outcome == "success" || j.Event.Outcome == "failure" {
		check("outcome", s.Outcome, j.Event.Outcome)
	}
	if !j.Timestamp.IsZero() {
		out = append(out, difference{"time", s.At.String() + " and not " + j.Timestamp.String(), s.At.Time().Equal(j.Timestamp)})
	}
	return out
}

// TestYearlessTime checks that a time with neither year nor zone lies before the
// date of its file and is marked as one whose hour must not be judged.
func TestYearlessTime(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "asa.log")
	const line = "Dec 30 23:01:10 fw-01 : %ASA-6-113039: Group <Staff> User <kim> IP <203.0.113.7> AnyConnect parent session started.\n"
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	written := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	if err := os.Chtimes(file, written, written); err != nil {
		t.Fatal(err)
	}
	_, records := readFolder(t, dir)
	if len(records) != 1 {
		t.Fatalf("%d records", len(records))
	}
	s := records[0].(*record.Session)
	if s.At.String() != "2025-12-30T23:01:10" || s.At.OffsetKnown() || s.IP.String() != "203.0.113.7" {
		t.Errorf("%s (offset known: %t) from %s", s.At, s.At.OffsetKnown(), s.IP)
	}
}
