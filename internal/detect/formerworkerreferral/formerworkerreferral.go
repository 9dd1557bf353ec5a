// Package formerworkerreferral asks whether a worker who had to go brought the next one.
package formerworkerreferral

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

// Detector reports H02.
var Detector = &detect.Detector{
	ID:       "former-worker-referral",
	Doc:      doc,
	Signals:  []signal.ID{"H02"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Applications}, {record.References}, {record.Engagements}},
	Run:      run,
}

// window is the time around the end of the one engagement in which the other
// person must have applied.
const window = 180 * 24 * time.Hour

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		applied := appliedAt(x)
		for e := range pass.Edges(x.ID, identity.EdgeVouch, identity.EdgeReferral) {
			if e.Holders[1].Persona != x.ID {
				continue // x gave the recommendation
			}
			from := pass.View.Persona(e.Holders[0].Persona)
			if from == nil || from.ID == x.ID {
				continue
			}
			how := why(pass, x, from, applied)
			if how == "" {
				continue
			}
			verb := "is recommended"
			if e.Kind == identity.EdgeVouch {
				verb = "is vouched for"
			}
			pass.Report(finding.Finding{
				Signal: "H02", Subject: x.ID, Strength: signal.Medium,
				Summary:    "A former worker " + how + " recommends this person.",
				Evidence:   evidence(e, x, from, verb),
				With:       []identity.PersonaID{from.ID},
				ObservedAt: applied,
			})
		}
	}
	return nil
}

// why says what makes the recommendation remarkable; "" for the ordinary one: by
// somebody who still works here, who left of their own accord and shares nothing
// else with x, or whose end lies far from the application.
func why(pass *detect.Pass, x, from *identity.Persona, applied time.Time) string {
	if detect.Among(from, pass.Settings.Known.Confirmed) {
		return "of a confirmed case"
	}
	if !from.Former || from.End.IsZero() || applied.IsZero() {
		return ""
	}
	if d := applied.Sub(from.End.Last()); d > window || d < -window {
		return ""
	}
	switch reason(from) {
	case "dismissed":
		return "who was dismissed"
	case "voluntary", "contract_end":
		if kind := shares(pass, x, from); kind != "" {
			return fmt.Sprintf("who shares %s with this person", kind)
		}
		return ""
	}
	return "whose engagement ended at about the time of the application"
}

// reason returns why the last engagement ended.
func reason(p *identity.Persona) string {
	var last *record.Engagement
	for _, e := range p.Records.Engagements {
		if !e.End.IsZero() && (last == nil || last.End.Last().Before(e.End.Last())) {
			last = e
		}
	}
	if last == nil {
		return ""
	}
	return last.EndReason
}

// kinds are the values that two strangers do not share, in words.
var kinds = []struct {
	kind identity.EdgeKind
	name string
}{
	{identity.EdgePhone, "a phone number"},
	{identity.EdgeEmail, "a mailbox"},
	{identity.EdgeBankAccount, "an account"},
	{identity.EdgeWallet, "a wallet"},
	{identity.EdgeDevice, "a device"},
	{identity.EdgeShipTo, "a delivery address"},
	{identity.EdgeAddress, "a home address"},
	{identity.EdgeSignInIP, "an internet line"},
	{identity.EdgeDeviceIP, "an internet line"},
	{identity.EdgeApplicationIP, "an internet line"},
	{identity.EdgeLAN, "a local network"},
	{identity.EdgeResumeText, "a résumé text"},
	{identity.EdgeDocumentID, "a file's origin"},
	{identity.EdgePhoto, "a picture"},
	{identity.EdgeMFA, "an authenticator"},
	{identity.EdgeGitKey, "a signing key"},
}

func shares(pass *detect.Pass, x, from *identity.Persona) string {
	for _, k := range kinds {
		for e := range pass.Edges(x.ID, k.kind) {
			if e.Has(from.ID) && !e.OpenHome && !pass.SameHousehold(x, from) {
				return k.name
			}
		}
	}
	return ""
}

// appliedAt is when the newest application of x came in, else when x started.
func appliedAt(x *identity.Persona) time.Time {
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

func evidence(e *identity.Edge, x, from *identity.Persona, verb string) []finding.Evidence {
	refs := e.Holders[1].Refs
	if len(refs) == 0 {
		refs = e.Holders[0].Refs
	}
	out := []finding.Evidence{{Text: fmt.Sprintf("%s %s by %s", x.Name(), verb, from.Name()), Refs: refs}}
	for _, g := range from.Records.Engagements {
		if !g.End.IsZero() {
			out = append(out, finding.Evidence{Text: fmt.Sprintf("the engagement of %s ended on %s", from.Name(), g.End), Refs: []record.Ref{g.Ref}})
		}
	}
	for _, a := range x.Records.Applications {
		if !a.AppliedAt.IsZero() {
			out = append(out, finding.Evidence{Text: fmt.Sprintf("%s applied on %s", x.Name(), a.AppliedAt.Date()), Refs: []record.Ref{a.Ref}})
		}
	}
	return out
}
