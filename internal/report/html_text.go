package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Small texts of the page.

func titleOf(title, id string) string { return cmp.Or(title, id) }

func waitVerb(n int) string {
	if n == 1 {
		return "check waits for"
	}
	return "checks wait for"
}

func share(n, of int) string {
	if of == 0 {
		return "0%"
	}
	return fmt.Sprintf("%.2f%%", 100*float64(n)/float64(of))
}

func signalText(list []signal.ID) string {
	parts := make([]string, 0, len(list))
	for _, s := range list {
		parts = append(parts, string(s))
	}
	return strings.Join(parts, " ")
}

func readFiles(list []InputFile) []InputFile {
	return slices.DeleteFunc(slices.Clone(list), func(f InputFile) bool { return f.Unidentified })
}

func quarantineAt(q QuarantineRow) string {
	if q.Line > 0 {
		return fmt.Sprintf("%s:%d", q.File, q.Line)
	}
	return q.File
}

func ids(list ...identity.PersonaID) []identity.PersonaID { return list }

func linkReason(r LinkReason) string {
	return fmt.Sprintf("%s (%s nats)", joinNonEmpty(": ", words(r.Kind), r.Text), nats(r.Weight))
}

func sinceText(p *Persona) string {
	switch {
	case p.Start != "" && p.End != "":
		return p.Start + " to " + p.End
	case p.Start != "":
		return "since " + p.Start
	}
	return ""
}

// rowAt names the first row of a list beside its fold.
func rowAt(refs []Ref) string {
	r := &refs[0]
	if r.Line > 0 {
		return fmt.Sprintf("%s:%d", r.File, r.Line)
	}
	return r.File
}

func toolStatus(t Tool) string {
	switch {
	case t.Approved:
		return "approved"
	case t.Proposed:
		return "common: proposed as approved, adds nothing until you say otherwise"
	}
	return ""
}

func statusText(d *DetectorPage) string {
	switch {
	case d.Findings > 0:
		return "· " + plural(d.Findings, "finding")
	case d.Status == detect.Ran:
		return "· looked, found nothing"
	case d.Status == detect.Failed:
		return "· failed"
	case d.Status == detect.NotAssessed:
		return "· could not look"
	}
	return ""
}

type settingLine struct{ Name, Value string }

// settingLines says which settings gate the checks.
func settingLines(s *settings.Settings) []settingLine {
	if s == nil {
		return nil
	}
	var notices, weights []string
	for _, n := range s.Notices.Monitoring {
		notices = append(notices, n.Country+" from "+n.Date.String())
	}
	for id := range s.Weights {
		weights = append(weights, id)
	}
	slices.Sort(weights)
	test := "none stored: signals of use class F4 are off"
	if s.Tests.DisparateImpact != nil {
		test = "stored " + s.Tests.DisparateImpact.String()
	}
	consent := "none recorded: signals of use class F3 are off"
	if n := len(s.Consents.Biometric); n > 0 {
		consent = plural(n, "consent")
	}
	return []settingLine{
		{"Monitoring notice", cmp.Or(strings.Join(notices, ", "), "none recorded: signals that read telemetry are off")},
		{"Consents", consent},
		{"Disparate-impact test", test},
		{"Infostealer indexes", approvalLine(s)},
		{"Weights changed", cmp.Or(strings.Join(weights, ", "), "none")},
		{"Next pay run", cmp.Or(s.Payroll.NextRun.String(), "not stated")},
		{"Candidates judged from", cmp.Or(s.CandidatesFrom, "shortlist")},
	}
}

func approvalLine(s *settings.Settings) string {
	if !s.HasApproval(settings.ApprovalInfostealer) {
		return "no approval recorded: they are counted and not read"
	}
	a := s.Approvals.Infostealer
	return "approved by " + a.Counsel + " on " + a.Date.String()
}

func markRadius(kind string) string {
	if kind == "pay" {
		return "3"
	}
	return "5"
}

func dotClass(d plDot) string {
	switch {
	case d.Home:
		return "dot dot-home"
	case d.SignIn:
		return "dot dot-signin"
	}
	return "dot"
}

func addedText(f *Finding) string {
	if f.Weight == 0 {
		return "adds nothing"
	}
	return signed(f.Weight)
}

// reasonText lists why rows of a file were put aside, with counts.
func reasonText(f InputFile) string {
	sum := map[string]int{}
	for _, x := range f.Formats {
		for why, n := range x.Reasons {
			sum[why] += n
		}
	}
	var parts []string
	if n := withheld(f); n > 0 {
		parts = append(parts, "not read, approval missing "+thousands(n))
	}
	for _, why := range slices.Sorted(maps.Keys(sum)) {
		parts = append(parts, words(why)+" "+thousands(sum[why]))
	}
	return strings.Join(parts, ", ")
}

// hypothesisText writes the probability of an operator.
func hypothesisText(o *Operator) string {
	if o.Probability == 0 {
		return ""
	}
	return "probability " + percent(o.Probability) + ", " + map[bool]string{true: "calibrated", false: "not calibrated"}[o.Calibrated]
}

// memberText writes the way by which a persona belongs to an operator.
func memberText(name map[identity.PersonaID]string, m *Member) string {
	if len(m.Path) < 2 || m.WeakestLink == nil {
		return "best connected: all ways begin here"
	}
	weak := namesOf(name, []identity.PersonaID{m.WeakestLink.A, m.WeakestLink.B})
	return fmt.Sprintf("%s; weakest between %s and %s (%s nats: %s)", strings.Join(namesOf(name, m.Path), " → "), weak[0], weak[1], nats(m.WeakestLink.Weight), linkText(m.WeakestLink))
}

// facilitatorText says why a hub is improbable.
func facilitatorText(f *Facilitator) string {
	if f.Tail == 0 {
		return ""
	}
	text := fmt.Sprintf("by chance about once in 10^%.0f; %s of the pairs are otherwise unlike", f.Tail, percent(f.Unlike))
	if len(f.Also) > 0 {
		text += "; the same people also depend on one " + strings.Join(f.Also, ", one ")
	}
	return text
}
