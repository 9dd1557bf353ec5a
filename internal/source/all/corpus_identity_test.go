package all

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source"
)

// identityFamilies are the folders of samples of identity providers, and which
// mappings may read them. Panther's samples of 1Password hold addresses of five
// parts: those rows are quarantined, as they must be.
var identityFamilies = map[string]struct {
	families []string
	damaged  int // rows whose values cannot be what they say
}{
	"entra-id":         {[]string{"entra."}, 0},
	"google-workspace": {[]string{"google.", "meet."}, 0},
	"duo":              {[]string{"duo."}, 0},
	"onepassword":      {[]string{"onepassword."}, 2},
}

func TestCorpusIdentity(t *testing.T) {
	base := sharedData(t)
	for folder, rule := range identityFamilies {
		t.Run(folder, func(t *testing.T) {
			report, _ := readFolder(t, unwrapped(t, filepath.Join(base, folder)))
			sums := map[string]*source.FormatReport{}
			rows, covered, damaged := 0, 0, 0
			for i := range report.Files {
				f := &report.Files[i]
				if strings.HasSuffix(f.Path, ".md") {
					continue
				}
				if f.Unidentified || f.Refused {
					t.Errorf("%s: %s", f.Path, f.Why)
				}
				rows += f.Rows
				for k := range f.Formats {
					x := &f.Formats[k]
					if !slices.ContainsFunc(rule.families, func(p string) bool { return strings.HasPrefix(x.Format, p) }) {
						t.Errorf("%s: %d records were read as %s", f.Path, x.Records, x.Format)
					}
					covered += x.Mapped + x.Ignored
					damaged += x.Reasons["bad_ip"]
					add(sums, x)
				}
			}
			t.Log(summary(sums))
			if damaged != rule.damaged {
				t.Errorf("%d rows have a damaged address, want %d", damaged, rule.damaged)
			}
			if share := float64(covered) / float64(max(1, rows-damaged)); share < 0.97 {
				t.Errorf("%d of %d sound records (%.1f %%) are mapped or left out on purpose", covered, rows-damaged, 100*share)
			}
		})
	}
}

// identityExplained are the fields in which Muster differs from the oracles on
// purpose, by file and field.
var identityExplained = map[string]string{
	"user_risk_detection_2.json time": "the detection names the sign-in it is about; the oracle takes the time of the log entry",
}

// identityPair is a raw event and what SEKOIA's parser made of it.
type identityPair struct {
	Expected struct {
		Timestamp time.Time                    `json:"@timestamp"`
		User      struct{ Email, Name string } `json:"user"`
		Source    struct{ IP string }          `json:"source"`
		Event     struct{ Outcome string }     `json:"event"`
	} `json:"expected"`
}

// TestOracleIdentity compares the sign-ins of Entra ID, Google Workspace and Duo
// with the ECS form that SEKOIA gives beside each raw event.
func TestOracleIdentity(t *testing.T) {
	base := sharedData(t)
	for _, folder := range []string{"entra-id", "google-workspace", "duo"} {
		t.Run(folder, func(t *testing.T) {
			_, records := readFolder(t, unwrapped(t, filepath.Join(base, folder, "sekoia")))
			asked, agreed := 0, 0
			for _, r := range records {
				s, ok := r.(*record.Session)
				if !ok {
					continue
				}
				name := s.Ref.File
				data, err := os.ReadFile(filepath.Join(base, folder, "sekoia", name))
				if err != nil {
					t.Fatal(err)
				}
				var pair identityPair
				if err := json.Unmarshal(data, &pair); err != nil {
					t.Fatal(err)
				}
				for _, d := range disagreements(s, &pair) {
					asked++
					if d.got == d.want || identityExplained[name+" "+d.field] != "" {
						agreed++
						continue
					}
					t.Logf("%s: %s is %q, the oracle says %q", name, d.field, d.got, d.want)
				}
			}
			t.Logf("%d of %d fields agree", agreed, asked)
			if asked == 0 || float64(agreed) < 0.97*float64(asked) {
				t.Errorf("%d of %d fields agree with the oracle, want 97 %%", agreed, asked)
			}
		})
	}
}

type identityField struct{ field, got, want string }

// disagreements lists the fields on which the oracle has an opinion.
func disagreements(s *record.Session, p *identityPair) []identityField {
	e := &p.Expected
	var out []identityField
	if want := strings.ToLower(firstText(e.User.Email, e.User.Name)); want != "" {
		out = append(out, identityField{"account", s.Account, want})
	}
	if ip, err := netip.ParseAddr(e.Source.IP); err == nil {
		out = append(out, identityField{"ip", s.IP.String(), ip.String()})
	}
	if e.Event.Outcome != "" {
		out = append(out, identityField{"outcome", s.Outcome, e.Event.Outcome})
	}
	if !e.Timestamp.IsZero() { // in microseconds
		out = append(out, identityField{"time", s.At.Time().Truncate(time.Microsecond).UTC().String(), e.Timestamp.UTC().String()})
	}
	return out
}

func firstText(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
