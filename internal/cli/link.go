package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"muster/internal/linkage"
	"muster/internal/linkage/cluster"
	"muster/internal/linkage/model"
	"muster/internal/linkage/score"
	"muster/internal/linkage/table"
)

type linkCmd struct {
	Left      string   `arg:"" help:"CSV file with a header." type:"existingfile"`
	Right     string   `arg:"" optional:"" help:"Second CSV file: rows are linked across the two." type:"existingfile"`
	ID        string   `required:"" placeholder:"COLUMN" help:"Column that names the rows."`
	Settings  string   `xor:"model" placeholder:"model.json" help:"Model in Splink's settings JSON. What it leaves out is trained." type:"existingfile"`
	Auto      bool     `xor:"model" help:"Choose comparisons and pairs from the columns' content, without labels."`
	Threshold float64  `default:"0.5" help:"Lowest probability of pairs written to --pairs."`
	Clusters  string   `placeholder:"FILE" help:"Write id,cluster here; with two files id,cluster,file."`
	Pairs     string   `placeholder:"FILE" help:"Write id_l,id_r,probability,weight here; weight is in bits."`
	Model     string   `placeholder:"FILE" help:"Write the trained model here."`
	Shard     string   `placeholder:"i/n" help:"Compare only part i of n of the pairs, counted from 1. The parts together are exactly the whole."`
	From      []string `name:"from-pairs" placeholder:"FILE" help:"Compare nothing: cluster the pairs of these files, as --shard wrote them." type:"existingfile"`
	OneToOne  bool     `help:"Each row has one partner in the other file at most."`
	Many      bool     `help:"Each row may have several partners, whatever --auto sees."`
	Judgement string   `name:"judgements" placeholder:"FILE" help:"Human decisions id_l,id_r,judgement (same, not same, unsure); they win over the model." type:"existingfile"`
	Delimiter string   `default:"" help:"Character between columns; default: found out."`
	Seed      uint64   `default:"1" help:"Seed of the random pairs."`
	Workers   int      `default:"0" help:"Threads; 0 = all."`
	Explain   bool     `help:"Print what the columns were taken for, the model, and how many pairs each rule made."`
}

// Run links the rows of one file, or of two.
func (c *linkCmd) Run(e *env) error {
	switch {
	case c.Settings == "" && !c.Auto:
		return withHint(exitUsage, errors.New("no model"), "give --auto, or --settings model.json")
	case c.Auto && (c.Shard != "" || len(c.From) > 0):
		return withHint(exitUsage, errors.New("--auto learns from all pairs, a part has only some"), "write the model first with --auto --model model.json, then give --settings model.json to all parts")
	}
	if c.Clusters == "" && c.Pairs == "" && c.Model == "" && !c.Explain {
		return withHint(exitUsage, errors.New("nothing to write"), "give --clusters FILE, --pairs FILE, --model FILE or --explain")
	}
	shard, err := parseShard(c.Shard)
	if err != nil {
		return err
	}
	if shard[1] > 1 && c.Clusters != "" {
		return withHint(exitUsage, errors.New("a part of the pairs has no clusters"), "write --pairs of all parts with --threshold 0, then: muster link ... --from-pairs a.csv --from-pairs b.csv --clusters FILE")
	}
	p := newProgress(e)
	defer p.done()
	p.step("reading", "")
	t, err := c.read(e)
	if err != nil {
		return err
	}
	ids, err := rowIDs(t)
	if err != nil {
		return err
	}
	opt := linkage.Options{Auto: c.Auto, Workers: c.Workers, Seed: c.Seed, Shard: shard, OneToOne: c.OneToOne, Many: c.Many, Say: func(format string, args ...any) { p.step("linking", fmt.Sprintf(format, args...)) }}
	if opt.Workers <= 0 {
		opt.Workers = runtime.NumCPU()
	}
	if c.Settings != "" {
		if opt.Settings, err = readModel(c.Settings); err != nil {
			return err
		}
	}
	if c.Judgement != "" {
		if opt.Must, opt.Cannot, err = readJudgements(c.Judgement, ids); err != nil {
			return err
		}
	}
	var res *linkage.Result
	if len(c.From) > 0 {
		res, err = c.fromPairs(t, ids, opt)
	} else {
		res, err = linkage.Run(e.ctx, t, opt)
	}
	if err != nil {
		return err
	}
	p.done()
	return c.write(e, t, res)
}

