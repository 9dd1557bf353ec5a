package coverage_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"muster/internal/coverage"
	"muster/internal/detect/all"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/source"
	sources "muster/internal/source/all"

	"github.com/google/go-cmp/cmp"
)

// told are settings with a monitoring notice.
func told() *settings.Settings {
	return &settings.Settings{
		Notices:   settings.Notices{Monitoring: []settings.Notice{{Country: "*"}}},
		Approvals: settings.Approvals{Infostealer: &settings.Approval{Counsel: "R. Example", Date: record.Date{Year: 2026, Month: 1, Day: 1}}},
	}
}

// listed loads all sources once; compiling the mappings is most of the time here.
var listed = sync.OnceValues(func() ([]coverage.Source, error) {
	mappings, codes, err := sources.Load("")
	var out []coverage.Source
	for _, m := range mappings {
		out = append(out, coverage.Source{ID: m.ID, System: m.System, Title: m.Title, Path: "Reports, Export", Kinds: m.Kinds()})
	}
	for _, c := range codes {
		out = append(out, coverage.Source{ID: c.ID, System: c.System, Title: c.Title, Path: "Reports, Export"})
	}
	return out, err
})

func compute(t *testing.T, st *settings.Settings, formats []string, records ...record.Record) *coverage.Report {
	t.Helper()
	seen, err := coverage.NewSeen()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		seen.Add(r)
	}
	list, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	r, err := coverage.Compute(coverage.Input{Seen: seen, Formats: formats, Detectors: all.Detectors(), Sources: list, Settings: st})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func dark(r *coverage.Report) map[string]coverage.Dark {
	out := map[string]coverage.Dark{}
	for _, d := range r.Dark {
		out[d.Detector] = d
	}
	return out
}

func ids(list []coverage.Export) []string {
	var out []string
	for _, x := range list {
		out = append(out, x.ID)
	}
	return out
}

func TestNothingRead(t *testing.T) {
	r := compute(t, told(), nil)
	if r.Lit != 0 || len(r.Dark) != r.Detectors {
		t.Errorf("%d of %d detectors are lit by nothing", r.Lit, r.Detectors)
	}
	if d := cmp.Diff([]string{"roster", "hosts", "sign-ins"}, ids(r.Exports)[:3]); d != "" {
		t.Errorf("starters: %s", d)
	}
	for i, x := range r.Exports {
		if x.Starter != (i < 3) || len(x.Sources) == 0 {
			t.Errorf("%d %s: starter %v, %d sources", i, x.ID, x.Starter, len(x.Sources))
		}
		if i > 3 && x.Points > r.Exports[i-1].Points {
			t.Errorf("%s (%d points) stands behind %s (%d)", x.ID, x.Points, r.Exports[i-1].ID, r.Exports[i-1].Points)
		}
	}
	if len(r.Absent) != 4 {
		t.Errorf("absent: %+v", r.Absent)
	}
}

