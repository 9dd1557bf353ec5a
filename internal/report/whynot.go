package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"muster/internal/identity"
	"muster/internal/record"
)

// WhyNot says what keeps two personas from being taken for one hand: which kinds of
// values match, which do not, which were not there, what was discounted, which rules
// applied, and how far the two are from the threshold.
type WhyNot struct {
	A         WhoIs       `json:"a"`
	B         WhoIs       `json:"b"`
	Verdict   string      `json:"verdict"` // as of Why
	Kinds     []KindState `json:"kinds"`
	Rules     []string    `json:"rules"` // what joins, keeps apart or explains by a rule or a declaration
	Threshold Threshold   `json:"threshold"`
	Path      []Link      `json:"path"` // the strongest way through others, if there is one
	Withheld  []string    `json:"withheld,omitempty"`
}

// KindState is what became of one kind of values.
type KindState struct {
	Kind   string  `json:"kind"`
	State  string  `json:"state"` // matches, discounted, suppressed, no_match, not_checked
	Text   string  `json:"text,omitempty"`
	Lacks  string  `json:"lacks,omitempty"` // of not_checked: a, b or both have no such value
	Weight float64 `json:"weight,omitempty"`
}

// Threshold is the rule of operators and how far the two meet it.
type Threshold struct {
	Needed  int      `json:"needed"` // independent families
	Least   float64  `json:"least"`  // nats of each
	Have    []Family `json:"have"`   // families at or above it
	Below   []Family `json:"below"`  // families below it
	Missing int      `json:"missing"`
	Why     string   `json:"why"`
}

func familiesText(n int) string {
	if n == 1 {
		return "1 further independent family"
	}
	return fmt.Sprintf("%d independent families", n)
}

// comparable are the kinds that are named even where neither side has a value, so
// that the reader sees what could have been compared.
var comparable = []identity.EdgeKind{
	identity.EdgePhone, identity.EdgeEmail, identity.EdgeURL, identity.EdgeAddress, identity.EdgeShipTo, identity.EdgeSigner, identity.EdgeBankAccount, identity.EdgeWallet, identity.EdgeChangeIP,
	identity.EdgeResumeText, identity.EdgeHistory, identity.EdgeDocumentID, identity.EdgeDocumentName, identity.EdgePhoto, identity.EdgeReferenceText, identity.EdgeVouch, identity.EdgeReferenceIP,
	identity.EdgeApplicationIP, identity.EdgeSignInIP, identity.EdgeDeviceIP, identity.EdgeLAN, identity.EdgeDevice, identity.EdgeMonitor, identity.EdgeUSB, identity.EdgeMFA, identity.EdgeMeeting,
	identity.EdgeMachine, identity.EdgeGitKey,
}

// ExplainWhyNot says what keeps two personas apart, each named as [Find] takes it.
func ExplainWhyNot(d *Document, keyA, keyB string) (*WhyNot, error) {
	why, err := ExplainWhy(d, keyA, keyB)
	if err != nil {
		return nil, err
	}
	a, b, _ := findTwo(d, keyA, keyB)
	w := &WhyNot{A: why.A, B: why.B, Verdict: why.Verdict, Kinds: []KindState{}, Rules: []string{}, Path: []Link{}, Withheld: d.Withheld}
	if a.ID == b.ID {
		w.Threshold = Threshold{Needed: identity.FamiliesNeeded, Least: identity.Medium, Have: []Family{}, Below: []Family{}, Why: "both are one persona"}
		return w, nil
	}
	w.kinds(a, b, why.Shares)
	w.rules(d, a, b)
	w.threshold(d, why)
	if len(why.Path) > 1 {
		w.Path = why.Path
	}
	return w, nil
}

// kinds says for every kind what became of it.
func (w *WhyNot) kinds(a, b *Persona, shares []Contribution) {
	seen := map[string]bool{}
	for _, c := range shares {
		s := KindState{Kind: c.Kind, State: "matches", Text: c.Text, Weight: c.Weight}
		switch {
		case c.Suppressed != "":
			s.State, s.Text = "suppressed", c.Text+": "+c.Suppressed
		case c.OpenHome:
			s.State, s.Text = "discounted", c.Text+": both openly claim this home, so it joins nobody"
		case len(discounts(c)) > 0:
			s.State, s.Text = "discounted", c.Text+": "+strings.Join(discounts(c), "; ")
		}
		w.Kinds = append(w.Kinds, s)
		seen[c.Kind] = true
	}
	known := slices.Concat(comparable, a.Compared, b.Compared)
	for i, k := range known {
		if slices.Contains(known[:i], k) {
			continue
		}
		if seen[string(k)] {
			continue
		}
		s := KindState{Kind: string(k), State: "no_match"}
		hasA, hasB := slices.Contains(a.Compared, k), slices.Contains(b.Compared, k)
		switch {
		case !hasA && !hasB:
			s.State, s.Lacks = "not_checked", "both"
		case !hasA:
			s.State, s.Lacks = "not_checked", "a"
		case !hasB:
			s.State, s.Lacks = "not_checked", "b"
		}
		w.Kinds = append(w.Kinds, s)
	}
}

