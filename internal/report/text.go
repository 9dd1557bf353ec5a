package report

import (
	"fmt"
	"io"
	"strings"

	"muster/internal/assess"
	"muster/internal/detect"
	"muster/internal/identity"
)

// Banners stand on every report.
var banners = []string{
	"A band is a queue for attention, not a probability. A human decides.",
	"A name, document or account in this report may belong to the victim of an identity theft.",
}

// Text writes the report for a terminal: what waits for what, what could not be
// looked at, and the two queues.
func Text(w io.Writer, d *Document, opt TextOptions) error {
	t := newText(w, opt)
	t.para("", t.title(d))
	t.styled("", bold, d.Headline)
	t.para("", d.Summary)
	for _, b := range append(banners[:len(banners):len(banners)], d.Withheld...) {
		t.para("", b)
	}
	if d.Changes != nil {
		t.changes(d.Changes)
	}
	t.coverage(d)
	t.inputs(d)
	for _, q := range []identity.Queue{identity.Staff, identity.Candidate, identity.Referee} {
		t.queue(d, q)
	}
	t.operators(d)
	t.registerLine(d)
	t.overrides(d)
	return t.err
}

func (t *text) title(d *Document) string {
	parts := []string{"Muster"}
	if d.Organisation != "" {
		parts = append(parts, d.Organisation)
	}
	parts = append(parts, "as of "+day(d.AsOf))
	if d.Audience != "" {
		parts = append(parts, "for "+d.Audience)
	}
	if d.Redacted {
		parts = append(parts, "redacted")
	}
	return strings.Join(parts, " · ")
}

// waitGroup is how many checks wait for one fact.
type waitGroup struct {
	For    string
	Checks []Coverage
}

// coverageGroups returns how many checks looked, the ones that failed, and the
// others by what they wait for, most first.
func coverageGroups(list []Coverage) (ran int, failed []Coverage, waiting []waitGroup) {
	at := map[string]int{}
	for _, c := range list {
		switch c.Status {
		case detect.Ran:
			ran++
		case detect.Failed:
			failed = append(failed, c)
		default:
			i, ok := at[c.Waits]
			if !ok {
				i = len(waiting)
				at[c.Waits] = i
				waiting = append(waiting, waitGroup{For: c.Waits})
			}
			waiting[i].Checks = append(waiting[i].Checks, c)
		}
	}
	sortWaits(waiting)
	return ran, failed, waiting
}

func (t *text) coverage(d *Document) {
	ran, failed, waiting := coverageGroups(d.Coverage)
	t.heading("Coverage", fmt.Sprintf("%d of %s could look. A check that could not look says nothing about anybody.", ran, plural(len(d.Coverage), "check")))
	for _, c := range failed {
		t.para("  failed  ", c.Detector+": "+c.Reason)
	}
	for _, g := range waiting {
		verb := "wait for"
		if len(g.Checks) == 1 {
			verb = "waits for"
		}
		t.para(fmt.Sprintf("  %4d  ", len(g.Checks)), verb+" "+g.For)
	}
}

// maxUnread is how many unread files are named one by one.
const maxUnread = 12

func (t *text) inputs(d *Document) {
	records, quarantined := inputTotals(d.Inputs)
	t.heading("Read", fmt.Sprintf("%s, %s, %d quarantined, %s not understood.", plural(len(d.Inputs), "file"), plural(records, "row"), quarantined, plural(len(d.Unidentified), "file")))
	shown := 0
	for _, f := range d.Inputs {
		if f.Unidentified && shown < maxUnread {
			t.para("  not understood  ", joinNonEmpty(": ", f.Path, f.Why))
			shown++
		}
	}
	if n := len(d.Unidentified) - shown; n > 0 {
		t.line(fmt.Sprintf("  … and %d more files; muster sources check lists them all", n))
	}
	for _, f := range d.Inputs {
		if n := withheld(f); n > 0 {
			t.para("  not read  ", fmt.Sprintf("%s, %s: %s", f.Path, plural(n, "row"), f.Why))
		}
	}
	for _, q := range d.Quarantine[:min(len(d.Quarantine), 5)] {
		t.para("  quarantined  ", quarantineText(q))
	}
	if n := len(d.Quarantine) - 5; n > 0 {
		t.line(fmt.Sprintf("  … and %d more rows", n))
	}
}

// withheld counts the rows of a file that were not read for lack of an approval.
func withheld(f InputFile) int {
	n := 0
	for _, x := range f.Formats {
		n += x.Withheld
	}
	return n
}

func quarantineText(q QuarantineRow) string {
	at := q.File
	if q.Line > 0 {
		at = fmt.Sprintf("%s:%d", q.File, q.Line)
	}
	return joinNonEmpty(": ", at, q.Field, q.Reason)
}

func inputTotals(list []InputFile) (records, quarantined int) {
	for _, f := range list {
		for _, x := range f.Formats {
			records += x.Records
			quarantined += x.Quarantined
		}
	}
	return records, quarantined
}