// TestStartup reads a roster, a host list and a payroll.
func TestStartup(t *testing.T) {
	mappings, codes, err := sources.Load("")
	if err != nil {
		t.Fatal(err)
	}
	var records []record.Record
	_, err = source.Read(t.Context(), []string{"../../testdata/corpus/startup"}, source.Options{Mappings: mappings, Codes: codes, Key: []byte("test")}, func(r record.Record) error {
		records = append(records, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r := compute(t, told(), nil, records...)
	off := dark(r)
	for _, id := range []string{"shared-payout", "co-located-devices", "shared-phone", "shared-address"} {
		if x, ok := off[id]; ok {
			t.Errorf("%s is dark: %+v", id, x)
		}
	}
	for _, id := range []string{"crowded-address", "kvm-usb", "vouching-ring"} {
		if len(off[id].Lacks) == 0 {
			t.Errorf("%s is lit without its export", id)
		}
	}
	if got := r.Exports[0]; got.ID != "sign-ins" || got.Points == 0 {
		t.Errorf("first is %s with %d points", got.ID, got.Points)
	}
	var absent []string
	for _, x := range r.Absent {
		absent = append(absent, x.ID)
	}
	if d := cmp.Diff([]string{"presence", "travel", "vdi"}, absent); d != "" {
		t.Error(d)
	}
}

// TestParts: a list of programs says nothing of what is plugged in.
func TestParts(t *testing.T) {
	for _, tc := range []struct {
		kind      string
		lit, dark []string
	}{
		{"software", []string{"remote-tool", "anonymiser-client"}, []string{"kvm-usb", "kvm-monitor", "capture-device"}},
		{"usb", []string{"kvm-usb", "kvm-spoof", "capture-device"}, []string{"kvm-monitor", "remote-tool"}},
		{"display", []string{"kvm-monitor"}, []string{"kvm-usb", "remote-tool"}},
		{"certificate", nil, []string{"kvm-usb", "kvm-monitor", "remote-tool"}},
	} {
		off := dark(compute(t, told(), nil, &record.DeviceItem{ItemKind: tc.kind}))
		for _, id := range tc.lit {
			if _, ok := off[id]; ok {
				t.Errorf("%s: %s is dark", tc.kind, id)
			}
		}
		for _, id := range tc.dark {
			if _, ok := off[id]; !ok {
				t.Errorf("%s: %s is lit", tc.kind, id)
			}
		}
	}
}

func TestNotice(t *testing.T) {
	off := dark(compute(t, new(settings.Settings), nil, &record.Device{}, &record.PaymentAccount{}))
	if x := off["co-located-devices"]; x.Gate != "notice" || len(x.Lacks) != 0 {
		t.Errorf("without a notice: %+v", x)
	}
	if _, ok := off["shared-payout"]; ok {
		t.Error("payroll is no monitoring, but waits for the notice")
	}
}

// TestWorth: an export counts what is new, and names what it needs beside it.
func TestWorth(t *testing.T) {
	find := func(r *coverage.Report, id string) coverage.Export {
		i := slices.IndexFunc(r.Exports, func(x coverage.Export) bool { return x.ID == id })
		if i < 0 {
			return coverage.Export{}
		}
		return r.Exports[i]
	}
	alone := find(compute(t, told(), nil), "hosts")
	if !slices.ContainsFunc(alone.Closer, func(c coverage.Closer) bool {
		return c.Detector == "silent-laptop" && slices.Equal(c.With, []coverage.Need{"session"})
	}) {
		t.Errorf("hosts alone: %+v", alone.Closer)
	}
	both := find(compute(t, told(), nil, &record.Session{}), "hosts")
	if !slices.ContainsFunc(both.Lights, func(l coverage.Lit) bool { return l.Detector == "silent-laptop" }) {
		t.Errorf("hosts beside sign-ins: %+v", both.Lights)
	}
	points := 0
	for _, l := range both.Lights {
		for _, s := range l.Signals {
			points += int(s.Strength)
		}
	}
	if both.Points != points {
		t.Errorf("%d points, the signals make %d", both.Points, points)
	}
	if x := find(compute(t, told(), nil, &record.Shipment{}), "shipments"); x.ID != "" {
		t.Errorf("shipments are there and asked for: %+v", x)
	}
}

// TestOwnProduct names products first that are there already.
func TestOwnProduct(t *testing.T) {
	r := compute(t, told(), []string{"sentinelone.agent", "generic.roster"}, &record.Device{})
	for _, x := range r.Exports {
		if s := x.Sources[0]; x.ID == "peripherals" && (s.ID != "sentinelone.device_control" || !s.Have) {
			t.Errorf("peripherals come from %s first", s.ID)
		}
		for _, s := range x.Sources {
			if s.Have && !strings.HasPrefix(s.ID, "sentinelone.") {
				t.Errorf("%s: %s is not there", x.ID, s.ID)
			}
		}
	}
}

func TestText(t *testing.T) {
	r := compute(t, told(), nil, &record.Persona{})
	for _, width := range []int{60, 80, 140} {
		var b bytes.Buffer
		if err := coverage.Text(&b, r, width, 3); err != nil {
			t.Fatal(err)
		}
		query := false
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			query = strings.HasPrefix(line, "    query") || query && strings.HasPrefix(line, "            ")
			if n := utf8.RuneCountInString(line); n > width && !query {
				t.Errorf("%d columns of %d: %q", n, width, line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("space at the end of %q", line)
			}
		}
	}
}

// TestData holds exports.yaml against detectors and sources.
func TestData(t *testing.T) {
	given := map[coverage.Need]bool{}
	r := compute(t, told(), nil)
	for _, x := range r.Exports {
		for _, n := range x.Missing {
			given[n] = true
		}
	}
	for _, d := range r.Dark {
		if !slices.ContainsFunc(d.Lacks, func(set []coverage.Need) bool {
			return !slices.ContainsFunc(set, func(n coverage.Need) bool { return !given[n] })
		}) {
			t.Errorf("no exports light %s: %v", d.Detector, d.Lacks)
		}
	}
}

// TestExculpating holds the list against what detectors themselves name as absent.
func TestExculpating(t *testing.T) {
	call, word := regexp.MustCompile(`\bMissing\(("[^)]*")\)`), regexp.MustCompile(`"(\w+)"`)
	want := map[string][]string{}
	for _, d := range all.Detectors() {
		files, err := filepath.Glob(filepath.Join("..", "detect", strings.ReplaceAll(d.ID, "-", ""), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", d.ID, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range call.FindAllSubmatch(text, -1) {
				for _, w := range word.FindAllSubmatch(m[1], -1) {
					want[string(w[1])] = append(want[string(w[1])], d.ID)
				}
			}
		}
	}
	got := map[string][]string{}
	for _, x := range compute(t, told(), nil).Absent {
		got[x.ID] = x.Clears
	}
	for _, list := range want {
		slices.Sort(list)
	}
	for id, list := range want {
		want[id] = slices.Compact(list)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
