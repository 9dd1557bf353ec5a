package evaluate

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// String returns "98.2 % (55/56; 90.6-99.7 %)".
func (r Rate) String() string {
	if r.Of == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %% (%d/%d; %.1f-%.1f %%)", 100*r.Share, r.Hit, r.Of, 100*r.Low, 100*r.High)
}

// Text prints the summary as tables.
func (s *Summary) Text(w io.Writer, cases int) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%d companies of %d staff and %d candidates per row; seeds %v\n\n", len(s.Seeds), s.Staff, s.Candidates, s.Seeds)
	fmt.Fprintln(t, "AT REVIEW OR ABOVE\tLEVEL\tSHARE (count; Wilson 95 %)")
	for _, l := range s.Levels {
		for _, row := range []struct {
			name string
			rate Rate
		}{
			{"personas of operators", l.Personas},
			{"  hired", l.Hired},
			{"  candidates", l.Candidates},
			{"  before the gate", l.Early},
			{"  only referees", l.Referees},
			{"  urgent", l.Urgent},
			{"operators with one persona", l.Operators},
			{"  their pairs in one hypothesis", l.Together},
			{"  pairs in a hypothesis that are one operator's", l.Rightly},
			{"  innocents in a hypothesis", l.Pulled},
			{"lone hires", l.Lone},
			{"  who left before the telemetry", l.LoneBefore},
		} {
			fmt.Fprintf(t, "%s\tL%d\t%s\n", row.name, l.Level, row.rate)
		}
		if l.Days.Every > 0 {
			fmt.Fprintf(t, "days from hire to review (median)\tL%d\t%d (%d hires; looked every %d days)\n", l.Level, l.Days.Median, l.Days.Measured, l.Days.Every)
			fmt.Fprintf(t, "before first pay\tL%d\t%s\n", l.Level, l.Days.BeforeFirstPay)
		}
	}
	fmt.Fprintln(t, "\nFALSE REVIEWS\t\t")
	fmt.Fprintf(t, "ordinary people\t\t%s\n", s.Ordinary)
	for _, kind := range slices.Sorted(maps.Keys(s.Twins)) {
		fmt.Fprintf(t, "%s\t\t%s\n", kind, s.Twins[kind])
	}
	if n := s.NoFraud; n.Companies > 0 {
		fmt.Fprintf(t, "companies without fraud\t\t%.2f staff reviews per 2,000 staff (%d in %d companies, at most %d in one); %d candidate reviews of %d\n",
			n.Per2000, n.StaffReviews, n.Companies, n.Most, n.CandidateReviews, n.Candidates)
	}
	fmt.Fprintln(t, "\nOF TEN IN A BAND, REAL\t\t")
	for _, b := range s.Bands {
		fmt.Fprintf(t, "%s %s\t\t%s\n", b.Queue, b.Band, b.Real)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	printCases(w, "Missed", s.Missed, cases)
	printCases(w, "Wrongly at review", s.FalseReview, cases)
	return nil
}

func printCases(w io.Writer, title string, list []Case, most int) {
	if len(list) == 0 || most == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s (%d):\n", title, len(list))
	for _, c := range list[:min(most, len(list))] {
		fmt.Fprintf(w, "  seed %d L%d %s %s %s %s: %s [%s]\n", c.Seed, c.Level, c.Class, c.Twin, c.Persona, c.Band, strings.Join(c.Signals, ", "), strings.Join(c.Traces, ", "))
	}
}
