// Package copiedreference asks whether different referees write the same letter for
// different people.
package copiedreference

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports R06.
var Detector = &detect.Detector{
	ID:       "copied-reference",
	Doc:      doc,
	Signals:  []signal.ID{"R06"},
	Subjects: detect.Staff | detect.Candidates | detect.Referees,
	Needs:    detect.AnyOf{{record.References}},
	Run:      run,
}

const (
	passages = 3  // that the evidence quotes
	words    = 24 // of each
)

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeReferenceText) {
			letters := lettersOf(pass, e)
			if len(letters) != 2 {
				continue
			}
			a, b := &letters[0], &letters[1]
			if a.about == b.about || a.by == nil || b.by == nil || a.by == b.by || pass.SameHousehold(a.about, b.about) || formLetter(a, b) {
				continue
			}
			others := e.Others(x.ID)
			pass.Report(finding.Finding{
				Signal: "R06", Subject: x.ID, Strength: signal.Strong,
				Summary:    summary(x, letters, e.Similarity),
				Evidence:   evidence(pass, e, letters),
				With:       detect.IDs(others),
				ObservedAt: detect.Latest(e.Holders),
			})
		}
	}
	return nil
}

// letter is a reference with the people it concerns.
type letter struct {
	*record.Reference
	about, by *identity.Persona // by is nil if no referee is named
}

// lettersOf returns the letters that an edge compares, in the order of their rows.
func lettersOf(pass *detect.Pass, e *identity.Edge) []letter {
	var out []letter
	for _, h := range e.Holders {
		p := pass.View.Persona(h.Persona)
		if p == nil {
			continue
		}
		for _, r := range p.Records.References {
			if r.Text != "" && slices.Contains(h.Refs, r.Ref) {
				out = append(out, letter{r, p, author(pass, e, p, r)})
			}
		}
	}
	slices.SortFunc(out, func(a, b letter) int { return cmp.Or(a.Ref.Compare(b.Ref), cmp.Compare(a.about.ID, b.about.ID)) })
	return out
}

// author returns the end of the edge that gave a reference about p, or nil.
func author(pass *detect.Pass, e *identity.Edge, p *identity.Persona, r *record.Reference) *identity.Persona {
	for _, h := range e.Others(p.ID) {
		q := pass.View.Persona(h.Persona)
		if q != nil && slices.ContainsFunc(q.Records.Vouches, func(v *record.Reference) bool { return v.Ref == r.Ref }) {
			return q
		}
	}
	return nil
}

// formLetter reports whether both referees speak for one employer and somebody
// found that out otherwise than from the candidate: employers have form letters. A
// name and a mail domain alone prove no employer, both can be invented.
func formLetter(a, b *letter) bool {
	org := match.Org(a.Referee.Company)
	return org != "" && org == match.Org(b.Referee.Company) && a.resolves(org) && b.resolves(org)
}

func (l *letter) resolves(org string) bool {
	return l.Verified == "confirmed" || l.ContactSource == "independently_found" ||
		slices.ContainsFunc(l.about.Records.History, func(h *record.HistoryItem) bool {
			return h.Verified == "confirmed" && cmp.Or(h.OrgNorm, match.Org(h.Org)) == org
		})
}

func summary(x *identity.Persona, letters []letter, similarity float64) string {
	say := "The reference about this person has the same words as one that another referee gave about somebody else"
	if x != letters[0].about && x != letters[1].about {
		say = "The reference that this person gave has the same words as one that another referee gave about somebody else"
	}
	return fmt.Sprintf("%s (%.0f %% alike after common phrases are left out).", say, 100*similarity)
}

// evidence names both letters and sets matching passages side by side.
func evidence(pass *detect.Pass, e *identity.Edge, letters []letter) []finding.Evidence {
	var out []finding.Evidence
	for _, l := range letters {
		text := fmt.Sprintf("%s vouches for %s", cmp.Or(l.Referee.Name, l.by.Name()), l.about.Name())
		if l.Referee.Company != "" {
			text += " as of " + l.Referee.Company
		}
		if !l.SubmittedAt.IsZero() {
			text += fmt.Sprintf(" on %s", l.SubmittedAt.Date())
		}
		out = append(out, finding.Evidence{Text: text, Refs: []record.Ref{l.Ref}})
	}
	for _, p := range e.Passages[:min(len(e.Passages), passages)] {
		a, b := pass.View.Persona(p.A), pass.View.Persona(p.B)
		if a == nil || b == nil {
			continue
		}
		out = append(out, finding.Evidence{
			Text: fmt.Sprintf("the letter for %s says “%s”; that for %s says “%s”", a.Name(), cut(p.TextA), b.Name(), cut(p.TextB)),
			Refs: []record.Ref{p.RefA, p.RefB},
		})
	}
	return out
}

// cut keeps the first words of a passage.
func cut(s string) string {
	w := strings.Fields(s)
	if len(w) <= words {
		return strings.Join(w, " ")
	}
	return strings.Join(w[:words], " ") + " …"
}
