package frame

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// ahead is a visitor that notes what happens to it.
type ahead struct {
	open  *atomic.Int32 // visitors that have begun and are not collected
	most  *atomic.Int32
	found chan string
	got   *[]string
	fail  string // path at which it fails
}

var errStop = errors.New("stop")

func (a *ahead) Visit(_ context.Context, s *Stream) error {
	for n := a.open.Load(); n > a.most.Load(); {
		a.most.Store(n)
	}
	if s.Path == a.fail {
		return errStop
	}
	rows := 0
	for b := range s.Batches(context.Background()) {
		rows += len(b.Rows)
	}
	a.found <- fmt.Sprintf("%s %d", s.Path, rows)
	return nil
}

func (a *ahead) Close(context.Context) { close(a.found) }

func (a *ahead) Collect(context.Context) error {
	defer a.open.Add(-1)
	for x := range a.found {
		*a.got = append(*a.got, x)
	}
	return nil
}

func TestWalkAheadCollectsInOrder(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range 20 { // the first files are the longest, so that later ones overtake them
		rows := (20 - i) * 100
		name := fmt.Sprintf("f%02d.json", i)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(lineCount(rows, func(int) string { return `{"a":1}` })), 0o600); err != nil {
			t.Fatal(err)
		}
		want = append(want, fmt.Sprintf("%s %d", name, rows))
	}
	for _, tt := range []struct {
		name, fail string
		want       []string
		err        error
	}{
		{"all", "", want, nil},
		{"error", "f07.json", want[:7], errStop},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var open, most atomic.Int32
			var got []string
			err := WalkAhead(context.Background(), []string{dir}, Options{}, 3, func() Visitor {
				open.Add(1)
				return &ahead{&open, &most, make(chan string, 1), &got, tt.fail}
			})
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			same(t, "files", got, tt.want)
			if n := most.Load(); n > 3 {
				t.Errorf("%d files were open at once", n)
			}
		})
	}
}
