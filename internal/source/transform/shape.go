package transform

import (
	"fmt"
	"strconv"
	"strings"

	"muster/internal/record"
	"muster/internal/source/extract"
)

func buildSplit(sep string) (func(*Ctx, *Value) Reason, error) {
	switch sep {
	case `\n`:
		sep = "\n"
	case `\t`:
		sep = "\t"
	}
	return func(_ *Ctx, v *Value) Reason {
		s, ok := text(v)
		if !ok {
			*v = Value{}
			return Unread
		}
		var out []Value
		for part := range strings.SplitSeq(s, sep) {
			if part = trim(part); !IsNull(part) {
				out = append(out, TextValue(part))
			}
		}
		*v = ListOf(out)
		return ""
	}, nil
}

func buildAt(arg string) (func(*Ctx, *Value) Reason, error) {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return nil, fmt.Errorf("%q is not a number", arg)
	}
	return func(_ *Ctx, v *Value) Reason {
		items := v.Items()
		i := n
		if i < 0 {
			i += len(items)
		}
		if i < 0 || i >= len(items) {
			*v = Value{}
			return ""
		}
		*v = items[i]
		return ""
	}, nil
}

func count(_ *Ctx, v *Value) Reason {
	*v = Value{Type: Int, Num: int64(len(v.Items()))}
	return ""
}

// buildJSON opens text that holds JSON, and with a path takes a value out of it.
func buildJSON(arg string) (func(*Ctx, *Value) Reason, error) {
	var prog *extract.Program
	multi := false
	if arg != "" {
		p, err := extract.ParsePath(arg)
		if err != nil {
			return nil, err
		}
		prog, multi = extract.Compile([]extract.Path{p}), p.Multi()
	}
	return func(_ *Ctx, v *Value) Reason {
		raw := v.Raw
		if v.Type != JSON {
			s, _ := text(v)
			raw = []byte(s)
		}
		if prog == nil {
			r := extract.Of(raw)
			*v = rawOf(r)
			return unreadIf(r.Type == extract.Absent)
		}
		slots := prog.Slots()
		if slots.Run(raw) != nil {
			*v = Value{}
			return Unread
		}
		if !multi {
			*v = rawOf(slots.Get(0))
			return ""
		}
		var out []Value
		for r := range slots.List(0) {
			if e := rawOf(r); !e.Absent() {
				out = append(out, e)
			}
		}
		*v = ListOf(out)
		return ""
	}, nil
}

func unreadIf(bad bool) Reason {
	if bad {
		return Unread
	}
	return ""
}

// buildParams finds a name in a list of pairs as Google ({name, value, intValue,
// boolValue, multiValue}) and Microsoft ({Name, Value, NewValue}) write them.
func buildParams(name string) (func(*Ctx, *Value) Reason, error) {
	return func(_ *Ctx, v *Value) Reason {
		for _, pair := range pairs(v) {
			if found, ok := pairValue(pair, name); ok {
				*v = rawOf(found)
				return ""
			}
		}
		*v = Value{}
		return ""
	}, nil
}

// pairs returns the objects of a list, which may be held in text.
func pairs(v *Value) [][]byte {
	if s, ok := text(v); ok {
		v = &Value{Type: JSON, Raw: []byte(s)}
		if !extract.Valid(v.Raw) {
			return nil
		}
	}
	var out [][]byte
	for _, e := range v.Items() {
		if e.Type == JSON && len(e.Raw) > 0 && e.Raw[0] == '{' {
			out = append(out, e.Raw)
		}
	}
	return out
}

func pairValue(object []byte, name string) (extract.Raw, bool) {
	var value extract.Raw
	rank, match := 0, false
	for k, r := range extract.Fields(object) {
		switch string(k) {
		case "name", "Name", "key", "Key":
			match = match || r.Is(name)
		case "value", "Value", "NewValue", "newValue":
			if rank < 2 && r.Type != extract.Null {
				value, rank = r, 2
			}
		case "intValue", "boolValue", "multiValue", "multiIntValue":
			if rank < 1 {
				value, rank = r, 1
			}
		}
	}
	return value, match
}

// Names of the parts of a place, in lower case without anything but letters.
func geo(_ *Ctx, v *Value) Reason {
	var p record.Place
	if v.Type == JSON {
		placeObject(&p, v.Raw, 0)
	} else if s, ok := text(v); ok {
		if strings.HasPrefix(s, "{") && extract.Valid([]byte(s)) {
			placeObject(&p, []byte(s), 0)
		} else {
			placeText(&p, s)
		}
	}
	if p.Lat == nil || p.Lon == nil || *p.Lat < -90 || *p.Lat > 90 || *p.Lon < -180 || *p.Lon > 180 || *p.Lat == 0 && *p.Lon == 0 {
		p.Lat, p.Lon = nil, nil
	}
	if p.IsZero() {
		*v = Value{}
		return ""
	}
	p.Src = "vendor"
	*v = Value{Type: Place, Any: p}
	return ""
}

