package report

import (
	"time"

	"muster/internal/assess"
	"muster/internal/baseline"
	"muster/internal/detect"
	"muster/internal/identity"
	"muster/internal/record"
	"muster/internal/settings"
)

// Input is what a scan hands over. Only AsOf and Graph are needed; everything
// else may be empty.
type Input struct {
	AsOf        time.Time
	Settings    *settings.Settings
	Inputs      []InputFile
	Quarantine  []QuarantineRow
	Set         *record.Set
	Graph       *identity.Graph
	Baseline    *baseline.Set
	Coverage    []detect.Coverage
	Detectors   []*detect.Detector
	Assessments []assess.Assessment
	Screening   []Screening
	// BandNotes is the line that evaluation printed for a band: of ten such people, how many were real.
	BandNotes []BandNote
	// Detail names personas that get a timeline and places although their band is none.
	Detail []identity.PersonaID
}

// InputFile is one file that was read, or that nobody understood.
type InputFile struct {
	Path         string        `json:"path"`
	Formats      []InputFormat `json:"formats"`
	Unidentified bool          `json:"unidentified,omitempty"`
	Why          string        `json:"why,omitempty"` // why it was not understood, or a remark on how it was read
}

// InputFormat counts the rows of one format in a file.
type InputFormat struct {
	Format      string         `json:"format"`
	Records     int            `json:"records"`            // rows read
	Mapped      int            `json:"mapped"`             // rows that became canonical records
	Ignored     int            `json:"ignored"`            // rows of kinds that are known and not used
	Withheld    int            `json:"withheld,omitempty"` // rows not read for lack of an approval
	Quarantined int            `json:"quarantined"`        // rows that could not be read safely
	Reasons     map[string]int `json:"reasons,omitempty"`  // quarantined rows by reason
}

// QuarantineRow is one row that was put aside.
type QuarantineRow struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Mapping string `json:"mapping,omitempty"` // the format it was read as
	Field   string `json:"field,omitempty"`
	Reason  string `json:"reason"`
	Excerpt string `json:"excerpt,omitempty"` // the start of the row, as the reader masked it
}

// BandNote is what was measured about a band.
type BandNote struct {
	Band assess.Band `json:"band"`
	Text string      `json:"text"`
}

// Screening is a list hit. It never weighs; it belongs to compliance.
type Screening struct {
	Persona     identity.PersonaID `json:"persona"`
	Outcome     string             `json:"outcome"`
	List        string             `json:"list"`
	ListVersion string             `json:"list_version,omitempty"`
	Entry       string             `json:"entry,omitempty"`
	MatchedName string             `json:"matched_name,omitempty"`
	Score       float64            `json:"score"`
	Needs       []string           `json:"needs,omitempty"` // what would decide it, e.g. dob
	Why         string             `json:"why,omitempty"`
}
