package pull

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// StateName is the file of cursors beside the data. It holds no secret and no row.
const StateName = ".muster-pull.json"

// cursor is how far a stream has been read.
type cursor struct {
	Watermark time.Time `json:"watermark,omitzero"` // newest row of the passes that ended
	Done      time.Time `json:"done,omitzero"`      // when the last pass ended
	Token     string    `json:"token,omitempty"`    // the vendor's own mark, where it has one
	Pass      *pass     `json:"pass,omitempty"`     // a pass that has not ended
}

// pass is one reading of a stream from a time to another.
type pass struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to"`
	Next string    `json:"next,omitempty"` // cursor of the page to ask for; "": the first
	High time.Time `json:"high,omitzero"`  // newest row so far
}

// state is the file of cursors.
type state struct {
	Version int                `json:"version"`
	Streams map[string]*cursor `json:"streams"`

	path string
	mu   sync.Mutex
}

func loadState(dir string) (*state, error) {
	s := &state{Version: 1, Streams: map[string]*cursor{}, path: filepath.Join(dir, StateName)}
	b, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, s); err != nil || s.Version != 1 {
		return nil, fmt.Errorf("%s cannot be read: move it away, and everything since the plan's first day is asked for again; rows that are there are not doubled", s.path)
	}
	if s.Streams == nil {
		s.Streams = map[string]*cursor{}
	}
	return s, nil
}

// get returns a copy of a stream's cursor.
func (s *state) get(name string) cursor {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.Streams[name]
	if c == nil {
		return cursor{}
	}
	out := *c
	if c.Pass != nil {
		p := *c.Pass
		out.Pass = &p
	}
	return out
}

// put keeps a stream's cursor on disk. The rows that it stands for must have been
// flushed before.
func (s *state) put(name string, c cursor) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Pass != nil {
		p := *c.Pass
		c.Pass = &p
	}
	s.Streams[name] = &c
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(s.path, append(b, '\n'))
}

// replaceFile writes a file so that after a crash either the old or the new one is
// there, never a part.
func replaceFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".muster-*.part") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