func (c *linkCmd) write(e *env, t *table.Table, res *linkage.Result) error {
	if c.Explain {
		for _, line := range slices.Concat(res.Notes, res.Levels(), res.RuleLines()) {
			fmt.Fprintln(e.stdout, line)
		}
	}
	if c.Pairs != "" {
		if err := writeWith(c.Pairs, func(w io.Writer) error { return c.writePairs(w, t, res) }); err != nil {
			return err
		}
	}
	if c.Clusters != "" {
		if err := writeWith(c.Clusters, func(w io.Writer) error { return writeClusters(w, t, res) }); err != nil {
			return err
		}
	}
	if c.Model != "" && res.Settings != nil {
		if err := writeWith(c.Model, res.Settings.Write); err != nil {
			return err
		}
	}
	if !e.quiet {
		fmt.Fprintf(e.stderr, "muster: %d rows, %s\n", t.Len(), res)
	}
	return nil
}

func writeWith(path string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return writeAtomic(path, b.Bytes())
}

// parseShard reads i/n, counted from 1.
func parseShard(s string) (shard [2]int, err error) {
	if s == "" {
		return shard, nil
	}
	i, n, _ := strings.Cut(s, "/")
	shard[0], err = strconv.Atoi(i)
	if err == nil {
		shard[1], err = strconv.Atoi(n)
	}
	shard[0]--
	if err != nil || shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1] {
		return shard, withHint(exitUsage, fmt.Errorf("--shard %s", s), "write the part and the number of parts: 1/4, 2/4, 3/4, 4/4")
	}
	return shard, nil
}

// read reads the one file, or both.
func (c *linkCmd) read(e *env) (*table.Table, error) {
	t := &table.Table{Dict: table.NewDict()}
	for i, path := range []string{c.Left, c.Right} {
		if path == "" {
			continue
		}
		if i == 1 {
			t.Split = t.Len()
		}
		comma, err := c.comma(path)
		if err != nil {
			return nil, err
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		err = t.AddCSV(bufio.NewReaderSize(f, 1<<20), table.CSV{Comma: comma, ID: c.ID})
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return nil, withHint(exitError, fmt.Errorf("%s: %w", path, err), "muster link reads CSV with a header; --id names a column of it, --delimiter the character between columns")
		}
		if n := t.Ragged; n > 0 && i == 0 || n > 0 && c.Right != "" {
			fmt.Fprintf(e.stderr, "muster: warning: %s: %d rows have more values than the header; what stands beyond it is left out\n", path, n)
			t.Ragged = 0
		}
		if t.Len() == t.Split {
			return nil, withHint(exitError, fmt.Errorf("%s has no rows", path), "give a CSV file with a header and rows")
		}
	}
	return t, nil
}

// comma finds the character that stands equally often in the first lines, most often.
func (c *linkCmd) comma(path string) (byte, error) {
	if c.Delimiter != "" {
		s := strings.NewReplacer(`\t`, "\t").Replace(c.Delimiter)
		if len(s) != 1 {
			return 0, withHint(exitUsage, fmt.Errorf("--delimiter %q", c.Delimiter), "give one character, \\t for a tab")
		}
		return s[0], nil
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	head := make([]byte, 1<<16)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return 0, err
	}
	first, _, _ := bytes.Cut(head[:n], []byte("\n"))
	best, most := byte(','), 0
	for _, d := range []byte(",;\t|%") {
		if k := bytes.Count(first, []byte{d}); k > most {
			best, most = d, k
		}
	}
	return best, nil
}

// rowIDs finds rows by their ids: of the left file, of the right.
func rowIDs(t *table.Table) ([2]map[string]int32, error) {
	ids := [2]map[string]int32{{}, {}}
	for i, id := range t.IDs {
		side := 0
		if t.Right(int32(i)) {
			side = 1
		}
		if _, twice := ids[side][id]; twice {
			return ids, withHint(exitError, fmt.Errorf("two rows have the id %q", id), "--id must name a column in which every row has a value of its own")
		}
		ids[side][id] = int32(i)
	}
	return ids, nil
}

func readModel(path string) (*model.Settings, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := model.Read(f)
	if err != nil {
		return nil, withHint(exitError, fmt.Errorf("%s: %w", path, err), "give the settings JSON that Splink's save_model_to_json or muster link --model wrote")
	}
	return s, nil
}

