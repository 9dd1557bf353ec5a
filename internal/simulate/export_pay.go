package simulate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

func (w *world) writePayroll(t *tree) error {
	if err := w.writeRuns(t); err != nil {
		return err
	}
	if err := w.writeSwitches(t); err != nil {
		return err
	}
	runs := w.payRuns()
	return t.write("payroll/payroll.ach", func(s *sink) error {
		_, err := s.WriteString(w.nacha(runs[len(runs)-1]))
		return err
	})
}

// paid reports whether a person is in a run.
func (w *world) paid(p *person, run time.Time) bool {
	return p.on(run) && !run.Before(w.firstPay(p))
}

// writeRuns writes the lines of the last pay runs.
func (w *world) writeRuns(t *tree) error {
	const header = "Employee #,Employee Name,Work Email,Pay Date,Payment Method,Bank Name,Routing Number,Account Number,Account Type,IBAN,BIC,Account Holder,Net Amount,Currency"
	return t.table("payroll/payroll.csv", header, func(add func(...string)) {
		for _, run := range w.payRuns() {
			for _, p := range w.staff {
				if !w.paid(p, run) {
					continue
				}
				a := p.accountOn(run)
				name := p.name()
				if p.n%9 == 0 {
					name = p.family + ", " + p.given
				}
				method := "Direct Deposit"
				if a.iban != "" {
					method = "SEPA"
				}
				routing := a.bank.routing
				if p.n%61 == 0 { // a spreadsheet ate the zero
					routing = strings.TrimLeft(routing, "0")
				}
				add(p.no, name, p.work, run.Format(dateOnly), method, a.bank.name, routing, a.number, a.kind, a.iban, a.bank.bic, p.paysName, money(salary(p)), currency(p))
			}
		}
	})
}

func money(cents int) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

func currency(p *person) string {
	switch p.home.place.country {
	case "US", "MX":
		return "USD"
	case "CA":
		return "CAD"
	case "GB":
		return "GBP"
	case "PL":
		return "PLN"
	}
	return "EUR"
}

// writeSwitches writes the changes of accounts within a year.
func (w *world) writeSwitches(t *tree) error {
	const header = "Employee #,Employee Name,Work Email,Changed At,Changed By,Channel,IP Address,Old Routing Number,Old Account Number,New Routing Number,New Account Number,New Bank Name"
	return t.table("payroll/bank_changes.csv", header, func(add func(...string)) {
		for _, p := range w.staff {
			for _, s := range p.switches {
				if !s.at.Before(w.opt.AsOf) || s.at.Before(w.opt.AsOf.AddDate(-1, 0, 0)) || !p.on(s.at) {
					continue
				}
				add(p.no, p.name(), p.work, s.at.Format(zulu), s.by, s.channel, s.ip, s.from.bank.routing, s.from.text(), s.to.bank.routing, s.to.text(), s.to.bank.name)
			}
		}
	})
}

// text returns the number by which a payroll system knows the account.
func (a *account) text() string {
	if a.iban != "" {
		return a.iban
	}
	return a.number
}

// nacha writes a run as an ACH file: fixed width of 94, one PPD batch of credits.
func (w *world) nacha(run time.Time) string {
	const origin = "0900100" // the sending bank
	odfi := "0" + origin
	var out []string
	name := cut(strings.ToUpper(w.opt.Name), 23)
	created := run.AddDate(0, 0, -2)
	out = append(out, fmt.Sprintf("101 %-9s%-10s%s%sA094101%-23s%-23s%8s", odfi+abaCheck(odfi), "1123456789", created.Format("060102"), "0930", "EXAMPLE FEDERAL BANK", name, ""))
	out = append(out, fmt.Sprintf("5220%-16s%-20s%-10sPPD%-10s%6s%s%3s1%s%07d", cut(name, 16), "", "1123456789", "PAYROLL", created.Format("060102"), run.Format("060102"), "", odfi, 1))
	entries, cents, hash := 0, 0, 0
	for _, p := range w.staff {
		a := p.accountOn(run)
		if a == nil || !w.paid(p, run) || len(a.bank.routing) != 9 || a.number == "" || p.home.place.country != "US" {
			continue
		}
		entries++
		code := "22"
		if a.kind == "savings" {
			code = "32"
		}
		cents += salary(p)
		eight, _ := strconv.Atoi(a.bank.routing[:8]) // digits by construction
		hash += eight
		out = append(out, fmt.Sprintf("6%s%s%-17s%010d%-15s%-22s  0%s%07d", code, a.bank.routing, a.number, salary(p), p.no, cut(strings.ToUpper(p.paysName), 22), odfi, entries))
	}
	hash %= 10_000_000_000
	out = append(out, fmt.Sprintf("8220%06d%010d%012d%012d%-10s%19s%6s%s%07d", entries, hash, 0, cents, "1123456789", "", "", odfi, 1))
	lines := len(out) + 1
	out = append(out, fmt.Sprintf("9%06d%06d%08d%010d%012d%012d%39s", 1, (lines+9)/10, entries, hash, 0, cents, ""))
	for len(out)%10 != 0 {
		out = append(out, strings.Repeat("9", 94))
	}
	return strings.Join(out, "\n") + "\n"
}

// cut shortens a text to plain letters of a width.
func cut(s string, n int) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return -1
		}
		return c
	}, s)
	return s[:min(n, len(s))]
}
