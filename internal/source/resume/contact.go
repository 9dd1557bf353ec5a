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
	if who.name = nameOf(slices.DeleteFunc(slices.Clone(d.Headlines), func(s string) bool { return headingOf(s) != "" })); who.name == "" {
		who.name = nameOf(top)
	}
	head := strings.Join(top, "\n")
	who.emails = mails(head)
	if len(who.emails) == 0 {
		all := mails(d.Text)
		who.emails = all[:min(len(all), 1)] // further ones may be referees'
	}
	who.phones = phones(c, head)
	for _, s := range append(weblinks(d.Text), d.Links...) {
		if l, ok := linkOf(c, s); ok && !slices.ContainsFunc(who.links, func(o record.URL) bool { return sameLink(o, l) }) {
			who.links = append(who.links, l)
		}
	}
	for _, s := range d.Links {
		if addr, ok := strings.CutPrefix(strings.ToLower(s), "mailto:"); ok && len(who.emails) == 0 {
			who.emails = mails(addr)
		}
	}
	return who
}

func mails(text string) []string {
	var out []string
	for _, at := range mailboxes(text, 20) {
		m := text[at[0]:at[1]]
		if e, ok := match.Email(strings.Trim(m, ".'-")); ok && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// mailboxes finds the e-mail addresses of a text, at most limit of them (all if
// it is negative), and returns where they begin and end: what stands around an @
// and can be part of an address, with a dot in the domain.
func mailboxes(text string, limit int) [][2]int {
	var out [][2]int
	from := 0
	for len(out) != limit {
		i := strings.IndexByte(text[from:], '@')
		if i < 0 {
			break
		}
		at := from + i
		start, end, dots := at, at+1, 0
		for start > from && (wordByte(text[start-1]) || strings.IndexByte("._%+'", text[start-1]) >= 0) {
			start--
		}
		for label := end; ; label = end + 1 {
			next := label
			for next < len(text) && wordByte(text[next]) {
				next++
			}
			if next == label {
				break
			}
			if end = next; label > at+1 {
				dots++
			}
			if end >= len(text) || text[end] != '.' {
				break
			}
		}
		if from = at + 1; start < at && dots > 0 {
			out = append(out, [2]int{start, end})
			from = end
		}
	}
	return out
}

// wordByte reports whether c can be part of a host name.
func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c) || c == '-'
}

func withoutMailboxes(line string) string {
	var b strings.Builder
	from := 0
	for _, at := range mailboxes(line, -1) {
		b.WriteString(line[from:at[0]])
		b.WriteByte(' ')
		from = at[1]
	}
	b.WriteString(line[from:])
	return b.String()
}

// weblinks finds the links of a text. All of them hold a slash or begin with www.
func weblinks(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.IndexByte(line, '/') >= 0 || strings.Contains(line, "ww") || strings.Contains(line, "WW") || strings.Contains(line, "wW") || strings.Contains(line, "Ww") {
			out = append(out, weblink.FindAllString(line, -1)...)
		}
	}
	return out
}

func phones(c *transform.Ctx, text string) []record.Phone {
	var out []record.Phone
	for line := range strings.SplitSeq(text, "\n") {
		if len(match.Digits(line)) < 8 {
			continue
		}
		line = weblink.ReplaceAllString(withoutMailboxes(line), " ")
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

// sameLink compares without the scheme: the text of a link often leaves it out.
func sameLink(a, b record.URL) bool {
	bare := func(u record.URL) string {
		_, rest, ok := strings.Cut(u.URL, "://")
		if !ok {
			rest = u.URL
		}
		return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(rest), "www."), "/")
	}
	return bare(a) == bare(b)
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
