package simulate

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// tree is the folder of exports.
type tree struct{ dir string }

// sink is one file being written, compressed as its name says.
type sink struct {
	*bufio.Writer
	closers []io.Closer
}

func (t *tree) create(name string) (*sink, error) {
	path := filepath.Join(t.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	s := &sink{closers: []io.Closer{f}}
	var out io.Writer = f
	switch {
	case strings.HasSuffix(name, ".gz"):
		z, _ := gzip.NewWriterLevel(f, gzip.BestSpeed) // the level is valid
		out, s.closers = z, append(s.closers, z)
	case strings.HasSuffix(name, ".zst"):
		z, err := zstd.NewWriter(f, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		out, s.closers = z, append(s.closers, z)
	}
	s.Writer = bufio.NewWriterSize(out, 1<<18)
	return s, nil
}

// Close flushes the buffers and closes the layers from the inside out.
func (s *sink) Close() error {
	err := s.Flush()
	for i := len(s.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, s.closers[i].Close())
	}
	return err
}

// write creates a file and lets fill write it.
func (t *tree) write(name string, fill func(*sink) error) error {
	s, err := t.create(name)
	if err != nil {
		return err
	}
	return errors.Join(fill(s), s.Close())
}

// table writes a CSV file with a header.
func (t *tree) table(name, header string, rows func(add func(...string))) error {
	return t.write(name, func(s *sink) error {
		c := csv.NewWriter(s)
		c.UseCRLF = true
		var first error
		add := func(row ...string) {
			if err := c.Write(row); err != nil && first == nil {
				first = err
			}
		}
		add(strings.Split(header, ",")...)
		rows(add)
		c.Flush()
		return errors.Join(first, c.Error())
	})
}
