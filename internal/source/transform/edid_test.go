package transform

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// sampleEDID makes a base block with an invented maker, model and serial number.
func sampleEDID(serial uint32, week, year byte, name, text string) []byte {
	b := make([]byte, edidSize)
	copy(b, edidHeader)
	maker := uint16('X'-'@')<<10 | uint16('Y'-'@')<<5 | uint16('Z'-'@')
	b[8], b[9] = byte(maker>>8), byte(maker)
	b[10], b[11] = 0x1b, 0x0a
	b[12], b[13], b[14], b[15] = byte(serial), byte(serial>>8), byte(serial>>16), byte(serial>>24)
	b[16], b[17] = week, year
	for i, d := range []struct {
		tag  byte
		text string
	}{{0xfc, name}, {0xff, text}} {
		at := 54 + 18*i
		b[at+3] = d.tag
		copy(b[at+5:at+18], d.text+"\n            ")
	}
	return b
}

func TestEDID(t *testing.T) {
	full := sampleEDID(0x01020304, 12, 34, "EX MONITOR", "SER0042")
	bare := sampleEDID(0, 255, 30, "", "")
	tests := []struct{ part, in, want string }{
		{"vendor", hex.EncodeToString(full), "XYZ"},
		{"product", strings.ToUpper(hex.EncodeToString(full)), "0a1b"},
		{"name", base64.StdEncoding.EncodeToString(full), "EX MONITOR"},
		{"serial", hex.EncodeToString(append(full, make([]byte, 128)...)), "SER0042"},
		{"serial_numeric", hex.EncodeToString(full), "0x01020304"},
		{"week", hex.EncodeToString(full), "12"},
		{"year", hex.EncodeToString(full), "2024"},
		{"serial", hex.EncodeToString(bare), "none"},
		{"serial_numeric", hex.EncodeToString(bare), "none"},
		{"week", hex.EncodeToString(bare), "none"},
		{"name", hex.EncodeToString(full[:100]), "unread"},
		{"name", "not an EDID", "unread"},
		{"name", strings.Repeat("00", 128), "unread"},
	}
	for _, tt := range tests {
		step, err := New("edid("+tt.part+")", Static{Type: Scalar})
		if err != nil {
			t.Fatal(err)
		}
		v := Value{Type: Scalar, Text: tt.in}
		have := "none"
		if r := step.Apply(&Ctx{}, &v); r != "" {
			have = string(r)
		} else if !v.Absent() {
			have = v.Text
		}
		if have != tt.want {
			t.Errorf("%s of %.20s…: %s, want %s", tt.part, tt.in, have, tt.want)
		}
	}
	if _, err := New("edid(colour)", Static{Type: Scalar}); err == nil {
		t.Error("an unknown part is accepted")
	}
}
