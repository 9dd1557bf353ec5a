// Package meetingdevice asks whether several people join meetings from one computer.
package meetingdevice

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/detect"
	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

//go:embed doc.md
var doc string

// Detector reports I04.
var Detector = &detect.Detector{
	ID:       "meeting-device",
	Doc:      doc,
	Signals:  []signal.ID{"I04"},
	Subjects: detect.Staff | detect.Candidates,
	Needs:    detect.AnyOf{{record.Meetings}},
	Run:      run,
}

func run(_ context.Context, pass *detect.Pass) error {
	for x := range pass.Each() {
		var found []finding.Finding
		for e := range pass.Edges(x.ID, identity.EdgeMeeting) {
			others := slices.DeleteFunc(pass.Others(e, x), func(h identity.Holder) bool {
				y := pass.View.Persona(h.Persona)
				// Colleagues in one co-working space often have one laptop model, and so one camera.
				colleagues := strings.HasPrefix(e.Key, "line ") && x.Queue == identity.Staff && y.Queue == identity.Staff
				return colleagues || oneAgency(pass, x, y) || onSite(pass, x, e) && onSite(pass, y, e) || reissued(x, y, e)
			})
			if len(others) > 0 {
				found = merge(found, shared(pass, x, e, others))
			}
		}
		for _, f := range found {
			pass.Report(f)
		}
	}
	return nil
}

func shared(pass *detect.Pass, x *identity.Persona, e *identity.Edge, others []identity.Holder) finding.Finding {
	f := finding.Finding{
		Signal: "I04", Subject: x.ID, Strength: signal.Strong,
		Summary:    fmt.Sprintf("Joins meetings from a computer from which %s join under other names.", detect.Count(len(others))),
		Evidence:   pass.Ends(e, x, others, "joined a meeting with "+e.Label),
		With:       detect.IDs(others),
		ObservedAt: detect.Latest(append(slices.Clone(others), e.End(x.ID))),
	}
	if len(others) == 1 {
		f.Summary = strings.Replace(f.Summary, "join under other names", "joins under another name", 1)
	}
	// The computer of a household is the same fact as living together (ruling 3).
	if home := pass.CommonHome(x, others); home != nil {
		f.Place, f.OpenHome = home.Key, true
	} else if where, ok := strings.CutPrefix(e.Key, "line "); ok {
		f.Place, _, _ = strings.Cut(where, " ") // a camera model only tells computers of one line apart
	}
	return f
}

// merge adds a finding, or, if one about the same people is there already, its
// evidence to that: disk, network card and camera of one computer are one fact.
func merge(found []finding.Finding, f finding.Finding) []finding.Finding {
	i := slices.IndexFunc(found, func(g finding.Finding) bool { return slices.Equal(g.With, f.With) })
	if i < 0 {
		return append(found, f)
	}
	g := &found[i]
	g.Evidence = append(g.Evidence, f.Evidence...)
	if f.ObservedAt.After(g.ObservedAt) {
		g.ObservedAt = f.ObservedAt
	}
	if !g.OpenHome && g.Place != f.Place {
		g.Place = "" // the disk or the network card says more than the line
	}
	return found
}

// oneAgency reports whether one declared agency presents or employs both: they may
// sit in its interview room.
func oneAgency(pass *detect.Pass, x, y *identity.Persona) bool {
	return slices.ContainsFunc(pass.Settings.Declared.Agencies, func(a settings.Agency) bool { return through(x, &a) && through(y, &a) })
}

func through(p *identity.Persona, a *settings.Agency) bool {
	names := func(s string) bool {
		_, domain, _ := strings.Cut(s, "@")
		return match.Org(a.Name) != "" && match.Org(s) == match.Org(a.Name) ||
			domain != "" && slices.ContainsFunc(a.Domains, func(d string) bool { return strings.EqualFold(d, domain) })
	}
	return slices.ContainsFunc(p.Records.Engagements, func(e *record.Engagement) bool { return names(e.Agency) || names(e.EORVendor) }) ||
		slices.ContainsFunc(p.Records.Applications, func(q *record.Application) bool { return names(q.SourceChannel) || names(q.CreditedTo) }) ||
		slices.ContainsFunc(p.Emails, names)
}

// onSite reports whether p was on the organisation's premises, or in its network,
// whenever it joined from the computer: a meeting room has one for all.
func onSite(pass *detect.Pass, p *identity.Persona, e *identity.Edge) bool {
	rows := from(p, e)
	return len(rows) > 0 && !slices.ContainsFunc(rows, func(m *record.Meeting) bool {
		return pass.Baseline.Exit(m.IP) == "" && !slices.ContainsFunc(p.Records.Presences, func(q *record.Presence) bool {
			there := q.PresenceKind == "badge" || q.PresenceKind == "office_wifi" || q.PresenceKind == "id_check" || q.PresenceKind == "offsite"
			return there && !q.At.IsZero() && detect.Day(q.At.Time()).Equal(detect.Day(m.At.Time()))
		})
	})
}

// from returns the meetings that p joined from the hardware of an edge.
func from(p *identity.Persona, e *identity.Edge) []*record.Meeting {
	var out []*record.Meeting
	for _, m := range p.Records.Meetings {
		if e.Key == "disk "+strings.ToLower(strings.TrimSpace(m.DiskID)) || e.Key == "mac "+strings.ToLower(m.MAC) || slices.Contains(e.End(p.ID).Refs, m.Ref) {
			out = append(out, m)
		}
	}
	return out
}

// reissued reports whether the hardware is that of a company laptop that one of two
// workers had after the other.
func reissued(x, y *identity.Persona, e *identity.Edge) bool {
	if x.Queue != identity.Staff || y.Queue != identity.Staff || !company(x, e) && !company(y, e) {
		return false
	}
	first, last := period(from(x, e))
	begin, end := period(from(y, e))
	return !first.IsZero() && !begin.IsZero() && (last.Before(begin) || end.Before(first))
}

// company reports whether an inventory lists the hardware as a device of p that is
// not private.
func company(p *identity.Persona, e *identity.Edge) bool {
	return slices.ContainsFunc(p.Records.Devices, func(d *record.Device) bool {
		return d.Ownership != "byod" && (e.Key == "disk "+strings.ToLower(strings.TrimSpace(d.DiskID)) ||
			slices.ContainsFunc(d.MACs, func(mac string) bool { return e.Key == "mac "+strings.ToLower(mac) }))
	})
}

// period returns the times of the first and last of some meetings; zero if one is undated.
func period(meetings []*record.Meeting) (first, last time.Time) {
	for _, m := range meetings {
		t := m.At.Time()
		if m.At.IsZero() {
			return time.Time{}, time.Time{}
		}
		if first.IsZero() || t.Before(first) {
			first = t
		}
		if t.After(last) {
			last = t
		}
	}
	return first, last
}
