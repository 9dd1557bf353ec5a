package transform

import (
	"strings"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Names returns the names of all transforms in the order of the documentation.
func Names() []string {
	return []string{
		"lower", "upper", "trim", "nfc", "fold", "email", "email_or_login", "phone", "ip", "ip_list", "int", "float", "bool", "money",
		"time", "epoch_s", "epoch_ms", "epoch_ns", "date", "country", "account", "last4", "iban", "aba", "secret", "usb_id", "pnp_id", "edid", "mac",
		"split", "at", "count", "json", "params", "url", "geo_okta", "geo_entra", "geo_plain", "address", "handle", "org", "party",
		"user_agent", "regex", "default", "const",
	}
}

// specs is the closed list. It is a function and not a table, so that no package
// state exists that could be changed.
func specs(name string) (spec, bool) {
	for _, group := range []func(string) (spec, bool){textSpecs, valueSpecs, moneySpecs, shapeSpecs} {
		if s, ok := group(name); ok {
			return s, true
		}
	}
	return spec{}, false
}

func textSpecs(name string) (spec, bool) {
	switch name {
	case "lower":
		return spec{in: texts, out: Text, run: onText(strings.ToLower)}, true
	case "upper":
		return spec{in: texts, out: Text, run: onText(strings.ToUpper)}, true
	case "trim":
		return spec{in: texts, out: Text, run: onText(trim)}, true
	case "nfc":
		return spec{in: texts, out: Text, run: onText(norm.NFC.String)}, true
	case "fold":
		return spec{in: texts, out: Text, run: onText(width.Fold.String)}, true
	case "email":
		return spec{in: texts, out: Text, run: email}, true
	case "email_or_login":
		return spec{in: texts, out: Text, run: emailOrLogin}, true
	case "handle":
		return spec{in: append([]Type{Int, IP, Phone}, texts...), out: Handle, arg: mayArg, build: buildHandle}, true
	case "org":
		return spec{in: texts, out: Text, run: onText(organisation)}, true
	case "party":
		return spec{in: texts, out: Text, run: party}, true
	case "country":
		return spec{in: texts, out: Text, run: country}, true
	case "user_agent":
		return spec{in: texts, out: Text, arg: mustArg, build: buildUserAgent}, true
	case "regex":
		return spec{in: texts, out: Text, arg: mustArg, build: buildRegex}, true
	case "url":
		return spec{in: texts, out: URL, run: link}, true
	}
	return spec{}, false
}

func valueSpecs(name string) (spec, bool) {
	times := append([]Type{Time, Date}, texts...)
	switch name {
	case "phone":
		return spec{in: texts, out: Phone, arg: mayArg, build: buildPhone}, true
	case "ip":
		return spec{in: append([]Type{JSON}, texts...), out: IP, run: ip}, true
	case "ip_list":
		return spec{in: append([]Type{JSON}, texts...), out: IP, run: ipList}, true
	case "mac":
		return spec{in: texts, out: Text, run: mac}, true
	case "usb_id":
		return spec{in: texts, out: Text, arg: mayArg, build: buildUSB}, true
	case "pnp_id":
		return spec{in: texts, out: Text, run: pnpID}, true
	case "edid":
		return spec{in: texts, out: Text, arg: mustArg, build: buildEDID}, true
	case "int":
		return spec{in: append([]Type{Float, Bool}, texts...), out: Int, run: integer}, true
	case "float":
		return spec{in: append([]Type{Int}, texts...), out: Float, run: float}, true
	case "bool":
		return spec{in: append([]Type{Int}, texts...), out: Bool, run: boolean}, true
	case "time":
		return spec{in: times, out: Time, arg: mayArg, dates: true, build: buildTime}, true
	case "date":
		return spec{in: times, out: Date, dates: true, run: date}, true
	case "epoch_s":
		return spec{in: texts, out: Time, run: epoch(1e9)}, true
	case "epoch_ms":
		return spec{in: texts, out: Time, run: epoch(1e6)}, true
	case "epoch_ns":
		return spec{in: texts, out: Time, run: epoch(1)}, true
	}
	return spec{}, false
}

func moneySpecs(name string) (spec, bool) {
	switch name {
	case "money":
		return spec{in: texts, out: Float, run: money}, true
	case "account":
		return spec{in: texts, out: Text, run: account}, true
	case "iban":
		return spec{in: texts, out: Text, run: iban}, true
	case "aba":
		return spec{in: texts, out: Text, run: aba}, true
	case "last4":
		return spec{in: texts, out: Text, run: last4}, true
	case "secret":
		return spec{in: texts, out: Text, run: secret}, true
	}
	return spec{}, false
}

func shapeSpecs(name string) (spec, bool) {
	switch name {
	case "split":
		return spec{in: texts, out: Text, arg: mustArg, build: buildSplit}, true
	case "at":
		return spec{in: jsons, out: Scalar, whole: true, arg: mustArg, build: buildAt}, true
	case "count":
		return spec{in: jsons, out: Int, whole: true, run: count}, true
	case "json":
		return spec{in: jsons, out: Scalar, arg: mayArg, build: buildJSON}, true
	case "params":
		return spec{in: jsons, out: Scalar, whole: true, arg: mustArg, build: buildParams}, true
	case "geo_okta", "geo_entra", "geo_plain":
		return spec{in: jsons, out: Place, run: geo}, true
	case "address":
		return spec{in: jsons, out: Address, run: address}, true
	case "default":
		return spec{in: any1, out: Text, absent: true, whole: true, arg: mustArg, build: buildDefault}, true
	case "const":
		return spec{in: any1, out: Text, arg: mustArg, build: buildConst}, true
	}
	return spec{}, false
}
