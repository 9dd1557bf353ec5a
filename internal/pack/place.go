package pack

import (
	"math"
	"strings"

	"muster/internal/match"
	"muster/internal/record"
)

// Lengths of the tokens of an address. A unit has at most five letters where
// package match reads it from a line.
const (
	streetLetters = 10
	numberLetters = 4
	unitLetters   = 5
)

// postal replaces an address: city, region, country and the first two signs of the
// postcode stay, building and unit become tokens that read as street, number and
// flat.
func (p *packer) postal(a record.Address) record.Address {
	if a.IsZero() {
		return a
	}
	pl := match.Address(a)
	raw := a.Line1 == "" && a.Line2 == "" && a.Raw != ""
	out := record.Address{City: a.City, Region: a.Region, Country: a.Country}
	if raw && a.City == "" {
		out.City, _, _ = strings.Cut(pl.Label, ",")
		if strings.HasPrefix(pl.Label, ",") || out.City == a.Region || out.City == a.Country {
			out.City = ""
		}
	}
	if !pl.IsZero() {
		where, rest, _ := strings.Cut(pl.Building, "|")
		street, _, _ := strings.Cut(rest, "|")
		line := p.key.letters("street", where+"|"+street, streetLetters) + " " + string('1'+p.key.sum("number", pl.Building)[31]%9) + p.key.letters("number", pl.Building, numberLetters)
		if pl.Unit != "" {
			out.Line2 = "apt " + p.key.letters("unit", pl.Key(), unitLetters)
		}
		out.Line1 = line
		if where != strings.Join(match.Words(out.City), "") {
			out.Postal = p.postcode(where)
		}
	} else if a.Postal != "" {
		out.Postal = p.postcode(strings.Join(match.Words(a.Postal), ""))
	}
	if a.Line1+a.Line2+a.Raw != "" && out.Line1 == "" {
		out.Line1 = "-" // stated, and naming no building
	}
	if raw && a.City == "" && !pl.IsZero() && p.asText(&out, pl) {
		p.vault.note("address", out.Raw, a.Raw, p.ref)
		return out
	}
	p.vault.note("address", strings.TrimSpace(out.Line1+" "+out.Line2+" "+out.Postal), strings.TrimSpace(strings.Join([]string{a.Line1, a.Line2, a.Postal, a.Raw}, " ")), p.ref)
	return out
}

// asText writes an address that came as one text as one text again: whether it has
// parts is something that detectors see. It reports false if package match would not
// read the same building in it.
func (p *packer) asText(out *record.Address, want match.Place) bool {
	text := out.Line1
	if out.Line2 != "" {
		text += ", " + out.Line2
	}
	text += ", " + strings.TrimSpace(out.Postal+" "+out.City)
	t := record.Address{Raw: text, Region: out.Region, Country: out.Country}
	if match.Address(t) != match.Address(*out) || match.Address(t).Label != want.Label {
		return false
	}
	*out = t
	return true
}

// postcode keeps the first two signs of a postcode, which say which part of a
// country it is in, and permutes the others within their shape.
func (p *packer) postcode(s string) string {
	if len(s) < 3 {
		return s
	}
	return s[:2] + p.key.shape("postcode "+s[:2], s[2:])
}

// place keeps where something was seen, to about a kilometre.
func place(pl record.Place) record.Place {
	round := func(f *float64) *float64 {
		if f == nil {
			return nil
		}
		v := math.Round(*f*100) / 100
		return &v
	}
	pl.Lat, pl.Lon = round(pl.Lat), round(pl.Lon)
	return pl
}

// birth permutes year, month and day apart, so that dates of which the day is
// unknown compare as before. Long months stay long and leap years leap, so that
// every day has its place.
func (p *packer) birth(d record.Date) record.Date {
	if d.IsZero() {
		return d
	}
	out := record.Date{Year: p.year(d.Year), Month: d.Month, Day: d.Day}
	for _, class := range [][]int{{1, 3, 5, 7, 8, 10, 12}, {4, 6, 9, 11}} {
		for i, m := range class {
			if m == d.Month {
				out.Month = class[p.key.shuffle("month", "", len(class))[i]]
			}
		}
	}
	if d.Day >= 1 && d.Day <= 28 {
		out.Day = 1 + p.key.shuffle("day", "", 28)[d.Day-1]
	}
	p.vault.note("birth", out.String(), d.String(), p.ref)
	return out
}

// year permutes the years of 1900 to 2099, leap years among themselves (1900 is none).
func (p *packer) year(y int) int {
	if y <= 1900 || y > 2099 {
		return y
	}
	if y%4 == 0 {
		return 1904 + 4*int(p.key.permute("leap year", uint64(y-1904)/4, 49))
	}
	n := (y-1901)/4*3 + (y-1901)%4
	n = int(p.key.permute("year", uint64(n), 150))
	return 1901 + n/3*4 + n%3
}
