package simulate

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/klauspost/compress/zstd"
)

var small = Options{Seed: 7, Staff: 300, Candidates: 420, Fraud: true, Operators: 2, PersonasPerOperator: 12, Lone: 3, Twins: 3, Notice: true, Days: 42, SignInsPerDay: 1}

func build(t *testing.T, opt Options) (string, *Truth) {
	t.Helper()
	dir := t.TempDir()
	truth, err := Company(opt, dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, truth
}

// digest hashes every file of a folder with its name.
func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		fmt.Fprintf(h, "%s %d\n", rel, len(text))
		h.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestSameSeedSameBytes(t *testing.T) {
	opt := small
	opt.Days, opt.Twins = 21, 1
	one, _ := build(t, opt)
	two, _ := build(t, opt)
	if a, b := digest(t, one), digest(t, two); a != b {
		t.Errorf("the same options gave %s and %s", a, b)
	}
	opt.Seed++
	three, _ := build(t, opt)
	if digest(t, one) == digest(t, three) {
		t.Error("another seed gave the same bytes")
	}
}

// TestManySeeds builds worlds without writing them: every draw must be possible.
func TestManySeeds(t *testing.T) {
	for seed := range uint64(40) {
		opt := small
		opt.Seed, opt.Level, opt.Days = seed, int(seed%2), 14+int(seed)*5
		opt.Operators = 1 + int(seed%5)
		opt.defaults()
		w, err := newWorld(opt)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.build(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, p := range w.staff {
			if p.hand != nil && p.hand.stand == nil {
				t.Errorf("seed %d: the laptop of %s stands nowhere", seed, p.no)
			}
			for day := range opt.Days {
				if pl := w.plan(p, day); pl.works && (pl.signIn == nil || pl.laptop == nil || pl.meet == nil || !pl.end.After(pl.begin)) {
					t.Fatalf("seed %d: %s has an impossible day %+v", seed, p.no, pl)
				}
			}
		}
	}
}

func TestTruthCounts(t *testing.T) {
	_, truth := build(t, small)
	c := truth.Counts
	if c.Staff != small.Staff || c.Candidates != small.Candidates {
		t.Errorf("%d staff and %d candidates, want %d and %d", c.Staff, c.Candidates, small.Staff, small.Candidates)
	}
	if c.Operator != 24 || c.Lone != 3 || c.FraudHires != 2*4+3 {
		t.Errorf("%d operator personas, %d lone, %d fraudulent hires; want 24, 3, 11", c.Operator, c.Lone, c.FraudHires)
	}
	if len(truth.Operators) != 5 {
		t.Errorf("%d operators, want two cells and three lone", len(truth.Operators))
	}
	people := map[string]Persona{}
	for _, p := range truth.Personas {
		if _, twice := people[p.ID]; twice {
			t.Errorf("persona %s twice", p.ID)
		}
		people[p.ID] = p
	}
	for _, op := range truth.Operators {
		for _, id := range op.Personas {
			if p := people[id]; p.Operator != op.ID || len(p.Traces) == 0 && p.Hired {
				t.Errorf("%s of %s: %+v", id, op.ID, p)
			}
		}
	}
	for _, e := range truth.Events {
		if _, ok := people[e.Persona]; !ok {
			t.Errorf("event of unknown persona %q", e.Persona)
		}
	}
}

func TestEveryTwinKind(t *testing.T) {
	_, truth := build(t, small)
	if len(truth.Twins) != len(twinKinds) {
		t.Fatalf("%d kinds, want %d", len(truth.Twins), len(twinKinds))
	}
	for _, k := range truth.Twins {
		if len(k.Personas) < small.Twins {
			t.Errorf("%s %s: %d people, want at least %d", k.ID, k.Title, len(k.Personas), small.Twins)
		}
	}
	for _, p := range truth.Personas {
		if p.Twin != "" && p.Class != ClassInnocent && p.Class != ClassVictim {
			t.Errorf("twin %s is of class %s", p.Twin, p.Class)
		}
	}
}

func TestNoFraud(t *testing.T) {
	opt := small
	opt.Fraud = false
	dir, truth := build(t, opt)
	if n := truth.Counts.Operator + truth.Counts.Lone + truth.Counts.Facilitator + len(truth.Operators); n != 0 {
		t.Errorf("%d planted frauds without Fraud", n)
	}
	if truth.Counts.Staff != opt.Staff {
		t.Errorf("%d staff, want %d", truth.Counts.Staff, opt.Staff)
	}
	text, err := os.ReadFile(filepath.Join(dir, "exports", "fleet", "osquery_results.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("PiKVM Composite Device")) {
		t.Error("a laptop with an IP-KVM on its USB port in a company without fraud")
	}
}

// TestLevelOne checks the recipe: at level 1 phones and banks are unique.
func TestLevelOne(t *testing.T) {
	opt := small
	opt.Level = 1
	dir, truth := build(t, opt)
	fraud, phones := map[string]bool{}, map[string]string{}
	for _, p := range truth.Personas {
		if p.Class != ClassOperator && p.Class != ClassLone {
			continue
		}
		fraud[p.EmployeeNo] = true
		if other, ok := phones[p.Phones[0]]; ok {
			t.Errorf("%s and %s share a telephone at level 1", p.ID, other)
		}
		phones[p.Phones[0]] = p.ID
	}
	holders := map[string]string{}
	for _, row := range rows(t, dir, "payroll/payroll.csv") {
		no, account := row["Employee #"], row["Account Number"]+row["IBAN"]
		if other, ok := holders[account]; ok && other != no && (fraud[no] || fraud[other]) {
			t.Errorf("%s and %s are paid into one account at level 1", no, other)
		}
		holders[account] = no
	}
}

func TestOptionsRefused(t *testing.T) {
	tests := []struct {
		name string
		opt  Options
		want string
	}{
		{"level", Options{Level: 2}, "level 2"},
		{"staff", Options{Staff: 5}, "5 staff"},
		{"days", Options{Days: 3}, "3 days"},
		{"too many planted", Options{Staff: 60, Candidates: 60, Fraud: true, Operators: 20}, "planted"},
		{"too many twins", Options{Staff: 40, Candidates: 60, Twins: 9}, "staff"},
		{"hired", Options{Fraud: true, PersonasPerOperator: 3, HiredPerOperator: 4}, "4 hired of 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Company(tt.opt, t.TempDir()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// rows reads a CSV export by its header.
func rows(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "exports", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll() // also refuses rows of another width
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, k := range all[0] {
			m[k] = r[i]
		}
		out = append(out, m)
	}
	return out
}

func TestExports(t *testing.T) {
	dir, truth := build(t, small)
	t.Run("roster", func(t *testing.T) {
		on := map[string]bool{}
		for _, r := range rows(t, dir, "hris/employees.csv") {
			on["employee:"+r["Employee #"]] = true
		}
		for _, c := range candidatesOf(t, dir) {
			on[fmt.Sprintf("greenhouse:candidate:%d", c.ID)] = true
		}
		for _, p := range truth.Personas {
			for _, h := range p.Handles {
				if !on[h] && p.Class != ClassFacilitator {
					t.Errorf("%s is in the truth and in no export", h)
				}
			}
		}
	})
	t.Run("resumes", func(t *testing.T) { checkResumes(t, dir) })
	t.Run("okta", func(t *testing.T) { checkOkta(t, dir, truth) })
	t.Run("json", func(t *testing.T) {
		for _, name := range []string{"greenhouse/applications.json", "zoom/participants.json", "crowdstrike/hosts.json"} {
			text, err := os.ReadFile(filepath.Join(dir, "exports", name))
			if err != nil || !json.Valid(text) {
				t.Errorf("%s: not JSON (%v)", name, err)
			}
		}
		eachLine(t, filepath.Join(dir, "exports", "fleet", "osquery_results.ndjson"), func(l []byte) {
			if !json.Valid(l) {
				t.Fatalf("not JSON: %s", l)
			}
		})
	})
	t.Run("tables", func(t *testing.T) {
		for _, name := range []string{"mdm/intune_devices.csv", "shipping/shipments.csv", "references/references.csv", "payroll/bank_changes.csv", "presence/badge.csv", "intel/indicators.csv"} {
			if len(rows(t, dir, name)) == 0 {
				t.Errorf("%s has no rows", name)
			}
		}
	})
	t.Run("settings", func(t *testing.T) { checkSettings(t, dir) })
	t.Run("nacha", func(t *testing.T) { checkNACHA(t, dir) })
}

func candidatesOf(t *testing.T, dir string) []ghCandidate {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "exports", "greenhouse", "candidates.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []ghCandidate
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// checkResumes opens each attached file; word files must hold author and revision root.
func checkResumes(t *testing.T, dir string) {
	forms := map[string]int{}
	for _, c := range candidatesOf(t, dir) {
		for _, a := range c.Attachments {
			path := filepath.Join(dir, "exports", "resumes", a.Filename)
			forms[filepath.Ext(path)]++
			if filepath.Ext(path) != ".docx" {
				if text, err := os.ReadFile(path); err != nil || !strings.Contains(strings.ToLower(string(text)), strings.ToLower(c.LastName)) {
					t.Errorf("%s: %v, or the name is not in it", a.Filename, err)
				}
				continue
			}
			z, err := zip.OpenReader(path)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, f := range z.File {
				r, err := f.Open()
				if err != nil {
					t.Fatal(err)
				}
				text, _ := io.ReadAll(r)
				if bytes.Contains(text, []byte("w:rsidRoot")) || bytes.Contains(text, []byte("cp:lastModifiedBy")) {
					found++
				}
			}
			if z.Close(); found != 2 {
				t.Errorf("%s: no author or revision root", a.Filename)
			}
		}
	}
	for _, f := range []string{".txt", ".json", ".docx"} {
		if forms[f] == 0 {
			t.Errorf("no résumé of form %s", f)
		}
	}
}

// eachLine calls f for every line of a file, compressed or not.
func eachLine(t *testing.T, path string, f func([]byte)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var in io.Reader = file
	switch filepath.Ext(path) {
	case ".gz":
		in, err = gzip.NewReader(file)
	case ".zst":
		in, err = zstd.NewReader(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		f(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

func checkOkta(t *testing.T, dir string, truth *Truth) {
	files, err := filepath.Glob(filepath.Join(dir, "exports", "okta", "system_log-*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	n, kinds, seen := 0, map[string]int{}, map[string]bool{}
	for _, name := range files {
		eachLine(t, name, func(l []byte) {
			var e struct {
				UUID, Published, EventType string
				Actor                      struct{ AlternateID string }
				Client                     struct{ IPAddress string }
			}
			if err := json.Unmarshal(l, &e); err != nil {
				t.Fatalf("%v: %s", err, l)
			}
			if at, err := time.Parse(time.RFC3339, e.Published); err != nil || !at.Before(truth.Options.AsOf) {
				t.Errorf("published %q: %v, or not before the day of the exports", e.Published, err)
			}
			if e.Actor.AlternateID == "" || e.Client.IPAddress == "" || seen[e.UUID] {
				t.Errorf("event without account, address or own id: %s", l)
			}
			seen[e.UUID] = true
			kinds[e.EventType]++
			n++
		})
	}
	for _, k := range oktaKinds {
		if kinds[k.kind] == 0 {
			t.Errorf("no event %s among %d", k.kind, n)
		}
	}
}

// checkSettings: the file is YAML, and no household is declared (nobody may be asked for one).
func checkSettings(t *testing.T, dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "exports", "muster.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := yaml.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"organisation", "notices", "egress", "approved", "declared", "payroll"} {
		if s[key] == nil {
			t.Errorf("no %s in muster.yaml", key)
		}
	}
	if bytes.Contains(text, []byte("households")) {
		t.Error("a household is declared")
	}
}

// checkNACHA adds up the entries of the file and compares them with its controls.
func checkNACHA(t *testing.T, dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "exports", "payroll", "payroll.ach"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines)%10 != 0 {
		t.Errorf("%d lines: not whole blocks", len(lines))
	}
	count, cents, hash := 0, 0, 0
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Errorf("%q is no number", s)
		}
		return n
	}
	for i, l := range lines {
		if len(l) != 94 {
			t.Fatalf("line %d has %d characters", i+1, len(l))
		}
		switch {
		case l[0] == '6':
			count++
			cents += number(l[29:39])
			hash += number(l[3:11])
			if l[11:12] != abaCheck(l[3:11]) {
				t.Errorf("line %d: check digit", i+1)
			}
		case l[0] == '8':
			if number(l[4:10]) != count || number(l[10:20]) != hash%10_000_000_000 || number(l[20:32]) != 0 || number(l[32:44]) != cents {
				t.Errorf("batch control %s: %d entries, hash %d, %d cents", l, count, hash, cents)
			}
		case l[0] == '9' && l[1] != '9':
			if number(l[1:7]) != 1 || number(l[7:13]) != len(lines)/10 || number(l[13:21]) != count || number(l[21:31]) != hash%10_000_000_000 || number(l[43:55]) != cents {
				t.Errorf("file control %s: %d entries, hash %d, %d cents", l, count, hash, cents)
			}
		}
	}
	if count == 0 {
		t.Error("no entries")
	}
}
