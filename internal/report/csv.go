package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// columns of the CSV form, one row per persona.
var columns = []string{
	"persona", "queue", "band", "weight_nats", "name", "emails", "handles", "job", "operator", "families", "findings", "signals", "summary",
	"next_irreversible", "check", "protective_nats", "verified_by", "last_verified", "not_assessed", "findings_withheld", "decision",
}

// CSV writes one row per persona. Cells that a spreadsheet would read as a
// formula begin with an apostrophe.
func CSV(w io.Writer, d *Document) error {
	c := csv.NewWriter(w)
	if err := c.Write(columns); err != nil {
		return err
	}
	for i := range d.Personas {
		if err := c.Write(csvRow(&d.Personas[i])); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func csvRow(p *Persona) []string {
	var families, signals, handles, steps, verified []string
	for _, f := range p.Families {
		families = append(families, fmt.Sprintf("%s %.2f", f.Family, f.Weight))
	}
	for i := range p.Findings {
		signals = append(signals, string(p.Findings[i].Signal))
	}
	for _, h := range p.Handles {
		handles = append(handles, string(h))
	}
	for _, s := range p.NextIrreversible {
		steps = append(steps, stepText(s))
	}
	operator, protective, last := "", 0.0, ""
	if p.Operator != nil {
		operator = string(*p.Operator)
	}
	for _, x := range p.Protective {
		protective += x.Weight
	}
	for _, v := range p.VerifiedBy {
		verified = append(verified, joinNonEmpty(" ", words(v.Kind), v.By))
		last = max(last, v.At)
	}
	list := func(s []string) string { return neutral(strings.Join(s, "; ")) }
	return []string{
		string(p.ID), string(p.Queue), p.Band.String(), fmt.Sprintf("%.2f", p.Weight), neutral(p.Name()), list(p.Emails), list(handles), neutral(p.Title),
		operator, list(families), fmt.Sprint(len(p.Findings)), list(signals), neutral(p.Summary), list(steps), neutral(p.Check),
		fmt.Sprintf("%.2f", protective), list(verified), last, fmt.Sprint(len(p.NotAssessed)), fmt.Sprint(p.Withheld), neutral(p.Decision),
	}
}

// neutral keeps a spreadsheet from running a cell (CWE-1236).
func neutral(s string) string {
	s = printable(s)
	if t := strings.TrimLeft(s, " \u00a0"); t != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(t)[0]) {
		return "'" + s
	}
	return s
}

func stepText(s Step) string {
	if s.Text != "" {
		return joinNonEmpty(" ", s.Text, onDay(s))
	}
	return joinNonEmpty(" ", words(s.What), s.At)
}

// onDay returns the step's day unless its text says it already.
func onDay(s Step) string {
	if s.At == "" || strings.Contains(s.Text, s.At) {
		return ""
	}
	return "(" + s.At + ")"
}
