package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress shows one changing line on a terminal and nothing when piped.
type progress struct {
	w    io.Writer
	on   bool
	mu   sync.Mutex
	last time.Time
	any  bool
}

func newProgress(e *env) *progress {
	f, ok := e.stderr.(*os.File)
	return &progress{w: e.stderr, on: ok && !e.quiet && term.IsTerminal(int(f.Fd()))}
}

// step shows a stage and what it is at.
func (p *progress) step(stage, detail string) {
	if !p.on {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); detail == "" || now.Sub(p.last) > 80*time.Millisecond {
		p.last, p.any = now, true
		line := stage
		if detail != "" {
			line += "  " + detail
		}
		if r := []rune(line); len(r) > 100 {
			line = string(r[:99]) + "…"
		}
		fmt.Fprintf(p.w, "\r\x1b[K%s", line)
	}
}

// done clears the line.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.any {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// width returns the terminal's width in columns, 100 when there is none.
func width(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 20 {
			return n
		}
	}
	return 100
}

// colour reports whether output may be coloured: a terminal, and NO_COLOR is not set (no-color.org).
func colour(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))
}
