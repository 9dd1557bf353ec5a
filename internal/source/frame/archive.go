package frame

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

func registerZstd(z *zip.Reader) {
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1)))
}

// officeKind tells the Office formats that are zip archives apart; "" for others.
func officeKind(z *zip.Reader) string {
	kind := ""
	for _, f := range z.File {
		switch {
		case f.Name == "xl/workbook.xml" || f.Name == "xl/workbook.bin":
			kind = "xlsx"
			if f.Name == "xl/workbook.bin" {
				kind = "xlsb"
			}
		case f.Name == "word/document.xml":
			kind = "docx"
		case f.Name == "ppt/presentation.xml":
			kind = "pptx"
		case f.Name == "content.xml" && kind == "":
			kind = "odf"
		}
	}
	return kind
}

// members visits the files of an archive in order of their names.
func (o *opener) members(z *zip.Reader, name string, mod time.Time, level int) error {
	if len(z.File) > o.opt.Limits.Members {
		return o.refuse(name, mod, &refusal{ReasonLimit, "archive with too many members"})
	}
	files := slices.SortedStableFunc(slices.Values(z.File), func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	read := false
	for _, f := range files {
		if strings.HasSuffix(f.Name, "/") || hiddenMember(f.Name) && !escapes(f.Name) {
			continue
		}
		if err := o.cancelled(); err != nil {
			return err
		}
		full := joined(name, f.Name)
		if o.opt.Skip != nil && o.opt.Skip(full) {
			continue
		}
		read = true
		if err := o.member(f, full, mod, level); err != nil {
			return err
		}
	}
	if !read {
		return o.visit(&Stream{Path: name, Shape: ShapeEmpty, Format: "zip", Why: "archive without files", ModTime: mod})
	}
	return nil
}

func hiddenMember(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "__MACOSX" || strings.HasPrefix(part, ".") && part != "." && part != ".." {
			return true
		}
	}
	return false
}

// member visits one file of an archive.
func (o *opener) member(f *zip.File, name string, mod time.Time, level int) error {
	if !f.Modified.IsZero() {
		mod = f.Modified
	}
	switch {
	case escapes(f.Name):
		return o.refuse(name, mod, &refusal{ReasonPathEscape, "archive member that points outside the archive"})
	case f.Flags&1 != 0:
		return o.refuse(name, mod, &refusal{ReasonEncoding, "encrypted zip member: unpack it with its password first"})
	case f.UncompressedSize64 > ratioSlack && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(o.opt.Limits.Ratio):
		return o.refuse(name, mod, &refusal{ReasonLimit, "expands beyond the allowed ratio: it looks like a decompression bomb"})
	}
	r, err := f.Open()
	if err != nil {
		return o.refuse(name, mod, &refusal{ReasonEncoding, "archive member that cannot be unpacked: " + err.Error()})
	}
	defer r.Close()
	in := int64(f.CompressedSize64)
	g := &guard{r: r, in: func() int64 { return in }, limits: o.opt.Limits, left: &o.left}
	if level >= 2 {
		return o.refuse(name, mod, &refusal{ReasonLimit, "archives nested more than one inside another"})
	}
	h := &headReader{r: g}
	if head, _ := h.peek(4); level >= 1 && bytes.HasPrefix(head, zipMagic) {
		return o.nested(h, name, mod)
	}
	return o.reader(h, f.Open, name, mod, level+1)
}

// nested opens an Office file that lies two archives deep; further archives are
// refused.
func (o *opener) nested(r io.Reader, name string, mod time.Time) error {
	data, err := io.ReadAll(io.LimitReader(r, memoryArchive))
	if err != nil {
		return o.refuseErr(name, mod, err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err == nil && officeKind(z) != "" {
		return o.zip(bytes.NewReader(data), int64(len(data)), name, mod, 2)
	}
	return o.refuse(name, mod, &refusal{ReasonLimit, "archives nested more than one inside another: unpack them first"})
}

// escapes reports that a member's name would leave the folder it is unpacked to.
func escapes(name string) bool {
	if path.IsAbs(name) || strings.Contains(name, `\`) || len(name) > 1 && name[1] == ':' {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// office visits an Office file of any kind.
func (o *opener) office(kind string, r io.ReaderAt, size int64, name string, mod time.Time) error {
	switch kind {
	case "xlsb":
		return o.refuse(name, mod, unknownText("binary Excel workbook: save it as .xlsx or .csv"))
	case "pptx":
		return o.refuse(name, mod, unknownText("PowerPoint presentation"))
	case "odf":
		return o.refuse(name, mod, unknownText("OpenDocument file: save it as .xlsx, .csv or .docx"))
	}
	if kind == "docx" {
		s := &Stream{Path: name, Shape: ShapeDocument, Format: "docx", ModTime: mod}
		return o.visit(o.finish(s, section(r, size), func(k *sink) {
			frameDocument(k, io.NewSectionReader(r, 0, size), false, o.opt.Limits.Document)
		}))
	}
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return o.refuseErr(name, mod, err)
	}
	return o.workbook(data, name, mod)
}

// workbook visits the sheets of an Excel file.
func (o *opener) workbook(data []byte, name string, mod time.Time) error {
	f, err := openXLSX(data, o.opt.Limits)
	if err != nil {
		if isEncryptedXLSX(err) {
			return o.refuse(name, mod, &refusal{ReasonEncoding, "encrypted workbook: save it without a password"})
		}
		return o.refuse(name, mod, &refusal{ReasonEncoding, "Excel workbook that does not open: " + err.Error()})
	}
	defer f.Close()
	sum := sync.OnceValue(section(bytes.NewReader(data), int64(len(data))).hash)
	for _, sheet := range f.GetSheetList() {
		s := &Stream{Path: name + "!" + sheet, Shape: ShapeTable, Format: "xlsx", ModTime: mod}
		rows, err := f.Rows(sheet)
		if err != nil {
			if err := o.refuse(s.Path, mod, unknownText("worksheet without rows, such as a chart")); err != nil {
				return err
			}
			continue
		}
		err = o.sheet(s, &sheetReader{rows: rows}, sum)
		rows.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *opener) sheet(s *Stream, r *sheetReader, sum func() string) error {
	look, first, err := sniffSheet(r, o.opt)
	if err != nil {
		return o.refuseErr(s.Path, s.ModTime, err)
	}
	s.sum = sum
	if len(first) == 0 {
		s.Shape, s.Why = ShapeEmpty, "worksheet without cells"
		return o.visit(s)
	}
	s.Header, s.HeaderLine = look.header, look.line
	s.run = func(ctx context.Context, emit func(Batch) bool) {
		k := &sink{cancelled: ctx.Err, emit: emit}
		frameSheet(k, r, first[look.row:], look.header, o.opt.Limits)
		k.flush()
	}
	return o.visit(s)
}
