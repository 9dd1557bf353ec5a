package frame

import (
	"unicode"
	"unicode/utf8"
)

// A batch is handed over when it holds this much.
const (
	batchRows  = 512
	batchBytes = 1 << 20
)

// sink collects rows and faults into batches. Its methods report whether the
// consumer wants more.
type sink struct {
	cancelled func() error // the error of the context of one call of Stream.Batches
	emit      func(Batch) bool
	batch     Batch
	bytes     int
	stopped   bool
	room      int // rows to make room for: as many as the last batch had
}

func (s *sink) row(r Row) bool {
	if s.batch.Rows == nil {
		s.batch.Rows = make([]Row, 0, max(s.room, 16))
	}
	s.batch.Rows = append(s.batch.Rows, r)
	s.bytes += len(r.Data) + 64
	if len(s.batch.Rows) >= batchRows || s.bytes >= batchBytes {
		return s.flush()
	}
	return !s.stopped
}

// fault adds a fault; raw is what the masked excerpt is made of.
func (s *sink) fault(f Fault, raw []byte) bool {
	f.Excerpt = mask(raw)
	s.batch.Faults = append(s.batch.Faults, f)
	if len(s.batch.Faults) >= batchRows {
		return s.flush()
	}
	return !s.stopped
}

func (s *sink) flush() bool {
	if s.stopped || s.cancelled() != nil {
		s.stopped = true
		return false
	}
	if len(s.batch.Rows)+len(s.batch.Faults) == 0 {
		return true
	}
	b := s.batch
	s.room = min(batchRows, cap(b.Rows))
	s.batch, s.bytes = Batch{}, 0
	s.stopped = !s.emit(b)
	return !s.stopped
}

// maskLen is the longest excerpt in bytes.
const maskLen = 80

// textCharset words [ReasonBadUTF8] of text.
const textCharset = "neither UTF-8 nor a charset of western spreadsheets"

// mask hides the content of a row but not its build: letters become x, digits 9.
func mask(raw []byte) string {
	out := make([]byte, 0, min(len(raw), maskLen))
	for len(raw) > 0 && len(out) < maskLen {
		r, n := utf8.DecodeRune(raw)
		raw = raw[n:]
		switch {
		case unicode.IsDigit(r):
			out = append(out, '9')
		case unicode.IsSpace(r) || r < ' ':
			out = append(out, ' ')
		case r < utf8.RuneSelf && !unicode.IsLetter(r):
			out = append(out, byte(r))
		default:
			out = append(out, 'x')
		}
	}
	return string(out)
}
