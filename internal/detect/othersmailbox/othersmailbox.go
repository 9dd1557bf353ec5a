// Package othersmailbox asks whether somebody writes from a mailbox in the name of
// another person of the records.
package othersmailbox

import (
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

// Detector reports A08.
var Detector = &detect.Detector{
	ID:       "others-mailbox",
	Doc:      doc,
	Signals:  []signal.ID{"A08"},
	Subjects: detect.Staff | detect.Candidates,
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		for e := range pass.Edges(x.ID, identity.EdgeMailboxName) {
			others := pass.Others(e, x)
			if len(others) != 1 || !carries(x, pass.View.Persona(others[0].Persona)) {
				continue // being named in somebody's mailbox says nothing about the one named
			}
			y := pass.View.Persona(others[0].Persona)
			if related(x, y) || pass.SameHousehold(x, y) {
				continue
			}
			pass.Report(finding.Finding{
				Signal: "A08", Subject: x.ID, Strength: signal.Medium,
				Summary: "Writes from a mailbox that carries the full name of another person of these records.",
				Evidence: []finding.Evidence{
					{Text: fmt.Sprintf("%s gives %s as mailbox", x.Name(), e.Label), Refs: e.End(x.ID).Refs},
					{Text: "that is the name of " + y.Name(), Refs: others[0].Refs},
				},
				With: detect.IDs(others),
			})
		}
	}
	return nil
}

// carries reports whether it is x's mailbox that has y's name.
func carries(x, y *identity.Persona) bool {
	if y == nil {
		return false
	}
	return slices.ContainsFunc(x.Emails, func(address string) bool {
		own := slices.ContainsFunc(x.Names, func(n string) bool { return match.InMailbox(match.ParseName(n), address) })
		return !own && slices.ContainsFunc(y.Names, func(n string) bool {
			return slices.Contains(match.MailboxSpellings(match.ParseName(n)), match.MailboxLetters(address))
		}) || !own && slices.ContainsFunc(y.Records.Claims, func(c *record.Persona) bool {
			return slices.Contains(strings.Fields(c.Custom[match.SpeltKey]), match.MailboxLetters(address))
		})
	})
}

// related reports whether the two share a name: families share mailboxes.
func related(x, y *identity.Persona) bool {
	for _, a := range x.Names {
		for _, b := range y.Names {
			if match.Names(a, b) >= match.NamePartial {
				return true
			}
		}
	}
	return false
}
