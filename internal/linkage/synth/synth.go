// Package synth writes files of invented people with misspelt, swapped and missing
// values, in the columns of historical_50k, for measuring how fast linkage is. Speed
// on them carries over to real files, accuracy does not.
package synth

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"
)

// Columns of the file. The cluster is the truth: rows of one person have one number.
var Columns = []string{"unique_id", "cluster", "first_name", "surname", "dob", "birth_place", "postcode_fake", "occupation"}

// Info says what was written.
type Info struct {
	Rows      int
	Persons   int
	TruePairs int64
	Bytes     int64
	SHA256    string
}

// copies is how many rows people have, with the share of people up to there.
var copies = []struct {
	share float64
	rows  int
}{{0.45, 1}, {0.65, 2}, {0.80, 3}, {0.90, 5}, {0.96, 8}, {1, 13}}

// Write writes rows as CSV. The same rows and seed give the same bytes.
func Write(w io.Writer, rows int, seed uint64) (Info, error) {
	g := newGenerator(seed)
	info := Info{Rows: rows}
	var text []byte
	ends := make([]int, 0, rows)
	for len(ends) < rows {
		p := g.person()
		n := min(g.copies(), rows-len(ends))
		info.TruePairs += int64(n) * int64(n-1) / 2
		for i := range n {
			c := p
			if i > 0 {
				g.spoil(&c)
			}
			g.drop(&c)
			text = c.append(text, info.Persons)
			ends = append(ends, len(text))
		}
		info.Persons++
	}
	// Rows of one person must not stand together: the order would help.
	order := g.rng.Perm(len(ends))
	sum := sha256.New()
	count := &counted{w: io.MultiWriter(w, sum)}
	out := bufio.NewWriterSize(count, 1<<20)
	for i, c := range Columns {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(c)
	}
	out.WriteByte('\n')
	var number []byte
	for i, row := range order {
		from := 0
		if row > 0 {
			from = ends[row-1]
		}
		number = strconv.AppendInt(number[:0], int64(i), 10)
		out.Write(number)
		out.Write(text[from:ends[row]])
	}
	err := out.Flush()
	info.Bytes, info.SHA256 = count.n, hex.EncodeToString(sum.Sum(nil))
	return info, err
}

