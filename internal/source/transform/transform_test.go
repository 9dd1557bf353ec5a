package transform

import (
	"math"
	"strings"
	"testing"
	"time"

	"muster/internal/record"
	"muster/internal/source/extract"
)

// apply runs transforms, written as in a mapping and separated by " | ", on a
// value that is JSON if it begins with { or [, and text otherwise.
func apply(t testing.TB, c *Ctx, in, chain string) (Value, Reason) {
	t.Helper()
	v := Scalars(in)
	if in != "" && (in[0] == '{' || in[0] == '[') && extract.Valid([]byte(in)) {
		v = Value{Type: JSON, Raw: []byte(in)}
	}
	at := Static{Type: Scalar}
	soft := Reason("")
	for name := range strings.SplitSeq(chain, " | ") {
		step, err := New(name, at)
		if err != nil {
			t.Fatalf("%s: %v", chain, err)
		}
		at = step.Out
		switch r := step.Apply(c, &v); r {
		case "":
		case Unread:
			soft = r
		default:
			return v, r
		}
	}
	return v, soft
}

func show(v *Value) string {
	if v.Type == List {
		var parts []string
		for _, e := range v.Items() {
			parts = append(parts, show(&e))
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	switch x := v.Any.(type) {
	case record.Phone:
		return x.E164 + "/" + x.Raw
	case record.URL:
		return x.URL + " " + x.Network + " " + x.Username
	case record.Place:
		s := x.Country + "," + x.Region + "," + x.City
		if x.Lat != nil {
			s += ",point"
		}
		return s
	case record.Address:
		return strings.Join([]string{x.Raw, x.Line1, x.Line2, x.City, x.Region, x.Postal, x.Country}, ";")
	}
	if v.Absent() {
		return "none"
	}
	return v.String()
}

func TestTransforms(t *testing.T) {
	c := &Ctx{Key: []byte("k"), ModTime: time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC)}
	for _, x := range []struct{ chain, in, want string }{
		{"lower", "ÄB", "äb"},
		{"upper", "äb", "ÄB"},
		{"trim", "  a ", "a"},
		{"nfc", "e\u0301", "é"},
		{"fold", "１２ａ", "12a"},
		{"lower", "N/A", "none"},
		{"lower", `\N`, "none"},
		{"lower", "<null>", "none"},
		{"lower", "-", "none"},
		{"lower", "null", "none"},
		{"lower", `"null"`, "none"},
		{"email", " Ana.B@Example.COM ", "ana.b@example.com"},
		{"email", "Ana <ana@example.com>", "ana@example.com"},
		{"email", "mailto:ana@example.com", "ana@example.com"},
		{"email", "ana@localhost", "!bad_email"},
		{"email", "ana", "!bad_email"},
		{"email", "a@b@c.de", "!bad_email"},
		{"email", "a b@c.de", "!bad_email"},
		{"email", "@c.de", "!bad_email"},
		{"email", "аna@example.com", "аna@example.com"}, // the Cyrillic letter stays
		{"email_or_login", `CORP\Ana`, "ana"},
		{"email_or_login", "Ana@Example.com", "ana@example.com"},
		{"email_or_login", "ben_example.org#EXT#@corp.onmicrosoft.com", "ben@example.org"},
		{"email_or_login", "svc-x", "svc-x"},
		{"phone", "+49 30 901820", "+4930901820/+49 30 901820"},
		{"phone", "030 901820", "/030 901820"},
		{"phone(DE)", "030 901820", "+4930901820/030 901820"},
		{"phone", "0049 30 901820", "+4930901820/0049 30 901820"},
		{"phone", "4.93E+11", "!implausible"},
		{"phone", "call me", "/call me"},
		{"ip", "192.0.2.1", "192.0.2.1"},
		{"ip", "192.0.2.1:443", "192.0.2.1"},
		{"ip", "[2001:db8::1]:80", "2001:db8::1"},
		{"ip", "[2001:db8::1]", "2001:db8::1"},
		{"ip", "fe80::1%eth0", "fe80::1"},
		{"ip", "::ffff:192.0.2.1", "192.0.2.1"},
		{"ip", "2001:0DB8:0::0001", "2001:db8::1"},
		{"ip", "::ffff:192.0.2.1:443", "192.0.2.1"},
		{"ip", "192.0.2.1, 192.0.2.2", "192.0.2.1"},
		{"ip", "0.0.0.0", "none"},
		{"ip", "192.0.2.1/32", "192.0.2.1"},
		{"ip", "300.1.1.1", "!bad_ip"},
		{"ip", "x", "!bad_ip"},
		{"ip", "192.0.2.1:x", "!bad_ip"},
		{"ip_list", "192.0.2.1, 192.0.2.2:80", "[192.0.2.1 192.0.2.2]"},
		{"ip_list", `["192.0.2.1","-"]`, "[192.0.2.1]"},
		{"ip_list", "192.0.2.1 x", "!bad_ip"},
		{"int", "42", "42"},
		{"int", "42.0", "42"},
		{"int", "AS64500", "64500"},
		{"int", "4.5", "!implausible"},
		{"int", "x", "!implausible"},
		{"float", "4.5", "4.5"},
		{"bool", "True", "true"},
		{"bool", "yes", "true"},
		{"bool", "0", "false"},
		{"bool", "nein", "false"},
		{"bool", "perhaps", "none"},
		{"money", "1.234,50 €", "1234.5"},
		{"money", "$1,234.50", "1234.5"},
		{"money", "(12.00)", "-12"},
		{"money", "-5,5", "-5.5"},
		{"money", "1'234.50", "1234.5"},
		{"money", "1,234", "1234"},
		{"money", "1.234.567", "1234567"},
		{"money", "0.125", "0.125"},
		{"money", "12,5", "12.5"},
		{"money", "1 234,50 zł", "1234.5"},
		{"money", "1.2E+05", "!implausible"},
		{"money", "99999999999999", "!implausible"},
		{"money", "free", "!implausible"},
		{"money", "12.00-", "-12"},
		{"country", "Germany", "DE"},
		{"country", "Deutschland", "DE"},
		{"country", "Allemagne", "DE"},
		{"country", "Niemcy", "DE"},
		{"country", "de", "DE"},
		{"country", "DEU", "DE"},
		{"country", "UK", "GB"},
		{"country", "United States of America", "US"},
		{"country", "Estados Unidos", "US"},
		{"country", "Côte d’Ivoire", "CI"},
		{"country", "Stany Zjednoczone", "US"},
		{"country", "Atlantis", "none"},
		{"country", "XX", "none"},
		{"country", "Korea, Republic of", "KR"},
		{"last4", "12 34-5678", "5678"},
		{"last4", "****6789", "6789"},
		{"last4", "12", "none"},
		{"last4", "1.2E+11", "!implausible"},
		{"aba", "21000021", "021000021"},
		{"aba", "021000021", "021000021"},
		{"aba", "021000022", "!implausible"},
		{"aba", "12", "!implausible"},
		{"iban", "DE00 3704 0044 0532 0130 00", "!implausible"},
		{"account", "1.23E+11", "!implausible"},
		{"account", "XXXX1234", "none"},
		{"account", "****1234", "none"},
		{"usb_id", "0x0781", "0781"},
		{"usb_id", `USB\VID_534D&PID_2109\5&1`, "534d"},
		{"usb_id(pid)", `USB\VID_534D&PID_2109`, "2109"},
		{"usb_id", "534d:2109", "534d"},
		{"usb_id(pid)", "534D:2109", "2109"},
		{"usb_id", "5ac", "05ac"},
		{"usb_id", "21325", "534d"},
		{"usb_id", "zz", "none"},
		{"pnp_id", "DEL", "DEL"},
		{"pnp_id", "??", "none"},
		{"mac", "00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"},
		{"mac", "001a.2b3c.4d5e", "00:1a:2b:3c:4d:5e"},
		{"mac", "001A2B3C4D5E", "00:1a:2b:3c:4d:5e"},
		{"mac", "0:1a:2b:3c:4d:e", "00:1a:2b:3c:4d:0e"},
		{"mac", "00:00:00:00:00:00", "none"},
		{"mac", "wifi", "none"},
		{"split(,) | mac", "00:1a:2b:3c:4d:5e, x, 00:1a:2b:3c:4d:5f", "[00:1a:2b:3c:4d:5e 00:1a:2b:3c:4d:5f]"},
		{"split(;)", "a; b ;;c", "[a b c]"},
		{"split(;) | at(1)", "a;b;c", "b"},
		{"split(;) | at(-1)", "a;b;c", "c"},
		{"split(;) | at(5)", "a;b", "none"},
		{"split(;) | count", "a;b", "2"},
		{"count", `[1,2,3]`, "3"},
		{"at(0)", `["x","y"]`, "x"},
		{"lower", `["X","Y"]`, "none"},
		{"json(a.b)", `"{\"a\":{\"b\":5}}"`, "5"},
		{"json(a.b)", `{"a":{"b":5}}`, "5"},
		{"json(a[])", `{"a":[1,2]}`, "[1 2]"},
		{"json(a)", "{broken", "none"},
		{"params(ip)", `[{"name":"x","value":"1"},{"name":"ip","value":"192.0.2.1"}]`, "192.0.2.1"},
		{"params(n)", `[{"name":"n","intValue":"7"}]`, "7"},
		{"params(UserAgent)", `[{"Name":"UserAgent","Value":"ua"}]`, "ua"},
		{"params(m)", `[{"name":"m","multiValue":["a","b"]}]`, `["a","b"]`},
		{"params(z)", `[{"name":"y","value":"1"}]`, "none"},
		{"url", "https://www.linkedin.com/in/Ana-B/?x=1", "https://www.linkedin.com/in/Ana-B/?x=1 linkedin ana-b"},
		{"url", "github.com/ana", "github.com/ana github ana"},
		{"url", "https://t.me/ana", "https://t.me/ana telegram ana"},
		{"url", "example.org", "example.org other "},
		{"url", "none given", "none"},
		{"url", "linkedin.com.example.org/in/x", "linkedin.com.example.org/in/x other "},
		{"geo_okta", `{"city":"Gotham","state":"NJ","country":"United States","postalCode":"1","geolocation":{"lat":40.1,"lon":-74.2}}`, "US,NJ,Gotham,point"},
		{"geo_entra", `{"city":"Ulm","state":"BW","countryOrRegion":"DE","geoCoordinates":{"latitude":48.4,"longitude":10.0}}`, "DE,BW,Ulm,point"},
		{"geo_plain", `{"country_name":"France","loc":"48.8,2.3"}`, "FR,,,point"},
		{"geo_plain", "Ulm, Baden, Germany", "DE,Baden,Ulm"},
		{"geo_plain", "FR", "FR,,"},
		{"geo_plain", "Nashville, TN", ",TN,Nashville"},
		{"geo_plain", "Nashville, TN, US", "US,TN,Nashville"},
		{"geo_plain", "Leeds, GB", "GB,,Leeds"},
		{"geo_plain", `{"lat":0,"lon":0}`, "none"},
		{"geo_plain", `{"lat":91,"lon":1,"city":"X"}`, ",,X"},
		{"address", "1 Main St\nGotham", "1 Main St\nGotham;;;;;;"},
		{"address", `{"street":"1 Main St","city":"Gotham","zip":"1","country":"USA"}`, ";1 Main St;;Gotham;;1;US"},
		{"handle(employee)", "E1", "employee:E1"},
		{"handle", "ana@example.com", "email:ana@example.com"},
		{"handle", "ana", "login:ana"},
		{"handle(a:b)", "x:y", "a:b:x_y"},
		{"phone | handle(phone)", "+49 30 901820", "phone:+4930901820"},
		{"phone | handle(phone)", "12", "none"},
		{"org", "Example Labs GmbH & Co. KG", "example labs"},
		{"org", "Sample, Inc.", "sample"},
		{"org", "ACME sp. z o.o.", "acme"},
		{"org", "Limited", "limited"},
		{"org", "S.A.", "sa"},
		{"user_agent(os)", "Mozilla/5.0 (Windows NT 10.0)", "Windows"},
		{"user_agent(browser)", "Mozilla/5.0 Chrome/1 Safari/1 Edg/1", "Edge"},
		{"user_agent(os)", "tool", "none"},
		{`regex((\d+)-x)`, "ab 12-x", "12"},
		{`regex((z))`, "ab", "none"},
		{"default(a)", "", "a"},
		{"default(a)", "b", "b"},
		{"const(z)", "b", "z"},
		{"const(z)", "", "none"},
		{"default(7) | int", "", "7"},
		{"int", "", "none"},
		{"ip", "", "none"},
	} {
		v, r := apply(t, c, x.in, x.chain)
		got := show(&v)
		if r != "" && r != Unread {
			got = "!" + string(r)
		}
		if got != x.want {
			t.Errorf("%s of %q = %s, want %s", x.chain, x.in, got, x.want)
		}
	}
}

func TestUSBNumbersInJSONAreDecimal(t *testing.T) {
	step, err := New("usb_id", Static{Type: Scalar})
	if err != nil {
		t.Fatal(err)
	}
	v := Value{Type: Scalar, Number: true, Text: "1921"}
	if r := step.Apply(&Ctx{}, &v); r != "" || v.Text != "0781" {
		t.Errorf("%v %q", r, v.Text)
	}
}

func TestHashesAreKeyed(t *testing.T) {
	one, _ := apply(t, &Ctx{Key: []byte("a")}, "12-34 5678", "account")
	same, _ := apply(t, &Ctx{Key: []byte("a")}, "12345678", "account")
	other, _ := apply(t, &Ctx{Key: []byte("b")}, "12345678", "account")
	if one.Text != same.Text || one.Text == other.Text || !strings.HasPrefix(one.Text, "h:") || len(one.Text) != 26 || !one.Secret {
		t.Errorf("%q %q %q", one.Text, same.Text, other.Text)
	}
	valid, r := apply(t, &Ctx{Key: []byte("a")}, "de89 3704 0044 0532 0130 00", "iban")
	plain, _ := apply(t, &Ctx{Key: []byte("a")}, "DE89370400440532013000", "account")
	if r != "" || valid.Text != plain.Text {
		t.Errorf("%v: an IBAN has another hash as account number", r)
	}
	if hash, last := KeyedAccount([]byte("a"), "DE89 3704 0044 0532 0130 00"); hash != plain.Text || last != "3000" {
		t.Errorf("%q %q", hash, last)
	}
	if a, b := one.AppendContent(nil, false), other.AppendContent(nil, false); string(a) != string(b) {
		t.Error("content without secrets depends on the key")
	}
}

func TestTimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := &Ctx{Zone: berlin, ModTime: time.Date(2024, 3, 10, 0, 0, 0, 0, time.UTC)}
	for _, x := range []struct{ chain, in, want string }{
		{"time", "2017-08-15T03:31:46.591Z", "2017-08-15T03:31:46.591Z"},
		{"time", "2020-07-30T14:10:38.1234567Z", "2020-07-30T14:10:38.1234567Z"}, // Entra: seven digits
		{"time", "2024-05-06T07:08:09+02:00", "2024-05-06T07:08:09+02:00"},
		{"time", "2024-05-06T07:08:09+0200", "2024-05-06T07:08:09+02:00"},
		{"time", "2024-05-06 07:08:09", "2024-05-06T07:08:09"},
		{"time(utc)", "2024-05-06T07:08:09", "2024-05-06T07:08:09Z"}, // M365 CreationTime
		{"time", "2024-05-06 07:08:09 UTC", "2024-05-06T07:08:09Z"},
		{"time", "2024-05-06 07:08:09.5 +0000 UTC", "2024-05-06T07:08:09.5Z"},
		{"time", "2024-05-06T07:08", "2024-05-06T07:08"},
		{"time", "2024/05/06 07:08:09", "2024-05-06T07:08:09"}, // GlobalProtect
		{"time", "2024-05-06", "2024-05-06"},
		{"time", "1715000000", "2024-05-06T12:53:20Z"},
		{"time", "1715000000123", "2024-05-06T12:53:20.123Z"},
		{"time", "1715000000.5", "2024-05-06T12:53:20.5Z"},
		{"time", "1715000000123456789", "2024-05-06T12:53:20.123456789Z"},
		{"time", "20240506070809", "2024-05-06T07:08:09"},
		{"epoch_s", "1512669453", "2017-12-07T17:57:33Z"},
		{"epoch_s", "1512669453.25", "2017-12-07T17:57:33.25Z"},
		{"epoch_ms", "1512669453123", "2017-12-07T17:57:33.123Z"},
		{"epoch_ns", "1512669453123456789", "2017-12-07T17:57:33.123456789Z"},
		{"epoch_s", "0", "none"},
		{"epoch_s", "x", "!bad_time"},
		{"epoch_ms", "1.512669453123e12", "2017-12-07T17:57:33.123Z"},
		{"epoch_ms", "1.51E+12", "!bad_time"},
		{"time", "Thu Dec  7 17:57:33 2017 UTC", "2017-12-07T17:57:33Z"}, // osquery
		{"time", "Mon Aug 28 08:04:30 2023", "2023-08-28T08:04:30"},      // Zscaler
		{"time", "11/16/2022 9:35:22 AM", "2022-11-16T09:35:22"},         // Intune
		{"time", "11/16/2022 12:35:22 AM", "2022-11-16T00:35:22"},
		{"time", "11/16/2022 12:35 PM", "2022-11-16T12:35"},
		{"time", "11/6/2022 9:35:22 AM", "!ambiguous_date"},
		{"time(1/2/2006 3:04:05 PM)", "11/6/2022 9:35:22 AM", "2022-11-06T09:35:22"},
		{"time", "02/Jan/2006:15:04:05 -0700", "2006-01-02T15:04:05-07:00"},
		{"time", "Mon, 02 Jan 2006 15:04:05 GMT", "2006-01-02T15:04:05Z"},
		{"time", "Mon, 2 Jan 2006 15:04:05 +0100", "2006-01-02T15:04:05+01:00"},
		{"time", "Jan  2 2006 15:04:05", "2006-01-02T15:04:05"},
		{"time", "Jan 2, 2006 3:04 PM", "2006-01-02T15:04"},
		{"time", "Mar  1 10:00:00", "2024-03-01T10:00:00"},
		{"time", "Apr  1 10:00:00", "2023-04-01T10:00:00"}, // the nearest year before the file
		{"time", "0001-01-01T00:00:00Z", "none"},
		{"time", "Never", "none"},
		{"time", "9999-12-31T23:59:59Z", "none"},
		{"time", "soon", "!bad_time"},
		{"time", "2024-13-01T00:00:00Z", "!bad_time"},
		{"time", "2024-02-30T00:00:00Z", "!bad_time"},
		{"time", "2024-05-06T25:00:00Z", "!bad_time"},
		{"time", "1850-01-01T00:00:00Z", "!implausible"},
		{"date", "2024-05-06", "2024-05-06"},
		{"date", "2024-05", "2024-05"},
		{"date", "2024", "2024"},
		{"date", "20240506", "2024-05-06"},
		{"date", "2024-05-06-07:00", "2024-05-06"},
		{"date", "2024-05-06Z", "2024-05-06"}, // Workday: date with offset and no time
		{"date", "2024-05-06T23:30:00-05:00", "2024-05-06"},
		{"date", "1/23/23", "2023-01-23"},
		{"date", "23/1/2023", "2023-01-23"}, // Snipe-IT
		{"date", "1/2/23", "!ambiguous_date"},
		{"date", "3/3/23", "2023-03-03"},
		{"date", "1.2.2023", "2023-02-01"},
		{"date", "05/2024", "2024-05"},
		{"date", "2024/05", "2024-05"},
		{"date", "May 2024", "2024-05"},
		{"date", "6 May 2024", "2024-05-06"},
		{"date", "May 6th, 2024", "2024-05-06"},
		{"date", "6-May-24", "2024-05-06"},
		{"date", "6. Mai 2024", "2024-05-06"},
		{"date", "mars 2021", "2021-03"},
		{"date", "6 de mayo de 2024", "2024-05-06"},
		{"date", "6 maja 2024", "2024-05-06"},
		{"date", "März 2020", "2020-03"},
		{"date", "Sept. 2019", "2019-09"},
		{"date", "Present", "none"},
		{"date", "heute", "none"},
		{"date", "31/13/2023", "!bad_time"},
		{"date", "31/02/2023", "!bad_time"},
		{"date", "x", "!bad_time"},
		{"date", "1/1/1800", "!implausible"},
		{"time | date", "2024-05-06T07:08:09Z", "2024-05-06"},
		{"date | time", "2024-05", "2024-05"},
	} {
		v, r := apply(t, c, x.in, x.chain)
		got := show(&v)
		if r != "" && r != Unread {
			got = "!" + string(r)
		}
		if got != x.want {
			t.Errorf("%s of %q = %s, want %s", x.chain, x.in, got, x.want)
		}
	}
	v, _ := apply(t, c, "2024-05-06 07:08:09", "time")
	if v.Time.OffsetKnown() || !v.Time.Time().Equal(time.Date(2024, 5, 6, 5, 8, 9, 0, time.UTC)) {
		t.Errorf("a time without zone is %v, offset known %v; it is Berlin's", v.Time.Time().UTC(), v.Time.OffsetKnown())
	}
	c.Order = OrderMDY
	if v, _ := apply(t, c, "1/2/23", "date"); show(&v) != "2023-01-02" {
		t.Errorf("mdy: %s", show(&v))
	}
	c.Order = OrderDMY
	if v, _ := apply(t, c, "1/2/23 10:00", "time"); show(&v) != "2023-02-01T10:00" {
		t.Errorf("dmy: %s", show(&v))
	}
}

