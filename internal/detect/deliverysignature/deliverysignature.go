// Package deliverysignature asks whether a stranger signed for a person's equipment.
package deliverysignature

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
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

// Detector reports O06.
var Detector = &detect.Detector{
	ID:       "delivery-signature",
	Doc:      doc,
	Signals:  []signal.ID{"O06"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Shipments}},
	Run:      run,
}

// upper is the number of recipients that no mistake explains.
const upper = 3

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		if !slices.ContainsFunc(x.Records.Shipments, func(s *record.Shipment) bool { return s.SignedBy != "" }) {
			pass.NotAssessed(x.ID, "records") // the carrier's proof of delivery is missing
			continue
		}
		told := false
		for e := range pass.Edges(x.ID, identity.EdgeSigner) {
			told = shared(pass, x, e) || told
		}
		if !told {
			stranger(pass, x)
		}
	}
	return nil
}

// shared reports one stranger who signed for parcels of several people.
func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge) bool {
	own := signed(x, e)
	name, _ := match.Signer(e.Label)
	others := slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool {
		theirs := signed(pass.View.Persona(h.Persona), e)
		// A concierge or neighbour signs for everybody in the house, and two strangers
		// may share an initial and a family name: then one of the parcels must have
		// gone elsewhere than home.
		coincidence := own.building == theirs.building || name.HasInitial()
		return coincidence && !own.away && !theirs.away
	})
	if e.OpenHome || len(others) == 0 || pass.CommonHome(x, others) != nil {
		return false
	}
	f := finding.Finding{
		Signal: "O06", Subject: x.ID, Strength: signal.Strong, Upper: 1+pass.Households(others) >= upper,
		Summary:    fmt.Sprintf("Somebody else signed for the equipment, and for that of %s too.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "did not sign for the parcel; the carrier recorded "+e.Label),
		With:       detect.IDs(others),
		Place:      place(pass, x, own.ref),
		ObservedAt: detect.Latest(append(slices.Clone(others), e.End(x.ID))),
	}
	if !pass.Baseline.Sources["homes"] {
		f.Absent = []string{"homes"}
	}
	pass.Report(f)
	return true
}

// delivery is a parcel that somebody else signed for.
type delivery struct {
	ref      record.Ref
	building string
	away     bool // it went elsewhere than to any home of the addressee
}

// signed returns the parcel of an end of the edge, one that went elsewhere than
// home if there is such.
func signed(x *identity.Persona, e *identity.Edge) delivery {
	var d delivery
	for _, s := range x.Records.Shipments {
		if !slices.Contains(e.End(x.ID).Refs, s.Ref) {
			continue
		}
		if away, known := elsewhere(x, s); d.building == "" || away && known && !d.away {
			d = delivery{s.Ref, match.Address(s.ShipTo).Building, away && known}
		}
	}
	return d
}

// elsewhere reports whether a parcel went to none of the homes on file, and
// whether there are any. Flats of one house are one place here: the one who
// signs stands at the front door.
func elsewhere(x *identity.Persona, s *record.Shipment) (away, known bool) {
	building := match.Address(s.ShipTo).Building
	homes := detect.Homes(x)
	return !slices.ContainsFunc(homes, func(h detect.Home) bool { return match.Address(h.Address).Building == building }), len(homes) > 0
}

// stranger reports a parcel that went elsewhere than home and was signed for by
// somebody with another name. At home that is a partner, a relative or a neighbour,
// whose name may be any.
func stranger(pass *detect.Pass, x *identity.Persona) {
	for _, s := range x.Records.Shipments {
		name, ok := match.Signer(s.SignedBy)
		away, known := elsewhere(x, s)
		if !ok || !away || !known || desk(s) || agreed(pass, x, s) || !unlike(name, x.Names) || resident(pass, x, s, name) {
			continue
		}
		homes := detect.Homes(x)
		pass.Report(finding.Finding{
			Signal: "O06", Subject: x.ID, Strength: signal.Medium,
			Summary: "Equipment was delivered elsewhere than home, and somebody with another name signed for it.",
			Evidence: []finding.Evidence{
				{Text: fmt.Sprintf("the parcel of %s to %s was signed for by %q", x.Name(), label(s.ShipTo), s.SignedBy), Refs: []record.Ref{s.Ref}},
				{Text: "that is none of the homes on file; the latest is in " + label(homes[len(homes)-1].Address), Refs: []record.Ref{homes[len(homes)-1].Ref}},
			},
			Place:      place(pass, x, s.Ref),
			Absent:     pass.Missing("travel"),
			ObservedAt: at(s),
		})
		return
	}
}

// desk reports deliveries at which a desk signs for everybody.
func desk(s *record.Shipment) bool {
	switch s.DeliveryType {
	case "business", "pickup_point", "mailbox", "freight_forwarder":
		return true
	}
	return false
}

// agreed reports whether something declared explains where the parcel went.
func agreed(pass *detect.Pass, x *identity.Persona, s *record.Shipment) bool {
	return pass.DeclaredAddress(s.ShipTo, at(s)) || pass.Away(x, at(s), detect.PlaceOf(s.ShipTo)) ||
		slices.ContainsFunc(x.Records.Engagements, func(e *record.Engagement) bool {
			return e.WorkLocation.City != "" && match.Fold(e.WorkLocation.City) == match.Fold(s.ShipTo.City)
		})
}

// unlike reports whether the signer shares no part of a name with any of names.
func unlike(signer match.Name, names []string) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return signer.Relate(match.ParseName(n)) != match.NameDifferent })
}

// resident reports whether the signer is somebody known here who lives where the
// parcel went, or lives with x. What that means is a matter of shared-ship-to.
func resident(pass *detect.Pass, x *identity.Persona, s *record.Shipment, signer match.Name) bool {
	for _, e := range pass.View.EdgesOf(x.ID) {
		if e.Kind != identity.EdgeAddress && (e.Kind != identity.EdgeShipTo || !slices.Contains(e.End(x.ID).Refs, s.Ref)) {
			continue
		}
		for _, h := range e.Others(x.ID) {
			if y := pass.View.Persona(h.Persona); y != nil && !unlike(signer, y.Names) {
				return true
			}
		}
	}
	return false
}

// place returns the key under which the parcel's address is one fact with others
// who get parcels there (ruling 3).
func place(pass *detect.Pass, x *identity.Persona, parcel record.Ref) string {
	for e := range pass.Edges(x.ID, identity.EdgeShipTo) {
		if slices.Contains(e.End(x.ID).Refs, parcel) {
			return e.Key
		}
	}
	return ""
}

func at(s *record.Shipment) time.Time {
	if s.DeliveredAt.IsZero() {
		return s.ShippedAt.Time()
	}
	return s.DeliveredAt.Time()
}

func label(a record.Address) string {
	if l := match.Address(a).Label; l != "" {
		return l
	}
	return "another address"
}
