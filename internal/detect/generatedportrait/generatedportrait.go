// Package generatedportrait asks whether a picture in an applicant's file says of
// itself that a model made or changed it.
package generatedportrait

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports A12. It reads what a picture file says of its making, and never
// judges what the picture shows.
var Detector = &detect.Detector{
	ID:       "generated-portrait",
	Doc:      doc,
	Signals:  []signal.ID{"A12"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Documents}},
	Run:      run,
}

// generated is the mark of a picture that a model made or changed.
const generated = "generated"

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		var marked []*record.Document
		pictured := false
		for _, d := range x.Records.Documents {
			if !portrait(d) {
				continue
			}
			pictured = pictured || len(d.ImageHashes)+len(d.ImageMarks) > 0
			if slices.Contains(d.ImageMarks, generated) && !template(pass, x, d) {
				marked = append(marked, d)
			}
		}
		switch {
		case !pictured:
			pass.NotAssessed(x.ID, "records")
		case len(marked) > 0:
			pass.Report(report(x, marked))
		}
	}
	return nil
}

func report(x *identity.Persona, marked []*record.Document) finding.Finding {
	f := finding.Finding{
		Signal: "A12", Subject: x.ID, Strength: signal.Medium,
		Summary: "A picture in the file says of itself that a model made or changed it.",
	}
	for _, d := range marked {
		what := d.DocumentKind
		if what == "" {
			what = "document"
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Text: fmt.Sprintf("a picture in the %s of %s is marked as made or changed by a model", what, x.Name()), Refs: []record.Ref{d.Ref}})
		if t := d.ReceivedAt.Time(); t.After(f.ObservedAt) {
			f.ObservedAt = t
		}
	}
	return f
}

// portrait reports whether the pictures of a document can be of the one who hands it
// in. A portfolio shows products, a diploma its school.
func portrait(d *record.Document) bool {
	switch d.DocumentKind {
	case "", "cv", "cover_letter", "id_document":
		return true
	}
	return false
}

// template reports whether the pictures of a document are public: those of a résumé
// template that many people use.
func template(pass *detect.Pass, x *identity.Persona, d *record.Document) bool {
	return slices.ContainsFunc(pass.View.EdgesOf(x.ID), func(e *identity.Edge) bool {
		return e.Kind == identity.EdgePhoto && e.Suppressed != "" && slices.Contains(e.End(x.ID).Refs, d.Ref)
	})
}
