// Package crowdedaddress asks whether several unrelated people sign in from one
// address that is nobody's office.
package crowdedaddress

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports W06.
var Detector = &detect.Detector{
	ID:       "crowded-address",
	Doc:      doc,
	Signals:  []signal.ID{"W06"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Sessions}},
	Run:      run,
}

const (
	minDays = 2                   // one day may be an event
	many    = 3                   // homes, far from each other, behind one address (catalogue, W06: 50 km)
	period  = 30 * 24 * time.Hour // within which they use it
)

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeSignInIP) {
			others := within(e.End(x.ID), pass.Others(e, x))
			others = slices.DeleteFunc(others, func(h identity.Holder) bool { return pass.View.Persona(h.Persona).Queue != identity.Staff })
			if e.OpenHome || e.End(x.ID).Days < minDays || offsite(x, e) || pass.DistantHomes(atlas, append(slices.Clone(others), e.End(x.ID))) < many {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "W06", Subject: x.ID, Strength: signal.Strong,
				Summary:    fmt.Sprintf("Signs in from an address from which %s sign in too; it is no office, carrier or relay.", detect.Count(len(others))),
				Evidence:   pass.Ends(e, x, others, "signed in from "+e.Label),
				With:       detect.IDs(others),
				Place:      e.Key,
				Absent:     pass.Missing("homes", "presence"),
				ObservedAt: detect.Latest(append(slices.Clone(others), e.End(x.ID))),
			})
		}
	}
	return nil
}

// offsite reports whether a presence record says that people met in those days.
func offsite(x *identity.Persona, e *identity.Edge) bool {
	return slices.ContainsFunc(x.Records.Presences, func(p *record.Presence) bool {
		at := p.At.Time()
		return p.PresenceKind == "offsite" && at.After(e.First.Add(-48*time.Hour)) && at.Before(e.Last.Add(48*time.Hour))
	})
}

// within keeps the holders whose use lies within the period of the own one.
func within(own identity.Holder, others []identity.Holder) []identity.Holder {
	return slices.DeleteFunc(others, func(h identity.Holder) bool {
		return !own.At.IsZero() && !h.At.IsZero() && h.At.Sub(own.At).Abs() > period
	})
}
