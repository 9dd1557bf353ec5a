// Package resumetext asks whether two people tell the same life in the same words.
package resumetext

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports A09.
var Detector = &detect.Detector{
	ID:       "resume-text",
	Doc:      doc,
	Signals:  []signal.ID{"A09"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Documents}, {record.HistoryItems}},
	Run:      run,
}

// Estimated Jaccard similarity of the work history (catalogue, A09: 0.55 flag, 0.8
// strong). Below the upper one, texts are alike enough only if as many words
// agree as three passages of twelve have, in passages that are long themselves;
// below the flag, where a master was rewritten in part, only if six have. Unrelated
// résumés share next to nothing once common phrases are left out.
const (
	part      = 0.30
	near      = 0.55
	same      = 0.80
	longWords = 12
	manyWords = 3 * longWords
	mostWords = 6 * longWords
	shown     = 3 // passages that the evidence quotes
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeResumeText) {
			others := pass.Others(e, x)
			long, words := longOnes(e, x.ID)
			if len(others) == 0 || e.Similarity < part || e.Similarity < same && words < manyWords || e.Similarity < near && words < mostWords {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A09", Subject: x.ID, Strength: signal.Strong, Upper: e.Similarity >= same,
				Summary: fmt.Sprintf("The résumé tells the same work history in the same words as that of %s (%.0f %% alike after common phrases are left out).",
					detect.Count(len(others)), 100*e.Similarity),
				Evidence:   append(pass.Ends(e, x, others, "hands in this text"), quote(pass, long)...),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}

// longOnes returns the passages of x that are too long to agree by chance, and how
// many words they have.
func longOnes(e *identity.Edge, x identity.PersonaID) (long []identity.Passage, words int) {
	for _, p := range e.Passages {
		n := min(len(strings.Fields(p.TextA)), len(strings.Fields(p.TextB)))
		if (p.A == x || p.B == x) && n >= longWords {
			long = append(long, p)
			words += n
		}
	}
	return long, words
}

// quote sets matching passages side by side.
func quote(pass *detect.Pass, long []identity.Passage) []finding.Evidence {
	var out []finding.Evidence
	for _, p := range long[:min(len(long), shown)] {
		a, b := pass.View.Persona(p.A), pass.View.Persona(p.B)
		if a == nil || b == nil {
			continue
		}
		out = append(out, finding.Evidence{
			Text: fmt.Sprintf("%s writes “%s”; %s writes “%s”", a.Name(), cut(p.TextA), b.Name(), cut(p.TextB)),
			Refs: []record.Ref{p.RefA, p.RefB},
		})
	}
	return out
}

// cut keeps the first words of a passage.
func cut(s string) string {
	words := strings.Fields(s)
	if len(words) <= 2*longWords {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:2*longWords], " ") + " …"
}