// readJudgements reads human decisions. Those that are unsure say nothing.
func readJudgements(path string, ids [2]map[string]int32) (must, cannot []cluster.Link, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	right := ids[1]
	if len(right) == 0 {
		right = ids[0]
	}
	for i, row := range rows {
		if i == 0 && row[0] == "id_l" {
			continue
		}
		bad := func(what string) error {
			return withHint(exitError, fmt.Errorf("%s, line %d: %s", path, i+1, what), "each line is id_l,id_r,judgement with the judgement same, not same or unsure")
		}
		if len(row) < 3 {
			return nil, nil, bad("fewer than three values")
		}
		a, okA := ids[0][row[0]]
		b, okB := right[row[1]]
		if !okA || !okB {
			return nil, nil, bad("no row has the id " + strconv.Quote(row[0]) + " or " + strconv.Quote(row[1]))
		}
		switch strings.ToLower(row[2]) {
		case "same":
			must = append(must, cluster.Link{A: a, B: b})
		case "not same":
			cannot = append(cannot, cluster.Link{A: a, B: b})
		case "unsure":
		default:
			return nil, nil, bad("unknown judgement " + strconv.Quote(row[2]))
		}
	}
	return must, cannot, nil
}

// fromPairs reads the pairs that parts wrote, and clusters them.
func (c *linkCmd) fromPairs(t *table.Table, ids [2]map[string]int32, opt linkage.Options) (*linkage.Result, error) {
	right := ids[1]
	if t.Split == 0 {
		right = ids[0]
	}
	var edges []cluster.Edge
	for _, path := range c.From {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for i, row := range rows[min(1, len(rows)):] {
			a, okA := ids[0][row[0]]
			b, okB := right[row[min(1, len(row)-1)]]
			if len(row) < 4 || !okA || !okB {
				return nil, withHint(exitError, fmt.Errorf("%s, line %d: no pair of rows of this file", path, i+2), "give files that muster link --pairs wrote of the same rows")
			}
			w, err := strconv.ParseFloat(row[3], 64)
			if err != nil || math.IsNaN(w) {
				return nil, fmt.Errorf("%s, line %d: the weight %q is no number", path, i+2, row[3])
			}
			edges = append(edges, cluster.Edge{A: min(a, b), B: max(a, b), Weight: float32(w)})
		}
	}
	return linkage.FromEdges(t, edges, opt)
}

// writePairs writes the pairs in order of their ids.
func (c *linkCmd) writePairs(w io.Writer, t *table.Table, res *linkage.Result) error {
	pairs := res.Pairs(t)
	least := -math.MaxFloat64
	if c.Threshold > 0 {
		least = score.Bits(min(c.Threshold, 1-1e-15))
	}
	type line struct {
		l, r   string
		weight float32
	}
	var lines []line
	for _, p := range pairs {
		if float64(p.Weight) < least {
			continue
		}
		a, b := t.IDs[p.A], t.IDs[p.B]
		if t.Split == 0 && b < a {
			a, b = b, a
		}
		lines = append(lines, line{a, b, p.Weight})
	}
	slices.SortFunc(lines, func(x, y line) int { return cmp.Or(cmp.Compare(x.l, y.l), cmp.Compare(x.r, y.r)) })
	out := csv.NewWriter(w)
	if err := out.Write([]string{"id_l", "id_r", "probability", "weight"}); err != nil {
		return err
	}
	for _, p := range lines {
		err := out.Write([]string{p.l, p.r, strconv.FormatFloat(score.Probability(float64(p.weight)), 'f', 6, 64), strconv.FormatFloat(float64(p.weight), 'g', -1, 32)})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// writeClusters writes each row's cluster, which is named by its smallest id.
func writeClusters(w io.Writer, t *table.Table, res *linkage.Result) error {
	name := make(map[int32]string)
	label := func(i int) string { return t.IDs[i] }
	if t.Split > 0 {
		label = func(i int) string {
			if t.Right(int32(i)) {
				return "right:" + t.IDs[i]
			}
			return "left:" + t.IDs[i]
		}
	}
	for i, c := range res.Clusters {
		if old, ok := name[c]; !ok || label(i) < old {
			name[c] = label(i)
		}
	}
	out := csv.NewWriter(w)
	header := []string{"id", "cluster"}
	if t.Split > 0 {
		header = append(header, "file")
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for i, c := range res.Clusters {
		row := []string{t.IDs[i], name[c]}
		if t.Split > 0 {
			file, _, _ := strings.Cut(label(i), ":")
			row = append(row, file)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
