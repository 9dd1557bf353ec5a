package resume

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/source/transform"
)

// contact is who the résumé says it is about.
type contact struct {
	name   string
	emails []string
	phones []record.Phone
	links  []record.URL
}

var (
	mailbox = regexp.MustCompile(`[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	number  = regexp.MustCompile(`\+?\(?[0-9][0-9()./\-  ]{6,}[0-9]`)
	weblink = regexp.MustCompile(`(?i)\b(?:https?://|www\.|(?:[a-z]{2,3}\.)?linkedin\.com/|github\.com/|gitlab\.com/|t\.me/|upwork\.com/|stackoverflow\.com/)[^\s<>()|,;"']+`)
	label   = regexp.MustCompile(`(?i)^(?:name|full name|vor- und nachname|nom|nombre|nome|imię i nazwisko)\s*:\s*`)
)

// contactLines is how many lines are searched for the name; referees and employers
// further down have names and addresses too.
const contactLines = 12

// findContact reads the part before the first heading, and the whole text for an
// address and profiles if that part has none.
func findContact(c *transform.Ctx, sections []section, d *document) contact {
	var who contact
	if len(sections) == 0 {
		return who
	}
	top := sections[0].lines
	if sections[0].title != "contact" { // the first heading stands in the first line
		top = top[:min(len(top), contactLines)]
	}
	who.name = nameOf(top)
	head := strings.Join(top, "\n")
	who.emails = mails(head)
	if len(who.emails) == 0 {
		all := mails(d.text)
		who.emails = all[:min(len(all), 1)] // further ones may be referees'
	}
	who.phones = phones(c, head)
	for _, s := range append(weblink.FindAllString(d.text, -1), d.links...) {
		if l, ok := linkOf(c, s); ok && !slices.Contains(who.links, l) {
			who.links = append(who.links, l)
		}
	}
	for _, s := range d.links {
		if addr, ok := strings.CutPrefix(strings.ToLower(s), "mailto:"); ok && len(who.emails) == 0 {
			who.emails = mails(addr)
		}
	}
	return who
}

func mails(text string) []string {
	var out []string
	for _, m := range mailbox.FindAllString(text, 20) {
		if e, ok := match.Email(strings.Trim(m, ".'-")); ok && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

func phones(c *transform.Ctx, text string) []record.Phone {
	var out []record.Phone
	for line := range strings.SplitSeq(text, "\n") {
		line = weblink.ReplaceAllString(mailbox.ReplaceAllString(line, " "), " ")
		for _, m := range number.FindAllString(line, 4) {
			m = strings.TrimSpace(m)
			if n := len(match.Digits(m)); n < 8 || n > 15 || period.MatchString(m) {
				continue
			}
			v := transform.TextValue(m)
			if step, err := transform.New("phone", transform.Static{Type: transform.Text}); err == nil && step.Apply(c, &v) == "" {
				if p, ok := v.Any.(record.Phone); ok && !slices.Contains(out, p) {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

func linkOf(c *transform.Ctx, s string) (record.URL, bool) {
	if strings.HasPrefix(strings.ToLower(s), "mailto:") {
		return record.URL{}, false
	}
	v := transform.TextValue(strings.TrimRight(s, ".,;:/"))
	step, err := transform.New("url", transform.Static{Type: transform.Text})
	if err != nil || step.Apply(c, &v) != "" {
		return record.URL{}, false
	}
	l, ok := v.Any.(record.URL)
	return l, ok
}

// nameOf finds the line that is a name: two to five words of letters.
func nameOf(lines []string) string {
	for _, line := range lines[:min(len(lines), contactLines)] {
		s := strings.TrimSpace(label.ReplaceAllString(strings.TrimSpace(line), ""))
		if i := strings.IndexAny(s, "|,\t•·"); i > 0 {
			s = strings.TrimSpace(s[:i])
		}
		if isName(s) {
			return s
		}
	}
	return ""
}

// titles are lines above the name that look like one.
var titles = regexp.MustCompile(`(?i)^(?:curriculum|resume|résumé|lebenslauf|cv|personal|contact|kontakt|bewerbung|portfolio|życiorys)\b`)

func isName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 5 || len(s) > 60 || titles.MatchString(s) || roleWords.MatchString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .'’-", r) {
			return false
		}
	}
	upper := 0
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(r) || unicode.Is(unicode.Lo, r) {
			upper++
		}
	}
	return upper >= 2
}
