package assess

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"muster/internal/finding"
	"muster/internal/identity"
	"muster/internal/settings"
	"muster/internal/signal"
)

// Weights in nats. They are the middles of the ranges of section 2 of the
// catalogue; a finding at the upper end of strong gets the end of the range.
var nats = [...]float64{signal.Context: 0, signal.Weak: 0.4, signal.Medium: 1.0, signal.Strong: 2.2, signal.Conclusive: 3.5}

const (
	upperStrong = 2.9 // also the most that a family is worth unless conclusive (ruling 1)
	weakTotal   = 0.6 // all weak families together (ruling 1)
	f4Total     = 0.4 // all findings of class F4 together (ruling 1)
	speaks      = 0.7 // weight from which a family counts as an independent one: the lower end of medium
)

// weighed is a persona's findings after the family and fact rules.
type weighed struct {
	findings   []Weighed
	families   []Family // those that add weight, heaviest first
	speaking   []string // families with at least medium weight
	strong     int      // families whose counted fact is strong or more
	conclusive bool
	top        *Weighed // the finding that added most
}

// weigh applies rulings 1 and 3: a family counts with its largest signal, a fact
// counts once, co-residence is one fact of at most medium weight.
func weigh(st *settings.Settings, g *identity.Graph, p *identity.Persona, found []finding.Finding) weighed {
	home := coResidents(found)
	victim := isVictim(st, p)
	items := make([]Weighed, len(found))
	grade := make([]signal.Strength, len(found))
	for i := range found {
		grade[i] = found[i].Strength
		items[i] = Weighed{Finding: found[i], Nats: base(st, p, &found[i])}
		if why := household(&found[i], home); why != "" && grade[i] > signal.Medium {
			grade[i], items[i].Nats, items[i].Why = signal.Medium, min(items[i].Nats, nats[signal.Medium]), why
		}
		if victim && (earlierCase[found[i].Signal] || ofCase(st, g, &found[i])) {
			grade[i], items[i].Nats, items[i].Why = signal.Context, 0, "this identity is recorded as a victim's: an earlier case never counts against the person it belongs to"
		}
	}
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(items[b].Nats, items[a].Nats), items[a].Finding.Compare(&items[b].Finding))
	})
	w := weighed{}
	family, fact := map[string]int{}, map[string]int{}
	for _, i := range order {
		it := &items[i]
		if it.Nats == 0 {
			continue
		}
		fam, key := signal.Get(it.Finding.Signal).Family, factKey(&it.Finding, home)
		if first, ok := fact[key]; ok {
			it.Why = join(it.Why, "the same fact as "+string(items[first].Finding.Signal))
			continue
		}
		fact[key] = i
		if first, ok := family[fam]; ok {
			it.Why = join(it.Why, "corroborates "+string(items[first].Finding.Signal)+"; a family counts once")
			continue
		}
		family[fam] = i
		it.Weight = it.Nats
		if grade[i] < signal.Conclusive {
			it.Weight = min(it.Weight, upperStrong)
		}
	}
	capTotal(items, f4Total, "findings of class F4 count 0.4 at most together", func(i int) bool { return signal.Get(items[i].Finding.Signal).Class == signal.F4 })
	capTotal(items, weakTotal, "weak families count 0.6 at most together", func(i int) bool { return grade[i] == signal.Weak })
	w.findings = items
	w.sum(grade)
	return w
}

// sum adds up families.
func (w *weighed) sum(grade []signal.Strength) {
	for i := range w.findings {
		it := &w.findings[i]
		if it.Weight <= 0 {
			continue
		}
		s := signal.Get(it.Finding.Signal)
		w.families = append(w.families, Family{s.Family, it.Weight})
		if it.Weight >= speaks && s.Class != signal.F4 {
			w.speaking = append(w.speaking, s.Family)
			if grade[i] >= signal.Strong {
				w.strong++
			}
			w.conclusive = w.conclusive || grade[i] == signal.Conclusive
		}
		if w.top == nil || it.Weight > w.top.Weight {
			w.top = it
		}
	}
	slices.SortFunc(w.families, func(a, b Family) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), strings.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(w.findings, func(a, b Weighed) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(b.Nats, a.Nats), a.Finding.Compare(&b.Finding))
	})
}

