package link

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/identity"
	"muster/internal/match"
	"muster/internal/record"
	"muster/internal/settings"
)

// maxRefs is how many rows a holder names.
const maxRefs = 5

// Windows within which one address is taken for one line: addresses of homes
// change hands.
const (
	deviceWindow      = 14 * 24 * time.Hour
	applicationWindow = 7 * 24 * time.Hour
	meetingWindow     = 24 * time.Hour // catalogue, I04
)

// stars forms the edges of all collected values.
func (b *builder) stars() {
	parcels := map[string]bool{}
	for i := range b.uses {
		if b.uses[i].kind == identity.EdgeShipTo {
			parcels[b.uses[i].key] = true
		}
	}
	residents := map[string][]use{}
	b.groups(func(us []use) {
		switch us[0].kind {
		case identity.EdgeAddress:
			if parcels[us[0].key] {
				residents[us[0].key] = slices.Clone(us)
			}
			b.homeStars(us)
		case identity.EdgeShipTo:
			b.parcelStars(us, residents[us[0].key])
		case identity.EdgeDeviceIP:
			b.windows(us, deviceWindow)
		case identity.EdgeApplicationIP:
			b.windows(us, applicationWindow)
		case identity.EdgePhone, identity.EdgeEmail:
			b.contactStars(us)
		case identity.EdgeMachine:
			b.windows(us, machineWindow)
		case identity.EdgeMeeting:
			if strings.HasPrefix(us[0].key, atLine) {
				b.windows(us, meetingWindow)
				return
			}
			b.star(us)
		default:
			b.star(us)
		}
	})
	b.uses = nil
}

// windows forms one star per stretch of time in which an address was in use
// without a longer pause. Undated rows count as of the last stretch.
func (b *builder) windows(us []use, pause time.Duration) {
	slices.SortStableFunc(us, func(x, y use) int {
		if x.at.IsZero() != y.at.IsZero() {
			if x.at.IsZero() {
				return 1
			}
			return -1
		}
		return x.at.Compare(y.at)
	})
	lo := 0
	for i := 1; i <= len(us); i++ {
		if i == len(us) || !us[i].at.IsZero() && us[i].at.Sub(us[i-1].at) > pause {
			part := us[lo:i]
			slices.SortFunc(part, compareUses)
			b.star(part)
			lo = i
		}
	}
}

// contactStars takes people who are only known as referees apart from the
// others: what a referee shares is a matter of the reference.
func (b *builder) contactStars(us []use) {
	var own []use
	kind := identity.EdgeRefereePhone
	if us[0].kind == identity.EdgeEmail {
		kind = identity.EdgeRefereeEmail
	}
	for _, u := range us {
		if b.persons[u.person].Queue != identity.Referee {
			own = append(own, u)
		}
	}
	if len(own) < len(us) {
		all := slices.Clone(us)
		for i := range all {
			all[i].kind = kind
		}
		b.numberStars(all)
	}
	if len(own) > 0 {
		b.numberStars(own)
	}
}

// homeStars forms stars of a building's claimed homes, one per unit.
func (b *builder) homeStars(us []use) {
	byUnit := map[string][]use{}
	for _, u := range us {
		byUnit[u.note] = append(byUnit[u.note], u)
	}
	units := make([]string, 0, len(byUnit))
	for unit := range byUnit {
		units = append(units, unit)
	}
	slices.Sort(units)
	building := us[0].key
	for _, unit := range units {
		part := byUnit[unit]
		for i := range part {
			part[i].key = building + "#" + unit
		}
		e := b.star(part)
		if e != nil && unit == "" && len(units) > 1 {
			e.discount(0.4, "no unit is given in a building with units")
		}
	}
	if len(units) > 1 {
		for i := range us {
			us[i].key = building + "#*"
		}
		if e := b.star(us); e != nil {
			e.OpenHome = false
			e.suppress("the same building, other units")
		}
	}
}

// parcelStars forms stars of where parcels went. People who claim the place as
// home are ends too, so that a parcel to a colleague's home shows.
func (b *builder) parcelStars(parcels, residents []use) {
	units := map[string]bool{}
	for _, u := range parcels {
		if u.note != "" {
			units[u.note] = true
		}
	}
	building := parcels[0].key
	if len(units) <= 1 {
		unit := ""
		for u := range units {
			unit = u
		}
		b.parcelStar(building, unit, parcels, residents)
		return
	}
	names := append([]string{""}, sortedKeys(units)...)
	for _, unit := range names {
		var part []use
		for _, u := range parcels {
			if u.note == unit {
				part = append(part, u)
			}
		}
		if len(part) > 0 {
			b.parcelStar(building, unit, part, residents)
		}
	}
}

