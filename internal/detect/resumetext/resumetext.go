// Package resumetext asks whether two people tell the same life in the same words.
package resumetext

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
//
// A fifth of the shorter one is what is left of a copy of which half was replaced, often
// in short passages: there the runs of words count that few others have.
const (
	contained = 0.15
	part      = 0.30
	near      = 0.55
	same      = 0.80
	manyWords = 3 * detect.LongPassage
	mostWords = 6 * detect.LongPassage
	shown     = 3 // passages that the evidence quotes
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeResumeText) {
			others := pass.Others(e, x)
			long, words := detect.LongPassages(e)
			if len(others) == 0 || !copied(e, words) {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A09", Subject: x.ID, Strength: signal.Strong, Upper: e.Similarity >= same,
				Summary: fmt.Sprintf("The résumé tells the same work history in the same words as that of %s (%.0f %% alike after common phrases are left out; %.0f %% of the shorter one stands in the other).",
					detect.Count(len(others)), 100*e.Similarity, 100*e.Containment),
				Evidence:   append(pass.Ends(e, x, others, "hands in this text"), pass.Quote(long, shown, "writes")...),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}

// copied reports whether a text is alike enough for the words that agree in long
// passages.
func copied(e *identity.Edge, words int) bool {
	switch {
	case e.Similarity >= same:
		return true
	case e.Similarity >= near:
		return words >= manyWords
	}
	return (e.Similarity >= part || e.Containment >= contained) && max(words, e.Shared) >= mostWords
}
