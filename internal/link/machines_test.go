package link

import (
	"fmt"
	"testing"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/record"
	"muster/internal/settings"
)

// TestMachines says which logins on a copied machine join two people.
func TestMachines(t *testing.T) {
	const m = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	row := func(machine, site, login, at string) *record.StolenLogin {
		day, _ := record.ParseTime(at)
		x := &record.StolenLogin{Machine: machine, Site: site, Login: login, SeenAt: day}
		x.Ref = record.Ref{Source: "s", Key: machine + site + login + at}
		return x
	}
	anna, tomas := "anna@mail.example.com", "tomas@mail.example.org"
	pair := func(machine, at, other string) []*record.StolenLogin {
		return []*record.StolenLogin{row(machine, "a.example.net", anna, at), row(machine, "b.example.net", anna, at), row(machine, "a.example.net", tomas, other), row(machine, "b.example.net", tomas, other)}
	}
	crowd := pair(m, "2026-06-10", "2026-06-10")
	for i := range publicLogins {
		crowd = append(crowd, row(m, "a.example.net", fmt.Sprintf("reader%d@mail.example.net", i), "2026-06-10"))
	}
	for _, c := range []struct {
		name       string
		rows       []*record.StolenLogin
		edges      int
		suppressed bool
		off        bool
	}{
		{name: "one machine", rows: pair(m, "2026-06-10", "2026-06-12"), edges: 1},
		{name: "without approval", rows: pair(m, "2026-06-10", "2026-06-12"), off: true},
		{name: "braces and capitals", rows: append(pair(m, "2026-06-10", "2026-06-10")[:2], pair("{7C9E6679-7425-40DE-944B-E07FC1F90AE7}", "2026-06-10", "2026-06-10")[2:]...), edges: 1},
		{name: "no id", rows: pair("00000000-0000-0000-0000-000000000000", "2026-06-10", "2026-06-10")},
		{name: "unread id", rows: pair("To Be Filled By O.E.M.", "2026-06-10", "2026-06-10")},
		{name: "another owner by then", rows: pair(m, "2023-06-10", "2026-06-12")},
		{name: "public computer", rows: crowd, edges: 1, suppressed: true},
		{name: "after the day of the scan", rows: pair(m, "2027-06-10", "2027-06-10")},
	} {
		set := &record.Set{StolenLogins: c.rows}
		for i, e := range []string{anna, tomas} {
			p := &record.Persona{FullName: []string{"Anna Berg", "Tomas Ruiz"}[i], Emails: []record.Email{{Value: e}}}
			p.Ref = record.Ref{Source: "s", Key: e}
			p.Handle = record.NewHandle("ats:candidate", fmt.Sprint(i))
			set.Personas = append(set.Personas, p)
		}
		set.Seal()
		st := &settings.Settings{}
		if !c.off {
			st.Approvals.Infostealer = &settings.Approval{Counsel: "R. Example", Date: record.Date{Year: 2026, Month: 10, Day: 1}}
		}
		asOf := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		g := Build(set, baseline.Learn(set, st, intel.Default(), asOf), st, asOf)
		n := 0
		for _, e := range g.Edges {
			if e.Kind != identity.EdgeMachine {
				continue
			}
			n++
			if (e.Suppressed != "") != c.suppressed || !c.suppressed && e.Weight < Medium {
				t.Errorf("%s: %+v", c.name, e)
			}
		}
		if n != c.edges {
			t.Errorf("%s: %d edges, want %d", c.name, n, c.edges)
		}
	}
}
