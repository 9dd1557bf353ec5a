package source

import (
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
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
func Read(ctx context.Context, roots []string, opt Options, emit func(record.Record) error) (*Report, error) {
	e := newEngine(opt)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.start(ctx)
	defer e.stop()
	report := &Report{}
	err := frame.Walk(ctx, roots, e.frameOptions(), func(s *frame.Stream) error {
		f := e.newFile(s, emit)
		if err := f.read(ctx); err != nil {
			return err
		}
		f.finish(report)
		return ctx.Err()
	})
	return report, err
}

// engine is what all files of a run share.
type engine struct {
	opt    Options
	maps   []*mapping.Mapping
	prog   *extract.Program // the paths of all JSON mappings
	slotOf [][]int          // per mapping, per path: slot; nil for mappings without JSON
	multi  [][]bool         // per mapping, per path: is a list
	dates  [][]bool         // per mapping, per path: is a date
	known  map[string]bool  // normalised column names that some mapping reads

	main    *mapper   // for the goroutine that collects
	workers []*mapper // one per worker
	jobs    chan *job
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
	e := &engine{opt: opt, maps: opt.Mappings, known: map[string]bool{}}
	var all []extract.Path
	for _, m := range e.maps {
		paths := m.Paths()
		multi, slots := make([]bool, len(paths)), []int(nil)
		for i, p := range paths {
			multi[i] = p.Multi()
			if m.JSON {
				slots = append(slots, len(all))
				all = append(all, p)
			}
			if m.Table {
				e.know(p, !m.JSON)
			}
		}
		e.slotOf, e.multi, e.dates = append(e.slotOf, slots), append(e.multi, multi), append(e.dates, m.DatePaths())
	}
	e.prog = extract.Compile(all)
	e.main = e.newMapper()
	for range opt.Workers {
		e.workers = append(e.workers, e.newMapper())
	}
	return e
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
	for _, w := range e.workers {
		go func() {
			for j := range e.jobs {
				if ctx.Err() == nil {
					w.batch(j)
				}
				close(j.done)
			}
		}()
	}
}

func (e *engine) stop() { close(e.jobs) }

// frameOptions answers the questions that framing asks about content.
func (e *engine) frameOptions() frame.Options {
	probe := e.newMapper()
	return frame.Options{
		Limits: e.opt.Limits,
		Skip:   e.opt.Skip,
		IsRecord: func(object []byte) bool {
			if probe.slots.Run(object) != nil {
				return false
			}
			if best, _ := probe.identify(nil, object); best >= 0 {
				return true
			}
			s := &frame.Stream{Shape: frame.ShapeJSON}
			return slices.ContainsFunc(e.opt.Codes, func(c Code) bool { return c.Claims(s, frame.Row{Data: object}) > 0 })
		},
		IsHeader: func(cells []string) int {
			n := 0
			for _, c := range cells {
				if e.known[Normalise(c)] {
					n++
				}
			}
			return n
		},
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
