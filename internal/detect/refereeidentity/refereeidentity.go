// Package refereeidentity asks whether a referee is somebody else of these records.
package refereeidentity

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

// Detector reports R01.
var Detector = &detect.Detector{
	ID:       "referee-identity",
	Doc:      doc,
	Signals:  []signal.ID{"R01"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.References}, {record.Personas}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		known := len(x.Records.References)+len(x.Records.Vouches) > 0
		for e := range pass.Edges(x.ID, identity.EdgeRefereeOwner) {
			known = true
			borrowed(pass, x, e)
		}
		if !known {
			pass.NotAssessed(x.ID, "records")
		}
		for e := range pass.Edges(x.ID, identity.EdgeRefereePhone, identity.EdgeRefereeEmail, identity.EdgeReferenceIP) {
			own(pass, x, e)
		}
	}
	return nil
}

// borrowed reports a referee who uses a contact of a third person, on the candidate
// and on the owner of the contact.
func borrowed(pass *detect.Pass, x *identity.Persona, e *identity.Edge) {
	candidate, owner := pass.View.Persona(e.Holders[0].Persona), pass.View.Persona(e.Holders[1].Persona)
	if candidate == nil || owner == nil || e.OpenHome || pass.SameHousehold(candidate, owner) || oneFirm(candidate, owner, e) {
		return
	}
	f := finding.Finding{
		Signal: "R01", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("A referee of this person uses a contact of somebody else: %s.", e.Label),
		With:       []identity.PersonaID{owner.ID},
		ObservedAt: detect.Latest(e.Holders),
		Evidence: []finding.Evidence{
			{Text: fmt.Sprintf("the referee of %s uses: %s", candidate.Name(), e.Label), Refs: e.Holders[0].Refs},
			{Text: "it belongs to " + owner.Name(), Refs: e.Holders[1].Refs},
		},
	}
	if x.ID == owner.ID {
		f.Summary = fmt.Sprintf("A contact of this person is used by the referee of somebody else under another name: %s.", e.Label)
		f.With = []identity.PersonaID{candidate.ID}
	}
	pass.Report(f)
}

// oneFirm reports whether the owner is another referee who speaks for the same
// employer: colleagues may share a mailbox.
func oneFirm(candidate, owner *identity.Persona, e *identity.Edge) bool {
	if owner.Queue != identity.Referee {
		return false
	}
	for _, r := range candidate.Records.References {
		if !slices.Contains(e.Holders[0].Refs, r.Ref) {
			continue
		}
		firm := match.Org(r.Referee.Company)
		return firm == "" || slices.ContainsFunc(owner.Records.Vouches, func(v *record.Reference) bool { return match.Org(v.Referee.Company) == firm })
	}
	return false
}

// own reports a referee who uses a contact of the very person they vouch for.
func own(pass *detect.Pass, x *identity.Persona, e *identity.Edge) {
	for v := range pass.Edges(x.ID, identity.EdgeVouch) {
		referee := pass.View.Persona(v.Holders[0].Persona)
		if v.Holders[1].Persona != x.ID || referee == nil || referee.Queue != identity.Referee || !e.Has(referee.ID) {
			continue
		}
		pass.Report(finding.Finding{
			Signal: "R01", Subject: x.ID, Strength: signal.Strong,
			Summary:    fmt.Sprintf("The referee uses a contact of the person vouched for: %s.", e.Label),
			With:       []identity.PersonaID{referee.ID},
			ObservedAt: detect.Latest(e.Holders),
			Evidence: []finding.Evidence{
				{Text: fmt.Sprintf("the referee %s uses: %s", referee.Name(), e.Label), Refs: e.End(referee.ID).Refs},
				{Text: x.Name() + " uses it too", Refs: e.End(x.ID).Refs},
			},
		})
	}
}
