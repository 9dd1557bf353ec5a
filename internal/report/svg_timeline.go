package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Measures of the timeline picture, in units of its view box.
const (
	tlWidth   = 1040.0
	tlLeft    = 96.0 // lane titles
	tlMargin  = 24.0 // right of the last day, more if a label needs it
	tlRow     = 15.0 // one row of labels
	tlAxis    = 26.0
	charWidth = 6.0 // of the label font

	maxLabelRows = 5
)

// timelinePicture is a timeline laid out: lanes of marks, and the days with a sign-in.
type timelinePicture struct {
	Width, Height float64
	Right         float64 // x of the last day
	Lanes         []tlLane
	Ticks         []tlTick
	AsOf          float64 // x of the day of the scan
	AsOfShown     bool
	AxisY         float64
	Summary       string
}

type tlLane struct {
	Title  string
	Y      float64 // of the line
	TitleY float64
	Marks  []tlMark
	Strip  string // path of the sign-in days
}

type tlMark struct {
	X, Y, LabelX, LabelY float64
	Kind, Label, Tip     string
}

type tlTick struct {
	X     float64
	Label string
}

// tlLanes says which events stand in which lane, in the order of the lanes.
var tlLanes = []struct {
	title string
	kinds []string
}{
	{"Hiring", []string{"applied", "interview", "reference", "offer", "start", "end"}},
	{"Verified", []string{"check", "presence"}},
	{"Equipment", []string{"shipment", "redirect", "delivered", "first_boot", "returned"}},
	{"Account", []string{"first_sign_in", "mfa_added", "role_granted", "email_changed", "phone_changed", "disabled"}},
	{"Sign-ins", nil},
	{"Pay", []string{"bank_details", "bank_change", "pay"}},
}

// layoutTimeline lays out a timeline; nil if a list says as much.
func layoutTimeline(t *Timeline, asOf time.Time) *timelinePicture {
	if t == nil || len(t.Events)+signInDays(t) < 4 {
		return nil
	}
	from, to := t.From, t.To
	if to.Sub(from) < 14*24*time.Hour {
		to = from.AddDate(0, 0, 14)
	}
	right := rightEdge(t, from, to)
	x := func(at time.Time) float64 {
		return tlLeft + min(max(fraction(at, from, to), 0), 1)*(right-tlLeft)
	}
	pic := &timelinePicture{Width: tlWidth, Right: right, Ticks: ticks(from, to, x)}
	y := 4.0
	for _, lane := range tlLanes {
		l, height := layoutLane(t, lane.title, lane.kinds, x, y)
		if height > 0 {
			y += height
			pic.Lanes = append(pic.Lanes, l)
		}
	}
	pic.AxisY = y + 8
	pic.Height = pic.AxisY + tlAxis
	if !asOf.Before(from) && !asOf.After(to) {
		pic.AsOf, pic.AsOfShown = x(asOf), true
	}
	pic.Summary = fmt.Sprintf("%s from %s to %s", plural(len(t.Events), "event"), day(from), day(to))
	return pic
}

func fraction(at, from, to time.Time) float64 {
	return float64(at.Sub(from)) / float64(to.Sub(from))
}

// rightEdge is where the last day stands, so that every label has room.
func rightEdge(t *Timeline, from, to time.Time) float64 {
	right := tlWidth - tlMargin
	for _, e := range t.Events {
		if f := fraction(e.At, from, to); f > 0.2 && e.Kind != "pay" {
			right = min(right, tlLeft+(tlWidth-8-labelWidth(e.Label)-tlLeft)/f)
		}
	}
	return right
}

func labelWidth(s string) float64 { return float64(utf8.RuneCountInString(s))*charWidth + 12 }

func signInDays(t *Timeline) int {
	if t.SignIns == nil {
		return 0
	}
	return t.SignIns.Days
}

