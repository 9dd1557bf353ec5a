package simulate

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
)

// line is a way into the internet: a home, an office, a carrier, an anonymiser.
type line struct {
	place *place
	asn   int64
	org   string
	proxy bool // the identity provider's vendor calls it a proxy
	ips   []netip.Addr
	days  int // an address lasts so many days; 0 = as long as the line
	// What a device on the local network sees; empty for carriers and exits.
	gatewayMAC, bssid, ssid, lan string
	neighbours                   []neighbour
}

// neighbour is another machine on the local network.
type neighbour struct{ mac, host string }

// ip returns the public address on a day.
func (l *line) ip(day int) netip.Addr {
	if l.days == 0 || len(l.ips) == 1 {
		return l.ips[0]
	}
	return l.ips[(day/l.days)%len(l.ips)]
}

// isp is an access network of one country.
type isp struct {
	asn    int64
	org    string
	mobile bool
	vary   int // days after which a home gets another address
}

// isps use the AS numbers that RFC 5398 reserves for documentation.
var isps = map[string][]isp{
	"US": {{64496, "Example Cable Communications", false, 0}, {64497, "Northline Fiber Example", false, 0}, {64498, "Prairie Broadband Example", false, 40}, {64499, "Example Mobile Wireless", true, 0}},
	"CA": {{64500, "Maple Example Cablesystems", false, 0}, {64501, "Example Mobile Canada", true, 0}},
	"GB": {{64502, "Albion Example Broadband", false, 45}, {64503, "Example Mobile UK", true, 0}},
	"DE": {{64504, "Beispiel Telekom Netz", false, 14}, {64505, "Beispiel Mobilfunk", true, 0}},
	"PL": {{64506, "Przykladowy Internet", false, 30}, {64507, "Przykladowa Siec Komorkowa", true, 0}},
	"ES": {{64508, "Ejemplo Fibra", false, 30}, {64509, "Ejemplo Movil", true, 0}},
	"":   {{64510, "Example International Telecom", false, 30}, {64511, "Example Roaming Mobile", true, 0}},
}

// AS numbers that are not access networks, also from RFC 5398.
const (
	asOffice  = 65536
	asGateway = 65537
	asDesktop = 65538
	asHosting = 65539 // the first of four
)

// network hands out addresses in blocks of 256, one block per operator and city,
// so that neighbours are neighbours.
type network struct {
	next     uint32 // first address of the next free block
	blocks   map[string]*block
	carriers map[string][]*line
	macs     int
	r        *rng
}

type block struct {
	base uint32
	used int
}

const (
	firstBlock = 198<<24 | 18<<16          // 198.18.0.0/15, RFC 2544
	endBlocks  = 198<<24 | 19<<16 | 255<<8 // an anonymiser's client uses 198.19.255.254 itself
	overflow   = 100<<24 | 64<<16          // 100.64.0.0/10, RFC 6598, for large companies
)

func newNetwork(seed uint64) *network {
	return &network{next: firstBlock, blocks: map[string]*block{}, carriers: map[string][]*line{}, r: newRNG(seed, "network")}
}

func (n *network) addr(key string) netip.Addr {
	b := n.blocks[key]
	if b == nil || b.used == 250 {
		b = &block{base: n.next}
		n.blocks[key] = b
		if n.next += 256; n.next == endBlocks {
			n.next = overflow
		}
	}
	b.used++
	var raw [4]byte
	binary.BigEndian.PutUint32(raw[:], b.base+uint32(b.used)+1)
	return netip.AddrFrom4(raw)
}

func (n *network) access(country string, mobile bool) []isp {
	list, ok := isps[country]
	if !ok {
		list = isps[""]
	}
	var out []isp
	for _, i := range list {
		if i.mobile == mobile {
			out = append(out, i)
		}
	}
	return out
}

