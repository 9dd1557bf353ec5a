package pack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// headerLimit is the longest first line that is read.
const headerLimit = 16 << 20

// Headers returns the headers of the packs among files and in folders, in the order of
// their paths. Files that are no packs are left out; a pack that cannot be read is an
// error that names it.
func Headers(roots []string) ([]Header, error) {
	var out []Header
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() && path != root || d.IsDir() {
				return err
			}
			h, ok, err := headerOf(path)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			if ok {
				out = append(out, h)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func headerOf(path string) (Header, bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return Header{}, false, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if magic, _ := in.Peek(4); !bytes.Equal(magic, []byte{0x28, 0xB5, 0x2F, 0xFD}) {
		return Header{}, false, nil
	}
	return ReadHeader(in)
}

// ReadHeader reads the header of a pack. ok is false for other zstd files.
func ReadHeader(r io.Reader) (h Header, ok bool, err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
	if err != nil {
		return Header{}, false, err
	}
	defer z.Close()
	in := bufio.NewReader(z)
	const start = `{"record":"pack",`
	if head, _ := in.Peek(len(start)); string(head) != start {
		return Header{}, false, nil
	}
	line, err := bufio.NewReader(io.LimitReader(in, headerLimit)).ReadBytes('\n')
	if err != nil {
		return Header{}, false, fmt.Errorf("pack is cut off: %w", err)
	}
	if err := json.Unmarshal(line, &h); err != nil {
		return Header{}, false, fmt.Errorf("header of the pack: %w", err)
	}
	if h.Version != Version {
		return Header{}, false, fmt.Errorf("pack of version %d: this muster reads version %d", h.Version, Version)
	}
	return h, true, nil
}
