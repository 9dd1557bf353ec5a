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

// collaborationFamilies are the mappings of collaboration, code, normalised
// schemas, presence and threat sharing, by the beginning of their id.
var collaborationFamilies = []string{
	"slack.", "github.", "gitlab.", "m365.", "box.", "dropbox.", "zoom.", "teams.", "google.meet", "webex.", "atlassian.", "notion.",
	"badge.", "wifi.", "ocsf.", "ecs.", "asim.", "stix.", "misp.",
}

// collaborationFolders are the folders of samples they read, with the files in
// them that are no export.
var collaborationFolders = map[string][]string{
	"slack": nil, "github-audit": nil, "github-data": nil, "m365-audit": nil, "box": nil, "ocsf": nil, "stix": nil,
	"zoom":            {"openapi.v2.json"},                        // the definition of the interface
	"okta-ocsf-pairs": {"*.raw"},                                  // Okta's own half
	"taxii":           {"*config.json", "*default_data.json"},     // settings and the inside of a test server
	"misp":            {"*sighting.json", "*sharing_groups.json"}, // a sighting of nothing, groups of organisations
	"stix-validator":  {"*test_schemas*", "*invalid_*"},           // definitions of types, and what a validator must refuse
}

// TestCorpusCollaboration: every record is recognised by its own family, at least
// 97 % become records or are left out on purpose, and no record of another system
// is taken for one of these.
func TestCorpusCollaboration(t *testing.T) {
	base := sharedData(t)
	folders, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}
	ours := func(format string) bool {
		return slices.ContainsFunc(collaborationFamilies, func(p string) bool { return strings.HasPrefix(format, p) })
	}
	for _, d := range folders {
		if !d.IsDir() {
			continue
		}
		t.Run(d.Name(), func(t *testing.T) {
			skip, own := collaborationFolders[d.Name()]
			report, _ := readFolder(t, unwrapped(t, filepath.Join(base, d.Name())))
			sums := map[string]*source.FormatReport{}
			rows, covered := 0, 0
			for i := range report.Files {
				f := &report.Files[i]
				for k := range f.Formats {
					x := &f.Formats[k]
					meet := d.Name() == "google-workspace" && x.Format == "google.meet"
					if ours(x.Format) && !own && !meet {
						t.Errorf("%s: %d records of another system were read as %s", f.Path, x.Records, x.Format)
					}
					covered += x.Mapped + x.Ignored
					// Panther gives one id to several events, which is rightly refused.
					covered += min(x.Reasons[source.ReasonConflict], max(0, x.Records-x.Mapped-x.Ignored))
					add(sums, x)
				}
				noExport := slices.ContainsFunc(skip, func(p string) bool { ok, _ := filepath.Match(p, f.Path); return ok })
				if own && !noExport {
					rows += f.Rows
					if f.Unidentified {
						t.Errorf("%s is not identified: %s", f.Path, f.Why)
					}
				}
			}
			if !own {
				return
			}
			t.Log(summary(sums))
			if share := float64(covered) / float64(max(1, rows)); rows > 0 && share < 0.97 {
				t.Errorf("%d of %d records (%.1f %%) are mapped or left out on purpose", covered, rows, 100*share)
			}
		})
	}
}

// TestOracleCollaboration compares what became of an event with the ECS form that
// SEKOIA gives beside it: account, address and time, and the outcome of sign-ins.
func TestOracleCollaboration(t *testing.T) {
	base := sharedData(t)
	fields, agree := 0, 0
	for _, system := range []string{"m365-audit", "github-audit", "ocsf"} {
		files, err := filepath.Glob(filepath.Join(base, system, "sekoia", "*.json"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no pairs of %s: %v", system, err)
		}
		dir, pairs := t.TempDir(), map[string]*ecs{}
		for _, file := range files {
			pair := ecsPair(t, file)
			pairs[filepath.Base(file)] = pair
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(pair.Input.Message), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, records := readFolder(t, dir)
		for _, r := range records {
			name := r.Meta().Ref.File
			for _, f := range pairs[name].differences(r) {
				fields++
				if f.same {
					agree++
				} else {
					t.Logf("%s/%s: %s is %q, the oracle says %q", system, name, f.name, f.got, f.want)
				}
			}
		}
	}
	if fields < 30 || float64(agree) < 0.97*float64(fields) {
		t.Errorf("%d of %d fields agree with the oracles", agree, fields)
	}
	t.Logf("%d of %d fields agree with the oracles", agree, fields)
}

// ecs is what is compared of SEKOIA's form of an event.
type ecs struct {
	Input    struct{ Message string } `json:"input"`
	Expected struct {
		Timestamp time.Time `json:"@timestamp"`
		User      struct {
			Email, Name string
			Target      struct{ Name string } `json:"target"`
		} `json:"user"`
		Source struct{ IP string }      `json:"source"`
		Event  struct{ Outcome string } `json:"event"`
	} `json:"expected"`
}

func ecsPair(t *testing.T, file string) *ecs {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var pair ecs
	if err := json.Unmarshal(data, &pair); err != nil {
		t.Fatal(err)
	}
	return &pair
}

type compared struct {
	name, got, want string
	same            bool
}

// differences compares the fields that the oracle fills. The oracle's user may be
// the one who acts or the one whom the event is about.
func (e *ecs) differences(r record.Record) []compared {
	var got judged
	var actor string
	signIn := false
	address := func(ip record.IP) string {
		if !ip.IsValid() {
			return ""
		}
		return ip.String()
	}
	switch r := r.(type) {
	case *record.Session:
		got, signIn = judged{r.Account, address(r.IP), r.Outcome, r.At.Time()}, true
	case *record.AccountEvent:
		got, actor = judged{r.Account, address(r.IP), r.Outcome, r.At.Time()}, r.Actor
	case *record.AccessEvent:
		got = judged{r.Account, address(r.IP), "", r.At.Time()}
	default:
		return nil
	}
	x := e.Expected
	who, target := strings.ToLower(x.User.Name), strings.ToLower(x.User.Target.Name)
	if x.User.Email != "" {
		who = strings.ToLower(x.User.Email)
	}
	var out []compared
	if who != "" || target != "" {
		out = append(out, compared{"account", got.account, who, got.account == who || actor == who && who != "" || got.account == target})
	}
	if x.Source.IP != "" {
		out = append(out, compared{"ip", got.ip, x.Source.IP, got.ip == x.Source.IP})
	}
	if signIn && x.Event.Outcome != "" {
		out = append(out, compared{"outcome", got.outcome, x.Event.Outcome, got.outcome == x.Event.Outcome})
	}
	return append(out, compared{"time", got.at.UTC().String(), x.Timestamp.UTC().String(), got.at.Equal(x.Timestamp)})
}
