package transform

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"muster/internal/record"
)

// date reads a partial date. A date with a time keeps the day of its own offset.
func date(c *Ctx, v *Value) Reason {
	switch v.Type {
	case Date:
		return ""
	case Time:
		d := v.Time.Date()
		*v = Value{Type: Date, Any: d}
		return plausible(d.Year)
	}
	s, ok := text(v)
	if !ok {
		return BadTime
	}
	if ongoing(s) {
		*v = Value{}
		return ""
	}
	t, r := ParseTime(c, s)
	if r != "" {
		return r
	}
	if t.IsZero() {
		*v = Value{}
		return ""
	}
	d := t.Date()
	*v = Value{Type: Date, Any: d}
	return plausible(d.Year)
}

func dateToTime(c *Ctx, v *Value) Reason {
	d := v.Any.(record.Date)
	p := record.PrecisionDay
	switch {
	case d.Month == 0:
		p = record.PrecisionYear
	case d.Day == 0:
		p = record.PrecisionMonth
	}
	return setTime(v, record.NewTime(time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, zone(c)), p, false), "")
}

// ongoing are words for an end that has not come.
func ongoing(s string) bool {
	switch strings.ToLower(s) {
	case "present", "current", "now", "ongoing", "today", "till date", "to date", "heute", "aktuell", "aujourd'hui", "actuel", "en cours",
		"actualidad", "presente", "actual", "in corso", "attuale", "obecnie", "atual", "atualmente":
		return true
	}
	return false
}

// free is a date that was not written in ISO form.
type free struct {
	y, m, d int
	clock   *clock
	noYear  bool
}

func (f free) time(c *Ctx) (record.Time, Reason) {
	if f.m > 12 || f.m < 0 || f.d < 0 || f.m > 0 && !f.noYear && f.d > daysIn(f.y, f.m) {
		return record.Time{}, BadTime
	}
	clk := clock{precision: record.PrecisionDay}
	if f.clock != nil {
		clk = *f.clock
		if f.m == 0 || f.d == 0 {
			return record.Time{}, BadTime
		}
	}
	switch {
	case f.m == 0:
		clk.precision = record.PrecisionYear
	case f.d == 0:
		clk.precision = record.PrecisionMonth
	}
	y := f.y
	if f.noYear {
		y = lastYear(time.Date(2000, time.Month(f.m), f.d, clk.h, clk.m, clk.s, 0, zone(c)), c.ModTime).Year()
	}
	return clk.on(y, max(f.m, 1), max(f.d, 1), zone(c)), ""
}

// parseFree reads dates with slashes, dots or dashes and dates with the name of
// the month, with or without a time of the day.
func parseFree(c *Ctx, s string) (free, Reason) {
	if len(s) > 64 {
		return free{}, BadTime
	}
	head, tail := s, ""
	if i := strings.IndexAny(s, " T,"); i > 0 && s[0] >= '0' && s[0] <= '9' {
		head, tail = s[:i], strings.TrimLeft(s[i:], " T,")
	}
	if f, r, ok := threeNumbers(c.Order, head); ok {
		if r != "" || tail == "" {
			return f, r
		}
		clk, ok := readClock(tail)
		if !ok {
			return free{}, BadTime
		}
		f.clock = &clk
		return f, ""
	}
	return named(s)
}

// threeNumbers reads 1/2/2023, 1.2.2023, 1-2-23, 2023.2.1 and 2/2023. ok is
// false if s is no such thing.
func threeNumbers(order Order, s string) (f free, r Reason, ok bool) {
	n, width, count, sep := numbers(s)
	switch {
	case count == 2 && width[1] == 4 && width[0] <= 2: // 05/2024
		return free{y: n[1], m: n[0]}, "", true
	case count == 2 && width[0] == 4 && width[1] <= 2: // 2024/05
		return free{y: n[0], m: n[1]}, "", true
	case count == 2:
		return f, BadTime, true
	case count < 2:
		return f, "", false
	case width[0] == 4 || order == OrderYMD:
		return free{y: year(n[0], width[0]), m: n[1], d: n[2]}, "", true
	case width[0] > 2 || width[1] > 2 || width[2] == 3 || width[2] == 1:
		return f, BadTime, true
	}
	f.y = year(n[2], width[2])
	f.d, f.m = n[0], n[1]
	switch {
	case sep == '.': // written with dots the day comes first
	case n[0] > 12 || n[0] == n[1]:
	case n[1] > 12:
		f.d, f.m = n[1], n[0]
	case order == OrderMDY:
		f.d, f.m = n[1], n[0]
	case order != OrderDMY:
		return f, AmbiguousDate, true
	}
	if f.d < 1 || f.m < 1 {
		return f, BadTime, true
	}
	return f, "", true
}