func placeObject(p *record.Place, object []byte, depth int) {
	for k, r := range extract.Fields(object) {
		if r.Type == extract.Object && depth < 2 {
			placeObject(p, r.Bytes, depth+1)
			continue
		}
		v := rawOf(r)
		if v.Type != Scalar {
			continue
		}
		switch squeeze(string(k)) {
		case "city", "cityname", "locality", "town":
			p.City = v.Text
		case "state", "region", "regionname", "subdivision", "province", "stateorprovince", "statename", "stateprov":
			p.Region = v.Text
		case "country", "countrycode", "cc", "countryisocode", "countryorregion", "isocode", "countryname", "countryregion":
			if c := Country(v.Text); c != "" {
				p.Country = c
			}
		case "lat", "latitude":
			p.Lat = degrees(&v)
		case "lon", "lng", "long", "longitude":
			p.Lon = degrees(&v)
		case "loc", "latlon", "latlong", "latlng":
			if a, b, ok := strings.Cut(v.Text, ","); ok {
				lat, lon := Scalars(a), Scalars(b)
				p.Lat, p.Lon = degrees(&lat), degrees(&lon)
			}
		}
	}
}

func degrees(v *Value) *float64 {
	f, ok := number(v)
	if !ok {
		return nil
	}
	return &f
}

// placeText reads "City, Region, Country", "City, Country" or a country.
func placeText(p *record.Place, s string) {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = trim(parts[i])
	}
	n := len(parts)
	p.Country = Country(parts[n-1])
	if n == 2 && alsoState(parts[1]) {
		p.Country = ""
	}
	if p.Country == "" {
		p.City = parts[0]
		if n > 1 {
			p.Region = parts[n-1]
		}
		return
	}
	if n > 1 {
		p.City = parts[0]
	}
	if n > 2 {
		p.Region = parts[n-2]
	}
}

// alsoState reports whether a country code is the postal code of a US state or
// Canadian province as well: "Nashville, TN" does not lie in Tunisia.
func alsoState(s string) bool {
	switch s {
	case "AL", "AR", "AZ", "CA", "CO", "DE", "GA", "ID", "IL", "IN", "KY", "LA", "MA", "MD", "ME", "MN", "MO", "MS", "MT", "NC", "NE", "PA", "SC", "SD", "TN", "VA",
		"BC", "MB", "NL", "NS", "NU", "PE", "SK", "YT":
		return true
	}
	return false
}

// address takes text as it is, and the parts of an object by their usual names.
func address(_ *Ctx, v *Value) Reason {
	var a record.Address
	raw := v.Raw
	if s, ok := text(v); ok {
		if !strings.HasPrefix(s, "{") || !extract.Valid([]byte(s)) {
			*v = Value{Type: Address, Any: record.Address{Raw: s}}
			return ""
		}
		raw = []byte(s)
	}
	one := Value{Type: JSON, Raw: raw}
	if o := one.One(); o.Type == JSON {
		raw = o.Raw
	} else if s, ok := text(o); ok {
		*v = Value{Type: Address, Any: record.Address{Raw: s}}
		return ""
	}
	for k, r := range extract.Fields(raw) {
		if e := rawOf(r); e.Type == Scalar {
			addressPart(&a, squeeze(string(k)), e.Text)
		}
	}
	if a.IsZero() {
		*v = Value{}
		return ""
	}
	*v = Value{Type: Address, Any: a}
	return ""
}

func addressPart(a *record.Address, name, s string) {
	switch name {
	case "raw", "formatted", "value", "fulladdress", "formattedaddress", "address":
		a.Raw = s
	case "line1", "addressline1", "address1", "street", "street1", "streetaddress", "streetline1":
		a.Line1 = s
	case "line2", "addressline2", "address2", "street2", "streetline2", "apartment", "unit":
		a.Line2 = s
	case "city", "locality", "town":
		a.City = s
	case "region", "state", "province", "stateprovince", "stateprovincecode", "administrativearea", "county":
		a.Region = s
	case "postal", "postalcode", "zip", "zipcode", "postcode":
		a.Postal = s
	case "country", "countrycode", "cc", "countryname":
		if c := Country(s); c != "" {
			a.Country = c
		}
	}
}

// squeeze brings a name to lower case and drops what is no letter or digit.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 32
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

func buildDefault(arg string) (func(*Ctx, *Value) Reason, error) {
	return func(_ *Ctx, v *Value) Reason {
		if v.Absent() {
			*v = Value{Type: Scalar, Text: arg}
		}
		return ""
	}, nil
}

func buildConst(arg string) (func(*Ctx, *Value) Reason, error) {
	return func(_ *Ctx, v *Value) Reason {
		*v = TextValue(arg)
		return ""
	}, nil
}
