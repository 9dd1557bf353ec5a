// Package referenceorigin asks whether references come from where the candidate is.
package referenceorigin

import (
	"cmp"
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

// Detector reports R03.
var Detector = &detect.Detector{
	ID:       "reference-origin",
	Doc:      doc,
	Signals:  []signal.ID{"R03"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.References}},
	Run:      run,
}

// window is the time within which one address is taken for one line, the same as
// where the edges are made: addresses of homes change hands.
const window = 30 * 24 * time.Hour

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		all := given(pass, x)
		if len(all) == 0 {
			pass.NotAssessed(x.ID, "records") // nobody vouches, or no address was kept
			continue
		}
		all = slices.DeleteFunc(all, func(g reference) bool { return atHome(pass, x, g.by) })
		var own []string // lines on which the candidate was
		for _, g := range all {
			if e := visited(pass, x, &g); e != nil {
				own = append(own, line(g.SubmitIP))
				pass.Report(fromCandidate(x, &g, e))
			}
		}
		all = slices.DeleteFunc(all, func(g reference) bool { return slices.Contains(own, line(g.SubmitIP)) })
		together(pass, x, all)
	}
	return nil
}

// reference is one about the candidate, submitted at a known time from a public address.
type reference struct {
	*record.Reference
	by *identity.Persona
}

// given returns the references about x with their referees, ascending in time.
func given(pass *detect.Pass, x *identity.Persona) []reference {
	var out []reference
	for v := range pass.Edges(x.ID, identity.EdgeVouch) {
		by := pass.View.Persona(v.Holders[0].Persona)
		if v.Holders[1].Persona != x.ID || by == nil {
			continue
		}
		for _, r := range x.Records.References {
			if slices.Contains(v.Holders[1].Refs, r.Ref) && line(r.SubmitIP) != "" && !r.SubmittedAt.IsZero() {
				out = append(out, reference{r, by})
			}
		}
	}
	slices.SortFunc(out, func(a, b reference) int {
		return cmp.Or(a.SubmittedAt.Time().Compare(b.SubmittedAt.Time()), a.Ref.Compare(b.Ref))
	})
	return out
}

// atHome reports whether referee and candidate openly live together: they share the line.
func atHome(pass *detect.Pass, x, referee *identity.Persona) bool {
	return pass.SameHousehold(x, referee) || pass.CommonHome(x, []identity.Holder{{Persona: referee.ID}}) != nil
}

// visited returns the edge that says that x used the address of a reference about
// the time of the reference; of several the one nearest in time. Nil if x did not.
func visited(pass *detect.Pass, x *identity.Persona, g *reference) *identity.Edge {
	if colleagues(x, g) {
		return nil
	}
	var best *identity.Edge
	var least time.Duration
	for e := range pass.Edges(x.ID, identity.EdgeReferenceIP) {
		end := e.End(x.ID)
		apart := end.At.Sub(g.SubmittedAt.Time()).Abs()
		if e.OpenHome || apart > window || !slices.Contains(e.End(g.by.ID).Refs, g.Ref) || !readable(pass, x, &end) {
			continue
		}
		if best == nil || apart < least {
			best, least = e, apart
		}
	}
	return best
}

// colleagues reports whether x still worked, as confirmed, for the employer that
// the referee speaks for: the address may be the office's.
func colleagues(x *identity.Persona, g *reference) bool {
	firm := match.Org(g.Referee.Company)
	return firm != "" && slices.ContainsFunc(x.Records.History, func(h *record.HistoryItem) bool {
		return h.Verified == "confirmed" && cmp.Or(h.OrgNorm, match.Org(h.Org)) == firm &&
			(h.End.IsZero() || !h.End.Last().Before(g.SubmittedAt.Time().Add(-window)))
	})
}

// readable reports whether the row that puts x at the address may be looked at: what
// x handed in always, sign-ins and devices from the day on which x was told.
func readable(pass *detect.Pass, x *identity.Persona, end *identity.Holder) bool {
	r := &x.Records
	has := func(ref record.Ref) bool { return slices.Contains(end.Refs, ref) }
	if slices.ContainsFunc(r.Applications, func(a *record.Application) bool { return has(a.Ref) }) ||
		slices.ContainsFunc(r.Meetings, func(m *record.Meeting) bool { return has(m.Ref) }) ||
		slices.ContainsFunc(r.Vouches, func(v *record.Reference) bool { return has(v.Ref) }) ||
		slices.ContainsFunc(r.PaymentAccounts, func(a *record.PaymentAccount) bool { return has(a.Ref) }) {
		return true
	}
	if told, ok := pass.Settings.NoticeDate(x.Country); ok && !end.At.Before(told) {
		return true
	}
	for i := range pass.View.SessionsOf(x) {
		if pass.View.Sessions.SourceKindOf(i) == "ats" && has(pass.View.Sessions.RefOf(i)) {
			return true
		}
	}
	return false
}

func fromCandidate(x *identity.Persona, g *reference, e *identity.Edge) finding.Finding {
	end := e.End(x.ID)
	f := finding.Finding{
		Signal: "R03", Subject: x.ID, Strength: signal.Strong,
		Summary: "A reference about this person was submitted from an address that the person used too.",
		With:    []identity.PersonaID{g.by.ID},
		Evidence: []finding.Evidence{
			submitted(g),
			{Text: fmt.Sprintf("%s used the same address on %s", x.Name(), end.At.UTC().Format(time.DateOnly)), Refs: end.Refs},
		},
		ObservedAt: g.SubmittedAt.Time().UTC(),
	}
	for _, a := range x.Records.Applications {
		if g.UserAgent != "" && a.UserAgent == g.UserAgent {
			f.Upper = true
			f.Evidence = append(f.Evidence, finding.Evidence{
				Text: "the browser of the reference names itself as that of the application does", Refs: []record.Ref{g.Ref, a.Ref},
			})
			break
		}
	}
	return f
}

func submitted(g *reference) finding.Evidence {
	text := fmt.Sprintf("%s submitted a reference from %s on %s", cmp.Or(g.Referee.Name, g.by.Name()), g.SubmitIP, g.SubmittedAt.Date())
	if g.Referee.Company != "" {
		text += " as of " + g.Referee.Company
	}
	return finding.Evidence{Text: text, Refs: []record.Ref{g.Ref}}
}
