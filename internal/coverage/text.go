package coverage

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"muster/internal/record"
)

// shownSources is the number of sources named per export.
const shownSources = 4

var gateWords = map[string]string{
	"notice":   "the monitoring notice (notices.monitoring in muster.yaml)",
	"consent":  "a consent (consents.biometric in muster.yaml)",
	"test":     "a passed test (tests.disparate_impact in muster.yaml)",
	"approval": "counsel's approval (approvals in muster.yaml)",
}

// Text writes the report as a table of the given width in columns, at least 60.
// Only the first limit exports and the starters are written in full; 0 means all.
func Text(w io.Writer, r *Report, width, limit int) error {
	t := &text{bufio.NewWriter(w), max(width, 60)}
	t.summary(r)
	starters := false
	for i, x := range r.Exports {
		switch {
		case x.Starter && !starters:
			starters = true
			t.line("", "\nSixty-minute start: fetch these first, in this order.")
		case !x.Starter && (i == 0 || r.Exports[i-1].Starter):
			t.line("", "\nThen, by the number and strength of the signals that each makes possible:")
		}
		if x.Starter || limit == 0 || i < limit {
			t.export(i+1, &x)
			continue
		}
		lead := ""
		if i == limit || i > 0 && r.Exports[i-1].Starter {
			lead = "\n"
		}
		t.line("    ", fmt.Sprintf("%s%2d. %s: %s", lead, i+1, x.Title, worth(&x)))
	}
	t.dark(r)
	t.fields(r)
	if len(r.Empty) > 0 {
		t.line("", "\nRead, but empty in every row. A fuller export helps:")
		for _, e := range r.Empty {
			t.line("    ", "  "+word(Need(e.Kind))+": "+strings.Join(e.Fields, ", "))
		}
	}
	if len(r.Absent) > 0 {
		t.line("", "\nNot there, and able to speak for people. Findings of these detectors are harder on the innocent without it:")
		for _, x := range r.Absent {
			t.line("    ", fmt.Sprintf("  %s (%s): %s.", x.Title, strings.Join(x.Clears, ", "), x.How))
		}
	}
	return t.w.Flush()
}

type text struct {
	w     *bufio.Writer
	width int
}

func (t *text) summary(r *Report) {
	records, waiting := 0, map[string]int{}
	for _, d := range r.Dark {
		if len(d.Lacks) > 0 {
			records++
		}
		waiting[d.Gate]++
	}
	t.line("", fmt.Sprintf("%d of %d detectors can look, %d lack an export.", r.Lit, r.Detectors, records))
	for _, g := range []string{"notice", "consent", "test", "approval"} {
		if n := waiting[g]; n > 0 {
			t.line("", fmt.Sprintf("%d wait, with their records or without, for %s.", n, gateWords[g]))
		}
	}
}

func (t *text) export(n int, x *Export) {
	t.line("    ", fmt.Sprintf("\n%2d. %s: %s", n, x.Title, x.Why))
	t.line("            ", "    worth   "+worth(x))
	if len(x.Lights) > 0 {
		var parts []string
		for _, l := range x.Lights {
			parts = append(parts, l.Detector+" ("+grades(l.Signals)+")")
		}
		t.line("            ", "    lights  "+strings.Join(parts, ", "))
	}
	if len(x.Closer) > 0 {
		var parts []string
		for _, c := range x.Closer {
			parts = append(parts, c.Detector+" with "+words(c.With))
		}
		t.line("            ", "    helps   "+strings.Join(parts, ", "))
	}
	label := "    from    "
	for _, s := range x.Sources[:min(len(x.Sources), shownSources)] {
		have := ""
		if s.Have {
			have = " (you have this product)"
		}
		t.line("              ", label+s.Title+have+": "+s.Path)
		label = "            "
	}
	if more := len(x.Sources) - shownSources; more > 0 {
		t.line("            ", fmt.Sprintf("            and %d more; \"muster sources list\" has them all", more))
	}
	for _, q := range x.Queries {
		t.line("            ", "    query   "+q.Tool)
		for l := range strings.Lines(q.Text) {
			fmt.Fprintln(t.w, "              "+strings.TrimRight(l, "\n")) // never wrapped: it is to be copied
		}
	}
}

