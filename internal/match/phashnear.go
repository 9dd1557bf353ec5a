package match

import (
	"math/bits"
	"slices"
)

func onesCount(h uint64) int { return bits.OnesCount64(h) }

// PictureDistance is the number of bits in which two perceptual hashes differ.
func PictureDistance(a, b uint64) int { return onesCount(a ^ b) }

// hashBands divide a hash for the index. Of two hashes that differ in at most
// PictureNear = 6 bits, one of four hashBands differs in at most one (pigeonhole), so it
// is enough to compare those whose band is equal or has one of its 16 bits flipped
// (Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index
// Hashing", CVPR 2012).
const (
	hashBands = 4
	bandBits  = 16
)

// NearPicture is a pair of a list of hashes, with I < J, and the bits that differ.
type NearPicture struct{ I, J, Distance int }

// NearPictures calls visit once for every two of the hashes that differ in at most
// PictureNear bits. The hashes must be distinct;
// equal ones should be grouped before, as an avatar that thousands have makes
// millions of pairs. The order of the pairs depends on the hashes only.
func NearPictures(hashes []uint64, visit func(NearPicture)) {
	for k := range hashBands {
		x := newBandIndex(hashes, k)
		for value := range uint32(1 << bandBits) {
			own := x.at(value)
			if len(own) == 0 {
				continue
			}
			for n := range own {
				own[n].compare(own[:n], k, visit)
			}
			for bit := range bandBits {
				if other := value ^ 1<<bit; other > value {
					near := x.at(other)
					for n := range own {
						own[n].compare(near, k, visit)
					}
				}
			}
		}
	}
}

func bandOf(h uint64, k int) uint32 { return uint32(h>>(k*bandBits)) & (1<<bandBits - 1) }

// hashAt is a hash with its place in the list.
type hashAt struct {
	hash uint64
	i    int32
}

// bandIndex holds the hashes by the value of one band.
type bandIndex struct {
	start []int32 // by value, with one more at the end
	items []hashAt
}

func newBandIndex(hashes []uint64, k int) bandIndex {
	x := bandIndex{make([]int32, 1<<bandBits+1), make([]hashAt, len(hashes))}
	for _, h := range hashes {
		x.start[bandOf(h, k)+1]++
	}
	for v := range 1 << bandBits {
		x.start[v+1] += x.start[v]
	}
	next := slices.Clone(x.start)
	for i, h := range hashes {
		v := bandOf(h, k)
		x.items[next[v]] = hashAt{h, int32(i)}
		next[v]++
	}
	return x
}

func (x *bandIndex) at(value uint32) []hashAt { return x.items[x.start[value]:x.start[value+1]] }

// compare visits those of the others that are near, unless an earlier band has
// found them.
func (x *hashAt) compare(others []hashAt, k int, visit func(NearPicture)) {
	for n := range others {
		diff := x.hash ^ others[n].hash
		if d := onesCount(diff); d <= PictureNear && !foundBefore(diff, k) {
			visit(NearPicture{int(min(x.i, others[n].i)), int(max(x.i, others[n].i)), d})
		}
	}
}

// foundBefore reports whether a band before k differs in at most one bit.
func foundBefore(diff uint64, k int) bool {
	for e := range k {
		if bits.OnesCount32(bandOf(diff, e)) <= 1 {
			return true
		}
	}
	return false
}
