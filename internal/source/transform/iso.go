package transform

import (
	"time"

	"muster/internal/record"
)

// isoTime reads the ISO 8601 forms YYYY-MM, YYYY-MM-DD and YYYY-MM-DDThh:mm with
// or without seconds, a fraction of any length and an offset; a space or T or _
// between date and time; "Z", "UTC", "+02", "+0200", "+02:00", "+0000 UTC" for
// the offset.
func isoTime(s string, loc *time.Location) (record.Time, bool) {
	if len(s) < 7 || s[4] != '-' && s[4] != '/' || !digitsOnly(s[:4]) {
		return record.Time{}, false
	}
	y := two(s)*100 + two(s[2:])
	m := two(s[5:])
	if m < 1 || m > 12 {
		return record.Time{}, false
	}
	if len(s) == 7 {
		return record.NewTime(time.Date(y, time.Month(m), 1, 0, 0, 0, 0, loc), record.PrecisionMonth, false), true
	}
	if len(s) < 10 || s[7] != s[4] {
		return record.Time{}, false
	}
	d := two(s[8:])
	if d < 1 || d > daysIn(y, m) {
		return record.Time{}, false
	}
	rest := s[10:]
	if rest == "" {
		return record.NewTime(time.Date(y, time.Month(m), d, 0, 0, 0, 0, loc), record.PrecisionDay, false), true
	}
	if rest[0] == 'T' || rest[0] == 't' || rest[0] == ' ' || rest[0] == '_' {
		c, ok := readClock(rest[1:])
		if !ok {
			return record.Time{}, false
		}
		return c.on(y, m, d, loc), true
	}
	off, ok := readOffset(rest) // a date with offset and no time
	if !ok {
		return record.Time{}, false
	}
	return record.NewTime(time.Date(y, time.Month(m), d, 0, 0, 0, 0, fixedZone(off)), record.PrecisionDay, true), true
}

// clock is a time of the day.
type clock struct {
	h, m, s, ns int
	offset      int // seconds east of UTC
	known       bool
	precision   record.Precision
}

func (c clock) on(y, m, d int, loc *time.Location) record.Time {
	if c.known {
		loc = fixedZone(c.offset)
	}
	return record.NewTime(time.Date(y, time.Month(m), d, c.h, c.m, c.s, c.ns, loc), c.precision, c.known)
}

func fixedZone(offset int) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	return time.FixedZone("", offset)
}

// readClock reads hh:mm[:ss[.fff]] [AM|PM] [offset].
func readClock(s string) (clock, bool) {
	var c clock
	i := 0
	num := func() (int, bool) {
		n, j := 0, i
		for i < len(s) && i-j < 2 && s[i] >= '0' && s[i] <= '9' {
			n = n*10 + int(s[i]-'0')
			i++
		}
		return n, i > j
	}
	var ok bool
	if c.h, ok = num(); !ok || i >= len(s) || s[i] != ':' {
		return c, false
	}
	i++
	if c.m, ok = num(); !ok {
		return c, false
	}
	c.precision = record.PrecisionMinute
	if i < len(s) && s[i] == ':' {
		i++
		if c.s, ok = num(); !ok {
			return c, false
		}
		c.precision = record.PrecisionSecond
		if i+1 < len(s) && (s[i] == '.' || s[i] == ',') && s[i+1] >= '0' && s[i+1] <= '9' {
			i++
			for unit := 100_000_000; i < len(s) && s[i] >= '0' && s[i] <= '9'; i, unit = i+1, unit/10 {
				c.ns += int(s[i]-'0') * unit
			}
			if c.ns != 0 {
				c.precision = record.PrecisionNano
			}
		}
	}
	rest := s[i:]
	for len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	if rest, ok = c.half(rest); !ok {
		return c, false
	}
	if rest != "" {
		if c.offset, c.known = readOffset(rest); !c.known && !looseZone(rest) {
			return c, false
		}
	}
	return c, c.h < 24 && c.m < 60 && c.s <= 60
}

// half reads AM or PM.
func (c *clock) half(rest string) (string, bool) {
	if len(rest) < 2 || rest[1]|0x20 != 'm' || rest[0]|0x20 != 'a' && rest[0]|0x20 != 'p' {
		return rest, true
	}
	if c.h < 1 || c.h > 12 {
		return rest, false
	}
	c.h %= 12
	if rest[0]|0x20 == 'p' {
		c.h += 12
	}
	rest = rest[2:]
	for len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	return rest, true
}

// zoneOffsets are abbreviations of zones that mean one offset only.
var zoneOffsets = map[string]int{
	"Z": 0, "z": 0, "UTC": 0, "GMT": 0, "EST": -5 * 3600, "EDT": -4 * 3600, "PST": -8 * 3600, "PDT": -7 * 3600, "MDT": -6 * 3600, "CDT": -5 * 3600,
	"CET": 3600, "CEST": 7200, "EET": 7200, "EEST": 3 * 3600, "WEST": 3600, "JST": 9 * 3600,
}

// readOffset reads an offset from UTC in seconds.
func readOffset(s string) (int, bool) {
	if off, ok := zoneOffsets[s]; ok {
		return off, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	h, m, rest := two(s[1:]), 0, s[3:]
	if h > 14 {
		return 0, false
	}
	switch {
	case len(rest) >= 3 && rest[0] == ':':
		m, rest = two(rest[1:]), rest[3:]
	case len(rest) >= 2 && rest[0] >= '0' && rest[0] <= '9':
		m, rest = two(rest), rest[2:]
	}
	if m > 59 || rest != "" && rest != " UTC" && rest != " GMT" && !(rest[0] == ' ' && looseZone(rest[1:])) {
		return 0, false
	}
	off := h*3600 + m*60
	if s[0] == '-' {
		off = -off
	}
	return off, true
}

// looseZone reports whether s looks like the abbreviation of a zone. Those that
// are not in the table mean several offsets and are read as none.
func looseZone(s string) bool {
	if len(s) < 2 || len(s) > 5 {
		return false
	}
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// two reads two digits; 99 if they are none, which is out of every range.
func two(s string) int {
	if len(s) < 2 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return 99
	}
	return int(s[0]-'0')*10 + int(s[1]-'0')
}

func daysIn(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
