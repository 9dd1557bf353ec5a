package resume

import (
	"path"
	"regexp"
	"strings"
	"sync"
)

// section is a titled part of the text. The part before the first heading is
// called contact.
type section struct {
	title string
	lines []string
}

// headingWords lists the titles of sections by kind, in the seven languages of the
// header table.
var headingWords = [...]struct{ kind, words string }{
	{"work", "experience|work experience|professional experience|employment|employment history|work history|career history|professional background|relevant experience|career|" +
		"berufserfahrung|beruflicher werdegang|werdegang|berufspraxis|praxiserfahrung|expérience|expériences|expérience professionnelle|expériences professionnelles|parcours professionnel|" +
		"experiencia|experiencia laboral|experiencia profesional|historial laboral|esperienza|esperienze|esperienza professionale|esperienze professionali|esperienza lavorativa|" +
		"doświadczenie|doświadczenie zawodowe|przebieg kariery|experiência|experiência profissional|histórico profissional"},
	{"education", "education|academic background|academic history|education and training|studies|degrees|ausbildung|studium|bildung|bildungsweg|akademischer werdegang|schulbildung|" +
		"formation|formations|études|diplômes|educación|formación|formación académica|estudios|istruzione|formazione|istruzione e formazione|studi|wykształcenie|edukacja|" +
		"educação|formação|formação académica|formação acadêmica"},
	{"skills", "skills|technical skills|key skills|core competencies|technologies|tech stack|tools|technical proficiencies|kenntnisse|fähigkeiten|it-kenntnisse|kompetenzen|" +
		"compétences|compétences techniques|habilidades|competencias|conocimientos|competenze|competenze tecniche|umiejętności|competências|habilidades técnicas"},
	{"summary", "summary|professional summary|profile|about|about me|objective|career objective|personal statement|executive summary|zusammenfassung|profil|über mich|kurzprofil|" +
		"à propos|resumen|perfil|sobre mí|profilo|sommario|chi sono|podsumowanie|o mnie|resumo|sobre mim"},
	{"other", "projects|personal projects|selected projects|certifications|certificates|licenses|awards|honors|publications|languages|interests|hobbies|volunteering|volunteer experience|" +
		"references|achievements|additional information|projekte|zertifikate|sprachen|interessen|referenzen|auszeichnungen|projets|langues|centres d'intérêt|références|" +
		"proyectos|certificaciones|idiomas|intereses|referencias|progetti|certificazioni|lingue|interessi|referenze|projekty|certyfikaty|języki|zainteresowania|referencje|" +
		"projetos|certificações|interesses|referências"},
}

var headings = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for _, h := range headingWords {
		for w := range strings.SplitSeq(h.words, "|") {
			table[w] = h.kind
		}
	}
	return table
})

// maxHeading is the number of bytes of the longest line that can be a heading.
const maxHeading = 48

// headingOf returns the kind of section that a line begins, "" if it is no
// heading: the title alone, with a colon, dashes, numbers or in capitals.
func headingOf(line string) string {
	s := strings.TrimSpace(line)
	if s == "" || len(s) > maxHeading {
		return ""
	}
	s = strings.ToLower(strings.Trim(s, " \t:*#=-–—_|•·.0123456789&"))
	return headings()[s]
}

// split cuts the text into sections. Blank lines stay inside of sections: they
// part the entries of a history.
func split(text string) []section {
	list := []section{{title: "contact"}}
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		line = strings.TrimRight(strings.ReplaceAll(line, "\u00a0", " "), " \t\f\v")
		if kind := headingOf(line); kind != "" {
			list = append(list, section{title: kind})
			continue
		}
		at := &list[len(list)-1]
		if strings.TrimSpace(line) == "" && (len(at.lines) == 0 || at.lines[len(at.lines)-1] == "") {
			continue
		}
		at.lines = append(at.lines, line)
	}
	out := list[:0]
	for _, s := range list {
		for len(s.lines) > 0 && s.lines[len(s.lines)-1] == "" {
			s.lines = s.lines[:len(s.lines)-1]
		}
		if len(s.lines) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// fileWords are words in the names of résumé files.
var fileWords = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:cv|resume|résumé|lebenslauf|curriculum|vitae|currículum|życiorys|currículo)(?:[^a-z]|$)`)

// minResume is the number of bytes below which no text is taken for a résumé.
const minResume = 80

// isResume reports whether a text shows signs of being a résumé: headings of work
// and education or skills, or one of them with periods of time or an address, or
// a file name that says so.
func isResume(text, file string) bool {
	if len(text) < minResume {
		return false
	}
	seen := map[string]bool{}
	lines := strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
	for _, line := range lines {
		if kind := headingOf(line); kind != "" {
			seen[kind] = true
		}
	}
	contact := len(mailboxes(text, 1)) > 0
	named := fileWords.MatchString(path.Base(memberOf(file)))
	history := seen["work"] || seen["education"]
	switch {
	case history && len(seen) >= 2 && (contact || named || periods(lines, 1)):
		return true
	case history && contact && periods(lines, 1):
		return true
	case named && (history || contact || periods(lines, 2)):
		return true
	}
	return contact && seen["skills"] && periods(lines, 3)
}

// periods reports whether at least n lines state a period of time.
func periods(lines []string, n int) bool {
	for _, line := range lines {
		if len(line) < 200 && dated(line) && period.MatchString(line) {
			if n--; n == 0 {
				return true
			}
		}
	}
	return false
}
