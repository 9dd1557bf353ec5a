package frame

import "context"

// Visitor takes the streams of one file on disk.
type Visitor interface {
	// Visit is called for each stream of the file in order, on a goroutine that
	// serves this file only. The stream must be used inside of it.
	Visit(ctx context.Context, s *Stream) error
	// Close is called on the same goroutine behind the last stream.
	Close(ctx context.Context)
	// Collect is called on the goroutine of [WalkAhead], file by file in sorted
	// order, while the file is being visited or afterwards. It returns once Close
	// has been called.
	Collect(ctx context.Context) error
}

// WalkAhead is [Walk] for several files at once: up to ahead files are visited
// side by side, each by a visitor that begin makes, and collected in order. The
// first error of a visitor, in the order of files, ends the walk and the context
// that the visitors are given, and is returned.
func WalkAhead(ctx context.Context, roots []string, opt Options, ahead int, begin func() Visitor) error {
	opt.Limits = opt.Limits.orDefault()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return eachRoot(ctx, roots, &opt, func(files []entry) (err error) {
		var open []*visiting
		defer func() {
			if err != nil {
				cancel()
			}
			for _, v := range open { // no file of the root may be in use behind this
				<-v.done
			}
		}()
		for len(files) > 0 || len(open) > 0 {
			for len(files) > 0 && len(open) < max(ahead, 1) {
				v := &visiting{visitor: begin(), done: make(chan struct{})}
				go v.run(ctx, files[0], &opt)
				open, files = append(open, v), files[1:]
			}
			v := open[0]
			if err := v.visitor.Collect(ctx); err != nil {
				return err
			}
			<-v.done
			open = open[1:]
			if v.err != nil {
				return v.err
			}
		}
		return nil
	})
}

// visiting is a file being visited.
type visiting struct {
	visitor Visitor
	done    chan struct{}
	err     error
}

func (v *visiting) run(ctx context.Context, e entry, opt *Options) {
	defer close(v.done)
	v.err = e.visit(ctx, opt, func(s *Stream) error { return v.visitor.Visit(ctx, s) })
	v.visitor.Close(ctx)
}
