package link

import (
	"slices"
	"strings"

	"muster/internal/identity"
)

// held notes which kinds of values each person has, shared or not. Where one side
// has none, a kind was not compared; that is no evidence of anything, and an
// explanation must say so ("not there" is not "does not match").
type held struct {
	kinds []identity.EdgeKind // ascending
	bit   map[identity.EdgeKind]int
	marks []uint64 // by person; one bit per kind
}

func newHeld(persons int) *held {
	h := &held{bit: map[identity.EdgeKind]int{}, marks: make([]uint64, persons)}
	for k := range traits {
		h.kinds = append(h.kinds, k)
	}
	slices.SortFunc(h.kinds, func(x, y identity.EdgeKind) int { return strings.Compare(string(x), string(y)) })
	for i, k := range h.kinds {
		h.bit[k] = i
	}
	return h
}

func (h *held) mark(k identity.EdgeKind, person int32) { h.marks[person] |= 1 << h.bit[k] }

// add takes over what another noted.
func (h *held) add(o *held) {
	for i, m := range o.marks {
		h.marks[i] |= m
	}
}

// write writes the notes into the persons.
func (h *held) write(persons []*person) {
	for i, p := range persons {
		if len(p.Records.References)+len(p.Records.Vouches) > 0 {
			h.mark(identity.EdgeVouch, int32(i))
		}
		if len(p.Devices) > 0 {
			h.mark(identity.EdgeDevice, int32(i))
		}
		for k, kind := range h.kinds {
			if h.marks[i]&(1<<k) != 0 {
				p.Held = append(p.Held, kind)
			}
		}
	}
}