func (b *builder) parcelStar(building, unit string, parcels, residents []use) {
	all := slices.Clone(parcels)
	for i := range all {
		all[i].key = building + "#" + unit
	}
	for _, r := range residents {
		if !compatible(r.note, unit) || !slices.ContainsFunc(parcels, func(u use) bool { return u.person != r.person }) {
			continue
		}
		r.kind, r.key, r.at = identity.EdgeShipTo, building+"#"+unit, time.Time{}
		all = append(all, r)
	}
	slices.SortFunc(all, compareUses)
	b.star(all)
}

// compatible reports whether two units can be one: absent ones can be any.
func compatible(a, b string) bool { return a == "" || b == "" || a == b }

func sortedKeys(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// star makes the edge of one value from its uses, which are grouped by person,
// and adds it. It returns nil if fewer than two people have the value.
func (b *builder) star(us []use) *identityEdge {
	e := b.edge(us)
	if e == nil {
		return nil
	}
	b.judge(e, us)
	b.edges = append(b.edges, e.Edge)
	return e
}

// identityEdge is an edge with the persons at its ends.
type identityEdge struct {
	*identity.Edge
	persons []int32
}

func (e *identityEdge) suppress(why string) {
	if e.Suppressed == "" {
		e.Suppressed, e.Weight = why, 0
	}
}

func (e *identityEdge) discount(factor float64, why string) {
	if e.Suppressed == "" {
		e.cut(e.Weight*factor, why)
	}
}

// cut lowers the weight and notes why.
func (e *identityEdge) cut(to float64, why string) {
	e.Cuts = append(e.Cuts, identity.Cut{Text: why, Nats: to - e.Weight})
	e.Weight = to
	e.Discounts = append(e.Discounts, why)
}

// edge collects the ends of a value.
func (b *builder) edge(us []use) *identityEdge {
	first := us[0].person
	if !slices.ContainsFunc(us, func(u use) bool { return u.person != first }) {
		return nil
	}
	e := &identityEdge{Edge: &identity.Edge{Kind: us[0].kind, Key: us[0].key}}
	for lo := 0; lo < len(us); {
		hi := lo + 1
		for hi < len(us) && us[hi].person == us[lo].person {
			hi++
		}
		h := identity.Holder{Persona: b.persons[us[lo].person].ID}
		days := map[int64]bool{}
		for _, u := range us[lo:hi] {
			e.Label = cmp.Or(e.Label, u.label)
			if u.at.After(h.At) {
				h.At = u.at
			}
			if !u.at.IsZero() {
				days[u.at.Unix()/86400] = true
				if e.First.IsZero() || u.at.Before(e.First) {
					e.First = u.at
				}
				if u.at.After(e.Last) {
					e.Last = u.at
				}
			}
			h.Days = max(h.Days, u.days)
			if u.ref != nil && len(h.Refs) < maxRefs && !slices.Contains(h.Refs, *u.ref) {
				h.Refs = append(h.Refs, *u.ref)
			}
		}
		h.Days = max(h.Days, len(days))
		e.Holders = append(e.Holders, h)
		e.persons = append(e.persons, us[lo].person)
		lo = hi
	}
	e.N = len(e.Holders)
	return e
}

// judge weighs an edge and says what makes it public or weak.
func (b *builder) judge(e *identityEdge, us []use) {
	t := traits[e.Kind]
	e.Family = t.family
	if strings.HasPrefix(e.Key, atLine) {
		e.Family = famNetwork // a camera model only tells computers of one line apart
	}
	e.Weight = t.weight(e.N, len(b.persons))
	why, all := "", true
	for _, u := range us {
		if u.why != "" {
			why = cmp.Or(why, u.why)
		} else {
			all = false
		}
	}
	switch e.Kind {
	case identity.EdgeAddress, identity.EdgeShipTo:
		building, unit, _ := strings.Cut(e.Key, "#")
		b.place(e, building, unit)
		if all && why != "" {
			e.discount(0.3, why)
		}
	case identity.EdgeSigner:
		b.signed(e, us)
	case identity.EdgeSignInIP, identity.EdgeDeviceIP, identity.EdgeLAN, identity.EdgeApplicationIP, identity.EdgeChangeIP, identity.EdgeReferenceIP:
		b.line(e, us, why)
	case identity.EdgeEmail, identity.EdgeRefereeEmail:
		if a := agencyOf(b.st, func(a *settings.Agency) bool {
			return slices.ContainsFunc(a.Domains, func(d string) bool { return strings.EqualFold(d, match.EmailDomain(e.Key)) })
		}); a != "" {
			e.suppress("mail of the declared agency " + a)
		}
	case identity.EdgePhone, identity.EdgeRefereePhone:
		if a := agencyOf(b.st, func(a *settings.Agency) bool {
			return slices.ContainsFunc(a.Phones, func(p string) bool { return samePhone(p, e.Key) })
		}); a != "" {
			e.suppress("telephone of the declared agency " + a)
		}
	case identity.EdgeMachine:
		b.machine(e, us, why)
	case identity.EdgeMonitor:
		if b.officeOf(len(e.persons), us) {
			e.suppress("monitor at an office desk")
		}
	case identity.EdgeMeeting:
		switch {
		case why != "":
			e.suppress(why)
		case strings.HasPrefix(e.Key, atLine) && (b.oneHome(e.persons) || b.oneHousehold(e.persons)):
			e.suppress("the same camera model in one home")
		}
	case identity.EdgeBankAccount:
		if b.oneHousehold(e.persons) {
			e.suppress("declared household")
		}
	}
	limit := t.cap
	if b.st.Marketplace() {
		limit = max(limit, marketCap[e.Kind])
		if a := b.oneAgency(e.persons); a != "" {
			e.suppress("accounts of the agency " + a)
		}
	}
	if e.N > limit {
		e.suppress(fmt.Sprintf(tooMany+" %d holders", limit))
	}
}

// place judges an edge about a building.
func (b *builder) place(e *identityEdge, building, unit string) {
	e.OpenHome = !slices.ContainsFunc(e.persons, func(i int32) bool { return !b.livesAt(i, building, unit) })
	for k, i := range e.persons {
		e.Holders[k].Note = b.persons[i].home()
		e.Holders[k].Resident = b.livesAt(i, building, unit)
	}
	if e.Label == "" {
		e.Label = "an address"
	}
	switch why := b.housingAt(building); {
	case why != "":
		e.suppress(why)
	case b.oneHousehold(e.persons):
		e.suppress("declared household")
	case e.OpenHome:
		e.openly()
	}
}

// signed judges an edge about who signed for parcels: the concierge or neighbour
// of one building signs for people who openly live there.
func (b *builder) signed(e *identityEdge, us []use) {
	building := us[0].note
	one := !slices.ContainsFunc(us, func(u use) bool { return u.note != building })
	e.OpenHome = one && !slices.ContainsFunc(e.persons, func(i int32) bool {
		return !slices.ContainsFunc(b.persons[i].places, func(pl match.Place) bool { return pl.Building == building })
	})
	for k, i := range e.persons {
		e.Holders[k].Note = b.persons[i].home()
	}
	switch {
	case b.oneHousehold(e.persons):
		e.suppress("declared household")
	case e.OpenHome:
		e.openly()
	case !one && match.ParseName(e.Label).HasInitial():
		e.discount(0.4, "an initial and a family name, at different places")
	}
}

// line judges an edge about a network.
func (b *builder) line(e *identityEdge, us []use, why string) {
	e.OpenHome = b.oneHome(e.persons)
	for k, i := range e.persons {
		e.Holders[k].Note = cmp.Or(e.Holders[k].Note, b.persons[i].home())
	}
	switch {
	case why != "":
		e.suppress(why)
	case b.officeOf(len(e.persons), us):
		e.suppress("office network")
	case b.oneHousehold(e.persons):
		e.suppress("declared household")
	case e.OpenHome:
		e.openly()
	}
}

// openly caps what an openly shared home weighs.
func (e *identityEdge) openly() {
	if e.Weight > coResidence {
		e.cut(coResidence, "everybody openly claims this home")
	}
}

// oneAgency returns the agency under which all persons openly offer their work, ""
// if there is none: they share what is the agency's.
func (b *builder) oneAgency(persons []int32) string {
	first := ""
	for _, i := range persons {
		name := ""
		for _, x := range b.persons[i].Records.Engagements {
			name = cmp.Or(name, strings.TrimSpace(x.Agency))
		}
		if name == "" || first != "" && match.Org(name) != match.Org(first) {
			return ""
		}
		first = name
	}
	return first
}

// oneHome reports whether all persons claim one home.
func (b *builder) oneHome(persons []int32) bool {
	if len(persons) == 0 {
		return false
	}
	return slices.ContainsFunc(b.persons[persons[0]].places, func(home match.Place) bool {
		return !slices.ContainsFunc(persons[1:], func(i int32) bool {
			return !slices.ContainsFunc(b.persons[i].places, func(pl match.Place) bool {
				return pl.Building == home.Building && compatible(pl.Unit, home.Unit)
			})
		})
	})
}

// oneHousehold reports whether all persons belong to one declared household.
func (b *builder) oneHousehold(persons []int32) bool {
	return slices.ContainsFunc(b.households, func(h map[int32]bool) bool {
		return !slices.ContainsFunc(persons, func(i int32) bool { return !h[i] })
	})
}

// compareEdges orders edges by what they say. Keys come last: those of accounts
// are hashed anew in every run.
func compareEdges(x, y *identity.Edge) int {
	return cmp.Or(
		strings.Compare(string(x.Kind), string(y.Kind)),
		slices.CompareFunc(x.Holders, y.Holders, func(p, q identity.Holder) int {
			return cmp.Or(strings.Compare(string(p.Persona), string(q.Persona)), slices.CompareFunc(p.Refs, q.Refs, record.Ref.Compare))
		}),
		strings.Compare(x.Label, y.Label), x.First.Compare(y.First), x.Last.Compare(y.Last), strings.Compare(x.Key, y.Key),
	)
}