func (t *text) dark(r *Report) {
	if len(r.Dark) == 0 {
		return
	}
	t.line("", "\nDark detectors, and what would light each:")
	for _, d := range r.Dark {
		var lack []string
		for _, set := range d.Lacks {
			lack = append(lack, words(set))
		}
		what := strings.Join(lack, ", or ")
		if d.Gate != "" {
			what = strings.TrimPrefix(what+"; and the "+d.Gate, "; and ")
		}
		t.line("      ", "  "+d.Detector+" ("+grades(d.Signals)+"): "+what)
	}
}

// fields writes how much of what detectors read is there.
func (t *text) fields(r *Report) {
	if len(r.Fields) == 0 {
		return
	}
	t.line("", "\nWhat detectors read, and how many records have it:")
	for _, x := range r.Fields {
		var parts []string
		for _, f := range x.Filled {
			parts = append(parts, fmt.Sprintf("%s %d", f.Field, f.Records))
		}
		t.line("    ", fmt.Sprintf("  %s (%d): %s", word(Need(x.Kind)), x.Records, strings.Join(parts, ", ")))
	}
}

// worth puts the points into words.
func worth(x *Export) string {
	n, notice := 0, 0
	for _, l := range x.Lights {
		for _, s := range l.Signals {
			n++
			if s.Notice {
				notice++
			}
		}
	}
	text := fmt.Sprintf("%d points, %s", x.Points, count(n, "signal"))
	if notice > 0 {
		text += fmt.Sprintf(" (%d once the monitoring notice is recorded)", notice)
	}
	if len(x.Closer) > 0 {
		text += fmt.Sprintf(", %s closer", count(len(x.Closer), "detector"))
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func grades(list []Signal) string {
	var parts []string
	for _, s := range list {
		parts = append(parts, string(s.ID)+" "+s.Strength.String())
	}
	return strings.Join(parts, ", ")
}

// names of kinds where the export is known by another word.
var kindWords = map[Need]string{
	Need(record.Personas): "people", Need(record.Engagements): "roster", Need(record.Applications): "applications", Need(record.HistoryItems): "career histories",
	Need(record.Documents): "résumés", Need(record.References): "references", Need(record.PaymentAccounts): "payout accounts", Need(record.Payments): "payments",
	Need(record.Devices): "host list", Need(record.DeviceItems): "device items", Need(record.Shipments): "shipments", Need(record.Sessions): "sign-ins",
	Need(record.NetworkObs): "network observations", Need(record.Contributions): "commits", Need(record.Meetings): "meeting participants", Need(record.AccessEvents): "access events",
	Need(record.AccountEvents): "account and factor changes", Need(record.Checks): "background checks", Need(record.Presences): "presence", Need(record.StolenLogins): "indexes of infostealer logs", Need(record.Indicators): "indicators",
	"device_item:peripheral": "USB devices", "device_item:display": "monitors", "device_item:program": "programs on laptops",
	"network_obs:traffic": "names that laptops talk to", "network_obs:network": "networks of laptops",
}

func word(n Need) string {
	if w := kindWords[n]; w != "" {
		return w
	}
	return strings.ReplaceAll(string(n), "_", " ")
}

func words(needs []Need) string {
	parts := make([]string, len(needs))
	for i, n := range needs {
		parts[i] = word(n)
	}
	return strings.Join(parts, " and ")
}

// line writes text that is broken between words at the width; further lines begin
// with indent. Leading space and line breaks of s stay.
func (t *text) line(indent, s string) {
	body := strings.TrimLeft(s, "\n ")
	lead := s[:len(s)-len(body)]
	t.w.WriteString(lead)
	at, first := utf8.RuneCountInString(strings.TrimLeft(lead, "\n")), true
	for len(body) > 0 {
		gap := len(body) - len(strings.TrimLeft(body, " "))
		end := strings.IndexByte(body[gap:], ' ')
		if end < 0 {
			end = len(body) - gap
		}
		piece := body[gap : gap+end]
		n := utf8.RuneCountInString(piece)
		if !first && at+gap+n > t.width {
			t.w.WriteString("\n" + indent)
			at = len(indent)
		} else {
			t.w.WriteString(body[:gap])
			at += gap
		}
		t.w.WriteString(piece)
		at += n
		body, first = body[gap+end:], false
	}
	t.w.WriteByte('\n')
}