// numbers cuts up to three numbers with one kind of separator between them;
// count is 0 if s is anything else.
func numbers(s string) (n, width [3]int, count int, sep byte) {
	k := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9' && width[k] < 4:
			n[k] = n[k]*10 + int(c-'0')
			width[k]++
		case (c == '/' || c == '.' || c == '-') && (sep == 0 || sep == c) && width[k] > 0 && k < 2:
			sep = c
			k++
		default:
			return n, width, 0, sep
		}
	}
	if width[k] == 0 {
		return n, width, 0, sep
	}
	return n, width, k + 1, sep
}

// year completes a year of two digits: 70 to 99 are of the last century.
func year(n, width int) int {
	switch {
	case width > 2:
		return n
	case n >= 70:
		return 1900 + n
	}
	return 2000 + n
}

// OrderOf returns what a value says about the order of the dates in its column:
// the order, or whether it needs one.
func OrderOf(s string) (order Order, needs bool) {
	if i := strings.IndexAny(s, " T,"); i > 0 {
		s = s[:i]
	}
	if _, r, ok := threeNumbers(OrderUnknown, s); !ok || r != "" && r != AmbiguousDate {
		return OrderUnknown, false
	} else if r == AmbiguousDate {
		return OrderUnknown, true
	}
	if strings.IndexByte(s, '.') >= 0 {
		return OrderUnknown, false
	}
	a, rest, _ := strings.Cut(strings.ReplaceAll(s, "-", "/"), "/")
	b, _, full := strings.Cut(rest, "/")
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	switch {
	case !full || len(a) > 2:
	case x > 12:
		return OrderDMY, false
	case y > 12:
		return OrderMDY, false
	}
	return OrderUnknown, false
}

// months are the beginnings of month names in the seven languages, without
// marks; longer ones come first where one begins another.
var months = map[string]int{
	"january": 1, "januar": 1, "janner": 1, "janvier": 1, "enero": 1, "gennaio": 1, "styczen": 1, "stycznia": 1, "janeiro": 1, "jan": 1, "ene": 1, "gen": 1, "janv": 1, "sty": 1,
	"february": 2, "februar": 2, "fevrier": 2, "febrero": 2, "febbraio": 2, "luty": 2, "lutego": 2, "fevereiro": 2, "feb": 2, "fev": 2, "fevr": 2, "lut": 2,
	"march": 3, "marz": 3, "mars": 3, "marzo": 3, "marzec": 3, "marca": 3, "marco": 3, "mar": 3, "mrz": 3,
	"april": 4, "avril": 4, "abril": 4, "aprile": 4, "kwiecien": 4, "kwietnia": 4, "apr": 4, "avr": 4, "abr": 4, "kwi": 4,
	"may": 5, "mai": 5, "mayo": 5, "maggio": 5, "maj": 5, "maja": 5, "maio": 5, "mag": 5,
	"june": 6, "juni": 6, "juin": 6, "junio": 6, "giugno": 6, "czerwiec": 6, "czerwca": 6, "junho": 6, "jun": 6, "giu": 6, "cze": 6,
	"july": 7, "juli": 7, "juillet": 7, "julio": 7, "luglio": 7, "lipiec": 7, "lipca": 7, "julho": 7, "jul": 7, "juil": 7, "lug": 7, "lip": 7,
	"august": 8, "aout": 8, "agosto": 8, "sierpien": 8, "sierpnia": 8, "aug": 8, "ago": 8, "sie": 8,
	"september": 9, "septembre": 9, "septiembre": 9, "settembre": 9, "wrzesien": 9, "wrzesnia": 9, "setembro": 9, "sep": 9, "sept": 9, "set": 9, "wrz": 9,
	"october": 10, "oktober": 10, "octobre": 10, "octubre": 10, "ottobre": 10, "pazdziernik": 10, "pazdziernika": 10, "outubro": 10, "oct": 10, "okt": 10, "ott": 10, "paz": 10, "out": 10,
	"november": 11, "novembre": 11, "noviembre": 11, "listopad": 11, "listopada": 11, "novembro": 11, "nov": 11, "lis": 11,
	"december": 12, "dezember": 12, "decembre": 12, "diciembre": 12, "dicembre": 12, "grudzien": 12, "grudnia": 12, "dezembro": 12, "dec": 12, "dez": 12, "dic": 12, "gru": 12,
}

