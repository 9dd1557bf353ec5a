package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/internal/assess"
	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/record"
)

// Facts that checks wait for, by the reason of their coverage.
var waits = map[string]string{
	"notice":         "the date staff were told of monitoring",
	"consent":        "a recorded consent",
	"test":           "a stored disparate-impact test",
	"approval":       "counsel's approval of the source",
	"never computed": "nothing: they are never computed",
}

// kindNames says what a record kind is in the words of the people who can export it.
var kindNames = map[record.Kind]string{
	record.Personas: "people", record.Applications: "applications", record.HistoryItems: "work history from résumés", record.Documents: "résumés and documents",
	record.References: "references", record.Engagements: "the HR list", record.PaymentAccounts: "pay details", record.Payments: "payments", record.Devices: "managed devices",
	record.DeviceItems: "device inventory (peripherals and programs)", record.Shipments: "shipments", record.Sessions: "sign-ins", record.NetworkObs: "network observations",
	record.Contributions: "commits", record.Meetings: "meetings", record.AccessEvents: "access logs", record.AccountEvents: "account changes", record.Checks: "background checks",
	record.Presences: "presence (badge, pick-up, meeting)", record.StolenLogins: "indexes of infostealer logs", record.Indicators: "indicator lists", record.ListEntries: "sanctions lists",
}

// waitsFor says which one fact a detector waits for, "" if it waits for none.
func waitsFor(c *detect.Coverage) string {
	if c.Status != detect.NotAssessed {
		return ""
	}
	if w, ok := waits[c.Reason]; ok {
		return w
	}
	var names []string
	for _, k := range c.Missing {
		names = append(names, cmp.Or(kindNames[k], words(string(k))))
	}
	if len(names) == 0 {
		return "records of the people it looks at"
	}
	return strings.Join(names, " and ")
}

// coverage copies the coverage: what could not look comes first.
func (b *builder) coverage() []Coverage {
	out := make([]Coverage, 0, len(b.in.Coverage))
	for i := range b.in.Coverage {
		c := &b.in.Coverage[i]
		reason, _, _ := strings.Cut(c.Reason, "\n")
		reason, _, _ = strings.Cut(reason, " at goroutine") // a stack is no text for a report
		out = append(out, Coverage{
			Detector: c.Detector, Title: b.pages[c.Detector].Title, Signals: nonNil(slices.Clone(c.Signals)), Status: c.Status, Reason: reason,
			Missing: slices.Clone(c.Missing), Assessed: c.Assessed, Of: c.Of, Waits: waitsFor(c),
		})
	}
	slices.SortStableFunc(out, func(x, y Coverage) int {
		return cmp.Or(cmp.Compare(statusOrder(x.Status), statusOrder(y.Status)), strings.Compare(x.Detector, y.Detector))
	})
	return out
}

func statusOrder(s detect.Status) int {
	return slices.Index([]detect.Status{detect.Failed, detect.NotAssessed, detect.Ran}, s)
}

// headline says what waits for what: the one fact that most checks wait for.
func headline(d *Document) string {
	counts, failed, optional := map[string]int{}, 0, 0
	for i := range d.Coverage {
		c := &d.Coverage[i]
		switch {
		case c.Status == detect.Failed:
			failed++
		case c.Reason == "approval": // off until counsel wants it: nothing is missing
			optional++
		case c.Waits != "" && c.Reason != "never computed":
			counts[c.Waits]++
		}
	}
	facts := make([]string, 0, len(counts))
	for w := range counts {
		facts = append(facts, w)
	}
	slices.SortFunc(facts, func(x, y string) int { return cmp.Or(cmp.Compare(counts[y], counts[x]), strings.Compare(x, y)) })
	var parts []string
	if failed > 0 {
		parts = append(parts, plural(failed, "check")+" failed")
	}
	if len(facts) > 0 {
		verb := "wait"
		if counts[facts[0]] == 1 {
			verb = "waits"
		}
		parts = append(parts, fmt.Sprintf("%s %s for one fact: %s", plural(counts[facts[0]], "check"), verb, facts[0]))
	}
	if len(parts) == 0 {
		if len(d.Coverage) == 0 {
			return "No check ran."
		}
		all := fmt.Sprintf("All %s could look", plural(len(d.Coverage)-optional, "check"))
		if optional > 0 {
			return fmt.Sprintf("%s; %d more if counsel approves.", all, optional)
		}
		return all + "."
	}
	rest := 0
	for _, f := range facts[min(1, len(facts)):] {
		rest += counts[f]
	}
	if rest > 0 {
		parts = append(parts, fmt.Sprintf("%d more for others", rest))
	}
	return strings.Join(parts, "; ") + "."
}

