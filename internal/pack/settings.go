package pack

import (
	"maps"
	"slices"
	"strings"

	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
)

// settings replaces the identifiers in what the department declares, so that the scan
// reads it as the department does. What was decided about people stays by their
// handles; why, and by whom, stays at home.
func (p *packer) settings(st *settings.Settings, set *record.Set) *settings.Settings {
	p.ref = record.Ref{}
	out := &settings.Settings{
		Organisation: p.organisation(st.Organisation), TimeZone: st.TimeZone, Notices: st.Notices, Tests: st.Tests, Payroll: st.Payroll,
		Weights: st.Weights, CandidatesFrom: st.CandidatesFrom, Domains: p.all(st.Domains, p.domain),
		Consents: settings.Consents{Biometric: p.people(st.Consents.Biometric)},
		Approved: settings.Approved{
			RemoteTools: st.Approved.RemoteTools, VPN: st.Approved.VPN, MonitorSerials: p.all(st.Approved.MonitorSerials, p.device),
			Domains: p.all(st.Approved.Domains, p.approvedHost),
		},
		Known: settings.Known{Confirmed: p.people(st.Known.Confirmed), Cleared: p.people(st.Known.Cleared), Victims: p.people(st.Known.Victims)},
	}
	if st.HasApproval(settings.ApprovalInfostealer) {
		out.Approvals.Infostealer = &settings.Approval{Counsel: "named at home", Date: st.Approvals.Infostealer.Date}
	}
	for _, n := range st.Egress {
		out.Egress = append(out.Egress, p.key.network(n))
	}
	p.declared(&st.Declared, &out.Declared, set)
	for _, d := range st.Decided {
		for _, who := range p.people([]string{d.Persona}) {
			out.Decided = append(out.Decided, settings.Decision{Persona: who, Outcome: d.Outcome, By: "decided at home", At: d.At, Until: d.Until})
		}
	}
	return out
}

func (p *packer) declared(in, out *settings.Declared, set *record.Set) {
	for _, h := range in.Households {
		out.Households = append(out.Households, p.people(h))
	}
	for _, a := range in.SharedAddresses {
		out.SharedAddresses = append(out.SharedAddresses, settings.SharedAddress{Address: p.housing(a.Address), Reason: "declared at home", Until: a.Until})
	}
	out.Relocations, out.Travel = p.moves(in.Relocations), p.moves(in.Travel)
	for _, c := range in.NameChanges {
		for _, who := range p.people([]string{c.Person}) {
			out.NameChanges = append(out.NameChanges, settings.NameChange{Person: who, Names: p.all(c.Names, p.name)})
		}
	}
	for _, a := range in.Accommodations {
		for _, who := range p.people([]string{a.Person}) {
			out.Accommodations = append(out.Accommodations, settings.Accommodation{Person: who, Covers: a.Covers})
		}
	}
	out.ServiceAccounts, out.VirtualDesktops = p.people(in.ServiceAccounts), p.people(in.VirtualDesktops)
	for _, a := range in.Agencies {
		out.Agencies = append(out.Agencies, settings.Agency{
			Name: p.org(a.Name), Domains: p.all(a.Domains, p.domain), Phones: p.agencyPhones(a.Phones, set), Addresses: p.all(a.Addresses, p.housing),
		})
	}
}

