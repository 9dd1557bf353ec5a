package transform

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// edidSize is the length of the base block of an EDID, its header the eight bytes
// it begins with (VESA E-EDID 1.4, section 3).
const edidSize = 128

var edidHeader = []byte{0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00}

// buildEDID reads a part of the identification that a display gives of itself, as
// Windows keeps it in the registry: the block as hex digits or in base 64. The
// parts are vendor (PnP id), product (four hex digits), name, serial (texts of the
// display), serial_numeric, week and year (section 3.4).
func buildEDID(part string) (func(*Ctx, *Value) Reason, error) {
	read, ok := map[string]func([]byte) string{
		"vendor":  edidVendor,
		"product": func(b []byte) string { return fmt.Sprintf("%02x%02x", b[11], b[10]) },
		"name":    func(b []byte) string { return edidText(b, 0xfc) },
		"serial":  func(b []byte) string { return edidText(b, 0xff) },
		"serial_numeric": func(b []byte) string {
			if b[12]|b[13]|b[14]|b[15] == 0 {
				return ""
			}
			return fmt.Sprintf("0x%02x%02x%02x%02x", b[15], b[14], b[13], b[12])
		},
		"week": edidWeek,
		"year": func(b []byte) string { return fmt.Sprint(1990 + int(b[17])) },
	}[part]
	if !ok {
		return nil, fmt.Errorf("%q is no part of an EDID", part)
	}
	return func(_ *Ctx, v *Value) Reason {
		s, _ := text(v)
		b := edidBlock(s)
		if b == nil {
			*v = Value{}
			return Unread
		}
		if s = read(b); s == "" {
			*v = Value{}
			return ""
		}
		*v = TextValue(s)
		return ""
	}, nil
}

// edidBlock returns the base block, nil if the text holds none.
func edidBlock(s string) []byte {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ,:-", r) {
			return -1
		}
		return r
	}, strings.TrimPrefix(strings.ToLower(s), "0x"))
	b, err := hex.DecodeString(digits)
	if err != nil {
		if b, err = base64.StdEncoding.DecodeString(s); err != nil {
			return nil
		}
	}
	if len(b) < edidSize || !bytes.HasPrefix(b, edidHeader) {
		return nil
	}
	return b[:edidSize]
}

// edidVendor unpacks three letters of five bits each.
func edidVendor(b []byte) string {
	n := uint16(b[8])<<8 | uint16(b[9])
	out := []byte{byte(n>>10&31) + '@', byte(n>>5&31) + '@', byte(n&31) + '@'}
	if strings.Trim(string(out), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return string(out)
}

// edidWeek returns the week of manufacture; 0 and 255 say that there is none.
func edidWeek(b []byte) string {
	if b[16] == 0 || b[16] > 54 {
		return ""
	}
	return fmt.Sprint(b[16])
}

// edidText returns the text of one of the four descriptors of 18 bytes, which ends
// at a line feed (section 3.10.3).
func edidText(b []byte, tag byte) string {
	for at := 54; at+18 <= edidSize; at += 18 {
		d := b[at : at+18]
		if d[0] != 0 || d[1] != 0 || d[3] != tag {
			continue
		}
		t, _, _ := bytes.Cut(d[5:], []byte{'\n'})
		return strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' || r > '~' {
				return -1
			}
			return r
		}, string(t)))
	}
	return ""
}
