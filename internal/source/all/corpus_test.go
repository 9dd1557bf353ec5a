package all

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/record"
	"muster/internal/source"
)

// corpus says which mappings may recognise records of a folder of samples, by the
// beginning of their id. Records of a folder without families belong to nobody
// here: recognising one means taking another vendor's export for one's own.
var corpus = map[string]struct {
	families []string
	complete bool // at least 97 % of the records are mapped or left out on purpose
	damaged  int  // records that lack what makes one, or whose values cannot be what they say
}{
	"greenhouse":         {families: []string{"greenhouse."}, complete: true},
	"greenhouse-csv":     {families: []string{"greenhouse."}, complete: true},
	"okta":               {families: []string{"okta."}, complete: true, damaged: 3}, // Panther's, without a time or without anybody
	"okta-ocsf-pairs":    {families: []string{"okta.", "ocsf."}, complete: true},
	"osquery":            {families: []string{"osquery."}, complete: true},
	"crowdstrike":        {families: []string{"crowdstrike."}, complete: true},
	"crowdstrike-fdr":    {families: []string{"crowdstrike."}, complete: true},
	"intune":             {families: []string{"intune."}, complete: true},
	"jamf-pro":           {families: []string{"jamf."}, complete: true},
	"nacha-ach":          {families: []string{"nacha."}, complete: true, damaged: 8}, // the files of the table refused
	"zoom":               {families: []string{"zoom."}, complete: true},
	"jsonresume":         {families: []string{"jsonresume."}, complete: true},
	"snipe-it":           {families: []string{"snipeit.", "generic.roster", "generic.hosts"}, complete: true},
	"workday-csv":        {families: []string{"workday."}, complete: true},
	"scim":               {families: []string{"scim."}, complete: true},
	"apideck-unified":    {families: []string{"apideck."}, complete: true},
	"box":                {families: []string{"box."}, complete: true},
	"cato":               {families: []string{"cato."}, complete: true},
	"cisco-asa":          {families: []string{"cisco."}, complete: true},
	"cloudflare-access":  {families: []string{"cloudflare."}, complete: true},
	"cloudflare-gateway": {families: []string{"cloudflare."}, complete: true},
	"defender":           {families: []string{"defender."}, complete: true},
	"duo":                {families: []string{"duo."}, complete: true},
	"easypost-tracking":  {families: []string{"easypost."}},
	"entra-id":           {families: []string{"entra."}, complete: true},
	"github-audit":       {families: []string{"github.", "ocsf."}, complete: true},
	"github-data":        {families: []string{"github."}, complete: true},
	"globalprotect":      {families: []string{"paloalto.", "globalprotect."}, complete: true, damaged: 1}, // a line that lost a comma
	"google-workspace":   {families: []string{"google."}, complete: true},
	"iso20022":           {families: []string{"iso20022."}, complete: true},
	"jamf-protect":       {families: []string{"jamf.protect"}, complete: true},
	"lever":              {families: []string{"lever."}, complete: true},
	"m365-audit":         {families: []string{"m365."}, complete: true},
	"maxmind":            {},
	"merge-unified":      {families: []string{"merge."}},
	"misp":               {families: []string{"misp.", "stix."}, complete: true},
	"ocsf":               {families: []string{"ocsf."}, complete: true},
	"onepassword":        {families: []string{"onepassword."}, complete: true, damaged: 2}, // Panther's addresses of five parts
	"onfido-idv":         {families: []string{"onfido."}, complete: true},
	"prisma-access":      {families: []string{"paloalto."}, complete: true},
	"slack":              {families: []string{"slack."}, complete: true},
	"stix":               {families: []string{"stix."}, complete: true},
	"stix-validator":     {families: []string{"stix."}, complete: true},
	"tailscale":          {families: []string{"tailscale."}, complete: true},
	"taxii":              {families: []string{"stix.", "taxii."}, complete: true},
	"umbrella-dns":       {families: []string{"umbrella."}, complete: true},
	"ups-tracking":       {families: []string{"ups."}, complete: true},
	"wire":               {families: []string{"wire."}, complete: true},
	"wise":               {families: []string{"wise."}, complete: true},
	"zscaler":            {families: []string{"zscaler."}, complete: true},
}