func (t *text) queue(d *Document, q identity.Queue) {
	c := d.Queues[queueOrder(q)]
	need := c.Urgent + c.Review + c.Watch
	if c.Total == 0 || q == identity.Referee && need == 0 {
		return
	}
	t.heading(c.Heading(), fmt.Sprintf("%d of %s to look at.", need, thousands(c.Total)))
	count := map[assess.Band]int{assess.Urgent: c.Urgent, assess.Review: c.Review, assess.Watch: c.Watch}
	for _, n := range d.BandNotes {
		if count[n.Band] > 0 {
			t.para("  "+n.Band.String()+": ", n.Text)
		}
	}
	rank := 0
	for i := range d.Personas {
		p := &d.Personas[i]
		if p.Queue != q || p.Band == assess.None {
			continue
		}
		if rank++; t.opt.Limit > 0 && rank > t.opt.Limit {
			t.line("")
			t.line(fmt.Sprintf("… and %d more; the JSON, CSV and HTML reports have them.", need-t.opt.Limit))
			return
		}
		t.row(rank, p)
	}
}

func (t *text) row(rank int, p *Persona) {
	t.line("")
	right := fmt.Sprintf("%.1f nats", p.Weight)
	head := fmt.Sprintf("%3d  %s  ", rank, t.chip(p.Band))
	line := head + t.paint(bold, printable(p.Name()))
	long := line + "  " + t.paint(dim, joinNonEmpty("  ", string(p.ID), printable(p.Title)))
	fits := func(s string) bool { return columnsOf(s)+columnsOf(right)+2 <= t.opt.Width }
	short := line + "  " + t.paint(dim, string(p.ID))
	switch {
	case fits(long):
		t.line(pad(long, t.opt.Width-columnsOf(right)) + right)
	case fits(short):
		t.line(pad(short, t.opt.Width-columnsOf(right)) + right)
	default:
		t.styled(head, bold, p.Name())
		t.para(strings.Repeat(" ", columnsOf(head)), string(p.ID)+", "+right)
	}
	const in = "     "
	t.item(in, "weighs", familyText(p.Families))
	t.item(in, "why", p.Summary)
	for _, x := range p.Protective {
		t.item(in, "for", fmt.Sprintf("%s (%.1f)", x.Text, x.Weight))
	}
	if len(p.NextIrreversible) > 0 {
		t.item(in, "next", stepText(p.NextIrreversible[0]))
	}
	t.item(in, "check", p.Check)
	if p.Withheld > 0 {
		t.item(in, "hidden", withheldText(p.Withheld))
	}
	t.item(in, "decided", p.Decision)
}

func withheldText(n int) string {
	return plural(n, "finding") + " " + isAre(n) + " not shown to this audience"
}

func familyText(list []Family) string {
	parts := make([]string, 0, len(list))
	for _, f := range list {
		parts = append(parts, fmt.Sprintf("%s %.1f", f.Family, f.Weight))
	}
	return strings.Join(parts, " · ")
}

func (t *text) operators(d *Document) {
	if len(d.Operators) == 0 {
		return
	}
	name := nameIndex(d)
	t.heading("One hand behind several?", "Hypotheses, each with its reasons.")
	for i := range d.Operators[:min(len(d.Operators), 10)] {
		o := &d.Operators[i]
		t.line("")
		t.para("  "+t.chip(o.Band)+"  "+string(o.ID)+"  ", joinNonEmpty("; ", strings.Join(namesOf(name, o.Personas), ", "), hypothesisText(o)))
		for _, l := range o.Links[:min(len(o.Links), 3)] {
			t.para("          ", fmt.Sprintf("%s and %s: %s", name[l.A], name[l.B], linkText(&l)))
		}
	}
	if n := len(d.Operators) - 10; n > 0 {
		t.line(fmt.Sprintf("  … and %d more", n))
	}
}

func linkText(l *Link) string {
	var parts []string
	for _, r := range l.Reasons {
		parts = append(parts, joinNonEmpty(": ", words(r.Kind), r.Text))
	}
	if l.Hidden > 0 {
		parts = append(parts, plural(l.Hidden, "reason")+" not shown to this audience")
	}
	return strings.Join(parts, "; ")
}

func nameIndex(d *Document) map[identity.PersonaID]string {
	out := make(map[identity.PersonaID]string, len(d.Personas))
	for i := range d.Personas {
		out[d.Personas[i].ID] = d.Personas[i].Name()
	}
	return out
}

func namesOf(index map[identity.PersonaID]string, ids []identity.PersonaID) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if n := index[id]; n != "" {
			out = append(out, n)
		} else {
			out = append(out, string(id))
		}
	}
	return out
}

func (t *text) registerLine(d *Document) {
	if len(d.Register) == 0 {
		return
	}
	t.heading("Verification register", fmt.Sprintf("%s of %s with access never verified by anybody independent.", thousands(gaps(d.Register)), plural(len(d.Register), "person")))
}

func (t *text) overrides(d *Document) {
	shown := false
	for _, s := range d.Suppressions {
		if s.Kind != "weight override" {
			continue
		}
		if !shown {
			t.heading("Weights changed by the settings", "")
			shown = true
		}
		t.para("  ", s.Label+": "+s.Why)
	}
}

func (t *text) changes(c *Changes) {
	t.heading("Since "+c.Since, plural(c.Len(), "change")+".")
	for _, s := range c.sections() {
		if len(s.list) == 0 {
			continue
		}
		t.line("  " + t.paint(bold, s.title))
		for i := range s.list {
			x := &s.list[i]
			t.para("    ", fmt.Sprintf("%s (%s, %s): %s", x.Name, x.Persona, x.Queue, x.Text()))
			for _, a := range x.Added {
				t.para("      + ", a)
			}
			for _, g := range x.Gone {
				t.para("      - ", g)
			}
		}
	}
}
