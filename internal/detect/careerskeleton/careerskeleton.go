// Package careerskeleton asks whether two people claim one career in different words.
package careerskeleton

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

// Detector reports A42.
var Detector = &detect.Detector{
	ID:       "career-skeleton",
	Doc:      doc,
	Signals:  []signal.ID{"A42"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.HistoryItems}},
	Run:      run,
}

const shown = 5 // entries that the evidence quotes

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeSkeleton) {
			others := pass.Others(e, x)
			if len(others) == 0 {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A42", Subject: x.ID, Strength: signal.Medium,
				Summary:    fmt.Sprintf("The career has the skeleton of that of %s: %s, in whatever words.", detect.Count(len(others)), e.Label),
				Evidence:   append(pass.Quote(e.Passages, shown, "claims"), beside(pass, e, x)...),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}

// beside adds what else of the structure the same two share: the order of skills, a
// school, whoever made the files.
func beside(pass *detect.Pass, e *identity.Edge, x *identity.Persona) []finding.Evidence {
	var out []finding.Evidence
	for o := range pass.Edges(x.ID, identity.EdgeSkills, identity.EdgeEducation, identity.EdgeFileMaker) {
		both := true
		for _, h := range e.Holders {
			both = both && o.Has(h.Persona)
		}
		if !both {
			continue
		}
		say := map[identity.EdgeKind]string{identity.EdgeSkills: "both name ", identity.EdgeEducation: "both claim ", identity.EdgeFileMaker: "the files of both name the author or editor "}[o.Kind]
		var refs []record.Ref
		for _, h := range e.Holders {
			refs = append(refs, o.End(h.Persona).Refs...)
		}
		out = append(out, finding.Evidence{Text: say + o.Label, Refs: refs})
	}
	return out
}
