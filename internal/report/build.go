package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"muster/internal/assess"
	"muster/internal/baseline"
	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Build makes the document of a scan. It reads in and changes nothing in it.
func Build(in Input) *Document {
	b := newBuilder(in)
	d := &Document{
		SchemaVersion: SchemaVersion,
		AsOf:          in.AsOf.UTC(),
		Organisation:  b.settings.Organisation,
		Inputs:        b.inputs(),
		Unidentified:  b.unidentified(),
		Quarantine:    nonNil(slices.Clone(in.Quarantine)),
		Settings:      b.settings,
		Screening:     nonNil(slices.Clone(in.Screening)),
		BandNotes:     slices.Clone(in.BandNotes),
	}
	slices.SortStableFunc(d.Quarantine, func(x, y QuarantineRow) int {
		return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), strings.Compare(x.Field, y.Field), strings.Compare(x.Reason, y.Reason))
	})
	d.Coverage = b.coverage()
	d.Personas = b.personas()
	d.Detectors = b.detectorPages(d)
	d.Queues = countQueues(d.Personas)
	d.Unlisted = b.countUnlisted(d.Queues, d.Personas)
	d.Operators = b.operators()
	d.Edges, d.Apart, d.Refused = b.edges(d.Personas), b.apart(), b.refused()
	d.Facilitators = b.facilitators()
	d.Suppressions = b.suppressions()
	d.Learnt = b.learnt()
	d.Register = b.register(d.Personas)
	d.Headline = headline(d)
	d.Summary = joinNonEmpty(" ", summary(d.Queues), soonest(d.Personas))
	return d
}

// builder holds the indexes that the parts of a document are made from.
type builder struct {
	in       Input
	settings *settings.Settings
	graph    *identity.Graph
	set      *record.Set
	base     *baseline.Set
	pages    map[string]detect.Page
	assessed map[identity.PersonaID]*assess.Assessment
	detail   map[identity.PersonaID]bool
	missed   map[identity.PersonaID][]NotAssessed
	rows     map[record.Ref][]row
	cities   map[string]baseline.Point
}

func newBuilder(in Input) *builder {
	b := &builder{
		in: in, settings: in.Settings, graph: in.Graph, set: in.Set, base: in.Baseline,
		pages:    map[string]detect.Page{},
		assessed: make(map[identity.PersonaID]*assess.Assessment, len(in.Assessments)),
		detail:   map[identity.PersonaID]bool{},
		missed:   map[identity.PersonaID][]NotAssessed{},
	}
	b.fillAbsent()
	for _, d := range in.Detectors {
		b.pages[d.ID] = detect.ParsePage(d.Doc)
	}
	for i := range in.Assessments {
		a := &in.Assessments[i]
		b.assessed[a.Persona] = a
		if a.Band > assess.None {
			b.detail[a.Persona] = true
		}
	}
	for _, id := range in.Detail {
		b.detail[id] = true
	}
	for _, c := range in.Coverage {
		if c.Status != detect.Ran {
			continue // said once, in the coverage
		}
		for id, reason := range c.Personas {
			if p := b.graph.Persona(id); p != nil && !b.listed(p) {
				continue
			}
			b.missed[id] = append(b.missed[id], NotAssessed{c.Detector, reason})
		}
	}
	b.rows = b.findRows()
	b.cities = cityIndex(b.base.Centroids)
	return b
}

// fillAbsent puts empty values where the input has none.
func (b *builder) fillAbsent() {
	if b.settings == nil {
		b.settings = &settings.Settings{}
	}
	if b.graph == nil {
		b.graph = &identity.Graph{}
		b.graph.Index()
	}
	if b.set == nil {
		b.set = &record.Set{}
	}
	if b.base == nil {
		b.base = &baseline.Set{}
	}
}

func (b *builder) inputs() []InputFile {
	out := make([]InputFile, 0, len(b.in.Inputs))
	for _, f := range b.in.Inputs {
		f.Formats = nonNil(slices.Clone(f.Formats))
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(x, y InputFile) int { return strings.Compare(x.Path, y.Path) })
	return out
}

func (b *builder) unidentified() []string {
	out := []string{}
	for _, f := range b.in.Inputs {
		if f.Unidentified {
			out = append(out, f.Path)
		}
	}
	slices.Sort(out)
	return out
}

// compareRank is the order of a queue: what needs attention first. Names have no part in it.
func compareRank(x, y *Persona) int {
	return cmp.Or(
		cmp.Compare(queueOrder(x.Queue), queueOrder(y.Queue)),
		cmp.Compare(y.Band, x.Band),
		cmp.Compare(y.Weight, x.Weight),
		strings.Compare(string(x.ID), string(y.ID)),
	)
}

func queueOrder(q identity.Queue) int {
	switch q {
	case identity.Staff:
		return 0
	case identity.Candidate:
		return 1
	}
	return 2
}

func countQueues(list []Persona) []QueueCount {
	out := []QueueCount{{Queue: identity.Staff}, {Queue: identity.Candidate}, {Queue: identity.Referee}}
	for i := range list {
		c := &out[queueOrder(list[i].Queue)]
		c.Total++
		switch list[i].Band {
		case assess.Urgent:
			c.Urgent++
		case assess.Review:
			c.Review++
		case assess.Watch:
			c.Watch++
		}
	}
	return out
}

func (b *builder) detectorPages(d *Document) []DetectorPage {
	found := map[string]int{}
	for i := range d.Personas {
		for j := range d.Personas[i].Findings {
			found[d.Personas[i].Findings[j].Detector]++
		}
	}
	status := map[string]detect.Status{}
	for _, c := range b.in.Coverage {
		status[c.Detector] = c.Status
	}
	out := make([]DetectorPage, 0, len(b.in.Detectors))
	for _, det := range b.in.Detectors {
		p := b.pages[det.ID]
		out = append(out, DetectorPage{
			ID: det.ID, Title: cmp.Or(p.Title, det.ID), Signals: nonNil(det.Signals), Families: familiesOf(det.Signals),
			Looks: p.Looks, Why: p.Why, Innocent: nonNil(p.Innocent), Clears: nonNil(p.Clears), Next: nonNil(p.Next),
			Status: status[det.ID], Findings: found[det.ID],
		})
	}
	slices.SortStableFunc(out, func(x, y DetectorPage) int { return strings.Compare(x.ID, y.ID) })
	return out
}

func familiesOf(ids []signal.ID) []string {
	out := []string{}
	for _, id := range ids {
		if s := signal.Get(id); s != nil && !slices.Contains(out, s.Family) {
			out = append(out, s.Family)
		}
	}
	slices.Sort(out)
	return out
}

// nonNil makes an absent list an empty one, so that JSON has [] and not null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// round rounds to thousandths; sums of floats must not differ in their last bits.
func round(x float64) float64 { return math.Round(x*1000) / 1000 }

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
