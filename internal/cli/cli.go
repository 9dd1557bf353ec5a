// Package cli is the command line: it parses arguments, calls the pipeline and
// the renderers, and turns what comes back into output and exit codes. Standard
// output is data; progress, warnings and errors go to standard error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/alecthomas/kong"
)

// Exit codes (architecture, section 6).
const (
	exitDone       = 0
	exitError      = 1
	exitUsage      = 2
	exitFailAt     = 3 // a persona at or above --fail-at
	exitIncomplete = 4 // incomplete input under --strict; beats exitFailAt
)

type commands struct {
	Scan       scanCmd       `cmd:"" help:"Read exports and show whom to look at first, with evidence."`
	Demo       demoCmd       `cmd:"" help:"Make an invented company with planted cases and scan it."`
	Explain    explainCmd    `cmd:"" help:"Print one persona's case: findings, evidence, innocent explanations, next step."`
	Why        whyCmd        `cmd:"" help:"Say what joins two personas: every shared value with its weight, the path, the weakest link."`
	Whynot     whynotCmd     `cmd:"" help:"Say what keeps two personas apart: what did not match, was not checked, was discounted, which rules applied."`
	Link       linkCmd       `cmd:"" help:"Link the rows of one CSV file, or across two, that stand for one person or thing."`
	Sources    sourcesCmd    `cmd:"" help:"What Muster reads, how to export it, and what it makes of your files."`
	Coverage   coverageCmd   `cmd:"" help:"Say which detectors cannot look for lack of which export, and how to get it."`
	Map        mapCmd        `cmd:"" help:"Propose a mapping for a file that nothing recognises."`
	Pull       pullCmd       `cmd:"" help:"Fetch exports from vendors' interfaces into a folder, as its pull.yaml says."`
	Convert    convertCmd    `cmd:"" help:"Print canonical records as NDJSON."`
	Pack       packCmd       `cmd:"" help:"Pack exports at home, so that whoever scans them sees no names; open a match with two people."`
	Detectors  detectorsCmd  `cmd:"" help:"List detectors, or print one's page."`
	Simulate   simulateCmd   `cmd:"" help:"Write an invented company's exports, with truth.json."`
	Evaluate   evaluateCmd   `cmd:"" help:"Measure scans of invented companies against their truth."`
	Bench      benchCmd      `cmd:"" help:"Measure speed and memory against comparisons in the same run."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Completion completionCmd `cmd:"" help:"Print a completion script for bash, zsh or fish."`
	Documents  documentsCmd  `cmd:"" hidden:"" name:"internal-documents"`

	Quiet bool `short:"q" help:"No progress on standard error."`
}

// env is what commands may touch of the outside.
type env struct {
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer
	quiet  bool
	parser *kong.Kong

	documents []string // command of the child processes that open documents; nil = none
}

// exitCode is an outcome that is not an error but is not 0 either.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// hinted is an error with a hint on what to do.
type hinted struct {
	err  error
	hint string
	code int
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

func withHint(code int, err error, format string, args ...any) error {
	return &hinted{err, fmt.Sprintf(format, args...), code}
}

// Main runs the command line and returns the exit code.
func Main(args []string, stdout, stderr io.Writer, options ...Option) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	e := &env{ctx: ctx, stdout: stdout, stderr: stderr}
	for _, o := range options {
		o(e)
	}
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("muster"),
		kong.Description("Finds personas that are not who they say among applicants and remote staff, in the exports you already have. A human decides; every finding carries its evidence and its innocent explanations."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
		kong.Bind(e),
	)
	if err != nil {
		fmt.Fprintln(stderr, "muster: error:", err)
		return exitError
	}
	e.parser = parser
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		return fail(stderr, withHint(exitUsage, err, "run \"muster %s\" for usage", strings.TrimSpace(firstWord(args)+" --help")))
	}
	e.quiet = c.Quiet
	if err := k.Run(); err != nil {
		return fail(stderr, err)
	}
	return exitDone
}

func firstWord(args []string) string {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		return args[0]
	}
	return ""
}

// fail prints an error and its hint and returns the exit code.
func fail(stderr io.Writer, err error) int {
	if code := exitCode(0); errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintln(stderr, "muster: error:", err)
	if h := (*hinted)(nil); errors.As(err, &h) {
		if h.hint != "" {
			fmt.Fprintln(stderr, "muster: hint:", h.hint)
		}
		return h.code
	}
	return exitError
}
