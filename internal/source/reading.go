package source

import (
	"context"
	"maps"
	"slices"

	"muster/internal/record"
	"muster/internal/source/frame"
)

// Records wait in pieces for the files before theirs: at most pieces of them,
// so that a large file that comes late does not fill the memory.
const (
	pieceRecords = 256
	pieces       = 32
)

// reading is a file on disk that is being read: its streams are mapped on a
// goroutine of its own, its records emitted when its turn comes.
type reading struct {
	e     *engine
	ready chan []record.Record
	piece []record.Record
	own   Report // on the streams of this file
	books []fileBooks
	all   *Report
	emit  func(record.Record) error
}

// fileBooks are what is known about the paths of a format in one stream.
type fileBooks struct {
	format, file string
	books        *books
}

func (e *engine) newReading(all *Report, emit func(record.Record) error) *reading {
	return &reading{e: e, ready: make(chan []record.Record, pieces), all: all, emit: emit}
}

// Visit implements [frame.Visitor].
func (r *reading) Visit(ctx context.Context, s *frame.Stream) error {
	f := r.e.newFile(s, func(x record.Record) error { return r.put(ctx, x) })
	defer f.release()
	if err := f.read(ctx); err != nil {
		return err
	}
	f.finish(&r.own)
	for _, format := range slices.Sorted(maps.Keys(f.tally.books)) {
		r.books = append(r.books, fileBooks{format, s.Path, f.tally.books[format]})
	}
	return ctx.Err()
}

func (r *reading) put(ctx context.Context, x record.Record) error {
	if r.piece == nil {
		r.piece = make([]record.Record, 0, pieceRecords)
	}
	if r.piece = append(r.piece, x); len(r.piece) == pieceRecords {
		return r.send(ctx)
	}
	return nil
}

func (r *reading) send(ctx context.Context) error {
	select {
	case r.ready <- r.piece:
		r.piece = nil
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close implements [frame.Visitor].
func (r *reading) Close(ctx context.Context) {
	if len(r.piece) > 0 {
		_ = r.send(ctx) // fails only where nobody waits any more
	}
	close(r.ready)
}

// Collect implements [frame.Visitor].
func (r *reading) Collect(ctx context.Context) error {
	for piece := range r.ready {
		for _, x := range piece {
			if err := r.emit(x); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	r.all.Files = append(r.all.Files, r.own.Files...)
	for _, b := range r.books {
		r.e.drift.take(b.format, b.file, b.books)
	}
	r.all.Quarantine = append(r.all.Quarantine, r.own.Quarantine...)
	r.all.Rows += r.own.Rows
	r.all.Records += r.own.Records
	return nil
}
