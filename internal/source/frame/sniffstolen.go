package frame

import "regexp"

// Texts with stolen passwords that name no machine, or hold everything that was
// stolen. They are recognised so that nobody takes them for a table or a résumé.
var (
	combinedLine = regexp.MustCompile(`^(?:(?:https?|android)://(?:[^\s/@]*@)?)?[\w.-]+\.[A-Za-z]{2,}(?::\d+)?(?:/\S*)?:[^\s:]+:\S+$`)
	stolenLogin  = regexp.MustCompile(`(?i)^(?:url|host|site)\s*:\s*\S`)
	stolenPass   = regexp.MustCompile(`(?i)^(?:pass|password)\s*:`)
)

const (
	combinedWhy = "a list of sites, logins and passwords: it is not read, since it names no machine. Take it out, and ask the supplier for an index with machine ids and without passwords (docs/infostealer.md)"
	rawLogWhy   = "the passwords of an infostealer's log: they are not read. Take the file out, and ask the supplier for an index without passwords (docs/infostealer.md)"
)

// stolenText names a text that holds stolen passwords; "" for all others.
func stolenText(lines []string) string {
	combined, sites, passwords := 0, 0, 0
	for _, l := range lines {
		switch {
		case stolenPass.MatchString(l):
			passwords++
		case stolenLogin.MatchString(l):
			sites++
		case combinedLine.MatchString(l):
			combined++
		}
	}
	switch {
	case combined >= 3 && combined*10 >= len(lines)*9:
		return combinedWhy
	case passwords > 0 && sites > 0 && (passwords+sites)*10 >= len(lines)*4:
		return rawLogWhy
	}
	return ""
}
