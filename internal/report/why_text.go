package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"muster/internal/identity"
)

// WhyText writes [Why] as a waterfall: one line per contribution with its sign, in
// nats and bits, and a bar; then the path; then its weakest link.
func WhyText(w io.Writer, d *Document, x *Why, opt TextOptions) error {
	t := newText(w, opt)
	t.two("Why", x.A, x.B)
	if x.Verdict == "same_persona" {
		t.para("", "Both are one persona: one identity as presented. These rows were joined:")
		for _, j := range x.Joins {
			t.para("  ", joinText(j))
		}
		return t.err
	}
	t.para("", verdictText(x.Verdict, x.Operator))
	t.heading("What joins them", "nats (bits); a family counts once, with its heaviest value.")
	t.bar(x.Prior, "start: so much must come together before one hand is as probable as two")
	for i := range x.Shares {
		t.share(&x.Shares[i])
	}
	if len(x.Shares) == 0 {
		t.para("  ", "They share nothing directly.")
	}
	t.line("  " + strings.Repeat("─", 24))
	t.bar(x.Total, fmt.Sprintf("together: probability %.2f that one hand is behind both, not calibrated", x.Probability))
	t.path(d, x)
	for _, h := range x.Withheld {
		t.para("  ", h)
	}
	return t.err
}

func (t *text) two(word string, a, b WhoIs) {
	t.para(t.paint(bold, word)+"  ", fmt.Sprintf("%s (%s) and %s (%s)", a.Name, a.ID, b.Name, b.ID))
}

func verdictText(v string, o *OperatorRef) string {
	switch v {
	case "same_operator":
		return fmt.Sprintf("They stand in one hypothesis, %s of %s: probability %.2f that one hand is behind all of them, not calibrated. It is no verdict on anybody.", o.ID, plural(o.Personas, "persona"), o.Probability)
	case "linked":
		return "They are linked, but not taken for one hand: \"muster whynot\" says what is missing."
	case "same_persona":
		return "Both are one persona."
	}
	return "Nothing links them within four steps."
}

// Width of bars, and the weight that fills one: a strong family.
const (
	barColumns = 16
	barFull    = 2.9
)

// bar writes one line of the waterfall.
func (t *text) bar(w float64, text string) {
	n := int(math.Round(min(math.Abs(w)/barFull, 1) * barColumns))
	fill := "█"
	if w < 0 {
		fill = "░"
	}
	head := fmt.Sprintf("  %+6.2f (%+6.2f)  %s  ", w, bits(w), pad(strings.Repeat(fill, n), barColumns))
	t.para(head, text)
}

func (t *text) share(c *Contribution) {
	about := fmt.Sprintf("%s [%s]", c.Text, c.Family)
	if c.OpenHome {
		about += "; both openly claim this home"
	}
	t.bar(c.Adds, about)
	const in = "                  "
	for _, p := range c.Parts {
		t.para(fmt.Sprintf("%s%+6.2f  ", in, p.Weight), p.Text)
	}
	t.item(in+" ", "noted", c.Note)
	if c.First != "" {
		t.item(in+" ", "seen", joinNonEmpty(" to ", c.First, c.Last))
	}
}

// path writes the way between the two, and its weakest link.
func (t *text) path(d *Document, x *Why) {
	if len(x.Path) == 0 {
		t.heading("Path", "none within four steps.")
		return
	}
	name := nameIndex(d)
	t.heading("Path", fmt.Sprintf("%s, the strongest way from one to the other.", plural(len(x.Path), "step")))
	at := x.A.ID
	for i := range x.Path {
		l := &x.Path[i]
		to := l.other(at)
		t.para("  ", fmt.Sprintf("%s → %s  %.2f nats: %s", namesOf(name, ids(at))[0], namesOf(name, ids(to))[0], l.Weight, linkText(l)))
		at = to
	}
	weak := x.WeakestLink
	rest := "without it another way is left."
	if x.Bridge {
		rest = "without it they are not connected."
	}
	t.heading("Weakest link", fmt.Sprintf("%s and %s, %.2f nats; %s", namesOf(name, ids(weak.A))[0], namesOf(name, ids(weak.B))[0], weak.Weight, rest))
}

// WhyNotText writes [WhyNot].
func WhyNotText(w io.Writer, d *Document, x *WhyNot, opt TextOptions) error {
	t := newText(w, opt)
	t.two("Why not", x.A, x.B)
	switch x.Verdict {
	case "same_persona":
		t.para("", "They are joined: both are one persona. \"muster why\" says by what.")
		return t.err
	case "same_operator":
		t.para("", "They are joined: both stand in one hypothesis. \"muster why\" says by what.")
	}
	t.states("Matches", x, "matches")
	t.states("Matches, and counts less", x, "discounted")
	t.states("Matches, and links nobody", x, "suppressed")
	t.heading("Compared, no match", orNone(kindList(x, func(k *KindState) bool { return k.State == "no_match" })))
	t.heading("Not checked", "a kind that one side has no value of is no evidence of anything.")
	for _, l := range []struct{ lacks, who string }{{"a", x.A.Name + " has none"}, {"b", x.B.Name + " has none"}, {"both", "neither has any"}} {
		if s := kindList(x, func(k *KindState) bool { return k.State == "not_checked" && k.Lacks == l.lacks }); s != "" {
			t.item("  ", l.who+":", s)
		}
	}
	t.heading("Rules and declarations", map[bool]string{true: "none applied."}[len(x.Rules) == 0])
	for _, r := range x.Rules {
		t.para("  - ", r)
	}
	t.limit(&x.Threshold)
	if len(x.Path) > 0 {
		name := nameIndex(d)
		t.heading("Through others", fmt.Sprintf("%s lead from one to the other; a way through others joins nobody by itself.", plural(len(x.Path), "step")))
		at := x.A.ID
		for i := range x.Path {
			to := x.Path[i].other(at)
			t.para("  ", fmt.Sprintf("%s → %s  %.2f nats: %s", namesOf(name, ids(at))[0], namesOf(name, ids(to))[0], x.Path[i].Weight, linkText(&x.Path[i])))
			at = to
		}
	}
	for _, h := range x.Withheld {
		t.para("  ", h)
	}
	return t.err
}

func (t *text) states(title string, x *WhyNot, state string) {
	first := true
	for _, k := range x.Kinds {
		if k.State != state {
			continue
		}
		if first {
			t.heading(title, "")
			first = false
		}
		if state == "suppressed" {
			t.para("                    ", k.Text)
		} else {
			t.bar(k.Weight, k.Text)
		}
	}
}

func kindList(x *WhyNot, of func(*KindState) bool) string {
	var out []string
	for i := range x.Kinds {
		if of(&x.Kinds[i]) {
			out = append(out, words(x.Kinds[i].Kind))
		}
	}
	return strings.Join(out, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none."
	}
	return s + "."
}

func (t *text) limit(x *Threshold) {
	t.heading("Threshold", fmt.Sprintf("one hand is a hypothesis from %d independent families of at least %.2f nats each. Here: %s.", x.Needed, x.Least, orNothing(familyText(x.Have))))
	t.para("  ", capital(x.Why)+".")
	if len(x.Below) > 0 {
		t.para("  ", fmt.Sprintf("Below %.2f, or explained by an open home: %s.", identity.Medium, familyText(x.Below)))
	}
}

func orNothing(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
