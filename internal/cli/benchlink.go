package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"muster/internal/linkage"
	"muster/internal/linkage/block"
	"muster/internal/linkage/cluster"
	"muster/internal/linkage/model"
	"muster/internal/linkage/pair"
	"muster/internal/linkage/recipes"
	"muster/internal/linkage/score"
	"muster/internal/linkage/synth"
	"muster/internal/linkage/table"
	"muster/internal/linkage/text"
)

type benchLinkCmd struct {
	Recipe   string `default:"synth-loose" help:"Model: fake_1000, h50k, h50k-loose, synth-tight or synth-loose."`
	File     string `help:"CSV file to link; default: invented rows." type:"existingfile"`
	Rows     []int  `default:"1000000" help:"How many invented rows, one run for each."`
	Seed     uint64 `default:"1" help:"Seed of the invented rows and of the random pairs."`
	Workers  int    `default:"2" help:"Threads."`
	Cap      int    `default:"0" help:"Largest block in rows; 0: the product's, -1: none, for comparison with tools that have no cap."`
	Sample   int    `default:"1000000" help:"Random pairs for the shares among non-matches."`
	Model    string `help:"Trained model to use as it is." type:"existingfile"`
	Cluster  bool   `help:"Time the product's clustering as well."`
	Dir      string `help:"Folder to keep the invented rows in; default: a temporary one."`
	SaveFile string `name:"save" help:"Write the trained model to this file."`
	Edges    string `help:"Write the pairs kept, with their weights in bits, to this CSV file."`
	JSON     string `name:"json" help:"Write the last run's figures to this file."`
	Generate bool   `help:"Only write the invented rows."`
}

// collectAt is by how much the heap may grow before it is collected, in percent.
const collectAt = 40

// linkReport is what a run measured.
type linkReport struct {
	Recipe     string          `json:"recipe"`
	Rows       int             `json:"rows"`
	SHA256     string          `json:"sha256,omitempty"`
	Stages     []linkStage     `json:"stages"`
	Pairs      int64           `json:"pairs"`
	PerRule    []int64         `json:"per_rule"`
	Blocks     []block.Stats   `json:"blocks"`
	Kept       int             `json:"kept"`
	Thresholds []linkThreshold `json:"thresholds"`
	Clusters   int             `json:"clusters"`
	PeakMB     float64         `json:"peak_mb"`
}

type linkStage struct {
	Stage  string  `json:"stage"`
	CPU    float64 `json:"cpu"`  // seconds
	Wall   float64 `json:"wall"` // seconds
	Detail string  `json:"detail"`
}

type linkThreshold struct {
	P     float64 `json:"p"`
	Pairs int     `json:"pairs"`
}

// linkThresholds are the probabilities at which pairs are counted.
var linkThresholds = []float64{0.02, 0.06, 0.17, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999}

func (c *benchLinkCmd) Run(e *env) error {
	if c.File != "" {
		c.Rows = []int{0}
	}
	dir, clean, err := workDir(c.Dir)
	if err != nil {
		return err
	}
	defer clean()
	// Most of the memory is arrays that are looked through quickly: collecting often
	// costs little and keeps the peak low.
	debug.SetGCPercent(collectAt)
	for _, rows := range c.Rows {
		r := &linkReport{Recipe: c.Recipe, Rows: rows}
		file := c.File
		if file == "" {
			file = filepath.Join(dir, fmt.Sprintf("synth-%d-%d.csv", rows, c.Seed))
			if err := c.generate(e, file, rows, r); err != nil {
				return err
			}
		}
		if c.Generate {
			continue
		}
		runtime.GC()
		resetPeak()
		if err := c.link(e, file, r); err != nil {
			return err
		}
		if c.JSON != "" {
			data, err := json.MarshalIndent(r, "", " ")
			if err != nil {
				return err
			}
			if err := os.WriteFile(c.JSON, append(data, '\n'), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *benchLinkCmd) generate(e *env, file string, rows int, r *linkReport) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	info, err := synth.Write(f, rows, c.Seed)
	if err != nil {
		f.Close()
		return err
	}
	r.SHA256 = info.SHA256
	fmt.Fprintf(e.stdout, "%s: %d rows, %d persons, %d true pairs, %.0f MB, seed %d\nSHA-256 %s\n", filepath.Base(file), info.Rows, info.Persons, info.TruePairs, float64(info.Bytes)/1e6, c.Seed, info.SHA256)
	return f.Close()
}

// settings returns the recipe, or the model given in its place.
func (c *benchLinkCmd) settings() (*model.Settings, error) {
	if c.Model == "" {
		return recipes.Settings(c.Recipe)
	}
	f, err := os.Open(c.Model)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := model.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Model, err)
	}
	s.Benchmark = true
	return s, nil
}

