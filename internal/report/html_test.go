package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/internal/assess"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

func html(t testing.TB, d *Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHTMLEscapes(t *testing.T) {
	page := html(t, Build(fixture()))
	for _, bad := range []string{"<script", "javascript:", "\x1b", "\u202e", `engineer" <b>`} {
		if strings.Contains(strings.ToLower(page), bad) {
			t.Errorf("the page holds %q unescaped", bad)
		}
	}
	if !strings.Contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("the hostile name is not shown at all")
	}
}

// loads finds what makes a browser ask for something.
var loads = regexp.MustCompile(`(?i)<(?:link|img|iframe|object|embed|source|video|audio|base|form)\b[^>]*>|\b(?:src|srcset|href|action|data|poster|xlink:href)\s*=\s*"([^"]*)"|url\(|@import`)

func TestHTMLLoadsNothing(t *testing.T) {
	page := html(t, Build(fixture()))
	for _, m := range loads.FindAllStringSubmatch(page, -1) {
		if m[0] == `<link rel="icon" href="data:,">` || strings.HasPrefix(m[1], "#") {
			continue
		}
		t.Errorf("the page refers to %q", m[0])
	}
	const csp = `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:">`
	if !strings.Contains(page, csp) && !strings.Contains(page, strings.ReplaceAll(csp, "&#39;", "'")) {
		t.Error("the page has no content security policy")
	}
}

// TestHTMLAnchors holds that every link inside the page has a target, and that ids are used once.
func TestHTMLAnchors(t *testing.T) {
	page := html(t, Build(fixture()))
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		ids[m[1]]++
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is used %d times", id, n)
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] == 0 {
			t.Errorf("link to #%s has no target", m[1])
		}
	}
}

// TestHeadings holds that the outline of the page skips no level.
func TestHeadings(t *testing.T) {
	page := html(t, Build(fixture()))
	last := 0
	for _, m := range regexp.MustCompile(`<h([1-6])[ >]`).FindAllStringSubmatch(page, -1) {
		level := int(m[1][0] - '0')
		if level > last+1 {
			t.Errorf("heading of level %d after level %d", level, last)
		}
		last = level
	}
}

// TestNoRaw holds that no template writes unescaped text.
func TestNoRaw(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"templ.Raw", "<script", "templ.SafeURL", "onclick"} {
			if bytes.Contains(b, []byte(bad)) {
				t.Errorf("%s has %s", f, bad)
			}
		}
	}
}

// TestWords holds that no text of ours calls anybody anything.
func TestWords(t *testing.T) {
	d := Build(fixture())
	var text bytes.Buffer
	if err := Text(&text, d, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	all := strings.ToLower(html(t, d) + text.String())
	for _, bad := range []string{"dprk", "north korea", "suspect", "fraudster", "guilty", "criminal", "threat actor", "imposter"} {
		if i := strings.Index(all, bad); i >= 0 {
			t.Errorf("a report says %q: …%s…", bad, all[max(0, i-60):min(len(all), i+60)])
		}
	}
	for _, want := range banners {
		if !strings.Contains(all, strings.ToLower(want)) {
			t.Errorf("a report does not say %q", want)
		}
	}
}

// crowd is a company of n people of which every twentieth is in a band, with the
// evidence a real finding has.
func crowd(n int) Input {
	g := &identity.Graph{}
	set := &record.Set{}
	var list []assess.Assessment
	for i := range n {
		handle := record.NewHandle(record.NSEmployee, fmt.Sprintf("E%06d", i))
		sub := record.Subject{Handle: handle, Name: fmt.Sprintf("Person %d", i)}
		eng := &record.Engagement{Common: common("bamboohr.employees", "hr.csv", i+2, "2026-01-01"), Subject: sub, Start: date("2024-03-01"), Title: "Engineer", EmployeeNo: handle.Value()}
		pay := &record.PaymentAccount{Common: common("gusto.bank", "bank.csv", i+2, "2026-01-01"), Subject: sub, Rail: "ach", AccountHash: fmt.Sprint("h", i), AccountLast4: "1234", HolderName: sub.Name}
		set.Add(eng)
		set.Add(pay)
		id := identity.NewPersonaID(handle)
		g.Personas = append(g.Personas, &identity.Persona{
			ID: id, Queue: identity.Staff, Kinds: []string{"employee"}, Names: []string{sub.Name}, Emails: []string{fmt.Sprintf("p%d@example.com", i)}, Handles: []record.Handle{handle},
			Records: identity.Records{Engagements: []*record.Engagement{eng}, PaymentAccounts: []*record.PaymentAccount{pay}}, Start: date("2024-03-01"), Country: "US",
			Account: []string{fmt.Sprintf("p%d@example.com", i)},
		})
		a := assess.Assessment{Persona: id, Queue: identity.Staff}
		if i%3 == 0 {
			a.VerifiedBy = []assess.Verification{{Kind: "badge", At: asOf, By: "Reception"}}
		}
		if i%20 == 0 {
			a.Band, a.Weight = assess.Band(1+i/20%3), 2.9
			a.Families = []assess.Family{{Name: "payment", Weight: 2.2}}
			for range 6 {
				a.Findings = append(a.Findings, assess.Weighed{Nats: 2.2, Weight: 1, Finding: finding.Finding{
					Detector: "shared-payout", Signal: "P01", Version: 1, Subject: id, Strength: signal.Strong, Summary: "One account receives the pay of several people",
					Evidence: []finding.Evidence{{Text: "The account ending 1234 is the pay account of several people.", Refs: []record.Ref{pay.Ref, eng.Ref}}},
				}})
			}
		}
		list = append(list, a)
	}
	set.Seal()
	g.Index()
	return Input{AsOf: asOf, Set: set, Graph: g, Assessments: list, Detectors: fixtureDetectors(), Settings: fixtureSettings()}
}

func TestLargeCompany(t *testing.T) {
	in := crowd(12_000)
	start := time.Now()
	d := Build(in)
	built := time.Since(start)
	page := html(t, d)
	t.Logf("12,000 people: built in %v, page of %.1f MB in %v", built, float64(len(page))/1e6, time.Since(start)-built)
	if limit := 5 * time.Second; built > limit {
		t.Errorf("built in %v, want under %v", built, limit)
	}
	if len(page) > 5e6 {
		t.Errorf("the page has %d bytes, want under 5 MB", len(page))
	}
	if n := strings.Count(page, `<article class="card case`); n != maxSections {
		t.Errorf("%d case files, want %d", n, maxSections)
	}
	for _, want := range []string{"400 more people in a band have no case file on this page", "100 more people are not shown here", "10,500 more people are not shown here"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestSectionsGoToHighestBands(t *testing.T) {
	p := newPage(Build(crowd(12_000)))
	for _, x := range p.sections {
		if x.Band == assess.Watch {
			t.Fatal("a watch persona has a case file while review personas have none")
		}
	}
}
