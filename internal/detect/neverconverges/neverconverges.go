// Package neverconverges asks whether laptop, sign-ins and claimed home ever meet.
package neverconverges

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

// Detector reports W08.
var Detector = &detect.Detector{
	ID:       "never-converges",
	Doc:      doc,
	Signals:  []signal.ID{"W08"},
	Subjects: detect.Staff,
	Needs:    detect.AnyOf{{record.Sessions, record.Devices}, {record.Sessions, record.NetworkObs}, {record.Sessions}},
	Run:      run,
}

const (
	minDays   = 20  // days of observation (catalogue, W08): so many with a place of the laptop ...
	minSeen   = 4   // ... or so many within as long a time, as weekly host lists give
	minShare  = 0.8 // of them far from home (catalogue, W08)
	someShare = 0.2 // of the days with a further place: more than a trip
	minBoth   = 4   // days with laptop and sign-in to compare
)

func run(_ context.Context, pass *detect.Pass) error {
	atlas := pass.Atlas()
	for x := range pass.Each() {
		claims := pass.Claims(x)
		if pass.Remote(x) || len(claims) == 0 {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		exits := exits(pass, x)
		days := deviceDays(pass, atlas, x, claims, exits)
		if !enough(days) {
			pass.NotAssessed(x.ID, "records")
			continue
		}
		far, ok := systematic(days)
		if !ok {
			continue
		}
		signIns(pass, atlas, x, claims, exits, days)
		if f, ok := judge(pass, x, days, far); ok {
			pass.Report(f)
		}
	}
	return nil
}

// enough reports whether the laptop was placed often enough to speak of a habit.
func enough(days []day) bool {
	if len(days) < minSeen {
		return false
	}
	span := days[len(days)-1].at.Sub(days[0].at)
	return len(days) >= minDays || span >= minDays*24*time.Hour
}

// judge reports a laptop that is systematically away from home while the sign-ins
// are away from home too. They may be at a third place, which never happens to
// somebody who moved, or with the laptop.
func judge(pass *detect.Pass, x *identity.Persona, days []day, far int) (f finding.Finding, ok bool) {
	both, apart, away, elsewhere := 0, 0, 0, 0
	var third *day
	for i := range days {
		d := &days[i]
		if d.signInApart || d.signInWith {
			both++
			if !d.signInWith {
				apart++
				third = d
			}
			if d.signInFar && !d.signInNear {
				away++
			}
			if d.signInElsewhere {
				elsewhere++
			}
		}
	}
	if both < minBoth {
		return f, false
	}
	last := &days[len(days)-1]
	f = finding.Finding{
		Signal: "W08", Subject: x.ID, Strength: signal.Strong, Absent: pass.Missing("travel", "vdi", "presence"), ObservedAt: last.at,
		Evidence: []finding.Evidence{
			{
				Text: fmt.Sprintf("On %d of %d days the laptop was far from the claimed %s, last on %s in %s", far, len(days), detect.Where(last.claim), last.at.Format(time.DateOnly), detect.Where(last.device)),
				Refs: []record.Ref{last.deviceRef, last.claimedRef},
			},
		},
	}
	switch {
	case share(apart, both) >= minShare && share(away, both) >= minShare:
		f.Upper = true
		f.Summary = fmt.Sprintf("Laptop, sign-ins and claimed home are at three places, on %d of %d days.", apart, both)
	case share(apart, both) >= minShare:
		f.Summary = fmt.Sprintf("The laptop is far from the claimed home while the sign-ins come from elsewhere, on %d of %d days.", apart, both)
	case share(away, both) >= minShare && share(elsewhere, both) >= someShare:
		f.Summary = fmt.Sprintf("The laptop is never at the claimed home, and on %d of %d days sign-ins came from a further place as well.", elsewhere, both)
		return f, true
	case share(away, both) >= minShare:
		f.Strength = signal.Medium // they meet each other: a place, not a contradiction (twin B11)
		f.Summary = "Laptop and sign-ins agree with each other and never with the claimed home: perhaps a move that was not reported."
		return f, true
	default:
		return f, false
	}
	f.Evidence = append(f.Evidence, finding.Evidence{
		Text: fmt.Sprintf("On %d of %d days the sign-ins did not come from where the laptop was, last on %s from %s", apart, both, third.at.Format(time.DateOnly), detect.Where(third.signIn)),
		Refs: []record.Ref{third.signInRef},
	})
	return f, true
}
