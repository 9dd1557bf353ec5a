package stix

import "strings"

// mispValues returns what an attribute names; nil if it is no value that is
// compared. object and relation are those of the MISP object it is part of.
func mispValues(kind, object, relation, value string) []Value {
	first, second, both := strings.Cut(value, "|")
	switch kind {
	case "ip-src|port", "ip-dst|port", "hostname|port":
		return hosts(first)
	case "domain|ip":
		return append(hosts(first), hosts(second)...)
	}
	if _, hash, ok := strings.Cut(kind, "filename|"); ok && both && hashKind(hash) {
		return one("hash", strings.ToLower(second))
	}
	switch kind {
	case "ip-src", "ip-dst", "ip", "hostname", "domain":
		return hosts(value)
	case "url", "uri":
		return one("url", value)
	case "email", "email-src", "email-dst", "email-reply-to", "target-email", "whois-registrant-email", "dns-soa-email", "eppn", "jabber-id":
		return one("email", strings.ToLower(value))
	case "phone-number", "whois-registrant-phone", "prtn":
		return one("phone", value)
	case "github-username":
		return named("github", value)
	case "twitter-id":
		return named("twitter", value)
	case "btc", "xmr", "dash":
		return one("wallet", value)
	case "iban", "bank-account-nr":
		return one("account", value)
	case "full-name", "whois-registrant-name":
		return one("name", value)
	case "AS":
		return one("asn", strings.TrimPrefix(strings.ToUpper(value), "AS"))
	case "text":
		return inObject(object, relation, value)
	}
	if hashKind(kind) {
		return one("hash", strings.ToLower(value))
	}
	return nil
}

// inObject reads the texts of objects whose relation says what they are.
func inObject(object, relation, value string) []Value {
	switch {
	case relation == "username" || relation == "user-id" && object == "user-account" || relation == "screen-name":
		v := named("", value)
		if v != nil && (object == "telegram-account" || object == "github-user" || object == "twitter-account" || object == "gitlab-user") {
			v[0].Provider = strings.SplitN(object, "-", 2)[0]
		}
		return v
	case relation == "telegram" || object == "telegram-account" && relation == "id":
		return named("telegram", value)
	case object == "bank-account" && (relation == "account" || relation == "iban"):
		return one("account", value)
	case object == "coin-address" && relation == "address":
		return one("wallet", value)
	case object == "device" && relation == "serial-number", relation == "serial-number":
		return one("device_serial", value)
	case relation == "software" || object == "software" && relation == "name":
		return one("tool", value)
	}
	return nil
}

func one(kind, value string) []Value {
	if value = strings.TrimSpace(value); value == "" {
		return nil
	}
	return []Value{{Type: kind, Value: value}}
}

func named(network, value string) []Value {
	if value = strings.TrimSpace(value); value == "" {
		return nil
	}
	return []Value{{Type: "username", Value: value, Provider: network}}
}

func hosts(s string) []Value {
	kind, value := classed(s)
	if kind == "" {
		return nil
	}
	return []Value{{Type: kind, Value: value}}
}

func hashKind(kind string) bool {
	switch kind {
	case "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512/224", "sha512/256", "sha3-224", "sha3-256", "sha3-384", "sha3-512":
		return true
	}
	return false
}

// levels of the MISP taxonomy "misp", predicate confidence-level, in per cent.
var confidenceLevels = map[string]float64{
	"completely-confident": 100, "usually-confident": 75, "fairly-confident": 50, "rarely-confident": 25, "unconfident": 0,
}

// tags reads marking, grade, confidence and ownership out of tags; the others
// become labels.
func (i *Indicator) tags(list []tag) {
	reliability, credibility := "", ""
	for _, t := range list {
		name := strings.TrimSpace(t.Name)
		low := strings.ToLower(name)
		_, value, _ := strings.Cut(low, "=")
		value = strings.Trim(value, `"`)
		switch {
		case strings.HasPrefix(low, "tlp:"):
			i.TLP = stricter(i.TLP, marking(low))
		case strings.HasPrefix(low, "admiralty-scale:source-reliability="):
			reliability = strings.ToUpper(value)
		case strings.HasPrefix(low, "admiralty-scale:information-credibility="):
			credibility = value
		case strings.HasPrefix(low, "misp:confidence-level="):
			if c, ok := confidenceLevels[value]; ok {
				i.Confidence = &c
			}
		case victimLabel(low):
			yes := true
			i.Victim = &yes
		case name != "":
			i.Labels = append(i.Labels, name)
		}
	}
	if len(reliability) == 1 && reliability >= "A" && reliability <= "F" && len(credibility) == 1 && credibility >= "1" && credibility <= "6" {
		i.Grade = reliability + credibility
	}
}