func TestOrderOf(t *testing.T) {
	for in, want := range map[string]struct {
		order Order
		needs bool
	}{
		"1/2/2023": {OrderUnknown, true}, "13/2/2023": {OrderDMY, false}, "2/13/2023 10:00": {OrderMDY, false}, "2023-01-02": {}, "1.2.2023": {}, "x": {}, "5/2024": {}, "13-02-23": {OrderDMY, false},
	} {
		if order, needs := OrderOf(in); order != want.order || needs != want.needs {
			t.Errorf("OrderOf(%q) = %d, %v", in, order, needs)
		}
	}
}

func TestTypesAreChecked(t *testing.T) {
	text, list := Static{Type: Scalar}, Static{Type: Scalar, List: true}
	for _, x := range []struct {
		chain string
		in    Static
	}{
		{"sha256", text},
		{"lower(x)", text},
		{"split", text},
		{"handle(a b)", text},
		{"user_agent(cpu)", text},
		{"regex(a)", text},
		{"regex(()", text},
		{"usb_id(x)", text},
		{"phone(ZZ)", text},
		{"at(x)", list},
		{"time(soon)", text},
		{"json(a..b)", text},
		{"lower(", text},
		{"email", Static{Type: IP}},
		{"ip", Static{Type: Time}},
		{"money", Static{Type: Place}},
		{"date", Static{Type: IP}},
		{"epoch_s", Static{Type: Time}},
	} {
		if s, err := New(x.chain, x.in); err == nil {
			t.Errorf("%s of a %s was accepted: %+v", x.chain, x.in, s)
		}
	}
	for _, name := range Names() {
		if _, ok := specs(name); !ok {
			t.Errorf("%s is in the list of names and not a transform", name)
		}
	}
}

