package pack

import (
	"net/netip"
	"strings"
)

// kept are ranges that say what an address is and not whose: they map to
// themselves. In those for documentation the last bits are shuffled like others.
var kept = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16",
	"224.0.0.0/3", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15",
	"::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16")

// documented are those of kept whose hosts are told apart (RFC 5737, 3849, 2544).
var documented = prefixes("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// address permutes an address so that two addresses agree in as many first bits as
// their tokens do (Xu, Fan, Ammar, Moon, "Prefix-Preserving IP Address
// Anonymization", 2002): lines, networks and lists of ranges compare as before.
// Branches of the tree that hold a range of kept stay in their place.
func (k Key) address(ip netip.Addr) netip.Addr {
	b := ip.AsSlice()
	if b == nil {
		return ip
	}
	out := make([]byte, len(b))
	for i := range b {
		var flips []byte
		for bit := range 8 {
			at := i*8 + bit
			if fixed(ip, at) {
				out[i] |= b[i] & (0x80 >> bit)
				continue
			}
			if flips == nil {
				flips = k.sum("address", string(b[:i]))
			}
			node := 1<<bit | int(b[i])>>(8-bit) // of the tree of this byte, the root is 1
			flip := flips[node/8] >> (node % 8) & 1
			out[i] |= (b[i]>>(7-bit)&1 ^ flip) << (7 - bit)
		}
	}
	t, _ := netip.AddrFromSlice(out)
	return t
}

// fixed reports whether the bit behind the first n of an address stays: the branch
// holds a range of kept, or lies in one.
func fixed(ip netip.Addr, n int) bool {
	for _, p := range documented {
		if p.Contains(ip) && n >= p.Bits() {
			return false
		}
	}
	branch, err := ip.Prefix(n)
	if err != nil {
		return true
	}
	for _, p := range kept {
		if p.Overlaps(branch) {
			return true
		}
	}
	return false
}

// network permutes a prefix as [Key.address] permutes the addresses in it.
func (k Key) network(p netip.Prefix) netip.Prefix {
	return netip.PrefixFrom(k.address(p.Masked().Addr()), p.Bits()).Masked()
}

// sharedMACs begin hardware addresses that many have: unset, broadcast, virtual
// routers, containers, multicast; package link leaves them out.
var sharedMACs = []string{"00000000", "ffffffff", "00005e00", "0242", "00000c07ac", "000573a0", "01005e", "3333"}

func sharedMAC(hex string) bool {
	for _, p := range sharedMACs {
		if strings.HasPrefix(hex, p) {
			return true
		}
	}
	return false
}

// mac permutes a hardware address within its maker, in the notation it came in.
func (k Key) mac(s string) string {
	low := strings.ToLower(strings.TrimSpace(s))
	hex := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'f' {
			return r
		}
		return -1
	}, low)
	if len(hex) != 12 {
		if low == "" {
			return ""
		}
		return "x" + k.letters("mac", low, 12)
	}
	if sharedMAC(hex) {
		return low
	}
	var n uint64
	for _, c := range hex[6:] {
		n = n<<4 | uint64(strings.IndexRune(hexDigits, c))
	}
	out := hex
	for ok := false; !ok; ok = !sharedMAC(out) {
		n = k.permute("mac "+hex[:6], n, 1<<24)
		b := []byte(hex[:6])
		for shift := 20; shift >= 0; shift -= 4 {
			b = append(b, hexDigits[n>>shift&15])
		}
		out = string(b)
	}
	at := 0
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'f' {
			at++
			return rune(out[at-1])
		}
		return r
	}, low)
}

const hexDigits = "0123456789abcdef"
