package link

import (
	"slices"
	"time"

	"muster/internal/identity"
)

// recycled is the pause after which a telephone number is taken to have been given
// to somebody else: the time for which a case's values are watched (catalogue, H01).
// Carriers wait 90 days at most (47 CFR 52.15(f)(1)(ii)); a persona of the same hand
// comes back within that time as well.
const recycled = 2 * 365 * 24 * time.Hour

// tenure is how long somebody is known to have had a number.
type tenure struct {
	person      int32
	first, last time.Time
	us          []use
}

// numberStars forms the stars of a contact: of a telephone number one for each
// stretch of time in which somebody had it without a long pause.
func (b *builder) numberStars(us []use) {
	if us[0].kind != identity.EdgePhone && us[0].kind != identity.EdgeRefereePhone {
		b.star(us)
		return
	}
	parts := stretches(b.tenures(us))
	if len(parts) == 1 {
		b.star(us)
		return
	}
	for _, part := range parts {
		slices.SortFunc(part, compareUses)
		b.star(part)
	}
	if e := b.star(us); e != nil {
		e.suppress("a number that was given to somebody else: more than two years lie between")
	}
}

// tenures says from when to when each person is known to have had a value. Who works
// here has it until today, who left had it until then; who gave it on no known day
// had it always.
func (b *builder) tenures(us []use) []tenure {
	var out []tenure
	for lo := 0; lo < len(us); {
		hi := lo + 1
		for hi < len(us) && us[hi].person == us[lo].person {
			hi++
		}
		t := tenure{person: us[lo].person, us: us[lo:hi]}
		p := b.persons[t.person]
		dated := false
		for _, u := range t.us {
			if u.at.IsZero() {
				continue
			}
			if !dated || u.at.Before(t.first) {
				t.first = u.at
			}
			t.last, dated = later(t.last, u.at), true
		}
		switch {
		case p.Former && !p.End.IsZero():
			t.last = later(t.last, p.End.Last())
		case p.Queue == identity.Staff || !dated:
			t.last = b.asOf
		}
		if !p.Start.IsZero() && (!dated || p.Start.First().Before(t.first)) {
			t.first = p.Start.First()
		}
		out = append(out, t)
		lo = hi
	}
	return out
}

// stretches groups the uses of tenures between which no long pause lies.
func stretches(list []tenure) [][]use {
	slices.SortStableFunc(list, func(x, y tenure) int { return x.first.Compare(y.first) })
	var out [][]use
	var last time.Time
	for i, t := range list {
		if i == 0 || t.first.Sub(last) > recycled {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], t.us...)
		last = later(last, t.last)
	}
	return out
}
