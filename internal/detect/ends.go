package detect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
)

// maxNamed is how many other ends a finding spells out; With names all.
const maxNamed = 8

// Others returns the ends of an edge that share a value with x although nothing
// declared explains it: not x, not people known only as referees (the reference
// detectors look at those), and nobody of a declared household of x.
func (p *Pass) Others(e *identity.Edge, x *identity.Persona) []identity.Holder {
	return slices.DeleteFunc(e.Others(x.ID), func(h identity.Holder) bool {
		y := p.View.Persona(h.Persona)
		return y == nil || y.Queue == identity.Referee || p.SameHousehold(x, y)
	})
}

// SameHousehold reports whether the two were declared to live together.
func (p *Pass) SameHousehold(x, y *identity.Persona) bool {
	return slices.ContainsFunc(p.Settings.Declared.Households, func(h []string) bool { return Among(x, h) && Among(y, h) })
}

// Among reports whether one of the names, each a handle, the value of a handle, an
// e-mail address or a persona id, is the persona's.
func Among(x *identity.Persona, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.TrimSpace(n)
		email, _ := match.Email(n) // as written by hand: with dots, tags and capitals
		return n == string(x.ID) || email != "" && slices.Contains(x.Emails, email) || slices.Contains(x.Emails, strings.ToLower(n)) ||
			slices.ContainsFunc(x.Handles, func(h record.Handle) bool { return strings.EqualFold(string(h), n) || strings.EqualFold(h.Value(), n) })
	})
}

// Households counts the holders, each declared household once. Nothing is inferred
// from surnames: that would read kinship into names.
func (p *Pass) Households(holders []identity.Holder) int {
	var seen []*identity.Persona
	for _, h := range holders {
		x := p.View.Persona(h.Persona)
		if x != nil && !slices.ContainsFunc(seen, func(y *identity.Persona) bool { return x == y || p.SameHousehold(x, y) }) {
			seen = append(seen, x)
		}
	}
	return len(seen)
}

// household is the number of others up to which a shared account or line reads as
// that of a home; a flat of many does not share its bank account.
const household = 2

// CommonHome returns the edge of a home that x and all others openly claim, or nil.
// What a few people of one home share (a landline, a line to the internet, a joint
// account) is one fact with living there (ruling 3).
//
// The accounts of a marketplace state a country and no home. There one line or one
// browser that few people have is the home, since a family looks like that.
func (p *Pass) CommonHome(x *identity.Persona, others []identity.Holder) *identity.Edge {
	if len(others) > household {
		return nil
	}
	if p.Settings.Marketplace() && len(Homes(x)) == 0 {
		for e := range p.Edges(x.ID, identity.EdgeSignInIP, identity.EdgeDevice) {
			if len(e.Holders) <= household+1 && !slices.ContainsFunc(others, func(h identity.Holder) bool { return !e.Has(h.Persona) }) {
				return e
			}
		}
	}
	for e := range p.Edges(x.ID, identity.EdgeAddress) {
		if e.OpenHome && !slices.ContainsFunc(others, func(h identity.Holder) bool { return !e.Has(h.Persona) }) {
			return e
		}
	}
	return nil
}

// Ends writes one sentence per end of an edge, x first: the end's name, then says,
// then what link noted about it.
func (p *Pass) Ends(e *identity.Edge, x *identity.Persona, others []identity.Holder, says string) []finding.Evidence {
	var out []finding.Evidence
	for _, h := range append([]identity.Holder{e.End(x.ID)}, others[:min(len(others), maxNamed)]...) {
		if len(h.Refs) == 0 {
			continue
		}
		text := p.View.Persona(h.Persona).Name() + " " + says
		if h.Note != "" {
			text += "; " + h.Note
		}
		out = append(out, finding.Evidence{Text: text, Refs: h.Refs})
	}
	return out
}

// IDs returns the personas of the holders, ascending and each once.
func IDs(holders []identity.Holder) []identity.PersonaID {
	ids := make([]identity.PersonaID, len(holders))
	for i, h := range holders {
		ids[i] = h.Persona
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Latest returns the time of the newest of the holders' rows; zero if none has one.
func Latest(holders []identity.Holder) time.Time {
	var t time.Time
	for _, h := range holders {
		if h.At.After(t) {
			t = h.At
		}
	}
	return t
}

// Count writes "1 other person" or "3 other people".
func Count(n int) string {
	if n == 1 {
		return "1 other person"
	}
	return fmt.Sprintf("%d other people", n)
}
