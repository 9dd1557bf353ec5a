package resume

import (
	"regexp"
	"slices"
	"strings"

	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/source/transform"
)

// Parts of a period of time: "Mar 2019 – present", "03/2019 - 11/2021", "2016-2018",
// "seit 2020".
const (
	monthWords = `(?:jan(?:uary|uar|vier|eiro)?|janv|jänner|enero|ene|gennaio|gen|stycz(?:eń|nia)|sty|feb(?:ruary|ruar|rero|braio)?|fév(?:rier|r)?|fev(?:ereiro)?|lut(?:y|ego)?|` +
		`mar(?:ch|s|zo|ço|zec|ca)?|märz|mär|mrz|apr(?:il|ile)?|avr(?:il)?|abr(?:il)?|kwie(?:cień|tnia)|kwi|may(?:o)?|mai(?:o)?|mag(?:gio)?|maja?|jun(?:e|i|io|ho)?|juin|giu(?:gno)?|` +
		`czerw(?:iec|ca)|cze|jul(?:y|i|io|ho)?|juil(?:let)?|lug(?:lio)?|lip(?:iec|ca)?|aug(?:ust)?|août|aout|ago(?:sto)?|sierp(?:ień|nia)|sie|sept?(?:ember|embre|tembre|tiembre)?|` +
		`set(?:tembre|embro)?|wrze(?:sień|śnia)|wrz|oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?|out(?:ubro)?|paździer(?:nik|nika)|paź|nov(?:ember|embre|iembre|embro)?|` +
		`list(?:opad|opada)|lis|dec(?:ember)?|déc(?:embre)?|dez(?:ember|embro)?|dic(?:iembre|embre)?|gru(?:dzień|dnia)?)`
	monthName = `(?:` + monthWords + `\.?,?\s+)`
	pointExpr = `(?:` + monthName + `(?:19|20)[0-9]{2}|(?:0?[1-9]|1[0-2])\s?[/.]\s?(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}(?:[-/.](?:0[1-9]|1[0-2])(?:[-/.][0-3][0-9])?)?)`
	untilExpr = `(?:present|now|current|currently|today|ongoing|heute|aktuell|jetzt|laufend|présent|aujourd'hui|actuel|en cours|presente|actualidad|actual|hoy|oggi|in corso|attuale|obecnie|teraz|dziś|atual|atualmente|hoje)`
	dashExpr  = `\s*(?:-|–|—|−|to|until|till|bis|à|au|a|hasta|al|fino a|do|até)\s*`
	sinceExpr = `(?:since|from|seit|ab|depuis|desde|dal|da|od)\s+`
)

var (
	period    = regexp.MustCompile(`(?i)(` + pointExpr + `)` + dashExpr + `(` + pointExpr + `|` + untilExpr + `)|` + sinceExpr + `(` + pointExpr + `)`)
	point     = regexp.MustCompile(`(?i)\b` + pointExpr + `\b`)
	parting   = regexp.MustCompile(`\s+(?:\||·|•|–|—|-|@)\s+|\t+|\s{3,}`)
	atWord    = regexp.MustCompile(`(?i)\s+(?:at|bei|chez|en|presso|w|na)\s+`)
	roleWords = newWordList(
		`\w*engineer`, "developer", "programmer", "architect", "manager", "lead", "director", "head", "officer", "analyst", "consultant", "designer",
		"scientist", "administrator", "admin", "specialist", "intern", "assistant", "associate", "coordinator", "technician", "accountant", "recruiter",
		"teacher", "researcher", "representative", "executive", "strategist", "writer", "editor", "supervisor", "bookkeeper", "auditor", "counsel",
		"paralegal", "attorney", "clerk", "buyer", "planner", "trainer", "marketer", "generalist", "president", "secretary",
		`(?:business|talent|people)\s+partner`, `sachbearbeiter\w*`, "kaufmann", "kauffrau", `referent\w*`, `gestor\w*`, "responsable", "addetto", "addetta",
		"specjalista", "founder", "owner", "freelance", "freelancer", "contractor", "devops", "sre", "qa", "tester", "cto", "ceo", "vp", `\w*entwickler\w*`,
		`\w*ingenieur\w*`, `\w*berater\w*`, `\w*leiter\w*`, `werkstudent\w*`, `praktikant\w*`, `développeur\w*`, `ingénieur\w*`, "chef", "stagiaire",
		`desarrollador\w*`, "ingeniero", "analista", "sviluppatore", "ingegnere", "programista", "inżynier", "kierownik", `desenvolvedor\w*`, "engenheiro",
	)
	schools   = regexp.MustCompile(`(?i)univers|college|school|institut|academy|hochschule|école|ecole|escuela|facultad|politec|polytech|akademi|fachhochschule|faculdade|uczelnia|\bTU\b|\bETH\b|\bMIT\b`)
	degrees   = regexp.MustCompile(`(?i)\b(?:b\.?\s?sc|m\.?\s?sc|b\.?a|m\.?a|b\.?eng|m\.?eng|mba|ph\.?d|bachelor\w*|master\w*|diplom\w*|doctor\w*|associate|licence|licenciatura|laurea|magister|inżynier|grado|mestrado|abitur|degree)\b\.?`)
	areaWords = regexp.MustCompile(`(?i)^(?:.*\s)?(?:in|of|für|en|di|em)\s+(.+)$`)
)

