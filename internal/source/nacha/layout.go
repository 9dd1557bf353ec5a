package nacha

import (
	"strconv"
	"strings"
	"time"

	"muster/internal/record"
	"muster/internal/source/frame"
)

// Types of records, the first character of a line (NACHA Operating Rules,
// Appendix Three).
const (
	fileHeader   = '1'
	batchHeader  = '5'
	entryDetail  = '6'
	addenda      = '7'
	batchControl = '8'
	fileControl  = '9'
)

// Types of addenda, positions 2-3.
const (
	addendaIATName    = "10"
	addendaIATOrigin  = "11"
	addendaIATBank    = "14"
	addendaCorrection = "98"
	addendaReturn     = "99"
)

// width is the number of characters of a record.
const width = 94

// line is one record of a file. Positions count from 1, as in the rules.
type line struct {
	row  *frame.Row
	text []rune // 94 characters
}

func newLine(row *frame.Row) line {
	text := []rune(string(row.Data))
	for len(text) < width {
		text = append(text, ' ')
	}
	return line{row, text[:width]}
}

func (l line) kind() rune { return l.text[0] }

// at returns the characters from first to last without blanks around them.
func (l line) at(first, last int) string { return strings.TrimSpace(string(l.text[first-1 : last])) }

// number returns a numeric field; ok is false if it holds anything but digits.
// Blank is zero.
func (l line) number(first, last int) (int64, bool) {
	s := l.at(first, last)
	if s == "" {
		return 0, true
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// date returns a field YYMMDD as a day.
func (l line) date(first int) record.Time {
	t, err := time.Parse("060102", l.at(first, first+5))
	if err != nil {
		return record.Time{}
	}
	return record.NewTime(t, record.PrecisionDay, false)
}

// padding reports whether the line only fills up the last block.
func (l line) padding() bool {
	return strings.Trim(string(l.text), "9 ") == "" && l.at(1, 10) == "9999999999"
}

// adv says that a batch is of class ADV, whose records lay out their totals
// differently.
func adv(class string) bool { return class == "ADV" }

// header is a batch header.
type header struct {
	line
	class     string // standard entry class: PPD, CCD, CTX, IAT ...
	purpose   string // entry description: PAYROLL, ACCTVERIFY ...
	effective record.Time
	number    string
}

func newHeader(l line) *header {
	return &header{line: l, class: strings.ToUpper(l.at(51, 53)), purpose: strings.ToUpper(l.at(54, 63)), effective: l.date(70), number: l.at(88, 94)}
}

// entry is an entry detail record with its addenda.
type entry struct {
	line
	batch   *header
	addenda []line
}

func (e *entry) code() string   { return e.at(2, 3) }
func (e *entry) router() string { return e.at(4, 12) } // with its check digit

// account is where the entry's account stands; in IAT it is longer.
func (e *entry) account() string {
	if e.batch.class == "IAT" {
		return e.at(40, 74)
	}
	return e.at(13, 29)
}

// id is the individual identification number.
func (e *entry) id() string {
	switch e.batch.class {
	case "PPD", "WEB", "TEL", "CCD", "CTX":
		return e.at(40, 54)
	case "CIE":
		return e.at(55, 76)
	case "MTE":
		return e.at(62, 76)
	}
	return ""
}

// name is the receiver, cut at the width of the field.
func (e *entry) name() string {
	switch e.batch.class {
	case "CTX", "ATX", "ENR", "DNE":
		return e.at(59, 74)
	case "CIE":
		return e.at(40, 54)
	case "MTE":
		return e.at(40, 61)
	case "SHR", "TRC", "TRX", "XCK", "ADV":
		return ""
	case "IAT":
		if a := e.addendum(addendaIATName); a != nil {
			return a.at(47, 81)
		}
		return ""
	}
	return e.at(55, 76)
}

func (e *entry) addendum(kind string) *line {
	for i := range e.addenda {
		if e.addenda[i].at(2, 3) == kind {
			return &e.addenda[i]
		}
	}
	return nil
}

// credit reports whether the entry puts money into an account: transaction codes
// that end in 1 (returned or corrected), 2 (live), 3 (prenotification) and 4
// (no amount, with remittance data).
func (e *entry) credit() bool { c := e.code(); return len(c) == 2 && c[1] >= '1' && c[1] <= '4' }

func (e *entry) accountType() string {
	switch e.code()[0] {
	case '2':
		return "checking"
	case '3':
		return "savings"
	}
	return ""
}
