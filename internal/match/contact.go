package match

import (
	"net/url"
	"strings"

	"muster/internal/record"
)

// Email returns the canonical form of an e-mail address: lower case, without
// "+tag", for Gmail without dots and under gmail.com (A04). It reports whether s
// is an address at all.
func Email(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "mailto:")
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || strings.ContainsAny(s, " \t<>,;") {
		return "", false
	}
	local, domain := s[:at], strings.TrimSuffix(s[at+1:], ".")
	if i := strings.IndexByte(local, '+'); i > 0 {
		local = local[:i]
	}
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if domain == "gmail.com" && strings.Trim(local, ".") != "" {
		local = strings.ReplaceAll(local, ".", "")
	}
	if domain == "" {
		return "", false
	}
	return local + "@" + domain, true
}

// EmailLocal returns what stands before the @.
func EmailLocal(address string) string {
	return address[:max(strings.LastIndexByte(address, '@'), 0)]
}

// EmailDomain returns what stands behind the @, "" if there is none.
func EmailDomain(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return address[at+1:]
}

// MaskEmail returns an address as it may be shown: its first letter and domain.
func MaskEmail(address string) string {
	local := EmailLocal(address)
	for _, r := range local {
		return string(r) + "…@" + EmailDomain(address)
	}
	return "…@" + EmailDomain(address)
}

// publicMail are providers of which everybody can get an address.
var publicMail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "live.com": true, "msn.com": true,
	"yahoo.com": true, "ymail.com": true, "icloud.com": true, "me.com": true, "mac.com": true, "aol.com": true,
	"proton.me": true, "protonmail.com": true, "pm.me": true, "gmx.de": true, "gmx.net": true, "gmx.com": true, "web.de": true,
	"t-online.de": true, "mail.com": true, "mail.ru": true, "yandex.ru": true, "yandex.com": true, "zoho.com": true,
	"fastmail.com": true, "tutanota.com": true, "tuta.io": true, "qq.com": true, "163.com": true, "126.com": true,
	"naver.com": true, "daum.net": true, "wp.pl": true, "o2.pl": true, "onet.pl": true, "interia.pl": true, "orange.fr": true,
	"free.fr": true, "laposte.net": true, "libero.it": true, "seznam.cz": true, "hey.com": true, "duck.com": true,
}

// PublicMail reports whether everybody can get an address under the domain.
func PublicMail(domain string) bool { return publicMail[strings.ToLower(domain)] }

// Phone returns a key that is equal for equal numbers: E.164 where it could be
// read, else the digits of a number of eight or more digits, else "".
func Phone(p record.Phone) string {
	if p.E164 != "" {
		return p.E164
	}
	raw := strings.TrimSpace(p.Raw)
	digits := Digits(raw)
	if len(digits) < 8 || len(digits) > 15 {
		return ""
	}
	switch {
	case strings.HasPrefix(raw, "+"):
		return "+" + digits
	case strings.HasPrefix(digits, "00"):
		return "+" + digits[2:]
	}
	return "national " + digits
}

// MaskPhone returns a number as it may be shown: its last three digits.
func MaskPhone(key string) string { return "phone ending " + key[max(len(key)-3, 0):] }

// Digits returns the ASCII digits of s.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// URL returns a key for a personal profile or site: host without "www." and path
// in lower case without a trailing slash. A bare site of a network is no profile
// and gives "".
func URL(u record.URL) string {
	raw := strings.TrimSpace(u.URL)
	if raw == "" {
		return ""
	}
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	p, err := url.Parse(raw)
	if err != nil || p.Host == "" {
		return ""
	}
	host := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(p.Hostname()), "www."), "m.")
	if strings.HasSuffix(host, ".linkedin.com") {
		host = "linkedin.com" // country sites show the same profile
	}
	path := strings.ToLower(strings.TrimRight(p.Path, "/"))
	if bareNetworks[host] && (path == "" || path == "/in") {
		return ""
	}
	return host + path
}

// bareNetworks are sites where only a path names a person.
var bareNetworks = map[string]bool{
	"linkedin.com": true, "github.com": true, "gitlab.com": true, "upwork.com": true, "t.me": true, "twitter.com": true,
	"x.com": true, "stackoverflow.com": true, "facebook.com": true, "bitbucket.org": true, "medium.com": true, "google.com": true,
}
