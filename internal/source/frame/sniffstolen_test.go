package frame

import (
	"strings"
	"testing"
)

func TestStolenText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"combined", "https://www.upwork.com/login:anna@mail.example.com:kept!out1\nvpn.example.com:8443/a:pia.sander:kept:out\nandroid://c2VjcmV0@com.example.app/:x:y\nhttps://example.net:a.b@mail.example.com:kept", combinedWhy},
		{"without scheme", "example.net:anna@mail.example.com:kept\nexample.org/x:pia:out\nexample.com:b:kept", combinedWhy},
		{"raw log", "URL: https://example.com/\nUSER: anna\nPASS: kept out\n===============\nURL: https://example.net/\nUSER: pia\nPASS: kept\n===============", rawLogWhy},
		{"hosts and ports", "example.com:443\nexample.net:8080\nexample.org:22\nexample.com:80", ""},
		{"table", "site;login;date\nexample.com;anna;2026-06-10\nexample.net;pia;2026-06-11\nexample.net;x;2026-06-11", ""},
		{"résumé", "Anna Berg\nURL: https://example.com/anna\nEngineer, 2019 to 2024\nPassed the exam in 2018", ""},
	} {
		if got := stolenText(strings.Split(c.text, "\n")); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
