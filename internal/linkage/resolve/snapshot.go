package resolve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"muster/internal/linkage"
	"muster/internal/linkage/block"
	"muster/internal/linkage/cluster"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/score"
	"muster/internal/linkage/table"
	"muster/internal/linkage/text"
)

// Limit is how many candidates a record has at most, over all rules.
const Limit = 2000

// Penalty is what a pair weighs against that could have been found and was not, and at
// most what a found pair weighs against, in bits, as in batch linkage.
const Penalty = 1

// Version of the form in which snapshots are written.
const Version = 1

const format = "muster-linkage-snapshot"

// Snapshot is a model frozen with all that its weights depend on: shares, prior, the
// number of rows, how often values were found, and the bounds of blocks. Two records
// weigh the same under one snapshot whatever other records there are.
type Snapshot struct {
	Settings *model.Settings
	Rows     int      // N of the table that was learnt from
	Cap      int      // rows: larger blocks are split by Refine, and make no pairs if that does not help
	Refine   []string // columns
	Penalty  float64  // bits
	Least    float64  // bits
	Counts   []score.Counts
}

// Take freezes a trained model. limit is how many candidates a record has at most; 0
// for Limit. Each rule gets an equal part of it as its cap: the bound holds for every
// record, and whether a pair is compared depends on the size of its blocks alone and
// not on what else its records share, so that it is the same in any order.
func Take(m *score.Model, refine []string, limit int) (*Snapshot, error) {
	if limit == 0 {
		limit = Limit
	}
	counts, err := m.Counts()
	if err != nil {
		return nil, err
	}
	set := *m.Settings
	set.AllPairs = false
	s := &Snapshot{Settings: &set, Rows: m.Columns().Table().Len(), Refine: refine, Penalty: Penalty, Least: Penalty, Counts: counts}
	if set.Penalty != nil {
		s.Penalty = *set.Penalty
	}
	faces := 0
	for _, r := range set.Blocking {
		k, err := block.KeysOf(r.SQL)
		if err != nil {
			return nil, err
		}
		faces++
		if !k.Mirror {
			faces++
		}
	}
	s.Cap = max(limit/max(faces, 1), 2)
	return s, s.check()
}

// check refuses models that cannot be resolved record by record.
func (s *Snapshot) check() error {
	switch {
	case s.Settings == nil || len(s.Settings.Blocking) == 0:
		return errors.New("the snapshot has no blocking rules: write it from a model that has some")
	case s.Settings.LinkType == "link_only":
		return errors.New("the model links two files: resolving joins the records of one register, so train a model of link_type dedupe_only")
	case len(s.Settings.Words) > 0:
		return fmt.Errorf("the model compares the words of %s with those of all other rows: resolving needs a model with blocking rules only", strings.Join(s.Settings.Words, ", "))
	case s.Cap < 2 || s.Cap > mostCap:
		return fmt.Errorf("the cap of blocks is %d: it must be between 2 and %d", s.Cap, mostCap)
	case len(s.Settings.Blocking) > 64:
		return fmt.Errorf("the model has %d blocking rules: resolving takes 64 at most", len(s.Settings.Blocking))
	case s.Rows < 0:
		return errors.New("the snapshot is of fewer than no rows")
	}
	for _, c := range s.Settings.Comparisons {
		for _, l := range c.Levels {
			if strings.Contains(strings.ToLower(l.SQL), text.Name) {
				return fmt.Errorf("comparison %q weighs words by all rows: resolving needs a model without %s", c.Name, text.Name)
			}
		}
	}
	return linkage.Allowed(s.Settings)
}

// file is a snapshot as it is written.
type file struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Rows     int             `json:"rows"`
	Cap      int             `json:"cap"`
	Refine   []string        `json:"refine,omitempty"`
	Penalty  float64         `json:"penalty"`
	Least    float64         `json:"least"`
	Counts   []counts        `json:"counts"`
	Settings json.RawMessage `json:"settings"`
}

type counts struct {
	Column string   `json:"column"`
	Filled int      `json:"filled"`
	Values []string `json:"values"`
	Rows   []int32  `json:"rows"`
}

