package detect

import (
	"testing"
	"time"

	"muster/internal/baseline"
	"muster/internal/identity"
	"muster/internal/intel"
	"muster/internal/record"
	"muster/internal/settings"
)

func at(cc, region, city string, point ...float64) record.Place {
	p := record.Place{Country: cc, Region: region, City: city}
	if len(point) == 2 {
		p.Lat, p.Lon = &point[0], &point[1]
	}
	return p
}

func testPass() *Pass {
	return &Pass{
		Intel: intel.Default(), Settings: &settings.Settings{},
		Baseline: &baseline.Set{Centroids: map[string]baseline.Point{
			"US/Texas/Austin": {Lat: 30.27, Lon: -97.74}, "US/Tennessee/Nashville": {Lat: 36.16, Lon: -86.78},
			"US/Illinois/Springfield": {Lat: 39.78, Lon: -89.65}, "US/Missouri/Springfield": {Lat: 37.21, Lon: -93.29},
		}},
	}
}

func TestBetween(t *testing.T) {
	a := testPass().Atlas()
	for _, tt := range []struct {
		name string
		x, y record.Place
		gap  Gap
		km   bool
	}{
		{"other country", at("US", "TX", "Austin"), at("GB", "England", "London"), GapCountry, false},
		{"other region, by centroids", at("US", "TX", "Austin"), at("US", "Tennessee", "Nashville"), GapRegion, true},
		{"other region, no distance", at("US", "TX", "Tyler"), at("US", "Tennessee", "Memphis"), GapRegion, false},
		{"one region, far apart", at("US", "TX", "", 32.8, -96.8), at("US", "Texas", "Austin"), GapNear, true},
		{"one city, two spellings of the region", at("US", "TX", "Austin"), at("US", "Tejas", "AUSTIN"), GapNear, true},
		{"two languages", at("DE", "Bayern", "Hof"), at("DE", "Bavaria", "Munich"), GapUnknown, false},
		{"border", at("DE", "Baden", "Kehl", 48.57, 7.81), at("FR", "Grand Est", "Strasbourg", 48.57, 7.75), GapNear, true},
		{"regions side by side", at("US", "NJ", "", 40.73, -74.17), at("US", "New York", "", 40.71, -74.0), GapNear, true},
		{"country only", at("US", "", ""), at("US", "Texas", "Austin"), GapUnknown, false},
		{"nothing", record.Place{}, at("US", "", ""), GapUnknown, false},
		{"city of two regions", at("US", "", "Springfield"), at("US", "TX", "Austin"), GapUnknown, false},
	} {
		gap, km := a.Between(tt.x, tt.y)
		if gap != tt.gap || (km >= 0) != tt.km {
			t.Errorf("%s: got %d %.0f", tt.name, gap, km)
		}
		if back, d := a.Between(tt.y, tt.x); back != gap || d-km > 1e-6 || km-d > 1e-6 {
			t.Errorf("%s: not symmetric: %d %.0f", tt.name, back, d)
		}
	}
}

func TestFromClaims(t *testing.T) {
	a := testPass().Atlas()
	day := func(m time.Month) time.Time { return time.Date(2026, m, 15, 0, 0, 0, 0, time.UTC) }
	claims := []Claim{
		{Place: at("US", "TX", "Austin"), until: day(3)},
		{Place: at("PT", "Lisbon", "Lisbon"), from: day(3)},
	}
	lisbon := at("PT", "Lisbon", "Lisbon")
	for m, want := range map[time.Month]Gap{1: GapCountry, 3: GapNear, 9: GapNear} {
		if gap, _, _ := a.FromClaims(claims, day(m), lisbon); gap != want {
			t.Errorf("%s: got %d, want %d", m, gap, want)
		}
	}
	if gap, _, _ := a.FromClaims(nil, day(1), lisbon); gap != GapUnknown {
		t.Errorf("no claims: %d", gap)
	}
}

func TestAway(t *testing.T) {
	p := testPass()
	p.Settings.Declared.Travel = []settings.Move{{Person: "employee:E1", Country: "PT", From: record.Date{Year: 2026, Month: 5, Day: 1}, Until: record.Date{Year: 2026, Month: 5, Day: 10}}}
	x := &identity.Persona{Handles: []record.Handle{"employee:E1"}}
	day := func(d int) time.Time { return time.Date(2026, 5, d, 12, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		who  *identity.Persona
		at   time.Time
		cc   string
		want bool
	}{
		{x, day(5), "PT", true},
		{x, day(5), "ES", false},
		{x, day(12), "PT", true},
		{x, day(20), "PT", false},
		{&identity.Persona{Handles: []record.Handle{"employee:E2"}}, day(5), "PT", false},
	} {
		if got := p.Away(tt.who, tt.at, record.Place{Country: tt.cc}); got != tt.want {
			t.Errorf("%v %s: got %v", tt.at, tt.cc, got)
		}
	}
}

func TestAround(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	list := []Sighting{{At: now.Add(-3 * time.Hour)}, {At: now.Add(-time.Hour)}, {At: now}, {At: now.Add(time.Hour)}, {At: now.Add(2 * time.Hour)}}
	if got := Around(list, now, time.Hour); len(got) != 3 || got[0].At != list[1].At {
		t.Errorf("got %v", got)
	}
	if got := Around(nil, now, time.Hour); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestDeviceKeys(t *testing.T) {
	x := &identity.Persona{Devices: []string{"sn1"}, Records: identity.Records{Devices: []*record.Device{
		{DeviceKey: "host-7", Serial: "SN1"}, {DeviceKey: "SN1", EDRID: "edr9"}, {DeviceKey: "edr9", Serial: "host-7"}, {DeviceKey: "home", Ownership: "byod"},
	}}}
	k := DeviceKeys(x)
	for _, key := range []string{"sn1", "host-7", "EDR9"} {
		if k.Of(key) != k.Of("SN1") || !k.Own(key) || k.Private(key) {
			t.Errorf("%s is %s", key, k.Of(key))
		}
	}
	if !k.Private("HOME") || !k.AnyPrivate() || k.Own("") || k.Own("other") {
		t.Error("private and foreign devices")
	}
}