// maxLine is the number of bytes of the longest line that can name a job; longer
// ones are sentences.
const maxLine = 120

// history reads the entries of the work and education sections. Every line with a
// period of time begins one.
func history(c *transform.Ctx, sections []section) []*record.HistoryItem {
	var out []*record.HistoryItem
	for _, s := range sections {
		if s.title != "work" && s.title != "education" {
			continue
		}
		heads := entries(s.lines, s.title == "education")
		for i, h := range heads {
			end := len(s.lines)
			if i+1 < len(heads) {
				end = heads[i+1].first
			}
			if item := h.item(c, s.title, s.lines[h.next(s.lines, end):end]); item != nil {
				out = append(out, item)
			}
		}
	}
	return out
}

// head is the beginning of an entry: the lines from first to the one with the
// dates, and what follows it up to the text.
type head struct {
	first, dates int
	parts        []string // of the lines but for the dates
	start, end   string
}

// entries finds the heads. Schools are often given with the year of the degree
// alone: singles says that such a line counts too.
func entries(lines []string, singles bool) []head {
	var out []head
	from := 0 // lines before it belong to the last entry
	for i, line := range lines {
		if !dated(line) {
			continue
		}
		m := period.FindStringSubmatchIndex(line)
		if m == nil && singles && (schools.MatchString(line) || degrees.MatchString(line)) {
			if p := point.FindStringIndex(line); p != nil {
				m = []int{p[0], p[1], -1, -1, p[0], p[1], -1, -1}
			}
		}
		if m == nil || len(line) > 2*maxLine || bulletOf(line) > 0 {
			continue
		}
		h := head{first: i, dates: i}
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return line[m[2*n]:m[2*n+1]]
		}
		h.start, h.end = group(1)+group(3), group(2)
		for h.first > from && h.dates-h.first < 2 && names(lines[h.first-1]) {
			h.first--
		}
		for _, l := range lines[h.first:i] {
			h.parts = append(h.parts, cut(l)...)
		}
		h.parts = append(h.parts, cut(line[:m[0]]+"   "+line[m[1]:])...)
		out = append(out, h)
		from = i + 1
	}
	return out
}