// link runs a recipe over a file, stage by stage.
func (c *benchLinkCmd) link(e *env, file string, r *linkReport) error {
	s, err := c.settings()
	if err != nil {
		return err
	}
	stage := func(name string) func(string) {
		wall, cpu := time.Now(), cpuTime()
		return func(detail string) {
			x := linkStage{name, (cpuTime() - cpu).Seconds(), time.Since(wall).Seconds(), detail}
			r.Stages = append(r.Stages, x)
			fmt.Fprintf(e.stdout, "%-24s %8.2f CPU s %8.2f s %6.0f MB  %s\n", short(name), x.CPU, x.Wall, float64(peakRSS())/1e6, detail)
		}
	}
	end := stage("load")
	t, err := loadRows(file, s)
	if err != nil {
		return err
	}
	r.Rows = t.Len()
	end(fmt.Sprintf("%d rows, %d distinct values", t.Len(), t.Dict.Len()))

	end = stage("TF and derived")
	m, rules, err := compileLink(t, s)
	if err != nil {
		return err
	}
	end("")
	trainer := &score.Trainer{Model: m, Workers: c.Workers, Seed: c.Seed, Cap: c.Cap, Sample: c.Sample}
	if c.Model == "" {
		if err := trainer.TrainByStage(e.ctx, stage); err != nil {
			return err
		}
	}
	end = stage("block and score")
	edges, blocks, err := linkage.Pairs(e.ctx, m, rules, block.Options{Workers: c.Workers, Cap: c.Cap, Refine: refineLink(t)})
	if err != nil {
		return err
	}
	r.count(edges, blocks)
	end(fmt.Sprintf("%d pairs, %d kept", r.Pairs, r.Kept))

	end = stage("components")
	of := cluster.Components(t.Len(), edges, float32(score.Bits(0.95)))
	r.Clusters = distinct(of)
	end(fmt.Sprintf("%d clusters", r.Clusters))
	r.PeakMB = float64(peakRSS()) / 1e6
	if c.Cluster {
		end = stage("correlation clustering")
		end(fmt.Sprintf("%d clusters", distinct(clusterLink(t, rules, edges))))
	}
	r.print(e)
	return c.save(m, edges)
}

func loadRows(file string, s *model.Settings) (*table.Table, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return table.ReadCSV(f, table.CSV{Use: linkage.Columns(s)})
}

func compileLink(t *table.Table, s *model.Settings) (*score.Model, []*block.Rule, error) {
	if err := linkage.Allowed(s); err != nil {
		return nil, nil, err
	}
	cols := pair.NewColumns(t)
	m, err := score.Compile(cols, s, text.Similarities(t))
	if err != nil {
		return nil, nil, err
	}
	var rules []*block.Rule
	for _, r := range s.Blocking {
		x, err := block.Parse(cols, r.SQL)
		if err != nil {
			return nil, nil, err
		}
		rules = append(rules, x)
	}
	return m, rules, nil
}