// homeLine returns a new household line with its router.
func (n *network) homeLine(r *rng, p *place) *line {
	i := pick(r, n.access(p.country, false))
	l := &line{place: p, asn: i.asn, org: i.org, days: i.vary}
	for range 1 + 3*min(1, i.vary) {
		l.ips = append(l.ips, n.addr(fmt.Sprint(i.asn, p.city)))
	}
	n.local(r, l, fmt.Sprintf("%s-%s", pick(r, []string{"HOME", "NETGEAR", "FRITZ", "ATT", "MyWifi", "Linksys", "SkyNet", "TP-Link"}), r.code(4)))
	return l
}

// local gives a line its router and access point.
func (n *network) local(r *rng, l *line, ssid string) {
	l.gatewayMAC, l.bssid, l.ssid = n.mac(r, "a4:2b:b0"), n.mac(r, "a4:2b:b0"), ssid
	l.lan = fmt.Sprintf("192.168.%d.", pick(r, []int{0, 1, 1, 1, 2, 50, 68, 86, 178}))
	for range r.between(1, 4) {
		l.neighbours = append(l.neighbours, neighbour{mac: n.mac(r, pick(r, []string{"f0:ef:86", "3c:5a:b4", "7c:d9:5c", "9c:8e:cd"}))})
	}
}

// mac returns an address nobody else has.
func (n *network) mac(r *rng, oui string) string {
	n.macs++
	return fmt.Sprintf("%s:%02x:%02x:%02x", oui, n.macs>>8&255, n.macs&255, r.IntN(8)<<5|n.macs>>16&31)
}

// carrier returns a mobile exit of a place's country; many subscribers leave by each.
func (n *network) carrier(r *rng, p *place) *line {
	lines := n.carriers[p.country]
	if lines == nil {
		i := n.access(p.country, true)[0]
		for range 10 {
			lines = append(lines, &line{place: p, asn: i.asn, org: i.org, ips: []netip.Addr{n.addr("mobile" + p.country)}})
		}
		n.carriers[p.country] = lines
	}
	return pick(r, lines)
}

// site returns the line of a company's or a landlord's rooms.
func (n *network) site(r *rng, p *place, asn int64, org, ssid string) *line {
	l := &line{place: p, asn: asn, org: org, ips: []netip.Addr{n.addr(org + p.city)}}
	n.local(r, l, ssid)
	return l
}

// provider is an anonymiser with its exits.
type provider struct {
	name  string
	exits []*line
}

// newProvider builds a provider with exits in several cities, on hosting networks
// or, for residential proxies, inside ordinary access networks.
func (n *network) newProvider(a *atlas, name string, exits int, residential bool) *provider {
	r := newRNG(n.r.Uint64(), name)
	p := &provider{name: name}
	for i := range exits {
		at := a.all[i%a.home]
		if name == "astrill" && i%3 != 0 { // most of its exits that were seen are in the first country
			at = a.in(r, "US")
		}
		l := &line{place: at, asn: asHosting + int64(len(name)%4), org: "Example Hosting " + strings.ToUpper(name[:1]), proxy: r.chance(0.6)}
		key := name
		if residential {
			i := pick(r, n.access(at.country, false))
			l.asn, l.org, key, l.proxy = i.asn, i.org, fmt.Sprint(i.asn, at.city), r.chance(0.25)
		}
		l.ips = []netip.Addr{n.addr(key)}
		p.exits = append(p.exits, l)
	}
	return p
}

// stranger returns a laptop of some other company on the local network.
func (n *network) stranger(r *rng) neighbour {
	return neighbour{mac: n.mac(r, pick(r, []string{"d0:8e:79", "8c:8c:aa"})), host: strings.ToLower(pick(r, strangers)) + "-" + pick(r, []string{"lt", "nb", "ws"}) + "-" + r.digits(4)}
}

var strangers = words("harrowlabs bluefinhq cobaltdata driftpay emberio gladecare junoretail larchsys mosaicbi onyxops")

// meets lets a laptop be seen on a line's local network.
func (l *line) meets(d *device) {
	if d != nil {
		l.neighbours = append(l.neighbours, neighbour{mac: d.mac, host: strings.ToLower(d.host)})
	}
}

// several returns addresses of one site.
func (n *network) several(key string, count int) []netip.Addr {
	out := make([]netip.Addr, count)
	for i := range out {
		out[i] = n.addr(key)
	}
	return out
}
