package detect

import (
	"fmt"
	"strings"

	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
)

// LongPassage is the number of words from which on a passage that two texts share is
// too long to agree by chance. Common phrases of résumés are shorter.
const LongPassage = 12

// LongPassages returns the passages of an edge that are too long to agree by chance,
// and how many words they have together.
func LongPassages(e *identity.Edge) (long []identity.Passage, words int) {
	for _, p := range e.Passages {
		if n := min(len(strings.Fields(p.TextA)), len(strings.Fields(p.TextB))); n >= LongPassage {
			long = append(long, p)
			words += n
		}
	}
	return long, words
}

// Quote sets at most n matching passages side by side. says is the verb: "writes".
func (p *Pass) Quote(list []identity.Passage, n int, says string) []finding.Evidence {
	var out []finding.Evidence
	for _, x := range list[:min(len(list), n)] {
		a, b := p.View.Persona(x.A), p.View.Persona(x.B)
		if a == nil || b == nil {
			continue
		}
		out = append(out, finding.Evidence{
			Text: fmt.Sprintf("%s %s “%s”; %s %s “%s”", a.Name(), says, cut(x.TextA), b.Name(), says, cut(x.TextB)),
			Refs: []record.Ref{x.RefA, x.RefB},
		})
	}
	return out
}

// cut keeps the first words of a passage.
func cut(s string) string {
	words := strings.Fields(s)
	if len(words) <= 2*LongPassage {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:2*LongPassage], " ") + " …"
}
