package screen

import (
	"net/url"
	"strings"

	"muster/internal/match"
	"muster/internal/record"
)

// canonical brings a value of a type of indicator into the form in which it is
// compared; "" if it can be no such value.
func canonical(kind, s string) string {
	s = strings.TrimSpace(refang(s))
	switch kind {
	case "email":
		key, _ := match.Email(s)
		return key
	case "domain":
		return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(s), "www."), ".")
	case "phone":
		return phone(record.Phone{Raw: s})
	case "url":
		return match.URL(record.URL{URL: s})
	case "username":
		return strings.ToLower(strings.TrimPrefix(s, "@"))
	case "wallet":
		return wallet(s)
	case "device_serial":
		return strings.ToUpper(s)
	case "hash":
		return strings.ToLower(s)
	}
	return s
}

// fangs are the usual ways of writing the signs of an address so that it cannot
// be clicked.
var fangs = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".", "[@]", "@", "[at]", "@", "[:]", ":", `\.`, ".")

// refang undoes the usual ways of making an address unclickable.
func refang(s string) string {
	if !strings.ContainsAny(s, "[(xX\\") {
		return s
	}
	s = fangs.Replace(s)
	for _, scheme := range []string{"hxxp", "hXXp"} {
		if rest, ok := strings.CutPrefix(s, scheme); ok {
			return "http" + rest
		}
	}
	return s
}

// phone is E.164; numbers that state no country are not compared.
func phone(p record.Phone) string {
	if key := match.Phone(p); strings.HasPrefix(key, "+") {
		return key
	}
	return ""
}

// wallet is the address as it is, in lower case where the chain ignores case:
// hexadecimal ones and bech32 (BIP 173).
func wallet(s string) string {
	low := strings.ToLower(s)
	if strings.HasPrefix(low, "0x") || strings.HasPrefix(low, "bc1") || strings.HasPrefix(low, "ltc1") {
		return low
	}
	return s
}

// host returns the host of a URL, "" if there is none.
func host(s string) string {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	return u.Hostname()
}

// masked shows the end of a value only.
func masked(s string, keep int) string {
	if len(s) <= keep {
		return s
	}
	return "…" + s[len(s)-keep:]
}