type counted struct {
	w io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// person is one row's values.
type person struct {
	given, surname, place, postcode, occupation string
	year, month, day                            int // of birth; year 0 = missing
}

func (p *person) append(b []byte, cluster int) []byte {
	b = append(b, ',')
	b = strconv.AppendInt(b, int64(cluster), 10)
	b = append(append(append(append(b, ','), p.given...), ','), p.surname...)
	b = append(b, ',')
	if p.year != 0 {
		b = fmt.Appendf(b, "%04d-%02d-%02d", p.year, p.month, p.day)
	}
	b = append(append(append(append(b, ','), p.place...), ','), p.postcode...)
	return append(append(append(b, ','), p.occupation...), '\n')
}

type generator struct {
	rng                                 *rand.Rand
	given, surnames, places, occupation *drawn
}

func newGenerator(seed uint64) *generator {
	g := &generator{rng: rand.New(rand.NewPCG(seed, 0x73796e7468))}
	g.given = g.list(4_000, 1.0, 2, 3, "")
	g.surnames = g.list(60_000, 0.9, 2, 4, "")
	g.places = g.list(3_000, 0.9, 2, 4, "")
	g.occupation = g.list(500, 1.0, 2, 3, "er")
	return g
}

// drawn is a list of words drawn by Zipf's law.
type drawn struct {
	words []string
	upTo  []float64 // share of the words up to here
}

// rankOffset flattens the head of Zipf's law, as in lists of real names.
const rankOffset = 10

func (g *generator) list(n int, exponent float64, least, most int, ending string) *drawn {
	d := &drawn{}
	seen := map[string]bool{}
	total := 0.0
	for len(d.words) < n {
		w := g.word(least+g.rng.IntN(most-least+1)) + ending
		if seen[w] {
			continue
		}
		seen[w] = true
		d.words = append(d.words, w)
		total += math.Pow(float64(len(d.words)+rankOffset), -exponent)
		d.upTo = append(d.upTo, total)
	}
	for i := range d.upTo {
		d.upTo[i] /= total
	}
	return d
}

var (
	heads = []string{"b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w"}
	cores = []string{"a", "a", "e", "e", "i", "o", "u", "ai"}
	tails = []string{"", "", "", "l", "n", "n", "r", "s"}
)

// word makes a word of syllables.
func (g *generator) word(syllables int) string {
	var w strings.Builder
	for range syllables {
		w.WriteString(heads[g.rng.IntN(len(heads))] + cores[g.rng.IntN(len(cores))] + tails[g.rng.IntN(len(tails))])
	}
	return w.String()
}

func (g *generator) draw(d *drawn) string {
	i := sort.SearchFloat64s(d.upTo, g.rng.Float64())
	return d.words[min(i, len(d.words)-1)]
}

func (g *generator) chance(share float64) bool { return g.rng.Float64() < share }

func (g *generator) copies() int {
	x := g.rng.Float64()
	for _, c := range copies {
		if x < c.share {
			return c.rows
		}
	}
	return 1
}

func (g *generator) person() person {
	return person{
		given: g.draw(g.given), surname: g.draw(g.surnames), place: g.draw(g.places), occupation: g.draw(g.occupation), postcode: g.postcode(),
		year: 1940 + g.rng.IntN(66), month: 1 + g.rng.IntN(12), day: 1 + g.rng.IntN(28),
	}
}

// areas is how many postcode areas there are: a third of the United Kingdom's, since
// uniform ones make fewer equal beginnings than real ones.
const areas = 38

// postcode invents one in the form of the United Kingdom's.
func (g *generator) postcode() string {
	letter := func() byte { return byte('a' + g.rng.IntN(26)) }
	area := g.rng.IntN(areas) * 17 // spread over the pairs of letters
	b := []byte{byte('a' + area/26), byte('a' + area%26)}
	b = strconv.AppendInt(b, int64(1+g.rng.IntN(20)), 10)
	b = append(b, ' ', byte('0'+g.rng.IntN(10)), letter(), letter())
	return string(b)
}

// spoil makes the errors of a further copy.
func (g *generator) spoil(p *person) {
	if g.chance(0.20) {
		p.given = g.typo(p.given)
	}
	if g.chance(0.20) {
		p.surname = g.typo(p.surname)
	}
	if g.chance(0.04) {
		p.given, p.surname = p.surname, p.given
	}
	if g.chance(0.15) {
		switch g.rng.IntN(3) {
		case 0:
			p.year = 1940 + g.rng.IntN(66)
		case 1:
			p.month = 1 + g.rng.IntN(12)
		default:
			p.day = 1 + g.rng.IntN(28)
		}
	}
	if g.chance(0.25) {
		p.postcode = g.postcode()
	}
	if g.chance(0.20) {
		p.occupation = g.draw(g.occupation)
	}
}

// drop leaves values out.
func (g *generator) drop(p *person) {
	if g.chance(0.10) {
		p.place = ""
	}
	if g.chance(0.05) {
		p.given = ""
	}
	if g.chance(0.10) {
		p.postcode = ""
	}
	if g.chance(0.08) {
		p.year = 0
	}
}

// typo substitutes, deletes, swaps or doubles one letter.
func (g *generator) typo(s string) string {
	if len(s) < 2 {
		return s
	}
	b := []byte(s)
	i := g.rng.IntN(len(b) - 1)
	switch g.rng.IntN(4) {
	case 0:
		b[i] = byte('a' + g.rng.IntN(26))
	case 1:
		b = append(b[:i], b[i+1:]...)
	case 2:
		b[i], b[i+1] = b[i+1], b[i]
	default:
		b = append(b[:i+1], b[i:]...)
	}
	return string(b)
}
