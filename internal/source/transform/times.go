package transform

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"muster/internal/record"
)

// buildTime reads a time. Without argument it takes any ISO 8601 form, epochs by
// their size, and the forms of section 9 of the sources page. The argument "utc"
// says that times without a zone are UTC; any other argument is a Go layout.
func buildTime(arg string) (func(*Ctx, *Value) Reason, error) {
	if arg != "" && arg != "utc" {
		if !strings.ContainsAny(arg, "0123456789") {
			return nil, fmt.Errorf("%q is not a Go time layout", arg)
		}
		return layoutTime(arg), nil
	}
	utc := arg == "utc"
	return func(c *Ctx, v *Value) Reason {
		switch v.Type {
		case Time:
			return ""
		case Date:
			return dateToTime(c, v)
		}
		s, ok := text(v)
		if !ok {
			return BadTime
		}
		t, r := ParseTime(c, s)
		if utc && !t.IsZero() && !t.OffsetKnown() && t.Precision() >= record.PrecisionMinute {
			wall := t.Time()
			y, m, d := wall.Date()
			h, mi, sec := wall.Clock()
			t = record.NewTime(time.Date(y, m, d, h, mi, sec, wall.Nanosecond(), time.UTC), t.Precision(), true)
		}
		return setTime(v, t, r)
	}, nil
}

func layoutTime(layout string) func(*Ctx, *Value) Reason {
	zoned := strings.Contains(layout, "Z07") || strings.Contains(layout, "-07") || strings.HasSuffix(layout, "Z")
	precision := record.PrecisionDay
	switch {
	case strings.Contains(layout, "05"):
		precision = record.PrecisionSecond
	case strings.Contains(layout, "04"):
		precision = record.PrecisionMinute
	}
	return func(c *Ctx, v *Value) Reason {
		s, ok := text(v)
		if !ok {
			return BadTime
		}
		t, err := time.ParseInLocation(layout, s, zone(c))
		if err != nil {
			return BadTime
		}
		if t.Year() == 0 {
			t = lastYear(t, c.ModTime)
		}
		p := precision
		if t.Nanosecond() != 0 {
			p = record.PrecisionNano
		}
		return setTime(v, record.NewTime(t, p, zoned), "")
	}
}

func setTime(v *Value, t record.Time, r Reason) Reason {
	if r != "" {
		return r
	}
	if t.IsZero() {
		*v = Value{}
		return ""
	}
	if r := plausible(t.Time().Year()); r != "" {
		return r
	}
	*v = Value{Type: Time, Time: t}
	return ""
}

// The years between which a time is believed.
const (
	firstYear = 1900
	finalYear = 2200
)

func plausible(year int) Reason {
	if year < firstYear || year > finalYear {
		return Implausible
	}
	return ""
}

func zone(c *Ctx) *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// lastYear puts a time without year into the nearest year that lies before the
// file's last modification (with a day of tolerance).
func lastYear(t time.Time, mod time.Time) time.Time {
	if mod.IsZero() {
		mod = time.Unix(0, 0)
	}
	y := mod.Year()
	for range 5 { // 29 February may have to go back several years
		d := time.Date(y, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
		if d.Day() == t.Day() && !d.After(mod.Add(24*time.Hour)) {
			return d
		}
		y--
	}
	return time.Date(y, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
}

// never are texts by which systems say that something has no time.
func never(s string) bool {
	switch len(s) {
	case 5:
		return strings.EqualFold(s, "never")
	case 1:
		return s == "0"
	}
	return strings.HasPrefix(s, "0001-01-01") || strings.HasPrefix(s, "9999-12-31") || strings.HasPrefix(s, "1601-01-01") ||
		strings.HasPrefix(s, "1/1/0001") || strings.HasPrefix(s, "0000-00-00")
}

// ParseTime reads a time in any of the known forms. An absent result without
// Reason means "never".
func ParseTime(c *Ctx, s string) (record.Time, Reason) {
	if t, ok := isoTime(s, zone(c)); ok {
		if never(s) {
			return record.Time{}, ""
		}
		return t, ""
	}
	if never(s) {
		return record.Time{}, ""
	}
	if t, ok := digitsTime(s, zone(c)); ok {
		return t, ""
	}
	d, r := parseFree(c, s)
	if r != "" {
		return record.Time{}, r
	}
	return d.time(c)
}

// epoch reads an instant counted in units of the given number of nanoseconds.
func epoch(unit int64) func(*Ctx, *Value) Reason {
	return func(_ *Ctx, v *Value) Reason {
		s, ok := text(v)
		if !ok {
			return BadTime
		}
		t, ok := parseEpoch(s, unit)
		if !ok {
			return BadTime
		}
		return setTime(v, t, "")
	}
}

func parseEpoch(s string, unit int64) (record.Time, bool) {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		// JSON writers may use an exponent; a spreadsheet's has lost digits.
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || i < 10 || f < 0 || f > 1<<62 {
			return record.Time{}, false
		}
		s = strconv.FormatFloat(f, 'f', -1, 64)
	}
	whole, frac, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || !digitsOnly(frac) {
		return record.Time{}, false
	}
	if n == 0 {
		return record.Time{}, true
	}
	per := int64(time.Second) / unit
	ns := n % per * unit
	if frac != "" {
		f, _ := strconv.ParseFloat("0."+frac, 64) // digits only: cannot fail
		ns += int64(f*float64(unit) + 0.5)
	}
	return record.At(time.Unix(n/per, ns).UTC()), true
}

// digitsTime reads epochs by their size and compact dates.
func digitsTime(s string, loc *time.Location) (record.Time, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	if !digitsOnly(whole) || !digitsOnly(frac) {
		return record.Time{}, false
	}
	switch len(whole) {
	case 9, 10:
		return parseEpoch(s, 1e9)
	case 12, 13:
		return parseEpoch(s, 1e6)
	case 16:
		return parseEpoch(s, 1e3)
	case 18, 19:
		return parseEpoch(s, 1)
	}
	if frac != "" {
		return record.Time{}, false
	}
	for _, f := range [...]struct {
		layout string
		p      record.Precision
	}{{"20060102", record.PrecisionDay}, {"20060102150405", record.PrecisionSecond}, {"2006", record.PrecisionYear}} {
		if len(f.layout) == len(s) {
			t, err := time.ParseInLocation(f.layout, s, loc)
			return record.NewTime(t, f.p, false), err == nil
		}
	}
	return record.Time{}, false
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
