// Package coverage says which detectors cannot look because an export is missing,
// and which export to ask for next. It judges nobody and reads no file: it
// compares what detectors need with the kinds of records that were read.
//
// Missing exports are ordered so that every step can be checked by hand: first
// the starters (roster, hosts, sign-ins) in their fixed order, then by points,
// which are the sum of the grades of the signals that this one export would make
// possible with what is already there (weak 1, medium 2, strong 3, conclusive 4,
// by the most that a signal may be). Ties are broken by how many detectors it
// brings closer, then by the order of exports.yaml. Points order exports; they
// are neither a probability nor the weights of an assessment.
package coverage

import (
	"cmp"
	"slices"

	"muster/internal/detect"
	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Input is what coverage is computed from.
type Input struct {
	Seen      *Seen
	Formats   []string       // ids of the sources that the files were recognised as
	Filled    map[string]int // "session.ip": records that have it; nil = unknown
	Emitted   map[record.Kind]int
	Fields    func(record.Kind) []string
	Detectors []*detect.Detector
	Sources   []Source // all that can be read
	Settings  *settings.Settings
}

// Source is a kind of export that can be read.
type Source struct {
	ID     string        `json:"id"`
	System string        `json:"system"`
	Title  string        `json:"title"`
	Path   string        `json:"path"`           // where to click or what to call, one line
	Have   bool          `json:"have,omitempty"` // another export of the same product was read
	Kinds  []record.Kind `json:"-"`
}

// Report says what is dark, and what would change that.
type Report struct {
	Detectors int           `json:"detectors"`
	Lit       int           `json:"lit"`
	Dark      []Dark        `json:"dark"`
	Exports   []Export      `json:"exports"` // missing ones, most useful first
	Fields    []Fields      `json:"fields"`
	Empty     []Empty       `json:"empty_fields"`
	Absent    []Exculpating `json:"absent_exculpating"`
}

// Dark is a detector that assesses nobody.
type Dark struct {
	Detector string   `json:"detector"`
	Title    string   `json:"title"`
	Signals  []Signal `json:"signals"`
	Lacks    [][]Need `json:"lacks"`          // alternatives, each complete with what was read
	Gate     string   `json:"gate,omitempty"` // notice, consent, test or approval: the switch that keeps it off beside records
}

// Signal is a signal with the most it may be.
type Signal struct {
	ID       signal.ID       `json:"id"`
	Strength signal.Strength `json:"strength"`
	Notice   bool            `json:"needs_notice,omitempty"` // waits for the monitoring notice too
}

// Export is something to ask for.
type Export struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Why     string   `json:"why"`
	Starter bool     `json:"starter,omitempty"`
	Missing []Need   `json:"missing"`
	Points  int      `json:"points"` // see the package comment
	Lights  []Lit    `json:"lights"` // what it makes possible on its own
	Closer  []Closer `json:"closer"` // what it makes possible together with another one
	Sources []Source `json:"sources"`
	Queries []Query  `json:"queries"`
}

// Lit is a detector that an export makes possible.
type Lit struct {
	Detector string   `json:"detector"`
	Signals  []Signal `json:"signals"`
}

// Closer is a detector that needs one more export.
type Closer struct {
	Detector string `json:"detector"`
	With     []Need `json:"with"`
}

// Empty is a kind of record that was read without some of the fields that
// detectors look at.
type Empty struct {
	Kind   record.Kind `json:"kind"`
	Fields []string    `json:"fields"`
}

// Fields says how many records of a kind have what its detectors read.
type Fields struct {
	Kind      record.Kind `json:"kind"`
	Records   int         `json:"records"`
	Filled    []Filled    `json:"filled"`
	Detectors []string    `json:"detectors"` // that ask for records of this kind
}

// Filled is a field with the number of records that have it.
type Filled struct {
	Field   string `json:"field"`
	Records int    `json:"records"`
}

// Compute compares needs with what was read.
func Compute(in Input) (*Report, error) {
	book, err := open()
	if err != nil {
		return nil, err
	}
	r := &Report{Detectors: len(in.Detectors), Dark: []Dark{}, Exports: []Export{}, Fields: fields(in), Empty: empty(in), Absent: []Exculpating{}}
	for _, d := range in.Detectors {
		x := Dark{d.ID, detect.ParsePage(d.Doc).Title, signals(d, in.Settings), minimal(book.lacks(d, in.Seen.has)), gate(d, in.Settings)}
		if len(x.Lacks) == 0 && x.Gate == "" {
			r.Lit++
			continue
		}
		r.Dark = append(r.Dark, x)
	}
	for i := range book.Exports {
		if x := book.export(&book.Exports[i], in); x != nil {
			r.Exports = append(r.Exports, *x)
		}
	}
	slices.SortStableFunc(r.Exports, func(a, b Export) int {
		if a.Starter || b.Starter {
			return cmp.Compare(rank(b), rank(a))
		}
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(len(b.Closer), len(a.Closer)))
	})
	for _, x := range book.Exculpating {
		if !in.Seen.speaks(x.ID, in.Settings) && !(in.Settings.Marketplace() && slices.Contains(employer, x.ID)) {
			r.Absent = append(r.Absent, x)
		}
	}
	return r, nil
}