// summary counts the queues in words.
func summary(queues []QueueCount) string {
	var parts []string
	for _, q := range queues {
		if q.Total == 0 || q.Queue == identity.Referee && q.Urgent+q.Review+q.Watch == 0 {
			continue
		}
		parts = append(parts, fmt.Sprintf("%s: %d urgent, %d review, %d watch of %d", q.Heading(), q.Urgent, q.Review, q.Watch, q.Total))
	}
	if len(parts) == 0 {
		return "Nobody was read."
	}
	return strings.Join(parts, ". ") + "."
}

// soonest says which dated irreversible step comes first for people in review or
// urgent, and for how many of them: what nobody looked at ages against it (LR-36).
func soonest(list []Persona) string {
	first, what, n := "", "", 0
	for i := range list {
		if list[i].Band < assess.Review {
			continue
		}
		for _, s := range list[i].NextIrreversible {
			switch {
			case s.At == "" || first != "" && s.At > first:
				continue
			case s.At != first:
				first, what, n = s.At, words(s.What), 0
			}
			n++
			break
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Soonest step that cannot be taken back for people in review or urgent: %s on %s, %s.", what, first, plural(n, "person"))
}

// Heading is what the queue is called.
func (q QueueCount) Heading() string { return cmp.Or(q.Title, queueTitle(q.Queue)) }

func queueTitle(q identity.Queue) string {
	switch q {
	case identity.Staff:
		return "Staff"
	case identity.Candidate:
		return "Candidates"
	}
	return "Referees"
}

// plural returns "1 check" or "2 checks".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	switch {
	case strings.HasSuffix(noun, "person"):
		noun = strings.TrimSuffix(noun, "person") + "people"
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%s %s", thousands(n), noun)
}

// thousands writes 12345 as "12,345".
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// words turns an identifier into words: "sign_in_ip" into "sign-in address".
func words(id string) string {
	if w, ok := idWords[id]; ok {
		return w
	}
	return strings.ReplaceAll(id, "_", " ")
}

var idWords = map[string]string{
	"sign_in_ip": "sign-in address", "device_ip": "device address", "application_ip": "application address", "reference_ip": "reference address",
	"lan": "local network", "usb": "USB serial", "mfa": "sign-in factor", "git_email": "commit e-mail", "git_key": "commit key", "infected_machine": "machine in infostealer logs", "url": "profile or site",
	"resume_text": "résumé text", "history": "work history", "ship_to": "ship-to address", "email": "e-mail", "address": "home address",
	"change_ip": "address of a change of bank details", "meeting_client": "computer in meetings", "document_id": "origin of a file", "document_name": "name in a file", "mailbox_name": "name of a mailbox",
	"signer": "who signed for parcels", "photo": "picture", "vouch": "references", "vouch_ring": "circle of references", "vouch_block": "block of references",
	"first_pay": "first pay", "sign_in": "sign-in", "claimed_home": "claimed home",
}

func sortWaits(list []waitGroup) {
	slices.SortStableFunc(list, func(x, y waitGroup) int {
		return cmp.Or(cmp.Compare(len(y.Checks), len(x.Checks)), strings.Compare(x.For, y.For))
	})
}
