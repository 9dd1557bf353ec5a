package frame

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Walk visits the files of roots (files or folders) in sorted order, skipping
// hidden ones and those opt.Skip names. visit is called sequentially and consumes
// the stream's batches; its error ends the walk and is returned. Files that
// cannot be opened are visited as unknown streams. Links that lead out of a root
// are not followed.
func Walk(ctx context.Context, roots []string, opt Options, visit func(*Stream) error) error {
	opt.Limits = opt.Limits.orDefault()
	return eachRoot(ctx, roots, &opt, func(files []entry) error {
		for _, e := range files {
			if err := e.visit(ctx, &opt, visit); err != nil {
				return err
			}
		}
		return nil
	})
}

// entry is a file of a root.
type entry struct {
	in        *os.Root
	rel, name string // path in the root; path of its streams
}

// visit opens the file and visits the streams in it.
func (e entry) visit(ctx context.Context, opt *Options, visit func(*Stream) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o := &opener{cancelled: ctx.Err, opt: opt, visit: visit, left: opt.Limits.Expanded}
	return o.file(e.in, e.rel, e.name)
}

// eachRoot calls do with the files of each root in sorted order.
func eachRoot(ctx context.Context, roots []string, opt *Options, do func([]entry) error) error {
	taken := map[string]bool{}
	for _, root := range roots {
		info, err := os.Stat(root)
		if err != nil {
			return err
		}
		folder, prefix := root, ""
		var files []string
		if info.IsDir() {
			if files, err = list(root); err != nil {
				return err
			}
		} else {
			if root, err = filepath.EvalSymlinks(root); err != nil {
				return err
			}
			folder, files = filepath.Dir(root), []string{filepath.Base(root)}
		}
		if slices.ContainsFunc(files, func(f string) bool { return taken[f] }) {
			prefix = filepath.Base(folder) + "/" // two folders with a file of the same name
		}
		in, err := os.OpenRoot(folder)
		if err != nil {
			return err
		}
		var entries []entry
		for _, rel := range files {
			taken[rel] = true
			if opt.Skip == nil || !opt.Skip(rel) {
				entries = append(entries, entry{in, rel, prefix + rel})
			}
		}
		if err = errors.Join(do(entries), in.Close()); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	set := func(p *int, v int) {
		if *p <= 0 {
			*p = v
		}
	}
	set(&l.Record, d.Record)
	set(&l.Field, d.Field)
	set(&l.Columns, d.Columns)
	set(&l.Depth, d.Depth)
	set(&l.Ratio, d.Ratio)
	set(&l.Members, d.Members)
	set(&l.Document, d.Document)
	if l.Expanded <= 0 {
		l.Expanded = d.Expanded
	}
	return l
}

// list returns the relative paths of all files in a folder that are not hidden,
// sorted.
func list(root string) ([]string, error) {
	resolved, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	var files []string
	err = filepath.WalkDir(resolved, func(p string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(resolved, p)
		if relErr != nil {
			return relErr
		}
		if rel == "." {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err != nil || !d.IsDir() { // a folder that cannot be read is reported like a file
			files = append(files, filepath.ToSlash(rel))
		}
		return nil
	})
	slices.Sort(files)
	return slices.Compact(files), err
}

// opener opens one file on disk and visits the streams in it.
type opener struct {
	cancelled func() error // the error of the walk's context
	opt       *Options
	visit     func(*Stream) error
	left      int64 // bytes that the file may still expand to
}

func (o *opener) file(in *os.Root, rel, name string) error {
	info, err := in.Stat(filepath.FromSlash(rel))
	switch {
	case err != nil:
		return o.refuse(name, time.Time{}, cannotRead(err))
	case info.IsDir():
		return o.refuse(name, info.ModTime(), unknownText("link to a folder, or a folder that cannot be read"))
	case !info.Mode().IsRegular():
		return o.refuse(name, info.ModTime(), unknownText("not a regular file"))
	}
	f, err := in.Open(filepath.FromSlash(rel))
	if err != nil {
		return o.refuse(name, info.ModTime(), cannotRead(err))
	}
	defer f.Close()
	var magic [4]byte
	n, _ := f.ReadAt(magic[:], 0)
	if bytes.HasPrefix(magic[:n], zipMagic) || bytes.HasPrefix(magic[:n], zipEmpty) {
		return o.zip(f, info.Size(), name, info.ModTime(), 0)
	}
	if isMaxMind(magic[:n], f, info.Size()) {
		return o.visit(o.finish(&Stream{Path: name, Shape: ShapeUnknown, Why: maxMindWhy, ModTime: info.ModTime()}, section(f, info.Size()), nil))
	}
	return o.reader(f, section(f, info.Size()), name, info.ModTime(), 0)
}

// unknownText is a refusal of a file that is merely not known.
func unknownText(why string) *refusal { return &refusal{ReasonNotIdentified, why} }

func cannotRead(err error) *refusal {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return &refusal{ReasonNotIdentified, "cannot be read: " + err.Error()}
}

// refuse visits a stream that is not read. Its only batch holds the fault.
func (o *opener) refuse(name string, mod time.Time, why *refusal) error {
	return o.visit(&Stream{
		Path: name, Shape: ShapeUnknown, Why: why.text, ModTime: mod,
		run: func(_ context.Context, emit func(Batch) bool) {
			emit(Batch{Faults: []Fault{{Reason: why.reason, Text: why.text, File: true}}})
		},
	})
}

// refuseErr is refuse for the error of a reader.
func (o *opener) refuseErr(name string, mod time.Time, err error) error {
	f := readFault(err)
	return o.refuse(name, mod, &refusal{f.Reason, f.Text})
}

// memoryArchive is the size up to which an archive that lies inside another file
// is read; it has to be held in memory.
const memoryArchive = 256 << 20

// reader opens one stream of bytes that is not a zip archive on disk; again opens
// it once more, to hash it. level is the number of archives around it.
func (o *opener) reader(r io.Reader, again opening, name string, mod time.Time, level int) error {
	x := &expander{limits: o.opt.Limits, left: &o.left}
	defer x.close()
	h, err := x.open(r)
	if err != nil {
		return o.refuseErr(name, mod, err)
	}
	head, _ := h.peek(headSize)
	if bytes.HasPrefix(head, zipMagic) {
		data, err := io.ReadAll(io.LimitReader(h, memoryArchive+1))
		switch {
		case err != nil:
			return o.refuseErr(name, mod, err)
		case len(data) > memoryArchive:
			return o.refuse(name, mod, &refusal{ReasonLimit, "archive of more than " + sizeText(memoryArchive) + " inside another file: unpack it first"})
		}
		return o.zip(bytes.NewReader(data), int64(len(data)), name, mod, level)
	}
	s := &Stream{Path: name, ModTime: mod}
	run, err := o.identify(s, h)
	if err != nil {
		return o.refuseErr(name, mod, err)
	}
	return o.visit(o.finish(s, again, run))
}

// finish gives the stream its run and sum functions.
func (o *opener) finish(s *Stream, again opening, run func(*sink)) *Stream {
	s.sum = sync.OnceValue(again.hash)
	if run != nil {
		s.run = func(ctx context.Context, emit func(Batch) bool) {
			k := &sink{cancelled: ctx.Err, emit: emit}
			run(k)
			k.flush()
		}
	}
	return s
}

// zip visits the members of an archive, or the sheets or text of an Office file.
func (o *opener) zip(r io.ReaderAt, size int64, name string, mod time.Time, level int) error {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return o.refuse(name, mod, &refusal{ReasonTruncated, fmt.Sprintf("zip archive that is cut off or broken (%v)", err)})
	}
	registerZstd(z)
	kind := officeKind(z)
	if kind == "" {
		return o.members(z, name, mod, level)
	}
	if level > 0 || size <= memoryArchive {
		return o.office(kind, r, size, name, mod)
	}
	return o.refuse(name, mod, &refusal{ReasonLimit, "Office file larger than " + sizeText(memoryArchive)})
}

// joined writes the path of an archive member.
func joined(archive, member string) string { return archive + "!" + path.Clean(member) }
