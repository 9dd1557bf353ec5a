package transform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// keyed returns "h:" and 24 hex digits of HMAC-SHA256.
func keyed(key []byte, s string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(s))
	return "h:" + hex.EncodeToString(m.Sum(nil)[:12])
}

// KeyedAccount returns the keyed hash of an account number as the transforms
// account and iban make it, and its last four characters; "" for a number that
// is masked, too short or damaged. It is for sources written in code.
func KeyedAccount(key []byte, number string) (hash, last string) {
	s := normalAccount(number)
	if s == "" {
		return "", ""
	}
	return keyed(key, s), s[max(0, len(s)-4):]
}

// normalAccount strips separators and leading signs and returns "" for a number
// of which digits are masked: its hash would be that of many accounts.
func normalAccount(s string) string {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u00a0-./'", r) {
			return -1
		}
		return r
	}, s))
	if len(s) < 4 || strings.ContainsAny(s, "*•#…") || strings.Contains(s, "XXX") {
		return ""
	}
	return s
}

func account(c *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok || scientific(s) {
		return Implausible
	}
	n := normalAccount(s)
	if n == "" {
		*v = Value{}
		return Unread
	}
	*v = Value{Type: Text, Text: keyed(c.Key, n), Secret: true}
	return ""
}

// iban checks the check digits of ISO 13616 and hashes as account does.
func iban(c *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok || scientific(s) {
		return Implausible
	}
	n := normalAccount(s)
	if n == "" {
		*v = Value{}
		return Unread
	}
	if !ValidIBAN(n) {
		return Implausible
	}
	*v = Value{Type: Text, Text: keyed(c.Key, n), Secret: true}
	return ""
}

// ValidIBAN reports whether s (without spaces, upper case) has the form and the
// check digits of an IBAN.
func ValidIBAN(s string) bool {
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		switch {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	country := s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
	return country && rest == 1
}

// aba reads a routing number, whose leading zeros spreadsheets lose, and checks
// its check digit (weights 3, 7, 1).
func aba(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok || scientific(s) {
		return Implausible
	}
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, s)
	if len(s) >= 7 && len(s) < 9 {
		s = strings.Repeat("0", 9-len(s)) + s
	}
	if !ValidABA(s) {
		return Implausible
	}
	*v = TextValue(s)
	return ""
}

// ValidABA reports whether s is nine digits whose check digit is right.
func ValidABA(s string) bool {
	if len(s) != 9 {
		return false
	}
	sum := 0
	for i, w := range [...]int{3, 7, 1, 3, 7, 1, 3, 7, 1} {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += w * int(s[i]-'0')
	}
	return sum%10 == 0 && s != "000000000"
}

func last4(_ *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok || scientific(s) {
		return Implausible
	}
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u00a0-./'", r) {
			return -1
		}
		return r
	}, s))
	tail := s[max(0, len(s)-4):]
	if strings.ContainsAny(tail, "*•#…") || len(tail) < 4 {
		*v = Value{}
		return Unread
	}
	*v = TextValue(tail)
	return ""
}

func secret(c *Ctx, v *Value) Reason {
	s, ok := text(v)
	if !ok {
		*v = Value{}
		return Unread
	}
	*v = Value{Type: Text, Text: keyed(c.Key, s), Secret: true}
	return ""
}
