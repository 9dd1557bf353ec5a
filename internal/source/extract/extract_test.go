package extract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func compile(t testing.TB, paths ...string) (*Program, []Path) {
	t.Helper()
	var list []Path
	for _, s := range paths {
		p, err := ParsePath(s)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return Compile(list), list
}

// found runs a program and returns what each path found, as JSON-like text.
func found(t testing.TB, data string, paths ...string) []string {
	t.Helper()
	prog, list := compile(t, paths...)
	s := prog.Slots()
	if err := s.Run([]byte(data)); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	var out []string
	for i, p := range list {
		if p.Multi() {
			var all []string
			for r := range s.List(i) {
				all = append(all, r.Text())
			}
			out = append(out, "["+strings.Join(all, " ")+"]")
			continue
		}
		switch r := s.Get(i); r.Type {
		case Absent:
			out = append(out, "none")
		case Null:
			out = append(out, "null")
		default:
			out = append(out, r.Text())
		}
	}
	return out
}

func TestPaths(t *testing.T) {
	for _, c := range []struct{ path, data, want string }{
		{"a", `{"a":1}`, "1"},
		{"a.b.c", `{"a":{"b":{"c":"x"}}}`, "x"},
		{"a.b", `{"a":[{"b":1}]}`, "none"},
		{`"a.b"`, `{"a.b":1,"a":{"b":2}}`, "1"},
		{`x."a.b".c`, `{"x":{"a.b":{"c":3}}}`, "3"},
		{"a[0]", `{"a":[7,8]}`, "7"},
		{"a[1].b", `{"a":[{"b":1},{"b":2}]}`, "2"},
		{"a[2]", `{"a":[7,8]}`, "none"},
		{"a[]", `{"a":[1,"x",null,true]}`, "[1 x null true]"},
		{"a[].b", `{"a":[{"b":1},{"c":9},{"b":2}]}`, "[1 2]"},
		{"a[].b[].c", `{"a":[{"b":[{"c":1},{"c":2}]},{"b":[{"c":3}]}]}`, "[1 2 3]"},
		{"a[].b", `{"a":{"b":1}}`, "[1]"},
		{"a[]", `{"a":"x"}`, "[x]"},
		{"a[]", `{"a":5}`, "[5]"},
		{"a[]", `{"a":null}`, "[]"},
		{"a[t=work].v", `{"a":[{"t":"home","v":1},{"v":2,"t":"work"},{"t":"work","v":3}]}`, "2"},
		{"a[t=1].v", `{"a":[{"t":1,"v":"n"}]}`, "n"},
		{"a[t=x].v", `{"a":[{"t":"y","v":1}]}`, "none"},
		{"a", `{"a":null}`, "null"},
		{"a", `{"b":1}`, "none"},
		{"@timestamp", `{"@timestamp":"t"}`, "t"},
		{".", `{"b":1}`, `{"b":1}`},
		// text that holds JSON
		{"p.x", `{"p":"{\"x\":\"y\\u00e9\"}"}`, "yé"},
		{"p[].x", `{"p":"[{\"x\":1},{\"x\":2}]"}`, "[1 2]"},
		{"p.x", `{"p":"{not json"}`, "none"},
		{"p", `{"p":"{\"x\":1}"}`, `{"x":1}`},
		// the last of repeated keys counts, with all below it
		{"a", `{"a":1,"a":2}`, "2"},
		{"a.b", `{"a":{"b":1},"a":{"c":2}}`, "none"},
		{"a.b", `{"a":{"b":1},"a":5}`, "none"},
		{"a[]", `{"a":[1,2],"a":[3]}`, "[3]"},
		{"x[].a", `{"x":[{"a":1,"a":2},{"a":3}]}`, "[2 3]"},
		{"x[].a.b", `{"x":[{"a":{"b":1},"a":{"b":2}},{"a":{"b":3},"a":{}}]}`, "[2]"},
		// escapes
		{"a", `{"\u0061":"\ud83d\ude00\n\/\ud800x"}`, "😀\n/\ufffdx"},
	} {
		if got := found(t, c.data, c.path); got[0] != c.want {
			t.Errorf("%s of %s = %q, want %q", c.path, c.data, got[0], c.want)
		}
	}
}

func TestSlotsForgetTheLastRun(t *testing.T) {
	prog, _ := compile(t, "a", "b[]")
	s := prog.Slots()
	for _, c := range []struct {
		data string
		a    Type
		b    int
	}{{`{"a":1,"b":[1,2]}`, Number, 2}, {`{"c":1}`, Absent, 0}, {`{"a":"x","b":[3]}`, String, 1}} {
		if err := s.Run([]byte(c.data)); err != nil {
			t.Fatal(err)
		}
		n := 0
		for range s.List(1) {
			n++
		}
		if s.Get(0).Type != c.a || n != c.b {
			t.Errorf("%s: a has type %d, b has %d elements", c.data, s.Get(0).Type, n)
		}
	}
}

func TestBadPaths(t *testing.T) {
	for _, s := range []string{"", "a..b", ".a", "a[", "a[x]", "a[-1]", `"a`, `""`, "a]b[", "a[0]b", "a."} {
		if p, err := ParsePath(s); err == nil {
			t.Errorf("path %q was read as %+v", s, p)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	prog, _ := compile(t, "a")
	s := prog.Slots()
	if err := s.Run([]byte(strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth))); err != nil {
		t.Errorf("depth %d: %v", MaxDepth, err)
	}
	if s.Run([]byte(strings.Repeat("[", MaxDepth+1)+strings.Repeat("]", MaxDepth+1))) == nil {
		t.Error("one level too many was read")
	}
	deep := strings.Repeat("[", 1_000_000)
	if s.Run([]byte(deep)) == nil {
		t.Error("a million brackets were read")
	}
}

func TestFieldsAndElements(t *testing.T) {
	var got []string
	for k, v := range Fields([]byte(` { "a" : 1 , "\u0062":[ 1 , {"x":2} ], "c":{}, "d" : "e" }`)) {
		got = append(got, string(k)+"="+v.Text())
	}
	if d := cmp.Diff([]string{"a=1", `b=[ 1 , {"x":2} ]`, "c={}", "d=e"}, got); d != "" {
		t.Error(d)
	}
	got = nil
	for v := range Elements(Of([]byte(`[1, "x" ,{"y":[]} , null]`))) {
		got = append(got, v.Text())
	}
	if d := cmp.Diff([]string{"1", "x", `{"y":[]}`, "null"}, got); d != "" {
		t.Error(d)
	}
}

// oracle walks a value decoded by encoding/json along a path.
func oracle(v any, steps []Step) []any {
	if len(steps) == 0 {
		return []any{v}
	}
	s, rest := steps[0], steps[1:]
	switch s.Kind {
	case Key:
		if m, ok := opened(v).(map[string]any); ok {
			if x, ok := m[s.Name]; ok {
				return oracle(x, rest)
			}
		}
	case Index:
		if l, ok := opened(v).([]any); ok && s.N < len(l) {
			return oracle(l[s.N], rest)
		}
	case All:
		if v = opened(v); v == nil {
			return nil
		}
		l, ok := v.([]any)
		if !ok {
			l = []any{v}
		}
		var out []any
		for _, x := range l {
			out = append(out, oracle(x, rest)...)
		}
		return out
	}
	return nil
}

// opened decodes text that holds an object or a list.
func opened(v any) any {
	s, ok := v.(string)
	if !ok || s == "" || s[0] != '{' && s[0] != '[' {
		return v
	}
	if x, err := decode([]byte(s)); err == nil {
		return x
	}
	return v
}

func decode(data []byte) (any, error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if !json.Valid(data) {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

// same compares an extracted value with a decoded one.
func same(r Raw, v any) bool {
	switch x := v.(type) {
	case nil:
		return r.Type == Null
	case string:
		return r.Type == String && r.Text() == x
	case json.Number:
		return r.Type == Number && r.Text() == x.String()
	case bool:
		return r.Type == Bool && r.Text() == strconv.FormatBool(x)
	case map[string]any:
		return r.Type == Object
	case []any:
		return r.Type == Array
	}
	return false
}

func FuzzExtract(f *testing.F) {
	paths := []string{"a", "a.b", "b.a", "a[]", "a[].b", "b[0]", "b[1].a", "c.a.b", "a[].b[]", `"a.b"`, "a.b.c"}
	for _, s := range []string{
		`{"a":1,"b":[{"a":2},{"a":"x"}]}`, `{"a":{"b":{"c":"\u00e9"}},"a.b":null}`, `{"a":"{\"b\":[1]}","c":{"a":{"b":true}}}`,
		`[1]`, `{"a":1,"a":{"b":2}}`, `{"a":[[1],{"b":[2,3]},{"b":4}]}`, "{\"a\":\"\xff\"}", `{"a":1e5,"b":-0.0}`, `{"a":`, `{"a" : [ ] }`, `"\ud800"`,
	} {
		f.Add([]byte(s))
	}
	prog, list := compile(f, paths...)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := prog.Slots()
		err := s.Run(data)
		want, bad := decode(data)
		if bad != nil {
			if err == nil {
				t.Fatalf("%q is no JSON (%v) but was read", data, bad)
			}
			return
		}
		if err != nil {
			if strings.Count(string(data), "[")+strings.Count(string(data), "{") > MaxDepth {
				return
			}
			t.Fatalf("%q: %v", data, err)
		}
		for i, p := range list {
			exp := oracle(want, p.Steps)
			var got []Raw
			if p.Multi() {
				got = slices.Collect(s.List(i))
			} else if s.Has(i) {
				got = []Raw{s.Get(i)}
			}
			ok := len(got) == len(exp)
			for j := 0; ok && j < len(got); j++ {
				ok = same(got[j], exp[j])
			}
			if !ok {
				t.Fatalf("%s of %q: got %v, want %v", p.Text, data, got, exp)
			}
		}
	})
}

// event is a sign-in of about 1.7 kB in the shape of a System Log.
func event(i int) string {
	return fmt.Sprintf(`{"actor":{"id":"00u%08d","type":"User","alternateId":"worker%d@example.com","displayName":"Worker %d","detailEntry":null},"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36","os":"Mac OS X","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"192.0.2.%d","geographicalContext":{"city":"Springfield","state":"Illinois","country":"United States","postalCode":"62701","geolocation":{"lat":39.8017,"lon":-89.6436}}},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"102%012d"},"displayMessage":"User login to the company portal","eventType":"user.session.start","outcome":{"result":"SUCCESS","reason":null},"published":"2026-03-02T08:%02d:%02d.123Z","securityContext":{"asNumber":64500,"asOrg":"example carrier","isp":"example carrier llc","domain":"example.net","isProxy":false},"severity":"INFO","debugContext":{"debugData":{"deviceFingerprint":"%032x","requestId":"Y%020d","requestUri":"/idp/idx/identify","threatSuspected":"false","url":"/idp/idx/identify?"}},"legacyEventType":"core.user_auth.login_success","transaction":{"type":"WEB","id":"Y%020d","detail":{}},"uuid":"%08x-0000-11ee-8000-000000000000","version":"0","request":{"ipChain":[{"ip":"192.0.2.%d","geographicalContext":{"city":"Springfield","state":"Illinois","country":"United States","postalCode":"62701","geolocation":{"lat":39.8017,"lon":-89.6436}},"version":"V4","source":null}]},"target":[{"id":"0oa%08d","type":"AppInstance","alternateId":"Portal","displayName":"Company Portal","detailEntry":null}]}`,
		i, i, i, i%250, i, i/60%60, i%60, i, i, i, i, i%250, i%7)
}

func BenchmarkExtract(b *testing.B) {
	var events [][]byte
	size := 0
	for i := range 256 {
		events = append(events, []byte(event(i)))
		size += len(events[i])
	}
	prog, _ := compile(b, "uuid", "published", "eventType", "actor.alternateId", "actor.id", "outcome.result", "client.ipAddress", "client.userAgent.rawUserAgent",
		"client.userAgent.os", "client.userAgent.browser", "client.geographicalContext", "securityContext.asNumber", "securityContext.asOrg", "securityContext.isp",
		"securityContext.isProxy", "debugContext.debugData.deviceFingerprint", "authenticationContext.externalSessionId", "target[0].displayName", "request.ipChain[].ip", "device.id")
	b.Run("extract", func(b *testing.B) {
		s := prog.Slots()
		b.SetBytes(int64(size / len(events)))
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := s.Run(events[i%len(events)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(size / len(events)))
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			var m map[string]any
			if err := json.Unmarshal(events[i%len(events)], &m); err != nil {
				b.Fatal(err)
			}
		}
	})
}
