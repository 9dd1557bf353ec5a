package transform

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"muster/internal/record"

	"github.com/nyaruka/phonenumbers"
)

// ip reads an address with or without port, brackets, zone and the IPv4-mapped
// prefix. Of several addresses the first counts. An unspecified address (0.0.0.0)
// says nothing and is absent.
func ip(c *Ctx, v *Value) Reason {
	if v.Type == JSON {
		*v = *v.One()
	}
	s, ok := text(v)
	if !ok {
		*v = Value{}
		return BadIP
	}
	if first, _, more := strings.Cut(s, ","); more {
		s = trim(first)
	}
	a, ok := parseIP(s)
	if !ok {
		return BadIP
	}
	if a.IsUnspecified() {
		*v = Value{}
		return ""
	}
	*v = Value{Type: IP, IP: a}
	return ""
}

func parseIP(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		t := s
		if i := strings.LastIndexByte(t, '/'); i > 0 && (t[i:] == "/32" || t[i:] == "/128") {
			t = t[:i]
		}
		if strings.HasPrefix(t, "[") {
			end := strings.IndexByte(t, ']')
			if end < 0 {
				return a, false
			}
			t = t[1:end]
		} else if i := strings.LastIndexByte(t, ':'); i > 0 && strings.IndexByte(t, ':') == i {
			if _, err := strconv.ParseUint(t[i+1:], 10, 16); err != nil {
				return a, false
			}
			t = t[:i]
		} else if i > 0 && strings.Contains(t, ".") && strings.HasPrefix(strings.ToLower(t), "::ffff:") {
			t = t[:i] // ::ffff:192.0.2.1:443
		}
		if a, err = netip.ParseAddr(t); err != nil {
			return a, false
		}
	}
	return a.WithZone("").Unmap(), true
}

func ipList(c *Ctx, v *Value) Reason {
	var in []Value
	if v.Type == JSON {
		in = v.Items()
	} else {
		s, _ := text(v)
		for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '|' || r == '\n' }) {
			if !IsNull(f) {
				in = append(in, TextValue(f))
			}
		}
	}
	out := make([]Value, 0, len(in))
	for i := range in {
		if r := ip(c, &in[i]); r != "" {
			return r
		}
		if !in[i].Absent() {
			out = append(out, in[i])
		}
	}
	*v = ListOf(out)
	return ""
}

// mac reads a hardware address of six bytes in any notation, also with the
// leading zeros dropped as macOS prints it (0:53:0:aa:bb:31). All zeros and all
// ones name no card.
func mac(_ *Ctx, v *Value) Reason {
	s, _ := text(v)
	if parts := strings.Split(s, ":"); len(parts) == 6 {
		for i, p := range parts {
			if len(p) == 1 {
				parts[i] = "0" + p
			}
		}
		s = strings.Join(parts, ":")
	}
	var hex [12]byte
	n := 0
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
			if n == 12 {
				*v = Value{}
				return Unread
			}
			hex[n] = c
			n++
		case s[i] == ':' || s[i] == '-' || s[i] == '.' || s[i] == ' ':
		default:
			*v = Value{}
			return Unread
		}
	}
	if n != 12 {
		*v = Value{}
		return Unread
	}
	if h := string(hex[:]); h == "000000000000" || h == "ffffffffffff" {
		*v = Value{}
		return ""
	}
	out := make([]byte, 0, 17)
	for i := 0; i < 12; i += 2 {
		if i > 0 {
			out = append(out, ':')
		}
		out = append(out, hex[i], hex[i+1])
	}
	*v = TextValue(string(out))
	return ""
}

// buildUSB reads a USB vendor or product id: "0x0781", a hardware id
// (USB\VID_534D&PID_2109), "534d:2109", four hex digits, or a JSON number.
func buildUSB(part string) (func(*Ctx, *Value) Reason, error) {
	if part == "" {
		part = "vid"
	}
	if part != "vid" && part != "pid" {
		return nil, fmt.Errorf("%q is neither vid nor pid", part)
	}
	mark := part + "_"
	return func(_ *Ctx, v *Value) Reason {
		s, _ := text(v)
		s = strings.ToLower(s)
		base := 16
		switch vid, pid, pair := strings.Cut(s, ":"); {
		case strings.Contains(s, mark):
			s = s[strings.Index(s, mark)+4:]
			s = s[:min(4, len(s))]
		case pair && part == "pid":
			s = pid
		case pair:
			s = vid
		case strings.HasPrefix(s, "0x"):
			s = s[2:]
		case v.Number || len(s) == 5:
			base = 10
		}
		n, err := strconv.ParseUint(s, base, 16)
		if err != nil {
			*v = Value{}
			return Unread
		}
		*v = TextValue(fmt.Sprintf("%04x", n))
		return ""
	}, nil
}

// pnpID reads the maker of a display: three letters, or the sixteen bits in which
// the EDID packs them, five each from the second bit on (VESA E-EDID 1.4, 3.4.1),
// as hex digits or a JSON number.
func pnpID(_ *Ctx, v *Value) Reason {
	s, _ := text(v)
	s = strings.ToUpper(s)
	if len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		*v = TextValue(s)
		return ""
	}
	base := 16
	if v.Number {
		base = 10
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "0X"), base, 16)
	out := []byte{byte(n>>10&31) + '@', byte(n>>5&31) + '@', byte(n&31) + '@'}
	if err != nil || strings.Trim(string(out), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		*v = Value{}
		return Unread
	}
	*v = TextValue(string(out))
	return ""
}

// buildPhone reads a number. Without a country code it can only be brought to
// E.164 where the mapping names a region; otherwise it is kept as written. A
// spreadsheet's scientific notation has lost digits and is never repaired.
func buildPhone(region string) (func(*Ctx, *Value) Reason, error) {
	if region != "" && region == strings.ToUpper(region) && phonenumbers.GetCountryCodeForRegion(region) == 0 {
		return nil, fmt.Errorf("%q is not a region", region)
	}
	if region != strings.ToUpper(region) {
		region = "" // the name of a column: the caller puts its value into Ctx.Region
	}
	return func(c *Ctx, v *Value) Reason {
		s, ok := text(v)
		if !ok {
			*v = Value{}
			return Unread
		}
		if scientific(s) {
			return Implausible
		}
		p := record.Phone{Raw: s}
		r := region
		if r == "" {
			r = c.Region
		}
		full := s
		if strings.HasPrefix(full, "00") {
			full = "+" + full[2:]
		}
		if n, err := phonenumbers.Parse(full, r); err == nil && phonenumbers.IsPossibleNumber(n) {
			p.E164 = phonenumbers.Format(n, phonenumbers.E164)
			p.LineType = lineType(phonenumbers.GetNumberType(n))
		}
		*v = Value{Type: Phone, Any: p}
		return ""
	}, nil
}

func lineType(t phonenumbers.PhoneNumberType) string {
	switch t {
	case phonenumbers.MOBILE:
		return "mobile"
	case phonenumbers.FIXED_LINE:
		return "fixed"
	case phonenumbers.VOIP:
		return "voip"
	}
	return "unknown"
}
