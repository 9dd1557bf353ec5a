// Package finding holds what detectors report: facts with their evidence. A
// finding carries no weight and no judgement; assess gives both.
package finding

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/signal"
)

// Finding is one fact about one persona.
type Finding struct {
	Detector   string // id of the detector
	Signal     signal.ID
	Version    int // of the detector
	Subject    identity.PersonaID
	Strength   signal.Strength      // by the quality of the match, within the catalogue's range
	Upper      bool                 // the upper end of Strong ("S+")
	Summary    string               // one sentence without names of groups or places of origin
	Evidence   []Evidence           // at least one
	With       []identity.PersonaID // the other ends, ascending; nil if it concerns the subject alone
	Place      string               // key of the place, network or parcel it is about; findings with one Place are one fact (ruling 3)
	OpenHome   bool                 // every sharer openly claims that place as home (ruling 3)
	Absent     []string             // exculpating sources that are not in the input (ruling 17)
	ObservedAt time.Time            // when the fact held; zero if timeless
}

// Evidence is one sentence and the rows that say so.
type Evidence struct {
	Text string
	Refs []record.Ref
}

// Compare orders findings by subject, signal, detector, summary and content.
func (f *Finding) Compare(o *Finding) int {
	return cmp.Or(
		strings.Compare(string(f.Subject), string(o.Subject)),
		strings.Compare(string(f.Signal), string(o.Signal)),
		strings.Compare(f.Detector, o.Detector),
		cmp.Compare(o.Strength, f.Strength),
		strings.Compare(f.Place, o.Place),
		strings.Compare(f.Summary, o.Summary),
		slices.Compare(f.With, o.With),
		f.ObservedAt.Compare(o.ObservedAt),
		slices.CompareFunc(f.Evidence, o.Evidence, func(a, b Evidence) int {
			return cmp.Or(strings.Compare(a.Text, b.Text), slices.CompareFunc(a.Refs, b.Refs, record.Ref.Compare))
		}),
	)
}
