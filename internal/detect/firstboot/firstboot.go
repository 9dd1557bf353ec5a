// Package firstboot asks whether a laptop woke up where it was delivered.
package firstboot

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports O04.
var Detector = &detect.Detector{
	ID:       "first-boot",
	Doc:      doc,
	Signals:  []signal.ID{"O04"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Shipments, record.Devices}, {record.Shipments, record.Sessions}},
	Run:      run,
}

const (
	window  = 7 * 24 * time.Hour  // after delivery (catalogue, O04)
	returns = 30 * 24 * time.Hour // seen at the delivery place by then, it was a trip
	farKM   = 300                 // within a country; address databases err by less
)

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		if len(x.Records.Shipments) == 0 {
			continue
		}
		devices := pass.Sightings(x)
		keys := detect.DeviceKeys(x)
		for _, s := range x.Records.Shipments {
			if f, ok := awayFromDelivery(pass, atlas, x, s, keys, devices); ok {
				pass.Report(f)
			}
		}
	}
	return nil
}

// awayFromDelivery compares the sightings after a delivery with its place.
func awayFromDelivery(pass *detect.Pass, atlas *detect.Atlas, x *identity.Persona, s *record.Shipment, keys *detect.Keys, devices []detect.Sighting) (f finding.Finding, found bool) {
	to := s.DeliveredPlace
	if to.IsZero() {
		to = detect.Placed(x, s.ShipTo)
	}
	from, until := s.DeliveredAt.Time(), s.DeliveredAt.Time().Add(window)
	if s.DeliveredAt.IsZero() { // only the day of sending is known
		from, until = s.ShippedAt.Time(), s.ShippedAt.Time().Add(2*window)
	}
	if to.IsZero() || from.IsZero() {
		return f, false
	}
	var first *detect.Sighting
	gap, km := detect.GapUnknown, -1.0
	for i := range devices {
		d := &devices[i]
		if d.At.Before(from) || d.At.After(until.Add(returns)) || s.DeviceKey != "" && d.Device != "" && keys.Of(d.Device) != keys.Of(s.DeviceKey) {
			continue
		}
		g, far := atlas.Between(to, d.Place)
		switch {
		case g == detect.GapNear:
			return f, false // it arrived, before or after a trip
		case g == detect.GapUnknown || g == detect.GapRegion && far <= farKM && far >= 0 || first != nil || d.At.After(until):
		case pass.Away(x, d.At, d.Place) || d.Net.Shared != "" || d.Net.Hosting:
		default:
			first, gap, km = d, g, far
		}
	}
	if first == nil {
		return f, false
	}
	f = describe(pass, x, s, to, from, first, gap, km)
	if home, _, _ := atlas.FromClaims(pass.Claims(x), first.At, first.Place); home == detect.GapNear {
		f.Strength = signal.Weak
		f.Summary = "The laptop first came online at the claimed home, far from where the parcel was delivered."
	}
	return f, true
}

func describe(pass *detect.Pass, x *identity.Persona, s *record.Shipment, to record.Place, from time.Time, first *detect.Sighting, gap detect.Gap, km float64) finding.Finding {
	strength, differs := signal.Weak, "another region"
	if gap == detect.GapCountry {
		strength, differs = signal.Strong, "another country"
	}
	distance := ""
	if km >= 0 {
		distance = fmt.Sprintf(", %.0f km away", km)
	}
	return finding.Finding{
		Signal: "O04", Subject: x.ID, Strength: strength,
		Summary: "The laptop first came online in " + differs + " than the one it was delivered in.",
		Evidence: []finding.Evidence{
			{Text: fmt.Sprintf("The parcel went to %s on %s", detect.Where(to), from.Format(time.DateOnly)), Refs: []record.Ref{s.Ref}},
			{Text: fmt.Sprintf("First seen on %s in %s%s", first.At.Format(time.DateOnly), detect.Where(first.Place), distance), Refs: []record.Ref{first.Ref}},
		},
		Absent:     pass.Missing("travel"),
		ObservedAt: first.At,
	}
}