// fillers are words that may stand in a date.
var fillers = map[string]bool{
	"at": true, "of": true, "um": true, "uhr": true, "de": true, "den": true, "le": true, "a": true, "r": true, "st": true, "nd": true, "rd": true, "th": true,
	"mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": true, "sun": true, "monday": true, "tuesday": true, "wednesday": true,
	"thursday": true, "friday": true, "saturday": true, "sunday": true, "tues": true, "thur": true, "thurs": true,
}

// named reads a date with the name of a month in any order of its parts.
func named(s string) (free, Reason) {
	var f free
	var day, yr string
	var clk strings.Builder
	for i, tok := range tokens(s) {
		word := plainName(tok)
		switch {
		case strings.Contains(tok, ":") && clk.Len() == 0:
			if tok = splitApache(tok, &yr); !strings.Contains(tok, ":") {
				return f, BadTime
			}
			clk.WriteString(tok)
		case clk.Len() > 0 && (strings.EqualFold(tok, "am") || strings.EqualFold(tok, "pm")):
			clk.WriteString(" " + tok)
		case clk.Len() > 0 && (tok[0] == '+' || tok[0] == '-' && len(tok) > 4 || looseZone(tok)):
			clk.WriteString(" " + tok)
		case f.m == 0 && months[word] > 0 && !digitsOnly(tok):
			f.m = months[word]
		case digitsOnly(tok):
			switch {
			case len(tok) == 4 && yr == "":
				yr = tok
			case len(tok) <= 2 && day == "":
				day = tok
			case len(tok) == 2 && yr == "":
				yr = tok
			default:
				return f, BadTime
			}
		case fillers[word] || i == 0 && word != "" && len(word) < 12 && day == "" && yr == "":
		default:
			return f, BadTime
		}
	}
	if f.m == 0 || yr == "" && day == "" {
		return f, BadTime
	}
	f.d, _ = strconv.Atoi(day)
	if day != "" && f.d == 0 {
		return f, BadTime
	}
	n, _ := strconv.Atoi(yr)
	f.y, f.noYear = year(n, len(yr)), yr == ""
	if clk.Len() > 0 {
		c, ok := readClock(clk.String())
		if !ok {
			return f, BadTime
		}
		f.clock = &c
	}
	return f, ""
}

// splitApache takes the year off "2006:15:04:05", as web servers write it.
func splitApache(tok string, yr *string) string {
	if len(tok) > 5 && tok[4] == ':' && digitsOnly(tok[:4]) && *yr == "" {
		*yr = tok[:4]
		return tok[5:]
	}
	return tok
}

// tokens cuts at white space, commas, slashes, dots after words and dashes
// between words, and drops the ordinal endings of days.
func tokens(s string) []string {
	raw := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '/' || r == '(' || r == ')' })
	out := make([]string, 0, len(raw)+2)
	for _, t := range raw {
		if strings.Contains(t, ":") || t[0] == '+' || t[0] == '-' {
			out = append(out, t)
			continue
		}
		for part := range strings.FieldsFuncSeq(t, func(r rune) bool { return r == '-' || r == '.' }) {
			i := 0
			for i < len(part) && part[i] >= '0' && part[i] <= '9' {
				i++
			}
			if i > 0 && i < len(part) {
				out = append(out, part[:i])
				part = part[i:]
			}
			out = append(out, part)
		}
	}
	return out
}