// Write writes a snapshot as JSON.
func (s *Snapshot) Write(w io.Writer) error {
	var settings bytes.Buffer
	if err := s.Settings.Write(&settings); err != nil {
		return err
	}
	f := file{Format: format, Version: Version, Rows: s.Rows, Cap: s.Cap, Refine: s.Refine, Penalty: s.Penalty, Least: s.Least, Settings: settings.Bytes()}
	for _, c := range s.Counts {
		out := counts{Column: c.Column, Filled: c.Filled, Values: make([]string, len(c.Values)), Rows: make([]int32, len(c.Values))}
		for i, v := range c.Values {
			out.Values[i], out.Rows[i] = v.Value, v.Rows
		}
		f.Counts = append(f.Counts, out)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(f)
}

// ReadSnapshot reads what Write wrote.
func ReadSnapshot(r io.Reader) (*Snapshot, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	s, err := decodeSnapshot(data)
	if err != nil {
		return nil, err
	}
	return s, s.check()
}

// decodeSnapshot decodes a snapshot, which is not checked yet.
func decodeSnapshot(data []byte) (*Snapshot, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("no snapshot of a model: %w", err)
	}
	if f.Format != format {
		return nil, fmt.Errorf("no snapshot of a model: its format is %q, not %q", f.Format, format)
	}
	if f.Version != Version {
		return nil, fmt.Errorf("the snapshot is of version %d, this program reads version %d: take it again", f.Version, Version)
	}
	settings, err := model.Read(bytes.NewReader(f.Settings))
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Settings: settings, Rows: f.Rows, Cap: f.Cap, Refine: f.Refine, Penalty: f.Penalty, Least: f.Least}
	for _, c := range f.Counts {
		if len(c.Values) != len(c.Rows) {
			return nil, fmt.Errorf("the counts of %q have %d values and %d numbers", c.Column, len(c.Values), len(c.Rows))
		}
		out := score.Counts{Column: c.Column, Filled: c.Filled}
		for i, v := range c.Values {
			if c.Rows[i] < 1 || int(c.Rows[i]) > c.Filled {
				return nil, fmt.Errorf("the counts of %q: a value is said to be in %d of %d rows", c.Column, c.Rows[i], c.Filled)
			}
			out.Values = append(out.Values, score.Count{Value: v, Rows: c.Rows[i]})
		}
		s.Counts = append(s.Counts, out)
	}
	return s, nil
}

// clustering returns how components are clustered.
func (s *Snapshot) clustering() cluster.Options {
	return cluster.Options{Penalty: s.Penalty, Least: s.Least, Rules: len(s.Settings.Blocking)}
}

// Batch links a whole table by the snapshot. Its rows must stand in the order of their
// keys (Sorted). It returns the edges and, per row, the smallest row of its cluster:
// exactly what an index holds after its rows were added in any order.
func (s *Snapshot) Batch(ctx context.Context, t *table.Table, workers int, must, cannot []cluster.Link) ([]cluster.Edge, []int32, error) {
	if !slices.IsSorted(t.IDs) {
		return nil, nil, errors.New("the rows are not in the order of their keys: sort them first, since the order says which row stands on the left")
	}
	cols := pair.NewColumns(t)
	m, err := score.Compile(cols, s.Settings, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := m.Pin(s.Counts); err != nil {
		return nil, nil, err
	}
	var rules []*block.Rule
	for _, r := range s.Settings.Blocking {
		x, err := block.Parse(cols, r.SQL)
		if err != nil {
			return nil, nil, err
		}
		rules = append(rules, x)
	}
	edges, _, err := linkage.Pairs(ctx, m, rules, block.Options{Workers: workers, Cap: s.Cap, Refine: s.Refine})
	if err != nil {
		return nil, nil, err
	}
	o := s.clustering()
	o.Must, o.Cannot, o.Keys = must, cannot, make([]uint64, t.Len())
	for i, r := range rules {
		r.HasKey(t, func(row int32) { o.Keys[row] |= 1 << i })
	}
	return edges, cluster.Run(t.Len(), edges, o).Of, nil
}

// Sorted returns a table with the rows in the order of their keys.
func Sorted(t *table.Table) *table.Table {
	order := make([]int, t.Len())
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(t.IDs[a], t.IDs[b]) })
	out := table.New(t.Names)
	cells := make([]string, len(t.Names))
	for _, row := range order {
		for c := range cells {
			cells[c] = t.Dict.Value(t.Columns[c][row])
		}
		out.Add(t.IDs[row], cells)
	}
	return out
}