// noExports are files of the complete folders that hold no export, and records in
// them that are no event of the vendor, with the reason.
var noExports = []struct{ file, why string }{
	{"*/*.md", "a page of documentation"},
	{"osquery/specs__*.table", "the definition of a table"},
	{"jsonresume/schema.json", "the schema"},
	{"jsonresume/test____test____*.json", "single values of a schema test"},
	{"jamf-pro/*.xml", "settings of a test, not an answer of the interface"},
	{"jamf-protect/*AUE_ACCEPT.json", "a schema"},
	{"jamf-protect/*AUE_SETSOCKOPT.json", "a schema"},
	{"wise/extracted___recipients-0[12].json", "bank lists for a form"},
	{"ups-tracking/*.yaml", "the definition of the interface"},
	{"github-data/*.md", "a page of documentation"},
	{"okta-ocsf-pairs/*.ocsf", "the OCSF half of the pairs, for the mapping of OCSF"},
	{"zoom/openapi.v2.json", "the definition of the interface"},
	{"snipe-it/*locations-sample.csv", "locations: they concern nobody"},
	{"snipe-it/*models-sample.csv", "models: they concern nobody"},
	{"greenhouse-csv/*tag.csv", "id and name only: any table has them"},
	{"scim/*get_user_query_0.json", "an answer without users"},
	{"greenhouse/extracted___applications-0[45].json", "body of a request, not an export"},
	{"greenhouse/extracted___candidates-04.json", "body of a request, not an export"},
	{"greenhouse/extracted___candidates-06.json", "body of a request, not an export"},
	{"greenhouse/extracted___candidates-10.json", "one education, answer to a request that adds it"},
	{"greenhouse/extracted___candidates-11.json", "body of a request, not an export"},
	{"greenhouse/extracted___jobs-0[47].json", "body of a request, not an export"},
	{"greenhouse/extracted___offers-06.json", "body of a request, not an export"},
	{"greenhouse/extracted___scheduled_interviews-0[57].json", "body of a request, not an export"},
	{"greenhouse/extracted___users-0[47].json", "body of a request, not an export"},
	{"jamf-protect/*__schema*", "the schema of an event"},
	{"apideck-unified/*.yml", "the definition of the interface"},
	{"okta-ocsf-pairs/*.raw", "Okta's half of the pairs"},
	{"taxii/*config.json", "settings of a test server"},
	{"taxii/*default_data.json", "the inside of a test server"},
	{"misp/*sighting.json", "a sighting of nothing"},
	{"misp/*sharing_groups.json", "groups of organisations"},
	{"stix-validator/*test_schemas*", "definitions of types"},
	{"stix-validator/*invalid_*", "what a validator must refuse"},
	{"nacha-ach/test__testdata__crashers__*.ach", "a piece without its file header"},
	{"nacha-ach/test__testdata__bh-ed-ad-bh-ed-ad-ed-ad.ach", "a piece without its file header"},
	{"nacha-ach/test__issues__testdata__issue751.ach", "a piece without its file header"},
}

// refused are the files whose control totals contradict their records, with the
// total that the refusal must name. No other file of the corpus is refused.
var refused = map[string]string{
	"nacha-ach/test__issues__testdata__issue1620.ach":                     "number of batches",
	"nacha-ach/test__testdata__20110805A.ach":                             "number of batches",
	"nacha-ach/test__testdata__adv-noFileControl.ach":                     "file control record is missing",
	"nacha-ach/test__testdata__flattenADVBatchesMultipleBatchHeaders.ach": "total credit",
	"nacha-ach/test__testdata__moov-ids.ach":                              "entry hash",
	"nacha-ach/test__testdata__nonascii-utf8.ach":                         "number of entries and addenda",
	"nacha-ach/test__testdata__nonascii.ach":                              "number of entries and addenda",
	"nacha-ach/test__testdata__shr-credit.ach":                            "number of batches",
}

