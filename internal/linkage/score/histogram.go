package score

// histogram counts the patterns of levels of pairs.
type histogram map[uint32]float64

// dense is the largest number of patterns that are counted in an array: it fits the
// second-level cache.
const dense = 1 << 16

// counter counts patterns one by one; each worker has one.
type counter struct {
	array []uint32
	rest  histogram
}

// newCounter returns a counter for the patterns of the model.
func (m *Model) newCounter() *counter {
	n := uint64(1)
	for _, c := range m.comps {
		n *= uint64(len(c.m))
	}
	c := &counter{rest: histogram{}}
	if n <= dense {
		c.array = make([]uint32, n)
	}
	return c
}

// add counts a pattern.
func (c *counter) add(p uint32) {
	if c.array == nil {
		c.rest[p]++
		return
	}
	c.array[p]++
	if c.array[p] == 1<<31 {
		c.rest[p] += 1 << 31
		c.array[p] = 0
	}
}

// addTo adds what was counted to a histogram and returns the number of pairs.
func (c *counter) addTo(h histogram) (pairs float64) {
	for p, n := range c.array {
		if n > 0 {
			h[uint32(p)] += float64(n)
			pairs += float64(n)
		}
	}
	for p, n := range c.rest {
		h[p] += n
		pairs += n
	}
	return pairs
}
