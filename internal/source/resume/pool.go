package resume

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"muster/internal/source/frame"
)

// Options say where documents are opened.
type Options struct {
	// Command starts a child process that calls [Serve]: the program, the name it is
	// called by, and arguments. None: documents are opened in this process, with
	// the readers' own limits and nothing else.
	Command  []string
	Children int           // at once; 0: one per processor
	Wall     time.Duration // for one document; 0: [DefaultWall]
}

// DefaultWall is how long a child may take for one document.
const DefaultWall = 20 * time.Second

// pool opens documents. It keeps children that have served well for the next one.
type pool struct {
	opt  Options
	free chan struct{} // one token per child that may run

	lock  sync.Mutex
	idle  []*child
	ready map[*frame.Stream]opened // opened to be recognised, and not yet read
}

func newPool(opt Options) *pool {
	if opt.Children <= 0 {
		opt.Children = runtime.GOMAXPROCS(0)
	}
	if opt.Wall <= 0 {
		opt.Wall = DefaultWall
	}
	return &pool{opt: opt, free: make(chan struct{}, opt.Children), ready: map[*frame.Stream]opened{}}
}

// keep holds a document between being recognised and being read.
func (p *pool) keep(s *frame.Stream, o opened) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.ready[s] = o
}

func (p *pool) kept(s *frame.Stream) (opened, bool) {
	p.lock.Lock()
	defer p.lock.Unlock()
	o, ok := p.ready[s]
	delete(p.ready, s)
	return o, ok
}

// open opens a document in a child. A child that fails is gone; the document is
// tried once more in a fresh one, as the old one may have been worn by others.
func (p *pool) open(format string, data []byte) opened {
	if len(p.opt.Command) == 0 {
		return open(format, data)
	}
	p.free <- struct{}{}
	defer func() { <-p.free }()
	for {
		c, fresh, err := p.child()
		if err != nil { // no processes to be had: the readers have limits of their own
			return open(format, data)
		}
		o, err := c.open(format, data, p.opt.Wall)
		if err == nil {
			p.lock.Lock()
			p.idle = append(p.idle, c)
			p.lock.Unlock()
			return o
		}
		c.end()
		if fresh {
			return opened{Reason: frame.ReasonLimit, Why: fmt.Sprintf("%s: reading it took more than %d seconds or %d MiB and was stopped", strings.ToUpper(format), childCPU, childMemory>>20)}
		}
	}
}

// child returns an idle child or a fresh one.
func (p *pool) child() (c *child, fresh bool, err error) {
	p.lock.Lock()
	if n := len(p.idle); n > 0 {
		c, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.lock.Unlock()
	if c != nil {
		return c, false, nil
	}
	c, err = startChild(p.opt.Command)
	return c, true, err
}

// close ends the idle children and forgets what was not read.
func (p *pool) close() {
	p.lock.Lock()
	idle := p.idle
	p.idle, p.ready = nil, map[*frame.Stream]opened{}
	p.lock.Unlock()
	for _, c := range idle {
		c.end()
	}
}

// child is a process that opens documents.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startChild(command []string) (*child, error) {
	if len(command) < 2 {
		return nil, errors.New("a child needs a program and a name")
	}
	cmd := exec.Command(command[0])
	cmd.Args = command[1:]
	cmd.Env = []string{"GOMAXPROCS=1", "GOTRACEBACK=none"} // and nothing of ours
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &child{cmd, in, bufio.NewReaderSize(out, 1<<16)}, nil
}

func (c *child) open(format string, data []byte, wall time.Duration) (opened, error) {
	late := time.AfterFunc(wall, func() { _ = c.cmd.Process.Kill() })
	defer late.Stop()
	return ask(c.in, c.out, format, data)
}

// end stops the process. Its state is of no interest.
func (c *child) end() {
	_ = c.in.Close()
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}
