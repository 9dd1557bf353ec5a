package assess

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

// protectiveCap is the most that presence can take away (ruling 6).
const protectiveCap = 1.5

// Presence kinds, what each is worth in nats, and how it reads. Repeated badge
// or Wi-Fi days grow up to the figure; single steps count once.
var presenceWorth = []struct {
	kind string
	nats float64
	days int // distinct days needed for the full figure
	text string
}{
	{"id_check", 1.0, 1, "identity document checked in person by own staff"},
	{"office_pickup", 1.0, 1, "equipment collected at an office against an identity document"},
	{"device_in_hand", 0.9, 1, "passed a check with the issued device in hand"},
	{"badge", 0.9, 8, "badge used at an own site"},
	{"office_wifi", 0.7, 8, "own device on an office Wi-Fi"},
	{"offsite", 0.7, 1, "attended an off-site meeting"},
}

// protective returns the evidence for the person. Tenure alone protects nothing.
func protective(p *identity.Persona, asOf time.Time) []Protective {
	var out []Protective
	left := protectiveCap
	for _, worth := range presenceWorth {
		days, refs := map[string]bool{}, []record.Ref{}
		last, by := time.Time{}, ""
		for _, x := range p.Records.Presences {
			if x.PresenceKind != worth.kind || x.At.IsZero() || x.At.Time().After(asOf) {
				continue
			}
			days[x.At.Date().String()] = true
			if x.At.Time().After(last) {
				last, by = x.At.Time(), x.VerifiedBy
			}
			if len(refs) < 3 {
				refs = append(refs, x.Ref)
			}
		}
		if len(days) == 0 || left <= 0 {
			continue
		}
		w := min(left, worth.nats*min(1, float64(len(days))/float64(worth.days)))
		left -= w
		text := worth.text
		if by != "" {
			text += " by " + by
		}
		if len(days) > 1 {
			text += fmt.Sprintf(", on %d days", len(days))
		}
		out = append(out, Protective{text + ", last on " + last.Format(time.DateOnly), -w, refs})
	}
	return out
}

// verifications lists by whom and when a persona was ever independently verified,
// newest first. A reference whose contact the candidate gave is no verification.
func verifications(p *identity.Persona) []Verification {
	var out []Verification
	seen := map[string]int{}
	add := func(v Verification) {
		key := v.Kind + "\x00" + v.By
		if i, ok := seen[key]; ok {
			if v.At.After(out[i].At) {
				out[i] = v
			}
			return
		}
		seen[key] = len(out)
		out = append(out, v)
	}
	for _, x := range p.Records.Presences {
		if !x.At.IsZero() {
			add(Verification{x.PresenceKind, x.At.Time(), cmp.Or(x.VerifiedBy, x.Site), []record.Ref{x.Ref}})
		}
	}
	for _, x := range p.Records.Checks {
		if at := cmp.Or(x.CompletedAt, x.OrderedAt); x.Result == "clear" && !at.IsZero() {
			add(Verification{x.CheckKind + " check", at.Time(), x.Vendor, []record.Ref{x.Ref}})
		}
	}
	for _, x := range p.Records.References {
		if x.ContactSource == "independently_found" && x.Verified == "confirmed" {
			add(Verification{"reference", cmp.Or(x.SubmittedAt, x.ObservedAt).Time(), cmp.Or(x.VerifiedBy, x.Referee.Company), []record.Ref{x.Ref}})
		}
	}
	for _, x := range p.Records.Meetings {
		if x.MeetingKind == "spot_check" && x.Result == "ok" {
			add(Verification{"spot_check", x.At.Time(), x.Checker, []record.Ref{x.Ref}})
		}
	}
	slices.SortFunc(out, func(a, b Verification) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.Kind, b.Kind), strings.Compare(a.By, b.By))
	})
	return out
}

// steps returns what comes next and cannot be taken back, soonest first.
func steps(p *identity.Persona, st *settings.Settings, asOf time.Time) []Step {
	var out []Step
	today := record.NewTime(asOf, record.PrecisionDay, true).Date()
	for _, s := range p.Records.Shipments {
		if s.DeliveredAt.IsZero() && s.ReturnedAt.IsZero() && s.Status != "returned" && s.Status != "delivered" {
			out = append(out, Step{"shipment", s.ShippedAt.Date(), "equipment is on its way or waits to be sent"})
			break
		}
	}
	if !p.Start.IsZero() && p.Start.First().After(asOf) {
		out = append(out, Step{"start", p.Start, "first day of work"})
	}
	if p.Queue == identity.Staff && !p.Former {
		step := Step{"pay", st.Payroll.NextRun, "the next pay run"}
		if len(p.Records.Payments) == 0 {
			step.What, step.Text = "first_pay", "the first pay run"
		}
		if step.At.IsZero() || !step.At.Last().Before(today.First()) {
			out = append(out, step)
		}
		for _, e := range p.Records.Engagements {
			if e.Privileged != nil && *e.Privileged {
				out = append(out, Step{"privilege", record.Date{}, "holds privileged access"})
				break
			}
		}
	}
	if p.Queue == identity.Candidate {
		for _, a := range p.Records.Applications {
			if !a.OfferedAt.IsZero() && a.Status != "rejected" && a.Status != "withdrawn" {
				out = append(out, Step{"shipment", record.Date{}, "an offer is out; equipment follows"})
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Step) int {
		if a.At.IsZero() != b.At.IsZero() {
			if a.At.IsZero() {
				return 1
			}
			return -1
		}
		return a.At.First().Compare(b.At.First())
	})
	return out
}

// checks is the cheapest check that settles a fact of each family.
var checks = map[string]string{
	"contact":             "Call the person on a number found independently of the application and ask about the shared contact.",
	"text":                "Ask for a live walk through one claimed project, and confirm one employer through its main line.",
	"image":               "Compare the pictures in a short video call held by someone who interviewed the person.",
	"device":              "Ask the person to show the issued device and its serial number in a short video call.",
	"network":             "Ask the person to show the issued device and its serial number in a short video call from where they work.",
	"location":            "Ask where the person works this month, and compare with HR's address and the travel list.",
	"shipping":            "Hold the parcel or confirm its address by calling a number found independently; offer office pick-up against an identity document.",
	"payment":             "Hold the change, and confirm the account holder through the bank and the person through a call-back.",
	"reference":           "Call the referee's employer through its main line and ask for the referee.",
	"code-identity":       "Ask the person to explain, in a call, two of their own recent commits.",
	"remote-control":      "Ask IT who installed it, then a short video call with the issued device in hand.",
	"behaviour":           "Talk to the manager about their own observations; offer an alternative route for any check.",
	"verification-result": "Repeat the verification through a second, independent party.",
	"indicator":           "Verify the indicator's source and date, then compare a second attribute before anything else.",
	"data-theft":          "Preserve logs and have two people review the access.",
}

// cheapestCheck returns the check for the heaviest fact.
func cheapestCheck(w weighed) string {
	if len(w.families) == 0 {
		return ""
	}
	return checks[w.families[0].Name]
}