// discounts returns the texts of what lowered a weight below that of its kind.
func discounts(c Contribution) []string {
	var out []string
	for _, p := range c.Parts {
		if p.Weight < 0 && !strings.HasPrefix(p.Text, "a value of this kind") && !strings.HasSuffix(p.Text, "mean what they seem to") && !strings.HasPrefix(p.Text, "the family ") {
			out = append(out, p.Text)
		}
	}
	return out
}

// rules collects what a rule or a declaration says about the two.
func (w *WhyNot) rules(d *Document, a, b *Persona) {
	add := func(format string, args ...any) { w.Rules = append(w.Rules, fmt.Sprintf(format, args...)) }
	for _, r := range d.Refused {
		if slices.Contains(a.Handles, r.A) && slices.Contains(b.Handles, r.B) || slices.Contains(a.Handles, r.B) && slices.Contains(b.Handles, r.A) {
			add("cannot be one persona although %s and %s agree on %s: %s", r.A, r.B, r.By, r.Text)
		}
	}
	if a.Queue != b.Queue {
		add("one is in the queue %s and one in %s; the two are never one ranking, but they can be linked", a.Queue, b.Queue)
	}
	if d.Settings != nil {
		for _, h := range d.Settings.Declared.Households {
			if among(a, h) && among(b, h) {
				add("declared household: nothing that its members share joins them to an operator")
			}
		}
		for _, c := range d.Settings.Declared.NameChanges {
			if among(a, []string{c.Person}) || among(b, []string{c.Person}) {
				add("declared change of name: %s", strings.Join(c.Names, ", "))
			}
		}
	}
	for _, x := range d.Apart {
		if x.A == min(a.ID, b.ID) && x.B == max(a.ID, b.ID) {
			add("%s", x.Why)
		}
	}
	for _, k := range w.Kinds {
		if k.State == "suppressed" && (strings.Contains(k.Text, "declared") || strings.Contains(k.Text, "agency")) {
			add("%s", k.Text)
		}
	}
}

// among reports whether one of the names, each an id, a handle, its value or an
// e-mail address, is the persona's.
func among(p *Persona, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.TrimSpace(n)
		return n == string(p.ID) || slices.ContainsFunc(p.Emails, func(e string) bool { return strings.EqualFold(e, n) }) ||
			slices.ContainsFunc(p.Handles, func(h record.Handle) bool { return strings.EqualFold(string(h), n) || strings.EqualFold(h.Value(), n) })
	})
}

// threshold says how far the two are from the rule of two independent families.
func (w *WhyNot) threshold(d *Document, why *Why) {
	t := Threshold{Needed: identity.FamiliesNeeded, Least: identity.Medium, Have: []Family{}, Below: []Family{}}
	for _, c := range why.Shares {
		switch {
		case c.Adds <= 0:
		case c.Adds >= identity.Medium && !c.OpenHome:
			t.Have = append(t.Have, Family{c.Family, c.Adds})
		default:
			t.Below = append(t.Below, Family{c.Family, c.Adds})
		}
	}
	t.Missing = max(t.Needed-len(t.Have), 0)
	apart := slices.ContainsFunc(d.Apart, func(x Apart) bool { return x.A == min(w.A.ID, w.B.ID) && x.B == max(w.A.ID, w.B.ID) })
	switch {
	case why.Verdict == "same_operator":
		t.Why = "met, directly or through others: both stand in the operator " + string(why.Operator.ID)
	case t.Missing > 0:
		t.Why = fmt.Sprintf("%s of at least %.2f nats %s missing", familiesText(t.Missing), identity.Medium, isAre(t.Missing))
		if near := slices.MaxFunc(append(t.Below, Family{}), func(x, y Family) int { return cmp.Compare(x.Weight, y.Weight) }); near.Family != "" {
			t.Why += fmt.Sprintf("; the nearest is %s with %.2f", near.Family, near.Weight)
		}
	case apart:
		t.Why = "two families, but a rule makes them fewer: see the rules"
	default:
		t.Why = "two families; see the rules"
	}
	w.Threshold = t
}
