package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"muster/internal/assess"
	"muster/internal/identity"
)

// Limits of the page, so that 100,000 people do not make a page no browser
// opens. What is left out is counted where it is left out; JSON and CSV have all.
const (
	maxSections  = 200 // case files
	maxQueueRows = 500 // rows per queue
	maxRegister  = 1500
	maxGapsShown = 25 // register rows outside the fold
	maxListed    = 200
	maxOperators = 40
	openLinks    = 4 // links of an operator outside the fold
)

// HTML writes the report as one self-contained page: no scripts, no network, no
// fonts or pictures from elsewhere.
func HTML(w io.Writer, d *Document) error {
	var b bytes.Buffer
	if err := htmlPage(newPage(d)).Render(context.Background(), &b); err != nil {
		return err
	}
	_, err := w.Write(bytes.Map(visible, b.Bytes()))
	return err
}

// visible drops what templ does not escape and a browser would act on: control
// characters and marks that turn the direction of text.
func visible(r rune) rune {
	if r == '\n' || r == '\t' {
		return r
	}
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}

// page is what the templates read.
type page struct {
	*Document
	names    map[identity.PersonaID]string
	sections []*Persona                  // case files, in the order of the queues
	has      map[identity.PersonaID]bool // personas with a case file here
	more     int                         // people in a band without a case file here
	ran      int
	failed   []Coverage
	waiting  []waitGroup
}

func newPage(d *Document) *page {
	p := &page{Document: d, names: nameIndex(d), has: map[identity.PersonaID]bool{}}
	p.ran, p.failed, p.waiting = coverageGroups(d.Coverage)
	p.choose()
	return p
}

// choose gives case files to the highest bands of all queues.
func (p *page) choose() {
	var all []*Persona
	for i := range p.Personas {
		if p.Personas[i].Band > assess.None {
			all = append(all, &p.Personas[i])
		}
	}
	byBand := slices.Clone(all)
	slices.SortStableFunc(byBand, func(x, y *Persona) int { return int(y.Band) - int(x.Band) })
	for _, x := range byBand[:min(len(byBand), maxSections)] {
		p.has[x.ID] = true
	}
	for _, x := range all {
		if p.has[x.ID] {
			p.sections = append(p.sections, x)
		}
	}
	p.more = len(all) - len(p.sections)
}

// queue returns the people of a queue that are in a band.
func (p *page) queue(q identity.Queue) []*Persona {
	var out []*Persona
	for i := range p.Personas {
		if x := &p.Personas[i]; x.Queue == q && x.Band > assess.None {
			out = append(out, x)
		}
	}
	return out
}

// queues returns the queues to show; referees only if one of them is in a band.
func (p *page) queues() []QueueCount {
	var out []QueueCount
	for _, q := range p.Queues {
		if q.Queue != identity.Referee || q.Urgent+q.Review+q.Watch > 0 {
			out = append(out, q)
		}
	}
	return out
}

// head cuts a list to what is shown, rest says how much is left out.
func head[T any](list []T, n int) []T { return list[:min(len(list), n)] }

func rest[T any](list []T, n int) []T { return list[min(len(list), n):] }

func moreText(total, shown int, noun string) string {
	if total <= shown {
		return ""
	}
	return fmt.Sprintf("%s more %s not shown here; the JSON and CSV reports have all.", thousands(total-shown), plural(total-shown, noun)[len(thousands(total-shown))+1:]+" "+isAre(total-shown))
}

func anchor(id identity.PersonaID) string { return "p-" + strings.TrimPrefix(string(id), "P-") }

func nats(x float64) string { return strings.Replace(fmt.Sprintf("%.2f", x), "-", "−", 1) }

func signed(x float64) string { return strings.Replace(fmt.Sprintf("%+.2f", x), "-", "−", 1) }

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }

func bandClass(b assess.Band) string { return "chip chip-" + b.String() }

func ratio(n, of int) string { return thousands(n) + " of " + thousands(of) }

// coverageText says what became of a check.
func coverageText(c *Coverage) string {
	switch {
	case c.Waits != "":
		return "could not look: waits for " + c.Waits
	case c.Status == "failed":
		return "failed: " + c.Reason
	case c.Assessed < c.Of:
		return "looked at " + ratio(c.Assessed, c.Of)
	}
	return "looked at all " + thousands(c.Of)
}

func formatText(f InputFile) string {
	var parts []string
	for _, x := range f.Formats {
		parts = append(parts, x.Format)
	}
	return strings.Join(parts, ", ")
}

func formatSum(f InputFile, get func(InputFormat) int) string {
	n := 0
	for _, x := range f.Formats {
		n += get(x)
	}
	return thousands(n)
}

// barWidth is the width in percent of a weight's bar; the family cap of 2.9 nats fills it.
func barWidth(w float64) string {
	if w < 0 {
		w = -w
	}
	return fmt.Sprintf("%.1f", min(w/2.9, 1)*100)
}

func registerText(v []Verification) string {
	if len(v) == 0 {
		return "never"
	}
	out := verificationText(v[0])
	if n := len(v) - 1; n > 0 {
		out += fmt.Sprintf(" (and %d earlier)", n)
	}
	return out
}

func nextText(p *Persona) string {
	if len(p.NextIrreversible) == 0 {
		return ""
	}
	return capital(stepText(p.NextIrreversible[0]))
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
