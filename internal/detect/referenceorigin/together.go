package referenceorigin

import (
	"fmt"
	"net/netip"
	"slices"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/signal"
)

// together reports referees of different employers who submit from one line. The
// referees' own edges lie out of reach of the candidate, so that what makes an
// address public is asked again.
func together(pass *detect.Pass, x *identity.Persona, all []reference) {
	var done []string
	for i, g := range all {
		key := line(g.SubmitIP)
		if slices.Contains(done, key) {
			continue
		}
		group := apart(pass, all[i:], key)
		if len(group) < 2 || public(pass, x, group) {
			continue
		}
		done = append(done, key)
		f := finding.Finding{
			Signal: "R03", Subject: x.ID, Strength: signal.Strong,
			Summary:    fmt.Sprintf("%d referees of this person, each of another employer, submitted from one address.", len(group)),
			ObservedAt: group[len(group)-1].SubmittedAt.Time().UTC(),
		}
		for _, r := range group {
			f.With = append(f.With, r.by.ID)
			f.Evidence = append(f.Evidence, submitted(&r))
		}
		slices.Sort(f.With)
		pass.Report(f)
	}
}

// apart returns the first reference of the list and those of its line within the
// window that come from other people of other employers.
func apart(pass *detect.Pass, list []reference, key string) []reference {
	var group []reference
	for _, g := range list {
		firm := match.Org(g.Referee.Company)
		if line(g.SubmitIP) != key || firm == "" || g.SubmittedAt.Time().Sub(list[0].SubmittedAt.Time()) > window {
			continue
		}
		if !slices.ContainsFunc(group, func(o reference) bool {
			return o.by.ID == g.by.ID || match.Org(o.Referee.Company) == firm || pass.SameHousehold(o.by, g.by)
		}) {
			group = append(group, g)
		}
	}
	return group
}

// public reports whether strangers share the address: an own exit, or, as edges and
// sign-ins of those involved tell, a carrier, a relay, rented servers or a hub.
func public(pass *detect.Pass, x *identity.Persona, group []reference) bool {
	people := []*identity.Persona{x}
	for _, g := range group {
		people = append(people, g.by)
		if pass.Baseline.Exit(g.SubmitIP) != "" {
			return true
		}
	}
	from := func(ip netip.Addr) bool {
		return slices.ContainsFunc(group, func(g reference) bool { return g.SubmitIP == ip })
	}
	for _, e := range pass.View.EdgesOf(x.ID) {
		if e.Kind == identity.EdgeReferenceIP && e.Suppressed != "" && slices.ContainsFunc(group, func(g reference) bool { return slices.Contains(e.End(g.by.ID).Refs, g.Ref) }) {
			return true
		}
	}
	t := pass.View.Sessions
	for _, p := range people {
		for i := range pass.View.SessionsOf(p) {
			if !from(t.IPOf(i)) {
				continue
			}
			asn, org, isp, anonymiser := t.NetOf(i)
			if pass.Baseline.Common(asn, org, isp) != "" || pass.Baseline.Hosting[asn] || anonymiser != "" && anonymiser != "none" && anonymiser != "unknown" {
				return true
			}
		}
	}
	return false
}

// cgnat is what carriers translate from (RFC 6598).
var cgnat = netip.MustParsePrefix("100.64.0.0/10")

// line returns the key of an internet line: an IPv4 address, or the /64 of an IPv6
// address, which one line gets (RFC 6177); "" for addresses that are not public.
func line(ip netip.Addr) string {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || cgnat.Contains(ip) {
		return ""
	}
	if p, err := ip.Prefix(64); err == nil && ip.Is6() {
		return p.String()
	}
	return ip.String()
}
