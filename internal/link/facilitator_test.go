package link_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/internal/identity"
	"muster/internal/settings"
)

// at is a member of staff with a home, a parcel to some place and a laptop on some line.
func at(n int, home, parcel, ip string) string {
	var s strings.Builder
	s.WriteString(fmt.Sprintf(`{"record":"engagement","handle":"employee:E%[1]d","name":"Person No%[1]d","employee_no":"E%[1]d","work_email":"e%[1]d@corp.example","start":"2026-01-01","home_address":{%[2]s}}
`, n, home))
	if parcel != "" {
		s.WriteString(fmt.Sprintf(`{"record":"shipment","handle":"email:e%[1]d@corp.example","tracking_no":"1Z999AA10%[1]d","device_key":"S%[1]d","shipped_at":"2026-01-02T00:00:00Z","ship_to":{%[2]s}}
`, n, parcel))
	}
	for d := range 3 {
		s.WriteString(fmt.Sprintf(`{"record":"network_obs","device_key":"S%[1]d","handle":"email:e%[1]d@corp.example","kind":"lan","at":"2026-11-1%[3]dT09:00:00Z","public_ip":%[2]q,"anchor":{"gateway_mac":"a4:91:b1:00:00:07"}}
{"record":"session","account":"e%[1]d@corp.example","at":"2026-11-1%[3]dT09:%02[1]d:00Z","ip":%[2]q,"source_kind":"idp","outcome":"success"}
`, n, ip, d+5))
	}
	return s.String()
}

func place(number int, unit, city, region string) string {
	return fmt.Sprintf(`"line1":"%d Oak Street","line2":%q,"city":%q,"region":%q,"postal":"62%03d"`, number, unit, city, region, number)
}

// cities are far apart.
var cities = [][2]string{{"Austin", "TX"}, {"Seattle", "WA"}, {"Denver", "CO"}, {"Miami", "FL"}, {"Boston", "MA"}, {"Fargo", "ND"}, {"Reno", "NV"}, {"Omaha", "NE"}}

// others are people who work from homes of their own.
func others() string {
	var b strings.Builder
	for i := range 12 {
		b.WriteString(at(20+i, place(200+i, "", "Tulsa", "OK"), place(200+i, "", "Tulsa", "OK"), fmt.Sprintf("203.0.113.%d", 20+i)))
	}
	return strings.ReplaceAll(b.String(), `"gateway_mac":"a4:91:b1:00:00:07"`, `"ssid":"home"`)
}

func TestFacilitators(t *testing.T) {
	const line = "198.51.100.7"
	everybody := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	cases := []struct {
		name, rows string
		st         settings.Settings
		want       []string
	}{
		{name: "household", rows: everybody(3, func(i int) string { return at(i+1, place(9, "", "Boise", "ID"), place(9, "", "Boise", "ID"), line) })},
		{name: "dormitory, everybody by home", rows: everybody(12, func(i int) string { return at(i+1, place(9, "", "Boise", "ID"), place(9, "", "Boise", "ID"), line) })},
		{name: "dormitory with one who claims another home", rows: everybody(12, func(i int) string { return at(i+1, place(9, "", "Boise", "ID"), place(9, "", "Boise", "ID"), line) }) +
			at(13, place(40, "", "Miami", "FL"), place(9, "", "Boise", "ID"), line)},
		{name: "apartment building", rows: everybody(8, func(i int) string {
			unit := fmt.Sprintf("Apt %d", i+1)
			return at(i+1, place(9, unit, "Boise", "ID"), place(9, unit, "Boise", "ID"), fmt.Sprintf("198.51.100.%d", 20+i))
		})},
		{name: "office", st: settings.Settings{Egress: prefixes(line + "/32")}, rows: everybody(8, func(i int) string {
			return at(i+1, place(10*(i+1), "", cities[i][0], cities[i][1]), place(10*(i+1), "", cities[i][0], cities[i][1]), line)
		})},
		{name: "office that nobody declared", rows: everybody(8, func(i int) string {
			return at(i+1, place(10*(i+1), "", "Boise", "ID"), place(500, "", "Boise", "ID"), line)
		})},
		{name: "co-working space", rows: everybody(6, func(i int) string {
			return at(i+1, place(10*(i+1), "", []string{"Boise", "Nampa", "Meridian"}[i%3], "ID"), place(10*(i+1), "", "Boise", "ID"), line)
		})},
		{name: "laptop farm", want: []string{"address", "network"}, rows: everybody(6, func(i int) string {
			return at(i+1, place(10*(i+1), "", cities[i][0], cities[i][1]), place(77, "", "Litchfield", "AZ"), line)
		})},
		{name: "laptop farm in the home of one of them", want: []string{"address", "network"}, rows: at(9, place(77, "", "Litchfield", "AZ"), place(77, "", "Litchfield", "AZ"), line) + everybody(4, func(i int) string {
			return at(i+1, place(10*(i+1), "", cities[i][0], cities[i][1]), place(77, "", "Litchfield", "AZ"), line)
		})},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var kinds []string
			for _, f := range build(rows(t, c.rows+others()), &c.st).Facilitators {
				kinds = append(kinds, f.Kind)
				if f.Tail < 2 || f.Unlike < 0.5 || f.Surprise <= 0 {
					t.Errorf("%+v", f)
				}
			}
			slices.Sort(kinds)
			if kinds = slices.Compact(kinds); !slices.Equal(kinds, c.want) {
				t.Errorf("facilitators %v, want %v", kinds, c.want)
			}
		})
	}
}

// What several kinds of hubs say of the same people is more than one of them.
func TestFacilitatorMix(t *testing.T) {
	farm := func(ip func(i int) string) []*identity.Facilitator {
		var b strings.Builder
		for i := range 6 {
			b.WriteString(at(i+1, place(10*(i+1), "", cities[i][0], cities[i][1]), place(77, "", "Litchfield", "AZ"), ip(i)))
		}
		return build(rows(t, strings.ReplaceAll(b.String(), `"anchor":{"gateway_mac":"a4:91:b1:00:00:07"}`, `"anchor":{}`)+others()), nil).Facilitators
	}
	address := func(list []*identity.Facilitator) *identity.Facilitator {
		i := slices.IndexFunc(list, func(f *identity.Facilitator) bool { return f.Kind == "address" })
		if i < 0 {
			t.Fatalf("no address among %+v", list)
		}
		return list[i]
	}
	alone := address(farm(func(i int) string { return fmt.Sprintf("198.51.100.%d", 20+i) }))
	mixed := address(farm(func(int) string { return "198.51.100.7" }))
	if len(alone.Also) != 0 || !slices.Equal(mixed.Also, []string{"network"}) || mixed.Surprise <= 1.5*alone.Surprise {
		t.Errorf("alone %.1f %v, mixed %.1f %v", alone.Surprise, alone.Also, mixed.Surprise, mixed.Also)
	}
}
