package record

import (
	"fmt"
	"strings"
	"time"
)

// Precision says how much of a time the source stated.
type Precision uint8

// Precisions, coarse to fine. PrecisionNone marks an absent time.
const (
	PrecisionNone Precision = iota
	PrecisionYear
	PrecisionMonth
	PrecisionDay
	PrecisionMinute
	PrecisionSecond
	PrecisionNano
)

// Time is an instant as a source stated it: the offset may be unknown and the
// precision coarse. The zero Time is absent.
//
// As text it is ISO 8601 reduced to what is known: "2024", "2024-05",
// "2024-05-06", "2024-05-06T07:08:09" (offset unknown, read in the source's
// zone) or "2024-05-06T07:08:09Z" / "...+02:00" (offset known).
type Time struct {
	t           time.Time
	precision   Precision
	offsetKnown bool
}

// At returns a Time with a known offset and second or finer precision.
func At(t time.Time) Time {
	p := PrecisionSecond
	if t.Nanosecond() != 0 {
		p = PrecisionNano
	}
	return Time{t: t.Round(0), precision: p, offsetKnown: true}
}

// NewTime returns a Time of the given precision.
func NewTime(t time.Time, p Precision, offsetKnown bool) Time {
	return Time{t: t.Round(0), precision: p, offsetKnown: offsetKnown}
}

// Time returns the instant; for coarse precisions its earliest moment.
func (t Time) Time() time.Time { return t.t }

// IsZero reports whether the time is absent.
func (t Time) IsZero() bool { return t.precision == PrecisionNone }

// Precision returns how much the source stated.
func (t Time) Precision() Precision { return t.precision }

// OffsetKnown reports whether the source stated its offset from UTC. Detectors
// that look at hours of the day must skip times without it.
func (t Time) OffsetKnown() bool { return t.offsetKnown }

// Before reports whether t is before o; an absent time is before nothing.
func (t Time) Before(o Time) bool {
	return !t.IsZero() && !o.IsZero() && t.t.Before(o.t)
}

// Date returns the calendar date in the time's own offset, as precise as known.
func (t Time) Date() Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.t.Date()
	switch t.precision {
	case PrecisionYear:
		return Date{Year: y}
	case PrecisionMonth:
		return Date{Year: y, Month: int(m)}
	}
	return Date{Year: y, Month: int(m), Day: d}
}

// Layouts of the text form, by precision.
var layouts = [...]string{
	PrecisionYear: "2006", PrecisionMonth: "2006-01", PrecisionDay: "2006-01-02",
	PrecisionMinute: "2006-01-02T15:04", PrecisionSecond: "2006-01-02T15:04:05", PrecisionNano: "2006-01-02T15:04:05.999999999",
}

// String returns the text form described at [Time].
func (t Time) String() string {
	var b [len("2006-01-02T15:04:05.999999999+07:00")]byte
	return string(t.Append(b[:0]))
}

// Append appends the text form described at [Time].
func (t Time) Append(b []byte) []byte {
	if t.IsZero() {
		return b
	}
	b = t.t.AppendFormat(b, layouts[t.precision])
	if t.offsetKnown && t.precision > PrecisionDay {
		b = t.t.AppendFormat(b, "Z07:00")
	}
	return b
}

// MarshalText implements [encoding.TextMarshaler].
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (t *Time) UnmarshalText(b []byte) error {
	v, err := ParseTime(string(b))
	if err == nil {
		*t = v
	}
	return err
}

// ParseTime reads the text form described at [Time].
func ParseTime(s string) (Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Time{}, nil
	}
	for p := PrecisionYear; p <= PrecisionNano; p++ {
		if v, err := time.Parse(layouts[p], s); err == nil {
			if p == PrecisionSecond && v.Nanosecond() != 0 {
				p = PrecisionNano
			}
			return Time{v, p, false}, nil
		}
		if p < PrecisionMinute {
			continue
		}
		if v, err := time.Parse(layouts[p]+"Z07:00", s); err == nil {
			if p == PrecisionSecond && v.Nanosecond() != 0 {
				p = PrecisionNano
			}
			return Time{v, p, true}, nil
		}
	}
	return Time{}, fmt.Errorf("time %q is not ISO 8601", s)
}

// Date is a calendar date of which the day, or the day and the month, may be
// unknown (zero). The zero Date is absent.
type Date struct{ Year, Month, Day int }

// IsZero reports whether the date is absent.
func (d Date) IsZero() bool { return d.Year == 0 }

// First returns the earliest instant of the date in UTC.
func (d Date) First() time.Time {
	return time.Date(d.Year, time.Month(max(d.Month, 1)), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// Last returns the last day of the period the date names, at midnight UTC.
func (d Date) Last() time.Time {
	switch {
	case d.Month == 0:
		return time.Date(d.Year, 12, 31, 0, 0, 0, 0, time.UTC)
	case d.Day == 0:
		return time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC)
	}
	return d.First()
}

// Compatible reports whether the two dates can be the same day. Absent dates are
// compatible with everything.
func (d Date) Compatible(o Date) bool {
	return (d.Year == 0 || o.Year == 0 || d.Year == o.Year) &&
		(d.Month == 0 || o.Month == 0 || d.Month == o.Month) &&
		(d.Day == 0 || o.Day == 0 || d.Day == o.Day)
}

// String returns "2024", "2024-05" or "2024-05-06".
func (d Date) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText implements [encoding.TextMarshaler].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// ParseDate reads "2024", "2024-05" or "2024-05-06".
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := ParseTime(s)
	if err != nil || t.precision > PrecisionDay {
		return Date{}, fmt.Errorf("date %q is not YYYY, YYYY-MM or YYYY-MM-DD", s)
	}
	return t.Date(), nil
}
