package source

import (
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/source/extract"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
	"muster/internal/source/transform"
)

// Read reads the files and folders of roots. emit is called from one goroutine,
// in the order of files and rows; its error ends the reading and is returned.
// Several files are read at once; opt.Progress is never called twice at a time.
func Read(ctx context.Context, roots []string, opt Options, emit func(record.Record) error) (*Report, error) {
	e := newEngine(opt)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.start(ctx)
	defer e.stop()
	report := &Report{}
	err := frame.WalkAhead(ctx, roots, e.frameOptions(), e.opt.Workers+1, func() frame.Visitor { return e.newReading(report, emit) })
	report.Drift = e.drift.list()
	return report, err
}

// engine is what all files of a run share.
type engine struct {
	opt    Options
	maps   []*mapping.Mapping
	prog   *extract.Program                      // the paths of all JSON mappings
	slotOf [][]int                               // per mapping, per path: slot, which mappings share; nil for mappings without JSON
	multi  [][]bool                              // per mapping, per path: is a list
	gates  [][]int                               // per watched path: the mappings whose records may be known by it
	dates  [][]bool                              // per mapping, per path: is a date
	feeds  []func() []mapping.Feed               // per mapping: the paths that are watched, found when first asked for
	canon  func() map[string][]mapping.FieldName // canonical name of a column: what it fills elsewhere
	known  map[string]bool                       // normalised column names that some mapping reads

	guarded, withheld []bool // per mapping: its rows need an approval; it is missing

	jobs     chan *job
	lock     sync.Mutex // of what follows
	idle     []*mapper  // mappers that serve no file
	drift    driftBooks // filled file after file, in their order
	progress sync.Mutex // held while opt.Progress runs
}

func newEngine(opt Options) *engine {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	if opt.Limits == (frame.Limits{}) {
		opt.Limits = frame.DefaultLimits()
	}
	e := &engine{opt: opt, maps: opt.Mappings, known: map[string]bool{}, feeds: feedsOf(opt.Mappings)}
	e.canon = sync.OnceValue(func() map[string][]mapping.FieldName { return canonical(opt.Mappings) })
	e.drift.feeds = e.feeds
	var all []extract.Path
	at := map[string]int{} // slot of a path
	for _, m := range e.maps {
		paths := m.Paths()
		multi, slots := make([]bool, len(paths)), []int(nil)
		for i, p := range paths {
			multi[i] = p.Multi()
			if m.JSON {
				slot, known := at[p.Text]
				if !known {
					slot = len(all)
					at[p.Text], all = slot, append(all, p)
				}
				slots = append(slots, slot)
			}
			if m.Table {
				e.know(p, !m.JSON)
			}
		}
		e.slotOf, e.multi, e.dates = append(e.slotOf, slots), append(e.multi, multi), append(e.dates, m.DatePaths())
	}
	e.prog = extract.Compile(all)
	e.guards()
	for num, m := range e.maps {
		if !m.JSON {
			continue
		}
		for _, path := range m.Gates() {
			n := e.prog.Watch(e.slotOf[num][path])
			for len(e.gates) <= n {
				e.gates = append(e.gates, nil)
			}
			e.gates[n] = append(e.gates[n], num)
		}
	}
	return e
}

// mapper returns a mapper that is in nobody's use; release gives it back.
func (e *engine) mapper() *mapper {
	e.lock.Lock()
	defer e.lock.Unlock()
	if n := len(e.idle); n > 0 {
		w := e.idle[n-1]
		e.idle = e.idle[:n-1]
		return w
	}
	return e.newMapper()
}

func (e *engine) release(w *mapper) {
	w.begin(nil)
	e.lock.Lock()
	defer e.lock.Unlock()
	e.idle = append(e.idle, w)
}

func (e *engine) know(p extract.Path, synonyms bool) {
	name := p.Text
	if len(p.Steps) == 1 {
		name = p.Steps[0].Name
	}
	e.known[Normalise(name)] = true
	if synonyms {
		for _, s := range headers().synonyms[p.Text] {
			e.known[s] = true
		}
	}
}

func (e *engine) start(ctx context.Context) {
	e.jobs = make(chan *job, e.opt.Workers)
	for n := range e.opt.Workers {
		go func() {
			for j := range e.jobs {
				if ctx.Err() == nil {
					j.file.mapperOf(n).batch(j)
				}
				close(j.done)
			}
		}()
	}
}

func (e *engine) stop() {
	close(e.jobs)
	for _, c := range e.opt.Codes {
		if c.Close != nil {
			c.Close()
		}
	}
}

// frameOptions answers the questions that framing asks about content.
func (e *engine) frameOptions() frame.Options {
	return frame.Options{
		Limits: e.opt.Limits,
		Skip:   e.opt.Skip,
		IsRecord: func(object []byte) bool {
			probe := e.mapper()
			defer e.release(probe)
			if probe.slots.Run(object) != nil {
				return false
			}
			if best, _ := probe.identify(nil, object); best >= 0 {
				return true
			}
			s := &frame.Stream{Shape: frame.ShapeJSON}
			return slices.ContainsFunc(e.opt.Codes, func(c Code) bool { return c.Claims(s, frame.Row{Data: object}) > 0 })
		},
		IsHeader: e.headerScore,
	}
}

// settingsOf returns what the user said about a file; of several patterns the
// longest counts.
func (e *engine) settingsOf(file string) settings.File {
	best, found := "", settings.File{}
	for pattern, f := range e.opt.Files {
		if ok, err := path.Match(pattern, file); (err != nil || !ok) && pattern != file {
			continue
		}
		if len(pattern) > len(best) || len(pattern) == len(best) && pattern > best {
			best, found = pattern, f
		}
	}
	return found
}

// allowed returns the mappings that a format named by the user stands for: an id,
// or the part of ids before a dot. nil means all.
func (e *engine) allowed(format string) []bool {
	if format == "" {
		return nil
	}
	ok := make([]bool, len(e.maps))
	exact := false
	for i, m := range e.maps {
		if m.ID == format {
			ok[i], exact = true, true
		}
	}
	for i, m := range e.maps {
		ok[i] = ok[i] || !exact && strings.HasPrefix(m.ID, format+".")
	}
	return ok
}

// context returns what transforms must know about a file.
func (e *engine) context(s *frame.Stream, f settings.File) transform.Ctx {
	c := transform.Ctx{Key: e.opt.Key, Zone: e.opt.Zone, ModTime: s.ModTime}
	if f.TimeZone != "" {
		if loc, err := time.LoadLocation(f.TimeZone); err == nil {
			c.Zone = loc
		}
	}
	return c
}