// sharedData returns the folder of third-party samples, or skips the test. They
// may not be redistributed and lie beside the repository.
func sharedData(t testing.TB) string {
	t.Helper()
	if raceDetector {
		t.Skip("the samples are read without the race detector, which takes a tenth of the time: make test does so")
	}
	dir := os.Getenv("MUSTER_SHARED")
	if dir == "" {
		at, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for at != filepath.Dir(at) {
			if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
				break
			}
			at = filepath.Dir(at)
		}
		dir = filepath.Join(filepath.Dir(at), "shared")
	}
	dir = filepath.Join(dir, "data", "fixtures")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("third-party samples are absent (%v); set MUSTER_SHARED to their folder", err)
	}
	return dir
}

// unwrapped copies a folder of samples to a temporary one and takes the vendor's
// records out of the wrappers of the parser tests they were collected from.
func unwrapped(t testing.TB, folder string) string {
	t.Helper()
	dir := t.TempDir()
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, strings.ReplaceAll(rel, string(filepath.Separator), "__")), unwrap(data), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// unwrap knows the four wrappers: SEKOIA's pairs, Panther's lines, the events of
// Elastic's pipeline tests, and recorded SCIM requests.
func unwrap(data []byte) []byte {
	var doc struct {
		Input  struct{ Message string } `json:"input"`
		Events []struct {
			JSON json.RawMessage `json:"json"`
		} `json:"events"`
		Response   json.RawMessage `json:"response"`
		StatusCode int             `json:"statusCode"`
	}
	if json.Unmarshal(data, &doc) == nil {
		switch {
		case doc.Input.Message != "":
			return []byte(doc.Input.Message)
		case len(doc.Events) > 0 && doc.Events[0].JSON != nil:
			var out []byte
			for _, e := range doc.Events {
				out = append(append(out, e.JSON...), '\n')
			}
			return out
		case doc.StatusCode > 0 && doc.Response != nil:
			return doc.Response
		}
		if !bytes.Contains(data, []byte(`"_source_rule"`)) {
			return data
		}
	}
	if !bytes.HasPrefix(data, []byte(`{"_source_rule"`)) {
		return data
	}
	var out []byte
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var wrapped struct {
			Log json.RawMessage `json:"log"`
		}
		if json.Unmarshal(lines.Bytes(), &wrapped) == nil && wrapped.Log != nil && !invented(wrapped.Log) {
			out = append(append(out, wrapped.Log...), '\n')
		}
	}
	return out
}

// invented reports whether a line is a result of one of Panther's own scheduled
// queries, or has its time taken out: no export looks like that.
func invented(log []byte) bool {
	return bytes.Contains(log, []byte(`"anomaly_severity_score"`)) || bytes.Contains(log, []byte(`"published": "redacted"`))
}

