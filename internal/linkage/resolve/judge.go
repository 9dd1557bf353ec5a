package resolve

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Verdict is a human judgement.
type Verdict string

// The verdicts. One that is unsure says nothing and is kept as a sign that somebody
// looked.
const (
	Same    Verdict = "same"
	NotSame Verdict = "not same"
	Unsure  Verdict = "unsure"
)

// Judgement is a line of the log of human judgements: a verdict on two records, or the
// withdrawal of the one before. Of several lines on one pair the last counts.
type Judgement struct {
	A         string     `json:"a"`
	B         string     `json:"b"`
	Verdict   Verdict    `json:"judgement,omitempty"`
	Who       string     `json:"who,omitempty"`
	At        *time.Time `json:"at,omitempty"`
	DeletedAt *time.Time `json:"deleted_at,omitempty"`
}

func (j *Judgement) check() error {
	switch {
	case j.A == "" || j.B == "":
		return errors.New("a judgement names two records: a and b")
	case j.A == j.B:
		return fmt.Errorf("the judgement is on %q and itself", j.A)
	case j.DeletedAt != nil:
	case j.Verdict != Same && j.Verdict != NotSame && j.Verdict != Unsure:
		return fmt.Errorf("the judgement %q is not known: write same, not same or unsure", j.Verdict)
	}
	return nil
}

// AppendJudgement writes a line of the log. The log is only ever appended to: a
// judgement is withdrawn by a further line with deleted_at.
func AppendJudgement(w io.Writer, j Judgement) error {
	if err := j.check(); err != nil {
		return err
	}
	line, err := json.Marshal(j)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// Fault is a line of the log that could not be read.
type Fault struct {
	Line int
	Err  error
}

// mostLine bounds a line of the log, in bytes.
const mostLine = 1 << 20

// ReadJudgements reads a log. Lines that are none are returned as faults, the others
// stand.
func ReadJudgements(r io.Reader) ([]Judgement, []Fault, error) {
	var out []Judgement
	var faults []Fault
	in := bufio.NewScanner(r)
	in.Buffer(nil, mostLine)
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var j Judgement
		err := json.Unmarshal(in.Bytes(), &j)
		if err == nil {
			err = j.check()
		}
		if err != nil {
			faults = append(faults, Fault{n, err})
			continue
		}
		out = append(out, j)
	}
	return out, faults, in.Err()
}

// human is the judgements that hold.
type human struct {
	live   map[[2]string]Judgement
	of     map[string][][2]string // by record, also of those that are not there yet
	must   map[int32][]int32
	cannot map[int32][]int32
	count  map[int32]int // per row its judgements
}

func newHuman() *human {
	return &human{live: map[[2]string]Judgement{}, of: map[string][][2]string{}, must: map[int32][]int32{}, cannot: map[int32][]int32{}, count: map[int32]int{}}
}

func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// Judge applies a judgement: it holds whatever the weights say, now and under every
// later model. Records that are not there yet are joined or kept apart when they come.
func (x *Index) Judge(j Judgement) ([]Event, error) {
	if err := j.check(); err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	seeds := x.judge(j)
	if len(seeds) < 2 {
		return nil, nil
	}
	p := pairOf(j.A, j.B)
	events, _ := x.recluster(seeds, Cause{Kind: ByHuman, Key: p[0], Other: p[1], Who: j.Who}, 0)
	return events, nil
}

// judge notes a judgement and returns the rows that are there.
func (x *Index) judge(j Judgement) (seeds []int32) {
	h, p := x.human, pairOf(j.A, j.B)
	a, okA := x.known.row(x, p[0])
	b, okB := x.known.row(x, p[1])
	if okA && okB {
		seeds = []int32{a, b}
	}
	if old, ok := h.live[p]; ok {
		if okA && okB {
			h.unlink(a, b, old.Verdict)
		}
		delete(h.live, p)
		for _, key := range p {
			h.of[key] = slices.DeleteFunc(h.of[key], func(o [2]string) bool { return o == p })
		}
	}
	if j.DeletedAt == nil {
		h.live[p] = j
		for _, key := range p {
			h.of[key] = append(h.of[key], p)
		}
		if okA && okB {
			h.link(a, b, j.Verdict)
		}
	}
	return seeds
}

func (h *human) link(a, b int32, v Verdict) {
	h.count[a]++
	h.count[b]++
	if m := h.links(v); m != nil {
		m[a], m[b] = append(m[a], b), append(m[b], a)
	}
}

func (h *human) unlink(a, b int32, v Verdict) {
	for _, p := range [][2]int32{{a, b}, {b, a}} {
		if h.count[p[0]]--; h.count[p[0]] == 0 {
			delete(h.count, p[0])
		}
		if m := h.links(v); m != nil {
			m[p[0]] = slices.DeleteFunc(m[p[0]], func(o int32) bool { return o == p[1] })
		}
	}
}

func (h *human) links(v Verdict) map[int32][]int32 {
	switch v {
	case Same:
		return h.must
	case NotSame:
		return h.cannot
	}
	return nil
}

// arrived links a record that is new by what was judged before.
func (x *Index) arrived(row int32) {
	key := x.keys[row]
	for _, p := range x.human.of[key] {
		other := p[0]
		if other == key {
			other = p[1]
		}
		if to, ok := x.known.row(x, other); ok {
			x.human.link(row, to, x.human.live[p].Verdict)
		}
	}
}

// Judgements returns the judgements that hold, in the order of their records' keys.
func (x *Index) Judgements() []Judgement {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.human.list()
}

func (h *human) list() []Judgement {
	out := make([]Judgement, 0, len(h.live))
	for _, j := range h.live {
		out = append(out, j)
	}
	slices.SortFunc(out, func(a, b Judgement) int {
		p, q := pairOf(a.A, a.B), pairOf(b.A, b.B)
		return slices.Compare(p[:], q[:])
	})
	return out
}

// Contradictions returns the judgements that two records are not the same although
// other judgements say, together, that they are. What is said to be the same wins.
func (x *Index) Contradictions() []Judgement {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out []Judgement
	for _, j := range x.human.list() {
		a, okA := x.known.row(x, j.A)
		b, okB := x.known.row(x, j.B)
		if j.Verdict == NotSame && okA && okB && x.human.joined(a, b) {
			out = append(out, j)
		}
	}
	return out
}

// joined reports whether judgements alone make two rows one.
func (h *human) joined(a, b int32) bool {
	seen, list := map[int32]bool{a: true}, []int32{a}
	for i := 0; i < len(list); i++ {
		for _, to := range h.must[list[i]] {
			if to == b {
				return true
			}
			if !seen[to] {
				seen[to] = true
				list = append(list, to)
			}
		}
	}
	return false
}
