package record

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFieldsNames(t *testing.T) {
	want := map[Kind][]string{
		Personas:   {"handle", "handles", "observed_at", "claimed_address", "claimed_address.city", "claimed_address.cc", "emails", "dob", "custom", "kind"},
		References: {"referee", "referee.email", "referee.phone.e164", "submit_ip"},
		Sessions:   {"geo.cc", "geo.lat", "managed_device", "ip_chain"},
	}
	for k, names := range want {
		for _, name := range names {
			if _, ok := LookupField(k, name); !ok {
				t.Errorf("%s has no field %s", k, name)
			}
		}
	}
	for _, k := range Kinds() {
		seen := map[string]bool{}
		for _, f := range Fields(k) {
			if seen[f.Name] {
				t.Errorf("%s: %s twice", k, f.Name)
			}
			seen[f.Name] = true
			if f.Name == "ref" || strings.HasPrefix(f.Name, "ref.") || f.Name == "record" {
				t.Errorf("%s: mappings must not set %s", k, f.Name)
			}
		}
	}
	if Fields("suspect") != nil {
		t.Error("fields of an unknown kind")
	}
	if f, _ := LookupField(Engagements, "type"); !strings.Contains(f.Doc, "contractor") {
		t.Errorf("doc of engagement.type is %q", f.Doc)
	}
}

// TestSetFieldEvery sets every field of every kind to a drawn value and reads it back.
func TestSetFieldEvery(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		list := Fields(k)
		f := &list[rapid.IntRange(0, len(list)-1).Draw(t, "field")]
		v := reflect.New(f.Type).Elem()
		drawInto(t, v)
		r := New(k)
		if err := SetField(r, f, v.Interface()); err != nil {
			t.Fatalf("%s.%s: %v", k, f.Name, err)
		}
		if have := reflect.ValueOf(r).Elem().FieldByIndex(f.Index).Interface(); !reflect.DeepEqual(have, v.Interface()) {
			t.Fatalf("%s.%s: set %v, have %v", k, f.Name, v, have)
		}
	})
}

func TestSetFieldConversions(t *testing.T) {
	at := At(time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC))
	ip := netip.MustParseAddr("192.0.2.1")
	tests := []struct {
		kind  Kind
		field string
		value any
		want  any // nil: an error
	}{
		{Sessions, "account", "a", "a"},
		{Sessions, "asn", 5, int64(5)},
		{Devices, "vm_hint", true, new(true)},
		{Devices, "vm_hint", new(false), new(false)},
		{Devices, "vm_hint", "true", nil},
		{Sessions, "ip", ip, ip},
		{Sessions, "ip", "192.0.2.1", nil},
		{Sessions, "ip_chain", ip, []IP{ip}},
		{Sessions, "ip_chain", []any{ip, ip}, []IP{ip, ip}},
		{Sessions, "ip_chain", []any{ip, "x"}, nil},
		{Sessions, "geo.lat", 1.5, new(1.5)},
		{Sessions, "geo.lat", 1, new(1.0)},
		{Personas, "dob", at, Date{2026, 5, 6}},
		{Personas, "created_at", Date{Year: 2026, Month: 5}, NewTime(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), PrecisionMonth, false)},
		{Personas, "emails", []any{Email{Value: "a@example.com"}}, []Email{{Value: "a@example.com"}}},
		{Personas, "emails", "a@example.com", nil},
		{Personas, "handle", Handle("email:a@example.com"), Handle("email:a@example.com")},
		{Personas, "handle", "email:a@example.com", nil},
		{Personas, "aliases", "one", []string{"one"}},
		{Personas, "custom.level", "senior", map[string]string{"level": "senior"}},
		{Personas, "custom.level", 3, nil},
		{Payments, "amount", int64(3), 3.0},
		{Payments, "amount", "3", nil},
		{DeviceItems, "display_year", int64(2020), 2020},
		{DeviceItems, "display_year", 20.5, nil},
		{Personas, "full_name", nil, ""},
		{Personas, "full_name", 7, nil},
	}
	for _, tt := range tests {
		f, ok := LookupField(tt.kind, tt.field)
		if !ok {
			t.Fatalf("no field %s.%s", tt.kind, tt.field)
		}
		r := New(tt.kind)
		err := SetField(r, f, tt.value)
		if tt.want == nil {
			if err == nil || !strings.Contains(err.Error(), f.Name) {
				t.Errorf("%s.%s = %T: error %v", tt.kind, tt.field, tt.value, err)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if have := reflect.ValueOf(r).Elem().FieldByIndex(f.Index).Interface(); !reflect.DeepEqual(have, tt.want) {
			t.Errorf("%s.%s = %#v, want %#v", tt.kind, tt.field, have, tt.want)
		}
	}
}

func TestFieldsOfElement(t *testing.T) {
	f, _ := LookupField(Personas, "phones")
	inner := FieldsOf(f.Type.Elem())
	i := slices.IndexFunc(inner, func(f Field) bool { return f.Name == "e164" })
	if i < 0 {
		t.Fatal("phones have no e164")
	}
	item := reflect.New(f.Type.Elem()).Elem()
	if err := SetIn(item, &inner[i], "+12025550100"); err != nil {
		t.Fatal(err)
	}
	p := new(Persona)
	if err := SetField(p, f, []any{item.Interface()}); err != nil {
		t.Fatal(err)
	}
	if p.Phones[0].E164 != "+12025550100" {
		t.Errorf("have %v", p.Phones)
	}
}

func TestFieldsConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, k := range Kinds() {
				if len(Fields(k)) == 0 {
					t.Errorf("%s has no fields", k)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkSetField(b *testing.B) {
	s := new(Session)
	f, _ := LookupField(Sessions, "geo.city")
	var v any = "Springfield"
	b.ReportAllocs()
	for b.Loop() {
		if err := SetField(s, f, v); err != nil {
			b.Fatal(err)
		}
	}
}