// employer are the exports that only an employer has, and what speaks for people
// who work on its laptops.
var employer = []string{"roster", "hosts", "peripherals", "displays", "programs", "traffic", "networks", "shipments", "presence", "vdi"}

// rank puts starters first.
func rank(x Export) int {
	if x.Starter {
		return 1
	}
	return 0
}

// export says what a missing export is worth; nil if it is there or brings nothing.
func (b *book) export(e *entry, in Input) *Export {
	if in.Settings.Marketplace() && slices.Contains(employer, e.ID) {
		return nil
	}
	x := &Export{ID: e.ID, Title: e.Title, Why: e.Why, Starter: e.Starter, Lights: []Lit{}, Closer: []Closer{}, Queries: e.Queries}
	for _, n := range e.Gives {
		if !in.Seen.has(n) {
			x.Missing = append(x.Missing, n)
		}
	}
	if len(x.Missing) == 0 {
		return nil
	}
	with := func(n Need) bool { return in.Seen.has(n) || slices.Contains(x.Missing, n) }
	for _, d := range in.Detectors {
		before, after := b.lacks(d, in.Seen.has), b.lacks(d, with)
		can := signals(d, in.Settings)
		if len(before) == 0 || len(can) == 0 {
			continue
		}
		if len(after) == 0 {
			x.Lights = append(x.Lights, Lit{d.ID, can})
			for _, s := range can {
				x.Points += int(s.Strength)
			}
			continue
		}
		if short := closer(before, after); short != nil {
			x.Closer = append(x.Closer, Closer{d.ID, short})
		}
	}
	if len(x.Lights)+len(x.Closer) == 0 && !e.Starter {
		return nil
	}
	slices.SortStableFunc(x.Lights, func(a, b Lit) int { return cmp.Compare(top(b), top(a)) })
	x.Sources = b.sources(e, in)
	return x
}

func top(l Lit) signal.Strength {
	s := signal.Context
	for _, x := range l.Signals {
		s = max(s, x.Strength)
	}
	return s
}

// closer returns the shortest alternative that an export shortened; nil if it
// shortened none.
func closer(before, after [][]Need) []Need {
	var best []Need
	for i := range after {
		if len(after[i]) < len(before[i]) && (best == nil || len(after[i]) < len(best)) {
			best = after[i]
		}
	}
	return best
}

// signals returns what a detector may report, leaving out what is never computed
// and what waits for a consent or a test, which no export brings.
func signals(d *detect.Detector, st *settings.Settings) []Signal {
	out := []Signal{}
	for _, id := range d.Signals {
		s := signal.Get(id)
		if s == nil || why(s, st) != "" && why(s, st) != "notice" {
			continue
		}
		out = append(out, Signal{id, s.Max, why(s, st) == "notice"})
	}
	return out
}

// gate returns the switch that keeps all of a detector's signals off, or "".
func gate(d *detect.Detector, st *settings.Settings) string {
	last := ""
	for _, id := range d.Signals {
		s := signal.Get(id)
		if s == nil {
			continue
		}
		if last = why(s, st); last == "" {
			return ""
		}
	}
	return last
}

// why returns the switch that keeps a signal off, as package detect applies them.
func why(s *signal.Signal, st *settings.Settings) string {
	switch {
	case s.Class == signal.X:
		return "never computed"
	case s.NeedsNotice() && len(st.Notices.Monitoring) == 0:
		return "notice"
	case s.Class == signal.F3 && len(st.Consents.Biometric) == 0:
		return "consent"
	case s.Class == signal.F4 && st.Tests.DisparateImpact == nil:
		return "test"
	case !st.HasApproval(s.Approval):
		return "approval"
	}
	return ""
}

// empty lists the fields that no record has, of the kinds that were read.
func empty(in Input) []Empty {
	out := []Empty{}
	if in.Filled == nil || in.Fields == nil {
		return out
	}
	for _, k := range record.Kinds() {
		if !in.Seen.has(Need(k)) {
			continue
		}
		var fields []string
		for _, f := range in.Fields(k) {
			if in.Filled[string(k)+"."+f] == 0 {
				fields = append(fields, f)
			}
		}
		if len(fields) > 0 {
			out = append(out, Empty{k, fields})
		}
	}
	return out
}

// fields counts what the records that were read have of what detectors read.
func fields(in Input) []Fields {
	out := []Fields{}
	if in.Filled == nil || in.Fields == nil {
		return out
	}
	for _, k := range record.Kinds() {
		if in.Emitted[k] == 0 || len(in.Fields(k)) == 0 {
			continue
		}
		x := Fields{Kind: k, Records: in.Emitted[k], Detectors: []string{}}
		for _, f := range in.Fields(k) {
			x.Filled = append(x.Filled, Filled{f, in.Filled[string(k)+"."+f]})
		}
		for _, d := range in.Detectors {
			if slices.ContainsFunc(d.Needs, func(set []record.Kind) bool { return slices.Contains(set, k) }) {
				x.Detectors = append(x.Detectors, d.ID)
			}
		}
		out = append(out, x)
	}
	return out
}
