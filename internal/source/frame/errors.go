package frame

import (
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// limitError is a limit that a file ran into while it was expanded.
type limitError string

func (e limitError) Error() string { return string(e) }

// refusal is a reason to refuse the rest of a file that is already worded for the user.
type refusal struct {
	reason string
	text   string
}

func (e *refusal) Error() string { return e.text }

// readFault turns the error of a reader into the fault that refuses the rest of
// the file.
func readFault(err error) Fault {
	f := Fault{File: true, Reason: ReasonEncoding, Text: err.Error()}
	var limit limitError
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		f.Reason = refused.reason
	case errors.As(err, &limit):
		f.Reason = ReasonLimit
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Reason, f.Text = ReasonTruncated, "the compressed data ends too early; the rows read until here are kept"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zstd.ErrCRCMismatch):
		f.Text = "the checksum of the compressed data is wrong; the rows read until here are kept"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, zstd.ErrMagicMismatch):
		f.Text = "there is something else behind the compressed data"
	default:
		var path *os.PathError
		if errors.As(err, &path) {
			f.Text = "cannot be read: " + path.Err.Error()
		}
	}
	return f
}