// layoutLane places the marks of one lane on a line, with labels stacked above.
// Labels are placed from the right, so that no leader crosses a label.
func layoutLane(t *Timeline, title string, kinds []string, x func(time.Time) float64, y float64) (tlLane, float64) {
	l := tlLane{Title: title}
	if kinds == nil {
		if signInDays(t) == 0 {
			return l, 0
		}
		l.Y, l.TitleY = y+24, y+21
		l.Strip = strip(t.SignIns, x, l.Y-14, 14)
		return l, 34
	}
	var rows labelRows
	seen := ""
	for _, e := range slices.Backward(t.Events) {
		if !slices.Contains(kinds, e.Kind) {
			continue
		}
		m := tlMark{X: x(e.At), Kind: e.Kind, Tip: joinNonEmpty(": ", day(e.At)+" "+e.Label, e.Detail)}
		if key := e.Kind + day(e.At); e.Kind != "pay" && key != seen {
			seen = key
			if row, ok := rows.place(m.X, labelWidth(e.Label)); ok {
				m.Label, m.LabelX, m.LabelY = e.Label, m.X+5, float64(row)
			}
		}
		l.Marks = append(l.Marks, m)
	}
	if len(l.Marks) == 0 {
		return l, 0
	}
	height := 12 + float64(len(rows))*tlRow + 10
	l.Y, l.TitleY = y+height-10, y+height-6
	for i := range l.Marks {
		m := &l.Marks[i]
		m.Y, m.LabelY = l.Y, l.Y-9-m.LabelY*tlRow
	}
	slices.Reverse(l.Marks)
	return l, height
}

// labelRows stacks labels above a line. It holds, per row, the x of the leftmost
// label or leader so far.
type labelRows []float64

// place puts a label at x into the lowest row with room, and reports whether there is one.
func (r *labelRows) place(x, width float64) (row int, ok bool) {
	row = slices.IndexFunc(*r, func(end float64) bool { return x+width < end })
	if row < 0 {
		if row = len(*r); row == maxLabelRows {
			return 0, false
		}
		*r = append(*r, 0)
	}
	for k := range row + 1 { // the leader stands in the rows below, too
		(*r)[k] = x
	}
	return row, true
}

// strip draws the runs of days with a sign-in as one path.
func strip(s *SignIns, x func(time.Time) float64, y, h float64) string {
	first, err := time.Parse(time.DateOnly, s.First)
	if err != nil {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(s.Marks); {
		if s.Marks[i] != 'x' {
			i++
			continue
		}
		j := i
		for j < len(s.Marks) && s.Marks[j] == 'x' {
			j++
		}
		x0 := x(first.AddDate(0, 0, i))
		width := max(x(first.AddDate(0, 0, j))-x0, 1)
		fmt.Fprintf(&b, "M%.1f %.1fh%.1fv%.1fh-%.1fz", x0, y, width, h, width)
		i = j
	}
	return b.String()
}

// ticks marks the months, quarters, half-years or years between two times.
func ticks(from, to time.Time, x func(time.Time) float64) []tlTick {
	months := int(to.Sub(from).Hours()/24/30.4) + 1
	step := 1
	for _, s := range []int{1, 2, 3, 6, 12, 24, 60, 120} {
		step = s
		if months/s <= 12 {
			break
		}
	}
	var out []tlTick
	at := time.Date(from.Year(), time.Month((int(from.Month())-1)/min(step, 12)*min(step, 12)+1), 1, 0, 0, 0, 0, time.UTC)
	for ; !at.After(to); at = at.AddDate(0, step, 0) {
		if !at.Before(from) {
			out = append(out, tlTick{x(at), at.Format("Jan 2006")})
		}
	}
	if len(out) == 0 {
		out = append(out, tlTick{x(from), from.Format("2 Jan 2006")})
	}
	return out
}

// num writes a coordinate.
func num(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0") }

func viewBox(w, h float64) string { return "0 0 " + num(w) + " " + num(h) }
