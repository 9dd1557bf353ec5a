// Package sharedphoto asks whether two people present themselves with one picture.
package sharedphoto

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports A11. It compares pictures, not faces.
var Detector = &detect.Detector{
	ID:       "shared-photo",
	Doc:      doc,
	Signals:  []signal.ID{"A11"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Documents}, {record.Personas}},
	Run:      run,
}

// named is how many of the others the evidence spells out; With names all.
const named = 8

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		if !pictured(x) {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		var others []identity.Holder
		var own finding.Evidence
		var shown []finding.Evidence
		for e := range pass.Edges(x.ID, identity.EdgePhoto) {
			for _, h := range pass.Others(e, x) {
				y := pass.View.Persona(h.Persona)
				if oneName(x, y) || slices.ContainsFunc(others, func(o identity.Holder) bool { return o.Persona == h.Persona }) {
					continue
				}
				others = append(others, h)
				shown = append(shown, finding.Evidence{Text: fmt.Sprintf("%s uses the same picture (%s)", y.Name(), e.Label), Refs: h.Refs})
				for _, ref := range e.End(x.ID).Refs {
					if !slices.Contains(own.Refs, ref) {
						own.Refs = append(own.Refs, ref)
					}
				}
			}
		}
		if len(others) == 0 {
			continue
		}
		own.Text = x.Name() + " uses a picture that others use too"
		slices.SortFunc(own.Refs, record.Ref.Compare)
		pass.Report(finding.Finding{
			Signal: "A11", Subject: x.ID, Strength: signal.Strong,
			Summary:    fmt.Sprintf("The picture in the file or profile is also that of %s.", detect.Count(len(others))),
			Evidence:   append([]finding.Evidence{own}, shown[:min(len(shown), named)]...),
			With:       detect.IDs(others),
			ObservedAt: detect.Latest(others),
		})
	}
	return nil
}

// pictured reports whether there is a picture of x to compare.
func pictured(x *identity.Persona) bool {
	return slices.ContainsFunc(x.Records.Claims, func(c *record.Persona) bool { return c.PhotoHash != "" }) ||
		slices.ContainsFunc(x.Records.Documents, func(d *record.Document) bool { return len(d.ImageHashes) > 0 })
}

// oneName reports whether the two go by one name, perhaps written differently: one
// person applying again under another address (ruling 4).
func oneName(x, y *identity.Persona) bool {
	return slices.ContainsFunc(x.Names, func(a string) bool {
		return slices.ContainsFunc(y.Names, func(b string) bool { return match.Names(a, b) >= match.NameVariant })
	})
}