// dated reports whether a line holds a year. The expressions for periods all ask
// for one; they are slow, and most lines of a résumé hold none.
func dated(line string) bool {
	for i := 0; i+4 <= len(line); i++ {
		if c := line[i : i+4]; (c[:2] == "19" || c[:2] == "20") && digit(c[2]) && digit(c[3]) {
			return true
		}
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// names reports whether a line can name a job or school: short, no bullet, no
// sentence.
func names(line string) bool {
	s := strings.TrimSpace(line)
	return s != "" && len(s) <= maxLine && bulletOf(line) == 0 && !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, ":")
}

// next returns the first line of the entry's text and takes lines below the dates
// that still name it.
func (h *head) next(lines []string, end int) int {
	i := h.dates + 1
	for ; i < end && len(h.parts) < 2 && names(lines[i]); i++ {
		h.parts = append(h.parts, cut(lines[i])...)
	}
	return min(i, end)
}

// cut parts a line at the marks that stand between title, employer and place.
func cut(line string) []string {
	var out []string
	parts := []string{line}
	if strings.ContainsAny(line, "\t\f\r|·•–—-@") || strings.Contains(line, "   ") { // or nothing parts it
		parts = parting.Split(line, -1)
	}
	for _, p := range parts {
		p = strings.Trim(p, " \t,;:|()[]-–—*_")
		if p == "" {
			continue
		}
		if m := atWord.FindStringIndex(p); m != nil && roleWords.MatchString(p[:m[0]]) {
			out = append(out, strings.TrimSpace(p[:m[0]]), strings.TrimSpace(p[m[1]:]))
			continue
		}
		if before, after, ok := strings.Cut(p, ", "); ok && roleWords.MatchString(before) != roleWords.MatchString(after) {
			out = append(out, strings.TrimSpace(before), strings.TrimSpace(after))
			continue
		}
		out = append(out, p)
	}
	return out
}

func (h *head) item(c *transform.Ctx, kind string, body []string) *record.HistoryItem {
	x := &record.HistoryItem{ItemKind: kind, Start: dateOf(c, h.start), End: dateOf(c, h.end)}
	if kind == "education" {
		h.school(x)
	} else {
		h.job(x)
	}
	if x.Org == "" && x.Title == "" && x.Degree == "" {
		return nil
	}
	x.OrgNorm = match.Org(x.Org)
	var text []string
	for _, l := range body {
		if l = strings.TrimSpace(l[bulletOf(l):]); l != "" {
			text = append(text, l)
		}
	}
	x.Summary = strings.Join(text, "\n")
	return x
}

// job tells title from employer by the words of the title; without them the
// employer comes first, as most templates have it.
func (h *head) job(x *record.HistoryItem) {
	for _, p := range h.parts {
		switch {
		case x.Title == "" && roleWords.MatchString(p):
			x.Title = p
		case x.Org == "":
			x.Org = p
		case x.Title == "" && !schools.MatchString(p) && !hasRole(h.parts):
			x.Title = p
		case x.Location == "":
			x.Location = p
		}
	}
	if before, place, ok := strings.Cut(x.Org, ", "); ok && x.Location == "" {
		if transform.Country(place[strings.LastIndexByte(place, ' ')+1:]) != "" || transform.Country(place) != "" {
			x.Org, x.Location = before, place
		}
	}
}

func hasRole(parts []string) bool {
	return slices.ContainsFunc(parts, roleWords.MatchString)
}

func (h *head) school(x *record.HistoryItem) {
	for _, p := range h.parts {
		for q := range strings.SplitSeq(p, ", ") {
			switch {
			case schools.MatchString(q) && x.Org == "":
				x.Org = q
			case degrees.MatchString(q) && x.Degree == "":
				x.Degree = q
			case x.Area == "" && x.Degree != "":
				x.Area = q
			case x.Location == "":
				x.Location = q
			}
		}
	}
	if x.Org == "" && x.Location != "" {
		x.Org, x.Location = x.Location, ""
	}
	if i := degrees.FindStringIndex(x.Degree); i != nil && x.Area == "" {
		rest := strings.TrimSpace(x.Degree[i[1]:])
		if m := areaWords.FindStringSubmatch(rest); m != nil {
			x.Area = m[1]
		} else {
			x.Area = rest
		}
		if x.Area != "" {
			x.Degree = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.TrimSuffix(x.Degree, x.Area)), " in"))
		}
	}
}

// dateOf reads a point of time; words for today are an open end.
func dateOf(c *transform.Ctx, s string) record.Date {
	s = strings.TrimSpace(strings.ReplaceAll(s, ",", " "))
	if s == "" {
		return record.Date{}
	}
	t, reason := transform.ParseTime(c, strings.ReplaceAll(s, " / ", "/"))
	if reason != "" || t.IsZero() {
		if i := strings.IndexAny(s, "0123456789"); i > 0 { // a month in no known language
			t, reason = transform.ParseTime(c, s[i:])
		}
	}
	if reason != "" || t.IsZero() {
		return record.Date{}
	}
	return t.Date()
}
