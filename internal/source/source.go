package source

import (
	"context"
	"iter"
	"time"

	"muster/internal/record"
	"muster/internal/settings"
	"muster/internal/source/frame"
	"muster/internal/source/mapping"
	"muster/internal/source/transform"
)

// Options say how to read.
type Options struct {
	Key      []byte                               // for keyed hashes of account numbers and the like
	AsOf     time.Time                            // rows from after it (and a day) are quarantined as future_time; zero: no check
	Zone     *time.Location                       // of times without one; nil is UTC
	Files    map[string]settings.File             // by path pattern: format, date order, zone
	Mappings []*mapping.Mapping                   // from all.Load
	Codes    []Code                               // from all.Load
	Progress func(path string, done, total int64) // bytes of a file read so far; total 0: unknown
	Workers  int                                  // 0: one per processor
	Skip     func(rel string) bool                // files to leave alone
	Limits   frame.Limits                         // zero: frame.DefaultLimits
	Approved []string                             // approvals that are recorded, such as settings.ApprovalInfostealer; what needs another is not read
}

// futureTolerance is how far after AsOf a row may lie: clocks and zones differ.
const futureTolerance = 24 * time.Hour

// Code is a source that needs code: it claims whole streams.
type Code struct {
	ID, Title, System string
	Doc               string
	// Claims says how specifically the source recognises a stream by its shape,
	// header and first row: 0 is not at all. Tables and JSON compete with mappings.
	Claims func(s *frame.Stream, first frame.Row) int
	// Read turns the rows of a claimed stream into records.
	Read func(ctx context.Context, in CodeInput, emit func(record.Record), reject func(Reject)) error
	// Close, if there is one, is called after everything is read. The source can be
	// used again.
	Close func()
}

// CodeInput is what a source in code reads. Rows of Batches that lead to neither
// a record nor a Reject are counted as ignored.
type CodeInput struct {
	Stream  *frame.Stream
	Batches iter.Seq[frame.Batch] // all of the stream; use it instead of Stream.Batches. Faults are already counted
	Key     []byte
	AsOf    time.Time
	Zone    *time.Location
	Order   transform.Order // of dates, if the settings say
}

// Hash returns the keyed hash of an account or document number.
func (in *CodeInput) Hash(number string) string {
	hash, _ := transform.KeyedAccount(in.Key, number)
	return hash
}

// Reject puts a row of a source in code into quarantine.
type Reject struct {
	Line    int
	Offset  int64
	Field   string
	Reason  string
	Excerpt string // plain text; it is masked before it is kept
}

// Report says what was read and what was not.
type Report struct {
	Files      []FileReport
	Quarantine []Quarantined // the first MaxQuarantine of each file
	Rows       int
	Records    int     // emitted
	Drift      []Drift // by folder and format
}

// MaxQuarantine is the number of quarantined rows of a file that are kept one by
// one; all are counted.
const MaxQuarantine = 1000

// FileReport is about one file, archive member or worksheet.
type FileReport struct {
	Path            string
	SHA256          string // only of files with quarantined rows
	Shape           string
	Format          string // how it is framed
	Formats         []FormatReport
	Unidentified    bool // nobody knows what it is
	Empty           bool
	Why             string
	Refused         bool // the file, or what was left of it, could not be framed
	Rows            int
	QuarantinedRows int
	Incomplete      bool // more than 5 % of the rows quarantined, more than 20 in a row, or refused
	First, Last     record.Time
}

// FormatReport counts the rows of a file that one mapping or code source
// recognised: Records = Mapped + Ignored + Unmapped + Withheld + Quarantined.
type FormatReport struct {
	Format        string
	Records       int
	Mapped        int
	Ignored       int // understood and left out on purpose
	Unmapped      int // recognised, but no emit block covers it
	Withheld      int // recognised and not read: an approval is missing
	Quarantined   int
	Reasons       map[string]int
	UnmappedKinds map[string]int
	Filled        map[string]int // "session.ip": emitted records that have it
	Unread        map[string]int // "device.macs": values that were not understood and left out
	Emitted       map[record.Kind]int
}

// Quarantined is a row that was not turned into records.
type Quarantined struct {
	File    string
	Line    int
	Offset  int64
	Mapping string
	Field   string
	Reason  string
	Excerpt string // letters are x, digits 9
}

// Reasons of quarantine beside those of package frame and package transform.
const (
	ReasonTie          = "tie"
	ReasonUnidentified = "unidentified"
	ReasonFuture       = "future_time"
	ReasonConflict     = "duplicate_key_conflict"
)

// Unidentified returns the paths of the files that nobody knows.
func (r *Report) Unidentified() []string {
	var out []string
	for i := range r.Files {
		if r.Files[i].Unidentified {
			out = append(out, r.Files[i].Path)
		}
	}
	return out
}

// Incomplete reports whether input is missing in the sense of --strict: a file
// of which more than 5 % of the rows are quarantined, or that was not understood.
func (r *Report) Incomplete() bool {
	for i := range r.Files {
		f := &r.Files[i]
		if f.Unidentified || f.Refused || tooMany(f.QuarantinedRows, f.Rows) {
			return true
		}
	}
	return false
}

// tooMany is the 5 % of section 8.3 of the sources page.
func tooMany(quarantined, rows int) bool { return quarantined*20 > rows }

// maxRun is the number of rows in a row that may be quarantined.
const maxRun = 20
