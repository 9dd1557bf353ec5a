package screen

import (
	"strings"
)

// canonical brings a value of a type of indicator into the form in which it is
// compared; "" if it can be no such value.
func canonical(kind, s string) string {
	s = strings.TrimSpace(refang(s))
	switch kind {
	case "email":
		return email(s)
	case "domain":
		return strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(s), "www."), ".")
	case "phone":
		return phone(s)
	case "url":
		return link(s)
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

// refang undoes the usual ways of making an address unclickable.
func refang(s string) string {
	if !strings.ContainsAny(s, "[(xX\\") {
		return s
	}
	s = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".", "[@]", "@", "[at]", "@", "[:]", ":", `\.`, ".").Replace(s)
	for _, scheme := range []string{"hxxp", "hXXp"} {
		if rest, ok := strings.CutPrefix(s, scheme); ok {
			return "http" + rest
		}
	}
	return s
}

// email is the address in lower case without +tag; Google's mail ignores dots.
func email(s string) string {
	local, domain, ok := strings.Cut(strings.ToLower(s), "@")
	local, _, _ = strings.Cut(local, "+")
	if !ok || local == "" || domain == "" {
		return ""
	}
	if domain == "gmail.com" || domain == "googlemail.com" {
		local, domain = strings.ReplaceAll(local, ".", ""), "gmail.com"
	}
	return local + "@" + domain
}

// phone is E.164; numbers that state no country are not compared.
func phone(s string) string {
	plus := strings.HasPrefix(s, "+")
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if d, ok := strings.CutPrefix(digits, "00"); ok && !plus {
		digits, plus = d, true
	}
	if !plus || len(digits) < 7 || len(digits) > 15 { // ITU-T E.164: at most 15 digits
		return ""
	}
	return "+" + digits
}

// link is a URL without scheme, "www.", query, fragment and final slash, in lower case.
func link(s string) string {
	s = strings.ToLower(s)
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	s, _, _ = strings.Cut(s, "#")
	s, _, _ = strings.Cut(s, "?")
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/")
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
	h, _, _ := strings.Cut(link(s), "/")
	h, _, _ = strings.Cut(h, ":")
	if !strings.Contains(h, ".") {
		return ""
	}
	return h
}

// masked shows the end of a value only.
func masked(s string, keep int) string {
	if len(s) <= keep {
		return s
	}
	return "…" + s[len(s)-keep:]
}
