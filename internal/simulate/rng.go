package simulate

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// rng is one stream of chance. Every part of the world draws from its own named
// stream, so that adding a part does not move the others.
type rng struct {
	*rand.Rand
	src *rand.PCG
}

func newRNG(seed uint64, key string) *rng {
	h := fnv.New64a()
	h.Write([]byte(key))
	src := rand.NewPCG(seed, h.Sum64())
	return &rng{Rand: rand.New(src), src: src}
}

// at moves the stream to the place (a, b), for draws that belong to a person and a day.
func (r *rng) at(seed, a, b uint64) *rng {
	r.src.Seed(mix(seed^mix(a)), mix(b^0x9e3779b97f4a7c15))
	return r
}

// mix is the finaliser of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (r *rng) chance(p float64) bool { return r.Float64() < p }

// between returns a whole number from lo to hi, both included.
func (r *rng) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + r.IntN(hi-lo+1)
}

// day returns a moment in working hours between two days.
func (r *rng) day(from, to time.Time) time.Time {
	days := int(to.Sub(from) / (24 * time.Hour))
	d := from.Truncate(24*time.Hour).AddDate(0, 0, r.between(0, max(0, days)))
	return d.Add(time.Duration(r.between(8*3600, 20*3600))*time.Second + time.Duration(r.IntN(1000))*time.Millisecond)
}

func (r *rng) poisson(mean float64) int {
	limit, p, n := math.Exp(-mean), r.Float64(), 0
	for p > limit {
		p *= r.Float64()
		n++
	}
	return n
}

func (r *rng) lognormal(median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// hex returns n random lower-case hex digits.
func (r *rng) hex(n int) string { return r.from("0123456789abcdef", n) }

// code returns n letters and digits as serials have them.
func (r *rng) code(n int) string { return r.from("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", n) }

func (r *rng) digits(n int) string { return r.from("0123456789", n) }

func (r *rng) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

// uuid returns a random identifier in the usual form.
func (r *rng) uuid() string {
	h := r.hex(32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

func pick[T any](r *rng, from []T) T { return from[r.IntN(len(from))] }

// some returns n different elements in random order.
func some[T any](r *rng, from []T, n int) []T {
	perm := r.Perm(len(from))
	out := make([]T, 0, n)
	for _, i := range perm[:min(n, len(perm))] {
		out = append(out, from[i])
	}
	return out
}

// weighted returns an index with the given weights.
func weighted(r *rng, weights ...float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// sprintf is fmt.Sprintf for formats that are drawn.
func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }
