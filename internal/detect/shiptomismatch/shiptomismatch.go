// Package shiptomismatch asks whether equipment went far from where its user says to live.
package shiptomismatch

import (
	"context"
	_ "embed"
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

// Detector reports O01.
var Detector = &detect.Detector{
	ID:       "ship-to-mismatch",
	Doc:      doc,
	Signals:  []signal.ID{"O01"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Shipments, record.Engagements}, {record.Shipments, record.Personas}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		homes := detect.Homes(x)
		compared := false
		for _, s := range x.Records.Shipments {
			if s.ShipTo.IsZero() {
				continue
			}
			home, known := elsewhere(pass, atlas, x, homes, s)
			compared = compared || known
			if home != nil && !explained(pass, x, s) {
				pass.Report(report(pass, x, s, home))
			}
		}
		if !compared {
			pass.NotAssessed(x.ID, "records")
		}
	}
	return nil
}

// elsewhere returns the home of x if the parcel went far from every home of x, and
// whether that could be told.
func elsewhere(pass *detect.Pass, atlas *detect.Atlas, x *identity.Persona, homes []detect.Home, s *record.Shipment) (*detect.Home, bool) {
	var apart *detect.Home
	for i, h := range homes {
		if detect.SameUnit(h.Address, s.ShipTo) {
			return nil, true
		}
		far, known := atlas.Far(x.Country, h.Address, s.ShipTo)
		switch {
		case known && !far:
			return nil, true
		case far && apart == nil:
			apart = &homes[i]
		}
	}
	return apart, apart != nil
}

// explained reports whether something declared or agreed makes the delivery
// ordinary: shared housing, a hub, a known move or stay, the agreed place of work.
func explained(pass *detect.Pass, x *identity.Persona, s *record.Shipment) bool {
	at := s.ShippedAt.Time()
	if s.ShippedAt.IsZero() {
		at = s.DeliveredAt.Time()
	}
	if pass.DeclaredAddress(s.ShipTo, at) || pass.Away(x, at, detect.PlaceOf(s.ShipTo)) {
		return true
	}
	return slices.ContainsFunc(x.Records.Engagements, func(e *record.Engagement) bool {
		return e.WorkLocation.City != "" && match.Fold(e.WorkLocation.City) == match.Fold(s.ShipTo.City)
	})
}

func report(pass *detect.Pass, x *identity.Persona, s *record.Shipment, home *detect.Home) finding.Finding {
	f := finding.Finding{
		Signal: "O01", Subject: x.ID, Strength: signal.Medium,
		Summary: "Equipment was sent to an address far from the home on file.",
		Evidence: []finding.Evidence{
			{Text: "the parcel of " + x.Name() + " was sent to " + label(s.ShipTo), Refs: []record.Ref{s.Ref}},
			{Text: "the home on file is in " + label(home.Address), Refs: []record.Ref{home.Ref}},
		},
		Absent:     pass.Missing("travel"),
		ObservedAt: s.ShippedAt.Time(),
	}
	for e := range pass.Edges(x.ID, identity.EdgeShipTo) {
		if slices.Contains(e.End(x.ID).Refs, s.Ref) {
			f.Place = e.Key // one fact with the others who get parcels there
		}
	}
	return f
}

func label(a record.Address) string {
	if l := match.Address(a).Label; l != "" {
		return l
	}
	return "another place"
}
