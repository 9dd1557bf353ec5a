package stix

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestValues(t *testing.T) {
	tests := []struct {
		name, pattern string
		want          []Value
		left          string // part of what is left; "" for nothing
	}{
		{"address", `[ipv4-addr:value = '198.51.100.7']`, []Value{{"ip", "198.51.100.7", ""}}, ""},
		{"network", `[ipv4-addr:value = '198.51.100.0/24']`, []Value{{"cidr", "198.51.100.0/24", ""}}, ""},
		{"single network", `[ipv6-addr:value = '2001:DB8::7/128']`, []Value{{"ip", "2001:db8::7", ""}}, ""},
		{"subset", `[ipv4-addr:value ISSUBSET '203.0.113.0/24']`, []Value{{"cidr", "203.0.113.0/24", ""}}, ""},
		{"or", `[domain-name:value = 'A.Example.org' OR ipv4-addr:value = '198.51.100.7']`, []Value{{"domain", "a.example.org", ""}, {"ip", "198.51.100.7", ""}}, ""},
		{"observations", `[url:value = 'https://example.org/a'] AND [email-addr:value = 'X@Example.org']`, []Value{{"url", "https://example.org/a", ""}, {"email", "x@example.org", ""}}, ""},
		{"brackets", `([file:hashes.'SHA-256' = 'AB12'] OR [file:hashes.MD5 = 'cd'])`, []Value{{"hash", "ab12", ""}, {"hash", "cd", ""}}, ""},
		{"set", `[email-addr:value IN ('a@example.org', 'b@example.org')]`, []Value{{"email", "a@example.org", ""}, {"email", "b@example.org", ""}}, ""},
		{"port is a detail", `[ipv4-addr:value = '198.51.100.7' AND network-traffic:dst_port = 443]`, []Value{{"ip", "198.51.100.7", ""}}, ""},
		{
			"network of a user name", `[user-account:account_type = 'GitHub' AND user-account:account_login = 'octo'] OR [user-account:user_id = 'octo2']`,
			[]Value{{"username", "octo", "github"}, {"username", "octo2", ""}},
			"",
		},
		{"escaped", `[software:name = 'Bob\'s tool']`, []Value{{"tool", "Bob's tool", ""}}, ""},
		{"asn", `[autonomous-system:number = 64500]`, []Value{{"asn", "64500", ""}}, ""},
		{"ends of a connection", `[network-traffic:dst_ref.value = 'c2.example.org']`, []Value{{"domain", "c2.example.org", ""}}, ""},
		{"exception", `[ipv4-addr:value = '198.51.100.7' AND ipv4-addr:value != '198.51.100.8']`, []Value{{"ip", "198.51.100.7", ""}}, "exception"},
		{"negated", `[domain-name:value NOT = 'a.example.org']`, nil, "exception"},
		{"regular expression", `[email-message:from_ref.value MATCHES '.+@example\\.org$']`, nil, "not an equality"},
		{"file name", `[file:name = 'a.exe']`, nil, "no kind of value"},
		{"no address", `[ipv4-addr:value = 'here']`, nil, "no kind of value"},
		{"no domain", `[domain-name:value = 'domain a.example.org']`, nil, "no kind of value"},
		{"exists", `[EXISTS windows-registry-key:values]`, nil, "not an equality"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, err := ParsePattern(tt.pattern)
			if err != nil {
				t.Fatal(err)
			}
			got, left := Values(list)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			if text := strings.Join(left, "; "); (tt.left == "") != (text == "") || !strings.Contains(text, tt.left) {
				t.Errorf("left: %q, want %q", text, tt.left)
			}
		})
	}
}

func TestPatternErrors(t *testing.T) {
	tests := []struct{ name, pattern, want string }{
		{"empty", ``, "not a pattern"},
		{"prose", `look for this`, "not a pattern"},
		{"open", `[ipv4-addr:value = '198.51.100.7'`, "] is missing"},
		{"open text", `[url:value = 'x]`, "does not end"},
		{"no value", `[url:value = ]`, "a value is missing"},
		{"no operator", `[url:value 'x']`, "an operator is missing"},
		{"ordered", `[url:value = 'x'] FOLLOWEDBY [url:value = 'y']`, "FOLLOWEDBY"},
		{"within", `[url:value = 'x'] WITHIN 5 SECONDS`, "WITHIN"},
		{"behind", `[url:value = 'x'] ]`, "unexpected"},
		{"deep", strings.Repeat("(", 40) + `[url:value = 'x']`, "too deep"},
		{"long", "[url:value = '" + strings.Repeat("x", maxPattern) + "']", "too long"},
		{"sign", `[url:value = #]`, "unexpected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParsePattern(tt.pattern); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{`[ipv4-addr:value = '198.51.100.7']`, `[a:b IN ('x', 2)] AND ([c:d.'e f'[0] NOT = t'2026-01-01T00:00:00Z'])`, `[EXISTS a:b]`, `[x:y LIKE`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := ParsePattern(s)
		if err != nil && list != nil {
			t.Error("tests beside an error")
		}
		values, left := Values(list)
		if err == nil && len(list) > 0 && len(values) == 0 && len(left) == 0 {
			for _, c := range list {
				if !detail(c) && len(c.Values) > 0 {
					t.Errorf("%s came to nothing in silence", c)
				}
			}
		}
	})
}