func (p *packer) all(list []string, change func(string) string) []string {
	var out []string
	for _, s := range list {
		if t := change(s); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// people replaces what names people. A bare value can be a login, an employee number
// or the id of a system: these two kinds of tokens it can have.
func (p *packer) people(list []string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		out = append(out, p.person(s))
		if !strings.ContainsAny(s, "@: ") {
			out = append(out, p.ids[s]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *packer) moves(list []settings.Move) []settings.Move {
	var out []settings.Move
	for _, m := range list {
		for _, who := range p.people([]string{m.Person}) {
			m.Person = who
			out = append(out, m)
		}
	}
	return out
}

// organisation replaces the first word of the organisation's name, which names of its
// tenants are compared with.
func (p *packer) organisation(s string) string {
	first, _, _ := strings.Cut(s, " ")
	return p.key.spell(first)
}

func (p *packer) approvedHost(s string) string {
	if h := p.host(s); h != "other.invalid" {
		return h
	}
	return p.domain(s)
}

func (p *packer) housing(s string) string { return p.postal(record.Address{Raw: s}).Raw }

// agencyPhones replaces an agency's numbers. They are written in any way, so that the
// numbers of the records that they mean are named.
func (p *packer) agencyPhones(list []string, set *record.Set) []string {
	var out []string
	for _, s := range list {
		digits := strings.TrimLeft(match.Digits(s), "0")
		see := func(n record.Phone) {
			key := match.Phone(n)
			if t := p.phone(n); len(digits) >= 7 && strings.HasSuffix(match.Digits(key), digits) {
				out = append(out, match.Phone(t))
			}
		}
		see(record.Phone{Raw: s})
		for _, x := range set.Personas {
			for _, n := range x.Phones {
				see(n)
			}
		}
		for _, x := range set.References {
			see(x.Referee.Phone)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// learnIDs notes the tokens of the ids of systems, for settings that name them bare.
func (p *packer) learnIDs(set *record.Set) error {
	return everyRecord(set, func(r record.Record) error {
		s, ok := r.(record.Subjected)
		if !ok {
			return nil
		}
		for _, h := range s.Of().All() {
			switch h.Namespace() {
			case record.NSEmail, record.NSLogin, record.NSEmployee, record.NSPhone, record.NSName:
			default:
				if t := string(p.handle(h)); !slices.Contains(p.ids[h.Value()], t) {
					p.ids[h.Value()] = append(p.ids[h.Value()], t)
				}
			}
		}
		return nil
	})
}

// Merge adds what packs declare to the settings of whoever scans them.
func Merge(st *settings.Settings, packs []Header) *settings.Settings {
	out := *st
	for _, h := range packs {
		s := h.Settings
		if s == nil {
			continue
		}
		if out.Organisation == "" {
			out.Organisation = s.Organisation
		}
		if out.CandidatesFrom == "" {
			out.CandidatesFrom = s.CandidatesFrom
		}
		if out.Payroll.NextRun.IsZero() {
			out.Payroll = s.Payroll
		}
		if out.Approvals.Infostealer == nil {
			out.Approvals = s.Approvals
		}
		if out.Tests.DisparateImpact == nil {
			out.Tests = s.Tests
		}
		join(&out.Notices.Monitoring, s.Notices.Monitoring)
		join(&out.Egress, s.Egress)
		join(&out.Domains, s.Domains)
		join(&out.Consents.Biometric, s.Consents.Biometric)
		join(&out.Approved.RemoteTools, s.Approved.RemoteTools)
		join(&out.Approved.VPN, s.Approved.VPN)
		join(&out.Approved.MonitorSerials, s.Approved.MonitorSerials)
		join(&out.Approved.Domains, s.Approved.Domains)
		join(&out.Known.Confirmed, s.Known.Confirmed)
		join(&out.Known.Cleared, s.Known.Cleared)
		join(&out.Known.Victims, s.Known.Victims)
		mergeDeclared(&out.Declared, &s.Declared)
		join(&out.Decided, s.Decided)
		for id, w := range s.Weights {
			if _, own := out.Weights[id]; !own {
				weights := map[string]settings.Weight{id: w}
				maps.Copy(weights, out.Weights)
				out.Weights = weights
			}
		}
	}
	return &out
}

func mergeDeclared(to, from *settings.Declared) {
	to.Households = slices.Concat(to.Households, from.Households)
	join(&to.SharedAddresses, from.SharedAddresses)
	join(&to.Relocations, from.Relocations)
	join(&to.Travel, from.Travel)
	to.NameChanges = slices.Concat(to.NameChanges, from.NameChanges)
	to.Accommodations = slices.Concat(to.Accommodations, from.Accommodations)
	to.Agencies = slices.Concat(to.Agencies, from.Agencies)
	join(&to.ServiceAccounts, from.ServiceAccounts)
	join(&to.VirtualDesktops, from.VirtualDesktops)
}

// join adds what is not there yet.
func join[T comparable](to *[]T, from []T) {
	out := slices.Clone(*to)
	for _, x := range from {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	*to = out
}
