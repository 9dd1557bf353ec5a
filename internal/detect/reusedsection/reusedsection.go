// Package reusedsection asks whether a part of what somebody hands in stands in the same
// words in what somebody else hands in.
package reusedsection

import (
	"context"
	_ "embed"
	"fmt"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports A43.
var Detector = &detect.Detector{
	ID:       "reused-section",
	Doc:      doc,
	Signals:  []signal.ID{"A43"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.HistoryItems}, {record.Documents}, {record.Applications}},
	Run:      run,
}

// Shorter passages agree by chance; a sentence or two may come from an advertisement.
// Of a whole résumé what is alike in most of it is another detector's finding
// (resume-text); here is what is left of a copy that was rewritten for the better part.
// Unrelated résumés share at most 25 runs of five words that few others have, and 7 %.
const (
	manyWords = 3 * detect.LongPassage
	mostWords = 6 * detect.LongPassage
	rest      = 0.30
	runs      = 32
	shown     = 3 // passages that the evidence quotes
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		told := map[identity.PersonaID]bool{} // whole résumés come last: what is said of a job need not be said again
		for _, kind := range []identity.EdgeKind{identity.EdgeSectionText, identity.EdgeLetterText, identity.EdgeResumeText} {
			for e := range pass.Edges(x.ID, kind) {
				others := pass.Others(e, x)
				long, words := detect.LongPassages(e)
				if len(others) != 1 || !reused(e, words) || kind == identity.EdgeResumeText && told[others[0].Persona] {
					continue
				}
				told[others[0].Persona] = true
				report(pass, e, x, others, long)
			}
		}
	}
	return nil
}

func report(pass *detect.Pass, e *identity.Edge, x *identity.Persona, others []identity.Holder, long []identity.Passage) {
	what := "A part of the résumé"
	if e.Kind == identity.EdgeLetterText {
		what = "A letter or answer"
	}
	pass.Report(finding.Finding{
		Signal: "A43", Subject: x.ID, Strength: signal.Medium,
		Summary: fmt.Sprintf("%s has the same words as that of %s (%.0f %% of the shorter one, after common phrases are left out).",
			what, detect.Count(len(others)), 100*e.Containment),
		Evidence:   append(pass.Ends(e, x, others, "hands in this text"), pass.Quote(long, shown, "writes")...),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(e.Holders),
	})
}

// reused reports whether enough agrees. words are those of long passages.
func reused(e *identity.Edge, words int) bool {
	if e.Kind == identity.EdgeResumeText {
		return e.Similarity < rest && e.Shared >= runs && max(e.Shared, words) < mostWords
	}
	return words >= manyWords
}
