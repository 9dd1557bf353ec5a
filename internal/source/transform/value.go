// Package transform is the closed list of typed steps that turn a value of an
// export into a value of a record: see "Transforms" in docs/mappings.md. Every
// step knows what it takes and what it gives, so that a mapping that does not
// fit is refused when it is loaded and not when the millionth row comes.
//
// Steps never guess: a value that cannot be what the mapping says it is gives a
// [Reason], with which the row is quarantined, or, for the few steps that only
// describe (country, user agent, place), is absent and counted as unread.
package transform

import (
	"encoding/binary"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/record"
	"muster/internal/source/extract"
)

// Type is the type of a value.
type Type uint8

// The types of values. Scalar is a text, number or truth value of the export
// whose type is not settled yet; JSON an object or array as written.
const (
	None Type = iota
	Scalar
	Text
	Int
	Float
	Bool
	Time
	Date
	IP
	Phone
	URL
	Place
	Address
	Handle
	JSON
	List
	Object // an object of a record (Any), its content in Text
)

var typeNames = [...]string{
	"nothing", "any value", "text", "whole number", "number", "truth value", "time", "date", "address", "phone", "link", "place",
	"postal address", "handle", "JSON", "list", "object",
}

// String returns the name of the type as used in error messages.
func (t Type) String() string { return typeNames[t] }

// Reason says why a value is refused; the row goes to quarantine with it. The
// empty Reason is none. See section 8.2 of the sources page.
type Reason string

// The reasons that transforms give.
const (
	BadTime       Reason = "bad_time"
	AmbiguousDate Reason = "ambiguous_date"
	BadIP         Reason = "bad_ip"
	BadEmail      Reason = "bad_email"
	Implausible   Reason = "implausible"
	TooLong       Reason = "too_long"

	// Unread is no fault of the row: the value was not understood and is left
	// out, which the run report counts.
	Unread Reason = "unread"
)

// Value is a value on its way from an export to a record. Which members hold it
// depends on Type: Text for Scalar, Text and Handle; Num for Int, Float (bits)
// and Bool; Time; IP; Raw for JSON; Any for the rest ([]Value for List).
type Value struct {
	Type   Type
	Number bool // of Scalar: written as a JSON number
	Secret bool // made with the run's key: differs from run to run
	Text   string
	Num    int64
	Time   record.Time
	IP     netip.Addr
	Raw    []byte
	Any    any
}

// Order is the order of day, month and year in a date such as 1/2/2023.
type Order uint8

// The orders of dates.
const (
	OrderUnknown Order = iota
	OrderDMY
	OrderMDY
	OrderYMD
)

// ParseOrder reads dmy, mdy or ymd; anything else is OrderUnknown.
func ParseOrder(s string) Order {
	switch strings.ToLower(s) {
	case "dmy":
		return OrderDMY
	case "mdy":
		return OrderMDY
	case "ymd":
		return OrderYMD
	}
	return OrderUnknown
}

// Ctx is what steps need to know beside the value.
type Ctx struct {
	Key     []byte         // for keyed hashes
	Zone    *time.Location // of times without one
	ModTime time.Time      // of the file: times without a year lie before it
	Order   Order          // of the column the value is in
	Region  string         // ISO alpha-2 region of a phone number without country code; "" if unknown
}

// TextValue returns a text.
func TextValue(s string) Value { return Value{Type: Text, Text: s} }

// Scalars returns the value of a cell or a JSON string; absent if the text is
// one of those that stand for nothing.
func Scalars(s string) Value {
	var v Value
	v.FillText(s)
	return v
}

// Of returns the value of a JSON value; text is called for the text of scalars,
// so that the caller can share repeated ones.
func Of(r extract.Raw, text func(extract.Raw) string) Value {
	var v Value
	v.Fill(r, text)
	return v
}

// Fill is [Of] into a value, which must be zero: values are large.
func (v *Value) Fill(r extract.Raw, text func(extract.Raw) string) {
	switch r.Type {
	case extract.String:
		v.FillText(text(r))
	case extract.Number:
		v.Type, v.Number, v.Text = Scalar, true, text(r)
	case extract.Bool:
		v.Type, v.Text = Scalar, text(r)
	case extract.Object, extract.Array:
		v.Type, v.Raw = JSON, r.Bytes
	}
}

// FillText is [Scalars] into a value, which must be zero.
func (v *Value) FillText(s string) {
	if s = trim(s); !IsNull(s) {
		v.Type, v.Text = Scalar, s
	}
}

// rawOf is Of without sharing.
func rawOf(r extract.Raw) Value { return Of(r, extract.Raw.Text) }

