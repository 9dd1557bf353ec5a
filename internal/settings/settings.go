// Package settings holds what a user tells Muster about the organisation. It is
// plain data, read by every stage; package config reads it from muster.yaml.
package settings

import (
	"net/netip"
	"strings"
	"time"

	"muster/internal/record"
)

// Settings is the content of muster.yaml. Every key is optional.
type Settings struct {
	// Organisation is the name printed on reports.
	Organisation string `yaml:"organisation" json:"organisation,omitempty"`
	// Mode is employer (the default) or marketplace: a platform whose accounts are the personas (docs/marketplace.md).
	Mode string `yaml:"mode" json:"mode,omitempty"`
	// TimeZone is the IANA zone of exports that state none. Default UTC.
	TimeZone string `yaml:"time_zone" json:"time_zone,omitempty"`
	// Notices record when staff were told of monitoring; without one, signals that read telemetry do not run.
	Notices Notices `yaml:"notices" json:"notices"`
	// Consents record opt-in consents, by purpose.
	Consents Consents `yaml:"consents" json:"consents"`
	// Approvals record counsel's approval of sources that are not read without it.
	Approvals Approvals `yaml:"approvals" json:"approvals,omitzero"`
	// Tests record stored fairness tests that unlock use classes.
	Tests Tests `yaml:"tests" json:"tests"`
	// Egress lists the organisation's own exit addresses (office, VPN, virtual desktops).
	Egress []netip.Prefix `yaml:"egress" json:"egress,omitempty"`
	// Domains lists the organisation's own mail and sign-in domains; learnt from work addresses when empty.
	Domains []string `yaml:"domains" json:"domains,omitempty"`
	// Approved lists tools that IT uses or allows.
	Approved Approved `yaml:"approved" json:"approved"`
	// Declared lists circumstances that explain what detectors would find.
	Declared Declared `yaml:"declared" json:"declared"`
	// Known lists personas that humans have decided on elsewhere, by handle or e-mail.
	Known Known `yaml:"known" json:"known"`
	// Decisions is the path of a decisions file, relative to muster.yaml.
	Decisions string `yaml:"decisions" json:"decisions,omitempty"`
	// Payroll says when money leaves next.
	Payroll Payroll `yaml:"payroll" json:"payroll"`
	// Files fixes format, zone or date order per file pattern (path.Match on the relative path).
	Files map[string]File `yaml:"files" json:"files,omitempty"`
	// Weights overrides the weight of signals in nats; each needs a reason.
	Weights map[string]Weight `yaml:"weights" json:"weights,omitempty"`
	// CandidatesFrom is the first stage from which candidates are judged. Default shortlist.
	CandidatesFrom string `yaml:"candidates_from" json:"candidates_from,omitempty"`
	// Decided are the decisions read from the decisions file.
	Decided []Decision `yaml:"-" json:"decided,omitempty"`
}

// The modes.
const (
	ModeEmployer    = "employer"
	ModeMarketplace = "marketplace"
)

// Marketplace reports whether the input is a platform's accounts and not an
// employer's people.
func (s *Settings) Marketplace() bool { return s != nil && s.Mode == ModeMarketplace }

// Notices holds monitoring notices.
type Notices struct {
	// Monitoring is one entry per country; country "*" stands for all others.
	Monitoring []Notice `yaml:"monitoring" json:"monitoring,omitempty"`
}

// Notice is the date from which people of a country know that company systems are monitored.
type Notice struct {
	// Country is ISO 3166-1 alpha-2 or "*".
	Country string `yaml:"country" json:"country"`
	// Date is the day on which staff were told.
	Date record.Date `yaml:"date" json:"date"`
}

// Consents holds consents by purpose.
type Consents struct {
	// Biometric lists the personas (e-mail or handle) that consented to a biometric comparison.
	Biometric []string `yaml:"biometric" json:"biometric,omitempty"`
}

