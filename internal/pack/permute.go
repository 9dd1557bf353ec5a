package pack

import (
	"encoding/binary"
	"math/bits"
	"strconv"
)

// rounds of the Feistel network. Four are a strong pseudo-random permutation (Luby
// and Rackoff, 1988); small domains want more (NIST SP 800-38G uses ten for FF1).
const rounds = 10

// permute maps x of 0..n-1 to another number of that range, one to one for each
// domain: a Feistel network over the next even number of bits, walked until it
// lands in the range (Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
// 2002).
func (k Key) permute(domain string, x, n uint64) uint64 {
	if n < 2 {
		return x
	}
	half := (bits.Len64(n-1) + 1) / 2
	for {
		if x = k.feistel(domain, x, half); x < n {
			return x
		}
	}
}

// feistel permutes numbers of 2*half bits.
func (k Key) feistel(domain string, x uint64, half int) uint64 {
	mask := uint64(1)<<half - 1
	left, right := x>>half&mask, x&mask
	for r := range rounds {
		f := binary.BigEndian.Uint64(k.sum("feistel "+domain, strconv.Itoa(r)+" "+strconv.FormatUint(right, 16)))
		left, right = right, left^f&mask
	}
	return left<<half | right
}

// shuffle returns a permutation of 0..n-1 (Fisher and Yates), for alphabets.
func (k Key) shuffle(domain, value string, n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	var stream []byte
	for i := n - 1; i > 0; i-- {
		if len(stream) < 8 {
			stream = k.sum("shuffle "+domain, value+" "+strconv.Itoa(i))
		}
		j := int(binary.BigEndian.Uint64(stream) % uint64(i+1))
		stream = stream[8:]
		p[i], p[j] = p[j], p[i]
	}
	return p
}

// shape permutes a text within its shape: a digit stays a digit, a small letter a
// small letter; all else stays. One to one among texts of one shape.
func (k Key) shape(domain, s string) string {
	var form []byte
	n, x := uint64(1), uint64(0)
	const most = 1 << 58 // 12 letters: what is longer is permuted from there on apart
	for i := 0; i < len(s); i++ {
		base, v := digitOf(s[i])
		form = append(form, '.')
		switch base {
		case 10:
			form[i] = '0'
		case 26:
			form[i] = 'a'
		}
		if base > 0 && n*base < most {
			n, x = n*base, x*base+v
		} else if base > 0 {
			return k.shape(domain, s[:i]) + k.shape(domain+" "+s[:i], s[i:])
		}
	}
	x = k.permute(domain+" "+string(form), x, n)
	out := []byte(s)
	for i := len(out) - 1; i >= 0; i-- {
		switch base, _ := digitOf(out[i]); base {
		case 10:
			out[i], x = byte('0'+x%10), x/10
		case 26:
			out[i], x = byte('a'+x%26), x/26
		}
	}
	return string(out)
}

func digitOf(c byte) (base, value uint64) {
	switch {
	case c >= '0' && c <= '9':
		return 10, uint64(c - '0')
	case c >= 'a' && c <= 'z':
		return 26, uint64(c - 'a')
	}
	return 0, 0
}
