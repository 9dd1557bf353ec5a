package simulate

import (
	"time"
	_ "time/tzdata" // zones must not depend on the machine
)

// place is a city with what exports say of it.
type place struct {
	city, region, regionCode string
	country, countryName     string
	postal                   string // beginning of the postal code
	lat, lon                 float64
	zoneName                 string
	areas                    []string // area codes of telephone numbers
	zone                     *time.Location
}

// claimed are the cities where people say they live, elsewhere those where some are found.
var claimed = []place{
	{city: "New York", region: "New York", regionCode: "NY", country: "US", postal: "100", lat: 40.7128, lon: -74.0060, zoneName: "America/New_York", areas: words("212 646 917")},
	{city: "Buffalo", region: "New York", regionCode: "NY", country: "US", postal: "142", lat: 42.8864, lon: -78.8784, zoneName: "America/New_York", areas: words("716")},
	{city: "Nashville", region: "Tennessee", regionCode: "TN", country: "US", postal: "372", lat: 36.1627, lon: -86.7816, zoneName: "America/Chicago", areas: words("615 629")},
	{city: "Phoenix", region: "Arizona", regionCode: "AZ", country: "US", postal: "850", lat: 33.4484, lon: -112.0740, zoneName: "America/Phoenix", areas: words("602 480 623")},
	{city: "Raleigh", region: "North Carolina", regionCode: "NC", country: "US", postal: "276", lat: 35.7796, lon: -78.6382, zoneName: "America/New_York", areas: words("919 984")},
	{city: "Austin", region: "Texas", regionCode: "TX", country: "US", postal: "787", lat: 30.2672, lon: -97.7431, zoneName: "America/Chicago", areas: words("512 737")},
	{city: "Seattle", region: "Washington", regionCode: "WA", country: "US", postal: "981", lat: 47.6062, lon: -122.3321, zoneName: "America/Los_Angeles", areas: words("206 425")},
	{city: "San Diego", region: "California", regionCode: "CA", country: "US", postal: "921", lat: 32.7157, lon: -117.1611, zoneName: "America/Los_Angeles", areas: words("619 858")},
	{city: "Chicago", region: "Illinois", regionCode: "IL", country: "US", postal: "606", lat: 41.8781, lon: -87.6298, zoneName: "America/Chicago", areas: words("312 773 872")},
	{city: "Atlanta", region: "Georgia", regionCode: "GA", country: "US", postal: "303", lat: 33.7490, lon: -84.3880, zoneName: "America/New_York", areas: words("404 678")},
	{city: "Denver", region: "Colorado", regionCode: "CO", country: "US", postal: "802", lat: 39.7392, lon: -104.9903, zoneName: "America/Denver", areas: words("303 720")},
	{city: "Tampa", region: "Florida", regionCode: "FL", country: "US", postal: "336", lat: 27.9506, lon: -82.4572, zoneName: "America/New_York", areas: words("813 656")},
	{city: "Boston", region: "Massachusetts", regionCode: "MA", country: "US", postal: "021", lat: 42.3601, lon: -71.0589, zoneName: "America/New_York", areas: words("617 857")},
	{city: "Columbus", region: "Ohio", regionCode: "OH", country: "US", postal: "432", lat: 39.9612, lon: -82.9988, zoneName: "America/New_York", areas: words("614 380")},
	{city: "Richmond", region: "Virginia", regionCode: "VA", country: "US", postal: "232", lat: 37.5407, lon: -77.4360, zoneName: "America/New_York", areas: words("804")},
	{city: "Toronto", region: "Ontario", regionCode: "ON", country: "CA", postal: "M5V", lat: 43.6532, lon: -79.3832, zoneName: "America/Toronto", areas: words("416 647")},
	{city: "Vancouver", region: "British Columbia", regionCode: "BC", country: "CA", postal: "V6B", lat: 49.2827, lon: -123.1207, zoneName: "America/Vancouver", areas: words("604 778")},
	{city: "London", region: "England", regionCode: "ENG", country: "GB", postal: "SE1", lat: 51.5074, lon: -0.1278, zoneName: "Europe/London"},
	{city: "Manchester", region: "England", regionCode: "ENG", country: "GB", postal: "M4", lat: 53.4808, lon: -2.2426, zoneName: "Europe/London"},
	{city: "Leeds", region: "England", regionCode: "ENG", country: "GB", postal: "LS6", lat: 53.8008, lon: -1.5491, zoneName: "Europe/London"},
	{city: "Berlin", region: "Berlin", regionCode: "BE", country: "DE", postal: "104", lat: 52.5200, lon: 13.4050, zoneName: "Europe/Berlin"},
	{city: "Leipzig", region: "Sachsen", regionCode: "SN", country: "DE", postal: "041", lat: 51.3397, lon: 12.3731, zoneName: "Europe/Berlin"},
	{city: "Bremen", region: "Bremen", regionCode: "HB", country: "DE", postal: "282", lat: 53.0793, lon: 8.8017, zoneName: "Europe/Berlin"},
	{city: "Warszawa", region: "Mazowieckie", regionCode: "MZ", country: "PL", postal: "00-", lat: 52.2297, lon: 21.0122, zoneName: "Europe/Warsaw"},
	{city: "Lublin", region: "Lubelskie", regionCode: "LU", country: "PL", postal: "20-", lat: 51.2465, lon: 22.5684, zoneName: "Europe/Warsaw"},
	{city: "Madrid", region: "Madrid", regionCode: "MD", country: "ES", postal: "280", lat: 40.4168, lon: -3.7038, zoneName: "Europe/Madrid"},
	{city: "Valencia", region: "Valencia", regionCode: "VC", country: "ES", postal: "460", lat: 39.4699, lon: -0.3763, zoneName: "Europe/Madrid"},
}

