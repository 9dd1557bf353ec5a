// Package sharedshipto asks whether equipment of unrelated hires went to one place.
package sharedshipto

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports O03.
var Detector = &detect.Detector{
	ID:       "shared-ship-to",
	Doc:      doc,
	Signals:  []signal.ID{"O03"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Shipments}},
	Run:      run,
}

const (
	months = 24 // parcels further apart may belong to two tenants (catalogue, O03)
	upper  = 3  // hires at one place that no shared flat explains
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeShipTo) {
			if e.OpenHome {
				continue // people who live together get their parcels at one door
			}
			others := near(e.End(x.ID), pass.Others(e, x))
			others = slices.DeleteFunc(others, func(h identity.Holder) bool { return doorstep(pass.View.Persona(h.Persona), e) == nowhere })
			own, n := doorstep(x, e), 1+pass.Households(others)
			if own == nowhere || n < 2 || own == business && n < upper {
				continue
			}
			f := finding.Finding{
				Signal: "O03", Subject: x.ID, Strength: signal.Strong, Upper: n >= upper,
				Summary:    fmt.Sprintf("Equipment went to an address to which that of %s went too, and which is not the home of all of them.", detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "had equipment sent to "+e.Label),
				With:       detect.IDs(others),
				Place:      e.Key,
				ObservedAt: detect.Latest(append(slices.Clone(others), e.End(x.ID))),
			}
			if !pass.Baseline.Sources["homes"] {
				f.Absent = []string{"homes"}
			}
			pass.Report(f)
		}
	}
	return nil
}

// Kinds of doors to which a person's parcels went at a place.
const (
	nowhere  = iota // none went there, or only to a shop for pick-up that everybody uses
	business        // to an office or mailbox that several may use
	door
)

// doorstep says to what kind of door parcels of x went at the place of an edge.
// People who only claim the place as home are ends of the edge as well.
func doorstep(x *identity.Persona, e *identity.Edge) int {
	building, _, _ := strings.Cut(e.Key, "#")
	best := nowhere
	for _, s := range x.Records.Shipments {
		if match.Address(s.ShipTo).Building != building {
			continue
		}
		switch s.DeliveryType {
		case "pickup_point":
		case "business":
			best = max(best, business)
		default:
			best = door
		}
	}
	return best
}

// near keeps the holders whose parcel came within the period; undated parcels count.
func near(own identity.Holder, others []identity.Holder) []identity.Holder {
	return slices.DeleteFunc(others, func(h identity.Holder) bool {
		if h.At.IsZero() || own.At.IsZero() {
			return false
		}
		early, late := own.At, h.At
		if late.Before(early) {
			early, late = late, early
		}
		return early.AddDate(0, months, 0).Before(late)
	})
}
