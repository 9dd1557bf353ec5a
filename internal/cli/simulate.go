package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"muster/internal/evaluate"
	"muster/internal/scan"
	"muster/internal/simulate"
)

type simulateCmd struct {
	Dir        string  `arg:"" help:"Folder to write to; exports go into DIR/exports, the truth to DIR/truth.json."`
	Seed       uint64  `default:"1" help:"Picks the company; the same seed gives the same bytes."`
	Staff      int     `default:"200" help:"People on the roster."`
	Candidates int     `default:"500" help:"People who applied and were not hired."`
	Level      int     `default:"0" help:"Adversary: 0 careless, 1 with unique phones and banks."`
	Operators  int     `default:"1" help:"Operators with several personas."`
	Personas   int     `default:"12" help:"Personas per operator."`
	Lone       int     `default:"2" help:"Fraudulent hires without siblings."`
	Twins      int     `default:"3" help:"People of each innocent kind that looks like a trace."`
	NoFraud    bool    `help:"A company without any fraud."`
	NoNotice   bool    `help:"Without a recorded monitoring notice."`
	SignIns    float64 `name:"sign-ins" default:"3" help:"Sign-ins of a person per working day."`
}

func (c *simulateCmd) Run(e *env) error {
	p := newProgress(e)
	truth, err := simulate.Company(simulate.Options{
		Seed: c.Seed, Staff: c.Staff, Candidates: c.Candidates, Level: c.Level, Fraud: !c.NoFraud, Operators: c.Operators,
		PersonasPerOperator: c.Personas, Lone: c.Lone, Twins: c.Twins, Notice: !c.NoNotice, SignInsPerDay: c.SignIns,
		Progress: func(stage string, done, total int) { p.step("writing "+stage, fmt.Sprintf("%d of %d", done, total)) },
	}, c.Dir)
	p.done()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s: %d staff, %d candidates, %d planted personas, as of %s\n", c.Dir, truth.Counts.Staff, truth.Counts.Candidates, truth.Counts.Operator+truth.Counts.Lone, truth.AsOf)
	fmt.Fprintf(e.stderr, "Next: muster scan %s\n", filepath.Join(c.Dir, "exports"))
	return nil
}

type evaluateCmd struct {
	Seeds      int    `default:"3" help:"Companies per row."`
	From       uint64 `default:"1" help:"First seed. Tune on some seeds, report on others."`
	Levels     []int  `default:"0,1" help:"Adversary levels."`
	Staff      int    `default:"400" help:"Staff per company."`
	Candidates int    `default:"1000" help:"Candidates per company."`
	Operators  int    `default:"2" help:"Operators per company."`
	Personas   int    `default:"12" help:"Personas per operator."`
	Lone       int    `default:"5" help:"Lone fraudulent hires per company."`
	Twins      int    `default:"4" help:"People of each innocent kind per company."`
	Every      int    `default:"0" help:"Measure days to detection by looking back every so many days; 0 = not."`
	Format     string `enum:"table,json" default:"table" help:"What to print: ${enum}."`
	Cases      int    `default:"0" help:"Print so many missed and wrongly reviewed personas."`
}

func (c *evaluateCmd) Run(e *env) error {
	p := newProgress(e)
	opt := evaluate.Options{
		Levels: c.Levels, NoFraud: true, Staff: c.Staff, Candidates: c.Candidates, Operators: c.Operators, Personas: c.Personas,
		Lone: c.Lone, Twins: c.Twins, Checkpoints: c.Every, Progress: p.step,
	}
	for i := range c.Seeds {
		opt.Seeds = append(opt.Seeds, c.From+uint64(i))
	}
	s, err := evaluate.Run(e.ctx, opt)
	p.done()
	if err != nil {
		return err
	}
	if c.Format == "json" {
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	}
	return s.Text(e.stdout, c.Cases)
}

type demoCmd struct {
	Dir string `default:"muster-demo" help:"Folder for the invented company and the report."`
	outputFlags
}

// Run makes the demonstration company, scans it, prints the ranking and writes the report.
func (c *demoCmd) Run(e *env) error {
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	if err := removeOld(c.Dir); err != nil {
		return err
	}
	p := newProgress(e)
	p.step("inventing a company", "")
	truth, err := simulate.Demo(c.Dir)
	p.done()
	if err != nil {
		return err
	}
	exports := filepath.Join(c.Dir, "exports")
	st, err := settingsOf(exports)
	if err != nil {
		return err
	}
	asOf, err := time.Parse(time.DateOnly, truth.AsOf)
	if err != nil {
		return err
	}
	res, err := run(e, scan.Options{Roots: []string{exports}, Settings: st, AsOf: asOf.Add(24 * time.Hour), Key: []byte("demo")})
	if err != nil {
		return err
	}
	if c.HTML == "" {
		c.HTML = filepath.Join(c.Dir, "report.html")
	}
	if c.JSON == "" {
		c.JSON = filepath.Join(c.Dir, "scan.json")
	}
	doc := document(res)
	if err := c.write(e, doc); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "\nReport: %s\nTry next:\n  muster explain --from %s %s\n  muster scan FOLDER-WITH-YOUR-EXPORTS --html report.html   (muster sources list says which exports)\n", c.HTML, c.JSON, topPersona(res))
	return nil
}

// removeOld removes the exports of an earlier demonstration, so that they are not
// read as part of this one. A folder without our truth.json is not ours to touch.
func removeOld(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "truth.json")); err != nil {
		return nil
	}
	return os.RemoveAll(filepath.Join(dir, "exports"))
}

// topPersona returns the id of whom to look at first.
func topPersona(res *scan.Result) string {
	if len(res.Assessments) == 0 {
		return "PERSONA"
	}
	return string(res.Assessments[0].Persona)
}