var elsewhere = []place{
	{city: "Istanbul", region: "Istanbul", regionCode: "34", country: "TR", postal: "343", lat: 41.0082, lon: 28.9784, zoneName: "Europe/Istanbul"},
	{city: "Lisboa", region: "Lisboa", regionCode: "11", country: "PT", postal: "110", lat: 38.7223, lon: -9.1393, zoneName: "Europe/Lisbon"},
	{city: "Strasbourg", region: "Grand Est", regionCode: "GES", country: "FR", postal: "670", lat: 48.5734, lon: 7.7521, zoneName: "Europe/Paris"},
	{city: "Ciudad de México", region: "CDMX", regionCode: "CMX", country: "MX", postal: "061", lat: 19.4326, lon: -99.1332, zoneName: "America/Mexico_City"},
	{city: "Shenyang", region: "Liaoning", regionCode: "LN", country: "CN", postal: "110", lat: 41.8057, lon: 123.4315, zoneName: "Asia/Shanghai"},
	{city: "Vladivostok", region: "Primorskiy", regionCode: "PRI", country: "RU", postal: "690", lat: 43.1155, lon: 131.8855, zoneName: "Asia/Vladivostok"},
	{city: "Dubai", region: "Dubai", regionCode: "DU", country: "AE", postal: "000", lat: 25.2048, lon: 55.2708, zoneName: "Asia/Dubai"},
	{city: "Kuala Lumpur", region: "Kuala Lumpur", regionCode: "14", country: "MY", postal: "504", lat: 3.1390, lon: 101.6869, zoneName: "Asia/Kuala_Lumpur"},
}

var countryNames = map[string]string{
	"US": "United States", "CA": "Canada", "GB": "United Kingdom", "DE": "Germany", "PL": "Poland", "ES": "Spain", "TR": "Turkey",
	"PT": "Portugal", "FR": "France", "MX": "Mexico", "CN": "China", "RU": "Russia", "AE": "United Arab Emirates", "MY": "Malaysia",
}

// atlas finds places by name and draws where people live.
type atlas struct {
	all  []*place // claimed first, then elsewhere
	home int      // number of claimed ones
	by   map[string]*place
}

func newAtlas() (*atlas, error) {
	a := &atlas{home: len(claimed), by: map[string]*place{}}
	for _, list := range [][]place{claimed, elsewhere} {
		for _, p := range list {
			zone, err := time.LoadLocation(p.zoneName)
			if err != nil {
				return nil, err
			}
			p.zone, p.countryName = zone, countryNames[p.country]
			a.all = append(a.all, &p)
			a.by[p.city] = &p
		}
	}
	return a, nil
}

// draw returns a place where somebody claims to live: six in ten in the first country.
func (a *atlas) draw(r *rng) *place {
	want := []string{"US", "CA", "GB", "DE", "PL", "ES"}[weighted(r, 60, 7, 11, 9, 7, 6)]
	return a.in(r, want)
}

// in returns a claimed place of a country.
func (a *atlas) in(r *rng, country string) *place {
	var fit []*place
	for _, p := range a.all {
		if p.country == country {
			fit = append(fit, p)
		}
	}
	return pick(r, fit)
}

// other returns another claimed place of the same country.
func (a *atlas) other(r *rng, not *place) *place {
	for range 40 {
		if p := a.in(r, not.country); p != not {
			return p
		}
	}
	return not
}
