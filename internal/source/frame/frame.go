package frame

import (
	"context"
	"fmt"
	"iter"
	"time"
)

// Row is one framed record. Data and Cells stay valid after the batch (each
// batch owns a fresh buffer).
type Row struct {
	Line   int      // 1-based line of the row's first byte; 0 if the format has no lines
	Offset int64    // byte offset of the row in the decompressed file (after decoding to UTF-8 where the file is in another charset)
	Data   []byte   // JSON: one JSON value; lines and fixed width: one line without its end; documents: the whole content
	Cells  []string // tables only, as many as the header has (missing ones "")
}

// Reasons of a [Fault], beside the row-level ones of the mapping engine.
const (
	ReasonTooLong       = "too_long"       // row or field above its limit
	ReasonBadUTF8       = "bad_utf8"       // bytes that the file's charset does not explain
	ReasonWrongColumns  = "wrong_columns"  // column count differs from the header
	ReasonBadJSON       = "bad_json"       // not a JSON value
	ReasonTruncated     = "truncated"      // the file or its last value ends too early
	ReasonEncoding      = "encoding"       // the file does not decode
	ReasonLimit         = "limit"          // expansion, nesting or member limit
	ReasonNotIdentified = "not_identified" // the file's format is not known
	ReasonPathEscape    = "path_escape"    // an archive member that points outside the archive
)

// Fault is a row, or the rest of a file, that could not be framed.
type Fault struct {
	Line    int
	Offset  int64
	Reason  string // one of the Reason constants
	Text    string // for the user, one line
	Excerpt string // masked: letters are x and digits 9; at most 80 bytes
	File    bool   // the whole rest of the file is refused
}

// Error implements error.
func (f Fault) Error() string {
	return fmt.Sprintf("line %d (offset %d): %s: %s", f.Line, f.Offset, f.Reason, f.Text)
}

// Batch is a handful of rows and the faults met between them.
type Batch struct {
	Rows   []Row
	Faults []Fault
}

// Shape says how the rows of a stream look.
type Shape string

// The shapes. ShapeUnknown and ShapeEmpty streams have no rows.
const (
	ShapeJSON     Shape = "json"
	ShapeTable    Shape = "table"
	ShapeLines    Shape = "lines"
	ShapeFixed94  Shape = "nacha"
	ShapeDocument Shape = "document" // résumé as text, docx or pdf: one row
	ShapeGit      Shape = "git"      // one row per commit
	ShapeEmpty    Shape = "empty"
	ShapeUnknown  Shape = "unknown"
)

// Stream is one framed file, archive member or worksheet.
type Stream struct {
	Path       string // relative to the scanned root, slash separated; archive members "a.zip!b.csv", sheets "x.xlsx!Sheet1"
	Shape      Shape
	Format     string   // "ndjson", "json-array", "json-object", "json-concatenated", "json-envelope:NAME", "csv", "tsv", "xlsx", "docx", "pdf", "txt", "nacha", "git-log", "syslog", ...
	Header     []string // tables: header cells as written (BOM stripped); nil if the table has none
	HeaderLine int      // 1-based line of the header; 0 if there is none
	ModTime    time.Time
	Why        string // ShapeUnknown and ShapeEmpty: why it is not read, in words for the user

	run func(ctx context.Context, emit func(Batch) bool)
	sum func() string
}

// Batches yields the rows in order, about 1 MiB or 512 rows at a time. It may be
// called once, inside the visit function of [Walk].
func (s *Stream) Batches(ctx context.Context) iter.Seq[Batch] {
	return func(yield func(Batch) bool) {
		if s.run == nil {
			return
		}
		run := s.run
		s.run = nil
		run(ctx, yield)
	}
}

// SHA256 returns the hash of the file's bytes as they lie on disk (of the member
// for archives), in hex, or "" if they can no longer be read. The file is read
// once more for it, so it must be called inside the visit function of [Walk], and
// only where the hash is wanted.
func (s *Stream) SHA256() string {
	if s.sum == nil {
		return ""
	}
	return s.sum()
}

// Limits bound what one file may ask of us.
type Limits struct {
	Record   int   // bytes of one row
	Field    int   // bytes of one table cell
	Columns  int   // columns of a table
	Depth    int   // nesting of a JSON value
	Ratio    int   // decompressed bytes per compressed byte
	Expanded int64 // decompressed bytes per file on disk
	Members  int   // members of an archive
	Document int   // bytes of a document
}

// DefaultLimits returns the limits of a normal run: 1 MiB a record, 64 KiB a
// field, 10,000 columns, depth 64, 100:1, 8 GiB, 100,000 members, 8 MiB a document.
func DefaultLimits() Limits {
	return Limits{
		Record: 1 << 20, Field: 64 << 10, Columns: 10_000, Depth: 64, Ratio: 100,
		Expanded: 8 << 30, Members: 100_000, Document: 8 << 20,
	}
}

// Options steer a walk. The zero value works: default limits, no questions asked.
// [WalkAhead] asks its questions from several goroutines at once.
type Options struct {
	Limits Limits

	// IsRecord is asked for a single top-level JSON object: does a mapping
	// recognise it? It decides whether {"results":[...]} is an envelope to unwrap
	// or a record itself. nil means never.
	IsRecord func(object []byte) bool

	// IsHeader is asked for the first rows of a table: how many cells are known
	// column names? It finds the header below title rows and tells files without
	// one. With nil only the look of the cells counts.
	IsHeader func(cells []string) int

	// Skip is asked for every file by its relative path; true leaves it out.
	Skip func(rel string) bool
}
