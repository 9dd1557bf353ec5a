package detect

import (
	"slices"
	"time"

	"muster/internal/identity"
)

// Confirmed reports whether humans confirmed the persona as run by somebody else,
// and on which day; the day is zero where none is known.
func (p *Pass) Confirmed(x *identity.Persona) (at time.Time, ok bool) {
	if at, ok = p.decided(x, "confirmed"); ok {
		return at, true
	}
	return time.Time{}, Among(x, p.Settings.Known.Confirmed)
}

// Victim reports whether the persona is recorded as the real person whose identity
// somebody else used.
func (p *Pass) Victim(x *identity.Persona) bool {
	_, ok := p.decided(x, "victim")
	return ok || Among(x, p.Settings.Known.Victims)
}

// decided returns the day of the last decision with an outcome that still holds.
func (p *Pass) decided(x *identity.Persona, outcome string) (at time.Time, ok bool) {
	for _, d := range p.Settings.Decided {
		ended := !d.Until.IsZero() && p.AsOf.After(d.Until.Last().Add(24*time.Hour))
		if d.Outcome == outcome && !ended && Among(x, []string{d.Persona}) {
			at, ok = d.At.First(), true
		}
	}
	return at, ok
}

// copied are the kinds of values that somebody who uses a real person's identity
// takes over from that person, so that the person has them too.
var copied = []identity.EdgeKind{
	identity.EdgeResumeText, identity.EdgeHistory, identity.EdgeDocumentID, identity.EdgePhoto, identity.EdgeURL, identity.EdgeReferenceText,
}

// Copied reports whether values of a kind are taken over with an identity: they join
// a case with the real person as well as with the next persona of the same hand.
func Copied(k identity.EdgeKind) bool { return slices.Contains(copied, k) }

// handed are the kinds of values that whoever is behind a persona needs for
// themselves, and that are handed in or written down by the company. What is only
// seen on laptops is left out: it is subject to the monitoring notice.
var handed = []identity.EdgeKind{
	identity.EdgePhone, identity.EdgeEmail, identity.EdgeBankAccount, identity.EdgeWallet, identity.EdgeShipTo, identity.EdgeRefereeOwner, identity.EdgeApplicationIP, identity.EdgeGitKey,
}

// CaseLink is a value that somebody shares with a confirmed case.
type CaseLink struct {
	Case *identity.Persona
	At   time.Time // day of the decision, zero if unknown
	Edge *identity.Edge
}

// CaseLinks returns what joins x to confirmed cases, of medium weight or more, that
// no household or open home explains; in the order of the edges.
func (p *Pass) CaseLinks(x *identity.Persona) []CaseLink {
	var out []CaseLink
	for e := range p.Edges(x.ID, slices.Concat(handed, copied)...) {
		if e.OpenHome || e.Weight < identity.Medium {
			continue
		}
		for _, h := range p.Others(e, x) {
			c := p.View.Persona(h.Persona)
			at, ok := p.Confirmed(c)
			if ok && p.CommonHome(x, []identity.Holder{h}) == nil {
				out = append(out, CaseLink{c, at, e})
			}
		}
	}
	return out
}
