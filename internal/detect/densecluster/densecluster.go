// Package densecluster asks whether somebody stands beside people whom something
// else joins to each other.
package densecluster

import (
	"context"
	_ "embed"
	"fmt"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports N01.
var Detector = &detect.Detector{
	ID:       "dense-cluster",
	Doc:      doc,
	Signals:  []signal.ID{"N01"},
	Subjects: detect.Staff | detect.Candidates,
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeCluster) {
			own := e.Holders[0]
			if own.Persona != x.ID {
				continue // the others' link is their own finding
			}
			others := pass.Others(e, x)
			if len(others) < 2 {
				continue
			}
			f := finding.Finding{
				Signal: "N01", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("Shares one thing with %s, whom something else joins to each other.", detect.Count(len(others))),
				Evidence:   []finding.Evidence{{Text: fmt.Sprintf("%s shares with each of them: %s", x.Name(), own.Note), Refs: own.Refs}},
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			}
			for _, h := range others[:min(len(others), 8)] {
				f.Evidence = append(f.Evidence, finding.Evidence{Text: pass.View.Persona(h.Persona).Name() + " is joined to another of them by " + h.Note, Refs: h.Refs})
			}
			pass.Report(f)
		}
	}
	return nil
}
