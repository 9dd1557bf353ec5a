// Package redirectedparcel asks whether a parcel was sent on to somewhere else than home.
package redirectedparcel

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strings"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports O02.
var Detector = &detect.Detector{
	ID:       "redirected-parcel",
	Doc:      doc,
	Signals:  []signal.ID{"O02"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Shipments}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		homes := detect.Homes(x)
		for _, s := range x.Records.Shipments {
			how := redirected(atlas, x, s)
			if how == "" {
				continue
			}
			to := destination(s)
			at := cmp.Or(s.AddressChangedAt, s.DeliveredAt, s.ShippedAt, s.ObservedAt).Time()
			if pass.DeclaredAddress(to, at) || pass.Away(x, at, detect.PlaceOf(to)) {
				continue
			}
			away, abroad := fromHome(atlas, x, homes, to)
			if !away {
				continue
			}
			f := report(x, s, how, to, abroad, at)
			if len(homes) == 0 {
				f.Absent = []string{"homes"}
			}
			pass.Report(f)
		}
	}
	return nil
}

// redirected says how the parcel's way changed after the offer; "" if it did not.
func redirected(atlas *detect.Atlas, x *identity.Persona, s *record.Shipment) string {
	switch {
	case s.Status == "intercepted":
		return "the carrier was told to send it elsewhere"
	case !s.OriginalShipTo.IsZero() && !s.ShipTo.IsZero() && !detect.SameUnit(s.OriginalShipTo, s.ShipTo) && afterOffer(x, s):
		return "its address was changed"
	case !s.AddressChangedAt.IsZero() && s.OriginalShipTo.IsZero() && afterOffer(x, s):
		return "its address was changed"
	}
	if !s.DeliveredPlace.IsZero() && !s.ShipTo.IsZero() {
		if far, known := atlas.Far(x.Country, s.ShipTo, address(s.DeliveredPlace)); known && far {
			return "it was handed over at another place than the one on the label"
		}
	}
	return ""
}

// afterOffer reports whether the change came between the offer and the delivery. A
// change without a date counts as in between; without an offer it counts from the label on.
func afterOffer(x *identity.Persona, s *record.Shipment) bool {
	if s.AddressChangedAt.IsZero() {
		return true
	}
	if s.DeliveredAt.Before(s.AddressChangedAt) {
		return false
	}
	offers := slices.DeleteFunc(slices.Clone(x.Records.Applications), func(a *record.Application) bool { return a.OfferedAt.IsZero() })
	if len(offers) == 0 {
		return true
	}
	return slices.ContainsFunc(offers, func(a *record.Application) bool { return !s.AddressChangedAt.Before(a.OfferedAt) })
}

// destination is where the parcel ended, as far as known: the place of delivery,
// within whose city the address on the label is kept.
func destination(s *record.Shipment) record.Address {
	if p := s.DeliveredPlace; p.City != "" && match.Fold(p.City) != match.Fold(s.ShipTo.City) {
		return address(p)
	}
	if s.Status == "intercepted" && s.DeliveredPlace.IsZero() && s.OriginalShipTo.IsZero() {
		return record.Address{} // the label still shows the old address
	}
	return s.ShipTo
}

func address(p record.Place) record.Address {
	return record.Address{City: p.City, Region: p.Region, Country: p.Country}
}

// fromHome reports whether the destination is no home of x nor a place in the city
// of one (a parcel held at a shop during a holiday), and whether it is known to lie
// far from all of them and in another country.
func fromHome(atlas *detect.Atlas, x *identity.Persona, homes []detect.Home, to record.Address) (away, abroad bool) {
	abroad = len(homes) > 0 && to.Country != ""
	for _, h := range homes {
		if detect.SameUnit(h.Address, to) || to.City != "" && match.Fold(h.Address.City) == match.Fold(to.City) {
			return false, false
		}
		far, known := atlas.Far(x.Country, h.Address, to)
		if known && !far {
			return false, false
		}
		abroad = abroad && far && h.Address.Country != "" && !strings.EqualFold(h.Address.Country, to.Country)
	}
	return true, abroad
}

func report(x *identity.Persona, s *record.Shipment, how string, to record.Address, abroad bool, at time.Time) finding.Finding {
	f := finding.Finding{
		Signal: "O02", Subject: x.ID, Strength: signal.Medium, ObservedAt: at,
		Summary: "Equipment was redirected to another address than the home on file.",
	}
	if abroad {
		f.Strength = signal.Strong
		f.Summary = "Equipment was redirected to another country than the home on file."
	}
	text := "the parcel of " + x.Name() + ": " + how
	if l := match.Address(to).Label; l != "" {
		text += ", to " + l
	}
	if s.ChangedBy != "" {
		text += ", by " + s.ChangedBy
	}
	f.Evidence = []finding.Evidence{{Text: text, Refs: []record.Ref{s.Ref}}}
	return f
}