// base is what a finding could add alone.
func base(st *settings.Settings, p *identity.Persona, f *finding.Finding) float64 {
	s := signal.Get(f.Signal)
	w := nats[f.Strength]
	if f.Strength == signal.Strong && f.Upper {
		w = upperStrong
	}
	if o, ok := st.Weights[string(f.Signal)]; ok {
		w = o.Nats
	}
	if f.Strength == signal.Medium && nearHire(p, f.ObservedAt) {
		w *= hireFactor
	}
	if s.Cap > 0 {
		w = min(w, s.Cap)
	}
	return w
}

// A medium fact in the first month weighs a little more: the documented traces
// (redirected parcel, remote tool, new bank account) cluster there (KnowBe4
// 2024-07-23, Secureworks 2024-10). It never changes the strength.
const (
	hireFactor = 1.2
	hireWindow = 30 * 24 * time.Hour
)

func nearHire(p *identity.Persona, at time.Time) bool {
	if at.IsZero() || p.Start.IsZero() || p.Start.Day == 0 {
		return false
	}
	d := at.Sub(p.Start.First())
	return d > -hireWindow && d < hireWindow
}

// coResidents returns who openly lives where the persona lives, as the findings
// on shared places say (ruling 3). It needs no declaration of relationships.
func coResidents(found []finding.Finding) map[identity.PersonaID]bool {
	with := map[identity.PersonaID]bool{}
	for i := range found {
		if found[i].OpenHome {
			for _, id := range found[i].With {
				with[id] = true
			}
		}
	}
	return with
}

// Families in which people who openly live together may share a value: one bank
// account or one telephone line of a household is the same fact as the home.
var householdFamilies = []string{"payment", "contact", "device"}

// householdSize is the number of co-residents up to which a shared account or
// line reads as a household's; a flat of many does not share its bank account.
const householdSize = 2

// household says why a finding is part of co-residence, or "".
func household(f *finding.Finding, home map[identity.PersonaID]bool) string {
	if f.OpenHome {
		return "everyone here openly claims this place as home: co-residence counts once and at most medium"
	}
	if len(f.With) == 0 || len(f.With) > householdSize || !slices.Contains(householdFamilies, signal.Get(f.Signal).Family) {
		return ""
	}
	for _, id := range f.With {
		if !home[id] {
			return ""
		}
	}
	return "shared with people who openly live at the same home: part of the same fact, co-residence"
}

// factKey names the fact that a finding states.
func factKey(f *finding.Finding, home map[identity.PersonaID]bool) string {
	if household(f, home) != "" {
		return "co-residence"
	}
	if fact := signal.Get(f.Signal).Fact; fact != "" {
		return "fact " + fact
	}
	if f.Place != "" {
		return "place " + f.Place
	}
	return "signal " + string(f.Signal)
}

// capTotal scales the weights of the chosen findings down to a total.
func capTotal(items []Weighed, most float64, why string, chosen func(i int) bool) {
	total := 0.0
	for i := range items {
		if chosen(i) {
			total += items[i].Weight
		}
	}
	if total <= most {
		return
	}
	for i := range items {
		if chosen(i) && items[i].Weight > 0 {
			items[i].Weight = math.Round(items[i].Weight*most/total*1000) / 1000
			items[i].Why = join(items[i].Why, why)
		}
	}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// ofCase reports whether everybody else in a finding is a confirmed case: what a
// victim shares with who used the identity says nothing about the victim (H03).
func ofCase(st *settings.Settings, g *identity.Graph, f *finding.Finding) bool {
	return len(f.With) > 0 && !slices.ContainsFunc(f.With, func(id identity.PersonaID) bool {
		q := g.Persona(id)
		return q == nil || !isConfirmed(st, q)
	})
}

// earlierCase are the signals that hold an earlier case against a persona.
var earlierCase = map[signal.ID]bool{"H01": true, "N02": true, "A32": true}