// Approvals holds counsel's approvals by source.
type Approvals struct {
	// Infostealer approves indexes of infostealer logs; without it their rows are counted and not read.
	Infostealer *Approval `yaml:"infostealer" json:"infostealer,omitempty"`
}

// Approval is counsel's decision that a source may be read.
type Approval struct {
	// Counsel names who approved.
	Counsel string `yaml:"counsel" json:"counsel"`
	// Date is the day of the approval.
	Date record.Date `yaml:"date" json:"date"`
}

// ApprovalInfostealer names the approval of indexes of infostealer logs.
const ApprovalInfostealer = "infostealer"

// HasApproval reports whether the approval of that name is recorded; "" needs none.
func (s *Settings) HasApproval(name string) bool {
	switch name {
	case "":
		return true
	case ApprovalInfostealer:
		a := s.Approvals.Infostealer
		return a != nil && strings.TrimSpace(a.Counsel) != "" && !a.Date.IsZero()
	}
	return false
}

// Tests holds the dates of stored tests.
type Tests struct {
	// DisparateImpact is the date of the passed disparate-impact test; class F4 is off without it.
	DisparateImpact *record.Date `yaml:"disparate_impact" json:"disparate_impact,omitempty"`
}

// Approved lists what is allowed on company devices.
type Approved struct {
	// RemoteTools are remote-control tools by name.
	RemoteTools []string `yaml:"remote_tools" json:"remote_tools,omitempty"`
	// VPN are VPN clients by name.
	VPN []string `yaml:"vpn" json:"vpn,omitempty"`
	// MonitorSerials are serials that more than one device may show (shared desks).
	MonitorSerials []string `yaml:"monitor_serials" json:"monitor_serials,omitempty"`
	// Domains are other organisations' sign-in or management domains that are expected on company devices.
	Domains []string `yaml:"domains" json:"domains,omitempty"`
}

// Declared lists explaining circumstances.
type Declared struct {
	// Households are groups of people (handles or e-mails) known to live together. Never asked for; only taken when given.
	Households [][]string `yaml:"households" json:"households,omitempty"`
	// SharedAddresses are addresses many may share.
	SharedAddresses []SharedAddress `yaml:"shared_addresses" json:"shared_addresses,omitempty"`
	// Relocations are moves that HR knows of.
	Relocations []Move `yaml:"relocations" json:"relocations,omitempty"`
	// NameChanges are known changes of name.
	NameChanges []NameChange `yaml:"name_changes" json:"name_changes,omitempty"`
	// Travel are approved stays elsewhere.
	Travel []Move `yaml:"travel" json:"travel,omitempty"`
	// Accommodations are people for whom camera, hours or assistive tools are agreed; no reason is kept.
	Accommodations []Accommodation `yaml:"accommodations" json:"accommodations,omitempty"`
	// ServiceAccounts are accounts that are no person's.
	ServiceAccounts []string `yaml:"service_accounts" json:"service_accounts,omitempty"`
	// Agencies are staffing agencies whose phone, address or mail domain many candidates share.
	Agencies []Agency `yaml:"agencies" json:"agencies,omitempty"`
	// VirtualDesktops are people (handles or e-mails) who work from a virtual desktop.
	VirtualDesktops []string `yaml:"virtual_desktops" json:"virtual_desktops,omitempty"`
}

// SharedAddress is an address that unrelated people may share.
type SharedAddress struct {
	// Address is the address as free text.
	Address string `yaml:"address" json:"address"`
	// Reason is shown in the report, e.g. agency housing.
	Reason string `yaml:"reason" json:"reason"`
	// Until ends the exemption.
	Until record.Date `yaml:"until" json:"until,omitzero"`
}

