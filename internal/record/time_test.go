package record

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTimeTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawTime(t)
		have, err := ParseTime(want.String())
		if err != nil {
			t.Fatal(err)
		}
		if have.String() != want.String() || have.Precision() != want.Precision() || have.OffsetKnown() != want.OffsetKnown() {
			t.Fatalf("%v (precision %d, offset known %v) became %v (%d, %v)", want, want.Precision(), want.OffsetKnown(), have, have.Precision(), have.OffsetKnown())
		}
		if want.OffsetKnown() && !have.Time().Equal(want.Time()) {
			t.Fatalf("%v became another instant: %v", want.Time(), have.Time())
		}
	})
}

func TestDateTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawTime(t).Date()
		have, err := ParseDate(want.String())
		if err != nil || have != want {
			t.Fatalf("%v became %v, %v", want, have, err)
		}
		if have.First().After(have.Last()) || !have.Compatible(want) {
			t.Fatalf("%v: from %v to %v", have, have.First(), have.Last())
		}
	})
}

func TestParseTime(t *testing.T) {
	tests := []struct {
		text      string
		precision Precision
		known     bool
		utc       string // RFC 3339
	}{
		{"2024", PrecisionYear, false, "2024-01-01T00:00:00Z"},
		{"2024-05", PrecisionMonth, false, "2024-05-01T00:00:00Z"},
		{"2024-05-06", PrecisionDay, false, "2024-05-06T00:00:00Z"},
		{"2024-05-06T07:08", PrecisionMinute, false, "2024-05-06T07:08:00Z"},
		{"2024-05-06T07:08:09", PrecisionSecond, false, "2024-05-06T07:08:09Z"},
		{"2024-05-06T07:08:09Z", PrecisionSecond, true, "2024-05-06T07:08:09Z"},
		{"2024-05-06T07:08:09+02:00", PrecisionSecond, true, "2024-05-06T05:08:09Z"},
		{"2024-05-06T07:08:09.1234567Z", PrecisionNano, true, "2024-05-06T07:08:09.1234567Z"},
		{" 2024 ", PrecisionYear, false, "2024-01-01T00:00:00Z"},
		{"", PrecisionNone, false, ""},
	}
	for _, tt := range tests {
		have, err := ParseTime(tt.text)
		if err != nil || have.Precision() != tt.precision || have.OffsetKnown() != tt.known {
			t.Errorf("%q: %v, precision %d, offset known %v, %v", tt.text, have, have.Precision(), have.OffsetKnown(), err)
			continue
		}
		if tt.utc != "" && have.Time().UTC().Format(time.RFC3339Nano) != tt.utc {
			t.Errorf("%q is %v, want %s", tt.text, have.Time().UTC(), tt.utc)
		}
	}
	for _, bad := range []string{"24", "2024-13", "2024-02-30", "06.05.2024", "2024-05-06 07:08:09", "2024-05-06T25:00:00", "yesterday"} {
		if have, err := ParseTime(bad); err == nil {
			t.Errorf("%q was read as %v", bad, have)
		}
	}
}

func TestDateCompatible(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"2024-05-06", "2024-05-06", true},
		{"2024-05-06", "2024-05", true},
		{"2024-05-06", "2024", true},
		{"2024-05-06", "", true},
		{"2024-05-06", "2024-06", false},
		{"2024-05-06", "2023", false},
	}
	for _, tt := range tests {
		a, _ := ParseDate(tt.a)
		b, _ := ParseDate(tt.b)
		if a.Compatible(b) != tt.want || b.Compatible(a) != tt.want {
			t.Errorf("%s and %s: want %v", tt.a, tt.b, tt.want)
		}
	}
}
