package all

import (
	"bufio"
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

// deviceFolders are the samples of the device systems, with the mappings that may
// recognise them by the beginning of their id.
var deviceFolders = map[string][]string{
	"defender":        {"defender."},
	"jamf-protect":    {"jamf.protect."},
	"jamf-pro":        {"jamf."},
	"intune":          {"intune."},
	"crowdstrike":     {"crowdstrike."},
	"crowdstrike-fdr": {"crowdstrike."},
	"osquery":         {"osquery."},
	"snipe-it":        {"snipeit.", "generic."},
}

var deviceFamilies = []string{"defender.", "jamf.", "intune.", "crowdstrike.", "osquery.", "sentinelone.", "fleet.", "kandji.", "chrome.", "workspaceone.", "snipeit."}

// noDeviceExports are files of those folders that hold no export.
var noDeviceExports = []struct{ file, why string }{
	{"*/*.md", "a page of documentation"},
	{"osquery/specs__*.table", "the definition of a table"},
	{"jamf-pro/*.xml", "settings of a test, not an answer of the interface"},
	{"jamf-protect/*AUE_ACCEPT.json", "the schema of an event"},
	{"jamf-protect/*AUE_SETSOCKOPT.json", "the schema of an event"},
	{"jamf-protect/*__schema*", "the schema of an event"},
	{"snipe-it/*locations-sample.csv", "locations: they concern nobody"},
	{"snipe-it/*models-sample.csv", "models: they concern nobody"},
}

// knownInvented are records of the samples that no export looks like.
const knownInvented = 0.03

func TestCorpusDevices(t *testing.T) {
	base := sharedData(t)
	for folder, families := range deviceFolders {
		t.Run(folder, func(t *testing.T) {
			report, _ := readFolder(t, unwrapped(t, filepath.Join(base, folder)))
			rows, covered := 0, 0
			for i := range report.Files {
				f := &report.Files[i]
				if noDeviceExport(folder + "/" + f.Path) {
					continue
				}
				if f.Unidentified || f.Refused {
					t.Errorf("%s: %s", f.Path, f.Why)
				}
				rows += f.Rows
				for k := range f.Formats {
					x := &f.Formats[k]
					if !hasFamily(x.Format, families) {
						t.Errorf("%s: %d records were read as %s", f.Path, x.Records, x.Format)
					}
					covered += x.Mapped + x.Ignored
					if x.Reasons[source.ReasonTie] > 0 {
						t.Errorf("%s: %d ties", f.Path, x.Reasons[source.ReasonTie])
					}
				}
			}
			if share := float64(covered) / float64(max(1, rows)); share < 1-knownInvented {
				t.Errorf("%d of %d records (%.1f %%) are mapped or left out on purpose", covered, rows, 100*share)
			}
		})
	}
}

// TestDevicesTakeNobody reads the samples of all other systems: none may be taken
// for one of a device system.
func TestDevicesTakeNobody(t *testing.T) {
	base := sharedData(t)
	report, _ := readFolder(t, unwrapped(t, base))
	for i := range report.Files {
		f := &report.Files[i]
		folder, _, _ := strings.Cut(f.Path, "__")
		if deviceFolders[folder] != nil {
			continue
		}
		for _, x := range f.Formats {
			if hasFamily(x.Format, deviceFamilies) {
				t.Errorf("%s: %d records were read as %s", f.Path, x.Records, x.Format)
			}
		}
	}
}

// ecsForm is what is compared of an event in the form of ECS.
type ecsForm struct {
	Timestamp time.Time                    `json:"@timestamp"`
	User      struct{ Email, Name string } `json:"user"`
	Source    struct{ IP string }          `json:"source"`
	Event     struct{ Outcome string }     `json:"event"`
	Host      struct{ Name any }           `json:"host"` // a list where a row names several
}

// TestOracleDevices compares sign-ins and devices with the ECS form that SEKOIA
// gives beside the raw events. What it leaves out is not compared.
func TestOracleDevices(t *testing.T) {
	base := sharedData(t)
	compared, agreed := 0, 0
	check := func(name, field, got, want string) {
		if want == "" || got == "" {
			return
		}
		compared++
		if got == want || field == "account" && strings.HasPrefix(got, want+"@") {
			agreed++
			return
		}
		if why := explainedDevices[name+" "+field]; why != "" {
			agreed++
			return
		}
		t.Errorf("%s: %s is %s, the oracle says %s", name, field, got, want)
	}
	dir, want := t.TempDir(), map[string]ecsForm{}
	for _, folder := range []string{"defender", "crowdstrike", "crowdstrike-fdr", "intune"} {
		files, err := filepath.Glob(filepath.Join(base, folder, "sekoia", "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no pairs in %s: %v", folder, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var pair struct {
				Input    struct{ Message string } `json:"input"`
				Expected ecsForm                  `json:"expected"`
			}
			if err := json.Unmarshal(data, &pair); err != nil {
				t.Fatal(err)
			}
			want[filepath.Base(file)] = pair.Expected
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(pair.Input.Message), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, records := readFolder(t, dir)
	for _, r := range records {
		switch r := r.(type) {
		case *record.Session:
			name := r.Ref.File
			e := want[name]
			check(name, "account", r.Account, strings.ToLower(e.User.Name))
			check(name, "address", addr(r.IP), e.Source.IP)
			check(name, "outcome", r.Outcome, outcomeOf(e.Event.Outcome))
			check(name, "time", r.At.Time().UTC().Truncate(time.Microsecond).String(), e.Timestamp.UTC().String())
		case *record.Device:
			name := r.Ref.File
			e := want[name]
			host, _ := e.Host.Name.(string)
			check(name, "host", r.Hostname, host)
			check(name, "owner", string(r.Handle), ownerOf(e.User.Email, e.User.Name))
		}
	}
	t.Logf("%d of %d values agree", agreed, compared)
	if compared < 20 {
		t.Errorf("only %d values could be compared", compared)
	}
}

// explainedDevices are the fields in which Muster differs from the oracle on purpose.
var explainedDevices = map[string]string{
	"test_identity_logon_4.json account": "the sample's login was replaced and its principal name was not: the principal name is the account",
}

func addr(ip record.IP) string {
	if !ip.IsValid() {
		return ""
	}
	return ip.String()
}

// outcomeOf reads the outcomes of ECS; reasons of a failure that stand in their
// place say failure.
func outcomeOf(s string) string {
	if s == "" || s == "success" || s == "failure" || s == "unknown" {
		return s
	}
	return "failure"
}

func ownerOf(email, login string) string {
	switch {
	case email != "":
		return "email:" + strings.ToLower(email)
	case login != "":
		return "login:" + strings.ToLower(login)
	}
	return ""
}

func noDeviceExport(file string) bool {
	for _, x := range noDeviceExports {
		if ok, _ := filepath.Match(x.file, file); ok {
			return true
		}
	}
	return false
}

func hasFamily(format string, families []string) bool {
	return slices.ContainsFunc(families, func(p string) bool { return strings.HasPrefix(format, p) })
}

// TestProgramLists compares the programs that the mappings of process events keep
// with the catalogues of the detectors: a program that is added there must not be
// dropped here.
func TestProgramLists(t *testing.T) {
	var programs []string
	for _, file := range []string{"remote_tools.tsv", "anonymisers.tsv"} {
		data, err := os.Open(filepath.Join("..", "..", "intel", "data", file))
		if err != nil {
			t.Fatal(err)
		}
		defer data.Close()
		for lines := bufio.NewScanner(data); lines.Scan(); {
			cells := strings.Split(lines.Text(), "\t")
			if strings.HasPrefix(lines.Text(), "#") || len(cells) < 3 {
				continue
			}
			for p := range strings.SplitSeq(cells[2], ";") {
				if p = strings.TrimSpace(p); p != "" {
					programs = append(programs, strings.TrimRight(strings.TrimSuffix(p, "*"), "-_. "))
				}
			}
		}
	}
	for _, m := range []string{"defender_programs", "crowdstrike_fdr", "sentinelone_events"} {
		text, err := os.ReadFile(filepath.Join("..", "mapping", m, "mapping.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "prefix: [\n")
		block, _, _ := strings.Cut(rest, "]}")
		var prefixes []string
		for p := range strings.SplitSeq(block, ",") {
			if p = strings.Trim(strings.TrimSpace(p), "'\""); p != "" {
				prefixes = append(prefixes, p)
			}
		}
		for _, p := range programs {
			if !slices.ContainsFunc(prefixes, func(x string) bool { return strings.HasPrefix(p, x) }) {
				t.Errorf("%s does not keep %s", m, p)
			}
		}
	}
}
