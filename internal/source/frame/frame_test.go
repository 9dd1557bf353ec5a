package frame

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// result is a stream with all it yielded.
type result struct {
	*Stream
	rows   []Row
	faults []Fault
}

func (r result) data() []string {
	var list []string
	for _, row := range r.rows {
		list = append(list, string(row.Data))
	}
	return list
}

func (r result) cells() []string {
	var list []string
	for _, row := range r.rows {
		list = append(list, strings.Join(row.Cells, "|"))
	}
	return list
}

func (r result) reasons() []string {
	var list []string
	for _, f := range r.faults {
		reason := fmt.Sprintf("%d:%s", f.Line, f.Reason)
		if f.File {
			reason += "!"
		}
		list = append(list, reason)
	}
	return list
}

// walkFiles writes files to a folder and walks it.
func walkFiles(t testing.TB, files map[string]string, opt Options) []result {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return walkDir(t, dir, opt)
}

func walkDir(t testing.TB, dir string, opt Options) []result {
	t.Helper()
	var list []result
	err := Walk(context.Background(), []string{dir}, opt, func(s *Stream) error {
		r := result{Stream: s}
		for b := range s.Batches(context.Background()) {
			r.rows = append(r.rows, b.Rows...)
			r.faults = append(r.faults, b.Faults...)
		}
		list = append(list, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// one walks a single file.
func one(t testing.TB, content string, opt Options) result {
	t.Helper()
	list := walkFiles(t, map[string]string{"export.dat": content}, opt)
	if len(list) != 1 {
		t.Fatalf("%d streams, want 1", len(list))
	}
	return list[0]
}

// knownHeader counts cells that are names of columns in these tests.
func knownHeader(cells []string) int {
	n := 0
	for _, c := range cells {
		switch strings.ToLower(strings.TrimSpace(c)) {
		case "name", "email", "city", "start", "salary", "phone", "note":
			n++
		}
	}
	return n
}

func same(t *testing.T, what string, have, want []string) {
	t.Helper()
	if !slices.Equal(have, want) {
		t.Errorf("%s\nhave %q\nwant %q", what, have, want)
	}
}

func gzipped(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	for _, p := range parts {
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(p)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func zstded(t testing.TB, s string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(s), nil))
}

// zipped packs name and content pairs.
func zipped(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lineCount returns n lines made by f.
func lineCount(n int, f func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
		b.WriteByte('\n')
	}
	return b.String()
}
