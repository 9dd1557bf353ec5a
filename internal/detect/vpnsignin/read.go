package vpnsignin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"muster/internal/baseline"
	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/signal"
)

// reader is one persona's sign-ins by the way they came.
type reader struct {
	pass    *detect.Pass
	x       *identity.Persona
	hits    map[string]*identity.Hit // by address
	tunnels map[way]*tunnel
	plain   []int // rows from ordinary lines
	told    bool  // the log says something about networks
}

// way is a service or network, and who says what it is. The zero way is an
// ordinary line.
type way struct {
	signal  signal.ID
	name    string
	why     string
	vendor  bool // the log itself calls it a VPN, proxy or the like
	leftOut bool // approved, common here, or another detector's
}

// tunnel is the sign-ins that came one way.
type tunnel struct {
	way
	rows []int
	days map[time.Time]bool
}

func read(pass *detect.Pass, x *identity.Persona) *reader {
	r := &reader{pass: pass, x: x, hits: listed(pass, x), tunnels: map[way]*tunnel{}}
	t, limit := pass.View.Sessions, pass.AsOf.Add(24*time.Hour)
	for i := range pass.View.SessionsOf(x) {
		switch t.OutcomeOf(i) {
		case "failure", "challenge":
			continue
		}
		switch t.SourceKindOf(i) {
		case "ats", "payroll", "mdm", "edr":
			continue // no sign-ins to work; what devices say by themselves is asked elsewhere
		}
		asn, _, _, opinion := t.NetOf(i)
		r.told = r.told || asn != 0 || opinion != ""
		if ip := t.IPOf(i); !ip.IsValid() || t.TimeOf(i).After(limit) || pass.Baseline.Exit(ip) != "" {
			continue
		}
		switch w := r.classify(i); {
		case w.leftOut:
		case w.signal == "":
			r.plain = append(r.plain, i)
		default:
			if r.tunnels[w] == nil {
				r.tunnels[w] = &tunnel{way: w, days: map[time.Time]bool{}}
			}
			r.tunnels[w].rows = append(r.tunnels[w].rows, i)
			r.tunnels[w].days[detect.Day(t.TimeOf(i))] = true
		}
	}
	return r
}

// listed returns the hits of the persona's sign-in addresses with lists of VPNs
// and proxies that saw the address within a year (two half-lives, as for W01).
func listed(pass *detect.Pass, x *identity.Persona) map[string]*identity.Hit {
	const year = 360 * 24 * time.Hour
	out := map[string]*identity.Hit{}
	hits := pass.View.HitsOf(x.ID)
	for i := range hits {
		h := &hits[i]
		if h.Field != "sign_in_ip" || !h.Anonymiser() || h.Age > year {
			continue
		}
		// A list that names the service says more than one that does not.
		if old := out[h.Value]; old == nil || old.Indicator.Provider == "" {
			out[h.Value] = h
		}
	}
	return out
}

// classify says what a sign-in came through.
func (r *reader) classify(i int) way {
	t, base := r.pass.View.Sessions, r.pass.Baseline
	asn, org, isp, opinion := t.NetOf(i)
	if base.Common(asn, org, isp) != "" {
		return way{} // a telephone or a relay, near its user
	}
	use := base.Network(asn, org, isp)
	homes := use.Access() && !base.Hosting[asn]
	flagged := baseline.Tunnelled(opinion)
	if h := r.hits[t.IPOf(i).String()]; h != nil {
		return r.onList(h, homes, flagged)
	}
	w := way{name: cmp.Or(org, isp, "a network without a name"), vendor: flagged}
	switch {
	case opinion == "residential_proxy", opinion == "proxy" && homes:
		w.signal = "W03"
		use.Plain = 0 // the network is ordinary; the proxies in it are what may be common
	case flagged, base.Hosting[asn]:
		w.signal = "W02"
	default:
		return way{}
	}
	w.why = "which rents servers"
	if flagged {
		w.why = "which the log calls " + called(opinion)
	}
	w.leftOut = use.Common() || r.approved(w.name)
	return w
}

// onList says which service a list gives an address to, and whether the address is
// in a network of homes. Services that reports on such workers name are W01's.
func (r *reader) onList(h *identity.Hit, homes, flagged bool) way {
	provider, feed := h.Indicator.Provider, cmp.Or(h.Indicator.Feed, "an imported list")
	w := way{signal: "W02", name: cmp.Or(provider, "an anonymising service"), why: "listed by " + feed, vendor: flagged}
	if homes || slices.ContainsFunc(h.Indicator.Labels, func(l string) bool { return strings.HasPrefix(strings.ToLower(l), "residential") }) {
		w.signal = "W03"
	}
	w.leftOut = r.pass.Intel.Reported(provider) != "" || r.approved(provider) || r.pass.Baseline.Service(provider).Common()
	return w
}

func (r *reader) approved(name string) bool {
	return name != "" && r.pass.ApprovedTool(name, r.pass.Settings.Approved.VPN)
}

// called writes a vendor's opinion.
func called(opinion string) string {
	switch opinion {
	case "vpn":
		return "a VPN"
	case "tor":
		return "Tor"
	case "hosting":
		return "hosting"
	}
	return "a " + strings.ReplaceAll(opinion, "_", " ")
}