// refineLink orders the columns by how many values they have, the most first: by these
// blocks above the cap are split.
func refineLink(t *table.Table) []string {
	order := make([]int, len(t.Names))
	values := make([]int, len(t.Names))
	for i := range order {
		order[i] = i
		counts, _ := t.Counts(t.Columns[i])
		for _, n := range counts {
			if n > 0 {
				values[i]++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return values[b] - values[a] })
	var out []string
	for _, i := range order {
		out = append(out, t.Names[i])
	}
	return out
}

func clusterLink(t *table.Table, rules []*block.Rule, edges []cluster.Edge) []int32 {
	o := cluster.Options{Penalty: 1, Rules: len(rules), Keys: make([]uint64, t.Len())}
	for i, r := range rules {
		r.HasKey(t, func(row int32) { o.Keys[row] |= 1 << i })
	}
	return cluster.Run(t.Len(), edges, o).Of
}

func distinct(of []int32) int {
	n := 0
	for i, c := range of {
		if int(c) == i {
			n++
		}
	}
	return n
}

func (r *linkReport) count(edges []cluster.Edge, blocks []block.Stats) {
	r.Blocks, r.Kept = blocks, len(edges)
	for _, b := range blocks {
		r.Pairs += b.Pairs
		r.PerRule = append(r.PerRule, b.Pairs)
	}
	for _, p := range linkThresholds {
		n, least := 0, score.Bits(p)
		for _, e := range edges {
			if float64(e.Weight) >= least {
				n++
			}
		}
		r.Thresholds = append(r.Thresholds, linkThreshold{p, n})
	}
}

func (r *linkReport) print(e *env) {
	var toScore, inner, whole float64
	for _, s := range r.Stages {
		switch s.Stage {
		case "block and score":
			inner += s.CPU
			fallthrough
		default:
			toScore += s.CPU
			fallthrough
		case "components":
			whole += s.CPU
		case "correlation clustering":
		}
	}
	fmt.Fprintf(e.stdout, "load to score %.2f CPU s; index, block and score %.2f CPU s, %.2f million pairs/s/core; whole run with components %.2f CPU s; peak %.0f MB\n", toScore, inner, float64(r.Pairs)/max(inner, 1e-9)/1e6, whole, r.PeakMB)
	fmt.Fprintf(e.stdout, "%12s %8s %6s %6s %14s  rule\n", "pairs", "largest", "split", "lost", "pairs lost")
	for _, b := range r.Blocks {
		fmt.Fprintf(e.stdout, "%12d %8d %6d %6d %14d  %s\n", b.Pairs, b.Largest, b.Split, b.Lost, b.LostPairs, short(b.Rule))
	}
	var parts []string
	for _, x := range r.Thresholds {
		parts = append(parts, fmt.Sprintf("p >= %g: %d", x.P, x.Pairs))
	}
	fmt.Fprintf(e.stdout, "pairs at %s\n", strings.Join(parts, "; "))
}

// short writes a rule without its quotes and sides.
func short(sql string) string {
	s := strings.NewReplacer(`l."`, "", `r."`, "", `"`, "").Replace(sql)
	for part := range strings.SplitSeq(s, " AND ") {
		if a, b, ok := strings.Cut(part, " = "); ok && a == b || strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "") {
			s = strings.Replace(s, part, a, 1)
		}
	}
	return s
}

// save writes the model and the pairs, if asked for.
func (c *benchLinkCmd) save(m *score.Model, edges []cluster.Edge) error {
	if c.SaveFile != "" {
		f, err := os.Create(c.SaveFile)
		if err != nil {
			return err
		}
		if err := m.Settings.Write(f); err != nil {
			f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	if c.Edges == "" {
		return nil
	}
	f, err := os.Create(c.Edges)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "l,r,w")
	k := m.NewMemo()
	for _, x := range edges {
		fmt.Fprintf(w, "%d,%d,%.10f\n", x.A, x.B, m.Weight(x.A, x.B, k))
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// resetPeak forgets the largest resident size so far, where the system can (Linux:
// proc_pid_clear_refs(5)), so that each run has its own.
func resetPeak() {
	if runtime.GOOS == "linux" {
		_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	}
}
