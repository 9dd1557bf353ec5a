package intel

import "strings"

type network struct{ kind, name string }

// why says, per kind of network, why its addresses tell little about one person.
var why = map[string]string{
	"carrier": "mobile carrier", "satellite": "satellite", "inflight": "in-flight network", "relay": "private relay", "sase": "company security gateway",
}

// orgs are words in the names of networks, as sign-in logs print them. Private
// relays and security gateways also run in networks with other numbers.
var orgs = []struct{ words, why string }{
	{"icloud private relay", "private relay"},
	{"private relay", "private relay"},
	{"cloudflare warp", "private relay"},
	{"zscaler", "company security gateway"},
	{"netskope", "company security gateway"},
	{"prisma access", "company security gateway"},
	{"palo alto networks", "company security gateway"},
	{"iboss", "company security gateway"},
	{"cato networks", "company security gateway"},
	{"forcepoint", "company security gateway"},
	{"cisco umbrella", "company security gateway"},
	{"opendns", "company security gateway"},
	{"starlink", "satellite"},
	{"spacex", "satellite"},
	{"viasat", "satellite"},
	{"hughes network", "satellite"},
	{"hughesnet", "satellite"},
	{"gogo", "in-flight network"},
	{"inflight", "in-flight network"},
	{"in-flight", "in-flight network"},
	{"panasonic avionics", "in-flight network"},
	{"anuvu", "in-flight network"},
	{"onair", "in-flight network"},
	{"intelsat", "in-flight network"},
}

// mobile are words that only mobile carriers have in their names.
var mobile = map[string]bool{
	"mobile": true, "wireless": true, "cellular": true, "cellco": true, "mobil": true, "mobiles": true, "mobility": true, "movil": true, "moviles": true,
	"móvil": true, "móviles": true, "movel": true, "móvel": true, "mobilfunk": true, "mobilna": true, "mobifone": true, "pcs": true, "gsm": true, "lte": true,
	"umts": true, "4g": true, "5g": true, "telcel": true, "docomo": true, "vodacom": true, "telkomsel": true,
}

// Carrier tells whether a network hands one address to many people or follows a
// moving person: mobile carriers, satellite, in-flight, private relays and the
// gateways of company security services. Asn is 0 if unknown.
func (s *Set) Carrier(asn int64, org string) (reason string, ok bool) {
	if n, found := s.networks[asn]; found && n.kind != "hosting" {
		return why[n.kind] + " (" + n.name + ")", true
	}
	folded := strings.ToLower(org)
	for _, o := range orgs {
		if strings.Contains(folded, o.words) {
			return o.why, true
		}
	}
	for _, w := range words(org) {
		if mobile[w] {
			return "mobile carrier", true
		}
	}
	return "", false
}

// hosters are words in the names of networks that rent servers.
var hosters = []string{"hosting", "datacenter", "data center", "datacentre", "colocation", "dedicated server", "vps", "cloud server", "servers.com", "virtual server"}

// Hosting tells whether a network rents servers: a person at home never has such
// an address, a tunnel or a virtual desktop does. Asn is 0 if unknown.
func (s *Set) Hosting(asn int64, org string) bool {
	if n, ok := s.networks[asn]; ok {
		return n.kind == "hosting"
	}
	folded := strings.ToLower(org)
	for _, w := range hosters {
		if strings.Contains(folded, w) {
			return true
		}
	}
	return false
}

type signInHost struct{ vendor, shows string }

// generic are first labels that name no customer.
var generic = map[string]bool{
	"www": true, "login": true, "help": true, "support": true, "trust": true, "status": true, "developer": true, "developers": true, "admin": true,
	"portal": true, "api": true, "app": true, "sso": true, "id": true, "identity": true, "learn": true, "docs": true, "account": true, "accounts": true,
	"auth": true, "static": true, "cdn": true, "okta": true, "onelogin": true, "jamf": true, "kandji": true, "demo": true, "signin": true, "my": true, "jn": true,
}

// SSODomain takes a host apart that belongs to one organisation's sign-in or
// device management, such as acme.okta.com: the organisation's label there and
// the vendor. Ok is false for all other hosts, for hosts that name no
// organisation and for developers' trial organisations.
func (s *Set) SSODomain(host string) (tenant, vendor string, ok bool) {
	host = hostOf(host)
	for rest := host; ; {
		label, tail, more := strings.Cut(rest, ".")
		if !more {
			return "", "", false
		}
		if h, found := s.hosts[tail]; found {
			tenant = strings.TrimSuffix(label, "-admin")
			if tenant == "" || generic[tenant] || strings.HasPrefix(tenant, "dev-") || strings.HasPrefix(tenant, "trial-") || strings.HasPrefix(tenant, "integrator-") {
				return "", "", false
			}
			return tenant, h.vendor, true
		}
		rest = tail
	}
}

// Host returns a canonical name for a host that belongs to one organisation's
// sign-in or device management, for counting how many devices use it.
func (s *Set) Host(host string) (canonical string, ok bool) {
	tenant, vendor, ok := s.SSODomain(host)
	if !ok {
		return "", false
	}
	return vendor + " of " + tenant, true
}
