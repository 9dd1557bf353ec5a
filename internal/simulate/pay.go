package simulate

import (
	"fmt"
	"strings"
	"time"
)

// bank is an invented bank.
type bank struct{ name, routing, bic, code string }

// account is where pay goes: routing and number, or an IBAN.
type account struct {
	bank   *bank
	number string
	iban   string
	kind   string
}

// paySwitch is a change of the account pay goes to.
type paySwitch struct {
	at       time.Time
	by       string // login
	channel  string
	ip       string
	from, to *account
}

func newBanks(r *rng) map[string][]*bank {
	names := words("First Harbor|Prairie State|Granite Mutual|Blue Heron|Lakeshore|Copperfield|Union Orchard|Meridian Hill|Old Mill|Summit Grove|Evergreen Valley|Iron Bridge|Silver Birch|Twin Rivers|Northstar Community|Redwood Trust|Pioneer Savings|Cardinal|Anchor Point|Fairmont")
	joined := strings.Split(strings.Join(names, " "), "|")
	out := map[string][]*bank{}
	for i, n := range joined {
		routing := fmt.Sprintf("%02d%06d", []int{1, 2, 3, 5, 6, 8, 11}[i%7], 900100+i*37)
		out["US"] = append(out["US"], &bank{name: n + " Bank", routing: routing + abaCheck(routing)})
	}
	for _, c := range words("CA GB DE PL ES TR FR PT MX") {
		for i := range 6 {
			n := fmt.Sprintf("%s Beispielbank %d", c, i+1)
			if c != "DE" {
				n = fmt.Sprintf("%s Example Bank %d", c, i+1)
			}
			out[c] = append(out[c], &bank{name: n, bic: "XQ" + r.from("ABCDEFGHJKLMNPQRSTUVWXYZ", 2) + c + "2X", code: r.from("123456789", 1) + r.digits(7)})
		}
	}
	return out
}

// abaCheck returns the check digit of a routing number of eight digits (3-7-1 weights).
func abaCheck(eight string) string {
	sum := 0
	for i, c := range eight {
		sum += int(c-'0') * []int{3, 7, 1}[i%3]
	}
	return fmt.Sprint((10 - sum%10) % 10)
}

// newAccount returns an account at a bank of a country.
func (w *world) newAccount(r *rng, country string) *account {
	list, ok := w.banks[country]
	if !ok {
		list, country = w.banks["US"], "US"
	}
	a := &account{bank: pick(r, list), kind: pick(r, []string{"checking", "checking", "savings"})}
	switch country {
	case "US", "CA", "MX":
		a.number = r.from("123456789", 1) + r.digits(r.between(8, 11))
	default:
		a.iban = iban(country, bban(r, country, a.bank.code))
	}
	return a
}

func bban(r *rng, country, code string) string {
	switch country {
	case "GB":
		return "XQEX" + code[:6] + r.digits(8)
	case "DE":
		return code + r.digits(10)
	case "PL":
		return code + r.digits(16)
	case "ES":
		return code + r.digits(12)
	case "FR":
		return code + r.digits(15)
	case "PT":
		return code + r.digits(13)
	}
	return code[:5] + "0" + r.digits(16)
}

// iban puts country and check digits (ISO 7064, modulo 97) before a basic account number.
func iban(country, basic string) string {
	rem := 0
	for _, c := range basic + country + "00" {
		if c >= 'A' && c <= 'Z' {
			rem = (rem*100 + int(c-'A') + 10) % 97
		} else {
			rem = (rem*10 + int(c-'0')) % 97
		}
	}
	return fmt.Sprintf("%s%02d%s", country, 98-rem, basic)
}

// newSwitch moves pay to another account of the person's own, from home.
func (w *world) newSwitch(r *rng, p *person, at time.Time) paySwitch {
	return paySwitch{at: at, by: p.work, channel: pick(r, []string{"self_service", "self_service", "hr"}), ip: p.home.line.ip(max(0, w.index(at))).String(), from: p.pay, to: w.newAccount(r, p.home.place.country)}
}

// accountOn returns the account pay goes to on a day.
func (p *person) accountOn(t time.Time) *account {
	a := p.pay
	for i := range p.switches {
		if !p.switches[i].at.After(t) {
			a = p.switches[i].to
		}
	}
	return a
}

// payDays are the 15th and the last day of each month, moved to the Friday before a weekend.
func payDays(from, to time.Time) []time.Time {
	var out []time.Time
	for m := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC); m.Before(to); m = m.AddDate(0, 1, 0) {
		for _, d := range []time.Time{m.AddDate(0, 0, 14), m.AddDate(0, 1, -1)} {
			for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
				d = d.AddDate(0, 0, -1)
			}
			if !d.Before(from) && d.Before(to) {
				out = append(out, d)
			}
		}
	}
	return out
}

// payRuns are the runs in the exports: the last nine before the day of the exports.
func (w *world) payRuns() []time.Time {
	days := payDays(w.opt.AsOf.AddDate(0, -6, 0), w.opt.AsOf)
	return days[max(0, len(days)-9):]
}

// nextRun is the first pay day after the exports.
func (w *world) nextRun() time.Time {
	return payDays(w.opt.AsOf, w.opt.AsOf.AddDate(0, 2, 0))[0]
}

// firstPay is the first pay day at least five days into the job.
func (w *world) firstPay(p *person) time.Time {
	from := p.hired.AddDate(0, 0, 5)
	return payDays(from, from.AddDate(0, 2, 0))[0]
}

// salary is the net pay of one run in cents.
func salary(p *person) int {
	return 180000 + int(mix(uint64(p.n))%240000)
}
