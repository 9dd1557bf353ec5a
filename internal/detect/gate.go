package detect

import (
	"slices"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
)

// gatedView returns the view for detectors that read telemetry: per persona, what
// was recorded before the notice of the persona's country is taken out, and for
// personas without a notice all of it.
func gatedView(in Input) *View {
	v := &View{Graph: &identity.Graph{}, Sessions: in.Sessions, from: map[identity.PersonaID]time.Time{}, gated: true}
	g := in.Graph
	for _, p := range g.Personas {
		if from, ok := in.Settings.NoticeDate(p.Country); ok {
			v.from[p.ID] = from
		}
	}
	v.Graph.Personas = make([]*identity.Persona, len(g.Personas))
	for i, p := range g.Personas {
		v.Graph.Personas[i] = v.withoutEarlier(p)
	}
	for _, e := range g.Edges {
		if e = v.trim(e); e != nil {
			v.Graph.Edges = append(v.Graph.Edges, e)
		}
	}
	v.Graph.Operators, v.Graph.Facilitators = g.Operators, g.Facilitators
	v.Graph.Screened = g.Screened
	for _, h := range g.Hits {
		if telemetryFields[h.Field] {
			from, ok := v.from[h.Persona]
			if !ok || h.Last.Before(from) {
				continue
			}
		}
		v.Graph.Hits = append(v.Graph.Hits, h)
	}
	v.Graph.Index()
	return v
}

// telemetryFields are the hit fields that come from monitoring.
var telemetryFields = map[string]bool{"sign_in_ip": true, "meeting_ip": true, "device_ip": true}

// telemetryEdges are the kinds of edges that come from monitoring.
var telemetryEdges = map[identity.EdgeKind]bool{
	identity.EdgeSignInIP: true, identity.EdgeDeviceIP: true, identity.EdgeLAN: true, identity.EdgeDevice: true,
	identity.EdgeMonitor: true, identity.EdgeUSB: true, identity.EdgeMeeting: true,
}

// withoutEarlier returns p without the telemetry that may not be read.
func (v *View) withoutEarlier(p *identity.Persona) *identity.Persona {
	if len(p.Records.DeviceItems)+len(p.Records.NetworkObs)+len(p.Records.Meetings)+len(p.Records.Devices) == 0 {
		return p // no telemetry at all; a platform has a million of these
	}
	from, ok := v.from[p.ID]
	q := *p
	r := &q.Records
	r.DeviceItems = since(r.DeviceItems, from, ok, func(x *record.DeviceItem) record.Time { return later(x.LastSeen, later(x.FirstSeen, x.ObservedAt)) })
	r.NetworkObs = since(r.NetworkObs, from, ok, func(x *record.NetworkObservation) record.Time { return x.At })
	r.Meetings = since(r.Meetings, from, ok, func(x *record.Meeting) record.Time { return x.At })
	r.Devices = since(r.Devices, from, ok, func(x *record.Device) record.Time { return later(x.LastSeen, later(x.EnrolledAt, x.ObservedAt)) })
	return &q
}

func later(a, b record.Time) record.Time {
	if a.IsZero() || a.Before(b) {
		return b
	}
	return a
}

// since keeps the records of which the last sighting is not before from. Undated
// records count as current.
func since[R any](list []R, from time.Time, ok bool, at func(R) record.Time) []R {
	if !ok {
		return nil
	}
	early := func(r R) bool { t := at(r); return !t.IsZero() && t.Time().Before(from) }
	if !slices.ContainsFunc(list, early) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), early)
}

// trim takes out of a telemetry edge the ends that may not be read; nil if fewer
// than two are left.
func (v *View) trim(e *identity.Edge) *identity.Edge {
	if !telemetryEdges[e.Kind] {
		return e
	}
	ok := func(h identity.Holder) bool {
		from, has := v.from[h.Persona]
		return has && (h.At.IsZero() || !h.At.Before(from))
	}
	var kept []identity.Holder
	for _, h := range e.Holders {
		if ok(h) {
			kept = append(kept, h)
		}
	}
	switch {
	case len(kept) == len(e.Holders):
		return e
	case len(kept) < 2:
		return nil
	}
	f := *e
	f.Holders, f.N = kept, len(kept)
	return &f
}

// has reports whether the persona has records of a kind.
func has(p *identity.Persona, k record.Kind, v *View) bool {
	r := &p.Records
	switch k {
	case record.Personas:
		return len(r.Claims) > 0
	case record.Applications:
		return len(r.Applications) > 0
	case record.HistoryItems:
		return len(r.History) > 0
	case record.Documents:
		return len(r.Documents) > 0
	case record.References:
		return len(r.References)+len(r.Vouches) > 0
	case record.Engagements:
		return len(r.Engagements) > 0
	case record.PaymentAccounts:
		return len(r.PaymentAccounts) > 0
	case record.Payments:
		return len(r.Payments) > 0
	case record.Devices:
		return len(r.Devices) > 0
	case record.DeviceItems:
		return len(r.DeviceItems) > 0
	case record.Shipments:
		return len(r.Shipments) > 0
	case record.Sessions:
		for range v.SessionsOf(p) {
			return true
		}
		return false
	case record.NetworkObs:
		return len(r.NetworkObs) > 0
	case record.Contributions:
		return len(r.Contributions) > 0
	case record.Meetings:
		return len(r.Meetings) > 0
	case record.AccessEvents:
		return len(r.AccessEvents) > 0
	case record.AccountEvents:
		return len(r.AccountEvents) > 0
	case record.Checks:
		return len(r.Checks) > 0
	case record.Presences:
		return len(r.Presences) > 0
	case record.StolenLogins:
		return len(r.StolenLogins) > 0
	case record.Indicators:
		return v.Screened > 0 || len(v.HitsOf(p.ID)) > 0 // no hit on a list that was given is an answer
	}
	return false
}
