package identity

import "slices"

// Anonymiser reports whether the hit is with a list of addresses of a VPN, proxy
// or hosting provider. Such a list says how somebody reaches the internet, not
// that they were named in a case.
func (h *Hit) Anonymiser() bool {
	if h.Indicator == nil {
		return false
	}
	switch h.Indicator.Type {
	case "anonymiser":
		return true
	case "ip", "cidr":
		return h.Indicator.Provider != "" || slices.ContainsFunc(h.Indicator.Labels, func(l string) bool { return providerLabels[l] })
	}
	return false
}

var providerLabels = map[string]bool{
	"vpn": true, "anonymiser": true, "anonymizer": true, "proxy": true, "residential_proxy": true, "tor": true, "hosting": true,
}
