// Package rehire asks whether a new persona shares something with a confirmed case.
package rehire

import (
	"context"
	_ "embed"
	"fmt"
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

// Detector reports H01.
var Detector = &detect.Detector{
	ID:       "rehire",
	Doc:      doc,
	Signals:  []signal.ID{"H01"},
	Subjects: detect.Staff | detect.Candidates,
	Run:      run,
}

// window is how long after a case new personas are compared with it (catalogue, H01),
// and lead how long before its end the next one may already have applied.
const (
	window = 2 * 365 * 24 * time.Hour
	lead   = 180 * 24 * time.Hour
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		if _, confirmed := pass.Confirmed(x); confirmed || pass.Victim(x) {
			continue
		}
		var links []detect.CaseLink
		for _, l := range pass.CaseLinks(x) {
			if follows(x, l) {
				links = append(links, l)
			}
		}
		if len(links) == 0 || mayBeTheRealPerson(x, links) {
			continue
		}
		pass.Report(about(pass, x, links))
	}
	return nil
}

// follows reports whether x came in the two years from the case, or shortly before
// its end. Without dates on either side it may have.
func follows(x *identity.Persona, l detect.CaseLink) bool {
	end := l.At
	if !l.Case.End.IsZero() {
		end = l.Case.End.Last()
	}
	came := cameAt(x)
	if end.IsZero() || came.IsZero() {
		return true
	}
	d := came.Sub(end)
	return d >= -lead && d <= window
}

// cameAt is when the newest application of x came in, else when x started.
func cameAt(x *identity.Persona) time.Time {
	var t time.Time
	for _, a := range x.Records.Applications {
		if at := a.AppliedAt.Time(); at.After(t) {
			t = at
		}
	}
	if t.IsZero() && !x.Start.IsZero() {
		t = x.Start.First()
	}
	return t
}

// mayBeTheRealPerson reports whether all that x shares with the cases is what an
// identity is copied with, under the same name: the victim of the case looks so.
func mayBeTheRealPerson(x *identity.Persona, links []detect.CaseLink) bool {
	return !slices.ContainsFunc(links, func(l detect.CaseLink) bool { return !detect.Copied(l.Edge.Kind) || !sameName(x, l.Case) })
}

func sameName(x, y *identity.Persona) bool {
	return slices.ContainsFunc(x.Names, func(a string) bool {
		return slices.ContainsFunc(y.Names, func(b string) bool { return match.ParseName(a).Relate(match.ParseName(b)).Agree() })
	})
}

func about(pass *detect.Pass, x *identity.Persona, links []detect.CaseLink) finding.Finding {
	var what []string
	f := finding.Finding{Signal: "H01", Subject: x.ID, Strength: signal.Strong, ObservedAt: cameAt(x)}
	for _, l := range links {
		name := strings.ReplaceAll(string(l.Edge.Kind), "_", " ")
		if !slices.Contains(what, name) {
			what = append(what, name)
		}
		f.With = append(f.With, l.Case.ID)
		f.Evidence = append(f.Evidence, pass.Ends(l.Edge, x, []identity.Holder{l.Edge.End(l.Case.ID)}, "has "+name+" "+l.Edge.Label)...)
	}
	slices.Sort(f.With)
	f.With = slices.Compact(f.With)
	f.Evidence = append(f.Evidence, ended(links)...)
	f.Summary = fmt.Sprintf("Shares %s with %s that was confirmed as a case.", strings.Join(what, " and "), count(len(f.With)))
	return f
}

func count(n int) string {
	if n == 1 {
		return "a persona"
	}
	return fmt.Sprintf("%d personas", n)
}

// ended names the ends of the cases' engagements, each once.
func ended(links []detect.CaseLink) []finding.Evidence {
	var out []finding.Evidence
	seen := map[identity.PersonaID]bool{}
	for _, l := range links {
		if seen[l.Case.ID] {
			continue
		}
		seen[l.Case.ID] = true
		for _, g := range l.Case.Records.Engagements {
			if !g.End.IsZero() {
				out = append(out, finding.Evidence{Text: fmt.Sprintf("the engagement of %s ended on %s", l.Case.Name(), g.End), Refs: []record.Ref{g.Ref}})
			}
		}
	}
	return out
}
