// Package resumemetadata asks whether a résumé file carries somebody else's traces.
package resumemetadata

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports A10: the shared file id and the foreign author, not the clock.
var Detector = &detect.Detector{
	ID:       "resume-metadata",
	Doc:      doc,
	Signals:  []signal.ID{"A10"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Documents}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeDocumentID, identity.EdgeDocumentName) {
			others := pass.Others(e, x)
			if len(others) == 0 || e.Kind == identity.EdgeDocumentID && !wroteIt(x, e) {
				continue
			}
			f := finding.Finding{
				Signal: "A10", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("The file handed in comes from the same original as that of %s.", detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "hands in: "+e.Label),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			}
			if e.Kind == identity.EdgeDocumentName {
				if !ownsFile(x, e) {
					continue // being named in somebody's file says nothing about the one named
				}
				f.Strength = signal.Medium
				f.Summary = "The file handed in names another person of these records as its author or last editor."
				f.Evidence = named(pass, e, x, others)
			}
			pass.Report(f)
		}
	}
	return nil
}

// wroteIt reports whether the file is one that applicants write. Forms and contracts
// that an employer hands out are the same for everybody, and the number of an
// identity document is another question.
func wroteIt(x *identity.Persona, e *identity.Edge) bool {
	refs := e.End(x.ID).Refs
	return !strings.HasPrefix(e.Key, "number ") && slices.ContainsFunc(x.Records.Documents, func(d *record.Document) bool {
		switch d.DocumentKind {
		case "", "cv", "cover_letter", "portfolio":
			return slices.Contains(refs, d.Ref)
		}
		return false
	})
}

// ownsFile reports whether it is x's file that names somebody else.
func ownsFile(x *identity.Persona, e *identity.Edge) bool {
	refs := e.End(x.ID).Refs
	return slices.ContainsFunc(x.Records.Documents, func(d *record.Document) bool {
		return (d.Author != "" || d.LastEditor != "") && slices.Contains(refs, d.Ref)
	})
}

func named(pass *detect.Pass, e *identity.Edge, x *identity.Persona, others []identity.Holder) []finding.Evidence {
	own := e.End(x.ID)
	text := fmt.Sprintf("%s handed in a file whose properties name %s", x.Name(), e.Label)
	out := []finding.Evidence{{Text: text, Refs: own.Refs}}
	for _, h := range others {
		if len(h.Refs) > 0 {
			out = append(out, finding.Evidence{Text: "that is the name of " + pass.View.Persona(h.Persona).Name(), Refs: h.Refs})
		}
	}
	return out
}