// Move is a stay or move of a person.
type Move struct {
	// Person is a handle or e-mail.
	Person string `yaml:"person" json:"person"`
	// Country is where to, ISO 3166-1 alpha-2.
	Country string `yaml:"country" json:"country"`
	// Region is where to within the country.
	Region string `yaml:"region" json:"region,omitempty"`
	// From is the first day.
	From record.Date `yaml:"from" json:"from,omitzero"`
	// Until is the last day; absent means for good.
	Until record.Date `yaml:"until" json:"until,omitzero"`
}

// NameChange joins two names of one person.
type NameChange struct {
	// Person is a handle or e-mail.
	Person string `yaml:"person" json:"person"`
	// Names are the names before and after.
	Names []string `yaml:"names" json:"names"`
}

// Accommodation is an agreed exception, without its reason.
type Accommodation struct {
	// Person is a handle or e-mail.
	Person string `yaml:"person" json:"person"`
	// Covers is any of camera, hours, remote_tool.
	Covers []string `yaml:"covers" json:"covers"`
}

// Agency is a staffing agency.
type Agency struct {
	// Name is the agency's name.
	Name string `yaml:"name" json:"name"`
	// Domains are its mail domains.
	Domains []string `yaml:"domains" json:"domains,omitempty"`
	// Phones are its numbers.
	Phones []string `yaml:"phones" json:"phones,omitempty"`
	// Addresses are its addresses.
	Addresses []string `yaml:"addresses" json:"addresses,omitempty"`
}

// Known lists earlier decisions by handle or e-mail.
type Known struct {
	// Confirmed are personas confirmed as run by somebody else.
	Confirmed []string `yaml:"confirmed" json:"confirmed,omitempty"`
	// Cleared are personas found to be who they say.
	Cleared []string `yaml:"cleared" json:"cleared,omitempty"`
	// Victims are real people whose identity was used.
	Victims []string `yaml:"victims" json:"victims,omitempty"`
}

// Payroll holds pay dates.
type Payroll struct {
	// NextRun is when the next pay run leaves.
	NextRun record.Date `yaml:"next_run" json:"next_run,omitzero"`
}

// File fixes how a file is read.
type File struct {
	// Format is a mapping id or its short name.
	Format string `yaml:"format" json:"format,omitempty"`
	// DateOrder is dmy, mdy or ymd for ambiguous dates.
	DateOrder string `yaml:"date_order" json:"date_order,omitempty"`
	// TimeZone is an IANA zone for times without one.
	TimeZone string `yaml:"time_zone" json:"time_zone,omitempty"`
}

// Weight overrides a signal's weight.
type Weight struct {
	// Nats is the weight of the signal's findings.
	Nats float64 `yaml:"nats" json:"nats"`
	// Reason is printed in every report.
	Reason string `yaml:"reason" json:"reason"`
}

// Decision is what a human decided about a persona.
type Decision struct {
	// Persona is an id, a handle or an e-mail.
	Persona string `yaml:"persona" json:"persona"`
	// Outcome is cleared, confirmed, victim or watch.
	Outcome string `yaml:"outcome" json:"outcome"`
	// By names who decided.
	By string `yaml:"by" json:"by"`
	// At is the day of the decision.
	At record.Date `yaml:"at" json:"at,omitzero"`
	// Reason is why.
	Reason string `yaml:"reason" json:"reason"`
	// Until ends the decision's effect.
	Until record.Date `yaml:"until" json:"until,omitzero"`
	// Evidence is the fingerprint of the findings decided on, as printed by explain; when the findings change, the decision no longer holds.
	Evidence string `yaml:"evidence" json:"evidence,omitempty"`
}

// NoticeDate returns the day from which telemetry about people working in a
// country may be read, and whether there is one.
func (s *Settings) NoticeDate(country string) (time.Time, bool) {
	var day record.Date
	for _, n := range s.Notices.Monitoring {
		if n.Country == country && country != "" {
			day = n.Date
			break
		}
		if n.Country == "*" {
			day = n.Date
		}
	}
	return day.First(), !day.IsZero()
}