// IsNull reports whether a text stands for an absent value.
func IsNull(s string) bool {
	switch len(s) {
	case 0:
		return true
	case 1:
		return s == "-"
	case 2:
		return s == `\N`
	case 3:
		return s == "N/A" || s == "n/a"
	case 4:
		return s == "null" || s == "NULL"
	case 6:
		return s == "<null>" || s == `"null"`
	case 10:
		return s == "0000-00-00"
	case 19:
		return s == "0000-00-00 00:00:00"
	}
	return false
}

func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimSpace(strings.Trim(s, "\u00a0\ufeff\u200b"))
}

// FloatOf returns the number of a Float or Int.
func (v *Value) FloatOf() float64 {
	if v.Type == Float {
		return math.Float64frombits(uint64(v.Num))
	}
	return float64(v.Num)
}

func (v *Value) setFloat(f float64) {
	*v = Value{Type: Float, Num: int64(math.Float64bits(f))}
}

// Absent reports whether there is no value.
func (v *Value) Absent() bool { return v.Type == None }

// Items returns the elements of a list; any other value is its own only element.
func (v *Value) Items() []Value {
	switch v.Type {
	case None:
		return nil
	case List:
		return v.Any.([]Value)
	case JSON:
		if len(v.Raw) > 0 && v.Raw[0] == '[' {
			var list []Value
			for r := range extract.Elements(extract.Raw{Bytes: v.Raw, Type: extract.Array}) {
				if e := rawOf(r); !e.Absent() {
					list = append(list, e)
				}
			}
			return list
		}
	}
	return []Value{*v}
}

// ListOf returns a list, or an absent value for none.
func ListOf(items []Value) Value {
	if len(items) == 0 {
		return Value{}
	}
	secret := slices.ContainsFunc(items, func(v Value) bool { return v.Secret })
	return Value{Type: List, Any: items, Secret: secret}
}

// One returns the first element of a list and any other value unchanged.
func (v *Value) One() *Value {
	if v.Type == List || v.Type == JSON && len(v.Raw) > 0 && v.Raw[0] == '[' {
		items := v.Items()
		if len(items) == 0 {
			return &Value{}
		}
		return &items[0]
	}
	return v
}

// String returns the value as text, the way it goes into a text field.
func (v *Value) String() string {
	switch v.Type {
	case Scalar, Text, Handle, Object:
		return v.Text
	case Int:
		return strconv.FormatInt(v.Num, 10)
	case Float:
		return strconv.FormatFloat(v.FloatOf(), 'f', -1, 64)
	case Bool:
		return strconv.FormatBool(v.Num != 0)
	case Time:
		return v.Time.String()
	case IP:
		return v.IP.String()
	case JSON:
		return string(v.Raw)
	case List:
		return v.One().String()
	}
	switch x := v.Any.(type) {
	case record.Date:
		return x.String()
	case record.Phone:
		if x.E164 != "" {
			return x.E164
		}
		return x.Raw
	case record.URL:
		return x.URL
	case record.Address:
		return x.Raw
	case record.Place:
		return strings.Join(slices.DeleteFunc([]string{x.City, x.Region, x.Country}, func(s string) bool { return s == "" }), ", ")
	}
	return ""
}

// AppendContent appends bytes that are equal for equal values and for no others,
// to be hashed. Values made with the run's key are left out unless secrets is set.
func (v *Value) AppendContent(b []byte, secrets bool) []byte {
	if v.Secret && !secrets {
		return b
	}
	b = append(b, byte(v.Type))
	switch v.Type {
	case None:
	case Int, Float, Bool:
		b = binary.LittleEndian.AppendUint64(b, uint64(v.Num))
	case Time:
		b = binary.LittleEndian.AppendUint64(b, uint64(v.Time.Time().UnixNano()))
		b = append(b, byte(v.Time.Precision()))
	case IP:
		a := v.IP.As16()
		b = append(b, a[:]...)
	case JSON:
		b = append(append(b, v.Raw...), 0)
	case List:
		items := v.Any.([]Value)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(items)))
		for i := range items {
			b = items[i].AppendContent(b, secrets)
		}
	case Place:
		p := v.Any.(record.Place)
		b = append(append(b, v.String()...), 0)
		if p.Lat != nil && p.Lon != nil {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(*p.Lat))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(*p.Lon))
		}
	case Address:
		a := v.Any.(record.Address)
		for _, s := range []string{a.Raw, a.Line1, a.Line2, a.City, a.Region, a.Postal, a.Country} {
			b = append(append(b, s...), 0)
		}
	default:
		b = append(append(b, v.String()...), 0)
	}
	return b
}