func FuzzTransforms(f *testing.F) {
	for _, s := range []string{"1/2/2023", "1.234,50 €", "[::1]:80", "Thu Dec  7 17:57:33 2017 UTC", "USB\\VID_534D&PID_2109", `[{"name":"a"}]`, "+49 30 1", "1e9999", "-", "\xff"} {
		f.Add(s)
	}
	chains := []string{
		"email", "email_or_login", "phone", "ip", "ip_list", "int", "float", "bool", "money", "time", "epoch_s", "epoch_ms", "epoch_ns", "date", "country", "account", "last4",
		"iban", "aba", "secret", "usb_id", "mac", "split(,) | at(0)", "count", "json(a[].b)", "params(a)", "url", "geo_plain", "address", "handle", "org", "user_agent(os)", "nfc", "fold",
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := &Ctx{Key: []byte("k"), ModTime: time.Unix(1_700_000_000, 0)}
		for _, chain := range chains {
			v, _ := apply(t, c, s, chain)
			switch v.Type {
			case Float:
				if x := v.FloatOf(); math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%s of %q is %v", chain, s, x)
				}
			case Time:
				if y := v.Time.Time().Year(); y < firstYear || y > finalYear {
					t.Errorf("%s of %q is in the year %d", chain, s, y)
				}
			case IP:
				if v.IP.Zone() != "" || v.IP.Is4In6() {
					t.Errorf("%s of %q is %v", chain, s, v.IP)
				}
			}
			_ = v.AppendContent(nil, true)
			if again, r := apply(t, c, s, chain); show(&again) != show(&v) {
				t.Errorf("%s of %q differs the second time: %v", chain, s, r)
			}
		}
	})
}
