package simulate

import "strconv"

// Helpers that build JSON text by appending, for the bulk of the events.

const hexDigits = "0123456789abcdef"

// quote appends a JSON string.
func quote(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// appendHex appends sixteen hex digits.
func appendHex(b []byte, v uint64) []byte {
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[v>>shift&15])
	}
	return b
}

// appendUUID appends an identifier made of a number.
func appendUUID(b []byte, v uint64) []byte {
	h := appendHex(appendHex(nil, v), mix(v))
	b = append(append(b, h[:8]...), '-')
	b = append(append(b, h[8:12]...), '-')
	b = append(append(b, h[12:16]...), '-')
	b = append(append(b, h[16:20]...), '-')
	return append(b, h[20:]...)
}

// appendGeo appends the vendor's opinion of where an address is. Now and then the
// city is missing, as in real logs.
func appendGeo(b []byte, p *place, id uint64) []byte {
	b = append(b, `{"city":`...)
	if id%53 == 0 {
		b = append(b, "null"...)
	} else {
		b = quote(b, p.city)
	}
	b = append(b, `,"state":`...)
	b = quote(b, p.region)
	b = append(b, `,"country":`...)
	b = quote(b, p.countryName)
	b = append(b, `,"postalCode":null,"geolocation":{"lat":`...)
	b = strconv.AppendFloat(b, p.lat, 'f', 4, 64)
	b = append(b, `,"lon":`...)
	b = strconv.AppendFloat(b, p.lon, 'f', 4, 64)
	return append(b, "}}"...)
}

// field appends "key":"value" of an object whose values are all text.
func field(b []byte, key, value string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = quote(b, key)
	b = append(b, ':')
	return quote(b, value)
}

// object appends an object of texts from keys and values in turn.
func object(b []byte, kv ...string) []byte {
	b = append(b, '{')
	for i := 0; i+1 < len(kv); i += 2 {
		b = field(b, kv[i], kv[i+1])
	}
	return append(b, '}')
}