// readFolder reads a folder with everything the house can read.
func readFolder(t testing.TB, dir string) (*source.Report, []record.Record) {
	t.Helper()
	mappings, codes, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	var records []record.Record
	report, err := source.Read(t.Context(), []string{dir}, source.Options{Mappings: mappings, Codes: codes, Key: []byte("key of the corpus test"), Workers: 2}, func(r record.Record) error {
		records = append(records, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return report, records
}

func TestCorpus(t *testing.T) {
	base := sharedData(t)
	folders, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range folders {
		if !d.IsDir() {
			continue
		}
		t.Run(d.Name(), func(t *testing.T) {
			rule, ok := corpus[d.Name()]
			if !ok {
				t.Fatalf("folder %s has no rule in the table", d.Name())
			}
			report, _ := readFolder(t, unwrapped(t, filepath.Join(base, d.Name())))
			sums := map[string]*source.FormatReport{}
			rows, covered := 0, 0
			for i := range report.Files {
				f := &report.Files[i]
				if f.Unidentified && f.Why == "" {
					t.Errorf("%s is not identified and nothing says why", f.Path)
				}
				if want, listed := refused[d.Name()+"/"+f.Path]; rule.complete && f.Refused != listed || listed && !strings.Contains(f.Why, want) {
					t.Errorf("%s: refused is %v (%q), want %q", f.Path, f.Refused, f.Why, want)
				}
				why := reasonFor(d.Name(), f.Path)
				for k := range f.Formats {
					x := &f.Formats[k]
					if !slices.ContainsFunc(rule.families, func(p string) bool { return strings.HasPrefix(x.Format, p) }) {
						t.Errorf("%s: %d records were read as %s", f.Path, x.Records, x.Format)
					}
					if x.Reasons[source.ReasonTie] > 0 {
						t.Errorf("%s: %d ties of %s", f.Path, x.Reasons[source.ReasonTie], x.Format)
					}
					covered += x.Mapped + x.Ignored
					// Panther gives one uuid to several events, which is rightly refused.
					covered += min(x.Reasons[source.ReasonConflict], max(0, x.Records-x.Mapped-x.Ignored))
					add(sums, x)
				}
				switch {
				case why == "":
					rows += f.Rows
					if f.Unidentified && rule.complete {
						t.Errorf("%s is not identified: %s", f.Path, f.Why)
					}
				case !f.Unidentified && !f.Refused && !f.Empty && len(f.Formats) > 0:
					rows += f.Rows
				}
			}
			if !rule.complete {
				return
			}
			t.Log(summary(sums))
			damaged := rows
			for _, x := range sums {
				if x.Unmapped > 0 {
					t.Errorf("%d records are of no mapped kind: %v", x.Unmapped, x.UnmappedKinds)
				}
				damaged -= x.Records - x.Quarantined + x.Reasons[source.ReasonConflict]
			}
			if damaged != rule.damaged {
				t.Errorf("%d damaged records, want %d", damaged, rule.damaged)
			}
			rows -= damaged
			if share := float64(covered) / float64(max(1, rows)); rows > 0 && share < 0.97 {
				t.Errorf("%d of %d records (%.1f %%) are mapped or left out on purpose", covered, rows, 100*share)
			}
		})
	}
}

// reasonFor returns why a file of a complete folder need not be recognised.
func reasonFor(folder, file string) string {
	for _, x := range noExports {
		if ok, _ := filepath.Match(x.file, folder+"/"+file); ok {
			return x.why
		}
	}
	return ""
}

func add(sums map[string]*source.FormatReport, x *source.FormatReport) {
	s := sums[x.Format]
	if s == nil {
		s = &source.FormatReport{Format: x.Format, Filled: map[string]int{}, Emitted: map[record.Kind]int{}, UnmappedKinds: map[string]int{}, Reasons: map[string]int{}}
		sums[x.Format] = s
	}
	s.Records += x.Records
	s.Mapped += x.Mapped
	s.Ignored += x.Ignored
	s.Unmapped += x.Unmapped
	s.Quarantined += x.Quarantined
	for k, n := range x.Filled {
		s.Filled[k] += n
	}
	for k, n := range x.Emitted {
		s.Emitted[k] += n
	}
	for k, n := range x.UnmappedKinds {
		s.UnmappedKinds[k] += n
	}
	for k, n := range x.Reasons {
		s.Reasons[k] += n
	}
}

// summary is a table of what became of the records of a system and how much of
// what detectors read is filled.
func summary(sums map[string]*source.FormatReport) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-30s %8s %8s %8s %8s %11s\n", "format", "records", "mapped", "ignored", "unmapped", "quarantined")
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		s := sums[id]
		fmt.Fprintf(&b, "%-30s %8d %8d %8d %8d %11d\n", id, s.Records, s.Mapped, s.Ignored, s.Unmapped, s.Quarantined)
		if len(s.Reasons) > 0 {
			fmt.Fprintf(&b, "    quarantined: %v\n", s.Reasons)
		}
		if len(s.UnmappedKinds) > 0 {
			fmt.Fprintf(&b, "    not mapped: %v\n", s.UnmappedKinds)
		}
		for _, k := range slices.SortedFunc(maps.Keys(s.Emitted), cmp.Compare) {
			var parts []string
			for _, field := range source.Needed(k) {
				parts = append(parts, fmt.Sprintf("%s %d%%", field, 100*s.Filled[string(k)+"."+field]/max(1, s.Emitted[k])))
			}
			fmt.Fprintf(&b, "    %d %s: %s\n", s.Emitted[k], k, strings.Join(parts, ", "))
		}
	}
	return b.String()
}
