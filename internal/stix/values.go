package stix

import (
	"strings"
)

// Value is what one test of a pattern names.
type Value struct{ Type, Value, Provider string }

// Values returns what the equality tests of a pattern name, and the tests that
// name nothing that can be compared, with the reason. Tests joined by AND count
// one by one: an address with a port is still that address.
func Values(list []Comparison) (values []Value, left []string) {
	for _, c := range list {
		switch {
		case c.Not || c.Op == "!=":
			left = append(left, c.String()+": an exception")
			continue
		case detail(c):
			continue
		case c.Op != "=" && c.Op != "IN" && (c.Op != "ISSUBSET" || kindOf(c) != "network"):
			left = append(left, c.String()+": not an equality")
			continue
		}
		for _, s := range c.Values {
			v := Value{Type: kindOf(c), Value: strings.TrimSpace(s)}
			switch v.Type {
			case "network", "host":
				v.Type, v.Value = classed(s)
			case "domain", "hash", "email":
				v.Value = strings.ToLower(v.Value)
			case "asn":
				v.Value = strings.TrimPrefix(strings.ToUpper(v.Value), "AS")
			case "username":
				v.Provider = accountType(list, c.Chain)
			}
			if v.Type == "" || v.Value == "" || v.Type == "domain" && !strings.Contains(v.Value, ".") || v.Type == "email" && !strings.Contains(v.Value, "@") {
				left = append(left, c.String()+": no kind of value that is compared")
				continue
			}
			values = append(values, v)
		}
	}
	return values, left
}

// detail reports whether a test only narrows another one of its chain.
func detail(c Comparison) bool {
	switch c.Object + ":" + c.Path {
	case "user-account:account_type", "network-traffic:dst_port", "network-traffic:src_port", "file:size", "file:mime_type",
		"x509-certificate:issuer", "bank-account:account_type", "cryptocurrency-wallet:currency_type":
		return true
	}
	return strings.HasPrefix(c.Path, "protocols")
}

// accountType returns the network that a test of the same chain names.
func accountType(list []Comparison, chain int) string {
	for _, c := range list {
		if c.Chain == chain && c.Object == "user-account" && c.Path == "account_type" && c.Op == "=" && !c.Not && len(c.Values) == 1 {
			return strings.ToLower(c.Values[0])
		}
	}
	return ""
}

// kindOf returns the kind of value that a property holds, "" if it is none that is
// compared. The objects that STIX lacks (telephone numbers, wallets, accounts) go
// by the names that OpenCTI and the OASIS extensions use.
func kindOf(c Comparison) string {
	last := c.Path[strings.LastIndexByte(c.Path, '.')+1:]
	switch c.Object {
	case "ipv4-addr", "ipv6-addr":
		if c.Path == "value" {
			return "network"
		}
	case "network-traffic":
		if last == "value" && (strings.HasPrefix(c.Path, "dst_ref") || strings.HasPrefix(c.Path, "src_ref")) {
			return "host"
		}
	case "domain-name", "hostname", "x-opencti-hostname":
		if c.Path == "value" {
			return "host"
		}
	case "url":
		if c.Path == "value" {
			return "url"
		}
	case "email-addr":
		if c.Path == "value" {
			return "email"
		}
	case "email-message":
		if last == "value" && (strings.Contains(c.Path, "from_ref") || strings.Contains(c.Path, "sender_ref")) {
			return "email"
		}
	case "user-account":
		if c.Path == "account_login" || c.Path == "user_id" || c.Path == "display_name" {
			return "username"
		}
	case "file", "artifact":
		if strings.HasPrefix(c.Path, "hashes.") {
			return "hash"
		}
	case "autonomous-system":
		if c.Path == "number" {
			return "asn"
		}
	case "software", "tool":
		if c.Path == "name" {
			return "tool"
		}
	case "process":
		if c.Path == "name" {
			return "tool"
		}
	case "phone-number", "x-opencti-phone-number", "x-phone-number":
		return "phone"
	case "cryptocurrency-wallet", "x-opencti-cryptocurrency-wallet", "x-cryptocurrency-wallet":
		if c.Path == "value" || c.Path == "address" {
			return "wallet"
		}
	case "bank-account", "x-opencti-bank-account":
		if last == "iban" || last == "account_number" || last == "value" {
			return "account"
		}
	}
	return ""
}
