// Package busyreferee asks whether one referee vouches for many as the manager of many firms.
package busyreferee

import (
	"cmp"
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

// Detector reports R07.
var Detector = &detect.Detector{
	ID:       "busy-referee",
	Doc:      doc,
	Signals:  []signal.ID{"R07"},
	Subjects: detect.Staff | detect.Candidates | detect.Referees,
	Needs:    detect.AnyOf{{record.References}},
	Run:      run,
}

const (
	many   = 3  // candidates of one referee (catalogue, R07)
	months = 12 // within which they must fall
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		if x.Queue == identity.Referee {
			if group := busiest(x.Records.Vouches, nil); len(group) > 0 {
				pass.Report(about(x, group))
			}
			continue
		}
		for e := range pass.Edges(x.ID, identity.EdgeVouch) {
			referee := pass.View.Persona(e.Holders[0].Persona)
			if e.Holders[1].Persona != x.ID || referee == nil || referee.ID == x.ID {
				continue
			}
			if group := busiest(referee.Records.Vouches, e.Holders[1].Refs); len(group) > 0 {
				f := about(x, group)
				f.Summary = fmt.Sprintf("The referee also vouches for %s within %d months, each time as of another employer.", detect.Count(len(group)-1), months)
				f.With = []identity.PersonaID{referee.ID}
				pass.Report(f)
			}
		}
	}
	return nil
}

func about(x *identity.Persona, group []*record.Reference) finding.Finding {
	f := finding.Finding{
		Signal: "R07", Subject: x.ID, Strength: signal.Medium,
		Summary: fmt.Sprintf("Vouches for %d candidates within %d months, each time as of another employer.", len(group), months),
	}
	for _, r := range group {
		f.Evidence = append(f.Evidence, finding.Evidence{
			Text: fmt.Sprintf("%s vouches for %s as of %s on %s", r.Referee.Name, cmp.Or(r.Name, r.Handle.Value()), r.Referee.Company, when(r).Date()),
			Refs: []record.Ref{r.Ref},
		})
		f.ObservedAt = when(r).Time() // the newest comes last
	}
	return f
}

func when(r *record.Reference) record.Time {
	if r.SubmittedAt.IsZero() {
		return r.RequestedAt
	}
	return r.SubmittedAt
}

// busiest returns the first period of a year with references for enough candidates
// of enough employers; with refs given, one that holds a reference among them. A
// manager who vouches for a whole team names one employer each time.
func busiest(all []*record.Reference, refs []record.Ref) []*record.Reference {
	dated := slices.DeleteFunc(slices.Clone(all), func(r *record.Reference) bool { return when(r).IsZero() || employer(r) == "" })
	byTime := func(a, b *record.Reference) int {
		return cmp.Or(when(a).Time().Compare(when(b).Time()), a.Ref.Compare(b.Ref))
	}
	slices.SortFunc(dated, byTime)
	for i, first := range dated {
		end := when(first).Time().AddDate(0, months, 0)
		n := i
		for n < len(dated) && !when(dated[n]).Time().After(end) {
			n++
		}
		group := distinct(dated[i:n], refs)
		if len(group) >= many {
			slices.SortFunc(group, byTime)
			return group
		}
	}
	return nil
}

// distinct returns one reference for each candidate and employer that is new,
// beginning with one among refs if there are any; nil if none of refs is in the list.
func distinct(list []*record.Reference, refs []record.Ref) []*record.Reference {
	var group []*record.Reference
	if refs != nil {
		i := slices.IndexFunc(list, func(r *record.Reference) bool { return slices.Contains(refs, r.Ref) })
		if i < 0 {
			return nil
		}
		group = append(group, list[i])
	}
	for _, r := range list {
		if !slices.ContainsFunc(group, func(o *record.Reference) bool { return sameCandidate(o, r) || employer(o) == employer(r) }) {
			group = append(group, r)
		}
	}
	return group
}

func sameCandidate(a, b *record.Reference) bool {
	return slices.ContainsFunc(a.All(), func(h record.Handle) bool { return slices.Contains(b.All(), h) })
}

// employer is the company that the referee speaks for, in a comparable form.
func employer(r *record.Reference) string { return match.Org(r.Referee.Company) }
